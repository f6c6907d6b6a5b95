"""Change of a series between two years, and why it is refused."""

import pandas as pd


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
