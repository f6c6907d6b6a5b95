"""Lines over the years, named at their end."""

import pandas as pd

from pipelines.charts.style import PALETTE, Chart, french_axis, new_figure
from pipelines.numbers import format_number


def draw_lines(frame: pd.DataFrame, *, year: str, category: str, value: str, axis: str) -> Chart:
    """One line a category, with its own dash and marker, and a legend above.

    The text alternative gives the first and last value of each line.
    """
    figure, ax = new_figure(height=4.4)
    styles = zip(PALETTE, ("-", "--", "-.", ":"), ("o", "s", "^", "D"), strict=False)
    sentences = []
    for (name, line), (colour, dash, marker) in zip(frame.groupby(category, sort=False), styles, strict=False):
        known = line.dropna(subset=value)
        years, values = known[year].astype(int), known[value].astype(float)
        ax.plot(years, values, dash, marker=marker, markersize=4, color=colour, label=str(name))
        sentences.append(
            f"{name} : {format_number(values.iloc[0], 1)} en {years.iloc[0]}, "
            f"{format_number(values.iloc[-1], 1)} en {years.iloc[-1]}"
        )
    ax.set(ylabel=axis, xlabel="")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(axis="x", visible=False)
    french_axis(ax.yaxis)
    figure.legend(loc="outside upper left", ncols=2, frameon=False)
    wide = frame.pivot(index=year, columns=category, values=value).rename_axis(columns=None).reset_index()
    return Chart(figure, f"Courbes, {axis.lower()}. {' ; '.join(sentences)}.", wide)
