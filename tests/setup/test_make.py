"""The Makefile's rules, asked what they would do (`make -n`) in a folder where everything is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.paths import ROOT

MAKE = shutil.which("make")
pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")
SOURCES = ("Makefile", "pyproject.toml", "requirements-run.txt", "requirements-lab.txt", "requirements-test.txt")
INSTALLED = (".venv/bin/python", ".venv/.run", ".venv/.lab", ".venv/.test")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A project whose environment is up to date: files dated in the order in which an installation writes them."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in SOURCES:
        shutil.copyfile(ROOT / name, tmp_path / name)
    for name in INSTALLED:
        (tmp_path / name).touch()
    for date, name in enumerate((*SOURCES, *INSTALLED), start=1_000_000_000):
        os.utime(tmp_path / name, (date, date))
    return tmp_path


def make(folder: Path, *arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    # Without the variables of a `make test` above: they would change what this one does.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        [str(MAKE), *arguments], cwd=folder, env=environment | {"PATH": path}, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("report", ".venv/bin/ose build"),
        ("test", '.venv/bin/python -m pytest -m "not long" -n 3 --dist worksteal'),
        ("test-long", ".venv/bin/python -m pytest -m long"),
        ("lab", ".venv/bin/ose lab"),
    ],
)
def test_second_run_installs_nothing(installed: Path, target: str, command: str) -> None:
    assert make(installed, "-n", target).stdout.strip() == command


@pytest.mark.parametrize(
    ("touched", "target", "group"),
    [
        ("requirements-run.txt", "report", "run"),
        ("pyproject.toml", "report", "run"),
        (".venv/bin/python", "report", "run"),
        (".venv/bin/python", "lab", "lab"),
        ("requirements-lab.txt", "lab", "lab"),
        ("requirements-test.txt", "test", "test"),
        ("requirements-lab.txt", "test", "lab"),
        ("requirements-lab.txt", "test-long", "lab"),
    ],
)
def test_what_changed_is_installed_again(installed: Path, touched: str, target: str, group: str) -> None:
    (installed / touched).touch()
    assert f"install --require-hashes -r requirements-{group}.txt" in make(installed, "-n", target).stdout


def test_no_python_says_so_in_french(installed: Path) -> None:
    shutil.rmtree(installed / ".venv")
    run = make(installed, "report", path=str(installed))
    assert run.returncode == 2
    assert "Python 3.11 à 3.14 est introuvable" in run.stderr
    assert not (installed / ".venv").exists()


def test_help_names_every_target(installed: Path) -> None:
    phony = next(line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if ".PHONY" in line)
    targets = phony.removeprefix(".PHONY:").split()
    assert [line.split()[1] for line in make(installed).stdout.splitlines()] == targets
