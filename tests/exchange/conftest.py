"""What the tests of exports share: a judge of registers, invented grants, a body that declares all, small pages."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from frictionless import Resource, system

from pipelines.paths import ROOT
from pipelines.publication import Publisher, YearOfGrants
from pipelines.report import report as reports

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


@pytest.fixture
def page_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes the page of some frames, shown by `report.show` as a notebook does, with what a build writes beside it.

    `page_of({"Titre": frame}, fictional=True, note=...)`: what is left goes to `report.show` or, by the names of the
    provenance, to what the page says of itself.
    """
    outputs: list[dict[str, Any]] = []

    def keep(data: dict[str, str], *, raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        outputs.append(json.loads(json.dumps({"data": data, "metadata": metadata})))

    monkeypatch.setattr(reports, "display", keep)

    def make(frames: dict[str, pd.DataFrame], *, fictional: bool = False, **more: Any) -> Path:
        source = {"id": "essai", "fictif": fictional, "editeur": "Éditeur", "titre": "Source d'essai"}
        source |= {"millesime": "2020", "licence": "Licence Ouverte 2.0"}
        contract = {"seuils": {"petit_effectif": 5}, "orientations": [], "date_arret": "2021-06-30"}
        contract |= {"sources": [source], "sources_nationales": []}
        manifest = {"contrat": contract, "tables": {"actions": {"sources": ["essai"]}}}
        report = reports.Report("essai", 2020, manifest)
        outputs.clear()
        shown = {name: more.pop(name) for name in ("note", "methode") if name in more}
        for title, frame in frames.items():
            report.show(frame, title, sources=["actions"], **shown)
        about = {
            "titre": "Rapport d'essai", "nom_contrat": "Contrat d'essai", "annee": 2020, "commune": "", "a_relire": [],
            "statut": "definitif", "fictif": fictional, "date_arret": "2021-06-30", "notebook": "essai",
            "parametres": [{"nom": "seuil", "valeur": 2.5, "description": "en euros"}], "sources": [source],
            "balance": [{"id_source": "essai", "table": "actions"}], "empreinte": "e" * 64, "methode": "m" * 64,
        }  # fmt: skip
        page = tmp_path / "essai.html"
        notebook = {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": outputs}]}
        for suffix, content in ((".ipynb", notebook), (".json", about | more)):
            page.with_suffix(suffix).write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        return page

    return make
