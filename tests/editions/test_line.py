"""A report built, something changed, built again: the page and `ose diff` say what changed and why."""

import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from pipelines.editions import compare_editions, parse_edition
from pipelines.errors import DataError, UsageError
from pipelines.report.templates import typeset
from tests.editions.conftest import Line

KEPT = "suivi/editions/essai_2021.json"
MENDED = (
    "fichier;feuille;ligne;colonne;ancienne_valeur;nouvelle_valeur;motif\n"
    "postes.csv;;4;montant;4000;4500;Montant du courrier fictif\n"
)


def compare(before: Path, after: Path) -> pd.DataFrame:
    texts = [page.with_suffix(".json").read_text(encoding="utf-8") for page in (before, after)]
    return compare_editions(*(parse_edition(text, "édition", UsageError) for text in texts))


def figures(changes: pd.DataFrame) -> set[tuple[str, ...]]:
    own = changes[changes["rubrique"] == "chiffres"]
    return set(own[["objet", "ligne", "apres", "cause"]].itertuples(index=False, name=None))


def text_of(page: Path) -> str:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ", strip=True)


def declare(line: SimpleNamespace, page: Path) -> None:
    """Keep the edition of a page, and name it in contrat.yml."""
    kept = line.contract / KEPT
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(page.with_suffix(".json").read_bytes())
    line.write("contrat.yml", ("sources:\n", f"editions:\n  - fichier: {KEPT}\nsources:\n"))


def test_new_data_are_told_by_the_page_and_by_the_comparison(line: Line) -> None:
    first = line.build("A")
    assert "Pas d'édition antérieure" in text_of(first)
    assert KEPT in text_of(first).replace("\u202f", " ")
    declare(line, first)
    line.write("donnees/postes.csv", ("fictif B;2000", "fictif B;2500"))
    second = line.build("B")
    changes = compare(first, second)
    assert figures(changes) == {
        ("Tableau 1. Montants par poste", "P-2", "2\u202f500\u202f€", "données"),
        ("Tableau 2. Grands postes", "P-2", "2\u202f500\u202f€", "données"),
    }
    assert list(changes["rubrique"]) == ["entrees", "chiffres", "chiffres"]
    page = text_of(second)
    assert "Ce qui a changé depuis l'édition gardée" in page
    assert typeset("2\u202f000\u202f€ 2\u202f500\u202f€ données : donnees/postes.csv") in page
    # What compares is no figure of the report: the next edition does not compare with it.
    shown = json.loads(second.with_suffix(".json").read_text(encoding="utf-8"))["montre"]
    assert [one["titre"] for one in shown] == ["Chiffres clés", "Montants par poste", "Grands postes", "Objectifs"]


@pytest.mark.long
def test_each_kind_of_change_is_its_own_cause(line: Line) -> None:
    first = line.build("A")
    declare(line, first)
    again = line.build("B")
    assert compare(first, again).empty
    assert "rien n'a changé" in text_of(again)
    parameter = line.build("C", seuil="3000")
    assert {cause for *_, cause in figures(compare(again, parameter))} == {"paramètre"}
    line.change_cell(">= seuil", "> seuil + 1000")
    method = line.build("D")
    assert {cause for *_, cause in figures(compare(again, method))} == {"méthode"}
    assert typeset("méthode : notebook") in text_of(method)
    line.change_cell("> seuil + 1000", ">= seuil")
    (line.contract / "donnees/corrections.csv").write_text(MENDED, encoding="utf-8")
    corrected = line.build("E")
    changes = compare(again, corrected)
    assert {cause for *_, cause in figures(changes)} == {"correction"}
    (mended,) = changes[changes["rubrique"] == "corrections"].to_dict("records")
    assert (mended["changement"], mended["apres"]) == ("ajoutée", "Montant du courrier fictif")
    line.write("donnees/postes.csv", ("Employeur fictif A", ""))
    verdict = compare(corrected, line.build("F"))
    (failed,) = verdict[verdict["rubrique"] == "controles"].to_dict("records")
    assert (failed["avant"], failed["apres"], failed["cause"]) == ("conforme", "non conforme (1 ligne)", "données")
    other = line.build("G", annee=2020)
    assert "deux années différentes" not in text_of(other)
    assert "Pas d'édition antérieure" in text_of(other)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "introuvable"),
        ("{}", "n'est pas l'édition d'un rapport"),
        ('{"notebook": "essai"}', "ne garde pas les chiffres"),
    ],
)
def test_an_edition_that_cannot_be_read_stops_the_line(line: Line, content: str | None, sentence: str) -> None:
    if content is not None:
        (line.contract / KEPT).parent.mkdir(parents=True)
        (line.contract / KEPT).write_text(content, encoding="utf-8")
    line.write("contrat.yml", ("sources:\n", f"editions:\n  - fichier: {KEPT}\nsources:\n"))
    with pytest.raises(DataError, match=sentence):
        line.build("A")
