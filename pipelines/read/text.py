"""A delimited text file: its encoding, its plausible delimiters, its records a block at a time."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipelines.errors import DataError
from pipelines.read.records import BLANKS, ENCODINGS, Records, Rows

DELIMITERS = (";", ",", "\t")
# A delimiter is chosen, and a header found, among the first records; the others are read a block at a time.
HEAD = 1_000
BLOCK = 20_000
_BYTES = 1024 * 1024
# Characters of a cell.
_LONGEST = 16 * 1024**2


def read_text_records(path: Path, depth: int | None = None) -> list[Records]:
    """Records of a delimited text file, one `Records` per plausible delimiter: the header decides which one holds.

    `depth`: read no more than the first records. Encodings are tried in order (UTF-8 with or without BOM, cp1252,
    latin-1). A quote that never closes is a `fault`, not an error yet: under another delimiter the same quote may be
    plain text. DataError where the file is not text.
    """
    found = _known_bytes(path, (b"\0", *(delimiter.encode() for delimiter in DELIMITERS)))
    if b"\0" in found:
        raise DataError(f"{path.name} n'est pas un fichier texte : le réexporter en CSV.")
    encoding = _encoding(path)
    candidates = [delimiter for delimiter in DELIMITERS if delimiter.encode() in found] or [";"]
    return [_read_text(path, encoding, delimiter, depth) for delimiter in candidates]


def record_blocks(path: Path, records: Records) -> Iterator[tuple[Rows, list[int]]]:
    """All rows of a file or a sheet with their line numbers, a block at a time: a wide file as lists fills any memory.

    DataError where a quote never closes, or a cell is too long.
    """
    if not records.is_head:
        yield records.rows, records.lines
        return
    numbered = _numbered(path, records.encoding, records.delimiter)
    while block := list(islice(numbered, BLOCK)):
        yield [row for _, row in block], [line for line, _ in block]


def _known_bytes(path: Path, wanted: tuple[bytes, ...]) -> set[bytes]:
    """Which of some single bytes a file holds."""
    found: set[bytes] = set()
    with path.open("rb") as handle:
        while part := handle.read(_BYTES):
            found |= {byte for byte in wanted if byte in part}
    return found


def _encoding(path: Path) -> str:
    """The first of the encodings that decodes the whole file."""
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as handle:
                while handle.read(_BYTES):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise AssertionError("latin-1 decodes any byte")


def _read_text(path: Path, encoding: str, delimiter: str, depth: int | None) -> Records:
    rows: Rows = []
    lines: list[int] = []
    fault = ""
    try:
        for line, row in islice(_numbered(path, encoding, delimiter), depth):
            rows.append(row)
            lines.append(line)
    except DataError as error:
        fault = str(error)
    return Records("", rows, lines, fault, delimiter, encoding=encoding, is_head=depth is not None)


def _numbered(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record of a text file with the number of its first line. DataError as `record_blocks`."""
    # A file splits at line ends alone; str.splitlines would also cut at U+2028 and the like, inside a cell. Line ends
    # come out of it as one newline, those inside a cell too.
    with path.open(encoding=encoding, newline=None) as handle:
        # The limit is the whole process's: another library may have changed it since.
        csv.field_size_limit(_LONGEST)
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        start = 1
        try:
            for row in reader:
                yield start, [cell.strip(BLANKS) for cell in row]
                start = reader.line_num + 1
        except csv.Error as error:
            if "field limit" in str(error):
                raise DataError(
                    f"{path.name}, ligne {start} : une cellule dépasse {_LONGEST // 1024**2} Mo de texte. "
                    "Si un guillemet s'y ouvre sans être refermé, le refermer ; sinon, raccourcir ce texte. "
                    "Puis réexporter."
                ) from error
            raise DataError(
                f"{path.name}, ligne {start} : un guillemet n'est jamais refermé, ou suit mal un séparateur. "
                "Le corriger dans l'outil d'export, puis réexporter."
            ) from error
