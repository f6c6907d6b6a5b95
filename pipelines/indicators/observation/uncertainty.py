"""Sampling uncertainty of shares from a survey: intervals of shares and gaps, smallest change that could be seen.

Source: domain brief, sections 8 to 10. Counts are divided by the design effect before any formula: a sample drawn by
addresses says less than as many persons drawn alone. An exhaustive register has no sampling interval: see
`trajectories`. Shares are in percent, gaps in points; `niveau` is a confidence level in percent.
"""

import numpy as np
import pandas as pd

from pipelines.errors import DataError, UsageError

SURVEY, REGISTER = "sondage", "exhaustif"
NO_SAMPLING = "source exhaustive : pas d'intervalle de sondage"
_NOT = "intervalle non calculable : "
NO_COLLECTION, NO_DENOMINATOR = f"{_NOT}collecte inconnue", f"{_NOT}dénominateur inconnu"
NO_NUMERATOR, NO_VALUE = f"{_NOT}numérateur inconnu", f"{_NOT}valeur manquante"
UNSEEN = "écart détectable non calculable : "
# Power of 80 % at the 5 % level: 0.84 + 1.96.
_POWER = 2.8

Side = tuple[np.ndarray, np.ndarray]


def add_share_intervals(frame: pd.DataFrame, *, effet_de_plan: float, niveau: float) -> pd.DataFrame:
    """The frame with the interval of each share: part_basse, part_haute (percent), motif_intervalle ("" where given).

    Reads valeur, numerateur, denominateur, collecte. Wilson's interval on counts divided by `effet_de_plan`. Missing,
    with its reason, for a register, an unknown collection, a value not published or unknown counts. DataError where
    counts are impossible.
    """
    check_levels(effet_de_plan, niveau)
    reason = explain_missing(frame, [""])
    reason = reason.mask((reason == "") & frame["valeur"].isna(), NO_VALUE)
    known = frame[reason == ""]
    low, high = _wilson(effective_counts(known, "", effet_de_plan), alpha_of(niveau))
    return frame.assign(
        part_basse=as_percents(low, known, frame), part_haute=as_percents(high, known, frame), motif_intervalle=reason
    )


def add_gap_intervals(frame: pd.DataFrame, *, effet_de_plan: float, niveau: float) -> pd.DataFrame:
    """The frame with each gap to a reference that does not hold the quartier, its interval and its p-value.

    Reads numerateur, denominateur, numerateur_reference, denominateur_reference, collecte; the caller answers for a
    reference without the quartier (rest of the agglomeration), else the two samples are not independent. Adds
    ecart_reference (points, where counts are known), ecart_bas and ecart_haut (Newcombe), coefficient_p (two-sided, of
    no gap: score test), motif_intervalle.
    """
    # Heavy, and few notebooks need it.
    from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

    check_levels(effet_de_plan, niveau)
    reason = explain_missing(frame, ["", "_reference"])
    known = frame[reason == ""]
    own, reference = (effective_counts(known, side, effet_de_plan) for side in ("", "_reference"))
    low, high = confint_proportions_2indep(*own, *reference, method="newcomb", alpha=alpha_of(niveau))
    # Shares of 0 or 100 on both sides leave the statistic without a variance.
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.asarray(test_proportions_2indep(*own, *reference, method="score").pvalue)
    p = np.where(own[0] * reference[1] == reference[0] * own[1], 1.0, p)
    counted = frame[counts_known(frame, ["", "_reference"])]
    return frame.assign(
        ecart_reference=as_percents(share_of(counted, "") - share_of(counted, "_reference"), counted, frame),
        ecart_bas=as_percents(low, known, frame),
        ecart_haut=as_percents(high, known, frame),
        coefficient_p=spread_over(p, known, frame),
        motif_intervalle=reason,
    )


def add_smallest_changes(
    frame: pd.DataFrame, *, effet_de_plan: float, compare_a: str = "denominateur_reference"
) -> pd.DataFrame:
    """The frame with ecart_detectable (points): the smallest gap seen four times in five, and motif_ecart_detectable.

    2.8·√(p(1 − p)·(1/n1 + 1/n0)·deff), p = numerateur / denominateur, n1 = denominateur, n0 = the column `compare_a`:
    the other place, or the other vintage of the same place. Missing for a register, without counts, and at 0 or 100 %,
    where the formula would promise that everything is seen.
    """
    check_levels(effet_de_plan, 50)
    reason = explain_missing(frame, [""])
    reason = reason.mask((reason == "") & ~(frame[compare_a] > 0).fillna(False).astype(bool), NO_DENOMINATOR)
    reason = reason.str.replace(_NOT, UNSEEN, regex=False)
    share = share_of(frame, "")
    reason = reason.mask((reason == "") & ~((share > 0) & (share < 1)), f"{UNSEEN}part de 0 ou de 100 %")
    known = frame[reason == ""]
    p = share_of(known, "")
    sizes = 1 / _numbers(known["denominateur"]) + 1 / _numbers(known[compare_a])
    seen = _POWER * np.sqrt(p * (1 - p) * sizes * effet_de_plan)
    return frame.assign(ecart_detectable=as_percents(seen, known, frame), motif_ecart_detectable=reason)


def check_levels(effet_de_plan: float, niveau: float) -> None:
    """UsageError where the design effect is under 1 or the level is not a percentage between 0 and 100."""
    if not effet_de_plan >= 1:
        raise UsageError(f"Effet de plan {effet_de_plan} : donner 1 (tirage simple) ou davantage, 1,5 par exemple.")
    if not 0 < niveau < 100:
        raise UsageError(f"Niveau {niveau} : donner un pourcentage entre 0 et 100, 90 par exemple.")


def explain_missing(frame: pd.DataFrame, sides: list[str]) -> pd.Series:
    """Why each row has no interval, "" where it has one; the collection comes first. DataError: impossible counts."""
    reason = pd.Series("", index=frame.index, dtype="str")
    for side in reversed(sides):
        numerators, denominators = frame[f"numerateur{side}"], frame[f"denominateur{side}"]
        odd = (numerators < 0) | (denominators < 0) | (numerators > denominators)
        if odd.fillna(False).any():
            raise DataError(
                f"{int(odd.fillna(False).sum())} ligne(s) où « numerateur{side} » est négatif ou dépasse "
                f"« denominateur{side} » : corriger les effectifs."
            )
        reason = reason.mask(numerators.isna(), NO_NUMERATOR)
        reason = reason.mask(~(denominators > 0).fillna(False).astype(bool), NO_DENOMINATOR)
    collected = frame["collecte"]
    reason = reason.mask(collected.eq(REGISTER).fillna(False).astype(bool), NO_SAMPLING)
    return reason.mask(~collected.isin([SURVEY, REGISTER]), NO_COLLECTION)


def counts_known(frame: pd.DataFrame, sides: list[str]) -> pd.Series:
    """Whether each row has all its counts, whatever its collection: the gap itself needs no more."""
    known = pd.Series(True, index=frame.index)
    for side in sides:
        known &= frame[f"numerateur{side}"].notna() & (frame[f"denominateur{side}"] > 0).fillna(False).astype(bool)
    return known


def _numbers(values: pd.Series) -> np.ndarray:
    return values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def share_of(frame: pd.DataFrame, side: str) -> np.ndarray:
    """Share between 0 and 1 of each row; missing where a count is, or on nobody."""
    base = _numbers(frame[f"denominateur{side}"])
    return _numbers(frame[f"numerateur{side}"]) / np.where(base > 0, base, np.nan)


def effective_counts(frame: pd.DataFrame, side: str, effect: float) -> Side:
    """Numerators and denominators over the design effect: what the sample is worth, persons drawn alone."""
    return _numbers(frame[f"numerateur{side}"]) / effect, _numbers(frame[f"denominateur{side}"]) / effect


def alpha_of(niveau: float) -> float:
    return 1 - niveau / 100


def _wilson(counts: Side, alpha: float) -> Side:
    # Heavy, and few notebooks need it.
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(*counts, alpha, method="wilson")
    return np.asarray(low), np.asarray(high)


def as_percents(shares: np.ndarray, known: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Shares between 0 and 1 of the `known` rows as percents or points of the whole frame, missing elsewhere."""
    return spread_over(100 * np.asarray(shares), known, frame)


def spread_over(numbers: np.ndarray, known: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Numbers of the `known` rows as a column of the whole frame, missing elsewhere."""
    known_rows = pd.Series(numbers, index=known.index, dtype="Float64")
    return known_rows.reindex(frame.index)
