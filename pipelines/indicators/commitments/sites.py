"""Renewal sites and property-tax rebates, quartier by quartier: status, action, amount, and what nobody said."""

import pandas as pd

from pipelines.indicators.commitments.ledger import flag_uncertain
from pipelines.tables import REBATE_STATUS_LABELS, SITE_STATUS_LABELS

UNNAMED, UNSAID = "quartier non nommé", "non renseigné"


def describe_sites(sites: pd.DataFrame, follow_up: pd.DataFrame, names: pd.Series, arret: pd.Timestamp) -> pd.DataFrame:
    """Each programme in each quartier once, whatever the number of mentions, with what was last said of its actions.

    Columns: quartier, programme, sites, communes, libelle_statut, action, montant (euros), a_confirmer. `names`: label
    of each quartier by code. Sites of no named quartier stay apart, one row each.
    """
    keyed = sites.assign(
        quartier=sites["code_territoire"]
        .map(names)
        .fillna(sites["code_territoire"])
        .fillna(UNNAMED + " (" + sites["communes"].str.replace(" | ", ", ", regex=False) + ")"),
        a_confirmer=flag_uncertain(sites),
        # Without a quartier, two sites are two sites.
        cle=sites["code_territoire"].fillna(sites["rang"].astype("str")),
    )
    mentions = keyed.groupby(["programme", "cle"], as_index=False, sort=False).agg(
        code_territoire=("code_territoire", "first"), quartier=("quartier", "first"), sites=("nom_site", _join),
        communes=("communes", _join), a_confirmer=("a_confirmer", "max"),
    )  # fmt: skip
    said = follow_up[follow_up["date_suivi"] <= arret].sort_values("date_suivi", kind="stable")
    last = said.drop_duplicates(["code_territoire", "programme", "action"], keep="last")
    last = last.rename(columns={"code_territoire": "cle"})[["cle", "programme", "action", "statut", "montant"]]
    out = mentions.merge(last, on=["cle", "programme"], how="left", validate="one_to_many")
    out = out.assign(
        libelle_statut=out["statut"].map(SITE_STATUS_LABELS).fillna(UNSAID), action=out["action"].fillna(UNSAID)
    )
    columns = ["quartier", "programme", "sites", "communes", "libelle_statut", "action", "montant", "a_confirmer"]
    # The quartiers by name, those that nobody named last.
    return out.sort_values(["code_territoire", "programme"], kind="stable")[columns].reset_index(drop=True)


def describe_rebates(rebates: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Actions of the rebate agreements by quartier: quartier, bailleur, periode, libelle_statut, action, montant."""
    periods = [
        f"{first} à {last}" if pd.notna(last) else f"depuis {first}"
        for first, last in zip(rebates["annee_debut"], rebates["annee_fin"], strict=True)
    ]
    out = rebates.assign(
        quartier=rebates["code_territoire"].map(names).fillna(rebates["code_territoire"]),
        periode=pd.Series(periods, index=rebates.index, dtype="str"),
        libelle_statut=rebates["statut"].map(REBATE_STATUS_LABELS),
    ).sort_values(["code_territoire", "bailleur", "annee_debut"], kind="stable")
    return out[["quartier", "bailleur", "periode", "libelle_statut", "action", "montant"]].reset_index(drop=True)


def _join(texts: pd.Series) -> str:
    """The different texts of several mentions, lists of communes merged."""
    parts = [part for text in texts for part in str(text).split(" | ")]
    return ", ".join(dict.fromkeys(parts))
