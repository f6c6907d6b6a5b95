"""Every text of a chart can be read: inside the image, apart from the others, large enough on a phone."""

import itertools
import math
import textwrap
import time
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from pipelines.charts.bars import draw_paired_bars, draw_ranked_bars, draw_stacked_bars
from pipelines.charts.flows import draw_flows
from pipelines.charts.gaps import draw_gaps
from pipelines.charts.heat import draw_heat_table
from pipelines.charts.image import draw as draw_image
from pipelines.charts.intervals import draw_intervals_over_years
from pipelines.charts.lettering import LEGEND_ROOM, LONGEST, MOST_LINES, count_lines, measure, shorten, wrap
from pipelines.charts.lines import draw_lines
from pipelines.charts.multiples import draw_small_multiples
from pipelines.charts.quadrant import draw_quadrant
from pipelines.charts.style import WIDTH, Chart
from pipelines.charts.tree import draw_tree
from pipelines.indicators.gender import read_as
from pipelines.tables import FUNDER_LABELS
from tests.charts.samples import CHARTS as BY_KIND
from tests.charts.samples import HOSTILE, NAMES, word_tree
from tests.conftest import sample
from tests.shipped import shipped_contract

Boxes = Callable[[Figure], list[tuple[str, Bbox]]]
AXIS = "Montant accordé, en euros"
COMMUNES = ["Anzin", "Aulnoy-lez-Valenciennes", "Bruay-sur-l'Escaut", "Monchaux-sur-Écaillon", "Rombies-et-Marchipont"]
# What a phone of 390 pixels leaves for a figure, and the smallest type that can be read there.
PHONE, SMALLEST = 340, 9
# Widths that the worst chart may be high, letters that tell it, seconds of processor that it may take (what never ends
# takes minutes): a tree is all text, and what has notes and a key below its axes holds the worst label several times.
WORST_CHART, WORST_TREE, WORST_NOTES = (1.3, 2000, 6), (4, 3000, 18), (1.7, 2000, 18)
WORST = {"tree": WORST_TREE, "quadrant": WORST_NOTES, "multiples": WORST_NOTES, "signed": WORST_NOTES}
# What turns the direction of a text, and what steers a terminal.
STEERING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)}


def ranked(labels: list[str], largest: float = 1_234_567) -> Chart:
    amounts = [largest / (rank + 1) for rank in range(len(labels))]
    return draw_ranked_bars(pd.DataFrame({"nom": labels, "montant": amounts}), label="nom", value="montant", axis=AXIS)


def paired(labels: list[str]) -> Chart:
    amounts = [1_234_567 / (rank + 1) for rank in range(len(labels))]
    frame = pd.DataFrame({"nom": labels, "montant_a": amounts, "montant_b": [0.9 * amount for amount in amounts]})
    return draw_paired_bars(
        frame, label="nom", pair=("montant_a", "montant_b"), names=("Demandé", "Accordé"), axis="Euros"
    )


def stacked(labels: list[str]) -> Chart:
    rows = [(year, label, 210_000.0 + 10 * year) for year in range(2015, 2023) for label in labels]
    frame = pd.DataFrame(rows, columns=["annee", "nom", "montant"])
    return draw_stacked_bars(frame, label="annee", category="nom", value="montant", axis=AXIS)


def gaps(labels: list[str]) -> Chart:
    rates = [52.4 - 2 * rank for rank in range(len(labels))]
    return draw_gaps(
        pd.DataFrame({"nom": labels, "taux": rates}), label="nom", value="taux", reference=53.8,
        reference_name="Communauté d'agglomération", unit="%", axis="Taux d'emploi des 15-64 ans, en %",
    )  # fmt: skip


def lines(labels: list[str]) -> Chart:
    rows = [
        (year, label, 100.0 + rank * (year - 2015)) for rank, label in enumerate(labels) for year in range(2015, 2024)
    ]
    frame = pd.DataFrame(rows, columns=["annee", "nom", "indice"])
    return draw_lines(frame, year="annee", category="nom", value="indice", axis="Indice, 100 en 2015")


def flows(labels: list[str]) -> Chart:
    rows = [
        (funder, label, 90_000.0 / (1 + rank) ** 2 / (1 + at))
        for rank, funder in enumerate(FUNDER_LABELS.values())
        for at, label in enumerate(labels)
    ]
    frame = pd.DataFrame(rows, columns=["financeur", "orientation", "montant"])
    return draw_flows(
        frame, source="financeur", target="orientation", value="montant", names=("Financeurs", "Orientations"),
        axis=AXIS,
    )  # fmt: skip


def heat(labels: list[str]) -> Chart:
    rows = [
        (commune, label, 150_000.0 / (1 + rank + at)) for rank, commune in enumerate(COMMUNES)
        for at, label in enumerate(labels)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["commune", "orientation", "montant"])
    return draw_heat_table(frame, row="commune", column="orientation", value="montant", axis=AXIS, totals=True)


def intervals(labels: list[str]) -> Chart:
    rows = [
        (year, label, 10.0 * rank + year - 2015, 10.0 * rank, 10.0 * rank + 12)
        for rank, label in enumerate(labels) for year in range(2015, 2023)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["annee", "nom", "part", "bas", "haut"])
    return draw_intervals_over_years(
        frame, year="annee", series="nom", value="part", low="bas", high="haut", axis="Part, en %"
    )


def tree(labels: list[str]) -> Chart:
    words = word_tree(labels)
    return draw_tree(words, reading=read_as(words), taken=("Q1", "Q2"))


def whiskers(labels: list[str]) -> Chart:
    rates = [52.4 - 2 * rank for rank in range(len(labels))]
    ends = {"bas": [rate - 4 for rate in rates], "haut": [None, *(rate + 3 for rate in rates[1:])]}
    return draw_gaps(
        pd.DataFrame({"nom": labels, "taux": rates, **ends}), label="nom", value="taux", low="bas", high="haut",
        reference=53.8, reference_name="Communauté d'agglomération", unit="%", axis="Taux d'emploi, en %",
    )  # fmt: skip


def quadrant(labels: list[str]) -> Chart:
    # Some of them at the same place.
    changes = [(7 * rank) % 5 - 2.2 for rank in range(len(labels))]
    frame = pd.DataFrame({
        "nom": labels, "taux": [40.0 + (3 * rank) % 7 for rank in range(len(labels))], "ecart": changes,
        "bas": [change - 1.5 for change in changes], "haut": [None, *(change + 2 for change in changes[1:])],
    })  # fmt: skip
    return draw_quadrant(
        frame, label="nom", level="taux", change="ecart", low="bas", high="haut", reference=44.0, better="bas",
        axis_level="Taux de pauvreté, en %", axis_change="Évolution de l'écart, en points",
    )  # fmt: skip


def multiples(labels: list[str]) -> Chart:
    rows = [
        (year, label, 10.0 * rank + year - 2015, 10.0 * rank - 3, 10.0 * rank + 12, 40.0)
        for rank, label in enumerate(labels) for year in range(2015, 2023)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["annee", "nom", "part", "bas", "haut", "entour"])
    return draw_small_multiples(
        frame, facet="nom", year="annee", value="part", low="bas", high="haut", reference="entour", axis="Part, en %",
        breaks=(2017, (2020, 2021)),
    )  # fmt: skip


def signed(labels: list[str]) -> Chart:
    rows = [(label, f"Indicateur {at}", 7.4 * at - 2.3 * rank) for rank, label in enumerate(labels) for at in range(8)]
    frame = pd.DataFrame(rows, columns=["nom", "indicateur", "ecart_reference"])
    return draw_heat_table(
        frame, row="nom", column="indicateur", value="ecart_reference", axis="Écart, en points",
        breaks=(-20, -10, 0, 10), meaning="Plus foncé : plus loin de l'agglomération.",
    )  # fmt: skip


CHARTS = [
    ranked, paired, stacked, gaps, whiskers, quadrant, multiples, lines, flows, heat, signed, intervals, tree,
]  # fmt: skip
ROWS = [ranked, paired, gaps, whiskers, quadrant]


def quartiers() -> list[str]:
    contract = shipped_contract()
    table = pd.read_csv(contract.dossier / "observation/territoires.csv", sep=";", dtype="str")
    named = table[table["type_territoire"].isin(["qpv", "qva"])]
    return [f"{name} ({code})" for code, name in zip(named["code_territoire"], named["nom_territoire"], strict=True)]


def assert_legible(figure: Figure, boxes: Boxes) -> None:
    drawn = boxes(figure)
    width, height = figure.canvas.get_width_height()
    outside = [text for text, box in drawn if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1]
    assert outside == []
    overlaps = [
        (one, other)
        for (one, box), (other, another) in itertools.combinations(drawn, 2)
        # A box holds the descenders of its line: a shared pixel is not an overlap.
        if (shared := Bbox.intersection(box, another)) is not None and min(shared.width, shared.height) > 1.5
    ]
    assert overlaps == []


@pytest.mark.parametrize("draw", sample(CHARTS, one_in=2))
def test_shipped_orientations_are_legible(
    draw: Callable[[list[str]], Chart], orientations: list[str], boxes: Boxes
) -> None:
    assert max(len(label) for label in orientations) > 80
    assert_legible(draw(orientations).figure, boxes)


@pytest.mark.parametrize("draw", sample([*ROWS, multiples, signed], one_in=2))
def test_shipped_quartiers_are_legible(draw: Callable[[list[str]], Chart], boxes: Boxes) -> None:
    assert len(quartiers()) > 20
    assert_legible(draw(quartiers()[:20]).figure, boxes)


@pytest.mark.parametrize("draw", sample(CHARTS, one_in=3))
@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(["Anzin"], id="one"),
        pytest.param(["ORIENTATION EN CAPITALES " * 4, "b"], id="capitals"),
        pytest.param(["Prix de 5 $ à 10 $", "a_b^c {d} \\alpha"], id="not mathematics"),
        pytest.param(["M" * 120, "c"], id="no blank to cut at"),
    ],
)
def test_any_label_is_legible(draw: Callable[[list[str]], Chart], labels: list[str], boxes: Boxes) -> None:
    chart = draw(labels)
    assert_legible(chart.figure, boxes)
    # A label may be drawn line by line.
    letters = "".join("".join(text.split()) for text, _ in boxes(chart.figure))
    cut = [label for label in labels if "".join(label.split()) not in letters]
    # Where bands, panels or cells need the width, five lines hold fewer letters.
    assert cut == [] or (draw in (flows, multiples, signed) and min(map(len, cut)) > 90 and "…" in letters)


@pytest.mark.parametrize("draw", ROWS)
def test_twenty_short_rows_are_legible_and_compact(draw: Callable[[list[str]], Chart], boxes: Boxes) -> None:
    chart = draw([f"Commune {number}" for number in range(20)])
    assert_legible(chart.figure, boxes)
    assert chart.figure.get_figheight() < 20 * 0.53 + 1


@pytest.mark.parametrize("draw", ROWS)
def test_height_follows_the_labels(draw: Callable[[list[str]], Chart], orientations: list[str]) -> None:
    one_line, three_lines = (draw([label] * 5).figure.get_figheight() for label in ("Anzin", orientations[0] * 2))
    assert three_lines - one_line > 5 * 2 * 11 / 72


@pytest.mark.parametrize("draw", ROWS)
def test_rows_are_neither_squeezed_nor_stretched(
    draw: Callable[[list[str]], Chart], orientations: list[str], boxes: Boxes
) -> None:
    figure = draw(orientations).figure
    boxes(figure)  # draws, so that the layout is settled
    ax = figure.axes[0]
    points = ax.get_window_extent().height * 72 / figure.dpi
    assert points == pytest.approx(abs(ax.get_ylim()[0]), rel=0.06)


@pytest.mark.parametrize("draw", CHARTS)
def test_type_is_large_enough_on_a_phone(draw: Callable[[list[str]], Chart], orientations: list[str]) -> None:
    figure = draw(orientations).figure
    sizes = {text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()}
    assert min(sizes) * PHONE / (72 * figure.get_figwidth()) >= SMALLEST


def test_largest_amount_keeps_its_room(boxes: Boxes) -> None:
    assert_legible(
        ranked(["Ensemble du territoire de l'agglomération", "Anzin"], largest=123_456_789_012).figure, boxes
    )


# the worst that data can hold


@pytest.mark.parametrize("kind", sample(BY_KIND, one_in=8))
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("error")
def test_hostile_labels_are_legible_or_cut(kind: str, name: str, boxes: Boxes) -> None:
    high, told, slow = WORST.get(kind, WORST_CHART)
    began = time.process_time()
    chart = BY_KIND[kind](HOSTILE[name])
    drawn = boxes(chart.figure)
    assert time.process_time() - began < slow
    assert_legible(chart.figure, boxes)
    assert max(text.count("\n") + 1 for text, _ in drawn) <= 2 * MOST_LINES + 1  # a title of gaps is three texts
    assert chart.figure.get_figheight() < high * WIDTH
    assert len(chart.alt) < told
    steering = [character for text in (chart.alt, *dict(drawn)) for character in text if ord(character) in STEERING]
    assert steering == []


def test_the_data_below_a_chart_keeps_the_whole_label() -> None:
    endless = HOSTILE["endless"]
    for kind in ("ranked", "paired", "gaps", "whiskers", "quadrant", "multiples", "flows", "heat", "signed"):
        assert endless in BY_KIND[kind](endless).data["nom"].to_list()
    assert endless in BY_KIND["intervals"](endless).data["nom"].to_list()
    assert endless in BY_KIND["tree"](endless).data["question"].to_list()
    for kind in ("stacked", "lines"):
        assert endless in BY_KIND[kind](endless).data.columns


@pytest.mark.parametrize("draw", [paired, stacked, lines, intervals])
@pytest.mark.parametrize("name", ["_nolegend_", "", "\u202e"])
def test_a_legend_leaves_nobody_out(draw: Callable[[list[str]], Chart], name: str) -> None:
    if draw is paired:
        frame = pd.DataFrame({"nom": ["Anzin"], "a": [1.0], "b": [2.0]})
        chart = draw_paired_bars(frame, label="nom", pair=("a", "b"), names=(name, "Accordé"), axis="Euros")
    else:
        chart = draw([name, "Anzin"])
    assert len(chart.figure.legends[0].get_texts()) == 2


def test_long_lists_are_not_read_out_to_the_end() -> None:
    assert paired([f"Commune {number}" for number in range(12)]).alt.count("(demandé)") == 12
    alt = paired([f"Commune {number}" for number in range(20)]).alt
    assert alt.count("(demandé)") == 12
    assert alt.endswith(" ; et 8 autres lignes dans les données.")


# shortening


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("  Le\tMoulin\n\n(QP059021) ", "Le Moulin (QP059021)"),
        ("1\u202f234\u00a0€", "1\u202f234\u00a0€"),
        ("\u202ea\u2066b\u200fc\x00d\x1be\x85f", "abcde f"),
        ("中\ue010é", "□□é"),
        # A value of a sentence is drawn without its marks.
        ("en \ue0002022\ue0012022\ue002", "en 2022"),
        ("<b>$x$</b> {{ 1 }}", "<b>$x$</b> {{ 1 }}"),
        (2022, "2022"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 1) + "…"),
        ("x " * LONGEST, "x " * (LONGEST // 2 - 1) + "x…"),
    ],
)
def test_a_label_is_one_line_of_what_can_be_drawn(label: object, shown: str) -> None:
    assert shorten(label) == shown


# wrapping


def test_a_label_without_end_is_wrapped_at_once() -> None:
    for label in ("mot " * 2500, "W" * 10_000, "\u202e" * 10_000, "e\u0301 " * 5_000):
        began = time.process_time()
        wrapped = wrap(label, 300)
        assert time.process_time() - began < 1
        assert count_lines(wrapped) <= MOST_LINES
        assert measure(wrapped) <= 300


def test_what_is_cut_says_so() -> None:
    assert wrap("W" * 200, 300).endswith("…")
    assert wrap("W" * 140, 300).replace("\n", "")[:-1] == "W" * (len(wrap("W" * 140, 300)) - MOST_LINES)


@pytest.mark.parametrize("most", [1, 2, MOST_LINES, 9])
def test_as_many_lines_as_are_allowed(most: int) -> None:
    wrapped = wrap("mot " * 40, 60, most)
    assert count_lines(wrapped) == most
    assert wrapped.endswith("…")


def test_the_narrowest_of_the_fewest_lines(orientations: list[str]) -> None:
    for label, room in itertools.product([*orientations, *quartiers()], (150, 300, LEGEND_ROOM)):
        folded = ["\n".join(textwrap.wrap(label, columns)) for columns in range(1, len(label) + 1)]
        assert wrap(label, room) == min((lines for lines in folded if measure(lines) <= room), key=count_lines)


def test_widths_do_not_depend_on_what_was_drawn_before() -> None:
    before = measure("Valenciennes")
    draw_image(ranked(["Anzin"]), "png")
    assert measure("Ωmégα") / measure("Valenciennes") == pytest.approx(0.6, abs=0.15)
    assert measure("Valenciennes") == before


def test_no_word_is_cut_for_the_sake_of_narrower_lines() -> None:
    assert wrap("Valenciennes Métropole", 112) == "Valenciennes\nMétropole"
    assert wrap("Condé-sur-l'Escaut", 75) == "Condé-sur-\nl'Escaut"


def test_short_text_stays_on_its_line() -> None:
    assert wrap("Anzin", 100) == "Anzin"


def test_wrapped_lines_fit_and_lose_nothing(orientations: list[str]) -> None:
    for label, room in itertools.product(orientations, (150, 300, LEGEND_ROOM)):
        wrapped = wrap(label, room)
        assert measure(wrapped) <= room
        assert wrapped.split() == label.split()


def test_as_few_lines_as_possible_and_of_like_length(orientations: list[str]) -> None:
    label = max(orientations, key=len)
    wrapped = wrap(label, 300)
    assert count_lines(wrapped) == math.ceil(measure(label) / 300)
    widths = [measure(line) for line in wrapped.split("\n")]
    assert min(widths) > 0.6 * max(widths)


def test_capitals_are_wider() -> None:
    assert measure("MMMM") > measure("iiii") * 2
