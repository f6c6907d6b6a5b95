"""Diagrams: what stands where, what tells signs apart without colour, what is said, and what is refused."""

import math
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from pipelines.charts.diagram import Diagram, draw_logic_model
from pipelines.charts.diagram_boxes import word_box
from pipelines.charts.diagram_layout import Layout, lay_out, order_columns
from pipelines.charts.diagram_marks import EDGES, LINES, PAPER, draw_head, draw_state
from pipelines.errors import DataError
from pipelines.paths import ROOT
from pipelines.tables.vocabulary import (
    LINK_STATUS_LABELS,
    LINK_STATUSES,
    LOGIC_LEVELS,
    NODE_STATE_LABELS,
    NODE_STATES,
    VERDICT_LABELS,
    VERDICTS,
)
from tests.charts.diagram_samples import CYCLES, HEADINGS, SMALL_LINKS, large, make_edges, make_nodes, small
from tests.charts.samples import HOSTILE, NAMES

Model = tuple[pd.DataFrame, pd.DataFrame]
MODELS = {
    "small": small(),
    "cycles": small(SMALL_LINKS + CYCLES),
    "no link": small(()),
    "endless labels": small(label="Un libellé de trois cents lettres " * 9),
    "thirty": large(30),
    "a hundred and fifty": large(150),
}
COLOURS = re.compile(r"#[0-9a-f]{6}")


def _draw(model: Model, **more: object) -> Diagram:
    return draw_logic_model(*model, title="Un modèle", levels=HEADINGS, **more)


# Widths of columns: alike, as on screen, and each its own, as on paper.
ALIKE, OWN = (170.0, 170.0, 170.0, 170.0), (400.0, 230.0, 190.0, 190.0)


def _lay_out(model: Model, most: float = math.inf, widths: Sequence[float] = ALIKE) -> Layout:
    nodes, edges = model
    columns = [list(nodes.loc[nodes["niveau"] == level, "code_noeud"]) for level in LOGIC_LEVELS]
    heights = {
        code: word_box(code, label, state, resume, widths[LOGIC_LEVELS.index(level)]).height
        for code, level, label, state, resume in zip(
            nodes["code_noeud"],
            nodes["niveau"],
            nodes["libelle_noeud"].fillna(""),
            nodes["etat"],
            nodes["resume"],
            strict=True,
        )
    }
    links = list(zip(edges["code_source"], edges["code_cible"], strict=True))
    rows = order_columns(columns, links, heights)
    return lay_out(rows, links, heights, widths, width=sum(widths) + 170, most=most)


@pytest.mark.parametrize("widths", [ALIKE, OWN], ids=["alike", "own"])
@pytest.mark.parametrize("name", MODELS)
def test_boxes_keep_apart_in_columns_of_their_level(name: str, widths: Sequence[float]) -> None:
    layout = _lay_out(MODELS[name], widths=widths)
    for column in range(4):
        boxes = sorted((box for box in layout.boxes.values() if box.column == column), key=lambda box: box.y)
        assert len({box.x for box in boxes}) == 1
        assert all(upper.bottom + 8 <= lower.y for upper, lower in pairwise(boxes))
    rights = [left + width for left, width in zip(layout.lefts, widths, strict=True)]
    assert all(right + 50 < left for right, left in zip(rights, layout.lefts[1:], strict=False))
    assert min(box.y for box in layout.boxes.values()) >= 0
    assert max(box.bottom for box in layout.boxes.values()) <= layout.height


@pytest.mark.parametrize("widths", [ALIKE, OWN], ids=["alike", "own"])
@pytest.mark.parametrize("name", MODELS)
def test_links_begin_and_end_on_their_boxes_and_pass_through_no_other(name: str, widths: Sequence[float]) -> None:
    edges, layout = MODELS[name][1], _lay_out(MODELS[name], widths=widths)
    for source, target, course in zip(edges["code_source"], edges["code_cible"], layout.courses, strict=True):
        for code, (x, y) in ((source, course.points[0]), (target, course.points[-1])):
            box = layout.boxes[code]
            assert x in (box.x, round(box.x + box.width, 1))
            assert box.y < y < box.bottom
        # What is not between two columns is level, in the middle of a passage.
        for (one, y), (other, down) in pairwise(course.points):
            crossed = [at for at, left in enumerate(layout.lefts) if {one, other} == {left, left + widths[at]}]
            hit = [box for box in layout.boxes.values() if box.column in crossed and box.y - 3 < y < box.bottom + 3]
            assert not crossed or (y == down and hit == [])


@pytest.mark.parametrize("name", MODELS)
def test_no_sheet_cuts_a_box_or_is_too_high(name: str) -> None:
    layout = _lay_out(MODELS[name], most=450)
    assert [cut for cut in layout.cuts for box in layout.boxes.values() if box.y < cut < box.bottom] == []
    lowest = max(box.bottom for box in layout.boxes.values())
    assert all(after - before <= 450 for before, after in pairwise([0, *layout.cuts, lowest]))


def _cross(layout: Layout) -> int:
    """Pairs of pieces of links between the same columns whose ends stand in opposite order."""
    pieces = [
        sorted(piece)
        for course in layout.courses
        for piece in pairwise(course.points)
        if not course.bulge and abs(piece[0][0] - piece[1][0]) != ALIKE[0]
    ]
    return sum(
        one[0][0] == other[0][0] and (one[0][1] - other[0][1]) * (one[1][1] - other[1][1]) < 0
        for one, other in combinations(pieces, 2)
    )


def _cross_in_dot(model: Model) -> int:
    """Crossings of the same model as dot alone lays it out, no link longer than a level: the ends of its links."""
    from pygraphviz import AGraph

    nodes, edges = model
    graph = AGraph(directed=True, rankdir="LR")
    for level in LOGIC_LEVELS:
        codes = list(nodes.loc[nodes["niveau"] == level, "code_noeud"])
        graph.add_nodes_from(codes)
        graph.add_subgraph(codes, rank="same")
    links = list(zip(edges["code_source"], edges["code_cible"], strict=True))
    graph.add_edges_from(links)
    graph.layout(prog="dot")
    x, y = ({node: float(node.attr["pos"].split(",")[at]) for node in graph.nodes()} for at in (0, 1))
    ends = [(x[source], y[source], y[target]) for source, target in links]
    return sum(
        one[0] == other[0] and (one[1] - other[1]) * (one[2] - other[2]) < 0 for one, other in combinations(ends, 2)
    )


@pytest.mark.parametrize("size", [30, 60, 150])
@pytest.mark.parametrize("seed", [1, 2])
def test_links_cross_no_more_than_in_dot(size: int, seed: int) -> None:
    nodes, edges = large(size, seed)
    model = nodes, edges[~edges["est_saut"]]
    assert _cross(_lay_out(model)) <= _cross_in_dot(model)


def test_a_tree_keeps_the_order_of_its_model() -> None:
    levels = ([f"{at}.{number}" for at in range(3) for number in range(3)], ["0", "1", "2"], ["G"], [])
    nodes = make_nodes(levels)
    edges = make_edges([*((code, code[0]) for code in levels[0]), *((code, "G") for code in levels[1])], nodes)
    boxes = _lay_out((nodes, edges)).boxes
    assert all(sorted(codes, key=lambda code: boxes[code].y) == list(codes) for codes in levels)


@pytest.mark.parametrize("kind", ["edges and signs of states", "lines", "heads"])
def test_signs_differ_without_colour(kind: str) -> None:
    signs = {
        "edges and signs of states": [draw_state(state, 5, 5).partition(">")[2] for state in NODE_STATES],
        "lines": [(line.width, line.dashes, verdict == "contredit") for verdict, line in LINES.items()],
        "heads": [draw_head(status, 9, 9, "#000000") for status in LINK_STATUSES],
    }[kind]
    # Paper against ink is no matter of colour.
    plain = {COLOURS.sub("ink", str(sign).replace(PAPER, "paper")) for sign in signs}
    assert len(plain) == len(signs)
    assert (set(EDGES), set(LINES)) == (set(NODE_STATES), set(VERDICTS))
    # A lost node is the only one that is dashed.
    assert [state for state, edge in EDGES.items() if edge.dashes] == ["perdu"]


@pytest.mark.parametrize(("model", "there"), [(small(), True), (small(()), False)], ids=["all", "no link"])
def test_the_legend_says_what_is_drawn_and_nothing_else(model: Model, there: bool) -> None:
    key = " ".join(ET.fromstring(f"<g>{_draw(model).parts[2].markup}</g>").itertext())  # noqa: S314 our own drawing
    assert all(label in key for label in NODE_STATE_LABELS.values())
    assert all((label in key) == there for label in [*LINK_STATUS_LABELS.values(), *VERDICT_LABELS.values()])


@pytest.mark.parametrize("name", NAMES)
def test_what_data_write_is_text(name: str) -> None:
    diagram = draw_logic_model(*small(label=HOSTILE[name]), title=HOSTILE[name], levels=HEADINGS)
    mark = HOSTILE["script"].replace("\x00", "")
    for svg in (diagram.svg, diagram.write(anchor="figure-1", mark=mark), *diagram.write_sheets(mark=mark)):
        root = ET.fromstring(svg)  # noqa: S314 our own drawing
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "a", "rect", "path", "circle", "text", "tspan"}
        names = {attribute for element in root.iter() for attribute in element.attrib}
        assert "style" not in names
        assert not any(attribute.startswith("on") for attribute in names)
        assert not re.search("https?://(?!www.w3.org/2000/svg)", svg)
    assert "<a " not in diagram.svg


@pytest.mark.parametrize("name", MODELS)
def test_paper_shows_every_node_and_link_and_says_nothing_aloud(name: str) -> None:
    model = MODELS[name]
    sheets = _draw(model).write_sheets(mark="À lire")
    for svg in sheets:
        root = ET.fromstring(svg)  # noqa: S314 our own drawing
        assert root.attrib["aria-hidden"] == "true"
        names = {attribute for element in list(root.iter())[1:] for attribute in element.attrib}
        assert names.isdisjoint({"id", "href", "role", "data-noeud", "aria-label"})
        assert "a" not in {element.tag.rpartition("}")[2] for element in root.iter()}
        assert sum(text == "À lire" for text in root.itertext()) == 1
    text = " ".join(" ".join(ET.fromstring(svg).itertext()) for svg in sheets)  # noqa: S314 our own drawing
    assert all(text.count(f"{code} ") >= 1 for code in model[0]["code_noeud"])
    assert ("Feuille 1 sur" in text) == (len(sheets) > 1)


@pytest.mark.parametrize(("size", "most"), [(6, 1), (24, 1), (60, 3), (150, 8)])
def test_paper_takes_few_sheets_of_legible_letters(size: int, most: int) -> None:
    sheets = _draw(large(size)).sheets
    assert len(sheets) <= most
    # Points: 277 millimetres across, twelve pixels a letter.
    letters = {12 * 277 / 25.4 * 72 / (sheet.width + 8) for sheet in sheets}
    assert len(letters) == 1
    assert min(letters) >= (9 if size == 6 else 6.5)
    assert max(sheet.millimetres for sheet in sheets) <= 168


@pytest.mark.parametrize(("words", "whole"), [(45, True), (80, False)])
def test_a_label_is_cut_after_twelve_lines(words: int, whole: bool) -> None:
    lines = word_box("G", " ".join(["habitants"[: 3 + at % 5] for at in range(words)]), "atteint", "", 170).label
    assert len(lines) <= 12
    assert lines[-1].endswith("…") != whole
    assert len(lines) > 8


def test_a_lost_node_says_so_once_and_is_listed() -> None:
    diagram = _draw(small())
    lost = list(diagram.nodes.loc[diagram.nodes["libelle_noeud"] == "libellé perdu", "code_noeud"])
    assert lost == ["b3"]
    assert "Libellé perdu : b3." in diagram.description
    assert diagram.svg.count("Libellé perdu") == 4  # its label, its name aloud, the description, the legend


def test_the_tables_and_the_description_say_what_is_drawn() -> None:
    nodes, edges = small()
    diagram = _draw((nodes, edges))
    assert sorted(diagram.nodes["code_noeud"]) == sorted(nodes["code_noeud"])
    assert list(diagram.edges["code_source"]) == list(edges["code_source"])
    assert set(diagram.edges["verdict"]) <= set(VERDICT_LABELS.values())
    assert "Actions (4), Résultats attendus (4), Impacts intermédiaires (3), Impact global (1)" in diagram.description
    assert "13 liens, dont 2 sautent un niveau" in diagram.description


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ((["a"], [], ["c"], []), ["Actions", "Résultats attendus", "Impacts intermédiaires"]),
        (([], ["b"], ["c"], []), ["Résultats attendus", "Impacts intermédiaires"]),
        ((["a"], [], [], []), ["Actions"]),
        (([], [], [], []), []),
    ],
)
def test_an_empty_level_has_a_column_between_others_alone(levels: Sequence[list[str]], shown: list[str]) -> None:
    nodes = make_nodes(levels)
    diagram = _draw((nodes, make_edges([], nodes)))
    heads = diagram.parts[0].markup
    assert [heading for heading in HEADINGS.values() if heading in heads] == shown
    assert ET.fromstring(diagram.svg) is not None  # noqa: S314 our own drawing


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda nodes, edges: (pd.concat([nodes, nodes.head(1)]), edges), "écrit deux fois"),
        (lambda nodes, edges: (nodes.iloc[1:], edges), "n'existe pas"),
        (lambda nodes, edges: (nodes.assign(etat="réussi"), edges), "n'est pas un mot de « etat »"),
        (lambda nodes, edges: (nodes, edges.assign(verdict="sûr")), "n'est pas un mot de « verdict »"),
    ],
)
def test_what_cannot_be_drawn_is_refused(spoil: object, said: str) -> None:
    with pytest.raises(DataError, match=said):
        _draw(spoil(*small()))


@pytest.mark.long
def test_another_process_draws_the_same_bytes_whatever_the_order_of_rows() -> None:
    code = (
        "import hashlib; from tests.charts.diagram_samples import *; from pipelines.charts.diagram import *;"
        "print(hashlib.sha256(draw_logic_model(*large(60), title='x', levels=HEADINGS).svg.encode()).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    nodes, edges = small()
    assert _draw((nodes.sample(frac=1, random_state=3), edges)).svg == _draw((nodes, edges)).svg
