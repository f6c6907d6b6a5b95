"""A logic model as a graph: its nodes, and the links that are not rejected."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import networkx as nx


def list_links(links: pd.DataFrame) -> pd.DataFrame:
    """The links that nobody has taken back."""
    return links[links["statut"] != "rejete"]


def draw_graph(nodes: pd.DataFrame, links: pd.DataFrame) -> "nx.DiGraph[str]":
    """The graph of one model, in the order of its tables; a lost node stands alone in it."""
    import networkx as nx  # Heavy, and few notebooks need it.

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes["code_noeud"])
    kept = list_links(links)
    graph.add_edges_from(zip(kept["code_source"], kept["code_cible"], strict=True))
    return graph
