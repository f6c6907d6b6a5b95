"""Territories, indicators and their observations."""

from pipelines.tables.model import Table, column
from pipelines.tables.vocabulary import GEOGRAPHIES, OBSERVATION_STATUSES, TERRITORY_KINDS

TERRITORY_TABLES = (
    Table(
        "territoires",
        "un territoire dans une géographie",
        ("code_territoire",),
        (
            column(
                "code_territoire",
                "code",
                "code officiel ; QVA : code fictif",
                req=True,
                form="territoire",
            ),
            column("type_territoire", "code", "échelle", voc=TERRITORY_KINDS, req=True),
            column("nom_territoire", "texte", "nom publié", req=True),
            column(
                "geographie",
                "code",
                "version du découpage",
                voc=GEOGRAPHIES,
                req=True,
            ),
            column(
                "secteur",
                "code",
                "secteur d'animation territoriale",
                voc=("nord", "sud"),
            ),
            column(
                "statut_politique_ville",
                "code",
                "pour une commune",
                voc=("qpv", "qva_candidat", "inconnu", "hors"),
            ),
            column(
                "est_fictif",
                "booleen",
                "territoire inventé pour la démonstration",
                req=True,
            ),
            column(
                "est_incertain",
                "booleen",
                "au moins un champ reconstruit ou à vérifier",
                req=True,
            ),
            column("note", "texte", "réserve à publier avec le territoire"),
        ),
    ),
    Table(
        "alias_territoires",
        "une graphie rencontrée pour un territoire",
        ("alias",),
        (
            column("alias", "texte", "graphie, telle que lue", req=True),
            column("code_territoire", "code", "territoire désigné", req=True, form="territoire"),
            column("origine", "texte", "où la graphie a été lue"),
        ),
    ),
    Table(
        "appartenances",
        "un lien d'inclusion, entière ou partielle",
        ("code_territoire", "code_parent"),
        (
            column("code_territoire", "code", "territoire contenu", req=True, form="territoire"),
            column("code_parent", "code", "territoire contenant", req=True, form="territoire"),
            column(
                "type_parent",
                "code",
                "échelle du contenant",
                voc=TERRITORY_KINDS,
                req=True,
            ),
            column(
                "nom_parent",
                "texte",
                "nom du contenant, même hors de l'agglomération",
                req=True,
            ),
            column(
                "est_dans_agglomeration",
                "booleen",
                "le contenant est-il dans l'agglomération du contrat ?",
                req=True,
            ),
            column(
                "part_population",
                "pourcent",
                "part de la population du territoire dans ce contenant ; vide : inconnue",
            ),
        ),
    ),
    Table(
        "indicateurs",
        "une définition d'indicateur",
        ("code_indicateur",),
        (
            column("code_indicateur", "code", "identifiant", req=True),
            column("libelle_indicateur", "texte", "libellé publié", req=True),
            column(
                "type_indicateur",
                "code",
                "usage",
                voc=("contexte", "suivi", "impact"),
                req=True,
            ),
            column(
                "unite",
                "code",
                "unité de la valeur",
                voc=("%", "€", "nombre", "indice"),
                req=True,
            ),
            column(
                "sens",
                "code",
                "lecture d'une hausse",
                voc=("haut_mieux", "bas_mieux", "neutre"),
                req=True,
            ),
            column(
                "est_additif",
                "booleen",
                "les valeurs s'additionnent-elles entre territoires ?",
                req=True,
            ),
            column(
                "compte",
                "code",
                "ce qu'une valeur compte, si le secret statistique s'y applique",
                voc=("personnes", "menages_fiscaux"),
            ),
            column(
                "ecart_min_annees",
                "entier",
                "écart minimal entre deux millésimes comparés",
                unit="années",
            ),
            column("definition", "texte", "numérateur, dénominateur, champ", req=True),
            column(
                "famille_source",
                "code",
                "dispositif statistique (RP, Filosofi, DEFM, CAF...)",
                req=True,
            ),
        ),
    ),
    Table(
        "observations",
        "une valeur d'indicateur pour un territoire et un millésime, selon une source",
        ("code_indicateur", "code_territoire", "millesime", "id_source"),
        (
            column("code_indicateur", "code", "indicateur", req=True),
            column("code_territoire", "code", "territoire", req=True, form="territoire"),
            column(
                "millesime",
                "code",
                "année de référence, ou « non précisé »",
                req=True,
            ),
            column("valeur", "decimal", "valeur ; vide si elle manque"),
            column(
                "statut",
                "code",
                "ok, ou raison du manque",
                voc=OBSERVATION_STATUSES,
                req=True,
            ),
            column("texte_brut", "texte", "texte lu dans le fichier"),
            column("note", "texte", "réserve à publier avec la valeur"),
        ),
    ),
    Table(
        "releves",
        "un territoire d'un fichier large, un indicateur par colonne, avant éclatement en observations",
        ("code_territoire", "id_source"),
        (
            column("code_territoire", "code", "territoire", req=True, form="territoire"),
            column("nom_territoire", "texte", "nom publié"),
            column("note", "texte", "réserve à publier avec chaque valeur"),
        ),
        certified=False,
    ),
    Table(
        "chiffres_cadre",
        "un chiffre de cadrage écrit dans le protocole",
        ("code_chiffre",),
        (
            column("code_chiffre", "code", "identifiant", req=True),
            column("libelle_chiffre", "texte", "ce que le chiffre désigne", req=True),
            column("valeur", "decimal", "valeur écrite ou recalculée"),
            column("unite", "texte", "unité"),
            column("millesime", "texte", "millésime écrit, sinon vide"),
            column(
                "est_incertain",
                "booleen",
                "chiffre à vérifier avant usage",
                req=True,
            ),
            column("note", "texte", "réserve"),
        ),
    ),
)
