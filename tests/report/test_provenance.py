"""What a page says of its checks: which warnings, where, and whether one of them keeps it at « projet »."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_notebook

from pipelines.processed import read_manifest
from pipelines.report.page import render_page
from pipelines.report.provenance import describe, name_places

HELD = "Chaque action financée depuis la première année du marqueur égalité est examinée"


@pytest.fixture(scope="module")
def manifest(prepared: Path) -> dict[str, Any]:
    """The manifest of the shipped contract, its reports declared final."""
    held = read_manifest(prepared)
    return held | {"contrat": held["contrat"] | {"statut_rapport": "definitif"}}


def about(name: str, manifest: dict[str, Any], found: Sequence[str] = ()) -> dict[str, Any]:
    identity = {
        "titre": "Titre",
        "sujet": "",
        "notebook": name,
        "annee": 2022,
        "interne": False,
        "parametres": [],
        "empreinte": "0123456789ab",
    }
    return describe(identity, manifest, used=["programmes_2022"], stale=[], found=found)


@pytest.mark.parametrize(
    ("name", "status", "held"),
    [("3_marqueur_egalite", "projet", [HELD]), ("2_suivi_programmation", "definitif", [])],
)
def test_a_failed_check_keeps_the_notebook_that_it_names_at_projet(
    name: str, status: str, held: list[str], manifest: dict[str, Any]
) -> None:
    told = about(name, manifest)
    assert (told["statut"], told["verdict"]["retenu_par"]) == (status, held)
    page = render_page(new_notebook(), told)
    assert ("Projet, non approuvé" in page) is bool(held)
    assert ("reste à l’état de projet" in page or "reste à l'état de projet" in page) is bool(held)


def test_once_the_check_passes_the_page_is_what_the_contract_says(manifest: dict[str, Any]) -> None:
    passed = [line | {"success": True} for line in manifest["controles"]]
    told = about("3_marqueur_egalite", manifest | {"controles": passed})
    assert (told["statut"], told["verdict"]["retenu_par"]) == ("definitif", [])


@pytest.mark.parametrize(
    ("declared", "found", "status"),
    [
        ("definitif", ["projet"], "projet"),
        ("projet", ["definitif"], "definitif"),
        ("definitif", ["definitif", "projet"], "projet"),
        ("projet", [], "projet"),
        ("definitif", [], "definitif"),
    ],
)
def test_what_a_notebook_found_for_itself_holds_whatever_the_contract_declares(
    declared: str, found: list[str], status: str, manifest: dict[str, Any]
) -> None:
    declaring = manifest | {"contrat": manifest["contrat"] | {"statut_rapport": declared}}
    assert about("2_suivi_programmation", declaring, found)["statut"] == status
    # A check that holds the page back still does.
    assert about("3_marqueur_egalite", declaring, found)["statut"] == "projet"


def test_every_warning_is_published_with_its_count_and_first_places_without_what_the_rows_hold(
    manifest: dict[str, Any],
) -> None:
    told = about("2_suivi_programmation", manifest)["verdict"]
    failed = [line for line in manifest["controles"] if not line["success"]]
    assert told["nb_avertissements"] == len(told["avertissements"]) == len(failed) > 0
    for shown, line in zip(told["avertissements"], failed, strict=True):
        assert shown["nb_lignes"] == line["nb_lignes"] > 0
        first = line["lignes"][0]
        assert shown["ou"].startswith(f"{first['fichier']}, ")
        assert first["valeur"] not in shown["ou"]
        assert shown.keys() == {"table", "description", "nb_lignes", "observe", "ou"}


def place(file: str, sheet: str, line: int) -> dict[str, Any]:
    return {"fichier": file, "feuille": sheet, "ligne": line, "valeur": "Nom inventé"}


@pytest.mark.parametrize(
    ("places", "total", "text"),
    [
        ([], 0, ""),
        ([place("a.csv", "", 3)], 1, "a.csv, ligne 3"),
        ([place("a.csv", "", 3), place("a.csv", "", 12)], 3, "a.csv, lignes 3, 12 ; et 1 autre"),
        (
            [place("a.csv", "", 3), place("b.xlsx", "Nord", 4), *(place("a.csv", "", n) for n in range(5, 25))],
            150,
            "a.csv, lignes 3, 5, 6, 7 ; b.xlsx, feuille « Nord », ligne 4 ; et 145 autres",
        ),
    ],
)
def test_places_are_grouped_by_file_and_the_rest_counted(places: list[dict[str, Any]], total: int, text: str) -> None:
    assert name_places(places, total) == text
