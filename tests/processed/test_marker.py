"""The gender marker through the whole line: a small contract whose export, ratings and consensus do not all hold."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.contract import read_contract
from pipelines.errors import DataError
from pipelines.paths import RAW
from pipelines.prepare import prepare

CONTRACT = """
nom: Contrat d'essai (fictif)
code_epci: "245901160"
nom_epci: Agglomération fictive
annees: {debut: 2019, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations:
  - {code: O1, libelle: Orientation fictive, est_fictif: true}
parametres_validation:
  {nb_qpv: 1, nb_qpv_2024: 0, nb_qva: 0, nb_communes: 1, nb_communes_politique_ville: 1, nb_communes_qpv: 1,
  nb_communes_qva_connues: 0, nb_mesures: 40}
sources:
"""
SOURCE = """
  - id: {table}
    fichier: {file}
    table: {table}
    colonnes: {columns}
    titre: Essai (données fictives)
    editeur: Essai
    licence: MIT
    millesime: "2022"
    fictif: true
"""
TERRITORIES = """\
code_territoire;type_territoire;nom_territoire;geographie;secteur;statut_politique_ville;est_fictif;est_incertain;note
FRA;pays;Pays fictif;administrative;;;non;non;
245901160;epci;Agglomération fictive;administrative;;;non;non;
01001;commune;Commune fictive;administrative;nord;qpv;non;non;
QP059020;qpv;Quartier fictif;QPV2015;nord;;non;non;
"""
QUESTIONS = (
    "public_mixte;objectif_principal_egalite;diagnostic_sexue;participation_equilibree;indicateurs_sexues;"
    "public_non_mixte_coherent;motif_non_mixite"
)
MIXED, MAIN, COHERENT, CROSSED = (
    "oui;non;oui;oui;oui;;",
    "oui;oui;;;;;",
    "non;non;;;;oui;besoin fictif",
    "oui;non;;;;oui;",
)
BLANK = ";;;;;;"
EXPORTED = ["code_action", "annee", "intitule", "code_orientation", "statut", "accorde_etat", *QUESTIONS.split(";")]
EXPORTED += ["marqueur_saisi", "marqueur_national"]
# A1 contradicts itself, A2 has a marker typed by hand that is wrong, the others have no answer.
PROGRAMME = [
    ("A1", CROSSED, "", ""), ("A2", MIXED, "0", "G0"), ("A3", BLANK, "", ""), ("A4", BLANK, "", ""),
    ("A5", BLANK, "2", ""), ("A6", BLANK, "", ""),
]  # fmt: skip
RATINGS = [
    ("A1", "I1", 1, CROSSED), ("A3", "I1", 1, MAIN), ("A3", "I2", 1, MAIN), ("A4", "I1", 1, MAIN),
    ("A4", "I2", 1, MIXED), ("A5", "I1", 1, MIXED), ("A5", "I1", 2, COHERENT), ("A6", "I1", 1, BLANK),
    ("A6", "Anne Durand", 1, MAIN), ("A2", "I3", 1, COHERENT),
]  # fmt: skip
CONSENSUS = [("A6", COHERENT, "relu ensemble (fictif)"), ("A4", CROSSED, "relu ensemble (fictif)")]
FORM = "saisies/marqueur.csv"
Written = tuple[dict[str, Any], Path]


def write(
    base: Path,
    ratings: list[tuple[Any, ...]] = RATINGS,
    programme: list[tuple[Any, ...]] = PROGRAMME,
    settled: list[tuple[str, str, str]] = CONSENSUS,
    *,
    tree: bool = True,
) -> Written:
    """The manifest and the folder of what prepare writes; `ratings`: those that the form appended."""
    folder = base / "essai"
    (folder / "saisies").mkdir(parents=True)
    rows = [f"{code};2022;Atelier;O1;finance;1000,50;{said};{more[0]};{more[1]}" for code, said, *more in programme]
    files = {
        "territoires.csv": TERRITORIES,
        "programmes.csv": "\n".join([";".join(EXPORTED), *rows, ""]),
        "saisies/consensus.csv": f"code_action;date_consensus;{QUESTIONS};motif_consensus\n"
        + "".join(f"{code};2022-03-01;{said};{reason}\n" for code, said, reason in settled),
        FORM: f"code_action;code_instructeur;tour;date_notation;{QUESTIONS}\n"
        + "".join(f"{code};{rater};{tour};2022-02-01;{said}\n" for code, rater, tour, said in ratings),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    declared = dict(zip(("territoires", "programmes", "consensus_marqueur"), files, strict=False))
    columns = {"programmes": json.dumps({name: name for name in EXPORTED})}
    sources = "".join(
        SOURCE.format(table=table, file=file, columns=columns.get(table, "{}")) for table, file in declared.items()
    )
    (folder / "contrat.yml").write_text(CONTRACT.strip() + sources, encoding="utf-8")
    if tree:
        (folder / "marqueur").mkdir()
        shutil.copy(RAW / "valenciennes/marqueur/arbre.yml", folder / "marqueur")
    return prepare(read_contract(str(folder)), base / "processed"), base / "processed" / "essai"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What prepare makes of the rows above."""
    return write(tmp_path_factory.mktemp("marqueur"))


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_each_action_has_the_answers_that_hold_and_where_they_were_read(written: Written) -> None:
    _, folder = written
    answers = pd.read_parquet(folder / "reponses_marqueur.parquet").set_index("code_action")
    assert answers["origine_reponses"].to_dict() == {
        "A2": "export", "A3": "notations_concordantes", "A5": "notation_unique", "A6": "consensus",
    }  # fmt: skip
    assert answers["fichier"].to_dict() == {
        "A2": "programmes.csv", "A3": FORM, "A5": FORM, "A6": "saisies/consensus.csv",
    }  # fmt: skip
    assert answers["ligne"].to_dict() == {"A2": 3, "A3": 3, "A5": 8, "A6": 2}
    assert answers.loc["A5", "marqueur_saisi"] == 2
    assert answers.loc["A2", "marqueur_national"] == "G0"
    assert set(answers["referentiel"]) == {"vm_egae_2018"}


def test_rows_that_do_not_hold_are_set_aside_and_the_balance_adds_up(written: Written) -> None:
    manifest, folder = written
    aside = {row["ligne"]: row["motif"] for row in lines(folder / "ecartees/notations_marqueur.csv")}
    assert sorted(aside) == ["10", "2", "9"]
    assert aside["2"].startswith("réponses contradictoires : « public_non_mixte_coherent »")
    assert aside["9"] == "aucune réponse à l'arbre"
    assert aside["10"].startswith("code d'instructeur·rice attendu")
    assert [row["ligne"] for row in lines(folder / "ecartees/consensus_marqueur.csv")] == ["3"]
    balance = {line["table"]: line for line in manifest["balance"]}
    counts = ("lues", "retenues", "ecartees", "hors_donnees")
    assert [balance["notations_marqueur"][name] for name in counts] == [11, 7, 3, 1]
    assert [balance["consensus_marqueur"][name] for name in counts] == [3, 1, 1, 1]
    assert [balance["programmes"][name] for name in counts] == [7, 6, 0, 1]


def test_an_export_that_contradicts_itself_keeps_its_action_and_its_euros(written: Written) -> None:
    manifest, folder = written
    assert len(pd.read_parquet(folder / "actions.parquet")) == len(PROGRAMME)
    (euros,) = manifest["euros"]["accordes"]
    assert (euros["montant_lu"], euros["montant_retenu"], euros["montant_ecarte"]) == (6003.0, 6003.0, 0.0)
    (told,) = [row for row in lines(folder / "journal.csv") if row["colonne"] == "reponses_marqueur"]
    assert (told["fichier"], told["ligne"]) == ("programmes.csv", "2")
    assert told["texte"] == "public_mixte=oui | objectif_principal_egalite=non | public_non_mixte_coherent=oui"
    assert told["motif"].startswith("réponses contradictoires : ")


def test_the_verdict_names_unexamined_grants_and_typed_markers_that_differ(written: Written) -> None:
    manifest, _ = written
    failed = {line["description"]: line for line in manifest["controles"] if not line["success"]}
    rated = failed["Chaque action financée depuis la première année du marqueur égalité est examinée"]
    # A1 contradicts itself everywhere; A4 is disputed, and its consensus contradicts itself.
    assert [place["valeur"] for place in rated["lignes"]] == ["A1", "A4"]
    typed = failed["Le marqueur saisi à la main est celui que donnent les réponses"]
    assert [place["valeur"] for place in typed["lignes"]] == ["A2 : saisi 0, calculé 1", "A5 : saisi 2, calculé 1"]
    assert {line["severity"] for line in (rated, typed)} == {"warning"}


def test_a_name_typed_for_a_rater_reaches_no_file(tmp_path: Path) -> None:
    # One row too many cells: nobody can tell any more which one is a name.
    _, folder = write(tmp_path, [*RATINGS, ("A5", "Mme Martin", 1, MAIN), ("A5", "Bruno Petit", 1, f"{MAIN};en trop")])
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "réponses contradictoires".encode() in written
    for name in ("Durand", "Martin", "Petit"):
        assert name.encode() not in written
    assert len(lines(folder / "ecartees/notations_marqueur.csv")) == 5


@pytest.mark.long
@pytest.mark.parametrize("ratings", [[], [("A6", "I1", 1, BLANK)]])
def test_a_form_without_a_usable_rating_hinders_nothing(tmp_path: Path, ratings: list[tuple[Any, ...]]) -> None:
    manifest, folder = write(tmp_path, ratings)
    assert manifest["tables"]["notations_marqueur"]["lignes"] == 0
    answers = pd.read_parquet(folder / "reponses_marqueur.parquet")
    assert answers.set_index("code_action")["origine_reponses"].dropna().to_dict() == {
        "A2": "export",
        "A6": "consensus",
    }


def test_a_rating_of_an_unknown_action_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"saisies/marqueur\.csv, ligne 2 \(« A9 »\)"):
        write(tmp_path, [("A9", "I1", 1, MAIN)])


@pytest.mark.long
def test_a_contract_without_a_tree_keeps_answers_and_computes_no_marker(tmp_path: Path) -> None:
    """No contradiction is looked for: what the suites refuse is left out of the files."""
    given = ([row for row in rows if CROSSED not in row] for rows in (RATINGS, PROGRAMME, CONSENSUS))
    manifest, folder = write(tmp_path, *given, tree=False)
    answers = pd.read_parquet(folder / "reponses_marqueur.parquet")
    assert answers["referentiel"].isna().all()
    assert answers["code_action"].tolist() == ["A2", "A3", "A5", "A6"]
    (rated,) = [line for line in manifest["controles"] if line["type"] == "expect_grants_to_be_rated"]
    assert rated["nb_lignes"] == 5
