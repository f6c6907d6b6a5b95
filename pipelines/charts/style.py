"""House style: narrow figures that stay legible on a phone, a palette safe for colour-blind readers, same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter, MaxNLocator

from pipelines.numbers import format_number
from pipelines.values import plain, plain_frame

# Each stands at 3:1 or more against white; any two stay apart for deuteranopes and protanopes, and dark and light
# alternate so that neighbours stay apart in a grey print. The last, for what has no category, is grey.
BLUE, OCHRE, PLUM, STEEL, BRICK, GREEN = "#0b4f8a", "#b08315", "#4a1a33", "#519bb8", "#8c2d10", "#1f9d70"
GREY, INK, SLATE = "#767676", "#1f2933", "#52606d"
PALETTE = (BLUE, OCHRE, PLUM, STEEL, BRICK, GREEN, GREY)
HATCHES = ("", "///", "++", "\\\\\\", "xxx", "---", "")

# Inches and points: 11 points on 5.6 inches are still more than 9 pixels on the 340 that a phone leaves for a figure.
WIDTH, FONT_SIZE = 5.6, 11
# A person's own matplotlibrc must not change a report: every parameter is set, not only ours.
RC = {
    **{name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith("backend")},
    **sns.axes_style("whitegrid"),
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "axes.edgecolor": "#9aa5b1",
    "axes.labelcolor": INK,
    "axes.titlecolor": SLATE,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.titlesize": "medium",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#e4e7eb",
    "hatch.linewidth": 0.8,
    "legend.borderaxespad": 0.3,
    "legend.borderpad": 0,
    "legend.frameon": False,
    "text.color": INK,
    # A label with dollar signs is text, not mathematics.
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "ose",
}
in_house_style = mpl.rc_context(RC)


@dataclass(frozen=True)
class Chart:
    """A figure, the text alternative that says its message, and the frame that it draws."""

    figure: Figure
    alt: str
    data: pd.DataFrame

    def without_marks(self) -> "Chart":
        """The chart with plain texts: a label that a notebook wrote with `pipelines.values` bears marks."""
        for text in self.figure.findobj(Text):
            text.set_text(plain(text.get_text()))
        return Chart(self.figure, plain(self.alt), plain_frame(self.data))


def new_figure(height: float) -> tuple[Figure, Axes]:
    """An empty figure in the house style, `height` in inches; it belongs to no window and to no global state."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots()


def french_axis(axis: mpl.axis.Axis) -> None:
    """At most six ticks, with decimal comma and narrow no-break spaces, and as many decimals as their step needs."""
    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(_FrenchNumbers())


class _FrenchNumbers(Formatter):
    """The ticks of an axis as numbers in French; their decimals are found once for all, not at each tick."""

    decimals = 0

    def set_locs(self, locs: Sequence[float]) -> None:
        self.decimals = 0 if all(float(tick).is_integer() for tick in locs) else 1

    def __call__(self, value: float, pos: int | None = None) -> str:
        return format_number(value, self.decimals)
