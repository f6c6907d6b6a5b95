"""How each quartier stands among those of its geography, indicator by indicator: robust, and without ranks."""

import pandas as pd

from pipelines.numbers import format_number

# A median absolute deviation is this share of a standard deviation, for a normal law.
_OF_SD = 1.4826
_FEWEST = 5


def compare_situations(
    observations: pd.DataFrame, indicators: pd.DataFrame, territories: pd.DataFrame, geography: str
) -> pd.DataFrame:
    """Each value of a quartier beside the median of the quartiers of its geography, for what does not add up.

    Columns: code_territoire, code_indicateur, libelle_indicateur, millesime, sens, valeur, texte_valeur (rounded, no
    unit), valeur_mediane (of the quartiers, no rate of their whole), score_mediane (gap to the median over 1.4826
    times the median absolute gap), id_source. The score is missing under five known values, or where half of them are
    equal. A count follows the size of the quartier, so counts have no row. One vintage an indicator, the latest.
    """
    kinds = territories.loc[territories["geographie"] == geography, ["code_territoire", "type_territoire"]]
    quartiers = kinds.loc[kinds["type_territoire"] == "qpv", "code_territoire"]
    defined = indicators.loc[~indicators["est_additif"].astype(bool)]
    held = observations[observations["code_territoire"].isin(quartiers)].merge(
        defined[["code_indicateur", "libelle_indicateur", "unite", "sens"]],
        on="code_indicateur",
        validate="many_to_one",
    )
    held = held[held["millesime"] == held.groupby("code_indicateur")["millesime"].transform("max")]
    values, by = held["valeur"].astype("Float64"), held["code_indicateur"]
    median = values.groupby(by).transform("median")
    spread = _OF_SD * (values - median).abs().groupby(by).transform("median")
    score = (values - median) / spread.mask(spread == 0)
    enough = values.groupby(by).transform("count") >= _FEWEST
    texts = [_write(value, unit) for value, unit in zip(held["valeur"], held["unite"], strict=True)]
    out = held.assign(valeur_mediane=median, score_mediane=score.where(enough).astype("Float64"), texte_valeur=texts)
    out = out.assign(ordre=pd.Categorical(out["code_indicateur"], categories=list(defined["code_indicateur"])))
    out = out.sort_values(["code_territoire", "ordre"])
    columns = ["code_territoire", "code_indicateur", "libelle_indicateur", "millesime", "sens", "valeur"]
    return out[[*columns, "texte_valeur", "valeur_mediane", "score_mediane", "id_source"]].reset_index(drop=True)


def _write(value: object, unit: str) -> str:
    """A value in short: euros whole, anything else to one decimal."""
    return format_number(value, 0 if unit == "€" else 1)
