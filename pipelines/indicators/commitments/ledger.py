"""The ledger of commitments: what can be verified, what became of each, what was held, what was paid.

Source: domain brief, section 8 (commitment_kept, commitment_verifiability). A status is the last that somebody gave at
the date of the report; nobody's word is « non renseigné », never a guess.
"""

import datetime

import pandas as pd

from pipelines.indicators.monitoring.definitions import classes, percent
from pipelines.tables import AMOUNT_KIND_LABELS, COMMITMENT_LABELS, FOLLOW_UP_LABELS, THEME_LABELS, VERIFIABLE_LABELS

SILENT = "non_renseigne"
NOT_TOLD, UNLIKE, ALIKE = "exécuté non renseigné", "comptés autrement : non comparables", "comparables"
NO_PROPOSAL = "aucune proposition"
_FOLLOWED = ["date_suivi", "statut", "montant_execute", "nature_executee", "preuve", "auteur"]


def describe_partners(commitments: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """Commitments by partner, most first, then all of them.

    Columns: nom_partenaire, nb_engagements, nb_verifiables, nb_partiels, nb_non_verifiables, nb_avec_montant,
    part_verifiables (percent; none of fewer than `base_minimale` commitments).
    """
    rows = [
        (name, len(own), *(int(own["verifiable"].eq(kind).sum()) for kind in VERIFIABLE_LABELS), own["montant"].count())
        for name, own in classes(commitments, "nom_partenaire")
    ]
    counts = ["nb_engagements", "nb_verifiables", "nb_partiels", "nb_non_verifiables", "nb_avec_montant"]
    out = pd.DataFrame(rows, columns=["nom_partenaire", *counts]).astype(dict.fromkeys(counts, "Int64"))
    parts = out.iloc[:-1].sort_values("nb_engagements", ascending=False, kind="stable")
    out = pd.concat([parts, out.iloc[-1:]], ignore_index=True)
    return out.assign(part_verifiables=percent(out["nb_verifiables"], out["nb_engagements"], base_minimale))


def read_ledger(
    commitments: pd.DataFrame,
    follow_up: pd.DataFrame,
    arret: datetime.date,
    *,
    annee: int | None = None,
    fin_par_defaut: int | None = None,
) -> pd.DataFrame:
    """Every commitment with what was last said of it at a date, and whether it is due then.

    The columns of `commitments`, `statut` replaced, `nature` as its label, and: date_suivi, montant_execute,
    nature_executee, preuve, auteur, est_echu (its last year ended by `arret`; missing where no year is written),
    libelle_statut, libelle_verifiable, libelle_theme, periode. `annee`: those that begin after it are left out, None
    for all; `fin_par_defaut`: last year of those that write none.
    """
    if annee is not None:
        commitments = commitments[~commitments["annee_debut"].gt(annee).fillna(False).astype(bool)]
    said = follow_up[follow_up["date_suivi"] <= pd.Timestamp(arret)].sort_values("date_suivi", kind="stable")
    last = said.drop_duplicates("code_engagement", keep="last").rename(columns={"nature_montant": "nature_executee"})
    out = commitments.drop(columns="statut").merge(
        last[["code_engagement", *_FOLLOWED]], on="code_engagement", how="left", validate="one_to_one"
    )
    end = out["annee_fin"] if fin_par_defaut is None else out["annee_fin"].fillna(fin_par_defaut)
    # An ended year is one whose 31 December has come.
    ended = arret.year if (arret.month, arret.day) == (12, 31) else arret.year - 1
    status = out["statut"].fillna(SILENT)
    return out.assign(
        statut=status,
        est_echu=(end <= ended).astype("boolean"),
        libelle_statut=status.map(FOLLOW_UP_LABELS),
        libelle_verifiable=out["verifiable"].map(VERIFIABLE_LABELS),
        nature=out["nature"].map(COMMITMENT_LABELS).fillna(out["nature"]),
        libelle_theme=out["theme"].map(THEME_LABELS).fillna(out["theme"]).fillna(""),
        periode=_periods(out),
    )


def count_kept(ledger: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """Commitments held among those that are verifiable and due, by partner, then for all.

    Columns: nom_partenaire, nb_verifiables, nb_echeance_inconnue, nb_echus, nb_tenus, nb_non_renseignes, taux_tenus
    (percent; missing while the status of one that is due is unknown, or under `base_minimale`).
    """
    checkable = ledger[ledger["verifiable"].eq("oui") & ledger["statut"].ne("sans_objet")]
    rows = []
    for name, own in classes(checkable, "nom_partenaire"):
        due = own[own["est_echu"].fillna(False).astype(bool)]
        held, silent = (int(due["statut"].eq(status).sum()) for status in ("tenu", SILENT))
        rows.append((name, len(own), int(own["est_echu"].isna().sum()), len(due), held, silent))
    counts = ["nb_verifiables", "nb_echeance_inconnue", "nb_echus", "nb_tenus", "nb_non_renseignes"]
    out = pd.DataFrame(rows, columns=["nom_partenaire", *counts]).astype(dict.fromkeys(counts, "Int64"))
    rate = percent(out["nb_tenus"], out["nb_echus"], base_minimale)
    return out.assign(taux_tenus=rate.mask(out["nb_non_renseignes"] > 0))


def follow_statuses(follow_up: pd.DataFrame) -> pd.DataFrame:
    """At each date of follow-up, how many of the commitments followed have each status, the last said holding.

    Columns: date_suivi (text, d/m/yyyy), libelle_statut, nb_engagements; a commitment of which nothing was said yet is
    « Non renseigné ».
    """
    wide = follow_up.pivot(index="date_suivi", columns="code_engagement", values="statut").sort_index().ffill()
    rows = [
        (date.strftime("%d/%m/%Y"), label, int(statuses.fillna(SILENT).eq(status).sum()))
        for date, statuses in wide.iterrows()
        for status, label in FOLLOW_UP_LABELS.items()
    ]
    out = pd.DataFrame(rows, columns=["date_suivi", "libelle_statut", "nb_engagements"])
    return out[out["nb_engagements"] > 0].astype({"nb_engagements": "Int64"}).reset_index(drop=True)


def compare_amounts(ledger: pd.DataFrame) -> pd.DataFrame:
    """Promised amounts beside executed ones, commitment by commitment; no total, as their kinds differ.

    Columns: code_engagement, nom_partenaire, libelle_engagement, montant_promis, nature_montant (label), periode,
    montant_execute, part_executee (percent), constat_montant, a_confirmer, reserve.
    """
    own = ledger[ledger["montant"].notna()]
    known = own["montant_execute"].notna()
    alike = known & own["nature_montant"].eq(own["nature_executee"]).fillna(False)
    found = pd.Series(NOT_TOLD, index=own.index, dtype="str").mask(known, UNLIKE).mask(alike, ALIKE)
    out = own.rename(columns={"montant": "montant_promis"}).assign(
        nature_montant=own["nature_montant"].map(AMOUNT_KIND_LABELS).fillna("non précisé"),
        part_executee=percent(own["montant_execute"].where(alike), own["montant"]),
        constat_montant=found,
        a_confirmer=flag_uncertain(own),
        reserve=own["note"].fillna(""),
    )
    columns = ["code_engagement", "nom_partenaire", "libelle_engagement", "montant_promis", "nature_montant", "periode"]
    columns += ["montant_execute", "part_executee", "constat_montant", "a_confirmer", "reserve"]
    return out[columns].reset_index(drop=True)


def reword(ledger: pd.DataFrame, proposals: pd.DataFrame) -> pd.DataFrame:
    """Commitments without measurable object, each with the wording proposed for it.

    Columns: code_engagement, nom_partenaire, libelle_engagement, libelle_propose, unite, recueil.
    « aucune proposition » where there is none.
    """
    own = ledger.loc[ledger["verifiable"] == "non", ["code_engagement", "nom_partenaire", "libelle_engagement"]]
    wanted = ["code_engagement", "libelle_propose", "unite", "recueil"]
    out = own.merge(proposals[wanted], on="code_engagement", how="left", validate="one_to_one")
    return out.fillna({"libelle_propose": NO_PROPOSAL, "unite": "", "recueil": ""}).reset_index(drop=True)


def flag_uncertain(rows: pd.DataFrame) -> pd.Series:
    """« à confirmer » where a row is uncertain, nothing elsewhere."""
    return rows["est_incertain"].fillna(False).astype(bool).map({True: "à confirmer", False: ""}).astype("str")


def _periods(commitments: pd.DataFrame) -> pd.Series:
    """« 2017 à 2021 », « depuis 2019 », « jusqu'en 2021 », « non écrite »."""
    texts = []
    for first, last in zip(commitments["annee_debut"], commitments["annee_fin"], strict=True):
        match (pd.notna(first), pd.notna(last)):
            case (True, True):
                texts.append(f"{first} à {last}")
            case (True, False):
                texts.append(f"depuis {first}")
            case (False, True):
                texts.append(f"jusqu'en {last}")
            case _:
                texts.append("non écrite")
    return pd.Series(texts, index=commitments.index, dtype="str")
