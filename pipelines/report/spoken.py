"""The figures that a commentary speaks of, one row a displayed cell: fingerprint, CSV, what changed in them.

A cell is known by the title of its table or figure, its row and its column, as they are read on the page.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pipelines.fingerprint import digest
from pipelines.numbers import MISSING
from pipelines.report.downloads import neutralise

HEAD = ("titre", "ligne", "colonne", "valeur")
KEY_FIGURES = "Chiffres clés"
# Digits of a fingerprint that a person copies into a commentary.
COPIED = 12
# A value that is no more published is not published again as a former one.
WITHHELD = "non reprise"
_UNSAID = re.compile(rf"{re.escape(MISSING)}|\bsecret\b|^s$", re.IGNORECASE)


class Cell(NamedTuple):
    """A displayed value: the title of its table or figure, the names of its row and of its column, its text."""

    titre: str
    ligne: str
    colonne: str
    valeur: str


class Change(NamedTuple):
    """A value before and after, in words where it was not there or is no more; `ligne`, `colonne` may be empty."""

    titre: str
    ligne: str
    colonne: str
    avant: str
    apres: str


def flatten_table(title: str, columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> list[Cell]:
    """The cells of a displayed table; `columns`: the head of each and whether it holds numbers.

    A row is named by its first cells of text, as many as tell it from the others. A table without rows is one cell.
    """
    rows = [tuple(row) for row in rows]
    if not rows:
        return [Cell(title, "", "", "aucune ligne")]
    texts = next((place for place, (_, numeric) in enumerate(columns) if numeric and place), len(columns))
    width = next((n for n in range(1, texts) if len({row[:n] for row in rows}) == len(rows)), texts)
    # What names a row is shown, too: alone in its row, it is its value.
    first = width if width < len(columns) else width - 1
    return [
        Cell(title, " ; ".join(row[:width]), columns[place][0], row[place])
        for row in rows
        for place in range(first, len(columns))
    ]


def flatten_key_figures(figures: Iterable[Sequence[str]]) -> list[Cell]:
    """The cells of key figures: (value, label, detail) each."""
    return [
        Cell(KEY_FIGURES, label, column, text)
        for value, label, detail in figures
        for column, text in (("valeur", value), ("précision", detail))
        if text or column == "valeur"
    ]


def gather(shown: Iterable[Sequence[Cell]]) -> list[Cell]:
    """The cells of all that a section shows, in the order of the page; names that come again are numbered."""
    titles: Counter[str] = Counter()
    cells: list[Cell] = []
    for element in shown:
        titles[element[0].titre] += 1
        title = _numbered(element[0].titre, titles[element[0].titre])
        places: Counter[tuple[str, str]] = Counter()
        for cell in element:
            places[cell.ligne, cell.colonne] += 1
            line = _numbered(cell.ligne, places[cell.ligne, cell.colonne])
            cells.append(Cell(title, line, cell.colonne, cell.valeur))
    return cells


def fingerprint_cells(cells: Sequence[Cell]) -> str:
    """What a commentary notes of the figures that it speaks of."""
    return digest(_written(cells))[:COPIED]


def write_cells(cells: Sequence[Cell]) -> str:
    """The cells as CSV text, semicolons and LF, which a spreadsheet never runs."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows([HEAD, *_written(cells)])
    return buffer.getvalue()


def read_cells(text: str, fingerprint: str) -> list[Cell] | None:
    """The cells of `write_cells`. None where they are not those of this fingerprint, or where this is no such file."""
    try:
        head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True)
        cells = [Cell(*row) for row in rows]
    except (csv.Error, TypeError, ValueError):
        return None
    if tuple(head) != HEAD or digest([list(cell) for cell in cells])[:COPIED] != fingerprint:
        return None
    return [Cell(*(_as_shown(part) for part in cell)) for cell in cells]


def compare_cells(before: Sequence[Cell], after: Sequence[Cell]) -> list[Change]:
    """What changed, in the order of the page as it is now; then what is no more. Empty: at most the order of rows.

    A table or figure whose title alone is not the same, because it says a figure, is known by its rows and columns. A
    whole table, row or column that came or went is one change.
    """
    old, new = _by_title(before), _by_title(after)
    former = {title: title for title in new if title in old}
    for title in (title for title in new if title not in old):
        likely = (one for one in old if one not in former.values() and _are_alike(old[one], new[title]))
        if (one := next(likely, None)) is not None:
            former[title] = one
    changes: list[Change] = []
    for title, cells in new.items():
        if title not in former:
            changes.append(Change(title, "", "", "absent", "ajouté"))
            continue
        if title != former[title]:
            changes.append(Change(title, "", "titre", former[title], title))
        changes += _compare_tables(title, old[former[title]], cells)
    gone = [title for title in old if title not in former.values()]
    return changes + [Change(title, "", "", "présent", "absent") for title in gone]


def _compare_tables(title: str, old: dict[tuple[str, str], str], new: dict[tuple[str, str], str]) -> list[Change]:
    changes = [
        Change(title, *place, WITHHELD if _UNSAID.search(value) else old[place], value)
        for place, value in new.items()
        if place in old and old[place] != value
    ]
    changes += [Change(title, *place, "absent", value) for place, value in _gathered(new, old, "ajouté")]
    return changes + [Change(title, *place, value, "absent") for place, value in _gathered(old, new, "présent")]


def _gathered(
    cells: dict[tuple[str, str], str], others: dict[tuple[str, str], str], word: str
) -> Iterator[tuple[tuple[str, str], str]]:
    """The cells that the others lack, a whole row or column of several told once, by this word."""
    lines, columns = {line for line, _ in others}, {column for _, column in others}
    sizes = Counter(line for line, _ in cells), Counter(column for _, column in cells)
    told = set()
    for (line, column), value in cells.items():
        if (line, column) in others:
            continue
        if column not in columns and sizes[1][column] > 1:
            place = ("", column)
        elif line not in lines and sizes[0][line] > 1:
            place = (line, "")
        else:
            yield (line, column), value
            continue
        if place not in told:
            told.add(place)
            yield place, word


def _are_alike(old: dict[tuple[str, str], str], new: dict[tuple[str, str], str]) -> bool:
    return 2 * len(old.keys() & new.keys()) >= max(len(old), len(new))


def _by_title(cells: Sequence[Cell]) -> dict[str, dict[tuple[str, str], str]]:
    return {
        title: {(cell.ligne, cell.colonne): cell.valeur for cell in own}
        for title, own in groupby(cells, key=lambda cell: cell.titre)
    }


def _numbered(name: str, rank: int) -> str:
    return name if rank == 1 else f"{name} ({rank})"


def _written(cells: Sequence[Cell]) -> list[list[str]]:
    """The cells as a file holds them: no formula, one kind of line end."""
    return [[neutralise(part) for part in cell] for cell in cells]


def _as_shown(text: str) -> str:
    return text[1:] if text.startswith("'") and neutralise(text[1:]) == text else text
