"""What a chart becomes where no value is known."""

import pandas as pd

from pipelines.charts.lettering import FULL, more_lines, shorten, wrap
from pipelines.charts.style import GREY, Chart, in_house_style, new_figure


@in_house_style
def say_nothing_to_draw(axis: str, data: pd.DataFrame, why: str = "aucune valeur à représenter.") -> Chart:
    """One sentence that names the measure and says `why`, in the image and in its text alternative."""
    # A long name must leave room for what is said of it.
    sentence = f"{shorten(axis, 100)} : {why}"
    written = wrap(sentence, FULL)
    figure, ax = new_figure(height=0.6 + more_lines(written))
    ax.axis("off")
    ax.text(0, 0.5, written, transform=ax.transAxes, va="center", color=GREY)
    return Chart(figure, sentence, data)
