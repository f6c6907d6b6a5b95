"""The title of a report is the one that its author writes in its first cell; a copy that keeps it is refused."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.run.notebooks import choose, known_notebooks, read_heading, read_notebook

ORIGINAL = "1_observation"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A notebook and its copy, as JupyterLab names it."""
    for name in (f"{ORIGINAL}.ipynb", f"{ORIGINAL}-Copy1.ipynb", "2_suivi_programmation.ipynb"):
        source = name.replace("-Copy1", "")
        shutil.copyfile(NOTEBOOKS / source, tmp_path / name)
    return tmp_path


def retitle(path: Path, source: str) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][0]["source"] = source.splitlines(keepends=True)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("path", [*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("*/*.ipynb")], ids=lambda path: path.stem)
def test_the_title_of_the_metadata_is_that_of_the_first_cell(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    title = content["metadata"].get("ose", {}).get("titre")
    assert read_heading(content) == (title or "Marquer une action")


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# Les jeunes d'Anzin\n\n**Question.** Combien ?", "Les jeunes d'Anzin"),
        ("Une introduction.\n\n#  Titre \\[2022\\] \\& suite \n", "Titre [2022] & suite"),
        ("## Pas un titre\n", "Observation des quartiers"),
        ("#sans espace", "Observation des quartiers"),
        ("", "Observation des quartiers"),
    ],
)
def test_the_first_cell_names_the_report(folder: Path, source: str, title: str) -> None:
    path = folder / f"{ORIGINAL}-Copy1.ipynb"
    retitle(path, source)
    assert read_notebook(path).title == title


@pytest.mark.parametrize("names", [(), (f"{ORIGINAL}-Copy1",)], ids=["tous", "la copie"])
def test_a_copy_that_keeps_its_title_is_refused_with_what_to_change(folder: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=rf"-Copy1 porte le titre de {ORIGINAL}, .* : changer la ligne « # … » de sa"):
        choose(names, known_notebooks(folder))


@pytest.mark.parametrize("names", [(ORIGINAL,), ("2_suivi_programmation",)])
def test_what_is_no_copy_is_built_beside_it(folder: Path, names: tuple[str, ...]) -> None:
    assert [one.name for one in choose(names, known_notebooks(folder))] == list(names)


def test_a_copy_with_its_own_title_is_a_report(folder: Path) -> None:
    retitle(folder / f"{ORIGINAL}-Copy1.ipynb", "# Les quartiers, vus d'Anzin\n")
    assert len(choose((), known_notebooks(folder))) == 3
