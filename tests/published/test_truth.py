"""The line finds, in the eight fictional programmes, what their generator says it put there: rows, faults, totals."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pipelines import prepare
from pipelines.certify import certify_tables
from pipelines.paths import ROOT
from pipelines.tables import DIMENSIONS, MARKER_QUESTIONS, MOMENTS
from pipelines.validate import validate
from tests.shipped import shipped_contract

TRUTH = json.loads((ROOT / "tests/published/verite_programmes.json").read_text(encoding="utf-8"))
YEARS = sorted(TRUTH["totaux"])
AMOUNTS = {"demande": "montant_demande", "accorde": "montant_accorde", "verse": "montant_verse"}
# Where each kind of planted fault must come out, and the beginning of the reason that it is given.
SET_ASIDE = {
    "sans_code": "sans « code_action » : cellule vide",
    "doublon_exact": "doublon exact d'une ligne déjà lue",
    "code_repete": "même code_action avec un contenu différent, lignes ",
}
JOURNAL = {
    "date_impossible": "date illisible « ",
    "montant_illisible": "nombre illisible « ",
    "montant_nd": "non disponible (nd)",
    "siret_cle": "SIRET invalide « ",
    "siret_sans_zeros": "SIRET invalide « ",
    "siret_tableur": "SIRET détruit par un tableur « ",
    "statut_inconnu": "valeur hors vocabulaire « ",
    "territoire_ambigu": "territoire inconnu ou ambigu",
    "territoire_inconnu": "territoire inconnu ou ambigu",
}
OVERPAID = "verse_depasse"


@pytest.fixture(scope="module")
def line() -> SimpleNamespace:
    """What the line makes of the shipped contract: `frames`, `balance`, rows `set_aside`, `journal` of cells."""
    contract = shipped_contract()
    raw = prepare._read_all(contract)
    cleaned = {name: prepare._clean(name, tables, contract.arbre_marqueur) for name, tables in raw.items()}
    frames, journal = certify_tables(contract, cleaned)
    programmes = cleaned["programmes"]
    balance, euros = prepare._balance(contract, raw, cleaned)
    return SimpleNamespace(
        frames=frames,
        balance=balance,
        euros=euros,
        set_aside=programmes.set_aside,
        journal=pd.concat([programmes.journal, journal], ignore_index=True),
    )


def faults(kinds: object) -> list[dict[str, Any]]:
    return [fault for fault in TRUTH["fautes"] if fault["genre"] in kinds]


def place(row: dict[str, Any] | pd.Series) -> tuple[str, str, int]:
    return row["fichier"], row["feuille"], int(row["ligne"])


def test_every_kind_of_fault_is_looked_for() -> None:
    assert {fault["genre"] for fault in TRUTH["fautes"]} == {*SET_ASIDE, *JOURNAL, OVERPAID}


def test_every_sheet_is_counted(line: SimpleNamespace) -> None:
    counted = {(row["fichier"], row["feuille"]) for row in line.balance if row["table"] == "programmes"}
    assert counted == {(sheet["fichier"], sheet["feuille"]) for sheet in TRUTH["fichiers"]}


@pytest.mark.parametrize("sheet", TRUTH["fichiers"], ids=lambda s: f"{s['fichier'][14:18]} {s['feuille']}".strip())
def test_rows_are_those_of_the_file(line: SimpleNamespace, sheet: dict[str, Any]) -> None:
    kinds = ("lues", "retenues", "ecartees", "hors_donnees")
    found = [row for row in line.balance if (row["fichier"], row["feuille"]) == (sheet["fichier"], sheet["feuille"])]
    assert [{kind: row[kind] for kind in kinds} for row in found] == [{kind: sheet[kind] for kind in kinds}]


@pytest.mark.parametrize("year", YEARS)
def test_euros_kept_are_those_granted_and_the_contract_says_them_voted(line: SimpleNamespace, year: str) -> None:
    granted = sum(status["accorde"] for status in TRUTH["totaux"][year]["statuts"].values())
    lines = [row for row in line.euros["accordes"] if row["annee"] == int(year)]
    (vote,) = [row for row in line.euros["votes"] if row["annee"] == int(year)]
    assert sum(row["montant_retenu"] for row in lines) == vote["montant_vote"] == granted
    for row in lines:
        assert row["montant_lu"] == pytest.approx(row["montant_retenu"] + row["montant_ecarte"], abs=0.005)


def test_rows_set_aside_are_the_planted_ones_for_the_right_reason(line: SimpleNamespace) -> None:
    found = {place(row): row["motif"] for _, row in line.set_aside.iterrows()}
    planted = {place(fault): SET_ASIDE[fault["genre"]] for fault in faults(SET_ASIDE)}
    assert found.keys() == planted.keys()
    assert {at: found[at][: len(reason)] for at, reason in planted.items()} == planted


def test_rows_set_aside_keep_their_text(line: SimpleNamespace) -> None:
    texts = {place(row): row["texte"] for _, row in line.set_aside.iterrows()}
    for fault in faults({"doublon_exact", "code_repete"}):
        assert f"code_action={fault['texte']} | " in texts[place(fault)] + " | "


def test_cells_that_became_missing_are_the_planted_ones_for_the_right_reason(line: SimpleNamespace) -> None:
    cells = line.journal[line.journal["colonne"] != "parts_territoires"]
    found = {(place(row), row["colonne"], row["texte"]): row["motif"] for _, row in cells.iterrows()}
    planted = {(place(f), f["colonne"], f["texte"]): JOURNAL[f["genre"]] for f in faults(JOURNAL)}
    assert found.keys() == planted.keys()
    assert {at: found[at][: len(reason)] for at, reason in planted.items()} == planted


def test_shares_are_dropped_only_where_a_territory_is_lost(line: SimpleNamespace) -> None:
    dropped = line.journal[line.journal["colonne"] == "parts_territoires"]
    lost = {place(fault) for fault in faults({"territoire_ambigu", "territoire_inconnu"})}
    assert {place(row) for _, row in dropped.iterrows()} <= lost


def test_payments_above_the_grant_are_named_by_the_verdict(line: SimpleNamespace, tmp_path: Path) -> None:
    shutil.copy(ROOT / "expectations/financements.json", tmp_path)
    verdict = validate({"financements": line.frames["financements"]}, {}, tmp_path)
    (finding,) = [f for f in verdict.findings if f.description == "Le montant versé ne dépasse pas le montant accordé"]
    planted = {place(fault) for fault in faults({OVERPAID})}
    assert not finding.success
    assert {(file, sheet, number) for file, sheet, number, _ in finding.lignes} == planted


def test_ratings_and_consensus_are_those_of_the_generator(line: SimpleNamespace) -> None:
    told = TRUTH["notations"]
    ratings, settled = line.frames["notations_marqueur"], line.frames["consensus_marqueur"]
    assert (len(ratings), len(settled)) == (told["notations"], told["consensus"])
    assert ratings["code_action"].nunique() == told["actions"]
    assert ratings["code_instructeur"].value_counts().to_dict() == told["par_instructeur"]
    # A consensus says what the export said: the answers come from elsewhere, and are the same.
    origins = line.frames["reponses_marqueur"].set_index("code_action")["origine_reponses"]
    assert origins.value_counts().to_dict() == {
        "export": sum(year["reponses_marqueur"]["actions"] for year in TRUTH["totaux"].values()) - len(settled),
        "consensus": len(settled),
    }
    assert set(origins[settled["code_action"]]) == {"consensus"}


def amounts(funding: pd.DataFrame) -> dict[str, float]:
    return {stage: float(funding[column].sum()) for stage, column in AMOUNTS.items()}


def by(actions: pd.DataFrame, funding: pd.DataFrame, column: str) -> dict[str, dict[str, float]]:
    groups = actions.groupby(actions[column].fillna("vide"))
    return {
        name: {"actions": len(group)} | amounts(funding[funding["code_action"].isin(group["code_action"])])
        for name, group in groups
    }


def count_people(people: pd.DataFrame) -> dict[str, Any]:
    sums = people.groupby(["moment", "dimension", "modalite"])["nb_personnes"].sum()
    return {
        moment: {
            dimension: {
                modality: int(sums[moment, dimension, modality])
                for modality in modalities
                if (moment, dimension, modality) in sums.index
            }
            for dimension, modalities in DIMENSIONS.items()
        }
        for moment in MOMENTS
    }


def count_places(places: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        code: {
            "actions": len(rows),
            "reparties": int(rows["part_territoire"].notna().sum()),
            "parts": round(float(rows["part_territoire"].sum()) / 100, 6),
        }
        for code, rows in places.groupby("code_territoire")
    }


def count_answers(answers: pd.DataFrame, expected: dict[str, int]) -> dict[str, int]:
    asked = [column.name for column in MARKER_QUESTIONS if column.name in expected]
    never_asked = [column.name for column in MARKER_QUESTIONS if column.name not in expected]
    assert answers[never_asked].isna().all(axis=None)
    return {"actions": len(answers)} | {name: int(answers[name].notna().sum()) for name in asked}


def count_followed(actions: pd.DataFrame, results: pd.DataFrame, expected: dict[str, int]) -> dict[str, int]:
    """Cells known of each column of the follow-up; values that count persons are gone, but were judged or counted."""
    counts = {name: int(actions[name].notna().sum()) for name in expected if name in actions}
    columns = {
        "resultat_indicateur": results["libelle_indicateur"],
        "resultat_unite": results["unite"],
        "resultat_sens": results["sens"],
        "resultat_depart": results["valeur_depart"].where(~results["est_depart_connu"], 0),
        "resultat_cible": results["valeur_cible"],
    }
    counts |= {name: int(column.notna().sum()) for name, column in columns.items() if name in expected}
    of_persons = results.loc[results["unite"] == "personnes", ["valeur_depart", "valeur_atteinte"]]
    assert of_persons.isna().all(axis=None)
    if "resultat_atteint" in expected:
        assert 0 < results["est_atteint"].notna().sum() <= expected["resultat_atteint"]
        counts["resultat_atteint"] = expected["resultat_atteint"]
    return counts


@pytest.mark.parametrize("year", YEARS)
def test_totals_are_those_of_the_generator(line: SimpleNamespace, year: str) -> None:
    truth = TRUTH["totaux"][year]
    actions = line.frames["actions"]
    actions = actions[actions["annee"] == int(year)]
    of_year = {
        name: frame[frame["code_action"].isin(actions["code_action"])]
        for name, frame in line.frames.items()
        if "code_action" in frame
    }
    funding = of_year["financements"]
    declared, renewed = actions["est_egalite_declaree"], actions["est_reconduction"]
    found = {
        "actions": len(actions),
        "cout_total": float(actions["montant_cout_total"].sum()),
        "statuts": by(actions, funding, "statut"),
        "orientations": by(actions, funding, "code_orientation"),
        "financeurs": {
            funder: amounts(rows) | {"actions": len(rows)} for funder, rows in funding.groupby("code_financeur")
        },
        "natures": {name: int(number) for name, number in actions["nature_porteur"].value_counts().items()},
        "porteurs": actions["nom_porteur"].nunique(),
        "reconductions": int(renewed.sum()) if renewed.notna().any() else None,
        "beneficiaires": count_people(of_year["beneficiaires"]),
        "territoires": count_places(of_year["actions_territoires"]),
        "egalite_declaree": {
            "oui": int(declared.sum()), "non": int((~declared).sum()), "vide": int(declared.isna().sum())
        } if declared.notna().any() else None,
        "reponses_marqueur": count_answers(of_year["reponses_marqueur"], truth["reponses_marqueur"]),
        "suivi": count_followed(actions, of_year["resultats_actions"], truth["suivi"]),
    }  # fmt: skip
    assert found.keys() == truth.keys()
    wrong = [subject for subject in truth if found[subject] != truth[subject]]
    assert {subject: found[subject] for subject in wrong} == {subject: truth[subject] for subject in wrong}
