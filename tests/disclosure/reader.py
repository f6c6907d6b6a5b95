"""A reader who subtracts: what the published counts leave to each hidden one, computed apart from what hides them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import linprog

Sums = Sequence[tuple[int, Sequence[int]]]


def range_of_hidden(cell: int, values: pd.Series, sums: Sums, hidden: pd.Series) -> tuple[float, float]:
    """Least and greatest value that the published counts leave to a hidden one, known to be at least 1."""
    counts, secret = values.to_numpy(dtype=float), hidden.to_numpy()
    matrix = np.zeros((len(sums), len(counts)))
    for row, (total, parts) in enumerate(sums):
        matrix[row, list(parts)], matrix[row, total] = 1, -1
    objective = np.eye(len(counts))[cell][secret]
    rest = -matrix[:, ~secret] @ counts[~secret]
    ends = [
        linprog(s * objective, A_eq=matrix[:, secret], b_eq=rest, bounds=(1, None), method="highs") for s in (1, -1)
    ]
    return ends[0].fun, (-ends[1].fun if ends[1].success else np.inf)


def assert_small_counts_keep_their_range(values: pd.Series, sums: Sums, hidden: pd.Series, seuil: int) -> None:
    """What a reader can compute of each small count holds all that the rule allows and the sums do not forbid."""
    everything = pd.Series(values > 0, index=values.index)
    for cell in values.index[(values > 0) & (values < seuil)]:
        assert hidden[cell]
        least, most = range_of_hidden(cell, values, sums, hidden)
        # Were every count but the zeros hidden, the sums alone would leave this.
        floor, ceiling = range_of_hidden(cell, values, sums, everything)
        assert least <= max(1, floor) + 1e-6
        assert most >= min(seuil - 1, ceiling) - 1e-6
        assert (least, most) != (values[cell], values[cell]) or floor == ceiling
