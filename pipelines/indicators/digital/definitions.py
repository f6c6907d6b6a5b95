"""Words that the digital inclusion diagnosis shares: printed definitions, the survey that a year may read."""

import pandas as pd

from pipelines.indicators.wording import print_definitions

DEFINITIONS = {
    "manque": "manque de visibilité : structures qui disent ne pas voir, ou en partie seulement, ce que proposent "
    "les autres, sur structures qui ont répondu à la question",
    "intervalle_part": "intervalle d'une part : Wilson à 95 % ; il ne corrige pas l'absence de celles qui se taisent",
    "offre": "offre d'une commune : structures qui ont répondu, heures d'accueil par semaine et postes ouverts au "
    "public, rapportés aux habitants ; un quartier va à sa commune, sauf s'il s'étend sur plusieurs ; une réponse "
    "manquante rend la somme partielle, et la commune n'est pas comparée",
    "ecart_mediane": "écart à la médiane : valeur de la commune moins médiane des communes où elle est connue et "
    "entière",
    "situation": "lieu : dans un quartier prioritaire si la structure donne un quartier ; sinon selon que sa commune "
    "en a un, même en partie, dans la géographie de l'année de l'enquête",
    "service": "service : structures qui disent le proposer, sur structures qui ont répondu à l'enquête",
    "rang_moyen": "rang moyen : classements complets seulement ; les ex aequo se partagent les rangs qu'ils occupent ; "
    "1 : à actionner en premier",
    "intervalle_rang": "intervalle d'un rang : 95 %, rééchantillonnage des structures (bootstrap corrigé du biais), "
    "graine fixe",
    "concordance": "W de Kendall : 0, aucun ordre commun ; 1, toutes classent de même ; corrigé des ex aequo. "
    "Hasard : part des permutations des rangs qui donnent un accord au moins aussi grand",
    "echelle_accord": "mots de l'accord, d'après Schmidt (1997) : très faible sous 0,2, faible sous 0,4, "
    "moyen sous 0,6, fort sous 0,8, très fort au-delà",
}


def define(*names: str, base_minimale: int = 0) -> str:
    """The printed definitions of the named indicators, and the smallest base under which a share is not given."""
    return print_definitions(DEFINITIONS, *names, base_minimale=base_minimale)


def latest_survey(rows: pd.DataFrame, annee: int) -> pd.DataFrame:
    """The rows of the latest survey (`annee`) that a report of a year may read; none where every survey is later."""
    past = rows[rows["annee"] <= annee]
    return past[past["annee"] == past["annee"].max()].reset_index(drop=True)
