"""Maps and tiles: the class of each territory, names that can be read, what is missing, which of the two is drawn."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from pipelines.charts.image import render_image
from pipelines.charts.map import draw_map
from pipelines.charts.shades import pick_shades
from pipelines.charts.style import Chart
from pipelines.charts.territories import draw_territories
from pipelines.charts.tiles import draw_tiles
from pipelines.errors import UsageError
from tests.charts.samples import squares
from tests.charts.test_legibility import assert_legible
from tests.shipped import shipped_contract

NAMES = ["Anzin", "Vicq", "Maing", "Marly"]
AXIS = "Taux de pauvreté, en %"
BREAKS = (10, 20, 30)
SHADES = [colour for colour, _ in pick_shades(BREAKS)]


def frame(*values: float | None, names: Sequence[str] = NAMES) -> pd.DataFrame:
    codes = [f"0100{at}" for at in range(len(values))]
    return pd.DataFrame({"code": codes, "nom": list(names)[: len(values)], "taux": pd.Series(values, dtype="Float64")})


def draw(drawing: Callable[..., Chart], *args: Any, **options: Any) -> Chart:
    return drawing(*args, **{"code": "code", "label": "nom", "value": "taux", "axis": AXIS, "breaks": BREAKS} | options)


def mapped(*values: float | None, side: float = 0.02, **options: Any) -> Chart:
    rows = frame(*values)
    return draw(draw_map, rows, squares(rows["code"], side, wide=2), **options)


def placed(codes: Sequence[str], wide: int = 2) -> pd.DataFrame:
    at = np.arange(len(codes))
    return pd.DataFrame({"code_territoire": list(codes), "colonne": at % wide + 1, "rang": at // wide + 1})


def tiled(*values: float | None, **options: Any) -> Chart:
    rows = frame(*values)
    return draw(draw_tiles, rows, placed(rows["code"]), **options)


def shown(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text().strip()]


def fills(chart: Chart, kind: type) -> list[str]:
    """Colours of the territories, those of the scale left out; hatched ones are « / »."""
    patches = [patch for patch in chart.figure.axes[0].patches if type(patch) is kind and patch.get_facecolor()[3]]
    if kind is Rectangle:
        patches = patches[len(SHADES) :]
    return ["/" if patch.get_hatch() else to_hex(patch.get_facecolor()) for patch in patches]


DRAWN = pytest.mark.parametrize(("drawing", "kind"), [(mapped, PathPatch), (tiled, Rectangle)], ids=["map", "tiles"])


@DRAWN
def test_each_territory_has_the_shade_of_its_class(drawing: Callable[..., Chart], kind: type) -> None:
    chart = drawing(9.94, 9.96, 30, None)
    # 9.96 is printed 10.0: it is in the class of what is read.
    assert fills(chart, kind) == [SHADES[0], SHADES[1], SHADES[3], "/"]
    assert {"10", "20", "30"} <= set(shown(chart.figure))
    assert any("n.d., hachuré : valeur manquante" in text for text in shown(chart.figure))


@DRAWN
def test_the_text_alternative_tells_extremes_classes_and_what_is_missing(
    drawing: Callable[..., Chart], kind: type
) -> None:
    chart = drawing(12, 35.5, None, 20)
    kinds = {PathPatch: "Carte", Rectangle: "Cartogramme à cases"}
    assert chart.alt == (
        f"{kinds[kind]} de 4 territoires, taux de pauvreté, en %. Les plus hautes valeurs : Vicq, 35,5\u202f% ; "
        "Marly, 20,0\u202f% ; Anzin, 12,0\u202f%. Limites des classes : 10,0\u202f% ; 20,0\u202f% ; 30,0\u202f%. "
        "De la plus basse à la plus haute : 0, 1, 1, 1. Sans valeur : 1 sur 4 (Maing)."
    )
    assert chart.data["taux"].isna().to_list() == [False, False, True, False]


@DRAWN
def test_nothing_is_said_to_be_missing_where_nothing_is(drawing: Callable[..., Chart], kind: type) -> None:
    chart = drawing(12, 35)
    assert "Sans" not in chart.alt
    assert not any("hachuré" in text for text in shown(chart.figure))


@DRAWN
def test_without_any_value_one_sentence(drawing: Callable[..., Chart], kind: type) -> None:
    assert drawing(None, None).alt == f"{AXIS} : aucune valeur à représenter."


@DRAWN
@pytest.mark.parametrize(("options", "sentence"), [({"breaks": (20, 10)}, "Limites des classes")])
def test_limits_that_do_not_rise_are_refused(
    drawing: Callable[..., Chart], kind: type, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        drawing(1, 2, **options)


def test_a_territory_on_two_lines_is_refused() -> None:
    rows = pd.concat([frame(1, 2), frame(3)])
    for drawing, table in ((draw_map, squares(["01000"])), (draw_tiles, placed(["01000"]))):
        with pytest.raises(UsageError, match="« 01000 » a plusieurs lignes"):
            draw(drawing, rows, table)


# maps


def test_the_map_keeps_shapes_and_north() -> None:
    chart = mapped(1, 2, 3, 4)
    first, second, third, _ = [
        patch.get_path().get_extents() for patch in chart.figure.axes[0].patches
        if type(patch) is PathPatch and patch.get_facecolor()[3]
    ]  # fmt: skip
    assert second.x0 == pytest.approx(first.x1, abs=2)
    # The canvas counts downwards: what lies south is further down.
    assert third.y0 == pytest.approx(first.y1, abs=2)
    # A degree of longitude is shorter than one of latitude, by the cosine of it.
    assert first.width / first.height == pytest.approx(np.cos(np.radians(50)), rel=0.02)


def test_holes_stay_empty_and_parts_are_drawn() -> None:
    parts = [
        shapely.box(3, 50, 3.1, 50.1).difference(shapely.box(3.04, 50.04, 3.06, 50.06)),
        shapely.box(3.2, 50, 3.3, 50.1),
    ]
    contours = pd.DataFrame({"code_territoire": ["01000"], "geometrie": [shapely.MultiPolygon(parts).wkt]})
    chart = draw(draw_map, frame(35), contours)
    patch = next(patch for patch in chart.figure.axes[0].patches if type(patch) is PathPatch)
    box = patch.get_path().get_extents()
    ring, hole, part = patch.get_path().to_polygons()
    assert (len(ring), len(hole), len(part)) == (5, 5, 5)

    def turn(points: np.ndarray) -> float:
        return float(np.sign(shapely.LinearRing(points).is_ccw - 0.5))

    assert turn(ring) == turn(part) == -turn(hole)
    assert box.width > box.height


def test_names_where_they_fit_else_numbers_with_their_key(boxes: Callable) -> None:
    names = ["Ay", "Monchaux-sur-Écaillon", "Bruay-sur-l'Escaut", "Verchain-Maugré-sur-Écaillon-le-Long"]
    rows = frame(12, 25, None, 40, names=names)
    # One square, and further east three of a quarter of its side.
    contours = pd.concat(
        [squares(rows["code"][:1], 0.04), squares(["", "", "", "", "", *rows["code"][1:]], 0.01).iloc[5:]]
    )
    chart = draw(draw_map, rows, contours)
    texts = shown(chart.figure)
    # A long name goes on more lines before it gives way to a number.
    assert {"Ay", "l'Escaut", "1", "2"} <= set(texts)
    assert {"1 Monchaux-sur-Écaillon", "2 Verchain-Maugré-sur-Écaillon-le-Long"} <= set(texts)
    assert_legible(chart.figure, boxes)


def test_a_name_never_leaves_its_territory() -> None:
    # Two bands across their boxes, the second a hair wide: a name would lie in the boxes, and outside the bands.
    bands = [
        [(3, 50), (3.1, 50.06), (3.1, 50.075), (3, 50.015)],
        [(3, 50.02), (3.1, 50.08), (3.1, 50.081), (3, 50.021)],
    ]
    contours = pd.DataFrame(
        {"code_territoire": ["01000", "01001"], "geometrie": [shapely.Polygon(band).wkt for band in bands]}
    )
    chart = draw(draw_map, frame(12, 25, names=["Monchaux-sur-Écaillon", "Vicq"]), contours)
    texts = shown(chart.figure)
    assert {"1", "1 Monchaux-sur-Écaillon", "Trop petits pour un nom : Vicq"} <= set(texts)
    assert not {"Monchaux-sur-Écaillon", "Vicq", "2"} & set(texts)


def test_the_communes_of_a_whole_department_are_not_all_numbered(boxes: Callable) -> None:
    names = [f"Commune {at}" for at in range(200)]
    codes = [f"{at:05}" for at in range(200)]
    rows = pd.DataFrame({"code": codes, "nom": names, "taux": [at / 4 for at in range(200)]})
    chart = draw(draw_map, rows, squares(codes, wide=20))
    assert "200 noms dans la table, faute de place ici" in shown(chart.figure)
    assert_legible(chart.figure, boxes)


@pytest.mark.parametrize(("side", "bar"), [(0.02, "500 m"), (0.2, "5 km"), (0.002, "50 m")])
def test_the_bar_is_a_round_length_to_scale(side: float, bar: str) -> None:
    chart = mapped(1, 2, side=side)
    assert f"{bar}, nord en haut" in shown(chart.figure)
    (line,) = [
        path for collection in chart.figure.axes[0].collections for path in collection.get_paths()
        if np.ptp(path.vertices[:, 0]) > 0
    ]  # fmt: skip
    first = next(patch for patch in chart.figure.axes[0].patches if type(patch) is PathPatch)
    metres = float(bar.split()[0]) * (1000 if bar.endswith("km") else 1)
    # A degree of latitude is 111 km.
    a_point = side * 111_200 / first.get_path().get_extents().height
    assert np.ptp(line.vertices[:, 0]) * a_point == pytest.approx(metres, rel=0.01)


def test_signs_are_told_without_colour() -> None:
    rows = frame(-6, 0, 7, None).rename(columns={"taux": "ecart_taux"})
    table = {"value": "ecart_taux", "breaks": (-5, 0, 5)}
    chart = draw(draw_map, rows, squares(rows["code"]), **table)
    patches = [patch for patch in chart.figure.axes[0].patches if type(patch) is PathPatch and patch.get_facecolor()[3]]
    assert [patch.get_hatch() for patch in patches] == [None, "..", "..", "////"]
    assert "Pointillé : 0 et plus" in shown(chart.figure)
    assert not any("ointillé" in text for text in shown(mapped(1, 2).figure))
    # A tile says its number, and with it the sign.
    assert {"−6", "0", "+7"} <= set(shown(draw(draw_tiles, rows, placed(rows["code"]), **table).figure))


def test_quartiers_are_outlined_over_the_map() -> None:
    quartiers = squares(["QP059020", "QP059021"], 0.005)
    chart = mapped(12, 25, quartiers=quartiers)
    outlines = [
        patch for patch in chart.figure.axes[0].patches if type(patch) is PathPatch and patch.get_linewidth() > 1
    ]
    # Each on its white ground.
    assert len(outlines) == 4
    assert all(not patch.get_facecolor()[3] for patch in outlines)
    assert "Trait épais : 2 quartiers" in shown(chart.figure)
    assert chart.alt.endswith("Par-dessus : 2 quartiers.")


def test_a_territory_without_contour_is_named() -> None:
    rows = frame(12, 25, 31)
    chart = draw(draw_map, rows, squares(rows["code"][:2]))
    assert "Sans contour : Maing" in shown(chart.figure)
    assert chart.alt.endswith("Sans contour : Maing.")
    assert draw(draw_map, rows, squares(["59999"])).alt == f"{AXIS} : aucun contour pour ces territoires."


# tiles


def test_tiles_stand_where_the_table_says_with_their_values() -> None:
    chart = tiled(12.34, 35, None, 20)
    corners = [
        patch.get_xy() for patch in chart.figure.axes[0].patches if type(patch) is Rectangle
    ][len(SHADES) :]  # fmt: skip
    assert corners[0][0] == corners[2][0] < corners[1][0] == corners[3][0]
    assert corners[0][1] == corners[1][1] < corners[2][1] == corners[3][1]
    assert {"Anzin", "12,3", "Vicq", "35,0", "Maing", "n.d."} <= set(shown(chart.figure))


def test_a_name_that_is_cut_is_told_below(boxes: Callable) -> None:
    rows = frame(1, 2, 3, names=["Valenciennes", "Rombies-et-Marchipont", "Anzin"])
    chart = draw(draw_tiles, rows, placed(rows["code"], wide=3).assign(colonne=[1, 4, 7]))
    texts = shown(chart.figure)
    told = [text for text in texts if " : " in text and text.endswith(("Valenciennes", "Rombies-et-Marchipont"))]
    assert len(told) == 2
    for line in told:
        short = line.split(" : ")[0]
        assert short.endswith(".")
        assert short in " ".join(texts).replace("- ", "-")
    assert "Anzin" in texts
    assert_legible(chart.figure, boxes)


def test_names_that_would_look_alike_become_numbers(boxes: Callable) -> None:
    rows = frame(1, 2, names=["Quartier des Écoles Anciennes A", "Quartier des Écoles Anciennes B"])
    chart = draw(draw_tiles, rows, placed(rows["code"]))
    assert {"1", "2", "1 Quartier des Écoles Anciennes A"} <= set(shown(chart.figure))
    assert_legible(chart.figure, boxes)


def test_tiles_too_narrow_for_their_values_are_refused() -> None:
    rows = frame(1, 2)
    with pytest.raises(UsageError, match="40 colonnes de cases ne tiennent pas"):
        draw(draw_tiles, rows, placed(rows["code"]).assign(colonne=[1, 40]))


def test_a_territory_without_tile_is_named() -> None:
    rows = frame(12, 25, 31)
    chart = draw(draw_tiles, rows, placed(rows["code"][:2]))
    assert "Sans case : Maing" in shown(chart.figure)
    assert chart.alt.endswith("Sans case : Maing.")
    assert draw(draw_tiles, rows, placed(["59999"])).alt == f"{AXIS} : aucune case pour ces territoires."


# which of the two


@pytest.mark.parametrize(
    ("contours", "cartogramme", "beginning"),
    [
        (3, 3, "Carte de 3"),
        (2, 3, "Cartogramme à cases de 3"),
        (None, 3, "Cartogramme à cases de 3"),
        (0, 3, "Cartogramme à cases de 3"),
        (3, None, "Carte de 3"),
        (2, 1, f"{AXIS} : ni contour ni case pour Maing. Déclarer dans contrat.yml"),
        (None, None, f"{AXIS} : ni contour ni case pour Anzin ; Vicq ; Maing. Déclarer dans contrat.yml"),
    ],
)
def test_a_map_where_contours_are_whole_else_tiles_else_the_file_to_add(
    contours: int | None, cartogramme: int | None, beginning: str
) -> None:
    rows = frame(12, 25, 31)
    chart = draw(
        draw_territories, rows, contours=None if contours is None else squares(rows["code"][:contours]),
        cartogramme=None if cartogramme is None else placed(rows["code"][:cartogramme]),
    )  # fmt: skip
    assert chart.alt.startswith(beginning)
    assert re.search("source « contours »", chart.alt) is None or chart.alt.endswith("« cartogramme ».")


def test_quartiers_that_have_a_contour_are_drawn_and_the_others_left_out() -> None:
    rows = frame(12, 25)
    contours = pd.concat([squares(rows["code"]), squares(["QP059020"], 0.005)])
    chart = draw(draw_territories, rows, contours=contours, cartogramme=None, quartiers=["QP059020", "QP059021"])
    assert chart.alt.endswith("Par-dessus : 1 quartier.")
    assert "Par-dessus" not in draw(draw_territories, rows, contours=contours, cartogramme=None).alt


# the shipped communes


@pytest.fixture(scope="module")
def poverty() -> pd.DataFrame:
    folder = shipped_contract().dossier / "observation"
    read = {"sep": ";", "dtype": "str"}
    communes = pd.read_csv(folder / "territoires.csv", **read).query("type_territoire == 'commune'")
    rates = pd.read_csv(folder / "revenus_pauvrete_2021.csv", **read).query("code_indicateur == 'taux_pauvrete'")
    rates = rates.assign(taux=pd.to_numeric(rates["valeur"].str.replace(",", "."), errors="coerce"))
    rows = communes.merge(rates, on="code_territoire", how="left", validate="one_to_one")
    return rows.rename(columns={"code_territoire": "code", "nom_territoire": "nom"})[["code", "nom", "taux"]]


def test_the_shipped_communes_are_legible_as_tiles_with_the_same_bytes(poverty: pd.DataFrame, boxes: Callable) -> None:
    tiles = pd.read_csv(
        shipped_contract().dossier / "observation/cartogramme.csv", sep=";", dtype={"code_territoire": "str"}
    )
    first, second = (draw(draw_tiles, poverty, tiles, breaks=(10, 15, 20, 25, 30)) for _ in range(2))
    assert_legible(first.figure, boxes)
    assert "de 35 territoires" in first.alt
    assert "La plus basse : Saultain, 10,0\u202f%" in first.alt
    assert render_image(first).content == render_image(second).content


def test_a_map_of_as_many_territories_is_legible_with_the_same_bytes(poverty: pd.DataFrame, boxes: Callable) -> None:
    contours = squares(poverty["code"], wide=5)
    first, second = (draw(draw_map, poverty, contours) for _ in range(2))
    assert_legible(first.figure, boxes)
    assert render_image(first).content == render_image(second).content


def test_what_draws_no_map_never_waits_for_the_library() -> None:
    modules = "pipelines, pipelines.prepare, pipelines.charts.territories, pipelines.charts.heat, pipelines.tables"
    code = f"import sys; import {modules}; sys.exit(bool(sys.modules.keys() & {{'geopandas', 'shapely', 'pyproj'}}))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
