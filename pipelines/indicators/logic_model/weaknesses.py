"""What is wrong, or missing, in a logic model: found in its graph and its words, told with what to do about it."""

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from pipelines.indicators.logic_model.graph import draw_graph, list_links
from pipelines.indicators.logic_model.paths import BREAKING
from pipelines.indicators.logic_model.selection import climb_levels
from pipelines.numbers import count
from pipelines.tables import LOGIC_LEVEL_LABELS, LOGIC_LEVELS, VERDICT_LABELS

# Words that carry a sense, cut to what a plural or an agreement leaves: « articulations », « articulation ».
_SHORTEST, _STEM = 4, 6
_REPEATED, _FEWEST = 0.8, 3
CIRCULAR = (
    "Deux nœuds se répètent quand quatre mots sur cinq de l'un, sans leurs terminaisons ni les mots de moins de "
    "quatre lettres, sont dans l'autre : le modèle tourne alors en rond, puisqu'un impact y est expliqué par "
    "lui-même."
)


def find_weaknesses(judged: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The weaknesses of one model, the gravest first: constat, ou (the nodes or links), explication, que_faire.

    `judged`: `judge_nodes` of its nodes. Nothing where the model has none.
    """
    nodes = judged[~judged["est_perdu"]]
    found = [
        *_loops(judged, links), *_descents(judged, links), *_lost(judged), *_orphans(nodes, links),
        *_dead_ends(nodes, links), *_unfed(nodes, links), *_skips(judged, links), *_repetitions(nodes),
        *_broken(links), *_unmeasured(nodes),
    ]  # fmt: skip
    return pd.DataFrame(found, columns=["constat", "ou", "explication", "que_faire"])


def _loops(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    import networkx as nx  # Heavy, and few notebooks need it.

    graph = draw_graph(nodes, links)
    # One circle for each knot of links: all of them would be more than anyone reads.
    for knot in nx.strongly_connected_components(graph):
        if len(knot) > 1:
            first = next(code for code in nodes["code_noeud"] if code in knot)
            way = [source for source, _ in nx.find_cycle(graph.subgraph(knot), first)]
            yield (
                "Boucle", " → ".join([*way, way[0]]), "Ces nœuds s'expliquent les uns par les autres.",
                "Retirer un lien de la boucle, ou dédoubler un nœud dans le temps.",
            )  # fmt: skip


def _descents(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    for link, climbed in _climbs(nodes, links):
        if climbed <= 0:
            yield (
                "Lien qui ne monte pas", f"{link.code_source} → {link.code_cible}",
                "Le lien reste à son niveau, ou redescend.", "Revoir son sens, ou le niveau de l'un des nœuds.",
            )  # fmt: skip


def _lost(nodes: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    for code in nodes.loc[nodes["est_perdu"], "code_noeud"]:
        yield "Libellé perdu", code, "Personne ne sait ce que dit ce nœud.", "Le demander à qui a dessiné le modèle."


def _orphans(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    linked = {*list_links(links)["code_source"], *list_links(links)["code_cible"]}
    for code in nodes.loc[~nodes["code_noeud"].isin(linked), "code_noeud"]:
        yield "Nœud isolé", code, "Aucun lien n'en part ni n'y mène.", "Le relier, ou le retirer."


def _dead_ends(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    import networkx as nx

    graph, kept = draw_graph(nodes, links), list_links(links)
    ends = set(nodes.loc[nodes["niveau"] == "impact_global", "code_noeud"])
    linked = {*kept["code_source"], *kept["code_cible"]}
    for code in nodes.loc[(nodes["niveau"] == "realisation") & nodes["code_noeud"].isin(linked), "code_noeud"]:
        if not nx.descendants(graph, code) & ends:
            yield (
                "Réalisation sans issue", code, "Aucun chemin ne la mène à l'impact global.",
                "Dire à quel résultat elle sert, ou s'interroger sur elle.",
            )  # fmt: skip


def _unfed(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    kept = list_links(links)
    above = nodes[(nodes["niveau"] != "realisation") & nodes["code_noeud"].isin(kept["code_source"])]
    for node in above[~above["code_noeud"].isin(kept["code_cible"])].itertuples():
        yield (
            "Rien ne le produit", node.code_noeud, f"{LOGIC_LEVEL_LABELS[node.niveau]} auquel aucun lien ne mène.",
            "Dire quelle réalisation ou quel résultat y mène, ou renoncer à l'attendre.",
        )  # fmt: skip


def _skips(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    for link, climbed in _climbs(nodes, links):
        if climbed > 1:
            missed = count(climbed - 1, "niveau", "niveaux")
            declared = "Le saut est déclaré." if link.est_saut_declare else "Le saut n'est pas déclaré."
            yield (
                "Niveau sauté", f"{link.code_source} → {link.code_cible}", f"Le lien saute {missed}. {declared}",
                "Dire ce qui se passe entre les deux.",
            )  # fmt: skip


def _climbs(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[tuple[object, int]]:
    kept = list_links(links)
    return zip(kept.itertuples(), climb_levels(nodes, kept).fillna(1).astype(int), strict=True)


def _repetitions(nodes: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """A node repeated by one of another level above it: the change would be its own cause."""
    stems = {
        node.code_noeud: (LOGIC_LEVELS.index(node.niveau), _stem(node.libelle_noeud)) for node in nodes.itertuples()
    }
    for code, (rank, words) in stems.items():
        for other, (higher, others) in stems.items():
            smaller = min(words, others, key=len)
            if higher > rank and len(smaller) >= _FEWEST and len(words & others) >= _REPEATED * len(smaller):
                yield (
                    "Formulation circulaire", f"{code}, {other}", f"{other} répète {code} presque mot pour mot.",
                    f"Reformuler {other} par ce qui change pour les habitants, ou fondre les deux.",
                )  # fmt: skip


def _stem(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return frozenset(word.rstrip("sx")[:_STEM] for word in re.findall("[a-z]+", plain) if len(word) >= _SHORTEST)


def _broken(links: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    kept = list_links(links)
    advice = {
        "contredit": "Revoir le lien, ou ce qui est fait.",
        "non_examine": "Chercher ce qui va pour, ce qui va contre, et ce qui expliquerait aussi le changement.",
    }
    for verdict in BREAKING:
        own = kept[kept["verdict"] == verdict]
        if len(own):
            ends = (
                "tous les liens" if len(own) == len(kept) else ", ".join(own["code_source"] + " → " + own["code_cible"])
            )
            told = f"{count(len(own), 'lien')} sur {len(kept)} : {VERDICT_LABELS[verdict].lower()}."
            yield "Chemins rompus", ends, f"{told} Les chemins qui passent par là n'affirment rien.", advice[verdict]


def _unmeasured(nodes: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    for level in LOGIC_LEVELS:
        at = nodes[nodes["niveau"] == level]
        bare = at.loc[at["nb_indicateurs"] == 0, "code_noeud"]
        if len(bare):
            yield (
                "Sans indicateur", ", ".join(bare),
                f"{LOGIC_LEVEL_LABELS[level]} : {count(len(bare), 'nœud')} sur {len(at)} que rien ne mesure.",
                "Choisir un indicateur, ou dire pourquoi il n'y en a pas.",
            )  # fmt: skip
