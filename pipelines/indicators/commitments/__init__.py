"""Commitments of the partners, national measures, posts, consultations, sites: what was said, done, and is unknown.

Source: domain brief, sections 8 and 12.
"""

from pipelines.indicators.commitments.consultation import (
    AFTER,
    BEFORE,
    SAME_DAY,
    UNDATED,
    UNKNOWN_ANSWER,
    count_answers,
    find_decision,
    follow_statements,
    time_consultations,
)
from pipelines.indicators.commitments.definitions import (
    DEFINITIONS,
    define,
)
from pipelines.indicators.commitments.ledger import (
    ALIKE,
    NO_PROPOSAL,
    NOT_TOLD,
    SILENT,
    UNLIKE,
    compare_amounts,
    count_kept,
    describe_partners,
    flag_uncertain,
    follow_statuses,
    read_ledger,
    reword,
)
from pipelines.indicators.commitments.measures import (
    EQUALITY,
    LEGIBLE,
    MARKED,
    PUBLISHED,
    UNREAD,
    WOMEN_PLANNED,
    WOMEN_REACHED,
    count_levels,
    count_local,
    list_measures,
    measure_equality,
    stack_levels,
)
from pipelines.indicators.commitments.posts import (
    compare_posts,
    count_posts,
    set_beside_median,
)
from pipelines.indicators.commitments.sites import (
    UNNAMED,
    UNSAID,
    describe_rebates,
    describe_sites,
)

__all__ = [
    "AFTER",
    "ALIKE",
    "BEFORE",
    "DEFINITIONS",
    "EQUALITY",
    "LEGIBLE",
    "MARKED",
    "NOT_TOLD",
    "NO_PROPOSAL",
    "PUBLISHED",
    "SAME_DAY",
    "SILENT",
    "UNDATED",
    "UNKNOWN_ANSWER",
    "UNLIKE",
    "UNNAMED",
    "UNREAD",
    "UNSAID",
    "WOMEN_PLANNED",
    "WOMEN_REACHED",
    "compare_amounts",
    "compare_posts",
    "count_answers",
    "count_kept",
    "count_levels",
    "count_local",
    "count_posts",
    "define",
    "describe_partners",
    "describe_rebates",
    "describe_sites",
    "find_decision",
    "flag_uncertain",
    "follow_statements",
    "follow_statuses",
    "list_measures",
    "measure_equality",
    "read_ledger",
    "reword",
    "set_beside_median",
    "stack_levels",
    "time_consultations",
]
