"""Heat tables: two lists crossed, each cell printed and shaded by classes whose limits are shown."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.grid import APART, NOTHING, PAD, TOTAL, Grid, fit_grid, wrap_notes
from pipelines.charts.lettering import LINE, count_lines, inside, measure
from pipelines.charts.pairs import order_names, read_pairs, tell, tell_first
from pipelines.charts.shades import Unit, check_breaks, choose_unit, is_rate, pick_shades, shade, write_limit
from pipelines.charts.style import GREY, SLATE, Chart, in_house_style
from pipelines.errors import UsageError
from pipelines.numbers import MISSING, count, format_value

# Points: above and below a label, the height of a shade, what is left blank below a part.
_LEADING, _SWATCH, _BELOW = 4.0, 13.0, 6.0
_RULE = "#9aa5b1"
_TOLD = 3  # cells that a text alternative lists


@in_house_style
def draw_heat_table(
    frame: pd.DataFrame,
    *,
    row: str,
    column: str,
    value: str,
    axis: str,
    breaks: Sequence[float] | None = None,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    totals: bool = False,
) -> Chart:
    """A grid of `row` by `column`, each cell with its value in short, on a shade that is darker the higher its class.

    `row`, `column`, `value` name columns of `frame`, one row a pair; the name of `value` says its unit. Both lists
    stand in the order in which they come, or in that of `rows` and `columns`, which may name more. `breaks`: up to five
    limits of classes, in the unit of `value`, each in the class above it; None: those of the unit, the same for any
    year. A number is in the class of what is printed of it, rounded. A pair without a row is « – », one without value
    hatched and « n.d. »: neither counts in the `totals`, and a total that lacks a value bears « * ». Where the names of
    the columns are too long, their first words or letters stand for them, told above the grid. The text alternative
    gives size, highest and lowest cells, totals, limits, and what is missing. The data are the three columns as they
    came.

    UsageError: a pair on several rows, limits that do not rise, a name that the given order forgets, totals of rates,
    numbers too wide for so many columns (eight fit, with totals below 1 000 in the unit of the cells).
    """
    data = frame[[row, column, value]].reset_index(drop=True)
    limits = check_breaks(breaks, value)
    if totals and is_rate(value):
        raise UsageError("Des taux ne s'additionnent pas : demander cette table sans totaux.")
    pairs = read_pairs(frame, row, column, value).set_axis(["row", "column", "value"], axis=1)
    if pairs["value"].isna().all():
        return say_nothing_to_draw(axis, data)
    order = {"index": order_names(pairs["row"], rows), "columns": order_names(pairs["column"], columns)}
    wide = pairs.pivot(index="row", columns="column", values="value").reindex(**order)
    rowless = pairs.assign(value=1).pivot(index="row", columns="column", values="value").reindex(**order).isna()
    unit = choose_unit(value, limits)
    grid = fit_grid(wide, rowless, unit, totals=totals)
    notes = wrap_notes(grid, unit)
    entries = [LINE * count_lines(text) for _, text in grid.key]
    # Scale, notes, key and heads, one below the other; then the edges of the rows.
    parts = np.cumsum([
        _SWATCH + LINE + _BELOW, LINE * count_lines(notes) + _BELOW, sum(entries) + _BELOW * bool(entries),
        LINE * max(map(count_lines, grid.heads)) + _LEADING,
    ])  # fmt: skip
    tops = parts[-1] + np.cumsum([0.0, *(LINE * count_lines(label) + _LEADING for label in grid.labels)])
    figure, ax = new_canvas(tops[-1] + (APART + LINE) * totals, axis)
    _draw_scale(ax, limits, unit)
    write_lines(ax, 0, parts[0], notes, color=SLATE)
    _draw_key(ax, grid, parts[1] + np.cumsum(entries) - entries)
    _draw_cells(ax, grid, limits, unit, tops)
    if totals:
        _draw_totals(ax, grid, tops)
    return Chart(figure, _tell(pairs, grid, limits, axis, value), data)


def _draw_scale(ax: Axes, limits: Sequence[float], unit: Unit) -> None:
    """The shades side by side, each limit below the line where two of them meet."""
    texts = [write_limit(limit, unit) for limit in limits]
    width = max(36.0, max(map(measure, texts)) + 8)
    for at, (colour, _) in enumerate(pick_shades(limits)):
        ax.add_patch(Rectangle((at * width, 0), width, _SWATCH, facecolor=colour, linewidth=0, clip_on=False))
    for at, text in enumerate(texts, 1):
        write_lines(ax, at * width, _SWATCH, text, ha="center")


def _draw_key(ax: Axes, grid: Grid, tops: np.ndarray) -> None:
    """What each head stands for, one below the other."""
    for (code, text), top in zip(grid.key, tops, strict=True):
        write_lines(ax, 0, top, code, weight="bold")
        write_lines(ax, grid.indent, top, text)


def _draw_cells(ax: Axes, grid: Grid, limits: Sequence[float], unit: Unit, tops: np.ndarray) -> None:
    """Heads, row labels and cells; `tops` are the edges of the rows, the bottom of the last one too."""
    for centre, head in zip(grid.centres, grid.heads, strict=True):
        top = tops[0] - _LEADING - LINE * count_lines(head)
        write_lines(ax, centre, top, head, ha="center", weight="bold" if grid.key else "normal")
    scaled = [limit / unit.divisor for limit in limits]
    for label, numbers, texts, (top, below) in zip(grid.labels, grid.numbers, grid.cells, pairwise(tops), strict=True):
        middle = (top + below) / 2
        write_lines(ax, grid.label - 2 * PAD, middle - LINE * count_lines(label) / 2, label, ha="right")
        for number, text, centre in zip(numbers, texts, grid.centres, strict=True):
            look, written = _look(number, text, scaled)
            if look:
                # Half a point is left blank on each side.
                corner, size = (centre - grid.cell / 2 + 0.5, top + 0.5), (grid.cell - 1, below - top - 1)
                ax.add_patch(Rectangle(corner, *size, linewidth=0, clip_on=False, **look))
            write_lines(ax, centre, middle - LINE / 2, text, ha="center", **written)


def _look(number: float, text: str, limits: Sequence[float]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a cell and its text look like: nothing behind a pair without a row, hatching behind a missing value."""
    if text == NOTHING:
        return {}, {"color": GREY}
    if text == MISSING:
        blank = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        return {"facecolor": "white", "edgecolor": _RULE, "hatch": "////"}, {"bbox": blank}
    colour, ink = shade(number, limits)
    return {"facecolor": colour}, {"color": ink}


def _draw_totals(ax: Axes, grid: Grid, tops: np.ndarray) -> None:
    """The sums of the rows at the right, of the columns below."""
    edge, last = grid.label + grid.cell * len(grid.heads) + grid.last - PAD, tops[-1] + APART
    ax.hlines(tops[-1] + APART / 2, 0, edge, color=_RULE, linewidth=0.8)
    write_lines(ax, edge, tops[0] - _LEADING - LINE, TOTAL, ha="right")
    write_lines(ax, grid.label - 2 * PAD, last, TOTAL, ha="right")
    for top, text in zip((*((tops[:-1] + tops[1:] - LINE) / 2), last), (*grid.right, grid.bottom[-1]), strict=True):
        write_lines(ax, edge, top, text, ha="right")
    for centre, text in zip(grid.centres, grid.bottom[:-1], strict=True):
        write_lines(ax, centre, last, text, ha="center")


def _tell(pairs: pd.DataFrame, grid: Grid, limits: Sequence[float], axis: str, value: str) -> str:
    """The message in words: size, highest and lowest cells, totals, limits of the classes, what is missing."""
    ranked = pairs.dropna(subset="value").sort_values("value", ascending=False, kind="stable")
    cells = [
        f"{_name(one, other)}, {format_value(number, value)}" for one, other, number in ranked.itertuples(index=False)
    ]
    size = len(grid.labels) * len(grid.heads)
    said = [
        f"Table de {count(len(grid.labels), 'ligne')} et {count(len(grid.heads), 'colonne')}, {inside(axis)}.",
        f"Les plus hautes valeurs : {' ; '.join(cells[:_TOLD])}.",
    ]
    if len(cells) > _TOLD:
        said.append(f"La plus basse : {cells[-1]}.")
    if grid.right:
        said.append(f"Total : {_sum(pairs['value'], value)}.")
        for head, name in (("lignes", "row"), ("colonnes", "column")):
            sums = pairs.groupby(name, sort=False)["value"].sum(min_count=1).dropna()
            sums = sums.sort_values(ascending=False, kind="stable").head(_TOLD)
            texts = [f"{tell(at)}, {_sum(pairs.loc[pairs[name] == at, 'value'], value)}" for at in sums.index]
            said.append(f"Les {head} les plus hautes : {' ; '.join(texts)}.")
    said.append(f"Limites des classes : {' ; '.join(format_value(limit, value) for limit in limits)}.")
    missing = [_name(one, other) for one, other in pairs.loc[pairs["value"].isna(), ["row", "column"]].to_numpy()]
    if missing:
        said.append(f"Sans valeur : {len(missing)} sur {size} ({tell_first(missing, _TOLD, 'autres')}).")
    if size > len(pairs):
        said.append(f"Sans donnée : {size - len(pairs)} sur {size}.")
    return " ".join(said)


def _name(row: str, column: str) -> str:
    return f"{tell(row)} et {tell(column)}"


def _sum(values: pd.Series, column: str) -> str:
    return format_value(values.sum(), column) + (" (incomplet)" if values.isna().any() else "")
