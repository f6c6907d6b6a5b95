"""Changes between two years: of a series, of a gap; and why they are refused."""

import pandas as pd

from pipelines.indicators.observation.comparability import part_years, refuse_years
from pipelines.values import format_text, format_year

_ONCE = ["code_territoire", "nom_territoire", "geographie", "sens", "collecte"]
_TWICE = [
    *("valeur", "numerateur", "denominateur", "valeur_reference", "numerateur_reference", "denominateur_reference"),
    "ecart_reference",
]


def change_between(
    values: pd.DataFrame,
    indicators: pd.DataFrame,
    breaks: pd.DataFrame,
    indicator: str,
    start: int,
    end: int,
    *,
    kind: str = "commune",
) -> tuple[pd.DataFrame, str]:
    """Change of a series between two years by territory, and the reason of a refusal ("" where it is lawful).

    Columns: code_territoire, nom_territoire, valeur_debut, valeur_fin, evolution, part_evolution (percent of the start,
    missing where the start is 0). Refused, with an empty frame, where the years are in the wrong order or closer than
    the indicator's minimum gap, where the source changed between them (`breaks`: `ruptures_sources`, at the scale
    `kind`), where a year is missing, or where the two years come from different sources.
    """
    columns = ["code_territoire", "nom_territoire", "valeur_debut", "valeur_fin", "evolution", "part_evolution"]
    both = values[values["annee"].isin([start, end])]
    defined = indicators.set_index("code_indicateur", drop=False).loc[indicator]
    reason = refuse_years(defined, breaks, kind, start, end) or _refuse_series(both, start, end)
    if reason:
        return pd.DataFrame(columns=columns), reason
    wide = both.pivot(index=["code_territoire", "nom_territoire"], columns="annee", values="valeur").astype("Float64")
    out = wide.rename(columns={start: "valeur_debut", end: "valeur_fin"}).rename_axis(columns=None).reset_index()
    out["evolution"] = out["valeur_fin"] - out["valeur_debut"]
    out["part_evolution"] = 100 * out["evolution"] / out["valeur_debut"].mask(out["valeur_debut"] == 0)
    return out[columns], ""


def pair_gaps(
    gaps: pd.DataFrame, indicators: pd.DataFrame, breaks: pd.DataFrame, indicator: str, start: int, end: int
) -> tuple[pd.DataFrame, str]:
    """The gaps of each quartier at two vintages side by side, and the reason of a refusal ("" where it is lawful).

    `gaps`: of `gap_to_reference` or `gap_to_rest`, one geography. Columns: code_territoire, nom_territoire, geographie,
    sens, collecte, then valeur, numerateur, denominateur, those of the reference and ecart_reference, with the suffixes
    _debut and _fin. Refused as `change_between`; a quartier that has one of the two alone is left with a missing gap.
    """
    columns = [*_ONCE, *(f"{name}_{end_of}" for end_of in ("debut", "fin") for name in _TWICE)]
    held = gaps[gaps["millesime"].isin([str(start), str(end)])].rename(columns={"millesime": "annee"})
    held = held.assign(annee=held["annee"].astype("int64"))
    defined = indicators.set_index("code_indicateur", drop=False).loc[indicator]
    reason = refuse_years(defined, breaks, "qpv", start, end) or _refuse_series(held, start, end)
    if reason:
        return pd.DataFrame(columns=columns), reason
    first, last = (
        held.loc[held["annee"] == year, [*_ONCE, *_TWICE]].rename(columns={name: f"{name}_{end_of}" for name in _TWICE})
        for year, end_of in ((start, "debut"), (end, "fin"))
    )
    return first.merge(last, on=_ONCE, how="outer", validate="one_to_one")[columns].reset_index(drop=True), ""


def add_segments(
    values: pd.DataFrame, indicators: pd.DataFrame, breaks: pd.DataFrame, indicator: str, *, kind: str = "commune"
) -> pd.DataFrame:
    """A yearly series (column annee) with the stretch without a break that each year is part of.

    Columns more: segment (« 2009-2015 »), sens (of the indicator). Years inside a passing change are left out.
    """
    defined = indicators.set_index("code_indicateur", drop=False).loc[indicator]
    runs = part_years(defined, breaks, kind, sorted({int(year) for year in values["annee"]}))
    names = {year: f"{run[0]}-{run[-1]}" for run in runs for year in run}
    out = values.assign(segment=values["annee"].map(names), sens=defined["sens"])
    return out.dropna(subset="segment").reset_index(drop=True)


def _refuse_series(both: pd.DataFrame, start: int, end: int) -> str:
    """Why two years of a series may not be compared for what they hold, "" where they may."""
    absent = [format_year(year) for year in (start, end) if year not in set(both["annee"])]
    if absent:
        return f"millésime {' et '.join(absent)} absent du contrat"
    if both.drop_duplicates(["code_territoire", "id_source"]).duplicated("code_territoire").any():
        sources = " et ".join(format_text(name) for name in sorted(set(both["id_source"])))
        return f"{format_year(start)} et {format_year(end)} ne viennent pas de la même source ({sources})"
    return ""
