"""What a check found, in the words of the project: its rows as places of the raw files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.suites import columns_of, resolve
from pipelines.verdict import PLACES_SHOWN, Finding, Place, text_of

PLACE = ["fichier", "feuille", "ligne"]


def describe(
    table: str,
    expectation: dict[str, Any],
    success: bool,
    nb_lignes: int = 0,
    lignes: tuple[Place, ...] = (),
    observe: str = "",
) -> Finding:
    """The finding of a check of a suite."""
    meta = expectation.get("meta") or {}
    return Finding(
        table=table,
        type=expectation["type"],
        description=expectation["description"],
        severity=expectation["severity"],
        success=success,
        nb_lignes=nb_lignes,
        lignes=lignes,
        observe=observe,
        numero=meta.get("numero"),
        retient=meta.get("retient", ""),
    )


def describe_rows(
    frame: pd.DataFrame,
    table: str,
    expectation: dict[str, Any],
    positions: Sequence[int],
    nb_lignes: int,
    observe: str = "",
) -> Finding:
    """One failure, its rows found again in the frame, numbered from 0, by their positions."""
    shown = list(dict.fromkeys([*PLACE, *columns_of(expectation["kwargs"])]))
    rows = frame.loc[positions[:PLACES_SHOWN], shown].to_dict("records")
    lignes = tuple(place_of(row) for row in rows)
    return describe(table, expectation, success=False, nb_lignes=nb_lignes, lignes=lignes, observe=observe)


def place_of(row: dict[str, Any]) -> Place:
    """Where a row at fault was read, and what it holds: one value, or « colonne = valeur » for several."""
    values = {name: text_of(value) for name, value in row.items() if name not in PLACE}
    several = " ; ".join(f"{name} = {value}" for name, value in values.items())
    value = several if len(values) > 1 else "".join(values.values())
    sheet = "" if pd.isna(row["feuille"]) else str(row["feuille"])
    return str(row["fichier"]), sheet, int(row["ligne"]), value


def say_observed(result: dict[str, Any], kwargs: dict[str, Any], parameters: Mapping[str, object]) -> str:
    """« 13 ; attendu : 14 » for a check of the whole table that compares a number; empty for a check of rows."""
    observed = result.get("observed_value")
    if not pd.api.types.is_number(observed):
        return ""
    low, high = (resolve(kwargs.get("value", kwargs.get(bound)), parameters) for bound in ("min_value", "max_value"))
    if low == high:
        expected = str(low)
    elif high is None:
        expected = f"au moins {low}"
    else:
        expected = f"au plus {high}" if low is None else f"de {low} à {high}"
    return f"{observed} ; attendu : {expected}"
