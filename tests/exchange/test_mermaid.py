"""Mermaid text of a logic model: a strict reader finds codes, labels, shapes and lines again, and nothing else."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import DataError
from pipelines.exchange.mermaid import SHAPES, escape, to_mermaid, unescape
from pipelines.tables import LOGIC_LEVEL_LABELS, NODE_STATE_LABELS, NODE_STATES, VERDICTS

# All that a label may hold: a letter, a digit, a plain mark, or the number of another character.
TEXT = r"(?:[\w ,.'’()/–«»…-]|#\d+;)*"
NODE = re.compile(
    rf'        (n\d+)(\(\[|\(|\{{\{{|\[/|\[|>)"<b>({TEXT})</b> ({TEXT})(?:<br>\(({TEXT})\))?"(\]\)|\)|\}}\}}|/\]|\])'
)
LINK = re.compile(rf'    (n\d+) (==>|-->|-\.->|--x)(?:\|"({TEXT})"\|)? (n\d+)')
BOX = re.compile(rf'    subgraph niveau\d\["({TEXT})"\]')
HOSTILE = [
    '"]; click n1 call alert(1)',
    "<script>alert(1)</script>",
    '%%{init: {"securityLevel": "loose"}}%%',
    "style a:#34;x;",
    "#quot; & #35;",
    "1. liste",
    "`**x**`",
    "end\nsubgraph x",
    "a --> b",
    "\u202eabc\x07",
]


def nodes_of(labels: list[str], **columns: object) -> pd.DataFrame:
    count = range(1, len(labels) + 1)
    sound = {
        "code_noeud": [f"r{number}" for number in count],
        "niveau": "realisation",
        "rang": list(count),
        "libelle_noeud": labels,
        "est_perdu": False,
    }
    return pd.DataFrame(sound | columns)


def links_of(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["code_source", "code_cible", "statut", "verdict"])


def read(text: str) -> tuple[list[str], dict[str, tuple[str, ...]], list[tuple[str, ...]]]:
    """Boxes, nodes by id, links; a line that is none of these fails."""
    boxes, nodes, links = [], {}, []
    lines = [line for line in text.split("\n") if not line.startswith("%%")]
    assert lines[0] == "flowchart LR"
    assert lines[-1] == ""
    for line in lines[1:-1]:
        if line in ("        direction TB", "    end"):
            continue
        if box := BOX.fullmatch(line):
            boxes.append(unescape(box[1]))
        elif node := NODE.fullmatch(line):
            nodes[node[1]] = (node[2], node[6], unescape(node[3]), unescape(node[4]), unescape(node[5] or ""))
        else:
            link = LINK.fullmatch(line)
            assert link, line
            links.append((nodes[link[1]][2], link[2], unescape(link[3] or ""), nodes[link[4]][2]))
    return boxes, nodes, links


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_but_a_label(label: str) -> None:
    nodes = nodes_of([label, "b"], code_noeud=[f"a{label}", "b"])
    _, read_nodes, links = read(to_mermaid(nodes, links_of((f"a{label}", "b", "hypothese", "etaye"))))
    shown = " ".join(label.replace("\u202e", "").replace("\x07", "").split())
    assert [node[2:4] for node in read_nodes.values()] == [(f"a{shown}", shown), ("b", "b")]
    assert links == [(f"a{shown}", "==>", "étayé", "b")]


@given(st.text())
def test_any_text_comes_back_and_stays_on_its_line(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r'["\n\r<>`{}\[\];%]', re.sub(r"#\d+;", "", escaped))
    assert escape(unescape(escaped)) == escaped
    assert "$$" not in unescape(escaped)


@pytest.mark.parametrize("state", NODE_STATES)
def test_each_state_has_its_shape_and_its_word(state: str) -> None:
    nodes = nodes_of(["un nœud"], etat=[state], est_perdu=[state == "perdu"])
    (node,) = read(to_mermaid(nodes, links_of()))[1].values()
    assert node[:2] == SHAPES[state]
    assert node[4] == ("" if state == "perdu" else NODE_STATE_LABELS[state].lower())


def test_states_that_say_different_things_look_or_read_differently() -> None:
    told = {(SHAPES[state], NODE_STATE_LABELS[state]) for state in NODE_STATES}
    assert len(told) == len(NODE_STATES)
    assert len({SHAPES[state] for state in ("atteint", "en_partie", "non_atteint", "non_mesure", "perdu")}) == 5


# Thick, plain, dotted, crossed; a word parts the two that are dotted.
DRAWN = {
    "etaye": ("==>", "étayé"),
    "partiel": ("-->", "partiel"),
    "faible": ("-.->", "faible"),
    "contredit": ("--x", "contredit"),
    "non_examine": ("-.->", ""),
}


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("status", ["hypothese", "rejete"])
def test_each_verdict_has_its_line_and_its_word(verdict: str, status: str) -> None:
    ((_, line, word, _),) = read(to_mermaid(nodes_of(["a", "b"]), links_of(("r1", "r2", status, verdict))))[2]
    assert (line, word) == (("--x", "rejeté") if status == "rejete" else DRAWN[verdict])


def test_a_lost_label_is_said_and_levels_are_boxes_in_their_order() -> None:
    nodes = nodes_of(["à la fin", None, "fait"], niveau=["impact_global", "resultat_attendu", "realisation"])
    nodes["est_perdu"] = [False, True, False]
    boxes, read_nodes, links = read(to_mermaid(nodes, links_of()))
    assert boxes == [LOGIC_LEVEL_LABELS[one] for one in ("realisation", "resultat_attendu", "impact_global")]
    assert [node[3] for node in read_nodes.values()] == ["fait", "libellé perdu", "à la fin"]
    assert links == []


@pytest.mark.parametrize(
    ("niveau", "link", "said"),
    [
        ("ailleurs", ("r1", "r1"), "« r1 » est d'un niveau inconnu"),
        ("realisation", ("r1", "r9"), "« r9 », qui n'existe pas"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(niveau: str, link: tuple[str, str], said: str) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        to_mermaid(nodes_of(["a"], niveau=[niveau]), links_of((*link, "hypothese", "etaye")))
