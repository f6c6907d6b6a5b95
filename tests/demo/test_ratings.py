"""Three raters who mostly agree, a meeting that settles most of the rest, and nothing that the export does not say."""

import csv
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from pipelines.demo.actions import draw_years
from pipelines.demo.faults import KEPT, Faulty, plant_faults
from pipelines.demo.ratings import (
    CONSENSUS,
    FIELDS,
    QUESTIONS,
    RATED_YEAR,
    RATERS,
    RATINGS,
    Marking,
    count_marking,
    draw_marking,
    find_disputes,
)
from pipelines.demo.vintages import LAYOUTS
from pipelines.indicators.gender import rate_gender_marker
from pipelines.paths import RAW
from pipelines.tables import GRANTED, TABLES
from tests.shipped import shipped_contract

TREE = shipped_contract().arbre_marqueur
SHIPPED = RAW / "valenciennes"
JUDGED = ["participation_equilibree", "public_non_mixte_coherent"]


def programme(seed: int, size: int | None) -> Faulty:
    actions = dict(draw_years(seed, size))[RATED_YEAR]
    return plant_faults(np.random.default_rng([seed, RATED_YEAR, 1]), actions, LAYOUTS[RATED_YEAR])


@pytest.fixture(scope="module", params=[(2015, None), (7, 900)], ids=["livre", "plus_grand"])
def drawn(request: pytest.FixtureRequest) -> tuple[Faulty, Marking]:
    """The programme of the year and its marking: the shipped one, and that of a larger world."""
    faulty = programme(*request.param)
    return faulty, draw_marking(request.param[0], RATED_YEAR, faulty)


@pytest.fixture(scope="module")
def shipped() -> Marking:
    """The marking of the shipped world."""
    return draw_marking(2015, RATED_YEAR, programme(2015, None))


def kappa(rated: pd.DataFrame, column: str) -> float:
    """Fleiss' kappa of the actions that every rater answered."""
    wide = rated.pivot(index="code_action", columns="code_instructeur", values=column).dropna().astype(int)
    return float(fleiss_kappa(aggregate_raters(wide.to_numpy())[0]))


def test_the_actions_rated_are_granted_kept_and_about_forty(drawn: tuple[Faulty, Marking]) -> None:
    faulty, marking = drawn
    rows = faulty.rows[faulty.rows["sort"] == KEPT].set_index("code_action")
    codes = marking.ratings["code_action"].unique()
    assert len(codes) == 42
    assert rows.loc[codes, "statut"].isin(GRANTED).all()
    assert rows.loc[codes, "public_non_mixte_coherent"].notna().sum() == 10
    # One rating by each at most, some left out.
    assert set(marking.ratings["code_instructeur"]) == set(RATERS)
    assert not marking.ratings.duplicated(["code_action", "code_instructeur"]).any()
    assert 110 <= len(marking.ratings) < 3 * 42
    assert set(marking.ratings["tour"]) == {1}


def test_each_rating_follows_the_tree_and_is_complete(drawn: tuple[Faulty, Marking]) -> None:
    for rows in (drawn[1].ratings, drawn[1].consensus):
        rated = rate_gender_marker(rows.astype(dict.fromkeys(FIELDS, "boolean")), TREE)
        assert set(rated["contradiction"]) == {""}
        assert rated["marqueur"].notna().all()
        assert not rated["drapeaux"].str.contains("reponses_incompletes").any()
    assert drawn[1].ratings["motif_non_mixite"].notna().equals(drawn[1].ratings["public_non_mixte_coherent"].notna())


def test_two_disputes_in_three_are_settled_as_the_export_says_with_a_reason(drawn: tuple[Faulty, Marking]) -> None:
    faulty, marking = drawn
    disputed = find_disputes(marking.ratings)
    settled = marking.consensus
    assert set(settled["code_action"]) < set(disputed.index)
    assert len(settled) == 2 * len(disputed) // 3
    rows = faulty.rows[faulty.rows["sort"] == KEPT].set_index("code_action").loc[settled["code_action"], QUESTIONS]
    pd.testing.assert_frame_equal(settled.set_index("code_action")[QUESTIONS], rows, check_dtype=False)
    assert settled["motif_consensus"].str.endswith(" (texte fictif)").all()
    assert (settled["date_consensus"].min() > marking.ratings["date_notation"]).all()


def test_raters_agree_as_people_do_and_least_on_what_is_judged(shipped: Marking) -> None:
    rated = rate_gender_marker(shipped.ratings, TREE)
    assert 0.5 <= kappa(rated, "marqueur") <= 0.7
    by_question = {field: kappa(rated, field) for field in FIELDS}
    judged = max(by_question[field] for field in JUDGED)
    assert judged < min(value for field, value in by_question.items() if field not in JUDGED)
    assert min(by_question.values()) > 0.2


def test_the_truth_counts_what_the_files_hold(truth: dict[str, Any], shipped: Marking) -> None:
    assert truth["notations"] == count_marking(shipped)
    rows = {}
    for name in (RATINGS, CONSENSUS):
        with (SHIPPED / name).open(encoding="utf-8", newline="") as file:
            rows[name] = list(csv.DictReader(file, delimiter=";"))
    ratings, settled = rows[RATINGS], {row["code_action"] for row in rows[CONSENSUS]}
    told = truth["notations"]
    assert (len(ratings), len(rows[CONSENSUS])) == (told["notations"], told["consensus"])
    said: dict[str, set[tuple[str, ...]]] = {}
    for row in ratings:
        said.setdefault(row["code_action"], set()).add(tuple(row[field] for field in FIELDS))
    apart = {code for code, answers in said.items() if len(answers) > 1}
    assert len(said) == told["actions"]
    assert sum(told["desaccords"].values()) == len(apart)
    assert told["a_discuter"] == len(apart - settled)


@pytest.mark.parametrize(
    ("name", "table"),
    [(RATINGS, "notations_marqueur"), (CONSENSUS, "consensus_marqueur")],
    ids=["notations", "consensus"],
)
def test_the_files_have_the_columns_of_their_table(name: str, table: str) -> None:
    header, *lines = (SHIPPED / name).read_text(encoding="utf-8").splitlines()
    assert header.split(";") == TABLES[table].names
    answers = {cell for line in lines for cell in line.split(";")[-7 - (table == "consensus_marqueur") :][:6]}
    assert answers == {"oui", "non", ""}
