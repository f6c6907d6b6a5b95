"""Small multiples: one scale, lines cut at breaks and at missing years, and nothing told across a break."""

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from pipelines.charts.multiples import draw_small_multiples
from pipelines.charts.style import BLUE, Chart
from pipelines.errors import UsageError
from tests.charts.test_legibility import assert_legible, quartiers
from tests.conftest import sample

YEARS = (2015, 2016, 2017, 2018, 2019)
CUT = "Trait interrompu : la source a changé, les valeurs de part et d'autre ne se comparent pas."


def multiples(rows: list[tuple], value: str = "taux", **options: object) -> Chart:
    names = ["nom", "annee", value, "entour", "bas", "haut"][: len(rows[0]) if rows else 3]
    frame = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[2:], "Float64"))
    return draw_small_multiples(frame, facet="nom", year="annee", value=value, axis="Taux d'emploi, en %", **options)


def one(*values: float | None) -> list[tuple]:
    return [("Anzin", year, value) for year, value in zip(YEARS, values, strict=False)]


def panels(chart: Chart) -> list[Axes]:
    return [ax for ax in chart.figure.findobj(Axes) if ax.axison]


def joined(ax: Axes) -> list[tuple[int, int]]:
    """The pairs of years that a line of values joins."""
    found = []
    for line in ax.lines:
        if line.get_color() == BLUE and line.get_linestyle() == "-":
            points = [(x, y) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]
            found += [(int(a), int(b)) for (a, y), (b, z) in itertools.pairwise(points) if not np.isnan([y, z]).any()]
    return found


def shown(chart: Chart) -> list[str]:
    return [" ".join(text.get_text().split()) for text in chart.figure.findobj(Text) if text.get_text().strip()]


def rules(ax: Axes) -> list[float]:
    return sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_linestyle() == ":")


# breaks


@pytest.mark.parametrize(
    ("breaks", "pairs", "at", "shaded"),
    [
        ((), [(2015, 2016), (2016, 2017), (2017, 2018), (2018, 2019)], [], []),
        ((2017,), [(2015, 2016), (2017, 2018), (2018, 2019)], [2016.5], []),
        ((2017, 2016), [(2017, 2018), (2018, 2019)], [2015.5, 2016.5], []),
        (((2016, 2017),), [(2018, 2019)], [2015.5, 2017.5], [(2015.5, 2017.5)]),
        (((2017, 2017),), [(2015, 2016), (2018, 2019)], [2016.5, 2017.5], [(2016.5, 2017.5)]),
        # Outside the years that are drawn: nothing to cut.
        ((2015, 2020, (2010, 2013)), [(2015, 2016), (2016, 2017), (2017, 2018), (2018, 2019)], [], []),
    ],
)
def test_no_line_crosses_a_break(breaks: tuple, pairs: list, at: list[float], shaded: list) -> None:
    (ax,) = panels(multiples(one(1, 2, 3, 4, 5), breaks=breaks))
    assert joined(ax) == pairs
    assert rules(ax) == at
    assert [
        (patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches if isinstance(patch, Rectangle)
    ] == shaded


def test_a_change_between_two_vintages_cuts_what_is_between() -> None:
    rows = [("Anzin", year, 10.0) for year in (2009, 2014, 2020)]
    (ax,) = panels(multiples(rows, breaks=((2010, 2012),)))
    assert joined(ax) == [(2014, 2020)]


def test_the_reference_is_cut_too() -> None:
    rows = [("Anzin", year, 10.0, 20.0) for year in YEARS]
    (ax,) = panels(multiples(rows, breaks=(2017,), reference="entour"))
    dashed = [line.get_xdata().tolist() for line in ax.lines if line.get_linestyle() == "--"]
    assert dashed == [[2015, 2016], [2017, 2018, 2019]]


def test_the_meaning_of_a_break_is_said_where_there_is_one() -> None:
    chart = multiples(one(1, 2, 3, 4, 5), breaks=(2016, (2018, 2019)))
    for words in (CUT, "Pointillés, ruptures : 2016 ; 2018 à 2019 (fond gris)."):
        assert words in " ".join(shown(chart))
        assert words in chart.alt
    assert CUT not in multiples(one(1, 2, 3, 4, 5)).alt


def test_a_missing_year_cuts_the_line() -> None:
    (ax,) = panels(multiples(one(1, 2, None, 4, 5)))
    assert joined(ax) == [(2015, 2016), (2018, 2019)]


def test_a_year_that_only_others_have_cuts_the_line() -> None:
    rows = [*one(1, 2, 3), ("Vicq", 2015, 1.0), ("Vicq", 2017, 1.0)]
    first, second = panels(multiples(rows))
    assert joined(first) == [(2015, 2016), (2016, 2017)]
    assert joined(second) == []


# words


def test_nothing_is_told_across_a_break() -> None:
    rows = [
        (name, year, value, 3.0)
        for name, values in (("Anzin", (1, 2, 3, 4, 5)), ("Vicq", (1, None, None, None, 2)))
        for year, value in zip(YEARS, values, strict=True)
    ]
    chart = multiples(rows, breaks=(2017,), reference="entour", reference_name="Agglomération")
    assert chart.alt == (
        "2 panneaux par territoire, taux d'emploi, en %. Trait plein : le territoire. Tirets : Agglomération. "
        f"{CUT} Pointillés, ruptures : 2017. "
        "Anzin : 1,0\u202f% en 2015, 2,0\u202f% en 2016, rupture, 3,0\u202f% en 2017, 5,0\u202f% en 2019 ; "
        "Vicq : 1,0\u202f% en 2015, rupture, 2,0\u202f% en 2019. "
        "Dernière année connue : 1 territoire sur 2 sous leur référence. Sans valeur : 3 sur 10."
    )


def test_the_years_of_a_change_are_drawn_and_not_told() -> None:
    chart = multiples(one(1, 2, 3, 4, 5), breaks=((2016, 2017),))
    assert "Anzin : 1,0\u202f% en 2015, rupture, 4,0\u202f% en 2018, 5,0\u202f% en 2019." in chart.alt
    (points,) = [found for found in panels(chart)[0].collections if isinstance(found, PathCollection)]
    assert points.get_offsets()[:, 0].tolist() == list(YEARS)


def test_a_panel_without_values_says_so() -> None:
    chart = multiples([*one(1, 2), ("Vicq", 2015, None)])
    assert "aucune valeur" in shown(chart)
    assert "Vicq : aucune valeur" in chart.alt


# scale and intervals


@pytest.mark.parametrize(
    ("value", "numbers", "limits"),
    [
        ("taux", (10.0, 20.0), (9.2, 20.8)),
        ("taux", (0.0, 100.0), (0.0, 100.0)),
        ("ecart_reference", (-12.0, -2.0), (-12.96, 0.96)),
        ("indice", (95.0, 105.0), (94.2, 105.8)),
        ("taux", (30.0, 30.0), (27.6, 32.4)),
    ],
)
def test_one_scale_for_all(value: str, numbers: tuple[float, float], limits: tuple[float, float]) -> None:
    chart = multiples([("Anzin", 2015, numbers[0]), ("Vicq", 2015, numbers[1])], value)
    assert [ax.get_ylim() for ax in panels(chart)] == [pytest.approx(limits)] * 2


def test_a_value_without_interval_is_hollow() -> None:
    rows = [("Anzin", 2015, 1.0, None, 0.5, 1.5), ("Anzin", 2016, 2.0, None, None, 2.5)]
    chart = multiples(rows, low="bas", high="haut")
    (ax,) = panels(chart)
    (points,) = [found for found in ax.collections if isinstance(found, PathCollection)]
    assert [colour.tolist() == [1.0] * 4 for colour in points.get_facecolors()] == [False, True]
    assert "Trait fin à bouts : intervalle. Point vide : sans intervalle." in chart.alt


# sizes


@pytest.mark.parametrize("many", sample([24, 2, 3, 5, 4, 14, 1], one_in=3))
def test_up_to_twenty_four_panels_are_legible(many: int, boxes: Callable[[Figure], list]) -> None:
    names = [f"{name} *" for name in [*quartiers(), *quartiers()]][:many]
    rows = [
        (f"{at} {name}", year, 40.0 + at + year % 3, 55.0)
        for at, name in enumerate(names) for year in range(2009, 2024)
    ]  # fmt: skip
    chart = multiples(rows, breaks=(2016, (2020, 2021)), reference="entour")
    assert len(panels(chart)) == many
    assert_legible(chart.figure, boxes)


def test_a_panel_too_many_is_refused_not_dropped() -> None:
    with pytest.raises(UsageError, match=r"25 panneaux .* 24 au plus"):
        multiples([(f"T{at}", 2015, 1.0) for at in range(25)])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"breaks": ((2018, 2016),)}, "La rupture de 2018 à 2016 a ses années à l'envers"),
        ({"low": "bas"}, "deux bornes"),
        ({"low": "haut", "high": "bas"}, "« Anzin » a ses bornes à l'envers"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        multiples([("Anzin", 2015, 1.0, None, 0.5, 1.5)], **options)


def test_a_territory_twice_in_a_year_is_refused() -> None:
    with pytest.raises(UsageError, match="« Anzin » a plusieurs lignes en 2015"):
        multiples([*one(1), *one(2)])


@pytest.mark.parametrize("rows", [[], one(None, None)], ids=["no row", "no value"])
def test_nothing_to_draw_is_one_sentence(rows: list[tuple]) -> None:
    chart = multiples(rows)
    assert chart.alt == "Taux d'emploi, en % : aucune valeur à représenter."
    assert shown(chart) == [chart.alt]
