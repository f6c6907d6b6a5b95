"""Definitions printed under the tables of an evaluation, and the words that its tables share."""

from pipelines.indicators.wording import print_definitions
from pipelines.tables import STRENGTH_LABELS

# What stands for an answer that nobody gave: never a guess.
UNANSWERED, ANSWERED = "à établir", "écrite"
UNSET = "à fixer"
# Strength of what was heard: a report by someone, or reports of several kinds that agree.
TOLD, CROSSED = 1, 2
STRENGTHS = {strength: f"{strength}, {label}" for strength, label in STRENGTH_LABELS.items()}
NO_MATERIAL = "aucun extrait"
NOT_WRITTEN = "—"

DEFINITIONS = {
    "materiau": "extraits : ce qui a été dit ou vu, sans nom de personne ; « pour » va dans le sens du critère de "
    "jugement, « contre » s'y oppose, « nuance » fait l'un et l'autre. Ce sont des extraits, pas des personnes : ils "
    "se comptent et ne font jamais un pourcentage",
    "force": "force : 1 signalement, quelqu'un le dit ; 2 description, plusieurs types de recueil concordent ou un "
    "chiffre décrit ; 3 comparaison, avec son intervalle ; 4 contribution examinée, lien par lien",
    "croisement": "types qui concordent : types de recueil (entretien, atelier, observation) dont les extraits vont en "
    "majorité du même côté, si aucun type ne va de l'autre ; il en faut deux pour passer le simple signalement",
    "reponse_question": "réponse : celle que les évaluateurs ont écrite pour cette période ; « à établir » : personne "
    "ne l'a écrite, et l'outil ne l'écrit pas à leur place",
}


def define(*names: str) -> str:
    """The printed definitions of the named words."""
    return print_definitions(DEFINITIONS, *names)
