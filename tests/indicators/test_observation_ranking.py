"""Ranks and their intervals, shrinkage against scipy's own law, false discoveries against the published example."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit
from scipy.stats import betabinom

from pipelines.errors import DataError, UsageError
from pipelines.indicators.observation.ranking import (
    NO_COUNTS,
    NO_SPREAD,
    SURE_THIRD,
    TOO_FEW,
    UNSURE_THIRD,
    control_false_discoveries,
    count_false_alarms,
    shrink_rates,
    simulate_ranks,
)
from pipelines.indicators.observation.uncertainty import SURVEY, add_share_intervals
from pipelines.values import plain
from tests.indicators.test_observation import values

RANKS = ["rang", "rang_bas", "rang_haut", "part_tiers"]


def counted(*rows: tuple[float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["numerateur", "denominateur"]).astype("Float64")
    return frame.assign(code_territoire=[f"QP{k:02}" for k in range(len(rows))])


def ranked(*rows: tuple[float, float], **options: Any) -> pd.DataFrame:
    frame = counted(*rows)
    frame = frame.assign(valeur=100 * frame["numerateur"] / frame["denominateur"], collecte=SURVEY)
    return rank(add_share_intervals(frame, effet_de_plan=1, niveau=90), **options)


def rank(frame: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return simulate_ranks(frame, **{"niveau": 90, "tirages": 1000, "graine": 1} | options)


# ranks


def test_intervals_far_apart_leave_no_doubt() -> None:
    out = ranked((100, 1000), (900, 1000), (500, 1000))
    assert [values(out, name) for name in RANKS] == [[3, 1, 2], [3, 1, 2], [3, 1, 2], [100] * 3]
    assert out["libelle_stabilite"].to_list() == [SURE_THIRD] * 3
    up = ranked((100, 1000), (900, 1000), (500, 1000), decroissant=False)
    assert values(up, "rang") == [1, 3, 2]


def test_the_same_share_thrice_is_ranked_by_chance() -> None:
    out = ranked((500, 1000), (500, 1000), (500, 1000))
    assert values(out, "rang") == [1, 1, 1]
    assert values(out, "rang_bas") == [1, 1, 1]
    assert values(out, "rang_haut") == [3, 3, 3]
    assert values(out, "part_tiers") == pytest.approx([100 / 3] * 3, abs=5)
    assert out["libelle_stabilite"].to_list() == [UNSURE_THIRD] * 3


@pytest.mark.parametrize(("hits", "size"), [(0, 50), (50, 50)])
def test_a_share_at_the_edge_stays_within_0_and_100(hits: int, size: int) -> None:
    out = ranked((hits, size), (25, 50), (26, 50), (2 if hits == 0 else 48, 50))
    assert out[RANKS].notna().all(axis=None)
    # Four of 50 is not beyond chance of none of 50: the rank of the edge is open to its neighbour alone.
    edge = out.iloc[0]
    assert (edge["rang_bas"], edge["rang_haut"]) == ((3, 4) if hits == 0 else (1, 2))


@given(st.integers(2, 3000).flatmap(lambda size: st.tuples(st.integers(1, size - 1), st.just(size))))
def test_wilson_is_symmetric_on_the_logit_scale(row: tuple[int, int]) -> None:
    frame = counted(row).assign(valeur=100 * row[0] / row[1], collecte=SURVEY)
    low, high = add_share_intervals(frame, effet_de_plan=1, niveau=90)[["part_basse", "part_haute"]].iloc[0] / 100
    assert logit(low) + logit(high) == pytest.approx(2 * logit(row[0] / row[1]), abs=1e-6)


def test_ranks_depend_on_the_seed_and_not_on_the_order() -> None:
    rng = np.random.default_rng(2)
    rows = [(float(rng.binomial(200, share)), 200.0) for share in rng.uniform(0.3, 0.5, 14)]
    out = ranked(*rows)
    assert out.equals(ranked(*rows))
    shuffled = rank(out.drop(columns=RANKS).sample(frac=1, random_state=3)).sort_index()
    assert shuffled[RANKS].equals(out[RANKS])
    assert not ranked(*rows, graine=2)["part_tiers"].equals(out["part_tiers"])
    assert ((out["rang_bas"] <= out["rang"]) & (out["rang"] <= out["rang_haut"])).mean() > 0.9


def test_no_rank_where_one_interval_is_missing() -> None:
    known = ranked((10, 100), (20, 100), (30, 100), (40, 100)).drop(columns=RANKS)
    out = rank(known.assign(part_basse=known["part_basse"].mask(known.index == 2)))
    assert out[[*RANKS, "libelle_stabilite"]].isna().all(axis=None)
    assert set(out["motif_rang"].map(plain)) == {"rang non calculable : intervalle manquant pour 1 territoire(s) sur 4"}
    assert set(rank(known.iloc[:2])["motif_rang"]) == {"rang non calculable : moins de trois territoires"}
    assert rank(known.iloc[:0]).empty
    with pytest.raises(DataError, match="deux fois"):
        rank(pd.concat([known, known.iloc[[0]]]))
    with pytest.raises(UsageError):
        rank(known, tirages=0)


# shrinkage


def drawn(seed: int, rows: int = 400, a: float = 8, b: float = 12) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(10, 400, rows)
    return counted(*zip(rng.binomial(sizes, rng.beta(a, b, rows)).astype(float), sizes.astype(float), strict=True))


def test_the_fitted_law_is_the_one_that_was_drawn_from() -> None:
    out = shrink_rates(drawn(1), effet_de_plan=1)
    assert out["taux_commun"].iloc[0] == pytest.approx(40, abs=1.5)
    precision = out["coefficient_retrait"] * out["denominateur"] / (1 - out["coefficient_retrait"])
    assert precision.iloc[0] == pytest.approx(20, rel=0.2)
    assert precision.std() == pytest.approx(0, abs=1e-6)


def test_no_law_nearby_is_likelier_for_scipy() -> None:
    frame = drawn(2, rows=40)
    out = shrink_rates(frame, effet_de_plan=1).iloc[0]
    mean, weight = out["taux_commun"] / 100, out["coefficient_retrait"]
    precision = weight * out["denominateur"] / (1 - weight)

    def likelihood(mean: float, precision: float) -> float:
        hits, sizes = frame["numerateur"].to_numpy(dtype=int), frame["denominateur"].to_numpy(dtype=int)
        return float(betabinom.logpmf(hits, sizes, mean * precision, (1 - mean) * precision).sum())

    best = likelihood(mean, precision)
    assert all(likelihood(mean * d, precision) < best for d in (0.98, 1.02))
    assert all(likelihood(mean, precision * d) < best for d in (0.9, 1.1))


def test_a_small_base_is_drawn_further_and_always_between() -> None:
    out = shrink_rates(drawn(3, rows=60), effet_de_plan=1.5)
    low, high = out[["taux_brut", "taux_commun"]].min(axis=1), out[["taux_brut", "taux_commun"]].max(axis=1)
    assert ((out["taux_lisse"] >= low - 1e-9) & (out["taux_lisse"] <= high + 1e-9)).all()
    by_size = out.sort_values("denominateur")["coefficient_retrait"]
    assert by_size.is_monotonic_decreasing
    assert by_size.between(0, 1).all()


def test_smoothed_rates_are_nearer_the_truth() -> None:
    rng = np.random.default_rng(4)
    true, sizes = rng.beta(8, 12, 200), rng.integers(10, 60, 200)
    frame = counted(*zip(rng.binomial(sizes, true).astype(float), sizes.astype(float), strict=True))
    out = shrink_rates(frame, effet_de_plan=1)
    errors = [((out[name] - 100 * true) ** 2).mean() for name in ("taux_lisse", "taux_brut")]
    assert errors[0] < 0.8 * errors[1]


@pytest.mark.parametrize("row", [(300, 1000), (0, 50), (50, 50)])
def test_without_spread_all_are_drawn_to_the_common_rate_and_told_so(row: tuple[float, float]) -> None:
    out = shrink_rates(counted(*[row] * 6), effet_de_plan=1)
    assert set(out["motif_lissage"]) == {NO_SPREAD}
    assert values(out, "coefficient_retrait") == [1] * 6
    assert values(out, "taux_lisse") == pytest.approx([100 * row[0] / row[1]] * 6)


def test_rows_without_counts_and_tables_too_short_are_told() -> None:
    rows = [(30, 100), (60, 100), (10, 100), (None, 100), (40, None)]
    out = shrink_rates(counted(*rows), effet_de_plan=1)
    assert out["motif_lissage"].to_list() == [TOO_FEW] * 3 + [NO_COUNTS] * 2
    assert values(out, "taux_brut") == [30, 60, 10, None, None]
    assert out[["taux_lisse", "coefficient_retrait", "taux_commun"]].isna().all(axis=None)
    out = shrink_rates(counted(*rows, (20, 80), (33, 70)), effet_de_plan=1)
    assert out["motif_lissage"].to_list() == ["", "", "", NO_COUNTS, NO_COUNTS, "", ""]
    assert out["taux_lisse"].isna().to_list() == [False] * 3 + [True] * 2 + [False] * 2


# false discoveries

# Benjamini and Hochberg 1995, section 3.2: fifteen p-values, four kept at 5 %.
PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528]


def test_the_published_example_keeps_four() -> None:
    frame = pd.DataFrame({"coefficient_p": pd.array([None, *PUBLISHED, 0.759, 1.0], dtype="Float64")})
    out = control_false_discoveries(frame.iloc[::-1], seuil=0.05).sort_index()
    assert values(out, "est_retenu") == [None] + [True] * 4 + [False] * 11
    assert out["coefficient_p_ajustee"].iloc[4] == pytest.approx(0.0095 * 15 / 4)
    alarms = count_false_alarms(out, seuil=0.05).iloc[0]
    assert alarms.to_list() == pytest.approx([15, 9, 0.75, 4])


def test_chance_alone_seldom_keeps_anything() -> None:
    kept = []
    for seed in range(100):
        frame = pd.DataFrame({"coefficient_p": np.random.default_rng(seed).uniform(size=140)}).astype("Float64")
        kept.append(int(control_false_discoveries(frame, seuil=0.1)["est_retenu"].sum()))
    assert np.mean(np.array(kept) > 0) < 0.2


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_an_adjusted_p_is_never_smaller_and_keeps_the_order(p: list[float]) -> None:
    frame = pd.DataFrame({"coefficient_p": pd.array(p, dtype="Float64")}).sort_values("coefficient_p")
    out = control_false_discoveries(frame, seuil=0.1)
    assert (out["coefficient_p_ajustee"] >= out["coefficient_p"] - 1e-12).all()
    assert out["coefficient_p_ajustee"].is_monotonic_increasing


@pytest.mark.parametrize("seuil", [0, 1, 10])
def test_a_threshold_out_of_range_is_refused(seuil: float) -> None:
    with pytest.raises(UsageError):
        control_false_discoveries(pd.DataFrame({"coefficient_p": [0.1]}), seuil=seuil)


def test_no_p_at_all_keeps_nothing() -> None:
    frame = pd.DataFrame({"coefficient_p": pd.array([None, None], dtype="Float64")})
    out = control_false_discoveries(frame, seuil=0.1)
    assert values(out, "est_retenu") == [None, None]
    assert count_false_alarms(out, seuil=0.1).iloc[0].to_list() == [0, 0, 0, 0]
