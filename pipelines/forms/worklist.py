"""The actions of a year as one rater finds them: still to be marked first, searched by any of their words."""

import pandas as pd

from pipelines.clean.words import fold_one
from pipelines.numbers import count


def list_actions(actions: pd.DataFrame, markings: pd.DataFrame, annee: int, code_instructeur: str) -> pd.DataFrame:
    """One row per action of the year: code_action, nb_notations (this rater's own), libelle.

    In the order of the codes, those that this rater has not marked before the others. What other raters said of them
    is no part of it: a first rating is independent.
    """
    ours = actions.loc[actions["annee"] == annee, ["code_action", "intitule", "nom_porteur"]].sort_values("code_action")
    own = markings.loc[markings["code_instructeur"] == code_instructeur, "code_action"]
    ours["nb_notations"] = ours["code_action"].map(own.value_counts()).fillna(0).astype("int64")
    ours["libelle"] = [_describe(*row) for row in ours.itertuples(index=False)]
    ours = ours.sort_values("nb_notations", key=lambda number: number > 0, kind="stable")
    return ours[["code_action", "nb_notations", "libelle"]].reset_index(drop=True)


def search_actions(listed: pd.DataFrame, words: str) -> pd.DataFrame:
    """The listed actions whose label holds every word, whatever the accents and capitals."""
    wanted = fold_one(words).split()
    labels = [fold_one(label) for label in listed["libelle"]]
    return listed[[all(word in label for word in wanted) for label in labels]]


def _describe(code: str, title: object, holder: object, number: int) -> str:
    parts = [code, *(" ".join(str(part).split()) for part in (title, holder) if not pd.isna(part))]
    already = f" (déjà marquée par vous : {count(number, 'fois', 'fois')})" if number else ""
    return " — ".join(parts) + already
