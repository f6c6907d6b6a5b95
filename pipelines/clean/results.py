"""Results of actions: what exports and own files say of indicator, starting point, target and value reached."""

import functools

import pandas as pd

from pipelines.clean.cells import MARK_REASONS
from pipelines.clean.rows import PLACE, Cleaned, clean_table
from pipelines.clean.words import column_of, to_vocabulary
from pipelines.tables import DIRECTIONS, RESULT_CELLS, RESULT_UNITS, TABLES, UNNAMED_INDICATOR

UNIT_LABELS = {
    "personne": "personnes", "participants": "personnes", "beneficiaires": "personnes", "habitants": "personnes",
    "pourcentage": "%", "pour cent": "%", "euros": "€", "euro": "€", "heure": "heures", "jour": "jours",
    "seance": "seances", "ateliers": "seances", "logement": "logements", "structure": "structures",
    "point": "points",
}  # fmt: skip
# Column of an export → column of the certified table.
_NAMES = {
    "resultat_indicateur": "libelle_indicateur",
    "resultat_unite": "unite",
    "resultat_sens": "sens",
    "resultat_depart": "valeur_depart",
    "resultat_cible": "valeur_cible",
    "resultat_atteint": "valeur_atteinte",
}
# Of each table, the cells that may count or name persons. Their text is repeated nowhere: it is in the file received.
VALUES = {
    "mesures_suivis": ("valeur",),
    "notations_marqueur": ("code_instructeur",),
    "programmes": ("resultat_depart", "resultat_atteint"),
    "resultats_actions": ("valeur_depart", "valeur_atteinte"),
}
WITHHELD = "[texte non reproduit : il peut compter ou nommer des personnes]"


def results_of(kept: pd.DataFrame) -> pd.DataFrame:
    """One row per action of an export that says anything of a result; an indicator without a name is told so."""
    said = kept[kept[[column.name for column in RESULT_CELLS]].notna().any(axis=1)]
    rows = said[["code_action", *_NAMES, *PLACE]].rename(columns=_NAMES)
    named = rows["libelle_indicateur"].fillna(UNNAMED_INDICATOR)
    judged = dict.fromkeys(("est_depart_connu", "est_atteint"), pd.Series(pd.NA, index=rows.index, dtype="boolean"))
    return rows.assign(libelle_indicateur=named, **judged)


def clean_results(text: pd.DataFrame, name: str) -> Cleaned:
    """The rows of a file of results or of measures, its units and directions in our words."""
    words = {
        column: to_vocabulary(column_of(text, column), vocabulary, synonyms)
        for column, vocabulary, synonyms in (("unite", RESULT_UNITS, UNIT_LABELS), ("sens", DIRECTIONS, {}))
        if column in text
    }
    return clean_table(text.assign(**words), TABLES[name], as_read=withhold(text, name))


def withhold(text: pd.DataFrame, name: str) -> pd.DataFrame:
    """The text of a table's rows as it may be kept of those set aside: without what may count or name persons."""
    cells = [column for column in VALUES[name] if column in text]
    return text.assign(**{column: text[column].mask(text[column].fillna("") != "", WITHHELD) for column in cells})


def withhold_from_journal(journal: pd.DataFrame, name: str) -> pd.DataFrame:
    """The journal of a table without what may count or name persons, in texts and in the reasons that quote them."""
    at = journal["colonne"].isin(VALUES.get(name, ())) & ~journal["motif"].isin(MARK_REASONS.values())
    reasons = journal["motif"].str.replace(r" « .* »$", "", regex=True)
    return journal.assign(texte=journal["texte"].mask(at, WITHHELD), motif=journal["motif"].mask(at, reasons))


clean_action_results = functools.partial(clean_results, name="resultats_actions")
clean_measures = functools.partial(clean_results, name="mesures_suivis")
