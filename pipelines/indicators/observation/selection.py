"""Observed values, chosen from the tables: quartiers and their names, one indicator, one series over the years."""

import pandas as pd

from pipelines.errors import DataError, UsageError
from pipelines.tables.vocabulary import IN_FORCE

STRADDLING = "* Quartier qui déborde sur l'agglomération voisine : le chiffre porte sur le quartier entier."


def name_quartiers(territories: pd.DataFrame, containment: pd.DataFrame) -> pd.Series:
    """Label of each quartier by code, « nom (code) », with « * » where it reaches outside the agglomeration."""
    quartiers = territories[territories["type_territoire"].isin(["qpv", "qva"])].set_index("code_territoire")
    outside = containment.loc[~containment["est_dans_agglomeration"].astype(bool), "code_territoire"]
    star = pd.Series(quartiers.index.isin(outside), index=quartiers.index).map({True: " *", False: ""})
    return quartiers["nom_territoire"] + " (" + quartiers.index + ")" + star


def pick_geography(territories: pd.DataFrame, year: int) -> str:
    """The geography of the quartiers of a year: that of the law if the tables hold it, else the latest that they hold.

    DataError where they hold no quartier.
    """
    held = set(territories.loc[territories["type_territoire"] == "qpv", "geographie"]) & set(IN_FORCE)
    if not held:
        raise DataError("Ce contrat n'a pas de quartier prioritaire : en déclarer dans la table « territoires ».")
    lawful = [name for name in held if IN_FORCE[name][0] <= year <= (IN_FORCE[name][1] or year)]
    return lawful[0] if lawful else max(held, key=lambda name: IN_FORCE[name][0])


def pick_rate(attempts: pd.DataFrame, indicators: pd.DataFrame, geography: str, asked: str | None) -> str:
    """The code of the percentage that a report follows over the quartiers of a geography.

    `attempts`: of `list_attempts`. None asked for: the first with a lawful gap, else the first. UsageError where what
    is asked for is no percentage of these quartiers, DataError where they have none.
    """
    rates = set(indicators.loc[indicators["unite"] == "%", "code_indicateur"])
    held = attempts[attempts["geographie"].eq(geography) & attempts["code_indicateur"].isin(rates)]
    codes = held["code_indicateur"].to_list()
    if not codes:
        raise DataError(
            f"Les quartiers de {geography[-4:]} n'ont aucun taux dans les tables : déclarer une source "
            "« observations » ou « releves » dans contrat.yml."
        )
    if asked is None:
        return str(held.sort_values("nb_ecarts", key=lambda many: many == 0, kind="stable")["code_indicateur"].iloc[0])
    if asked not in codes:
        raise UsageError(
            f"« {asked} » n'est pas un taux connu pour les quartiers de {geography[-4:]}. Taux : {', '.join(codes)}."
        )
    return asked


def pick_described(
    observations: pd.DataFrame, indicators: pd.DataFrame, territories: pd.DataFrame, geography: str
) -> str:
    """The geography whose quartiers have the most indicators that do not add up; `geography` among equals."""
    kinds = territories[territories["type_territoire"].eq("qpv") & territories["geographie"].isin(list(IN_FORCE))]
    shared = indicators.loc[~indicators["est_additif"].astype(bool), "code_indicateur"]
    held = observations[observations["code_indicateur"].isin(shared)].merge(
        kinds[["code_territoire", "geographie"]], on="code_territoire", validate="many_to_one"
    )
    many = held.groupby("geographie")["code_indicateur"].nunique()
    return max([geography, *many.index], key=lambda name: (many.get(name, 0), name == geography))


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
