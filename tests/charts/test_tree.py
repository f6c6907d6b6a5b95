"""The tree of the gender marker as it is drawn: any tree, either reading, what took each branch, where a path is."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch, Polygon
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from pipelines.charts.style import INK, Chart
from pipelines.charts.tree import draw_tree
from pipelines.errors import UsageError
from pipelines.indicators.gender import Reading, Tree, read_as
from tests.charts.samples import shipped_tree
from tests.charts.test_legibility import assert_legible

Boxes = Callable[[Figure], list[tuple[str, Bbox]]]
STRICT, OTHER = Reading(3, "marqueur_1"), Reading(2, "criteres")
READINGS = pytest.mark.parametrize("reading", [STRICT, OTHER], ids=["strict", "other"])
COUNTED = [
    ("Q1", "Q2", 128), ("Q1", "Q2N", 34), ("Q2", "R1", 12), ("Q2", "Q3", 116), ("Q3", "R2", 41), ("Q3", "R3", 70),
    ("Q2N", "R4", 5), ("Q2N", "Q4", 29), ("Q4", "R5", 24), ("Q4", "R6", 0),
]  # fmt: skip


def counted(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["depuis", "vers", "nb_actions"])


def shipped(reading: Reading = STRICT, **options: Any) -> Chart:
    return draw_tree(shipped_tree(), reading=reading, **options)


def changed(**parts: Any) -> Tree:
    """The shipped tree with other parts, checked as if it had been read."""
    return Tree.model_validate(shipped_tree().model_dump() | parts)


def question(code: str, yes: str, no: str, text: str = "Cette question est-elle posée ?") -> dict[str, Any]:
    branches = {"oui": {"chemin": "chemin du oui", "vers": yes}, "non": {"chemin": "chemin du non", "vers": no}}
    return {"code": code, "champ": "public_mixte", "libelle": "question", "texte": text, **branches}


def small() -> Tree:
    """One question, the criteria, three outcomes."""
    opened = {"question": "Q", "reponse": "oui", "retenue": "a", "vers": {"a": "A", "b": "C"}}
    criteria = shipped_tree().criteres.model_dump() | {"code": "C", "atteint": "B", "sinon": "Z"}
    issues = {"A": {"marqueur": 2}, "B": {"marqueur": 1}, "Z": {"marqueur": 0}}
    return changed(
        titre="Petit arbre", depart="Q", questions=[question("Q", "A", "C")], criteres=criteria, issues=issues,
        lectures={"issue_coherent": opened},
    )  # fmt: skip


def longer() -> Tree:
    """Four criteria, and texts that are longer than those shipped."""
    tree = shipped_tree()
    fourth = {"champ": "public_mixte", "libelle": "gouvernance paritaire du projet et de son suivi", "texte": "?"}
    criteria = tree.criteres.model_dump()
    criteria |= {"liste": [*criteria["liste"], fourth], "seuil": 4, "seuils": [1, 2, 3, 4]}
    text = (
        "Ce projet, tel que le dossier le décrit et tel que les instructeurs le connaissent, est-il bien celui que le "
        "comité avait demandé l'an dernier ?"
    )
    return changed(criteres=criteria, questions=[one.model_dump() | {"texte": text} for one in tree.questions])


def shared() -> Tree:
    """Three outcomes alone, to which all questions lead: lines have to cross."""
    names = {"R1": "M2", "R4": "M2", "R2": "M1", "R5": "M1", "R3": "M0", "R6": "M0"}
    dumped = shipped_tree().model_dump()
    for one, answer in itertools.product(dumped["questions"], ("oui", "non")):
        one[answer]["vers"] = names.get(one[answer]["vers"], one[answer]["vers"])
    opened = dumped["lectures"]["issue_coherent"] | {"vers": {"marqueur_1": "M1", "criteres": "Q3"}}
    return changed(
        questions=dumped["questions"], criteres=dumped["criteres"] | {"atteint": "M1", "sinon": "M0"},
        issues={f"M{marker}": {"marqueur": marker} for marker in range(3)}, lectures={"issue_coherent": opened},
    )  # fmt: skip


def bushy(depth: int) -> Tree:
    """A question below every answer, `depth` questions deep; the last answer leads to the criteria."""
    paths = ["".join(path) for many in range(depth) for path in itertools.product("on", repeat=many)]
    ends = ["".join(path) for path in itertools.product("on", repeat=depth)][:-1]

    def name(path: str) -> str:
        return "C" if path == "n" * depth else f"R{path}" if len(path) == depth else f"Q{path}"

    opened = {"question": "Qo", "reponse": "oui", "retenue": "a", "vers": {"a": name("oo"), "b": "C"}}
    criteria = shipped_tree().criteres.model_dump() | {"code": "C", "atteint": name(ends[0]), "sinon": name(ends[1])}
    return changed(
        depart="Q", questions=[question(f"Q{path}", name(f"{path}o"), name(f"{path}n")) for path in paths],
        criteres=criteria, issues={name(end): {"marqueur": end.count("o") % 3} for end in ends},
        lectures={"issue_coherent": opened},
    )  # fmt: skip


TREES = pytest.mark.parametrize(
    "tree",
    [
        pytest.param(shipped_tree(), id="shipped"), pytest.param(small(), id="small"),
        pytest.param(longer(), id="longer"), pytest.param(shared(), id="shared"),
        pytest.param(bushy(3), id="8 outcomes"), pytest.param(bushy(4), id="16 outcomes", marks=pytest.mark.long),
    ],
)  # fmt: skip


def texts(chart: Chart) -> list[str]:
    """Every line of the drawing below its title."""
    return [text.get_text() for text in chart.figure.axes[0].texts]


def written(chart: Chart) -> str:
    """All lines in one."""
    return " ".join(texts(chart)).replace("\u00a0", " ")


def lines_of(chart: Chart) -> list[PathPatch]:
    return [patch for patch in chart.figure.axes[0].patches if isinstance(patch, PathPatch)]


def dotted(chart: Chart) -> list[PathPatch]:
    return [line for line in lines_of(chart) if line.get_linestyle() != "-" and line.get_linestyle() != "solid"]


def runs(chart: Chart) -> list[np.ndarray]:
    """The lines as points from their beginning to their end."""
    return [line.get_path().interpolated(1).to_polygons(closed_only=False)[0] for line in lines_of(chart)]


def outlines(chart: Chart) -> dict[str, Patch]:
    """The outline of each box, by the text whose first line stands in it; arrows and the key left out."""
    ax = chart.figure.axes[0]
    found = {}
    for patch in ax.patches:
        frame = patch.get_extents().transformed(ax.transData.inverted())
        inside = [
            text.get_text() for text in ax.texts
            if frame.x0 <= text.get_position()[0] <= frame.x1 and frame.y1 < text.get_position()[1] < frame.y0
        ]  # fmt: skip
        if inside and not isinstance(patch, PathPatch):
            found[" ".join(inside)] = patch
    return found


def boxes_of(chart: Chart) -> dict[str, Patch]:
    """The outline of each question and outcome of the shipped tree, by its code."""
    tree, found = shipped_tree(), outlines(chart)
    asked = {code: next(box for text, box in found.items() if text.startswith(f"{code}. ")) for code in tree.nodes}
    ends = {code: next(box for text, box in found.items() if text.endswith(f"règle {code}")) for code in tree.issues}
    return asked | ends


# what is drawn


@READINGS
def test_every_question_answer_and_outcome_is_written(reading: Reading) -> None:
    tree = shipped_tree()
    said = written(shipped(reading))
    for one in tree.questions:
        assert f"{one.code}. " in said
        assert one.oui.chemin in said
        assert one.non.chemin in said
    assert all(f"• {criterion.libelle}" in said for criterion in tree.criteres.liste)
    assert all(f"{marker} {sentence}" in said for marker, sentence in enumerate(tree.echelle))
    assert all(f"Marqueur {outcome.marqueur} règle {code}" in said for code, outcome in tree.issues.items())
    assert said.count("autre lecture") == 1
    assert f"Seuil : {reading.seuil_criteres} sur 3" in said


@pytest.mark.parametrize(
    ("seuil", "said"),
    [(1, ["au moins 1", "moins de 1"]), (2, ["au moins 2", "moins de 2"]), (3, ["3 sur 3", "moins de 3"])],
)
def test_the_criteria_say_the_threshold_of_the_reading(seuil: int, said: list[str]) -> None:
    chart = shipped(Reading(seuil, "marqueur_1"))
    assert set(said) <= set(texts(chart))
    assert chart.data["reponse"].to_list()[-2:] == said


@READINGS
def test_the_data_are_the_branches_of_the_reading(reading: Reading) -> None:
    data = shipped(reading).data
    assert data.columns.to_list() == ["depuis", "question", "reponse", "vers", "nb_actions"]
    coherent = "R5" if reading == STRICT else "Q3"
    assert set(zip(data["depuis"], data["vers"], strict=True)) == {
        *((source, target) for source, target, _ in COUNTED if (source, target) != ("Q4", "R5")), ("Q4", coherent),
    }  # fmt: skip
    assert data["nb_actions"].isna().all()
    assert data["nb_actions"].dtype == "Int64"
    assert data["question"].iloc[0] == "Le projet vise-t-il un public mixte ?"


@READINGS
def test_the_other_reading_is_one_dotted_branch(reading: Reading) -> None:
    chart = shipped(reading)
    above, below = dotted(chart)
    # From Q4 to its words, from these to where the other reading leads.
    target = boxes_of(chart)["Q3" if reading == STRICT else "R5"]
    frame = target.get_extents().transformed(chart.figure.axes[0].transData.inverted())
    assert frame.x0 < below.get_path().vertices[-1][0] < frame.x1
    assert below.get_path().vertices[-1][1] == pytest.approx(frame.y1, abs=10)
    assert above.get_path().vertices[-1][0] == below.get_path().vertices[0][0]


def test_outcomes_differ_by_shape_and_none_outweighs_another() -> None:
    found = outlines(shipped())
    looks = {}
    for text, patch in found.items():
        if text.startswith("Marqueur"):
            rounded = isinstance(patch, FancyBboxPatch) and patch.get_boxstyle().rounding_size > 1
            looks.setdefault(text[9], set()).add((isinstance(patch, Polygon), rounded))
            assert patch.get_facecolor()[3] == pytest.approx(0.12)
            assert patch.get_linewidth() == pytest.approx(1.2)
    assert sorted(looks) == ["0", "1", "2"]
    assert all(len(of_marker) == 1 for of_marker in looks.values())
    assert len(set.union(*looks.values())) == 3


def test_two_answers_that_lead_to_the_same_box_are_one_branch() -> None:
    tree = small().model_dump()
    tree["questions"][0]["non"]["vers"] = "A"
    chart = draw_tree(Tree.model_validate(tree), reading=Reading(3, "a"), counts=counted(("Q", "A", 7)))
    assert chart.data[["depuis", "reponse", "vers", "nb_actions"]].iloc[0].to_list() == ["Q", "oui ou non", "A", 7]
    assert "Oui ou non" in texts(chart)


# any tree


@TREES
def test_any_tree_is_legible_and_whole(tree: Tree, boxes: Boxes) -> None:
    opened = tree.lectures.issue_coherent
    for issue in opened.vers:
        chart = draw_tree(tree, reading=read_as(tree, issue_coherent=issue))
        assert_legible(chart.figure, boxes)
        assert "…" not in written(chart)
        assert {one.code for one in tree.questions} <= set(chart.data["depuis"])


@TREES
def test_boxes_stand_apart_and_lines_stay_outside(tree: Tree) -> None:
    chart = draw_tree(tree, reading=read_as(tree))
    ax = chart.figure.axes[0]
    frames = [patch.get_extents().transformed(ax.transData.inverted()) for patch in outlines(chart).values()]
    assert len(frames) >= len(tree.nodes) + len(tree.issues)
    for one, other in itertools.combinations(frames, 2):
        assert Bbox.intersection(one, other) is None
    for points, frame in itertools.product(runs(chart), frames):
        within = (frame.x0 + 1 < points[:, 0]) & (points[:, 0] < frame.x1 - 1)
        within &= (frame.y1 + 1 < points[:, 1]) & (points[:, 1] < frame.y0 - 1)
        assert not within.any()


@TREES
def test_every_arrow_ends_on_a_box_and_no_curve_is_flat(tree: Tree) -> None:
    chart = draw_tree(tree, reading=read_as(tree))
    ax = chart.figure.axes[0]
    frames = [patch.get_extents().transformed(ax.transData.inverted()) for patch in outlines(chart).values()]
    tips = [patch.get_xy()[2] for patch in ax.patches if isinstance(patch, Polygon) and len(patch.get_xy()) == 4]
    assert len(tips) == len(chart.data) + len(dotted(chart)) / 2
    for x, y in tips:
        assert any(frame.x0 + 5 < x < frame.x1 - 5 and abs(y - frame.y1) < 1 for frame in frames)
    for line in lines_of(chart)[::2]:
        start, *_, end, _ = line.get_path().vertices[1:]
        assert end[1] - start[1] >= min(0.14 * abs(end[0] - start[0]), 28) - 1e-6


def test_a_box_is_as_high_as_its_text() -> None:
    boxes = boxes_of(shipped())
    heights = {code: round(box.get_extents().height, 1) for code, box in boxes.items()}
    assert len({heights[code] for code in shipped_tree().issues}) == 1
    assert heights["Q1"] < heights["R1"] < heights["Q4"] < heights["Q2"] < heights["Q3"]


@TREES
def test_texts_stand_inside_their_boxes(tree: Tree, boxes: Boxes) -> None:
    chart = draw_tree(tree, reading=read_as(tree))
    boxes(chart.figure)  # draws, so that the layout is settled
    frames = [patch.get_window_extent() for patch in outlines(chart).values()]
    found = 0
    for text, frame in itertools.product(chart.figure.axes[0].texts, frames):
        letters = text.get_window_extent()
        if Bbox.intersection(letters, frame) is not None:
            found += 1
            assert letters.x0 - frame.x0 > 4
            assert frame.x1 - letters.x1 > 4
            assert letters.y0 > frame.y0
            assert letters.y1 < frame.y1
    assert found >= len(frames)


def crossings(chart: Chart) -> int:
    """Pairs of lines that meet elsewhere than where they begin."""
    found = 0
    for one, other in itertools.combinations(runs(chart), 2):
        # Lines only go down: two of them cross where, at the same heights, left and right change places.
        top, bottom = max(one[0, 1], other[0, 1]), min(one[-1, 1], other[-1, 1])
        if bottom - top < 1:
            continue
        heights = np.linspace(top + 0.2, bottom - 0.2, 200)
        aside = np.interp(heights, one[:, 1], one[:, 0]) - np.interp(heights, other[:, 1], other[:, 0])
        found += bool((aside > 0.1).any() and (aside < -0.1).any())
    return found


@READINGS
def test_no_line_of_the_shipped_tree_crosses_another(reading: Reading) -> None:
    assert crossings(shipped(reading)) == 0
    assert crossings(shipped(reading, counts=counted(("Q1", "Q2", 128)))) == 0


def test_crossings_are_seen_where_there_are_some() -> None:
    assert crossings(draw_tree(shared(), reading=STRICT)) > 0


def test_a_tree_too_wide_is_refused() -> None:
    with pytest.raises(UsageError, match="trop large pour une page"):
        draw_tree(bushy(5), reading=Reading(3, "a"))


# counts


def test_counts_stand_on_their_branches_zero_too() -> None:
    chart = shipped(counts=counted(*COUNTED))
    said = texts(chart)
    assert all(f"{number} actions" in said for _, _, number in COUNTED if number > 1)
    assert said.count("0 action") == 1
    data = chart.data.set_index(["depuis", "vers"])["nb_actions"]
    assert {pair: data[pair] for pair in data.index} == {(source, target): number for source, target, number in COUNTED}


def test_a_branch_without_row_was_taken_by_none_and_a_missing_number_is_not_zero() -> None:
    chart = shipped(counts=counted(("Q1", "Q2", 1), ("Q1", "Q2N", None)))
    said = texts(chart)
    assert said.count("0 action") == 8
    assert said.count("1 action") == said.count("n.d.") == 1
    assert chart.data["nb_actions"].isna().sum() == 1


def test_lines_are_as_wide_as_their_counts_between_two_bounds() -> None:
    chart = shipped(counts=counted(*COUNTED))
    widths = {line.get_linewidth() for line in lines_of(chart)}
    assert min(widths) >= 1
    assert max(widths) <= 6
    by_count = dict(zip((number for _, _, number in COUNTED), lines_of(chart)[::2], strict=False))
    assert len(by_count) == len(COUNTED)
    assert len(widths) == len(COUNTED)


@pytest.mark.parametrize(
    ("rows", "reading", "message"),
    [
        pytest.param([("Q1", "Q4", 3)], STRICT, "« Q1 » à « Q4 » .* même seuil et la même issue", id="no such branch"),
        pytest.param([("Q4", "R5", 3)], OTHER, "« Q4 » à « R5 »", id="a branch of the other reading"),
        pytest.param([("Q1", "Q2", 3), ("Q1", "Q2", 4)], STRICT, "plusieurs lignes", id="a branch twice"),
        pytest.param([("Q1", "Q2", -1)], STRICT, "négatif", id="negative"),
    ],
)
def test_counts_of_another_tree_are_refused(rows: list[tuple], reading: Reading, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        shipped(reading, counts=counted(*rows))


@pytest.mark.parametrize("reading", [Reading(4, "marqueur_1"), Reading(3, "R5")], ids=["threshold", "issue"])
def test_a_reading_that_the_tree_lacks_is_refused(reading: Reading) -> None:
    with pytest.raises(UsageError, match="choisir parmi"):
        shipped(reading)


# a path


@pytest.mark.parametrize(
    ("reading", "taken"),
    [
        pytest.param(STRICT, ("Q1",), id="the first question"),
        pytest.param(STRICT, ("Q1", "Q2", "Q3"), id="the criteria"),
        pytest.param(STRICT, ("Q1", "Q2", "Q3", "R3"), id="to the end"),
        pytest.param(STRICT, ("Q1", "Q2N", "Q4", "R5"), id="not mixed"),
        pytest.param(OTHER, ("Q1", "Q2N", "Q4", "Q3", "R2"), id="the other reading"),
    ],
)
def test_a_path_is_thick_and_its_end_dark(reading: Reading, taken: Sequence[str]) -> None:
    chart = shipped(reading, taken=taken)
    thin, thick = sorted({line.get_linewidth() for line in lines_of(chart)} | {1.2, 3.2})
    # Each branch is two lines: above and below its words.
    assert sum(line.get_linewidth() == thick for line in lines_of(chart)) == 2 * (len(taken) - 1)
    assert not any(line.get_linewidth() == thick for line in dotted(chart))
    boxes = boxes_of(chart)
    walked = {code for code, box in boxes.items() if box.get_linewidth() > 2}
    assert walked == set(taken)
    assert {code for code, box in boxes.items() if to_hex(box.get_facecolor()) == INK} == {taken[-1]}
    light = [text.get_text() for text in chart.figure.axes[0].texts if to_hex(text.get_color()) == "#ffffff"]
    assert " ".join(light).startswith(f"{taken[-1]}. ") or light[1] == f"règle {taken[-1]}"
    assert "chemin suivi" in written(chart)
    assert thin == 1.2


def test_the_other_reading_is_not_walked_where_another_answer_leads_to_the_same_box() -> None:
    opened = shipped_tree().lectures.issue_coherent.model_dump() | {"vers": {"marqueur_1": "R5", "criteres": "R6"}}
    chart = draw_tree(
        changed(lectures={"issue_coherent": opened}), reading=STRICT, taken=("Q1", "Q2N", "Q4", "R6"),
        counts=counted(("Q4", "R6", 3)),
    )  # fmt: skip
    assert sum(line.get_linewidth() > 2 for line in lines_of(chart)) == 6
    assert [line.get_linewidth() for line in dotted(chart)] == [1.2, 1.2]
    assert texts(chart).count("3 actions") == 1


def test_without_a_path_nothing_stands_out() -> None:
    chart = shipped()
    assert "chemin suivi" not in written(chart)
    assert len({line.get_linewidth() for line in lines_of(chart)}) == 1
    assert len({box.get_linewidth() for box in outlines(chart).values()}) == 1


@pytest.mark.parametrize(
    "taken", [("Q2", "R1"), ("Q1", "Q3"), ("Q1", "Q2N", "Q4", "Q3"), ("Q1", "Q9")],
    ids=["not from the start", "a question left out", "the other reading", "unknown"],
)  # fmt: skip
def test_a_path_beside_the_branches_is_refused(taken: Sequence[str]) -> None:
    with pytest.raises(UsageError, match=r"trajet « .* » ne suit pas les branches"):
        shipped(taken=taken)


@READINGS
def test_the_drawing_does_not_move_while_the_path_grows(reading: Reading) -> None:
    """A form draws it again at each answer."""
    walks = [("Q1",), ("Q1", "Q2"), ("Q1", "Q2", "Q3"), ("Q1", "Q2", "Q3", "R2")]
    places = [[text.get_position() for text in shipped(reading, taken=taken).figure.axes[0].texts] for taken in walks]
    assert all(one == places[0] for one in places)


# the words


def test_the_words_of_a_tree() -> None:
    options = {"counts": counted(("Q", "A", 1), ("Q", "C", 1_234), ("C", "Z", 3)), "taken": ("Q", "C")}
    assert draw_tree(small(), reading=Reading(3, "a"), **options).alt == (
        "Arbre de décision, petit arbre. "
        "Q : cette question est-elle posée ? Oui, chemin du oui : marqueur 2, règle A (1 action) ; "
        "oui, autre lecture : C ; non, chemin du non : C (1\u202f234 actions). "
        "C : combien de ces critères le projet remplit-il ? "
        "Critères : diagnostic sexué, participation équilibrée, indicateurs sexués ; seuil : 3 sur 3. "
        "3 sur 3 : marqueur 1, règle B (0 action) ; moins de 3 : marqueur 0, règle Z (3 actions). "
        "Marqueur 0 : le projet ne prend pas en compte l'égalité. "
        "Marqueur 1 : le projet prend en compte l'égalité de façon transversale. "
        "Marqueur 2 : le projet prend en compte l'égalité de façon spécifique. "
        "Chemin suivi : Q, non, chemin du non ; question posée : C."
    )


def test_the_words_of_a_whole_path_and_of_none() -> None:
    done = shipped(OTHER, taken=("Q1", "Q2N", "Q4", "Q3", "R2")).alt
    assert done.endswith("Q4, oui, public cohérent avec les objectifs ; Q3, au moins 2 ; issue : marqueur 1, règle R2.")
    alt = shipped().alt
    assert "Chemin suivi" not in alt
    assert "action)" not in alt


@READINGS
def test_questions_are_told_in_the_order_in_which_they_are_asked(reading: Reading) -> None:
    turned = changed(questions=[one.model_dump() for one in shipped_tree().questions[::-1]])
    alt = draw_tree(turned, reading=reading).alt
    places = [alt.index(f" {code} : ") for code in ("Q1", "Q2", "Q4", "Q3")]
    assert places == sorted(places)
    assert ("public cohérent avec les objectifs : Q3" in alt) == (reading == OTHER)


def test_no_text_is_mathematics() -> None:
    assert not any(text.get_parse_math() for text in shipped().figure.findobj(Text))
