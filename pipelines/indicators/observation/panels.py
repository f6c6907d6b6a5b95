"""Quartiers followed from one vintage to another: where it can be done, and what their gaps became.

Source: domain brief, section 8.
"""

import pandas as pd

from pipelines.indicators.observation.changes import pair_gaps
from pipelines.indicators.observation.comparability import refuse_years, tell_reserves
from pipelines.indicators.observation.gaps import gap_to_reference, gap_to_rest, set_beside
from pipelines.indicators.observation.trajectories import add_gap_changes
from pipelines.indicators.observation.uncertainty import add_smallest_changes

_STATED = r"\d{4}"
# A size in points, without a direction: « +4,3 pts » would say a rise.
_UNSIGNED = {"ecart_detectable": "points_detectables"}


def find_panels(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    breaks: pd.DataFrame,
) -> pd.DataFrame:
    """Where quartiers can be followed: each percentage and geography, with the two vintages farthest apart.

    Columns: geographie, code_indicateur, libelle_indicateur, code_epci (the agglomeration of the contract that holds
    the quartiers), annee_debut, annee_fin, motif_refus (why no two vintages may be compared, "" where they may). The
    reference is the rest of the agglomeration, else no trajectory could be told from chance.
    """
    inside = containment[(containment["type_parent"] == "epci") & containment["est_dans_agglomeration"].astype(bool)]
    inside = inside.merge(territories[["code_territoire", "geographie"]], on="code_territoire", validate="many_to_one")
    quartiers = set(territories.loc[territories["type_territoire"] == "qpv", "code_territoire"])
    inside = inside[inside["code_territoire"].isin(quartiers)]
    epcis = inside.groupby("geographie")["code_parent"].first()
    held = observations[observations["code_territoire"].isin(set(inside["code_territoire"]))]
    percents = indicators[indicators["unite"] == "%"]
    # All indicators and geographies at once: each has few rows.
    rests = {
        epci: gap_to_rest(
            set_beside(observations, indicators, territories, percents["code_indicateur"], epci), containment, epci
        )
        for epci in epcis.unique()
    }
    rows = []
    for geography, epci in epcis.items():
        rest = rests[epci][rests[epci]["geographie"] == geography]
        own = held[held["code_territoire"].isin(inside.loc[inside["geographie"] == geography, "code_territoire"])]
        codes = own["code_indicateur"].unique()
        for line in percents[percents["code_indicateur"].isin(codes)].itertuples():
            one = rest[rest["code_indicateur"] == line.code_indicateur]
            years, reason = _choose(one, indicators, breaks, line.code_indicateur)
            rows.append((geography, line.code_indicateur, line.libelle_indicateur, epci, *years, reason))
    columns = ["geographie", "code_indicateur", "libelle_indicateur", "code_epci", "annee_debut", "annee_fin"]
    out = pd.DataFrame(rows, columns=[*columns, "motif_refus"])
    return out.astype({"annee_debut": "Int64", "annee_fin": "Int64"})


def follow_gaps(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    breaks: pd.DataFrame,
    panels: pd.DataFrame,
    *,
    effet_de_plan: float,
    niveau: float,
    ecart_stable: float,
) -> pd.DataFrame:
    """What the gap of each quartier to the rest of its agglomeration became, over every panel that may be followed.

    `panels`: lawful rows of `find_panels`. One row a quartier and indicator: the columns of `pair_gaps` (the gaps as
    ecart_debut, ecart_fin) and `add_gap_changes`, code_indicateur, libelle_indicateur, annee_debut, annee_fin,
    points_detectables (between the two vintages of the quartier), reserve (what must be said of the comparison).
    """
    rows = [_follow_one(observations, indicators, territories, containment, breaks, line) for line in _lines(panels)]
    columns = ["code_territoire", "code_indicateur", "trajectoire", "ecart_evolution_bas", "ecart_evolution_haut"]
    columns += ["reserve", "coefficient_p"]
    if not rows:
        return pd.DataFrame(
            {name: pd.Series(dtype="Float64" if name.startswith("coef") else "str") for name in columns}
        )
    paired = pd.concat(rows, ignore_index=True)
    paired = paired.assign(numerateur=paired["numerateur_fin"], denominateur=paired["denominateur_fin"])
    seen = add_smallest_changes(paired, effet_de_plan=effet_de_plan, compare_a="denominateur_debut")
    out = add_gap_changes(seen, effet_de_plan=effet_de_plan, niveau=niveau, ecart_stable=ecart_stable)
    return out.rename(columns={"ecart_reference_debut": "ecart_debut", "ecart_reference_fin": "ecart_fin", **_UNSIGNED})


def trace_gaps(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    panel: pd.Series,
) -> pd.DataFrame:
    """Every vintage of one panel beside the rest of the agglomeration: the columns of `gap_to_rest`, and annee."""
    gaps = gap_to_rest(_gaps_of(observations, indicators, territories, panel), containment, panel["code_epci"])
    gaps = gaps[gaps["millesime"].str.fullmatch(_STATED)]
    return gaps.assign(annee=gaps["millesime"].astype("int64")).sort_values(
        ["code_territoire", "annee"], ignore_index=True
    )


def _follow_one(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    breaks: pd.DataFrame,
    panel: pd.Series,
) -> pd.DataFrame:
    code, years = panel["code_indicateur"], (int(panel["annee_debut"]), int(panel["annee_fin"]))
    gaps = gap_to_rest(_gaps_of(observations, indicators, territories, panel), containment, panel["code_epci"])
    paired, _ = pair_gaps(gaps, indicators, breaks, code, *years)
    defined = indicators.set_index("code_indicateur", drop=False).loc[code]
    return paired.assign(
        code_indicateur=code,
        libelle_indicateur=panel["libelle_indicateur"],
        annee_debut=years[0],
        annee_fin=years[1],
        reserve=tell_reserves(defined, breaks, "qpv", *years),
    )


def _gaps_of(
    observations: pd.DataFrame, indicators: pd.DataFrame, territories: pd.DataFrame, panel: pd.Series
) -> pd.DataFrame:
    return gap_to_reference(
        observations,
        indicators,
        territories,
        panel["code_indicateur"],
        panel["code_epci"],
        geography=panel["geographie"],
    )


def _lines(panels: pd.DataFrame) -> list[pd.Series]:
    return [line for _, line in panels.iterrows()]


def _choose(
    gaps: pd.DataFrame, indicators: pd.DataFrame, breaks: pd.DataFrame, indicator: str
) -> tuple[tuple[int | None, int | None], str]:
    """The two vintages farthest apart whose gaps may be compared, the latest of equals; or why there are none."""
    stated = gaps[gaps["millesime"].str.fullmatch(_STATED)]
    if stated["millesime"].nunique() < 2:
        return (None, None), "un seul millésime, ou millésime non précisé"
    known = stated[stated["motif_refus"] == ""]
    if known["millesime"].nunique() < 2:
        return (None, None), stated.loc[stated["motif_refus"] != "", "motif_refus"].iloc[0]
    years = sorted(known["millesime"].astype(int).unique())
    defined = indicators.set_index("code_indicateur", drop=False).loc[indicator]
    pairs = [(int(start), int(end)) for start in years for end in years if start < end]
    reasons = {pair: refuse_years(defined, breaks, "qpv", *pair) for pair in pairs}
    lawful = [pair for pair, reason in reasons.items() if not reason]
    if not lawful:
        return (None, None), reasons[pairs[-1]]
    return max(lawful, key=lambda pair: (pair[1] - pair[0], pair[1])), ""
