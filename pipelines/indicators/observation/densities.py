"""Counts set against a population: rates per hundred inhabitants, and how over-represented a territory is.

Job seekers per hundred inhabitants are no unemployment rate: the active population is not known. Source: domain brief,
section 8.
"""

import pandas as pd


def rate_by_population(
    observations: pd.DataFrame, territories: pd.DataFrame, counted: str, population: str
) -> pd.DataFrame:
    """What is counted per hundred inhabitants, by territory and year where both are known.

    Columns: code_territoire, nom_territoire, type_territoire, annee, nb_comptes, nb_habitants, part_habitants (in
    percent), id_source (of what is counted).
    """
    held = observations[observations["millesime"].str.fullmatch(r"\d{4}").fillna(False).astype(bool)]
    key = ["code_territoire", "millesime"]
    counts = held.loc[held["code_indicateur"] == counted, [*key, "valeur", "id_source"]]
    people = held.loc[held["code_indicateur"] == population, [*key, "valeur"]]
    both = counts.rename(columns={"valeur": "nb_comptes"}).merge(
        people.rename(columns={"valeur": "nb_habitants"}), on=key, validate="one_to_one"
    )
    named = both.merge(
        territories[["code_territoire", "nom_territoire", "type_territoire"]],
        on="code_territoire",
        validate="many_to_one",
    )
    named["annee"] = named["millesime"].astype("int64")
    base = named["nb_habitants"].astype("Float64")
    named["part_habitants"] = 100 * named["nb_comptes"] / base.mask(base == 0)
    columns = ["code_territoire", "nom_territoire", "type_territoire", "annee", "nb_comptes", "nb_habitants"]
    return named.sort_values(["code_territoire", "annee"])[[*columns, "part_habitants", "id_source"]].reset_index(
        drop=True
    )


def gap_to_rest_of_whole(rates: pd.DataFrame, whole: str) -> pd.DataFrame:
    """Each territory's rate beside that of the rest of a whole that it is wholly inside of, year by year.

    `rates`: of `rate_by_population`, the whole's own rows among them. More columns: part_reste, ecart_reste (points).
    Missing where the whole or the territory has no count.
    """
    total = rates.loc[rates["code_territoire"] == whole, ["annee", "nb_comptes", "nb_habitants"]]
    total = total.rename(columns={"nb_comptes": "nb_comptes_tout", "nb_habitants": "nb_habitants_tout"})
    parts = rates[rates["code_territoire"] != whole].merge(total, on="annee", how="left", validate="many_to_one")
    people = (parts["nb_habitants_tout"] - parts["nb_habitants"]).astype("Float64")
    rest = 100 * (parts["nb_comptes_tout"] - parts["nb_comptes"]) / people.mask(people <= 0)
    out = parts.assign(part_reste=rest, ecart_reste=parts["part_habitants"] - rest)
    return out[[*rates.columns, "part_reste", "ecart_reste"]].reset_index(drop=True)


def overrepresent(rates: pd.DataFrame, whole: str) -> pd.DataFrame:
    """How over-represented each territory is among what is counted: its share of the count over its share of people.

    `rates`: of `rate_by_population`, the whole's own rows among them. Columns: code_territoire, nom_territoire, annee,
    part_comptes, part_population (percent of the whole), coefficient_surrepresentation (1: as its population),
    id_source.
    """
    total = rates[rates["code_territoire"] == whole].set_index("annee")
    parts = rates[rates["code_territoire"] != whole]
    counted = 100 * parts["nb_comptes"] / parts["annee"].map(total["nb_comptes"]).astype("Float64")
    people = 100 * parts["nb_habitants"] / parts["annee"].map(total["nb_habitants"]).astype("Float64")
    out = parts.assign(
        part_comptes=counted, part_population=people, coefficient_surrepresentation=counted / people.mask(people == 0)
    )
    columns = ["code_territoire", "nom_territoire", "annee", "part_comptes", "part_population"]
    return out[[*columns, "coefficient_surrepresentation", "id_source"]].reset_index(drop=True)
