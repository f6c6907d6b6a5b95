"""One table of a page as one sheet: its title, its mark, its header that stays, its typed cells, what is said of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.errors import UsageError
from pipelines.exchange.sheets import HEAD_LENGTH, NARROWEST, WIDEST, Book, Sheet, display
from pipelines.exchange.shown import ShownColumn, ShownTable
from pipelines.report.provenance import cite
from pipelines.report.report import FICTIONAL
from pipelines.report.templates import printable, shorten, typeset

SUMMARY = "Sommaire"
# What a sheet holds, less what stands above and below the table.
MOST_ROWS, MOST_COLUMNS = 1_000_000, 16_000
# The button of a filter, and the room of a number.
_BUTTON, _ROOM = 4, 3
_HEAD_WIDTH = 18


def write_table(book: Book, table: ShownTable, sources: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the sheet of one table. UsageError where a sheet cannot hold it. `sources`: those of the page, by id."""
    if len(table.rows) > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
        raise UsageError(
            f"Le tableau {table.number} est trop grand pour une feuille de classeur ({len(table.rows)} lignes, "
            f"{len(table.columns)} colonnes). Le réduire dans le notebook, ou prendre son CSV."
        )
    labels = heads(table.columns)
    sheet = Sheet(book, table.sheet, [_width(table, at, label) for at, label in enumerate(labels)])
    sheet.prose(f"Tableau {table.number}. {typeset(table.heading)}", "titre")
    if table.fictional:
        sheet.prose(FICTIONAL, "marque")
    sheet.link(0, SUMMARY, "Retour au sommaire")
    sheet.at += 1
    header = sheet.at
    numeric = [column.numeric for column in table.columns]
    sheet.heads(labels, numeric=numeric, room=_BUTTON)
    sheet.file.freeze_panes(header + 1, 0)
    for rank, row in enumerate(table.rows):
        total = {"bold": True, "top": 1} if rank in table.totals else {}
        for at, cell in enumerate(row):
            sheet.cell(at, cell, numeric=numeric[at], **total)
        sheet.row([display(cell) for cell in row])
    data = _rows_of_data(table)
    if data and labels:
        sheet.table(f"Tableau_{table.number}", labels, header, header + data, numeric=numeric)
    else:
        sheet.prose("Aucune ligne.")
    _say_below(sheet, table, sources)
    sheet.printed(repeated=header, mark=FICTIONAL if table.fictional else "")


def heads(columns: Sequence[ShownColumn]) -> list[str]:
    """The header of each column: its label with its unit, on one line, and none twice whatever the capitals."""
    taken: set[str] = set()
    labels = []
    for rank, column in enumerate(columns, start=1):
        text = shorten(" ".join(printable(column.label).split()), HEAD_LENGTH) or f"Colonne {rank}"
        unit = f" ({column.unit})" if column.unit else ""
        label, number = f"{text}{unit}", 1
        while label.casefold() in taken:
            number += 1
            label = f"{text} {number}{unit}"
        taken.add(label.casefold())
        labels.append(label)
    return labels


def _width(table: ShownTable, at: int, label: str) -> float:
    """Width of a column, in characters: that of its longest line, and of the words of its header."""
    longest = max((len(line) for row in table.rows for line in display(row[at]).split("\n")), default=0)
    words = max(len(word) for word in label.split())
    return max(NARROWEST, min(WIDEST, max(longest + _ROOM, min(len(label), _HEAD_WIDTH) + _BUTTON, words + _BUTTON)))


def _rows_of_data(table: ShownTable) -> int:
    """How many rows filters and sorts may move: all but the totals that end the table."""
    rows = len(table.rows)
    while rows - 1 in table.totals and rows > 1:
        rows -= 1
    return rows


def _say_below(sheet: Sheet, table: ShownTable, sources: Mapping[str, Mapping[str, Any]]) -> None:
    """Note, method and sources, as under the table of the page."""
    sheet.at += 1
    if table.note:
        sheet.prose(typeset(f"Note : {table.note}"))
    if table.method:
        sheet.prose(typeset(f"Méthode : {table.method}"))
    for name in table.sources:
        sheet.prose(typeset(f"Source : {cite(sources[name])}"), "source")
    if sheet.shortened:
        sheet.prose("Textes très longs abrégés ici, entiers dans le CSV.")
