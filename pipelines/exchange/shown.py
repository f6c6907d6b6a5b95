"""The tables of an executed notebook as they were shown, read back: typed cells, headings, notes, methods, sources."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.numbers import MISSING, Kind

MOST_DIGITS = 15
UNITS = {"euros": "€", "pourcent": "%", "points": "points"}


@dataclass(frozen=True)
class Cell:
    """One cell: what it holds, and its value; a missing one has the text of the page, a number too long is an int."""

    kind: Kind
    value: str | float | int | datetime


@dataclass(frozen=True)
class ShownColumn:
    """One column: the levels of its name, its label on the page, the kind of its cells, and whether it has numbers."""

    names: tuple[str, ...]
    label: str
    kind: Kind
    numeric: bool

    @property
    def name(self) -> str:
        """Its name, as in the CSV."""
        return " ".join(self.names)

    @property
    def unit(self) -> str:
        """« € », « % », « points », or ""."""
        return UNITS.get(self.kind, "")


@dataclass(frozen=True)
class ShownTable:
    """One table of a page, its rows in order; `totals`: ranks of its total rows; `sources`: ids of what it cites."""

    number: int
    title: str
    measure: str
    note: str
    method: str
    fictional: bool
    sources: tuple[str, ...]
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: frozenset[int]

    @property
    def heading(self) -> str:
        """Its title as on the page, with the measure that its columns share."""
        return f"{self.title} ({self.measure})" if self.measure else self.title

    @property
    def sheet(self) -> str:
        """Name of its sheet."""
        return f"Tableau {self.number}"


def read_tables(notebook: Mapping[str, Any]) -> list[ShownTable]:
    """Every table that an executed notebook shows, in the order of the page; `notebook`: its JSON content."""
    return [
        _read_table(output["metadata"]["ose"], _joined(output["data"]["text/csv"]))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "tableau" in output.get("metadata", {}).get("ose", {})
    ]


def _joined(text: str | Sequence[str]) -> str:
    """A text as nbformat has it, whole or as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def _read_table(about: Mapping[str, Any], text: str) -> ShownTable:
    told = about["tableau"]
    columns = tuple(
        ShownColumn(tuple(one["noms"]), one["libelle"], one["genre"], one["numerique"]) for one in told["colonnes"]
    )
    # A cell may hold a whole text: the reader's own limit is there for other files.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))[1:]
    rows = [tuple(_read_row(rank, line, told["colonnes"])) for rank, line in enumerate(lines)]
    return ShownTable(
        number=told["numero"],
        title=told["titre"],
        measure=told["mesure"],
        note=told["note"],
        method=told["methode"],
        fictional=told["fictif"],
        sources=tuple(about["sources"]),
        columns=columns,
        rows=tuple(rows),
        totals=frozenset(told["totaux"]),
    )


def _read_row(rank: int, line: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> Iterator[Cell]:
    for text, column in zip(line, columns, strict=True):
        kind = column["autres"].get(str(rank), column["genre"])
        try:
            yield Cell(kind, _value(text, kind))
        except ValueError:  # a number that is written otherwise, as a fraction is
            yield Cell("texte", text)


def _value(text: str, kind: Kind) -> str | float | int | datetime:
    match kind:
        case "manquant":
            return MISSING
        case "texte" | "booleen":
            return text
        case "date":
            # The hour of another place would move the day.
            return datetime.fromisoformat(text).replace(tzinfo=None)
    # A spreadsheet keeps fifteen digits.
    return int(text) if len(text.lstrip("-")) > MOST_DIGITS and "," not in text else float(text.replace(",", "."))
