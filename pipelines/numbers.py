"""Values as French text: decimal comma, narrow no-break spaces, true minus; the unit comes from the column's name.

The suffix discipline of the columns decides: `taux_*` and `part_*` are percents, `montant*` euros, `nb_*` counts,
`ecart_*` points, `annee*` years, `date_*` dates, `est_*` yes or no. A missing value is « n.d. », never 0.
"""

import datetime
import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from numbers import Real
from typing import Any, Literal

import numpy as np
import pandas as pd
from babel.dates import format_date as babel_date
from babel.numbers import format_decimal

MISSING = "n.d."
NARROW = "\u202f"
MINUS = "\u2212"
PERCENTS, EUROS, COUNTS, POINTS, YEARS = ("taux", "part"), ("montant",), ("nb",), ("ecart",), ("annee",)
# From -1 to 1: one decimal would say too little.
COEFFICIENTS = ("coefficient",)
# What a cell holds, once its column's name has said the unit of a number.
Kind = Literal[
    "manquant", "texte", "booleen", "date", "pourcent", "euros", "points", "annee", "entier", "decimal", "coefficient"
]  # fmt: skip


def format_number(value: Any, decimals: int = 0) -> str:
    """« 1 234,5 »: grouped by narrow no-break spaces, halves rounded away from zero; « n.d. » where it is missing."""
    return MISSING if is_missing(value) else _write(value, decimals)


# A page shows the same numbers again and again.
@lru_cache(maxsize=10_000)
def _write(value: Any, decimals: int) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded(value, decimals), pattern, locale="fr").replace("-", MINUS)


def format_euros(value: Any, decimals: int = 0) -> str:
    """« 12 345 € »."""
    return _with_unit(format_number(value, decimals), "€")


def format_percent(value: Any, decimals: int = 1) -> str:
    """« 45,4 % » from a percentage between 0 and 100, not from a ratio."""
    return _with_unit(format_number(value, decimals), "%")


def format_points(value: Any, decimals: int = 1) -> str:
    """« +2,1 pts »: a gap in percentage points, always signed unless it rounds to zero."""
    if is_missing(value):
        return MISSING
    shown = rounded(value, decimals)
    sign = "+" if shown > 0 else ""
    return f"{sign}{format_number(shown, decimals)}{NARROW}{'pts' if abs(shown) >= 2 else 'pt'}"


def format_date(value: Any, *, long: bool = False) -> str:
    """« 30/06/2023 », or « 30 juin 2023 » when `long`; takes dates, timestamps and ISO text."""
    if is_missing(value):
        return MISSING
    day = pd.Timestamp(value).date()
    if not long:
        return babel_date(day, "dd/MM/yyyy", locale="fr")
    return babel_date(day, "d MMMM yyyy", locale="fr").replace("1 ", "1er ", 1 if day.day == 1 else 0)


def count(number: Any, singular: str, plural: str = "") -> str:
    """« 1 action », « 1 234 actions »: French plurals begin at two; `plural` where an s does not make it."""
    many = not is_missing(number) and abs(number) >= 2
    return f"{format_number(number)} {(plural or singular + 's') if many else singular}"


def format_intervals(frame: pd.DataFrame, low: str, high: str) -> pd.Series:
    """« 2,9 à 8,7 pts »: the two ends of each interval as one text, in the unit of the first; "" without both."""
    ends = zip(format_column(frame[low], low), format_column(frame[high], low), strict=True)
    return pd.Series([_join_ends(*pair) for pair in ends], index=frame.index, dtype="str")


def format_value(value: Any, column_name: str) -> str:
    """One cell as text, in the unit that the column's name says; text is left as it is."""
    return format_column([value], column_name)[0]


def format_column(values: Iterable[Any], column_name: str) -> list[str]:
    """The cells of a column as text. Numbers without a unit share their decimals: one as soon as a value needs it."""
    values = list(values)
    return [format_cell(value, kind) for value, kind in zip(values, kinds_of_column(values, column_name), strict=True)]


def kinds_of_column(values: Iterable[Any], column_name: str) -> list[Kind]:
    """What each cell of a column holds; numbers without a unit are all `entier` or all `decimal`."""
    values = list(values)
    number = kind_of_numbers(
        column_name, whole=all(float(value).is_integer() for value in values if _is_number(type(value)))
    )
    return [_kind_of_cell(value, number) for value in values]


def kind_of_numbers(column_name: str, *, whole: bool = True) -> Kind:
    """What a number is in a column of this name; `whole`: the column has no other number than integers."""
    prefix = column_name.split("_", 1)[0]
    if prefix in PERCENTS:
        return "pourcent"
    if prefix in EUROS:
        return "euros"
    # A difference between years is not a gap between rates.
    if prefix in POINTS and not column_name.endswith("_annees"):
        return "points"
    if prefix in YEARS and whole:
        return "annee"
    if prefix in COEFFICIENTS:
        return "coefficient"
    return "entier" if whole else "decimal"


def format_cell(value: Any, kind: Kind) -> str:
    """One cell as text, for what it holds; text is left as it is."""
    match kind:
        case "manquant":
            return MISSING
        case "booleen":
            return "oui" if value else "non"
        case "date":
            return format_date(value)
        case "texte":
            return str(value)
        case "annee":
            return str(int(value))
        case "pourcent":
            return format_percent(value)
        case "euros":
            return format_euros(value)
        case "points":
            return format_points(value)
        case "coefficient":
            return format_number(value, 2)
    return format_number(value, 1 if kind == "decimal" else 0)


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, NA, NaT or an infinity: none of them is a number to publish."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return _is_number(type(value)) and not math.isfinite(value)


def _kind_of_cell(value: Any, number: Kind) -> Kind:
    if is_missing(value):
        return "manquant"
    if isinstance(value, bool | np.bool_):
        return "booleen"
    if isinstance(value, datetime.date | np.datetime64):
        return "date"
    return number if _is_number(type(value)) else "texte"


# Asked of every cell, and slow to answer: there are few types.
@cache
def _is_number(kind: type) -> bool:
    return issubclass(kind, Real | Decimal) and not issubclass(kind, bool | np.bool_)


def rounded(value: Any, decimals: int) -> Decimal:
    """The number to so many decimals, halves away from zero, never a minus zero."""
    # str() gives the shortest text of a float: 2.675 rounds as it is written. Adding 0 turns -0 into 0.
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0


def _with_unit(text: str, unit: str) -> str:
    return text if text == MISSING else f"{text}{NARROW}{unit}"


def format_change(value: Any, decimals: int = 1) -> str:
    """« +2,1 % »: a relative change in percent, always signed unless it rounds to zero."""
    if is_missing(value):
        return MISSING
    shown = rounded(value, decimals)
    return ("+" if shown > 0 else "") + format_percent(shown, decimals)


def _join_ends(low: str, high: str) -> str:
    """Both ends with the unit of the second alone, where it is the same."""
    if MISSING in (low, high):
        return ""
    number, gap, unit = low.rpartition(NARROW)
    is_unit = bool(gap) and not unit[-1].isdigit()
    return f"{number if is_unit else low} à {high}"
