"""A commentary to be read again, with what changed, in a real browser: accessible in every view, nothing runs."""

from collections.abc import Callable
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook, new_output

from pipelines.report import blocks
from pipelines.report.page import render_page
from pipelines.report.spoken import Change
from pipelines.report.stale import Judged
from tests.report.test_page import ABOUT

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> ' + "l" * 300
CHANGES = [
    Change("Taux d'emploi", "", "titre", "Taux d'emploi 2019", "Taux d'emploi"),
    Change("Taux d'emploi", "Quartier A", "2019", "41,2\u202f%", "42,0\u202f%"),
    Change("Taux d'emploi", "Quartier A", "2020", "41,3\u202f%", "n.d."),
    Change("Taux d'emploi", "Quartier B", "", "absent", "ajouté"),
    *[Change(f"{HOSTILE} {place}", HOSTILE, HOSTILE, HOSTILE, HOSTILE) for place in range(20)],
]


def test_what_changed_is_accessible(tmp_path: Path, inspect: Callable[..., list[str]]) -> None:
    judged = Judged("a_relire", "0123456789ab", "Ils ont changé.", CHANGES, "ose comments accepter n situation")
    comment = {"texte": "Il monte grâce aux travaux.\n\n" + HOSTILE, "auteur": "rôle", "date": "2022-07-01"}
    shown = [
        blocks.comment_block(comment, judged, section=name, claims=["grâce aux"], fictional=True)
        for name in ("situation", "avis")
    ]
    cells = [new_code_cell("x", outputs=[new_output("display_data", {"text/html": html})]) for html in shown]
    page = tmp_path / "page.html"
    page.write_text(render_page(new_notebook(cells=cells), ABOUT), encoding="utf-8")
    assert inspect(page, axe="whole") == []
