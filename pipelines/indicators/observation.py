"""Observation of territories: gaps and changes, and the comparisons that are refused. Source: domain brief, section 8.

Two values are compared only if they come from the same source and the same vintage; two vintages of one series only if
they are far enough apart for the indicator. What is refused carries its reason.
"""

import pandas as pd

DEFINITIONS = {
    "ecart_reference": "écart : valeur du quartier moins valeur de la référence, en points, même source et même millésime",
    "evolution": "évolution : valeur de la dernière année moins valeur de la première, même source, même définition",
    "indice_base_100": "indice : valeur de l'année sur valeur de l'année de base, multipliée par 100",
}


def define(*names: str) -> str:
    """The printed definitions of the named indicators."""
    text = " ; ".join(DEFINITIONS[name] for name in names)
    return f"{text[0].upper()}{text[1:]}."


def select(
    observations: pd.DataFrame, territories: pd.DataFrame, indicator: str, *, kinds: tuple[str, ...]
) -> pd.DataFrame:
    """Observations of one indicator for some kinds of territory, with their name and note; missing values stay, with status.

    Columns: code_territoire, nom_territoire, type_territoire, geographie, note_territoire, millesime, valeur, statut, id_source.
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
    """One indicator over the years, territories as rows of a long frame: code_territoire, nom_territoire, annee, valeur."""
    kept = observations[(observations["code_indicateur"] == indicator) & observations["code_territoire"].isin(codes)]
    kept = kept[kept["millesime"].str.fullmatch(r"\d{4}")].assign(
        annee=lambda frame: frame["millesime"].astype("Int64")
    )
    named = kept.merge(territories[["code_territoire", "nom_territoire"]], on="code_territoire", validate="many_to_one")
    return named[["code_territoire", "nom_territoire", "annee", "valeur"]].sort_values(["code_territoire", "annee"])


def index_series(values: pd.DataFrame, base: int) -> pd.DataFrame:
    """A series with `indice_base_100`: 100 in the base year for each territory; missing where the base year is."""
    at_base = values[values["annee"] == base].set_index("code_territoire")["valeur"]
    return values.assign(indice_base_100=100 * values["valeur"] / values["code_territoire"].map(at_base))


def change_between(
    values: pd.DataFrame, indicators: pd.DataFrame, indicator: str, start: int, end: int
) -> tuple[pd.DataFrame, str]:
    """Change of a series between two years by territory, and the reason of a refusal ("" where it is lawful).

    Columns: code_territoire, nom_territoire, valeur_debut, valeur_fin, evolution, part_evolution (percent of the start).
    Refused, with an empty frame, where the years are closer than the indicator's minimum gap or a year is missing.
    """
    columns = ["code_territoire", "nom_territoire", "valeur_debut", "valeur_fin", "evolution", "part_evolution"]
    gap = indicators.set_index("code_indicateur")["ecart_min_annees"].get(indicator)
    if pd.notna(gap) and end - start < gap:
        return pd.DataFrame(columns=columns), (
            f"{start} et {end} sont trop proches : cet indicateur se compare à {gap} ans d'écart au moins."
        )
    wide = values[values["annee"].isin([start, end])].pivot(
        index=["code_territoire", "nom_territoire"], columns="annee", values="valeur"
    )
    if not {start, end} <= set(wide.columns):
        absent = [str(year) for year in (start, end) if year not in wide.columns]
        return pd.DataFrame(columns=columns), f"millésime {' et '.join(absent)} absent du contrat."
    out = wide.rename(columns={start: "valeur_debut", end: "valeur_fin"}).rename_axis(columns=None).reset_index()
    out["evolution"] = out["valeur_fin"] - out["valeur_debut"]
    out["part_evolution"] = 100 * out["evolution"] / out["valeur_debut"]
    return out[columns], ""
