"""Flows: widths are amounts, blocks are sums, and what has no band is said."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from pipelines.charts.flows import draw_flows
from pipelines.charts.style import PALETTE, Chart
from pipelines.errors import UsageError

AXIS = "Montant accordé, en euros"
NBSP = "\u202f"
ROWS = [
    ("Caf", "Santé", 10_000.0), ("Caf", "Emploi", 5_000.0), ("État", "Santé", 40_000.0), ("État", "Emploi", 45_000.0),
    ("Région", "Emploi", 1.0),
]  # fmt: skip


def flows(rows: list[tuple], **options: object) -> Chart:
    frame = pd.DataFrame(rows, columns=["financeur", "orientation", "montant"])
    return draw_flows(
        frame, source="financeur", target="orientation", value="montant", names=("Financeurs", "Orientations"),
        axis=AXIS, **options,
    )  # fmt: skip


def texts(chart: Chart) -> list[str]:
    return [text.get_text() for text in chart.figure.findobj(Text) if text.get_text().strip()]


def bands(chart: Chart) -> list[np.ndarray]:
    """Corners of each band, the widest first: left top, right top, right bottom, left bottom."""
    shapes = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, PathPatch) and patch.get_fill()]
    return [shape.get_path().vertices[[0, 3, 4, 7]] for shape in shapes]


def blocks(chart: Chart) -> list[Rectangle]:
    return [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]


def widths(chart: Chart) -> list[tuple[float, float]]:
    return [(corners[3, 1] - corners[0, 1], corners[2, 1] - corners[1, 1]) for corners in bands(chart)]


def test_bands_are_as_wide_as_their_amounts() -> None:
    drawn = widths(flows(ROWS))
    scale = drawn[0][0] / 45_000
    for amount, ends in zip((45_000, 40_000, 10_000, 5_000, 1), drawn, strict=True):
        assert ends == pytest.approx((scale * amount, scale * amount), abs=1e-9)


def test_a_band_is_equally_wide_from_end_to_end() -> None:
    for shape in flows(ROWS).figure.axes[0].patches:
        if isinstance(shape, PathPatch) and shape.get_fill():
            top, below = shape.get_path().vertices[:4], shape.get_path().vertices[:3:-1]
            assert top[:, 0] == pytest.approx(below[:, 0])
            assert np.ptp(below[:, 1] - top[:, 1]) == pytest.approx(0, abs=1e-9)


def test_blocks_are_the_sums_of_their_bands_on_one_scale() -> None:
    chart = flows(ROWS)
    heights = [block.get_height() for block in blocks(chart)]
    scale = widths(chart)[0][0] / 45_000
    # From the largest down: État, Caf, Région; Emploi, Santé.
    assert heights == pytest.approx([scale * sums for sums in (85_000, 15_000, 1, 50_001, 50_000)])
    assert sum(heights[:3]) == pytest.approx(sum(heights[3:]))
    shown = texts(chart)
    assert [shown.index(name) for name in ("État", "Caf", "Région")] == sorted(
        map(shown.index, ("État", "Caf", "Région"))
    )
    for amount in (f"85{NBSP}000{NBSP}€", f"15{NBSP}000{NBSP}€", f"1{NBSP}€", f"50{NBSP}001{NBSP}€"):
        assert amount in shown


@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_bands_fill_their_blocks_without_overlap(side: int) -> None:
    chart = flows(ROWS)
    top, below = ((0, 3), (1, 2))[side]
    ends = sorted((corners[top, 1], corners[below, 1]) for corners in bands(chart))
    sides = [block for block in blocks(chart) if (block.get_x() < 200) == (side == 0)]
    for block in sides:
        inside = [end for end in ends if block.get_y() - 1e-6 <= end[0] < block.get_y() + block.get_height() - 1e-9]
        assert inside[0][0] == pytest.approx(block.get_y())
        assert inside[-1][1] == pytest.approx(block.get_y() + block.get_height())
        assert all(one[1] == pytest.approx(other[0]) for one, other in itertools.pairwise(inside))


def test_blocks_and_labels_stand_apart() -> None:
    chart = flows([(f"F{one}", f"O{other}", 3.0 ** (one + other)) for one in range(7) for other in range(12)])
    for edge in (True, False):
        column = [block for block in blocks(chart) if (block.get_x() < 200) == edge]
        for one, other in itertools.pairwise(column):
            assert one.get_y() + one.get_height() < other.get_y()


def test_sources_differ_by_more_than_colour() -> None:
    chart = flows([(f"F{at}", "Santé", 10.0 - at) for at in range(len(PALETTE))])
    looks = [(block.get_hatch() or "", block.get_facecolor()) for block in blocks(chart)[: len(PALETTE)]]
    assert len(set(looks)) == len(PALETTE)
    assert all(one[0] != other[0] for one, other in itertools.pairwise(looks))


def test_the_words_of_a_figure() -> None:
    assert flows(ROWS).alt == (
        f"Diagramme de flux, montant accordé, en euros. Total : 100{NBSP}001{NBSP}€. "
        f"Financeurs : État, 85{NBSP}000{NBSP}€ ; Caf, 15{NBSP}000{NBSP}€ ; Région, 1{NBSP}€. "
        f"Orientations : Emploi, 50{NBSP}001{NBSP}€ ; Santé, 50{NBSP}000{NBSP}€. "
        f"Du plus grand flux au plus petit : État vers Emploi, 45{NBSP}000{NBSP}€ ; "
        f"État vers Santé, 40{NBSP}000{NBSP}€ ; "
        f"Caf vers Santé, 10{NBSP}000{NBSP}€ ; et 2 autres dans les données."
    )


def test_one_flow() -> None:
    chart = flows(ROWS[:1])
    assert len(bands(chart)) == 1
    assert "Du plus grand flux au plus petit : Caf vers Santé, 10" in chart.alt


def test_what_is_missing_has_no_band_and_is_said() -> None:
    chart = flows([("Caf", "Santé", 100.0), ("Caf", "Emploi", None), ("Région", "Santé", None), ("État", "Santé", 0.0)])
    assert len(bands(chart)) == 1
    assert "Sans valeur, non dessinés : 2 sur 4 (Caf vers Emploi ; Région vers Santé)." in chart.alt
    assert chart.alt.endswith("Nuls, non dessinés : 1 sur 4.")
    assert f"Caf, 100{NBSP}€ (incomplet)" in chart.alt
    assert f"État, 0{NBSP}€" in chart.alt
    assert "Région, n.d." in chart.alt
    assert texts(chart).count("(incomplet)") == 2
    assert {"n.d.", f"0{NBSP}€"} <= set(texts(chart))
    assert chart.data["montant"].isna().to_list() == [False, True, True, False]


def test_zeros_alone_are_blocks_without_height() -> None:
    chart = flows([("Caf", "Santé", 0.0)])
    assert bands(chart) == []
    assert [block.get_height() for block in blocks(chart)] == [0, 0]


def test_a_name_that_is_missing_keeps_its_amount() -> None:
    chart = flows([("Caf", "Santé", 100.0), (None, "Santé", 50.0)])
    assert f"Financeurs : Caf, 100{NBSP}€ ; n.d., 50{NBSP}€." in chart.alt


def test_an_infinite_amount_is_a_missing_one() -> None:
    assert "Sans valeur, non dessinés : 1 sur 2" in flows([("Caf", "Santé", 1.0), ("Caf", "Emploi", float("inf"))]).alt


def test_a_given_order_is_kept() -> None:
    chart = flows(ROWS, sources=["Région", "Caf", "État", "Europe"], targets=["Santé", "Emploi"])
    assert f"Financeurs : Région, 1{NBSP}€ ; Caf, " in chart.alt
    assert "Europe" not in texts(chart)
    assert [round(block.get_height(), 3) for block in blocks(chart)[:2]] == sorted(
        round(block.get_height(), 3) for block in blocks(chart)[:2]
    )


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        pytest.param([*ROWS, ROWS[0]], {}, "« Caf » et « Santé » .* plusieurs lignes", id="a pair twice"),
        pytest.param([("Caf", "Santé", -1.0)], {}, "négatif", id="negative"),
        pytest.param(ROWS, {"sources": ["État", "Caf"]}, "oublie « Région »", id="an order that forgets"),
        pytest.param(ROWS, {"targets": ["Santé", "Emploi", "Santé"]}, "répète « Santé »", id="an order that repeats"),
        pytest.param([(f"F{at}", "Santé", 1.0) for at in range(8)], {}, "8 origines .* 7 au plus", id="too many"),
    ],
)
def test_what_cannot_be_drawn_is_refused(rows: list[tuple], options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        flows(rows, **options)


@pytest.mark.parametrize("rows", [[], [("Caf", "Santé", None)]], ids=["no row", "no value"])
def test_nothing_to_draw_is_one_sentence(rows: list[tuple]) -> None:
    chart = flows(rows)
    assert chart.alt == f"{AXIS} : aucune valeur à représenter."
    assert " ".join(texts(chart)) == chart.alt
