"""Strips: one line a group, each of its members a point; the members that a reader looks for have their own shape."""

from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import count_lines, inside, shorten, wrap, wrap_legend
from pipelines.charts.rows import new_rows_figure, place_rows
from pipelines.charts.style import BLUE, INK, OCHRE, Chart, french_axis, in_house_style
from pipelines.errors import UsageError
from pipelines.numbers import count, format_value

# Beyond, a figure is longer than a page; what a text alternative tells of the lines one by one.
MOST, _TOLD = 30, 4
_MIDDLE = "Trait : valeur du milieu de la ligne"
# A point stays seen under another; a diamond lies over the circles.
_CIRCLE: dict[str, Any] = {"marker": "o", "color": BLUE, "markersize": 6, "markerfacecolor": "none", "zorder": 2}
_DIAMOND: dict[str, Any] = {"marker": "D", "color": INK, "markersize": 6.5, "markerfacecolor": OCHRE, "zorder": 3}
_MARK: dict[str, Any] = {"marker": "|", "color": INK, "markersize": 14, "markeredgewidth": 2, "zorder": 4}


@in_house_style
def draw_strips(frame: pd.DataFrame, *, line: str, value: str, own: str, names: tuple[str, str], axis: str) -> Chart:
    """A line for each value of `line`, in the order of the frame, a point for each row, a mark at the line's middle.

    `line`, `value`, `own` name columns of `frame`; the name of `value` says its unit. Rows where `own` is true are
    diamonds, the others circles; `names`: what diamonds and circles are. The middle is a value of the line, the lower
    of two. The text alternative tells the lines with diamonds (the first ones where there are none), then the extremes
    of all. The data have one row a line: lowest, middle and highest value, rows, rows without a value. UsageError on
    too many lines.
    """
    groups = list(frame[line].drop_duplicates())
    if len(groups) > MOST:
        raise UsageError(f"{len(groups)} lignes ne tiennent plus dans une figure : en choisir, {MOST} au plus.")
    known = frame.dropna(subset=value)
    data = pd.DataFrame([_sum_up(frame[frame[line] == group], line, value) for group in groups])
    if known.empty:
        return say_nothing_to_draw(axis, data)
    rows = place_rows(groups, 16.0)
    legend = [wrap_legend(name) for name in (*names, _MIDDLE)]
    title = wrap(axis, rows.room)
    figure, ax = new_rows_figure(rows, title, furniture=0.8 + 0.2 * sum(map(count_lines, legend)))
    for y, (_, summed) in zip(rows.middles, data.iterrows(), strict=True):
        points = known[known[line] == summed[line]]
        if points.empty:
            continue
        ours = points[own].astype("boolean").fillna(False).astype(bool)
        ends = [float(summed["valeur_plus_basse"]), float(summed["valeur_plus_haute"])]
        ax.plot(ends, [y, y], color="#c3cfdb", linewidth=1.2, zorder=1)
        for chosen, look in ((points[~ours], _CIRCLE), (points[ours], _DIAMOND)):
            ax.plot(chosen[value].astype(float), [y] * len(chosen), linestyle="", **look)
        ax.plot([float(summed["valeur_mediane"])], [y], linestyle="", **_MARK)
    ax.margins(x=0.04)
    french_axis(ax.xaxis)
    looks = (_DIAMOND, _CIRCLE, _MARK)
    handles = [Line2D([], [], linestyle="", label=text, **look) for text, look in zip(legend, looks, strict=True)]
    figure.legend(handles=handles, loc="outside upper left", ncols=1, labelspacing=0.35, handlelength=1.4)
    return Chart(figure, _tell(frame, data, line, value, own, axis), data)


def _sum_up(points: pd.DataFrame, line: str, value: str) -> dict[str, Any]:
    """Lowest, middle and highest value of a line, how many rows it has and how many without a value."""
    known = points[value].dropna().sort_values().tolist()
    ends = (known[0], known[(len(known) - 1) // 2], known[-1]) if known else (pd.NA,) * 3
    names = ("valeur_plus_basse", "valeur_mediane", "valeur_plus_haute")
    counts = {"nb_quartiers": len(points), "nb_sans_valeur": len(points) - len(known)}
    return {line: points[line].iloc[0], **dict(zip(names, ends, strict=True)), **counts}


def _tell(frame: pd.DataFrame, data: pd.DataFrame, line: str, value: str, own: str, axis: str) -> str:
    """The message of the figure in words."""
    owned = set(frame.loc[frame[own].astype("boolean").fillna(False).astype(bool), line])
    drawn = data.dropna(subset="valeur_mediane")
    first = drawn[drawn[line].isin(owned)] if drawn[line].isin(owned).any() else drawn
    said = [
        f"{shorten(row[line], 60)} : de {format_value(row['valeur_plus_basse'], value)} à "
        f"{format_value(row['valeur_plus_haute'], value)}, milieu {format_value(row['valeur_mediane'], value)}"
        for _, row in first.head(_TOLD).iterrows()
    ]
    low = drawn.loc[drawn["valeur_plus_basse"].astype(float).idxmin()]
    high = drawn.loc[drawn["valeur_plus_haute"].astype(float).idxmax()]
    missing = int(data["nb_sans_valeur"].sum())
    return (
        f"Points sur {count(len(data), 'ligne')}, {inside(axis)}. {' ; '.join(said)}. "
        f"Le plus bas : {format_value(low['valeur_plus_basse'], value)} ({shorten(low[line], 60)}). "
        f"Le plus haut : {format_value(high['valeur_plus_haute'], value)} ({shorten(high[line], 60)})."
        + (f" Sans valeur : {missing} sur {len(frame)}." if missing else "")
    )
