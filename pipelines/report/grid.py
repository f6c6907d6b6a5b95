"""A frame as it is read: column heads, texts of its cells in their units, total rows.

What a page writes as a table, what a commentary speaks of, and what the next edition compares its own with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipelines.editions.edition import TAB
from pipelines.errors import UsageError
from pipelines.numbers import COUNTS, EUROS, PERCENTS, POINTS, Kind, format_column, kind_of_numbers, kinds_of_column
from pipelines.report.labels import label
from pipelines.report.spoken import Cell, flatten_table
from pipelines.report.templates import CELL_LENGTH, shorten

_TOTAL = re.compile(r"\s*(total|ensemble)\b", re.IGNORECASE)
# A first column of codes or ranks needs no room for words.
_BRIEF = 8
_WITH_UNIT = {*PERCENTS, *EUROS, *COUNTS, *POINTS}


@dataclass(frozen=True)
class Grid:
    """A frame laid out: `frame` has its named index as first columns; heads and rows are what the template writes.

    `measure`: what all columns of a pivoted table share, or ""; `shortened`: a text was too long for its cell;
    `brief`: the first column needs no room for words.
    """

    frame: pd.DataFrame
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    measure: str
    shortened: bool
    brief: bool


def displayed(title: str, grids: Sequence[Grid]) -> list[Cell]:
    """The cells of what is shown under a title, as they are read: a table, or the frames that a figure draws."""
    return [
        cell
        for grid in grids
        for cell in flatten_table(
            title,
            [(column["label"], column["numeric"]) for column in grid.columns],
            [row["cells"] for row in grid.rows],
        )
    ]


def keep_shown(
    grid: Grid, *, genre: str, numero: int, titre: str, sources: Sequence[str], cle: str = ""
) -> dict[str, Any]:
    """What is shown, as a later edition compares its own with (`editions.Shown`): displayed cells, parted by tabs."""
    texts = next((rank for rank, head in enumerate(grid.columns) if head["numeric"]), len(grid.columns))
    return {
        "genre": genre,
        "numero": numero,
        "titre": titre,
        "cle": cle,
        "sources": list(sources),
        "colonnes": [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in grid.frame.columns],
        "libelles": [head["label"] for head in grid.columns],
        "nb_cles": texts,
        "lignes": [TAB.join(" ".join(cell.split(TAB)) for cell in row["cells"]) for row in grid.rows],
    }


def describe_table(grid: Grid) -> dict[str, Any]:
    """What the CSV of a table does not say, as JSON-like values, for who writes it in another format.

    `mesure`: what all its columns share, or ""; `totaux`: ranks of its total rows; `colonnes`: for each, `noms` (the
    levels of its name), `libelle`, `numerique`, `genre` (what its cells hold: a `numbers.Kind`), and `autres`, the kind
    of the cells that hold something else, by their rank as text.
    """
    columns = []
    for position, (name, head) in enumerate(zip(grid.frame.columns, grid.columns, strict=True)):
        kinds = kinds_of_column(grid.frame.iloc[:, position], _unit_name(name))
        kind = _main_kind(kinds, _unit_name(name), numeric=head["numeric"])
        names = [str(part) for part in (name if isinstance(name, tuple) else (name,)) if part != ""]
        about = {"noms": names, "libelle": head["label"], "numerique": head["numeric"], "genre": kind}
        columns.append(about | {"autres": {str(rank): k for rank, k in enumerate(kinds) if k != kind}})
    totals = [rank for rank, row in enumerate(grid.rows) if row["total"]]
    return {"mesure": grid.measure, "colonnes": columns, "totaux": totals}


def _main_kind(kinds: Sequence[Kind], name: str, *, numeric: bool) -> Kind:
    """The kind of most cells of a column, text only where it has no other; a column without a value has its name's."""
    told = [kind for kind in kinds if kind not in ("manquant", "texte")]
    if told:
        return max(dict.fromkeys(told), key=told.count)
    return kind_of_numbers(name) if numeric and "texte" not in kinds else "texte"


def _flatten(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its named index levels as first columns. UsageError on an unnamed index that holds text."""
    named = [name is not None for name in frame.index.names]
    if all(named):
        return frame.reset_index()
    if any(named) or not pd.api.types.is_integer_dtype(frame.index.dtype):
        raise UsageError(
            "L'index du tableau n'a pas de nom et ne serait pas montré : le nommer avec .rename_axis(...), "
            "ou l'enlever avec .reset_index(drop=True)."
        )
    return frame


def lay_out(frame: pd.DataFrame) -> Grid:
    """The frame as it is read: its named index first; the columns go by position, since names may repeat.

    UsageError on an unnamed index that holds text.
    """
    frame = _flatten(frame)
    columns, texts = [], []
    measure = _measure(frame)
    for position, name in enumerate(frame.columns):
        values = frame.iloc[:, position]
        unit_name = _unit_name(name)
        texts.append(format_column(values, unit_name))
        shown_name = name[1:] if measure and position > 0 else name
        columns.append({"label": label(shown_name), "numeric": position > 0 and _is_numeric(values, unit_name)})
    long = any(len(text) > CELL_LENGTH for column in texts for text in column)
    rows = [
        {"cells": [shorten(text, CELL_LENGTH) for text in cells], "total": _TOTAL.match(cells[0]) is not None}
        for cells in zip(*texts, strict=True)
    ]
    shared = label(measure).lower() if measure else ""
    brief = all(len(row["cells"][0]) <= _BRIEF for row in rows)
    return Grid(frame, columns, rows, shared, long, brief)


def _measure(frame: pd.DataFrame) -> str:
    """The measure that all columns of a pivoted table share, said once in its title rather than in every column."""
    measures = {name[0] for name in frame.columns[1:] if isinstance(name, tuple)}
    return measures.pop() if len(measures) == 1 and len(frame.columns) > 2 else ""


def _unit_name(name: Any) -> str:
    parts = [str(part) for part in name] if isinstance(name, tuple) else [str(name)]
    return next((part for part in parts if part.split("_", 1)[0] in _WITH_UNIT), parts[-1])


def _is_numeric(values: pd.Series, name: str) -> bool:
    if name.split("_", 1)[0] in _WITH_UNIT:
        return True
    is_number = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    return is_number and not name.startswith("annee")
