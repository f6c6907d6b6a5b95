"""Published columns of counts: the small ones are hidden, and what subtraction from a total would give back."""

import re
from collections.abc import Hashable, Sequence

import pandas as pd

# By their name alone: nb_personnes, nb_personnes_femmes, nb_realise, nb_beneficiaires... Planned ones are not persons.
PEOPLE = re.compile(r"^nb_(personnes|realise|beneficiaires|demandeurs|allocataires|recipiendaires)(_|$)")
_TOTAL = re.compile(r"\s*(total|ensemble)\b", re.IGNORECASE)


def hide_people(frame: pd.DataFrame, *, seuil: int) -> pd.DataFrame:
    """The frame with the small counts of its columns of persons missing, and what its total rows would give back.

    A column counts persons by its name, or by one of the levels of its name in a pivoted table.
    """
    columns = [position for position, name in enumerate(frame.columns) if _counts_people(name)]
    numeric = [at for at in columns if pd.api.types.is_numeric_dtype(frame.dtypes.iloc[at])]
    if not numeric or frame.empty:
        return frame
    labels = frame.iloc[:, 0].astype("str")
    total = next((label for label in labels if _TOTAL.match(label)), "")
    plain = frame.set_axis(range(frame.shape[1]), axis=1)
    hidden = hide_small_counts(plain.reset_index(drop=True), numeric, seuil=seuil, total=total)
    return hidden.set_axis(frame.columns, axis=1).set_axis(frame.index, axis=0)


def _counts_people(name: object) -> bool:
    return any(PEOPLE.match(str(part)) for part in (name if isinstance(name, tuple) else (name,)))


def hide_small_counts(frame: pd.DataFrame, counts: Sequence[Hashable], *, seuil: int, total: str = "") -> pd.DataFrame:
    """The frame with every count from 1 to `seuil` - 1 missing; a count of 0 names nobody and stays.

    `total` is the label, in the first column, of a row that adds the others up. Where it is shown, the smallest other
    parts are hidden too until no subtraction gives a hidden count back, even to a reader who knows this rule; where no
    part is left to hide, the total is. A count that is already missing protects nothing. Shares of these counts must be
    computed after this call. Each column stands alone: do not publish beside it another cut of the same persons.
    """
    out = frame.copy()
    is_total = frame.iloc[:, 0].astype("str") == total if total else pd.Series(False, index=frame.index)
    for name in counts:
        values = frame[name].astype("Float64")
        hidden = _is_small(values, seuil)
        for at in frame.index[is_total]:
            hidden |= _hide_what_subtraction_gives(values, hidden, is_total, at, seuil)
        out[name] = frame[name].mask(hidden)
    return out


def _is_small(values: pd.Series, seuil: int) -> pd.Series:
    return ((values > 0) & (values < seuil)).fillna(False).astype(bool)


def _hide_what_subtraction_gives(
    values: pd.Series, hidden: pd.Series, is_total: pd.Series, at: object, seuil: int
) -> pd.Series:
    """The hidden cells with those that protect them: other parts, smallest first and ties together, then the total."""
    hidden = hidden.copy()
    parts = values[~is_total]
    while not hidden[at] and _is_given_back(parts[hidden], seuil):
        left = parts[~hidden & (parts > 0).fillna(False)]
        hidden[left.index[left == left.min()] if len(left) else at] = True
    return hidden


def _is_given_back(hidden: pd.Series, seuil: int) -> bool:
    """Does the sum of the hidden parts tell each of them? One alone, or all at the least or the most that is hidden."""
    least, most = len(hidden), len(hidden) * (seuil - 1)
    return len(hidden) == 1 or (len(hidden) > 1 and hidden.sum() in (least, most))
