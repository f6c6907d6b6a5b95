"""What a notebook may say of its pages: that they are internal, that they need something of the contract."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.run.jobs import keep_possible, plan_jobs
from pipelines.run.notebooks import NEEDS, Notebook, choose, known_notebooks, read_notebook

BOTH = choose(["3_marqueur_egalite", "3_marqueur_egalite_interne"], known_notebooks())


def notebook_with(folder: Path, **metadata: Any) -> Notebook:
    path = folder / "3_essai.ipynb"
    content = json.loads((NOTEBOOKS / "3_marqueur_egalite.ipynb").read_text(encoding="utf-8"))
    content["metadata"]["ose"] |= metadata
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_notebook(path)


def test_an_internal_page_is_filed_apart_as_deep_as_the_others() -> None:
    public, internal = plan_jobs(BOTH, "valenciennes", 2022, {}, annees=(2015, 2022))
    assert public.base == Path("valenciennes/2022/3_marqueur_egalite")
    assert internal.base == Path("valenciennes/interne/3_marqueur_egalite_interne--2022")
    assert len(internal.base.parts) == len(public.base.parts)


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"statut": "definitif"}, "« statut » vaut « definitif ». Écrire « contrat » ou « calcule »"),
        ({"lecture": "rapide"}, "« lecture » vaut « rapide ». Écrire « courante » ou « facile »"),
        ({"diffusion": "privée"}, "« diffusion » vaut « privée ». Écrire « publique » ou « interne »"),
        (
            {"exige": "arbre"},
            "« exige » vaut « arbre ». Écrire arbre_marqueur ou ",
        ),
    ],
)
def test_a_word_that_is_unknown_is_refused(tmp_path: Path, metadata: dict[str, str], sentence: str) -> None:
    assert not notebook_with(tmp_path, diffusion="publique").internal
    with pytest.raises(UsageError, match=sentence):
        notebook_with(tmp_path, **metadata)


def test_a_contract_that_lacks_the_tree_has_no_page_of_it_unless_asked() -> None:
    jobs = plan_jobs(known_notebooks(), "valenciennes", 2022, {}, annees=(2015, 2022))
    tables = {name: {"lignes": 1} for name in NEEDS}
    assert keep_possible(jobs, tables | {"arbre_marqueur": {"titre": "Arbre"}}, asked=True) == jobs
    kept = keep_possible(jobs, tables | {"arbre_marqueur": None}, asked=False)
    assert {job.notebook.name for job in jobs} - {job.notebook.name for job in kept} == {one.name for one in BOTH}
    with pytest.raises(UsageError, match=r"3_marqueur_egalite a besoin de marqueur/arbre\.yml : copier"):
        keep_possible(jobs, tables | {"arbre_marqueur": None}, asked=True)


@pytest.mark.parametrize(
    ("name", "table"),
    [("1_observation_france", "observations_france"), ("inclusion_numerique", "structures_numeriques")],
)
def test_a_contract_that_lacks_a_table_has_no_page_of_it_unless_asked(name: str, table: str) -> None:
    jobs = plan_jobs(known_notebooks(), "valenciennes", 2022, {}, annees=(2015, 2022))
    has = {needed: {"lignes": 1} for needed in NEEDS if needed != table}
    kept = keep_possible(jobs, has, asked=False)
    assert {job.notebook.name for job in jobs} - {job.notebook.name for job in kept} == {name}
    with pytest.raises(UsageError, match=f"{name} a besoin de la table {table} : déclarer"):
        keep_possible(jobs, has, asked=True)


def test_no_public_page_carries_the_plan_of_support_or_leads_to_it(site: SimpleNamespace) -> None:
    folder = site.outputs / "valenciennes"
    plan = pd.read_csv(folder / "interne/3_marqueur_egalite_interne--2022--tableau-1.csv", sep=";")
    page = (folder / "interne/3_marqueur_egalite_interne--2022.html").read_text(encoding="utf-8")
    assert len(plan) == 10
    assert "Document interne, à ne pas diffuser" in page
    assert all(name in page for name in plan["nom_porteur"])
    own = {"interne", ".ose", "etat.html"}  # the team's, never published
    public = [path for path in site.outputs.rglob("*") if path.is_file() and not own & {*path.parts}]
    texts = {
        path: path.read_text(encoding="utf-8") for path in public if path.suffix in (".html", ".ipynb", ".csv", ".json")
    }
    title = "Porteurs à accompagner d'abord"
    told = [str(path) for path, text in texts.items() if title in text or "3_marqueur_egalite_interne" in text]
    assert told == []
    own = {path: text for path, text in texts.items() if path.name.startswith("3_marqueur_egalite")}
    assert {path.suffix for path in own} == {".html", ".ipynb", ".csv", ".json"}
    named = [(path.name, name) for path, text in own.items() for name in plan["nom_porteur"] if name in text]
    assert named == []
