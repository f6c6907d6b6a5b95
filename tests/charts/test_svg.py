"""The same chart gives the same bytes, in this process or another, and its mark stands inside the image."""

import hashlib
import re
import subprocess
import sys

import matplotlib as mpl
import pandas as pd
import pytest

from pipelines.charts.bars import draw_paired_bars, draw_ranked_bars, draw_stacked_years
from pipelines.charts.gaps import draw_gaps
from pipelines.charts.lettering import measure
from pipelines.charts.lines import draw_lines
from pipelines.charts.style import Chart, to_svg
from pipelines.report.report import FICTIONAL

FRAME = pd.DataFrame(
    {"annee": [2021, 2022], "nom": ["Été à l'Escaut", "b"], "montant_a": [1.5, 2.0], "montant_b": [1.0, 3.0]}
)
DRAWN = {
    "ranked": lambda: draw_ranked_bars(FRAME, label="nom", value="montant_a", axis="Euros"),
    "paired": lambda: draw_paired_bars(
        FRAME, label="nom", pair=("montant_a", "montant_b"), names=("Demandé", "Accordé"), axis="Euros"
    ),
    "stacked": lambda: draw_stacked_years(FRAME, year="annee", category="nom", value="montant_a", axis="Euros"),
    "gaps": lambda: draw_gaps(
        FRAME, label="nom", value="montant_a", reference=1.8, reference_name="France", unit="€", axis="Euros"
    ),
    "lines": lambda: draw_lines(FRAME, year="annee", category="nom", value="montant_a", axis="Euros"),
}
KINDS = pytest.mark.parametrize("kind", DRAWN)


@KINDS
def test_same_bytes_twice_marked_or_not(kind: str) -> None:
    chart = DRAWN[kind]()
    plain, marked = to_svg(chart), to_svg(chart, mark=FICTIONAL)
    assert plain != marked
    assert to_svg(chart) == to_svg(DRAWN[kind]()) == plain
    assert to_svg(chart, mark=FICTIONAL) == to_svg(DRAWN[kind](), mark=FICTIONAL) == marked


def digests() -> dict[str, str]:
    return {kind: hashlib.sha256(to_svg(draw(), mark=FICTIONAL)).hexdigest() for kind, draw in DRAWN.items()}


def test_same_bytes_in_a_new_process() -> None:
    code = f"import runpy; print(runpy.run_path({__file__!r})['digests']())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(digests())


@KINDS
def test_a_persons_own_settings_change_nothing(kind: str) -> None:
    expected = to_svg(DRAWN[kind]())
    own = {"font.size": 20, "font.family": "monospace", "lines.linewidth": 9, "hatch.linewidth": 5, "savefig.dpi": 33,
           "axes.facecolor": "black", "legend.fontsize": 30, "xtick.labelsize": 2}  # fmt: skip
    with mpl.rc_context(own):
        assert to_svg(DRAWN[kind]()) == expected


@KINDS
def test_drawing_leaves_the_settings_alone(kind: str) -> None:
    before = dict(mpl.rcParams)
    to_svg(DRAWN[kind](), mark=FICTIONAL)
    assert dict(mpl.rcParams) == before


@KINDS
def test_no_date_no_program_no_font_is_named(kind: str) -> None:
    svg = to_svg(DRAWN[kind](), mark=FICTIONAL).decode()
    assert re.search(r"dc:date|dc:creator|<text|font-family|/home|\.ttf", svg) is None


def mark_of(svg: str, mark: str) -> tuple[float, float]:
    """Where the outlines of a text begin, in points from the top left."""
    found = re.search(rf"<!-- {mark} -->\s*<g [^>]*transform=\"translate\(([\d.]+) ([\d.]+)\)", svg)
    assert found is not None
    return float(found[1]), float(found[2])


def size_of(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    return float(found[1]), float(found[2])


@KINDS
def test_the_mark_is_whole_inside_the_image_below_everything_else(kind: str) -> None:
    chart: Chart = DRAWN[kind]()
    plain, marked = to_svg(chart).decode(), to_svg(chart, mark=FICTIONAL).decode()
    (left, baseline), (width, height) = mark_of(marked, FICTIONAL), size_of(marked)
    assert 0 < left < left + measure(FICTIONAL) <= width
    assert size_of(plain)[1] < baseline < height - 2


@KINDS
def test_the_mark_takes_no_room_from_the_chart(kind: str) -> None:
    chart: Chart = DRAWN[kind]()
    sizes = [size_of(svg.decode()) for svg in (to_svg(chart), to_svg(chart, mark=FICTIONAL))]
    assert sizes[1][0] == sizes[0][0]
    assert sizes[1][1] == pytest.approx(sizes[0][1] + 0.25 * 72)


@KINDS
def test_no_mark_unless_asked(kind: str) -> None:
    assert FICTIONAL not in to_svg(DRAWN[kind]()).decode()
