"""The columns of a wide file: one for each indicator at a vintage, beside those that its table declares."""

from collections.abc import Iterable
from dataclasses import replace

from pipelines.tables.model import Table, column

_MARK = "@"
# Intake table of wide files → the certified table that their cells become rows of.
WIDE = {"releves": "observations", "releves_france": "observations_france"}


def measure_name(code: str, vintage: str) -> str:
    """Name of the column of an indicator at a vintage."""
    return f"{code}{_MARK}{vintage}"


def measure_of(name: str) -> tuple[str, str]:
    """Indicator and vintage of a column, from its name."""
    code, _, vintage = name.partition(_MARK)
    return code, vintage


def measures_among(names: Iterable[str]) -> list[str]:
    """The names that are those of measures."""
    return [name for name in names if _MARK in name]


def with_measures(table: Table, names: Iterable[str]) -> Table:
    """A table with, after its own columns, those of the measures among `names`, as text."""
    measures = (column(name, "texte", "cellule lue") for name in measures_among(names))
    return replace(table, columns=(*table.columns, *measures))
