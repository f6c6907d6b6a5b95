"""XLS and ODS workbooks, and what a spreadsheet does not show: hidden lines, columns and sheets, formulas' values."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import DataError
from pipelines.paths import ROOT
from pipelines.read import RawTable
from pipelines.read.records import read_workbook_records

Reader = Callable[..., RawTable]
COLUMNS = ["rang", "code_poste", "nom_employeur", "montant"]
HEADER = ["Rang", "Poste", "Employeur", "Montant"]
XLS = ROOT / "tests" / "data" / "postes_fictifs.xls"


def test_hidden_lines_columns_and_sheets_are_read_like_the_others(read_xlsx: Reader) -> None:
    def seen(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [1, "A", "b", 10])
        sheet.write_row(2, 0, [2, "B", "c", 5])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})

    def unseen(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [3, "C", "d", 7])
        sheet.hide()

    raw = read_xlsx({"Vue ": seen, "Cachée": unseen})
    assert raw.frame[["feuille", "ligne", "rang", "montant"]].to_numpy().tolist() == [
        ["Vue ", 2, "1", "10"],
        ["Vue ", 3, "2", "5"],
        ["Cachée", 2, "3", "7"],
    ]


def test_a_formula_gives_the_value_that_the_spreadsheet_kept(read_xlsx: Reader) -> None:
    """An error of a formula keeps its text, as the « #N/A » typed by hand does: cleaning says what is missing."""

    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [1, "#N/A"])
        sheet.write_formula(1, 2, '="Association "&"fictive"', None, "Association fictive")
        sheet.write_formula(1, 3, "=1200+34.5", None, 1234.5)
        sheet.write_row(2, 0, [2, "B", "c"])
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")

    frame = read_xlsx({"F": fill}).frame
    assert frame[COLUMNS].to_numpy().tolist() == [
        ["1", "#N/A", "Association fictive", "1234.5"],
        ["2", "B", "c", "#DIV/0!"],
    ]


def test_an_xls_is_read_as_an_xlsx(read_workbook: Reader) -> None:
    """Titles above the header, dates, long numbers, a hidden line and column, a sheet name that ends with a blank."""
    raw = read_workbook("postes.xls", XLS.read_bytes(), feuilles=["Postes"])
    assert raw.frame[["feuille", "ligne", *COLUMNS]].to_numpy().tolist() == [
        ["Postes ", 4, "1", "59V", "Association fictive de l’Étang", "1234.5"],
        ["Postes ", 5, "2", "0059", "2019-01-05", "35600000000048"],
        ["Postes ", 6, "3", "C", "caché", "oui"],
    ]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [6, 3]


def cell(value: Any, **attributes: str) -> str:
    """One cell of an ODS sheet."""
    kind = "float" if isinstance(value, int | float) else "string"
    given = "".join(f' {name.replace("_", ":")}="{text}"' for name, text in attributes.items())
    number = f' office:value="{value}"' if kind == "float" else ""
    return f'<table:table-cell office:value-type="{kind}"{number}{given}><text:p>{value}</text:p></table:table-cell>'


def row(*cells: str, hidden: bool = False) -> str:
    visibility = ' table:visibility="collapse"' if hidden else ""
    return f"<table:table-row{visibility}>{''.join(cells)}</table:table-row>"


def ods(path: Path, name: str, *rows: str) -> bytes:
    """A minimal ODS of one sheet, by the OpenDocument 1.2 schema."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{manifest}"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="{name}">{"".join(rows)}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return path.read_bytes()


def test_an_ods_is_read_as_an_xlsx(read_workbook: Reader, tmp_path: Path) -> None:
    date = '<table:table-cell office:value-type="date" office:date-value="2019-01-05"/>'
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    content = ods(
        tmp_path / "fait.ods",
        "Postes ",
        row(cell("Postes 2020 (fictif)")),
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>',
        row(*(cell(name) for name in HEADER)),
        row(cell(1), cell("0059"), cell("Étang fictif"), cell(1234.5, table_formula="of:=1200+34.5")),
        row(cell(2), blank, cell(35600000000048), hidden=True),
        row(cell(3), cell("C"), date, cell("")),
    )
    raw = read_workbook("postes.ods", content, feuilles=["Postes"])
    assert raw.frame[["feuille", "ligne", *COLUMNS]].to_numpy().tolist() == [
        ["Postes ", 5, "1", "0059", "Étang fictif", "1234.5"],
        ["Postes ", 6, "2", "", "", "35600000000048"],
        ["Postes ", 7, "3", "C", "2019-01-05", ""],
    ]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [7, 4]


def failed(error: str, kind: str = "string", repeated: int = 1) -> str:
    """A cell whose formula failed: as LibreOffice writes it where `kind` is string, else a number 0 that shows it."""
    value = {
        "string": 'office:value-type="string" office:string-value="" calcext:value-type="error"',
        "float": 'office:value-type="float" office:value="0"',
        "none": "",
    }[kind]
    return (
        f'<table:table-cell table:formula="of:=1/0" table:number-columns-repeated="{repeated}" {value}>'
        f"<text:p>{error}</text:p></table:table-cell>"
    )


@pytest.mark.parametrize("kind", ["string", "float", "none"])
@pytest.mark.parametrize("error", ["#DIV/0!", "#N/D", "#VALEUR!", "Err:502", "Err :508"])
def test_an_error_of_an_ods_keeps_its_text(read_workbook: Reader, tmp_path: Path, kind: str, error: str) -> None:
    rows = [row(*(cell(name) for name in HEADER)), row(cell(1), cell("A"), cell("b"), failed(error, kind))]
    frame = read_workbook("postes.ods", ods(tmp_path / "fait.ods", "F", *rows)).frame
    assert frame[COLUMNS].to_numpy().tolist() == [["1", "A", "b", error]]


def test_errors_of_an_ods_stand_where_they_are(read_workbook: Reader, tmp_path: Path) -> None:
    """Repeated lines and columns, covered cells, a remark, a zero that is one, a second sheet."""
    header = f"<table:table-header-rows>{row(*(cell(name) for name in HEADER))}</table:table-header-rows>"
    void = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    remark = (
        '<table:table-cell office:value-type="float" office:value="0"><office:annotation><text:p>#REF!</text:p>'
        "</office:annotation></table:table-cell>"
    )
    twice = row(cell(2), failed("#REF!", repeated=3)).replace(
        "table-row>", 'table-row table:number-rows-repeated="2">', 1
    )
    other = '</table:table><table:table table:name="Autre" table:style-name="cachée">'
    content = ods(
        tmp_path / "fait.ods",
        "F",
        void,
        header,
        row(cell(1), covered, failed("#DIV/0!")),
        twice,
        row(cell(3), cell("C"), cell("d"), remark),
        other,
        header,
        row(cell(4), cell("#1 place"), failed("#N/D", "float"), cell(7)),
    )
    raw = read_workbook("postes.ods", content)
    assert raw.frame[["feuille", "ligne", *COLUMNS]].to_numpy().tolist() == [
        ["F", 5, "1", "", "", "#DIV/0!"],
        ["F", 6, "2", "#REF!", "#REF!", "#REF!"],
        ["F", 7, "2", "#REF!", "#REF!", "#REF!"],
        ["F", 8, "3", "C", "d", "0"],
        ["Autre", 2, "4", "#1 place", "#N/D", "7"],
    ]


@pytest.mark.parametrize("name", ["coupe.xls", "coupe.ods"])
def test_an_xls_or_an_ods_cut_short_is_refused_or_read_as_it_was(tmp_path: Path, name: str) -> None:
    whole = XLS.read_bytes() if name.endswith("xls") else ods(tmp_path / "fait.ods", "F", row(cell("Rang")))
    path, refused = tmp_path / name, 0
    path.write_bytes(whole)
    sound = read_workbook_records(path, ())
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        try:
            assert read_workbook_records(path, ()) == sound
        except DataError:
            refused += 1
    assert refused > 50
