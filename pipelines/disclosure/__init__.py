"""Statistical secrecy: small counts of natural persons are hidden, and so is what would give them back."""

from pipelines.disclosure.columns import hide_people, hide_small_counts
from pipelines.disclosure.margins import hide_in_margins
from pipelines.disclosure.people import ALL, class_of_actions, count_reached
from pipelines.disclosure.results import hide_measures, judge_results
from pipelines.disclosure.statistics import hide_elsewhere, hide_observations

__all__ = [
    "ALL",
    "class_of_actions",
    "count_reached",
    "hide_elsewhere",
    "hide_in_margins",
    "hide_measures",
    "hide_observations",
    "hide_people",
    "hide_small_counts",
    "judge_results",
]
