"""The last door before a page: whatever the frame, a small count of persons does not pass."""

import re

import pandas as pd

from pipelines.disclosure.columns import hide_small_counts

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
