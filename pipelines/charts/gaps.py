"""Gaps to a reference: one line a territory, from its value to the reference."""

import pandas as pd
from matplotlib.axes import Axes

from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import shorten, wrap
from pipelines.charts.rows import new_rows_figure, place_rows
from pipelines.charts.style import BLUE, GREY, INK, OCHRE, Chart, french_axis, in_house_style
from pipelines.charts.whiskers import draw_whiskers, explain, read_intervals, read_numbers, tell_interval
from pipelines.numbers import MISSING, count, format_number, is_missing


@in_house_style
def draw_gaps(
    frame: pd.DataFrame, *, label: str, value: str, reference: float | None, reference_name: str, unit: str, axis: str,
    low: str | None = None, high: str | None = None,
) -> Chart:  # fmt: skip
    """Dumbbells sorted by value, what is missing last; `label` and `value` name columns of `frame`.

    `reference` is in the same unit; where it is missing the points stand alone, and the figure says so. `low`, `high`
    name the columns of the ends of each interval, drawn over the dumbbell; a value without one is a hollow point. The
    text alternative names the reference, the lowest and the highest value with their intervals, how many stand below,
    how many intervals hold the reference, and how many values or intervals are missing.

    UsageError: one end of the intervals without the other, ends that stand the wrong way round.
    """
    ends = [end for end in (low, high) if end is not None]
    shown = frame[[label, value, *ends]].sort_values(value, ascending=False, kind="stable", key=read_numbers)
    shown = shown.reset_index(drop=True)
    known = shown[read_numbers(shown[value]).notna()]
    if known.empty:
        return say_nothing_to_draw(axis, shown)
    numbers = read_intervals(known, label=label, value=value, low=low, high=high)
    rows = place_rows(shown[label], 12.0)
    unit = shorten(unit, 20)
    # A long name must leave room for the value.
    name, is_lone = shorten(reference_name, 80), is_missing(reference)
    known_reference = f"{MISSING}, écarts non calculables" if is_lone else f"{format_number(reference, 1)} {unit}"
    told = f"{name} : {known_reference}"
    title = [axis, told if is_lone else f"◆ {told}", *([". ".join(explain(numbers))] if ends else [])]
    figure, ax = new_rows_figure(rows, "\n".join(wrap(line, rows.room) for line in title), furniture=0.76)
    middles, values = rows.middles[: len(known)], numbers["value"]
    if not is_lone:
        _draw_reference(ax, middles, values, reference)
    hollow = numbers["low"].isna() & bool(ends)
    draw_whiskers(ax, middles, numbers, INK, along="x")
    ax.scatter(values, middles, color=["white" if empty else BLUE for empty in hollow], edgecolor=BLUE, s=60, zorder=4)
    furthest = numbers.assign(reference=None if is_lone else float(reference)).astype(float)
    left, right = furthest.min(axis=1), furthest.max(axis=1)
    for middle, number, one, other in zip(middles, values, left, right, strict=True):
        is_left = not is_lone and number <= reference
        # Past the end of the interval, on the side away from the reference.
        place, text = (one, (-9, 0)) if is_left else (other, (9, 0))
        _write(ax, format_number(number, 1), (place, middle), text)
    for middle in rows.middles[len(known) :]:
        _write(ax, MISSING, (left.min() if is_lone else reference, middle), (9 if is_lone else -9, 0), color=GREY)
    # Room on both sides for the values, which stand outside the marks.
    margin = 45 * ((right.max() - left.min()) or 1) / (rows.room - 90)
    ax.set_xlim(left.min() - margin, right.max() + margin)
    french_axis(ax.xaxis)
    return Chart(figure, _tell(shown[label], numbers, reference, told, unit, with_ends=bool(ends)), shown)


def _draw_reference(ax: Axes, middles: list[float], values: pd.Series, reference: float) -> None:
    """The line of the reference, and a bar from it to each value."""
    ax.axvline(reference, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    ax.hlines(middles, values, reference, color="#9fb3c8", linewidth=3, zorder=1)
    places = [reference] * len(values)
    ax.scatter(places, middles, color=OCHRE, marker="D", s=30, edgecolor=INK, linewidth=0.5, zorder=2)


def _write(ax: Axes, text: str, place: tuple[float, float], shift: tuple[float, float], **look: str) -> None:
    ax.annotate(
        text, place, shift, textcoords="offset points", ha="right" if shift[0] < 0 else "left", va="center_baseline",
        in_layout=False, **look,
    )  # fmt: skip


def _tell(
    labels: pd.Series, numbers: pd.DataFrame, reference: float | None, told: str, unit: str, *, with_ends: bool
) -> str:
    """The message in words; `numbers` are the known values, from the highest, `labels` those of all rows."""

    def end(at: int) -> str:
        line = numbers.iloc[at]
        interval = tell_interval(line["low"], line["high"], lambda number: format_number(number, 1))
        said = f"{shorten(labels[numbers.index[at]])}, {format_number(line['value'], 1)} {unit}"
        return f"{said} ({interval})" if with_ends else said

    said = [f"Points par territoire. {told}."]
    if not is_missing(reference):
        below = int((numbers["value"] < reference).sum())
        said.append(f"{count(below, 'territoire')} sur {len(numbers)} au-dessous.")
    said.append(f"Le plus bas : {end(-1)}. Le plus haut : {end(0)}.")
    sure = numbers.dropna()
    if with_ends and not is_missing(reference) and not sure.empty:
        under, over = int((sure["high"] < reference).sum()), int((sure["low"] > reference).sum())
        said.append(
            f"Intervalle tout entier au-dessous : {under} ; au-dessus : {over} ; "
            f"qui contient la référence : {len(sure) - under - over}."
        )
    if with_ends and len(sure) < len(numbers):
        said.append(f"Sans intervalle : {len(numbers) - len(sure)} sur {len(numbers)}.")
    if missing := len(labels) - len(numbers):
        said.append(f"Sans valeur : {missing} sur {len(labels)}.")
    return " ".join(said)
