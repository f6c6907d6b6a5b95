"""The error cells of a workbook (#DIV/0!, #N/A): calamine gives them as blank, or in some ODS as the number 0.

The sheets' XML is read again by the standard library, only where a byte search finds an error in it: openpyxl reads no
ODS, and every cell of an XLSX to find these.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from pipelines.errors import DataError
from pipelines.read.damage import DAMAGED

# Lines, columns (both from 0) and text of cells in error: one cell, or a block that an ODS repeats.
Block = tuple[range, range, str]
# What a spreadsheet shows where a formula fails, in French or in English.
FORMULA_ERROR = re.compile(r"#[A-ZÉ/0-9_]+[!?]|#N/[AD]|#GETTING_DATA|Err\s?:\s?\d{3}")

_NAMELESS = "#ERREUR!"
_XLSX_MARK = re.compile(rb"""\bt\s*=\s*["']e["']""")
_ODS_MARK = re.compile(rb"""["']error["']|>\s*(?:#|Err)""")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_BYTES = 1024 * 1024
# Longer than any mark.
_OVERLAP = 64


def error_blocks(path: Path, sheets: list[str]) -> dict[str, list[Block]]:
    """Sheet → the cells in error of the named sheets of an XLSX, XLSM or ODS; a sheet without any is left out.

    An XLS or XLSB, that is no XML, gives none. DataError where the XML is damaged.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        # Some writers change the case of the parts, or part folders as Windows does.
        parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        try:
            if "content.xml" in parts:
                found = _of_ods(archive, parts["content.xml"], sheets)
            elif "xl/workbook.xml" in parts:
                found = {
                    name: _of_sheet(archive, part) for name, part in _sheet_parts(archive, parts) if name in sheets
                }
            else:
                found = {}
        except (ElementTree.ParseError, KeyError, ValueError) as error:
            raise DataError(DAMAGED.format(path.name)) from error
    return {name: blocks for name, blocks in found.items() if blocks}


def _sheet_parts(archive: zipfile.ZipFile, parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Name of each sheet of an XLSX, and the part of the archive that holds its cells."""
    book = _tree(archive, parts["xl/workbook.xml"])
    links = _tree(archive, parts["xl/_rels/workbook.xml.rels"])
    targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
    for sheet in book.findall("{*}sheets/{*}sheet"):
        link = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
        target = posixpath.normpath(posixpath.join("xl", targets[link].replace("\\", "/"))).lstrip("/")
        yield sheet.attrib["name"], parts[target.lower()]


def _tree(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    # Expat itself refuses entities that would fill the memory, and opens no other file.
    return ElementTree.fromstring(archive.read(part))  # noqa: S314


def _has(archive: zipfile.ZipFile, part: str, mark: re.Pattern[bytes]) -> bool:
    with archive.open(part) as handle:
        end = b""
        while data := handle.read(_BYTES):
            if mark.search(end + data):
                return True
            end = data[-_OVERLAP:]
    return False


def _of_sheet(archive: zipfile.ZipFile, part: str) -> list[Block]:
    if not _has(archive, part, _XLSX_MARK):
        return []
    blocks: list[Block] = []
    line = column = -1
    with archive.open(part) as handle:
        for row in _elements(handle, "row"):
            line, column = int(row.get("r", line + 2)) - 1, -1
            for cell in row.findall("{*}c"):
                # A writer may leave out where a cell stands: it follows the one before.
                column = _column(cell.attrib["r"]) if "r" in cell.attrib else column + 1
                if cell.get("t") == "e":
                    text = (cell.findtext("{*}v") or "").strip() or _NAMELESS
                    blocks.append((range(line, line + 1), range(column, column + 1), text))
    return blocks


def _column(reference: str) -> int:
    """Rank from 0 of the column of a reference: 27 for AB12."""
    rank = 0
    for letter in reference.rstrip("0123456789"):
        rank = 26 * rank + ord(letter.upper()) - ord("A") + 1
    return rank - 1


def _of_ods(archive: zipfile.ZipFile, part: str, sheets: list[str]) -> dict[str, list[Block]]:
    if not _has(archive, part, _ODS_MARK):
        return {}
    found: dict[str, list[Block]] = {name: [] for name in sheets}
    blocks: list[Block] = []
    line = 0
    with archive.open(part) as handle:
        for element in _elements(handle, "table-row", opened="table"):
            if element.tag == f"{_TABLE}table":
                # A table without a name is the memory of a link, no sheet.
                blocks, line = found.get(element.get(f"{_TABLE}name", ""), []), 0
                continue
            lines = range(line, line + int(element.get(f"{_TABLE}number-rows-repeated", 1)))
            blocks += [(lines, columns, text) for columns, text in _in_row(element)]
            line = lines.stop
    return found


def _in_row(row: ElementTree.Element) -> Iterator[tuple[range, str]]:
    """Columns and text of the cells in error of a row of an ODS.

    LibreOffice marks them. Others write a number 0, or nothing, under the text that the cell shows.
    """
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        columns = range(column, column + int(cell.get(f"{_TABLE}number-columns-repeated", 1)))
        column = columns.stop
        text = "".join("".join(line.itertext()) for line in cell.findall(f"{_TEXT}p")).strip()
        if cell.get(f"{_CALCEXT}value-type") == "error":
            yield columns, text or _NAMELESS
        elif FORMULA_ERROR.fullmatch(text):
            yield columns, text


def _elements(handle: IO[bytes], closed: str, opened: str = "") -> Iterator[ElementTree.Element]:
    """The elements of a name, each once it is whole, then forgotten; and those named `opened` as they open."""
    for event, element in ElementTree.iterparse(handle, ("start", "end")):  # noqa: S314
        name = element.tag.rpartition("}")[2]
        if event == "end" and name == closed:
            yield element
            element.clear()
        elif event == "start" and name == opened:
            yield element
