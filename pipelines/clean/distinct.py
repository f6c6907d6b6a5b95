"""Work done once for each distinct text of a column: exports repeat the same few amounts, labels and dates."""

from collections.abc import Callable

import pandas as pd


def once(text: pd.Series, work: Callable[[pd.Series], tuple[pd.Series, ...]]) -> tuple[pd.Series, ...]:
    """What `work` gives for a text column, from its distinct texts alone: `work` goes cell by cell, whatever the row.

    Each result has the index of `text`.
    """
    codes, distinct = pd.factorize(text, use_na_sentinel=False)
    results = work(pd.Series(distinct, dtype=text.dtype))
    return tuple(result.take(codes).set_axis(text.index) for result in results)
