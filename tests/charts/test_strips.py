"""Strips: every value is a point, those looked for have their shape, what is missing is said."""

import pandas as pd
import pytest

from pipelines.charts.strips import MOST, draw_strips
from pipelines.charts.style import Chart
from pipelines.errors import UsageError


def strips(rows: list[tuple[str, float | None, bool | None]]) -> Chart:
    frame = pd.DataFrame(rows, columns=["agglomeration", "taux", "ours"]).astype({"taux": "Float64", "ours": "boolean"})
    return draw_strips(
        frame,
        line="agglomeration",
        value="taux",
        own="ours",
        names=("Quartier du contrat", "Autre quartier"),
        axis="Taux",
    )


def marks(chart: Chart, shape: str) -> list[float]:
    drawn = [line for line in chart.figure.axes[0].lines if line.get_marker() == shape]
    return [float(value) for line in drawn for value in line.get_xdata()]


ROWS: list[tuple[str, float | None, bool | None]] = [
    ("Hainaut", 30, False), ("Hainaut", 50, True), ("Hainaut", 40, None), ("Hainaut", 45, False), ("Lens", 20, False),
    ("Lens", None, False),
]  # fmt: skip


def test_every_value_is_a_point_and_the_middle_is_one_of_them() -> None:
    chart = strips(ROWS)
    assert marks(chart, "o") == [30, 40, 45, 20]
    assert marks(chart, "D") == [50]
    # Of four values the lower of the two in the middle: no average is drawn.
    assert marks(chart, "|") == [40, 20]
    assert chart.data["valeur_mediane"].tolist() == [40, 20]
    assert chart.data["nb_quartiers"].tolist() == [4, 2]
    assert chart.data["nb_sans_valeur"].tolist() == [0, 1]


def test_the_alternative_tells_the_line_looked_for_and_the_extremes_of_all() -> None:
    assert strips(ROWS).alt == (
        "Points sur 2 lignes, taux. Hainaut : de 30,0\u202f% à 50,0\u202f%, milieu 40,0\u202f%. "
        "Le plus bas : 20,0\u202f% (Lens). Le plus haut : 50,0\u202f% (Hainaut). Sans valeur : 1 sur 6."
    )


def test_a_line_without_any_value_stays() -> None:
    chart = strips([*ROWS, ("Douai", None, False)])
    assert chart.data["agglomeration"].tolist() == ["Hainaut", "Lens", "Douai"]
    assert chart.data["valeur_mediane"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("many", [MOST, MOST + 1])
def test_too_many_lines_are_refused_not_dropped(many: int) -> None:
    rows = [(f"Agglomération {number}", 1.0 * number, False) for number in range(many)]
    if many > MOST:
        with pytest.raises(UsageError, match=f"{many} lignes ne tiennent plus dans une figure"):
            strips(rows)
    else:
        assert len(strips(rows).data) == many


def test_nothing_known_is_said() -> None:
    assert strips([("Lens", None, False)]).alt == "Taux : aucune valeur à représenter."
