"""`ose lab`: the page it opens on names every notebook, what stops it is a sentence, and it asks nothing of anyone."""

import importlib.util
import json
import os
import re
import shutil
import socket
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.lab import NEIGHBOURS, PORT, SETTINGS, Lab, find_notebook, has_browser, plan_lab
from pipelines.launcher import LAUNCHER, OTHER, REFERENCE, TASKS, list_entries, render_launcher, write_launcher
from pipelines.paths import NOTEBOOKS, ROOT

# Continuous integration installs it: there, a test that does not find it fails.
INSTALLED = pytest.mark.skipif(
    importlib.util.find_spec("jupyterlab") is None and os.environ.get("CI") != "true",
    reason="JupyterLab n'est pas installé : lancer make lab",
)
# What JupyterLab shows of Markdown links: text and address.
LINK = re.compile(r"\[((?:[^\\\]]|\\.)*)\]\(([^)]*)\)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the notebooks, to add to."""
    ignored = shutil.ignore_patterns(LAUNCHER, REFERENCE, ".*")
    return Path(shutil.copytree(NOTEBOOKS, tmp_path / "notebooks", ignore=ignored))


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that is taken."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def links(page: Path) -> dict[str, str]:
    """Address of each link of the page, its text."""
    return {unquote(address): text for text, address in LINK.findall(page.read_text(encoding="utf-8"))}


def test_the_launcher_leads_to_every_notebook_and_to_what_is_there(folder: Path) -> None:
    linked = links(write_launcher(folder))
    notebooks = {path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb")}
    assert {address for address in linked if address.endswith(".ipynb")} == notebooks
    assert all((folder / address).is_file() for address in linked)
    assert linked[REFERENCE] == "référence des fonctions"


def test_every_kind_of_a_shipped_notebook_has_its_task() -> None:
    known = {kind for _, kinds, _ in TASKS for kind in kinds}
    assert {entry.kind for entry in list_entries(NOTEBOOKS)} <= known
    page = render_launcher(list_entries(NOTEBOOKS))
    assert f"… {OTHER}" not in page
    for task in ("lire les chiffres d'un quartier", "suivre la programmation", "marquer des actions", "former"):
        assert f"### … {task}" in page


def test_a_notebook_that_is_added_is_listed_under_its_title(folder: Path) -> None:
    content = json.loads((folder / "1_observation.ipynb").read_text(encoding="utf-8"))
    content["cells"][0]["source"] = ["# Mes *quartiers* [2022]\n"]
    content["metadata"]["ose"]["genre"] = "Essai"
    (folder / "mes quartiers.ipynb").write_text(json.dumps(content), encoding="utf-8")
    page = write_launcher(folder)
    assert links(page)["mes quartiers.ipynb"] == r"Mes \*quartiers\* \[2022\]"
    assert f"### … {OTHER}\n" in page.read_text(encoding="utf-8")


def test_a_notebook_that_is_not_finished_says_what_it_lacks(folder: Path) -> None:
    (folder / "brouillon.ipynb").write_text(json.dumps({"cells": [], "metadata": {}}), encoding="utf-8")
    text = write_launcher(folder).read_text(encoding="utf-8")
    assert "[brouillon](brouillon.ipynb)\u00a0: à compléter. brouillon.ipynb\u00a0: il faut un titre" in text


def test_the_commands_that_the_launcher_names_exist() -> None:
    from pipelines.cli.entry import ose

    page = render_launcher(list_entries(NOTEBOOKS))
    assert set(re.findall(r"`ose ([a-z-]+)", page)) <= set(ose.list_commands(click.Context(ose)))


def test_git_keeps_neither_page() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {f"/notebooks/{LAUNCHER}", f"/notebooks/{REFERENCE}"} <= set(ignored)


@INSTALLED
def test_it_asks_nothing_of_other_machines_and_tells_the_token_to_nobody() -> None:
    lab = Lab(NOTEBOOKS, LAUNCHER, PORT, "secret")
    command = lab.command(browser=False)
    silent = ("news_url=None", "check_for_updates_class=jupyterlab.NeverCheckForUpdate", "extension_manager=readonly")
    assert {f"--LabApp.{option}" for option in silent} <= set(command)
    assert not any(lab.token in word for word in command)
    assert lab.environment()["JUPYTER_TOKEN"] == lab.token
    settings = json.loads((SETTINGS / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8"))
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}


@INSTALLED
@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("", LAUNCHER),
        ("1_observation", "1_observation.ipynb"),
        ("1_observation.ipynb", "1_observation.ipynb"),
        ("ecarts_emploi", "focus/ecarts_emploi.ipynb"),
        ("focus/ecarts_emploi", "focus/ecarts_emploi.ipynb"),
        ("saisie/marqueur.ipynb", "saisie/marqueur.ipynb"),
    ],
)
def test_it_opens_on_the_launcher_or_on_a_notebook(asked: str, page: str) -> None:
    assert plan_lab(NOTEBOOKS, asked).page == page
    assert f"/lab/tree/{page}?token=" in plan_lab(NOTEBOOKS, asked).address


def test_an_unknown_notebook_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"« 1_observatoire » n'existe pas\. Notebooks : 0_prise_en_main, "):
        find_notebook(NOTEBOOKS, "1_observatoire")


@INSTALLED
def test_a_port_that_is_taken_is_said(taken: int, capsys: pytest.CaptureFixture) -> None:
    assert main(["lab", "--port", str(taken)]) == 2
    assert f"Le port {taken} est pris" in capsys.readouterr().err


@INSTALLED
def test_the_next_free_port_is_used(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setattr("pipelines.lab.PORT", taken)
    assert plan_lab(NOTEBOOKS).port in range(taken + 1, taken + NEIGHBOURS)


def test_without_jupyterlab_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr("sys.path", [])
    monkeypatch.delitem(__import__("sys").modules, "jupyterlab", raising=False)
    importlib.invalidate_caches()
    assert main(["lab"]) == 2
    said = capsys.readouterr().err
    assert "JupyterLab n'est pas installé" in said
    assert "make lab" in said


def test_no_browser_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    assert not has_browser()
