"""What decides whether two values may be compared, and the figures of others that are computed again."""

from pipelines.tables.model import Table, column
from pipelines.tables.vocabulary import TERRITORY_KINDS

# What a claim turned out to be, from sound to unsound.
VERDICTS = (
    *("conforme", "écart", "suspect", "lacune", "risque", "remarque", "information", "collision"),
    *("lecture fautive", "lecture incertaine", "erreur d'inférence", "erreur de méthode"),
)

COMPARISON_TABLES = (
    Table(
        "ruptures_sources",
        "un changement d'une source, qui touche la comparaison de deux millésimes",
        ("famille_source", "annee_debut"),
        (
            column("famille_source", "code", "dispositif statistique, ou « toutes »", req=True),
            column("annee_debut", "entier", "premier millésime touché", req=True),
            column("annee_fin", "entier", "dernier millésime touché ; vide : tous les suivants"),
            column("type_territoire", "code", "échelle touchée ; vide : toutes", voc=TERRITORY_KINDS),
            column("portee", "code", "ce que le changement touche", voc=("niveau", "evolution"), req=True),
            column(
                "gravite",
                "code",
                "refus : la comparaison n'est pas faite ; reserve : elle est faite, la réserve est imprimée",
                voc=("refus", "reserve"),
                req=True,
            ),
            column("description", "texte", "ce qui a changé", req=True),
            column("est_a_confirmer", "booleen", "à vérifier auprès du producteur", req=True),
            column("origine", "texte", "où le changement est décrit"),
        ),
    ),
    Table(
        "passages_territoires",
        "un lien entre un territoire et celui qui lui succède dans une autre géographie",
        ("code_ancien", "code_nouveau"),
        (
            column("code_ancien", "code", "territoire de l'ancienne géographie", req=True, form="territoire"),
            column("code_nouveau", "code", "territoire de la nouvelle géographie", req=True, form="territoire"),
            column(
                "part_population",
                "pourcent",
                "part de la population de l'ancien qui est dans le nouveau ; vide : inconnue",
            ),
            column(
                "methode",
                "code",
                "comment le lien est connu",
                voc=("numero_de_serie", "population", "contours"),
                req=True,
            ),
            column("est_meme_perimetre", "booleen", "les deux périmètres sont-ils les mêmes ? vide : inconnu"),
            column("note", "texte", "réserve à publier avec le lien"),
        ),
    ),
    Table(
        "chiffres_publies",
        "une affirmation chiffrée d'un document du contrat, et ce qu'on en constate",
        ("code_controle",),
        (
            column("code_controle", "code", "identifiant", req=True),
            column("famille_controle", "texte", "nature du contrôle", req=True),
            column("enonce", "texte", "ce que le document affirme, en nos mots", req=True),
            column("formule", "texte", "calcul ou lecture qui le vérifie"),
            column("valeur_ecrite", "texte", "valeur écrite dans le document ; vide si aucune"),
            column("valeur_constatee", "texte", "valeur constatée à la lecture ; celle qui se calcule l'est à nouveau"),
            column("verdict_chiffre", "code", "ce qu'on en conclut", voc=VERDICTS, req=True),
            column("gravite", "code", "conséquence pour l'évaluation", voc=("basse", "moyenne", "haute")),
            column("lignes_source", "texte", "lignes du document"),
            column("explication", "texte", "pourquoi, et que faire"),
        ),
    ),
)
