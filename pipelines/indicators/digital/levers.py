"""Which levers first, and do structures agree? Mean ranks and Kendall's W, on complete rankings alone.

A ranking that leaves levers out does not say how these stand: it is counted apart, never completed. Ties receive the
mean of the ranks that they share.
"""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

_SEED, _LEVEL, _ALPHA = 2019, 0.95, 0.05
# After Schmidt (1997), Managing Delphi surveys using nonparametric statistical techniques: halfway between his marks.
SCALE = {0.2: "très faible", 0.4: "faible", 0.6: "moyen", 0.8: "fort", np.inf: "très fort"}


def read_rankings(levers: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Complete rankings, one row a structure, one column a lever, ties as mean ranks; and how many are left out.

    The counts: nb_classements, nb_complets, nb_incomplets (a lever without rank), nb_ex_aequo (complete, with ties).
    """
    # Heavy, and few notebooks need it.
    from scipy.stats import rankdata

    wide = levers.pivot(index="code_structure", columns="libelle_levier", values="rang")
    whole = wide.dropna().astype(float)
    ranks = pd.DataFrame(rankdata(whole, axis=1), index=whole.index, columns=whole.columns)
    tied = int((whole.nunique(axis=1) < whole.shape[1]).sum())
    counts = {"nb_classements": len(wide), "nb_complets": len(whole), "nb_incomplets": len(wide) - len(whole)}
    return ranks, counts | {"nb_ex_aequo": tied}


def measure_concordance(ranks: pd.DataFrame, *, base_minimale: int = 2, nb_tirages: int = 999) -> dict[str, Any]:
    """Kendall's W of complete rankings, corrected for ties, with its interval and what chance would do.

    `ranks`: `read_rankings`. Keys: nb_classements, nb_leviers, coefficient, coefficient_bas, coefficient_haut (95 %,
    bootstrap of the structures), khi2, p_khi2, p_permutation (ranks of each structure shuffled, `nb_tirages` times).
    All None but the two counts where fewer than `base_minimale` structures, or two, rank completely, where there are
    fewer than three levers, or where nobody tells any lever from another.
    """
    # Heavy, and few notebooks need it.
    from scipy.stats import friedmanchisquare, permutation_test

    raters, items = ranks.shape
    out: dict[str, Any] = {"nb_classements": raters, "nb_leviers": items}
    told = ranks.nunique(axis=1).gt(1).any()
    if raters < max(2, base_minimale) or items < 3 or not told:
        return out | dict.fromkeys(
            ("coefficient", "coefficient_bas", "coefficient_haut", "khi2", "p_khi2", "p_permutation")
        )
    table = ranks.to_numpy()
    # Friedman's statistic is raters × (items - 1) × W, ties corrected in both.
    chi2, p_value = friedmanchisquare(*table.T)
    by_chance = permutation_test(
        tuple(table),
        lambda *rows, axis: np.var(sum(rows), axis=axis),
        permutation_type="pairings",
        vectorized=True,
        n_resamples=nb_tirages,
        alternative="greater",
        rng=np.random.default_rng(_SEED),
    )
    value = float(chi2) / (raters * (items - 1))
    low, high = _resample(np.arange(raters), lambda rows, axis: _concordance_of(table, rows), value, nb_tirages)
    return out | {
        "coefficient": value,
        "coefficient_bas": float(low),
        "coefficient_haut": float(high),
        "khi2": float(chi2),
        "p_khi2": float(p_value),
        "p_permutation": float(by_chance.pvalue),
    }


def average_ranks(ranks: pd.DataFrame, *, base_minimale: int = 2, nb_tirages: int = 999) -> pd.DataFrame:
    """Mean rank of each lever, the one to pull first on top.

    Columns: libelle_levier, rang_moyen, rang_bas, rang_haut (95 %, structures resampled), nb_premier (structures that
    rank it first, alone). No mean of fewer than `base_minimale` rankings.
    """
    table = ranks.to_numpy()
    out = pd.DataFrame({"libelle_levier": ranks.columns.astype("str"), "rang_moyen": np.nan})
    out = out.assign(rang_bas=np.nan, rang_haut=np.nan, nb_premier=(table == 1).sum(axis=0))
    if len(ranks) >= max(2, base_minimale):
        means = table.mean(axis=0)
        low, high = _resample(table, np.mean, means, nb_tirages)
        out = out.assign(rang_moyen=means, rang_bas=low, rang_haut=high)
    numbers = dict.fromkeys(("rang_moyen", "rang_bas", "rang_haut"), "Float64")
    return out.astype(numbers | {"nb_premier": "Int64"}).sort_values("rang_moyen", kind="stable", ignore_index=True)


def tell_agreement(measured: Mapping[str, Any]) -> str:
    """Whether structures agree, in words: beyond chance or not, and how much by the scale of Schmidt."""
    value = measured["coefficient"]
    if value is None:
        return "trop peu de classements complets pour dire si les structures s'accordent"
    if measured["p_permutation"] > _ALPHA:
        return "rien ne montre un ordre commun : un tel accord peut venir du hasard"
    word = next(word for limit, word in SCALE.items() if value < limit)
    return f"les structures s'accordent plus que par hasard, et cet accord est {word}"


def list_close_to_first(averaged: pd.DataFrame) -> list[str]:
    """Levers whose interval meets that of the first: their order with it is not established."""
    known = averaged.dropna(subset=["rang_bas", "rang_haut"])
    if known.empty:
        return []
    return list(known["libelle_levier"][1:][known["rang_bas"][1:] <= known["rang_haut"].iloc[0]])


def _concordance_of(table: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """W of each draw of structures, a draw a line of `rows`: spread of the sums of ranks over the widest there is."""
    drawn = table[rows.astype(int)]
    raters, items = drawn.shape[-2:]
    centred = drawn - (items + 1) / 2
    widest = raters * (centred**2).sum(axis=(-2, -1))
    spread = (centred.sum(axis=-2) ** 2).sum(axis=-1)
    # A draw of structures that tell no lever from another has no order to share.
    return np.divide(spread, widest, out=np.zeros_like(spread), where=widest > 0)


def _resample(
    sample: np.ndarray, statistic: Callable[..., np.ndarray], value: np.ndarray | float, draws: int
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the bias-corrected interval of a statistic, structures resampled; its value where every draw gives it.

    A structure drawn twice agrees with itself: a plain percentile interval of W would stand too high.
    """
    # Heavy, and few notebooks need it.
    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", DegenerateDataWarning)
        found = bootstrap(
            (sample,),
            statistic,
            vectorized=True,
            axis=0 if sample.ndim > 1 else -1,
            n_resamples=draws,
            method="BCa",
            confidence_level=_LEVEL,
            rng=np.random.default_rng(_SEED),
        ).confidence_interval
    return np.where(np.isnan(found.low), value, found.low), np.where(np.isnan(found.high), value, found.high)
