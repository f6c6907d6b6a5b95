"""A logic-impact model as a diagram: what is done on the left, what all of it is for on the right."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipelines.charts.diagram_boxes import LOST
from pipelines.charts.diagram_courses import GUTTER, Link
from pipelines.charts.diagram_layout import lay_out, order_columns
from pipelines.charts.diagram_model import Model, Text
from pipelines.charts.diagram_paper import Sheet, draw_sheets, has_room, write_sheets
from pipelines.charts.diagram_svg import EDGE, Line, Part, plain, write_svg
from pipelines.errors import DataError
from pipelines.tables.vocabulary import (
    LINK_STATUS_LABELS,
    LINK_STATUSES,
    LOGIC_LEVELS,
    NODE_STATE_LABELS,
    NODE_STATES,
    VERDICT_LABELS,
    VERDICTS,
)

# CSS pixels: the width of a drawing on screen, and of the widest box there.
WIDTH, _WIDEST = 840.0, 240.0


@dataclass(frozen=True)
class Diagram:
    """A drawn model: its SVG, its size in CSS pixels, and the same as text, as nodes and as links.

    `svg` stands alone; `write` and `write_sheets` are for a page. `nodes`: code_noeud, niveau, libelle_noeud, etat,
    resume; `edges`: code_source, code_cible, statut, verdict, supposition, est_saut; both as they are read, one row
    each. `mermaid`: the same model for Mermaid, or "". `sheets`: the same drawn for paper.
    """

    svg: str
    width: float
    height: float
    title: str
    description: str
    nodes: pd.DataFrame
    edges: pd.DataFrame
    parts: tuple[Part, ...]
    sheets: tuple[Sheet, ...]
    mermaid: str = ""

    def write(self, *, anchor: str = "", mark: str = "") -> str:
        """The SVG with the mark of its data; `anchor`: the id of the figure in the page that holds it."""
        return write_svg(self.parts, WIDTH, self.title, self.description, anchor=anchor, mark=mark)

    def write_sheets(self, *, mark: str = "") -> list[str]:
        """The SVG of each sheet of paper, with the mark of its data; one wherever its letters stay legible."""
        return write_sheets(self.sheets, mark=mark)

    def leave_room(self, *texts: str) -> bool:
        """Whether the last sheet of paper has room for these paragraphs below the drawing."""
        return has_room(self.sheets[-1], texts)


def draw_logic_model(
    nodes: pd.DataFrame, edges: pd.DataFrame, *, title: str, levels: Mapping[str, str], mermaid: str = ""
) -> Diagram:
    """The model in columns from the first level to the last, its links crossing as little as dot finds.

    `nodes`: code_noeud, niveau, rang, libelle_noeud (missing where it is lost), est_perdu, etat, and perhaps resume
    (what its indicator says); `edges`: code_source, code_cible, statut, verdict, supposition, est_saut.
    `levels`: the heading of each level, as the model calls it. A level without nodes has a column between two others.

    The state of a node shows by sign, edge and word, the verdict on a link by its line, its status by its arrow.
    DataError: a code twice, a link to a node that is not there, a word outside the vocabularies.
    """
    _check(nodes, edges)
    nodes = nodes.sort_values(["rang", "code_noeud"], kind="stable", ignore_index=True)
    held = [at for at, level in enumerate(LOGIC_LEVELS) if (nodes["niveau"] == level).any()]
    shown = LOGIC_LEVELS[min(held) : max(held) + 1] if held else ()
    nodes = pd.concat([nodes[nodes["niveau"] == level] for level in shown] or [nodes], ignore_index=True)
    resumes = (nodes["resume"] if "resume" in nodes else pd.Series("", index=nodes.index)).fillna("")
    model = _read_model(nodes.assign(resume=resumes), edges, {level: plain(levels[level]) for level in shown})
    count = max(len(shown), 1)
    widths = [min((WIDTH - GUTTER * (count - 1)) / count, _WIDEST)] * len(shown)
    heights = model.measure(widths)
    rows = order_columns(model.columns, model.links, heights)
    layout = lay_out(rows, model.links, heights, widths, width=WIDTH)
    parts = (model.draw_head(layout.lefts, layout.widths), model.draw_body(layout), model.draw_key(WIDTH))
    description = _describe(nodes, edges, {level: plain(levels[level]) for level in shown})
    title = plain(title)
    return Diagram(
        svg=write_svg(parts, WIDTH, title, description),
        width=WIDTH + 2 * EDGE,
        height=sum(part.height for part in parts),
        title=title,
        description=description,
        nodes=_read_nodes(nodes, levels, resumes),
        edges=_read_edges(edges),
        parts=parts,
        sheets=tuple(draw_sheets(model, rows)),
        mermaid=mermaid,
    )


def _check(nodes: pd.DataFrame, edges: pd.DataFrame) -> None:
    """DataError where the model cannot be drawn as it is written."""
    twice = nodes.loc[nodes["code_noeud"].duplicated(), "code_noeud"]
    if len(twice):
        raise DataError(f"Le nœud « {twice.iloc[0]} » est écrit deux fois : lui donner un code à lui.")
    ends = pd.concat([edges["code_source"], edges["code_cible"]])
    unknown = ends[~ends.isin(nodes["code_noeud"])]
    if len(unknown):
        raise DataError(f"Un lien nomme le nœud « {unknown.iloc[0]} », qui n'existe pas : corriger le code du lien.")
    for frame, column, words in (
        (nodes, "niveau", LOGIC_LEVELS),
        (nodes, "etat", NODE_STATES),
        (edges, "statut", LINK_STATUSES),
        (edges, "verdict", VERDICTS),
    ):
        other = frame.loc[~frame[column].isin(words), column]
        if len(other):
            raise DataError(f"« {other.iloc[0]} » n'est pas un mot de « {column} » : choisir parmi {', '.join(words)}.")


def _read_model(nodes: pd.DataFrame, edges: pd.DataFrame, levels: Mapping[str, str]) -> Model:
    """What is drawn of the model, its levels in columns from left to right."""
    links: list[Link] = list(zip(edges["code_source"], edges["code_cible"], strict=True))
    texts = {}
    for code, label, state, resume in zip(
        nodes["code_noeud"], nodes["libelle_noeud"].fillna("").map(plain), nodes["etat"], nodes["resume"], strict=True
    ):
        aloud = _say(code, label, state, plain(resume), links)
        texts[code] = Text(plain(code), label, state, plain(resume), aloud)
    ranks = {code: rank for rank, code in enumerate(texts)}
    return Model(
        texts=texts,
        columns=[list(nodes.loc[nodes["niveau"] == level, "code_noeud"]) for level in levels],
        headings=list(levels.values()),
        links=links,
        lines=[
            Line(ranks[source], ranks[target], status, verdict)
            for (source, target), status, verdict in zip(links, edges["statut"], edges["verdict"], strict=True)
        ],
        states=[state for state in NODE_STATES if (nodes["etat"] == state).any()],
        statuses=[status for status in LINK_STATUSES if (edges["statut"] == status).any()],
        verdicts=[verdict for verdict in VERDICTS if (edges["verdict"] == verdict).any()],
    )


def _say(code: str, label: str, state: str, resume: str, links: list[Link]) -> str:
    """A node as it is said aloud, with what leads to it and what it leads to."""
    before = [plain(source) for source, target in links if target == code]
    after = [plain(target) for source, target in links if source == code]
    # A lost label is said once.
    states = [] if state == "perdu" and not label else [NODE_STATE_LABELS[state]]
    said = ". ".join([plain(code), (label or LOST).rstrip("."), *states]) + "."
    said += f" {resume.rstrip('.')}." if resume else ""
    said += f" Vient de {', '.join(before)}." if before else ""
    return said + (f" Mène à {', '.join(after)}." if after else "")


def _describe(nodes: pd.DataFrame, edges: pd.DataFrame, levels: Mapping[str, str]) -> str:
    """The diagram in words: its columns, the states of its nodes, the verdicts and statuses of its links."""
    if nodes.empty:
        return "Modèle sans nœud."
    columns = ", ".join(f"{name} ({(nodes['niveau'] == level).sum()})" for level, name in levels.items())
    said = f"Diagramme de logique d'impact, de gauche à droite : {columns}."
    said += f" États des nœuds : {_count(nodes['etat'], NODE_STATE_LABELS)}."
    lost = nodes.loc[nodes["est_perdu"].astype(bool), "code_noeud"].map(plain)
    said += f" Libellé perdu : {', '.join(lost)}." if len(lost) else ""
    if edges.empty:
        return f"{said} Aucun lien."
    skips = int(edges["est_saut"].astype(bool).sum())
    said += f" {len(edges)} lien{'s' if len(edges) > 1 else ''}"
    said += f", dont {skips} saute{'nt' if skips > 1 else ''} un niveau" if skips else ""
    verdicts = _count(edges["verdict"], VERDICT_LABELS)
    return f"{said}. Verdicts : {verdicts}. Origines : {_count(edges['statut'], LINK_STATUS_LABELS)}."


def _count(words: pd.Series, labels: Mapping[str, str]) -> str:
    """How often each word occurs, in the order of the vocabulary."""
    found = words.value_counts()
    return ", ".join(f"{label.lower()} ({found[word]})" for word, label in labels.items() if word in found)


def _read_nodes(nodes: pd.DataFrame, levels: Mapping[str, str], resumes: pd.Series) -> pd.DataFrame:
    """The nodes as a reader sees them, column by column of the diagram."""
    out = pd.DataFrame({
        "code_noeud": nodes["code_noeud"],
        "niveau": nodes["niveau"].map(dict(levels)),
        "libelle_noeud": nodes["libelle_noeud"].mask(nodes["est_perdu"] & nodes["libelle_noeud"].isna(), LOST.lower()),
        "etat": nodes["etat"].map(NODE_STATE_LABELS),
    })  # fmt: skip
    # A column that says nothing of any node is left out.
    return out.assign(resume=resumes) if resumes.ne("").any() else out


def _read_edges(edges: pd.DataFrame) -> pd.DataFrame:
    """The links as a reader sees them, in their own order."""
    columns = ["code_source", "code_cible", "statut", "verdict", "supposition", "est_saut"]
    return (
        edges[columns]
        .assign(statut=edges["statut"].map(LINK_STATUS_LABELS), verdict=edges["verdict"].map(VERDICT_LABELS))
        .reset_index(drop=True)
    )
