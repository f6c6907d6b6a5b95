"""Statistical secrecy: small counts of natural persons are hidden, and so is what would give them back."""

from collections.abc import Sequence

import pandas as pd


def hide_small_counts(frame: pd.DataFrame, counts: Sequence[str], *, seuil: int, total: str = "") -> pd.DataFrame:
    """The frame with every count from 1 to `seuil` - 1 missing; a count of 0 names nobody and stays.

    `total` is the label, in the first column, of a row that adds the others up. Where it is shown and a single part is
    hidden, the next smallest part is hidden too, so that no subtraction gives the first back. Shares computed from these
    counts must be computed after this call. Columns are nullable integers.
    """
    out = frame.copy()
    is_total = out.iloc[:, 0].astype("str") == total if total else pd.Series(False, index=out.index)
    for name in counts:
        parts = out.loc[~is_total, name]
        hidden = (parts > 0) & (parts < seuil)
        hidden = hidden.fillna(False).astype(bool)
        candidates = parts[~hidden & (parts > 0).fillna(False)]
        if is_total.any() and hidden.sum() == 1 and len(candidates):
            hidden[candidates.idxmin()] = True
        alone = out.loc[is_total, name]
        small_total = ((alone > 0) & (alone < seuil)).fillna(False).astype(bool)
        out[name] = out[name].mask(hidden.reindex(out.index, fill_value=False))
        out[name] = out[name].mask(small_total.reindex(out.index, fill_value=False))
    return out
