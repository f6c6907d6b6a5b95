"""Small multiples over the years: a panel a territory, one scale, lines that are cut where the source changed."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import FULL, LINE, count_lines, inside, shorten, wrap
from pipelines.charts.pairs import tell, tell_first
from pipelines.charts.panels import TICKS, add_panel, measure_ticks, scale_panel
from pipelines.charts.style import BLUE, INK, SLATE, Chart, in_house_style
from pipelines.charts.whiskers import draw_whiskers, explain, read_intervals, read_numbers
from pipelines.errors import UsageError
from pipelines.numbers import PERCENTS, POINTS, count, format_value

# A year from which the source is another, or the first and last year of a change that took its time.
Break = int | tuple[int, int]
# Points: a panel's height, between panels, below its years; panels of a figure, facets that the alternative tells.
_HEIGHT, _APART, _BELOW = 78.0, 12.0, 12.0
_MOST, _TOLD = 24, 12
_SHADED = "#e4e7eb"
_CUT = "Trait interrompu : la source a changé, les valeurs de part et d'autre ne se comparent pas"


@in_house_style
def draw_small_multiples(
    frame: pd.DataFrame, *, facet: str, year: str, value: str, axis: str, reference: str | None = None,
    reference_name: str = "référence", low: str | None = None, high: str | None = None, breaks: Sequence[Break] = (),
) -> Chart:  # fmt: skip
    """One small panel a facet, in the order in which they come, all on the same scale, 24 at most.

    `facet`, `year`, `value`, `reference`, `low`, `high` name columns of `frame`, one row a facet and year; the name of
    `value` says its unit. `reference`: the value of the surroundings beside each value, dashed. `low`, `high`: the ends
    of each interval; a value without one is a hollow point. `breaks`: the first year of each new source (a dotted
    rule before it), or the first and last year of a change (shaded); no line crosses either, and inside a change no two
    years are joined. A missing year cuts the line too. The text alternative tells first and last value of each facet
    within each stretch that one source covers, never across. The data are the columns as they came.

    UsageError: too many facets, a facet twice in a year, one end of the intervals alone, ends or breaks the wrong way
    round.
    """
    columns = [facet, year, value, *(name for name in (reference, low, high) if name is not None)]
    data = frame[columns].reset_index(drop=True)
    numbers = read_intervals(data, label=facet, value=value, low=low, high=high)
    numbers["reference"] = read_numbers(data[reference]) if reference is not None else np.nan
    if numbers["value"].isna().all():
        return say_nothing_to_draw(axis, data)
    numbers["facet"], numbers["year"] = data[facet], data[year].astype("int64")
    changes = _read_breaks(breaks)
    _check(numbers)
    years = sorted(numbers["year"].unique())
    facets = {name: own.set_index("year").reindex(years) for name, own in numbers.groupby("facet", sort=False)}
    changes = [(first, last) for first, last in changes if years[0] < last + 1 and first <= years[-1]]
    scale = _scale(numbers, value)
    left, many = measure_ticks(*scale) + 6, 3 if len(facets) > 4 else 2
    width = (FULL - left - _APART * (many - 1) - 6) / many
    heads = [wrap(name, width) for name in facets]
    notes = _explain(numbers, changes, reference_name if reference is not None else None, with_ends=low is not None)
    rows = [heads[at : at + many] for at in range(0, len(heads), many)]
    highs = [LINE * max(map(count_lines, row)) for row in rows]
    steps = [high + _HEIGHT + TICKS + _BELOW for high in highs]
    tops = LINE * count_lines(notes) * bool(notes) + 6 + np.cumsum([0.0, *steps])
    figure, ax = new_canvas(tops[-1] - _BELOW, axis)
    write_lines(ax, 0, 0, notes, color=SLATE)
    for at, (own, head) in enumerate(zip(facets.values(), heads, strict=True)):
        row, column = divmod(at, many)
        place = left + column * (width + _APART)
        write_lines(ax, place, tops[row] + highs[row] - LINE * count_lines(head), head)
        panel = add_panel(ax, place, tops[row] + highs[row] + 2, width, _HEIGHT)
        scale_panel(panel, y=scale)
        _draw_panel(panel, own, changes, hollow=own["low"].isna() & (low is not None))
        _mark_years(panel, years, is_first=column == 0)
    return Chart(figure, _tell(facets, changes, notes, axis, value), data)


def _read_breaks(breaks: Sequence[Break]) -> list[tuple[int, int]]:
    """First and last year of each change, in order; a year alone is a change without length (last = first - 1)."""
    found = []
    for one in breaks:
        first, last = one if isinstance(one, tuple | list) else (one, one - 1)
        if isinstance(one, tuple | list) and last < first:
            raise UsageError(f"La rupture de {first} à {last} a ses années à l'envers : les échanger.")
        found.append((int(first), int(last)))
    return sorted(set(found))


def _check(numbers: pd.DataFrame) -> None:
    if (many := numbers["facet"].nunique()) > _MOST:
        raise UsageError(f"{many} panneaux ne se lisent plus : en choisir, {_MOST} au plus.")
    if (twice := numbers.duplicated(["facet", "year"])).any():
        name, year = numbers.loc[twice, ["facet", "year"]].iloc[0]
        raise UsageError(f"« {tell(name)} » a plusieurs lignes en {year} : n'en garder qu'une.")


def _scale(numbers: pd.DataFrame, value: str) -> tuple[float, float]:
    """Limits of y, the same for all: every value and interval; percents inside 0 to 100, gaps with their zero."""
    drawn = numbers[["value", "low", "high", "reference"]]
    bottom, top = float(drawn.min().min()), float(drawn.max().max())
    prefix = value.split("_", 1)[0]
    if prefix in POINTS:
        bottom, top = min(bottom, 0.0), max(top, 0.0)
    edge = 0.08 * ((top - bottom) or abs(top) or 1.0)
    if prefix in PERCENTS and bottom >= 0 and top <= 100:
        return max(bottom - edge, 0.0), min(top + edge, 100.0)
    return bottom - edge, top + edge


def _stretches(years: Sequence[int], changes: Sequence[tuple[int, int]]) -> list[int]:
    """For each year the stretch in which values compare: another after each break, one for each year of a change."""
    starts = sorted({start for first, last in changes for start in (*range(first, last + 1), max(first, last + 1))})
    return [bisect_right(starts, year) for year in years]


def _draw_panel(panel: Axes, own: pd.DataFrame, changes: list[tuple[int, int]], *, hollow: pd.Series) -> None:
    """The series and its reference, stretch by stretch; rules and shades where the source changed."""
    for first, last in changes:
        if last >= first:
            panel.axvspan(first - 0.5, last + 0.5, color=_SHADED, linewidth=0, zorder=0)
        for edge in {first - 0.5, max(first, last + 1) - 0.5}:
            panel.axvline(edge, color=INK, linestyle=":", linewidth=1.0, zorder=1)
    for _, stretch in own.groupby(_stretches(own.index.to_list(), changes)):
        # A reference that is alone in its stretch would be invisible as a line.
        alone = stretch["reference"].notna().sum() == 1
        panel.plot(stretch.index, stretch["reference"], color=INK, linestyle="--", linewidth=1.1, zorder=2,
                   marker="_" if alone else "")  # fmt: skip
        panel.plot(stretch.index, stretch["value"], color=BLUE, linewidth=1.6, zorder=3)
    draw_whiskers(panel, own.index, own, BLUE, along="y", width=1.0)
    known = own["value"].dropna()
    colours = ["white" if empty else BLUE for empty in hollow[known.index]]
    panel.scatter(known.index, known, color=colours, edgecolor=BLUE, s=14, zorder=4)
    if known.empty:
        panel.text(0.5, 0.5, "aucune valeur", transform=panel.transAxes, ha="center", va="center", color=SLATE)


def _mark_years(panel: Axes, years: list[int], *, is_first: bool) -> None:
    """First and last year below the panel; the scale at the left of the first panel of a row."""
    edge = max(0.5, 0.06 * (years[-1] - years[0]))
    panel.set_xlim(years[0] - edge, years[-1] + edge)
    panel.grid(axis="x", visible=False)
    panel.set_xticks(sorted({years[0], years[-1]}))
    # Towards the middle: what stands beside has its own years.
    for label, align in zip(panel.get_xticklabels(), ("left", "right") if len(years) > 1 else ("center",), strict=True):
        label.set_ha(align)
    panel.tick_params(axis="y", labelleft=is_first)


def _explain(
    numbers: pd.DataFrame, changes: list[tuple[int, int]], reference_name: str | None, *, with_ends: bool
) -> str:
    """What lines, points and shades mean."""
    said = []
    if reference_name is not None:
        said.append(f"Trait plein : le territoire. Tirets : {shorten(reference_name, 80)}")
    said += [". ".join(explain(numbers))] if with_ends else []
    if changes:
        said.append(_CUT)
        said.append(f"Pointillés, ruptures : {' ; '.join(map(_tell_change, changes))}")
    return "\n".join(wrap(f"{line}.", FULL, 4) for line in said)


def _tell_change(change: tuple[int, int]) -> str:
    first, last = change
    return f"{first}" if last < first else f"{first} à {last} (fond gris)"


def _tell(facets: dict[object, pd.DataFrame], changes: list[tuple[int, int]], notes: str, axis: str, value: str) -> str:
    """What the lines mean, first and last value of each facet within each stretch, how many end below."""
    said = [f"{tell(name)} : {_tell_stretches(own, changes, value)}" for name, own in facets.items()]
    parts = [f"{count(len(facets), 'panneau', 'panneaux')} par territoire, {inside(shorten(axis, 120))}."]
    parts += notes.split("\n") if notes else []
    parts.append(f"{tell_first(said, _TOLD, 'autres panneaux, dans les données')}.")
    beside = [own.dropna(subset=["value", "reference"]).tail(1) for own in facets.values()]
    if last := [line for line in beside if not line.empty]:
        below = sum(bool((line["value"] < line["reference"]).all()) for line in last)
        parts.append(f"Dernière année connue : {count(below, 'territoire')} sur {len(last)} sous leur référence.")
    if missing := sum(int(own["value"].isna().sum()) for own in facets.values()):
        parts.append(f"Sans valeur : {missing} sur {sum(map(len, facets.values()))}.")
    return " ".join(parts)


def _tell_stretches(own: pd.DataFrame, changes: list[tuple[int, int]], value: str) -> str:
    """« 12,0 % en 2009, 14,0 % en 2015, rupture, 13,1 % en 2016 »; the years of a change are not told."""
    told = []
    steady = own[[not any(first <= year <= last for first, last in changes) for year in own.index]]
    for _, stretch in steady.groupby(_stretches(steady.index.to_list(), changes)):
        known = stretch["value"].dropna()
        ends = known.iloc[[0, -1]] if len(known) > 1 else known
        if not known.empty:
            told.append(", ".join(f"{format_value(number, value)} en {year}" for year, number in ends.items()))
    return ", rupture, ".join(told) or "aucune valeur"
