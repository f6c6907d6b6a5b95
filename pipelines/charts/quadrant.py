"""Level against change: where each territory stands beside its reference, and whether it gains ground."""

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import BOLD, FULL, LINE, count_lines, inside, measure, shorten, wrap
from pipelines.charts.marks import Room, place_marks
from pipelines.charts.pairs import tell, tell_first
from pipelines.charts.panels import TICKS, add_panel, measure_ticks, scale_panel
from pipelines.charts.style import BLUE, INK, SLATE, Chart, in_house_style
from pipelines.charts.whiskers import draw_whiskers, explain, read_intervals, read_numbers, tell_interval
from pipelines.errors import UsageError
from pipelines.numbers import format_number, is_missing

Better = Literal["haut", "bas"]
# Points: the plot, the bands at its top and bottom that name the fields, the blank beside the outermost point.
_HEIGHT, _BAND, _EDGE = 270.0, 2 * LINE + 4, 14.0
_MOST, _TOLD = 20, 20  # numbers that still find their place; names that the text alternative lists in a field
# By side of the reference (True: above) and sign of the change (True: up).
_Fields = dict[tuple[bool, bool], str]
# True whatever came before: who is below now and fell may have been above, so « s'éloigne » would be wrong.
_HIGH_IS_BETTER: _Fields = {
    (False, True): "Moins bien,\ngagne du terrain", (True, True): "Mieux,\ngagne du terrain",
    (False, False): "Moins bien,\nperd du terrain", (True, False): "Mieux,\nperd du terrain",
}  # fmt: skip
_FIELDS: dict[Better | None, _Fields] = {
    "haut": _HIGH_IS_BETTER,
    # The other way round, the good corner is at the bottom left.
    "bas": {(above, up): _HIGH_IS_BETTER[not above, not up] for above, up in _HIGH_IS_BETTER},
    None: {
        (above, up): f"Plus {'haut' if above else 'bas'},\nécart en {'hausse' if up else 'baisse'}"
        for above, up in _HIGH_IS_BETTER
    },
}


@in_house_style
def draw_quadrant(
    frame: pd.DataFrame, *, label: str, level: str, change: str, axis_level: str, axis_change: str,
    reference: float | None, better: Better | None, reference_name: str = "la référence", low: str | None = None,
    high: str | None = None,
) -> Chart:  # fmt: skip
    """One point a row: `level` across, `change` upwards, in four fields named in words that tell level and direction.

    `label`, `level`, `change`, `low`, `high` name columns of `frame`. `change` is that of the gap to the reference (now
    minus then, positive where the level rose more than its reference); `low`, `high` are the ends of its interval,
    drawn upright, and a point without one is hollow. `reference` is in the unit of `level`: 0 where that is a gap.
    `better`: whether high or low is favourable, None where neither is. Points bear numbers, told below; of more than
    twenty, those furthest from where the lines cross. The text alternative says who is in which field, whose interval
    holds zero, and who has no place. The data are the columns as they came.

    Without a reference there is nothing to draw.

    UsageError: another `better`, one end of the intervals alone, ends that stand the wrong way round.
    """
    if better not in _FIELDS:
        raise UsageError(f"Sens « {better} » inconnu : better vaut « haut », « bas » ou None.")
    columns = [label, level, change, *(end for end in (low, high) if end is not None)]
    data = frame[list(dict.fromkeys(columns))].reset_index(drop=True)
    numbers = read_intervals(data, label=label, value=change, low=low, high=high)
    numbers["level"] = read_numbers(data[level])
    known = numbers.dropna(subset=["value", "level"])
    if known.empty or is_missing(reference):
        return say_nothing_to_draw(axis_change, data)
    names, with_ends, fields = data[label], low is not None, _FIELDS[better]
    absent = [tell(name) for name in names.drop(known.index)]
    y = _scale_changes(known)
    left = measure_ticks(*y) + 6
    width = FULL - left - 4
    x = _scale_levels(known["level"], reference, width, fields)
    places = np.column_stack([
        (known["level"] - x[0]) / (x[1] - x[0]) * width, (y[1] - known["value"]) / (y[1] - y[0]) * _HEIGHT
    ])  # fmt: skip
    numbered = _choose(places, (reference - x[0]) / (x[1] - x[0]) * width, y[1] / (y[1] - y[0]) * _HEIGHT)
    marks = {at: str(rank) for rank, at in enumerate(numbered, 1)}
    below = wrap(f"→ {axis_level}", FULL, 3)
    key = [(marks[at], names[known.index[at]]) for at in numbered]
    notes = _explain(reference_name, reference, better, known, with_ends, len(numbered), absent)
    title = f"↑ {shorten(axis_change, 120)}"
    tops = np.cumsum([_HEIGHT + TICKS, LINE * count_lines(below) + 4, LINE * count_lines(notes) + 6])
    lines, height = _fit_key(key)
    figure, ax = new_canvas(tops[-1] + height, title)
    panel = add_panel(ax, left, 0, width, _HEIGHT)
    scale_panel(panel, x=x, y=y)
    panel.axvline(reference, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    panel.axhline(0, color=INK, linewidth=1.2, zorder=1)
    _draw_points(panel, known, hollow=known["low"].isna() & with_ends)
    # Above the panel, in points from its corner.
    sheet = add_panel(ax, left, 0, width, _HEIGHT)
    sheet.set(xlim=(0, width), ylim=(_HEIGHT, 0))
    sheet.axis("off")
    _draw_fields(sheet, fields, width)
    _draw_marks(sheet, places, marks, _obstacles(known, places, x, y, reference, width, fields))
    write_lines(ax, FULL - measure(below), tops[0], below)
    write_lines(ax, 0, tops[1], notes, color=SLATE)
    for column, top, code, text in lines:
        write_lines(ax, column, tops[2] + top, code, weight="bold")
        write_lines(ax, column + _indent(key), tops[2] + top, text)
    told = f"{shorten(reference_name, 80)}, {format_number(reference, 1)}"
    alt = (
        f"Points dans quatre champs : {inside(shorten(axis_level, 120))} (de gauche à droite) et "
        f"{inside(shorten(axis_change, 120))} (de bas en haut). Ligne verticale : {told}. "
        + _tell(names, known, reference, fields, with_ends=with_ends)
        + (f" Sans place, valeur manquante : {tell_first(absent, _TOLD, 'autres')}." if absent else "")
    )
    return Chart(figure, alt, data)


def _scale_changes(known: pd.DataFrame) -> tuple[float, float]:
    """Limits of y: zero and every interval between the bands that name the fields."""
    ends = known[["value", "low", "high"]]
    low, high = min(ends.min().min(), 0.0), max(ends.max().max(), 0.0)
    step = ((high - low) or 1.0) / (_HEIGHT - 2 * (_BAND + 6))
    return low - step * (_BAND + 6), high + step * (_BAND + 6)


def _scale_levels(levels: pd.Series, reference: float, width: float, fields: _Fields) -> tuple[float, float]:
    """Limits of x: every point inside, and room on both sides of the reference for the names of the fields."""
    lower, upper = max(reference - levels.min(), 0.0), max(levels.max() - reference, 0.0)
    least = [max(measure(fields[side, up]) for up in (True, False)) + 10 for side in (False, True)]
    if not lower + upper:
        lower = upper = 1.0
    step = (lower + upper) / (width - 2 * _EDGE)
    if lower / step + _EDGE < least[0]:
        step = upper / (width - least[0] - _EDGE)
        return reference - step * least[0], reference + step * (width - least[0])
    if upper / step + _EDGE < least[1]:
        step = lower / (width - least[1] - _EDGE)
        return reference - step * (width - least[1]), reference + step * least[1]
    return reference - lower - step * _EDGE, reference + upper + step * _EDGE


def _choose(places: np.ndarray, x: float, y: float) -> list[int]:
    """The points that bear a number, in the order of the rows: all, or those furthest from where the lines cross."""
    if len(places) <= _MOST:
        return list(range(len(places)))
    far = np.hypot(places[:, 0] - x, places[:, 1] - y)
    return sorted(np.argsort(-far, kind="stable")[:_MOST].tolist())


def _explain(
    name: str, reference: float, better: Better | None, known: pd.DataFrame, with_ends: bool, many: int,
    absent: list[str],
) -> str:  # fmt: skip
    """What the lines, the words and the points mean."""
    said = [f"Tirets : {shorten(name, 80)}, {format_number(reference, 1)}"]
    if better is not None:
        said.append(f"Mieux : plus {better} que cette ligne")
    said += [". ".join(explain(known))] if with_ends else []
    if many < len(known):
        said.append(f"Numérotés : les {many} points les plus loin du croisement, sur {len(known)}")
    if absent:
        said.append(f"Sans place, valeur manquante : {len(absent)} sur {len(absent) + len(known)}")
    return "\n".join(wrap(f"{line}.", FULL, 3) for line in said)


def _draw_points(panel: Axes, known: pd.DataFrame, *, hollow: pd.Series) -> None:
    draw_whiskers(panel, known["level"], known, SLATE, along="y", width=1.0)
    colours = ["white" if empty else BLUE for empty in hollow]
    panel.scatter(known["level"], known["value"], color=colours, edgecolor=BLUE, s=40, zorder=4)


def _draw_fields(sheet: Axes, fields: _Fields, width: float) -> None:
    """The name of each field in its corner."""
    for (above, up), words in fields.items():
        edge, align = (width - 3, "right") if above else (4, "left")
        write_lines(sheet, edge, 2 if up else _HEIGHT - 2 * LINE - 2, words, ha=align, color=SLATE, style="italic")


def _obstacles(
    known: pd.DataFrame, places: np.ndarray, x: tuple[float, float], y: tuple[float, float], reference: float,
    width: float, fields: _Fields,
) -> Room:  # fmt: skip
    """What the numbers must not hide: the names of the fields, then the lines and the whiskers."""
    room = Room(width, _HEIGHT)
    for (above, up), words in fields.items():
        size = measure(words) + 8
        top = 0.0 if up else _HEIGHT - _BAND
        room.hard.append((width - size, top, width, top + _BAND) if above else (0.0, top, size, top + _BAND))
    across, down = (reference - x[0]) / (x[1] - x[0]) * width, y[1] / (y[1] - y[0]) * _HEIGHT
    room.soft += [(across - 1, 0, across + 1, _HEIGHT), (0, down - 1, width, down + 1)]
    for place, low, high in zip(places[:, 0], known["low"], known["high"], strict=True):
        if not pd.isna(low):
            top, bottom = ((y[1] - end) / (y[1] - y[0]) * _HEIGHT for end in (high, low))
            room.soft.append((place - 1, top, place + 1, bottom))
    return room


def _draw_marks(sheet: Axes, places: np.ndarray, marks: dict[int, str], room: Room) -> None:
    """The numbers beside their points, a thin line to those that had to stand apart."""
    for at, (x, y) in place_marks(places.tolist(), marks, room).items():
        from_x, from_y = places[at]
        if np.hypot(x - from_x, y - from_y) > 17:
            sheet.plot([from_x, x], [from_y, y], color=SLATE, linewidth=0.7, zorder=1)
        blank = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        sheet.text(x, y, marks[at], ha="center", va="center_baseline", bbox=blank, in_layout=False, zorder=5)


def _indent(key: list[tuple[str, str]]) -> float:
    return BOLD * max(measure(code) for code, _ in key) + 6


def _fit_key(key: list[tuple[str, str]]) -> tuple[list[tuple[float, float, str, str]], float]:
    """Left edge, top, number and name of each entry, in two columns where every name fits; and the height of all."""
    indent, half = _indent(key), FULL / 2
    if all(measure(shorten(name)) <= half - indent - 8 for _, name in key):
        rows = -(-len(key) // 2)
        found = [(half * (at // rows), LINE * (at % rows), code, shorten(name)) for at, (code, name) in enumerate(key)]
        return found, LINE * rows
    found, top = [], 0.0
    for code, name in key:
        text = wrap(name, FULL - indent)
        found.append((0.0, top, code, text))
        top += LINE * count_lines(text)
    return found, top


def _tell(names: pd.Series, known: pd.DataFrame, reference: float, fields: _Fields, *, with_ends: bool) -> str:
    """Who is in which field, who on a line, whose interval holds zero."""
    said = []
    on_line = (known["level"] == reference) | (known["value"] == 0)
    for (above, up), words in fields.items():
        own = known[~on_line & ((known["level"] > reference) == above) & ((known["value"] > 0) == up)]
        told = [
            f"{tell(names[at])} ({_number(line['level'])} ; {_signed(line['value'])}"
            + (f", {tell_interval(line['low'], line['high'], _signed)})" if with_ends else ")")
            for at, line in own.iterrows()
        ]
        said.append(f"{' '.join(words.split())} : {tell_first(told, _TOLD, 'autres') or 'aucun'}.")
    if on_line.any():
        said.append(f"Sur une ligne : {tell_first([tell(names[at]) for at in known[on_line].index], _TOLD, 'autres')}.")
    unsure = known[(known["low"] <= 0) & (known["high"] >= 0)]
    if with_ends and not unsure.empty:
        told = tell_first([tell(names[at]) for at in unsure.index], _TOLD, "autres")
        said.append(f"Intervalle qui contient zéro, sens non établi : {len(unsure)} sur {len(known)} ({told}).")
    return " ".join(said)


def _number(value: float) -> str:
    return format_number(value, 1)


def _signed(value: float) -> str:
    text = format_number(value, 1)
    return f"+{text}" if value > 0 and text != "0,0" else text
