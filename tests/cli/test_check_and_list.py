"""What `ose check` and `ose list` print on the shipped contract."""

import re
from types import SimpleNamespace

import pytest

from pipelines.cli import main
from pipelines.run.notebooks import known_notebooks
from tests.conftest import SWEPT_PAGES


def test_check_prints_the_balance_of_the_eight_programmes(
    site: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--processed", str(site.processed)]) == 0
    said = capsys.readouterr().out
    lines = re.findall(r"^(programmation/\S+).*?(\d+) = +(\d+) \+ +(\d+) \+ +(\d+)$", said, flags=re.MULTILINE)
    assert {name[:18] for name, *_ in lines} == {f"programmation/{year}" for year in range(2015, 2023)}
    assert len(lines) == 9, "2016 a deux feuilles"
    for _, *counts in lines:
        read, kept, aside, not_data = map(int, counts)
        assert read == kept + aside + not_data
        assert 100 < kept < read
    assert "Lignes écartées : 27" in said
    assert re.search(r"Contrôles : \d+ conformes sur \d+", said)


def test_list_says_what_is_current(site: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--processed", str(site.processed), "--outputs", str(site.outputs)]) == 0
    said = capsys.readouterr().out
    for notebook in known_notebooks():
        pages = [name for name in SWEPT_PAGES if name.startswith(notebook.name)] if notebook.sweep else [notebook.name]
        for page in pages:
            year = 2016 if notebook.of_period else 2022
            where = f"interne/{page}--2022" if notebook.internal else f"{year}/{page}"
            assert f"à jour     valenciennes/{where}.html" in said
        for parameter in notebook.parameters:
            assert f"{parameter.name} ({parameter.kind}" in said
    assert "absent     valenciennes/2022/8_fiche_commune--59014.html" in said
    for page in ("accessibilite", "qualite"):
        assert f"à jour     valenciennes/{page}.html" in said
    assert main(["list", "--processed", str(site.processed), "--outputs", str(site.outputs / "ailleurs")]) == 0
    assert f"absent     valenciennes/2022/{known_notebooks()[0].name}.html" in capsys.readouterr().out
