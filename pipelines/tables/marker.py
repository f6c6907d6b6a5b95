"""The gender marker: answers to the contract's tree by one instructor alone, settled together, or kept of an action."""

from pipelines.tables.model import Table, column
from pipelines.tables.vocabulary import ANSWER_ORIGINS, NATIONAL_MARKERS

MARKER_QUESTIONS = (
    column("public_mixte", "booleen", "le projet vise-t-il un public mixte ?"),
    column(
        "objectif_principal_egalite",
        "booleen",
        "l'égalité femmes-hommes est-elle l'objectif principal ?",
    ),
    column("diagnostic_sexue", "booleen", "contient-il des éléments de diagnostic sexués ?"),
    column(
        "participation_equilibree",
        "booleen",
        "prévoit-il une participation équilibrée des femmes et des hommes ?",
    ),
    column(
        "indicateurs_sexues",
        "booleen",
        "prévoit-il des indicateurs d'évaluation sexués ?",
    ),
    column(
        "public_non_mixte_coherent",
        "booleen",
        "le public non mixte est-il cohérent avec les objectifs ?",
    ),
    column(
        "motif_non_mixite",
        "texte",
        "motif écrit, exigé pour un public non mixte jugé cohérent",
    ),
)

# A rater is known by a code of the team's own, letters then digits: whatever else is typed there may be a name.
RATER_CODE = r"^[A-Z]{1,4}[0-9]{1,4}$"

# Markers that a source states: kept beside the answers, never in their place.
STATED_MARKERS = (
    column(
        "marqueur_saisi",
        "entier",
        "marqueur 0, 1 ou 2 tapé à la main dans la source ; seulement comparé au marqueur calculé",
    ),
    column(
        "marqueur_national",
        "code",
        "marqueur de l'échelle nationale (BIE), si la source l'écrit ; jamais déduit",
        voc=NATIONAL_MARKERS,
    ),
)

MARKER_TABLES = (
    Table(
        "reponses_marqueur",
        "les réponses à l'arbre du marqueur égalité retenues pour une action (depuis 2019)",
        ("code_action",),
        (
            column("code_action", "code", "action", req=True),
            *MARKER_QUESTIONS,
            *STATED_MARKERS,
            column("referentiel", "code", "référentiel des réponses : celui de l'arbre du contrat ; vide : sans arbre"),
            column(
                "origine_reponses",
                "code",
                "d'où viennent les réponses ; vide : aucune réponse, seulement un marqueur écrit par la source",
                voc=ANSWER_ORIGINS,
            ),
        ),
    ),
    Table(
        "notations_marqueur",
        "une notation d'une action par un·e instructeur·rice",
        ("code_action", "code_instructeur", "tour"),
        (
            column("code_action", "code", "action", req=True),
            column(
                "code_instructeur",
                "code",
                "code choisi par l'équipe, lettres puis chiffres (I1) ; jamais un nom",
                req=True,
            ),
            column("tour", "entier", "1 : première notation, faite seul·e ; un tour suivant la remplace", req=True),
            column("date_notation", "date", "date de la notation"),
            *MARKER_QUESTIONS,
        ),
        may_be_empty=True,
    ),
    Table(
        "consensus_marqueur",
        "les réponses retenues ensemble pour une action, avec leur raison",
        ("code_action",),
        (
            column("code_action", "code", "action", req=True),
            column("date_consensus", "date", "date de la réunion"),
            *MARKER_QUESTIONS,
            column("motif_consensus", "texte", "raison des réponses retenues", req=True),
        ),
        may_be_empty=True,
    ),
)
