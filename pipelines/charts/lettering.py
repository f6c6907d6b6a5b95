"""Lettering: how wide a text is in the house type, and its lines where the room is narrow."""

import textwrap

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from pipelines.charts.style import FONT_SIZE, RC, WIDTH

_TYPE = FontProperties(family=RC["font.family"], size=FONT_SIZE)
# Points: a figure from edge to edge, and what the handle of a legend leaves of it.
FULL = 72 * WIDTH - 10
LEGEND_ROOM = FULL - 50


def measure(text: str) -> float:
    """Width of a text in points; that of its longest line where it has several."""
    return max(text_to_path.get_text_width_height_descent(line, _TYPE, ismath=False)[0] for line in text.split("\n"))


def wrap(label: object, room: float) -> str:
    """A label on as few lines as `room` points allow, these of like length; a word that is too long is cut."""
    text = " ".join(str(label).split())
    folded = ("\n".join(textwrap.wrap(text, columns)) for columns in range(1, len(text) + 1))
    return min((lines for lines in folded if measure(lines) <= room), key=count_lines, default=text)


def count_lines(text: str) -> int:
    """Lines of a wrapped label."""
    return text.count("\n") + 1
