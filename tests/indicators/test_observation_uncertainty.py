"""Intervals against published tables, their coverage by simulation, and each reason for giving none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from pipelines.errors import DataError, UsageError
from pipelines.indicators.observation.trajectories import (
    ALL_EQUAL,
    CATCHING_UP,
    FALLING_BEHIND,
    HOLES,
    NO_DIRECTION,
    NOT_COMPUTED,
    STABLE,
    TOO_FEW,
    UNSURE,
    add_gap_changes,
    measure_variability,
)
from pipelines.indicators.observation.uncertainty import (
    NO_COLLECTION,
    NO_DENOMINATOR,
    NO_NUMERATOR,
    NO_SAMPLING,
    NO_VALUE,
    REGISTER,
    SURVEY,
    add_gap_intervals,
    add_share_intervals,
    add_smallest_changes,
)

PLACES = ("", "_reference")
MOMENTS = ("_debut", "_fin")


def frame_of(rows: list[tuple[Any, ...]], sides: tuple[str, ...], collecte: str | None = SURVEY) -> pd.DataFrame:
    """Counts by side, numerator then denominator, None where unknown; all rows collected the same way."""
    columns = [f"{name}{side}" for side in sides for name in ("numerateur", "denominateur")]
    frame = pd.DataFrame(rows, columns=columns).astype("Float64")
    return frame.assign(collecte=pd.Series([collecte] * len(frame), dtype="str"))


def shares(*rows: tuple[Any, ...], collecte: str | None = SURVEY) -> pd.DataFrame:
    frame = frame_of(list(rows), ("",), collecte)
    return frame.assign(valeur=100 * frame["numerateur"] / frame["denominateur"])


def changes_of(*rows: tuple[Any, ...], sens: str | None = "haut_mieux", collecte: str | None = SURVEY) -> pd.DataFrame:
    """Quartier then reference at the start, quartier then reference at the end."""
    sides = tuple(f"{place}{moment}" for moment in MOMENTS for place in PLACES)
    frame = frame_of(list(rows), sides, collecte)
    return frame.assign(sens=pd.Series([sens] * len(frame), dtype="str"))


# shares


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_a_share_has_the_published_wilson_interval(hits: int, size: int, low: float, high: float) -> None:
    out = add_share_intervals(shares((hits, size)), effet_de_plan=1, niveau=95).iloc[0]
    assert (out["part_basse"], out["part_haute"]) == pytest.approx((low, high), abs=0.01)
    assert out["motif_intervalle"] == ""


def test_a_design_effect_is_a_smaller_sample() -> None:
    weighed = add_share_intervals(shares((90, 300)), effet_de_plan=1.5, niveau=90)
    alone = add_share_intervals(shares((60, 200)), effet_de_plan=1, niveau=90)
    assert weighed["part_basse"].iloc[0] == pytest.approx(alone["part_basse"].iloc[0])
    assert weighed["part_haute"].iloc[0] == pytest.approx(alone["part_haute"].iloc[0])


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (shares((20, 100), collecte=REGISTER), NO_SAMPLING),
        (shares((20, None), collecte=REGISTER), NO_SAMPLING),
        (shares((20, 100), collecte=None), NO_COLLECTION),
        (shares((20, 100), collecte="enquête"), NO_COLLECTION),
        (shares((20, None)), NO_DENOMINATOR),
        (shares((0, 0)), NO_DENOMINATOR),
        (shares((None, 100)), NO_NUMERATOR),
        (shares((20, 100)).assign(valeur=pd.array([None], dtype="Float64")), NO_VALUE),
    ],
)
def test_no_interval_goes_without_its_reason(frame: pd.DataFrame, reason: str) -> None:
    both = pd.concat([shares((30, 100)), frame], ignore_index=True)
    out = add_share_intervals(both, effet_de_plan=1, niveau=90)
    assert out["motif_intervalle"].to_list() == ["", reason]
    assert out[["part_basse", "part_haute"]].isna().all(axis=1).to_list() == [False, True]


def test_a_frame_without_rows_keeps_its_columns() -> None:
    out = add_share_intervals(shares((1, 2)).iloc[:0], effet_de_plan=1, niveau=90)
    assert out.empty
    assert {"part_basse", "part_haute", "motif_intervalle"} <= set(out.columns)
    out = add_gap_changes(changes_of((1, 2) * 4).iloc[:0], effet_de_plan=1, niveau=90, ecart_stable=1)
    assert out.empty
    assert "trajectoire" in out.columns


@pytest.mark.parametrize("row", [(120, 100), (-1, 100), (-1, -2)])
def test_impossible_counts_are_refused(row: tuple[int, int]) -> None:
    with pytest.raises(DataError, match="corriger les effectifs"):
        add_share_intervals(shares(row), effet_de_plan=1, niveau=90)


@pytest.mark.parametrize(("effect", "level"), [(0.9, 90), (float("nan"), 90), (1, 0), (1, 100), (1.5, -5)])
@pytest.mark.parametrize("add", [add_share_intervals, add_gap_intervals])
def test_levels_out_of_range_are_refused(add: Callable[..., pd.DataFrame], effect: float, level: float) -> None:
    with pytest.raises(UsageError):
        add(shares((1, 2)), effet_de_plan=effect, niveau=level)


@given(st.integers(1, 5000).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))), st.floats(1, 4))
def test_an_interval_holds_its_share_and_widens_with_level_and_design_effect(row: tuple[int, int], d: float) -> None:
    narrow = add_share_intervals(shares(row), effet_de_plan=1, niveau=80).iloc[0]
    wide = add_share_intervals(shares(row), effet_de_plan=d, niveau=95).iloc[0]
    ordered = [0, wide["part_basse"], narrow["part_basse"], narrow["valeur"], narrow["part_haute"], wide["part_haute"]]
    assert (np.diff([*ordered, 100]) >= -1e-9).all()


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_nine_intervals_in_ten_hold_the_true_share(share: float) -> None:
    drawn = np.random.default_rng(7).binomial(150, share, size=2000)
    out = add_share_intervals(shares(*[(hits, 150) for hits in drawn]), effet_de_plan=1, niveau=90)
    held = ((out["part_basse"] <= 100 * share) & (out["part_haute"] >= 100 * share)).mean()
    assert 0.87 < held < 0.94


# gaps


@pytest.mark.parametrize(
    ("row", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10.
    [
        ((56, 70, 48, 80), 5.24, 33.39),
        ((9, 10, 3, 10), 17.05, 80.90),
        ((6, 7, 2, 7), 5.82, 80.62),
        ((5, 56, 0, 29), -3.81, 19.26),
        ((0, 10, 0, 20), -16.11, 27.75),
        ((0, 10, 0, 10), -27.75, 27.75),
        ((10, 10, 0, 20), 67.91, 100.0),
        ((10, 10, 0, 10), 60.75, 100.0),
    ],
)
def test_a_gap_has_the_published_newcombe_interval(row: tuple[int, ...], low: float, high: float) -> None:
    out = add_gap_intervals(frame_of([row], PLACES), effet_de_plan=1, niveau=95).iloc[0]
    assert (out["ecart_bas"], out["ecart_haut"]) == pytest.approx((low, high), abs=0.011)
    assert out["ecart_reference"] == pytest.approx(100 * (row[0] / row[1] - row[2] / row[3]))


def test_the_p_of_a_gap_is_that_of_the_score_test() -> None:
    frame = frame_of([(56, 70, 48, 80), (10, 40, 20, 80), (0, 10, 0, 20)], PLACES)
    p = add_gap_intervals(frame, effet_de_plan=1, niveau=95)["coefficient_p"]
    # Pooled share 104/150; the score test counts n/(n - 1) of its variance.
    z = 0.2 / np.sqrt(104 / 150 * 46 / 150 * (1 / 70 + 1 / 80) * 150 / 149)
    assert p.iloc[0] == pytest.approx(2 * student.sf(z, 1e9), rel=1e-6)
    assert p.iloc[1:].to_list() == [1, 1]
    weighed = add_gap_intervals(frame, effet_de_plan=2, niveau=95)["coefficient_p"]
    assert weighed.iloc[0] > p.iloc[0]


def test_a_register_has_a_gap_without_interval() -> None:
    out = add_gap_intervals(frame_of([(56, 70, 48, 80)], PLACES, REGISTER), effet_de_plan=1, niveau=95).iloc[0]
    assert out["ecart_reference"] == pytest.approx(20)
    assert out[["ecart_bas", "ecart_haut", "coefficient_p"]].isna().all()
    assert out["motif_intervalle"] == NO_SAMPLING


def test_an_unknown_reference_leaves_no_gap() -> None:
    rows = [(56, 70, None, 80), (56, 70, 48, None)]
    out = add_gap_intervals(frame_of(rows, PLACES), effet_de_plan=1, niveau=95)
    assert out["ecart_reference"].isna().all()
    assert out["motif_intervalle"].to_list() == [NO_NUMERATOR, NO_DENOMINATOR]


# smallest changes


def test_the_smallest_change_that_could_be_seen() -> None:
    frame = frame_of([(500, 1000, 500, 1000)], PLACES).assign(avant=pd.array([250], dtype="Float64"))
    seen = add_smallest_changes(frame, effet_de_plan=1.5)["ecart_detectable"].iloc[0]
    assert seen == pytest.approx(100 * 2.8 * np.sqrt(0.25 * 0.002 * 1.5))
    seen = add_smallest_changes(frame, effet_de_plan=1.5, compare_a="avant")["ecart_detectable"].iloc[0]
    assert seen == pytest.approx(100 * 2.8 * np.sqrt(0.25 * 0.005 * 1.5))


@pytest.mark.parametrize(
    ("row", "collecte", "reason"),
    [
        ((5, 10, 5, 10), REGISTER, NO_SAMPLING),
        ((5, None, 5, 10), SURVEY, "écart détectable non calculable : dénominateur inconnu"),
        ((5, 10, 5, None), SURVEY, "écart détectable non calculable : dénominateur inconnu"),
        ((0, 10, 5, 10), SURVEY, "écart détectable non calculable : part de 0 ou de 100 %"),
        ((10, 10, 5, 10), SURVEY, "écart détectable non calculable : part de 0 ou de 100 %"),
    ],
)
def test_no_smallest_change_goes_without_its_reason(row: tuple[Any, ...], collecte: str, reason: str) -> None:
    out = add_smallest_changes(frame_of([row], PLACES, collecte), effet_de_plan=1)
    assert out["motif_ecart_detectable"].to_list() == [reason]
    assert out["ecart_detectable"].isna().all()


# changes of gap

HELD = (300, 1000, 400, 1000)


@pytest.mark.parametrize(
    ("end", "sens", "expected"),
    [
        ((380, 1000, 400, 1000), "haut_mieux", CATCHING_UP),
        ((380, 1000, 400, 1000), "bas_mieux", FALLING_BEHIND),
        ((220, 1000, 400, 1000), "haut_mieux", FALLING_BEHIND),
        ((220, 1000, 400, 1000), "bas_mieux", CATCHING_UP),
        ((310, 1000, 400, 1000), "haut_mieux", UNSURE),
    ],
)
def test_a_trajectory_follows_the_interval_and_the_direction(end: tuple[int, ...], sens: str, expected: str) -> None:
    out = add_gap_changes(changes_of((*HELD, *end), sens=sens), effet_de_plan=1, niveau=90, ecart_stable=1).iloc[0]
    assert out["trajectoire"] == expected
    assert out["ecart_evolution"] == pytest.approx(100 * (end[0] - 300) / 1000)
    assert out["motif_trajectoire"] == ""


def test_a_gap_is_stable_only_where_its_whole_interval_is_small() -> None:
    large = tuple(1000 * number for number in HELD)
    frame = changes_of(large * 2, HELD * 2)
    assert add_gap_changes(frame, effet_de_plan=1, niveau=90, ecart_stable=1)["trajectoire"].to_list() == [
        STABLE,
        UNSURE,
    ]
    with pytest.raises(UsageError):
        add_gap_changes(frame, effet_de_plan=1, niveau=90, ecart_stable=-1)


@pytest.mark.parametrize(
    ("frame", "trajectory", "reason"),
    [
        (changes_of((*HELD, None, 1000, 400, 1000)), NOT_COMPUTED, NO_NUMERATOR),
        (changes_of((300, None, *HELD[2:], *HELD)), NOT_COMPUTED, NO_DENOMINATOR),
        (changes_of(HELD * 2, collecte=REGISTER), NOT_COMPUTED, NO_SAMPLING),
        (changes_of(HELD * 2, collecte=None), NOT_COMPUTED, NO_COLLECTION),
        (changes_of(HELD * 2, sens="neutre"), None, NO_DIRECTION),
        (changes_of(HELD * 2, sens=None), None, NO_DIRECTION),
    ],
)
def test_no_trajectory_goes_without_its_reason(frame: pd.DataFrame, trajectory: str | None, reason: str) -> None:
    out = add_gap_changes(frame, effet_de_plan=1, niveau=90, ecart_stable=1).iloc[0]
    assert (None if pd.isna(out["trajectoire"]) else out["trajectoire"]) == trajectory
    assert out["motif_trajectoire"] == reason


def test_a_start_known_for_certain_leaves_the_interval_of_the_end() -> None:
    certain = tuple(10**9 * number for number in HELD)
    change = add_gap_changes(changes_of((*certain, *HELD)), effet_de_plan=1, niveau=90, ecart_stable=1).iloc[0]
    end = add_gap_intervals(frame_of([HELD], PLACES), effet_de_plan=1, niveau=90).iloc[0]
    assert change["ecart_evolution_bas"] == pytest.approx(end["ecart_bas"] + 10, abs=1e-3)
    assert change["ecart_evolution_haut"] == pytest.approx(end["ecart_haut"] + 10, abs=1e-3)


def test_the_bounds_of_a_change_come_from_the_nearest_sides_of_the_published_intervals() -> None:
    # Newcombe's 5/56 - 0/29 (-3.81 to 19.26), then 56/70 - 48/80 (5.24 to 33.39).
    frame = changes_of((5, 56, 0, 29, 56, 70, 48, 80))
    out = add_gap_changes(frame, effet_de_plan=1, niveau=95, ecart_stable=1).iloc[0]
    start, end = 100 * 5 / 56, 20
    low, high = np.hypot(end - 5.24, 19.26 - start), np.hypot(33.39 - end, start + 3.81)
    assert out["ecart_evolution"] == pytest.approx(end - start)
    assert out["ecart_evolution_bas"] == pytest.approx(end - start - low, abs=0.02)
    assert out["ecart_evolution_haut"] == pytest.approx(end - start + high, abs=0.02)


counts = st.integers(5, 400).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


@pytest.mark.long
@given(st.tuples(counts, counts, counts, counts), st.sampled_from([80, 90, 95]))
def test_the_p_of_a_change_is_small_where_its_interval_holds_no_0(sides: tuple[Any, ...], niveau: int) -> None:
    row = tuple(number for side in sides for number in side)
    out = add_gap_changes(changes_of(row), effet_de_plan=1, niveau=niveau, ecart_stable=0).iloc[0]
    apart = out["ecart_evolution_bas"] > 0 or out["ecart_evolution_haut"] < 0
    distance = out["coefficient_p"] - (1 - niveau / 100)
    assert (distance < 1e-6) if apart else (distance > -1e-6)
    assert 0 <= out["coefficient_p"] <= 1


def test_nine_intervals_in_ten_hold_the_true_change_of_gap() -> None:
    rng, sizes, true = np.random.default_rng(3), (200, 900, 250, 900), (0.3, 0.5, 0.35, 0.45)
    drawn = np.column_stack([rng.binomial(size, share, 1500) for size, share in zip(sizes, true, strict=True)])
    rows = [tuple(x for pair in zip(hits, sizes, strict=True) for x in pair) for hits in drawn.tolist()]
    out = add_gap_changes(changes_of(*rows), effet_de_plan=1, niveau=90, ecart_stable=1)
    held = ((out["ecart_evolution_bas"] <= 10) & (out["ecart_evolution_haut"] >= 10)).mean()
    assert 0.87 < held < 0.93


# registers


def yearly(*values: float | None, code: str = "QP1", start: int = 2015, sens: str = "haut_mieux") -> pd.DataFrame:
    frame = pd.DataFrame({"annee": range(start, start + len(values)), "valeur": pd.array(values, dtype="Float64")})
    return frame.assign(code_territoire=code, segment="1", sens=sens)


def measure(frame: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return measure_variability(frame, **{"niveau": 90, "variations_minimales": 3, "ecart_stable": 1} | options)


def test_the_change_of_a_register_is_set_beside_its_yearly_changes() -> None:
    out = measure(yearly(0, 1, 3, 3)).iloc[0]
    assert out[["annee_debut", "annee_fin", "nb_variations"]].to_list() == [2015, 2018, 3]
    numbers = out[["ecart_variation_moyenne", "ecart_variation_type", "ecart_evolution"]].to_list()
    assert numbers == pytest.approx([1, 1, 3])
    assert out["ecart_seuil"] == pytest.approx(2.919986 * np.sqrt(3), rel=1e-6)
    assert out["trajectoire"] == UNSURE


@pytest.mark.parametrize(
    ("values", "sens", "expected"),
    [
        ((0, 1, 2.1, 3), "haut_mieux", CATCHING_UP),
        ((0, 1, 2.1, 3), "bas_mieux", FALLING_BEHIND),
        ((0, 0.1, 0, 0.1), "haut_mieux", STABLE),
        ((0, 5, -5, 5), "haut_mieux", UNSURE),
        ((0, 1, 2.1, 3), "neutre", None),
    ],
)
def test_the_trajectory_of_a_register(values: tuple[float, ...], sens: str, expected: str | None) -> None:
    out = measure(yearly(*values, sens=sens)).iloc[0]
    assert (None if pd.isna(out["trajectoire"]) else out["trajectoire"]) == expected
    assert out["motif_trajectoire"] == (NO_DIRECTION if expected is None else "")


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (yearly(1, 2, 4), f"{TOO_FEW} (2, il en faut 3)"),
        (yearly(1), TOO_FEW),
        (yearly(None, None), TOO_FEW),
        (yearly(1, None, 3, 4, 6), HOLES),
        (yearly(1, 2, 5, 4, 6, 9).query("annee != 2017"), HOLES),
        (yearly(0, 0.1, 0.2, 0.3), ALL_EQUAL),
    ],
)
def test_no_register_trajectory_goes_without_its_reason(frame: pd.DataFrame, reason: str) -> None:
    out = measure(frame).iloc[0]
    assert (out["trajectoire"], out["motif_trajectoire"]) == (NOT_COMPUTED, reason)
    assert pd.isna(out["ecart_seuil"])


def test_years_missing_at_an_end_shorten_the_series() -> None:
    out = measure(yearly(None, 0, 1, 3, 3, None)).iloc[0]
    assert out[["annee_debut", "annee_fin", "nb_variations", "motif_trajectoire"]].to_list() == [2016, 2019, 3, ""]


def test_a_break_makes_two_segments_and_a_year_comes_once() -> None:
    frame = pd.concat([yearly(0, 1, 3, 3), yearly(9, 8, 6, 6, start=2019).assign(segment="2")], ignore_index=True)
    out = measure(frame)
    assert out["segment"].to_list() == ["1", "2"]
    assert out["ecart_evolution"].to_list() == [3, -3]
    with pytest.raises(DataError, match="2015"):
        measure(pd.concat([frame, frame.iloc[[0]]]))
    with pytest.raises(UsageError):
        measure(frame, variations_minimales=1)


def test_ups_and_downs_without_direction_are_seldom_called_a_trajectory() -> None:
    rng = np.random.default_rng(5)
    walks = [yearly(*rng.normal(size=8).cumsum(), code=f"T{k:03}") for k in range(400)]
    out = measure(pd.concat(walks), ecart_stable=0)
    called = out["trajectoire"].isin([CATCHING_UP, FALLING_BEHIND])
    assert 0.06 < called.mean() < 0.14
    assert (out["coefficient_p"] < 0.1).equals(called.rename("coefficient_p").astype("boolean"))
