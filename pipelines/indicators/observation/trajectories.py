"""Trajectories: is the gap of a quartier narrowing or widening, beyond what chance or yearly ups and downs explain?

A survey is judged by the sampling interval of the change of gap; an exhaustive register, which has none, by its own
year-to-year variability. Source: domain brief, section 8.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipelines.errors import DataError, UsageError
from pipelines.indicators.observation.uncertainty import (
    Side,
    alpha_of,
    as_percents,
    check_levels,
    counts_known,
    effective_counts,
    explain_missing,
    share_of,
    spread_over,
)

CATCHING_UP, FALLING_BEHIND, STABLE, UNSURE = "rattrapage", "décrochage", "stable", "indéterminé"
NOT_COMPUTED = "non calculable"
NO_DIRECTION = "indicateur sans sens favorable : pas de trajectoire"
TOO_FEW, HOLES = "trop peu de variations annuelles", "série incomplète : année ou valeur manquante"
ALL_EQUAL = "variations annuelles toutes égales : la variabilité ne se mesure pas"
# Beyond, a p-value is 0 for any reader.
_FURTHEST = 8.0
# Floating-point noise, in points.
_NOTHING = 1e-9


def add_gap_changes(frame: pd.DataFrame, *, effet_de_plan: float, niveau: float, ecart_stable: float) -> pd.DataFrame:
    """The frame with the change of each gap between two vintages, its interval, its p-value and its trajectory.

    Reads the counts of `add_gap_intervals` twice, suffixed _debut and _fin, collecte, and sens (haut_mieux, bas_mieux,
    neutre). Adds ecart_evolution (points), ecart_evolution_bas, ecart_evolution_haut (MOVER: squared distances of the
    two Newcombe intervals added up, four independent samples), coefficient_p (the level at which that interval touches
    0), motif_intervalle, trajectoire and motif_trajectoire. Classes: stable where the whole interval lies within
    ± `ecart_stable` points; rattrapage or décrochage where it holds no 0, in the direction of `sens`; indéterminé
    otherwise; non calculable without an interval; missing for a neutral indicator.
    """
    # Heavy, and few notebooks need it.
    from scipy.stats import norm

    check_levels(effet_de_plan, niveau)
    check_stable_gap(ecart_stable)
    sides = ["_debut", "_reference_debut", "_fin", "_reference_fin"]
    reason = explain_missing(frame, sides)
    known = frame[reason == ""]
    counts = [effective_counts(known, side, effet_de_plan) for side in sides]
    change, low, high = _mover(counts, alpha_of(niveau))
    p = _invert(counts, norm.sf) if len(known) else change
    counted = frame[counts_known(frame, sides)]
    started, ended = (share_of(counted, side) - share_of(counted, f"_reference{side}") for side in ("_debut", "_fin"))
    out = frame.assign(
        ecart_evolution=as_percents(ended - started, counted, frame),
        ecart_evolution_bas=as_percents(low, known, frame),
        ecart_evolution_haut=as_percents(high, known, frame),
        coefficient_p=spread_over(p, known, frame),
        motif_intervalle=reason,
    )
    classes = name_trajectories(out["ecart_evolution_bas"], out["ecart_evolution_haut"], out["sens"], ecart_stable)
    return out.assign(trajectoire=classes, motif_trajectoire=reason.mask(classes.isna(), NO_DIRECTION).astype("str"))


def measure_variability(
    series: pd.DataFrame, *, niveau: float, variations_minimales: int, ecart_stable: float
) -> pd.DataFrame:
    """What a register's change over k years says beside its yearly ups and downs, a row per territory and segment.

    NOT a sampling interval: an exhaustive register has no sampling error. The question is whether a change over k years
    is more than k yearly changes of this size would give if they had no direction: mean yearly change against its
    Student interval, yearly changes taken as independent. Reads code_territoire, annee, valeur (a gap, in points),
    segment (a stretch without a source break), sens. Columns: code_territoire, segment, annee_debut, annee_fin,
    nb_variations (k), ecart_variation_moyenne, ecart_variation_type (standard deviation), ecart_evolution (last year
    less first), ecart_seuil (change that variability alone reaches at `niveau`), coefficient_p, trajectoire,
    motif_trajectoire. Non calculable under `variations_minimales` changes, or with a year missing inside the segment.
    DataError where a year comes twice.
    """
    check_levels(1, niveau)
    check_stable_gap(ecart_stable)
    if variations_minimales < 2:
        raise UsageError(f"variations_minimales = {variations_minimales} : il en faut 2 au moins pour un écart-type.")
    keys = ["code_territoire", "segment"]
    twice = series[series.duplicated([*keys, "annee"])]
    if len(twice):
        raise DataError(
            f"« {twice['code_territoire'].iloc[0]} » a deux valeurs en {twice['annee'].iloc[0]} : choisir la source."
        )
    rows = []
    for (code, segment), own in series.sort_values([*keys, "annee"]).groupby(keys, sort=True):
        measured = _measure_segment(own, niveau, variations_minimales)
        rows.append({"code_territoire": code, "segment": segment, "sens": own["sens"].iloc[0]} | measured)
    numbers = ["ecart_variation_moyenne", "ecart_variation_type", "ecart_evolution", "ecart_seuil", "coefficient_p"]
    counts = ["annee_debut", "annee_fin", "nb_variations"]
    out = pd.DataFrame(rows, columns=[*keys, "sens", *counts, *numbers, "motif_trajectoire"])
    out = out.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(numbers, "Float64") | {"motif_trajectoire": "str"})
    low, high = out["ecart_evolution"] - out["ecart_seuil"], out["ecart_evolution"] + out["ecart_seuil"]
    classes = name_trajectories(low, high, out["sens"], ecart_stable)
    out = out.assign(trajectoire=classes, motif_trajectoire=out["motif_trajectoire"].mask(classes.isna(), NO_DIRECTION))
    return out[[*keys, *counts, *numbers, "trajectoire", "motif_trajectoire"]]


def name_trajectories(low: pd.Series, high: pd.Series, sens: pd.Series, ecart_stable: float) -> pd.Series:
    """Trajectory of each change of gap from its interval (points) and the direction; missing where sens is neutral."""
    favourable = sens.map({"haut_mieux": 1, "bas_mieux": -1})
    low, high = low.astype(float), high.astype(float)
    up, down = (low > 0), (high < 0)
    out = pd.Series(UNSURE, index=low.index, dtype="str")
    out = out.mask((up & (favourable > 0)) | (down & (favourable < 0)), CATCHING_UP)
    out = out.mask((down & (favourable > 0)) | (up & (favourable < 0)), FALLING_BEHIND)
    out = out.mask((low >= -ecart_stable) & (high <= ecart_stable), STABLE)
    return out.mask(low.isna() | high.isna(), NOT_COMPUTED).mask(favourable.isna())


def check_stable_gap(ecart_stable: float) -> None:
    """UsageError where the width of « stable » is negative."""
    if not ecart_stable >= 0:
        raise UsageError(f"Écart stable {ecart_stable} : donner un nombre de points positif ou nul, 1 par exemple.")


def _measure_segment(own: pd.DataFrame, niveau: float, smallest: int) -> dict[str, object]:
    """The numbers of one segment, in the order of its years; `ecart_seuil` missing with its reason where refused."""
    # Heavy, and few notebooks need it.
    from scipy.stats import t

    known = own.dropna(subset="valeur")
    years, values = known["annee"].to_numpy(dtype=int), known["valeur"].to_numpy(dtype=float)
    yearly = np.diff(values)
    k = len(yearly)
    out: dict[str, object] = {"nb_variations": k}
    if k < 1:
        return out | {"motif_trajectoire": TOO_FEW}
    out |= {"annee_debut": years[0], "annee_fin": years[-1], "ecart_evolution": values[-1] - values[0]}
    if (np.diff(years) != 1).any():
        # Some of the changes are not yearly: neither their number nor their size counts.
        return out | {"nb_variations": int((np.diff(years) == 1).sum()), "motif_trajectoire": HOLES}
    if k < smallest:
        return out | {"motif_trajectoire": f"{TOO_FEW} ({k}, il en faut {smallest})"}
    mean, spread = float(yearly.mean()), float(yearly.std(ddof=1))
    out |= {"ecart_variation_moyenne": mean, "ecart_variation_type": spread}
    if spread < _NOTHING:
        return out | {"motif_trajectoire": ALL_EQUAL}
    reach = t.isf(alpha_of(niveau) / 2, k - 1) * spread * np.sqrt(k)
    p = 2 * t.sf(abs(mean) / (spread / np.sqrt(k)), k - 1)
    return out | {"ecart_seuil": reach, "coefficient_p": p, "motif_trajectoire": ""}


def _mover(counts: list[Side], alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Change of gap with its bounds (shares), from the counts at start and end of the quartier and its reference."""
    # Heavy, and few notebooks need it.
    from statsmodels.stats.proportion import confint_proportions_2indep

    started, ended = (counts[k][0] / counts[k][1] - counts[k + 1][0] / counts[k + 1][1] for k in (0, 2))
    low0, high0 = confint_proportions_2indep(*counts[0], *counts[1], method="newcomb", alpha=alpha)
    low1, high1 = confint_proportions_2indep(*counts[2], *counts[3], method="newcomb", alpha=alpha)
    change = ended - started
    low = change - np.sqrt((ended - low1) ** 2 + (high0 - started) ** 2)
    high = change + np.sqrt((high1 - ended) ** 2 + (started - low0) ** 2)
    return change, low, high


def _invert(counts: list[Side], tail: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Two-sided p of no change: the level at which the interval, which widens with it, touches 0; by bisection."""
    near, far = np.zeros(len(counts[0][0])), np.full(len(counts[0][0]), _FURTHEST)
    for _ in range(40):
        middle = (near + far) / 2
        _, low, high = _mover(counts, 2 * tail(middle))
        apart = (low > 0) | (high < 0)
        near, far = np.where(apart, middle, near), np.where(apart, far, middle)
    return 2 * tail(near)
