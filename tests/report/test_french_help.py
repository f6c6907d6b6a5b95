"""French help: every function that a notebook calls has it, argument by argument, and nothing in it is stale."""

import ast
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipelines.paths import NOTEBOOKS, ROOT
from pipelines.report.french_help import explain_functions, groups, list_help, read_help, split_group
from pipelines.report.reference import is_reference_current, render_reference
from pipelines.report.report import Report
from pipelines.tables import TABLES

FILES = [*NOTEBOOKS.rglob("*.ipynb"), ROOT / "pipelines" / "new_focus.ipynb"]
NOTEBOOK_FILES = [path for path in FILES if ".ipynb_checkpoints" not in path.parts]
# A learner's answers are checked by the cells of the training: nobody calls these.
TRAINING = "pipelines.training"
EVERY = [(group, one.name) for group in groups() for one in list_help(group)]


def find(group: str, name: str) -> Callable[..., object]:
    """The function of a name in a group of the help, imported."""
    module, owner = split_group(group)
    loaded = importlib.import_module(module)
    return getattr(getattr(loaded, owner) if owner else loaded, name)


def called(path: Path) -> Iterator[object]:
    """The functions of ours that a notebook names: imported, of an imported module, or of its report."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    trees = [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    known: dict[str, object] = {"report": Report}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module.startswith("pipelines"):
            if node.module.startswith(TRAINING):
                continue
            known |= {name.asname or name.name: _import(node.module, name.name) for name in node.names}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in known:
            yield known[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield getattr(known[node.value.id], node.attr, None)


def _import(module: str, name: str) -> object:
    loaded = importlib.import_module(module)
    return getattr(loaded, name) if hasattr(loaded, name) else importlib.import_module(f"{module}.{name}")


@pytest.mark.parametrize("path", NOTEBOOK_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_function_that_a_notebook_calls_has_french_help(path: Path) -> None:
    helped = {find(group, name) for group, name in EVERY}
    lacking = {one.__qualname__ for one in called(path) if inspect.isfunction(one) and one not in helped}
    assert lacking == set(), "les ajouter à pipelines/report/help.toml"


@pytest.mark.parametrize("group", [group for group in groups() if group.startswith("indicators.")])
def test_whatever_autocompletion_offers_has_french_help(group: str) -> None:
    module = importlib.import_module(f"pipelines.{group}")
    public = {
        name
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and one.__module__.startswith(module.__name__)
    }
    assert public - {one.name for one in list_help(group)} == set(), "les ajouter à pipelines/report/help.toml"


@pytest.mark.parametrize("group", groups())
def test_each_argument_is_explained_and_none_that_is_not_there(group: str) -> None:
    for told in list_help(group):
        assert [argument for argument, meaning in told.arguments.items() if not meaning] == [], told.name
        signature = inspect.signature(find(group, told.name))
        assert [*told.arguments] == [argument for argument in signature.parameters if argument != "self"], told.name
        own = {key.partition(".")[2] for key in read_help()[group] if key.startswith(f"{told.name}.")}
        assert own <= set(told.arguments), told.name
        assert re.match(r"[A-ZÉ].*\.$", told.line), told.name
        assert len(told.line) <= 110, told.name


def test_no_line_is_about_what_is_no_more() -> None:
    for group in groups():
        names = {key.partition(".")[0] for key in read_help()[group]} - {"titre"}
        assert names == {one.name for one in list_help(group)}
    used = {name for group in groups() for one in list_help(group) for name in one.arguments}
    assert set(read_help()["arguments"]) <= used


def test_the_tables_that_it_names_exist() -> None:
    texts = [text for lines in read_help().values() for text in lines.values()]
    named = {name for text in texts for name in re.findall(r"\b(?:la |\()table ([a-z_0-9]+)", text)}
    assert named - set(TABLES) == set()


def test_the_question_mark_says_french_first_and_english_after_once() -> None:
    from pipelines.indicators import observation

    for _ in range(2):
        explain_functions()
        said = inspect.getdoc(observation.gap_to_reference)
        assert said.startswith("Calcule l'écart de chaque quartier à un territoire de référence")
        assert "  geography : la géographie des quartiers" in said
        assert said.count("Gap of each quartier to a reference territory") == 1
    assert inspect.getdoc(Report.show).startswith("Montre un tableau ou une figure")


def test_the_reference_says_all_of_it_the_same_each_time() -> None:
    text = render_reference("index.html")
    assert text == render_reference("index.html")
    page = BeautifulSoup(text, "html.parser")
    names = [code.get_text() for code in page.select(".fonctions > li > .titre code")]
    assert names == [name for _, name in EVERY]
    assert [link["href"] for link in page.select(".contrat a")] == ["index.html"]
    assert BeautifulSoup(render_reference(), "html.parser").select(".contrat a") == []
    assert f"{len(EVERY)} fonctions" in page.header.get_text()


def test_a_reference_that_is_of_a_former_version_is_made_again(tmp_path: Path) -> None:
    page = tmp_path / "reference.html"
    assert not is_reference_current(page)
    page.write_text(render_reference(), encoding="utf-8")
    assert is_reference_current(page)
    page.write_text("<html>", encoding="utf-8")
    assert not is_reference_current(page)
