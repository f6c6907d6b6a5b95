"""Rows that each hold the value of one pair of names, checked and in order, for charts that cross two lists."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from pipelines.charts.lettering import shorten
from pipelines.errors import UsageError
from pipelines.numbers import MISSING

# Characters of a name inside a sentence that holds several.
_TOLD = 60


def read_pairs(frame: pd.DataFrame, one: str, other: str, value: str) -> pd.DataFrame:
    """The three columns, both names as text (« n.d. » where one is missing), the value as Float64, missing as NA.

    UsageError where a pair stands on several rows: which of them counts, or whether they add up, is not ours to say.
    """
    pairs = frame[[one, other, value]].reset_index(drop=True)
    for name in (one, other):
        pairs[name] = pairs[name].astype("object").where(pairs[name].notna(), MISSING).map(str)
    # A number divided by zero is no amount.
    pairs[value] = pairs[value].astype("Float64").replace([math.inf, -math.inf], pd.NA)
    repeated = pairs[pairs.duplicated([one, other])]
    if not repeated.empty:
        first, second = (tell(repeated[name].iloc[0]) for name in (one, other))
        raise UsageError(f"« {first} » et « {second} » vont ensemble sur plusieurs lignes : les additionner d'abord.")
    return pairs


def order_names(found: Iterable[str], given: Sequence[str] | None) -> list[str]:
    """The names as they are `given` or, without that, as they are first `found`.

    UsageError where the given order leaves out a name or repeats one: its values would vanish, or count twice.
    """
    found = list(dict.fromkeys(found))
    if given is None:
        return found
    order = [str(name) for name in given]
    if forgotten := [name for name in found if name not in order]:
        raise UsageError(f"L'ordre demandé oublie « {tell(forgotten[0])} » : l'ajouter.")
    if repeated := [name for at, name in enumerate(order) if name in order[:at]]:
        raise UsageError(f"L'ordre demandé répète « {tell(repeated[0])} » : ne le nommer qu'une fois.")
    return order


def tell(name: object) -> str:
    """A name as a sentence says it."""
    return shorten(name, _TOLD)


def tell_first(parts: Sequence[str], most: int, others: str) -> str:
    """« a ; b ; et 3 autres flux »: the first `most` parts; `others` is the plural, « autres flux »."""
    left = len(parts) - most
    # « et 1 autres » would be longer than what it leaves out.
    return " ; ".join(parts if left <= 1 else [*parts[:most], f"et {left} {others}"])
