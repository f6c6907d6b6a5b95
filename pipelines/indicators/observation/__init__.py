"""Observation of territories: gaps and changes, and the comparisons that are refused. Source: domain brief, section 8.

Two values are compared only if they come from the same source and the same vintage; two vintages of one series only if
they are far enough apart for the indicator and no break of the source parts them. What is refused carries its reason.
"""

from pipelines.indicators.observation.changes import add_segments, change_between, pair_gaps
from pipelines.indicators.observation.comparability import (
    breaks_of,
    refuse_average,
    refuse_geographies,
    refuse_ranks,
    refuse_scale,
    refuse_years,
    tell_break,
    tell_missing,
    tell_reserves,
)
from pipelines.indicators.observation.definitions import DEFINITIONS, define
from pipelines.indicators.observation.densities import gap_to_rest_of_whole, overrepresent, rate_by_population
from pipelines.indicators.observation.elsewhere import (
    count_agglomerations,
    is_in_agglomeration,
    list_members,
    place_in_agglomeration,
    rank_with_intervals,
    select_elsewhere,
)
from pipelines.indicators.observation.gaps import (
    communes_of,
    gap_of_notion,
    gap_to_reference,
    gap_to_rest,
    list_attempts,
)
from pipelines.indicators.observation.panels import find_panels, follow_gaps, trace_gaps
from pipelines.indicators.observation.profiles import compare_to_similar, find_similar
from pipelines.indicators.observation.published import recompute_published
from pipelines.indicators.observation.ranking import (
    control_false_discoveries,
    count_false_alarms,
    shrink_rates,
    simulate_ranks,
)
from pipelines.indicators.observation.selection import (
    STRADDLING,
    index_series,
    name_quartiers,
    pick_described,
    pick_geography,
    pick_rate,
    select,
    series,
)
from pipelines.indicators.observation.situations import compare_situations
from pipelines.indicators.observation.trajectories import add_gap_changes, measure_variability
from pipelines.indicators.observation.uncertainty import add_gap_intervals, add_share_intervals, add_smallest_changes

__all__ = [
    "DEFINITIONS",
    "STRADDLING",
    "add_gap_changes",
    "add_gap_intervals",
    "add_segments",
    "add_share_intervals",
    "add_smallest_changes",
    "breaks_of",
    "change_between",
    "communes_of",
    "compare_situations",
    "compare_to_similar",
    "control_false_discoveries",
    "count_agglomerations",
    "count_false_alarms",
    "define",
    "find_panels",
    "find_similar",
    "follow_gaps",
    "gap_of_notion",
    "gap_to_reference",
    "gap_to_rest",
    "gap_to_rest_of_whole",
    "index_series",
    "is_in_agglomeration",
    "list_attempts",
    "list_members",
    "measure_variability",
    "name_quartiers",
    "overrepresent",
    "pair_gaps",
    "pick_described",
    "pick_geography",
    "pick_rate",
    "place_in_agglomeration",
    "rank_with_intervals",
    "rate_by_population",
    "recompute_published",
    "refuse_average",
    "refuse_geographies",
    "refuse_ranks",
    "refuse_scale",
    "refuse_years",
    "select",
    "select_elsewhere",
    "series",
    "shrink_rates",
    "simulate_ranks",
    "tell_break",
    "tell_missing",
    "tell_reserves",
    "trace_gaps",
]
