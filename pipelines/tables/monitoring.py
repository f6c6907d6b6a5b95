"""What monitoring needs beside the programmes: objectives, results, reinforced follow-up, published editions."""

from pipelines.tables.model import Table, column
from pipelines.tables.vocabulary import DIRECTIONS, RESULT_UNITS, THEMES

MONITORING_TABLES = (
    Table(
        "objectifs",
        "un objectif de l'arborescence du contrat",
        ("code_objectif",),
        (
            column("code_objectif", "code", "identifiant de l'objectif", req=True),
            column("libelle_objectif", "texte", "objectif, en peu de mots", req=True),
            column("code_orientation", "code", "orientation du contrat (contrat.yml)", req=True),
            column("code_objectif_parent", "code", "objectif qui le contient ; vide : l'orientation elle-même"),
            column("theme", "code", "thème", voc=THEMES),
            column("est_fictif", "booleen", "objectif inventé pour la démonstration", req=True),
        ),
    ),
    Table(
        "indicateurs_suggeres",
        "un indicateur de résultat proposé pour les actions d'un thème",
        ("theme", "libelle_indicateur"),
        (
            column("theme", "code", "thème", voc=THEMES, req=True),
            column("libelle_indicateur", "texte", "indicateur proposé", req=True),
            column("unite", "code", "unité", voc=RESULT_UNITS, req=True),
            column("recueil", "texte", "comment le recueillir", req=True),
        ),
    ),
    Table(
        "resultats_actions",
        "un résultat attendu d'une action, et ce qui en est atteint",
        ("code_action", "libelle_indicateur"),
        (
            column("code_action", "code", "action", req=True),
            column("libelle_indicateur", "texte", "indicateur de résultat de l'action", req=True),
            column("unite", "code", "unité de l'indicateur", voc=RESULT_UNITS),
            column("sens", "code", "évolution attendue ; vide : hausse", voc=DIRECTIONS),
            column("valeur_depart", "decimal", "valeur avant l'action ; jamais donnée quand elle compte des personnes"),
            column("est_depart_connu", "booleen", "la valeur avant l'action est-elle connue ? calculé"),
            column("valeur_cible", "decimal", "valeur à atteindre"),
            column("valeur_atteinte", "decimal", "valeur atteinte ; jamais donnée quand elle compte des personnes"),
            column(
                "est_atteint",
                "booleen",
                "la cible est-elle atteinte ? calculé ; vide : cible ou valeur inconnue, cible sous le seuil du secret",
            ),
        ),
    ),
    Table(
        "suivis_renforces",
        "une ligne contexte, mécanisme, résultat d'une action suivie de près avec les financeurs",
        ("code_action", "rang"),
        (
            column("code_action", "code", "action suivie", req=True),
            column("rang", "entier", "rang de la ligne pour cette action", req=True),
            column("choisi_par", "texte", "instance qui a choisi l'action", req=True),
            column("date_choix", "date", "date de ce choix"),
            column("contexte", "texte", "dans quelles conditions, pour qui", req=True),
            column("mecanisme", "texte", "ce qui est censé produire le changement", req=True),
            column("resultat", "texte", "ce qui est observé ; vide : pas encore observé"),
            column("force_preuve", "entier", "1 signalement, 2 description, 3 comparaison, 4 contribution examinée"),
            column("preuve", "texte", "d'où vient ce qui est observé"),
        ),
    ),
    Table(
        "mesures_suivis",
        "une mesure d'un indicateur propre à une action suivie de près",
        ("code_action", "libelle_indicateur", "date_mesure"),
        (
            column("code_action", "code", "action suivie", req=True),
            column("libelle_indicateur", "texte", "indicateur propre à l'action", req=True),
            column("date_mesure", "date", "date de la mesure", req=True),
            column("unite", "code", "unité de l'indicateur", voc=RESULT_UNITS, req=True),
            column("valeur", "decimal", "valeur mesurée ; jamais donnée quand elle compte des personnes"),
            column("valeur_cible", "decimal", "valeur à atteindre"),
        ),
    ),
    Table(
        "chiffres_editions",
        "un chiffre clé d'une année, tel qu'une édition antérieure du suivi l'a publié",
        ("edition", "annee", "chiffre"),
        (
            column("edition", "code", "année du rapport qui a publié le chiffre", req=True),
            column("annee", "entier", "année de programmation dont il parle", req=True),
            column("chiffre", "code", "chiffre clé", req=True),
            column("valeur", "decimal", "valeur publiée ; vide : non calculable alors"),
            column("empreinte_donnees", "code", "empreinte des fichiers lus pour cette année"),
            column("empreinte_corrections", "code", "empreinte des corrections de ces fichiers"),
            column("empreinte_methode", "code", "empreinte des définitions du suivi"),
        ),
    ),
)
