"""Results of single actions: is the target reached? A value that counts persons is never published action by action."""

import pandas as pd

# What a value in these units counts is no person.
_SAFE_UNITS = ("%", "points", "€", "heures", "jours", "seances", "logements", "structures")


def judge_results(results: pd.DataFrame, seuil: int) -> pd.DataFrame:
    """`resultats_actions` with est_atteint (valeur_atteinte against valeur_cible, in the direction of `sens`).

    Missing where the target or the value is; what a file itself says of est_atteint counts for nothing. Values before
    and after the action that count persons, or whose unit is unknown, then go: est_depart_connu keeps that there was
    one. With a target of persons below `seuil`, a yes or a no would tell more of a small count than that it is small.
    """
    lower = (results["sens"] == "baisse").fillna(False).astype(bool)
    reached, target = results["valeur_atteinte"], results["valeur_cible"]
    judged = (reached >= target).mask(lower, reached <= target)
    telling = ~_counts_nobody(results) & target.lt(seuil).fillna(False).astype(bool)
    return results.assign(
        est_depart_connu=results["valeur_depart"].notna().astype("boolean"),
        est_atteint=judged.astype("boolean").mask(telling),
        valeur_depart=_safe(results, "valeur_depart"),
        valeur_atteinte=_safe(results, "valeur_atteinte"),
    )


def hide_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """`mesures_suivis` without the values that count persons, or whose unit is unknown."""
    return measures.assign(valeur=_safe(measures, "valeur"))


def _safe(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].where(_counts_nobody(rows))


def _counts_nobody(rows: pd.DataFrame) -> pd.Series:
    return rows["unite"].isin(_SAFE_UNITS)
