"""The judge of the register: the schema we keep is the published one, and frictionless refuses what breaks it.

The published schema and its example are read where they are present; else these tests say so and are skipped.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipelines.exchange.scdl import COLUMNS, to_scdl
from pipelines.paths import ROOT
from pipelines.publication import Publisher

PUBLIC = ROOT.parent / "shared" / "real-data" / "scdl-schema"
KEPT = ROOT / "tests" / "data" / "schema-scdl-subventions-2.1.1.json"
Judge = Callable[..., list[tuple[str, str]]]
Make = Callable[..., pd.DataFrame]


def public(name: str) -> Path:
    path = PUBLIC / name
    if not path.is_file():
        pytest.skip(f"fichier public absent : {name}")
    return path


@pytest.fixture
def register(grants_of: Make, body: Publisher) -> pd.DataFrame:
    """A sound register of two grants."""
    return to_scdl(
        grants_of(), body, body.exercices[2022], {"etat": "État", "region": "Région"}, "Contrat", "2023-06-30"
    )


def write(rows: pd.DataFrame, path: Path) -> Path:
    rows.to_csv(path, index=False, lineterminator="\n")
    return path


def test_our_columns_are_those_of_the_schema_in_its_order() -> None:
    fields = json.loads(KEPT.read_text(encoding="utf-8"))["fields"]
    assert [field["name"] for field in fields] == list(COLUMNS)


def test_the_schema_we_keep_is_the_published_one() -> None:
    published = json.loads(public("schema.json").read_text(encoding="utf-8"))
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert published["version"] == kept["version"]
    assert [{key: field[key] for key in ("name", "type", "constraints") if key in field}
            for field in published["fields"]] == kept["fields"]  # fmt: skip


def test_a_register_is_accepted_by_the_published_schema(tmp_path: Path, judge: Judge, register: pd.DataFrame) -> None:
    assert judge(write(register, tmp_path / "registre.csv"), public("schema.json")) == []


def test_the_published_example_lacks_two_columns_of_its_own_schema(tmp_path: Path, judge: Judge) -> None:
    """It follows OpenDataFrance's 2.1.1, the schema Data.Subvention's: completed and put in order, it is accepted."""
    example = pd.read_csv(public("exemple_valide.csv"), dtype=str, keep_default_na=False)
    ordered = example.reindex(columns=[name for name in COLUMNS if name in example])
    errors = judge(write(example.reindex(columns=list(COLUMNS)), tmp_path / "exemple.csv"), PUBLIC / "schema.json")
    assert {column for _, column in errors} == set(COLUMNS[4:5]) | {"descriptionConditionsVersement"}
    assert len(ordered) == 29
    completed = ordered.assign(
        idServiceInstructeur=ordered["idAttribuant"], descriptionConditionsVersement=ordered["conditionsVersement"]
    ).reindex(columns=list(COLUMNS))
    assert judge(write(completed, tmp_path / "complet.csv"), PUBLIC / "schema.json") == []


@pytest.mark.parametrize(
    ("column", "cell", "error"),
    [
        ("idAttribuant", "2459011600003", "constraint-error"),
        ("idAttribuant", "", "constraint-error"),
        ("dateConvention", "15/06/2022", "type-error"),
        ("rnaBeneficiaire", "w123456789", "constraint-error"),
        ("objet", "é" * 257, "constraint-error"),
        ("nature", "aide", "constraint-error"),
        ("montant", "1500,00", "type-error"),
        ("conditionsVersement", "echelonné", "constraint-error"),
        ("datesPeriodeVersement", "2022-07-01_2022-12-31", "constraint-error"),
        ("notificationUE", "Non", "constraint-error"),
        ("pourcentageSubvention", "100", "constraint-error"),
    ],
)
def test_a_wrong_cell_is_refused(
    column: str, cell: str, error: str, tmp_path: Path, judge: Judge, register: pd.DataFrame
) -> None:
    assert judge(write(register.assign(**{column: [cell, register[column].iloc[1]]}), tmp_path / "r.csv")) == [
        (error, column)
    ]


def test_a_missing_or_moved_column_is_refused(tmp_path: Path, judge: Judge, register: pd.DataFrame) -> None:
    assert judge(write(register.drop(columns="dateMiseAJour"), tmp_path / "r.csv")) == [
        ("missing-label", "dateMiseAJour")
    ]
    assert judge(write(register[sorted(COLUMNS)], tmp_path / "s.csv")) != []
