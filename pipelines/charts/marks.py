"""Short marks beside points: where each can stand without hiding a point, a line or another mark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipelines.charts.lettering import measure
from pipelines.charts.style import FONT_SIZE

# Points: the blank around a point, around a mark, from a point to the nearest places for its mark.
_DOT, _PAD, _RINGS = 5.5, 1.0, (12.0, 16.0, 21.0, 27.0, 34.0, 44.0, 56.0, 70.0, 90.0)
_ANGLES = [math.radians(15 * step) for step in (1, 23, 11, 13, 3, 21, 9, 15, 0, 12, 6, 18, 5, 19, 7, 17)]


@dataclass
class Room:
    """A sheet of `width` by `height` points; `hard` boxes (left, top, right, bottom) are not hidden, `soft` rarely."""

    width: float
    height: float
    hard: list[tuple[float, float, float, float]] = field(default_factory=list)
    soft: list[tuple[float, float, float, float]] = field(default_factory=list)


def place_marks(
    points: Sequence[tuple[float, float]], marks: dict[int, str], room: Room
) -> dict[int, tuple[float, float]]:
    """The middle of each mark, by the position of its point: beside it, else as near as there is room.

    Marks never overlap each other nor a point where the sheet has a place left; those with the most neighbours choose
    first. The same points give the same places.
    """
    dots = np.array(points, dtype=float).reshape(-1, 2)
    hard = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots] + room.hard
    placed: dict[int, tuple[float, float]] = {}
    crowded = sorted(marks, key=lambda at: (-int((np.hypot(*(dots - dots[at]).T) < 30).sum()), at))
    for at in crowded:
        half = measure(marks[at]) / 2 + _PAD, FONT_SIZE / 2 + _PAD
        candidates = np.array([
            (dots[at][0] + ring * math.cos(angle), dots[at][1] + 0.85 * ring * math.sin(angle))
            for ring in _RINGS for angle in _ANGLES
        ])  # fmt: skip
        inside = (
            (candidates >= half).all(axis=1) & (candidates[:, 0] <= room.width - half[0])
            & (candidates[:, 1] <= room.height - half[1])
        )  # fmt: skip
        # A hidden point or mark costs more than any distance, a crossed line more than the next two rings.
        ring_cost = np.repeat(np.arange(len(_RINGS)), len(_ANGLES))
        hidden, crossed = (_hits(candidates, half, boxes) for boxes in (hard, room.soft))
        cost = 1e6 * ~inside + 1e3 * hidden + 2.5 * crossed + ring_cost
        x, y = candidates[int(np.argmin(cost))]
        placed[at] = (float(x), float(y))
        hard.append((x - half[0], y - half[1], x + half[0], y + half[1]))
    return placed


def _hits(middles: np.ndarray, half: tuple[float, float], boxes: list[tuple[float, float, float, float]]) -> np.ndarray:
    """How many boxes a mark of this half size would touch at each place."""
    if not boxes:
        return np.zeros(len(middles))
    left, top, right, bottom = np.array(boxes).T
    x, y = middles[:, :1], middles[:, 1:]
    return ((x + half[0] > left) & (x - half[0] < right) & (y + half[1] > top) & (y - half[1] < bottom)).sum(axis=1)
