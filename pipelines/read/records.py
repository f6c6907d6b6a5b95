"""Records of a file as text: one list of cells per record, numbered as a person would number them."""

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetTypeEnum, load_workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from pipelines.errors import DataError
from pipelines.read.damage import DAMAGED, LOCKED, refuse_unreadable
from pipelines.read.error_cells import Block, error_blocks

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
# A sheet that is but a chart or a macro holds no record.
_TABULAR = (SheetTypeEnum.WorkSheet,)
BLANKS = " \t\n\xa0\u202f\ufeff"

Rows = list[list[str]]


@dataclass(frozen=True)
class Records:
    """Records of one file or one sheet: `rows[i]` is the text of the cells, `lines[i]` its line number.

    `names`: of the cells, where each record carries them (JSON); empty where a header is to be found among the rows.
    `delimiter` and `encoding`: of a text file. `fault`: the French sentence of what stopped the reading, "" where
    nothing did. `is_head`: these are the first records of a text file, that `record_blocks` reads whole.
    """

    sheet: str
    rows: Rows
    lines: list[int]
    fault: str = ""
    delimiter: str = ""
    names: tuple[str, ...] = ()
    encoding: str = ""
    is_head: bool = False


def read_workbook_records(path: Path, sheets: tuple[str, ...]) -> list[Records]:
    """Records of the named sheets of a workbook (all sheets if none is named), values of formulas included.

    A cell merged down a column stands on each of its lines, as the reader of the sheet understands it.
    Hidden rows and columns are read, a sheet that is a chart is not. An error of a formula keeps its text (#DIV/0!),
    except in an XLS or an XLSB, where it is blank: calamine does not tell it apart.
    """
    refuse_unreadable(path, sheets)
    try:
        workbook = load_workbook(path)
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ in _TABULAR]
    except PasswordError as error:
        raise DataError(LOCKED.format(path.name)) from error
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(DAMAGED.format(path.name)) from error
    if not names:
        raise DataError(f"{path.name} n'a aucune feuille de cellules : déposer le classeur complet.")
    missing = [name for name in sheets if name.strip() not in {known.strip() for known in names}]
    if missing:
        raise DataError(
            f"{path.name} : la feuille « {missing[0]} » manque. Feuilles présentes : {', '.join(names)}. "
            "Corriger « feuilles » dans contrat.yml."
        )
    wanted = {name.strip() for name in sheets}
    kept = [name for name in names if not wanted or name.strip() in wanted]
    errors = error_blocks(path, kept)
    records: list[Records] = []
    for name in kept:
        blocks = errors.get(name, [])
        try:
            records.append(_sheet(workbook.get_sheet_by_name(name), name, blocks))
        except (CalamineError, ValueError) as error:
            raise DataError(f"{path.name}, feuille « {name} » : {_why_unread(error, blocks)}") from error
    return records


def read_json_records(path: Path) -> Records:
    """Records of a JSON array of objects, numbered by rank from 1; names are all keys, in the order they are first met.

    null and an absent key are blank, true and false are « oui » and « non », numbers stay as they are written.
    DataError, with the rank, where an element is no object, a value is nested, or a key stands twice in an object.
    """
    content = load_json(path)
    if not isinstance(content, list) or isinstance(content, JsonObject):
        raise DataError(
            f"{path.name} n'est pas un tableau JSON d'objets ([{{…}}, {{…}}]) : n'en garder que le tableau."
        )
    records = [read_fields(path, element, rank) for rank, element in enumerate(content, start=1)]
    names = tuple(dict.fromkeys(name for record in records for name in record))
    rows = [[record.get(name, "") for name in names] for record in records]
    return Records("", rows, list(range(1, len(rows) + 1)), names=names)


class JsonObject(list[tuple[str, Any]]):
    """The pairs of a JSON object, as written."""


def load_json(path: Path) -> Any:
    """What a JSON file holds, its numbers as they are written. DataError, with the line, where it is damaged."""
    data = path.read_bytes()
    if b"\0" in data:
        raise DataError(f"{path.name} n'est pas un fichier JSON en UTF-8 : le réexporter.")
    try:
        # Pairs, not a dict: a repeated key would silently hide the first.
        return json.loads(
            _decode(data), object_pairs_hook=JsonObject, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        where = f", ligne {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DataError(f"{path.name}{where} : le JSON est tronqué ou mal formé. Le réexporter en entier.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def read_fields(path: Path, element: Any, rank: int) -> dict[str, str]:
    """Text of each key of one object. DataError, with the rank, where it is no flat object of plain values."""
    where = f"{path.name}, objet {rank}"
    if not isinstance(element, JsonObject):
        raise DataError(f"{where} : ce n'est pas un objet {{clé: valeur}}. Réexporter un objet par enregistrement.")
    fields: dict[str, str] = {}
    for key, value in element:
        if key in fields:
            raise DataError(f"{where} : la clé « {key} » y figure deux fois. N'en garder qu'une dans l'export.")
        if isinstance(value, list):
            raise DataError(
                f"{where} : la valeur de « {key} » est elle-même une liste ou un objet. "
                "Réexporter à plat : une valeur simple par clé."
            )
        text = "" if value is None else _cell(value)
        if any("\ud800" <= letter <= "\udfff" for letter in key + text):
            raise DataError(f"{where} : la valeur de « {_printable(key)} » contient un caractère tronqué. La corriger.")
        fields[key] = text
    return fields


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _decode(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes any byte")


def _why_unread(error: Exception, blocks: list[Block]) -> str:
    """What stops the reading of a sheet, and the fix. calamine knows seven errors of formulas, and stops at others."""
    for lines, columns, text in blocks:
        if f"'{text}'" in str(error):
            cell = xl_rowcol_to_cell(lines[0], columns[0])
            return f"la cellule {cell} porte l'erreur « {text} ». Corriger sa formule, ou la vider, puis réenregistrer."
    return "elle est illisible. La réenregistrer dans un tableur."


def _sheet(sheet: CalamineSheet, name: str, errors: list[Block]) -> Records:
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for lines, columns, text in errors:
        for row in rows[lines.start : lines.stop]:
            row[columns.start : columns.stop] = [text] * len(row[columns.start : columns.stop])
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        # A merged block without text may lie beyond the last filled column.
        if left == right and rows and left < len(rows[0]):
            for line in range(top + 1, min(bottom + 1, len(rows))):
                rows[line][left] = rows[top][left]
    return Records(name, rows, list(range(1, len(rows) + 1)))


def _cell(value: object) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case float():
            return np.format_float_positional(value, trim="-")
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case datetime.date() | datetime.time() | datetime.timedelta():
            return str(value)
    return _tidy(str(value))


def _tidy(text: str) -> str:
    """Line ends as one newline, no surrounding blanks: nothing else changes before cleaning."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS)
