"""The canonical tables: every column with its type, unit, vocabulary and meaning; the codebook is printed from here.

Two kinds of tables share this description. *Certified* tables are written to `data/processed/<contrat>/` and are what
notebooks load. *Intake* tables are the shapes that received files are mapped to; cleaning splits them: `programmes`
(yearly exports) into `actions`, `actions_territoires`, `financements`, `beneficiaires`, `reponses_marqueur` and
`resultats_actions`, `subventions` (registers of grants) into `actions` and `financements`, `releves` (wide files) into
`observations`, `releves_france` (wide files of the whole country) into `observations_france`.
"""

from pipelines.tables.codebook import print_codebook
from pipelines.tables.comparisons import COMPARISON_TABLES
from pipelines.tables.maps import MAP_TABLES
from pipelines.tables.marker import MARKER_QUESTIONS, MARKER_TABLES, RATER_CODE, STATED_MARKERS
from pipelines.tables.measures import WIDE, measure_name, measure_of, measures_among, with_measures
from pipelines.tables.model import PLACE, PROVENANCE, Column, Table, as_text, empty
from pipelines.tables.monitoring import MONITORING_TABLES
from pipelines.tables.partners import PARTNER_TABLES
from pipelines.tables.programmes import GRANTED_COLUMNS, PROGRAMME_TABLES, RESULT_CELLS
from pipelines.tables.territories import TERRITORY_TABLES
from pipelines.tables.vocabulary import (
    ANSWER_ORIGIN_LABELS,
    ANSWER_ORIGINS,
    CREDIT_LABELS,
    CREDITS,
    CUTS,
    DIMENSIONS,
    DIRECTIONS,
    FUNDER_LABELS,
    FUNDERS,
    GRANTED,
    HOLDER_KINDS,
    HOLDER_LABELS,
    MODALITY_LABELS,
    MOMENTS,
    NATIONAL_MARKERS,
    RESULT_UNIT_LABELS,
    RESULT_UNITS,
    STATUS_LABELS,
    STATUSES,
    THEME_LABELS,
    THEMES,
    UNNAMED_INDICATOR,
)

_EVERY = (
    *TERRITORY_TABLES,
    *COMPARISON_TABLES,
    *MAP_TABLES,
    *PROGRAMME_TABLES,
    *MARKER_TABLES,
    *MONITORING_TABLES,
    *PARTNER_TABLES,
)
TABLES: dict[str, Table] = {table.name: table for table in _EVERY}
CERTIFIED = {name: table for name, table in TABLES.items() if table.certified}


def codebook() -> str:
    """The codebook of the certified tables, in Markdown."""
    return print_codebook(CERTIFIED.values())


__all__ = [
    "ANSWER_ORIGINS",
    "ANSWER_ORIGIN_LABELS",
    "CERTIFIED",
    "CREDITS",
    "CREDIT_LABELS",
    "CUTS",
    "DIMENSIONS",
    "DIRECTIONS",
    "FUNDERS",
    "FUNDER_LABELS",
    "GRANTED",
    "GRANTED_COLUMNS",
    "HOLDER_KINDS",
    "HOLDER_LABELS",
    "MARKER_QUESTIONS",
    "MODALITY_LABELS",
    "MOMENTS",
    "NATIONAL_MARKERS",
    "PLACE",
    "PROVENANCE",
    "RATER_CODE",
    "RESULT_CELLS",
    "RESULT_UNITS",
    "RESULT_UNIT_LABELS",
    "STATED_MARKERS",
    "STATUSES",
    "STATUS_LABELS",
    "TABLES",
    "THEMES",
    "THEME_LABELS",
    "UNNAMED_INDICATOR",
    "WIDE",
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
