"""How the programme works: renewals, small grants, several years, concentration of holders, delays, final accounts."""

import datetime
from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.monitoring.definitions import UNKNOWN, classes, percent
from pipelines.numbers import format_euros
from pipelines.tables import GRANTED

ON_TIME, LATE, UNDATED, MISSING, NOT_DUE = (
    "Reçu à temps", "Reçu en retard", "Reçu, date inconnue", "Manquant", "Pas encore dû",
)  # fmt: skip
ACCOUNT_STATES = (ON_TIME, LATE, UNDATED, MISSING, NOT_DUE)


def summarise_practice(
    actions: pd.DataFrame,
    *,
    seuil_petite_subvention: float,
    base_minimale: int = 1,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Renewals, multi-year actions and small grants among granted actions, each over the actions that inform it.

    Columns: pratique, nb_actions (missing where no action informs it), nb_renseignees, part_actions. A small grant is
    strictly under the threshold, in euros. No share of fewer than `base_minimale` actions.
    """
    kept = actions[actions["statut"].isin(granted)]
    small = (kept["montant_accorde"] < seuil_petite_subvention).astype("boolean")
    flags = {
        "Reconduites de l'année précédente": kept["est_reconduction"],
        "Financées sur plusieurs années": kept["est_pluriannuelle"],
        f"Subvention inférieure à {format_euros(seuil_petite_subvention)}": small.mask(kept["montant_accorde"].isna()),
    }
    rows = [(name, int(flag.sum()), int(flag.notna().sum())) for name, flag in flags.items()]
    out = pd.DataFrame(rows, columns=["pratique", "nb_actions", "nb_renseignees"]).convert_dtypes()
    out["nb_actions"] = out["nb_actions"].mask(out["nb_renseignees"] == 0)
    return out.assign(part_actions=percent(out["nb_actions"], out["nb_renseignees"], base_minimale))


def rank_holders(actions: pd.DataFrame, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Holders of granted actions by euros granted, the largest first, equal amounts by name.

    Columns: nom_porteur, nb_actions, montant_accorde, part_montant, part_cumulee. A holder is known by its SIRET, else
    by its name; a name written in several ways under one SIRET is shown as it is written most.
    """
    kept = actions[actions["statut"].isin(granted)]
    names = kept["nom_porteur"].fillna(UNKNOWN)
    groups = kept.assign(nom_porteur=names).groupby(kept["code_siret"].fillna(names))
    out = groups.agg(
        nom_porteur=("nom_porteur", lambda written: written.mode().iloc[0]),
        nb_actions=("code_action", "size"),
    )
    out["montant_accorde"] = groups["montant_accorde"].sum(min_count=1).astype("Float64")
    out = out.sort_values(["montant_accorde", "nom_porteur"], ascending=[False, True], kind="stable")
    whole = pd.Series(out["montant_accorde"].sum(), index=out.index, dtype="Float64")
    out = out.assign(part_montant=percent(out["montant_accorde"], whole))
    return out.assign(part_cumulee=out["part_montant"].cumsum()).reset_index(drop=True)


def concentrate(holders: pd.DataFrame) -> float | None:
    """Herfindahl-Hirschman index of `rank_holders`, 0 to 1; None where nothing is granted."""
    shares = holders["part_montant"].dropna().astype(float) / 100
    return float((shares**2).sum()) if len(shares) else None


def measure_delays(actions: pd.DataFrame, by: str, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Days from the decision to the first payment, by one column of the granted actions, with a row for all of them.

    Columns: `by`, nb_financees, nb_actions (both dates known, in order), nb_jours_premier_quart, nb_jours_median,
    nb_jours_dernier_quart. A payment before its decision gives no delay.
    """
    kept = actions[actions["statut"].isin(granted)]
    days = (kept["date_versement"] - kept["date_decision"]).dt.days.astype("Float64")
    days = days.mask(days < 0)
    parts = classes(kept[[by]].assign(jours=days), by)
    rows = [(name, *_quartiles(own["jours"])) for name, own in parts]
    columns = [by, "nb_financees", "nb_actions", "nb_jours_premier_quart", "nb_jours_median", "nb_jours_dernier_quart"]
    return pd.DataFrame(rows, columns=columns).convert_dtypes()


def _quartiles(days: pd.Series) -> tuple[int | float, ...]:
    known = days.dropna().astype(float)
    quarts = known.quantile([0.25, 0.5, 0.75]).round() if len(known) else [float("nan")] * 3
    return len(days), len(known), *quarts


def follow_accounts(
    actions: pd.DataFrame,
    date_arret: datetime.date,
    *,
    mois_delai: int = 6,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """The granted actions with date_due and etat_bilan (ACCOUNT_STATES) of their final account, at `date_arret`.

    Due `mois_delai` months after the end of the year in which the action ends, of its programming year where no end is
    known. An account is received where its date is known, or where the state of the dossier says so.
    """
    kept = actions[actions["statut"].isin(granted)]
    year = kept["date_fin"].dt.year.astype("Int64").fillna(kept["annee"])
    end_of_year = pd.to_datetime(year.astype("Int64").astype("str") + "-12-31")
    due = (end_of_year + pd.DateOffset(months=mois_delai)) + pd.offsets.MonthEnd(0)
    received, told = kept["date_bilan"], kept["statut"] == "justifie"
    state = pd.Series(MISSING, index=kept.index).mask(due > pd.Timestamp(date_arret), NOT_DUE)
    state = state.mask(told & received.isna(), UNDATED).mask(received > due, LATE).mask(received <= due, ON_TIME)
    return kept.assign(date_due=due.astype("datetime64[s]"), etat_bilan=state)


def summarise_accounts(followed: pd.DataFrame, by: str, *, base_minimale: int = 1) -> pd.DataFrame:
    """Final accounts by one column of `follow_accounts`, with a row for all.

    Columns: `by`, nb_financees, nb_dus, nb_a_temps, nb_en_retard, nb_sans_date, nb_manquants, taux_bilans (received of
    due), taux_bilans_delai (on time, of those due that are missing or dated). One received before its date is due too.
    """
    rows = [
        (name, len(own), *(int((own["etat_bilan"] == state).sum()) for state in ACCOUNT_STATES[:4]))
        for name, own in classes(followed[[by, "etat_bilan"]], by)
    ]
    out = pd.DataFrame(rows, columns=[by, "nb_financees", "nb_a_temps", "nb_en_retard", "nb_sans_date", "nb_manquants"])
    dated = out["nb_a_temps"] + out["nb_en_retard"] + out["nb_manquants"]
    due = dated + out["nb_sans_date"]
    known = (out["nb_a_temps"] + out["nb_en_retard"]) > 0
    out = out.assign(
        nb_dus=due,
        taux_bilans=percent(due - out["nb_manquants"], due, base_minimale),
        # Where no date was ever written, nobody knows what came in time.
        taux_bilans_delai=percent(out["nb_a_temps"], dated, base_minimale).where(known),
    )
    counts = ["nb_dus", "nb_a_temps", "nb_en_retard", "nb_sans_date", "nb_manquants"]
    return out[[by, "nb_financees", *counts, "taux_bilans", "taux_bilans_delai"]].convert_dtypes()
