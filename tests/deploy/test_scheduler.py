"""jupyter-scheduler runs a notebook as it is, from the real extension in a real JupyterLab, with its parameters."""

import json
import os
import secrets
import shutil
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from pipelines.paths import NOTEBOOKS, PROCESSED_VARIABLE
from pipelines.run.build import build
from tests.deploy.conftest import write_kernel
from tests.lab.conftest import running
from tests.notebooks.test_three_ways import shown

pytestmark = pytest.mark.long

NAME = "2_suivi_programmation"
# Seconds for a job: its kernel, its figures, on a machine that runs other tests.
PATIENCE = 300


class Scheduler:
    """A running JupyterLab with the extension: jobs are asked for as its window does."""

    def __init__(self, address: str, token: str, root: Path) -> None:
        self.address, self.token, self.root = address, token, root

    def ask(self, path: str, sent: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer of the extension to a GET, or to a POST where something is sent."""
        request = urllib.request.Request(  # noqa: S310 our own server
            f"{self.address}/scheduler/{path}",
            data=None if sent is None else json.dumps(sent).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else {}

    def run(self, name: str, **parameters: str) -> SimpleNamespace:
        """Run a notebook to its end: `job`, as told by the extension, and `notebook`, executed, or None."""
        (runtime,) = self.ask("runtime_environments")
        job = {"name": name, "input_uri": f"{name}.ipynb", "runtime_environment_name": runtime["name"]}
        identity = self.ask("jobs", {**job, "output_formats": ["ipynb", "html"], "parameters": parameters})["job_id"]
        end = time.monotonic() + PATIENCE
        while (told := self.ask(f"jobs/{identity}"))["status"] not in ("COMPLETED", "FAILED"):
            assert time.monotonic() < end, told
            time.sleep(0.5)
        if told["status"] == "FAILED":
            return SimpleNamespace(job=told, notebook=None)
        self.ask(f"jobs/{identity}/download_files")
        # Copied by a process of its own, which nothing tells the end of.
        while not (place := self._place(identity)):
            assert time.monotonic() < end, "rien n'est copié"
            time.sleep(0.5)
        return SimpleNamespace(job=told, notebook=nbformat.read(self.root / place, as_version=4))

    def _place(self, identity: str) -> str:
        """Where the executed notebook is, from the root; "" where it is not there yet."""
        files = self.ask(f"jobs/{identity}")["job_files"]
        return next((one.get("file_path") or "" for one in files if one["file_format"] == "ipynb"), "")


@pytest.fixture(scope="module")
def scheduler(
    programs: Callable[[str], Path], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheduler]:
    """The extension in a JupyterLab of its own on a copy of the notebooks, kernels in the project's environment."""
    here = programs("scheduler")
    base = tmp_path_factory.mktemp("programme")
    root = base / "notebooks"
    root.mkdir()
    shutil.copy(NOTEBOOKS / f"{NAME}.ipynb", root)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    options = {
        "ServerApp.port": port, "ServerApp.port_retries": 0, "ServerApp.root_dir": root, "ServerApp.allow_root": True,
        "ServerApp.open_browser": False, "IdentityProvider.token": token, "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }  # fmt: skip
    command = [str(here / "python"), "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    places = {f"JUPYTER_{name}_DIR": str(base / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    kernels = write_kernel("python3", base / "jupyter", **{PROCESSED_VARIABLE: str(prepared.parent)})
    environment = os.environ | places | {"IPYTHONDIR": str(base / "ipython"), "JUPYTER_PATH": str(kernels)}
    address = f"http://127.0.0.1:{port}"
    # It copies what a job made below the folder that it was started in.
    with running(command, environment, f"{address}/api/status?token={token}", base / "journal.txt", root):
        yield Scheduler(address, token, root)


def test_its_tables_and_figures_are_those_of_a_build(scheduler: Scheduler, prepared: Path, tmp_path: Path) -> None:
    done = scheduler.run(NAME, annee="2019")
    assert done.job["status"] == "COMPLETED", done.job
    built = build("valenciennes", names=[NAME], annee=2019, processed=prepared.parent, outputs=tmp_path)
    (page,) = built.reports
    ours = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    assert sum(len(outputs) for _, outputs in shown(ours)) > 10
    assert shown(done.notebook) == shown(ours)


def test_a_wrong_parameter_stops_it_in_a_sentence(scheduler: Scheduler) -> None:
    done = scheduler.run(NAME, anee="2019")
    assert done.job["status"] == "FAILED"
    assert "Vouliez-vous dire « annee »" in done.job["status_message"]
