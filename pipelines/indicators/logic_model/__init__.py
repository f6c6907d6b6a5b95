"""Logic-impact models: what measures their nodes, what weakens them, what their paths allow to say.

Source: domain brief, sections 2.6 and 8 (lm_coverage, lm_edge_supported, lm_broken_paths); contribution analysis after
Mayne. A link is a supposition until it is examined, wherever it was read.
"""

from pipelines.indicators.logic_model.graph import list_links
from pipelines.indicators.logic_model.measures import DEFINITION as STATES
from pipelines.indicators.logic_model.measures import (
    cover_levels,
    judge_nodes,
    list_indicators,
    measure_indicators,
    write_values,
)
from pipelines.indicators.logic_model.paths import DEFINITION as PATHS
from pipelines.indicators.logic_model.paths import (
    MOST_PATHS,
    SAID,
    count_paths,
    count_verdicts,
    trace_paths,
)
from pipelines.indicators.logic_model.selection import flag_skips, name_levels, pick_model, select_model
from pipelines.indicators.logic_model.weaknesses import CIRCULAR, find_weaknesses

__all__ = [
    "CIRCULAR",
    "MOST_PATHS",
    "PATHS",
    "SAID",
    "STATES",
    "count_paths",
    "count_verdicts",
    "cover_levels",
    "find_weaknesses",
    "flag_skips",
    "judge_nodes",
    "list_indicators",
    "list_links",
    "measure_indicators",
    "name_levels",
    "pick_model",
    "select_model",
    "trace_paths",
    "write_values",
]
