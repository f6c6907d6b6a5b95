"""Heat tables: the class of each cell, what can be read on it, and what is missing or incomplete."""

import itertools
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from pipelines.charts.heat import draw_heat_table
from pipelines.charts.shades import NEUTRAL, SHADES, WARM, pick_shades
from pipelines.charts.style import GREY, INK, SLATE, Chart
from pipelines.errors import UsageError
from tests.charts.test_legibility import assert_legible
from tests.charts.test_palette import SIGHTS, TO_XYZ, lab, linear
from tests.conftest import sample

NBSP = "\u202f"
LIGHT, *_, DARK = (colour for colour, _ in SHADES)
COMMUNES = [
    "Anzin", "Aulnoy-lez-Valenciennes", "Beuvrages", "Bruay-sur-l'Escaut", "Condé-sur-l'Escaut", "Crespin",
    "Fresnes-sur-Escaut", "Hergnies", "Marly", "Monchaux-sur-Écaillon", "Onnaing", "Petite-Forêt", "Quiévrechain",
    "Rombies-et-Marchipont", "Saint-Saulve", "Valenciennes", "Vicq", "Vieux-Condé", "Artres", "Curgies", "Estreux",
    "Famars", "Maing", "Odomez", "Prouvy",
]  # fmt: skip


def heat(lines: list[tuple], value: str = "montant", **options: object) -> Chart:
    frame = pd.DataFrame(lines, columns=["commune", "orientation", value]).astype({value: "Float64"})
    return draw_heat_table(frame, row="commune", column="orientation", value=value, axis="Subventions", **options)


def texts(chart: Chart) -> list[str]:
    """Every text of the figure, in the order in which it is drawn, the title last."""
    return [text.get_text() for text in chart.figure.findobj(Text) if text.get_text().strip()]


def cells(chart: Chart) -> dict[str, tuple[str, str]]:
    """Shade and ink of each cell, by what is printed on it."""
    ax = chart.figure.axes[0]
    found = {}
    for patch in ax.patches:
        box = patch.get_bbox()
        for text in ax.texts:
            x, y = text.get_position()
            # The shades of the scale stand at the top edge.
            if box.y0 > 0 and box.x0 < x < box.x1 and min(box.y0, box.y1) < y < max(box.y0, box.y1):
                found[text.get_text()] = to_hex(patch.get_facecolor()), to_hex(text.get_color())
    return found


def contrast(one: str, other: str) -> float:
    high, low = sorted((float(linear(colour) @ TO_XYZ[1]) + 0.05 for colour in (one, other)), reverse=True)
    return high / low


# shades


@pytest.mark.parametrize(("colour", "ink"), SHADES)
def test_numbers_stand_out_from_their_cells(colour: str, ink: str) -> None:
    assert contrast(colour, {"white": "#ffffff"}.get(ink, ink)) >= 4.5


@pytest.mark.parametrize("ink", [GREY, INK, SLATE])
def test_what_is_written_on_white_can_be_read(ink: str) -> None:
    assert contrast(ink, "#ffffff") >= 4.5


@pytest.mark.parametrize("many", range(1, len(SHADES)))
def test_classes_are_apart_in_a_grey_print(many: int) -> None:
    shades = [colour for colour, _ in pick_shades(range(many))]
    assert (shades[0], shades[-1], len(shades)) == (LIGHT, DARK, many + 1)
    lightness = [float(lab(linear(colour))[0]) for colour in shades]
    assert min(one - other for one, other in itertools.pairwise(lightness)) > 7


@pytest.mark.parametrize("sight", ["protanopia", "deuteranopia"])
def test_classes_are_in_order_for_every_sight(sight: str) -> None:
    lightness = [float(lab(SIGHTS[sight] @ linear(colour))[0]) for colour, _ in SHADES]
    assert lightness == sorted(lightness, reverse=True)


# classes


@pytest.mark.parametrize(
    ("number", "at"), [(0, 0), (4.9, 0), (5, 1), (19.9, 1), (20, 2), (49, 2), (50, 4), (99, 4), (100, 5), (9_999, 5)]
)
def test_a_limit_belongs_to_the_class_above(number: float, at: int) -> None:
    chart = heat([("Anzin", "Santé", number)], "indice", breaks=(5, 20, 50, 100))
    ((colour, ink),) = cells(chart).values()
    assert (colour, ink) == (SHADES[at][0], {"white": "#ffffff"}.get(SHADES[at][1], SHADES[at][1]))


def test_the_same_amount_has_the_same_shade_whatever_the_others() -> None:
    alone = cells(heat([("Anzin", "Santé", 30_000)]))["30,0"]
    beside = cells(heat([("Anzin", "Santé", 30_000), ("Vicq", "Santé", 990_000), ("Vicq", "Emploi", 10)]))["30,0"]
    assert alone == beside


def test_two_equal_numbers_never_have_two_shades() -> None:
    chart = heat([("Anzin", "Santé", 4_960), ("Vicq", "Santé", 5_010)])
    assert texts(chart).count("5,0") == 2
    shades = {to_hex(patch.get_facecolor()) for patch in chart.figure.axes[0].patches if patch.get_y() > 0}
    assert shades == {SHADES[1][0]}


@pytest.mark.parametrize(
    ("value", "breaks", "limits"),
    [
        ("montant", None, ["5", "20", "50", "100"]),
        ("montant", (250, 1_000, 2_500), ["250", f"1{NBSP}000", f"2{NBSP}500"]),
        ("montant", (500, 1_250, 10_000), ["0,5", "1,25", "10"]),
        ("montant", (1_000_000, 20_000_000), ["1", "20"]),
        ("taux_emploi", None, ["20", "40", "60", "80"]),
        ("nb_actions", None, ["5", "10", "20", "50"]),
    ],
)
def test_the_limits_are_shown(value: str, breaks: tuple | None, limits: list[str]) -> None:
    chart = heat([("Anzin", "Santé", 12.0)], value, breaks=breaks)
    assert [text for text in texts(chart) if text in limits] == limits
    assert len([patch for patch in chart.figure.axes[0].patches if patch.get_y() == 0]) == len(limits) + 1


@pytest.mark.parametrize("breaks", [(), (5, 5), (20, 5), (1, 2, 3, 4, 5, 6), (float("nan"),), (1, float("inf"))])
def test_limits_that_make_no_classes_are_refused(breaks: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="Limites des classes : 5 au plus"):
        heat([("Anzin", "Santé", 1.0)], breaks=breaks)


# numbers


@pytest.mark.parametrize(
    ("value", "number", "breaks", "printed", "unit"),
    [
        ("montant", 12_345, None, "12,3", "En milliers d'euros (k€)"),
        ("montant", 12, None, f"<{NBSP}0,1", "En milliers d'euros (k€)"),
        ("montant", 0, None, "0,0", "En milliers d'euros (k€)"),
        ("montant", 12_345_678, (1e6, 1e7), "12,3", "En millions d'euros (M€)"),
        ("montant", 812, (100, 500), "812", "En euros"),
        ("taux_emploi", 45.25, None, "45,3", "En %"),
        ("ecart_taux", -2.5, (-5, 0, 5), "\u22122,5", "En points ; coin marqué : 0 ou plus"),
        ("ecart_taux", 12.3, (-5, 5), "+12,3", "En points ; coin marqué : +5 ou plus"),
        ("ecart_taux", -0.04, (-20, -5), "0,0", "En points"),
        ("ecart_taux", 0.04, (5, 10), "0,0", "En points"),
        ("nb_actions", 12, None, "12", ""),
    ],
)
def test_numbers_are_short_and_their_unit_is_said(
    value: str, number: float, breaks: tuple | None, printed: str, unit: str
) -> None:
    chart = heat([("Anzin", "Santé", number)], value, breaks=breaks)
    shown = [text.replace("\u00a0", " ") for text in texts(chart)]
    assert printed in shown
    assert not unit or unit in shown
    assert chart.data[value].to_list() == [number]


# signs


@pytest.mark.parametrize(
    ("breaks", "shades"),
    [
        ((-10, 0, 10), [SHADES[5], SHADES[0], WARM[0], WARM[5]]),
        ((-20, -10, 0, 10), [SHADES[5], SHADES[2], SHADES[0], WARM[0], WARM[2]]),
        ((-5, 5), [SHADES[5], NEUTRAL, WARM[5]]),
        ((-10, -5, 5, 10), [SHADES[5], SHADES[2], NEUTRAL, WARM[2], WARM[5]]),
        ((-5, -2), [SHADES[5], SHADES[2], NEUTRAL]),
    ],
)
def test_shades_are_darker_the_further_from_zero(breaks: tuple, shades: list[tuple[str, str]]) -> None:
    assert pick_shades(breaks) == shades


@pytest.mark.parametrize("sight", SIGHTS)
def test_both_signs_are_as_dark_rank_by_rank_and_their_hues_apart(sight: str) -> None:
    cold, warm = ([lab(SIGHTS[sight] @ linear(colour)) for colour, _ in shades] for shades in (SHADES, WARM))
    assert [float(one[0]) for one in warm] == sorted((float(one[0]) for one in warm), reverse=True)
    # The lightest pair alone is nearly white: there the marked corner parts them.
    for one, other in list(zip(cold, warm, strict=True))[1:]:
        assert abs(one[0] - other[0]) < 12
        assert ((one - other) ** 2).sum() ** 0.5 > 20


@pytest.mark.parametrize(("colour", "ink"), [*WARM, NEUTRAL])
def test_numbers_stand_out_from_signed_cells(colour: str, ink: str) -> None:
    assert contrast(colour, {"white": "#ffffff"}.get(ink, ink)) >= 4.5


@pytest.mark.parametrize(
    ("number", "breaks", "marked"),
    [(0.0, (-5, 0, 5), 1), (-0.1, (-5, 0, 5), 0), (7.0, (-5, 0, 5), 1), (4.0, (-5, 5), 0), (5.0, (-5, 5), 1),
     (7.0, (0, 5), 0), (None, (-5, 0, 5), 0)],
)  # fmt: skip
def test_a_corner_tells_the_sign_in_a_grey_print(number: float | None, breaks: tuple, marked: int) -> None:
    chart = heat([("Anzin", "Santé", number), ("Vicq", "Santé", -9.0)], "ecart_taux", breaks=breaks)
    assert sum(isinstance(patch, Polygon) for patch in chart.figure.axes[0].patches) == marked


def test_signed_limits_and_extremes_are_told() -> None:
    rows = [
        (commune, "Santé", number) for commune, number in zip(COMMUNES, (-12.5, 3, 0, -30, 8, 15, -1), strict=False)
    ]
    chart = heat(rows, "ecart_taux", breaks=(-10, 0, 10), meaning="Plus foncé : plus loin de zéro.")
    assert {"\u221210", "0", "+10", "\u221212,5", "+15,0", "0,0"} <= set(texts(chart))
    assert "Plus foncé : plus loin de zéro." in texts(chart)
    assert "en points" not in chart.alt
    assert chart.alt.startswith("Table de 7 lignes et 1 colonne, subventions. Plus foncé : plus loin de zéro. Les plus")
    assert f"Les plus basses : Bruay-sur-l'Escaut et Santé, \u221230,0{NBSP}pts ; Anzin et Santé" in chart.alt
    assert f"Limites des classes : \u221210,0{NBSP}pts ; 0,0{NBSP}pt ; +10,0{NBSP}pts." in chart.alt


# written texts


def test_texts_stand_in_place_of_numbers_which_keep_their_shades() -> None:
    rows = [("Anzin", 30.0, "30 *"), ("Vicq", 70.0, None), ("Marly", None, "secret"), ("Maing", None, None)]
    frame = pd.DataFrame(rows, columns=["commune", "taux_emploi", "texte"]).assign(theme="Emploi")
    chart = draw_heat_table(
        frame, row="commune", column="theme", value="taux_emploi", axis="Taux", written="texte"
    )  # fmt: skip
    found = cells(chart)
    assert (found["30 *"][0], found["70,0"][0], found["secret"][0]) == (SHADES[1][0], SHADES[4][0], "#ffffff")
    assert "n.d." in found
    notes = next(text for text in texts(chart) if "valeur manquante" in text.replace("\u00a0", " "))
    # A star in a cell is no incomplete total.
    assert notes.replace("\u00a0", " ") == "En % ; n.d., hachuré : valeur manquante"
    assert f"Vicq et Emploi, 70,0{NBSP}% ; Anzin et Emploi, 30,0{NBSP}% (« 30 * »)" in chart.alt
    assert chart.data["texte"].to_list() == frame["texte"].to_list()


def test_texts_too_wide_are_refused() -> None:
    rows = [("Anzin", f"O{at}", 1.0, "bien trop long pour une case") for at in range(8)]
    frame = pd.DataFrame(rows, columns=["commune", "theme", "indice", "texte"])
    with pytest.raises(UsageError, match=r"8 colonnes de ces textes ne tiennent pas"):
        draw_heat_table(frame, row="commune", column="theme", value="indice", axis="Indice", written="texte")


# what is missing


def test_nothing_is_not_a_zero_and_missing_is_neither() -> None:
    chart = heat([("Anzin", "Santé", 0), ("Anzin", "Emploi", None), ("Vicq", "Santé", 7_000)])
    shown = texts(chart)
    assert [shown.count(text) for text in ("0,0", "n.d.", "–")] == [1, 1, 1]
    (hatched,) = [patch for patch in chart.figure.axes[0].patches if patch.get_hatch()]
    assert cells(chart)["n.d."] == ("#ffffff", INK)
    assert "–" not in cells(chart)
    assert isinstance(hatched, Rectangle)
    notes = " ".join(shown).replace("\u00a0", " ")
    assert "– : aucune donnée" in notes
    assert "n.d., hachuré : valeur manquante" in notes
    assert "Sans valeur : 1 sur 4 (Anzin et Emploi). Sans donnée : 1 sur 4." in chart.alt


def test_signs_that_do_not_occur_are_not_explained() -> None:
    assert "aucune\u00a0donnée" not in " ".join(texts(heat([("Anzin", "Santé", 1)])))


def test_totals_are_the_sums_of_what_is_known() -> None:
    chart = heat(
        [("Anzin", "Santé", 10_000), ("Anzin", "Emploi", None), ("Vicq", "Santé", 7_000), ("Vicq", "Emploi", 500)],
        totals=True,
    )
    assert texts(chart)[-6:-1] == ["10,0*", "7,5", "17,5*", "17,0", "0,5*"]
    assert "*\u00a0:\u00a0total\u00a0incomplet" in " ".join(texts(chart))
    assert f"Total : 17{NBSP}500{NBSP}€ (incomplet)." in chart.alt
    assert f"Les lignes les plus hautes : Anzin, 10{NBSP}000{NBSP}€ (incomplet) ; Vicq, 7{NBSP}500{NBSP}€." in chart.alt


def test_a_total_of_nothing_is_no_zero() -> None:
    chart = heat([("Anzin", "Santé", 1_000), ("Vicq", "Santé", None)], columns=["Santé", "Emploi"], totals=True)
    assert texts(chart)[-6:-1] == ["1,0", "n.d.", "1,0*", "1,0*", "–"]


def test_rates_have_no_total() -> None:
    with pytest.raises(UsageError, match="ne s'additionnent pas"):
        heat([("Anzin", "Santé", 45.0)], "taux_emploi", totals=True)


def test_the_words_of_a_figure() -> None:
    rows = [("Anzin", "Santé", 12_345), ("Anzin", "Emploi", 700), ("Vicq", "Santé", 98_000), ("Vicq", "Emploi", 5_000)]
    assert heat(rows).alt == (
        "Table de 2 lignes et 2 colonnes, subventions. "
        f"Les plus hautes valeurs : Vicq et Santé, 98{NBSP}000{NBSP}€ ; Anzin et Santé, 12{NBSP}345{NBSP}€ ; "
        f"Vicq et Emploi, 5{NBSP}000{NBSP}€. La plus basse : Anzin et Emploi, 700{NBSP}€. "
        f"Limites des classes : 5{NBSP}000{NBSP}€ ; 20{NBSP}000{NBSP}€ ; 50{NBSP}000{NBSP}€ ; 100{NBSP}000{NBSP}€."
    )


@pytest.mark.parametrize("rows", [[], [("Anzin", "Santé", None)]], ids=["no row", "no value"])
def test_nothing_to_draw_is_one_sentence(rows: list[tuple]) -> None:
    chart = heat(rows)
    assert chart.alt == "Subventions : aucune valeur à représenter."
    assert texts(chart) == [chart.alt]


# names


def test_rows_and_columns_in_the_given_order_and_more_than_has_values() -> None:
    chart = heat(
        [("Vicq", "Santé", 1), ("Anzin", "Emploi", 2)], rows=["Anzin", "Marly", "Vicq"], columns=["Emploi", "Santé"]
    )
    shown = texts(chart)
    names = ["Emploi", "Santé", "Anzin", "Marly", "Vicq"]
    assert [text for text in shown if text in names] == names
    assert "Sans donnée : 4 sur 6." in chart.alt


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        pytest.param([("Vicq", "Santé", 1), ("Vicq", "Santé", 2)], {}, "plusieurs lignes", id="a pair twice"),
        pytest.param([("Vicq", "Santé", 1)], {"rows": ["Anzin"]}, "oublie « Vicq »", id="an order that forgets"),
        pytest.param([("Vicq", f"O{at}", 1e9) for at in range(12)], {}, "12 colonnes .* regrouper", id="too many"),
    ],
)
def test_what_cannot_be_drawn_is_refused(rows: list[tuple], options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        heat(rows, **options)


@pytest.mark.parametrize(
    ("names", "heads"),
    [
        (["Santé", "Emploi"], ["Santé", "Emploi"]),
        (["O1 " + "Développer " * 8, "O2 " + "Accompagner " * 8], ["O1", "O2"]),
        (["Le " + "développement " * 7, "La " + "réussite " * 8], ["A", "B"]),
        (["O1 " + "Développer " * 8, "O1 " + "Accompagner " * 8], ["A", "B"]),
        (["Accompagnement-de-la-parentalité", "Emploi"], ["A", "B"]),
    ],
)
def test_names_too_long_for_their_columns_have_codes_and_a_key(names: list[str], heads: list[str]) -> None:
    shown = texts(heat([("Anzin", name, 1) for name in names]))
    keyed = heads != names
    assert [shown.count(head) for head in heads] == [2 if keyed else 1] * 2
    assert not keyed or all(any(name.split()[-1] in text for text in shown) for name in names)


# sizes


@pytest.mark.parametrize("totals", sample([True, False], one_in=2))
@pytest.mark.parametrize("value", ["montant", "nb_actions"])
def test_twenty_five_communes_and_eight_columns_are_legible(
    value: str, totals: bool, orientations: list[str], boxes: Callable[[Figure], list]
) -> None:
    columns = [*orientations, "O7 Tranquillité publique et prévention de la délinquance", "O8 Transition écologique"]
    amounts = itertools.cycle([812.0, 12_345.0, 49_999.0, None, 130_500.0, 0.0, 7_250.0])
    scale = 1 if value == "montant" else 0.0002
    rows = [
        (commune, column, None if (amount := next(amounts)) is None else round(scale * amount))
        for commune in COMMUNES for column in columns
    ]  # fmt: skip
    chart = heat(rows, value, totals=totals)
    assert_legible(chart.figure, boxes)
    assert texts(chart).count("n.d.") == pytest.approx(200 / 7, abs=1)


def test_every_number_is_inside_its_cell(boxes: Callable[[Figure], list]) -> None:
    chart = heat([(commune, f"O{at}", 9_999) for commune in COMMUNES[:6] for at in range(8)], "nb_actions")
    boxes(chart.figure)
    ax = chart.figure.axes[0]
    grid = [patch.get_window_extent() for patch in ax.patches if patch.get_y() > 0]
    numbers = [text.get_window_extent() for text in ax.texts if text.get_text() == f"9{NBSP}999"]
    assert len(numbers) == len(grid) == 48
    for cell, number in zip(grid, numbers, strict=True):
        assert cell.x0 < number.x0 < number.x1 < cell.x1
