"""Checks of the gender marker by the contract's tree: what was granted is rated, a typed marker is the computed one."""

from typing import Literal

import pandas as pd

from pipelines.indicators.gender import UNEXAMINED, Tree, rate_gender_marker
from pipelines.tables import STATUSES
from pipelines.verdict import text_of

Status = Literal[STATUSES]


def expect_grants_to_be_rated(
    actions: pd.DataFrame, answers: pd.DataFrame, *, first_year: int, statuses: list[Status], tree: Tree | None
) -> pd.DataFrame:
    """Granted actions, from the marker's first year on, whose answers give no marker, in the tree's own reading.

    Incomplete answers give one where none that is missing could change it. Without a tree nothing is rated.
    """
    granted = actions[actions["annee"].ge(first_year).fillna(False) & actions["statut"].isin(statuses)]
    rated = answers.loc[_markers(answers, tree).notna(), "code_action"]
    faults = granted[~granted["code_action"].isin(rated)]
    return faults.assign(valeur=faults["code_action"])


def expect_typed_marker_to_be_the_computed(answers: pd.DataFrame, *, tree: Tree | None) -> pd.DataFrame:
    """Actions whose marker typed by hand is not the one that their answers give, or that no answer gives."""
    computed = _markers(answers, tree)
    typed = answers["marqueur_saisi"]
    at = typed.notna() & ~typed.eq(computed).fillna(False).astype(bool)
    given = computed[at].map(lambda marker: UNEXAMINED if pd.isna(marker) else text_of(marker)).astype("str")
    told = answers.loc[at, "code_action"] + " : saisi " + typed[at].map(text_of).astype("str") + ", calculé " + given
    return answers[at].assign(valeur=told)


def _markers(answers: pd.DataFrame, tree: Tree | None) -> pd.Series:
    """The marker of each row, missing where it is not examined."""
    if tree is None:
        return pd.Series(pd.NA, index=answers.index, dtype="Int64")
    return rate_gender_marker(answers, tree)["marqueur"]
