"""Ranks with their uncertainty, rates shrunk towards the common mean, false alarms under control.

A league table of quartiers is mostly noise: a rank is given only with its interval, a smoothed rate only beside the raw
one, and a list of differences only after what chance alone would have brought. Source: domain brief, sections 8 and 10.
"""

import numpy as np
import pandas as pd

from pipelines.errors import DataError, UsageError
from pipelines.indicators.observation.uncertainty import (
    as_percents,
    check_levels,
    counts_known,
    effective_counts,
    share_of,
    spread_over,
)
from pipelines.values import format_number

NO_RANK = "rang non calculable : "
SURE_THIRD, UNSURE_THIRD = "tiers assuré", "tiers incertain"
NO_COUNTS = "lissage non calculable : effectifs inconnus"
TOO_FEW = "lissage non calculable : moins de cinq territoires aux effectifs connus"
NO_SPREAD = "écarts entre territoires non distincts du hasard : tous ramenés au taux commun"
_SMALLEST = 5
# ln of the precision: beyond, shares differ by less than a twentieth of a point; below, they are 0 or 100.
_PRECISIONS = (-3.0, 14.0)
# Gain of log-likelihood that is but rounding.
_NOTHING = 1e-3


def simulate_ranks(
    frame: pd.DataFrame, *, niveau: float, tirages: int, graine: int, decroissant: bool = True
) -> pd.DataFrame:
    """The frame with the rank of each territory and what it is worth; no rank at all where one interval is missing.

    Reads code_territoire (once each), valeur, part_basse, part_haute (percent, Wilson at the same `niveau`). Adds rang
    (1: the highest value, the lowest if not `decroissant`; equals share the better), rang_bas and rang_haut (interval
    of the rank at `niveau`), part_tiers (share of `tirages` draws that leave the territory in its third of the ranks),
    libelle_stabilite (tiers assuré where part_tiers reaches `niveau`), motif_rang. Values are drawn normal on the logit
    scale: Wilson's interval is symmetric there, so that the bounds are the very quantiles of the draws and no draw
    leaves 0-100; at 0 or 100 %, where the logit ends, a Beta(1, b) with the other bound as its quantile. Same result
    whatever the order of the rows. DataError where a territory comes twice.
    """
    check_levels(1, niveau)
    if tirages < 1:
        raise UsageError(f"tirages = {tirages} : donner un nombre de tirages, 2000 par exemple.")
    if frame["code_territoire"].duplicated().any():
        twice = frame.loc[frame["code_territoire"].duplicated(), "code_territoire"].iloc[0]
        raise DataError(f"« {twice} » apparaît deux fois : un classement se fait sur un indicateur et un millésime.")
    reason = _refuse_ranks(frame)
    ordered = frame.sort_values("code_territoire", kind="stable") if not reason else frame.iloc[:0]
    ranks = _draw_ranks(ordered, niveau, tirages, graine, decroissant) if len(ordered) else np.empty((0, 1))
    observed = ordered["valeur"].astype(float).rank(method="min", ascending=not decroissant).to_numpy()
    thirds = [np.ceil(3 * of / max(len(ordered), 1)) for of in (ranks, observed[:, None])]
    part = 100 * (thirds[0] == thirds[1]).mean(axis=1)
    edges = [(100 - niveau) / 200, (100 + niveau) / 200]
    low, high = np.quantile(ranks, edges, axis=1, method="inverted_cdf") if len(ordered) else (observed, observed)
    out = frame.assign(
        rang=spread_over(observed, ordered, frame).astype("Int64"),
        rang_bas=spread_over(low, ordered, frame).astype("Int64"),
        rang_haut=spread_over(high, ordered, frame).astype("Int64"),
        part_tiers=spread_over(part, ordered, frame),
    )
    sure = out["part_tiers"].ge(niveau)
    labels = sure.map({True: SURE_THIRD, False: UNSURE_THIRD}).astype("str")
    return out.assign(libelle_stabilite=labels, motif_rang=pd.Series(reason, index=out.index, dtype="str"))


def shrink_rates(frame: pd.DataFrame, *, effet_de_plan: float) -> pd.DataFrame:
    """The frame with each rate raw and drawn towards the common one, the more so the smaller its base.

    Reads numerateur, denominateur. Adds taux_brut, taux_commun (mean of the fitted law), taux_lisse,
    coefficient_retrait (weight of the common rate, 0 to 1), motif_lissage. Empirical Bayes: beta-binomial fitted by
    maximum likelihood on counts over `effet_de_plan` (1 for a register), fractions included. Where no spread is seen
    beyond chance, the weight is 1 and the reason says so. The smoothed rate is missing for rows without counts, and for
    all rows where fewer than five have them; the raw one stays.
    """
    check_levels(effet_de_plan, 50)
    counted = counts_known(frame, [""])
    known = frame[counted]
    enough = len(known) >= _SMALLEST
    reason = pd.Series("" if enough else TOO_FEW, index=frame.index, dtype="str").mask(~counted, NO_COUNTS)
    fitted = known if enough else known.iloc[:0]
    hits, sizes = effective_counts(fitted, "", effet_de_plan)
    mean, precision = _fit_beta_binomial(hits, sizes) if enough else (np.nan, np.nan)
    if np.isinf(precision):
        reason = reason.mask(counted, NO_SPREAD)
    weight = np.ones(len(fitted)) if np.isinf(precision) else precision / (precision + sizes)
    return frame.assign(
        taux_brut=as_percents(share_of(known, ""), known, frame),
        taux_commun=as_percents(np.full(len(fitted), mean), fitted, frame),
        taux_lisse=as_percents(weight * mean + (1 - weight) * hits / sizes, fitted, frame),
        coefficient_retrait=spread_over(weight, fitted, frame),
        motif_lissage=reason,
    )


def control_false_discoveries(frame: pd.DataFrame, *, seuil: float, p: str = "coefficient_p") -> pd.DataFrame:
    """The frame with what is kept once the number of comparisons counts: coefficient_p_ajustee, est_retenu.

    Benjamini-Hochberg over all rows at once: at most `seuil` (0 to 1, as p) of what is kept is due to chance, on
    average. To be called on the whole table quartier × indicateur, never one indicator at a time. A missing p stays
    missing and does not count. Holds for comparisons that share a reference (positive dependence).
    """
    # Heavy, and few notebooks need it.
    from scipy.stats import false_discovery_control

    _check_threshold(seuil)
    known = frame[frame[p].notna()]
    adjusted = false_discovery_control(known[p].astype(float)) if len(known) else np.empty(0)
    column = spread_over(adjusted, known, frame)
    return frame.assign(coefficient_p_ajustee=column, est_retenu=(column <= seuil).astype("boolean"))


def count_false_alarms(frame: pd.DataFrame, *, seuil: float, p: str = "coefficient_p") -> pd.DataFrame:
    """One row: what the control spares. From `control_false_discoveries`, with the same `seuil`.

    Columns: nb_comparaisons (known p), nb_sans_controle (p at most `seuil`), nb_fausses_alertes (expected among the
    comparisons if nothing differed: seuil × nb_comparaisons), nb_retenus (after control).
    """
    _check_threshold(seuil)
    known = frame[p].dropna().astype(float)
    row = {
        "nb_comparaisons": len(known),
        "nb_sans_controle": int((known <= seuil).sum()),
        "nb_fausses_alertes": seuil * len(known),
        "nb_retenus": int(frame["est_retenu"].sum()),
    }
    return pd.DataFrame([row]).astype(dict.fromkeys(["nb_comparaisons", "nb_sans_controle", "nb_retenus"], "Int64"))


def _check_threshold(seuil: float) -> None:
    if not 0 < seuil < 1:
        raise UsageError(f"Seuil {seuil} : donner une part entre 0 et 1, 0.1 pour une fausse alerte sur dix retenues.")


def _refuse_ranks(frame: pd.DataFrame) -> str:
    """Why no rank is given, "" where ranks are: one rank depends on every value."""
    if len(frame) < 3:
        return f"{NO_RANK}moins de trois territoires"
    missing = frame[["valeur", "part_basse", "part_haute"]].isna().any(axis=1).sum()
    told = f"{format_number(missing)} territoire(s) sur {format_number(len(frame))}"
    return f"{NO_RANK}intervalle manquant pour {told}" if missing else ""


def _draw_ranks(frame: pd.DataFrame, niveau: float, draws: int, seed: int, descending: bool) -> np.ndarray:
    """Rank of each row (1 first) in each draw."""
    # Heavy, and few notebooks need it.
    from scipy.special import expit, logit
    from scipy.stats import norm, rankdata

    columns = ("valeur", "part_basse", "part_haute")
    value, low, high = (frame[name].to_numpy(dtype=float)[:, None] / 100 for name in columns)
    top = (1 + niveau / 100) / 2
    uniform = np.random.default_rng(seed).uniform(size=(len(frame), draws))
    # The branches at 0 and 100 % are computed for all rows, and kept where they hold.
    with np.errstate(divide="ignore", invalid="ignore"):
        centre, spread = (logit(low) + logit(high)) / 2, (logit(high) - logit(low)) / (2 * norm.ppf(top))
        inside = expit(centre + spread * norm.ppf(uniform))
        at_zero = 1 - (1 - uniform) ** (np.log1p(-high) / np.log(1 - top))
        at_hundred = uniform ** (np.log(low) / np.log(1 - top))
    drawn = np.where(value <= 0, at_zero, np.where(value >= 1, at_hundred, inside))
    return rankdata(-drawn if descending else drawn, method="min", axis=0)


def _fit_beta_binomial(hits: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """Mean and precision (a + b) of the beta law of the shares, by maximum likelihood; infinite without spread."""
    # Heavy, and few notebooks need it.
    from scipy.optimize import minimize
    from scipy.special import betaln, expit, logit, xlogy

    common = hits.sum() / sizes.sum()
    if common in (0.0, 1.0):
        return common, np.inf

    def loss(point: np.ndarray) -> float:
        # scipy.stats.betabinom without its constant, which wants whole numbers.
        mean, precision = expit(point[0]), np.exp(point[1])
        a, b = mean * precision, (1 - mean) * precision
        return -float((betaln(hits + a, sizes - hits + b) - betaln(a, b)).sum())

    alone = float((xlogy(hits, common) + xlogy(sizes - hits, 1 - common)).sum())
    starts = [np.array([logit(common), np.log(size)]) for size in (10.0, 100.0, 1000.0)]
    best = min(
        (minimize(loss, start, method="L-BFGS-B", bounds=[(None, None), _PRECISIONS]) for start in starts),
        key=lambda found: found.fun,
    )
    if -best.fun - alone < _NOTHING:
        return common, np.inf
    return float(expit(best.x[0])), float(np.exp(best.x[1]))
