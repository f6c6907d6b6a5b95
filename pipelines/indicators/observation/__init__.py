"""Observation of territories: gaps and changes, and the comparisons that are refused. Source: domain brief, section 8.

Two values are compared only if they come from the same source and the same vintage; two vintages of one series only if
they are far enough apart for the indicator. What is refused carries its reason.
"""

from pipelines.indicators.observation.changes import change_between
from pipelines.indicators.observation.definitions import DEFINITIONS, define
from pipelines.indicators.observation.gaps import gap_to_reference
from pipelines.indicators.observation.selection import STRADDLING, index_series, name_quartiers, select, series

__all__ = [
    "DEFINITIONS",
    "STRADDLING",
    "change_between",
    "define",
    "gap_to_reference",
    "index_series",
    "name_quartiers",
    "select",
    "series",
]
