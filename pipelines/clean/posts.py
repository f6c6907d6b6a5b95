"""Posts of programme 147: the State publishes one file a year, in which an identifier of a post may come back."""

import pandas as pd

from pipelines.clean.rows import Cleaned, clean_table
from pipelines.tables import TABLES


def clean_posts(text: pd.DataFrame) -> Cleaned:
    """Posts typed. Where a file has no rank, that of a post is its line: two like lines are two posts."""
    rank = text["rang"] if "rang" in text else pd.Series(None, index=text.index, dtype="str")
    return clean_table(text.assign(rang=rank.fillna(text["ligne"].astype("str"))), TABLES["postes_147"], as_read=text)
