"""Programs that are not the project's, each in a locked environment of its own, and kernels that are the project's."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import nbformat
import pytest

from pipelines.paths import ROOT

# The schedules that are shipped.
PLACE = Path(str(files("pipelines") / "deploy"))
UNITS = ("ose.service", "ose.timer", "ose-echec@.service")
# Those of the DAG: the copy of the project has no other.
NOTEBOOKS = ("2_suivi_programmation", "7_rapport_annuel")
NOTEBOOK = NOTEBOOKS[0]
FAULT = "Un défaut pour l'essai"
# What is written in the schedules that are shipped, and stands elsewhere in a test.
HOME, ADDRESS = "/opt/ose", "mission-ose@example.org"


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`programs(name)`: the folder of the programs that `requirements-<name>.txt` installs; skips where it cannot."""

    def install(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name) / "venv"
        lock = Path(__file__).with_name(f"requirements-{name}.txt")
        uv = [sys.executable, "-m", "uv", "--quiet"]
        made = subprocess.run([*uv, "venv", "--python", sys.executable, folder], capture_output=True, text=True)
        if made.returncode == 0:
            wanted = ["--python", folder / "bin/python", "--require-hashes", "--requirements", lock]
            made = subprocess.run([*uv, "pip", "install", *wanted], capture_output=True, text=True)
        if made.returncode:
            pytest.skip(f"{name} ne s'installe pas ici : {made.stderr.strip().splitlines()[-1]}")
        return folder / "bin"

    return install


def write_kernel(name: str, place: Path, python: str = sys.executable, **environment: str) -> Path:
    """A kernel of this name, in the environment of `python`, below `place`: what JUPYTER_PATH is to be."""
    folder = place / "kernels" / name
    folder.mkdir(parents=True)
    command = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": command, "display_name": name, "language": "python", "env": environment}
    (folder / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
    return place


@pytest.fixture(scope="package")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with two notebooks, installed in a `.venv` of its own, its libraries those of this one."""
    home = tmp_path_factory.mktemp("opt") / "ose"
    unneeded = shutil.ignore_patterns("__pycache__", "processed")
    for name in ("pipelines", "expectations", "data"):
        shutil.copytree(ROOT / name, home / name, ignore=unneeded)
    (home / "notebooks").mkdir()
    for path in (*(ROOT / f"notebooks/{name}.ipynb" for name in NOTEBOOKS), *ROOT.glob("requirements-*.txt")):
        shutil.copy(path, home / path.relative_to(ROOT))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, home)
    uv = [sys.executable, "-m", "uv", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, home / ".venv"], check=True)
    python = home / ".venv/bin/python"
    (site,) = (home / ".venv").glob("lib/python*/site-packages")
    # After the copy itself: the libraries, but not the package that is tested elsewhere.
    (own,) = Path(sys.prefix).glob("lib/python*/site-packages")
    (site / "bibliotheques.pth").write_text(f"{own}\n", encoding="utf-8")
    subprocess.run(
        [*uv, "pip", "install", "--python", python, "--no-deps", "--no-build-isolation", "--editable", home], check=True
    )
    # nbconvert's templates are installed there, not among the libraries.
    shared = home / ".venv/share/jupyter"
    shared.mkdir(parents=True, exist_ok=True)
    (shared / "nbconvert").symlink_to(Path(sys.prefix) / "share/jupyter/nbconvert", target_is_directory=True)
    return home


@pytest.fixture
def broken(project: Path) -> Iterator[Path]:
    """The project with a notebook that fails."""
    path = project / f"notebooks/{NOTEBOOK}.ipynb"
    sound = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[4].source = f'raise ValueError("{FAULT}")'
    nbformat.write(notebook, path)
    yield project
    path.write_bytes(sound)
