"""The canonical tables: every column with its type, unit, vocabulary and meaning; the codebook is printed from here.

Two kinds of tables share this description. *Certified* tables are written to `data/processed/<contrat>/` and are what
notebooks load. *Intake* tables are the shapes that received files are mapped to; cleaning splits them: `programmes`
(yearly exports) into `actions`, `actions_territoires`, `financements`, `beneficiaires`, `reponses_marqueur` and
`resultats_actions`, `subventions` (registers of grants) into `actions` and `financements`, `releves` (wide files) into
`observations`, `releves_france` (wide files of the whole country) into `observations_france`.
"""

from pipelines.tables.codebook import print_codebook
from pipelines.tables.commitments import (
    AMOUNT_KIND_LABELS,
    ANSWER_LABELS,
    COMMITMENT_LABELS,
    COMMITMENT_TABLES,
    FOLLOW_UP_LABELS,
    LOCAL_OBJECT_LABELS,
    MEASURE_LEVEL_LABELS,
    NO_CONTRACT,
    POST_LABELS,
    REBATE_STATUS_LABELS,
    SITE_STATUS_LABELS,
    STATEMENT_THEME_LABELS,
    VERIFIABLE_LABELS,
)
from pipelines.tables.comparisons import COMPARISON_TABLES
from pipelines.tables.digital import DIGITAL_TABLES
from pipelines.tables.evaluation import (
    CRITERION_LABELS,
    EVALUATION_TABLES,
    LINKED_FIGURE_LABELS,
    MATERIAL_LABELS,
    QUESTION_ORIGIN_LABELS,
    RECOMMENDATION_LABELS,
    STANCE_LABELS,
)
from pipelines.tables.logic import LOGIC_TABLES
from pipelines.tables.maps import MAP_TABLES
from pipelines.tables.marker import MARKER_QUESTIONS, MARKER_TABLES, RATER_CODE, STATED_MARKERS
from pipelines.tables.measures import WIDE, measure_name, measure_of, measures_among, with_measures
from pipelines.tables.model import PLACE, PROVENANCE, Column, Table, as_text, empty
from pipelines.tables.monitoring import MONITORING_TABLES
from pipelines.tables.opinions import ASSEMBLY_LABELS, BODY_LABELS, OPINION_LABELS, OPINION_TABLES
from pipelines.tables.partners import PARTNER_TABLES
from pipelines.tables.programmes import GRANTED_COLUMNS, PROGRAMME_TABLES, RESULT_CELLS
from pipelines.tables.steering import SEVERITY_LABELS, STEERING_TABLES
from pipelines.tables.territories import TERRITORY_TABLES
from pipelines.tables.vocabulary import (
    ANSWER_ORIGIN_LABELS,
    ANSWER_ORIGINS,
    CREDIT_LABELS,
    CREDITS,
    CUTS,
    DIGITAL_AUDIENCE_LABELS,
    DIGITAL_AUDIENCES,
    DIGITAL_PLACE_LABELS,
    DIGITAL_PLACES,
    DIGITAL_SERVICE_LABELS,
    DIGITAL_SERVICES,
    DIMENSIONS,
    DIRECTIONS,
    EVIDENCE_LABELS,
    EVIDENCE_STRENGTHS,
    FUNDER_LABELS,
    FUNDERS,
    GRANTED,
    HOLDER_KINDS,
    HOLDER_LABELS,
    INDICATOR_KIND_LABELS,
    INDICATOR_KINDS,
    LINK_STATUS_LABELS,
    LINK_STATUSES,
    LOGIC_LEVEL_LABELS,
    LOGIC_LEVELS,
    MODALITY_LABELS,
    MOMENTS,
    NATIONAL_MARKERS,
    NODE_STATE_LABELS,
    NODE_STATES,
    PRECISION_LABELS,
    PRECISIONS,
    PROGRAMME_FIGURE_LABELS,
    PROGRAMME_FIGURES,
    RESULT_UNIT_LABELS,
    RESULT_UNITS,
    SIGHT_LABELS,
    SIGHTS,
    STATUS_LABELS,
    STATUSES,
    STRENGTH_LABELS,
    THEME_LABELS,
    THEMES,
    UNNAMED_INDICATOR,
    VERDICT_LABELS,
    VERDICTS,
    WISH_LABELS,
    WISHES,
)

_EVERY = (
    *TERRITORY_TABLES,
    *COMPARISON_TABLES,
    *MAP_TABLES,
    *PROGRAMME_TABLES,
    *MARKER_TABLES,
    *MONITORING_TABLES,
    *PARTNER_TABLES,
    *COMMITMENT_TABLES,
    *DIGITAL_TABLES,
    *OPINION_TABLES,
    *STEERING_TABLES,
    *LOGIC_TABLES,
    *EVALUATION_TABLES,
)
TABLES: dict[str, Table] = {table.name: table for table in _EVERY}
CERTIFIED = {name: table for name, table in TABLES.items() if table.certified}


def codebook() -> str:
    """The codebook of the certified tables, in Markdown."""
    return print_codebook(CERTIFIED.values())


__all__ = [
    "AMOUNT_KIND_LABELS",
    "ANSWER_LABELS",
    "ANSWER_ORIGINS",
    "ANSWER_ORIGIN_LABELS",
    "ASSEMBLY_LABELS",
    "BODY_LABELS",
    "CERTIFIED",
    "COMMITMENT_LABELS",
    "CREDITS",
    "CREDIT_LABELS",
    "CRITERION_LABELS",
    "CUTS",
    "DIGITAL_AUDIENCES",
    "DIGITAL_AUDIENCE_LABELS",
    "DIGITAL_PLACES",
    "DIGITAL_PLACE_LABELS",
    "DIGITAL_SERVICES",
    "DIGITAL_SERVICE_LABELS",
    "DIMENSIONS",
    "DIRECTIONS",
    "EVIDENCE_LABELS",
    "EVIDENCE_STRENGTHS",
    "FOLLOW_UP_LABELS",
    "FUNDERS",
    "FUNDER_LABELS",
    "GRANTED",
    "GRANTED_COLUMNS",
    "HOLDER_KINDS",
    "HOLDER_LABELS",
    "INDICATOR_KINDS",
    "INDICATOR_KIND_LABELS",
    "LINKED_FIGURE_LABELS",
    "LINK_STATUSES",
    "LINK_STATUS_LABELS",
    "LOCAL_OBJECT_LABELS",
    "LOGIC_LEVELS",
    "LOGIC_LEVEL_LABELS",
    "MARKER_QUESTIONS",
    "MATERIAL_LABELS",
    "MEASURE_LEVEL_LABELS",
    "MODALITY_LABELS",
    "MOMENTS",
    "NATIONAL_MARKERS",
    "NODE_STATES",
    "NODE_STATE_LABELS",
    "NO_CONTRACT",
    "OPINION_LABELS",
    "PLACE",
    "POST_LABELS",
    "PRECISIONS",
    "PRECISION_LABELS",
    "PROGRAMME_FIGURES",
    "PROGRAMME_FIGURE_LABELS",
    "PROVENANCE",
    "QUESTION_ORIGIN_LABELS",
    "RATER_CODE",
    "REBATE_STATUS_LABELS",
    "RECOMMENDATION_LABELS",
    "RESULT_CELLS",
    "RESULT_UNITS",
    "RESULT_UNIT_LABELS",
    "SEVERITY_LABELS",
    "SIGHTS",
    "SIGHT_LABELS",
    "SITE_STATUS_LABELS",
    "STANCE_LABELS",
    "STATED_MARKERS",
    "STATEMENT_THEME_LABELS",
    "STATUSES",
    "STATUS_LABELS",
    "STRENGTH_LABELS",
    "TABLES",
    "THEMES",
    "THEME_LABELS",
    "UNNAMED_INDICATOR",
    "VERDICTS",
    "VERDICT_LABELS",
    "VERIFIABLE_LABELS",
    "WIDE",
    "WISHES",
    "WISH_LABELS",
    "Column",
    "Table",
    "as_text",
    "codebook",
    "empty",
    "measure_name",
    "measure_of",
    "measures_among",
    "with_measures",
]
