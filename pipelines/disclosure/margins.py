"""Counts that add up in several directions: what to hide so that no sum tells more of a small count than the rule does.

A reader knows the rule: a hidden count is at least 1, and a small one is at most the threshold less one. Hiding is
enough when, for each small count, the published sums still allow both ends of that range. For each end, a linear
programme finds the cheapest other counts that would have to move with it (Fischetti and Salazar, 2000); they go too.
Someone who ran this very search on every table that the published sums allow could still rule some of them out.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

# What it costs a reader to lose a count: a total costs more than its parts, and the total of totals most.
_TOTAL, _HIDDEN = 30.0, 1e-4


def hide_in_margins(values: pd.Series, sums: Sequence[tuple[int, Sequence[int]]], seuil: int) -> pd.Series:
    """Which counts to hide, as a boolean Series on the index of `values`.

    `values`: whole numbers, none missing. `sums`: for each margin, the position of the total and those of its parts.
    Counts from 1 to `seuil` - 1 go, with the smallest others that protect them; a zero names nobody and stays.
    """
    counts = values.to_numpy(dtype=float)
    matrix = _matrix(sums, len(counts))
    small = (counts > 0) & (counts < seuil)
    hidden = small.copy()
    # What some other table with the same published sums makes of each count.
    least, most = counts.copy(), counts.copy()
    for cell in sorted(np.flatnonzero(small), key=lambda at: (counts[at], at)):
        for ends in (range(1, int(counts[cell])), range(seuil - 1, int(counts[cell]), -1)):
            # The sum of two hidden counts is never 1: then the nearest end that some other table reaches.
            for end in ends:
                if least[cell] <= end <= most[cell]:
                    break
                change = _cheapest_change(cell, end - counts[cell], counts, matrix, hidden)
                if change is not None:
                    hidden |= change != 0
                    least, most = np.minimum(least, counts + change), np.maximum(most, counts + change)
                    break
    return pd.Series(hidden, index=values.index)


def _matrix(sums: Sequence[tuple[int, Sequence[int]]], width: int) -> np.ndarray:
    """One row a margin: 1 for its parts, -1 for its total."""
    matrix = np.zeros((len(sums), width))
    for row, (total, parts) in enumerate(sums):
        matrix[row, list(parts)] = 1
        matrix[row, total] = -1
    return matrix


def _cheapest_change(
    cell: int, change: float, counts: np.ndarray, matrix: np.ndarray, hidden: np.ndarray
) -> np.ndarray | None:
    """What changes in the cheapest other table with the same published sums, where one small count changes so much.

    Each count may rise, or fall to 1. None where there is no such table, whatever is hidden.
    """
    from scipy.optimize import linprog  # half a second that only who hides pays
    from scipy.sparse import csr_array, hstack

    free = np.flatnonzero(counts > 0)
    cost = np.where(hidden, _HIDDEN, (1 + np.log1p(counts)) * _TOTAL ** (matrix == -1).sum(axis=0))[free]
    # Equal costs would leave the choice to the solver.
    cost = cost * (1 + 1e-6 * np.arange(len(free)))
    system = csr_array(matrix[:, free])
    room = counts[free] - 1
    rises, falls = np.where(free == cell, max(change, 0), np.inf), np.where(free == cell, max(-change, 0), room)
    least = np.where(free == cell, abs(change), 0)
    bounds = [
        *zip(least * (change > 0), rises, strict=True),
        *zip(least * (change < 0), falls, strict=True),
    ]
    found = linprog(
        np.concatenate([cost, cost]),
        A_eq=hstack([system, -system]),
        b_eq=np.zeros(len(matrix)),
        bounds=bounds,
        method="highs",
    )
    if not found.success:
        return None
    moved = np.zeros(len(counts))
    moved[free] = found.x[: len(free)] - found.x[len(free) :]
    return np.where(np.abs(moved) > 1e-7, moved, 0.0)
