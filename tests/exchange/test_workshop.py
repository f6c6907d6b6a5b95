"""A workshop's workbook: what is written comes back the same, and what people do to it is understood or named."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pipelines.clean import clean_rows
from pipelines.errors import DataError, UsageError
from pipelines.exchange.workshop import LINK_COLUMNS, LINKS, MANUAL, NODE_COLUMNS, NODES, write_workshop
from pipelines.exchange.workshop_reading import read_workshop
from pipelines.tables import TABLES, empty
from tests.conftest import sample
from tests.exchange.office import MAIN, find_danger, read_sheets, read_xml
from tests.shipped import shipped_contract

MODELS = [model.code for model in shipped_contract().modeles]
FOLDER = shipped_contract().dossier / "logique_impact"
NODE_HEAD = ["Code", "Niveau", "Libellé"]
LINK_HEAD = ["De", "Vers"]
TWO_NODES = [["r1", "Réalisation", "faire"], ["R1", "Résultat attendu", "obtenir"]]


def typed(text: pd.DataFrame, table: str, code: str = "m") -> pd.DataFrame:
    """A text frame as the line cleans it: nothing may be set aside, and no cell lost."""
    placed = text.assign(code_modele=code, id_source="x", fichier="x", feuille="", ligne=range(2, len(text) + 2))
    cleaned = clean_rows(table, placed)
    assert cleaned.set_aside.empty
    return cleaned.kept[[name for name in TABLES[table].names if name != "code_modele"]]


def shipped(code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    halves = []
    for part, table in (("noeuds", "logique_noeuds"), ("liens", "logique_liens")):
        text = pd.read_csv(FOLDER / f"{code}_{part}.csv", sep=";", dtype="str", keep_default_na=False)
        halves.append(typed(text, table))
    return halves[0], halves[1]


def same(path: Path, nodes: pd.DataFrame, links: pd.DataFrame) -> None:
    read_nodes, read_links = read_workshop(path)
    pd.testing.assert_frame_equal(typed(read_nodes, "logique_noeuds"), nodes)
    pd.testing.assert_frame_equal(typed(read_links, "logique_liens"), links)


def make(
    path: Path,
    nodes: Sequence[Sequence[object]],
    links: Sequence[Sequence[object]],
    names: tuple[str, str] = (NODES, LINKS),
) -> Path:
    """A workbook as people make one: its sheets under these names, the links first."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in ((names[1], links), (names[0], nodes)):
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(line, column, value)
    book.close()
    return path


@pytest.mark.parametrize("code", sample(MODELS, one_in=4))
def test_every_shipped_model_comes_back_the_same(code: str, tmp_path: Path) -> None:
    nodes, links = shipped(code)
    path = tmp_path / f"{code}.xlsx"
    write_workshop(path, nodes, links, {"titre": code, "est_fictif": True})
    same(path, nodes, links)
    first = path.read_bytes()
    write_workshop(path, nodes, links, {"titre": code, "est_fictif": True})
    assert path.read_bytes() == first
    assert find_danger(path) == []


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice n'est pas sur cette machine")
def test_a_model_comes_back_the_same_from_libreoffice(tmp_path: Path) -> None:
    nodes, links = shipped("orientation_O1")
    path, saved = tmp_path / "modele.xlsx", tmp_path / "saved"
    write_workshop(path, nodes, links, {})
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for kind in ("xlsx", "ods"):
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(saved), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        same(saved / f"modele.{kind}", nodes, links)


def test_the_empty_workbook_has_three_sheets_their_lists_and_a_header_that_stays(tmp_path: Path) -> None:
    path = tmp_path / "vide.xlsx"
    write_workshop(path, empty(TABLES["logique_noeuds"]), empty(TABLES["logique_liens"]), {})
    sheets = read_sheets(path)
    assert list(sheets) == [NODES, LINKS, MANUAL]
    assert sheets[NODES][0] == [
        "Code", "Niveau", "Libellé", "Indicateur", "Unité", "Sens", "Cible", "Échéance", "Valeur", "Date de la valeur",
        "Note",
    ]  # fmt: skip
    assert sheets[LINKS][0] == [
        "De", "Vers", "Statut", "Supposition", "Force de la preuve", "Preuve pour", "Preuve contre", "Autres facteurs",
        "Verdict", "Note",
    ]  # fmt: skip
    lists = {}
    for number in (1, 2):
        sheet = read_xml(path, f"xl/worksheets/sheet{number}.xml")
        assert sheet.find(f".//{MAIN}pane").get("state") == "frozen"
        assert sheet.find(f"{MAIN}pageSetup").get("orientation") == "landscape"
        for rule in sheet.iter(f"{MAIN}dataValidation"):
            lists[number, rule.get("sqref", "").split(":")[0]] = rule.findtext(f"{MAIN}formula1")
    assert lists == {
        (1, "B2"): '"Réalisation,Résultat attendu,Impact intermédiaire,Impact global"',
        (1, "F2"): '"Hausse,Baisse"',
        (2, "C2"): '"Attesté,Validé,Hypothèse,Rejeté"',
        (2, "E2"): '"Forte,Moyenne,Faible,Absente"',
        (2, "I2"): '"Étayé,Partiel,Faible,Contredit,Non examiné"',
    }
    with pytest.raises(DataError, match="aucun nœud"):
        read_workshop(path)


def test_what_people_do_to_a_workbook_is_understood(tmp_path: Path) -> None:
    nodes = [
        ["Atelier du 12 mars"],
        [],
        ["NIVEAU", "libelle", " Code : ", "Cible"],
        ["realisation", "faire", "r 1", 1.5],
        ["RÉSULTATS ATTENDUS", "obtenir", "R1", "nd"],
        [],
        ["impact_global", "changer", 7],
    ]
    links = [["vers", "de", "Verdict", "statut"], ["", "r1 → R1", "étaye", "VALIDE"], ["7", "R1", "", ""]]
    path = make(tmp_path / "a.xlsx", nodes, links, ("NOEUDS", "lien"))
    read_nodes, read_links = read_workshop(path)
    assert list(read_nodes) == NODE_COLUMNS
    assert list(read_links) == LINK_COLUMNS
    assert read_nodes["code_noeud"].to_list() == ["r1", "R1", "7"]
    assert read_nodes["niveau"].to_list() == ["realisation", "resultat_attendu", "impact_global"]
    assert read_nodes["valeur_cible"].to_list() == ["1.5", "nd", ""]
    assert read_nodes["rang"].to_list() == ["1", "1", "1"]
    ends = read_links[["code_source", "code_cible", "statut", "verdict"]].to_numpy().tolist()
    assert ends == [["r1", "R1", "valide", "etaye"], ["R1", "7", "hypothese", "non_examine"]]


def test_cells_merged_down_stand_on_each_line(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(NODES)
    for line, row in enumerate([NODE_HEAD, ["a", "", "un"], ["b", "", "deux"], ["c", "Impact global", "trois"]]):
        sheet.write_row(line, 0, row)
    sheet.merge_range(1, 1, 2, 1, "Réalisation")
    links = book.add_worksheet(LINKS)
    for line, row in enumerate([LINK_HEAD, ["a", ""], ["b", ""]]):
        links.write_row(line, 0, row)
    links.merge_range(1, 1, 2, 1, "c")
    book.add_worksheet("Consignes").hide()
    book.close()
    nodes, read_links = read_workshop(path)
    assert nodes["niveau"].to_list() == ["realisation", "realisation", "impact_global"]
    assert nodes["rang"].to_list() == ["1", "2", "1"]
    assert read_links["code_cible"].to_list() == ["c", "c"]


@pytest.mark.parametrize(
    ("nodes", "links", "said"),
    [
        ([NODE_HEAD, ["r1", "Activité", "x"]], [LINK_HEAD],
         "a.xlsx, feuille « Nœuds », ligne 2 : « Niveau » dit « Activité ». Écrire Réalisation, Résultat attendu"),
        ([NODE_HEAD, *TWO_NODES, ["r1", "Réalisation", "autre"]], [LINK_HEAD],
         "feuille « Nœuds », ligne 4 : le code « r1 » est déjà celui de la ligne 2. En choisir un autre."),
        ([NODE_HEAD, ["r1", "Réalisation", ""]], [LINK_HEAD], "le nœud « r1 » n'a pas de libellé"),
        ([NODE_HEAD, ["", "Réalisation", "x"]], [LINK_HEAD], "ligne 2 : « Code » est vide. Remplir cette cellule"),
        ([[*NODE_HEAD, "Libelé"], ["r1", "Réalisation", "x", "y"]], [LINK_HEAD],
         "ligne 1 : la colonne « Libelé » est inconnue. La nommer « Libellé », ou la supprimer."),
        ([[*NODE_HEAD, "Qui"], ["r1", "Réalisation", "x", "moi"]], [LINK_HEAD], "la colonne « Qui » est inconnue"),
        ([NODE_HEAD, ["r1", "Réalisation", "x", "perdu"]], [LINK_HEAD], "la colonne 4 est remplie et n'a pas"),
        ([[*NODE_HEAD, "Code"], ["r1", "Réalisation", "x", "r1"]], [LINK_HEAD], "« Code » se trouve deux fois"),
        ([[*NODE_HEAD, "Cible"], ["r1", "Réalisation", "x", "beaucoup"]], [LINK_HEAD],
         "« Cible » dit « beaucoup ». Écrire un nombre"),
        ([NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", "R2"]],
         "« Vers » cite le nœud « R2 », absent de « Nœuds ». Écrire « R1 »"),
        ([NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", "R1"], ["r1", "R1"]], "le lien r1 → R1 est déjà à la ligne 2"),
        ([NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1, r2", "R1"]], "Écrire un seul code, et une ligne par lien."),
        ([NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", ""]], "ligne 2 : « Vers » est vide"),
        ([["a", "b"]], [LINK_HEAD], "la ligne d'en-tête est introuvable. Y écrire au moins « Code », « Niveau »."),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_place_and_its_fix(
    nodes: list[list[object]], links: list[list[object]], said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        read_workshop(make(tmp_path / "a.xlsx", nodes, links))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    nodes = [[*NODE_HEAD, "Sens"], ["r1", "Rien", "x", "Haut"], ["r2", "Nul", "y", "Baisse"]]
    with pytest.raises(DataError) as told:
        read_workshop(make(tmp_path / "a.xlsx", nodes, [[*LINK_HEAD, "Verdict"], ["r1", "r2", "oui"]]))
    lines = str(told.value).split("\n")
    assert [re.search(r"ligne (\d+) : « (\w+) »", line).groups() for line in lines] == [
        ("2", "Niveau"), ("3", "Niveau"), ("2", "Sens"), ("2", "Verdict"),
    ]  # fmt: skip


def test_a_missing_sheet_or_file_is_named(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx", [["x"]], [["y"]], ("Feuille1", "Feuille2"))
    said = "la feuille « Nœuds » manque. Feuilles présentes : « Feuille2 », « Feuille1 »"
    with pytest.raises(DataError, match=re.escape(said)):
        read_workshop(path)
    with pytest.raises(UsageError, match="introuvable"):
        read_workshop(tmp_path / "b.xlsx")


def test_sheets_without_their_names_are_known_by_their_headers(tmp_path: Path) -> None:
    rows = [NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", "R1"]]
    nodes, links = read_workshop(make(tmp_path / "a.xlsx", *rows, ("Feuille1", "Feuille2")))
    assert (len(nodes), len(links)) == (2, 1)


@pytest.mark.parametrize("text", ["=1+1", "@x", "-- a", "'déjà", "\u00e9<b>"])
def test_a_text_that_a_spreadsheet_would_run_comes_back_as_it_was(text: str, tmp_path: Path) -> None:
    nodes, links = shipped("orientation_O3")
    nodes.loc[0, "libelle_noeud"] = text
    path = tmp_path / "a.xlsx"
    write_workshop(path, nodes, links, {})
    assert find_danger(path) == []
    assert read_workshop(path)[0]["libelle_noeud"].iloc[0] == text
