"""Part 1: the answers follow from the lines that are read; the usual mistakes are told apart."""

from typing import Any

import pandas as pd
import pytest

from pipelines.training import table
from pipelines.training.feedback import NotYet, Right

# Three holders: the first under its SIRET, then without; five states; a payment unknown, another of nothing.
ACTIONS = pd.DataFrame(
    {
        "code_action": list("abcdefg"),
        "nom_porteur": ["Ruche", "Ruche", "Phare", "Phare", "Phare", "Craie", "Craie"],
        "code_siret": ["1", None, "2", "2", "2", None, None],
        "statut": ["finance", "realise", "justifie", "justifie", "refuse", "retire", "ineligible"],
    }
)
LINES = pd.DataFrame({"code_action": list("abcde"), "montant_verse": [10.0, 0.0, 50.0, 100.0, None]})
PEOPLE = pd.DataFrame(
    {
        "code_action": ["a", "a", "b", "e", "a"],
        "moment": ["prevu", "prevu", "prevu", "prevu", "realise"],
        "dimension": ["sexe", "age", "sexe", "sexe", "sexe"],
        "nb_personnes": [10, 9, 5, 100, 8],
    }
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (4, None),
        (1, "que l'état « Financé »"),
        (2, "il manque les dossiers « Justifié »"),
        (6, "tout gardé sauf les refusés"),
        (7, "dossiers déposés"),
        (5, "additionnez"),
    ],
)
def test_granted_applications_are_three_states(answer: int, said: str | None) -> None:
    """Funded, carried out, accounted for."""
    judge(table.check_granted, answer, ACTIONS, said=said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (40, None),
        (40.3, None),
        (32, "comme des zéros"),
        (160 / 3, "retiré les zéros"),
        (160, "la somme"),
        (30, "la médiane"),
        (41, "sans remplir"),
    ],
)
def test_a_mean_leaves_blank_cells_aside_and_keeps_zeros(answer: float, said: str | None) -> None:
    """To the euro."""
    judge(table.check_mean_paid, answer, LINES, said=said)


def test_a_mean_of_nothing_known_cannot_be_said() -> None:
    """The refusal is the right answer there; a number is not."""
    unknown = LINES.assign(montant_verse=float("nan"))
    judge(table.check_mean_paid, "On ne peut pas", unknown, said=None)
    judge(table.check_mean_paid, 0, unknown, said="comme des zéros")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(3, None), (7, "nombre de lignes"), (4, "compte deux fois"), (2, "comptez des noms")],
)
def test_a_holder_with_and_without_its_number_is_one(answer: int, said: str | None) -> None:
    """One that has none anywhere is known by its name."""
    judge(table.check_holders, answer, ACTIONS, said=said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("on ne peut pas", None),
        (15, "somme de publics prévus"),
        (9, "somme de publics prévus"),
        (24, "le même public"),
        (4, "nombre de dossiers financés"),
        (7, "deux actions"),
        ("beaucoup", "deux actions"),
    ],
)
def test_nobody_counts_different_persons(answer: Any, said: str | None) -> None:
    """A refusal; sums of planned publics of granted actions are the mistakes."""
    judge(table.check_people, answer, PEOPLE, ACTIONS, said=said)


def judge(check: Any, answer: Any, *data: pd.DataFrame, said: str | None) -> None:
    if said is None:
        assert isinstance(check(answer, *data), Right)
    else:
        with pytest.raises(NotYet, match=said):
            check(answer, *data)


def test_what_the_tables_show() -> None:
    """States, cells, the lines without a SIRET first, sums of the granted ones alone."""
    assert table.count_states(ACTIONS).iloc[0].tolist() == ["Justifié", 2]
    assert table.count_cells(LINES, "montant_verse")["nb_lignes"].tolist() == [3, 1, 1]
    assert table.find_unidentified(ACTIONS)["code_action"].tolist() == ["b", "a"]
    assert set(table.pick_busiest_holder(ACTIONS)["nom_porteur"]) == {"Phare"}
    assert table.keep_granted(LINES, ACTIONS)["code_action"].tolist() == list("abcd")
    assert table.sum_planned(PEOPLE, ACTIONS)["nb_prevu"].tolist() == [15, 9]


def test_rows_and_euros_of_a_year_are_those_of_its_files() -> None:
    """Sheets are named where there are some; a year without a file has no line."""
    line = {"id_source": "a", "fichier": "a.csv", "feuille": "", "lues": 5, "retenues": 3, "ecartees": 1}
    euros = {"annee": 2020, "montant_lu": 10.0, "montant_retenu": 8.0, "montant_ecarte": 2.0}
    manifest = {
        "balance": [line | {"hors_donnees": 1}, line | {"id_source": "b", "feuille": "Nord", "hors_donnees": 1}],
        "euros": {"accordes": [euros, euros, euros | {"annee": 2021}]},
    }
    assert table.follow_rows(manifest, ["a"]).columns.tolist() == [
        "fichier", "lues", "retenues", "ecartees", "hors_donnees"
    ]  # fmt: skip
    assert table.follow_rows(manifest, ["a", "b"])["feuille"].tolist() == ["", "Nord"]
    assert table.follow_euros(manifest, 2020).iloc[0].tolist() == [2020, 20, 16, 4]
    assert table.follow_euros(manifest, 2019).empty
