"""Conditions of a difference-in-differences, each with what was found; the same words whether it holds or not."""

from collections.abc import Collection, Mapping
from math import comb

import numpy as np
import pandas as pd

from pipelines.indicators.impact.panel import Panel
from pipelines.indicators.impact.permutation import confidence_interval, gaps_of_means, p_of, p_of_largest
from pipelines.values import count, format_number, format_percent

Row = tuple[str, bool, str]
PLACEBOS = ["placebo", "libelle_placebo", "ecart_placebo", "coefficient_p"]
NOT_EXAMINED = "non examiné : le panel ne le permet pas"


def check_numbers(
    panel: Panel, *, periodes_minimales: int, traites_minimaux: int, temoins_minimaux: int, niveau: float, tirages: int
) -> list[Row]:
    """Enough years before and after, enough treated and control territories, enough deals to conclude, no hole."""
    before, after = int(panel.before.sum()), int((~panel.before).sum())
    treated, controls = int(panel.treated.sum()), int((~panel.treated).sum())
    deals = comb(len(panel.treated), treated)
    # Equal halves: each deal has its mirror, with the same gap.
    needed = np.ceil((1 + (treated == controls)) / (1 - niveau / 100) - 1e-9)
    played = min(deals, tirages + 1)
    holes = panel.incomplete
    hole = (
        f"{count(len(holes), 'territoire')} avec une année ou une valeur manquante "
        f"({_name_first(holes['code_territoire'].to_list())}) : compléter ou écarter."
        if len(holes)
        else f"{count(len(panel.codes), 'territoire')} suivis de {panel.years[0]} à {panel.years[-1]} sans manque."
    )
    return [
        ("périodes avant", before >= periodes_minimales, _needed(before, "année", periodes_minimales)),
        ("périodes après", after >= 1, _needed(after, "année", 1)),
        ("territoires traités", treated >= traites_minimaux, _needed(treated, "territoire", traites_minimaux)),
        ("territoires témoins", controls >= temoins_minimaux, _needed(controls, "territoire", temoins_minimaux)),
        ("répartitions possibles", played >= needed and 0 < treated < len(panel.treated), _needed(
            played, "répartition", int(needed))),
        ("panel complet", holes.empty and len(panel.codes) > 0, hole),
    ]  # fmt: skip


def check_sources(
    panel: Panel,
    *,
    ruptures: Mapping[int, str],
    zonages_anterieurs: Collection[str] | float | None,
    reserve_zonages: str,
) -> list[Row]:
    """No source break inside the panel (a break is the first year made the new way), nobody treated earlier."""
    inside = {year: why for year, why in sorted(ruptures.items()) if panel.years[0] < year <= panel.years[-1]}
    broken = " ; ".join(f"{year} : {why}" for year, why in inside.items())
    safe = f"aucune rupture connue de {panel.years[0]} à {panel.years[-1]}."
    note = f" {reserve_zonages}" if reserve_zonages else ""
    if zonages_anterieurs is None:
        zoned: Row = ("zonages antérieurs", False, f"inconnus : les renseigner avant toute estimation.{note}")
    elif isinstance(zonages_anterieurs, int | float):
        told = f"{format_percent(zonages_anterieurs)} des territoires traités relevaient d'un zonage antérieur.{note}"
        zoned = ("zonages antérieurs", zonages_anterieurs == 0, told)
    else:
        earlier = np.isin(panel.codes, list(zonages_anterieurs))
        counts = [int((earlier & of).sum()) for of in (panel.treated, ~panel.treated)]
        told = f"{count(counts[0], 'traité')} et {count(counts[1], 'témoin')} relevaient d'un zonage antérieur.{note}"
        zoned = ("zonages antérieurs", not any(counts), told)
    return [("ruptures de source", not inside, f"{broken}." if inside else safe), zoned]


def check_trends(panel: Panel, labels: np.ndarray, niveau: float) -> tuple[list[Row], pd.DataFrame]:
    """Parallel trends before, nothing found at fake dates nor at untreated places; and the placebos, a row each.

    Trends and fake dates read the years before alone, fake places the controls alone: none shows the treated after.
    Placebos: placebo, libelle_placebo, ecart_placebo (in the scale's unit), coefficient_p. A trend that is not seen
    may still be there: its interval is given.
    """
    placebos, alpha = [], 1 - niveau / 100
    years = panel.years[panel.before]
    own = panel.levels[:, panel.before]
    if len(years) < 2 or not len(labels):
        rows: list[Row] = [(name, False, NOT_EXAMINED) for name in ("tendances antérieures", "placebo dans le temps")]
    else:
        centred = years - years.mean()
        slopes = own @ centred / (centred**2).sum()
        gap, (low, high) = gaps_of_means(labels, slopes), confidence_interval(labels, slopes, niveau)
        p = p_of(gap)
        told = (
            f"écart de pente avant : {panel.tell(gap[0])} par an, intervalle de {panel.tell(low)} à "
            f"{panel.tell(high)}, p = {format_number(p, 3)}."
        )
        rows = [("tendances antérieures", p > alpha, told)]
        moves = np.column_stack([panel.changes(year, columns=panel.before) for year in years[1:]])
        gaps = gaps_of_means(labels, moves)
        for column, year in enumerate(years[1:]):
            shown = panel.in_unit(gaps[0, column])
            placebos.append(("dans le temps", f"date fictive {year}", shown, p_of(gaps[:, column])))
        p = p_of_largest(gaps)
        told = f"{count(len(years) - 1, 'date fictive', 'dates fictives')}, p conjoint = {format_number(p, 3)}."
        rows.append(("placebo dans le temps", p > alpha, told))
    row, places = _place_placebos(panel, alpha)
    return [*rows, row], pd.DataFrame([*placebos, *places], columns=PLACEBOS)


def _place_placebos(panel: Panel, alpha: float) -> tuple[Row, list[tuple[str, str, float, float]]]:
    """Each control taken as treated against the other controls: none may move alone (Student, Bonferroni)."""
    # Heavy, and few notebooks need it.
    from scipy.stats import t

    name, controls = "placebo dans l'espace", panel.codes[~panel.treated]
    size = len(controls)
    if size < 4 or not panel.before.any() or panel.before.all():
        return (name, False, NOT_EXAMINED), []
    moves = panel.changes()[~panel.treated]
    gaps = (moves - moves.mean()) * size / (size - 1)
    left = np.maximum(((moves - moves.mean()) ** 2).sum() - gaps**2 * (size - 1) / size, 0) / (size - 2)
    error = np.sqrt(left * size / (size - 1))
    p = np.where(np.abs(gaps) < 1e-10, 1.0, 2 * t.sf(np.abs(gaps) / np.where(error > 0, error, 1e-10), size - 2))
    found = [str(code) for code in controls[p * size <= alpha]]
    told = (
        f"{count(len(found), 'témoin')} sur {size} à l'écart des autres : {_name_first(found)}."
        if found
        else f"aucun témoin sur {size} ne s'écarte des autres."
    )
    shown = [
        ("dans l'espace", str(code), panel.in_unit(gap), float(one))
        for code, gap, one in zip(controls, gaps, p, strict=True)
    ]
    return (name, not found, told), shown


def _needed(number: int, noun: str, smallest: int) -> str:
    return f"{count(number, noun)}, il en faut {format_number(smallest)} au moins."


def _name_first(codes: list[str]) -> str:
    """The first three codes, « … » where there are more."""
    return ", ".join(codes[:3]) + (", …" if len(codes) > 3 else "")
