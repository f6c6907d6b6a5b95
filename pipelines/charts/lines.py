"""Lines over the years, each with its own dash and marker."""

import math

import pandas as pd

from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import FULL, count_lines, inside, more_lines, shorten, wrap, wrap_legend
from pipelines.charts.style import PALETTE, Chart, french_axis, in_house_style, new_figure
from pipelines.errors import UsageError
from pipelines.numbers import format_number

# Lines, points with intervals: what tells series apart beside their colour.
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P")


@in_house_style
def draw_lines(frame: pd.DataFrame, *, year: str, category: str, value: str, axis: str) -> Chart:
    """One line a category, six at most, broken where a year is missing; the legend stands above.

    The text alternative gives the first and last value of each line. UsageError where there are too many lines.
    """
    wide = frame.pivot(index=year, columns=category, values=value).astype("Float64")
    data = wide.rename_axis(columns=None).reset_index()
    if wide.isna().all(axis=None):
        return say_nothing_to_draw(axis, data)
    names = list(dict.fromkeys(frame[category]))
    if len(names) > len(DASHES):
        raise UsageError(f"{len(names)} courbes ne se distinguent plus : en choisir, {len(DASHES)} au plus.")
    legend = [wrap_legend(name) for name in names]
    # The scale stands left of the title.
    title = wrap(axis, FULL - 100)
    figure, ax = new_figure(height=3.6 + 0.19 * sum(map(count_lines, legend)) + more_lines(title))
    sentences = []
    for name, written, colour, dash, marker in zip(names, legend, PALETTE, DASHES, MARKERS, strict=False):
        line = wide[name].astype(float)
        ax.plot(line.index.astype(int), line, linestyle=dash, marker=marker, markersize=5, color=colour, label=written)
        sentences.append(f"{shorten(name)} : {_tell_ends(line.dropna())}")
    ax.set_title(title)
    ax.set_xticks(wide.index[:: math.ceil(len(wide) / 6)].astype(int))
    ax.grid(axis="x", visible=False)
    french_axis(ax.yaxis)
    figure.legend(loc="outside upper left", ncols=1, labelspacing=0.35, handlelength=3.2)
    return Chart(figure, f"Courbes, {inside(axis)}. {' ; '.join(sentences)}.", data)


def _tell_ends(known: pd.Series) -> str:
    """The first and last value of a line, indexed by year."""
    ends = known.iloc[[0, -1]] if len(known) > 1 else known
    return ", ".join(f"{format_number(number, 1)} en {year}" for year, number in ends.items()) or "aucune valeur"
