"""The canonical tables: every column with its type, unit, vocabulary and meaning; the codebook is printed from here.

Two kinds of tables share this description. *Certified* tables are written to `data/processed/<contrat>/` and are what
notebooks load. *Intake* tables are the shapes that received files are mapped to; cleaning splits them: `programmes`
(yearly exports) into `actions`, `actions_territoires`, `financements`, `beneficiaires` and `reponses_marqueur`,
`subventions` (registers of grants) into `actions` and `financements`, `releves` (wide files) into `observations`.
"""

from pipelines.tables.codebook import print_codebook
from pipelines.tables.measures import measure_name, measure_of, measures_among, with_measures
from pipelines.tables.model import PLACE, PROVENANCE, Column, Table, as_text, empty
from pipelines.tables.partners import PARTNER_TABLES
from pipelines.tables.programmes import GRANTED_COLUMNS, MARKER_QUESTIONS, PROGRAMME_TABLES
from pipelines.tables.territories import TERRITORY_TABLES
from pipelines.tables.vocabulary import (
    CUTS,
    DIMENSIONS,
    FUNDER_LABELS,
    FUNDERS,
    GRANTED,
    HOLDER_KINDS,
    MODALITY_LABELS,
    MOMENTS,
    STATUS_LABELS,
    STATUSES,
)

TABLES: dict[str, Table] = {table.name: table for table in (*TERRITORY_TABLES, *PROGRAMME_TABLES, *PARTNER_TABLES)}
CERTIFIED = {name: table for name, table in TABLES.items() if table.certified}


def codebook() -> str:
    """The codebook of the certified tables, in Markdown."""
    return print_codebook(CERTIFIED.values())


__all__ = [
    "CERTIFIED",
    "CUTS",
    "DIMENSIONS",
    "FUNDERS",
    "FUNDER_LABELS",
    "GRANTED",
    "GRANTED_COLUMNS",
    "HOLDER_KINDS",
    "MARKER_QUESTIONS",
    "MODALITY_LABELS",
    "MOMENTS",
    "PLACE",
    "PROVENANCE",
    "STATUSES",
    "STATUS_LABELS",
    "TABLES",
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
