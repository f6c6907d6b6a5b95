"""The scale of classes above a chart: the shades side by side, and the limits between them."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from pipelines.charts.canvas import write_lines
from pipelines.charts.lettering import measure
from pipelines.charts.shades import Unit, pick_shades, write_limit

# Points: the height of a shade.
SWATCH = 13.0
_NARROWEST = 36.0


def draw_scale(ax: Axes, limits: Sequence[float], unit: Unit) -> None:
    """The shades side by side at the top of a canvas, each limit below the line where two of them meet."""
    texts = [write_limit(limit, unit) for limit in limits]
    width = max(_NARROWEST, max(map(measure, texts)) + 8)
    for at, (colour, _) in enumerate(pick_shades(limits)):
        ax.add_patch(Rectangle((at * width, 0), width, SWATCH, facecolor=colour, linewidth=0, clip_on=False))
    for at, text in enumerate(texts, 1):
        write_lines(ax, at * width, SWATCH, text, ha="center")
