"""Gaps of territories to what surrounds them: a commune, the agglomeration, its rest. Source: domain brief, section 8.

A gap is made of two values of one indicator, one vintage, one source. Where there are none, the reason says why.
"""

from collections.abc import Collection
from typing import Any

import pandas as pd

from pipelines.indicators.observation.comparability import NOT_STATED, refuse_scale, tell_missing
from pipelines.values import format_text

_QUARTIER = ["code_territoire", "nom_territoire", "note_territoire", "geographie"]
# What a value and the reference beside it have in common.
_MEASURE = ["code_indicateur", "millesime", "id_source"]
# What is known of a value, and of the reference that stands beside it.
_COUNTS = ["numerateur", "denominateur"]
_REFERENCE = {name: f"{name}_reference" for name in ("valeur", *_COUNTS)}


def gap_to_reference(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    indicator: str,
    reference: str | pd.Series,
    *,
    geography: str | None = None,
) -> pd.DataFrame:
    """Gap of each quartier to a reference territory, in the indicator's unit; refused where source or vintage differ.

    `reference`: one code, or that of each quartier by its code (its commune). `geography`: None for any. Columns:
    code_territoire, nom_territoire, note_territoire, geographie, millesime, id_source, sens, collecte, valeur,
    numerateur, denominateur, the same three of the reference, ecart_reference (points for a rate), ratio_reference,
    motif_refus ("" where the gap is lawful). Rows in the order of the gap, refused ones last.
    """
    defined = _definition(indicators, indicator)
    out = set_beside(observations, indicators, territories, [indicator], reference, geography=geography)
    out["sens"], out["collecte"] = defined["sens"], defined["collecte"]
    described = [*_QUARTIER, "millesime", "id_source", "sens", "collecte"]
    return out[[*described, *(name for name in out.columns if name not in ("code_indicateur", *described))]]


def set_beside(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    codes: Collection[str],
    reference: str | pd.Series,
    *,
    geography: str | None = None,
) -> pd.DataFrame:
    """The gaps of `gap_to_reference` of several indicators (`codes`) at once, as quick as those of one.

    Columns: those of `gap_to_reference` but sens and collecte, and code_indicateur. Rows in the order of the gap,
    whatever the indicator: those of one indicator are in the order of `gap_to_reference`.
    """
    asked = territories["type_territoire"].eq("qpv") & (geography is None or territories["geographie"].eq(geography))
    quartiers = territories[asked].rename(columns={"note": "note_territoire"})[_QUARTIER]
    held = observations[observations["code_indicateur"].isin(codes)]
    out = held.merge(quartiers, on="code_territoire", validate="many_to_one")
    out["code_reference"] = _reference_of(out["code_territoire"], reference)
    beside = held[held["code_territoire"].isin(out["code_reference"].unique())]
    beside = beside[["code_territoire", *_MEASURE, "valeur", *_COUNTS, "statut"]].rename(
        columns={"code_territoire": "code_reference", "statut": "statut_reference", **_REFERENCE}
    )
    out = out.merge(beside, on=["code_reference", *_MEASURE], how="left", validate="many_to_one")
    out["ecart_reference"] = out["valeur"] - out["valeur_reference"]
    base = out["valeur_reference"].astype("Float64")
    out["ratio_reference"] = out["valeur"].astype("Float64") / base.mask(base == 0)
    out["motif_refus"] = _refuse(out, observations, indicators)
    refused = out["motif_refus"] != ""
    out.loc[refused, ["ecart_reference", "ratio_reference"]] = pd.NA
    kept = ["code_indicateur", *_QUARTIER, "millesime", "id_source", "valeur", *_COUNTS, *_REFERENCE.values()]
    out = out.sort_values(["ecart_reference", "code_territoire"], kind="stable", na_position="last", ignore_index=True)
    return out[[*kept, "ecart_reference", "ratio_reference", "motif_refus"]]


def gap_of_notion(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    notion: str,
    reference: str,
    *,
    geography: str,
) -> pd.DataFrame:
    """The gaps of `gap_to_reference` at the last vintage of a notion (`taux_emploi`), whatever indicator carries it.

    Of several percentages of one notion, the one that allows most gaps, the first of equals. Columns: those of
    `gap_to_reference`, and code_indicateur. No row where the quartiers of the geography have none.
    """
    own = indicators[indicators["code_notion"].eq(notion).fillna(False).astype(bool) & indicators["unite"].eq("%")]
    tried = [
        gap_to_reference(observations, indicators, territories, code, reference, geography=geography).assign(
            code_indicateur=code
        )
        for code in own["code_indicateur"]
    ]
    if not tried:
        code = indicators["code_indicateur"].iloc[0]
        nothing = gap_to_reference(observations.head(0), indicators, territories, code, reference, geography=geography)
        return nothing.assign(code_indicateur=pd.Series(dtype="str"))
    gaps = max(tried, key=lambda one: (one["motif_refus"].eq("").sum(), len(one)))
    return gaps[gaps["millesime"] == gaps["millesime"].max()].reset_index(drop=True)


def gap_to_rest(gaps: pd.DataFrame, containment: pd.DataFrame, epci: str) -> pd.DataFrame:
    """Gap of each quartier to the rest of its agglomeration: the agglomeration minus its quartiers, from counts.

    `gaps`: of `gap_to_reference` or `set_beside` to the agglomeration `epci`; the same columns, of which those of the
    reference are the rest's. Of a quartier that straddles, the share of its population inside the agglomeration is
    taken out, by `containment`. Refused, in `motif_refus`, where the counts of the agglomeration, of one of its
    quartiers, or that share are not known; percents only.
    """
    shares = _shares_inside(containment, epci)
    out = gaps.assign(part_dedans=gaps["code_territoire"].map(shares).astype("Float64"))
    group = [key for key in (*_MEASURE, "geographie") if key in out.columns]
    for name in _COUNTS:
        inside = out[name].astype("Float64") * out["part_dedans"] / 100
        quartiers = inside.groupby([out[key] for key in group]).transform(lambda part: part.sum(skipna=False))
        out[_REFERENCE[name]] = out[_REFERENCE[name]].astype("Float64") - quartiers
    people = out[_REFERENCE["denominateur"]]
    out["valeur_reference"] = 100 * out[_REFERENCE["numerateur"]] / people.mask(people <= 0)
    out["ecart_reference"] = out["valeur"] - out["valeur_reference"]
    out["ratio_reference"] = out["valeur"].astype("Float64") / out["valeur_reference"]
    unknown = out["part_dedans"].isna().groupby([out[key] for key in group]).transform("any")
    out["motif_refus"] = out["motif_refus"].mask(
        out["motif_refus"].eq("") & out["valeur_reference"].isna(),
        "reste de l'agglomération non calculable : effectifs non publiés",
    )
    out["motif_refus"] = out["motif_refus"].mask(
        gaps["motif_refus"].eq("") & unknown,
        "reste de l'agglomération non calculable : part d'un quartier à cheval inconnue",
    )
    out.loc[out["motif_refus"] != "", ["ecart_reference", "ratio_reference"]] = pd.NA
    out = out.sort_values(["ecart_reference", "code_territoire"], kind="stable", na_position="last")
    return out[list(gaps.columns)].reset_index(drop=True)


def communes_of(containment: pd.DataFrame) -> pd.Series:
    """Code of the commune of each quartier, by its code; only of those that lie in one commune alone."""
    links = containment[containment["type_parent"] == "commune"]
    alone = links[~links["code_territoire"].duplicated(keep=False)]
    return alone.set_index("code_territoire")["code_parent"]


def list_attempts(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    epci: str,
) -> pd.DataFrame:
    """For each indicator of quartiers and geography: which gaps the data allow, and why the others are refused.

    In the order of `indicateurs`. Columns: code_indicateur, libelle_indicateur, geographie, millesimes, nb_quartiers,
    nb_sans_valeur, nb_ecarts,
    est_effectif_connu (denominators), motif_refus (of the gap to the agglomeration, the first met).
    """
    gaps = set_beside(observations, indicators, territories, observations["code_indicateur"].unique(), epci)
    labels = indicators.set_index("code_indicateur")["libelle_indicateur"]
    rows = []
    # In the order in which the contract defines its indicators: the first are what it cares about.
    order = {code: rank for rank, code in enumerate(indicators["code_indicateur"])}
    found = sorted(gaps.groupby(["code_indicateur", "geographie"]), key=lambda one: (order[one[0][0]], one[0][1]))
    for (code, geography), part in found:
        refused = part.loc[part["motif_refus"] != "", "motif_refus"]
        rows.append(
            {
                "code_indicateur": code,
                "libelle_indicateur": labels[code],
                "geographie": geography,
                "millesimes": ", ".join(sorted(part["millesime"].unique())),
                "nb_quartiers": part["code_territoire"].nunique(),
                "nb_sans_valeur": int(part["valeur"].isna().sum()),
                "nb_ecarts": len(part) - len(refused),
                "est_effectif_connu": bool(part["denominateur"].notna().all()),
                "motif_refus": refused.iloc[0] if len(refused) else "",
            }
        )
    columns = [
        "code_indicateur", "libelle_indicateur", "geographie", "millesimes", "nb_quartiers", "nb_sans_valeur",
        "nb_ecarts", "est_effectif_connu", "motif_refus",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _definition(indicators: pd.DataFrame, indicator: str) -> pd.Series:
    return indicators.set_index("code_indicateur", drop=False).loc[indicator]


def _reference_of(codes: pd.Series, reference: str | pd.Series) -> pd.Series:
    if isinstance(reference, str):
        return pd.Series(reference, index=codes.index, dtype="str")
    return codes.map(reference).astype("str")


def _refuse(gaps: pd.DataFrame, observations: pd.DataFrame, indicators: pd.DataFrame) -> list[str]:
    """Why each quartier is not set beside its reference, "" where it is; `observations`: what that may hold instead."""
    labels = indicators.set_index("code_indicateur")["libelle_indicateur"]
    scales = {code: refuse_scale(labels[code], "qpv") for code in gaps["code_indicateur"].unique()}
    # Indicators of one notion stand for one another; one without notion stands for itself alone.
    alone = "indicateur " + indicators["code_indicateur"]
    notions = dict(zip(indicators["code_indicateur"], indicators["code_notion"].fillna(alone), strict=True))
    held = observations[
        observations["code_territoire"].isin(gaps["code_reference"].unique()) & observations["valeur"].notna()
    ]
    held = held.assign(notion=held["code_indicateur"].map(notions)).sort_values("millesime", kind="stable")
    # The latest of a notion and territory comes last, and stands.
    latest = {(row.notion, row.code_territoire): row for row in held.itertuples()}
    asked = gaps[[*_MEASURE, "valeur", "statut", "code_reference", "valeur_reference", "statut_reference"]]
    return [
        scales[row.code_indicateur] or _refuse_one(row, latest.get((notions[row.code_indicateur], row.code_reference)))
        for row in asked.itertuples()
    ]


def _refuse_one(row: Any, other: Any) -> str:
    """Why a quartier is not set beside its reference; `other`: the latest known value that this one has of a notion."""
    if pd.isna(row.valeur):
        return f"quartier : {tell_missing(row.statut)}"
    if pd.notna(row.valeur_reference):
        return ""
    if pd.isna(row.code_reference):
        return "le quartier s'étend sur plusieurs communes : pas de commune de référence"
    if pd.notna(row.statut_reference):
        return f"référence : {tell_missing(row.statut_reference)}"
    if other is None:
        return "pas de valeur de cet indicateur pour la référence"
    differs = ["autre source"] if other.id_source != row.id_source else []
    if NOT_STATED in (other.millesime, row.millesime):
        differs.append(f"millésime {NOT_STATED} d'un côté")
    elif other.millesime != row.millesime:
        differs.append(f"autre millésime ({format_text(row.millesime)} et {format_text(other.millesime)})")
    if other.code_indicateur != row.code_indicateur:
        differs.append("autre définition")
    return f"quartier et référence ne se comparent pas : {', '.join(differs)}"


def _shares_inside(containment: pd.DataFrame, epci: str) -> pd.Series:
    """Share of each quartier's population inside the agglomeration, by code; 100 where it lies in no other."""
    links = containment[containment["type_parent"] == "epci"]
    straddles = links["code_territoire"].duplicated(keep=False)
    inside = links[links["code_parent"] == epci]
    share = inside["part_population"].astype("Float64").mask(~straddles[inside.index], 100.0)
    return pd.Series(share.to_numpy(), index=inside["code_territoire"])
