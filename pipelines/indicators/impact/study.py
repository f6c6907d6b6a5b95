"""Difference-in-differences with its conditions: the estimate where they all hold, the list of what fails elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.errors import UsageError
from pipelines.indicators.impact.conditions import check_numbers, check_sources, check_trends
from pipelines.indicators.impact.panel import UNITS, Panel, arrange_panel
from pipelines.indicators.impact.permutation import confidence_interval, deal_labels, gaps_of_means, p_of
from pipelines.indicators.observation.uncertainty import check_levels
from pipelines.values import count, format_number

COMPUTED, REFUSED = "calculable", "refus"
# Domain brief, section 2.6.
_FEWEST = 3
COLUMNS = [
    "estimation", "estimation_basse", "estimation_haute", "unite", "coefficient_p", "nb_traites", "nb_temoins",
    "nb_annees_avant", "nb_annees_apres", "lecture",
]  # fmt: skip


@dataclass(frozen=True)
class Study:
    """What a study of impact may say.

    `verdict`: « calculable », or the conditions that fail. `conditions`: condition, est_remplie, constat. `estimation`:
    one row (COLUMNS), none where refused. `placebos`: placebo, libelle_placebo, ecart_placebo, coefficient_p.
    """

    verdict: str
    conditions: pd.DataFrame
    estimation: pd.DataFrame
    placebos: pd.DataFrame


def study_impact(
    panel: pd.DataFrame,
    *,
    annee_traitement: int,
    echelle: str,
    niveau: float,
    tirages: int,
    graine: int,
    traites_minimaux: int,
    temoins_minimaux: int,
    ruptures: Mapping[int, str],
    zonages_anterieurs: Collection[str] | float | None,
    reserve_zonages: str = "",
    periodes_minimales: int = 3,
) -> Study:
    """Mean change of the treated less mean change of the controls, if every condition holds; else why not.

    `panel`: code_territoire, annee, valeur, est_traite; `annee_traitement`: the first treated year. `echelle`: log
    (counts of places of very different sizes: what is common to all multiplies; result in percent), indice (100: the
    mean of the years before), valeur (rates). `ruptures`: first year made the new way → what changed.
    `zonages_anterieurs`: codes of territories zoned earlier, or their percentage among the treated, or None: unknown,
    hence refused; `reserve_zonages` is added to what is said of it. p-value and interval by dealing the label again:
    every deal where they are at most `tirages`, else `tirages` at random from `graine`. About one sound panel in five
    is refused at 90 %: three conditions are tests.
    """
    check_levels(1, niveau)
    if periodes_minimales < _FEWEST:
        raise UsageError(f"periodes_minimales = {periodes_minimales} : pas d'étude à moins de {_FEWEST} années avant.")
    if tirages < 99:
        raise UsageError(f"tirages = {tirages} : il en faut 99 au moins pour une valeur de p, 1999 par exemple.")
    arranged = arrange_panel(panel, annee_traitement, echelle)
    possible = 0 < arranged.treated.sum() < len(arranged.treated)
    labels = deal_labels(arranged.treated, tirages=tirages, graine=graine) if possible else np.empty((0, 0), dtype=bool)
    trends, placebos = check_trends(arranged, labels, niveau)
    rows = [
        *check_numbers(
            arranged,
            periodes_minimales=periodes_minimales,
            traites_minimaux=traites_minimaux,
            temoins_minimaux=temoins_minimaux,
            niveau=niveau,
            tirages=tirages,
        ),
        *check_sources(
            arranged, ruptures=ruptures, zonages_anterieurs=zonages_anterieurs, reserve_zonages=reserve_zonages
        ),
        *trends,
    ]
    conditions = pd.DataFrame(rows, columns=["condition", "est_remplie", "constat"])
    conditions = conditions.astype({"condition": "str", "est_remplie": "bool", "constat": "str"})
    failed = conditions.loc[~conditions["est_remplie"], "condition"].to_list()
    if failed:
        return Study(f"{REFUSED} : {', '.join(failed)}", conditions, pd.DataFrame(columns=COLUMNS), placebos)
    return Study(COMPUTED, conditions, pd.DataFrame([estimate(arranged, labels, niveau)], columns=COLUMNS), placebos)


def estimate(panel: Panel, labels: np.ndarray, niveau: float) -> dict[str, object]:
    """Difference-in-differences of a panel with its interval and p by permutation; the conditions are not looked at."""
    moves = panel.changes()
    gaps = gaps_of_means(labels, moves)
    low, high = confidence_interval(labels, moves, niveau)
    treated, before = int(panel.treated.sum()), int(panel.before.sum())
    p = p_of(gaps)
    found = "Effet estimé" if low > 0 or high < 0 else "Aucun effet décelé, estimation"
    told = (
        f"{found} : {panel.tell(gaps[0])}, intervalle à {format_number(niveau)} % de {panel.tell(low)} à "
        f"{panel.tell(high)}, p = {format_number(p, 3)}, {count(treated, 'territoire traité', 'territoires traités')}."
    )
    return {
        "estimation": panel.in_unit(gaps[0]),
        "estimation_basse": panel.in_unit(low),
        "estimation_haute": panel.in_unit(high),
        "unite": UNITS[panel.scale],
        "coefficient_p": p,
        "nb_traites": treated,
        "nb_temoins": len(panel.treated) - treated,
        "nb_annees_avant": before,
        "nb_annees_apres": len(panel.years) - before,
        "lecture": told,
    }
