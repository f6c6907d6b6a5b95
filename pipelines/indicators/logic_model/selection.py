"""One model among those of a contract: its description, its rows, what it calls its levels."""

import pandas as pd

from pipelines.errors import UsageError
from pipelines.tables import LOGIC_LEVELS


def pick_model(models: pd.DataFrame, code: str | None) -> pd.Series:
    """The row of a model of `logique_modeles`; None: the first. UsageError where there is none of that name."""
    if code is None and len(models):
        return models.iloc[0]
    found = models[models["code_modele"] == code]
    if found.empty:
        known = ", ".join(models["code_modele"]) or "aucun"
        raise UsageError(f"« {code} » n'est pas un modèle de ce contrat. Modèles du dossier logique_impact/ : {known}.")
    return found.iloc[0]


def select_model(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows of one model, of a table that has `code_modele`."""
    return rows[rows["code_modele"] == code].reset_index(drop=True)


def name_levels(model: pd.Series) -> dict[str, str]:
    """What a model calls each of its levels, from the first to the last."""
    return {level: model[f"libelle_{level}"] for level in LOGIC_LEVELS}


def climb_levels(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """How many levels each link of one model goes up; missing where one of its ends is not there."""
    rank = nodes.set_index("code_noeud")["niveau"].map(LOGIC_LEVELS.index)
    return (links["code_cible"].map(rank) - links["code_source"].map(rank)).astype("Int64")


def flag_skips(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Which links of one model skip a level, declared or not."""
    return climb_levels(nodes, links).gt(1).fillna(False).astype(bool)
