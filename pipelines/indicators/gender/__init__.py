"""The gender marker: the contract's decision tree walked for each action, and what the markers say together.

Source: domain brief, sections 4 and 8. An action that is not examined has no marker: it is never counted as 0.
"""

from pipelines.indicators.gender.agreement import (
    COEFFICIENT,
    OPEN,
    compare_answers,
    first_ratings,
    list_disagreements,
    measure_agreement,
)
from pipelines.indicators.gender.criteria import count_criteria, count_criteria_met
from pipelines.indicators.gender.definitions import DEFINITIONS, EVERY, LABELS, UNRATED, define, label_markers
from pipelines.indicators.gender.distribution import (
    COUNTS,
    EUROS,
    SHARES,
    add_markers,
    count_markers,
    measure_committee,
    sum_markers,
)
from pipelines.indicators.gender.evolution import compare_to_start, cross_transitions, follow_shares, pair_years
from pipelines.indicators.gender.parity import compare_parity, measure_parity
from pipelines.indicators.gender.rating import (
    FLAG_LABELS,
    FLAG_SEPARATOR,
    TRAJET,
    UNEXAMINED,
    Mark,
    Reading,
    mark,
    rate_gender_marker,
    read_as,
)
from pipelines.indicators.gender.readings import (
    compare_readings,
    count_branches,
    count_flags,
    list_differences,
    name_reading,
)
from pipelines.indicators.gender.support import choose_holders
from pipelines.indicators.gender.tree import FIELDS, REASON, Criteria, Question, Tree

__all__ = [
    "COEFFICIENT",
    "COUNTS",
    "DEFINITIONS",
    "EUROS",
    "EVERY",
    "FIELDS",
    "FLAG_LABELS",
    "FLAG_SEPARATOR",
    "LABELS",
    "OPEN",
    "REASON",
    "SHARES",
    "TRAJET",
    "UNEXAMINED",
    "UNRATED",
    "Criteria",
    "Mark",
    "Question",
    "Reading",
    "Tree",
    "add_markers",
    "choose_holders",
    "compare_answers",
    "compare_parity",
    "compare_readings",
    "compare_to_start",
    "count_branches",
    "count_criteria",
    "count_criteria_met",
    "count_flags",
    "count_markers",
    "cross_transitions",
    "define",
    "first_ratings",
    "follow_shares",
    "label_markers",
    "list_differences",
    "list_disagreements",
    "mark",
    "measure_agreement",
    "measure_committee",
    "measure_parity",
    "name_reading",
    "pair_years",
    "rate_gender_marker",
    "read_as",
    "sum_markers",
]
