"""A list of answers to the gender marker's questions, as a CSV holds it outside any contract."""

import csv
import difflib
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.errors import DataError, UsageError
from pipelines.indicators.gender import FIELDS
from pipelines.read.records import BLANKS, Records, Rows
from pipelines.read.text import BLOCK, HEAD, read_text_records, record_blocks

CODE, REASON_CELL, TYPED = "code_action", "motif", "marqueur_saisi"
ASKED = (CODE, *FIELDS, REASON_CELL)
COMPUTED = ("marqueur", "regle", "nb_criteres", "chemin", "drapeaux")
LINE, WIDTH = "ligne", "nb_cellules"


@dataclass(frozen=True)
class Answers:
    """A list as read. `names`: its header, as written; `blank`: number of its blank lines, which are no rows.

    `rows`: text, "" where blank. Columns ASKED, TYPED if there is one, and the others by their position, all in the
    order of the file; then LINE and WIDTH, the line number and the number of cells of each row. A short row has blank
    cells at its end; the last cell of a long one holds what is too many, as it stood in the file.
    `has_signature`: does a spreadsheet need the byte order mark to open such a file (the list has it, or is not UTF-8).
    """

    names: list[str]
    rows: pd.DataFrame
    blank: int
    delimiter: str
    has_signature: bool


def read_answers(path: Path) -> Answers:
    """The list of a CSV, delimiter and encoding found. UsageError where there is no such file.

    DataError where it is not text, has no row, a quote never closes, or a column lacks, comes twice or would be
    hidden by a computed one.
    """
    if not path.is_file():
        raise UsageError(f"Le fichier « {path} » est introuvable. Vérifier son nom et son dossier.")
    try:
        records = _likely(read_text_records(path, HEAD))
        if not _first(records):
            names = ", ".join(ASKED)
            raise DataError(records.fault or f"{path.name} est vide. Y écrire l'en-tête ({names}), puis les réponses.")
        header, at = _find_header(path, records)
        rows, blank = _read_rows(path, records, header)
    except OSError as error:
        raise UsageError(
            f"Le fichier « {path} » ne peut pas être lu ({error.strerror or error}). Vérifier les droits."
        ) from error
    if rows.empty:
        raise DataError(f"{path.name} n'a que son en-tête. Y écrire une action par ligne.")
    with path.open("rb") as handle:
        is_plain = records.encoding == "utf-8-sig" and handle.read(3) != b"\xef\xbb\xbf"
    return Answers(header, rows.rename(columns=at), blank, records.delimiter, not is_plain)


def _likely(readings: list[Records]) -> Records:
    """The reading whose first line has most of the names asked for."""
    return max(readings, key=lambda records: len(set(_first(records)) & set(ASKED)))


def _first(records: Records) -> list[str]:
    return next((cells for cells in records.rows if any(cells)), [])


def _find_header(path: Path, records: Records) -> tuple[list[str], dict[int, str]]:
    """The names of the columns, and the position of each one that is asked for."""
    header = _first(records)
    where = f"{path.name}, ligne {records.lines[records.rows.index(header)]}"
    wanted = [*ASKED, TYPED]
    if lacking := [_with_nearest(name, header) for name in ASKED if name not in header]:
        told = f"il manque {', '.join(lacking)}"
        raise DataError(f"{where} : {told}. Ajouter ou renommer ces colonnes, sur la première ligne du fichier.")
    if twice := [name for name in wanted if header.count(name) > 1]:
        raise DataError(f"{where} : la colonne « {twice[0]} » y figure plusieurs fois. N'en garder qu'une.")
    if hidden := [f"« {name} »" for name in COMPUTED if name in header]:
        raise DataError(
            f"{where} : {', '.join(hidden)} : la commande calcule ce qui porte ce nom. Enlever la colonne, ou la "
            f"renommer (« {TYPED} » pour comparer un marqueur saisi à la main)."
        )
    return header, {header.index(name): name for name in wanted if name in header}


def _with_nearest(name: str, header: list[str]) -> str:
    close = difflib.get_close_matches(name, [one for one in header if one and one not in ASKED], n=1, cutoff=0.5)
    return f"« {name} »" + (f" (au plus près : « {close[0][:60]} »)" if close else "")


def _read_rows(path: Path, records: Records, header: list[str]) -> tuple[pd.DataFrame, int]:
    """The rows under the header, and how many lines are blank: what `record_blocks` gives, in half the time."""
    parts, before, width = [], 0, len(header)
    try:
        with path.open(encoding=records.encoding, newline=None) as handle, _without_collector():
            reader = csv.reader(handle, delimiter=records.delimiter, strict=True)
            while rows := list(islice(reader, BLOCK)):
                lines = _number(rows, before, reader.line_num)
                widths = np.array(list(map(len, rows)))
                if (widths != width).any():
                    rows = [_fit(cells, width, records.delimiter) for cells in rows]
                columns = {at: pd.array(cells, dtype="str") for at, cells in enumerate(zip(*rows, strict=True))}
                parts.append(pd.DataFrame({**columns, LINE: lines, WIDTH: widths}))
                before = reader.line_num
    except csv.Error:
        # Where a quote does not close: the reader of all text files says it, with the line.
        for _ in record_blocks(path, records):
            continue
        raise
    read = pd.concat(parts, ignore_index=True)
    for at in range(width):
        read[at] = read[at].str.strip(BLANKS)
    is_below = read[LINE] > records.lines[records.rows.index(header)]
    is_blank = (read[list(range(width))] == "").all(axis=1)
    return read[is_below & ~is_blank].reset_index(drop=True), int((is_below & is_blank).sum())


def _number(rows: Rows, before: int, after: int) -> np.ndarray:
    """The line on which each row begins, from the number of lines read before and after them."""
    heights = np.ones(len(rows), dtype="int64")
    if after - before > len(rows):
        heights = np.array([1 + sum(cell.count("\n") for cell in cells) for cells in rows])
    return before + 1 + heights.cumsum() - heights


@contextmanager
def _without_collector() -> Iterator[None]:
    """The collector of cycles stopped: rows make none, and it would walk them all over and over, half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fit(cells: list[str], width: int, delimiter: str) -> list[str]:
    """The cells of a row in as many as the header has: nothing of it is lost, and the columns after it stay in line."""
    end = len(cells)
    while end > width and not cells[end - 1].strip(BLANKS):
        end -= 1
    if end >= width:
        return [*cells[: width - 1], delimiter.join(cells[width - 1 : end])]
    return cells + [""] * (width - len(cells))
