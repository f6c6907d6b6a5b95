"""A table as the CSV text that a French spreadsheet opens at a double click, and that it never runs.

Semicolons, decimal commas, UTF-8 with its byte order mark, line ends LF like every text that is written here: Excel,
LibreOffice and pandas read them alike. Column names stay those of the codebook, numbers stay whole numbers of digits.
"""

import csv
import io
import re
from typing import Any

import numpy as np
import pandas as pd

from pipelines.numbers import is_missing

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANK = ("\t", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def to_csv(frame: pd.DataFrame) -> str:
    """CSV text of a frame, its index left out; missing cells are empty, dates ISO, booleans oui or non."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow([neutralise(_name(column)) for column in frame.columns])
    columns = [[_cell(value) for value in frame.iloc[:, position]] for position in range(frame.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def _name(column: Any) -> str:
    return " ".join(str(part) for part in column if part != "") if isinstance(column, tuple) else str(column)


def _cell(value: Any) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "oui" if value else "non"
    if isinstance(value, float | np.floating):
        # Nine decimals keep every figure that means something and drop the noise of binary sums.
        return np.format_float_positional(round(float(value), 9), trim="-").replace(".", ",")
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    return str(value) if not isinstance(value, str) else neutralise(value)


def neutralise(value: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; a number in text stays.

    Blanks before the sign make no difference: a spreadsheet may take them away.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    begins = value.startswith(_BLANK) or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if begins and not _PLAIN_NUMBER.fullmatch(value.strip(" ")) else value
