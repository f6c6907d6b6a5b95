"""Quadrants: the words of the four fields, the numbers beside the points, and who is told in which field."""

import itertools
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from pipelines.charts.lettering import measure
from pipelines.charts.marks import Room, place_marks
from pipelines.charts.quadrant import draw_quadrant
from pipelines.charts.style import FONT_SIZE, Chart
from pipelines.errors import UsageError
from tests.charts.test_legibility import assert_legible

MINUS = "\u2212"
CORNERS = [(40.0, 2.0), (60.0, 2.0), (40.0, -2.0), (60.0, -2.0)]
NAMES = ["Lecocq", "Le Trieu", "Dutemple", "Le Jard"]
HIGH = ["Moins bien, gagne du terrain", "Mieux, gagne du terrain", "Moins bien, perd du terrain",
        "Mieux, perd du terrain"]  # fmt: skip


def quadrant(
    points: list[tuple], names: list[str] | None = None, better: str | None = "haut", reference: float | None = 50.0,
    **ends: str,
) -> Chart:  # fmt: skip
    frame = pd.DataFrame(points, columns=["taux", "ecart", "bas", "haut"][: len(points[0]) if points else 2])
    frame = frame.astype("Float64").assign(nom=names or [f"Quartier {at}" for at in range(len(frame))])
    return draw_quadrant(
        frame, label="nom", level="taux", change="ecart", axis_level="Taux d'emploi, en %",
        axis_change="Évolution de l'écart, en points", reference=reference, reference_name="Agglomération",
        better=better, **ends,
    )  # fmt: skip


def shown(chart: Chart) -> list[str]:
    return [" ".join(text.get_text().split()) for text in chart.figure.findobj(Text) if text.get_text().strip()]


def panel(chart: Chart) -> Axes:
    return next(ax for ax in chart.figure.findobj(Axes) if ax.axison)


def field_of(chart: Chart, name: str) -> str:
    """The field in whose list the text alternative tells a name."""
    return next(part.split(" : ")[0] for part in chart.alt.split(". ") if f"{name} (" in part)


@pytest.mark.parametrize(
    ("better", "words"),
    [
        ("haut", HIGH),
        ("bas", [HIGH[3], HIGH[2], HIGH[1], HIGH[0]]),
        (None, ["Plus bas, écart en hausse", "Plus haut, écart en hausse", "Plus bas, écart en baisse",
                "Plus haut, écart en baisse"]),
    ],
)  # fmt: skip
def test_each_field_is_named_and_told(better: str | None, words: list[str]) -> None:
    chart = quadrant(CORNERS, NAMES, better)
    assert {part for field in words for part in field.replace(", ", ",\n").split("\n")} <= set(shown(chart))
    assert [field_of(chart, name) for name in NAMES] == words


@pytest.mark.parametrize("better", ["haut", "bas", None])
def test_the_words_stand_in_their_corners(better: str | None, boxes: Callable[[Figure], list]) -> None:
    chart = quadrant(CORNERS, NAMES, better)
    drawn = boxes(chart.figure)
    x, y = panel(chart).transData.transform((50.0, 0.0))
    for name, (level, change) in zip(NAMES, CORNERS, strict=True):
        for line in field_of(chart, name).replace(", ", ",\n").split("\n"):
            places = {(box.x0 > x, box.y0 > y) for text, box in drawn if text == line}
            assert (level > 50, change > 0) in places


def test_the_text_alternative_in_full() -> None:
    rows = [(40.0, 2.0, 0.5, 3.5), (60.0, -1.25, -3.0, 0.5), (45.0, 1.0, None, None), (None, 1.0, 0.0, 2.0)]
    chart = quadrant(rows, NAMES, low="bas", high="haut")
    assert chart.alt == (
        "Points dans quatre champs : taux d'emploi, en % (de gauche à droite) et évolution de l'écart, en points (de "
        "bas en haut). Ligne verticale : Agglomération, 50,0. "
        "Moins bien, gagne du terrain : Lecocq (40,0 ; +2,0, de +0,5 à +3,5) ; "
        "Dutemple (45,0 ; +1,0, sans intervalle). "
        "Mieux, gagne du terrain : aucun. Moins bien, perd du terrain : aucun. "
        f"Mieux, perd du terrain : Le Trieu (60,0 ; {MINUS}1,3, de {MINUS}3,0 à +0,5). "
        "Intervalle qui contient zéro, sens non établi : 1 sur 3 (Le Trieu). "
        "Sans place, valeur manquante : Le Jard."
    )
    assert "Trait fin à bouts : intervalle. Point vide : sans intervalle." in shown(chart)
    assert chart.data["nom"].to_list() == NAMES


def test_points_on_a_line_are_in_no_field() -> None:
    chart = quadrant([(50.0, 2.0), (40.0, 0.0), (40.0, 1.0)], NAMES[:3])
    assert "Sur une ligne : Lecocq ; Le Trieu." in chart.alt
    assert "Moins bien, gagne du terrain : Dutemple (40,0 ; +1,0)." in chart.alt


def test_a_point_without_interval_is_hollow_and_has_no_whisker() -> None:
    chart = quadrant([(40.0, 2.0, 0.5, 3.5), (60.0, -1.0, None, 0.5)], low="bas", high="haut")
    (points,) = [found for found in panel(chart).collections if isinstance(found, PathCollection)]
    assert points.get_facecolors()[1].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert points.get_facecolors()[0].tolist() != [1.0, 1.0, 1.0, 1.0]
    whiskers = [found.get_segments() for found in panel(chart).collections if not isinstance(found, PathCollection)]
    assert [segment.tolist() for group in whiskers for segment in group] == [[[40.0, 0.5], [40.0, 3.5]]]


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([(40.0, 1.0)], id="one point"),
        pytest.param([(50.0, 0.0)], id="at the crossing"),
        pytest.param([(40.0, 1.0), (40.0, 1.0), (40.0, 1.0)], id="one place"),
        pytest.param([(50.1 + at, 3.0 + at) for at in range(9)], id="one field"),
        pytest.param([(49.9, -0.01), (1000.0, 90.0)], id="far apart"),
        pytest.param([(45 + (at * 7) % 9 / 10, (at * 5) % 8 / 10) for at in range(20)], id="dense"),
        pytest.param([(45 + (at * 7) % 31, (at * 5) % 23 - 11.0) for at in range(105)], id="many"),
    ],
)
def test_numbers_and_fields_never_overlap(points: list[tuple], boxes: Callable[[Figure], list]) -> None:
    chart = quadrant(points)
    assert_legible(chart.figure, boxes)
    ax = panel(chart)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert all(left < level < right and bottom < change < top for level, change in points)
    assert left < 50 < right
    assert bottom < 0 < top


def test_more_than_twenty_points_are_numbered_from_the_furthest() -> None:
    points = [(51.0, 0.1)] * 5 + [(60.0 + at, 5.0 + at) for at in range(20)]
    chart = quadrant(points)
    assert "Numérotés : les 20 points les plus loin du croisement, sur 25." in shown(chart)
    written = shown(chart)
    assert [f"Quartier {at}" in written for at in range(25)] == [False] * 5 + [True] * 20


def test_every_number_stands_in_the_figure_and_in_its_key() -> None:
    written = shown(quadrant([(45 + at, at - 3.0) for at in range(12)]))
    assert [written.count(str(rank)) for rank in range(1, 13) if rank not in (5, 10)] == [2] * 10


@pytest.mark.parametrize("many", [2, 20])
def test_marks_stay_apart_and_inside(many: int) -> None:
    points = [(30.0 + 3 * (at % 4), 50.0 + 2 * (at % 3)) for at in range(many)]
    marks = {at: str(at + 1) for at in range(many)}
    placed = place_marks(points, marks, Room(300.0, 200.0))
    found = {
        at: (x - measure(marks[at]) / 2, y - FONT_SIZE / 2, x + measure(marks[at]) / 2, y + FONT_SIZE / 2)
        for at, (x, y) in placed.items()
    }
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 300 and box[3] <= 200 for box in found.values())
    for one, other in itertools.combinations(found.values(), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for box, (x, y) in itertools.product(found.values(), points):
        assert not (box[0] < x < box[2] and box[1] < y < box[3])


@pytest.mark.parametrize(
    ("points", "reference"),
    [
        ([], 50.0),
        ([(None, 1.0), (40.0, None)], 50.0),
        ([(40.0, 1.0)], float("nan")),
        ([(40.0, 1.0)], None),
        ([(float("inf"), 1.0)], 50.0),
    ],
)
def test_nothing_to_draw_is_one_sentence(points: list[tuple], reference: float | None) -> None:
    chart = quadrant(points, reference=reference)
    assert chart.alt == "Évolution de l'écart, en points : aucune valeur à représenter."
    assert len(chart.data) == len(points)


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ({"low": "bas"}, "deux bornes"),
        ({"low": "haut", "high": "bas"}, "« Lecocq » a ses bornes à l'envers"),
    ],
)
def test_intervals_that_make_no_sense_are_refused(ends: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        quadrant([(40.0, 2.0, 0.5, 3.5)], ["Lecocq"], **ends)


def test_a_direction_unheard_of_is_refused() -> None:
    with pytest.raises(UsageError, match="« haut », « bas » ou None"):
        quadrant(CORNERS, better="haut_mieux")
