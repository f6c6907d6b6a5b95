"""Lettering: how wide a text is in the house type, and its lines where the room is narrow."""

import functools
import textwrap

from matplotlib.font_manager import FontProperties, findfont, get_font

from pipelines.charts.style import FONT_SIZE, RC, WIDTH

# Points: a figure from edge to edge, and what the handle of a legend leaves of it.
FULL = 72 * WIDTH - 10
LEGEND_ROOM = FULL - 50


@functools.cache
def _advance(character: str) -> float:
    """Width of a character in points, the blank around it included."""
    font = get_font(findfont(FontProperties(family=RC["font.family"])))
    font.set_size(FONT_SIZE, 72)
    # FreeType counts in 65 536ths of a pixel; at 72 dots an inch a pixel is a point.
    return font.load_char(ord(character)).linearHoriAdvance / 65536


def measure(text: str) -> float:
    """Width of a text in points; that of its longest line where it has several."""
    return max(sum(map(_advance, line)) for line in text.split("\n"))


def wrap(label: object, room: float) -> str:
    """A label on as few lines as `room` points allow, these of like length; a word that is too long is cut."""
    text = " ".join(str(label).split())
    folded = ("\n".join(textwrap.wrap(text, columns)) for columns in range(1, len(text) + 1))
    return min((lines for lines in folded if measure(lines) <= room), key=count_lines, default=text)


def count_lines(text: str) -> int:
    """Lines of a wrapped label."""
    return text.count("\n") + 1
