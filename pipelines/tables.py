"""The canonical tables: every column with its type, unit, vocabulary and meaning; the codebook is printed from here.

Two kinds of tables share this description. *Certified* tables are written to `data/processed/<contrat>/` and are what
notebooks load. The one *intake* table, `programmes`, is the wide shape that yearly exports are mapped to; cleaning
splits it into `actions`, `actions_territoires`, `financements`, `beneficiaires` and `reponses_marqueur`.
"""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal["texte", "code", "entier", "decimal", "euros", "pourcent", "date", "booleen"]

DTYPES: dict[str, str] = {
    "texte": "str",
    "code": "str",
    "entier": "Int64",
    "decimal": "Float64",
    "euros": "Float64",
    "pourcent": "Float64",
    "date": "datetime64[s]",
    "booleen": "boolean",
}
UNITS = {"euros": "€", "pourcent": "% (0 à 100)"}


@dataclass(frozen=True)
class Column:
    """One column: ASCII name, kind, French meaning, unit, closed vocabulary; a row without a `required` one is set aside."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    vocabulary: tuple[str, ...] = ()
    required: bool = False

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its key, its columns; `certified` is false for the intake table."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    certified: bool = True
    may_be_empty: bool = False
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        """Column names, in order, provenance excluded."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns without which a row is set aside."""
        return [column.name for column in self.columns if column.required]


def empty(table: Table) -> pd.DataFrame:
    """A frame of no rows with the table's columns, provenance included, in their types."""
    columns = (*table.columns, *PROVENANCE)
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in columns})


def _c(
    name: str,
    kind: Kind,
    meaning: str,
    *,
    unit: str = "",
    voc: tuple[str, ...] = (),
    req: bool = False,
) -> Column:
    return Column(name, kind, meaning, unit or UNITS.get(kind, ""), voc, req)


# Every row remembers where it was read.
PROVENANCE = (
    _c("id_source", "code", "source déclarée dans contrat.yml"),
    _c("fichier", "texte", "fichier lu, relatif au dossier du contrat"),
    _c("feuille", "texte", "feuille du classeur ; vide pour un fichier texte"),
    _c("ligne", "entier", "numéro de ligne dans le fichier ou la feuille"),
)

TERRITORY_KINDS = ("pays", "region", "departement", "epci", "commune", "qpv", "qva")
GEOGRAPHIES = ("administrative", "QPV2015", "QPV2024", "QVA2015")
STATUSES = (
    "depose",
    "recevable",
    "finance",
    "refuse",
    "ineligible",
    "retire",
    "realise",
    "justifie",
)
GRANTED = ("finance", "realise", "justifie")
HOLDER_KINDS = (
    "association",
    "commune",
    "epci",
    "etablissement_public",
    "bailleur",
    "entreprise",
    "autre",
)
FUNDERS = ("etat", "agglomeration", "commune", "region", "departement", "caf")
SEXES = ("femmes", "hommes", "nr")
AGES = ("0_5", "6_11", "12_17", "18_25", "26_59", "60_plus", "nr")
RESIDENCES = ("qpv", "qva", "hors", "nr")
DIMENSIONS = {"sexe": SEXES, "age": AGES, "residence": RESIDENCES}
MOMENTS = ("prevu", "realise")
STATUS_LABELS = {
    "depose": "Déposé", "recevable": "Recevable", "finance": "Financé", "refuse": "Refusé", "ineligible": "Inéligible",
    "retire": "Retiré", "realise": "Réalisé", "justifie": "Justifié",
}  # fmt: skip
FUNDER_LABELS = {
    "etat": "État (programme 147)", "agglomeration": "Agglomération", "commune": "Communes", "region": "Région",
    "departement": "Département", "caf": "Caf",
}  # fmt: skip
MODALITY_LABELS = {
    "femmes": "Femmes", "hommes": "Hommes", "nr": "Non renseigné", "0_5": "0 à 5 ans", "6_11": "6 à 11 ans",
    "12_17": "12 à 17 ans", "18_25": "18 à 25 ans", "26_59": "26 à 59 ans", "60_plus": "60 ans et plus",
    "qpv": "Quartier prioritaire", "qva": "Quartier de veille active", "hors": "Hors de ces quartiers",
}  # fmt: skip
OBSERVATION_STATUSES = ("ok", "nd", "ns", "s", "so", "vide", "illisible")
MARKER_QUESTIONS = (
    _c("public_mixte", "booleen", "le projet vise-t-il un public mixte ?"),
    _c(
        "objectif_principal_egalite",
        "booleen",
        "l'égalité femmes-hommes est-elle l'objectif principal ?",
    ),
    _c("diagnostic_sexue", "booleen", "contient-il des éléments de diagnostic sexués ?"),
    _c(
        "participation_equilibree",
        "booleen",
        "prévoit-il une participation équilibrée des femmes et des hommes ?",
    ),
    _c(
        "indicateurs_sexues",
        "booleen",
        "prévoit-il des indicateurs d'évaluation sexués ?",
    ),
    _c(
        "public_non_mixte_coherent",
        "booleen",
        "le public non mixte est-il cohérent avec les objectifs ?",
    ),
    _c(
        "motif_non_mixite",
        "texte",
        "motif écrit, exigé pour un public non mixte jugé cohérent",
    ),
)

ACTION_COLUMNS = (
    _c("code_action", "code", "numéro de dossier de l'action", req=True),
    _c("annee", "entier", "année de programmation", req=True),
    _c("intitule", "texte", "intitulé de l'action"),
    _c("nom_porteur", "texte", "nom du porteur de projet"),
    _c("code_siret", "code", "SIRET du porteur, 14 chiffres"),
    _c("nature_porteur", "code", "nature juridique du porteur", voc=HOLDER_KINDS),
    _c("code_orientation", "code", "orientation du contrat (contrat.yml)"),
    _c("statut", "code", "état du dossier", voc=STATUSES),
    _c("est_reconduction", "booleen", "action déjà financée l'année précédente"),
    _c("est_pluriannuelle", "booleen", "financement prévu sur plusieurs années"),
    _c("date_debut", "date", "début de l'action"),
    _c("date_fin", "date", "fin de l'action"),
    _c("montant_cout_total", "euros", "coût total prévu de l'action"),
    _c(
        "est_egalite_declaree",
        "booleen",
        "avant 2019 : le porteur dit prendre en compte l'égalité ; ce n'est pas un marqueur",
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "territoires",
            "un territoire dans une géographie",
            ("code_territoire",),
            (
                _c(
                    "code_territoire",
                    "code",
                    "code officiel ; QVA : code fictif",
                    req=True,
                ),
                _c("type_territoire", "code", "échelle", voc=TERRITORY_KINDS, req=True),
                _c("nom_territoire", "texte", "nom publié", req=True),
                _c(
                    "geographie",
                    "code",
                    "version du découpage",
                    voc=GEOGRAPHIES,
                    req=True,
                ),
                _c(
                    "secteur",
                    "code",
                    "secteur d'animation territoriale",
                    voc=("nord", "sud"),
                ),
                _c(
                    "statut_politique_ville",
                    "code",
                    "pour une commune",
                    voc=("qpv", "qva_candidat", "inconnu", "hors"),
                ),
                _c(
                    "est_fictif",
                    "booleen",
                    "territoire inventé pour la démonstration",
                    req=True,
                ),
                _c(
                    "est_incertain",
                    "booleen",
                    "au moins un champ reconstruit ou à vérifier",
                    req=True,
                ),
                _c("note", "texte", "réserve à publier avec le territoire"),
            ),
        ),
        Table(
            "alias_territoires",
            "une graphie rencontrée pour un territoire",
            ("alias",),
            (
                _c("alias", "texte", "graphie, telle que lue", req=True),
                _c("code_territoire", "code", "territoire désigné", req=True),
                _c("origine", "texte", "où la graphie a été lue"),
            ),
        ),
        Table(
            "appartenances",
            "un lien d'inclusion, entière ou partielle",
            ("code_territoire", "code_parent"),
            (
                _c("code_territoire", "code", "territoire contenu", req=True),
                _c("code_parent", "code", "territoire contenant", req=True),
                _c(
                    "type_parent",
                    "code",
                    "échelle du contenant",
                    voc=TERRITORY_KINDS,
                    req=True,
                ),
                _c(
                    "nom_parent",
                    "texte",
                    "nom du contenant, même hors de l'agglomération",
                    req=True,
                ),
                _c(
                    "est_dans_agglomeration",
                    "booleen",
                    "le contenant est-il dans l'agglomération du contrat ?",
                    req=True,
                ),
                _c(
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
                _c("code_indicateur", "code", "identifiant", req=True),
                _c("libelle_indicateur", "texte", "libellé publié", req=True),
                _c(
                    "type_indicateur",
                    "code",
                    "usage",
                    voc=("contexte", "suivi", "impact"),
                    req=True,
                ),
                _c(
                    "unite",
                    "code",
                    "unité de la valeur",
                    voc=("%", "€", "nombre", "indice"),
                    req=True,
                ),
                _c(
                    "sens",
                    "code",
                    "lecture d'une hausse",
                    voc=("haut_mieux", "bas_mieux", "neutre"),
                    req=True,
                ),
                _c(
                    "est_additif",
                    "booleen",
                    "les valeurs s'additionnent-elles entre territoires ?",
                    req=True,
                ),
                _c(
                    "ecart_min_annees",
                    "entier",
                    "écart minimal entre deux millésimes comparés",
                    unit="années",
                ),
                _c("definition", "texte", "numérateur, dénominateur, champ", req=True),
                _c(
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
                _c("code_indicateur", "code", "indicateur", req=True),
                _c("code_territoire", "code", "territoire", req=True),
                _c(
                    "millesime",
                    "code",
                    "année de référence, ou « non précisé »",
                    req=True,
                ),
                _c("valeur", "decimal", "valeur ; vide si elle manque"),
                _c(
                    "statut",
                    "code",
                    "ok, ou raison du manque",
                    voc=OBSERVATION_STATUSES,
                    req=True,
                ),
                _c("texte_brut", "texte", "texte lu dans le fichier"),
                _c("note", "texte", "réserve à publier avec la valeur"),
            ),
        ),
        Table(
            "chiffres_cadre",
            "un chiffre de cadrage écrit dans le protocole",
            ("code_chiffre",),
            (
                _c("code_chiffre", "code", "identifiant", req=True),
                _c("libelle_chiffre", "texte", "ce que le chiffre désigne", req=True),
                _c("valeur", "decimal", "valeur écrite ou recalculée"),
                _c("unite", "texte", "unité"),
                _c("millesime", "texte", "millésime écrit, sinon vide"),
                _c(
                    "est_incertain",
                    "booleen",
                    "chiffre à vérifier avant usage",
                    req=True,
                ),
                _c("note", "texte", "réserve"),
            ),
        ),
        Table(
            "actions",
            "une action demandée ou financée, une année",
            ("code_action",),
            (
                *ACTION_COLUMNS,
                _c(
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
                _c("code_action", "code", "action", req=True),
                _c("code_territoire", "code", "territoire", req=True),
                _c(
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
                _c("code_action", "code", "action", req=True),
                _c("code_financeur", "code", "financeur", voc=FUNDERS, req=True),
                _c("montant_demande", "euros", "montant demandé"),
                _c("montant_accorde", "euros", "montant accordé par le comité"),
                _c("montant_verse", "euros", "montant versé à la date d'arrêt"),
            ),
        ),
        Table(
            "beneficiaires",
            "un effectif de bénéficiaires d'une action, prévu ou réalisé, pour une modalité",
            ("code_action", "moment", "dimension", "modalite"),
            (
                _c("code_action", "code", "action", req=True),
                _c(
                    "moment",
                    "code",
                    "prévu au dépôt, ou réalisé au bilan",
                    voc=MOMENTS,
                    req=True,
                ),
                _c("dimension", "code", "ventilation", voc=tuple(DIMENSIONS), req=True),
                _c(
                    "modalite",
                    "code",
                    "sexe, tranche d'âge ou lieu de résidence ; nr : non renseigné",
                    req=True,
                ),
                _c(
                    "nb_personnes",
                    "entier",
                    "personnes touchées par cette action ; une même personne peut l'être par plusieurs",
                ),
            ),
        ),
        Table(
            "reponses_marqueur",
            "les réponses à l'arbre du marqueur égalité pour une action (depuis 2019)",
            ("code_action",),
            (_c("code_action", "code", "action", req=True), *MARKER_QUESTIONS),
        ),
        Table(
            "postes_147",
            "un poste adulte-relais ou Fonjep payé une année sur le programme 147",
            ("dispositif", "annee", "rang"),
            (
                _c(
                    "dispositif",
                    "code",
                    "dispositif",
                    voc=("adulte_relais", "fonjep"),
                    req=True,
                ),
                _c("annee", "entier", "année de paiement", req=True),
                _c(
                    "rang",
                    "entier",
                    "rang dans le fichier de l'année : un identifiant de poste peut y revenir",
                    req=True,
                ),
                _c("code_poste", "code", "identifiant publié"),
                _c("nom_employeur", "texte", "employeur, tel que publié"),
                _c("montant", "euros", "montant payé dans l'année"),
            ),
        ),
        Table(
            "engagements",
            "un engagement d'un partenaire dans le protocole",
            ("code_engagement",),
            (
                _c("code_engagement", "code", "identifiant", req=True),
                _c("nom_partenaire", "texte", "partenaire", req=True),
                _c("nature", "code", "nature de l'engagement", req=True),
                _c(
                    "libelle_engagement",
                    "texte",
                    "engagement, en peu de mots",
                    req=True,
                ),
                _c("theme", "code", "thème"),
                _c("montant", "euros", "montant écrit"),
                _c("annee_debut", "entier", "première année"),
                _c("annee_fin", "entier", "dernière année"),
                _c(
                    "verifiable",
                    "code",
                    "peut-on vérifier qu'il est tenu ?",
                    voc=("oui", "partiel", "non"),
                    req=True,
                ),
                _c(
                    "statut",
                    "code",
                    "état d'avancement, si un partenaire l'a dit",
                    voc=("non_renseigne",),
                    req=True,
                ),
                _c("est_incertain", "booleen", "texte ou montant reconstruit", req=True),
                _c("note", "texte", "réserve"),
            ),
        ),
        Table(
            "mesures_nationales",
            "une mesure de la mobilisation nationale (40, et deux sous-mesures)",
            ("numero",),
            (
                _c("numero", "code", "numéro publié", req=True),
                _c("est_comptee", "booleen", "compte parmi les quarante", req=True),
                _c("axe", "texte", "axe"),
                _c("programme", "texte", "programme"),
                _c("thematique", "texte", "thématique"),
                _c("libelle_mesure", "texte", "mesure, en peu de mots", req=True),
                _c(
                    "niveau_engagement",
                    "code",
                    "niveau écrit en 2019 ; vide : illisible",
                ),
                _c(
                    "est_incertain",
                    "booleen",
                    "au moins une cellule reconstruite",
                    req=True,
                ),
                _c("note", "texte", "réserve"),
            ),
        ),
        Table(
            "indicateurs_mesures",
            "un indicateur d'une mesure nationale",
            ("numero_mesure", "rang"),
            (
                _c("numero_mesure", "code", "mesure", req=True),
                _c("rang", "entier", "rang dans la mesure", req=True),
                _c("libelle_indicateur", "texte", "indicateur", req=True),
                _c("unite", "texte", "unité"),
                _c("cible", "texte", "cible, telle qu'écrite"),
                _c("echeance", "texte", "échéance, telle qu'écrite"),
                _c("est_incertain", "booleen", "cellule reconstruite", req=True),
            ),
        ),
        Table(
            "sites_renouvellement",
            "un site de renouvellement urbain cité par le protocole",
            ("rang",),
            (
                _c("rang", "entier", "rang dans la transcription", req=True),
                _c("programme", "texte", "programme de renouvellement", req=True),
                _c("nom_site", "texte", "site", req=True),
                _c("communes", "texte", "communes, séparées par « | »", req=True),
                _c(
                    "code_territoire",
                    "code",
                    "quartier prioritaire rattaché ; vide : non nommé",
                ),
                _c("est_incertain", "booleen", "rattachement déduit", req=True),
                _c("note", "texte", "réserve"),
            ),
        ),
        Table(
            "calendrier",
            "un événement daté du contrat",
            ("rang",),
            (
                _c("rang", "entier", "rang dans la transcription", req=True),
                _c(
                    "debut",
                    "code",
                    "date de début : AAAA, AAAA-MM ou AAAA-MM-JJ",
                    req=True,
                ),
                _c("fin", "code", "date de fin, même forme"),
                _c("type_evenement", "code", "type", req=True),
                _c("libelle_evenement", "texte", "événement", req=True),
                _c("est_incertain", "booleen", "date abîmée ou divergente", req=True),
                _c("note", "texte", "réserve"),
            ),
        ),
        Table(
            "enonces_conseils",
            "un énoncé de la synthèse des conseils citoyens de 2019",
            ("code_enonce",),
            (
                _c("code_enonce", "code", "identifiant", req=True),
                _c("theme", "code", "thème", req=True),
                _c("nature", "code", "constat, proposition, question...", req=True),
                _c("libelle_enonce", "texte", "énoncé", req=True),
                _c(
                    "suite_donnee",
                    "code",
                    "suite donnée par l'institution",
                    voc=("non_renseigne",),
                    req=True,
                ),
                _c("note", "texte", "réserve"),
            ),
        ),
        Table(
            "sigles",
            "un sigle développé",
            ("sigle", "developpe"),
            (
                _c("sigle", "texte", "sigle", req=True),
                _c("developpe", "texte", "forme développée", req=True),
                _c("categorie", "code", "catégorie"),
            ),
        ),
        Table(
            "commentaires",
            "un commentaire écrit par les évaluateurs pour une section d'un rapport",
            ("annee", "notebook", "section"),
            (
                _c("annee", "entier", "année du rapport", req=True),
                _c("notebook", "code", "rapport commenté", req=True),
                _c("section", "code", "section commentée", req=True),
                _c("texte", "texte", "commentaire, en texte simple"),
            ),
            may_be_empty=True,
        ),
        Table(
            "programmes",
            "une ligne d'export annuel, avant éclatement en actions, financements et bénéficiaires",
            ("code_action",),
            (
                *ACTION_COLUMNS,
                _c(
                    "territoires",
                    "texte",
                    "codes ou noms de territoires, séparés par « | »",
                ),
                _c(
                    "parts_territoires",
                    "texte",
                    "parts en %, dans le même ordre, séparées par « | » ; vide : non réparti",
                ),
                *(
                    _c(
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
                    _c(
                        f"benef_{moment}_{dimension}_{modality}",
                        "entier",
                        f"bénéficiaires, {moment}, {dimension} : {modality}",
                    )
                    for moment in MOMENTS
                    for dimension, modalities in DIMENSIONS.items()
                    for modality in modalities
                ),
                *MARKER_QUESTIONS,
            ),
            certified=False,
        ),
    )
}

CERTIFIED = {name: table for name, table in TABLES.items() if table.certified}


def codebook() -> str:
    """The codebook of the certified tables, in Markdown, for the README."""
    lines = []
    for table in CERTIFIED.values():
        lines += [
            f"### `{table.name}`",
            "",
            f"Une ligne : {table.row}. Clé : {', '.join(f'`{name}`' for name in table.key)}.",
            "",
            "| colonne | type | unité | sens | valeurs |",
            "|---|---|---|---|---|",
        ]
        for c in table.columns:
            values = ", ".join(f"`{value}`" for value in c.vocabulary)
            lines.append(f"| `{c.name}` | {c.kind} | {c.unit} | {c.meaning} | {values} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(codebook(), end="")
