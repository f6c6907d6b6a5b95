"""Lettering: what of a text can be drawn, how wide it is in the house type, its lines where the room is narrow."""

import functools
import re
import textwrap
import unicodedata

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font

from pipelines.charts.style import FONT_SIZE, RC, WIDTH
from pipelines.values import plain

# Points: a figure from edge to edge, and what the handle of a legend or the scale of an axis leaves of it.
FULL = 72 * WIDTH - 10
LEGEND_ROOM = FULL - 50
# Points: from one line of text to the next.
LINE = 1.25 * FONT_SIZE
# How much wider a text in bold is than what is measured, at most.
BOLD = 1.2
# A label that is longer is cut: the table under the figure holds the whole.
LONGEST, MOST_LINES = 160, 5
_CUT = "…"
_NO_GLYPH = "□"
# They keep a number with its unit: neither a line nor a cut may part them.
_NO_BREAK = "\u00a0\u202f"


def _font() -> FT2Font:
    # Matplotlib draws with the same object: whatever was drawn since, the size is ours.
    font = get_font(findfont(FontProperties(family=RC["font.family"])))
    font.set_size(FONT_SIZE, 72)
    return font


@functools.cache
def _advance(character: str) -> float:
    """Width of a character in points, the blank around it included."""
    # FreeType counts in 65 536ths of a pixel; at 72 dots an inch a pixel is a point.
    return _font().load_char(ord(character)).linearHoriAdvance / 65536


@functools.cache
def _drawn(character: str) -> str:
    """A character as it is drawn: nothing for one that steers the text or the program, a box for one without glyph."""
    if character in _NO_BREAK:
        return character
    if character.isspace():
        return " "
    # Control characters, and those that turn the direction of what follows.
    if unicodedata.category(character) in ("Cc", "Cf"):
        return ""
    return character if _font().get_char_index(ord(character)) else _NO_GLYPH


def shorten(label: object, longest: int = LONGEST) -> str:
    """A label as one line that can be drawn and read, cut with « … » past `longest` characters."""
    text = re.sub(" +", " ", "".join(map(_drawn, plain(str(label))))).strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + _CUT


def inside(axis: str) -> str:
    """The name of a measure, inside a sentence."""
    text = shorten(axis)
    return f"{text[:1].lower()}{text[1:]}"


def measure(text: str) -> float:
    """Width of a text in points; that of its longest line where it has several."""
    return max(sum(map(_advance, line)) for line in text.split("\n"))


def wrap(label: object, room: float, most: int = MOST_LINES) -> str:
    """A shortened label on as few lines as `room` points allow, these of like length, `most` at most.

    A word that is too long for a line is cut there; what would follow the last line is left out, with « … ».
    """
    text = shorten(label)
    best: list[str] = []
    # Narrower and narrower: the lines never become fewer again, so the first more that is needed ends the search.
    for columns in range(len(text), 0, -1):
        lines = textwrap.wrap(text, columns)
        if best and len(lines) > len(best):
            break
        # Narrower lines are not worth a word cut in two.
        if measure("\n".join(lines)) <= room and (not best or _keep_words(lines, text)):
            best = lines
    if len(best) > most:
        best = [*best[: most - 1], _cut(best[most - 1], room)]
    return "\n".join(best) or text


def _keep_words(lines: list[str], text: str) -> bool:
    """Whether the lines break between words, or behind a hyphen, alone."""
    rest = text
    for line in lines[:-1]:
        rest = rest[len(line) :]
        if rest[0] != " " and line[-1] != "-":
            return False
        rest = rest.lstrip(" ")
    return True


def wrap_legend(name: object, room: float = LEGEND_ROOM) -> str:
    """A wrapped label that a legend shows: one that is empty or begins with « _ » would be left out."""
    text = wrap(name, room)
    return text if text and not text.startswith("_") else f"\u200a{text}"


def _cut(line: str, room: float) -> str:
    """The beginning of a line that goes on, with « … » inside `room` points."""
    while measure(line + _CUT) > room:
        line = line[:-1]
    return line.rstrip() + _CUT


def count_lines(text: str) -> int:
    """Lines of a wrapped label."""
    return text.count("\n") + 1


def more_lines(*texts: str) -> float:
    """Inches that wrapped texts need beyond a line each."""
    return sum(map(count_lines, texts), -len(texts)) * LINE / 72
