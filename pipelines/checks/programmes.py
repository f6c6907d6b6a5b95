"""Checks of programmed actions: decisions, amounts, territories and beneficiaries."""

from typing import Literal

import pandas as pd

from pipelines.tables import MOMENTS, STATUSES
from pipelines.verdict import text_of

Status = Literal[STATUSES]
Amount = Literal["montant_demande", "montant_accorde", "montant_verse"]


def expect_grant_only_after_decision(
    funding: pd.DataFrame, actions: pd.DataFrame, *, statuses: list[Status]
) -> pd.DataFrame:
    """Amounts granted to an action of another status than `statuses`; an unknown status cannot be judged."""
    known = actions[["code_action", "statut"]].drop_duplicates("code_action")
    rows = funding[funding["montant_accorde"].gt(0).fillna(False)]
    rows = rows.merge(known, on="code_action", how="left", validate="many_to_one")
    rows = rows[rows["statut"].notna() & ~rows["statut"].isin(statuses)]
    return rows.assign(valeur=rows["code_action"].astype("str") + " : " + rows["statut"].astype("str"))


def expect_funding_within_cost(
    funding: pd.DataFrame, actions: pd.DataFrame, *, amount: Amount, tolerance: float
) -> pd.DataFrame:
    """First row of each action whose funders together bring more than its total cost (`tolerance` in euros).

    The sum need not reach the cost: what the holder pays itself is not among the funding rows.
    """
    sums = funding.groupby("code_action", observed=True, as_index=False)[amount].sum(min_count=1)
    sums = sums.astype({"code_action": "str"})
    costs = actions[["code_action", "montant_cout_total"]].drop_duplicates("code_action")
    both = sums.merge(costs, on="code_action", validate="one_to_one")
    over = both[both[amount].gt(both["montant_cout_total"] + tolerance).fillna(False)]
    told = over["code_action"] + " : " + over[amount].map(text_of).astype("str") + " €, coût total "
    over = over.assign(valeur=told + over["montant_cout_total"].map(text_of).astype("str") + " €")
    return _first_rows(funding, over, ["code_action"])


def expect_shares_to_add_up(places: pd.DataFrame, *, tolerance: float) -> pd.DataFrame:
    """Territories of an action whose shares neither sum to 100 % (within `tolerance` points) nor are all unknown."""
    shares = places.groupby("code_action", observed=True)["part_territoire"]
    total = shares.transform("sum")
    known = shares.transform("count")
    whole = known.eq(shares.transform("size")) & total.sub(100).abs().le(tolerance)
    faults = places[~whole & known.gt(0)]
    told = faults["code_action"].astype("str") + " : " + total[faults.index].map(text_of).astype("str") + " %"
    return faults.assign(valeur=told)


def expect_headcounts_to_agree(people: pd.DataFrame) -> pd.DataFrame:
    """First row of each action and moment whose totals by sex, age and residence, where given, are not the same."""
    group = ["code_action", "moment"]
    totals = people.groupby([*group, "dimension"], observed=True, as_index=False)["nb_personnes"].sum()
    by_group = totals.groupby(group, observed=True)["nb_personnes"]
    apart = totals[by_group.transform("min") != by_group.transform("max")].astype(dict.fromkeys(totals, "str"))
    apart = apart.assign(valeur=apart["dimension"] + " " + apart["nb_personnes"])
    told = apart.groupby(group, as_index=False)["valeur"].agg(", ".join)
    told = told.assign(valeur=told["code_action"] + ", " + told["moment"] + " : " + told["valeur"])
    return _first_rows(people, told, group)


def expect_headcounts_near_plan(people: pd.DataFrame, *, lowest: float, highest: float) -> pd.DataFrame:
    """First row of each action that reached less than `lowest` or more than `highest` times the persons planned.

    The greatest total over sex, age and residence stands for the action: the others may be less well filled in.
    """
    totals = people.groupby(["code_action", "moment", "dimension"], observed=True)["nb_personnes"].sum(min_count=1)
    wide = (
        totals.groupby(["code_action", "moment"], observed=True).max().unstack("moment").reindex(columns=list(MOMENTS))
    )
    wide = wide.astype("Float64")
    ratio = wide["realise"] / wide["prevu"].mask(wide["prevu"] == 0)
    far = wide[(ratio.lt(lowest) | ratio.gt(highest)).fillna(False)].reset_index().astype({"code_action": "str"})
    told = far["code_action"] + " : prévu " + far["prevu"].map(text_of).astype("str") + ", réalisé "
    return _first_rows(people, far.assign(valeur=told + far["realise"].map(text_of).astype("str")), ["code_action"])


def expect_year_within_dates(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions whose programming year is outside the years of their own dates."""
    early = actions["date_debut"].dt.year > actions["annee"]
    late = actions["date_fin"].dt.year < actions["annee"]
    faults = actions[early.fillna(False) | late.fillna(False)]
    return faults.assign(valeur=faults["annee"].astype("str"))


def _first_rows(rows: pd.DataFrame, faults: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    """The first row of each group at fault, with the group's text."""
    # Long tables come with their texts held once, as categories: only the rows concerned become text again.
    concerned = rows[rows["code_action"].isin(faults["code_action"])].drop_duplicates(group)
    return concerned.astype(dict.fromkeys(group, "str")).merge(
        faults[[*group, "valeur"]], on=group, validate="one_to_one"
    )
