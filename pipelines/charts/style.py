"""House style: one palette safe for colour-blind readers, one type size, SVG with the same bytes every time."""

import io
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pipelines.numbers import format_number

# Okabe and Ito's order, darkened where needed for 3:1 against white; lightness differs so that grey prints tell them apart.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY = "#0b4f8a", "#e69f00", "#00795c", "#c84e00", "#a25a86", "#767676"
PALETTE = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, "#56b4e9")
INK = "#1f2933"
RC = {
    **sns.axes_style("whitegrid"),
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.edgecolor": "#9aa5b1",
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#e4e7eb",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "ose",
    "figure.constrained_layout.use": True,
}


@dataclass(frozen=True)
class Chart:
    """A figure, the text alternative that says its message, and the frame that it draws."""

    figure: Figure
    alt: str
    data: pd.DataFrame


def new_figure(width: float = 7.2, height: float = 4.0) -> tuple[Figure, Axes]:
    """An empty figure in the house style, in inches; it belongs to no window and to no global state."""
    with mpl.rc_context(RC):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots()


def french_axis(axis: mpl.axis.Axis, *, decimals: int = 0, suffix: str = "") -> None:
    """Ticks with decimal comma and narrow no-break spaces."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, decimals) + suffix))


def to_svg(chart: Chart, *, mark: str = "") -> bytes:
    """The figure as SVG, text as outlines, without date; `mark` is written inside the image, so that a copy still says it."""
    if mark:
        chart.figure.supxlabel(mark, x=0.995, ha="right", fontsize=8, color=VERMILION, fontstyle="italic")
    buffer = io.BytesIO()
    with mpl.rc_context(RC):
        chart.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
