"""Impact on simulated panels whose truth is known, and every refusal: none of its texts names an effect."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from pipelines.errors import DataError, UsageError
from pipelines.indicators.impact import Study, study_impact
from pipelines.indicators.impact.conditions import NOT_EXAMINED
from pipelines.indicators.impact.panel import arrange_panel
from pipelines.indicators.impact.permutation import confidence_interval, deal_labels, gaps_of_means, p_of
from pipelines.indicators.impact.study import COMPUTED, estimate
from pipelines.paths import ROOT
from pipelines.values import plain

REAL_DATA = ROOT.parent / "shared" / "real-data"
EXCERPTS = ROOT / "tests" / "data" / "impact"
TYPES = {"code_territoire": "str", "annee": "Int64", "valeur": "Float64", "est_traite": "boolean"}
OPTIONS = {
    "annee_traitement": 2012,
    "echelle": "log",
    "niveau": 90,
    "tirages": 999,
    "graine": 1,
    "traites_minimaux": 8,
    "temoins_minimaux": 8,
    "ruptures": {},
    "zonages_anterieurs": frozenset(),
}


def simulate(
    seed: int, *, effect: float = 0.0, treated: int = 12, controls: int = 28, noise: float = 0.05, drift: float = 0.0
) -> pd.DataFrame:
    """Counts of 2006 to 2015: very different sizes, common years, a known effect in percent since 2012.

    `drift`: what the treated gain a year, in percent, whatever is done.
    """
    rng = np.random.default_rng(seed)
    years, size = np.arange(2006, 2016), treated + controls
    chosen = np.arange(size) < treated
    logs = rng.normal(6, 1, (size, 1)) + rng.normal(0, 0.1, len(years)).cumsum()
    logs = logs + rng.normal(0, noise, (size, len(years)))
    logs = logs + np.outer(chosen, np.log1p(effect / 100) * (years >= 2012) + np.log1p(drift / 100) * (years - 2006))
    codes = np.array([f"T{k:02}" for k in range(size)])
    columns = (np.repeat(codes, len(years)), np.tile(years, size), np.exp(logs).ravel(), np.repeat(chosen, len(years)))
    return pd.DataFrame(dict(zip(TYPES, columns, strict=True))).astype(TYPES)


SOUND = simulate(1, effect=-10)


def study(panel: pd.DataFrame, **options: Any) -> Study:
    return study_impact(panel, **OPTIONS | options)


def texts_of(found: Study) -> list[str]:
    """Every text of a study: verdict, names of columns, cells."""
    out = [found.verdict]
    for frame in (found.conditions, found.estimation, found.placebos):
        out += [*frame.columns, *(cell for cell in frame.to_numpy().ravel() if isinstance(cell, str))]
    return out


def refuses(found: Study) -> list[str]:
    """The conditions that fail, once seen that no estimate is given and that no text names an effect."""
    assert found.estimation.empty
    assert not [text for text in texts_of(found) if re.search("effet", text, re.IGNORECASE)]
    failed = found.conditions.loc[~found.conditions["est_remplie"], "condition"].to_list()
    assert found.verdict == f"refus : {', '.join(failed)}"
    return failed


# permutation, by hand and by brute force


def test_every_deal_is_played_once_the_observed_first() -> None:
    treated = np.array([False, True, False, True])
    labels = deal_labels(treated, tirages=6, graine=1)
    assert labels[0].tolist() == treated.tolist()
    assert labels.shape == (6, 4)
    assert len({tuple(row) for row in labels.tolist()}) == 6
    drawn = deal_labels(treated, tirages=5, graine=1)
    assert drawn.shape == (6, 4)
    assert set(drawn.sum(axis=1)) == {2}


def test_the_p_of_the_furthest_deal_is_one_in_ten() -> None:
    labels = deal_labels(np.array([True, True, False, False, False]), tirages=100, graine=1)
    gaps = gaps_of_means(labels, np.array([10.0, 11, 1, 2, 3]))
    assert gaps[0] == pytest.approx(8.5)
    assert p_of(gaps) == pytest.approx(0.1)
    assert p_of(gaps_of_means(labels, np.zeros(5))) == 1


@given(
    st.lists(st.integers(-50, 50), min_size=6, max_size=9),
    st.integers(2, 4),
    st.floats(-60, 60),
    st.sampled_from([70, 80, 90]),
)
def test_the_interval_holds_the_gaps_that_the_test_does_not_refuse(
    moves: list[int], size: int, tried: float, niveau: int
) -> None:
    treated = np.arange(len(moves)) < size
    labels, values = deal_labels(treated, tirages=200, graine=1), np.array(moves, dtype=float)
    low, high = confidence_interval(labels, values, niveau)
    # On the bound itself the test is a tie.
    if min(abs(tried - low), abs(tried - high)) > 1e-6:
        accepted = p_of(gaps_of_means(labels, values - tried * treated)) > 1 - niveau / 100 + 1e-9
        assert accepted == (low < tried < high)


# a known effect


def recover(seeds: range, effect: float) -> tuple[list[bool], list[bool]]:
    """Over the panels that pass: whether the interval holds the truth, and whether something is found."""
    held, found = [], []
    for seed in seeds:
        out = study(simulate(seed, effect=effect))
        if out.verdict == COMPUTED:
            row = out.estimation.iloc[0]
            held.append(row["estimation_basse"] <= effect <= row["estimation_haute"])
            found.append(row["coefficient_p"] <= 0.1)
    return held, found


def near(hits: int, size: int, share: float) -> bool:
    """Whether a count is what the share gives, but for one case in a thousand."""
    low, high = binom.ppf([0.0005, 0.9995], size, share)
    return bool(low <= hits <= high)


@pytest.mark.parametrize(
    "seeds", [pytest.param(range(40), id="40"), pytest.param(range(300), id="300", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("effect", [-10.0, 0.0, 15.0])
def test_a_known_effect_is_recovered_and_none_is_found_where_there_is_none(seeds: range, effect: float) -> None:
    held, found = recover(seeds, effect)
    # Three of the conditions are tests at 90 %.
    assert len(held) >= 0.6 * len(seeds)
    assert near(sum(held), len(held), 0.9)
    if effect:
        assert all(found)
    else:
        assert near(sum(found), len(found), 0.1)


def test_an_estimate_says_what_it_is() -> None:
    out = study(simulate(1, effect=-10))
    assert out.verdict == COMPUTED
    row = out.estimation.iloc[0]
    assert row["estimation_basse"] < row["estimation"] < row["estimation_haute"] < 0
    assert row[["unite", "nb_traites", "nb_temoins", "nb_annees_avant", "nb_annees_apres"]].to_list() == [
        "%", 12, 28, 6, 4,
    ]  # fmt: skip
    assert plain(row["lecture"]).startswith("Effet estimé : −")
    kinds = out.placebos["placebo"].value_counts()
    assert (kinds["dans le temps"], kinds["dans l'espace"]) == (5, 28)


def test_an_effect_is_announced_only_where_the_interval_holds_no_0() -> None:
    studies = [study(simulate(seed)) for seed in range(12)]
    rows = [one.estimation.iloc[0] for one in studies if one.verdict == COMPUTED]
    holds = [row["estimation_basse"] <= 0 <= row["estimation_haute"] for row in rows]
    assert [row["lecture"].startswith("Aucun effet décelé") for row in rows] == holds
    assert len(set(holds)) == 2


@pytest.mark.parametrize(("scale", "expected"), [("valeur", 24.0), ("indice", 24.0), ("log", 100 * (1.32 / 1.08 - 1))])
def test_the_estimate_is_the_difference_of_differences(scale: str, expected: float) -> None:
    # 100 before; since 2012, 132 for the treated and 108 for the controls.
    late = SOUND["annee"] >= 2012
    valeur = pd.Series(100.0, SOUND.index).mask(late, 108).mask(late & SOUND["est_traite"], 132)
    arranged = arrange_panel(SOUND.assign(valeur=valeur.astype("Float64")), 2012, scale)
    labels = deal_labels(arranged.treated, tirages=999, graine=1)
    row = estimate(arranged, labels, 90)
    assert [row["estimation"], row["estimation_basse"], row["estimation_haute"]] == pytest.approx([expected] * 3)
    assert row["coefficient_p"] == pytest.approx(1 / 1000)


def test_a_study_depends_on_the_seed_and_not_on_the_order() -> None:
    panel = simulate(4, effect=2)
    one, other = study(panel), study(panel.sample(frac=1, random_state=5))
    assert one.conditions.equals(other.conditions)
    assert one.estimation.equals(other.estimation)
    assert one.placebos.equals(other.placebos)


# refusals


def without(**kept: Any) -> pd.DataFrame:
    """The sound panel less the rows of some years or codes."""
    out = SOUND
    for name, removed in kept.items():
        out = out[~out[name].isin(removed)]
    return out


@pytest.mark.parametrize(
    ("panel", "options", "failed"),
    [
        (without(annee=range(2006, 2010)), {}, ["périodes avant"]),
        (SOUND, {"traites_minimaux": 13}, ["territoires traités"]),
        (SOUND, {"temoins_minimaux": 29}, ["territoires témoins"]),
        (SOUND, {"niveau": 99.95}, ["répartitions possibles"]),
        (without(code_territoire=["T30"]), {}, []),
        (SOUND.iloc[1:], {}, ["panel complet"]),
        (SOUND.assign(valeur=SOUND["valeur"].mask(SOUND.index == 399)), {}, ["panel complet"]),
        (SOUND, {"ruptures": {2012: "nouveau mode de calcul"}}, ["ruptures de source"]),
        (SOUND, {"ruptures": {2015: "nouveau mode de calcul"}}, ["ruptures de source"]),
        (SOUND, {"ruptures": {2006: "avant le panel", 2016: "après le panel"}}, []),
        (SOUND, {"zonages_anterieurs": None}, ["zonages antérieurs"]),
        (SOUND, {"zonages_anterieurs": 60.0}, ["zonages antérieurs"]),
        (SOUND, {"zonages_anterieurs": 0}, []),
        (SOUND, {"zonages_anterieurs": {"T00"}}, ["zonages antérieurs"]),
        (SOUND, {"zonages_anterieurs": {"T39"}}, ["zonages antérieurs"]),
        (SOUND, {"zonages_anterieurs": {"ailleurs"}}, []),
        (SOUND, {"traites_minimaux": 13, "zonages_anterieurs": None}, ["territoires traités", "zonages antérieurs"]),
    ],
)
def test_each_condition_that_fails_is_named_alone(
    panel: pd.DataFrame, options: dict[str, Any], failed: list[str]
) -> None:
    out = study(panel, **options)
    if failed:
        assert refuses(out) == failed
    else:
        assert out.verdict == COMPUTED


def test_a_panel_without_a_year_after_is_refused() -> None:
    out = study(SOUND, annee_traitement=2016)
    assert {"périodes après", "placebo dans l'espace"} <= set(refuses(out))
    assert out.conditions["constat"].iloc[-1] == NOT_EXAMINED


@pytest.mark.parametrize("everybody", [True, False])
def test_a_panel_of_one_kind_is_refused(everybody: bool) -> None:
    same = SOUND.assign(est_traite=pd.Series(everybody, SOUND.index, dtype="boolean"))
    kind = "territoires témoins" if everybody else "territoires traités"
    assert {kind, "répartitions possibles", "tendances antérieures"} <= set(refuses(study(same)))


def test_diverging_trends_are_seen_before() -> None:
    failed = refuses(study(simulate(1, effect=-10, drift=3)))
    assert "tendances antérieures" in failed
    assert "placebo dans le temps" in failed


def test_a_move_of_the_treated_before_the_date_is_seen_at_a_fake_date() -> None:
    # Up then down: no slope, yet nothing parallel.
    early = SOUND["est_traite"] & SOUND["annee"].isin([2008, 2009])
    failed = refuses(study(SOUND.assign(valeur=SOUND["valeur"].mask(early, SOUND["valeur"] * 1.2))))
    assert failed == ["placebo dans le temps"]


def test_a_control_that_moves_as_if_treated_is_seen() -> None:
    moved = (SOUND["code_territoire"] == "T20") & (SOUND["annee"] >= 2012)
    out = study(SOUND.assign(valeur=SOUND["valeur"].mask(moved, SOUND["valeur"] * 0.7)))
    assert refuses(out) == ["placebo dans l'espace"]
    assert "T20" in out.conditions["constat"].iloc[-1]


def test_two_conditions_never_read_the_treated_after_the_date() -> None:
    late = SOUND["est_traite"] & (SOUND["annee"] >= 2012)
    one = study(SOUND, zonages_anterieurs=None)
    other = study(SOUND.assign(valeur=SOUND["valeur"].mask(late, SOUND["valeur"] * 3)), zonages_anterieurs=None)
    assert one.placebos.equals(other.placebos)
    assert one.conditions.equals(other.conditions)


@pytest.mark.parametrize(
    ("panel", "options", "error", "said"),
    [
        (SOUND, {"echelle": "racine"}, UsageError, "racine"),
        (SOUND, {"tirages": 10}, UsageError, "99"),
        (SOUND, {"periodes_minimales": 2}, UsageError, "3 années"),
        (SOUND, {"niveau": 0}, UsageError, "Niveau"),
        (SOUND.assign(valeur=SOUND["valeur"].mask(SOUND.index == 0, 0)), {}, UsageError, "1 territoire"),
        (pd.concat([SOUND, SOUND.iloc[[0]]]), {}, DataError, "T00"),
        (SOUND.assign(est_traite=SOUND["est_traite"].mask(SOUND.index == 0, False)), {}, DataError, "T00"),
    ],
)
def test_bad_usage_is_told(panel: pd.DataFrame, options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        study(panel, **options)


# the communes of the Nord

# Spelt without ligature or accent in the decree; Téteghem merged with Coudekerque-Village in 2016.
ALIASES = {
    "Roeulx": "Rœulx",
    "Marcq-en-Baroeul": "Marcq-en-Barœul",
    "Ecaillon": "Écaillon",
    "Téteghem": "Téteghem-Coudekerque-Village",
    "Oeuvrecourt": "Œuvrecourt",
    "Ecartville": "Écartville",
}
BREAKS = {
    2016: "localisation et inscription des demandeurs d'emploi modifiées (à confirmer)",
    2020: "inscription modifiée en 2020-2021 (à confirmer)",
}
EARLIER = "La plupart relevaient déjà des ZUS ou des CUCS (à confirmer)."


def communes(series: Path, quartiers: Path, *, smallest: int = 0) -> pd.DataFrame:
    """Job seekers of communes by year, treated where the decree names one of their quartiers; the smallest left out."""
    wide = pd.read_csv(series, sep=";", dtype={"id": "str"}).query("niveau == 'commune'")
    wide = wide[wide.filter(regex=r"^defm\d{4}$").min(axis=1) >= smallest]
    listed = pd.read_csv(quartiers, sep=";", dtype="str")["communes_concernees"].str.split(",").explode().str.strip()
    named = set(listed.replace(ALIASES))
    assert named <= set(wide["nom"])
    long = wide.melt(["id", "nom"], wide.filter(regex=r"^defm\d{4}$").columns, "annee", "valeur")
    long = long.assign(annee=long["annee"].str.removeprefix("defm").astype(int), est_traite=long["nom"].isin(named))
    return long.rename(columns={"id": "code_territoire"})[list(TYPES)].astype(TYPES)


def refuse_communes(panel: pd.DataFrame, **options: Any) -> list[str]:
    """What fails on communes with and without quartiers since 2015, once seen that both expected reasons are told."""
    out = study(
        panel, annee_traitement=2015, ruptures=BREAKS, zonages_anterieurs=None, reserve_zonages=EARLIER, **options
    )
    found = out.conditions.set_index("condition")["constat"]
    assert EARLIER in found["zonages antérieurs"]
    assert "2016 : localisation" in found["ruptures de source"]
    assert "2020 : inscription" in found["ruptures de source"]
    failed = refuses(out)
    assert {"ruptures de source", "zonages antérieurs"} <= set(failed)
    return failed


def test_communes_with_quartiers_are_refused_on_an_invented_excerpt() -> None:
    panel = communes(EXCERPTS / "defm_an_fictif.csv", EXCERPTS / "qpv_2015_fictif.csv")
    assert panel.groupby("code_territoire")["est_traite"].first().sum() == 5
    refuse_communes(panel, traites_minimaux=5, temoins_minimaux=5)


def test_the_communes_of_the_nord_are_refused() -> None:
    paths = [
        REAL_DATA / name
        for name in ("insee-caf-nord-communes-epci/defm_an_nord.csv", "qpv2015-decret-2014-1750/qpv_2015_nord.csv")
    ]
    for path in paths:
        if not path.is_file():
            pytest.skip(f"fichier public absent : ../shared/real-data/{path.parent.name}/{path.name}")
    panel = communes(*paths, smallest=20)
    assert panel["annee"].agg(["min", "max"]).to_list() == [2009, 2023]
    assert panel.groupby("code_territoire")["est_traite"].first().sum() == 77
    failed = refuse_communes(panel)
    assert not {"périodes avant", "territoires traités", "territoires témoins", "panel complet"} & set(failed)
