"""An Office file packed again: the same parts give the same bytes, whenever and however they were packed."""

import io
import zipfile

import pytest

from pipelines.archive import repack


def packed(when: tuple[int, int, int, int, int, int], compression: int) -> io.BytesIO:
    """An archive of two parts, packed at a time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name in ("a.xml", "b.xml"):
            archive.writestr(zipfile.ZipInfo(name, when), f"<{name}/>" * 50)
    return buffer


def test_neither_the_time_nor_the_compression_changes_the_bytes() -> None:
    one = repack(packed((2024, 1, 2, 3, 4, 6), zipfile.ZIP_DEFLATED))
    assert one == repack(packed((1999, 12, 31, 0, 0, 0), zipfile.ZIP_STORED))
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("b.xml") == b"<b.xml/>" * 50


def test_an_edit_changes_its_part_alone() -> None:
    archive = packed((2024, 1, 2, 3, 4, 6), zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(repack(archive, {"b.xml": bytes.upper}))) as edited:
        assert (edited.read("a.xml")[:8], edited.read("b.xml")[:8]) == (b"<a.xml/>", b"<B.XML/>")
    with pytest.raises(KeyError, match=r"absent\.xml"):
        repack(archive, {"absent.xml": bytes.upper})
