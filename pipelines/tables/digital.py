"""What a survey of digital inclusion asks of structures, and what the protocol says of its own."""

from pipelines.tables.model import Table, column
from pipelines.tables.vocabulary import (
    DIGITAL_AUDIENCES,
    DIGITAL_PLACES,
    DIGITAL_SERVICES,
    PRECISIONS,
    SIGHTS,
    WISHES,
)

DIGITAL_TABLES = (
    Table(
        "structures_numeriques",
        "une structure interrogée une année sur l'inclusion numérique, qu'elle ait répondu ou non",
        ("annee", "code_structure"),
        (
            column("annee", "entier", "année de l'enquête", req=True),
            column("code_structure", "code", "identifiant de la structure dans l'enquête", req=True),
            column("nom_structure", "texte", "structure", req=True),
            column("type_structure", "code", "nature de la structure", voc=DIGITAL_PLACES, req=True),
            column(
                "code_territoire",
                "code",
                "commune ou quartier où elle se tient ; vide : non dit",
                form="territoire",
            ),
            column("est_repondante", "booleen", "a-t-elle répondu ?", req=True),
            column("nb_postes", "entier", "ordinateurs et tablettes ouverts au public ; 0 : aucun"),
            column("jours_semaine", "decimal", "jours d'accueil numérique par semaine", unit="jours"),
            column("heures_semaine", "decimal", "heures d'accueil numérique par semaine", unit="heures"),
            column("est_acces_libre", "booleen", "peut-on venir sans inscription ni adhésion ?"),
            column("visibilite_autres", "code", "voit-elle ce que proposent les autres acteurs ?", voc=SIGHTS),
            column("veut_plus_de_visibilite", "code", "voudrait-elle mieux le voir ?", voc=WISHES),
            column("note", "texte", "réserve"),
        ),
    ),
    Table(
        "offres_numeriques",
        "un service numérique qu'une structure dit proposer",
        ("annee", "code_structure", "type_offre"),
        (
            column("annee", "entier", "année de l'enquête", req=True),
            column("code_structure", "code", "structure", req=True),
            column("type_offre", "code", "service proposé", voc=DIGITAL_SERVICES, req=True),
            column("public_vise", "code", "public auquel il s'adresse", voc=DIGITAL_AUDIENCES),
            column(
                "code_territoire",
                "code",
                "commune ou quartier où il est proposé, s'il ne l'est pas dans la structure",
                form="territoire",
            ),
            column("jours", "texte", "jours de la semaine, séparés par « | »"),
        ),
    ),
    Table(
        "leviers_numeriques",
        "le rang qu'une structure donne à un levier d'action",
        ("annee", "code_structure", "libelle_levier"),
        (
            column("annee", "entier", "année de l'enquête", req=True),
            column("code_structure", "code", "structure", req=True),
            column("libelle_levier", "texte", "levier proposé au classement", req=True),
            column("rang", "entier", "1 : à actionner en premier ; des ex aequo sont permis ; vide : non classé"),
        ),
    ),
    Table(
        "faits_numeriques",
        "un fait que le protocole écrit sur l'inclusion numérique",
        ("code_fait",),
        (
            column("code_fait", "code", "identifiant", req=True),
            column("libelle_fait", "texte", "fait, en peu de mots", req=True),
            column("valeur", "decimal", "nombre écrit ; vide : aucun, ou perdu"),
            column("valeur_ecrite", "texte", "nombre ou date, tels qu'écrits"),
            column("unite", "texte", "unité"),
            column("date_fait", "date", "jour de l'événement"),
            column(
                "precision_valeur",
                "code",
                "le nombre est-il écrit, approché, ou perdu ? vide : le fait n'en a pas",
                voc=PRECISIONS,
            ),
            column("lignes_source", "texte", "lignes de l'extrait du protocole"),
            column("est_incertain", "booleen", "texte ou valeur que la lecture a abîmés", req=True),
            column("note", "texte", "réserve"),
        ),
    ),
)
