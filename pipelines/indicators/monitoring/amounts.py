"""Applications, granted actions and euros by one column of the actions, and by funder."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.indicators.monitoring.definitions import AMOUNTS, TOTAL, among, in_order, known_labels, last_of, percent
from pipelines.tables import CREDIT_LABELS, GRANTED

OTHERS = "Autres"
UNQUALIFIED = "Non qualifié"
REST = "Porteur et autres ressources"
COST = "Total : coût des actions"


def sum_amounts(actions: pd.DataFrame, funding: pd.DataFrame) -> pd.DataFrame:
    """The actions with their amounts over all funders, in euros; missing where no funder states one."""
    sums = funding.groupby("code_action")[AMOUNTS].sum(min_count=1)
    return actions.merge(sums, how="left", left_on="code_action", right_index=True, validate="one_to_one")


def monitor_by(
    actions: pd.DataFrame, by: str, *, granted: Sequence[str] = GRANTED, total: bool = True, base_minimale: int = 1
) -> pd.DataFrame:
    """Applications, granted actions and euros by one column of the actions, with a row for all of them.

    `actions` carries the amounts (`sum_amounts`). Columns: `by`, nb_demandes, nb_financees, nb_refusees,
    montant_demande (granted actions), montant_accorde, montant_verse, taux_acceptation, taux_satisfaction,
    taux_versement. A rate without a denominator is missing, and the acceptance rate of fewer than `base_minimale`
    decided applications; so is an amount that no granted action states. « Non renseigné » comes after the others.
    """
    is_granted = actions["statut"].isin(granted)
    told = actions[AMOUNTS].astype("Float64").where(is_granted)
    told = told.assign(nb_demandes=1, nb_financees=is_granted, nb_refusees=actions["statut"] == "refuse")
    labels = known_labels(actions[by])
    parts = [told.groupby(labels).sum(min_count=1).reindex(in_order(labels))]
    if total:
        parts.append(told.sum(min_count=1).to_frame(TOTAL).T)
    out = pd.concat(parts).rename_axis(by).reset_index()
    counts = ["nb_demandes", "nb_financees", "nb_refusees"]
    out = out[[by, *counts, *AMOUNTS]].astype(dict.fromkeys(counts, "Int64")).fillna(dict.fromkeys(counts, 0))
    # Nothing granted is 0 euro; granted actions that state no amount are an unknown number of euros.
    out[AMOUNTS] = out[AMOUNTS].mask(out["nb_financees"] == 0, 0)
    return _rates(out, base_minimale)


def _rates(sums: pd.DataFrame, base_minimale: int) -> pd.DataFrame:
    """Counts and euros with the rates that follow from them."""
    decided = sums["nb_financees"] + sums["nb_refusees"]
    return sums.assign(
        taux_acceptation=percent(sums["nb_financees"], decided, base_minimale),
        taux_satisfaction=percent(sums["montant_accorde"], sums["montant_demande"]),
        taux_versement=percent(sums["montant_verse"], sums["montant_accorde"]),
    )


def monitor_funders(actions: pd.DataFrame, funding: pd.DataFrame, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Euros asked, granted and paid by funder, on granted actions; the last row is all funders.

    Columns: code_financeur, montant_demande, montant_accorde, montant_verse (missing where no action states one),
    taux_satisfaction, part_montant (of all that is granted).
    """
    kept = funding[among(funding["code_action"], actions.loc[actions["statut"].isin(granted), "code_action"])]
    sums = kept.groupby("code_financeur")[AMOUNTS].sum(min_count=1).astype("Float64")
    out = sums.sort_values("montant_accorde", ascending=False, kind="stable").reset_index()
    out.loc[len(out)] = [TOTAL, *kept[AMOUNTS].sum(min_count=min(1, len(kept)))]
    return out.assign(
        taux_satisfaction=percent(out["montant_accorde"], out["montant_demande"]),
        part_montant=percent(out["montant_accorde"], last_of(out["montant_accorde"])),
    )


def keep_largest(table: pd.DataFrame, by: str, largest: int) -> pd.DataFrame:
    """A table of `monitor_by` with the `largest` classes by euros granted; the others are one row, then the total.

    Nothing is lost: counts and euros of the others are added up, and their rates computed from these sums.
    """
    whole = table[table[by] == TOTAL]
    parts = table[table[by] != TOTAL].sort_values("montant_accorde", ascending=False, kind="stable", na_position="last")
    if len(parts) <= largest + 1:
        return pd.concat([parts, whole], ignore_index=True)
    rest = parts.iloc[largest:]
    sums = {name: rest[name].sum(min_count=1) for name in ("nb_demandes", "nb_financees", "nb_refusees", *AMOUNTS)}
    others = _rates(pd.DataFrame([{by: f"{OTHERS} ({len(rest)})", **sums}]).astype({"nb_refusees": "Int64"}), 1)
    return pd.concat([parts.iloc[:largest], others[list(parts.columns)], whole], ignore_index=True).astype(parts.dtypes)


def monitor_credits(
    actions: pd.DataFrame,
    funding: pd.DataFrame,
    credits: Mapping[str, str],
    *,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Euros granted by nature of credit, and what the funders leave, over the total cost of the granted actions.

    `actions` carries the amounts; only those whose cost is known count. `credits`: funder → specifique or droit_commun.
    Columns: nature_credit, montant_accorde, part_cout; last row: the total cost. The rest is what is not granted by
    these funders: the holder's own money, other funders, works in kind.
    """
    kept = actions[actions["statut"].isin(granted) & actions["montant_cout_total"].notna()]
    own = funding[among(funding["code_action"], kept["code_action"])]
    natures = own["code_financeur"].map(credits).map(CREDIT_LABELS).fillna(UNQUALIFIED)
    sums = own.groupby(natures)["montant_accorde"].sum().astype(float)
    sums = sums.reindex([*CREDIT_LABELS.values(), *sums.index.intersection([UNQUALIFIED])], fill_value=0.0)
    cost = float(kept["montant_cout_total"].sum())
    rows = [*sums.items(), (REST, cost - float(sums.sum())), (COST, cost)]
    out = pd.DataFrame(rows, columns=["nature_credit", "montant_accorde"]).astype({"montant_accorde": "Float64"})
    return out.assign(part_cout=percent(out["montant_accorde"], last_of(out["montant_accorde"])))


def leverage(by_credit: pd.DataFrame) -> float | None:
    """Total cost over specific credits, from `monitor_credits`; None where there is none of these."""
    amounts = by_credit.set_index("nature_credit")["montant_accorde"]
    specific = amounts[CREDIT_LABELS["specifique"]]
    return float(amounts.iloc[-1] / specific) if specific > 0 else None


def flows(actions: pd.DataFrame, funding: pd.DataFrame, by: str, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Euros granted by funder and by one column of the granted actions: code_financeur, `by`, montant_accorde."""
    kept = actions.loc[actions["statut"].isin(granted), ["code_action", by]]
    long = funding[["code_action", "code_financeur", "montant_accorde"]].merge(
        kept.assign(**{by: known_labels(kept[by])}),
        on="code_action",
        validate="many_to_one",
    )
    return long.groupby(["code_financeur", by], as_index=False)["montant_accorde"].sum(min_count=1)
