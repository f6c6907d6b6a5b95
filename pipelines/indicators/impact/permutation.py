"""What chance alone gives: the label « traité » dealt again among territories. No normal law, no variance formula.

With a dozen treated territories, standard errors of a regression say too much; all labels dealt again are an exact
test of « nothing differs ». Rows of `labels` are the deals, the first one as observed; columns are territories.
"""

from itertools import combinations
from math import comb

import numpy as np

# Ties are ties whatever the order of the additions.
_TIE = 1e-10


def deal_labels(treated: np.ndarray, *, tirages: int, graine: int) -> np.ndarray:
    """Deals of the label, the observed first: every one where they are at most `tirages`, else `tirages` at random."""
    size, chosen = len(treated), int(treated.sum())
    if comb(size, chosen) <= tirages:
        deals = np.zeros((comb(size, chosen), size), dtype=bool)
        for row, members in enumerate(combinations(range(size), chosen)):
            deals[row, list(members)] = True
        others = deals[(deals != treated).any(axis=1)]
        return np.vstack([treated[None, :], others])
    rng = np.random.default_rng(graine)
    return np.vstack([treated[None, :], rng.permuted(np.tile(treated, (tirages, 1)), axis=1)])


def gaps_of_means(labels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean of the labelled less mean of the others, by deal; `values`: a number, or a row of numbers, by territory."""
    inside = labels.sum(axis=1)[0]
    sums = labels.astype(float) @ values
    return sums / inside - (values.sum(axis=0) - sums) / (labels.shape[1] - inside)


def p_of(gaps: np.ndarray) -> float:
    """Share of the deals whose gap is at least as far from 0 as the observed one, itself included."""
    sizes = np.abs(gaps)
    return float((sizes >= sizes[0] * (1 - _TIE) - _TIE).mean())


def p_of_largest(gaps: np.ndarray) -> float:
    """Joint p of several gaps by deal: the largest, each over its spread among the deals, against the deals'."""
    spread = gaps.std(axis=0)
    return p_of((np.abs(gaps) / np.where(spread > 0, spread, np.inf)).max(axis=1))


def confidence_interval(labels: np.ndarray, values: np.ndarray, niveau: float) -> tuple[float, float]:
    """Gaps that the test does not refuse at `niveau` percent: each is taken off the treated, then tested as no gap.

    Closed form. Under a gap g, a deal gives gap − c·g, c being the gap of the treated label itself; it is as far from 0
    as the observed one up to a g found by crossing two lines. Infinite where too few deals are left to refuse any.
    """
    gaps = gaps_of_means(labels, values)
    tilts = gaps_of_means(labels, labels[0].astype(float))
    # The observed deal, and its mirror where halves are equal, never refuse.
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(1 + tilts > _TIE, (gaps[0] + gaps) / (1 + tilts), np.nan)
        other = np.where(1 - tilts > _TIE, (gaps[0] - gaps) / (1 - tilts), np.nan)
    never = np.isnan(one) | np.isnan(other)
    high = np.sort(np.where(never, np.inf, np.maximum(one, other)))[::-1]
    low = np.sort(np.where(never, -np.inf, np.minimum(one, other)))
    spared = min(int(np.floor((1 - niveau / 100) * len(labels) + _TIE)), len(labels) - 1)
    return float(low[spared]), float(high[spared])
