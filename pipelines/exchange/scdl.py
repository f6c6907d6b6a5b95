"""Grants as the rows of an SCDL « subventions » 2.1 register, from frame to frame.

The register is the one that French bodies owe the public (decree 2017-779). Its columns, their order and their rules
are those of the Table Schema of Data.Subvention, version 2.1.1; what no table holds is declared in `contrat.yml`.
"""

import pandas as pd

from pipelines.clean.privacy import REMOVED
from pipelines.publication import Publisher, YearOfGrants
from pipelines.tables import GRANTED, STATUS_LABELS

COLUMNS = (
    "idSubvention", "nomAttribuant", "idAttribuant", "nomServiceInstructeur", "idServiceInstructeur",
    "nomBeneficiaire", "idBeneficiaire", "rnaBeneficiaire", "exerciceBudgetaire", "pluriannualite",
    "anneesPluriannualite", "dateDecision", "dateConvention", "referenceDecision", "dateCreation", "dateDebut",
    "dateFin", "dispositif", "sousDispositif", "statutLabel", "objet", "nature", "montantDemande", "montant",
    "nomOutilInstruction", "nomOutilVersement", "ej", "cléVersement", "conditionsVersement",
    "descriptionConditionsVersement", "datesPeriodeVersement", "cofinancement", "attribuantsCofinanceurs",
    "idCofinancement", "idRAE", "notificationUE", "pourcentageSubvention", "evaluationCout", "evaluation",
    "dateMiseAJour",
)  # fmt: skip
LONGEST = 256
FICTIONAL = "[fictif]"
FICTIONAL_BODY = "(données fictives de démonstration)"
_MEND = "l'écrire dans corrections.csv, à côté du fichier reçu"
_FORMULA = r"^(?=[=+\-@＝＋－＠])"


def list_grants(actions: pd.DataFrame, funding: pd.DataFrame, year: int, funder: str) -> pd.DataFrame:
    """One row per action of the year to which the funder gave an amount that is not 0, whatever the action's status.

    Columns of `actions`, then `montant_demande`, `montant_accorde` (euros), and `cofinanceurs`: codes of the other
    funders that gave something, in the order of `funding`.
    """
    given = funding[funding["montant_accorde"].fillna(0) != 0]
    own = given.loc[given["code_financeur"] == funder, ["code_action", "montant_demande", "montant_accorde"]]
    others = given[(given["code_financeur"] != funder) & (given["montant_accorde"] > 0)]
    partners = others.groupby("code_action")["code_financeur"].agg(tuple).rename("cofinanceurs").reset_index()
    return (
        actions[actions["annee"] == year]
        .merge(own, on="code_action", validate="1:1")
        .merge(partners, on="code_action", how="left", validate="1:1")
        .sort_values("code_action", ignore_index=True)
    )


def explain_unpublishable(grants: pd.DataFrame) -> pd.Series:
    """Why each grant cannot stand in a valid register, in French with the remedy; "" for one that can."""
    status, holder = grants["statut"], to_plain(grants["nom_porteur"].fillna(""))
    masked = pd.Series(False, index=grants.index)
    for mark in REMOVED.values():
        masked |= holder.str.contains(mark, regex=False)
    unknown = grants["code_siret"].isna() & _rna(grants).isna()
    untitled = to_plain(grants["intitule"].fillna("")) == ""
    label = status.map(STATUS_LABELS).fillna("non renseigné")
    reasons = pd.Series("", index=grants.index, dtype="str")
    # From the last reason to the first: the first one that holds is the one that stays.
    reasons = reasons.mask(unknown, f"ni SIRET ni RNA (W et neuf chiffres) : {_MEND}")
    reasons = reasons.mask(untitled, f"action sans intitulé : {_MEND}")
    reasons = reasons.mask(masked, "nom de personne dans celui du bénéficiaire : écrire celui de l'organisme")
    reasons = reasons.mask(holder == "", f"bénéficiaire sans nom : {_MEND}")
    reasons = reasons.mask(grants["montant_accorde"] < 0, "montant négatif : une subvention ne peut pas l'être")
    return reasons.mask(~status.isin(GRANTED), "état du dossier « " + label + " » : un montant accordé le contredit")


def to_scdl(
    grants: pd.DataFrame, body: Publisher, year: YearOfGrants, names: dict[str, str], scheme: str, updated: str
) -> pd.DataFrame:
    """The grants as text cells, in the columns and the order of the schema; "" where nothing is known.

    `body` and `year` are complete, `names` gives each co-funder its name, `scheme` is the contract's name, `updated`
    the ISO date at which its figures were closed. One beneficiary a grant, so each has 100 % of it. A fictional row
    says so in its object; a file with one says so in the name of its body too.
    """
    fictional = grants["est_fictif"] | body.est_fictif
    suffix = f" {FICTIONAL_BODY}" if fictional.any() else ""
    partners = grants["cofinanceurs"].map(lambda codes: ", ".join(names[code] for code in codes), na_action="ignore")
    constants = {
        "nomAttribuant": body.nom + suffix,
        "idAttribuant": body.siret,
        "nomServiceInstructeur": body.nom_service_instructeur or body.nom,
        "idServiceInstructeur": body.siret_service_instructeur or body.siret,
        "dateDecision": year.date_decision.isoformat() if year.date_decision else "",
        "referenceDecision": year.reference_decision,
        "dispositif": scheme,
        "statutLabel": "attribuée",
        # The tables hold euros: aid in kind is not among them.
        "nature": "aide en numéraire",
        "conditionsVersement": year.conditions_versement or "",
        "descriptionConditionsVersement": year.description_versement,
        "datesPeriodeVersement": _period(year),
        "notificationUE": year.notification_ue or "",
        "pourcentageSubvention": "1.00",
        "dateMiseAJour": updated,
    }
    columns = {
        "idSubvention": grants["code_action"],
        "nomBeneficiaire": grants["nom_porteur"],
        "idBeneficiaire": grants["code_siret"],
        "rnaBeneficiaire": _rna(grants),
        "exerciceBudgetaire": grants["annee"].astype("str"),
        "pluriannualite": grants["est_pluriannuelle"].map({True: "oui", False: "non"}),
        "dateConvention": grants["code_action"].map(lambda code: str(year.conventions.get(code, year.date_convention))),
        "dateDebut": grants["date_debut"].dt.strftime("%Y-%m-%d"),
        "dateFin": grants["date_fin"].dt.strftime("%Y-%m-%d"),
        "objet": shorten(to_plain(grants["intitule"].mask(fictional, FICTIONAL + " " + grants["intitule"]))),
        "montantDemande": _amount(grants["montant_demande"]),
        "montant": _amount(grants["montant_accorde"]),
        # No other funder in the tables does not mean that there is none.
        "cofinancement": partners.notna().map({True: "oui", False: ""}),
        "attribuantsCofinanceurs": partners,
    }
    frame = pd.DataFrame({**columns, **constants}, index=grants.index).reindex(columns=list(COLUMNS))
    return frame.apply(lambda cells: to_plain(cells.astype("str").fillna("")))


def to_plain(text: pd.Series) -> pd.Series:
    """Each text on one line, with an apostrophe before what a spreadsheet would take for a formula."""
    return text.str.replace(r"\s+", " ", regex=True).str.strip().str.replace(_FORMULA, "'", regex=True)


def shorten(text: pd.Series, longest: int = LONGEST) -> pd.Series:
    """Each text in at most `longest` characters, cut after a word, with « … » where it was cut."""
    # A first word longer than the room is cut inside.
    words = text.str.slice(0, longest - 1).str.replace(r"\s\S*$", "", regex=True)
    return text.where(text.str.len() <= longest, words + "…")


def _amount(euros: pd.Series) -> pd.Series:
    """« 1234.50 »: the point and the two decimals of the schema; missing stays missing."""
    return euros.map("{:.2f}".format, na_action="ignore")


def _period(year: YearOfGrants) -> str:
    """One date, or two separated by a slash."""
    days = [day.isoformat() for day in (year.debut_versement, year.fin_versement) if day]
    return "/".join(dict.fromkeys(days))


def _rna(grants: pd.DataFrame) -> pd.Series:
    """The RNA numbers that the schema takes, W and nine digits; Corsica and overseas have a letter among them."""
    return grants["code_rna"].where(grants["code_rna"].str.fullmatch(r"W\d{9}").fillna(False))
