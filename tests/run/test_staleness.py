"""A page is made again when what it depends on has changed, and only then; why is told."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pipelines.fingerprint import digest_file, digest_notebook, method
from pipelines.paths import METHOD_VARIABLE
from pipelines.processed import read_manifest
from pipelines.run.jobs import Job
from pipelines.run.notebooks import known_notebooks, read_notebook
from pipelines.run.order import Order
from pipelines.run.staleness import why_stale
from tests.shipped import shipped_contract

OBSERVATION, MONITORING = "1_observation", "2_suivi_programmation"


@pytest.fixture
def state(site: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """A copy of what the pages of the shipped contract were made from, to change; the pages are the site's."""
    folder = Path(shutil.copytree(site.processed / "valenciennes", tmp_path / "valenciennes"))
    return SimpleNamespace(folder=folder, outputs=site.outputs, manifest=read_manifest(folder))


def job_of(name: str, state: SimpleNamespace) -> Job:
    contract = shipped_contract()
    order = Order([name])
    return order.spread(order.plan(contract), state.folder, state.manifest)[0]


def why(name: str, state: SimpleNamespace, **changed: Any) -> str:
    return why_stale(replace(job_of(name, state), **changed), state.folder, state.manifest, state.outputs)


def change_table(name: str) -> Callable[[SimpleNamespace], None]:
    def change(state: SimpleNamespace) -> None:
        state.manifest["tables"][name]["sha256"] = "0" * 64

    return change


def change_source(name: str) -> Callable[[SimpleNamespace], None]:
    def change(state: SimpleNamespace) -> None:
        next(line for line in state.manifest["balance"] if line["id_source"] == name)["lues"] += 1

    return change


def change_threshold(state: SimpleNamespace) -> None:
    state.manifest["contrat"]["seuils"]["petit_effectif"] += 1


def add_warning(state: SimpleNamespace) -> None:
    state.manifest["controles"][0] |= {"success": False, "nb_lignes": 3}


def nothing(state: SimpleNamespace) -> None:
    """The tables made again from files that gave the same."""
    state.manifest["empreinte"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "observation", "monitoring"),
    [
        pytest.param(nothing, "", "", id="nothing"),
        pytest.param(change_table("observations"), "table « observations »", "", id="a table of one"),
        pytest.param(change_table("financements"), "", "table « financements »", id="a table of the other"),
        pytest.param(change_table("sigles"), "", "", id="a table that neither reads"),
        pytest.param(
            change_source("programmes_2022"), "", "une source citée ou un contrôle a changé", id="a source of one"
        ),
        pytest.param(change_threshold, "contrat.yml a changé", "contrat.yml a changé", id="a threshold"),
        pytest.param(
            add_warning, "une source citée ou un contrôle a changé", "une source citée ou un contrôle a changé",
            id="a warning, that every page prints",
        ),
    ],
)  # fmt: skip
def test_a_page_is_stale_when_what_it_reads_changed(
    change: Callable[[SimpleNamespace], None], observation: str, monitoring: str, state: SimpleNamespace
) -> None:
    assert (why(OBSERVATION, state), why(MONITORING, state)) == ("", "")
    change(state)
    told = [text.removeprefix("contrat.yml a changé, ") for text in (why(OBSERVATION, state), why(MONITORING, state))]
    for text, expected in zip(told, (observation, monitoring), strict=True):
        assert (expected in text) if expected else not text


def test_a_commentary_makes_stale_the_page_of_its_report_alone(state: SimpleNamespace) -> None:
    path = state.folder / "commentaires.parquet"
    table = pd.read_parquet(path)
    line = {"annee": 2022, "notebook": MONITORING, "section": "situation", "texte": "Un commentaire.", "ligne": 1}
    others = dict.fromkeys(table.columns.difference([*line]), "")
    pd.concat([table, pd.DataFrame([others | line])]).astype(table.dtypes).to_parquet(path)
    state.manifest["tables"]["commentaires"]["sha256"] = digest_file(path)
    assert why(MONITORING, state) == "un commentaire a changé"
    assert why(OBSERVATION, state) == ""


def test_a_notebook_counts_by_its_sources_and_tags(state: SimpleNamespace, tmp_path: Path) -> None:
    """Neither outputs, nor what JupyterLab notes, nor the layout of the file."""
    original = next(notebook for notebook in known_notebooks() if notebook.name == OBSERVATION)
    content = json.loads(original.path.read_text(encoding="utf-8"))
    copy = tmp_path / original.path.name

    def stale_with(change: Callable[[dict[str, Any]], object]) -> str:
        changed = json.loads(json.dumps(content))
        change(changed)
        copy.write_text(json.dumps(changed), encoding="utf-8")
        return why(OBSERVATION, state, notebook=read_notebook(copy))

    code = next(i for i, cell in enumerate(content["cells"]) if cell["cell_type"] == "code" and i > 5)
    assert stale_with(lambda notebook: None) == ""
    assert stale_with(lambda notebook: notebook["cells"][code].update(execution_count=3)) == ""
    assert stale_with(lambda notebook: notebook["cells"][code]["metadata"].update(collapsed=True)) == ""
    assert stale_with(lambda notebook: notebook["metadata"].update(widgets={})) == ""
    assert stale_with(lambda notebook: notebook["cells"][code]["source"].append("\n1")) == "le notebook a changé"
    assert stale_with(lambda notebook: notebook["cells"][code]["metadata"].update(tags=["resume"])) != ""
    assert stale_with(lambda notebook: notebook["metadata"]["ose"].update(question="Une autre ?")) != ""


def test_parameters_code_and_method_count(state: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of(MONITORING, state)
    assert (
        why(MONITORING, state, parameters={**job.parameters, "seuil_petite_subvention": 1.0}) == "un paramètre a changé"
    )
    assert why(MONITORING, state, with_code=True) == "avec ou sans le code"
    monkeypatch.setenv(METHOD_VARIABLE, json.dumps({**method(), "methode": "0" * 64}))
    assert why(MONITORING, state) == "le logiciel a changé"


def test_every_report_says_what_it_read(site: SimpleNamespace) -> None:
    """A page that noted nothing would never be made again."""
    for path in site.outputs.glob("valenciennes/*/*.json"):
        about = json.loads(path.read_text(encoding="utf-8"))
        if "depend_de" in about:
            assert about["lectures"], path
            cited = {name for source in about["sources"] for name in tables_of(source["id"], site)}
            assert not cited or cited & {*about["lectures"]} or about["lectures"] == ["*"], path
            assert about["depend_de"]["notebook"] == about["empreinte_notebook"][:16]


def tables_of(source: str, site: SimpleNamespace) -> list[str]:
    tables = read_manifest(site.processed / "valenciennes")["tables"]
    return [name for name, entry in tables.items() if source in entry["sources"]]


def test_a_notebook_s_digest_is_of_its_bytes_read_as_sources() -> None:
    first = (
        b'{"cells": [{"cell_type": "code", "source": ["a\\n", "b"], "metadata": {}, "outputs": [1]}], "metadata": {}}'
    )
    assert digest_notebook(first) == digest_notebook(first.replace(b'["a\\n", "b"]', b'"a\\nb"').replace(b"[1]", b"[]"))
    assert digest_notebook(first) != digest_notebook(first.replace(b"b", b"c"))
