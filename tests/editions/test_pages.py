"""`ose diff` reads pages and folders; what is no edition, or not one of the same report, is refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from pipelines.cli import main
from pipelines.report.templates import typeset
from tests.editions.samples import PROVENANCE

CHANGED = {"montre": [PROVENANCE["montre"][0] | {"lignes": ["Commune A\t11 €", "Commune B\t20 €"]}], "methode": "m1"}


def write(path: Path, **changes: Any) -> Path:
    """The provenance of a page, with some values changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(PROVENANCE | changes, ensure_ascii=False), encoding="utf-8")
    return path


def test_equal_editions_are_said_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = write(tmp_path / "a.json"), write(tmp_path / "b.json")
    assert main(["diff", str(a), str(b)]) == 0
    assert capsys.readouterr().out == "essai 2021 : aucun changement\n"


def test_a_page_leads_to_its_provenance_and_its_changes_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = write(tmp_path / "a.json"), write(tmp_path / "b.json", **CHANGED)
    page, table = tmp_path / "page.html", tmp_path / "table.csv"
    command = ["diff", str(a.with_suffix(".html")), str(b), "--sortie", str(page), "--csv", str(table)]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "Commune A, Montant (modifié) : 10 € → 11 € [méthode : code du projet]" in out
    assert "Tableau 2. Objectifs (retiré)" in out
    rows = table.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("rapport;sujet;annee;rubrique;objet;ligne;colonne;changement;avant;apres;cause")
    assert len(rows) == 4
    first = page.read_bytes()
    soup = BeautifulSoup(first, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "fr"
    assert soup.find("h1").get_text().startswith("Qu'est-ce qui a changé")
    assert {*map(typeset, ("10 €", "11 €", "méthode : code du projet"))} <= {
        cell.get_text() for cell in soup.find_all("td")
    }
    assert main(command) == 0
    assert page.read_bytes() == first


def test_what_data_wrote_is_text_on_the_page(tmp_path: Path) -> None:
    hostile = [PROVENANCE["montre"][0] | {"lignes": ["<script>alert(1)</script>\t11 €"]}]
    a, b = write(tmp_path / "a.json"), write(tmp_path / "b.json", montre=hostile)
    assert main(["diff", str(a), str(b), "--sortie", str(tmp_path / "page.html")]) == 0
    soup = BeautifulSoup((tmp_path / "page.html").read_text(encoding="utf-8"), "html.parser")
    assert [script for script in soup.find_all("script") if "alert(1)" in script.get_text()] == []


def test_two_years_of_a_report_have_no_figures_to_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = write(tmp_path / "a.json"), write(tmp_path / "b.json", **CHANGED, annee=2022)
    assert main(["diff", str(a), str(b)]) == 0
    out = capsys.readouterr().out
    assert "deux années différentes" in out
    assert "11 €" not in out
    assert "code du projet" in out


def test_folders_are_compared_report_by_report_without_internal_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("A", "B"):
        write(tmp_path / name / "essai/2021/essai.json", **(CHANGED if name == "B" else {}))
        write(tmp_path / name / "essai/interne/secret.json", notebook="secret", interne=True)
        (tmp_path / name / "essai/qualite.json").write_text('{"titre": "Qualité"}', encoding="utf-8")
    write(tmp_path / "B/essai/2021/nouveau.json", notebook="nouveau")
    assert main(["diff", str(tmp_path / "A"), str(tmp_path / "B")]) == 0
    out = capsys.readouterr().out
    assert "essai 2021 : 3 changements" in out
    assert "nouveau 2021 : seulement dans B" in out
    assert "secret" not in out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "n'existe pas"),
        ("{", "n'est pas l'édition d'un rapport"),
        ("[]", "n'est pas l'édition d'un rapport"),
        ('{"titre": "Qualité"}', "n'est pas l'édition d'un rapport"),
        (
            json.dumps({key: value for key, value in PROVENANCE.items() if key != "montre"}),
            "ne garde pas les chiffres de son rapport",
        ),
        (json.dumps(PROVENANCE | {"montre": 5}), "n'est pas l'édition d'un rapport"),
        (json.dumps(PROVENANCE | {"notebook": "autre"}), "deux rapports différents"),
        (json.dumps(PROVENANCE | {"contrat": "autre"}), "deux contrats différents"),
        (json.dumps(PROVENANCE | {"sujet": "Commune B"}), "deux pages différentes d'un même rapport"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, sentence: str
) -> None:
    a, b = write(tmp_path / "a.json"), tmp_path / "b.json"
    if content is not None:
        b.write_text(content, encoding="utf-8")
    assert main(["diff", str(a), str(b)]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({}, "aucun rapport publié"),
        ({"essai/2021/essai.json": {"contrat": "autre"}}, "du même contrat"),
        ({"essai/2021/autre.json": {"notebook": "autre"}}, "aucun rapport en commun"),
        ({"essai/2021/a.json": {}, "essai/2021/b.json": {}}, "deux fois le rapport essai 2021"),
    ],
)
def test_folders_without_a_common_report_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: dict[str, dict[str, Any]], sentence: str
) -> None:
    write(tmp_path / "A/essai/2021/essai.json")
    (tmp_path / "B").mkdir()
    for name, changes in other.items():
        write(tmp_path / "B" / name, **changes)
    assert main(["diff", str(tmp_path / "A"), str(tmp_path / "B")]) == 2
    assert sentence in capsys.readouterr().err


def test_a_page_and_a_folder_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "A/a.json")
    assert main(["diff", str(a), str(a.parent)]) == 2
    assert "deux pages ou deux dossiers" in capsys.readouterr().err
