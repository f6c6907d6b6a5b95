"""Run All, bare papermill and `ose build` give the same result, for every notebook there is."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbclient
import nbformat
import papermill
import pytest

from pipelines.paths import PROCESSED_VARIABLE
from pipelines.run.jobs import plan_jobs, spread
from pipelines.run.notebooks import Notebook, known_notebooks
from tests.conftest import SWEPT

NOTEBOOKS = known_notebooks()


def shown(notebook: nbformat.NotebookNode) -> list[tuple[str, list[object]]]:
    """Source and outputs of each code cell, those of the parameters left out: what a reader sees."""
    return [
        (cell.source, [_seen(output) for output in cell.outputs])
        for cell in notebook.cells
        if cell.cell_type == "code" and not {"parameters", "injected-parameters"} & {*cell.metadata.get("tags", [])}
    ]


def _seen(output: nbformat.NotebookNode) -> object:
    return {key: value for key, value in output.items() if key != "execution_count"}


def _set_default(notebook: nbformat.NotebookNode, name: str, value: str) -> None:
    """What an evaluator does in JupyterLab: the default of one parameter, in its cell."""
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    cell.source, number = re.subn(rf"(?m)^({name}: .*? = )None\b", rf'\g<1>"{value}"', cell.source)
    assert number == 1


# Three kernels a notebook: the shortest and one of a sweep, the others in the long tests.
SHORT = ("0_prise_en_main", "8_fiche_commune")


@pytest.mark.parametrize(
    "notebook",
    [pytest.param(one, marks=() if one.name in SHORT else pytest.mark.long, id=one.name) for one in NOTEBOOKS],
)
def test_three_ways_agree(
    notebook: Notebook,
    site: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The outputs of all code cells are equal, and there are some."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(site.processed))
    run_all, given = nbformat.read(notebook.path, as_version=4), {}
    if notebook.sweep:
        given = {notebook.sweep: SWEPT[0][notebook.sweep]}
        _set_default(run_all, notebook.sweep, given[notebook.sweep])
    nbclient.NotebookClient(run_all, kernel_name="python3").execute()
    bare = papermill.execute_notebook(
        str(notebook.path), str(tmp_path / "bare.ipynb"), given, progress_bar=False, kernel_name="python3"
    )
    (job,) = spread(
        plan_jobs([notebook], "valenciennes", 2022, given, annees=(2015, 2022)),
        {key: {one: ""} for key, one in given.items()},
    )
    built = nbformat.read(job.output(site.outputs, ".ipynb"), as_version=4)
    assert any(outputs for _, outputs in shown(built))
    assert shown(run_all) == shown(bare)
    assert shown(run_all) == shown(built)


def test_a_second_run_all_in_the_same_kernel_is_not_refused(
    site: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The namespace is full of names by then: only the injected cell is looked at."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(site.processed))
    notebook = nbformat.read(NOTEBOOKS[0].path, as_version=4)
    half = len(notebook.cells)
    cells = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate([*notebook.cells, *notebook.cells])]
    twice = nbformat.from_dict({**notebook, "cells": cells})
    nbclient.NotebookClient(twice, kernel_name="python3").execute()
    first, second = (
        [[_seen(output) for output in cell.get("outputs", [])] for cell in cells]
        for cells in (twice.cells[:half], twice.cells[half:])
    )
    assert first == second


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"anee": 2019}, "Vouliez-vous dire « annee »"),
        pytest.param({"annee": "2019"}, "attend un nombre entier", marks=pytest.mark.long),
        pytest.param({"annee": 1999}, "hors du contrat", marks=pytest.mark.long),
    ],
)
def test_bare_papermill_stops_on_a_bad_parameter(
    parameters: dict[str, object],
    sentence: str,
    site: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """papermill alone would only warn."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(site.processed))
    with pytest.raises(papermill.PapermillExecutionError, match=sentence) as stopped:
        papermill.execute_notebook(
            str(NOTEBOOKS[0].path), str(tmp_path / "bad.ipynb"), parameters=parameters, progress_bar=False
        )
    assert stopped.value.traceback == [stopped.value.evalue], "la phrase, sans trace"
