"""What the survey says of the quartiers: where structures stand, what they open there, what is not known."""

import pandas as pd

from pipelines.indicators.digital.supply import SITUATIONS
from pipelines.indicators.monitoring.definitions import TOTAL, percent

NO_POPULATION = "aucune population publiée pour ce périmètre"


def cross_situations(placed: pd.DataFrame, offers: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """One row per situation of `place_structures`, the whole last, of the structures that answered.

    Columns: lieu_structure, nb_structures, part_structures, nb_acces_libre (open to whoever comes), nb_aide_demarches
    (that help with procedures). No share of fewer than `base_minimale` structures.
    """
    answering = placed[placed["est_repondante"]]
    helping = set(offers.loc[offers["type_offre"] == "aide_demarches", "code_structure"])
    told = pd.DataFrame(
        {
            "lieu_structure": answering["lieu_structure"],
            "nb_structures": 1,
            "nb_acces_libre": answering["est_acces_libre"].fillna(False).astype(int),
            "nb_aide_demarches": answering["code_structure"].isin(helping).astype(int),
        }
    )
    out = told.groupby("lieu_structure").sum().reindex(list(SITUATIONS), fill_value=0).rename_axis("lieu_structure")
    out.loc[TOTAL] = out.sum()
    out = out.astype("Int64").reset_index()
    whole = pd.Series(len(answering), index=out.index)
    out.insert(2, "part_structures", percent(out["nb_structures"], whole, base_minimale))
    return out


def list_quartiers_served(
    placed: pd.DataFrame, territories: pd.DataFrame, containment: pd.DataFrame, population: pd.DataFrame
) -> pd.DataFrame:
    """One row per quartier prioritaire of the geography of the survey's places: what stands in it, and around.

    `territories`: the rows of these quartiers; `population`: `read_population` of the quartiers. Columns:
    code_territoire, nom_territoire, communes, nb_structures (in it), nb_structures_commune (that give its communes as
    their place), nb_habitants (missing where nobody publishes it).
    """
    answering = placed[placed["est_repondante"]]
    at = answering["code_territoire"].value_counts()
    links = containment[containment["type_parent"] == "commune"]
    around = links.assign(nb=links["code_parent"].map(at).fillna(0)).groupby("code_territoire")
    out = territories[["code_territoire", "nom_territoire"]].merge(
        population[["code_territoire", "nb_habitants"]], on="code_territoire", how="left", validate="one_to_one"
    )
    out = out.assign(
        communes=out["code_territoire"]
        .map(around["nom_parent"].agg(", ".join))
        .astype("object")
        .fillna("")
        .astype("str"),
        nb_structures=out["code_territoire"].map(at).fillna(0).astype("Int64"),
        nb_structures_commune=out["code_territoire"].map(around["nb"].sum()).fillna(0).astype("Int64"),
    )
    columns = ["code_territoire", "nom_territoire", "communes", "nb_structures", "nb_structures_commune"]
    return out.sort_values("code_territoire", ignore_index=True)[[*columns, "nb_habitants"]]
