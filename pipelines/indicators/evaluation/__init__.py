"""An evaluation: its questions and their matrix, what was heard, what is judged, how strongly, what is recommended.

Source: domain brief, sections 2.3 (matrix), 2.6 (contribution analysis) and 9 (strength of evidence).
"""

from pipelines.indicators.evaluation.definitions import (
    CROSSED,
    DEFINITIONS,
    NO_MATERIAL,
    STRENGTHS,
    TOLD,
    UNANSWERED,
    UNSET,
    define,
)
from pipelines.indicators.evaluation.material import (
    add_material,
    count_material,
    cover_links,
    describe_material,
    join_material,
    list_contributions,
    quote_material,
    say_weight,
    select_period,
    weigh_material,
)
from pipelines.indicators.evaluation.matrix import (
    answer_questions,
    build_matrix,
    count_answers,
    describe_recommendations,
    lay_out_answer,
    link_figures,
    list_questions,
)

__all__ = [
    "CROSSED",
    "DEFINITIONS",
    "NO_MATERIAL",
    "STRENGTHS",
    "TOLD",
    "UNANSWERED",
    "UNSET",
    "add_material",
    "answer_questions",
    "build_matrix",
    "count_answers",
    "count_material",
    "cover_links",
    "define",
    "describe_material",
    "describe_recommendations",
    "join_material",
    "lay_out_answer",
    "link_figures",
    "list_contributions",
    "list_questions",
    "quote_material",
    "say_weight",
    "select_period",
    "weigh_material",
]
