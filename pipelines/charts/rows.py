"""Rows of a horizontal chart: where each stands, and its label beside it or, where that is shorter, above it."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.charts.style import FONT_SIZE, WIDTH, new_figure

# Points: a line of text, the blank between rows, the mean width of a character, the figure from edge to edge.
_LINE, _GAP, _CHARACTER, _FULL = 1.25 * FONT_SIZE, 10.0, 0.58 * FONT_SIZE, 72 * WIDTH - 8
# Characters of a line of label, beside the rows or above them.
_BESIDE, _ABOVE = 24, 58


@dataclass(frozen=True)
class Rows:
    """Rows from the top, in points: their labels, where these begin, where the marks of each row have their middle.

    `height`: all rows; `room`: what is left for the marks between the labels and the right edge.
    """

    labels: list[str]
    beside: bool
    tops: np.ndarray
    middles: np.ndarray
    height: float
    room: float


def place_rows(labels: Iterable[object], thickness: float) -> Rows:
    """Rows whose marks are `thickness` points high, each as high as its label needs, in the shorter of two layouts."""
    names = [str(label) for label in labels]
    beside, above = ([textwrap.fill(name, width) for name in names] for width in (_BESIDE, _ABOVE))
    high = np.array([max(_LINE * _lines(name), thickness) + _GAP for name in beside])
    stacked = np.array([_LINE * _lines(name) + thickness + _GAP for name in above])
    # Above, the marks have the whole width: a little height is worth it.
    if high.sum() < 0.9 * stacked.sum():
        longest = max(len(line) for name in beside for line in name.splitlines() or [""])
        tops = np.cumsum(high) - high
        return Rows(beside, True, tops, tops + high / 2, float(high.sum()), _FULL - _CHARACTER * longest)
    tops = np.cumsum(stacked) - stacked
    middles = tops + stacked - _GAP - thickness / 2
    return Rows(above, False, tops, middles, float(stacked.sum()), _FULL)


def _lines(label: str) -> int:
    return label.count("\n") + 1


def new_rows_figure(rows: Rows, *, furniture: float) -> tuple[Figure, Axes]:
    """A figure as high as its rows and `furniture` (inches for title, legend, ticks), the labels written; y in points."""
    figure, ax = new_figure(height=rows.height / 72 + furniture)
    ax.set_ylim(rows.height, 0)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    if rows.beside:
        ax.set_yticks(rows.middles, rows.labels)
        ax.tick_params(axis="y", length=0)
    else:
        ax.set_yticks([])
        for top, label in zip(rows.tops, rows.labels, strict=True):
            ax.text(0, top, label, transform=ax.get_yaxis_transform(), va="top", linespacing=1.15)
    return figure, ax


def leave_room(ax: Axes, rows: Rows, largest: float, smallest: float, texts: Iterable[str]) -> None:
    """Limits of x from 0, or the smallest value below it, with room at the right for the longest text at a bar's end."""
    share = min(0.6, (_CHARACTER * max(len(text) for text in texts) + 6) / rows.room)
    left = min(0.0, smallest)
    span = (largest - left) or 1.0
    ax.set_xlim(left, left + span / (1 - share))
