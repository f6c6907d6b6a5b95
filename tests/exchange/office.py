"""What a workbook holds, as two other readers see it: calamine for its values, its own XML for the rest."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class Style:
    """How one cell looks: its number format and whether it is bold."""

    number: str
    bold: bool


def read_sheets(path: Path) -> dict[str, list[list[object]]]:
    """The values of every sheet, from its first cell, by its name."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def read_parts(path: Path) -> dict[str, bytes]:
    """The files of the archive, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_xml(path: Path, part: str) -> ElementTree.Element:
    """One part of the archive, parsed."""
    return ElementTree.fromstring(read_parts(path)[part])  # noqa: S314 ours


def read_styles(path: Path, number: int) -> dict[str, Style]:
    """How each cell of the n-th sheet looks, by its reference."""
    styles = read_xml(path, "xl/styles.xml")
    # A format of Excel's own has a number and no code in the file.
    codes = {"1": "0", "3": "#,##0"} | {
        one.get("numFmtId"): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")
    }
    bold = [font.find(f"{MAIN}b") is not None for font in styles.find(f"{MAIN}fonts") or []]
    shapes = [
        Style(codes.get(shape.get("numFmtId"), shape.get("numFmtId", "")), bold[int(shape.get("fontId", "0"))])
        for shape in styles.find(f"{MAIN}cellXfs") or []
    ]
    sheet = read_xml(path, f"xl/worksheets/sheet{number}.xml")
    return {cell.get("r", ""): shapes[int(cell.get("s", "0"))] for cell in sheet.iter(f"{MAIN}c")}


def find_danger(path: Path) -> list[str]:
    """What a workbook of ours never has: a formula, a macro, a link or a tie to something outside."""
    found = []
    for name, content in read_parts(path).items():
        if "vba" in name.lower() or "externalLink" in name or "connections" in name:
            found.append(name)
        if not name.endswith((".rels", ".xml")):
            continue
        tree = ElementTree.fromstring(content)  # noqa: S314 ours
        found += [f"{name}: {one.get('Target')}" for one in tree if one.get("TargetMode")]
        for tag in ("f", "calculatedColumnFormula", "totalsRowFormula", "oleObject"):
            found += [f"{name}: {tag}"] * sum(1 for _ in tree.iter(f"{MAIN}{tag}"))
        found += [f"{name}: lien" for link in tree.iter(f"{MAIN}hyperlink") if link.get(f"{RELATION}id")]
    return found
