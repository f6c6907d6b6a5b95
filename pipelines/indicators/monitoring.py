"""Programme monitoring: what was asked, granted and paid, by what, for whom. Source: domain brief, section 8.

Amounts are euros over all funders. An action counts as granted when its status is in `granted` (financé, réalisé or
justifié). Totals are computed from the actions, never by adding rates.
"""

from collections.abc import Sequence

import pandas as pd

from pipelines.disclosure import ALL
from pipelines.errors import UsageError
from pipelines.numbers import format_euros
from pipelines.tables import DIMENSIONS, GRANTED

TOTAL = "Ensemble"
UNKNOWN = "Non renseigné"
SEVERAL = "Multi-territoires, non réparti"
NOWHERE = "Non localisé"
INTERCOMMUNAL = "Quartiers à cheval sur plusieurs communes"
WHOLE = "Toute l'agglomération"
AMOUNTS = ["montant_demande", "montant_accorde", "montant_verse"]

DEFINITIONS = {
    "taux_acceptation": "taux d'acceptation : actions financées sur actions financées ou refusées ; dossiers "
    "inéligibles, retirés ou non tranchés exclus",
    "taux_satisfaction": "taux de satisfaction : montant accordé sur montant demandé, actions financées seulement",
    "taux_versement": "taux de versement : montant versé à la date d'arrêt sur montant accordé",
    "taux_realisation": "taux de réalisation : personnes touchées sur personnes prévues, pour les actions qui donnent "
    "les deux ; une même personne peut être comptée dans plusieurs actions",
    "part_femmes": "part des femmes : femmes sur femmes et hommes ; sexe non renseigné exclu",
}


def define(*names: str, base_minimale: int = 0) -> str:
    """The printed definitions of the named indicators, and the smallest base under which a share is not given."""
    text = " ; ".join(DEFINITIONS[name] for name in names)
    base = f" Pas de taux sur moins de {base_minimale} cas." if base_minimale else ""
    return f"{text[0].upper()}{text[1:]}.{base}"


def sum_amounts(actions: pd.DataFrame, funding: pd.DataFrame) -> pd.DataFrame:
    """The actions with their amounts over all funders, in euros; missing where no funder states one."""
    sums = funding.groupby("code_action")[AMOUNTS].sum(min_count=1)
    return actions.merge(sums, how="left", left_on="code_action", right_index=True, validate="one_to_one")


def monitor_by(
    actions: pd.DataFrame, by: str, *, granted: Sequence[str] = GRANTED, total: bool = True, base_minimale: int = 1
) -> pd.DataFrame:
    """Applications, granted actions and euros by one column of the actions, with a row for all of them.

    `actions` carries the amounts (`sum_amounts`). Columns: `by`, nb_demandes, nb_financees, taux_acceptation,
    montant_demande (granted actions), montant_accorde, taux_satisfaction, montant_verse, taux_versement. A rate without
    a denominator is missing, and the acceptance rate of fewer than `base_minimale` decided applications; so is an
    amount that no granted action states. « Non renseigné » comes after the others.
    """
    labels = actions[by].astype("object").where(actions[by].notna(), UNKNOWN)
    names = sorted(set(labels), key=lambda name: (name == UNKNOWN, name))
    rows = [(name, *_count_and_sum(actions[labels == name], granted)) for name in names]
    if total:
        rows.append((TOTAL, *_count_and_sum(actions, granted)))
    counts = ["nb_demandes", "nb_financees", "nb_refusees"]
    out = pd.DataFrame(rows, columns=[by, *counts, *AMOUNTS])
    out = out.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(AMOUNTS, "Float64"))
    decided = out["nb_financees"] + out["nb_refusees"]
    out["taux_acceptation"] = percent(out["nb_financees"], decided, base_minimale)
    out["taux_satisfaction"] = percent(out["montant_accorde"], out["montant_demande"])
    out["taux_versement"] = percent(out["montant_verse"], out["montant_accorde"])
    applications = [by, "nb_demandes", "nb_financees", "taux_acceptation"]
    return out[
        [*applications, "montant_demande", "montant_accorde", "taux_satisfaction", "montant_verse", "taux_versement"]
    ]


def _count_and_sum(actions: pd.DataFrame, granted: Sequence[str]) -> tuple[object, ...]:
    kept = actions[actions["statut"].isin(granted)]
    # Nothing granted is 0 euro; granted actions that state no amount are an unknown number of euros.
    amounts = kept[AMOUNTS].sum(min_count=min(1, len(kept)))
    return len(actions), len(kept), int((actions["statut"] == "refuse").sum()), *amounts


def percent(part: pd.Series, whole: pd.Series, smallest: int = 0) -> pd.Series:
    """Part of whole in percent (Float64); missing, never infinite, where the whole is 0, absent or under `smallest`."""
    return 100 * part.astype("Float64") / whole.astype("Float64").mask((whole == 0) | (whole < smallest))


def share_out(actions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Each action over its territories, never in full in each: one row per action and territory with `part` in percent.

    Territories whose shares are all known: these shares, scaled to 100. A share missing, or nothing but zeros: one row
    « multi-territoires ». No territory: one row « non localisé ». The parts of an action always sum to 100.
    """
    known = links[links["code_action"].isin(actions["code_action"])]
    parts = known.groupby("code_action")["part_territoire"]
    whole = parts.transform("sum").mask(parts.transform("count") < parts.transform("size"))
    divided = (whole > 0).fillna(False).astype(bool)
    spread = known.loc[divided, ["code_action", "code_territoire"]]
    spread = spread.assign(part=percent(known["part_territoire"], whole)[divided])
    rest = actions.loc[~actions["code_action"].isin(spread["code_action"]), ["code_action"]]
    several = rest["code_action"].isin(known["code_action"])
    rest = rest.assign(code_territoire=several.map({True: SEVERAL, False: NOWHERE}).astype("str"))
    return pd.concat([spread, rest.assign(part=pd.Series(100.0, index=rest.index, dtype="Float64"))], ignore_index=True)


def monitor_territories(
    actions: pd.DataFrame, links: pd.DataFrame, names: pd.Series, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Granted actions and euros by territory; `names` maps a territory code to the label of the cut that is wanted.

    Columns: territoire, nb_actions (actions that touch it: not additive), montant_accorde (shared out: additive;
    missing where no action there states one), part_montant. The last row is the whole programme.
    """
    kept = actions[actions["statut"].isin(granted)]
    parts = share_out(kept, links).merge(
        kept[["code_action", "montant_accorde"]], on="code_action", how="left", validate="many_to_one"
    )
    parts["territoire"] = parts["code_territoire"].map(names).fillna(parts["code_territoire"])
    parts["montant_accorde"] = parts["montant_accorde"].astype("Float64") * parts["part"] / 100
    groups = parts.groupby("territoire")
    out = groups["code_action"].nunique().rename("nb_actions").to_frame()
    out["montant_accorde"] = groups["montant_accorde"].sum(min_count=1)
    out = out.sort_values("montant_accorde", ascending=False, kind="stable").reset_index()
    out = out.astype({"territoire": "str", "nb_actions": "Int64", "montant_accorde": "Float64"})
    all_of_it = [TOTAL, len(kept), kept["montant_accorde"].sum(min_count=min(1, len(kept)))]
    out.loc[len(out)] = all_of_it
    return out.assign(part_montant=percent(out["montant_accorde"], _last(out["montant_accorde"])))


def _last(values: pd.Series) -> pd.Series:
    """The total at the end of a column, beside each of its rows."""
    return pd.Series(values.iloc[-1], index=values.index, dtype="Float64")


def name_communes(territories: pd.DataFrame, containment: pd.DataFrame, code_epci: str) -> pd.Series:
    """Label of the commune of each territory: itself, or its only commune; « à cheval » where it has several."""
    communes = territories[territories["type_territoire"] == "commune"].set_index("code_territoire")["nom_territoire"]
    inside = containment[containment["type_parent"] == "commune"].groupby("code_territoire")["nom_parent"]
    within = inside.first().where(inside.size() == 1, INTERCOMMUNAL)
    return pd.concat([communes, within, pd.Series({code_epci: WHOLE})])


def monitor_funders(actions: pd.DataFrame, funding: pd.DataFrame, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Euros asked, granted and paid by funder, on granted actions; the last row is all funders.

    Columns: code_financeur, montant_demande, montant_accorde, montant_verse (missing where no action states one),
    taux_satisfaction, part_montant (of all that is granted).
    """
    kept = funding[funding["code_action"].isin(actions.loc[actions["statut"].isin(granted), "code_action"])]
    sums = kept.groupby("code_financeur")[AMOUNTS].sum(min_count=1).astype("Float64")
    out = sums.sort_values("montant_accorde", ascending=False, kind="stable").reset_index()
    out.loc[len(out)] = [TOTAL, *kept[AMOUNTS].sum(min_count=min(1, len(kept)))]
    return out.assign(
        taux_satisfaction=percent(out["montant_accorde"], out["montant_demande"]),
        part_montant=percent(out["montant_accorde"], _last(out["montant_accorde"])),
    )


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


def compare_planned_reached(
    actions: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    reached: pd.DataFrame,
    dimension: str,
    *,
    coupe: str = ALL,
    code: str = ALL,
    base_minimale: int = 1,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Persons planned and reached by modality, on the granted actions that state both; small counts are not there.

    Columns: modalite, nb_prevu, nb_realise, taux_realisation; last row: all, missing where no action states both.
    `reached`: the table effectifs_publies; `coupe` and `code`: of which class of actions, those that are given. Years
    add up, and a count hidden in one is missing in their sum. `base_minimale`: smallest number planned that gives a
    rate. `count_both` gives the number of actions compared. UsageError where `actions` are not those of the class.
    """
    kept = _both(actions, beneficiaries, dimension, granted)
    planned = kept[kept["moment"] == "prevu"].groupby("modalite")["nb_personnes"].sum()
    own = reached[(reached["coupe"] == coupe) & (reached["code"] == code) & (reached["dimension"] == dimension)]
    own = own[own["annee"].isin(actions["annee"])]
    if own.loc[own["modalite"] == ALL, "nb_actions"].sum() != kept["code_action"].nunique():
        raise UsageError(
            f"Ces actions ne sont pas celles de la coupe « {coupe} », classe « {code} » : les effectifs réalisés ne se "
            "publient que par coupes entières (coupes_personnes de contrat.yml)."
        )
    counts = own.groupby("modalite")["nb_personnes"].agg(lambda years: years.sum(skipna=False))
    out = pd.DataFrame({"nb_prevu": planned, "nb_realise": counts.drop(ALL, errors="ignore")}).astype("Int64")
    out = out.reindex([modality for modality in DIMENSIONS[dimension] if modality in out.index])
    out.loc[TOTAL] = [planned.sum(min_count=1) if len(planned) else pd.NA, counts.get(ALL, pd.NA)]
    out = out.astype("Int64").rename_axis("modalite").reset_index()
    return out.assign(taux_realisation=percent(out["nb_realise"], out["nb_prevu"], base_minimale))


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


def women_share(by_sex: pd.DataFrame, column: str, *, base_minimale: int = 1) -> float | None:
    """Women among women and men, in percent, from a table by sex.

    None where a count is hidden or missing, or where women and men are fewer than `base_minimale`.
    """
    counts = by_sex.set_index("modalite")[column].reindex(["femmes", "hommes"])
    return None if counts.isna().any() or counts.sum() < base_minimale else float(100 * counts["femmes"] / counts.sum())
