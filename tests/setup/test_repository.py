"""What git keeps: the layout, received files byte for byte, no other contract, and notebooks for every kernel."""

import json
import subprocess
from pathlib import Path

import pytest

from pipelines.paths import NOTEBOOKS, ROOT

TOP_LEVEL = {
    *("README.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml", "environment.yml"),
    *("requirements-run.txt", "requirements-lab.txt", "requirements-test.txt", "requirements-cluster.txt"),
    *("notebooks", "pipelines", "data", "expectations", "tests"),
}
needs_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the folder is not a git checkout")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8").stdout


@needs_git
def test_top_level_is_the_layout() -> None:
    kept = git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    names = {path.split("/")[0] for path in kept}
    assert {"pipelines", "pyproject.toml"} <= names
    assert {name for name in names - TOP_LEVEL if not name.startswith(".")} == set()


@needs_git
@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("data/raw/valenciennes/programmation/2015.xlsx", False),
        ("data/raw/_national/mesures.csv", False),
        ("data/raw/valenciennes/programmation/~$2015.xlsx", True),
        ("data/raw/autre/contrat.yml", True),
        ("data/processed/valenciennes/actions.parquet", True),
        ("outputs/index.html", True),
        (".venv", True),
        ("pipelines/__pycache__/paths.pyc", True),
        ("notebooks/.ipynb_checkpoints/0.ipynb", True),
    ],
)
def test_ignored(path: str, ignored: bool) -> None:
    assert (git("check-ignore", "--no-index", path).strip() == path) is ignored


@needs_git
@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        ("data/raw/valenciennes/programmation/2018.csv", {"text": "unset"}),
        ("notebooks/1_observation.ipynb", {"text": "auto", "eol": "lf"}),
    ],
)
def test_line_ends(path: str, attributes: dict[str, str]) -> None:
    printed = git("check-attr", *attributes, "--", path).splitlines()
    assert printed == [f"{path}: {name}: {value}" for name, value in attributes.items()]


@pytest.mark.parametrize(
    "notebook", [pytest.param(path, id=path.stem) for path in sorted(NOTEBOOKS.rglob("[!.]*.ipynb"))]
)
def test_kernel_is_python3(notebook: Path) -> None:
    assert json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["kernelspec"]["name"] == "python3"
