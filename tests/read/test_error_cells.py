"""Cells where a formula failed: their text is read where they stand, cleaning says why the value is missing."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.clean import clean_rows
from pipelines.errors import DataError
from pipelines.read import RawTable
from pipelines.read.records import read_workbook_records

Reader = Callable[..., RawTable]
COLUMNS = ["rang", "code_poste", "nom_employeur", "montant"]
HEADER = ["Rang", "Poste", "Employeur", "Montant"]


def fail(sheet: Any, cell: str, error: str) -> None:
    sheet.write_formula(cell, "=1/0", None, error)


def rewritten(path: Path, part: str, *changes: tuple[str, str]) -> bytes:
    """The archive with some texts of a part changed; each must be there."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {part: text.encode()}).items():
            archive.writestr(name, content)
    return path.read_bytes()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A line of sound cells, and one whose amount is an error."""
    path = tmp_path / "fait.xlsx"
    with xlsxwriter.Workbook(path) as content:
        sheet = content.add_worksheet("F")
        sheet.write_row("A1", HEADER)
        sheet.write_row("A2", [1, "A", "b", 10])
        sheet.write_row("A3", [2, "B", "c"])
        fail(sheet, "D3", "#DIV/0!")
    return path


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
def test_a_number_in_error_is_missing_with_its_reason_and_the_row_stays(read_xlsx: Reader, error: str) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", HEADER)
        sheet.write_row("A2", [1, "A", "b"])
        fail(sheet, "D2", error)

    cleaned = clean_rows("postes_147", read_xlsx({"F": fill}).frame)
    assert cleaned.kept["montant"].isna().tolist() == [True]
    assert cleaned.set_aside.empty
    assert cleaned.journal[["feuille", "ligne", "colonne", "texte", "motif"]].to_numpy().tolist() == [
        ["F", 2, "montant", error, f"nombre illisible « {error} »"]
    ]


def test_a_name_in_error_is_no_name(read_xlsx: Reader) -> None:
    """A looked-up name that is not found, and the same error pasted as text."""

    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", HEADER)
        sheet.write_row("A2", [1, "A", "", 10])
        fail(sheet, "C2", "#N/A")
        sheet.write_row("A3", [2, "B", "#NOM?", 20])

    cleaned = clean_rows("postes_147", read_xlsx({"F": fill}).frame)
    assert cleaned.kept["montant"].tolist() == [10.0, 20.0]
    assert cleaned.kept["nom_employeur"].isna().all()
    assert cleaned.journal["motif"].tolist() == ["erreur de formule « #N/A »", "erreur de formule « #NOM? »"]


def test_errors_stand_where_they_are_in_every_sheet_hidden_or_not(read_xlsx: Reader) -> None:
    def low(sheet: Any, book: Any) -> None:
        sheet.write_row("AB5", HEADER)
        sheet.write_row("AB6", [1, "A", "b"])
        fail(sheet, "AE6", "#REF!")
        sheet.write_row("AB9", [2, "B", "c", 5])

    def sound(sheet: Any, book: Any) -> None:
        # What looks like an error in the XML is a text.
        sheet.write_row("A1", HEADER)
        sheet.write_row("A2", [3, "C", 't="e"', 7])

    def unseen(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", HEADER)
        for line in (2, 3, 4):
            sheet.write_row(f"A{line}", [line + 2, "", "d", line])
        sheet.merge_range("B2:B3", "", book.add_format())
        fail(sheet, "B2", "#VALUE!")
        fail(sheet, "D4", "#N/A")
        sheet.hide()

    raw = read_xlsx({"Bas ": low, "Sain": sound, "Caché": unseen})
    assert raw.frame[["feuille", "ligne", *COLUMNS]].to_numpy().tolist() == [
        ["Bas ", 6, "1", "A", "b", "#REF!"],
        ["Bas ", 9, "2", "B", "c", "5"],
        ["Sain", 2, "3", "C", 't="e"', "7"],
        ["Caché", 2, "4", "#VALUE!", "d", "2"],
        ["Caché", 3, "5", "#VALUE!", "d", "3"],
        ["Caché", 4, "6", "", "d", "#N/A"],
    ]


def test_cells_that_do_not_say_where_they_stand_follow_one_another(read_workbook: Reader, book: Path) -> None:
    bare = [(f' r="{column}{line}"', "") for line in (1, 2, 3) for column in "ABCD"]
    content = rewritten(book, "xl/worksheets/sheet1.xml", *bare, ('row r="3"', "row"))
    frame = read_workbook("postes.xlsx", content).frame
    assert frame[COLUMNS].to_numpy().tolist() == [["1", "A", "b", "10"], ["2", "B", "c", "#DIV/0!"]]


def test_a_part_named_from_the_root_of_the_archive_is_found(read_workbook: Reader, book: Path) -> None:
    content = rewritten(book, "xl/_rels/workbook.xml.rels", ('"worksheets/sheet1.xml"', '"/xl/worksheets/sheet1.xml"'))
    assert read_workbook("postes.xlsx", content).frame["montant"].tolist() == ["10", "#DIV/0!"]


def test_an_error_that_the_reader_does_not_know_stops_with_its_cell(book: Path) -> None:
    rewritten(book, "xl/worksheets/sheet1.xml", ("#DIV/0!", "#SPILL!"))
    with pytest.raises(DataError, match=r"fait\.xlsx, feuille « F » : la cellule D3 porte l'erreur « #SPILL! »"):
        read_workbook_records(book, ())


def test_a_line_whose_place_is_in_error_is_set_aside_not_left_out(read_xlsx: Reader) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", HEADER)
        for line, post in enumerate(["A", "Z", "", "#REF!"], start=2):
            sheet.write_row(f"A{line}", [line, post, "b", 10])
        fail(sheet, "B5", "#REF!")

    raw = read_xlsx({"F": fill}, lignes_gardees={"Poste": ["A"]})
    assert raw.frame["ligne"].tolist() == [2]
    assert raw.ragged[["ligne", "motif"]].to_numpy().tolist() == [
        [5, "erreur de formule « #REF! » sous « Poste », que lit « lignes_gardees »"]
    ]
    other = read_xlsx({"F": fill}, lignes_gardees={"Poste": ["A"], "Rang": ["2"]})
    assert other.ragged.empty
