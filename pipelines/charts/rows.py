"""Rows of a horizontal chart: where each stands, and its label beside it or, where that is shorter, above it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.charts.lettering import FULL, LINE, MOST_LINES, count_lines, measure, more_lines, wrap
from pipelines.charts.style import new_figure

# Points: the blank between rows, the widest label that stands beside its row.
_GAP, _BESIDE = 10.0, 150.0


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
    names = list(labels)
    beside, above = ([wrap(name, width) for name in names] for width in (_BESIDE, FULL))
    high = np.array([max(LINE * count_lines(name), thickness) + _GAP for name in beside])
    stacked = np.array([LINE * count_lines(name) + thickness + _GAP for name in above])
    # Above, the marks have the whole width: a little height is worth it, and so is a label that is cut beside them.
    if high.sum() < 0.9 * stacked.sum() and max(map(count_lines, beside)) < MOST_LINES:
        tops = np.cumsum(high) - high
        return Rows(beside, True, tops, tops + high / 2, float(high.sum()), FULL - max(map(measure, beside)))
    tops = np.cumsum(stacked) - stacked
    middles = tops + stacked - _GAP - thickness / 2
    return Rows(above, False, tops, middles, float(stacked.sum()), FULL)


def new_rows_figure(rows: Rows, title: str, *, furniture: float) -> tuple[Figure, Axes]:
    """A figure as high as its rows and `furniture` (inches for title, legend, ticks), labels written; y in points.

    A `title` of several lines, wrapped already, makes the figure higher.
    """
    figure, ax = new_figure(height=rows.height / 72 + furniture + more_lines(title))
    ax.set_title(title)
    ax.set_ylim(rows.height, 0)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    if rows.beside:
        ax.set_yticks(rows.middles, rows.labels)
        ax.tick_params(axis="y", length=0)
    else:
        ax.set_yticks([])
        for top, label in zip(rows.tops, rows.labels, strict=True):
            # Known to fit: the layout engine would take it for something to make room for. White: no line crosses it.
            ax.text(
                0, top, label, transform=ax.get_yaxis_transform(), va="top", linespacing=1.15, in_layout=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
    return figure, ax


def leave_room(ax: Axes, rows: Rows, largest: float, smallest: float, texts: Iterable[str]) -> None:
    """Limits of x from 0, or the smallest value below it, with room at the right for the longest text at its end."""
    share = min(0.6, (max(map(measure, texts)) + 6) / rows.room)
    left = min(0.0, smallest)
    span = (largest - left) or 1.0
    ax.set_xlim(left, left + span / (1 - share))
