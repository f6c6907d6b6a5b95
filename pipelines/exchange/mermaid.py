"""A logic-impact model as Mermaid text: a flowchart that any Markdown page draws, and in which no label can run.

Read again by people and by other tools: verdicts are a kind of line and a word, states a shape and a word.
"""

import re
from collections.abc import Mapping

import pandas as pd

from pipelines.errors import DataError
from pipelines.report.templates import printable
from pipelines.tables import LOGIC_LEVEL_LABELS, NODE_STATE_LABELS, VERDICT_LABELS

# The shape of a node, by its state: what stands before its label, and after.
SHAPES = {
    "atteint": ("([", "])"), "en_partie": ("(", ")"), "non_atteint": ("{{", "}}"), "non_mesure": ("[", "]"),
    "sans_cible": ("[/", "/]"), "sans_indicateur": ("[", "]"), "perdu": (">", "]"),
}  # fmt: skip
# The line of a link, by its verdict.
LINES = {"etaye": "==>", "partiel": "-->", "faible": "-.->", "contredit": "--x", "non_examine": "-.->"}
REJECTED = "--x"
_LEGEND = (
    "%% Lecture, de la stratégie aux impacts. Trait épais : lien étayé. Trait plein : étayé en partie.",
    "%% Pointillé : preuve faible si le lien le dit, sinon lien non examiné. Croix : lien contredit ou rejeté.",
    "%% Arrondi : cible atteinte, en tout ou en partie. Hexagone : cible non atteinte. Penché : mesuré sans cible.",
    "%% Fanion : libellé perdu. Rectangle : non mesuré ou sans indicateur.",
)
# All else is written as the number of its character: a quote would end the label, « # » or « : » begin something.
_PLAIN = frozenset(" ,.'’()/–-«»…")
_LOST = "libellé perdu"


def to_mermaid(nodes: pd.DataFrame, edges: pd.DataFrame, levels: Mapping[str, str] = LOGIC_LEVEL_LABELS) -> str:
    """Mermaid text of one model, left to right: a box a level, a node a code and its label, a line a link.

    `nodes`: code_noeud, niveau, rang, libelle_noeud, est_perdu and, where it is known, `etat` (`NODE_STATES`).
    `edges`: code_source, code_cible, statut, verdict. `levels`: label of each level, in order. DataError where a node
    has another level, or a link leads to a node that there is not.
    """
    outside = nodes.loc[~nodes["niveau"].isin(list(levels)), "code_noeud"]
    if len(outside):
        raise DataError(f"Le nœud « {outside.iloc[0]} » est d'un niveau inconnu. Niveaux : {', '.join(levels)}.")
    names = {code: f"n{number}" for number, code in enumerate(nodes["code_noeud"], start=1)}
    lost = [code for code in [*edges["code_source"], *edges["code_cible"]] if code not in names]
    if lost:
        raise DataError(f"Un lien cite le nœud « {lost[0]} », qui n'existe pas. Corriger ce code dans les liens.")
    states = nodes["etat"] if "etat" in nodes else pd.Series(None, index=nodes.index, dtype="str")
    states = states.mask(nodes["est_perdu"].fillna(False).astype(bool), "perdu")
    lines = [*_LEGEND, "flowchart LR"]
    for number, (level, label) in enumerate(levels.items(), start=1):
        own = nodes[nodes["niveau"] == level].sort_values("rang", kind="stable")
        if own.empty:
            continue
        lines += [f'    subgraph niveau{number}["{escape(label)}"]', "        direction TB"]
        for row in own.itertuples():
            lines.append(f"        {names[row.code_noeud]}{_node(row, states[row.Index])}")
        lines.append("    end")
    for row in edges.itertuples():
        lines.append(f"    {names[row.code_source]} {_link(row)} {names[row.code_cible]}")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """A text that Mermaid shows as it is: letters, digits and plain marks stay, all else is « #code; », on one line.

    « $$ » is parted: Mermaid would read a formula there.
    """
    flat = " ".join(printable(text).replace("$", "$ ").split()) if "$$" in text else " ".join(printable(text).split())
    return "".join(one if one.isalnum() or one in _PLAIN else f"#{ord(one)};" for one in flat)


def unescape(text: str) -> str:
    """The text that `escape` wrote."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


def _node(row: object, state: str | None) -> str:
    """A node from its first bracket to its last: its code, its label, its state in words."""
    known = isinstance(state, str)
    begin, end = SHAPES[state] if known else ("[", "]")
    label = row.libelle_noeud if isinstance(row.libelle_noeud, str) and row.libelle_noeud else _LOST
    word = NODE_STATE_LABELS[state].lower() if known and state != "perdu" else ""
    # Bold: Mermaid takes « 1. » or « - » at the beginning of a label for a list, and refuses it.
    parts = [f"<b>{escape(row.code_noeud)}</b> {escape(label)}", *([f"({escape(word)})"] if word else [])]
    return f'{begin}"{"<br>".join(parts)}"{end}'


def _link(row: object) -> str:
    """A line with its word; a link that nobody examined has none, or a model that was never examined is but words."""
    if row.statut == "rejete":
        return f'{REJECTED}|"rejeté"|'
    word = "" if row.verdict == "non_examine" else escape(VERDICT_LABELS[row.verdict].lower())
    return LINES[row.verdict] + (f'|"{word}"|' if word else "")
