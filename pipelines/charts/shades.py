"""Shades for classes of values, what is written on them, and the short numbers that fit a cell.

One hue from light to dark; two where limits lie below zero, darker the further from it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from pipelines.charts.style import INK
from pipelines.errors import UsageError
from pipelines.numbers import EUROS, MISSING, NARROW, PERCENTS, POINTS, format_number, is_missing

# What values are counted in that bear their sign.
SIGNED = "points"
# From light to dark in steps that a grey print keeps, with the ink that stands at 4.5:1 or more on each.
SHADES = (
    ("#edf4fb", INK), ("#cadef0", INK), ("#9fc3e3", INK), ("#6c9fce", INK), ("#2a68a6", "white"), ("#0a3463", "white"),
)  # fmt: skip
# Above zero, where values have a sign: as light and as dark as the blues below it, rank by rank.
WARM = (
    ("#fdf3e4", INK), ("#f7d9ac", INK), ("#eebb77", INK), ("#d69039", INK), ("#935707", "white"), ("#4f2c00", "white"),
)  # fmt: skip
# The class that holds zero between its limits.
NEUTRAL = ("#f5f7fa", INK)
# Limits of classes where none are given: fixed by the unit, never by the values, so that years compare.
_EUROS, _PERCENTS, _OTHERS = (5_000, 20_000, 50_000, 100_000), (20, 40, 60, 80), (5, 10, 20, 50)


@dataclass(frozen=True)
class Unit:
    """What the numbers of a table are counted in: the divisor, and its name in a sentence (may be empty)."""

    divisor: int
    name: str

    def round(self, value: float, decimals: int) -> float:
        """The number that is printed, halves away from zero; NaN where it is missing."""
        if is_missing(value):
            return math.nan
        number = Decimal(str(value / self.divisor)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        return float(number)

    def write(self, value: Any, decimals: int) -> str:
        """« 12,3 »; « < 0,1 » for what would be rounded to a zero that it is not; « n.d. » where it is missing.

        Points bear their sign, « +12,3 », but for what rounds to zero.
        """
        if is_missing(value):
            return MISSING
        if self.name == SIGNED:
            return sign(self.round(value, decimals), decimals)
        if value > 0 and self.round(value, decimals) == 0:
            return f"<{NARROW}{format_number(10.0**-decimals, decimals)}"
        return format_number(value / self.divisor, decimals)


def sign(value: float, decimals: int) -> str:
    """« +12,3 », « −4,0 », « 0,0 »."""
    return ("+" if value > 0 else "") + format_number(value, decimals)


def is_rate(column: str) -> bool:
    """Whether the values of a column of this name do not add up: percents and points."""
    return column.split("_", 1)[0] in (*PERCENTS, *POINTS)


def check_breaks(breaks: Sequence[float] | None, column: str) -> tuple[float, ...]:
    """The limits of the classes, rising; those of the column's unit where None. A limit belongs to the class above it.

    UsageError where they do not rise, or are more than the shades can tell apart.
    """
    if breaks is None:
        prefix = column.split("_", 1)[0]
        return _EUROS if prefix in EUROS else _PERCENTS if prefix in PERCENTS else _OTHERS
    limits = tuple(map(float, breaks))
    if not 1 <= len(limits) < len(SHADES) or list(limits) != sorted({*filter(math.isfinite, limits)}):
        raise UsageError(
            f"Limites des classes : {len(SHADES) - 1} au plus, de la plus petite à la plus grande, sans répétition."
        )
    return limits


def shade(value: float, breaks: Sequence[float]) -> tuple[str, str]:
    """The shade of a value's class, and the ink to write on it."""
    return pick_shades(breaks)[int(np.searchsorted(breaks, value, side="right"))]


def is_diverging(breaks: Sequence[float]) -> bool:
    """Whether the classes have a sign: a limit lies below zero."""
    return min(breaks, default=0) < 0


def is_above_zero(value: float, breaks: Sequence[float]) -> bool:
    """Whether the class of a value begins at zero or higher; a missing value is in none."""
    at = int(np.searchsorted(breaks, value, side="right"))
    return not math.isnan(value) and at > 0 and breaks[at - 1] >= 0


def pick_shades(breaks: Sequence[float]) -> list[tuple[str, str]]:
    """A shade and its ink for each class, from the lowest: the lightest, the darkest, and what is evenly between.

    Where a limit lies below zero: blue below, ochre above, darker the further, the same on both sides for the same
    rank; what holds zero between its limits is nearly white.
    """
    if is_diverging(breaks):
        below, above = sum(limit <= 0 for limit in breaks), sum(limit >= 0 for limit in breaks)
        middle = [] if 0 in breaks else [NEUTRAL]
        # Beside a neutral class the first is not the lightest.
        ranks = max(below, above) - (0 if middle else 1)
        steps = [round((rank + bool(middle)) * (len(SHADES) - 1) / max(ranks, 1)) for rank in range(max(below, above))]
        return [SHADES[at] for at in reversed(steps[:below])] + middle + [WARM[at] for at in steps[:above]]
    return [SHADES[round(at * (len(SHADES) - 1) / len(breaks))] for at in range(len(breaks) + 1)]


def choose_unit(column: str, breaks: Sequence[float]) -> Unit:
    """The unit of the cells, by the column's name and the size of the limits: the same whatever the values."""
    prefix = column.split("_", 1)[0]
    if prefix in EUROS:
        largest = max(breaks)
        if largest >= 10_000_000:
            return Unit(1_000_000, "millions d'euros (M€)")
        return Unit(1_000, "milliers d'euros (k€)") if largest >= 10_000 else Unit(1, "euros")
    return Unit(1, "%" if prefix in PERCENTS else SIGNED if prefix in POINTS else "")


def write_limit(limit: float, unit: Unit) -> str:
    """A limit in the unit of the cells, with as many decimals as it has, three at most."""
    number = limit / unit.divisor
    decimals = next(many for many in range(4) if many == 3 or round(number, many) == number)
    return sign(number, decimals) if unit.name == SIGNED else format_number(number, decimals)
