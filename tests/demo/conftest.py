"""The shipped fictional files read by a plain route of their own: csv and calamine, nothing of the pipeline."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from pipelines.demo.vintages import LAYOUTS
from pipelines.paths import RAW, ROOT

Row = dict[str, Any]
Place = tuple[str, int]


@dataclass(frozen=True)
class Read:
    """One file as read: every record of each sheet with its first line, and those below a header as header → cell."""

    records: list[tuple[str, int, list[Any]]]
    rows: dict[Place, Row]


def _records(path: Path) -> list[tuple[str, int, list[Any]]]:
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        return [(name, line, row) for name, rows in sheets.items() for line, row in enumerate(rows, start=1)]
    records, start = [], 1
    with path.open(encoding="cp1252", newline="") as handle:
        reader = csv.reader(handle, delimiter=";", strict=True)
        for row in reader:
            records.append(("", start, row))
            start = reader.line_num + 1
    return records


def _read(path: Path, headers: set[str]) -> Read:
    records = _records(path)
    rows: dict[Place, Row] = {}
    current: dict[str, list[str]] = {}
    for sheet, line, cells in records:
        if headers <= set(cells):
            current[sheet] = cells
        elif sheet in current:
            rows[sheet, line] = dict(zip(current[sheet], cells, strict=True))
    return Read(records, rows)


@pytest.fixture(scope="session")
def read() -> Callable[[str], Read]:
    """The shipped file of a relative path, read once."""
    folder = RAW / "valenciennes"
    files = {layout.file: _read(folder / layout.file, set(layout.headers.values())) for layout in LAYOUTS.values()}
    return lambda file: files[file]


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """The published truth of the shipped files."""
    return json.loads((ROOT / "tests/published/verite_programmes.json").read_text(encoding="utf-8"))
