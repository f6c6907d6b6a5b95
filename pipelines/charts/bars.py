"""Bars: ranked amounts, amounts over years, planned against reached."""

import textwrap

import pandas as pd
import seaborn as sns

from pipelines.charts.style import BLUE, ORANGE, PALETTE, Chart, french_axis, new_figure
from pipelines.numbers import format_number, format_value


def draw_ranked_bars(frame: pd.DataFrame, *, label: str, value: str, axis: str) -> Chart:
    """Horizontal bars in the order of the frame, each with its value at its end.

    The text alternative says the first, the last and the number of bars.
    """
    shown = frame[[label, value]].dropna().reset_index(drop=True)
    figure, ax = new_figure(height=1.0 + 0.42 * len(shown))
    names = [textwrap.fill(str(name), 38) for name in shown[label]]
    sns.barplot(x=shown[value].astype(float), y=names, color=BLUE, saturation=1, ax=ax, errorbar=None)
    for line, number in enumerate(shown[value]):
        ax.annotate(
            format_value(number, value),
            (float(number), line),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    ax.set(xlabel=axis, ylabel="")
    ax.grid(axis="y", visible=False)
    ax.margins(x=0.18)
    ax.set_xlim(left=0)
    french_axis(ax.xaxis)
    first, last = shown.iloc[0], shown.iloc[-1]
    alt = (
        f"{len(shown)} barres, {axis.lower()}. En tête : {first[label]}, {format_value(first[value], value)}. "
        f"En dernier : {last[label]}, {format_value(last[value], value)}."
    )
    return Chart(figure, alt, shown)


def draw_paired_bars(
    frame: pd.DataFrame, *, label: str, pair: tuple[str, str], names: tuple[str, str], axis: str
) -> Chart:
    """Two bars a line, told apart by hatching as well as by colour; values at their ends, the legend above the bars.

    `pair` names the two columns, `names` what they are in French. The text alternative compares both for each line.
    """
    shown = frame[[label, *pair]].reset_index(drop=True)
    figure, ax = new_figure(height=1.4 + 0.62 * len(shown))
    for offset, column, name, colour, hatch in zip((-0.2, 0.2), pair, names, (ORANGE, BLUE), ("///", ""), strict=True):
        widths = shown[column].astype("Float64").fillna(0).astype(float)
        ax.barh(
            shown.index + offset, widths, 0.36, label=name, color=colour, hatch=hatch, edgecolor="white", linewidth=0
        )
        for line, number in enumerate(shown[column]):
            width = 0 if pd.isna(number) else float(number)
            ax.annotate(
                format_value(number, column), (width, line + offset), (4, 0), textcoords="offset points", va="center",
                fontsize=9,
            )  # fmt: skip
    ax.set_yticks(shown.index, [textwrap.fill(str(name), 38) for name in shown[label]])
    ax.invert_yaxis()
    ax.set_xlabel(axis)
    ax.grid(axis="y", visible=False)
    ax.margins(x=0.16)
    ax.set_xlim(left=0)
    french_axis(ax.xaxis)
    figure.legend(loc="outside upper left", ncols=2, frameon=False)
    lines = " ; ".join(
        f"{row[label]} : {format_value(row[pair[0]], pair[0])} ({names[0].lower()}), "
        f"{format_value(row[pair[1]], pair[1])} ({names[1].lower()})"
        for _, row in shown.iterrows()
    )
    return Chart(figure, f"Barres par paires, {axis.lower()}. {lines}.", shown)


def draw_stacked_years(frame: pd.DataFrame, *, year: str, category: str, value: str, axis: str) -> Chart:
    """One stacked bar a year, at most six categories, hatched so that a grey print tells them apart.

    The text alternative gives the total of each year.
    """
    wide = frame.pivot(index=year, columns=category, values=value).fillna(0).astype(float)
    figure, ax = new_figure(height=4.6)
    bottom = pd.Series(0.0, index=wide.index)
    hatches = ("", "///", "...", "\\\\\\", "xxx", "---")
    for column, colour, hatch in zip(wide.columns, PALETTE, hatches, strict=False):
        ax.bar(wide.index.astype(str), wide[column], bottom=bottom, label=textwrap.fill(str(column), 52), color=colour,
               hatch=hatch, edgecolor="white", linewidth=0, width=0.7)  # fmt: skip
        bottom += wide[column]
    for line, number in enumerate(bottom):
        ax.annotate(
            format_number(number, 0), (line, number), (0, 3), textcoords="offset points", ha="center", fontsize=9
        )
    ax.set(ylabel=axis, xlabel="")
    ax.grid(axis="x", visible=False)
    ax.margins(y=0.1)
    french_axis(ax.yaxis)
    figure.legend(loc="outside lower left", ncols=1, frameon=False, fontsize=9, reverse=True)
    totals = " ; ".join(f"{index} : {format_number(number, 0)}" for index, number in bottom.items())
    return Chart(figure, f"Barres empilées par année, {axis.lower()}. Totaux : {totals}.", wide.reset_index())
