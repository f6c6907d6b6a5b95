"""Which criterion is missing most, among the actions whose criteria decide."""

import pandas as pd

from pipelines.indicators.gender.rating import TRAJET
from pipelines.indicators.gender.tree import Tree
from pipelines.indicators.monitoring.definitions import percent


def count_criteria(actions: pd.DataFrame, answers: pd.DataFrame, tree: Tree, *, base_minimale: int = 1) -> pd.DataFrame:
    """Answers to each criterion, the most often missing first, of the actions whose path comes to the criteria.

    `actions` from `add_markers`; `answers`: the table reponses_marqueur. Columns: critere, nb_oui, nb_non,
    nb_sans_reponse, part_non (of the answers given; none of fewer than `base_minimale`).
    """
    own = answers[answers["code_action"].isin(_at_criteria(actions, tree)["code_action"])]
    rows = [
        (one.libelle, int(own[one.champ].sum()), int((~own[one.champ]).sum()), int(own[one.champ].isna().sum()))
        for one in tree.criteres.liste
    ]
    out = pd.DataFrame(rows, columns=["critere", "nb_oui", "nb_non", "nb_sans_reponse"]).convert_dtypes()
    out = out.assign(part_non=percent(out["nb_non"], out["nb_oui"] + out["nb_non"], base_minimale))
    return out.sort_values("nb_non", ascending=False, kind="stable").reset_index(drop=True)


def count_criteria_met(actions: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Actions by number of criteria met, of those whose path comes to the criteria.

    Columns: nb_criteres, nb_actions, part_remplis. Actions of which a criterion is unknown are not among them.
    """
    met = _at_criteria(actions, tree)["nb_criteres"].dropna().astype(int)
    counts = met.value_counts().reindex(range(len(tree.criteres.liste) + 1), fill_value=0)
    out = pd.DataFrame({"nb_criteres": counts.index, "nb_actions": counts.to_numpy()}).convert_dtypes()
    return out.assign(part_remplis=percent(out["nb_actions"], pd.Series(len(met), index=out.index)))


def _at_criteria(actions: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    steps = actions["trajet"].fillna("").str.split(TRAJET, regex=False)
    return actions[pd.Series([tree.criteres.code in codes for codes in steps], index=actions.index, dtype="bool")]
