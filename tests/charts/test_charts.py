"""What a chart draws, what its text alternative says, and what becomes of values that are missing."""

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from pipelines.charts.bars import draw_paired_bars, draw_ranked_bars, draw_stacked_bars
from pipelines.charts.gaps import draw_gaps
from pipelines.charts.lines import draw_lines
from pipelines.charts.style import PALETTE, Chart
from pipelines.errors import UsageError

AXIS = "Montant accordé, en euros"
NBSP = "\u202f"


def shown(chart: Chart) -> list[str]:
    """Every text of the figure, its lines joined."""
    return [" ".join(text.get_text().split("\n")) for text in chart.figure.findobj(Text) if text.get_text().strip()]


def bar_widths(figure: Figure) -> list[float]:
    return [bar.get_width() for bar in figure.axes[0].patches]


def column(*values: float | None) -> pd.Series:
    return pd.Series(values, dtype="Float64")


# ranked bars


def ranked(*amounts: float | None) -> Chart:
    frame = pd.DataFrame(
        {"commune": ["Anzin", "Marly", "Vicq", "Onnaing"][: len(amounts)], "montant": column(*amounts)}
    )
    return draw_ranked_bars(frame, label="commune", value="montant", axis=AXIS)


def test_ranked_bars_in_the_order_of_the_frame() -> None:
    chart = ranked(1234567, 2000, 0)
    assert bar_widths(chart.figure) == [1234567, 2000, 0]
    assert {f"1{NBSP}234{NBSP}567{NBSP}€", f"2{NBSP}000{NBSP}€", f"0{NBSP}€", AXIS} <= set(shown(chart))
    assert chart.alt == (
        f"3 barres, montant accordé, en euros. En tête : Anzin, 1{NBSP}234{NBSP}567{NBSP}€. "
        f"En dernier : Vicq, 0{NBSP}€."
    )
    assert chart.data["montant"].to_list() == [1234567, 2000, 0]


def test_a_missing_value_is_said_and_never_drawn_as_the_last() -> None:
    chart = ranked(2000, 500, None)
    assert "n.d." in shown(chart)
    assert "En dernier : Marly" in chart.alt
    assert chart.alt.endswith("Sans valeur : 1 sur 3.")
    assert len(chart.data) == 3


def test_one_bar() -> None:
    assert ranked(12).alt.startswith("1 barre, ")


def test_a_negative_bar_goes_left_of_zero() -> None:
    chart = ranked(100, -50)
    left, right = chart.figure.axes[0].get_xlim()
    assert left <= -50
    assert right > 100


def test_labels_are_text_whatever_they_hold() -> None:
    frame = pd.DataFrame({"nom": ["<script>$x^2$</script>"], "montant": [1.0]})
    chart = draw_ranked_bars(frame, label="nom", value="montant", axis=AXIS)
    assert "<script>$x^2$</script>" in shown(chart)
    assert not any(text.get_parse_math() for text in chart.figure.findobj(Text))


# paired bars


def paired(planned: pd.Series, reached: pd.Series) -> Chart:
    frame = pd.DataFrame({"modalite": ["Femmes", "Hommes"], "nb_prevu": planned, "nb_realise": reached})
    return draw_paired_bars(
        frame, label="modalite", pair=("nb_prevu", "nb_realise"), names=("Prévu", "Réalisé"), axis="Personnes"
    )


def test_paired_bars_say_both_values_of_every_line() -> None:
    chart = paired(column(1200, 800), column(1000, 900))
    assert bar_widths(chart.figure) == [1200, 800, 1000, 900]
    assert chart.alt == (
        f"Barres par paires, personnes. Femmes : 1{NBSP}200 (prévu), 1{NBSP}000 (réalisé) ; "
        "Hommes : 800 (prévu), 900 (réalisé)."
    )
    assert {"Prévu", "Réalisé"} <= set(shown(chart))


def test_pairs_differ_by_hatching_too() -> None:
    bars = paired(column(1200, 800), column(1000, 900)).figure.axes[0].patches
    assert {bar.get_hatch() for bar in bars[:2]} != {bar.get_hatch() for bar in bars[2:]}


def test_a_hidden_count_is_not_a_zero() -> None:
    chart = paired(column(1200, 3), column(1000, None))
    assert "Hommes : 3 (prévu), n.d. (réalisé)" in chart.alt
    assert "n.d." in shown(chart)
    assert chart.data["nb_realise"].isna().to_list() == [False, True]


# stacked years


def stacked(*rows: tuple[int, str, float | None]) -> Chart:
    frame = pd.DataFrame(rows, columns=["annee", "orientation", "montant"]).astype({"montant": "Float64"})
    return draw_stacked_bars(frame, label="annee", category="orientation", value="montant", axis=AXIS)


def test_stacked_years_add_up() -> None:
    chart = stacked((2021, "O1", 1000), (2021, "O2", 500), (2022, "O1", 700))
    assert bar_widths(chart.figure) == [1000, 700, 500, 0]
    assert [bar.get_x() for bar in chart.figure.axes[0].patches] == [0, 0, 1000, 700]
    assert chart.alt == (
        f"Barres empilées, montant accordé, en euros. Totaux : 2021 : 1{NBSP}500{NBSP}€ ; 2022 : 700{NBSP}€."
    )
    assert chart.data.columns.to_list() == ["annee", "O1", "O2"]


def test_a_total_with_a_missing_part_says_so() -> None:
    chart = stacked((2021, "O1", 1000), (2021, "O2", None), (2022, "O1", 700), (2022, "O2", 100))
    assert bar_widths(chart.figure) == [1000, 700, 0, 100]
    assert f"2021 : 1{NBSP}000{NBSP}€ (incomplet)" in chart.alt
    assert f"2022 : 800{NBSP}€." in chart.alt
    assert chart.data["O2"].isna().to_list() == [True, False]


@pytest.mark.parametrize("many", [len(PALETTE), len(PALETTE) + 1])
def test_a_category_too_many_is_refused_not_dropped(many: int) -> None:
    rows = [(2022, f"O{number}", 1.0) for number in range(many)]
    if many > len(PALETTE):
        with pytest.raises(UsageError, match=f"{many} catégories .* {len(PALETTE)} au plus"):
            stacked(*rows)
    else:
        assert len(bar_widths(stacked(*rows).figure)) == many


# gaps


def gaps(*rates: float | None, reference: float = 53.8) -> Chart:
    frame = pd.DataFrame({"quartier": ["Lecocq", "Le Trieu", "Dutemple", "Cité"][: len(rates)], "taux": column(*rates)})
    return draw_gaps(
        frame,
        label="quartier",
        value="taux",
        reference=reference,
        reference_name="Agglomération",
        unit="%",
        axis="Taux",
    )


def test_gaps_are_sorted_and_tell_their_extremes() -> None:
    chart = gaps(25.6, 60.0, 40.25)
    assert chart.data["taux"].to_list() == [60.0, 40.25, 25.6]
    assert {"60,0", "40,3", "25,6"} <= set(shown(chart))
    assert chart.alt == (
        "Points par territoire. Agglomération : 53,8 %. 2 territoires sur 3 au-dessous. "
        "Le plus bas : Lecocq, 25,6 %. Le plus haut : Le Trieu, 60,0 %."
    )


def test_a_quartier_without_value_is_listed_last_not_left_out() -> None:
    chart = gaps(25.6, None, 40.2)
    assert "Le Trieu" in shown(chart)
    assert "n.d." in shown(chart)
    assert "2 territoires sur 2 au-dessous" in chart.alt
    assert chart.alt.endswith("Sans valeur : 1 sur 3.")


def whiskers(*rows: tuple, reference: float | None = 50.0, low: str | None = "bas", high: str | None = "haut") -> Chart:
    frame = pd.DataFrame(rows, columns=["quartier", "taux", "bas", "haut"])
    frame = frame.astype(dict.fromkeys(["taux", "bas", "haut"], "Float64"))
    return draw_gaps(
        frame, label="quartier", value="taux", low=low, high=high, reference=reference, reference_name="Agglomération",
        unit="%", axis="Taux",
    )  # fmt: skip


INTERVALS = [
    ("Lecocq", 40.0, 36.0, 44.0), ("Le Trieu", 49.0, 47.0, 51.5), ("Dutemple", 60.0, 55.0, 65.0),
    ("Cité", 45.0, 44.0, None), ("Le Jard", None, 1.0, 2.0),
]  # fmt: skip


def test_whiskers_go_from_end_to_end_and_a_value_without_is_hollow() -> None:
    chart = whiskers(*INTERVALS)
    lines = [found for found in chart.figure.axes[0].collections if isinstance(found, LineCollection)]
    segments = [sorted(x for x, _ in segment.tolist()) for found in lines for segment in found.get_segments()]
    assert [ends for ends in segments if 50.0 not in ends] == [[55.0, 65.0], [47.0, 51.5], [36.0, 44.0]]
    points = next(found for found in chart.figure.axes[0].collections if len(found.get_facecolors()) == 4)
    assert [colour.tolist() == [1.0] * 4 for colour in points.get_facecolors()] == [False, False, True, False]
    assert any("Trait fin à bouts : intervalle. Point vide : sans intervalle" in text for text in shown(chart))


def test_whiskers_are_told() -> None:
    chart = whiskers(*INTERVALS)
    assert chart.alt == (
        "Points par territoire. Agglomération : 50,0 %. 3 territoires sur 4 au-dessous. "
        "Le plus bas : Lecocq, 40,0 % (de 36,0 à 44,0). Le plus haut : Dutemple, 60,0 % (de 55,0 à 65,0). "
        "Intervalle tout entier au-dessous : 1 ; au-dessus : 1 ; qui contient la référence : 1. "
        "Sans intervalle : 1 sur 4. Sans valeur : 1 sur 5."
    )
    assert chart.data.columns.to_list() == ["quartier", "taux", "bas", "haut"]


@pytest.mark.parametrize("reference", [None, float("nan"), pd.NA])
def test_without_a_reference_points_stand_alone(reference: float | None) -> None:
    chart = whiskers(*INTERVALS, reference=reference)
    assert chart.alt == (
        "Points par territoire. Agglomération : n.d., écarts non calculables. "
        "Le plus bas : Lecocq, 40,0 % (de 36,0 à 44,0). Le plus haut : Dutemple, 60,0 % (de 55,0 à 65,0). "
        "Sans intervalle : 1 sur 4. Sans valeur : 1 sur 5."
    )
    assert not any("◆" in text for text in shown(chart))
    lines = [found for found in chart.figure.axes[0].collections if isinstance(found, LineCollection)]
    assert sum(len(found.get_segments()) for found in lines) == 3


@pytest.mark.parametrize(
    ("rows", "ends", "message"),
    [
        (INTERVALS, {"high": None}, "deux bornes"),
        ([("Lecocq", 40.0, 44.0, 36.0)], {}, "« Lecocq » a ses bornes à l'envers"),
    ],
)
def test_whiskers_that_make_no_sense_are_refused(rows: list[tuple], ends: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        whiskers(*rows, **ends)


def test_all_at_the_reference() -> None:
    assert "0 territoire sur 2 au-dessous" in gaps(53.8, 53.8).alt


# lines


def lines(*rows: tuple[int, str, float | None]) -> Chart:
    frame = pd.DataFrame(rows, columns=["annee", "nom", "indice"]).astype({"indice": "Float64"})
    return draw_lines(frame, year="annee", category="nom", value="indice", axis="Indice")


def test_lines_tell_their_ends() -> None:
    chart = lines((2015, "Nord", 100), (2016, "Nord", 98.25), (2015, "France", 100), (2016, "France", 101))
    assert chart.alt == ("Courbes, indice. Nord : 100,0 en 2015, 98,3 en 2016 ; France : 100,0 en 2015, 101,0 en 2016.")
    dashes = {line.get_linestyle() for line in chart.figure.axes[0].lines}
    assert len(dashes) == 2


def test_a_line_breaks_where_a_value_is_missing() -> None:
    chart = lines((2015, "Nord", 100), (2016, "Nord", None), (2017, "Nord", 90))
    (line,) = chart.figure.axes[0].lines
    assert pd.isna(line.get_ydata()).tolist() == [False, True, False]


def test_a_line_without_values_is_said() -> None:
    chart = lines((2015, "Nord", 100), (2015, "France", None))
    assert chart.alt == "Courbes, indice. Nord : 100,0 en 2015 ; France : aucune valeur."


def test_a_line_too_many_is_refused_not_dropped() -> None:
    with pytest.raises(UsageError, match=r"7 courbes .* 6 au plus"):
        lines(*[(2015, f"T{number}", 1.0) for number in range(7)])


# nothing to draw


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda: ranked(None, None), id="ranked"),
        pytest.param(lambda: ranked(), id="ranked, empty"),
        pytest.param(lambda: paired(column(None, None), column(None, None)), id="paired"),
        pytest.param(lambda: stacked((2022, "O1", None)), id="stacked"),
        pytest.param(lambda: stacked(), id="stacked, empty"),
        pytest.param(lambda: gaps(None), id="gaps"),
        pytest.param(lambda: gaps(), id="gaps, empty"),
        pytest.param(lambda: lines((2015, "Nord", None)), id="lines"),
        pytest.param(lambda: lines(), id="lines, empty"),
    ],
)
def test_nothing_to_draw_is_one_sentence(draw: Callable[[], Chart]) -> None:
    chart = draw()
    assert chart.alt.endswith(" : aucune valeur à représenter.")
    assert shown(chart) == [chart.alt]
