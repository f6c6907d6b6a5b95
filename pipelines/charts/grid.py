"""The grid of a heat table: what is printed in it, and how wide it is in the house width."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.charts.lettering import BOLD, FULL, count_lines, measure, shorten, wrap
from pipelines.charts.shades import Unit
from pipelines.errors import UsageError
from pipelines.numbers import MISSING

NOTHING, TOTAL, INCOMPLETE = "–", "Total", "*"
# Points: beside a number, before the totals, after a code; the most for row labels and cells, the least for labels.
PAD, APART, BLANK = 3.0, 7.0, 6.0
_LABEL, _CELL, _NARROW = 150.0, 92.0, 58.0
_HEAD_LINES = 3
# « O1 », « T12 »: a word that begins a name and already is its short code.
_CODE = re.compile(r"[^\W\d]{1,2}\d{1,2}")


@dataclass(frozen=True)
class Grid:
    """Numbers of the cells as they are printed, rounded, NaN where there is none; texts of cells and totals.

    `absent`: whether a pair has no row.

    Totals are empty unless asked for; the sum of all is the last of `bottom`.

    `key` tells what the heads stand for where they are not the names. In points: `label`, the row labels; `cell`, a
    cell; `last`, the totals at the right.
    """

    numbers: np.ndarray
    absent: np.ndarray
    cells: list[list[str]]
    right: list[str]
    bottom: list[str]
    labels: list[str]
    heads: list[str]
    key: list[tuple[str, str]]
    label: float
    cell: float
    last: float

    @property
    def centres(self) -> np.ndarray:
        """Points from the left edge to the middle of each column."""
        return self.label + self.cell * (np.arange(len(self.heads)) + 0.5)

    @property
    def indent(self) -> float:
        """Points from the left edge to what the key says of a code."""
        return _indent([code for code, _ in self.key])


def fit_grid(
    wide: pd.DataFrame, rowless: pd.DataFrame, unit: Unit, *, totals: bool, written: pd.DataFrame | None = None
) -> Grid:
    """The grid in the house width, with as many decimals as leave the row labels their room.

    `written`: the texts that stand in place of the numbers, where they are not missing.

    UsageError where the numbers alone, or these texts, are too wide.
    """
    values, absent = wide.to_numpy(float, na_value=np.nan), rowless.to_numpy(bool)
    whole = unit.divisor == 1 and unit.name != "%" and all(number.is_integer() for number in values[~np.isnan(values)])
    wanted = min(_LABEL, max(measure(shorten(name)) for name in wide.index))
    for decimals in (0,) if whole else (1, 0):
        cells = [
            [NOTHING if blank else unit.write(number, decimals) for number, blank in zip(*line, strict=True)]
            for line in zip(values, absent, strict=True)
        ]
        if written is not None:
            cells = [
                [text if pd.isna(word) or blank else shorten(word) for text, word, blank in zip(*line, strict=True)]
                for line in zip(cells, written.to_numpy(object), absent, strict=True)
            ]
        sums = [
            [_add(numbers, blanks, unit, decimals) for numbers, blanks in zip(*lines, strict=True)]
            for lines in ((values, absent), (values.T, absent.T), ([values.ravel()], [absent.ravel()]))
        ]
        right, bottom = (sums[0], sums[1] + sums[2]) if totals else ([], [])
        cell = 2 * PAD + max(measure(text) for line in (*cells, bottom[:-1]) for text in line)
        last = 2 * PAD + APART + max(map(measure, (*right, *bottom[-1:], TOTAL))) if totals else 0.0
        room = FULL - last - cell * wide.shape[1] - 2 * PAD
        if room >= wanted:
            break
    if room < _NARROW:
        printed = "nombres" if written is None else "textes"
        raise UsageError(
            f"{wide.shape[1]} colonnes de ces {printed} ne tiennent pas dans la largeur d'une page : en regrouper"
            + (", ou renoncer aux totaux." if totals else ".")
        )
    labels = [wrap(name, min(room, _LABEL)) for name in wide.index]
    label = max(map(measure, labels)) + 2 * PAD
    cell = min(_CELL, (FULL - label - last) / wide.shape[1])
    heads, key = _head(list(wide.columns), cell - PAD)
    numbers = np.array([[unit.round(number, decimals) for number in line] for line in values])
    return Grid(numbers, absent, cells, right, bottom, labels, heads, key, label, cell, last)


def _add(numbers: np.ndarray, blanks: np.ndarray, unit: Unit, decimals: int) -> str:
    """A total as it is printed: of what is known, with « * » where something is not."""
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return NOTHING if blanks.all() else MISSING
    missing = (np.isnan(numbers) & ~blanks).any()
    return unit.write(known.sum(), decimals) + (INCOMPLETE if missing else "")


def _head(names: list[str], room: float) -> tuple[list[str], list[tuple[str, str]]]:
    """Heads no wider than `room`: the names, or short codes and the key that says what these stand for."""
    heads = [wrap(name, room) for name in names]
    words = [word for name in names for word in shorten(name).split(" ")]
    if max(map(measure, words)) <= room and max(map(count_lines, heads)) <= _HEAD_LINES:
        return heads, []
    parts = [shorten(name).partition(" ")[::2] for name in names]
    codes = [code for code, _ in parts]
    if len(set(codes)) < len(codes) or not all(_CODE.fullmatch(code) and rest for code, rest in parts):
        codes = [chr(ord("A") + at) for at in range(len(names))]
        parts = [(code, shorten(name)) for code, name in zip(codes, names, strict=True)]
    indent = _indent(codes)
    return codes, [(code, wrap(rest, FULL - indent)) for code, rest in parts]


def _indent(codes: Sequence[str]) -> float:
    return BOLD * max(map(measure, codes)) + BLANK


def wrap_notes(grid: Grid, unit: Unit, *, corner: str = "", meaning: str = "") -> str:
    """What dark means, what the numbers are counted in, and the signs that occur.

    `corner`: the limit from which on cells bear a mark in their corner; empty where none does.
    """
    totals = {*grid.right, *grid.bottom}
    missing = np.isnan(grid.numbers) & ~grid.absent
    printed = {text for line in grid.cells for text in line} | totals
    said = [f"en {unit.name}"] * bool(unit.name)
    said += [f"coin marqué : {corner} ou plus"] * bool(corner)
    said += [f"{NOTHING} : aucune donnée"] * bool(grid.absent.any() or NOTHING in totals)
    said += [f"{MISSING + ', ' if MISSING in printed else ''}hachuré : valeur manquante"] * bool(
        missing.any() or MISSING in totals
    )
    said += [f"{INCOMPLETE} : total incomplet"] * any(text.endswith(INCOMPLETE) for text in totals)
    # A line ends between two of them.
    text = " ; ".join(note.replace(" ", "\u00a0") for note in said)
    lines = [wrap(meaning, FULL)] * bool(meaning) + [wrap(text[:1].upper() + text[1:], FULL)] * bool(text)
    return "\n".join(lines)
