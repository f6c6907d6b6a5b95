"""What the committee reads: states in words, what is late, what comes next, the gravest risk first."""

import datetime
import io

import pandas as pd
import pytest

from pipelines.indicators import commitments, steering
from pipelines.tables import TABLES
from tests.indicators.test_commitments import LEDGER, frame

ARRET = datetime.date(2023, 6, 30)


def actions(**missing_of_due: tuple[int, int]) -> pd.DataFrame:
    """Granted actions of 2020: for each orientation, how many accounts are missing of how many due."""
    rows = [
        (code, "2020-12-31", None if rank < missing else "2021-03-01")
        for code, (missing, due) in missing_of_due.items()
        for rank in range(due)
    ]
    out = pd.DataFrame(rows, columns=["code_orientation", "date_fin", "date_bilan"])
    dates = {name: pd.to_datetime(out[name]) for name in ("date_fin", "date_bilan")}
    return out.assign(**dates, annee=2020, statut="finance").astype({"annee": "Int64"})


@pytest.mark.parametrize(
    ("missing", "due", "state", "told"),
    [
        (0, 20, steering.QUIET, "aucun ne manque"),
        (5, 20, steering.QUIET, "trois sur dix manquent"),
        (6, 20, steering.TO_WATCH, "trois sur dix manquent"),
        (11, 20, steering.TO_WATCH, "six sur dix manquent"),
        (12, 20, steering.TO_TREAT, "six sur dix manquent"),
        (20, 20, steering.TO_TREAT, "tous manquent"),
        (9, 17, steering.UNMEASURED, "9 sur 17 manquent"),
        (1, 100, steering.QUIET, "moins d'un sur dix manque"),
        (10, 100, steering.QUIET, "un sur dix manque"),
        (99, 100, steering.TO_TREAT, "plus de neuf sur dix manquent"),
        (0, 0, steering.UNMEASURED, "aucun n'est dû"),
    ],
)
def test_visible_thresholds_decide_the_word(missing: int, due: int, state: str, told: str) -> None:
    own = actions(O1=(missing, due), O2=(0, 1))
    out = steering.describe_orientations(own, {"O1": "Une", "O3": "Trois"}, ARRET, base_minimale=20)
    assert list(out["libelle_orientation"]) == ["Une", "Trois"]
    assert (out["etat_orientation"][0], out["constat_bilans"][0]) == (state, told)
    assert (out["nb_manquants"][0], out["nb_dus"][0]) == (missing, due)
    assert (out["etat_orientation"][1], out["nb_dus"][1]) == (steering.UNMEASURED, 0)


def test_the_thresholds_are_arguments() -> None:
    out = steering.describe_orientations(actions(O1=(2, 20)), {"O1": "Une"}, ARRET, part_surveiller=5, part_traiter=10)
    assert list(out["etat_orientation"]) == [steering.TO_TREAT]


@pytest.mark.parametrize(
    ("statut", "found"),
    [
        (None, [steering.DUE_UNKNOWN]),
        ("en_cours", [steering.LATE]),
        ("partiel", [steering.LATE]),
        ("non_tenu", [steering.LATE]),
        ("tenu", []),
        ("sans_objet", []),
    ],
)
def test_late_is_only_what_somebody_said(statut: str | None, found: list[str]) -> None:
    said = "code_engagement;date_suivi;statut\n" + (f"A-1;2022-05-01;{statut}\nA-2;2022-05-01;tenu\n" if statut else "")
    follow_up = frame("suivis_engagements", said if statut else said + "A-2;2022-05-01;tenu\n")
    late = steering.list_late(commitments.read_ledger(frame("engagements", LEDGER), follow_up, ARRET))
    # Not due, without a written end, not verifiable: late for nobody.
    assert list(late["constat_echeance"]) == found
    assert list(late["code_engagement"]) == ["A-1"] * len(found)
    counted = steering.count_late(late).iloc[-1]
    assert (counted["nb_engagements_en_retard"], counted["nb_etat_inconnu"]) == (
        found.count(steering.LATE),
        found.count(steering.DUE_UNKNOWN),
    )


EVENTS = """rang;debut;fin;type_evenement;libelle_evenement;est_incertain
1;2022-12-31;;echeance;Fin;non
2;2021;2022;evaluation;Deux ans;non
3;2023-06-30;;instance;Le jour même;non
4;2024;;instance;L'an prochain;oui
5;2023-07-01;;instance;Demain;non
6;2023-05;2023-09;numerique;En cours;non
7;2019;;instance;Autrefois;non
"""


def events(text: str = EVENTS) -> pd.DataFrame:
    raw = pd.read_csv(io.StringIO(text), sep=";", dtype=str)
    return raw.assign(est_incertain=raw["est_incertain"].eq("oui").astype("boolean"))


def test_what_comes_is_first_then_the_year() -> None:
    out = steering.pick_events(events(), ARRET, 2022)
    assert list(out["libelle_evenement"]) == ["En cours", "Demain", "L'an prochain", "Deux ans", "Fin"]
    assert list(out["quand"]) == [
        "mai 2023 à septembre 2023",
        "01/07/2023",
        "2024 (à confirmer)",
        "2021 à 2022",
        "31/12/2022",
    ]
    assert list(out["moment_evenement"]) == [steering.TO_COME] * 3 + [steering.OF_YEAR] * 2


def test_an_empty_calendar_has_no_event() -> None:
    assert steering.pick_events(events().head(0), ARRET, 2022).empty


def test_the_gravest_and_likeliest_risk_is_first() -> None:
    lines = [("a", "faible", "forte"), ("b", "forte", "faible"), ("c", "forte", "moyenne"), ("d", "moyenne", "forte")]
    risks = pd.DataFrame(lines, columns=["libelle_risque", "gravite_risque", "probabilite"])
    out = steering.rank_risks(risks.assign(annee=2022, qui_agit=None, parade=None))
    assert list(out["libelle_risque"]) == ["c", "b", "d", "a"]
    assert (out["gravite_risque"][0], out["probabilite"][0]) == ("Forte", "Moyenne")
    assert (out["qui_agit"][0], out["parade"][0]) == ("personne n'est désigné", "à décider")


@pytest.mark.parametrize("name", ["decisions_copil", "risques"])
def test_a_contract_may_have_neither_decision_nor_risk(name: str) -> None:
    assert TABLES[name].may_be_empty
