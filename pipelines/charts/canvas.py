"""A blank sheet that counts points from its top left corner, for charts whose places are all computed."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.charts.lettering import FULL, LINE, more_lines, wrap
from pipelines.charts.style import FONT_SIZE, new_figure

# Inches: a line of title, the blank below it, the edges of the figure.
_FURNITURE = (1.2 * FONT_SIZE + 8 + 6) / 72
# Where a line of text stands: its share of the height of a line above the baseline.
_ASCENT = 0.77


def new_canvas(height: float, title: str) -> tuple[Figure, Axes]:
    """A figure that holds `height` points below its wrapped title; x from 0 to FULL, y from 0 at the top, no axis."""
    written = wrap(title, FULL)
    figure, ax = new_figure(height=height / 72 + _FURNITURE + more_lines(written))
    # Its place is given: to look for one, matplotlib would measure every panel inside, at each of its passes.
    ax.set_title(written, y=1.0)
    ax.set_xlim(0, FULL)
    ax.set_ylim(height, 0)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.axis("off")
    return figure, ax


def write_lines(ax: Axes, x: float, top: float, text: str, **look: Any) -> None:
    """A wrapped text from `top` down, a line every LINE points: texts side by side share their baselines.

    Matplotlib would place lines by the letters they happen to hold.
    """
    for at, line in enumerate(text.split("\n")):
        ax.text(x, top + LINE * (at + _ASCENT), line, va="baseline", in_layout=False, **look)
