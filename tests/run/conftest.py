"""Notebooks that misbehave, made from the guided tour."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.paths import NOTEBOOKS
from pipelines.run.kernels import Kernels, warm_kernels

TOUR = "0_prise_en_main"


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    """One warm parent for the tests of a file."""
    with warm_kernels() as started:
        assert started.address
        yield started
    assert started.remark == ""


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """An empty folder of notebooks."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


@pytest.fixture
def write_notebook(notebooks: Path) -> Callable[[str, str], Path]:
    """Writes a report of two sections, the first as in the tour, the second of one cell with the given source."""

    def write(name: str, source: str) -> Path:
        content = json.loads((NOTEBOOKS / f"{TOUR}.ipynb").read_text(encoding="utf-8"))
        empty = {"metadata": {}, "outputs": [], "execution_count": None}
        content["cells"] = [
            {"cell_type": "markdown", "id": "titre", "metadata": {}, "source": [f"# Le rapport {name}"]},
            *content["cells"][1:4],  # parameters, imports, the report opened
            {"cell_type": "markdown", "id": "bon", "metadata": {}, "source": ["## Une question qui a sa réponse"]},
            {"cell_type": "code", "id": "montre", **empty, "source": ['report.load("actions").head(3)']},
            {"cell_type": "markdown", "id": "mauvais", "metadata": {}, "source": ["## Une question de trop"]},
            {"cell_type": "code", "id": "ajout", **empty, "source": source.splitlines(keepends=True)},
        ]
        path = notebooks / f"{name}.ipynb"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write
