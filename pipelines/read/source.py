"""One source of `contrat.yml` as a text frame of canonical columns, with the count of every record of its file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from pipelines.contract import Source
from pipelines.errors import DataError
from pipelines.read.contours import read_contour_records
from pipelines.read.header import Header, columns_of, find_header, header_score, normal
from pipelines.read.records import Records, Rows, read_json_records, read_workbook_records
from pipelines.read.scope import assert_met, in_scope, scope_of, undecided
from pipelines.read.text import HEAD, read_text_records, record_blocks
from pipelines.tables import PROVENANCE, TABLES, Table

_TOTAL = re.compile(r"^(sous[\s-]*)?total\b", re.IGNORECASE)
_NOTE = re.compile(r"^(notes?|n\.?b\.?|source|lecture|mention)\b|^\*", re.IGNORECASE)
# 27 000,00 without quotes, in a file whose cells a comma parts.
_GROUPED = re.compile(r"^[-(]?\d{1,3}([ \xa0\u202f]\d{3})+$")
_WHOLE = re.compile(r"^[-(]?\d+$")
_DECIMALS = re.compile(r"^\d{1,2}\)?[ \xa0\u202f]?€?$")
# A sheet sorted with its header leaves lines of data above it.
_MISPLACED = (
    "au-dessus de l'en-tête, et remplie comme une ligne de données",
    "Remettre l'en-tête en tête du tableau (un tri l'a déplacé ?), puis réexporter.",
)

# Headers of columns that name persons: such a column is ignored, and no row set aside may carry it all the same.
_PEOPLE = re.compile(
    r"\b(contact|pr[ée]nom|courriel|e?-?mail|t[ée]l([ée]phone)?\b|portable|responsable|repr[ée]sentant|r[ée]f[ée]rent"
    r"|interlocut|pr[ée]sident|dirigeant)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RawTable:
    """What a source holds. `frame`: text of the mapped columns, "" where blank, with provenance; one row a data record.

    `ragged`: id_source, fichier, feuille, ligne, texte, motif, remede of rows with cells under no header, too few, a
    number cut in two, or the error of a formula where the line's place should be.
    `counts` has one row per sheet: fichier, feuille, lues, hors_donnees; lues counts titles, header and blanks too.
    In a JSON array or a GeoJSON file lues counts its objects or features, ligne is their rank.
    """

    frame: pd.DataFrame
    ragged: pd.DataFrame
    counts: pd.DataFrame


def read_source(source: Source, path: Path) -> RawTable:
    """Read every sheet of a source as text. DataError with the line and the fix where the header does not match."""
    if source.forme == "classeur":
        sheets = read_workbook_records(path, source.feuilles)
    elif source.forme == "json":
        sheets = [read_json_records(path)]
    elif source.forme == "geojson":
        sheets = [read_contour_records(path)]
    else:
        readings = read_text_records(path, HEAD)
        best = max(readings, key=lambda records: header_score(records, source))
        if best.fault:
            raise DataError(best.fault)
        sheets = [best]
    met: set[tuple[str, str]] = set()
    tables = [_read_sheet(source, records, path, met) for records in sheets]
    assert_met(source, met)
    return RawTable(
        pd.concat([table.frame for table in tables], ignore_index=True),
        pd.concat([table.ragged for table in tables], ignore_index=True),
        pd.concat([table.counts for table in tables], ignore_index=True),
    )


def _is_not_data(cells: list[str], header: list[str], proofs: list[list[int]]) -> bool:
    """Blank line, total, repeated header, or a note alone on its line.

    `proofs`: groups of positions. A line that fills one whole group is data, even where a title begins with « Total ».
    """
    filled = len(cells) - cells.count("")
    if not filled or _is_header(cells, header):
        return True
    proved = any(
        all(cells[at : at + 1] not in ([], [""]) and not _TOTAL.match(cells[at]) for at in group) for group in proofs
    )
    if not proved and any(_TOTAL.match(cell) for cell in cells):
        return True
    return filled == 1 and any(_NOTE.match(cell) for cell in cells)


def _is_header(cells: list[str], header: list[str]) -> bool:
    """The header again, or what of it is merged down over a second line: no filled cell says another thing."""
    # The first cell tells nearly always, at a seventieth of the cost.
    if cells[0] and normal(cells[0]) != header[0]:
        return False
    same = all(not cell or normal(cell) == name for cell, name in zip(cells, header, strict=False))
    return same and (not any(cells[len(header) :]) or [normal(cell) for cell in cells[: len(header)]] == header)


def _split_number(cells: list[str], wider: bool) -> str:
    """The number that a comma cut in two, "" if none: with grouped digits, or any in a line wider than the header."""
    for whole, decimals in pairwise(cells):
        if _DECIMALS.match(decimals) and (_GROUPED.match(whole) or (wider and _WHOLE.match(whole))):
            return f"{whole},{decimals}"
    return ""


def _fault(cells: list[str], width: int, needed: int, names: list[str], delimiter: str) -> tuple[str, str] | None:
    """Why the cells of a line may not stand under their headers, and the remedy. `width`: of a sound line."""
    if delimiter == "," and (number := _split_number(cells, len(cells) > sum(map(bool, names)))):
        return (
            f"la virgule de « {number} » sépare deux cellules",
            "Mettre ce nombre entre guillemets, ou exporter avec des points-virgules.",
        )
    unnamed = "" in names and any(cell for cell, name in zip(cells, names, strict=False) if not name)
    if not needed <= len(cells) <= width or unnamed or any(cells[len(names) :]):
        return (
            "plus ou moins de cellules que l'en-tête",
            "Mettre entre guillemets la cellule qui contient un séparateur, nommer chaque colonne, puis réexporter.",
        )
    return None


def _read_sheet(source: Source, records: Records, path: Path, met: set[tuple[str, str]]) -> RawTable:
    header = find_header(source, records)
    columns = columns_of(source, records, header)
    scope = scope_of(source, records, header)
    proofs = _proofs(TABLES[source.table], columns)
    width, needed = _sound_width(path, records, header, proofs), max(columns) + 1
    ignored = {normal(name) for name in source.colonnes_ignorees}
    people = next((name for name in header.names if name in ignored and _PEOPLE.search(name)), "")
    # Its cells may have shifted: nobody can tell any more which one names a person.
    hidden = f"[texte non reproduit : la colonne « {people} » nomme des personnes]"
    frames: list[pd.DataFrame] = []
    above = _data_above(source, records, header, columns)
    ragged = [(line, hidden if people else " | ".join(cells), *_MISPLACED) for cells, line in above]
    read, not_data = 0, -len(above)
    for rows, numbers in _below(path, records, header):
        sound: Rows = []
        lines: list[int] = []
        for cells, line in zip(rows, numbers, strict=True):
            if _is_not_data(cells, header.names, proofs):
                not_data += 1
            elif fault := _fault(cells, width, needed, header.names, records.delimiter):
                ragged.append((line, hidden if people else " | ".join(cells), *fault))
            elif not in_scope(cells, scope, met):
                if doubt := undecided(cells, scope):
                    ragged.append((line, hidden if people else " | ".join(cells), *doubt))
                else:
                    not_data += 1
            else:
                sound.append(cells)
                lines.append(line)
        read += len(rows)
        frames.append(_frame(sound, lines, columns))
    frame = pd.concat(frames, ignore_index=True) if frames else _frame([], [], columns)
    place = {"id_source": source.id, "fichier": source.fichier, "feuille": records.sheet}
    same = {**source.constantes, **place}
    frame = frame.assign(**{name: pd.Series([value] * len(frame), dtype="str") for name, value in same.items()})
    return RawTable(
        # The line number comes last, as in every table.
        frame[[*(name for name in frame.columns if name != "ligne"), "ligne"]],
        pd.DataFrame(
            [(*place.values(), *row) for row in ragged],
            columns=["id_source", "fichier", "feuille", "ligne", "texte", "motif", "remede"],
        ),
        pd.DataFrame([{**place, "lues": header.above + read, "hors_donnees": header.above + not_data}]),
    )


def _proofs(table: Table, columns: dict[int, str]) -> list[list[int]]:
    """What proves that a line is data: its whole key, or one cell of a table whose key is not read from the file."""
    if table.evidence:
        return [[position] for position, column in columns.items() if column in table.evidence]
    key = [position for position, column in columns.items() if column in table.key]
    return [key] if key else []


def _data_above(
    source: Source, records: Records, header: Header, columns: dict[int, str]
) -> list[tuple[list[str], int]]:
    """The lines above the header that are no titles: required columns are filled, and more than half of all."""
    table = TABLES[source.table]
    needed = [at for at, column in columns.items() if column in (table.required or table.key)]
    half = sum(map(bool, header.names)) / 2
    return [
        (cells, line)
        for cells, line in zip(records.rows[: max(0, header.above - 1)], records.lines, strict=False)
        if needed
        and len(cells) > max(needed)
        and all(cells[at] for at in needed)
        and sum(map(bool, cells)) > half
        and not _is_not_data(cells, header.names, _proofs(table, columns))
    ]


def _below(path: Path, records: Records, header: Header) -> Iterator[tuple[Rows, list[int]]]:
    """The records under the header, a block at a time."""
    above = header.above
    for rows, lines in record_blocks(path, records):
        yield rows[above:], lines[above:]
        above = max(0, above - len(rows))


def _sound_width(path: Path, records: Records, header: Header, proofs: list[list[int]]) -> int:
    """Number of cells of a sound line: an export may end every line with a delimiter.

    One line alone that is wider has a delimiter inside a cell.
    """
    least = len(header.names)
    # The first records nearly always hold a line of that many cells, and no other can be narrower.
    first = records.rows[header.above :]
    if any(len(cells) == least and not _is_not_data(cells, header.names, proofs) for cells in first):
        return least
    widths = (
        len(cells)
        for rows, _ in _below(path, records, header)
        for cells in rows
        if len(cells) >= least and not _is_not_data(cells, header.names, proofs)
    )
    return min(widths, default=least)


def _frame(rows: Rows, lines: list[int], columns: dict[int, str]) -> pd.DataFrame:
    """The mapped columns of sound rows as text, and their line numbers."""
    needed = max(columns) + 1
    cells = list(zip(*(row[:needed] for row in rows), strict=True)) or [()] * needed
    frame = pd.DataFrame({column: pd.Series(cells[at], dtype="str") for at, column in columns.items()})
    return frame.assign(ligne=pd.Series(lines, dtype=PROVENANCE[-1].dtype))
