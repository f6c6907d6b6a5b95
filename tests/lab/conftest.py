"""One JupyterLab for the tests, with everything of its own in a temporary folder, on a copy of the shipped contract."""

import csv
import importlib.util
import io
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.cli import main
from pipelines.fingerprint import digest_file
from pipelines.paths import NOTEBOOKS, PROCESSED_VARIABLE, RAW

PROGRAMME = "programmation/2022_programmation_fictive.csv"
# The first action's title: shown as it is written, or it would open a dialog.
HOSTILE = "<img src=x onerror=alert('image')><script>alert('script')</script> Tournoi & fête"
# Seconds for the server to answer.
PATIENCE = 60


@pytest.fixture(scope="session")
def installed() -> None:
    """Without JupyterLab the test is skipped aloud, or fails if CI=true."""
    if importlib.util.find_spec("jupyterlab") is None or importlib.util.find_spec("ipywidgets") is None:
        reason = "JupyterLab n'est pas installé : le formulaire n'est pas vérifié ; lancer make test"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def contract(installed: None, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A copy of the shipped contract, one title hostile, prepared: paths `folder`, `processed`."""
    base = tmp_path_factory.mktemp("contrat")
    folder = shutil.copytree(RAW / "valenciennes", base / "essai", ignore=shutil.ignore_patterns("marqueur.csv"))
    path = folder / PROGRAMME
    before = digest_file(path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="cp1252")), delimiter=";"))
    rows[1][rows[0].index("Intitulé de l'action")] = HOSTILE
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    text = (folder / "contrat.yml").read_text(encoding="utf-8")
    (folder / "contrat.yml").write_text(text.replace(before, digest_file(path)), encoding="utf-8")
    made = SimpleNamespace(folder=folder, processed=base / "prepare")
    assert check(made) == 0
    return made


def check(contract: SimpleNamespace) -> int:
    """Exit code of `ose check` on the copy."""
    return main(["check", "--contrat", str(contract.folder), "--processed", str(contract.processed)])


@pytest.fixture(scope="session")
def lab(contract: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the form's notebook in a running JupyterLab, which ends with the tests, its kernels with it."""
    base = tmp_path_factory.mktemp("lab")
    notebook = base / "travail" / "marqueur.ipynb"
    notebook.parent.mkdir()
    # What an evaluator does in the parameters cell: another contract, by its path.
    text = (NOTEBOOKS / "saisie" / "marqueur.ipynb").read_text(encoding="utf-8")
    text, number = re.subn(r'contrat: str = \\"valenciennes\\"', f'contrat: str = \\\\"{contract.folder}\\\\"', text)
    assert number == 1
    notebook.write_text(text, encoding="utf-8")
    port, token = _free_port(), secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}"
    command, status = _command(port, token, notebook.parent), f"{address}/api/status?token={token}"
    with running(command, _environment(base, contract), status, base / "journal.txt"):
        yield f"{address}/lab/tree/{notebook.name}?token={token}"


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], status: str, log: Path, folder: Path | None = None
) -> Iterator[None]:
    """A server, started in `folder`, from when it answers at `status` until the end, its kernels with it."""
    with log.open("wb") as written:
        server = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(server, status, log)
            yield
        finally:
            # On this signal the server ends its kernels, then itself.
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _command(port: int, token: str, root: Path) -> list[str]:
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": token,
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def _environment(base: Path, contract: SimpleNamespace) -> dict[str, str]:
    """Nothing of the user's own settings, and no question about news of the project."""
    own = ("CONFIG", "DATA", "RUNTIME")
    places = {f"JUPYTER_{name}_DIR": str(base / name.lower()) for name in own}
    places |= {f"JUPYTERLAB_{name}_DIR": str(base / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    settings = base / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8")
    places |= {"IPYTHONDIR": str(base / "ipython"), PROCESSED_VARIABLE: str(contract.processed)}
    return {**os.environ, **places}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Until the server answers; it may not come to that."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab ne démarre pas : {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
