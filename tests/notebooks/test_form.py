"""The form of every notebook: what DESIGN section 6 asks, and nothing of a run left in git."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from ruamel.yaml import YAML

from pipelines.paths import NOTEBOOKS, ROOT
from pipelines.run.notebooks import known_notebooks
from pipelines.training.session import PARTS

PATHS = sorted(NOTEBOOKS.rglob("*.ipynb"))


def cells(path: Path, kind: str) -> list[str]:
    """Sources of the cells of one kind."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_holds_no_output_and_the_plain_kernel(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    assert "papermill" not in content["metadata"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_code_cells_are_short(path: Path) -> None:
    long = [len(source.splitlines()) for source in cells(path, "code") if len(source.splitlines()) > 15]
    assert not long


@pytest.mark.parametrize("notebook", known_notebooks(), ids=lambda notebook: notebook.name)
def test_opens_with_title_parameters_imports_and_check(notebook) -> None:  # noqa: ANN001
    first = cells(notebook.path, "markdown")[0]
    code = cells(notebook.path, "code")
    assert first.startswith("# ")
    assert all(mark in first for mark in ("**Question.**", "**Pour qui.**", "**Durée.**"))
    years = ["annee_debut", "annee_fin"] if notebook.of_period else ["annee"]
    assert [parameter.name for parameter in notebook.parameters][: len(years) + 1] == ["contrat", *years]
    assert all(parameter.comment for parameter in notebook.parameters)
    assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(code[1]).body)
    assert code[2] == "report = open_report(globals())"


@pytest.mark.parametrize("notebook", known_notebooks(), ids=lambda notebook: notebook.name)
def test_every_section_shows_and_reads(notebook) -> None:  # noqa: ANN001
    """A section is a heading, then at least one thing shown, a reading, a refusal or a commentary."""
    content = json.loads(notebook.path.read_text(encoding="utf-8"))["cells"]
    heads = [
        i for i, c in enumerate(content) if c["cell_type"] == "markdown" and "".join(c["source"]).startswith("## ")
    ]
    for start, end in pairwise([*heads, len(content)]):
        source = "".join("".join(c["source"]) for c in content[start:end] if c["cell_type"] == "code")
        title = "".join(content[start]["source"]).splitlines()[0]
        if "À vous" not in title:
            assert re.search(r"report\.(show|show_changes|key_figures|refuse|comment|known|say)\(", source), title


# Exercises last so many minutes, and show how an answer is written.
@pytest.mark.parametrize("path", [path for path in PATHS if path.parent != PARTS], ids=lambda path: path.stem)
def test_prose_types_no_figure_and_names_no_path(path: Path) -> None:
    """Figures in prose come from values: a text cell may hold a year or a short count in letters, never a number."""
    prose = "\n".join(cells(path, "markdown"))
    numbers = re.findall(r"(?<![\w-])\d[\d\u202f .,]*\d(?![\w-])", re.sub(r"n° \d+-\d+|\b(19|20)\d\d\b", "", prose))
    assert not [number for number in numbers if len(number.strip()) > 1]
    assert not [source for source in cells(path, "code") if re.search(r"[\"'](\.{0,2}/|[A-Z]:\\\\)", source)]


def test_every_shown_column_has_a_french_label(site: SimpleNamespace) -> None:
    """A column without a label would show its technical name."""
    labels = YAML(typ="safe").load((ROOT / "pipelines/report/labels.yml").read_text(encoding="utf-8"))
    shown = {
        re.sub(r"_\d{4}$", "", name)
        for path in site.outputs.rglob("*.csv")
        for name in path.read_text(encoding="utf-8-sig").splitlines()[0].split(";")
    }
    assert len(shown) > 30
    assert sorted(shown - set(labels)) == []
