"""A chart as the image that a page holds."""

import io
from dataclasses import dataclass

import PIL.Image
import PIL.ImageChops
from matplotlib.backends.backend_svg import FigureCanvasSVG

from pipelines.charts.style import BRICK, Chart, in_house_style
from pipelines.charts.svg import compact

# What printers ask for: a PNG of fewer dots would be smaller than the SVG by being less sharp.
DOTS = 300
# Bytes: a picture of so few is not worth drawing again as another.
LIGHT = 100_000
# Four times the dots make a PNG at least so many times as large: a test holds it for every chart.
QUADRUPLED = 1.7**2
# Inches: the strip below the figure where the mark stands.
_STRIP = 0.25
# Levels of 255: no eye tells two colours apart that differ by less.
_UNSEEN = 12


@dataclass(frozen=True)
class Image:
    """An image: its type, its bytes, its size in CSS pixels (1/96 inch)."""

    mime: str
    content: bytes
    width: float
    height: float


def render_image(chart: Chart, *, mark: str = "") -> Image:
    """The chart as SVG, or as PNG of 300 dots an inch where the SVG is heavy and the PNG has fewer bytes.

    `mark` stands in a strip below it. The same chart gives the same bytes. Neither holds a style, script, address, date
    or program name: a page whose Content-Security-Policy allows `img-src data:` shows it.
    """
    width, height = map(float, chart.figure.get_size_inches())
    size = (96 * width, 96 * (height + (_STRIP if mark else 0)))
    svg = compact(draw(chart, "svg", mark=mark))
    if len(svg) > LIGHT:
        # A quarter of the dots are compressed ten times as fast, and mostly tell that all of them would be too many.
        quarter = optimise(draw(chart, "png", mark=mark, dots=DOTS // 4, again=True))
        if QUADRUPLED * len(quarter) < len(svg):
            png = optimise(draw(chart, "png", mark=mark))
            if len(png) < len(svg):
                return Image("image/png", png, *size)
    return Image("image/svg+xml", svg, *size)


@in_house_style
def draw(chart: Chart, kind: str, *, mark: str = "", dots: int = DOTS, again: bool = False) -> bytes:
    """The figure as matplotlib writes it, `kind` "svg" (text as outlines) or "png"; a copy still bears its mark.

    `again`: all stands where the last drawing put it, be its dots others: enough for a picture that nobody sees.
    """
    figure, buffer = chart.figure, io.BytesIO()
    layout, height, strip = figure.get_layout_engine(), figure.get_figheight(), _STRIP if mark else 0.0
    figure.set_figheight(height + strip)
    layout.set(rect=(0, strip / (height + strip), 1, height / (height + strip)))
    text = figure.text(0.99, 0.06 / (height + strip), mark, ha="right", va="bottom", color=BRICK, fontstyle="italic")
    if again:
        figure.set_layout_engine("none")
    else:
        # The layout starts from where the last one ended: begin anew, or the bytes depend on earlier draws.
        for ax in figure.axes:
            ax.set_subplotspec(ax.get_subplotspec())
    canvas = figure.canvas
    try:
        if kind == "svg":
            # `savefig` would draw twice, once to lay out alone: what is written once is the same.
            FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
        else:
            # Compressed later, when what it says of its program is gone.
            figure.savefig(buffer, format=kind, dpi=dots, pil_kwargs={"compress_level": 0})
    finally:
        figure.set_canvas(canvas)
        # The chart is left as it was: another call, with or without a mark, draws the same figure.
        text.remove()
        figure.set_layout_engine(layout)
        layout.set(rect=(0, 0, 1, 1))
        figure.set_figheight(height)
    return buffer.getvalue()


def optimise(png: bytes) -> bytes:
    """The picture in 256 colours where nobody sees the difference, and compressed as well as can be."""
    picture = PIL.Image.open(io.BytesIO(png)).convert("RGB")
    fewer = picture.quantize(256, PIL.Image.Quantize.MAXCOVERAGE, dither=PIL.Image.Dither.NONE)
    difference = PIL.ImageChops.difference(picture, fewer.convert("RGB"))
    seen = max(high for _, high in difference.getextrema()) > _UNSEEN
    buffer = io.BytesIO()
    (picture if seen else fewer).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
