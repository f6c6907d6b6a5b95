"""A chart as an image: nothing in it but the drawing, the same bytes anywhere, the smaller format, the mark inside."""

import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pandas as pd
import PIL.Image
import pytest
from matplotlib.figure import Figure

from pipelines.charts.image import DOTS, QUADRUPLED, draw, optimise, render_image
from pipelines.charts.lettering import measure
from pipelines.charts.style import BRICK, Chart
from pipelines.charts.svg import compact
from pipelines.report.report import FICTIONAL
from tests.charts.samples import CHARTS, HOSTILE, NAMES, ORDINARY, crowded
from tests.conftest import sample

# One code renders them all: one of axes, one of panels on a canvas; the others in the long tests.
SHORT = ("ranked", "multiples")
KINDS = pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in SHORT else pytest.mark.long) for kind in CHARTS]
)
LABELS = pytest.mark.parametrize("name", ["ordinary", *NAMES])
SVG = "{http://www.w3.org/2000/svg}"
LONG = "Accompagner la réussite éducative et l'autonomie des jeunes (libellé fictif)"
ELEMENTS = {"svg", "g", "defs", "path", "use", "rect", "clipPath", "pattern"}


def svg_of(chart: Chart, mark: str = "") -> str:
    return compact(draw(chart, "svg", mark=mark)).decode()


def png_of(chart: Chart, mark: str = "") -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(optimise(draw(chart, "png", mark=mark))))


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 our own drawing


# what a page may hold


@KINDS
@LABELS
def test_the_svg_holds_a_drawing_and_nothing_else(kind: str, name: str) -> None:
    svg = svg_of(CHARTS[kind](HOSTILE.get(name, ORDINARY)), FICTIONAL)
    elements = list(read(svg).iter())
    # What the style sheet said of every element.
    assert elements[0].get("stroke-linejoin") == "round"
    assert {element.tag for element in elements} <= {SVG + name for name in ELEMENTS}
    assert not any((element.text or "") + (element.tail or "") for element in elements)
    attributes = [(name, value) for element in elements for name, value in element.attrib.items()]
    assert [name for name, _ in attributes if name in ("style", "class") or ":" in name or name.startswith("on")] == []
    assert re.search(r"style|script|<!|<\?|//(?!www\.w3\.org/2000/svg\")|font|\.ttf", svg) is None
    names = {value for name, value in attributes if name == "id"}
    referred = {value.removeprefix("#") for name, value in attributes if name == "href"}
    referred |= set(re.findall(r"url\(#(.*?)\)", svg))
    assert names == referred
    assert max(map(len, names)) <= 3


@KINDS
def test_the_svg_is_more_than_a_third_smaller(kind: str) -> None:
    chart = CHARTS[kind](LONG)
    assert len(compact(draw(chart, "svg"))) < 0.6 * len(draw(chart, "svg"))


def test_a_figure_of_ones_own_may_hold_links_and_control_characters() -> None:
    figure = Figure(layout="constrained")
    ax = figure.subplots()
    ax.barh([0], [1], url="https://example.org/")
    ax.set_title("<script>\x00")
    with pytest.warns(UserWarning, match="Glyph 0"):
        svg = svg_of(Chart(figure, "", pd.DataFrame()))
    assert "example.org" not in svg
    assert read(svg) is not None


# the lighter of two


@KINDS
def test_the_smaller_format_is_chosen(kind: str) -> None:
    chart = CHARTS[kind](ORDINARY)
    image = render_image(chart, mark=FICTIONAL)
    assert image.mime == "image/svg+xml"
    assert len(image.content) < len(optimise(draw(chart, "png", mark=FICTIONAL)))


def test_many_marks_make_a_png() -> None:
    image = render_image(crowded())
    assert image.mime == "image/png"
    assert len(image.content) < len(svg_of(crowded()))
    assert PIL.Image.open(io.BytesIO(image.content)).size == pytest.approx(
        (DOTS * image.width / 96, DOTS * image.height / 96), abs=1
    )


def chunks(png: bytes) -> Iterator[str]:
    at = 8
    while at < len(png):
        yield png[at + 4 : at + 8].decode()
        at += 12 + int.from_bytes(png[at : at + 4])


def test_the_png_holds_a_palette_and_nothing_else() -> None:
    assert list(dict.fromkeys(chunks(render_image(crowded()).content))) == ["IHDR", "PLTE", "IDAT", "IEND"]


@KINDS
def test_the_palette_shows(kind: str) -> None:
    chart = CHARTS[kind](ORDINARY)
    before = PIL.Image.open(io.BytesIO(draw(chart, "png"))).convert("RGB")
    after = png_of(chart)
    assert after.mode == "P"
    assert np.abs(np.asarray(before, int) - np.asarray(after.convert("RGB"), int)).max() <= 12


def test_a_palette_that_would_show_is_not_taken() -> None:
    levels = np.linspace(0, 255, 96).astype("uint8")
    red, green = np.meshgrid(levels, levels)
    buffer = io.BytesIO()
    PIL.Image.fromarray(np.dstack([red, green, red[::-1]])).save(buffer, "PNG")
    after = PIL.Image.open(io.BytesIO(optimise(buffer.getvalue())))
    assert after.mode == "RGB"
    assert np.array_equal(np.asarray(after), np.dstack([red, green, red[::-1]]))


# same bytes


@KINDS
def test_same_bytes_twice_marked_or_not(kind: str) -> None:
    chart = CHARTS[kind](ORDINARY)
    plain, marked = render_image(chart), render_image(chart, mark=FICTIONAL)
    assert plain != marked
    again = CHARTS[kind](ORDINARY)
    assert render_image(again, mark=FICTIONAL) == marked
    assert render_image(again) == render_image(chart) == plain


@KINDS
def test_a_drawing_does_not_depend_on_earlier_ones(kind: str) -> None:
    chart = CHARTS[kind](LONG)
    plain, marked = draw(chart, "svg"), draw(chart, "svg", mark=FICTIONAL)
    draw(chart, "png")
    assert draw(chart, "svg") == plain
    assert draw(chart, "svg", mark=FICTIONAL) == marked


@pytest.mark.parametrize("kind", sample([*CHARTS, "crowded"], one_in=3))
def test_four_times_the_dots_are_so_many_times_the_bytes(kind: str) -> None:
    """What lets a heavy chart do without its whole PNG: a quarter of the dots tell that the SVG would be smaller."""
    chart = crowded() if kind == "crowded" else CHARTS[kind](ORDINARY)
    whole = len(optimise(draw(chart, "png")))
    quarter = len(optimise(draw(chart, "png", dots=DOTS // 4, again=True)))
    assert QUADRUPLED * quarter < whole


@KINDS
def test_a_drawing_in_the_places_of_the_last_leaves_the_next_as_it_was(kind: str) -> None:
    chart = CHARTS[kind](LONG)
    marked = draw(chart, "svg", mark=FICTIONAL)
    draw(chart, "png", mark=FICTIONAL, dots=DOTS // 4, again=True)
    assert draw(chart, "svg", mark=FICTIONAL) == marked


def digests(*kinds: str) -> dict[str, str]:
    charts = {kind: CHARTS[kind](ORDINARY) for kind in kinds} | {"crowded": crowded()}
    images = {kind: render_image(chart, mark=FICTIONAL).content for kind, chart in charts.items()}
    images["png"] = optimise(draw(charts["crowded"], "png"))
    return {kind: hashlib.sha256(content).hexdigest() for kind, content in images.items()}


@pytest.mark.long
def test_same_bytes_in_a_new_process() -> None:
    root = Path(__file__).parents[2]
    call = f"runpy.run_path({__file__!r})['digests'](*{(*CHARTS,)!r})"
    code = f"import runpy, sys; sys.path.insert(0, {str(root)!r}); print({call})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(digests(*CHARTS))


@KINDS
def test_a_persons_own_settings_change_nothing(kind: str) -> None:
    expected = render_image(CHARTS[kind](ORDINARY), mark=FICTIONAL)
    own = {"font.size": 20, "font.family": "monospace", "lines.linewidth": 9, "hatch.linewidth": 5, "savefig.dpi": 33,
           "axes.facecolor": "black", "legend.fontsize": 30, "xtick.labelsize": 2,
           "svg.fonttype": "none", "savefig.facecolor": "black"}  # fmt: skip
    with mpl.rc_context(own):
        assert render_image(CHARTS[kind](ORDINARY), mark=FICTIONAL) == expected


@KINDS
def test_drawing_leaves_the_settings_alone(kind: str) -> None:
    before = dict(mpl.rcParams)
    render_image(CHARTS[kind](ORDINARY), mark=FICTIONAL)
    assert dict(mpl.rcParams) == before


# the mark


def brick_text(svg: str) -> tuple[float, float, list[str]]:
    """The one text in brick: where it begins, in points from the top left, and the name of each of its letters."""
    texts = [group for group in read(svg).iter(f"{SVG}g") if group.find(f"{SVG}use[@href]") is not None]
    (mark,) = [text for text in texts if text.get("fill") == BRICK]
    place = re.match(r"translate\(([\d.]+) ([\d.]+)\)", mark.get("transform", ""))
    assert place is not None
    return float(place[1]), float(place[2]), [use.get("href", "") for use in mark.iter(f"{SVG}use")]


def size_of(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    return float(found[1]), float(found[2])


def pattern(letters: list[str]) -> list[int]:
    """A text by which of its letters are alike; a ligature is one letter."""
    return [letters.index(letter) for letter in letters]


@KINDS
def test_the_mark_is_whole_inside_the_svg_below_everything_else(kind: str) -> None:
    chart = CHARTS[kind](ORDINARY)
    plain, marked = svg_of(chart), svg_of(chart, FICTIONAL)
    left, baseline, letters = brick_text(marked)
    ligature = FICTIONAL.replace("fi", "ﬁ")
    assert pattern(letters) in [pattern(list(text.replace(" ", ""))) for text in (FICTIONAL, ligature)]
    width, height = size_of(marked)
    assert 0 < left < left + measure(FICTIONAL) <= width
    assert size_of(plain)[1] < baseline < height - 2


@KINDS
def test_the_mark_is_whole_inside_the_png_below_everything_else(kind: str) -> None:
    chart = CHARTS[kind](ORDINARY)
    plain, marked = (np.asarray(png_of(chart, mark).convert("RGB"), int) for mark in ("", FICTIONAL))
    strip = marked[len(plain) :]
    assert len(strip) == DOTS / 4
    inked = (strip < 250).any(axis=2)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert 0 < rows[0] < rows[-1] < len(strip) - 1
    assert columns[-1] < strip.shape[1] - 1
    assert columns[-1] - columns[0] == pytest.approx(measure(FICTIONAL) * DOTS / 72, rel=0.05)
    brick = [int(BRICK[at : at + 2], 16) for at in (1, 3, 5)]
    assert (np.abs(strip - brick).max(axis=2) <= 12).sum() > 1000


@KINDS
def test_the_mark_takes_no_room_from_the_chart(kind: str) -> None:
    chart = CHARTS[kind](ORDINARY)
    plain, marked = render_image(chart), render_image(chart, mark=FICTIONAL)
    assert (marked.width, marked.height) == (plain.width, pytest.approx(plain.height + 24))
    assert size_of(plain.content.decode()) == pytest.approx((plain.width * 0.75, plain.height * 0.75))
    assert size_of(marked.content.decode()) == pytest.approx((marked.width * 0.75, marked.height * 0.75))


@KINDS
def test_no_mark_unless_asked(kind: str) -> None:
    assert BRICK not in svg_of(CHARTS[kind](ORDINARY))
