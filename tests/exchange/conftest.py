"""What the tests of the SCDL register share: its judge, invented grants, a body that declares all."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Resource, system

from pipelines.paths import ROOT
from pipelines.publication import Publisher, YearOfGrants

SCHEMA = ROOT / "tests" / "data" / "schema-scdl-subventions-2.1.1.json"


@pytest.fixture(scope="session")
def judge() -> Callable[..., list[tuple[str, str]]]:
    """What frictionless finds wrong in a file, as pairs of error type and column; nothing when it accepts it."""

    def find_errors(path: Path, schema: Path = SCHEMA) -> list[tuple[str, str]]:
        with system.use_context(trusted=True):  # absolute paths are ours
            report = Resource(path=str(path), schema=str(schema)).validate()
        errors = [(kind, column) for kind, column in report.flatten(["type", "fieldName"])]
        assert report.valid == (not errors)
        return errors

    return find_errors


@pytest.fixture(scope="session")
def body() -> Publisher:
    """A body and its year 2022, complete. The SIRET has sound keys and is below the smallest ever given."""
    year = YearOfGrants(
        date_convention=datetime.date(2022, 6, 15),
        conditions_versement="unique",
        description_versement="En une fois",
        debut_versement=datetime.date(2022, 7, 1),
        notification_ue="non",
    )
    return Publisher(nom="Agglomération fictive", siret="00000014100010", exercices={2022: year})


@pytest.fixture(scope="session")
def grants_of() -> Callable[..., pd.DataFrame]:
    """Makes two sound grants of 2022 with some columns changed, in the types of the tables."""
    return _grants_of


def _grants_of(**columns: list[object]) -> pd.DataFrame:
    sound: dict[str, list[object]] = {
        "code_action": ["A1", "A2"],
        "annee": [2022, 2022],
        "intitule": ["Atelier fictif", "Sortie fictive"],
        "nom_porteur": ["Association fictive du Tilleul", "Association fictive du Phare"],
        "code_siret": ["00000014100010", "00000009100017"],
        "code_rna": [None, None],
        "statut": ["finance", "justifie"],
        "est_pluriannuelle": [True, None],
        "date_debut": ["2022-02-01", None],
        "date_fin": ["2022-12-31", None],
        "est_fictif": [False, False],
        "montant_demande": [2000.0, None],
        "montant_accorde": [1500.0, 1234.5],
        "cofinanceurs": [("etat", "region"), None],
    }
    numbers = {"annee": "Int64", "est_pluriannuelle": "boolean", "est_fictif": "boolean"}
    dates = dict.fromkeys(("date_debut", "date_fin"), "datetime64[s]")
    amounts = dict.fromkeys(("montant_demande", "montant_accorde"), "Float64")
    texts = dict.fromkeys(("code_action", "intitule", "nom_porteur", "code_siret", "code_rna", "statut"), "str")
    return pd.DataFrame(sound | columns).astype(numbers | dates | amounts | texts)
