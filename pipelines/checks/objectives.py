"""Checks of the objective tree: it is one, and actions serve objectives of their own orientation."""

import pandas as pd


def expect_objectives_to_form_a_tree(objectives: pd.DataFrame) -> pd.DataFrame:
    """Objectives that stand under another orientation than their parent, or whose ancestors run in a loop."""
    # A blank code would be taken for the parent of every root.
    by_code = objectives.dropna(subset="code_objectif").drop_duplicates("code_objectif").set_index("code_objectif")
    parents = by_code["code_objectif_parent"]
    orientation = objectives["code_objectif_parent"].map(by_code["code_orientation"])
    moved = orientation.notna() & (orientation != objectives["code_orientation"])
    # A path longer than the number of objectives, and one more that nobody wrote down, has come back on itself.
    at = objectives["code_objectif"]
    for _ in range(len(by_code) + 1):
        at = at.map(parents)
        if at.isna().all():
            break
    faults = objectives[moved | at.notna()]
    return faults.assign(valeur=faults["code_objectif"])


def expect_objective_of_own_orientation(actions: pd.DataFrame, objectives: pd.DataFrame) -> pd.DataFrame:
    """Actions whose objective is of another orientation than theirs; an unknown objective is another check's."""
    known = objectives.dropna(subset="code_objectif").drop_duplicates("code_objectif")
    own = known.set_index("code_objectif")["code_orientation"]
    orientation = actions["code_objectif"].map(own)
    both = orientation.notna() & actions["code_orientation"].notna()
    faults = actions[both & (orientation != actions["code_orientation"])]
    told = faults["code_action"] + " : " + faults["code_objectif"] + ", orientation " + faults["code_orientation"]
    return faults.assign(valeur=told)
