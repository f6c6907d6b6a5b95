"""What an evaluation rests on: its questions, their matrix, what was heard, what is judged, what is recommended."""

from pipelines.tables.model import Table, column

# The six criteria of evaluation of the OECD, and two that French practice adds.
CRITERION_LABELS = {
    "pertinence": "Pertinence", "coherence": "Cohérence", "efficacite": "Efficacité", "efficience": "Efficience",
    "impact": "Impact", "durabilite": "Durabilité", "valeur_ajoutee": "Valeur ajoutée du contrat",
    "participation": "Participation",
}  # fmt: skip
QUESTION_ORIGIN_LABELS = {
    "contrat": "Le contrat et sa mission d'évaluation", "conseils_citoyens": "Mise en place des conseils citoyens",
    "abattement_tfpb": "Abattement de taxe foncière", "pratiques_locales": "Pratiques et manières de faire locales",
    "autre": "Autre",
}  # fmt: skip
MATERIAL_LABELS = {"entretien": "Entretien", "atelier": "Atelier", "observation": "Observation"}
STANCE_LABELS = {"pour": "Pour", "contre": "Contre", "nuance": "Nuance"}
# Figures of an evaluation report that a line of the matrix may name as its evidence.
LINKED_FIGURE_LABELS = {
    "ecart_quartiers": "Écart des quartiers à l'agglomération", "liens_examines": "Liens examinés",
    "evaluabilite": "Actions évaluables", "resultats_atteints": "Résultats atteints",
    "objectifs": "Objectifs servis", "consultations": "Rencontres avant la décision",
    "suites_enonces": "Suites données aux énoncés", "conventions_tfpb": "Conventions d'abattement",
    "delais": "Délais de versement", "engagements_etat": "Engagements de l'État", "veille_active": "Veille active",
}  # fmt: skip
RECOMMENDATION_LABELS = {
    "proposee": "Proposée", "adoptee": "Adoptée", "engagee": "Engagée", "realisee": "Réalisée", "ecartee": "Écartée",
}  # fmt: skip
_PERIOD = column("annee_fin", "entier", "dernière année de la période évaluée", req=True)

EVALUATION_TABLES = (
    Table(
        "questions_evaluatives",
        "une question à laquelle l'évaluation doit répondre",
        ("code_question",),
        (
            column("code_question", "code", "identifiant de la question", req=True),
            column("libelle_question", "texte", "question, en peu de mots", req=True),
            column("critere_evaluation", "code", "critère d'évaluation", voc=tuple(CRITERION_LABELS), req=True),
            column("origine_question", "code", "de quoi elle est née", voc=tuple(QUESTION_ORIGIN_LABELS), req=True),
            column("reference", "texte", "où elle est écrite"),
            column("est_incertain", "booleen", "formulation reconstruite ou proposée", req=True),
            column("note", "texte", "réserve"),
        ),
        may_be_empty=True,
    ),
    Table(
        "matrice_evaluation",
        "un critère de jugement d'une question évaluative, et ce qui permet de l'apprécier",
        ("code_question", "rang"),
        (
            column("code_question", "code", "question évaluative", req=True),
            column("rang", "entier", "rang du critère dans la question", req=True),
            column("critere_jugement", "texte", "ce qui doit être vrai pour répondre oui", req=True),
            column("code_indicateur", "code", "indicateur de la table des indicateurs, s'il y est"),
            column("libelle_indicateur", "texte", "indicateur, en peu de mots", req=True),
            column("source_prevue", "texte", "où le trouver", req=True),
            column("methode", "texte", "comment l'apprécier", req=True),
            column(
                "chiffre_lie",
                "code",
                "chiffre du rapport d'évaluation qui l'éclaire",
                voc=tuple(LINKED_FIGURE_LABELS),
            ),
            column("seuil", "texte", "à partir de quoi le critère est rempli ; vide : à fixer en instance"),
            column("est_propose", "booleen", "ligne proposée avec l'outil, à valider en instance", req=True),
        ),
        may_be_empty=True,
    ),
    Table(
        "materiau_qualitatif",
        "un extrait d'entretien, d'atelier ou d'observation, rendu anonyme",
        ("code_materiau",),
        (
            column("code_materiau", "code", "identifiant de l'extrait", req=True),
            column("type_materiau", "code", "comment il a été recueilli", voc=tuple(MATERIAL_LABELS), req=True),
            column("date_recueil", "date", "date du recueil", req=True),
            column("role", "texte", "rôle de qui parle ou est observé, jamais son nom", req=True),
            column("code_question", "code", "question évaluative qu'il éclaire", req=True),
            _PERIOD,
            column("code_modele", "code", "modèle logique dont il éclaire un lien"),
            column("code_source", "code", "nœud de départ de ce lien"),
            column("code_cible", "code", "nœud d'arrivée de ce lien"),
            column("sens_preuve", "code", "va-t-il dans le sens du critère ?", voc=tuple(STANCE_LABELS), req=True),
            column("extrait", "texte", "ce qui est dit ou vu, sans nom de personne", req=True),
        ),
        may_be_empty=True,
    ),
    Table(
        "jugements",
        "la réponse que les évaluateurs donnent à une question pour une période",
        ("code_question", "annee_fin"),
        (
            column("code_question", "code", "question évaluative", req=True),
            _PERIOD,
            column("jugement", "texte", "réponse à la question", req=True),
            column(
                "force_preuve",
                "entier",
                "1 signalement, 2 description, 3 comparaison, 4 contribution examinée",
                req=True,
            ),
            column("limites", "texte", "ce que la réponse ne dit pas", req=True),
            column("auteur", "texte", "rôle de qui juge", req=True),
            column("date_jugement", "date", "date du jugement", req=True),
        ),
        may_be_empty=True,
    ),
    Table(
        "recommandations",
        "une recommandation d'une évaluation",
        ("code_recommandation",),
        (
            column("code_recommandation", "code", "identifiant de la recommandation", req=True),
            column("code_question", "code", "question évaluative dont elle découle", req=True),
            _PERIOD,
            column("constat", "texte", "ce qui la fonde", req=True),
            column("libelle_recommandation", "texte", "ce qui est recommandé", req=True),
            column("destinataire", "texte", "à qui elle s'adresse", req=True),
            column("horizon", "texte", "pour quand, tel qu'écrit", req=True),
            column("statut", "code", "ce qu'elle est devenue", voc=tuple(RECOMMENDATION_LABELS), req=True),
        ),
        may_be_empty=True,
    ),
)
