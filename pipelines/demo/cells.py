"""Typed rows → the text that a file of the year shows, each distinct value written once."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from pipelines.demo import territories
from pipelines.demo.layouts import MENTION, NOTICE, NUMBER, TOTAL_PLANNED, TOTAL_REACHED, Layout
from pipelines.demo.lines import PLACES
from pipelines.tables import TABLES

_NATURES = {"association": "Association"}
_WORDS = {"codes": territories.CODES, "noms": territories.NAMES, "graphies": territories.SPELLINGS}
_TOTALS = {TOTAL_PLANNED: "prevu", TOTAL_REACHED: "realise"}


def kind_of(name: str) -> str:
    """Kind of a column of a file: that of the canonical table, « entier » for counts nobody reads, else « texte »."""
    if name in (NUMBER, *_TOTALS):
        return "entier"
    return TABLES["programmes"][name].kind if name in TABLES["programmes"].names else "texte"


def write_cells(
    rows: pd.DataFrame, planted: pd.DataFrame, layout: Layout, places: Sequence[str] | None = None
) -> pd.DataFrame:
    """The text of every cell of the layout's columns, "" where blank, planted texts in their places.

    `places`: how each place is written, by its position; those of the shipped contract unless told.
    """
    names = [*(_WORDS[layout.places] if places is None else places), ""]
    text = pd.DataFrame({name: _column(rows, name, layout, names) for name in layout.headers}, index=rows.index)
    for cell in planted[planted["rang"].isin(rows.index)].itertuples():
        text.loc[cell.rang, cell.colonne] = cell.texte
    return text


def count_people(rows: pd.DataFrame, moment: str) -> pd.Series:
    """Total by sex of one moment, those of unknown sex included."""
    return rows.filter(regex=f"^benef_{moment}_sexe_").sum(axis=1, min_count=1)


def write_amount(cents: int, layout: Layout) -> str:
    """« 1 234,50 € » in the manner of the layout."""
    whole = f"{cents // 100:,}".replace(",", layout.thousands)
    return f"{whole},{cents % 100:02d}{layout.currency}"


def write_date(value: pd.Timestamp) -> str:
    """A date as d/m/yyyy, without leading zeros."""
    return f"{value.day}/{value.month}/{value.year}"


def _column(rows: pd.DataFrame, name: str, layout: Layout, places: Sequence[str]) -> pd.Series:
    if name == "territoires":
        return _join_places(rows, layout, places)
    if name == "parts_territoires":
        return _join_shares(rows)
    if name == NOTICE:
        return pd.Series(MENTION, index=rows.index, dtype="object")
    if name in _TOTALS:
        return _each(count_people(rows, _TOTALS[name]), lambda value: str(int(value)))
    if name not in rows:
        return pd.Series("", index=rows.index, dtype="object")
    return _each(rows[name], _writer(name, layout))


def _writer(name: str, layout: Layout) -> Callable[[object], str]:
    match name:
        case "statut":
            return lambda value: layout.states[value]
        case "nature_porteur":
            return lambda value: _NATURES[value]
        case "code_orientation":
            return lambda value: layout.orientations[int(value[1:]) - 1]
        case "code_siret" if layout.spaced_siret:
            return lambda value: f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}"
    match kind_of(name):
        case "euros":
            return lambda value: write_amount(int(value), layout)
        case "date":
            return write_date
        case "booleen":
            return lambda value: layout.booleans[0 if value else 1]
    return str


def _each(values: pd.Series, write: Callable[[object], str]) -> pd.Series:
    """`write` applied to each distinct value; "" where missing."""
    codes, distinct = pd.factorize(values)
    texts = np.array([*(write(value) for value in distinct), ""], dtype=object)
    return pd.Series(texts[codes], index=values.index)


def _join_places(rows: pd.DataFrame, layout: Layout, places: Sequence[str]) -> pd.Series:
    names = np.array(places, dtype=object)
    return _join([names[rows[f"lieu_{i}"]] for i in range(PLACES)], layout.place_separator, rows.index)


def _join_shares(rows: pd.DataFrame) -> pd.Series:
    percents = np.array([*(str(share) for share in range(101)), ""], dtype=object)
    return _join([percents[rows[f"part_{i}"]] for i in range(PLACES)], " | ", rows.index)


def _join(parts: list[np.ndarray], separator: str, index: pd.Index) -> pd.Series:
    """Texts side by side, a separator before each but the first; position -1 stands for nothing and gives ""."""
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + np.where(part == "", "", separator + part)
    return pd.Series(joined, index=index)
