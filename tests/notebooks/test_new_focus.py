"""A notebook that `ose new-focus` writes builds as it is, on the shipped contract and on one of nearly nothing."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipelines.new_focus import MODEL, create_focus
from pipelines.run.build import build
from tests.run.test_digital_page import keep_tables, text_of

TITLE = '<script>alert("1")</script> *L\'emploi* des femmes'
NAME = "script_alert_1_script_l_emploi_des_femmes"


@pytest.mark.parametrize("small", [pytest.param(False, marks=pytest.mark.long), True], ids=["shipped", "small"])
def test_it_builds_as_it_is(small: bool, tmp_path: Path, prepared: Path) -> None:
    """Its title is text, every part is there, and says that it is left to write."""
    create_focus(TITLE, theme="suivi", section="actions", annee=None, folder=tmp_path)
    contract, processed = "valenciennes", prepared.parent
    if small:
        contract, processed = keep_tables(tmp_path, "enonces_conseils"), tmp_path / "tables"
    outputs = tmp_path / "pages"
    built = build(contract, names=[NAME], processed=processed, outputs=outputs, notebooks=tmp_path)
    assert not built.failures
    (path,) = outputs.rglob(f"{NAME}.html")
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert page.h1.get_text() == TITLE
    assert len(page.select("script")) == 1
    assert page.select_one(".constat")
    assert page.select_one(".savoir")
    assert page.select_one("details.encart")
    assert bool(page.select("dl.chiffres, figure.figure")) is not small
    said = text_of(str(page.article))
    assert len(re.findall("à compléter", said, flags=re.IGNORECASE)) > 5
    assert ("aucune action de 2022 n'est dans les tables" in said) is small


def test_the_model_holds_the_form_of_a_notebook() -> None:
    """Parameters first, imports in one cell, short cells, no output, and the cell that ends its summary."""
    content = json.loads(MODEL.read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert max(len(cell["source"]) for cell in code) <= 15
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert "".join(code[2]["source"]) == "report = open_report(globals())"
    (last,) = [cell for cell in code if cell["metadata"].get("tags") == ["resume"]]
    shown = "".join("".join(cell["source"]) for cell in code[: code.index(last) + 1])
    assert all(part in shown for part in ("report.finding(", "report.key_figures(", "report.show("))
