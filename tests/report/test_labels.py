"""Labels: every column of the codebook has one, with its accents."""

import pytest

from pipelines.report.labels import label
from pipelines.tables import PROVENANCE, TABLES

COLUMNS = sorted({column.name for table in TABLES.values() for column in (*table.columns, *PROVENANCE)})


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_tables_has_a_label(column: str) -> None:
    assert label(column) != column.replace("_", " ")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("ecart_agglomeration", "Écart à l'agglomération"),
        ("colonne_inconnue", "colonne inconnue"),
        ("Taux 2019", "Taux 2019"),
        (2019, "2019"),
        (("montant_accorde", 2019), "Montant accordé, 2019"),
        (("orientation", ""), "Orientation"),
    ],
)
def test_a_label_says_the_column(column: object, expected: str) -> None:
    assert label(column) == expected
