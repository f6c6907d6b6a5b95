"""The gender marker: ratings and consensus typed, what cannot stand set aside; then one set of answers per action."""

import pandas as pd

from pipelines.clean.programmes import ordered
from pipelines.clean.results import WITHHELD
from pipelines.clean.rows import JOURNAL, Cleaned, clean_table, journal_of, raw_text, set_aside_of
from pipelines.indicators.gender import FIELDS, Tree, rate_gender_marker
from pipelines.tables import MARKER_QUESTIONS, PLACE, RATER_CODE, STATED_MARKERS, TABLES

CONTRADICTORY = "réponses contradictoires : "
NOT_A_CODE = "code d'instructeur·rice attendu, lettres puis chiffres comme I1, jamais un nom"
NO_ANSWER = "aucune réponse à l'arbre"
_REMEDIES = {
    CONTRADICTORY: "Relire les réponses, et effacer dans le fichier celle que l'arbre ne demande pas.",
    NOT_A_CODE: "Écrire dans le fichier le code de la personne à la place de son nom.",
    NO_ANSWER: "Écrire les réponses, ou supprimer la ligne du fichier.",
}
_QUESTIONS = [column.name for column in MARKER_QUESTIONS]
_STATED = [column.name for column in STATED_MARKERS]
_FIELDS = list(FIELDS)


def clean_marker(text: pd.DataFrame, name: str, tree: Tree | None = None) -> Cleaned:
    """Ratings or consensus typed. Set aside: a rater without a code, no answer, answers that contradict each other.

    `tree`: the contract's; without one no contradiction can be seen.
    """
    text, named = _hide_names(text)
    rest = text.loc[~named]
    cleaned = clean_table(rest, TABLES[name])
    reasons = _contradictions(cleaned.kept, tree)
    reasons = reasons.mask(~_is_answered(cleaned.kept), NO_ANSWER)
    # The rows kept so far, found again as they were read.
    told = rest.merge(cleaned.kept[PLACE].assign(motif=reasons), on=PLACE, how="left", validate="one_to_one")
    return Cleaned(
        cleaned.kept.loc[reasons == ""].reset_index(drop=True),
        pd.concat(
            [
                cleaned.set_aside,
                _set_aside(text, named.map({True: NOT_A_CODE, False: ""})),
                _set_aside(told.drop(columns="motif"), told["motif"].fillna("")),
            ],
            ignore_index=True,
        ),
        cleaned.journal,
    )


def settle_answers(
    export: pd.DataFrame, ratings: pd.DataFrame, consensus: pd.DataFrame, tree: Tree | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per action: its answers (table reponses_marqueur), and the journal of those that contradict each other.

    In this order: a recorded consensus; the export's own answers; the last ratings of all raters, where no two of them
    answer a question differently. Raters who disagree leave the action unexamined: nobody is outvoted. What contradicts
    itself is no answer. A row says where it was read, its first rater for several. Markers that the export states stay.
    `export`, `ratings`, `consensus`: the rows of the three tables. `tree`: the contract's; without one no contradiction
    is seen, and no framework is known.
    """
    own, dropped = _drop_contradictions(export, tree)
    agreed, clashing = _drop_contradictions(_agree(ratings), tree)
    stated = own.drop_duplicates("code_action").set_index("code_action")[_STATED]
    # An export may say something beside any answer: a marker that it states, a reason alone.
    beside = own[[*_QUESTIONS, *_STATED]].notna().any(axis=1) & ~_is_answered(own)
    found = (
        consensus.assign(origine_reponses="consensus").join(stated, on="code_action"),
        own[_is_answered(own)].assign(origine_reponses="export"),
        agreed[_is_answered(agreed)].join(stated, on="code_action"),
        own[beside].assign(origine_reponses=None),
    )
    answers = pd.concat([rows.assign(rang=rank) for rank, rows in enumerate(found)], ignore_index=True)
    first = answers.groupby("code_action")["rang"].transform("min")
    answers = answers[answers["rang"] == first].sort_values("code_action", kind="stable")
    framework = answers["origine_reponses"].notna().map({True: tree.referentiel if tree else None, False: None})
    journal = pd.concat([dropped, clashing], ignore_index=True)
    return ordered(answers.assign(referentiel=framework), "reponses_marqueur"), journal


def _is_answered(rows: pd.DataFrame) -> pd.Series:
    return rows[_FIELDS].notna().any(axis=1)


def _hide_names(text: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The rows with their rater's code in capitals, and which have something else instead; that is not repeated."""
    if "code_instructeur" not in text:
        return text, pd.Series(False, index=text.index)
    code = text["code_instructeur"].fillna("").str.strip().str.upper()
    named = (code != "") & ~code.str.match(RATER_CODE)
    return text.assign(code_instructeur=code.mask(named, WITHHELD)), named


def _set_aside(text: pd.DataFrame, reasons: pd.Series) -> pd.DataFrame:
    """The rows that have a reason, with the remedy of its kind."""
    kinds = reasons.mask(reasons.str.startswith(CONTRADICTORY), CONTRADICTORY)
    return set_aside_of(text, reasons.astype("str"), kinds.map(_REMEDIES).fillna("").astype("str"))


def _contradictions(rows: pd.DataFrame, tree: Tree | None) -> pd.Series:
    """Why the answers of each row cannot stand together, "" where they can."""
    if tree is None:
        return pd.Series("", index=rows.index, dtype="str")
    told = rate_gender_marker(rows, tree)["contradiction"]
    return told.mask(told != "", CONTRADICTORY + told)


def _drop_contradictions(rows: pd.DataFrame, tree: Tree | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows without the answers that contradict each other, and the journal of these: one line an action."""
    reasons = _contradictions(rows, tree)
    at = reasons != ""
    words = {field: rows.loc[at, field].map({True: "oui", False: "non"}).astype("str").fillna("") for field in FIELDS}
    said = raw_text(rows.loc[at, _QUESTIONS].assign(**words))
    kept = rows.assign(**{name: rows[name].mask(at) for name in _QUESTIONS})
    journal = journal_of(rows, "reponses_marqueur", said.reindex(rows.index), reasons)
    return kept, journal[JOURNAL]


def _agree(ratings: pd.DataFrame) -> pd.DataFrame:
    """One row per action whose raters, each by their last rating, never answer a question differently.

    What one left blank, another may have answered.
    """
    order = ["code_action", "code_instructeur", "tour"]
    last = ratings.sort_values(order, kind="stable").drop_duplicates(order[:2], keep="last")
    by_action = last.groupby("code_action", as_index=False)
    agree = (by_action[_FIELDS].nunique()[_FIELDS] <= 1).all(axis=1)
    alone = by_action["code_instructeur"].nunique()["code_instructeur"] == 1
    origin = alone.map({True: "notation_unique", False: "notations_concordantes"})
    # Of each column, the first that is filled.
    return by_action.first().assign(origine_reponses=origin.astype("str"))[agree]
