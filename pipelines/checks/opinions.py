"""Check of the opinions asked for: a council has a month to answer."""

import pandas as pd

from pipelines.indicators.annual_report import month_after
from pipelines.verdict import text_of


def expect_delays_of_a_month(rows: pd.DataFrame, *, start: str, end: str) -> pd.DataFrame:
    """Rows that leave less than a calendar month between two dates; a missing date is not judged."""
    faults = rows[rows[end] < month_after(rows[start])]
    first, last = (faults[name].map(text_of).astype("str") for name in (start, end))
    return faults.assign(valeur=first + " au " + last)
