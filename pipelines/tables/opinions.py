"""What the annual report of the decree needs beside the programme: opinions, deliberation, actions of others."""

from pipelines.tables.model import Table, column

BODY_LABELS = {"conseil_municipal": "Conseil municipal", "conseil_citoyen": "Conseil citoyen"}
OPINION_LABELS = {
    "favorable": "Favorable", "favorable_avec_reserves": "Favorable avec réserves", "defavorable": "Défavorable",
    "sans_avis": "Ne se prononce pas",
}  # fmt: skip
# Only the first approves the report.
ASSEMBLY_LABELS = {"conseil_communautaire": "Conseil communautaire", "conseil_municipal": "Conseil municipal"}

OPINION_TABLES = (
    Table(
        "avis_rapport",
        "l'avis demandé à un conseil municipal ou à un conseil citoyen sur le rapport d'une année",
        ("annee", "code_organe"),
        (
            column("annee", "entier", "année du rapport", req=True),
            column("code_organe", "code", "identifiant du conseil, le même chaque année", req=True),
            column("nom_organe", "texte", "conseil consulté", req=True),
            column("type_organe", "code", "nature du conseil", voc=tuple(BODY_LABELS), req=True),
            column("code_territoire", "code", "commune du conseil", req=True, form="territoire"),
            column("date_envoi", "date", "jour où le projet de rapport lui est envoyé", req=True),
            column("date_limite_avis", "date", "dernier jour pour répondre, un mois après l'envoi au moins", req=True),
            column("date_reception", "date", "jour où l'avis est reçu ; vide : aucun avis reçu"),
            column("sens_avis", "code", "sens de l'avis ; vide : aucun avis reçu", voc=tuple(OPINION_LABELS)),
            column("texte", "texte", "texte de l'avis, tel qu'il est annexé"),
            column("suite_donnee", "texte", "suite que l'agglomération donne à cet avis"),
        ),
        may_be_empty=True,
    ),
    Table(
        "deliberations",
        "une délibération sur le rapport d'une année",
        ("annee", "organe", "numero"),
        (
            column("annee", "entier", "année du rapport", req=True),
            column("numero", "code", "numéro de la délibération", req=True),
            column("date_deliberation", "date", "jour de la délibération", req=True),
            column("organe", "code", "assemblée qui délibère", voc=tuple(ASSEMBLY_LABELS), req=True),
            column("est_approuve", "booleen", "le rapport est-il approuvé ?", req=True),
            column("suite_observations", "texte", "suite qu'elle donne aux observations des conseils"),
        ),
        may_be_empty=True,
    ),
    Table(
        "actions_dsu",
        "une action de développement social urbain d'une commune qui reçoit la dotation de solidarité urbaine (DSU)",
        ("annee", "code_territoire", "libelle_action"),
        (
            column("annee", "entier", "année du rapport", req=True),
            column("code_territoire", "code", "commune", req=True, form="territoire"),
            column("libelle_action", "texte", "action, en peu de mots", req=True),
            column("montant", "euros", "montant payé sur la dotation ; vide : non dit"),
        ),
        may_be_empty=True,
    ),
    Table(
        "actions_signataires",
        "une action de l'année menée par un autre signataire du contrat",
        ("annee", "nom_signataire", "libelle_action"),
        (
            column("annee", "entier", "année du rapport", req=True),
            column("nom_signataire", "texte", "signataire", req=True),
            column("libelle_action", "texte", "action, en peu de mots", req=True),
            column("montant", "euros", "montant ; vide : non dit"),
        ),
        may_be_empty=True,
    ),
)
