"""Checks of observed values: against their unit, their numerator, the territories that they are part of."""

from typing import Literal

import pandas as pd

from pipelines.tables.vocabulary import TERRITORY_KINDS
from pipelines.verdict import text_of

Scale = Literal[TERRITORY_KINDS]
# Two values are set side by side only if one source gives both, for one year.
_SERIES = ["code_indicateur", "millesime", "id_source"]


def expect_values_to_fit_their_unit(observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Values under 0, and percentages over 100."""
    rows = _with_definitions(observations, indicators, ["unite"])
    rows = rows[rows["valeur"].lt(0).fillna(False) | (rows["unite"].eq("%") & rows["valeur"].gt(100).fillna(False))]
    return rows.assign(
        valeur=rows["code_indicateur"] + " : " + rows["valeur"].map(text_of).astype("str") + " " + rows["unite"]
    )


def expect_numerators_to_agree(
    observations: pd.DataFrame, indicators: pd.DataFrame, *, tolerance: float
) -> pd.DataFrame:
    """Percentages whose numerator exceeds its denominator, or whose quotient is not the value (± `tolerance` points).

    Judged where numerator and denominator are both known. A denominator of 0 has no percentage.
    """
    rows = _with_definitions(observations, indicators, ["unite"])
    rows = rows[rows["unite"].eq("%") & rows["numerateur"].notna() & rows["denominateur"].notna()]
    share = 100 * rows["numerateur"] / rows["denominateur"].mask(rows["denominateur"] <= 0)
    # The rounding of the value to its own decimals may add the last bit of a float.
    apart = (share - rows["valeur"]).abs() > tolerance + 1e-9
    wrong = (
        rows["numerateur"].gt(rows["denominateur"]) | apart.fillna(False) | (share.isna() & rows["valeur"].notna())
    ).astype(bool)
    told = [
        f"{row.code_indicateur} : {text_of(row.numerateur)} / {text_of(row.denominateur)}, valeur {text_of(row.valeur)}"
        for row in rows[wrong].itertuples()
    ]
    return rows[wrong].assign(valeur=pd.Series(told, index=rows[wrong].index, dtype="str"))


def expect_parts_within_whole(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    *,
    part: Scale,
    whole: Scale,
    tolerance: float,
) -> pd.DataFrame:
    """Rows of a whole whose parts sum to more than it, for indicators that add up; `tolerance` in percent of the whole.

    Only territories that lie in one whole alone count as its parts; the quartiers of 2015 are not added to those of
    2024. A missing part counts for nothing, so that what is known must still fit.
    """
    rows = _with_definitions(observations, indicators, ["est_additif"])
    rows = rows[rows["est_additif"].fillna(False).astype(bool) & rows["valeur"].notna()]
    inside = _inside(territories, containment, part, whole)
    parts = rows.merge(inside, on="code_territoire", validate="many_to_one")
    group = [*_SERIES, "code_parent"]
    sums = parts.groupby([*group, "geographie"])["valeur"].agg(somme="sum", nb_parties="size").reset_index()
    sums = sums.rename(columns={"code_parent": "code_territoire"}).drop(columns="geographie")
    judged = rows.merge(sums, on=[*_SERIES, "code_territoire"])
    faults = judged[judged["somme"] > judged["valeur"] * (1 + tolerance / 100) + 1e-9]
    told = [
        f"{row.code_indicateur}, {row.millesime} : {row.nb_parties} territoires ({part}) font {text_of(row.somme)}, "
        f"le tout ({whole}) {text_of(row.valeur)}"
        for row in faults.itertuples()
    ]
    return faults.assign(valeur=pd.Series(told, index=faults.index, dtype="str"))


def expect_parts_below_whole(
    observations: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    *,
    indicator: str,
    part: Scale,
    whole: Scale,
) -> pd.DataFrame:
    """Rows of parts whose value of an indicator reaches that of the whole that they lie in, be it in part."""
    rows = observations[observations["code_indicateur"].eq(indicator) & observations["valeur"].notna()]
    links = containment.loc[containment["type_parent"] == whole, ["code_territoire", "code_parent"]].drop_duplicates()
    kinds = territories.drop_duplicates("code_territoire").set_index("code_territoire")["type_territoire"]
    parts = rows[rows["code_territoire"].map(kinds).eq(part)].merge(links, on="code_territoire")
    wholes = rows[[*_SERIES, "code_territoire", "valeur"]].drop_duplicates([*_SERIES, "code_territoire"])
    wholes = wholes.rename(columns={"code_territoire": "code_parent", "valeur": "valeur_parent"})
    pairs = parts.merge(wholes, on=[*_SERIES, "code_parent"], validate="many_to_one")
    faults = pairs[pairs["valeur"] >= pairs["valeur_parent"]].drop_duplicates(["fichier", "feuille", "ligne"])
    return faults.assign(
        valeur=faults["code_territoire"]
        + " : "
        + faults["valeur"].map(text_of).astype("str")
        + f" ; {whole} : "
        + faults["valeur_parent"].map(text_of).astype("str")
    )


def _with_definitions(observations: pd.DataFrame, indicators: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    known = indicators[["code_indicateur", *columns]].drop_duplicates("code_indicateur")
    return observations.merge(known, on="code_indicateur", how="left", validate="many_to_one")


def _inside(territories: pd.DataFrame, containment: pd.DataFrame, part: str, whole: str) -> pd.DataFrame:
    """Territories of a kind that lie wholly in one territory of another: code_territoire, code_parent, geographie."""
    links = containment.loc[containment["type_parent"] == whole, ["code_territoire", "code_parent"]].drop_duplicates()
    links = links[~links["code_territoire"].duplicated(keep=False)]
    kinds = territories.loc[territories["type_territoire"] == part, ["code_territoire", "geographie"]]
    return links.merge(kinds.drop_duplicates("code_territoire"), on="code_territoire", validate="one_to_one")
