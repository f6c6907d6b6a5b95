"""What is wrong between the rows of a workshop's workbook: codes and links written twice, links to no node."""

import difflib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

LINE = "ligne"
_SHOWN = 60


def key_faults(nodes: pd.DataFrame, links: pd.DataFrame, path: Path, sheets: Sequence[str]) -> list[str]:
    """What is wrong between rows: no node at all, a code or a link twice, a link to a node that there is not."""
    of_nodes, of_links = (f"{path.name}, feuille « {sheet} »" for sheet in sheets)
    if nodes.empty:
        return [f"{of_nodes} : aucun nœud. Y écrire au moins un code, son niveau et son libellé."]
    faults = []
    first: dict[object, str] = {}
    for code, line in zip(nodes["code_noeud"], nodes[LINE], strict=True):
        if code in first:
            faults.append(
                f"{of_nodes}, ligne {line} : le code « {show(code)} » est déjà celui de la ligne {first[code]}. "
                "En choisir un autre."
            )
        first.setdefault(code, line)
    unlabelled = nodes[(nodes["libelle_noeud"] == "") & (nodes["est_perdu"] != "oui")]
    faults += [
        f"{of_nodes}, ligne {row.ligne} : le nœud « {show(row.code_noeud)} » n'a pas de libellé. L'écrire, ou écrire "
        "« oui » dans une colonne « Libellé perdu »."
        for row in unlabelled.itertuples()
    ]
    known = list(nodes["code_noeud"])
    pairs: dict[object, str] = {}
    for row in links.itertuples():
        place = f"{of_links}, ligne {row.ligne}"
        for heading, code in (("De", row.code_source), ("Vers", row.code_cible)):
            if code not in known:
                faults.append(f"{place} : « {heading} » cite le nœud « {show(code)} », absent de « {sheets[0]} ». "
                              f"{_near_code(code, known)}")  # fmt: skip
        pair = (row.code_source, row.code_cible)
        if pair in pairs:
            faults.append(
                f"{place} : le lien {show(pair[0])} → {show(pair[1])} est déjà à la ligne {pairs[pair]}. "
                "N'en garder qu'une."
            )
        pairs.setdefault(pair, row.ligne)
    return faults


def _near_code(code: str, known: Sequence[str]) -> str:
    same = [one for one in known if one.casefold() == code.casefold()]
    close = same or difflib.get_close_matches(code, known, n=1, cutoff=0.5)
    return f"Écrire « {show(close[0])} », ou ajouter ce nœud." if close else "Corriger ce code, ou ajouter ce nœud."


def show(text: str) -> str:
    """A cell on one line, cut, without what would command a terminal."""
    return "".join(one if one.isprintable() else " " for one in text[:_SHOWN])
