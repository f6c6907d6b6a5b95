"""Whiskers: the interval of each value, read and checked, and how it is drawn."""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipelines.charts.pairs import tell
from pipelines.errors import UsageError

ALONE = "Point vide : sans intervalle"
BARS = "Trait fin à bouts : intervalle"


def read_numbers(values: pd.Series) -> pd.Series:
    """The values as float64, what is missing or infinite as NaN."""
    return values.astype("Float64").astype("float64").replace([math.inf, -math.inf], np.nan)


def read_intervals(frame: pd.DataFrame, *, label: str, value: str, low: str | None, high: str | None) -> pd.DataFrame:
    """The columns value, low, high as float64 on the index of `frame`: both ends of an interval or none.

    Without `low` and `high`, and where the value is missing, there is no interval.

    UsageError: one of the two alone; ends that stand the wrong way round, named by `label`.
    """
    if (low is None) != (high is None):
        raise UsageError("Un intervalle a deux bornes : nommer les colonnes low et high, ou aucune des deux.")
    numbers = pd.DataFrame(
        {
            name: read_numbers(frame[column]) if column is not None else np.nan
            for name, column in (("value", value), ("low", low), ("high", high))
        },
        index=frame.index,
        dtype="float64",
    )
    numbers.loc[numbers.isna().any(axis=1), ["low", "high"]] = np.nan
    if (turned := numbers["low"] > numbers["high"]).any():
        name = tell(frame.loc[turned, label].iloc[0])
        raise UsageError(f"L'intervalle de « {name} » a ses bornes à l'envers : les échanger.")
    return numbers


def explain(numbers: pd.DataFrame) -> list[str]:
    """What the legend says of intervals: nothing where there is none at all."""
    sure = numbers["low"].notna()
    return [BARS] * bool(sure.any()) + [ALONE] * bool((numbers["value"].notna() & ~sure).any())


def draw_whiskers(
    ax: Axes, places: Iterable[float], numbers: pd.DataFrame, colour: str, *, along: str, width: float = 1.4
) -> None:
    """The intervals as lines with ends, `along` "x" or "y"; `places` are the other coordinate, one a row."""
    known = numbers["low"].notna().to_numpy()
    if not known.any():
        return
    at = np.asarray(list(places), dtype=float)[known]
    low, high = (numbers.loc[known, end].to_numpy() for end in ("low", "high"))
    middles, halves = (low + high) / 2, (high - low) / 2
    x, y, errors = (middles, at, {"xerr": halves}) if along == "x" else (at, middles, {"yerr": halves})
    ax.errorbar(x, y, **errors, fmt="none", ecolor=colour, elinewidth=width, capsize=3, zorder=3)


def tell_interval(low: float, high: float, write: Callable[[float], str]) -> str:
    """« de 3,1 à 4,2 »; « sans intervalle »."""
    return "sans intervalle" if pd.isna(low) else f"de {write(low)} à {write(high)}"
