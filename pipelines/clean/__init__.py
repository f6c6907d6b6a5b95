"""Text frame → (kept, set aside, journal). Nothing is lost: what is not kept stays, with its line and its reason."""

import functools
from collections.abc import Callable

import pandas as pd

from pipelines.clean.contours import clean_contours
from pipelines.clean.marker import clean_marker, settle_answers
from pipelines.clean.observations import clean_indicators, clean_observations
from pipelines.clean.posts import clean_posts
from pipelines.clean.programmes import clean_programmes
from pipelines.clean.readings import clean_readings
from pipelines.clean.registers import clean_registers
from pipelines.clean.results import clean_action_results, clean_measures
from pipelines.clean.rows import Cleaned, clean_table
from pipelines.indicators.gender import Tree
from pipelines.tables import TABLES, WIDE

_CLEANERS: dict[str, Callable[[pd.DataFrame], Cleaned]] = {
    "contours": clean_contours,
    "indicateurs": clean_indicators,
    "mesures_suivis": clean_measures,
    "observations": clean_observations,
    "observations_france": functools.partial(clean_observations, name="observations_france"),
    "postes_147": clean_posts,
    "programmes": clean_programmes,
    **{name: functools.partial(clean_readings, name=name) for name in WIDE},
    "resultats_actions": clean_action_results,
    "subventions": clean_registers,
}
# Answers to the marker's tree: what contradicts itself depends on the contract.
_MARKED = {"consensus_marqueur", "notations_marqueur"}


def clean_rows(name: str, text: pd.DataFrame, tree: Tree | None = None) -> Cleaned:
    """The text rows of a table, cleaned as its files need it, else by the kinds of its columns alone.

    `tree`: the contract's gender marker, if it has one.
    """
    if name in _MARKED:
        return clean_marker(text, name, tree)
    return _CLEANERS[name](text) if name in _CLEANERS else clean_table(text, TABLES[name])


__all__ = ["Cleaned", "clean_rows", "clean_table", "settle_answers"]
