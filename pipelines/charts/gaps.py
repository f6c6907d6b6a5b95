"""Gaps to a reference: one line a territory, from its value to the reference."""

import pandas as pd

from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import shorten, wrap
from pipelines.charts.rows import new_rows_figure, place_rows
from pipelines.charts.style import BLUE, GREY, INK, OCHRE, Chart, french_axis, in_house_style
from pipelines.numbers import MISSING, count, format_number


@in_house_style
def draw_gaps(
    frame: pd.DataFrame, *, label: str, value: str, reference: float, reference_name: str, unit: str, axis: str
) -> Chart:
    """Dumbbells sorted by value, what is missing last; `label` and `value` name columns of `frame`.

    `reference` is in the same unit. The text alternative names the reference, the lowest and the highest value, how
    many stand below, and how many are missing.
    """
    shown = frame[[label, value]].sort_values(value, ascending=False, kind="stable").reset_index(drop=True)
    known = shown.dropna(subset=value)
    if known.empty or pd.isna(reference):
        return say_nothing_to_draw(axis, shown)
    rows = place_rows(shown[label], 12.0)
    unit = shorten(unit, 20)
    # A long name must leave room for the value.
    told = f"{shorten(reference_name, 80)} : {format_number(reference, 1)} {unit}"
    title = f"{wrap(axis, rows.room)}\n{wrap(f'◆ {told}', rows.room)}"
    figure, ax = new_rows_figure(rows, title, furniture=0.76)
    middles, values = rows.middles[: len(known)], known[value].astype(float)
    ax.axvline(reference, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    ax.hlines(middles, values, reference, color="#9fb3c8", linewidth=3, zorder=1)
    ax.scatter(values, middles, color=BLUE, s=60, zorder=3)
    ax.scatter([reference] * len(known), middles, color=OCHRE, marker="D", s=30, edgecolor=INK, linewidth=0.5, zorder=2)
    for middle, number in zip(middles, values, strict=True):
        side = -1 if number <= reference else 1
        ax.annotate(
            format_number(number, 1), (number, middle), (9 * side, 0), textcoords="offset points",
            ha="right" if side < 0 else "left", va="center_baseline", in_layout=False,
        )  # fmt: skip
    for middle in rows.middles[len(known) :]:
        ax.annotate(
            MISSING,
            (reference, middle),
            (-9, 0),
            textcoords="offset points",
            ha="right",
            va="center_baseline",
            in_layout=False,
            color=GREY,
        )
    low, high = min(values.min(), reference), max(values.max(), reference)
    # Room on both sides for the values, which stand outside the marks.
    margin = 45 * ((high - low) or 1) / (rows.room - 90)
    ax.set_xlim(low - margin, high + margin)
    french_axis(ax.xaxis)
    last, first = known.iloc[-1], known.iloc[0]
    below = int((values < reference).sum())
    missing = len(shown) - len(known)
    alt = (
        f"Points par territoire. {told}. {count(below, 'territoire')} sur {len(known)} au-dessous. "
        f"Le plus bas : {shorten(last[label])}, {format_number(last[value], 1)} {unit}. "
        f"Le plus haut : {shorten(first[label])}, {format_number(first[value], 1)} {unit}."
        + (f" Sans valeur : {missing} sur {len(shown)}." if missing else "")
    )
    return Chart(figure, alt, shown)
