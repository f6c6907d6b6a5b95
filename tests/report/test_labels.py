"""Labels: every column of the codebook has one, with its accents."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import pipelines
from pipelines.report.labels import label, meaning
from pipelines.tables import PROVENANCE, TABLES

PACKAGE = Path(pipelines.__file__).parent
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


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("nb_demandes", "dossiers déposés, quelle que soit leur suite"),
        ("nb_2019", "nombre de cas à cette année"),
        ("colonne_inconnue", ""),
        (2019, ""),
    ],
)
def test_a_meaning_says_what_a_computed_column_is(column: object, expected: str) -> None:
    assert meaning(column) == expected


@pytest.mark.parametrize(("name", "told"), [("labels.yml", label), ("meanings.yml", meaning)])
def test_a_word_that_older_yaml_takes_for_a_boolean_stays_text(name: str, told: Callable[[str], str]) -> None:
    written = YAML(typ="safe").load((PACKAGE / "report" / name).read_text(encoding="utf-8"))
    assert {key: told(key) for key in written} == written


def test_what_has_a_meaning_has_a_label() -> None:
    meanings = YAML(typ="safe").load((PACKAGE / "report/meanings.yml").read_text(encoding="utf-8"))
    assert len(meanings) > 30
    assert [name for name in meanings if label(name) == name.replace("_", " ")] == []
