"""Which comparisons are lawful; each refusal is a reason in words, "" where the comparison may be made.

Source: domain brief, sections 3.1 to 3.3 and 12.
"""

import unicodedata

import pandas as pd

from pipelines.values import count, format_number, format_percent, format_text, format_year

ANY_FAMILY, NOT_STATED = "toutes", "non précisé"
SECRET = {
    "nd": "valeur non diffusée",
    "ns": "valeur non significative",
    "s": "secret statistique",
    "so": "sans objet",
    "vide": "valeur absente du fichier",
    "illisible": "valeur illisible dans le fichier",
}
_QUARTIERS = ("qpv", "qva")


def refuse_years(indicator: pd.Series, breaks: pd.DataFrame, kind: str, start: int, end: int) -> str:
    """Why two vintages of an indicator may not be compared for a kind of territory; "" where they may.

    `indicator`: its row of `indicateurs`. Wrong order, years closer than `ecart_min_annees`, a break between them (a
    change without end that begins after `start`), or a year inside a passing change.
    """
    if start >= end:
        return f"l'année de départ ({format_year(start)}) doit précéder l'année d'arrivée ({format_year(end)})"
    gap = indicator["ecart_min_annees"]
    if pd.notna(gap) and end - start < gap:
        near = f"{format_year(start)} et {format_year(end)} sont trop proches"
        return f"{near} : cet indicateur se compare à {format_number(gap)} ans d'écart au moins"
    between = _met(breaks[breaks["gravite"] == "refus"], indicator, kind, start, end)
    if between.empty:
        return ""
    told = " ; ".join(tell_break(one) for _, one in between.iterrows())
    source = format_text(indicator["famille_source"])
    return f"rupture de la source {source} entre {format_year(start)} et {format_year(end)} : {told}"


def tell_reserves(indicator: pd.Series, breaks: pd.DataFrame, kind: str, start: int, end: int) -> str:
    """What must be said of a comparison that is made all the same, as one sentence; "" where there is nothing."""
    met = _met(breaks[breaks["gravite"] == "reserve"], indicator, kind, start, end)
    told = " ; ".join(tell_break(one) for _, one in met.iterrows())
    return f"Réserve : {told}." if told else ""


def tell_break(line: pd.Series) -> str:
    """« en 2016, … (à confirmer) »: one row of `ruptures_sources` in words."""
    first, last = format_year(line["annee_debut"]), line["annee_fin"]
    when = f"de {first} à {format_year(last)}" if pd.notna(last) else f"en {first}"
    return f"{when}, {format_text(line['description'])}" + (" (à confirmer)" if line["est_a_confirmer"] else "")


def breaks_of(indicator: pd.Series, breaks: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows of `ruptures_sources` that touch an indicator at a scale."""
    own = breaks["famille_source"].isin([indicator["famille_source"], ANY_FAMILY])
    return breaks[own & (breaks["type_territoire"].isna() | (breaks["type_territoire"] == kind))]


def part_years(indicator: pd.Series, breaks: pd.DataFrame, kind: str, years: list[int]) -> list[list[int]]:
    """Years in order, parted where the source changed; those inside a passing change are left out."""
    refusing = breaks_of(indicator, breaks, kind)
    refusing = refusing[refusing["gravite"] == "refus"]
    edges = sorted({int(year) for year in refusing["annee_debut"]})
    passing = refusing.dropna(subset="annee_fin")
    hidden = [
        range(int(first), int(last) + 1)
        for first, last in zip(passing["annee_debut"], passing["annee_fin"], strict=True)
    ]
    runs: dict[int, list[int]] = {}
    for year in sorted(years):
        if not any(year in change for change in hidden):
            runs.setdefault(sum(edge <= year for edge in edges), []).append(year)
    return list(runs.values())


def refuse_geographies(passages: pd.DataFrame, old: str, new: str) -> str:
    """Why the values of two territories of different geographies may not be chained."""
    before, after = format_text(old), format_text(new)
    link = passages[(passages["code_ancien"] == old) & (passages["code_nouveau"] == new)]
    if link.empty:
        return f"aucun passage connu de {before} à {after}"
    if link["est_meme_perimetre"].fillna(False).all():
        return ""
    share = link["part_population"].iloc[0]
    known = "inconnue" if pd.isna(share) else format_percent(share, 0)
    return f"{before} et {after} n'ont pas le même périmètre ; part de population commune : {known}"


def refuse_scale(label: str, kind: str) -> str:
    """Why an indicator does not exist at the scale of a quartier: no unemployment rate is computed there."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    if kind in _QUARTIERS and "taux" in plain and "chomage" in plain:
        return (
            "le taux de chômage n'existe pas à l'échelle d'un quartier : utiliser le taux d'emploi, ou les demandeurs "
            "d'emploi rapportés à la population, qui ne sont pas un taux de chômage"
        )
    return ""


def refuse_average(indicator: pd.Series) -> str:
    """Why the values of an indicator may not be averaged over territories; "" where they add up."""
    if indicator["est_additif"]:
        return ""
    return (
        f"« {indicator['libelle_indicateur']} » ne s'additionne pas : sans les dénominateurs, la moyenne des quartiers "
        "n'est pas la valeur de leur ensemble"
    )


def refuse_ranks(intervals: pd.DataFrame) -> str:
    """Why territories are not ranked, "" where they may be: one alone, or a value without part_basse and part_haute."""
    if len(intervals) == 1:
        return "rang non publié : il n'y en a qu'un"
    lacking = int(intervals[["part_basse", "part_haute"]].isna().any(axis=1).sum())
    if not lacking:
        return ""
    lack = f"{count(lacking, 'valeur')} sur {format_number(len(intervals))}"
    return f"rang non publié : {lack} {'sont' if lacking > 1 else 'est'} sans intervalle"


def tell_missing(status: str) -> str:
    """Why a value is missing, from its `statut`."""
    return SECRET.get(status, "valeur manquante")


def _met(breaks: pd.DataFrame, indicator: pd.Series, kind: str, start: int, end: int) -> pd.DataFrame:
    """The breaks that the way from one year to another meets."""
    own = breaks_of(indicator, breaks, kind)
    on_it = [
        any(first <= year <= last for year in (start, end)) if pd.notna(last) else start < first <= end
        for first, last in zip(own["annee_debut"], own["annee_fin"], strict=True)
    ]
    return own[pd.Series(on_it, index=own.index, dtype=bool)]
