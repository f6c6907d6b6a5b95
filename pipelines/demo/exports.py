"""CSV exports: `;`, cp1252, CRLF, decimal commas, quoted line breaks; a repeated header, a total, a blank line."""

import csv
import io
from pathlib import Path

import pandas as pd

from pipelines.demo.cells import kind_of, write_amount, write_cells
from pipelines.demo.faults import Faulty
from pipelines.demo.layouts import Layout
from pipelines.demo.truth import Sheet

ENCODING = "cp1252"
BLOCK = 50_000
_REPEATED_HEADER, _TOTAL, _BLANK = 2019, 2021, 2020
_REPEAT_AFTER = 150


def write_export(path: Path, faulty: Faulty, layout: Layout) -> list[Sheet]:
    """Write one export, block by block; say on which line of the file every row starts."""
    truth = Sheet("")
    with path.open("w", encoding=ENCODING, newline="") as handle:
        line = _write_line(handle, list(layout.headers.values()), 1)
        truth.not_data["en_tete"] = 1
        for first in range(0, len(faulty.rows), BLOCK):
            rows = faulty.rows.iloc[first : first + BLOCK]
            text = write_cells(rows, faulty.cells, layout)
            if first == 0 and layout.year in (_REPEATED_HEADER, _BLANK):
                line = _write_rows(handle, text.iloc[:_REPEAT_AFTER], line, truth)
                text = text.iloc[_REPEAT_AFTER:]
                line = _write_interruption(handle, layout, line, truth)
            line = _write_rows(handle, text, line, truth)
        if layout.year == _TOTAL:
            _write_line(handle, _total(faulty.rows, layout), line)
            truth.not_data["total"] = 1
    return [truth]


def _write_rows(handle: io.TextIOBase, text: pd.DataFrame, line: int, truth: Sheet) -> int:
    """Write rows; the line that follows. A row takes one line, and one more for each line break in its cells."""
    text.to_csv(handle, sep=";", header=False, index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    breaks = sum(text[name].str.count("\n") for name in ("intitule", "territoires")).astype(int)
    starts = line + (breaks + 1).cumsum() - (breaks + 1)
    truth.lines.update(zip(text.index.tolist(), starts.tolist(), strict=True))
    return line + int((breaks + 1).sum())


def _write_line(handle: io.TextIOBase, cells: list[str], line: int) -> int:
    csv.writer(handle, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line + 1


def _write_interruption(handle: io.TextIOBase, layout: Layout, line: int, truth: Sheet) -> int:
    """What two exports pasted together show: the header again, or a blank record."""
    if layout.year == _REPEATED_HEADER:
        truth.not_data["en_tete_repete"] = 1
        return _write_line(handle, list(layout.headers.values()), line)
    truth.not_data["vide"] = 1
    return _write_line(handle, [""] * len(layout.headers), line)


def _total(rows: pd.DataFrame, layout: Layout) -> list[str]:
    sums = [write_amount(int(rows[name].sum()), layout) if kind_of(name) == "euros" else "" for name in layout.headers]
    return ["TOTAL", *sums[1:]]
