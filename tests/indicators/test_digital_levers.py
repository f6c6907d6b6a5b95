"""Levers ranked by structures: Kendall's W against a published value and a second formula, ties and blanks, words."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from pipelines.indicators import digital


def levers(rows: list[list[float | None]]) -> pd.DataFrame:
    """The long table of some rankings, a structure a row."""
    return pd.DataFrame(
        [
            {"code_structure": f"S{number:02d}", "libelle_levier": f"Levier {at}", "rang": rank}
            for number, row in enumerate(rows)
            for at, rank in enumerate(row)
        ]
    ).astype({"rang": "Int64"})


def second_formula(table: np.ndarray) -> float:
    """W from its textbook writing, with the correction of each tied group."""
    raters, items = table.shape
    spread = ((table.sum(axis=0) - table.sum() / items) ** 2).sum()
    ties = sum((n**3 - n) for row in table for n in np.unique(row, return_counts=True)[1])
    return 12 * spread / (raters**2 * (items**3 - items) - raters * ties)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Siegel (1956), three executives rank six applicants: W = 0.16.
        ([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], 0.162),
        ([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]], 1.0),
        ([[1, 2, 3], [3, 2, 1]], 0.0),
    ],
)
def test_w_is_the_published_one(rows: list[list[float]], expected: float) -> None:
    ranks, _ = digital.read_rankings(levers(rows))
    assert digital.measure_concordance(ranks)["coefficient"] == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("tied", [False, True])
def test_w_by_two_other_ways(seed: int, tied: bool) -> None:
    """The textbook formula with ties, and without ties the mean of Spearman's rho over all pairs of structures."""
    rng = np.random.default_rng(seed)
    rows = [(rng.integers(1, 4, 5) if tied else rng.permutation(5) + 1).tolist() for _ in range(9)]
    ranks, counts = digital.read_rankings(levers(rows))
    table = ranks.to_numpy()
    found = digital.measure_concordance(ranks, nb_tirages=99)
    assert found["coefficient"] == pytest.approx(second_formula(table))
    assert counts["nb_ex_aequo"] == sum(len(set(row)) < 5 for row in rows)
    if not tied:
        rho = np.mean([spearmanr(*pair).statistic for pair in combinations(table, 2)])
        assert rho == pytest.approx((9 * found["coefficient"] - 1) / 8)


def test_ties_share_the_ranks_that_they_take() -> None:
    ranks, counts = digital.read_rankings(levers([[1, 1, 3], [1, 2, 2]]))
    assert ranks.to_numpy().tolist() == [[1.5, 1.5, 3.0], [1.0, 2.5, 2.5]]
    assert counts == {"nb_classements": 2, "nb_complets": 2, "nb_incomplets": 0, "nb_ex_aequo": 2}


def test_an_incomplete_ranking_is_counted_and_left_out() -> None:
    ranks, counts = digital.read_rankings(levers([[1, 2, 3], [1, 2, None], [3, 2, 1]]))
    assert list(ranks.index) == ["S00", "S02"]
    assert (counts["nb_classements"], counts["nb_complets"], counts["nb_incomplets"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("rows", "smallest"), [([[1, 2, 3]], 2), ([[1, 2]] * 5, 2), ([[1, 1, 1]] * 5, 2), ([[1, 2, 3]] * 5, 6)]
)
def test_nothing_is_said_of_too_little(rows: list[list[float]], smallest: int) -> None:
    ranks, _ = digital.read_rankings(levers(rows))
    found = digital.measure_concordance(ranks, base_minimale=smallest)
    assert found["coefficient"] is found["p_permutation"] is None
    assert digital.tell_agreement(found).startswith("trop peu")


def test_the_interval_and_chance_of_a_common_order_and_of_none() -> None:
    rng = np.random.default_rng(7)
    near = [(np.argsort(np.argsort(np.arange(6) + rng.integers(0, 4, 6))) + 1).tolist() for _ in range(30)]
    none = [(rng.permutation(6) + 1).tolist() for _ in range(30)]
    strong, weak = (digital.measure_concordance(digital.read_rankings(levers(rows))[0]) for rows in (near, none))
    for found in (strong, weak):
        assert found["coefficient_bas"] < found["coefficient"] < found["coefficient_haut"]
        # Shuffling and the chi-square of five degrees say nearly the same.
        assert found["p_permutation"] == pytest.approx(found["p_khi2"], abs=0.05)
    assert "plus que par hasard" in digital.tell_agreement(strong)
    assert "peut venir du hasard" in digital.tell_agreement(weak)


@pytest.mark.parametrize(
    ("value", "word"), [(0.1, "très faible"), (0.2, "faible"), (0.5, "moyen"), (0.7, "fort"), (1.0, "très fort")]
)
def test_the_word_of_an_agreement(value: float, word: str) -> None:
    assert digital.tell_agreement({"coefficient": value, "p_permutation": 0.01}).endswith(f"est {word}")


def test_mean_ranks_and_which_are_close_to_the_first() -> None:
    rows = [[1, 2, 3, 4], [2, 1, 3, 4], [1, 2, 4, 3], [2, 1, 4, 3]] * 5
    found = digital.average_ranks(digital.read_rankings(levers(rows))[0])
    assert list(found["libelle_levier"]) == [f"Levier {at}" for at in range(4)]
    assert found["rang_moyen"].to_list() == [1.5, 1.5, 3.5, 3.5]
    assert (found["rang_bas"] < found["rang_moyen"]).all()
    assert (found["rang_moyen"] < found["rang_haut"]).all()
    assert found["nb_premier"].to_list() == [10, 10, 0, 0]
    assert digital.list_close_to_first(found) == ["Levier 1"]


def test_unanimity_has_an_interval_of_no_width_and_one_ranking_none() -> None:
    same = digital.average_ranks(digital.read_rankings(levers([[1, 2, 3]] * 4))[0])
    assert same[["rang_bas", "rang_moyen", "rang_haut"]].to_numpy().tolist() == [[1.0] * 3, [2.0] * 3, [3.0] * 3]
    assert digital.list_close_to_first(same) == []
    assert digital.average_ranks(digital.read_rankings(levers([[1, 2, 3]]))[0])["rang_moyen"].isna().all()
