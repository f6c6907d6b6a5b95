"""Gaps of territories to what surrounds them: a commune, the agglomeration, its rest. Source: domain brief, section 8.

A gap is made of two values of one indicator, one vintage, one source. Where there are none, the reason says why.
"""

from collections.abc import Mapping

import pandas as pd

from pipelines.indicators.observation.comparability import NOT_STATED, refuse_scale, tell_missing
from pipelines.values import format_text

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
    known = territories.rename(columns={"note": "note_territoire"}).drop(columns="id_source", errors="ignore")
    columns = ["code_territoire", "nom_territoire", "note_territoire", "geographie", "type_territoire"]
    own = observations[observations["code_indicateur"] == indicator].merge(
        known[columns], on="code_territoire", validate="many_to_one"
    )
    own = own[own["type_territoire"].eq("qpv") & (geography is None or own["geographie"].eq(geography))]
    own = own.assign(code_reference=_reference_of(own["code_territoire"], reference))
    held = observations.loc[
        observations["code_indicateur"] == indicator,
        ["code_territoire", "millesime", "id_source", "valeur", *_COUNTS, "statut"],
    ]
    held = held.rename(columns={"code_territoire": "code_reference", "statut": "statut_reference", **_REFERENCE})
    out = own.merge(held, on=["code_reference", "millesime", "id_source"], how="left", validate="many_to_one")
    out["ecart_reference"] = out["valeur"] - out["valeur_reference"]
    base = out["valeur_reference"].astype("Float64")
    out["ratio_reference"] = out["valeur"].astype("Float64") / base.mask(base == 0)
    out["sens"], out["collecte"] = defined["sens"], defined["collecte"]
    # Parted once: quartiers are many, and most lack the same reference.
    others = dict(iter(_same_notion(observations, indicators, defined).groupby("code_territoire", sort=False)))
    out["motif_refus"] = [_refuse(row, defined, others) for row in out.itertuples()]
    refused = out["motif_refus"] != ""
    out.loc[refused, ["ecart_reference", "ratio_reference"]] = pd.NA
    kept = [*columns[:-1], "millesime", "id_source", "sens", "collecte", "valeur", *_COUNTS, *_REFERENCE.values()]
    out = out.sort_values(["ecart_reference", "code_territoire"], kind="stable", na_position="last")
    return out[[*kept, "ecart_reference", "ratio_reference", "motif_refus"]].reset_index(drop=True)


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

    `gaps`: of `gap_to_reference` to the agglomeration `epci`; the same columns, of which those of the reference are the
    rest's. Of a quartier that straddles, the share of its population inside the agglomeration is taken out, by
    `containment`. Refused, in `motif_refus`, where the counts of the agglomeration, of one of its quartiers, or that
    share are not known; percents only.
    """
    shares = _shares_inside(containment, epci)
    out = gaps.assign(part_dedans=gaps["code_territoire"].map(shares).astype("Float64"))
    group = ["millesime", "id_source", "geographie"]
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
    kinds = territories.set_index("code_territoire")[["type_territoire", "geographie"]]
    placed = observations.join(kinds, on="code_territoire")
    placed = placed[placed["type_territoire"] == "qpv"]
    labels = indicators.set_index("code_indicateur")["libelle_indicateur"]
    rows = []
    # In the order in which the contract defines its indicators: the first are what it cares about.
    order = {code: rank for rank, code in enumerate(indicators["code_indicateur"])}
    found = sorted(placed.groupby(["code_indicateur", "geographie"]), key=lambda one: (order[one[0][0]], one[0][1]))
    for (code, geography), part in found:
        gaps = gap_to_reference(observations, indicators, territories, code, epci, geography=geography)
        refused = gaps.loc[gaps["motif_refus"] != "", "motif_refus"]
        rows.append(
            {
                "code_indicateur": code,
                "libelle_indicateur": labels[code],
                "geographie": geography,
                "millesimes": ", ".join(sorted(part["millesime"].unique())),
                "nb_quartiers": part["code_territoire"].nunique(),
                "nb_sans_valeur": int(part["valeur"].isna().sum()),
                "nb_ecarts": int(gaps["motif_refus"].eq("").sum()),
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


def _same_notion(observations: pd.DataFrame, indicators: pd.DataFrame, defined: pd.Series) -> pd.DataFrame:
    """Values of this indicator and of those of the same notion: what the reference may hold instead."""
    notion = defined["code_notion"]
    same = indicators["code_indicateur"].eq(defined["code_indicateur"]) | indicators["code_notion"].eq(notion)
    codes = indicators.loc[same.fillna(False).astype(bool), "code_indicateur"]
    return observations[observations["code_indicateur"].isin(codes) & observations["valeur"].notna()]


def _refuse(row: object, defined: pd.Series, others: Mapping[str, pd.DataFrame]) -> str:
    """Why a quartier is not set beside its reference; `others`: known values of one notion, by territory."""
    scale = refuse_scale(defined["libelle_indicateur"], "qpv")
    if scale:
        return scale
    if pd.isna(row.valeur):
        return f"quartier : {tell_missing(row.statut)}"
    if pd.notna(row.valeur_reference):
        return ""
    if pd.isna(row.code_reference):
        return "le quartier s'étend sur plusieurs communes : pas de commune de référence"
    if pd.notna(row.statut_reference):
        return f"référence : {tell_missing(row.statut_reference)}"
    held = others.get(row.code_reference)
    if held is None:
        return "pas de valeur de cet indicateur pour la référence"
    other = held.sort_values("millesime").iloc[-1]
    differs = ["autre source"] if other["id_source"] != row.id_source else []
    if NOT_STATED in (other["millesime"], row.millesime):
        differs.append(f"millésime {NOT_STATED} d'un côté")
    elif other["millesime"] != row.millesime:
        differs.append(f"autre millésime ({format_text(row.millesime)} et {format_text(other['millesime'])})")
    if other["code_indicateur"] != defined["code_indicateur"]:
        differs.append("autre définition")
    return f"quartier et référence ne se comparent pas : {', '.join(differs)}"


def _shares_inside(containment: pd.DataFrame, epci: str) -> pd.Series:
    """Share of each quartier's population inside the agglomeration, by code; 100 where it lies in no other."""
    links = containment[containment["type_parent"] == "epci"]
    straddles = links["code_territoire"].duplicated(keep=False)
    inside = links[links["code_parent"] == epci]
    share = inside["part_population"].astype("Float64").mask(~straddles[inside.index], 100.0)
    return pd.Series(share.to_numpy(), index=inside["code_territoire"])
