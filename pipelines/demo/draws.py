"""Draws that give the same result on every machine: integers, and shares of a whole that sum exactly."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def pick(rng: np.random.Generator, weights: Sequence[int], n: int) -> Ints:
    """`n` positions drawn with whole-number weights."""
    bounds = np.cumsum(weights)
    return np.searchsorted(bounds, rng.integers(0, bounds[-1], n), side="right").astype(np.int64)


def chance(rng: np.random.Generator, percent: int | Ints, n: int) -> Bools:
    """`n` draws that are true `percent` times out of a hundred."""
    return rng.integers(0, 100, n) < percent


def split(totals: Ints, weights: npt.NDArray[np.float64]) -> Ints:
    """Each total cut into whole parts in proportion to its row of weights; the parts of a row sum to its total."""
    reached = np.cumsum(weights, axis=1)
    bounds = np.floor(reached / reached[:, -1:] * totals[:, None] + 0.5).astype(np.int64)
    return np.diff(bounds, axis=1, prepend=0)
