"""The annual report on the politique de la ville: its sections, the opinions it needs, what it lacks, its status.

Source: decree 2015-1118 of 3 September 2015; law 2014-173 of 21 February 2014, article 1; domain brief, 2.2 and 11.2.
"""

from pipelines.indicators.annual_report.completeness import (
    DEFINITIVE,
    DRAFT,
    describe_sections,
    find_gaps,
    judge_status,
    pick_deliberation,
)
from pipelines.indicators.annual_report.objectives import LAW_OBJECTIVES, NO_INDICATOR, match_objectives
from pipelines.indicators.annual_report.opinions import (
    OPINION_STATES,
    SETTLED,
    annex_texts,
    judge_opinions,
    list_bodies,
    month_after,
)
from pipelines.indicators.annual_report.sections import DECREE_SECTIONS, NEEDS_TEXT, PIECES

__all__ = [
    "DECREE_SECTIONS",
    "DEFINITIVE",
    "DRAFT",
    "LAW_OBJECTIVES",
    "NEEDS_TEXT",
    "NO_INDICATOR",
    "OPINION_STATES",
    "PIECES",
    "SETTLED",
    "annex_texts",
    "describe_sections",
    "find_gaps",
    "judge_opinions",
    "judge_status",
    "list_bodies",
    "match_objectives",
    "month_after",
    "pick_deliberation",
]
