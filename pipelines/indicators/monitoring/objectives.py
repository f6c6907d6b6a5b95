"""The objective tree: levels, depth, what serves each objective, what is too wide, too narrow or served by none."""

import re
from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.monitoring.definitions import UNKNOWN, percent
from pipelines.tables import GRANTED

NONE = "aucun"
WIDE, NARROW, UNSERVED = "trop large", "trop étroit", "sans action"


def measure_objectives(
    objectives: pd.DataFrame, actions: pd.DataFrame, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Each objective with its place in the tree and the granted actions that serve it, in the order of the tree.

    Adds: niveau (1 under the orientation), est_feuille (contains no other), nb_actions_directes, nb_actions (itself and
    what it contains), montant_accorde (likewise), part_actions (direct ones, of those of its orientation that have
    an objective).
    """
    parents = objectives.set_index("code_objectif")["code_objectif_parent"]
    ancestors = {code: _ancestors(code, parents) for code in parents.index}
    kept = actions[actions["statut"].isin(granted) & actions["code_objectif"].isin(parents.index)]
    direct = kept.groupby("code_objectif").size()
    # An action counts for its objective and for each that contains it.
    spread = kept.assign(au_titre=kept["code_objectif"].map(ancestors)).explode("au_titre").groupby("au_titre")
    orientation = objectives.set_index("code_objectif")["code_orientation"]
    whole = kept["code_objectif"].map(orientation).value_counts()
    code = objectives["code_objectif"]
    out = objectives.assign(
        niveau=code.map(lambda one: len(ancestors[one])).astype("Int64"),
        est_feuille=~code.isin(parents.dropna()),
        nb_actions_directes=code.map(direct).fillna(0).astype("Int64"),
        nb_actions=code.map(spread.size()).fillna(0).astype("Int64"),
        montant_accorde=code.map(spread["montant_accorde"].sum(min_count=1)).astype("Float64"),
    )
    # Nothing granted is 0 euro; granted actions that state no amount are an unknown number of euros.
    out["montant_accorde"] = out["montant_accorde"].mask(out["nb_actions"] == 0, 0.0)
    of_orientation = out["code_orientation"].map(whole).astype("Float64")
    out = out.assign(part_actions=percent(out["nb_actions_directes"], of_orientation))
    # Inside an objective comes what it contains, O1.2 before O1.10.
    way = code.map(lambda one: "/".join(_padded(step) for step in reversed(ancestors[one])))
    order = out.assign(chemin=way).sort_values(["code_orientation", "chemin"], kind="stable").index
    return out.loc[order].reset_index(drop=True)


def _padded(code: str) -> str:
    return re.sub(r"\d+", lambda number: number.group().zfill(4), code)


def _ancestors(code: str, parents: pd.Series) -> list[str]:
    """The objective, then what contains it, outwards; a parent that is not in the table ends the way."""
    way = [code]
    while (parent := parents.get(way[-1])) in parents.index and parent not in way:
        way.append(parent)
    return way


def summarise_tree(measured: pd.DataFrame, orientations: pd.Series) -> pd.DataFrame:
    """The tree by orientation (`orientations`: label by code), one that has no objective included.

    Columns: orientation, nb_objectifs, nb_feuilles, niveau_min, niveau_max (depth of the shallowest and deepest leaf),
    nb_sans_action (nothing serves it, nor what it contains).
    """
    leaves = measured[measured["est_feuille"]].groupby("code_orientation")["niveau"].agg(["min", "max", "size"])
    groups = measured.groupby("code_orientation")
    out = pd.DataFrame({"orientation": orientations.astype("str")})
    code = out.index.to_series()
    out = out.assign(
        nb_objectifs=code.map(groups.size()).fillna(0).astype("Int64"),
        nb_feuilles=code.map(leaves["size"]).fillna(0).astype("Int64"),
        niveau_min=code.map(leaves["min"]).astype("Int64"),
        niveau_max=code.map(leaves["max"]).astype("Int64"),
        nb_sans_action=code.map(groups["nb_actions"].apply(lambda counts: (counts == 0).sum()))
        .fillna(0)
        .astype("Int64"),
    )
    return out.reset_index(drop=True)


def flag_objectives(measured: pd.DataFrame, *, part_large: float = 50, nb_etroit: int = 2) -> pd.DataFrame:
    """The objectives that the next contract should look at, with `constat` (WIDE, NARROW or UNSERVED).

    Too wide: serves alone `part_large` percent or more of its orientation's actions. Too narrow: a leaf that
    `nb_etroit` actions or fewer serve. Unserved: nothing serves it, nor what it contains. Sorted by orientation.
    """
    wide = (measured["part_actions"] >= part_large).fillna(False)
    unserved = measured["nb_actions"] == 0
    narrow = measured["est_feuille"] & (measured["nb_actions"] <= nb_etroit)
    finding = pd.Series(None, index=measured.index, dtype="object").mask(narrow, NARROW).mask(wide, WIDE)
    finding = finding.mask(unserved, UNSERVED)
    return measured.assign(constat=finding)[finding.notna()].reset_index(drop=True)


def oppose_objectives(
    flagged: pd.DataFrame, actions: pd.DataFrame, orientations: pd.Series, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Side by side, by orientation: objectives too wide, too narrow, unserved (labels), actions without objective.

    Columns: orientation, trop_larges, trop_etroits, sans_action, nb_sans_objectif.
    """
    kept = actions[actions["statut"].isin(granted)]
    without = kept[kept["code_objectif"].isna()].groupby(kept["code_orientation"].fillna(UNKNOWN)).size()
    lists = flagged.groupby(["code_orientation", "constat"])["libelle_objectif"].agg(" ; ".join)
    columns = {"trop_larges": WIDE, "trop_etroits": NARROW, "sans_action": UNSERVED}
    out = pd.DataFrame({"orientation": orientations.astype("str")})
    for column, finding in columns.items():
        out[column] = [lists.get((code, finding), NONE) for code in out.index]
    out["nb_sans_objectif"] = out.index.to_series().map(without).fillna(0).astype("Int64")
    return out.reset_index(drop=True)
