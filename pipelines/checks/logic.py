"""Checks of logic-impact models: links stand between nodes that are there, and climb from what is done to its aim."""

import pandas as pd

from pipelines.tables.vocabulary import LOGIC_LEVELS

_NODE = ["code_modele", "code_noeud"]


def expect_nodes_to_exist(rows: pd.DataFrame, nodes: pd.DataFrame, *, column: str) -> pd.DataFrame:
    """Rows whose code is no node of their model; a row without model or code refers to none."""
    known = set(nodes[_NODE].itertuples(index=False, name=None))
    both = rows["code_modele"].notna() & rows[column].notna()
    named = rows[["code_modele", column]].itertuples(index=False, name=None)
    faults = rows[both & pd.Series([pair not in known for pair in named], index=rows.index, dtype=bool)]
    return faults.assign(valeur=faults["code_modele"] + " : " + faults[column])


def expect_links_to_spare_lost_nodes(links: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """Links from or to a node whose label is lost: nobody knows what it would say."""
    lost = _of_nodes(links, nodes, "est_perdu")
    faults = links[lost["source"].eq(True) | lost["cible"].eq(True)]
    return faults.assign(valeur=_name(faults))


def expect_links_to_climb(links: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """Links that do not go up one level, nor declare that they skip some; so that no chain comes back on itself."""
    rank = {level: rank for rank, level in enumerate(LOGIC_LEVELS)}
    levels = _of_nodes(links, nodes, "niveau")
    climbed = levels["cible"].map(rank) - levels["source"].map(rank)
    skipped = links["est_saut_declare"].fillna(False).astype(bool)
    faults = links[climbed.notna() & ~(climbed.eq(1) | (climbed.gt(1) & skipped))]
    return faults.assign(valeur=_name(faults))


def expect_nodes_to_be_linked(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Nodes that no link leaves or reaches; a lost one is known to be alone."""
    ends = pd.concat(
        [links[["code_modele", column]].set_axis(_NODE, axis=1) for column in ("code_source", "code_cible")]
    )
    linked = set(ends.itertuples(index=False, name=None))
    named = nodes[_NODE].itertuples(index=False, name=None)
    alone = pd.Series([node not in linked for node in named], index=nodes.index, dtype=bool)
    faults = nodes[alone & ~nodes["est_perdu"].fillna(False).astype(bool)]
    return faults.assign(valeur=faults["code_modele"] + " : " + faults["code_noeud"])


def expect_scopes_to_be_known(rows: pd.DataFrame, objectives: pd.DataFrame, *, orientations: list[str]) -> pd.DataFrame:
    """Rows whose figure of the programme is counted over neither an objective nor an orientation of the contract."""
    scopes = rows["portee_calcul"]
    faults = rows[scopes.notna() & ~scopes.isin([*objectives["code_objectif"], *orientations])]
    return faults.assign(valeur=faults["portee_calcul"])


def expect_evidence_to_name_a_link(rows: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Rows that name a model and two nodes between which it draws no link; a row that names none refers to none."""
    ends = ["code_modele", "code_source", "code_cible"]
    known = set(links[ends].itertuples(index=False, name=None))
    named = pd.Series([end not in known for end in rows[ends].itertuples(index=False, name=None)], index=rows.index)
    faults = rows[rows[ends].notna().all(axis=1) & named.astype(bool)]
    return faults.assign(valeur=_name(faults))


def _of_nodes(links: pd.DataFrame, nodes: pd.DataFrame, column: str) -> pd.DataFrame:
    """A column of the nodes at both ends of each link: source, cible; missing where the node is not there."""
    of_node = nodes.drop_duplicates(_NODE).set_index(_NODE)[column]
    ends = {
        end: [of_node.get(pair) for pair in links[["code_modele", f"code_{end}"]].itertuples(index=False, name=None)]
        for end in ("source", "cible")
    }
    return pd.DataFrame(ends, index=links.index)


def _name(links: pd.DataFrame) -> pd.Series:
    return links["code_modele"] + " : " + links["code_source"] + " → " + links["code_cible"]
