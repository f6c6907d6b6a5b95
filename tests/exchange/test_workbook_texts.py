"""No text of a workbook is ever run: not by the program that opens it, nor by one that opens a CSV saved from it."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.exchange.sheets import HEAD_LENGTH, TEXT_LENGTH
from pipelines.exchange.workbook import write_workbook
from pipelines.report.downloads import neutralise, to_csv
from pipelines.report.templates import printable
from tests.exchange.office import find_danger, read_parts, read_sheets

PageOf = Callable[..., Path]
HOSTILE = [
    "=1+1", "+33 6", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r\n=1", "  =1", "\u00a0=1", "＝1", " ＋1+1", "\x01=1",
    '=HYPERLINK("http://x.fr";"clic")', "{=1}", "'=1",
]  # fmt: skip
PLAIN = [
    "https://x.fr/a?b=1",
    "mailto:a@b.fr",
    "a\x0bb",
    "<b>&amp;",
    "_x0041_",
    "]]>",
    "00123",
    "-5",
    "a\ufffeb",
    "😀" * 3,
]


def expected(text: str) -> str:
    return neutralise(printable(text))


@pytest.mark.parametrize("text", [*HOSTILE, *PLAIN])
def test_a_text_anywhere_is_a_text(page_of: PageOf, tmp_path: Path, text: str) -> None:
    frame = pd.DataFrame({text: ["x"], "libelle": [text], "nb_actions": [-5]})
    said = {"titre": text, "nom_contrat": text, "commune": text, "notebook": text}
    said["parametres"] = [{"nom": text, "valeur": text, "description": text}]
    write_workbook(page_of({text: frame}, note=text, methode=text, **said), tmp_path / "c.xlsx")
    assert find_danger(tmp_path / "c.xlsx") == []
    sheets = read_sheets(tmp_path / "c.xlsx")
    row = next(row for row in sheets["Tableau 1"] if row[0] == "x")
    assert row[1:3] == [expected(text), -5.0]
    texts = [value for rows in sheets.values() for line in rows for value in line if isinstance(value, str)]
    for value in texts:
        assert neutralise(value) == value, "un texte que le tableur prendrait pour une formule"
    assert [expected(text)] * 3 in [line[:3] for line in sheets["Sommaire"]]


@pytest.mark.parametrize("text", HOSTILE[:12])
def test_what_begins_as_a_formula_gets_an_apostrophe(text: str) -> None:
    assert expected(text).startswith("'")
    cell = to_csv(pd.DataFrame({"x": [printable(text)]})).split("\n", 1)[1]
    assert cell.removeprefix('"').startswith("'")


@pytest.mark.parametrize("text", ["-5", "+2,1", " -0.5", "a=1", "", "O'Brien", "  texte"])
def test_a_number_or_a_plain_text_stays(text: str) -> None:
    assert expected(text) == text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(), st.text(alphabet="=+-@\t\r\n \x00＝'1a")), min_size=1, max_size=8))
def test_any_text_comes_back(page_of: PageOf, tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    write_workbook(page_of({"Titre": pd.DataFrame(pairs, columns=["libelle", "texte"])}), tmp_path / "c.xlsx")
    assert find_danger(tmp_path / "c.xlsx") == []
    for name, content in read_parts(tmp_path / "c.xlsx").items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)  # noqa: S314 ours
    rows = read_sheets(tmp_path / "c.xlsx")["Tableau 1"][3 : 3 + len(pairs)]
    assert [row[:2] for row in rows] == [[expected(neutralise(text)) for text in pair] for pair in pairs], (
        "comme au CSV"
    )


def test_a_text_longer_than_a_cell_is_shortened_and_the_sheet_says_so(page_of: PageOf, tmp_path: Path) -> None:
    frame = pd.DataFrame({"libelle": ["😀" * 40_000, "court"], "😀" * 300: ["a", "b"]})
    write_workbook(page_of({"Titre": frame}), tmp_path / "c.xlsx")
    rows = read_sheets(tmp_path / "c.xlsx")["Tableau 1"]
    assert len(rows[3][0]) == TEXT_LENGTH
    assert rows[3][0].endswith("…")
    assert len(rows[2][1]) == HEAD_LENGTH
    assert "Textes très longs abrégés ici, entiers dans le CSV." in [row[0] for row in rows]


def test_a_number_too_long_for_a_spreadsheet_keeps_its_digits(page_of: PageOf, tmp_path: Path) -> None:
    frame = pd.DataFrame({"libelle": ["a", "b"], "valeur": [12345678901234567, 123456789012345]})
    write_workbook(page_of({"Titre": frame}), tmp_path / "c.xlsx")
    rows = read_sheets(tmp_path / "c.xlsx")["Tableau 1"]
    assert [row[1] for row in rows[3:5]] == ["12\u202f345\u202f678\u202f901\u202f234\u202f567", 123456789012345.0]
