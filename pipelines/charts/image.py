"""A chart as the image that a page holds."""

from dataclasses import dataclass

from pipelines.charts.style import Chart, to_svg


@dataclass(frozen=True)
class Image:
    """An image: its type, its bytes, its size in CSS pixels (1/96 inch)."""

    mime: str
    content: bytes
    width: float
    height: float


def render_image(chart: Chart, *, mark: str = "") -> Image:
    """The chart as an image; `mark` stands below it."""
    width, height = chart.figure.get_size_inches()
    return Image("image/svg+xml", to_svg(chart, mark=mark), 96 * width, 96 * height)
