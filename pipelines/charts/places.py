"""Names on a map: written where they fit, else a number that a key tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from pipelines.charts.areas import list_some
from pipelines.charts.canvas import write_lines
from pipelines.charts.lettering import FULL, LINE, count_lines, measure, shorten, wrap
from pipelines.numbers import count

# Points: what is blank of the lines of a text, between columns of a key; how far a number may lie over the border.
_BLANK, _APART, _OVER = 3.5, 14.0, 3.0
# Lines of a name on a map, and numbers that a key may tell: more are looked up in the table below the map.
_LINES, _MOST = 3, 60
# Of its width, what a name may take in turn.
_SHARES = (1.0, 0.75, 0.55, 0.4)


@dataclass(frozen=True)
class Placed:
    """A text on the map: its lines, the middle of them and their top, in points."""

    text: str
    x: float
    top: float


@dataclass(frozen=True)
class Key:
    """What the numbers stand for, in their order, and what is to be said of territories that bear none."""

    entries: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """A key in columns: texts with the place of each, and the height of all, in points."""

    texts: tuple[tuple[float, float, str], ...]
    height: float

    def write(self, ax: Axes, top: float) -> None:
        """Write the key from `top` down."""
        for x, y, text in self.texts:
            write_lines(ax, x, top + y, text)


def place_names(territories: Sequence[tuple[str, Any]]) -> tuple[list[Placed | None], Key]:
    """Where the name of each territory stands inside its shape, the largest first, or its number; and the key.

    `territories`: names, and shapes in points, y downwards. None where neither fits.
    """
    taken: list[Any] = []
    placed: list[Placed | None] = [None] * len(territories)
    largest = sorted(range(len(territories)), key=lambda at: -territories[at][1].area)
    for at in largest:
        name, shape = territories[at]
        placed[at] = next(filter(None, (_fit(text, shape, taken, 0.0) for text in _layouts(name))), None)
    unnamed = [at for at in range(len(territories)) if placed[at] is None]
    if len(unnamed) > _MOST:
        return placed, Key((), (f"{count(len(unnamed), 'nom')} dans la table, faute de place ici",))
    entries, homeless = [], []
    for at in unnamed:
        number = str(len(entries) + 1)
        placed[at] = _fit(number, territories[at][1], taken, _OVER)
        if placed[at] is None:
            homeless.append(territories[at][0])
        else:
            entries.append(f"{number} {shorten(territories[at][0])}")
    return placed, Key(tuple(entries), (f"trop petits pour un nom : {list_some(homeless)}",) * bool(homeless))


def set_key(key: Key) -> Columns:
    """The key in as many columns as its longest entry allows, read downwards."""
    if not key.entries:
        return Columns((), 0.0)
    widest = max(measure(entry) for entry in key.entries) + _APART
    many = max(1, int((FULL + _APART) // widest))
    rows = -(-len(key.entries) // many)
    wrapped = [wrap(entry, FULL) for entry in key.entries]
    heights = [LINE * max(map(count_lines, wrapped[row::rows])) for row in range(rows)]
    tops = np.cumsum(heights) - heights
    texts = tuple((at // rows * widest, float(tops[at % rows]), text) for at, text in enumerate(wrapped))
    return Columns(texts, float(sum(heights)))


def pack(name: str, room: float) -> list[str]:
    """A name on lines that break between words or behind a hyphen alone: a long word is wider than `room`."""
    lines = [""]
    for part in re.findall(r"[^\s-]+-*|-+", shorten(name)):
        joined = lines[-1] + ("" if not lines[-1] or lines[-1].endswith("-") else " ") + part
        if not lines[-1] or measure(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines


def _layouts(name: str) -> list[str]:
    """A name on one line, then on more: narrower texts fit in narrower places."""
    whole = measure(shorten(name))
    texts = [pack(name, share * whole) for share in _SHARES]
    return list(dict.fromkeys("\n".join(lines) for lines in texts if len(lines) <= _LINES))


def _fit(text: str, shape: Any, taken: list[Any], over: float) -> Placed | None:
    """The text at the first of some places where it lies inside the shape and over no other; None where it does not."""
    # Heavy, and few notebooks need it.
    import shapely

    home = max(shapely.get_parts(shape), key=lambda part: part.area)
    width, height = measure(text), LINE * count_lines(text) - _BLANK
    west, north, east, south = home.bounds
    if width > east - west + 2 * over or height > south - north + 2 * over:
        return None
    room = home.buffer(over) if over else home
    for x, y in _middles(home):
        box = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if room.contains(box) and not any(box.intersects(other) for other in taken):
            taken.append(box)
            return Placed(text, float(x), float(y - (height + _BLANK) / 2))
    return None


def _middles(home: Any) -> list[tuple[float, float]]:
    """Places inside a shape to try, the roomiest first."""
    # Heavy, and few notebooks need it.
    import shapely

    circle = shapely.maximum_inscribed_circle(home, tolerance=0.5)
    west, north, east, south = home.bounds
    first = [circle.coords[0], home.representative_point().coords[0], home.centroid.coords[0]]
    grid = [(x, y) for y in np.linspace(north, south, 14)[1:-1] for x in np.linspace(west, east, 14)[1:-1]]
    near = sorted(grid, key=lambda place: (place[0] - first[0][0]) ** 2 + (place[1] - first[0][1]) ** 2)
    return [*first, *near]
