"""Gaps to a reference: one line a territory, from its value to the reference."""

import textwrap

import pandas as pd

from pipelines.charts.style import BLUE, GREY, INK, ORANGE, Chart, french_axis, new_figure
from pipelines.numbers import format_number


def draw_gaps(
    frame: pd.DataFrame, *, label: str, value: str, reference: float, reference_name: str, unit: str, axis: str
) -> Chart:
    """Dumbbells sorted by value: `label` and `value` name columns of `frame`; `reference` is in the same unit.

    The text alternative names the reference, the lowest and the highest value, and how many stand below.
    """
    shown = frame.dropna(subset=value).sort_values(value, ascending=False, kind="stable").reset_index(drop=True)
    figure, ax = new_figure(height=1.2 + 0.36 * len(shown))
    values = shown[value].astype(float)
    ax.hlines(shown.index, values, reference, color="#9fb3c8", linewidth=3, zorder=1)
    ax.axvline(reference, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    ax.scatter(values, shown.index, color=BLUE, s=52, zorder=3)
    ax.scatter(
        [reference] * len(shown), shown.index, color=ORANGE, marker="D", s=26, edgecolor=INK, linewidth=0.5, zorder=2
    )
    for line, number in zip(shown.index, values, strict=True):
        side = -1 if number <= reference else 1
        ax.annotate(
            format_number(number, 1), (number, line), (8 * side, 0), textcoords="offset points",
            ha="right" if side < 0 else "left", va="center", fontsize=9,
        )  # fmt: skip
    ax.set_yticks(shown.index, [textwrap.fill(str(name), 40) for name in shown[label]], fontsize=9)
    ax.set_xlabel(axis)
    ax.set_title(f"◆ {reference_name} : {format_number(reference, 1)} {unit}", loc="left", fontsize=10, color=GREY)
    ax.grid(axis="y", visible=False)
    ax.margins(x=0.12)
    french_axis(ax.xaxis)
    low, high = shown.iloc[-1], shown.iloc[0]
    below = int((values < reference).sum())
    alt = (
        f"Points par territoire. {reference_name} : {format_number(reference, 1)} {unit}. {below} territoire(s) sur "
        f"{len(shown)} au-dessous. Le plus bas : {low[label]}, {format_number(low[value], 1)} {unit}. "
        f"Le plus haut : {high[label]}, {format_number(high[value], 1)} {unit}."
    )
    return Chart(figure, alt, shown[[label, value]])
