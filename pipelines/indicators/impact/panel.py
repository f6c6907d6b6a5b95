"""A panel ready to be compared: years before and after, treated and control territories, one scale."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.errors import DataError, UsageError
from pipelines.values import format_change, format_number

SCALES = ("log", "indice", "valeur")
UNITS = {"log": "%", "indice": "points d'indice", "valeur": "unité de la valeur"}


@dataclass(frozen=True)
class Panel:
    """Territories followed over the years: `levels` (a row each, on the scale) holds the complete ones alone."""

    codes: np.ndarray
    treated: np.ndarray
    years: np.ndarray
    levels: np.ndarray
    first_year: int
    scale: str
    incomplete: pd.DataFrame

    @property
    def before(self) -> np.ndarray:
        return self.years < self.first_year

    def changes(self, year: int | None = None, *, columns: np.ndarray | None = None) -> np.ndarray:
        """Mean since `year` (default: the first treated one) less mean before, by territory, over some columns."""
        kept = np.ones(len(self.years), dtype=bool) if columns is None else columns
        later = self.years >= (self.first_year if year is None else year)
        return self.levels[:, kept & later].mean(axis=1) - self.levels[:, kept & ~later].mean(axis=1)

    def in_unit(self, number: float) -> float:
        """A gap of the scale in the unit that is shown: a gap of logarithms as a percentage."""
        return 100 * float(np.expm1(number)) if self.scale == "log" else float(number)

    def tell(self, number: float) -> str:
        """A gap of the scale as French text."""
        shown = self.in_unit(number)
        if self.scale == "log":
            return format_change(shown)
        text = ("+" if shown > 0 else "") + format_number(shown, 2)
        return f"{text} {UNITS[self.scale]}" if self.scale == "indice" else text


def arrange_panel(panel: pd.DataFrame, annee_traitement: int, echelle: str) -> Panel:
    """The panel by territory and year, sorted, on the scale; territories with a hole are listed apart.

    UsageError: unknown scale, or logarithm or index of what is 0 or less. DataError: a territory twice in a year, or
    treated in some of its rows only.
    """
    if echelle not in SCALES:
        raise UsageError(f"Échelle « {echelle} » inconnue : choisir {', '.join(SCALES)}.")
    twice = panel[panel.duplicated(["code_territoire", "annee"])]
    if len(twice):
        raise DataError(f"« {twice['code_territoire'].iloc[0]} » a deux valeurs en {twice['annee'].iloc[0]}.")
    labels = panel.groupby("code_territoire")["est_traite"].agg(["nunique", "first"])
    if (labels["nunique"] != 1).any():
        mixed = labels.index[labels["nunique"] != 1][0]
        raise DataError(
            f"« {mixed} » est traité sur une partie de ses lignes : « est_traite » vaut pour le territoire."
        )
    years = np.arange(panel["annee"].min(), panel["annee"].max() + 1)
    wide = panel.pivot(index="code_territoire", columns="annee", values="valeur").astype("Float64")
    wide = wide.sort_index().reindex(columns=years)
    holes = wide.isna().sum(axis=1)
    complete = wide[holes == 0].to_numpy(dtype=float)
    return Panel(
        codes=wide.index[holes == 0].to_numpy(),
        treated=labels.loc[wide.index[holes == 0], "first"].to_numpy(dtype=bool),
        years=years,
        levels=_rescale(complete, years < annee_traitement, echelle),
        first_year=annee_traitement,
        scale=echelle,
        incomplete=holes[holes > 0].rename("nb_manquantes").reset_index(),
    )


def _rescale(values: np.ndarray, before: np.ndarray, scale: str) -> np.ndarray:
    if scale == "valeur":
        return values
    base = values if scale == "log" else values[:, before].mean(axis=1, keepdims=True) if before.any() else values
    bad = int((base <= 0).any(axis=1).sum())
    if bad:
        raise UsageError(
            f"Échelle « {scale} » impossible pour {bad} territoire(s) à 0 : les écarter, ou prendre « valeur »."
        )
    return np.log(values) if scale == "log" else 100 * values / base
