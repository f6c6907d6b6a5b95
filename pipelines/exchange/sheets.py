"""Sheets of a workbook: one door for every text, one house style, prose that wraps, tables with a header of their own.

No cell is ever a formula or a link to elsewhere; what a spreadsheet would run is text, here and in a CSV saved from it.
"""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from pipelines.exchange.shown import Cell
from pipelines.numbers import format_cell, format_date
from pipelines.report.downloads import neutralise
from pipelines.report.templates import printable, shorten

# A cell takes 32 767 units of text, and a header 255; a character is one unit or two.
TEXT_LENGTH, HEAD_LENGTH = 16_000, 110
# Widths are in characters, heights in points.
NARROWEST, WIDEST, PROSE_WIDTH, LINE_HEIGHT, HIGHEST = 8, 60, 100, 15, 405
# A width counts digits; a French text has more characters than digits in the same room.
_TIGHT = 1.1
# Excel has no day before 1900.
FIRST_YEAR = 1901
_NARROW = "\u202f"
_NUMBERS = {
    "pourcent": f'#,##0.0"{_NARROW}%"',
    "euros": f'#,##0"{_NARROW}€"',
    "points": "+#,##0.0;-#,##0.0",
    "annee": "0",
    "entier": "#,##0",
    "decimal": "#,##0.0",
    "coefficient": "0.00",
}
# As on the page: the percent and the gap show one decimal, and a value that rounds to zero bears no sign.
_DECIMALS = {"pourcent": 1, "points": 1, "decimal": 1, "coefficient": 2}
_ACCENT, _SOFT, _RULE, _FADED, _ALERT = "#0B4F8A", "#EAF0F6", "#C8D1DA", "#52606D", "#9A3412"
_STYLES: dict[str, dict[str, Any]] = {
    "titre": {"bold": True, "font_size": 14, "font_color": _ACCENT, "text_wrap": True, "valign": "top"},
    "section": {"bold": True, "font_size": 12, "font_color": _ACCENT},
    "marque": {"bold": True, "font_color": _ALERT, "text_wrap": True, "valign": "top"},
    "prose": {"text_wrap": True, "valign": "top"},
    "source": {"text_wrap": True, "valign": "top", "font_color": _FADED},
    "lien": {"font_color": _ACCENT, "underline": 1, "valign": "top"},
    "tete": {"bold": True, "bg_color": _SOFT, "text_wrap": True, "valign": "vcenter", "bottom": 1},
    "cellule": {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": _RULE},
}


class Book:
    """A workbook being written in memory, and its styles, each made once."""

    def __init__(self, buffer: Any, properties: Mapping[str, Any]) -> None:
        options = ("strings_to_numbers", "strings_to_formulas", "strings_to_urls")
        self.file = xlsxwriter.Workbook(buffer, {"in_memory": True, **dict.fromkeys(options, False)})
        self.file.set_properties(dict(properties))
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, name: str, **more: Any) -> Format:
        """A style of the house, with some of its properties changed."""
        given = _STYLES[name] | more
        key = tuple(sorted(given.items()))
        if key not in self._styles:
            self._styles[key] = self.file.add_format(given)
        return self._styles[key]


class Sheet:
    """One sheet, written from top to bottom; `at` is its next row, `shortened` whether a text was cut."""

    def __init__(self, book: Book, name: str, widths: Sequence[float]) -> None:
        self.book, self.name, self.at, self.shortened = book, name, 0, False
        self.file = book.file.add_worksheet(name)
        # A code that is all digits is meant as text.
        self.file.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self.widths = list(widths)
        # Prose spans what it needs to be read, be the table narrower or wider.
        while sum(self.widths) < PROSE_WIDTH:
            self.widths.append(max(NARROWEST, min(WIDEST, PROSE_WIDTH - sum(self.widths))))
        for column, width in enumerate(self.widths):
            self.file.set_column(column, column, width)

    def text(self, column: int, text: str, style: Format) -> None:
        """Write one text in the present row: the only way for a text into a workbook."""
        plain = neutralise(printable(text))
        self.shortened |= len(plain) > TEXT_LENGTH
        self.file.write_string(self.at, column, shorten(plain, TEXT_LENGTH), style)

    def cell(self, column: int, cell: Cell, *, numeric: bool = False, **more: Any) -> None:
        """Write one cell of a table in the present row, a number or a date as such; `more`: properties of its style."""
        more |= _aligned(numeric)
        match cell.value:
            case datetime() as day if day.year >= FIRST_YEAR:
                self.file.write_datetime(
                    self.at, column, day, self.book.style("cellule", num_format="dd/mm/yyyy", **more)
                )
            case float() as number:
                shape = number_format(number, cell.kind)
                self.file.write_number(self.at, column, number, self.book.style("cellule", num_format=shape, **more))
            case _:
                faded = {"italic": True, "font_color": _FADED} if cell.kind == "manquant" else {}
                self.text(column, display(cell), self.book.style("cellule", **{**more, **faded}))

    def row(self, texts: Sequence[str], *, size: float = 1, room: int = 0) -> None:
        """End the present row, as high as its texts need; `room`: characters that something else takes in each cell.

        Not left to the program that opens it: not all of them make room for a text that wraps.
        """
        deep = max((lines(text, self.widths[at] - room) for at, text in enumerate(texts)), default=1)
        if deep > 1 or size != 1:
            self.file.set_row(self.at, min(HIGHEST, LINE_HEIGHT * size * deep))
        self.at += 1

    def prose(self, text: str, style: str = "prose") -> None:
        """A paragraph over the whole width, then the next row."""
        format_, last, whole = self.book.style(style), len(self.widths) - 1, sum(self.widths)
        if last:
            self.file.merge_range(self.at, 0, self.at, last, "", format_)
        self.text(0, text, format_)
        size = _STYLES[style].get("font_size", 11) / 11
        self.file.set_row(self.at, min(HIGHEST, LINE_HEIGHT * size * lines(text, whole / size)))
        self.at += 1

    def link(self, column: int, sheet: str, text: str) -> None:
        """A link to another sheet of this workbook, in the present row."""
        self.file.write_url(self.at, column, f"internal:'{sheet}'!A1", self.book.style("lien"), text)

    def heads(self, labels: Sequence[str], *, numeric: Sequence[bool] = (), room: int = 0) -> None:
        """A header row, then the next row; `room`: characters that a button takes in each."""
        for column, label in enumerate(labels):
            self.text(column, label, self._head(column, numeric))
        self.row(labels, size=1.1, room=room)

    def table(self, name: str, labels: Sequence[str], first: int, last: int, *, numeric: Sequence[bool] = ()) -> None:
        """Declare the rows `first` to `last` as a table, its header first: read aloud, and with buttons to filter."""
        styles = [self._head(column, numeric) for column in range(len(labels))]
        told = [
            {"header": neutralise(printable(label)), "header_format": style}
            for label, style in zip(labels, styles, strict=True)
        ]
        self.file.add_table(first, 0, last, len(labels) - 1, {"name": name, "style": None, "columns": told})

    def _head(self, column: int, numeric: Sequence[bool]) -> Format:
        return self.book.style("tete", **_aligned(bool(numeric) and numeric[column]))

    def printed(self, *, repeated: int | None = None, mark: str = "") -> None:
        """How it prints: A4, as wide as the sheet, its header on each page, its mark and page number below."""
        self.file.set_paper(9)
        if sum(self.widths) > 1.1 * PROSE_WIDTH:
            self.file.set_landscape()
        self.file.fit_to_pages(1, 0)
        self.file.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.file.set_footer(f"&L{mark}&R&P / &N")
        if repeated is not None:
            self.file.repeat_rows(repeated)


def _aligned(numeric: bool) -> dict[str, Any]:
    # A step from the edge, or a number would touch the text of the next column.
    return {"align": "right", "indent": 1} if numeric else {"align": "left"}


def number_format(number: float, kind: str) -> str:
    """The format that shows a number as the page does; one that rounds to zero bears no sign."""
    if abs(number) < 0.5 / 10 ** _DECIMALS.get(kind, 0):
        shape = _NUMBERS[kind].split(";")[0].removeprefix("+")
        return f"{shape};{shape}"
    return _NUMBERS[kind]


def display(cell: Cell) -> str:
    """The text of a cell as on the page."""
    if isinstance(cell.value, datetime):
        return format_date(cell.value)
    return format_cell(cell.value, cell.kind) if isinstance(cell.value, int | float) else cell.value


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a width in characters."""
    room = max(int(width * _TIGHT), 1)
    return sum(len(textwrap.wrap(line, room)) if len(line) > room else 1 for line in text.split("\n"))
