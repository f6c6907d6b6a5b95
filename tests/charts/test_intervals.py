"""Values over the years with their intervals: side by side, a gap where one is missing, hollow without an interval."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from pipelines.charts.intervals import draw_intervals_over_years
from pipelines.charts.style import PALETTE, Chart
from pipelines.errors import UsageError

AXIS = "Part des actions examinées, en %"
NBSP = "\u202f"
Row = tuple[int, object, float | None, float | None, float | None]
ROWS: list[Row] = [
    (2019, 0, 60.0, 52.5, 67.5), (2020, 0, 55.0, 47.0, 63.0), (2019, 1, 30.0, 24.0, 37.0), (2020, 1, 35.0, 28.0, 43.0),
]  # fmt: skip


def intervals(rows: list[Row], value: str = "part_marqueur", **options: object) -> Chart:
    frame = pd.DataFrame(rows, columns=["annee", "marqueur", value, "part_basse", "part_haute"])
    frame = frame.astype(dict.fromkeys((value, "part_basse", "part_haute"), "Float64"))
    return draw_intervals_over_years(
        frame, year="annee", series="marqueur", value=value, low="part_basse", high="part_haute", axis=AXIS, **options
    )


def joined(chart: Chart) -> list[Line2D]:
    """The line of each series."""
    return [line for line in chart.figure.axes[0].lines if line.get_linestyle() != "None" and line.get_zorder() == 2]


def points(chart: Chart, *, hollow: bool) -> list[tuple[float, float]]:
    """Points with an interval, or without."""
    marks = [line for line in chart.figure.axes[0].lines if line.get_zorder() == 4]
    return [
        (x, y) for line in marks if (to_hex(line.get_markerfacecolor()) == "#ffffff") == hollow
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]  # fmt: skip


def bars(chart: Chart) -> list[tuple[float, float, float]]:
    """Where each interval stands, its low and its high end."""
    found = [one for one in chart.figure.axes[0].collections if isinstance(one, LineCollection)]
    return [(segment[0, 0], *segment[:, 1]) for one in found for segment in one.get_segments()]


def test_points_and_intervals_are_the_values() -> None:
    chart = intervals(ROWS)
    assert [y for _, y in points(chart, hollow=False)] == [60, 55, 30, 35]
    assert [(low, high) for _, low, high in bars(chart)] == [(low, high) for *_, low, high in ROWS]
    assert [x for x, *_ in bars(chart)] == [x for x, _ in points(chart, hollow=False)]
    assert chart.data.columns.to_list() == ["annee", "marqueur", "part_marqueur", "part_basse", "part_haute"]
    assert len(chart.data) == 4


@pytest.mark.parametrize("many", [1, 2, 6])
@pytest.mark.parametrize("last", [2019, 2022, 2040])
def test_intervals_of_a_year_stand_apart_and_near_it(many: int, last: int) -> None:
    chart = intervals([(year, name, 50.0, 40.0, 60.0) for name in range(many) for year in range(2019, last + 1)])
    places = sorted(x for x, *_ in bars(chart))
    assert all(abs(x - round(x)) < 0.5 for x in places)
    assert np.mean(places) == pytest.approx((2019 + last) / 2)
    left, right = chart.figure.axes[0].get_xlim()
    # Points of a figure that has some 320 for its years; an interval is 1.6 wide.
    assert all(320 * (other - one) / (right - left) > 1.6 for one, other in itertools.pairwise(places))
    assert left < places[0] <= places[-1] < right


def test_series_differ_by_marker_dash_and_colour() -> None:
    chart = intervals([(year, name, 50.0, 40.0, 60.0) for name in range(6) for year in (2019, 2020)])
    handles = chart.figure.legends[0].legend_handles
    assert len({handle.get_marker() for handle in handles}) == 6
    assert len({handle.get_color() for handle in handles}) == 6
    assert len({str(line._unscaled_dash_pattern) for line in joined(chart)}) == 6
    assert [to_hex(line.get_color()) for line in joined(chart)] == list(PALETTE[:6])


def test_a_missing_value_is_a_gap() -> None:
    chart = intervals([(2019, 0, 60.0, 52.0, 68.0), (2020, 0, None, 40.0, 70.0), (2021, 0, 50.0, 42.0, 58.0)])
    (line,) = joined(chart)
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
    assert len(bars(chart)) == len(points(chart, hollow=False)) == 2
    assert points(chart, hollow=True) == []
    assert chart.alt.endswith("Sans valeur : 1 sur 3.")
    assert chart.data["part_marqueur"].isna().to_list() == [False, True, False]


def test_a_year_that_a_series_lacks_is_a_gap() -> None:
    chart = intervals([*ROWS, (2021, 0, 50.0, 42.0, 58.0), (2022, 0, 51.0, 42.0, 58.0), (2022, 1, 33.0, 30.0, 40.0)])
    assert np.isnan(joined(chart)[1].get_ydata()).tolist() == [False, False, True, False]


@pytest.mark.parametrize("bounds", [(None, None), (52.0, None), (None, 68.0), (float("-inf"), 68.0)])
def test_a_value_without_interval_is_a_hollow_point_and_said(bounds: tuple[float | None, float | None]) -> None:
    chart = intervals([(2019, 0, 60.0, *bounds), (2020, 0, 55.0, 47.0, 63.0)])
    assert [y for _, y in points(chart, hollow=True)] == [60]
    assert [y for _, y in points(chart, hollow=False)] == [55]
    assert len(bars(chart)) == 1
    assert "60,0\u202f% en 2019 (sans intervalle)" in chart.alt
    assert [text.get_text() for text in chart.figure.legends[0].get_texts()] == ["0", "Point vide : sans intervalle"]


def test_the_legend_explains_hollow_points_only_where_there_are_some() -> None:
    assert len(intervals(ROWS).figure.legends[0].get_texts()) == 2


def test_a_single_year_and_a_single_value() -> None:
    chart = intervals([(2019, 0, 60.0, 52.0, 68.0)])
    assert "60,0\u202f% en 2019 (de 52,0\u202f% à 68,0\u202f%)." in chart.alt
    assert chart.alt.count("2019") == 1


def test_the_words_of_intervals() -> None:
    assert intervals(ROWS, names={0: "Marqueur 0", 1: "Marqueur 1"}).alt == (
        f"Points et intervalles par année, part des actions examinées, en %. "
        f"Marqueur 0 : 60,0{NBSP}% en 2019 (de 52,5{NBSP}% à 67,5{NBSP}%), "
        f"55,0{NBSP}% en 2020 (de 47,0{NBSP}% à 63,0{NBSP}%) ; "
        f"Marqueur 1 : 30,0{NBSP}% en 2019 (de 24,0{NBSP}% à 37,0{NBSP}%), "
        f"35,0{NBSP}% en 2020 (de 28,0{NBSP}% à 43,0{NBSP}%). "
        "L'intervalle dit l'incertitude : plus il est large, moins la valeur est sûre."
    )


def test_first_and_last_are_those_of_the_years_not_of_the_rows() -> None:
    chart = intervals(ROWS[::-1])
    assert "60,0\u202f% en 2019 (de 52,5\u202f% à 67,5\u202f%), 55,0\u202f% en 2020" in chart.alt


def test_names_are_the_legend() -> None:
    chart = intervals(ROWS, names={0: "Marqueur 0"})
    assert [text.get_text() for text in chart.figure.legends[0].get_texts()] == ["Marqueur 0", "1"]


def test_a_series_without_any_value_is_said() -> None:
    assert "1 : aucune valeur." in intervals([*ROWS[:2], (2019, 1, None, None, None)]).alt


def test_percents_stay_between_0_and_100_and_gaps_do_not() -> None:
    rows = [(2019, 0, 1.0, 0.0, 100.0), (2020, 0, 99.0, 90.0, 100.0)]
    assert intervals(rows).figure.axes[0].get_ylim() == (0, 100)
    gaps = intervals([(2019, 0, -5.0, -9.0, -1.0), (2020, 0, 2.0, -2.0, 6.0)], "ecart_taux")
    bottom, top = gaps.figure.axes[0].get_ylim()
    assert bottom < -9
    assert top > 6
    # The line of no difference.
    assert any(list(line.get_ydata()) == [0, 0] for line in gaps.figure.axes[0].lines)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param([*ROWS, ROWS[0]], "« 0 » a plusieurs lignes en 2019", id="a year twice"),
        pytest.param([(2019, "Anzin", 50.0, 60.0, 40.0)], "« Anzin » en 2019 .* à l'envers", id="turned round"),
        pytest.param([(2019, f"T{at}", 1.0, 0.0, 2.0) for at in range(7)], "7 séries .* 6 au plus", id="too many"),
    ],
)
def test_what_cannot_be_drawn_is_refused(rows: list[Row], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        intervals(rows)


@pytest.mark.parametrize("rows", [[], [(2019, 0, None, 40.0, 60.0)]], ids=["no row", "no value"])
def test_nothing_to_draw_is_one_sentence(rows: list[Row]) -> None:
    assert intervals(rows).alt == f"{AXIS} : aucune valeur à représenter."
