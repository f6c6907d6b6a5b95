"""One source of `contrat.yml` as a text frame of canonical columns, with the count of every record of its file."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from pipelines.contract import Source
from pipelines.errors import DataError
from pipelines.read.header import columns_of, find_header, header_score, normal
from pipelines.read.records import Records, read_json_records, read_text_records, read_workbook_records
from pipelines.tables import PROVENANCE, TABLES

_TOTAL = re.compile(r"^(sous[\s-]*)?total\b", re.IGNORECASE)
_NOTE = re.compile(r"^(notes?|n\.?b\.?|source|lecture|mention)\b|^\*", re.IGNORECASE)
# 27 000,00 without quotes, in a file whose cells a comma parts.
_GROUPED = re.compile(r"^[-(]?\d{1,3}([ \xa0\u202f]\d{3})+$")
_WHOLE = re.compile(r"^[-(]?\d+$")
_DECIMALS = re.compile(r"^\d{1,2}\)?[ \xa0\u202f]?€?$")

# Headers of columns that name persons: such a column is ignored, and no row set aside may carry it all the same.
_PEOPLE = re.compile(
    r"\b(contact|pr[ée]nom|courriel|e?-?mail|t[ée]l([ée]phone)?\b|portable|responsable|repr[ée]sentant|r[ée]f[ée]rent"
    r"|interlocut|pr[ée]sident|dirigeant)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RawTable:
    """What a source holds. `frame`: text of the mapped columns, "" where blank, with provenance; one row a data record.

    `ragged`: id_source, fichier, feuille, ligne, texte, motif of rows with cells under no header, too few, or a number
    cut in two.
    `counts` has one row per sheet: fichier, feuille, lues, hors_donnees; lues counts titles, header and blanks too.
    In a JSON array lues counts its objects, ligne is their rank.
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
    else:
        readings = read_text_records(path)
        best = max(readings, key=lambda records: header_score(records, source))
        if best.fault:
            raise DataError(best.fault)
        sheets = [best]
    tables = [_read_sheet(source, records) for records in sheets]
    return RawTable(
        pd.concat([table.frame for table in tables], ignore_index=True),
        pd.concat([table.ragged for table in tables], ignore_index=True),
        pd.concat([table.counts for table in tables], ignore_index=True),
    )


def _is_not_data(cells: list[str], header: list[str], keys: list[int]) -> bool:
    """Blank line, total, repeated header, or a note alone on its line.

    `keys`: positions of the table's key. A line with its own key is data, even where a title begins with « Total ».
    """
    filled = [cell for cell in cells if cell]
    if not filled or [normal(cell) for cell in cells[: len(header)]] == header:
        return True
    keyed = bool(keys) and all(cells[at : at + 1] not in ([], [""]) and not _TOTAL.match(cells[at]) for at in keys)
    if not keyed and any(_TOTAL.match(cell) for cell in filled):
        return True
    return len(filled) == 1 and bool(_NOTE.match(filled[0]))


def _split_number(cells: list[str], wider: bool) -> str:
    """The number that a comma cut in two, "" if none: with grouped digits, or any in a line wider than the header."""
    for whole, decimals in pairwise(cells):
        if _DECIMALS.match(decimals) and (_GROUPED.match(whole) or (wider and _WHOLE.match(whole))):
            return f"{whole},{decimals}"
    return ""


def _fault(cells: list[str], width: int, needed: int, named: set[int], delimiter: str) -> str:
    """Why the cells of a line may not stand under their headers, "" if they do. `width`: of a sound line."""
    if delimiter == "," and (number := _split_number(cells, len(cells) > len(named))):
        return (
            f"la virgule de « {number} » sépare deux cellules : mettre ce nombre entre guillemets, "
            "ou exporter avec des points-virgules"
        )
    if not needed <= len(cells) <= width or any(cell for i, cell in enumerate(cells) if i not in named):
        return "plus ou moins de cellules que l'en-tête : vérifier les séparateurs, nommer les colonnes"
    return ""


def _read_sheet(source: Source, records: Records) -> RawTable:
    header = find_header(source, records)
    columns = columns_of(source, records, header)
    keys = [position for position, column in columns.items() if column in TABLES[source.table].key]
    named = {position for position, name in enumerate(header.names) if name}
    found = [
        (cells, line)
        for cells, line in zip(records.rows[header.above :], records.lines[header.above :], strict=True)
        if not _is_not_data(cells, header.names, keys)
    ]
    # An export may end every line with a delimiter; one line alone that is wider has a delimiter inside a cell.
    least = len(header.names)
    width = min((len(cells) for cells, _ in found if len(cells) >= least), default=least)
    ignored = {normal(name) for name in source.colonnes_ignorees}
    people = next((name for name in header.names if name in ignored and _PEOPLE.search(name)), "")
    data: dict[str, list[str]] = {column: [] for column in columns.values()}
    lines: list[int] = []
    ragged: list[tuple[int, str, str]] = []
    for cells, line in found:
        if fault := _fault(cells, width, max(columns) + 1, named, records.delimiter):
            # Its cells may have shifted: nobody can tell any more which one names a person.
            hidden = f"[texte non reproduit : la colonne « {people} » nomme des personnes]"
            ragged.append((line, hidden if people else " | ".join(cells), fault))
        else:
            lines.append(line)
            for position, column in columns.items():
                data[column].append(cells[position])
    frame = pd.DataFrame({column: pd.Series(values, dtype="str") for column, values in data.items()})
    frame = frame.assign(**{c: pd.Series([v] * len(frame), dtype="str") for c, v in source.constantes.items()})
    place = {
        "id_source": source.id,
        "fichier": source.fichier,
        "feuille": records.sheet,
    }
    frame = frame.assign(**{name: pd.Series([v] * len(frame), dtype="str") for name, v in place.items()})
    frame["ligne"] = pd.Series(lines, dtype=PROVENANCE[-1].dtype)
    return RawTable(
        frame,
        pd.DataFrame(
            [(*place.values(), *row) for row in ragged],
            columns=["id_source", "fichier", "feuille", "ligne", "texte", "motif"],
        ),
        pd.DataFrame([{**place, "lues": len(records.rows), "hors_donnees": len(records.rows) - len(found)}]),
    )
