"""Citizens' councils: were they met before the decision, and what became of what they said?

Source: domain brief, section 8 (consultation_timing, consultation_response) and section 12 (21).
"""

import pandas as pd

from pipelines.indicators.monitoring.definitions import classes
from pipelines.tables import ANSWER_LABELS

BEFORE, AFTER, SAME_DAY, UNDATED = "avant", "après", "le jour même", "jour inconnu"
UNKNOWN_ANSWER = "inconnue"
_COUNCIL = "conseil_citoyen"


def find_decision(events: pd.DataFrame, text: str) -> pd.Timestamp | None:
    """The day of the only event whose label holds a text; None where there is none, several, or no whole date."""
    days = _days(events)[events["libelle_evenement"].str.contains(text, regex=False, na=False)].dropna()
    return days.iloc[0] if len(days) == 1 else None


def time_consultations(events: pd.DataFrame, decision: pd.Timestamp) -> pd.DataFrame:
    """Meetings with the citizens' councils, in order, and whether they came before a decision.

    Columns: jour_consultation (date), instance (label of the event), moment_consultation, nb_jours_decision (negative
    before it), a_confirmer. A date without a day compares with none.
    """
    own = events[events["type_evenement"] == _COUNCIL]
    days = _days(own)
    gap = (days - decision).dt.days.astype("Int64")
    when = pd.Series(UNDATED, index=own.index, dtype="str")
    for sense, holds in ((BEFORE, gap < 0), (SAME_DAY, gap == 0), (AFTER, gap > 0)):
        when = when.mask(holds.fillna(False).astype(bool), sense)
    out = pd.DataFrame(
        {
            "jour_consultation": days,
            "instance": own["libelle_evenement"],
            "moment_consultation": when,
            "nb_jours_decision": gap,
            "a_confirmer": own["est_incertain"].fillna(False).astype(bool).map({True: "à confirmer", False: ""}),
        }
    )
    return out.sort_values("jour_consultation", kind="stable").reset_index(drop=True)


def follow_statements(
    statements: pd.DataFrame, answers: pd.DataFrame, heard: pd.Timestamp | None, arret: pd.Timestamp
) -> pd.DataFrame:
    """Every statement with the last answer given to it at a date, and how long that took.

    Columns: code_enonce, theme, nature, libelle_enonce, suite (label; « inconnue »: nobody said), date_suite,
    nb_jours_reponse (days since `heard`), texte_suite, a_reponse (bool).
    """
    said = answers[answers["date_suite"] <= arret].sort_values("date_suite", kind="stable")
    last = said.drop_duplicates("code_enonce", keep="last")
    out = statements[["code_enonce", "theme", "nature", "libelle_enonce"]].merge(
        last[["code_enonce", "date_suite", "suite", "texte_suite"]],
        on="code_enonce", how="left", validate="one_to_one",
    )  # fmt: skip
    answered = out["suite"].notna() & out["suite"].ne("sans_reponse")
    waited = (out["date_suite"] - heard).dt.days if heard is not None else pd.Series(pd.NA, index=out.index)
    return out.assign(
        suite=out["suite"].map(ANSWER_LABELS).fillna(UNKNOWN_ANSWER),
        nb_jours_reponse=waited.astype("Int64"),
        a_reponse=answered.fillna(False).astype(bool),
        texte_suite=out["texte_suite"].fillna(""),
    )


def count_answers(followed: pd.DataFrame) -> pd.DataFrame:
    """Statements and answers by theme, then all: theme, nb_enonces, nb_avec_suite, nb_jours_median (answered ones)."""
    rows = [
        (name, len(own), int(own["a_reponse"].sum()), own.loc[own["a_reponse"], "nb_jours_reponse"].median())
        for name, own in classes(followed, "theme")
    ]
    counts = {"nb_enonces": "Int64", "nb_avec_suite": "Int64", "nb_jours_median": "Float64"}
    return pd.DataFrame(rows, columns=["theme", *counts]).astype(counts)


def _days(events: pd.DataFrame) -> pd.Series:
    """Whole dates; missing where the calendar gives a month or a year alone."""
    return pd.to_datetime(events["debut"], format="%Y-%m-%d", errors="coerce")
