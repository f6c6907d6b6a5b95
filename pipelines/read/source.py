"""One source of `contrat.yml` as a text frame of canonical columns, with the count of every record of its file."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.contract import Source
from pipelines.errors import DataError
from pipelines.read.records import Records, read_text_records, read_workbook_records
from pipelines.tables import PROVENANCE, TABLES

# A header is looked for among the first lines: titles above it are few.
HEADER_DEPTH = 60
_TOTAL = re.compile(r"^(sous[\s-]*)?total\b", re.IGNORECASE)
_NOTE = re.compile(r"^(notes?|n\.?b\.?|source|lecture|mention)\b|^\*", re.IGNORECASE)


@dataclass(frozen=True)
class RawTable:
    """What a source holds. `frame`: text of the mapped columns, "" where blank, with provenance; one row a data record.

    `ragged` rows have cells under no header, or too few: (id_source, fichier, feuille, ligne, texte, motif).
    `counts` has one row per sheet: fichier, feuille, lues, hors_donnees; lues counts titles, header and blanks too.
    """

    frame: pd.DataFrame
    ragged: pd.DataFrame
    counts: pd.DataFrame


def read_source(source: Source, path: Path) -> RawTable:
    """Read every sheet of a source as text. DataError with the line and the fix where the header does not match."""
    if source.forme == "classeur":
        sheets = read_workbook_records(path, source.feuilles)
    else:
        readings = read_text_records(path)
        best = max(readings, key=lambda records: _header_score(records, source))
        if best.fault:
            raise DataError(best.fault)
        sheets = [best]
    tables = [_read_sheet(source, records) for records in sheets]
    return RawTable(
        pd.concat([table.frame for table in tables], ignore_index=True),
        pd.concat([table.ragged for table in tables], ignore_index=True),
        pd.concat([table.counts for table in tables], ignore_index=True),
    )


def mapping(source: Source) -> dict[str, str]:
    """Header → canonical column. Without a mapping, headers are the column names themselves."""
    return source.colonnes or {name: name for name in TABLES[source.table].names if name not in source.constantes}


def _normal(header: str) -> str:
    return " ".join(header.split())


def _known_headers(source: Source) -> set[str]:
    return {_normal(header) for header in (*mapping(source), *source.colonnes_ignorees)}


def _header_score(records: Records, source: Source) -> int:
    known = _known_headers(source)
    return max(
        (len({_normal(cell) for cell in row} & known) for row in records.rows[:HEADER_DEPTH]),
        default=0,
    )


def _where(source: Source, records: Records, line: int | None = None) -> str:
    sheet = f", feuille « {records.sheet} »" if records.sheet else ""
    return f"{source.fichier}{sheet}" + (f", ligne {line}" if line else "")


def _find_header(source: Source, records: Records) -> int:
    if not any(any(row) for row in records.rows):
        raise DataError(f"{_where(source, records)} est vide. Déposer le fichier complet.")
    known = _known_headers(source)
    scores = [len({_normal(cell) for cell in row} & known) for row in records.rows[:HEADER_DEPTH]]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    if scores[best] < max(1, len(known) // 2):
        raise DataError(
            f"{_where(source, records)} : la ligne d'en-tête est introuvable. Colonnes attendues : "
            f"{', '.join(list(mapping(source))[:6])}... Corriger « colonnes » dans contrat.yml."
        )
    return best


def _columns(source: Source, records: Records, at: int) -> dict[int, str]:
    """Position → canonical column. Stops at an unknown, missing or repeated header."""
    header, line = [_normal(cell) for cell in records.rows[at]], records.lines[at]
    wanted = {_normal(name): column for name, column in mapping(source).items()}
    ignored = {_normal(name) for name in source.colonnes_ignorees}
    columns: dict[int, str] = {}
    for position, name in enumerate(header):
        if not name or name in ignored:
            continue
        if name not in wanted:
            close = difflib.get_close_matches(name, [*wanted, *ignored], n=3, cutoff=0.3)
            raise DataError(
                f"{_where(source, records, line)} : la colonne « {name} » n'est ni dans « colonnes » ni dans "
                f"« colonnes_ignorees » de contrat.yml. Noms connus les plus proches : {', '.join(close) or 'aucun'}."
            )
        if wanted[name] in columns.values():
            raise DataError(
                f"{_where(source, records, line)} : deux colonnes donnent « {wanted[name]} ». "
                "En renommer une, ou en mettre une dans « colonnes_ignorees »."
            )
        columns[position] = wanted[name]
    missing = [name for name, column in wanted.items() if column not in columns.values()]
    if missing:
        close = difflib.get_close_matches(missing[0], [name for name in header if name], n=1, cutoff=0.3)
        hint = f" (la plus proche : « {close[0]} »)" if close else ""
        raise DataError(
            f"{_where(source, records, line)} : la colonne « {missing[0]} » manque{hint}. "
            "La rétablir dans le fichier, ou corriger « colonnes » dans contrat.yml."
        )
    return columns


def _is_not_data(cells: list[str], header: list[str], keys: list[int]) -> bool:
    """Blank line, total, repeated header, or a note alone on its line.

    `keys`: positions of the table's key. A line with its own key is data, even where a title begins with « Total ».
    """
    filled = [cell for cell in cells if cell]
    if not filled or [_normal(cell) for cell in cells[: len(header)]] == header:
        return True
    keyed = bool(keys) and all(cells[at : at + 1] not in ([], [""]) and not _TOTAL.match(cells[at]) for at in keys)
    if not keyed and any(_TOTAL.match(cell) for cell in filled):
        return True
    return len(filled) == 1 and bool(_NOTE.match(filled[0]))


def _read_sheet(source: Source, records: Records) -> RawTable:
    at = _find_header(source, records)
    columns = _columns(source, records, at)
    header = [_normal(cell) for cell in records.rows[at]]
    keys = [position for position, column in columns.items() if column in TABLES[source.table].key]
    named = {position for position, name in enumerate(header) if name}
    data: dict[str, list[str]] = {column: [] for column in columns.values()}
    lines: list[int] = []
    ragged: list[tuple[int, str]] = []
    not_data = at + 1  # titles above the header, and the header itself
    for cells, line in zip(records.rows[at + 1 :], records.lines[at + 1 :], strict=True):
        if _is_not_data(cells, header, keys):
            not_data += 1
        elif len(cells) <= max(columns) or any(cell for i, cell in enumerate(cells) if i not in named):
            ragged.append((line, " | ".join(cells)))
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
            [
                (
                    *place.values(),
                    line,
                    text,
                    "plus ou moins de cellules que l'en-tête : vérifier les séparateurs, nommer les colonnes",
                )
                for line, text in ragged
            ],
            columns=["id_source", "fichier", "feuille", "ligne", "texte", "motif"],
        ),
        pd.DataFrame([{**place, "lues": len(records.rows), "hors_donnees": not_data}]),
    )
