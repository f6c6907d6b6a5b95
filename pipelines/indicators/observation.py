"""Observation of territories: gaps and changes, and the comparisons that are refused. Source: domain brief, section 8.

Two values are compared only if they come from the same source and the same vintage; two vintages of one series only if
they are far enough apart for the indicator. What is refused carries its reason.
"""

import pandas as pd

from pipelines.errors import DataError

DEFINITIONS = {
    "ecart_reference": "écart : valeur du quartier moins valeur de la référence, en points, même source et même "
    "millésime",
    "evolution": "évolution : valeur de la dernière année moins valeur de la première, même source, même définition",
    "indice_base_100": "indice : valeur de l'année sur valeur de l'année de base, multipliée par 100",
}

STRADDLING = "* Quartier qui déborde sur l'agglomération voisine : le chiffre porte sur le quartier entier."


def define(*names: str) -> str:
    """The printed definitions of the named indicators."""
    text = " ; ".join(DEFINITIONS[name] for name in names)
    return f"{text[0].upper()}{text[1:]}."


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


def gap_to_reference(
    observations: pd.DataFrame, territories: pd.DataFrame, indicator: str, reference: str
) -> pd.DataFrame:
    """Gap of each quartier to a reference territory, in the indicator's unit; refused where source or vintage differ.

    Columns: code_territoire, nom_territoire, note_territoire, valeur, valeur_reference, ecart_reference, motif_refus
    ("" where the gap is lawful). Rows sorted by gap, refused ones last.
    """
    quartiers = select(observations, territories, indicator, kinds=("qpv",))
    base = observations[
        (observations["code_indicateur"] == indicator) & (observations["code_territoire"] == reference)
    ][["millesime", "id_source", "valeur"]].rename(columns={"valeur": "valeur_reference"})
    out = quartiers.merge(base, on=["millesime", "id_source"], how="left", validate="many_to_one")
    out["ecart_reference"] = out["valeur"] - out["valeur_reference"]
    out["motif_refus"] = ""
    out.loc[out["valeur"].isna(), "motif_refus"] = "valeur du quartier non diffusée"
    out.loc[out["valeur_reference"].isna(), "motif_refus"] = "pas de référence de même source et de même millésime"
    columns = ["code_territoire", "nom_territoire", "note_territoire", "valeur", "valeur_reference", "ecart_reference"]
    return out.sort_values("ecart_reference", kind="stable")[[*columns, "motif_refus"]].reset_index(drop=True)


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


def change_between(
    values: pd.DataFrame, indicators: pd.DataFrame, indicator: str, start: int, end: int
) -> tuple[pd.DataFrame, str]:
    """Change of a series between two years by territory, and the reason of a refusal ("" where it is lawful).

    Columns: code_territoire, nom_territoire, valeur_debut, valeur_fin, evolution, part_evolution (percent of the start,
    missing where the start is 0). Refused, with an empty frame, where the years are in the wrong order or closer than
    the indicator's minimum gap, where a year is missing, or where the two years come from different sources.
    """
    columns = ["code_territoire", "nom_territoire", "valeur_debut", "valeur_fin", "evolution", "part_evolution"]
    both = values[values["annee"].isin([start, end])]
    reason = _refuse_change(both, indicators, indicator, start, end)
    if reason:
        return pd.DataFrame(columns=columns), reason
    wide = both.pivot(index=["code_territoire", "nom_territoire"], columns="annee", values="valeur").astype("Float64")
    out = wide.rename(columns={start: "valeur_debut", end: "valeur_fin"}).rename_axis(columns=None).reset_index()
    out["evolution"] = out["valeur_fin"] - out["valeur_debut"]
    out["part_evolution"] = 100 * out["evolution"] / out["valeur_debut"].mask(out["valeur_debut"] == 0)
    return out[columns], ""


def _refuse_change(both: pd.DataFrame, indicators: pd.DataFrame, indicator: str, start: int, end: int) -> str:
    """Why the two years may not be compared, "" where they may."""
    if start >= end:
        return f"l'année de départ ({start}) doit précéder l'année d'arrivée ({end})."
    gap = indicators.set_index("code_indicateur")["ecart_min_annees"].get(indicator)
    if pd.notna(gap) and end - start < gap:
        return f"{start} et {end} sont trop proches : cet indicateur se compare à {gap} ans d'écart au moins."
    absent = [str(year) for year in (start, end) if year not in set(both["annee"])]
    if absent:
        return f"millésime {' et '.join(absent)} absent du contrat."
    if both.drop_duplicates(["code_territoire", "id_source"]).duplicated("code_territoire").any():
        sources = " et ".join(sorted(set(both["id_source"])))
        return f"{start} et {end} ne viennent pas de la même source ({sources})."
    return ""
