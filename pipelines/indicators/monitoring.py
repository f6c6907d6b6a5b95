"""Programme monitoring: what was asked, granted and paid, by what, for whom. Source: domain brief, section 8.

Amounts are euros over all funders. An action counts as granted when its status is in `granted` (financé, réalisé or
justifié). Totals are computed from the actions, never by adding rates.
"""

from collections.abc import Sequence

import pandas as pd

from pipelines.disclosure import hide_small_counts
from pipelines.tables import DIMENSIONS, GRANTED

TOTAL = "Ensemble"
SEVERAL = "Multi-territoires, non réparti"
NOWHERE = "Non localisé"
INTERCOMMUNAL = "Quartiers à cheval sur plusieurs communes"
WHOLE = "Toute l'agglomération"
AMOUNTS = ["montant_demande", "montant_accorde", "montant_verse"]

DEFINITIONS = {
    "taux_acceptation": "taux d'acceptation : actions financées sur actions financées ou refusées ; dossiers inéligibles, "
    "retirés ou non tranchés exclus",
    "taux_satisfaction": "taux de satisfaction : montant accordé sur montant demandé, actions financées seulement",
    "taux_versement": "taux de versement : montant versé à la date d'arrêt sur montant accordé",
    "taux_realisation": "taux de réalisation : personnes touchées sur personnes prévues, pour les actions qui donnent les "
    "deux ; une même personne peut être comptée dans plusieurs actions",
    "part_femmes": "part des femmes : femmes sur femmes et hommes ; sexe non renseigné exclu",
}


def define(*names: str) -> str:
    """The printed definitions of the named indicators."""
    text = " ; ".join(DEFINITIONS[name] for name in names)
    return f"{text[0].upper()}{text[1:]}."


def sum_amounts(actions: pd.DataFrame, funding: pd.DataFrame) -> pd.DataFrame:
    """The actions with their amounts over all funders, in euros; missing where no funder states one."""
    sums = funding.groupby("code_action")[AMOUNTS].sum(min_count=1)
    return actions.merge(sums, how="left", left_on="code_action", right_index=True, validate="one_to_one")


def monitor_by(actions: pd.DataFrame, by: str, *, granted: Sequence[str] = GRANTED, total: bool = True) -> pd.DataFrame:
    """Applications, granted actions and euros by one column of the actions, with a row for all of them.

    `actions` carries the amounts (`sum_amounts`). Columns: `by`, nb_demandes, nb_financees, taux_acceptation,
    montant_demande (granted actions), montant_accorde, taux_satisfaction, montant_verse, taux_versement.
    """
    labels = actions[by].astype("object").where(actions[by].notna(), "Non renseigné")
    rows = [_monitor(group, name, by, granted) for name, group in actions.groupby(labels, sort=True)]
    if total:
        rows.append(_monitor(actions, TOTAL, by, granted))
    return pd.DataFrame(rows).convert_dtypes()


def _monitor(actions: pd.DataFrame, name: object, by: str, granted: Sequence[str]) -> dict[str, object]:
    kept = actions[actions["statut"].isin(granted)]
    decided = len(kept) + int((actions["statut"] == "refuse").sum())
    asked, given, paid = (kept[amount].sum() for amount in AMOUNTS)
    return {
        by: name,
        "nb_demandes": len(actions),
        "nb_financees": len(kept),
        "taux_acceptation": _rate(len(kept), decided),
        "montant_demande": asked,
        "montant_accorde": given,
        "taux_satisfaction": _rate(given, asked),
        "montant_verse": paid,
        "taux_versement": _rate(paid, given),
    }


def _rate(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def share_out(actions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Each action over its territories, never in full in each: one row per action and territory with `part` in percent.

    One territory: 100. Several with shares that sum to 100: these shares. Several without: one row « multi-territoires ».
    None: one row « non localisé ». The parts of an action always sum to 100.
    """
    known = links[links["code_action"].isin(actions["code_action"])]
    undivided = known.groupby("code_action")["part_territoire"].transform(lambda parts: parts.isna().any())
    spread = known.loc[~undivided, ["code_action", "code_territoire", "part_territoire"]]
    spread = spread.rename(columns={"part_territoire": "part"})
    spread["part"] = 100 * spread["part"] / spread.groupby("code_action")["part"].transform("sum")
    rest = actions.loc[~actions["code_action"].isin(spread["code_action"]), ["code_action"]]
    several = rest["code_action"].isin(known["code_action"])
    rest = rest.assign(code_territoire=several.map({True: SEVERAL, False: NOWHERE}), part=100.0)
    return pd.concat([spread, rest], ignore_index=True)


def monitor_territories(
    actions: pd.DataFrame, links: pd.DataFrame, names: pd.Series, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Granted actions and euros by territory; `names` maps a territory code to the label of the cut that is wanted.

    Columns: territoire, nb_actions (actions that touch it: not additive), montant_accorde (shared out: additive),
    part_montant. The last row is the whole programme.
    """
    kept = actions[actions["statut"].isin(granted)]
    parts = share_out(kept, links).merge(
        kept[["code_action", "montant_accorde"]], on="code_action", how="left", validate="many_to_one"
    )
    parts["territoire"] = parts["code_territoire"].map(names).fillna(parts["code_territoire"])
    parts["montant"] = parts["montant_accorde"] * parts["part"] / 100
    out = parts.groupby("territoire").agg(nb_actions=("code_action", "nunique"), montant_accorde=("montant", "sum"))
    out = out.sort_values("montant_accorde", ascending=False, kind="stable").reset_index()
    whole = pd.DataFrame(
        {"territoire": [TOTAL], "nb_actions": [len(kept)], "montant_accorde": [kept["montant_accorde"].sum()]}
    )
    out = pd.concat([out, whole], ignore_index=True)
    return out.assign(part_montant=100 * out["montant_accorde"] / whole["montant_accorde"].iloc[0]).convert_dtypes()


def name_communes(territories: pd.DataFrame, containment: pd.DataFrame, code_epci: str) -> pd.Series:
    """Label of the commune of each territory: itself, or its only commune; « à cheval » where it has several."""
    communes = territories[territories["type_territoire"] == "commune"].set_index("code_territoire")["nom_territoire"]
    inside = containment[containment["type_parent"] == "commune"].groupby("code_territoire")["nom_parent"]
    within = inside.first().where(inside.size() == 1, INTERCOMMUNAL)
    return pd.concat([communes, within, pd.Series({code_epci: WHOLE})])


def monitor_funders(actions: pd.DataFrame, funding: pd.DataFrame, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Euros asked, granted and paid by funder, on granted actions; columns code_financeur, amounts, rates; last row: all."""
    kept = funding[funding["code_action"].isin(actions.loc[actions["statut"].isin(granted), "code_action"])]
    out = kept.groupby("code_financeur")[AMOUNTS].sum().sort_values("montant_accorde", ascending=False).reset_index()
    out.loc[len(out)] = [TOTAL, *kept[AMOUNTS].sum()]
    return out.assign(
        taux_satisfaction=100 * out["montant_accorde"] / out["montant_demande"],
        part_montant=100 * out["montant_accorde"] / out["montant_accorde"].iloc[-1],
    )


def summarise_practice(
    actions: pd.DataFrame, *, seuil_petite_subvention: float, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Share of renewals, of multi-year actions and of small grants among granted actions: columns pratique, nb_actions,

    base (granted actions that inform it), part_actions. A small grant is strictly under the threshold, in euros.
    """
    kept = actions[actions["statut"].isin(granted)]
    small = (kept["montant_accorde"] < seuil_petite_subvention).astype("boolean")
    flags = {
        "Reconduites de l'année précédente": kept["est_reconduction"],
        "Financées sur plusieurs années": kept["est_pluriannuelle"],
        f"Subvention inférieure à {seuil_petite_subvention:.0f} €": small.mask(kept["montant_accorde"].isna()),
    }
    rows = [(name, int(flag.sum()), int(flag.notna().sum())) for name, flag in flags.items()]
    out = pd.DataFrame(rows, columns=["pratique", "nb_actions", "nb_renseignees"])
    return out.assign(part_actions=100 * out["nb_actions"] / out["nb_renseignees"])


def compare_planned_reached(
    actions: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    dimension: str,
    *,
    seuil: int,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Persons planned and reached by modality, on the granted actions that state both; small counts hidden.

    Columns: modalite, nb_prevu, nb_realise, taux_realisation; last row: all. `seuil`: smallest count that is shown.
    The number of actions compared is in `count_both`.
    """
    kept = _both(actions, beneficiaries, dimension, granted)
    wide = kept.pivot_table(index="modalite", columns="moment", values="nb_personnes", aggfunc="sum")
    wide = wide.reindex(index=[m for m in DIMENSIONS[dimension] if m in wide.index], columns=["prevu", "realise"])
    wide.loc[TOTAL] = wide.sum()
    out = wide.rename(columns={"prevu": "nb_prevu", "realise": "nb_realise"}).rename_axis(columns=None).reset_index()
    out[["nb_prevu", "nb_realise"]] = out[["nb_prevu", "nb_realise"]].astype("Int64")
    out = hide_small_counts(out, ["nb_realise"], seuil=seuil, total=TOTAL)
    return out.assign(taux_realisation=100 * out["nb_realise"].astype("Float64") / out["nb_prevu"].astype("Float64"))


def count_both(
    actions: pd.DataFrame, beneficiaries: pd.DataFrame, dimension: str, *, granted: Sequence[str] = GRANTED
) -> tuple[int, int]:
    """Granted actions that state beneficiaries both planned and reached for a dimension, and all granted actions."""
    kept = _both(actions, beneficiaries, dimension, granted)
    return kept["code_action"].nunique(), int(actions["statut"].isin(granted).sum())


def _both(actions: pd.DataFrame, beneficiaries: pd.DataFrame, dimension: str, granted: Sequence[str]) -> pd.DataFrame:
    codes = actions.loc[actions["statut"].isin(granted), "code_action"]
    kept = beneficiaries[beneficiaries["code_action"].isin(codes) & (beneficiaries["dimension"] == dimension)]
    moments = kept.groupby("code_action")["moment"].nunique()
    return kept[kept["code_action"].isin(moments[moments == 2].index)]


def women_share(by_sex: pd.DataFrame, column: str) -> float | None:
    """Women among women and men, in percent, from a table by sex; None where a count is hidden or missing."""
    counts = by_sex.set_index("modalite")[column].reindex(["femmes", "hommes"])
    return None if counts.isna().any() or counts.sum() == 0 else float(100 * counts["femmes"] / counts.sum())
