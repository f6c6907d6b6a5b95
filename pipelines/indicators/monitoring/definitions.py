"""Words that every table of the monitoring shares: labels of special rows, printed definitions, percentages."""

import pandas as pd

from pipelines.indicators.wording import print_definitions

# Raised whenever a figure changes at the same data, with a « Méthode » line in CHANGELOG.md.
METHOD = "1"

TOTAL = "Ensemble"
UNKNOWN = "Non renseigné"
AMOUNTS = ["montant_demande", "montant_accorde", "montant_verse"]

DEFINITIONS = {
    "taux_acceptation": "taux d'acceptation : actions financées sur actions financées ou refusées ; dossiers "
    "inéligibles, retirés ou non tranchés exclus",
    "taux_satisfaction": "taux de satisfaction : montant accordé sur montant demandé, actions financées seulement",
    "taux_versement": "taux de versement : montant versé à la date d'arrêt sur montant accordé",
    "taux_realisation": "taux de réalisation : personnes touchées sur personnes prévues, pour les actions qui donnent "
    "les deux ; une même personne peut être comptée dans plusieurs actions",
    "part_femmes": "part des femmes : femmes sur femmes et hommes ; sexe non renseigné exclu",
    "part_cout": "part du coût total : montant accordé sur coût total des actions financées dont le coût est connu",
    "effet_levier": "effet de levier : coût total des actions financées sur crédits spécifiques accordés, actions dont "
    "le coût est connu",
    "concentration": "indice de concentration (Herfindahl-Hirschman) : somme des carrés des parts de chaque porteur "
    "dans le montant accordé, de zéro (dispersé) à un (un seul porteur)",
    "delai_versement": "délai : jours entre la décision du comité et le premier versement, actions qui donnent les "
    "deux dates ; ce qui n'est pas encore versé n'y est pas",
    "bilan_du": "bilan dû : six mois après l'année de fin de l'action, soit le 30 juin ; sans date de fin, après "
    "l'année de programmation",
    "taux_bilans": "bilans reçus : bilans reçus sur bilans dus à la date d'arrêt",
    "taux_bilans_delai": "reçus à temps : bilans reçus à leur date sur bilans dus dont on sait s'ils sont à temps",
    "taux_qva": "couverture des quartiers de veille active : actions financées qui touchent l'un d'eux, sur les "
    "actions financées",
    "evaluabilite": "évaluabilité : part des cinq éléments présents (objectif écrit, cible chiffrée, indicateur, "
    "valeur de départ, part par territoire connue)",
    "taux_atteinte": "atteinte : résultats dont la valeur atteint la cible, sur les résultats qui donnent les deux",
    "montant_par_habitant": "montant par habitant : montant accordé réparti sur ce territoire, sur sa population ; le "
    "montant non réparti n'y est pas",
}


def define(*names: str, base_minimale: int = 0) -> str:
    """The printed definitions of the named indicators, and the smallest base under which a share is not given."""
    return print_definitions(DEFINITIONS, *names, base_minimale=base_minimale)


def percent(part: pd.Series, whole: pd.Series, smallest: int = 0) -> pd.Series:
    """Part of whole in percent (Float64); missing, never infinite, where the whole is 0, absent or under `smallest`."""
    return 100 * part.astype("Float64") / whole.astype("Float64").mask((whole == 0) | (whole < smallest))


def among(codes: pd.Series, others: pd.Series | pd.Index) -> pd.Series:
    """Whether each code is one of the others: `codes.isin(others)`, quick."""
    # As objects: Arrow strings would be looked up after the others have been read one by one.
    return codes.astype("object").isin(others.astype("object"))


def known_labels(column: pd.Series) -> pd.Series:
    """The column as labels, « Non renseigné » where it is missing."""
    return column.astype("object").where(column.notna(), UNKNOWN)


def classes(rows: pd.DataFrame, by: str) -> list[tuple[object, pd.DataFrame]]:
    """The rows of each class of a column, in order, « Non renseigné » after the others, then those of all of them."""
    labels = known_labels(rows[by])
    return [*((name, rows[labels == name]) for name in in_order(labels)), (TOTAL, rows)]


def in_order(labels: pd.Series) -> list[object]:
    """Each of the `known_labels` once, « Non renseigné » after the others."""
    return sorted(labels.unique(), key=lambda name: (name == UNKNOWN, name))


def last_of(values: pd.Series) -> pd.Series:
    """The total at the end of a column, beside each of its rows."""
    return pd.Series(values.iloc[-1], index=values.index, dtype="Float64")
