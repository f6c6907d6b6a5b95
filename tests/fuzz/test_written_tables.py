"""A table of random text written here, in every shape of file, is read back cell for cell: the writer is the oracle."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pytest
import xlsxwriter
from hypothesis import assume
from hypothesis import strategies as st

from pipelines.contract import Source
from pipelines.read.records import BLANKS

Hold = Callable[..., None]
Survives = Callable[[Source, Path], Any]

HEADER = ["Rang", "Poste", "Employeur", "Montant"]
COLUMNS = ["rang", "code_poste", "nom_employeur", "montant"]
# All that a cell may hold, in a form that every encoding tried can write.
_WORDS = st.text(st.sampled_from("aZé'\"çœ’ ,;\t0123456789€-|.\n«»/"), max_size=14)
_CELL = _WORDS.map(lambda text: text.strip(BLANKS))
_ROW = st.tuples(_CELL, _CELL, st.sampled_from(["", "12", "27 000,00", "1234.5", "-", "nd"])).map(list)
# What stands between the rows and is no data; the total has no rank.
_OTHER = st.sampled_from([["", "", "", ""], HEADER, ["", "Total", "", "999"], ["", "", "TOTAL GÉNÉRAL", "999"]])
TABLES = st.lists(st.tuples(st.just(True), _ROW) | st.tuples(st.just(False), _OTHER), max_size=12).map(
    lambda drawn: [[str(rank), *row] if data else row for rank, (data, row) in enumerate(drawn, start=1)]
)
TITLES = st.lists(st.sampled_from([[""], ["Postes (données fictives)"], ["Édité le", "01/02/2020"]]), max_size=4)


def is_data(row: list[str]) -> bool:
    return row[0].isdigit()


def assert_read(raw: Any, written: list[tuple[int, list[str]]], split: bool = False) -> None:
    """Every row of data is there, at its line, as it was written; only a number cut by a comma may be set aside."""
    frame = raw.frame
    read = dict(zip(frame["ligne"], frame[COLUMNS].to_numpy().tolist(), strict=True))
    expected = dict(written)
    aside = set(raw.ragged["ligne"])
    assert set(read) | aside == set(expected)
    assert split or not aside
    assert all(cells == expected[line] for line, cells in read.items())


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["au besoin", "partout"])
def test_delimited_text(
    delimiter: str, quoting: Any, hold: Hold, source_of: Any, survives: Survives, tmp_path: Path
) -> None:
    path = tmp_path / "postes.csv"

    def check(titles: list[list[str]], rows: list[list[str]], encoding: str, end: str) -> None:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")
        placed = []
        for row in [*titles, HEADER, *rows]:
            placed.append((out.getvalue().count("\n") + 1, row))
            writer.writerow(row)
        data = out.getvalue().replace("\n", end).encode(encoding)
        assume(encoding.startswith("utf") or not _is_utf8(data))
        path.write_bytes(data)
        written = [(line, row) for line, row in placed[len(titles) + 1 :] if is_data(row)]
        assert_read(survives(source_of(path.name), path), written, split=delimiter == ",")

    encodings = st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])
    ends = st.sampled_from(["\n", "\r\n", "\r"])
    hold((10, 250), check, titles=TITLES, rows=TABLES, encoding=encodings, end=ends)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Postes ")
        for line, row in enumerate(rows):
            for at, cell in enumerate(row):
                sheet.write_string(line, at, cell)


def write_ods(path: Path, rows: list[list[str]]) -> None:
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES)
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest{spaces}/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Postes ">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


NAMES = ("office", "table", "text", "manifest")


def _ods_cell(text: str) -> str:
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    return (
        f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
        if text
        else "<table:table-cell/>"
    )


@pytest.mark.parametrize(("name", "write"), [("postes.xlsx", write_xlsx), ("postes.ods", write_ods)])
def test_workbooks(name: str, write: Any, hold: Hold, source_of: Any, survives: Survives, tmp_path: Path) -> None:
    path = tmp_path / name

    def check(titles: list[list[str]], rows: list[list[str]]) -> None:
        written = [*titles, HEADER, *rows]
        write(path, written)
        below = [(line, row) for line, row in enumerate(written, start=1) if line > len(titles) + 1 and is_data(row)]
        assert_read(survives(source_of(name), path), below)

    hold((8, 150), check, titles=TITLES, rows=TABLES)


def test_json(hold: Hold, source_of: Any, survives: Survives, tmp_path: Path) -> None:
    path = tmp_path / "postes.json"

    def check(rows: list[list[str]], ascii_only: bool, order: Any) -> None:
        posts = [dict(order.sample(list(zip(HEADER, row, strict=True)), 4)) for row in rows if is_data(row)]
        assume(posts)
        path.write_text(json.dumps(posts, ensure_ascii=ascii_only), encoding="utf-8")
        written = [(rank, [post[name] for name in HEADER]) for rank, post in enumerate(posts, start=1)]
        assert_read(survives(source_of(path.name), path), written)

    hold((15, 500), check, rows=TABLES, ascii_only=st.booleans(), order=st.randoms(use_true_random=False))
