"""Values over the years, each with the interval that says how uncertain it is."""

import math
from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import FULL, count_lines, inside, more_lines, wrap, wrap_legend
from pipelines.charts.lines import DASHES, MARKERS
from pipelines.charts.pairs import tell
from pipelines.charts.style import INK, PALETTE, SLATE, Chart, french_axis, in_house_style, new_figure
from pipelines.errors import UsageError
from pipelines.numbers import PERCENTS, POINTS, format_value

# Points: what all years have together, and from a series to the next at most; the share of a year that they may take.
_ROOM, _BESIDE, _TAKEN = 320.0, 13.0, 0.7
_ALONE = "Point vide : sans intervalle"
_MEANING = "L'intervalle dit l'incertitude : plus il est large, moins la valeur est sûre."


@in_house_style
def draw_intervals_over_years(
    frame: pd.DataFrame,
    *,
    year: str,
    series: str,
    value: str,
    low: str,
    high: str,
    axis: str,
    names: Mapping[Hashable, str] | None = None,
) -> Chart:
    """A point and its interval for each year and series, side by side within a year; a line joins those of a series.

    `year`, `series`, `value`, `low`, `high` name columns of `frame`, one row a year and series, six series at most; the
    name of `value` says its unit. `names`: what series are called, where not by their own value. A missing value leaves
    a gap; a value without both ends of its interval is a hollow point. The text alternative gives the first and last
    value of each series with their intervals, and says what an interval is. The data are the five columns as they came.

    UsageError: too many series, a year twice in a series, an interval whose ends stand the wrong way round.
    """
    data = frame[[year, series, value, low, high]].reset_index(drop=True)
    if data[value].isna().all():
        return say_nothing_to_draw(axis, data)
    known = _check(data.set_axis(["year", "series", "value", "low", "high"], axis=1))
    years = sorted(known["year"].unique())
    lines = {name: own.set_index("year").reindex(years) for name, own in known.groupby("series", sort=False)}
    told = [(names or {}).get(name, str(name)) for name in lines]
    legend = [wrap_legend(name) for name in told]
    alone = known["value"].notna() & known[["low", "high"]].isna().any(axis=1)
    notes = [_ALONE] if alone.any() else []
    title = wrap(axis, FULL - 100)
    figure, ax = new_figure(height=3.4 + 0.19 * (sum(map(count_lines, legend)) + len(notes)) + more_lines(title))
    handles = []
    for own, name, shift, look in zip(
        lines.values(), legend, _shifts(years, len(lines)), zip(PALETTE, DASHES, MARKERS, strict=False), strict=False
    ):
        colour, dash, marker = look
        _draw_series(ax, own, shift, colour, dash, marker)
        handles.append(Line2D([], [], color=colour, linestyle=dash, marker=marker, label=name))
    handles += [Line2D([], [], color=SLATE, linestyle="", marker="o", mfc="white", label=note) for note in notes]
    _scale(ax, years, value)
    ax.set_title(title)
    figure.legend(handles=handles, loc="outside upper left", ncols=1, labelspacing=0.35, handlelength=3.2)
    said = [f"{tell(name)} : {_tell_ends(own, value)}" for name, own in zip(told, lines.values(), strict=True)]
    missing = int(known["value"].isna().sum())
    alt = f"Points et intervalles par année, {inside(axis)}. {' ; '.join(said)}. {_MEANING}" + (
        f" Sans valeur : {missing} sur {len(known)}." if missing else ""
    )
    return Chart(figure, alt, data)


def _check(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as numbers, what is missing or infinite as NaN, both ends of an interval or none."""
    numbers = rows[["value", "low", "high"]].astype("Float64").astype("float64").replace([math.inf, -math.inf], np.nan)
    partial = numbers[["low", "high"]].isna().any(axis=1)
    numbers.loc[partial, ["low", "high"]] = np.nan
    rows = rows.assign(**numbers, year=rows["year"].astype("int64"))
    if (many := rows["series"].nunique()) > len(DASHES):
        raise UsageError(f"{many} séries ne se distinguent plus : en choisir, {len(DASHES)} au plus.")
    if (twice := rows.duplicated(["year", "series"])).any():
        year, name = rows.loc[twice, ["year", "series"]].iloc[0]
        raise UsageError(f"« {tell(name)} » a plusieurs lignes en {year} : n'en garder qu'une.")
    if (turned := rows["low"] > rows["high"]).any():
        year, name = rows.loc[turned, ["year", "series"]].iloc[0]
        raise UsageError(f"L'intervalle de « {tell(name)} » en {year} a ses bornes à l'envers : les échanger.")
    return rows


def _shifts(years: list[int], many: int) -> list[float]:
    """How far each series stands beside its year, in years, so that no interval hides another."""
    a_year = _ROOM / (years[-1] - years[0] + 1)
    step = min(_BESIDE, _TAKEN * a_year / many) / a_year
    return [step * (rank - (many - 1) / 2) for rank in range(many)]


def _draw_series(ax: Axes, own: pd.DataFrame, shift: float, colour: str, dash: object, marker: str) -> None:
    """The line, the intervals, and the points over them: filled with an interval, hollow without."""
    ax.plot(own.index + shift, own["value"], color=colour, linestyle=dash, linewidth=1.2, zorder=2)
    sure, alone = own.dropna(), own[own["low"].isna()].dropna(subset="value")
    middles, halves = (sure["low"] + sure["high"]) / 2, (sure["high"] - sure["low"]) / 2
    ax.errorbar(sure.index + shift, middles, halves, fmt="none", ecolor=colour, elinewidth=1.6, capsize=3, zorder=3)
    # A point at 0 is whole; beyond the axes the layout would make room for it.
    look = {"color": colour, "linestyle": "", "marker": marker, "zorder": 4, "clip_on": False, "in_layout": False}
    for points, fill in ((sure, colour), (alone, "white")):
        ax.plot(points.index + shift, points["value"], markerfacecolor=fill, **look)


def _scale(ax: Axes, years: list[int], value: str) -> None:
    """Years below, as many as can be read; percents from 0 to 100 at most; a line at zero for differences."""
    prefix = value.split("_", 1)[0]
    bottom, top = ax.get_ylim()
    if prefix in PERCENTS:
        ax.set_ylim(max(bottom, 0.0), min(top, 100.0))
    if prefix in POINTS and bottom < 0 < top:
        ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    ax.set_xticks(years[:: math.ceil(len(years) / 6)])
    ax.grid(axis="x", visible=False)
    french_axis(ax.yaxis)


def _tell_ends(own: pd.DataFrame, column: str) -> str:
    """The first and last value of a series, each with its interval."""
    known = own[own["value"].notna()]
    ends = known.iloc[[0, -1]] if len(known) > 1 else known
    said = []
    for year, line in ends.iterrows():
        number, low, high = (format_value(line[name], column) for name in ("value", "low", "high"))
        between = "sans intervalle" if pd.isna(line["low"]) else f"de {low} à {high}"
        said.append(f"{number} en {year} ({between})")
    return ", ".join(said) or "aucune valeur"
