"""The eight yearly files: three hand-made workbooks, then five exports, whose headers and words change every year."""

from pipelines.demo.layouts import COMMENT, NOTICE, NUMBER, STATES, TOTAL_PLANNED, TOTAL_REACHED, Layout
from pipelines.tables import DIMENSIONS, FUNDERS, MOMENTS

_OLD_STATES = STATES | {"finance": "Accepté", "refuse": "Rejeté", "ineligible": "Non recevable", "retire": "Abandonné"}
_O_LABELS = (
    "Développement économique et emploi", "Éducation et jeunesse", "Santé", "Cadre de vie et habitat",
    "Lien social et culture", "Droits et numérique",
)  # fmt: skip
_FUNDER_LABELS = {
    "etat": "État", "agglomeration": "Agglomération", "commune": "Communes", "region": "Région",
    "departement": "Département", "caf": "CAF",
}  # fmt: skip
_PEOPLE_LABELS = {
    ("sexe", "femmes"): "femmes", ("sexe", "hommes"): "hommes", ("sexe", "nr"): "sexe non renseigné",
    ("age", "0_5"): "0-5 ans", ("age", "6_11"): "6-11 ans", ("age", "12_17"): "12-17 ans",
    ("age", "18_25"): "18-25 ans", ("age", "26_59"): "26-59 ans", ("age", "60_plus"): "60 ans et plus",
    ("age", "nr"): "âge non renseigné", ("residence", "qpv"): "habitant en QPV",
    ("residence", "qva"): "habitant en QVA", ("residence", "hors"): "habitant ailleurs",
    ("residence", "nr"): "résidence non renseignée",
}  # fmt: skip
_QUESTION_LABELS = {
    "public_mixte": "Public mixte", "objectif_principal_egalite": "Égalité F-H objectif principal",
    "diagnostic_sexue": "Diagnostic sexué", "participation_equilibree": "Participation équilibrée",
    "indicateurs_sexues": "Indicateurs sexués", "public_non_mixte_coherent": "Non-mixité cohérente",
    "motif_non_mixite": "Motif de la non-mixité",
}  # fmt: skip


def _orientations(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.format(i=i, label=label) for i, label in enumerate(_O_LABELS, start=1))


def _money(**patterns: str) -> dict[str, str]:
    """Labels of the funding columns, funder by funder, from one pattern a stage."""
    return {
        f"{stage}_{funder}": pattern.format(_FUNDER_LABELS[funder])
        for funder in FUNDERS
        for stage, pattern in patterns.items()
    }


def _people(prevu: str, realise: str) -> dict[str, str]:
    """Labels of every beneficiary column of an export."""
    patterns = dict(zip(MOMENTS, (prevu, realise), strict=True))
    return {
        f"benef_{moment}_{dimension}_{modality}": pattern.format(_PEOPLE_LABELS[dimension, modality])
        for moment, pattern in patterns.items()
        for dimension, modalities in DIMENSIONS.items()
        for modality in modalities
    }


def _export_headers(
    identity: dict[str, str], money: dict[str, str], people: dict[str, str], *, marker: bool
) -> dict[str, str]:
    """Headers of an export: every column that the year knows, its questions on equality, two columns nobody reads."""
    base = {
        "code_action": "N° dossier",
        "annee": "Année",
        "intitule": "Intitulé de l'action",
        "nom_porteur": "Porteur",
        "code_siret": "SIRET",
        "nature_porteur": "Nature juridique",
        "code_orientation": "Orientation",
        "statut": "Statut",
        "est_reconduction": "Reconduction",
        "est_pluriannuelle": "Pluriannuel",
        "date_debut": "Date de début",
        "date_fin": "Date de fin",
        "territoires": "Territoires",
        "parts_territoires": "Répartition (%)",
        "montant_cout_total": "Coût total",
        "code_objectif": "Objectif opérationnel",
        "date_decision": "Date de décision",
        "date_versement": "Premier versement",
        "date_bilan": "Bilan reçu le",
        "objectif_action": "Objectif de l'action",
        "resultat_indicateur": "Indicateur de résultat",
        "resultat_unite": "Unité",
        "resultat_sens": "Évolution attendue",
        "resultat_depart": "Valeur de départ",
        "resultat_cible": "Cible",
        "resultat_atteint": "Valeur atteinte",
    }
    declared = {"est_egalite_declaree": "Prise en compte de l'égalité F-H (déclaratif)"}
    equality = _QUESTION_LABELS if marker else declared
    unread = {COMMENT: "Commentaire instructeur", NOTICE: "Mention"}
    return base | identity | money | people | equality | unread


LAYOUTS: dict[int, Layout] = {
    layout.year: layout
    for layout in (
        Layout(
            2015,
            "classeur",
            {
                "code_orientation": "Axe",
                "code_action": "N° action",
                "nom_porteur": "Structure porteuse",
                "code_siret": "N° SIRET",
                "nature_porteur": "Statut juridique",
                "intitule": "Action",
                "territoires": "Quartier(s)",
                "statut": "Décision",
                "date_debut": "Début",
                "date_fin": "Fin",
                "montant_cout_total": "Budget total",
                **_money(demande="Demande {}", accorde="Accord {}", verse="Versé {}"),
                "benef_prevu_sexe_femmes": "Femmes attendues",
                "benef_prevu_sexe_hommes": "Hommes attendus",
                TOTAL_PLANNED: "Public attendu",
                "est_egalite_declaree": "Égalité F/H (oui/non)",
            },
            sheets=("Programmation 2015",),
            booleans=("oui", "non"),
            orientations=_orientations("Orientation {i}"),
            place_separator="\n",
            places="noms",
        ),
        Layout(
            2016,
            "classeur",
            {
                NUMBER: "N°",
                "code_orientation": "Orientation du contrat",
                "code_action": "Dossier",
                "intitule": "Intitulé de l'action",
                "nom_porteur": "Porteur de projet",
                "nature_porteur": "Type de structure",
                "code_siret": "SIRET",
                "est_reconduction": "Reconduction O/N",
                "territoires": "Territoires concernés",
                "date_debut": "Date début",
                "date_fin": "Date fin",
                "statut": "Avis du comité",
                "date_decision": "Comité du",
                "code_objectif": "Objectif",
                "montant_cout_total": "Coût de l'action",
                **_money(demande="{} sollicité", accorde="{} accordé", verse="{} versé"),
                "benef_prevu_sexe_femmes": "Prévu F",
                "benef_prevu_sexe_hommes": "Prévu H",
                TOTAL_PLANNED: "Prévu total",
                "benef_realise_sexe_femmes": "Réalisé F",
                "benef_realise_sexe_hommes": "Réalisé H",
                TOTAL_REACHED: "Réalisé total",
                "est_egalite_declaree": "Égalité femmes-hommes",
            },
            sheets=("Secteur nord", "Secteur sud"),
            states=_OLD_STATES,
            booleans=("O", "N"),
            place_separator=" ; ",
            places="graphies",
            spaced_siret=True,
        ),
        Layout(
            2017,
            "classeur",
            {
                "code_action": "Réf.",
                "code_orientation": "Orientation",
                "nom_porteur": "Nom du porteur",
                "nature_porteur": "Nature",
                "code_siret": "SIRET du porteur",
                "intitule": "Titre du projet",
                "est_reconduction": "Renouvellement",
                "est_pluriannuelle": "Pluriannuel",
                "territoires": "Territoire(s)",
                "parts_territoires": "Part par territoire",
                "statut": "État",
                "date_decision": "Décidé le",
                "code_objectif": "Objectif du contrat",
                "date_debut": "Commence le",
                "date_fin": "Finit le",
                "montant_cout_total": "Coût total",
                **_money(demande="Dem. {}", accorde="Acc. {}", verse="Vers. {}"),
                "benef_prevu_sexe_femmes": "Femmes (prévu)",
                "benef_prevu_sexe_hommes": "Hommes (prévu)",
                "benef_prevu_sexe_nr": "Sexe non précisé (prévu)",
                TOTAL_PLANNED: "Total (prévu)",
                "benef_realise_sexe_femmes": "Femmes (bilan)",
                "benef_realise_sexe_hommes": "Hommes (bilan)",
                "benef_realise_sexe_nr": "Sexe non précisé (bilan)",
                TOTAL_REACHED: "Total (bilan)",
                "est_egalite_declaree": "Égalité déclarée",
            },
            sheets=("Programme 2017",),
            orientations=_orientations("O{i} – {label}"),
        ),
        Layout(
            2018,
            "csv",
            _export_headers(
                {},
                _money(demande="Montant demandé - {}", accorde="Montant accordé - {}", verse="Montant versé - {}"),
                _people("Prévu - {}", "Réalisé - {}"),
                marker=False,
            ),
            thousands="",
            currency="",
        ),
        Layout(
            2019,
            "csv",
            _export_headers(
                {"code_action": "Numéro de dossier", "nom_porteur": "Nom du porteur", "statut": "État du dossier"},
                _money(demande="{} - demandé", accorde="{} - accordé", verse="{} - versé"),
                _people("Prévu : {}", "Réalisé : {}"),
                marker=True,
            ),
            orientations=_orientations("Orientation {i}"),
            place_separator=" ; ",
            thousands="\u00a0",
        ),
        Layout(
            2020,
            "csv",
            _export_headers(
                {"code_action": "Numéro de dossier", "intitule": "Titre", "territoires": "Lieux d'intervention"},
                _money(demande="Demandé {} (€)", accorde="Accordé {} (€)", verse="Versé {} (€)"),
                _people("Bénéficiaires prévus, {}", "Bénéficiaires réels, {}"),
                marker=True,
            ),
            place_separator="\n",
            currency="",
        ),
        Layout(
            2021,
            "csv",
            _export_headers(
                {"annee": "Exercice", "code_siret": "SIRET porteur", "montant_cout_total": "Coût total prévisionnel"},
                _money(
                    demande="Subvention demandée {}", accorde="Subvention accordée {}", verse="Subvention versée {}"
                ),
                _people("Public prévu - {}", "Public touché - {}"),
                marker=True,
            ),
            orientations=_orientations("O{i} - {label}"),
            booleans=("OUI", "NON"),
        ),
        Layout(
            2022,
            "csv",
            _export_headers(
                {"annee": "Exercice", "statut": "État du dossier", "parts_territoires": "Parts des territoires (%)"},
                _money(demande="Demandé - {}", accorde="Accordé - {}", verse="Versé - {}"),
                _people("Prévisionnel - {}", "Bilan - {}"),
                marker=True,
            ),
            thousands="\u00a0",
            currency="\u00a0€",
        ),
    )
}
