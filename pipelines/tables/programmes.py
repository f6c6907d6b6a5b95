"""Yearly programmes: the wide intake table, and the certified tables that it is split into."""

from pipelines.tables.marker import MARKER_QUESTIONS, STATED_MARKERS
from pipelines.tables.model import Table, column
from pipelines.tables.vocabulary import (
    CUTS,
    DIMENSIONS,
    DIRECTIONS,
    FUNDERS,
    HOLDER_KINDS,
    MOMENTS,
    RESULT_UNITS,
    STATUSES,
)

ACTION_COLUMNS = (
    column("code_action", "code", "numéro de dossier de l'action", req=True),
    column("annee", "entier", "année de programmation", req=True),
    column("intitule", "texte", "intitulé de l'action"),
    column("nom_porteur", "texte", "nom du porteur de projet"),
    column("code_siret", "code", "SIRET du porteur, 14 chiffres", form="siret"),
    column("code_rna", "code", "numéro RNA d'une association : W et neuf caractères", form="rna"),
    column("nature_porteur", "code", "nature juridique du porteur", voc=HOLDER_KINDS),
    column("code_orientation", "code", "orientation du contrat (contrat.yml)"),
    column("statut", "code", "état du dossier", voc=STATUSES),
    column("est_reconduction", "booleen", "action déjà financée l'année précédente"),
    column("est_pluriannuelle", "booleen", "financement prévu sur plusieurs années"),
    column("date_debut", "date", "début de l'action"),
    column("date_fin", "date", "fin de l'action"),
    column("date_decision", "date", "décision du comité des financeurs"),
    column("date_versement", "date", "premier versement, tous financeurs"),
    column("date_bilan", "date", "réception du bilan (compte rendu financier)"),
    column("code_objectif", "code", "objectif de l'arborescence du contrat que l'action sert"),
    column("objectif_action", "texte", "objectif de l'action, tel que le porteur l'écrit"),
    column("montant_cout_total", "euros", "coût total prévu de l'action"),
    column(
        "est_egalite_declaree",
        "booleen",
        "avant 2019 : le porteur dit prendre en compte l'égalité ; ce n'est pas un marqueur",
    ),
)

# What an export says of the one result that it follows; a file of its own may follow several (resultats_actions).
RESULT_CELLS = (
    column("resultat_indicateur", "texte", "indicateur du résultat attendu"),
    column("resultat_unite", "code", "unité de cet indicateur", voc=RESULT_UNITS),
    column("resultat_sens", "code", "évolution attendue ; vide : hausse", voc=DIRECTIONS),
    column("resultat_depart", "decimal", "sa valeur avant l'action"),
    column("resultat_cible", "decimal", "valeur à atteindre"),
    column("resultat_atteint", "decimal", "valeur atteinte"),
)

# Of each intake table, the columns that hold what was granted: their euros are balanced as rows are.
GRANTED_COLUMNS = {
    "programmes": tuple(f"accorde_{funder}" for funder in FUNDERS),
    "subventions": ("montant_accorde",),
}

PROGRAMME_TABLES = (
    Table(
        "actions",
        "une action demandée ou financée, une année",
        ("code_action",),
        (
            *ACTION_COLUMNS,
            column(
                "est_fictif",
                "booleen",
                "action inventée pour la démonstration",
                req=True,
            ),
        ),
    ),
    Table(
        "actions_territoires",
        "un territoire touché par une action",
        ("code_action", "code_territoire"),
        (
            column("code_action", "code", "action", req=True),
            column("code_territoire", "code", "territoire", req=True, form="territoire"),
            column(
                "part_territoire",
                "pourcent",
                "part de l'action dans ce territoire ; vide : non répartie",
            ),
        ),
    ),
    Table(
        "financements",
        "un financeur sollicité par une action",
        ("code_action", "code_financeur"),
        (
            column("code_action", "code", "action", req=True),
            column("code_financeur", "code", "financeur", voc=FUNDERS, req=True),
            column("montant_demande", "euros", "montant demandé"),
            column("montant_accorde", "euros", "montant accordé par le comité"),
            column("montant_verse", "euros", "montant versé à la date d'arrêt"),
        ),
    ),
    Table(
        "beneficiaires",
        "un effectif de bénéficiaires d'une action, prévu ou réalisé, pour une modalité",
        ("code_action", "moment", "dimension", "modalite"),
        (
            column("code_action", "code", "action", req=True),
            column(
                "moment",
                "code",
                "prévu au dépôt, ou réalisé au bilan",
                voc=MOMENTS,
                req=True,
            ),
            column("dimension", "code", "ventilation", voc=tuple(DIMENSIONS), req=True),
            column(
                "modalite",
                "code",
                "sexe, tranche d'âge ou lieu de résidence ; nr : non renseigné",
                req=True,
            ),
            column(
                "nb_personnes",
                "entier",
                "personnes touchées par cette action ; une même personne peut l'être par plusieurs",
            ),
        ),
    ),
    Table(
        "effectifs_publies",
        "un effectif de personnes touchées, tel qu'il peut être publié",
        ("annee", "coupe", "code", "dimension", "modalite"),
        (
            column("annee", "entier", "année de programmation", req=True),
            column("coupe", "code", "découpage des actions", voc=("ensemble", *CUTS), req=True),
            column("code", "code", "classe du découpage ; ensemble, plusieurs, ou nr", req=True),
            column("dimension", "code", "ventilation", voc=tuple(DIMENSIONS), req=True),
            column("modalite", "code", "sexe, tranche d'âge ou lieu de résidence ; ensemble ; nr", req=True),
            column("nb_personnes", "entier", "personnes touchées, par les actions qui donnent le prévu et le réalisé"),
            column("nb_actions", "entier", "actions additionnées", req=True),
            column(
                "statut",
                "code",
                "publié ; secret : petit effectif ; ou caché pour qu'une soustraction ne rende pas un petit effectif",
                voc=("publie", "secret", "secret_par_soustraction"),
                req=True,
            ),
        ),
        may_be_empty=True,
    ),
    Table(
        "programmes",
        "une ligne d'export annuel, avant éclatement en actions, financements et bénéficiaires",
        ("code_action",),
        (
            *ACTION_COLUMNS,
            column("code_projet", "code", "projet déposé, qui peut porter plusieurs actions"),
            column("code_ej", "code", "engagement juridique de l'État (Chorus)"),
            column(
                "territoires",
                "texte",
                "codes ou noms de territoires, séparés par « | »",
            ),
            column(
                "parts_territoires",
                "texte",
                "parts en %, dans le même ordre, séparées par « | » ; vide : non réparti",
            ),
            *(
                column(
                    f"{stage}_{funder}",
                    "euros",
                    f"montant {label}, financeur « {funder} »",
                )
                for funder in FUNDERS
                for stage, label in (
                    ("demande", "demandé"),
                    ("accorde", "accordé"),
                    ("verse", "versé"),
                )
            ),
            *(
                column(
                    f"benef_{moment}_{dimension}_{modality}",
                    "entier",
                    f"bénéficiaires, {moment}, {dimension} : {modality}",
                )
                for moment in MOMENTS
                for dimension, modalities in DIMENSIONS.items()
                for modality in modalities
            ),
            *MARKER_QUESTIONS,
            *STATED_MARKERS,
            *RESULT_CELLS,
        ),
        certified=False,
    ),
    Table(
        "subventions",
        "une ligne d'un registre de subventions accordées, avant éclatement en actions et financements",
        ("code_action",),
        (
            column("code_action", "code", "référence de la décision, sinon source et ligne", req=True),
            column("annee", "entier", "année de la convention", req=True),
            column("date_convention", "date", "date de la convention ; une année seule y est admise"),
            column("reference", "code", "référence de la décision"),
            column("nom_attribuant", "texte", "organisme qui accorde"),
            column("code_siret_attribuant", "code", "SIRET de l'organisme qui accorde", form="siret"),
            column("nom_porteur", "texte", "bénéficiaire"),
            column("code_siret", "code", "SIRET du bénéficiaire, 14 chiffres", form="siret"),
            column("code_siren", "code", "SIREN du bénéficiaire, 9 chiffres"),
            column("code_rna", "code", "numéro RNA du bénéficiaire", form="rna"),
            column("nature_porteur", "code", "nature juridique du bénéficiaire", voc=HOLDER_KINDS),
            column("intitule", "texte", "objet de la subvention"),
            column("montant_accorde", "euros", "montant accordé"),
            column("code_financeur", "code", "financeur", voc=FUNDERS, req=True),
            column("code_orientation", "code", "orientation du contrat (contrat.yml)"),
            column("nature_aide", "texte", "aide en numéraire ou en nature"),
            column("dispositif", "texte", "dispositif, programme ou imputation"),
            column("conditions_versement", "texte", "unique, échelonné, autre"),
            column("periode_versement", "texte", "date ou période de versement, telle qu'écrite"),
            column("code_rae", "code", "numéro au répertoire des aides d'État"),
            column("est_notifiee_ue", "booleen", "aide notifiée à la Commission européenne"),
            column("part_subvention", "pourcent", "part de cette subvention dans le total reçu"),
        ),
        certified=False,
        evidence=("code_siret", "code_siren", "code_rna", "date_convention", "annee", "reference", "intitule"),
    ),
)
