"""Workbooks: sheets, merged cells, dates and numbers, titles and totals, files that are damaged or no workbook."""

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.errors import DataError
from pipelines.read import RawTable
from pipelines.read.records import read_workbook_records

Reader = Callable[..., RawTable]
Fill = Callable[[Any, Any], None]
HEADER = ["Rang", "Poste", "Employeur", "Montant"]


def sheet_of(*rows: list[Any]) -> Fill:
    def fill(sheet: Any, book: Any) -> None:
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)

    return fill


def test_a_cell_merged_down_stands_on_each_of_its_lines(read_xlsx: Reader) -> None:
    def fill(sheet: Any, book: Any) -> None:
        style = book.add_format({"align": "center"})
        sheet.merge_range("A1:D1", "Postes 2020 (fictif)", style)
        sheet.write_row("A3", HEADER)
        for line, rank in enumerate([1, 2, 3], start=3):
            sheet.write_row(line, 0, [rank, "", "b", 10])
        sheet.merge_range("B4:B6", "59V", style)
        # Beyond the last filled column, and without text.
        sheet.merge_range("H4:H5", "", style)

    raw = read_xlsx({"Feuil1": fill})
    assert raw.frame["code_poste"].tolist() == ["59V"] * 3
    assert raw.frame["ligne"].tolist() == [4, 5, 6]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [6, 3]


@pytest.mark.parametrize("single", ["", "B", "AD"], ids=["tout", "un seul", "dont le premier"])
def test_a_header_merged_down_two_lines_is_one_header(read_xlsx: Reader, single: str) -> None:
    """What is not merged leaves a blank, or a blank first, in the second line: it is no line of data."""

    def fill(sheet: Any, book: Any) -> None:
        for column, name in zip("ABCD", HEADER, strict=True):
            if column in single:
                sheet.write(f"{column}1", name)
            else:
                sheet.merge_range(f"{column}1:{column}2", name, book.add_format())
        sheet.write_row("A3", [1, "A", "b", 10])
        # A text that is one header's is data where another cell is not.
        sheet.write_row("A4", ["", "Poste", "", 5])

    raw = read_xlsx({"F": fill})
    assert raw.frame["ligne"].tolist() == [3, 4]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [4, 2]


def test_a_block_merged_across_columns_stays_in_its_first_cell(read_xlsx: Reader) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", HEADER)
        sheet.write_column("A2", [1, 2])
        sheet.merge_range("B2:C3", "large", book.add_format())

    frame = read_xlsx({"F": fill}).frame
    assert frame[["code_poste", "nom_employeur"]].to_numpy().tolist() == [["large", ""], ["", ""]]


def test_lines_are_those_of_the_sheet_where_the_table_starts_lower_and_to_the_right(read_xlsx: Reader) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("C5", HEADER)
        sheet.write_row("C6", [1, "A", "b", 10])

    raw = read_xlsx({"F": fill})
    assert raw.frame["ligne"].tolist() == [6]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [6, 5]


def test_totals_subtotals_and_blank_lines_of_a_sheet_are_not_data(read_xlsx: Reader) -> None:
    raw = read_xlsx(
        {
            "F": sheet_of(
                HEADER,
                [1, "A", "Total Exemple", 10],
                ["", "Sous-total O1", "", 10],
                [],
                HEADER,
                [2, "B", "c", 5],
                ["Total", "", "", 15],
            )
        }
    )
    assert raw.frame["ligne"].tolist() == [2, 6]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [7, 5]


def test_a_remark_beside_the_table_sets_its_line_aside(read_xlsx: Reader) -> None:
    raw = read_xlsx({"F": sheet_of(HEADER, [1, "A", "b", 10, "à vérifier"], [2, "B", "c", 5])})
    assert (raw.frame["ligne"].tolist(), raw.ragged["ligne"].tolist()) == ([3], [2])


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (datetime.date(2019, 1, 5), "dd/mm/yyyy", "2019-01-05"),
        (datetime.datetime(2019, 1, 5, 14, 30), "dd/mm/yyyy hh:mm", "2019-01-05 14:30:00"),
        (1234.0, "0", "1234"),
        (1234.5, "0.00", "1234.5"),
        (0.00001, "0.00000", "0.00001"),
        (35600000000048, "0", "35600000000048"),
        (9444.97272727287, "General", "9444.97272727287"),
        (True, "General", "oui"),
        (False, "General", "non"),
        ("1 234,50", "@", "1 234,50"),
        ("0059", "@", "0059"),
        ("  bords\u00a0", "@", "bords"),
    ],
)
def test_cells_become_the_text_that_cleaning_reads(read_xlsx: Reader, value: object, form: str, text: str) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", HEADER)
        sheet.write_row("A2", [1, "A", "b"])
        style = book.add_format({"num_format": form})
        if isinstance(value, datetime.date):
            sheet.write_datetime("D2", value, style)
        else:
            sheet.write("D2", value, style)

    assert read_xlsx({"F": fill}).frame.loc[0, "montant"] == text


def test_every_sheet_is_read_and_counted_unless_some_are_named(read_xlsx: Reader) -> None:
    sheets = {
        "Nord": sheet_of(HEADER, [1, "A", "b", 10]),
        "Sud ": sheet_of(["titre"], HEADER, [2, "B", "c", 5], [3, "C", "d", 5]),
    }
    raw = read_xlsx(sheets)
    assert raw.frame[["feuille", "ligne"]].to_numpy().tolist() == [["Nord", 2], ["Sud ", 3], ["Sud ", 4]]
    assert raw.counts[["feuille", "lues", "hors_donnees"]].to_numpy().tolist() == [["Nord", 2, 1], ["Sud ", 4, 2]]
    assert read_xlsx(sheets, feuilles=["Sud"]).frame["rang"].tolist() == ["2", "3"]


@pytest.mark.parametrize(
    ("sheets", "options", "sentence"),
    [
        (
            {"Nord": sheet_of(HEADER), "Sud": sheet_of(HEADER)},
            {"feuilles": ["Est"]},
            r"la feuille « Est » manque\. Feuilles présentes : Nord, Sud\.",
        ),
        (
            {"Nord": sheet_of(HEADER, [1]), "Vide": sheet_of()},
            {},
            r"feuille « Vide » est vide\. .*, ou lister sous « feuilles », dans contrat\.yml, les seules feuilles",
        ),
        (
            {"Nord": sheet_of(HEADER, [1]), "Vide": sheet_of()},
            {"feuilles": ["Nord", "Vide"]},
            r"feuille « Vide » est vide\. .*, ou retirer « Vide » de « feuilles »",
        ),
        (
            {"Nord": sheet_of(["a", "b"], [1, 2])},
            {},
            r"feuille « Nord » : la ligne d'en-tête est introuvable.*ou lister sous « feuilles »",
        ),
        ({"Nord": sheet_of([*HEADER, "Avis"])}, {}, r"feuille « Nord », ligne 1 : la colonne « Avis »"),
    ],
)
def test_a_sheet_that_does_not_match_is_named(
    read_xlsx: Reader, sheets: dict[str, Fill], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        read_xlsx(sheets, **options)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "classeur.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("F")
        for line in range(40):
            sheet.write_row(line, 0, [f"c{line}", line * 7, "texte libre", line / 3])
    return path


def test_a_workbook_cut_anywhere_is_refused(workbook: Path) -> None:
    whole = workbook.read_bytes()
    for length in range(0, len(whole), len(whole) // 25):
        workbook.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"classeur\.xlsx est endommagé ou n'est pas un classeur"):
            read_workbook_records(workbook, ())


def test_a_workbook_with_one_bit_turned_is_refused_or_read_as_it_was(workbook: Path) -> None:
    whole, sound, refused = workbook.read_bytes(), read_workbook_records(workbook, ()), 0
    for at in range(0, len(whole), len(whole) // 60):
        damaged = bytearray(whole)
        damaged[at] ^= 16
        workbook.write_bytes(damaged)
        try:
            assert read_workbook_records(workbook, ()) == sound
        except DataError:
            refused += 1
    assert refused > 30


def test_a_text_file_or_a_zip_named_xlsx_is_refused(tmp_path: Path) -> None:
    text, archive = tmp_path / "texte.xlsx", tmp_path / "archive.xlsx"
    text.write_text("Rang;Poste\n1;A\n")
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("lisez-moi.txt", "rien")
    for path in (text, archive):
        with pytest.raises(DataError, match=r"est endommagé ou n'est pas un classeur"):
            read_workbook_records(path, ())
