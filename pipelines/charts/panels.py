"""Panels on a canvas: axes whose place is computed in points, so that what stands around them is known to fit."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pipelines.charts.lettering import FULL, measure
from pipelines.charts.style import FONT_SIZE, french_axis
from pipelines.numbers import format_number

# Points: what tick labels need below a panel.
TICKS = FONT_SIZE + 7.0


def add_panel(canvas: Axes, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place of the canvas, in its points; the layout makes no room for what they hold."""
    # Shares of the canvas, which counts points downwards from its top.
    whole = canvas.get_ylim()[0]
    panel = canvas.inset_axes((left / FULL, 1 - (top + height) / whole, width / FULL, height / whole))
    panel.set_in_layout(False)
    panel.tick_params(length=0, pad=3)
    return panel


def measure_ticks(bottom: float, top: float) -> float:
    """Points that the widest tick label of a scale may need, as `french_axis` writes it."""
    ticks = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(bottom, top)
    whole = all(float(tick).is_integer() for tick in ticks)
    return max(measure(format_number(tick, 0 if whole else 1)) for tick in np.asarray(ticks))


def scale_panel(panel: Axes, *, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> None:
    """The limits of the axes, and French numbers along those that are given."""
    if x is not None:
        panel.set_xlim(x)
        french_axis(panel.xaxis)
    if y is not None:
        panel.set_ylim(y)
        french_axis(panel.yaxis)
