"""The causal paths of a logic model, from what is done to the global impact, and what may be said of each."""

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from pipelines.indicators.logic_model.graph import draw_graph, list_links
from pipelines.numbers import is_missing
from pipelines.tables import VERDICT_LABELS, VERDICTS

# From the weakest: evidence against a link weighs more than the lack of any.
WEAKEST_FIRST = ("contredit", "non_examine", "faible", "partiel", "etaye")
# A path that holds one of these is broken there.
BREAKING = ("contredit", "non_examine")
# More paths than that are not a table that anyone reads: links are, then.
MOST_PATHS = 1000
_ARROW = " → "
SAID, UNSAID = "a contribué à", "rien à affirmer"
DEFINITION = (
    "Un chemin va d'une réalisation à un impact global en suivant les liens qui ne sont pas rejetés. Sa solidité "
    "est celle de son lien le plus faible, dans cet ordre : contredit, non examiné, faible, partiel, étayé. Il est "
    "rompu s'il passe par un lien contredit ou non examiné. On ne peut écrire « a contribué à » que si chaque lien "
    "du chemin est examiné, étayé au moins en partie, et si les autres facteurs y sont pesés."
)


def count_paths(nodes: pd.DataFrame, links: pd.DataFrame) -> int:
    """How many paths of one model lead from a realisation to a global impact; 0 where links run in a circle."""
    graph = draw_graph(nodes, links)
    order = _sorted(graph)
    starts = set(nodes.loc[nodes["niveau"] == "realisation", "code_noeud"])
    ways = dict.fromkeys(graph, 0)
    for node in order:
        ways[node] = (node in starts) + sum(ways[before] for before in graph.predecessors(node))
    return sum(ways[node] for node in nodes.loc[nodes["niveau"] == "impact_global", "code_noeud"] if node in ways)


def _sorted(graph: object) -> list[str]:
    import networkx as nx  # Heavy, and few notebooks need it.

    return list(nx.topological_sort(graph)) if nx.is_directed_acyclic_graph(graph) else []


def trace_paths(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Each path of one model as a claim and its evidence, the weakest first; none where there are more than MOST_PATHS.

    Columns: chemin (« r1 → R2 → I1 → G »), affirmation (its claim in words), solidite (VERDICTS),
    maillons_rompus, nb_liens, nb_examines, preuves_pour, preuves_contre, autres_facteurs, est_rompu, peut_se_dire.
    """
    columns = [
        "chemin", "affirmation", "solidite", "maillons_rompus", "nb_liens", "nb_examines", "preuves_pour",
        "preuves_contre", "autres_facteurs", "est_rompu", "peut_se_dire",
    ]  # fmt: skip
    if count_paths(nodes, links) > MOST_PATHS:
        return pd.DataFrame(columns=columns)
    labels = nodes.set_index("code_noeud")["libelle_noeud"]
    by_ends = list_links(links).set_index(["code_source", "code_cible"])
    rows = [_describe(path, labels, by_ends) for path in _walk(nodes, links)]
    out = pd.DataFrame(rows, columns=columns)
    strength = out["solidite"].map(WEAKEST_FIRST.index)
    return out.assign(ordre=strength).sort_values("ordre", kind="stable").drop(columns="ordre").reset_index(drop=True)


def _walk(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[list[str]]:
    import networkx as nx

    graph = draw_graph(nodes, links)
    if not nx.is_directed_acyclic_graph(graph):
        return
    ends = set(nodes.loc[nodes["niveau"] == "impact_global", "code_noeud"]) & set(graph)
    for start in nodes.loc[nodes["niveau"] == "realisation", "code_noeud"]:
        if start in graph and ends:
            yield from nx.all_simple_paths(graph, start, ends)


def _describe(path: list[str], labels: pd.Series, by_ends: pd.DataFrame) -> tuple[object, ...]:
    pairs = list(pairwise(path))
    links = by_ends.loc[pairs]
    weakest = min(links["verdict"], key=WEAKEST_FIRST.index)
    broken = [_ARROW.join(pair) for pair, verdict in zip(pairs, links["verdict"], strict=True) if verdict in BREAKING]
    sure = links["verdict"].isin(["etaye", "partiel"]).all() and links["autres_facteurs"].notna().all()
    return (
        _ARROW.join(path),
        f"{labels[path[0]]} ({path[0]}) contribue à {path[-1]}{_by_way_of(path[1:-1])}",
        weakest,
        ", ".join(broken),
        len(links),
        int((links["verdict"] != "non_examine").sum()),
        *(_gather(links[name]) for name in ("preuve_pour", "preuve_contre", "autres_facteurs")),
        bool(broken),
        SAID if sure else UNSAID,
    )


def _by_way_of(codes: list[str]) -> str:
    return f", par {' et '.join([', '.join(codes[:-1]), codes[-1]] if codes[1:] else codes)}" if codes else ""


def _gather(texts: pd.Series) -> str | None:
    """The texts of several links, each with its link; None where there is none."""
    told = [f"{_ARROW.join(pair)}\u00a0: {text}" for pair, text in texts.items() if not is_missing(text)]
    return "\u00a0; ".join(told) or None


def count_verdicts(links: pd.DataFrame) -> pd.DataFrame:
    """How many links of one model have each verdict, and their share of those not rejected.

    Columns: verdict_lien, nb_liens, part_liens. Every verdict has its row, one that no link has included; rejected
    links come last, without a share.
    """
    kept = list_links(links)
    counts = kept["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    out = pd.DataFrame({"verdict_lien": [VERDICT_LABELS[name] for name in VERDICTS], "nb_liens": counts.to_numpy()})
    out["part_liens"] = (100 * out["nb_liens"] / len(kept)).astype("Float64") if len(kept) else pd.NA
    rejected = pd.DataFrame({"verdict_lien": ["Rejeté"], "nb_liens": [len(links) - len(kept)], "part_liens": [pd.NA]})
    return pd.concat([out, rejected[rejected["nb_liens"] > 0]], ignore_index=True).astype({"nb_liens": "Int64"})
