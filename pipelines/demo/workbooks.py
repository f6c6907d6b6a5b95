"""Hand-made workbooks: titles above the header, a merged column, subtotals inside, blank rows, a note at the end."""

import datetime
import io
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.archive import repack
from pipelines.demo import territories
from pipelines.demo.cells import count_people, kind_of, write_cells
from pipelines.demo.faults import COPY, Faulty
from pipelines.demo.layouts import MENTION, NUMBER, TOTAL_PLANNED, TOTAL_REACHED, Layout
from pipelines.demo.truth import Sheet

_TITLES = ("Contrat de ville de Valenciennes Métropole", "Programmation {year}{part}", MENTION.capitalize())
_CREATED = datetime.datetime(2015, 1, 1)
# Years that stand out: true dates; two lines of header and an orientation on every row.
_NATIVE_DATES, _GROUPED = 2015, 2017
# One row in so many has its amounts typed as text.
_TEXT_AMOUNTS = 17


def write_workbook(path: Path, faulty: Faulty, layout: Layout) -> list[Sheet]:
    """Write one workbook; say for each sheet where every row stands. The same rows give the same bytes everywhere."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Programmation {layout.year}, {MENTION}", "author": "", "created": _CREATED})
    # An action of the north entered on the other sheet too is how an exact copy comes about.
    north = territories.IS_NORTH[faulty.rows["lieu_0"]] & (faulty.rows["sort"] != COPY)
    sheets = []
    for name in layout.sheets:
        rows = faulty.rows if len(layout.sheets) == 1 else faulty.rows[north == name.endswith("nord")]
        sheets.append(_SheetWriter(book, name, layout).write(rows, faulty.cells))
    book.close()
    path.write_bytes(repack(buffer))
    return sheets


class _SheetWriter:
    """Writes one sheet from top to bottom and remembers the line of every row."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, layout: Layout) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self.layout, self.columns = layout, list(layout.headers)
        self.at = 0
        self.truth = Sheet(name)
        self.bold = book.add_format({"bold": True})
        self.date = book.add_format({"num_format": "dd/mm/yyyy"})
        self.euros = book.add_format({"num_format": "#,##0.00 €"})
        self.total = book.add_format({"bold": True, "num_format": "#,##0.00 €"})
        self.centred = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})

    def write(self, rows: pd.DataFrame, planted: pd.DataFrame) -> Sheet:
        """Titles, header, one block an orientation with its subtotal, the total, a note."""
        text = write_cells(rows, planted, self.layout)
        cells = self._values(rows, text, set(planted["rang"]))
        self._titles()
        for name, block in rows.groupby("code_orientation", sort=True):
            self._block(str(name), block, cells)
        self._sum("TOTAL GÉNÉRAL" if len(self.layout.sheets) > 1 else "TOTAL", rows)
        self._skip()
        self.sheet.write_string(self.at, 0, f"Note : {MENTION}, aucune structure ni action réelle.")
        self._count("note")
        self.sheet.set_column(0, len(self.columns), 14)
        return self.truth

    def _count(self, kind: str) -> None:
        self.at += 1
        self.truth.not_data[kind] = self.truth.not_data.get(kind, 0) + 1

    def _skip(self) -> None:
        self._count("vide")

    def _titles(self) -> None:
        part = f", {self.truth.name.lower()}" if len(self.layout.sheets) > 1 else ""
        for title in _TITLES:
            words = title.format(year=self.layout.year, part=part)
            self.sheet.merge_range(self.at, 0, self.at, 7, words, self.centred)
            self._count("titre")
        self._skip()
        if self.layout.year == _GROUPED:
            self._groups()
        for i, label in enumerate(self.layout.headers.values()):
            self.sheet.write_string(self.at, i, label, self.bold)
        self._count("en_tete")

    def _groups(self) -> None:
        """A line of group names above the header, each merged over its columns."""
        money = [i for i, name in enumerate(self.columns) if name.startswith(("demande_", "accorde_", "verse_"))]
        people = [i for i, name in enumerate(self.columns) if name.startswith(("benef_", "total_"))]
        for name, columns in (("Financements", money), ("Publics", people)):
            self.sheet.merge_range(self.at, columns[0], self.at, columns[-1], name, self.centred)
        self._count("titre")

    def _block(self, orientation: str, rows: pd.DataFrame, cells: pd.DataFrame) -> None:
        first = self.at
        for number, (rank, row) in enumerate(cells.loc[rows.index].iterrows(), start=1):
            for column, (name, value) in enumerate(row.items()):
                self._cell(column, str(name), number if name == NUMBER else value)
            self.at += 1
            self.truth.lines[int(rank)] = self.at
        if self.layout.year != _GROUPED and len(rows) > 1:
            self._merge("code_orientation", first, cells.loc[rows.index[0]])
        self._sum(f"Sous-total {orientation}", rows)
        self._skip()

    def _merge(self, name: str, first: int, row: pd.Series) -> None:
        """The cells of one column merged down a block: only its first line holds the value then."""
        column = self.columns.index(name)
        self.sheet.merge_range(first, column, self.at - 1, column, row[name], self.centred)

    def _sum(self, label: str, rows: pd.DataFrame) -> None:
        self.sheet.write_string(self.at, 1 if NUMBER in self.columns else 0, label, self.bold)
        for i, name in enumerate(self.columns):
            if kind_of(name) == "euros":
                self.sheet.write_number(self.at, i, int(rows[name].sum()) / 100, self.total)
        self._count("total")

    def _values(self, rows: pd.DataFrame, text: pd.DataFrame, planted: set[int]) -> pd.DataFrame:
        """What each cell holds: numbers and, in 2015, true dates; text where it was planted or typed as text."""
        values = text.astype("object")
        typed_as_text = pd.Series(range(len(rows)), index=rows.index) % _TEXT_AMOUNTS == 5
        for name in self.columns:
            kind = kind_of(name)
            if name in (TOTAL_PLANNED, TOTAL_REACHED):
                native = count_people(rows, "prevu" if name == TOTAL_PLANNED else "realise").astype("Float64")
            elif kind == "euros":
                native = (rows[name] / 100).mask(typed_as_text)
            elif (kind == "entier" and name in rows) or (kind == "date" and self.layout.year == _NATIVE_DATES):
                native = rows[name]
            else:
                continue
            values[name] = native.astype("object").where(native.notna(), text[name])
        return values

    def _cell(self, column: int, name: str, value: object) -> None:
        if isinstance(value, pd.Timestamp):
            self.sheet.write_datetime(self.at, column, value.to_pydatetime(), self.date)
        elif isinstance(value, str):
            if value:
                self.sheet.write_string(self.at, column, value)
        else:
            self.sheet.write_number(self.at, column, float(value), self.euros if kind_of(name) == "euros" else None)
