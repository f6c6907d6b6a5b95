"""The hooks, in a repository of their own: at a commit they correct, at the manual stage of `make lint` they check."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.paths import ROOT

UGLY = "import sys\nx = {'a':1}\n"
RUN = {"duration": 1.2, "end_time": "2022-03-01T10:00:00"}
NOTEBOOK = {
    "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python", "version": "3.12.1"},
        "papermill": RUN,
    },
    "nbformat": 4,
    "nbformat_minor": 5,
    "cells": [
        {
            "cell_type": "code",
            "id": "parametres",
            "metadata": {"tags": ["parameters"], "papermill": RUN, "execution": {"iopub.execute_input": "x"}},
            "execution_count": 3,
            "source": "annee = 2022",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
        }
    ],
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with this project's hooks, a badly written module and a notebook as a run leaves it."""
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    (tmp_path / "module.py").write_text(UGLY, encoding="utf-8")
    (tmp_path / "notebook.ipynb").write_text(json.dumps(NOTEBOOK, indent=1) + "\n", encoding="utf-8")
    run(tmp_path, "git", "init", "--quiet")
    run(tmp_path, "git", "add", "module.py", "notebook.ipynb", ".pre-commit-config.yaml")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    # Without the variables of a commit in progress: they would lead git back to this project.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment["PRE_COMMIT_HOME"] = str(folder / ".pre-commit")
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def pre_commit(folder: Path, stage: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "-m", "pre_commit", "run", "--all-files", "--hook-stage", stage)


@pytest.mark.long
def test_hooks_check_then_correct(repository: Path) -> None:
    module, notebook = repository / "module.py", repository / "notebook.ipynb"
    before = module.read_text(encoding="utf-8"), notebook.read_text(encoding="utf-8")

    checked = pre_commit(repository, "manual")
    assert checked.stdout.count("Failed") == 3, checked.stdout
    assert (module.read_text(encoding="utf-8"), notebook.read_text(encoding="utf-8")) == before

    pre_commit(repository, "pre-commit")
    assert pre_commit(repository, "manual").returncode == 0
    assert module.read_text(encoding="utf-8") == 'x = {"a": 1}\n'
    cleaned = json.loads(notebook.read_text(encoding="utf-8"))
    assert cleaned["metadata"] == {
        "kernelspec": NOTEBOOK["metadata"]["kernelspec"],
        "language_info": {"name": "python"},
    }
    (cell,) = cleaned["cells"]
    assert cell["metadata"] == {"tags": ["parameters"]}
    assert (cell["id"], cell["outputs"], cell["execution_count"]) == ("parametres", [], None)
