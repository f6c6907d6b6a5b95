"""The gender marker: the contract's decision tree walked for each action, and what the markers say together.

Source: domain brief, sections 4 and 8. An action that is not examined has no marker: it is never counted as 0.
"""

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
from pipelines.indicators.gender.tree import FIELDS, REASON, Criteria, Question, Tree

__all__ = [
    "FIELDS",
    "FLAG_LABELS",
    "FLAG_SEPARATOR",
    "REASON",
    "TRAJET",
    "UNEXAMINED",
    "Criteria",
    "Mark",
    "Question",
    "Reading",
    "Tree",
    "mark",
    "rate_gender_marker",
    "read_as",
]
