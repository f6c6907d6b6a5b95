"""The shape of each yearly file: name, sheets, headers in order, and the words it uses for states and yes or no."""

from dataclasses import dataclass, field

from pipelines.tables import DIMENSIONS, FUNDERS, MARKER_QUESTIONS, MOMENTS

FOLDER = "programmation"
MENTION = "données fictives de démonstration"

# Columns that a file carries and that nobody reads: never named in the canonical table.
NUMBER, TOTAL_PLANNED, TOTAL_REACHED, COMMENT, NOTICE = "n", "total_prevu", "total_realise", "commentaire", "mention"
UNREAD = (NUMBER, TOTAL_PLANNED, TOTAL_REACHED, COMMENT, NOTICE)

_STATES = {"finance": "Financé", "refuse": "Refusé", "ineligible": "Inéligible", "retire": "Retiré"}
_STATES |= {"realise": "Réalisé", "justifie": "Justifié"}
_OLD_STATES = _STATES | {"finance": "Accepté", "refuse": "Rejeté", "ineligible": "Non recevable", "retire": "Abandonné"}
_O_LABELS = (
    "Développement économique et emploi", "Éducation et jeunesse", "Santé", "Cadre de vie et habitat",
    "Lien social et culture", "Droits et numérique",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """One file. `headers`: canonical or unread column → label, in the order of the file."""

    year: int
    form: str
    headers: dict[str, str]
    sheets: tuple[str, ...] = ()
    states: dict[str, str] = field(default_factory=lambda: _STATES)
    booleans: tuple[str, str] = ("Oui", "Non")
    orientations: tuple[str, ...] = tuple(f"O{i}" for i in range(1, 7))
    place_separator: str = " | "
    spells_places: bool = False
    spaced_siret: bool = False
    # « 1234,50 », « 1 234,50 » or « 1 234,50 € »
    thousands: str = ""
    currency: str = ""

    @property
    def file(self) -> str:
        """Path of the file, relative to the contract folder."""
        suffix = "xlsx" if self.form == "classeur" else "csv"
        return f"{FOLDER}/{self.year}_programmation_fictive.{suffix}"

    @property
    def mapping(self) -> dict[str, str]:
        """Label → canonical column, unread columns left out."""
        return {label: name for name, label in self.headers.items() if name not in UNREAD}

    @property
    def ignored(self) -> list[str]:
        """Labels of the unread columns."""
        return [label for name, label in self.headers.items() if name in UNREAD]


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


def _export(
    year: int, *, identity: dict[str, str], money: dict[str, str], people: dict[str, str], **words: object
) -> Layout:
    """A CSV export: every column of the intake table that the year knows, the yearly questions, two columns nobody reads."""
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
    }
    equality = (
        {"est_egalite_declaree": "Prise en compte de l'égalité F-H (déclaratif)"}
        if year < 2019
        else {column.name: _QUESTION_LABELS[column.name] for column in MARKER_QUESTIONS}
    )
    unread = {COMMENT: "Commentaire instructeur", NOTICE: "Mention"}
    headers = {name: identity.get(name, label) for name, label in base.items()} | money | people | equality | unread
    return Layout(year, "csv", headers, **words)  # type: ignore[arg-type]


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
            spells_places=True,
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
            spells_places=True,
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
            place_separator=" | ",
            spells_places=True,
        ),
        _export(
            2018,
            identity={},
            money=_money(
                demande="Montant demandé - {}", accorde="Montant accordé - {}", verse="Montant versé - {}"
            ),
            people=_people("Prévu - {}", "Réalisé - {}"),
        ),
        _export(
            2019,
            identity={"code_action": "Numéro de dossier", "nom_porteur": "Nom du porteur", "statut": "État du dossier"},
            money=_money(demande="{} - demandé", accorde="{} - accordé", verse="{} - versé"),
            people=_people("Prévu : {}", "Réalisé : {}"),
            orientations=_orientations("Orientation {i}"),
            place_separator=" ; ",
            thousands="\u00a0",
            currency=" €",
        ),
        _export(
            2020,
            identity={"code_action": "Numéro de dossier", "intitule": "Titre", "territoires": "Lieux d'intervention"},
            money=_money(demande="Demandé {} (€)", accorde="Accordé {} (€)", verse="Versé {} (€)"),
            people=_people("Bénéficiaires prévus, {}", "Bénéficiaires réels, {}"),
            place_separator="\n",
            thousands=" ",
        ),
        _export(
            2021,
            identity={"annee": "Exercice", "code_siret": "SIRET porteur", "montant_cout_total": "Coût total prévisionnel"},
            money=_money(demande="Subvention demandée {}", accorde="Subvention accordée {}", verse="Subvention versée {}"),
            people=_people("Public prévu - {}", "Public touché - {}"),
            orientations=_orientations("O{i} - {label}"),
            booleans=("OUI", "NON"),
            thousands=" ",
            currency=" €",
        ),
        _export(
            2022,
            identity={"annee": "Exercice", "statut": "État du dossier", "parts_territoires": "Parts des territoires (%)"},
            money=_money(demande="Demandé - {}", accorde="Accordé - {}", verse="Versé - {}"),
            people=_people("Prévisionnel - {}", "Bilan - {}"),
            thousands="\u00a0",
            currency="\u00a0€",
        ),
    )
}  # fmt: skip
