"""What is measured on a drawn figure: the boxes of the texts that a reader sees."""

from collections.abc import Callable

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tests.shipped import shipped_contract

Box = tuple[str, Bbox]


@pytest.fixture(scope="session")
def orientations() -> list[str]:
    """The labels of the shipped orientations as reports write them, the longest that charts get."""
    return [
        f"{line.code} {line.libelle}" + (" (libellé fictif)" if line.est_fictif else "")
        for line in shipped_contract().orientations
    ]


def _boxes(figure: Figure) -> list[Box]:
    FigureCanvasAgg(figure).draw()
    # A panel is the child of its canvas: the figure does not list it.
    axes = [axis for ax in figure.findobj(Axes) if ax.axison for axis in (ax.xaxis, ax.yaxis)]
    ticks = [(axis, tick) for axis in axes for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())]
    labels = {text for _, tick in ticks for text in (tick.label1, tick.label2)}
    seen = [
        tick.label1
        for axis, tick in ticks
        if min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    ]
    hidden = {
        text for ax in figure.findobj(Axes) if not ax.axison for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks() for text in (tick.label1, tick.label2)
    }  # fmt: skip
    seen += [text for text in figure.findobj(Text) if text not in labels | hidden]
    return [
        (text.get_text(), text.get_window_extent()) for text in seen if text.get_visible() and text.get_text().strip()
    ]


@pytest.fixture(scope="session")
def boxes() -> Callable[[Figure], list[Box]]:
    """Text and box, in pixels, of every text that a figure shows."""
    return _boxes
