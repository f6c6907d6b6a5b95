"""Observed values, chosen from the tables: quartiers and their names, one indicator, one series over the years."""

import pandas as pd

from pipelines.errors import DataError

STRADDLING = "* Quartier qui déborde sur l'agglomération voisine : le chiffre porte sur le quartier entier."


def name_quartiers(territories: pd.DataFrame, containment: pd.DataFrame) -> pd.Series:
    """Label of each quartier by code, « nom (code) », with « * » where it reaches outside the agglomeration."""
    quartiers = territories[territories["type_territoire"].isin(["qpv", "qva"])].set_index("code_territoire")
    outside = containment.loc[~containment["est_dans_agglomeration"].astype(bool), "code_territoire"]
    star = pd.Series(quartiers.index.isin(outside), index=quartiers.index).map({True: " *", False: ""})
    return quartiers["nom_territoire"] + " (" + quartiers.index + ")" + star


def select(
    observations: pd.DataFrame, territories: pd.DataFrame, indicator: str, *, kinds: tuple[str, ...]
) -> pd.DataFrame:
    """Observations of one indicator for some kinds of territory, with their name and note; missing values stay.

    Columns: code_territoire, nom_territoire, type_territoire, geographie, note_territoire, millesime, valeur, statut
    (why a value is missing), id_source.
    """
    kept = observations[observations["code_indicateur"] == indicator]
    described = territories.rename(columns={"note": "note_territoire"})[
        ["code_territoire", "nom_territoire", "type_territoire", "geographie", "note_territoire"]
    ]
    joined = kept.merge(described, on="code_territoire", how="left", validate="many_to_one")
    columns = [*described.columns, "millesime", "valeur", "statut", "id_source"]
    return joined.loc[joined["type_territoire"].isin(kinds), columns].reset_index(drop=True)


def series(observations: pd.DataFrame, territories: pd.DataFrame, indicator: str, codes: list[str]) -> pd.DataFrame:
    """One indicator over the years, in long form: code_territoire, nom_territoire, annee, valeur, id_source.

    DataError where two sources give the same territory and year: which one is meant must be chosen, not guessed.
    """
    kept = observations[(observations["code_indicateur"] == indicator) & observations["code_territoire"].isin(codes)]
    kept = kept[kept["millesime"].str.fullmatch(r"\d{4}").fillna(False).astype(bool)]
    twice = kept[kept.duplicated(["code_territoire", "millesime"], keep=False)]
    if len(twice):
        sources = " et ".join(sorted(set(twice["id_source"])))
        raise DataError(
            f"« {indicator} » a plusieurs valeurs en {twice['millesime'].iloc[0]} pour un même territoire ({sources}). "
            "Choisir la source avant de tracer la série."
        )
    named = kept.merge(territories[["code_territoire", "nom_territoire"]], on="code_territoire", validate="many_to_one")
    named["annee"] = named["millesime"].astype("Int64")
    columns = ["code_territoire", "nom_territoire", "annee", "valeur", "id_source"]
    return named.sort_values(["code_territoire", "annee"])[columns].reset_index(drop=True)


def index_series(values: pd.DataFrame, base: int) -> pd.DataFrame:
    """A series with `indice_base_100`: 100 in the base year of each territory; missing without a base."""
    at_base = values[values["annee"] == base].set_index("code_territoire")["valeur"]
    at_base = values["code_territoire"].map(at_base).astype("Float64")
    return values.assign(indice_base_100=100 * values["valeur"].astype("Float64") / at_base.mask(at_base == 0))
