"""What each column of some tables means: codebook, definitions of the indicators, meanings of what reports compute."""

import importlib
import pkgutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines import indicators
from pipelines.exchange.shown import ShownColumn, ShownTable
from pipelines.report.labels import label, meaning, split_year
from pipelines.tables import CERTIFIED, TABLES

UNDESCRIBED = "non décrit"
_TYPES = {
    "texte": "texte", "booleen": "oui ou non", "date": "date", "pourcent": "pourcentage", "euros": "montant",
    "points": "écart", "annee": "année", "entier": "nombre entier", "decimal": "nombre",
    "coefficient": "coefficient, de -1 à 1",
}  # fmt: skip
_UNITS = {"euros": "€", "pourcent": "%", "points": "points de pourcentage"}


@dataclass(frozen=True)
class Entry:
    """One line of the lexicon: `name` is that of the CSV, `tables` the numbers of those that have the column so."""

    name: str
    label: str
    type: str
    unit: str
    meaning: str
    tables: tuple[int, ...]


def describe_columns(tables: Sequence[ShownTable], balance: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """A line for each name and meaning among the columns of some tables, in alphabetical order.

    `balance`: the lines of the page's row balance, which say the table of the codebook that each source fills.
    """
    filled = {(line["id_source"], line["table"]) for line in balance}
    found: dict[tuple[str, ...], list[int]] = {}
    for table in tables:
        cited = {name for source, name in filled if source in table.sources}
        for column in table.columns:
            key = (
                column.name,
                label(column.names),
                _type(column),
                _UNITS.get(column.kind, ""),
                _meaning(column, cited),
            )
            numbers = found.setdefault(key, [])
            if table.number not in numbers:
                numbers.append(table.number)
    entries = [Entry(*key, tuple(numbers)) for key, numbers in found.items()]
    return sorted(entries, key=lambda entry: (entry.name, entry.tables))


def _type(column: ShownColumn) -> str:
    is_code = column.kind == "texte" and column.names[:1] and column.names[0].startswith("code_")
    return "code" if is_code else _TYPES.get(column.kind, column.kind)


def _meaning(column: ShownColumn, cited: Collection[str]) -> str:
    """What a column says; that of a pivoted table from the first level of its name that is known.

    The tables that its own table cites come first, then what reports compute, then any certified table.
    """
    for part in column.names:
        name = split_year(part)[0]
        for told in (_codebook(name, cited), _definitions().get(name, ""), meaning(name), _codebook(name, CERTIFIED)):
            if told:
                return told
    return UNDESCRIBED


def _codebook(name: str, tables: Iterable[str]) -> str:
    """What some tables of the codebook say of a column, each saying once; "" where none has it."""
    held = [TABLES[table][name].meaning for table in sorted(tables) if name in TABLES[table].names]
    return " ; ".join(dict.fromkeys(held))


@cache
def _definitions() -> dict[str, str]:
    """The definition of each indicator, without its name, from every module that has some."""
    found = pkgutil.walk_packages(indicators.__path__, f"{indicators.__name__}.")
    modules = [importlib.import_module(one.name) for one in found]
    told = [(name, text) for module in modules for name, text in getattr(module, "DEFINITIONS", {}).items()]
    return {name: text.partition(" : ")[2] or text for name, text in told}
