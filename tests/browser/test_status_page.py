"""The team's page of a build in every view, with the worst texts it may bear."""

from collections.abc import Callable
from pathlib import Path

from pipelines.report.status_page import render_status
from tests.report.test_status_page import HOSTILE, contract, page, record


def test_it_is_accessible_in_every_view(inspect: Callable[..., list[str]], tmp_path: Path) -> None:
    hostile = contract(HOSTILE, page("echec", titre=HOSTILE, message=HOSTILE, section=HOSTILE, echec=HOSTILE))
    made = record(hostile, contract("r", refus=HOSTILE), contract("a", page("faite", secondes=3.0)), remarque=HOSTILE)
    path = tmp_path / "etat.html"
    path.write_text(render_status(made), encoding="utf-8")
    assert inspect(path) == []
