"""The quartiers that part 2 looks at: their gaps, their counts, their intervals, ready to be shown and told.

Nothing is computed here that `pipelines.indicators.observation` does not compute for the reports.
"""

import pandas as pd

from pipelines.charts.gaps import draw_gaps
from pipelines.charts.style import Chart
from pipelines.indicators import observation
from pipelines.numbers import format_intervals
from pipelines.values import format_number, format_percent, format_points, format_text

_NONE = "aucun taux de quartier ne s'y prête dans ce contrat."
_COLUMNS = [
    "code_territoire", "nom_territoire", "geographie", "millesime", "id_source", "sens", "collecte", "valeur",
    "numerateur", "denominateur", "valeur_reference", "numerateur_reference", "denominateur_reference",
    "ecart_reference", "ratio_reference", "motif_refus", "quartier", "code_indicateur", "libelle_indicateur",
    "code_epci",
]  # fmt: skip
_NUMBERS = [name for name in _COLUMNS if name.startswith(("valeur", "numerateur", "denominateur", "ecart", "ratio"))]


def choose_gaps(
    tried: pd.DataFrame,
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    epci: str,
) -> pd.DataFrame:
    """The lawful gaps of the contract's own quartiers, lowest value first, of the first percentage that allows some.

    `tried`: of `list_attempts`. At the last vintage. Columns: those of `gap_to_reference`, quartier, code_indicateur,
    libelle_indicateur, code_epci; no row where the contract allows none. The invented example is never one of them.
    """
    percents = set(indicators.loc[indicators["unite"] == "%", "code_indicateur"])
    able = tried[
        (tried["nb_ecarts"] > 0) & (tried["geographie"] != "exemple") & tried["code_indicateur"].isin(percents)
    ]
    if able.empty:
        return _nothing()
    first = able.iloc[0]
    gaps = observation.gap_to_reference(
        observations, indicators, territories, first["code_indicateur"], epci, geography=first["geographie"]
    )
    gaps = gaps[(gaps["millesime"] == gaps["millesime"].max()) & (gaps["motif_refus"] == "")]
    return _name(gaps, territories, containment, first).assign(code_epci=epci)


def choose_counted(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    territories: pd.DataFrame,
    containment: pd.DataFrame,
    breaks: pd.DataFrame,
) -> pd.DataFrame:
    """The gaps of quartiers whose counts are known, at the last vintage: the contract's own, else the invented example.

    Columns: those of `choose_gaps`; no row where neither has any. Lowest value first.
    """
    panels = observation.find_panels(observations, indicators, territories, containment, breaks)
    lawful = panels[panels["motif_refus"] == ""]
    lawful = lawful.sort_values("geographie", key=lambda name: name == "exemple", kind="stable")
    if lawful.empty:
        return _nothing()
    panel = lawful.iloc[0]
    gaps = observation.gap_to_reference(
        observations,
        indicators,
        territories,
        panel["code_indicateur"],
        panel["code_epci"],
        geography=panel["geographie"],
    )
    gaps = gaps[(gaps["millesime"] == str(panel["annee_fin"])) & (gaps["motif_refus"] == "")]
    return _name(gaps, territories, containment, panel).assign(code_epci=panel["code_epci"])


def pool_rates(counted: pd.DataFrame) -> float:
    """The rate of all the quartiers together, in percent: their numerators over their denominators; missing of none."""
    people = counted["denominateur"].sum()
    return float(100 * counted["numerateur"].sum() / people) if people else float("nan")


def straddles(shares: pd.DataFrame, reference: float) -> pd.Series:
    """Whether each interval (part_basse, part_haute) holds the reference: such a quartier does not differ from it."""
    return (shares["part_basse"].le(reference) & shares["part_haute"].ge(reference)).fillna(False).astype(bool)


def name_rate(gaps: pd.DataFrame) -> str:
    """« Taux d'emploi des 15-64 ans, 2020 »: what is shown, and of which vintage where it is a year."""
    if gaps.empty:
        return "Aucun taux"
    vintage = gaps["millesime"].iloc[0]
    return gaps["libelle_indicateur"].iloc[0] + (f", {vintage}" if vintage.isdecimal() else "")


def draw_rates(gaps: pd.DataFrame, reference: float, reference_name: str) -> Chart:
    """Each quartier and the reference, with its interval where it has one (part_basse, part_haute)."""
    ends = {"low": "part_basse", "high": "part_haute"} if "part_basse" in gaps else {}
    axis = f"{name_rate(gaps)}, en %"
    shown = None if pd.isna(reference) else reference
    named = {"reference": shown, "reference_name": reference_name, "unit": "%", "axis": axis}
    return draw_gaps(gaps, label="quartier", value="valeur", **ends, **named)


def compare_ways(gaps: pd.DataFrame) -> pd.DataFrame:
    """The lowest quartier, the middle one and the highest, their gap said in points and as a ratio.

    Columns: quartier, taux, taux_reference, ecart_reference, coefficient_rapport.
    """
    names = {"valeur": "taux", "valeur_reference": "taux_reference", "ratio_reference": "coefficient_rapport"}
    picked = gaps.iloc[sorted({0, len(gaps) // 2, len(gaps) - 1})] if len(gaps) else gaps
    columns = ["quartier", "taux", "taux_reference", "ecart_reference", "coefficient_rapport"]
    return picked.rename(columns=names)[columns]


def tell_ways(gaps: pd.DataFrame) -> str:
    """The gap of the lowest quartier in points, as a ratio, and as the percentage of a percentage."""
    if gaps.empty:
        return _NONE
    low = gaps.iloc[0]
    return (
        f"{format_percent(low['valeur'])} contre {format_percent(low['valeur_reference'])}. En points : "
        f"{format_points(low['ecart_reference'])}. En rapport : {format_number(low['ratio_reference'], 2)}. En "
        f"« pourcentage de pourcentage » : {format_percent(abs(100 * (1 - low['ratio_reference'])))} de différence, "
        "que l'on n'écrit pas."
    )


def explain_no_interval(gaps: pd.DataFrame, *, effet_de_plan: float, niveau: float) -> list[str]:
    """Why the quartiers have no interval, each reason once; none where all have theirs, or there are no quartiers."""
    reasons = observation.add_share_intervals(gaps, effet_de_plan=effet_de_plan, niveau=niveau)["motif_intervalle"]
    return sorted(set(reasons) - {""})


def list_counts(counted: pd.DataFrame) -> pd.DataFrame:
    """What each rate is made of: quartier, numerateur, denominateur, taux."""
    return counted.rename(columns={"valeur": "taux"})[["quartier", "numerateur", "denominateur", "taux"]]


def compare_sizes(shares: pd.DataFrame, reference: float) -> pd.DataFrame:
    """From the smallest quartier to the largest, whether it differs from the reference.

    Columns: quartier, denominateur, taux, intervalle, ecart_reference (to that reference), constat.
    """
    told = straddles(shares, reference).map({True: "ne s'en distingue pas", False: "s'en distingue"})
    out = shares.rename(columns={"valeur": "taux"}).assign(
        ecart_reference=shares["valeur"] - reference,
        intervalle=format_intervals(shares, "part_basse", "part_haute"),
        constat=told.astype("str"),
    )
    columns = ["quartier", "denominateur", "taux", "intervalle", "ecart_reference", "constat"]
    return out.sort_values("denominateur", kind="stable")[columns]


def tell_surroundings(counted: pd.DataFrame, containment: pd.DataFrame) -> str:
    """The gap of the lowest quartier to the whole agglomeration, and to its rest, the quartiers taken out."""
    if counted.empty:
        return _NONE
    low = counted.iloc[0]
    rest = observation.gap_to_rest(counted, containment, low["code_epci"]).set_index("code_territoire")
    beside = rest.loc[low["code_territoire"]]
    said = format_points(beside["ecart_reference"]) if beside["motif_refus"] == "" else beside["motif_refus"]
    return (
        f"{format_text(low['quartier'])} : {format_points(low['ecart_reference'])} à l'agglomération entière ; à son "
        f"reste, quartiers retirés : {said}."
    )


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=_COLUMNS).astype(dict.fromkeys(_COLUMNS, "str") | dict.fromkeys(_NUMBERS, "Float64"))


def _name(gaps: pd.DataFrame, territories: pd.DataFrame, containment: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """The gaps with the label of each quartier and of the indicator, lowest value first."""
    named = gaps.assign(
        quartier=gaps["code_territoire"].map(observation.name_quartiers(territories, containment)),
        code_indicateur=chosen["code_indicateur"],
        libelle_indicateur=chosen["libelle_indicateur"],
    )
    return named.sort_values(["valeur", "code_territoire"], kind="stable").reset_index(drop=True)
