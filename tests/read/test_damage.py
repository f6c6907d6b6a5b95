"""Workbooks that would end the process, fill the memory or cannot be opened: one sentence, and the fix."""

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.errors import DataError
from pipelines.paths import ROOT
from pipelines.read.records import read_workbook_records

HEADER = ["Rang", "Poste", "Employeur", "Montant"]


def write(path: Path, *, far: bool = False, chart: bool = False, cells: bool = True) -> Path:
    with xlsxwriter.Workbook(path) as book:
        if cells:
            sheet = book.add_worksheet("Postes")
            sheet.write_row("A1", HEADER)
            sheet.write_row("A2", [1, "A", "b", 10])
            if far:
                sheet.write("A1048576", "perdu")
                sheet.write("XFD1", "perdu aussi")
        if chart:
            drawn: Any = book.add_chart({"type": "bar"})
            drawn.add_series({"values": "=Graphique!$D$2:$D$2"})
            book.add_chartsheet("Graphique").set_chart(drawn)
    return path


def compound(*names: str) -> bytes:
    """A compound file (the container of XLS) of empty streams, by [MS-CFB]: header, one FAT, one directory sector."""
    header = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)  # fmt: skip
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    none, entries = 0xFFFFFFFF, b""
    for rank, name in enumerate(("Root Entry", *names)):
        text = f"{name}\0".encode("utf-16-le")
        child, right = (1, none) if rank == 0 else (none, rank + 1 if rank < len(names) else none)
        kind, start = (5, 0xFFFFFFFE) if rank == 0 else (2, 0xFFFFFFFE)
        entry = struct.pack("<64sHBBIII", text, len(text), kind, 1, none, right, child)
        entries += entry + bytes(36) + struct.pack("<IQ", start, 0)
    return header.ljust(512, b"\xff") + fat + entries.ljust(512, b"\0")


def bomb(path: Path) -> bytes:
    """A few kilobytes that unpack to sixty-four megabytes."""
    with zipfile.ZipFile(write(path), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", bytes(64 * 1024**2))
    return path.read_bytes()


def stray(path: Path) -> bytes:
    """One cell on the last line, one in the last column: seventeen thousand million cells between them."""
    return write(path, far=True).read_bytes()


def endless(_: Path) -> bytes:
    """An XLS one byte of which makes the announced extent of the sheet immense."""
    whole = bytearray((ROOT / "tests" / "data" / "postes_fictifs.xls").read_bytes())
    at = whole.index(b"\x00\x02\x0e\x00") + 4
    whole[at + 4 : at + 8] = struct.pack("<I", 0x7F000000)
    return bytes(whole)


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("etendu.xlsx", stray, r"etendu\.xlsx .* trop de mémoire .* cellules isolées"),
        ("annonce.xls", endless, r"annonce\.xls .* trop de mémoire"),
        ("bombe.xlsx", bomb, r"bombe\.xlsx .* trop de mémoire"),
        ("secret.xlsx", lambda _: compound("EncryptedPackage", "EncryptionInfo"), r"secret\.xlsx .* mot de passe"),
        ("vide.xls", lambda _: compound("Autre"), r"vide\.xls est endommagé"),
        ("dessin.xlsx", lambda path: write(path, chart=True, cells=False).read_bytes(), "aucune feuille de cellules"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused(name: str, make: Any, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(make(tmp_path / "fait.xlsx"))
    with pytest.raises(DataError, match=sentence):
        read_workbook_records(path, ())


def test_a_chart_on_its_own_sheet_is_no_table(tmp_path: Path) -> None:
    records = read_workbook_records(write(tmp_path / "postes.xlsx", chart=True), ())
    assert [(sheet.sheet, len(sheet.rows)) for sheet in records] == [("Postes", 2)]
