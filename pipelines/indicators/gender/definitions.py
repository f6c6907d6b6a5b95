"""Words that every table of the gender marker shares: labels of the markers, printed definitions."""

import pandas as pd

from pipelines.indicators.wording import print_definitions

UNRATED = "Non examiné"
LABELS = ("Marqueur 0", "Marqueur 1", "Marqueur 2")
EVERY = (*LABELS, UNRATED)

DEFINITIONS = {
    "marqueur": "marqueur : issue de l'arbre du contrat pour les réponses données ; une action dont les réponses ne "
    "décident pas est « non examinée », jamais comptée comme 0 ; 2 n'est pas meilleur que 1",
    "part_marqueur": "part d'un marqueur : actions de ce marqueur sur actions examinées ; en euros : montants de ces "
    "actions sur montants des actions examinées",
    "taux_examen": "taux d'examen : actions examinées sur actions",
    "ecart_comite": "écart du comité : part d'un marqueur dans les euros accordés moins sa part dans les euros "
    "demandés, en points, actions examinées",
    "intervalle": "intervalle de Wilson à 95 % : ce que la part d'une année aussi petite aurait pu être par le seul "
    "hasard, si ses actions étaient tirées d'un ensemble plus grand",
    "bornes": "bornes : la part si aucune, ou si chacune, des actions non examinées avait ce marqueur",
    "transition": "transition : actions financées deux années de suite, même porteur et même intitulé, examinées les "
    "deux années",
    "critere_manquant": "critère manquant : réponses « non » sur réponses données, actions d'un public mixte sans "
    "objectif principal d'égalité",
    "parite": "public paritaire : de 40 à 60 % de femmes parmi les personnes prévues de sexe connu",
    "accord": "accord observé : part des paires de notations d'une même action qui disent la même chose",
    "kappa_fleiss": "kappa de Fleiss : accord au-delà du hasard, actions notées par tous ; 1 accord total, 0 hasard",
    "kappa_cohen": "kappa de Cohen : de même, deux instructeur·rices à la fois, actions notées par les deux",
    "alpha_krippendorff": "alpha de Krippendorff, échelle nominale : de même, toutes les notations, même quand il en "
    "manque",
    "intervalle_accord": "intervalle à 95 % : quantiles de rééchantillonnages des actions (bootstrap), graine fixe",
}


def define(*names: str, base_minimale: int = 0) -> str:
    """The printed definitions of the named indicators, and the smallest base under which a share is not given."""
    return print_definitions(DEFINITIONS, *names, base_minimale=base_minimale)


def label_markers(markers: pd.Series) -> pd.Series:
    """« Marqueur 0 », « Marqueur 1 », « Marqueur 2 », « Non examiné » where it is missing."""
    return markers.map(dict(enumerate(LABELS))).astype("object").fillna(UNRATED).astype("str")
