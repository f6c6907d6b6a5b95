"""Values inside a sentence: the texts of `pipelines.numbers`, with marks around them that a page turns into `<data>`.

A mark is a character of Unicode's private use area, so that sentences are written, joined and compared like any text;
`plain` takes them away. What a sentence says and what it counts can then be told apart: `pipelines.report.lint` refuses
a digit that stands outside a mark.
"""

import datetime
import re
from typing import Any

import pandas as pd

from pipelines import numbers
from pipelines.numbers import MISSING, is_missing

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"{_OPEN}([^{_OPEN}-{_CLOSE}]*){_MIDDLE}([^{_OPEN}-{_CLOSE}]*){_CLOSE}")
_STRAY = re.compile(f"[{_OPEN}-{_CLOSE}]")


def format_number(value: Any, decimals: int = 0) -> str:
    """« 1 234,5 », marked."""
    return _mark(value, numbers.format_number(value, decimals), decimals)


def format_euros(value: Any, decimals: int = 0) -> str:
    """« 12 345 € », marked."""
    return _mark(value, numbers.format_euros(value, decimals), decimals)


def format_percent(value: Any, decimals: int = 1) -> str:
    """« 45,4 % » from a percentage between 0 and 100, marked."""
    return _mark(value, numbers.format_percent(value, decimals), decimals)


def format_points(value: Any, decimals: int = 1) -> str:
    """« +2,1 pts », marked."""
    return _mark(value, numbers.format_points(value, decimals), decimals)


def format_change(value: Any, decimals: int = 1) -> str:
    """« +2,1 % », marked."""
    return _mark(value, numbers.format_change(value, decimals), decimals)


def format_date(value: Any, *, long: bool = False) -> str:
    """« 30/06/2023 », or « 30 juin 2023 » when `long`, marked."""
    text = numbers.format_date(value, long=long)
    return text if text == MISSING else _wrap(pd.Timestamp(value).date().isoformat(), text)


def format_year(value: Any) -> str:
    """« 2022 », marked; « n.d. » where it is missing."""
    return MISSING if is_missing(value) else _wrap(str(int(value)), str(int(value)))


def count(number: Any, singular: str, plural: str = "") -> str:
    """« 1 action », « 1 234 actions », the number marked; plurals begin at two."""
    text = numbers.count(number, singular, plural)
    shown = numbers.format_number(number)
    return _mark(number, shown, 0) + text.removeprefix(shown)


def format_text(text: Any) -> str:
    """A name or a text that came from data, marked: what it says is not what the sentence says."""
    return MISSING if is_missing(text) else _wrap("", plain(str(text)))


def format_value(value: Any, column_name: str) -> str:
    """One value in the unit that the column's name says, marked; text as `format_text`."""
    shown = numbers.format_value(value, column_name)
    if is_missing(value):
        return shown
    if isinstance(value, datetime.date):
        return _wrap(pd.Timestamp(value).date().isoformat(), shown)
    return format_text(shown) if isinstance(value, str | bool) else _wrap(f"{value}", shown)


def refer(anchor: str, text: str) -> str:
    """A reference to what stands elsewhere in the page, marked: « tableau 3 », a link to its anchor."""
    return _wrap(f"#{anchor}", text)


def plain(text: str) -> str:
    """The text without marks: what is read."""
    return _STRAY.sub("", MARKED.sub(r"\2", text)) if _STRAY.search(text) else text


def without_values(text: str) -> str:
    """The text without its marked values: what the sentence itself says."""
    return _STRAY.sub("", MARKED.sub("", text))


def plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with plain texts, in its cells and in the names of its columns."""

    def strip(value: Any) -> Any:
        return plain(value) if isinstance(value, str) else value

    columns = [tuple(map(strip, name)) if isinstance(name, tuple) else strip(name) for name in frame.columns]
    out = frame.copy()
    for position in range(frame.shape[1]):
        cells = frame.iloc[:, position]
        if cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype):
            marked = [isinstance(value, str) and _STRAY.search(value) is not None for value in cells]
            if any(marked):
                out.isetitem(position, cells.map(strip))
    if columns != list(frame.columns):
        out.columns = pd.MultiIndex.from_tuples(columns) if frame.columns.nlevels > 1 else pd.Index(columns)
    return out


def _mark(value: Any, text: str, decimals: int) -> str:
    """The text with its value as a machine reads it, no more precise than what is shown."""
    if text == MISSING:
        return text
    return _wrap(f"{numbers.rounded(value, decimals):f}", text)


def _wrap(machine: str, text: str) -> str:
    return f"{_OPEN}{machine}{_MIDDLE}{text}{_CLOSE}"
