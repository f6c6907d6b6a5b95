"""Bars: ranked amounts, amounts over years, planned against reached."""

import pandas as pd
from matplotlib.axes import Axes

from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import FULL, count_lines, inside, more_lines, shorten, wrap, wrap_legend
from pipelines.charts.rows import leave_room, new_rows_figure, place_rows
from pipelines.charts.style import BLUE, HATCHES, INK, OCHRE, PALETTE, Chart, french_axis, in_house_style
from pipelines.errors import UsageError
from pipelines.numbers import count, format_value

_THICK = 13.0  # points
_TOLD = 12  # lines in a text alternative that lists them


@in_house_style
def draw_ranked_bars(frame: pd.DataFrame, *, label: str, value: str, axis: str) -> Chart:
    """Horizontal bars in the order of the frame, each with its value at its end; « n.d. » where it is missing.

    The text alternative says the first, the last, the number of bars, and how many values are missing.
    """
    shown = frame[[label, value]].reset_index(drop=True)
    known = shown.dropna(subset=value)
    if known.empty:
        return say_nothing_to_draw(axis, shown)
    rows = place_rows(shown[label], _THICK)
    figure, ax = new_rows_figure(rows, wrap(axis, rows.room), furniture=0.4)
    texts = [format_value(number, value) for number in shown[value]]
    widths = shown[value].astype("Float64").fillna(0).astype(float)
    ax.barh(rows.middles, widths, _THICK, color=BLUE, linewidth=0)
    _write_ends(ax, rows.middles, widths, texts)
    leave_room(ax, rows, widths.max(), widths.min(), texts)
    _without_scale(ax)
    first, last = known.iloc[0], known.iloc[-1]
    missing = len(shown) - len(known)
    alt = (
        f"{count(len(known), 'barre')}, {inside(axis)}. En tête : {shorten(first[label])}, "
        f"{format_value(first[value], value)}. "
        f"En dernier : {shorten(last[label])}, {format_value(last[value], value)}."
        + (f" Sans valeur : {missing} sur {len(shown)}." if missing else "")
    )
    return Chart(figure, alt, shown)


@in_house_style
def draw_paired_bars(
    frame: pd.DataFrame, *, label: str, pair: tuple[str, str], names: tuple[str, str], axis: str
) -> Chart:
    """Two bars a line, told apart by hatching as well as by colour; values at their ends, the legend above the bars.

    `pair` names the two columns, `names` what they are in French. The text alternative compares both for each line,
    the first twelve where there are more.
    """
    shown = frame[[label, *pair]].reset_index(drop=True)
    if shown[list(pair)].isna().all(axis=None):
        return say_nothing_to_draw(axis, shown)
    rows = place_rows(shown[label], 2 * _THICK + 1)
    legend = [wrap_legend(name, FULL / 2 - 50) for name in names]
    higher = max(map(more_lines, legend))
    figure, ax = new_rows_figure(rows, wrap(axis, rows.room), furniture=0.65 + higher)
    widths = shown[list(pair)].astype("Float64").fillna(0).astype(float)
    texts = {column: [format_value(number, column) for number in shown[column]] for column in pair}
    for side, column, name, colour, hatch in zip((-1, 1), pair, legend, (OCHRE, BLUE), ("///", ""), strict=True):
        middles = rows.middles + side * (_THICK + 1) / 2
        ax.barh(middles, widths[column], _THICK, label=name, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        _write_ends(ax, middles, widths[column], texts[column])
    leave_room(
        ax, rows, widths.max(axis=None), widths.min(axis=None), [text for column in pair for text in texts[column]]
    )
    _without_scale(ax)
    figure.legend(loc="outside upper left", ncols=2)
    told = [inside(name) for name in names]
    lines = [
        f"{shorten(name)} : {first} ({told[0]}), {second} ({told[1]})"
        for name, first, second in zip(shown[label], texts[pair[0]], texts[pair[1]], strict=True)
    ]
    others = len(lines) - _TOLD
    if others > 0:
        lines[_TOLD:] = [f"et {count(others, 'autre ligne', 'autres lignes')} dans les données"]
    return Chart(figure, f"Barres par paires, {inside(axis)}. {' ; '.join(lines)}.", shown)


@in_house_style
def draw_stacked_bars(frame: pd.DataFrame, *, label: str, category: str, value: str, axis: str) -> Chart:
    """One stacked bar a label, in the order of the frame, at most seven categories, hatched for grey prints.

    A category without a row in a bar has nothing there; one whose value is missing makes the total « incomplet ».
    The text alternative gives the total of each bar. UsageError where there are too many categories.
    """
    order = frame[label].unique()
    wide = frame.pivot(index=label, columns=category, values=value).loc[order]
    if wide.isna().all(axis=None):
        return say_nothing_to_draw(axis, wide.rename_axis(columns=None).reset_index())
    if len(wide.columns) > len(PALETTE):
        raise UsageError(
            f"{len(wide.columns)} catégories ne se distinguent plus dans une barre : en regrouper, "
            f"{len(PALETTE)} au plus."
        )
    absent = frame.assign(_row=True).pivot(index=label, columns=category, values="_row").loc[order].isna()
    wide = wide.astype("Float64").mask(absent, 0.0)
    totals = {
        at: format_value(line.sum(min_count=1), value) + (" (incomplet)" if line.isna().any() else "")
        for at, line in wide.iterrows()
    }
    rows = place_rows(wide.index, _THICK)
    legend = [wrap_legend(name) for name in wide.columns]
    lines = sum(map(count_lines, legend))
    figure, ax = new_rows_figure(rows, wrap(axis, rows.room), furniture=0.75 + 0.19 * lines)
    left = pd.Series(0.0, index=wide.index)
    for name, written, colour, hatch in zip(wide.columns, legend, PALETTE, HATCHES, strict=False):
        widths = wide[name].fillna(0).astype(float)
        ax.barh(
            rows.middles, widths, _THICK, left=left, label=written, color=colour, hatch=hatch, edgecolor="white",
            linewidth=0,
        )  # fmt: skip
        left += widths
    _write_ends(ax, rows.middles, left, list(totals.values()))
    leave_room(ax, rows, left.max(), 0.0, totals.values())
    french_axis(ax.xaxis)
    figure.legend(loc="outside upper left", ncols=1, labelspacing=0.35)
    said = " ; ".join(f"{shorten(at)} : {total}" for at, total in totals.items())
    return Chart(
        figure,
        f"Barres empilées, {inside(axis)}. Totaux : {said}.",
        wide.rename_axis(columns=None).reset_index(),
    )


def _write_ends(ax: Axes, middles: object, widths: pd.Series, texts: list[str]) -> None:
    """Each value right of its bar, or of zero where the bar goes left."""
    for middle, width, text in zip(middles, widths, texts, strict=True):
        ax.annotate(
            text, (max(width, 0.0), middle), (4, 0), textcoords="offset points", va="center_baseline", in_layout=False
        )


def _without_scale(ax: Axes) -> None:
    """Every bar says its value: the scale is left out."""
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.axvline(0, color=INK, linewidth=0.8)
