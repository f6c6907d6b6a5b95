"""Heat tables: two lists crossed, each cell printed and shaded by classes whose limits are shown."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.grid import APART, PAD, TOTAL, Grid, fit_grid, wrap_notes
from pipelines.charts.lettering import LINE, count_lines, inside, shorten
from pipelines.charts.pairs import order_names, read_pairs, tell, tell_first
from pipelines.charts.scale import SWATCH, draw_scale
from pipelines.charts.shades import (
    Unit,
    check_breaks,
    choose_unit,
    is_above_zero,
    is_diverging,
    is_rate,
    shade,
    write_limit,
)
from pipelines.charts.style import GREY, SLATE, Chart, in_house_style
from pipelines.errors import UsageError
from pipelines.numbers import count, format_value

# Points: above and below a label, what is left blank below a part, a corner that marks zero or more.
_LEADING, _BELOW, _CORNER = 4.0, 6.0, 6.0
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
    written: str | None = None,
    meaning: str = "",
) -> Chart:
    """A grid of `row` by `column`, each cell with its value in short, on a shade that is darker the higher its class.

    `row`, `column`, `value` name columns of `frame`, one row a pair; the name of `value` says its unit. Both lists
    stand in the order in which they come, or in that of `rows` and `columns`, which may name more. `breaks`: up to five
    limits of classes, in the unit of `value`, each in the class above it; None: those of the unit, the same for any
    year. A number is in the class of what is printed of it, rounded. A pair without a row is « – », one without value
    hatched and « n.d. »: neither counts in the `totals`, and a total that lacks a value bears « * ». Where the names of
    the columns are too long, their first words or letters stand for them, told above the grid. Where a limit lies below
    zero the classes have a sign: blue below, ochre above, darker the further, and a marked corner above, for a grey
    print. `written` names the column of a short text that stands in the cell in place of the number; `meaning`
    says in a sentence what dark means. The text alternative gives size, meaning, highest and lowest cells, totals,
    limits, and what is missing. The data are the columns as they came.

    UsageError: a pair on several rows, limits that do not rise, a name that the given order forgets, totals of rates,
    numbers or texts too wide for so many columns (eight fit, with totals below 1 000 in the unit of the cells, or with
    texts of four characters).
    """
    data = frame[[row, column, value, *([] if written is None else [written])]].reset_index(drop=True)
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
    words = None
    if written is not None:
        pairs["written"] = data[written].astype("object")
        words = pairs.pivot(index="row", columns="column", values="written").reindex(**order)
    grid = fit_grid(wide, rowless, unit, totals=totals, written=words)
    above = [limit for limit in limits if limit >= 0 and is_diverging(limits)]
    notes = wrap_notes(grid, unit, corner=write_limit(above[0], unit) if above else "", meaning=meaning)
    entries = [LINE * count_lines(text) for _, text in grid.key]
    # Scale, notes, key and heads, one below the other; then the edges of the rows.
    parts = np.cumsum([
        SWATCH + LINE + _BELOW, LINE * count_lines(notes) + _BELOW, sum(entries) + _BELOW * bool(entries),
        LINE * max(map(count_lines, grid.heads)) + _LEADING,
    ])  # fmt: skip
    tops = parts[-1] + np.cumsum([0.0, *(LINE * count_lines(label) + _LEADING for label in grid.labels)])
    figure, ax = new_canvas(tops[-1] + (APART + LINE) * totals, axis)
    draw_scale(ax, limits, unit)
    write_lines(ax, 0, parts[0], notes, color=SLATE)
    _draw_key(ax, grid, parts[1] + np.cumsum(entries) - entries)
    _draw_cells(ax, grid, limits, unit, tops)
    if totals:
        _draw_totals(ax, grid, tops)
    return Chart(figure, _tell(pairs, grid, limits, axis, value, meaning), data)


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
    lines = zip(grid.labels, grid.numbers, grid.cells, grid.absent, pairwise(tops), strict=True)
    for label, numbers, texts, blanks, (top, below) in lines:
        middle = (top + below) / 2
        write_lines(ax, grid.label - 2 * PAD, middle - LINE * count_lines(label) / 2, label, ha="right")
        for number, text, absent, centre in zip(numbers, texts, blanks, grid.centres, strict=True):
            look, written = _look(number, scaled, absent=absent)
            if look:
                # Half a point is left blank on each side.
                corner, size = (centre - grid.cell / 2 + 0.5, top + 0.5), (grid.cell - 1, below - top - 1)
                ax.add_patch(Rectangle(corner, *size, linewidth=0, clip_on=False, **look))
                if is_diverging(limits) and is_above_zero(number, scaled):
                    x, y = corner[0], corner[1]
                    ax.add_patch(Polygon([(x, y), (x + _CORNER, y), (x, y + _CORNER)], facecolor=written["color"]))
            write_lines(ax, centre, middle - LINE / 2, text, ha="center", **written)


def _look(number: float, limits: Sequence[float], *, absent: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a cell and its text look like: nothing behind a pair without a row, hatching behind a missing value."""
    if absent:
        return {}, {"color": GREY}
    if math.isnan(number):
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


def _tell(pairs: pd.DataFrame, grid: Grid, limits: Sequence[float], axis: str, value: str, meaning: str) -> str:
    """The message in words: size, meaning, highest and lowest cells, totals, limits of the classes, what is missing."""
    ranked = pairs.dropna(subset="value").sort_values("value", ascending=False, kind="stable")
    cells = [
        f"{_name(line.row, line.column)}, {format_value(line.value, value)}{_quote(line)}"
        for line in ranked.itertuples(index=False)
    ]
    size = len(grid.labels) * len(grid.heads)
    said = [
        f"Table de {count(len(grid.labels), 'ligne')} et {count(len(grid.heads), 'colonne')}, {inside(axis)}.",
        *([f"{shorten(meaning).rstrip('.')}."] if meaning else []),
        f"Les plus hautes valeurs : {' ; '.join(cells[:_TOLD])}.",
    ]
    if is_diverging(limits) and len(cells) > 2 * _TOLD:
        said.append(f"Les plus basses : {' ; '.join(cells[: -_TOLD - 1 : -1])}.")
    elif len(cells) > _TOLD:
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


def _quote(line: Any) -> str:
    """The text that a cell bears in place of its number."""
    text = getattr(line, "written", None)
    return "" if text is None or pd.isna(text) else f" (« {tell(text)} »)"


def _name(row: str, column: str) -> str:
    return f"{tell(row)} et {tell(column)}"


def _sum(values: pd.Series, column: str) -> str:
    return format_value(values.sum(), column) + (" (incomplet)" if values.isna().any() else "")
