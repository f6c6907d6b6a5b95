"""Where the euros go: each action shared out over its territories, never counted in full in each."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.monitoring.definitions import AMOUNTS, TOTAL, among, known_labels, last_of, percent
from pipelines.tables import GRANTED

SEVERAL = "Multi-territoires, non réparti"
NOWHERE = "Non localisé"
INTERCOMMUNAL = "Quartiers à cheval sur plusieurs communes"
WHOLE = "Toute l'agglomération"


def share_out(actions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Each action over its territories, never in full in each: one row per action and territory with `part` in percent.

    Territories whose shares are all known: these shares, scaled to 100. A share missing, or nothing but zeros: one row
    « multi-territoires ». No territory: one row « non localisé ». The parts of an action always sum to 100.
    """
    known = links[among(links["code_action"], actions["code_action"])]
    parts = known.groupby("code_action")["part_territoire"]
    whole = parts.transform("sum").mask(parts.transform("count") < parts.transform("size"))
    divided = (whole > 0).fillna(False).astype(bool)
    spread = known.loc[divided, ["code_action", "code_territoire"]]
    spread = spread.assign(part=percent(known["part_territoire"], whole)[divided])
    rest = actions.loc[~among(actions["code_action"], spread["code_action"]), ["code_action"]]
    several = among(rest["code_action"], known["code_action"])
    rest = rest.assign(code_territoire=several.map({True: SEVERAL, False: NOWHERE}).astype("str"))
    return pd.concat([spread, rest.assign(part=pd.Series(100.0, index=rest.index, dtype="Float64"))], ignore_index=True)


def monitor_territories(
    actions: pd.DataFrame, links: pd.DataFrame, names: pd.Series, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Granted actions and euros by territory; `names` maps a territory code to the label of the cut that is wanted.

    Columns: territoire, nb_actions (actions that touch it: not additive), montant_demande, montant_accorde,
    montant_verse (shared out: additive; missing where no action there states one), part_montant (of what is granted).
    The last row is the whole programme.
    """
    kept = actions[actions["statut"].isin(granted)]
    parts = _share_amounts(kept, links, names, [])
    groups = parts.groupby("territoire")
    out = groups["code_action"].nunique().rename("nb_actions").to_frame()
    out = out.join(groups[AMOUNTS].sum(min_count=1))
    out = out.sort_values("montant_accorde", ascending=False, kind="stable").reset_index()
    out = out.astype({"territoire": "str", "nb_actions": "Int64"} | dict.fromkeys(AMOUNTS, "Float64"))
    out.loc[len(out)] = [TOTAL, len(kept), *kept[AMOUNTS].sum(min_count=min(1, len(kept)))]
    return out.assign(part_montant=percent(out["montant_accorde"], last_of(out["montant_accorde"])))


def _share_amounts(kept: pd.DataFrame, links: pd.DataFrame, names: pd.Series, more: list[str]) -> pd.DataFrame:
    """The parts of the actions with their share of the amounts, the label of their territory, and `more` columns."""
    parts = share_out(kept, links).merge(
        kept[["code_action", *AMOUNTS, *more]], on="code_action", how="left", validate="many_to_one"
    )
    shared = {name: parts[name].astype("Float64") * parts["part"] / 100 for name in AMOUNTS}
    return parts.assign(**shared, territoire=parts["code_territoire"].map(names).fillna(parts["code_territoire"]))


def name_communes(territories: pd.DataFrame, containment: pd.DataFrame, code_epci: str) -> pd.Series:
    """Label of the commune of each territory: itself, or its only commune; « à cheval » where it has several."""
    communes = territories[territories["type_territoire"] == "commune"].set_index("code_territoire")["nom_territoire"]
    inside = containment[containment["type_parent"] == "commune"].groupby("code_territoire")["nom_parent"]
    within = inside.first().where(inside.size() == 1, INTERCOMMUNAL)
    return pd.concat([communes, within, pd.Series({code_epci: WHOLE})])


def cross_territories(
    actions: pd.DataFrame, links: pd.DataFrame, names: pd.Series, by: str, *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """Euros granted by territory and one column of the granted actions, shared out: territoire, `by`, montant_accorde.

    Their sum is the programme's; a cell is missing where no action there states an amount.
    """
    kept = actions[actions["statut"].isin(granted)]
    parts = _share_amounts(kept.assign(**{by: known_labels(kept[by])}), links, names, [by])
    return parts.groupby(["territoire", by], as_index=False)["montant_accorde"].sum(min_count=1)


def home_communes(territories: pd.DataFrame, containment: pd.DataFrame) -> pd.Series:
    """Code of the commune of each territory: itself, or its only commune; a quartier of several communes has none."""
    communes = territories.loc[territories["type_territoire"] == "commune", "code_territoire"]
    inside = containment[containment["type_parent"] == "commune"].groupby("code_territoire")["code_parent"]
    only = inside.first()[inside.size() == 1]
    return pd.concat([communes.set_axis(communes), only])


def locate_actions(actions: pd.DataFrame, links: pd.DataFrame, homes: pd.Series) -> pd.DataFrame:
    """One row per action and commune that it touches, with its part there and its amounts in proportion.

    `homes`: commune of each territory (`home_communes`). The actions' columns, code_commune, part_ici (percent) and
    AMOUNTS times that part: both missing where the action is in several territories without shares. What is in a
    quartier of several communes, or in the whole agglomeration, is in no commune.
    """
    touched = links.assign(code_commune=links["code_territoire"].map(homes)).dropna(subset="code_commune")
    touched = touched[["code_action", "code_commune"]].drop_duplicates()
    parts = share_out(actions, links)
    parts = parts.assign(code_commune=parts["code_territoire"].map(homes))
    here = parts.groupby(["code_action", "code_commune"], as_index=False)["part"].sum()
    long = actions.merge(touched, on="code_action", validate="one_to_many")
    long = long.merge(here, on=["code_action", "code_commune"], how="left", validate="one_to_one")
    scaled = {name: long[name].astype("Float64") * long["part"] / 100 for name in AMOUNTS}
    return long.rename(columns={"part": "part_ici"}).assign(**scaled)


def select_lone(actions: pd.DataFrame, links: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """The actions that touch one territory alone, which is among `codes`: those whose persons can be told apart."""
    places = links.groupby("code_action")["code_territoire"].agg(["first", "size"])
    lone = places.index[(places["size"] == 1) & places["first"].isin(list(codes))]
    return actions[among(actions["code_action"], lone)]


def cover_qva(
    actions: pd.DataFrame, links: pd.DataFrame, qva: Sequence[str], *, granted: Sequence[str] = GRANTED
) -> pd.DataFrame:
    """How the granted actions of each year serve the quartiers of veille active (codes `qva`).

    Columns: annee, nb_financees, nb_actions_qva, taux_qva, montant_accorde, montant_qva (shared out there), part_qva,
    nb_qva_servis (quartiers that an action touches), nb_qva.
    """
    kept = actions[actions["statut"].isin(granted)]
    inside = links[links["code_territoire"].isin(list(qva)) & among(links["code_action"], kept["code_action"])]
    kept = kept.assign(touche=among(kept["code_action"], inside["code_action"]))
    parts = share_out(kept, links)
    parts = parts[parts["code_territoire"].isin(list(qva))].groupby("code_action")["part"].sum()
    kept = kept.assign(montant_qva=kept["montant_accorde"] * kept["code_action"].map(parts).fillna(0.0) / 100)
    years = kept.groupby("annee")
    out = years.agg(nb_financees=("code_action", "size"), nb_actions_qva=("touche", "sum"))
    out = out.join(years[["montant_accorde", "montant_qva"]].sum(min_count=1)).reset_index()
    served = inside.merge(kept[["code_action", "annee"]], on="code_action", validate="many_to_one")
    served = served.groupby("annee")["code_territoire"].nunique()
    out = out.assign(nb_qva_servis=out["annee"].map(served).fillna(0).astype("Int64"), nb_qva=len(qva))
    out = out.assign(
        taux_qva=percent(out["nb_actions_qva"], out["nb_financees"]),
        part_qva=percent(out["montant_qva"], out["montant_accorde"]),
    )
    columns = ["annee", "nb_financees", "nb_actions_qva", "taux_qva", "montant_accorde", "montant_qva", "part_qva"]
    return out[[*columns, "nb_qva_servis", "nb_qva"]].convert_dtypes()
