"""Territories by class of their value, for charts that place them: checked, shaded, told in words."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.charts.lettering import FULL, inside, wrap
from pipelines.charts.pairs import tell, tell_first
from pipelines.charts.shades import Unit, check_breaks, choose_unit, is_above_zero, is_diverging, shade
from pipelines.charts.style import INK
from pipelines.errors import UsageError
from pipelines.numbers import MISSING, count, format_value

EDGE = "#9aa5b1"
_TOLD = 3  # territories that a text alternative, or a note, lists


def list_some(labels: Iterable[str]) -> str:
    """The first of some territories, and how many others there are."""
    return tell_first([tell(label) for label in labels], _TOLD, "autres")


@dataclass(frozen=True)
class Areas:
    """Territories in the order of the frame. `rows`: code, label, value (Float64), number (as printed), text.

    `limits`: of the classes, in the unit of `value`; `measured`: the name of the column of values.
    """

    rows: pd.DataFrame
    limits: tuple[float, ...]
    unit: Unit
    measured: str

    @property
    def scaled(self) -> list[float]:
        """The limits in the unit of what is printed."""
        return [limit / self.unit.divisor for limit in self.limits]

    def look(self, number: float, *, with_sign: bool = False) -> tuple[dict[str, Any], str]:
        """How the patch of a printed number is filled, and the ink to write on it; hatched where it is missing.

        `with_sign`: where classes have a sign and the number itself is not written, dots tell zero and more.
        """
        if math.isnan(number):
            return {"facecolor": "white", "edgecolor": EDGE, "hatch": "////"}, INK
        colour, ink = shade(number, self.scaled)
        if with_sign and is_diverging(self.limits) and is_above_zero(number, self.scaled):
            return {"facecolor": colour, "edgecolor": ink, "hatch": ".."}, ink
        return {"facecolor": colour, "edgecolor": EDGE}, ink

    def notes(self, *more: str) -> str:
        """What the classes are counted in, what hatching means where it occurs; below, a line for whatever else."""
        said = [f"en {self.unit.name}"] * bool(self.unit.name)
        said += [f"{MISSING}, hachuré : valeur manquante"] * bool(self.rows["value"].isna().any())
        lines = [" ; ".join(said), *more]
        return "\n".join(wrap(line[:1].upper() + line[1:], FULL) for line in lines if line)


def read_areas(frame: pd.DataFrame, code: str, label: str, value: str, breaks: Sequence[float] | None) -> Areas:
    """The territories of a frame, one row each, with what is printed of them.

    UsageError where a territory stands on several rows, or where the limits do not rise.
    """
    limits = check_breaks(breaks, value)
    unit = choose_unit(value, limits)
    rows = frame[[code, label, value]].reset_index(drop=True).set_axis(["code", "label", "value"], axis=1)
    repeated = rows.loc[rows["code"].duplicated(), "code"]
    if len(repeated):
        raise UsageError(f"« {tell(repeated.iloc[0])} » a plusieurs lignes : n'en garder qu'une par territoire.")
    # A number divided by zero is no amount.
    values = rows["value"].astype("Float64").replace([math.inf, -math.inf], pd.NA)
    numbers = values.to_numpy(float, na_value=np.nan)
    whole = unit.divisor == 1 and unit.name != "%" and all(one.is_integer() for one in numbers[~np.isnan(numbers)])
    decimals = 0 if whole else 1
    labels = rows["label"].astype("object").where(rows["label"].notna(), MISSING).map(str)
    shown = rows.assign(
        label=labels,
        value=values,
        number=[unit.round(number, decimals) for number in numbers],
        text=[unit.write(number, decimals) for number in numbers],
    )
    return Areas(shown, limits, unit, value)


def tell_areas(areas: Areas, kind: str, axis: str, without: Iterable[str], place: str) -> str:
    """The message in words: how many, highest and lowest, how many in each class, without value, without `place`."""
    rows, name = areas.rows, areas.measured
    ranked = rows.dropna(subset="value").sort_values("value", ascending=False, kind="stable")
    told = [f"{tell(one.label)}, {format_value(one.value, name)}" for one in ranked.itertuples()]
    said = [
        f"{kind} de {count(len(rows), 'territoire')}, {inside(axis)}.",
        f"Les plus hautes valeurs : {' ; '.join(told[:_TOLD])}.",
    ]
    if len(told) > _TOLD:
        said.append(f"La plus basse : {told[-1]}.")
    known = ranked["number"].to_numpy(float)
    sizes = np.bincount(np.searchsorted(areas.scaled, known, side="right"), minlength=len(areas.limits) + 1)
    limits = " ; ".join(format_value(limit, name) for limit in areas.limits)
    said.append(f"Limites des classes : {limits}. De la plus basse à la plus haute : {', '.join(map(str, sizes))}.")
    missing = rows.loc[rows["value"].isna(), "label"]
    if len(missing):
        said.append(f"Sans valeur : {len(missing)} sur {len(rows)} ({list_some(missing)}).")
    if lost := list(without):
        said.append(f"Sans {place} : {list_some(lost)}.")
    return " ".join(said)
