"""JupyterLab on `notebooks/`, opened on our own first page: nothing fetched, in French where its pack is installed."""

import importlib.util
import os
import secrets
import socket
import subprocess
import sys
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipelines.errors import UsageError
from pipelines.launcher import LAUNCHER

# Default settings of our own, beside the user's, which win over them.
SETTINGS = Path(__file__).with_name("lab_settings")
PORT, NEIGHBOURS = 8888, 20


@dataclass(frozen=True)
class Lab:
    """A JupyterLab to start: the folder it shows, the page it opens on (a path in this folder), its port and token."""

    folder: Path
    page: str
    port: int
    token: str

    @property
    def address(self) -> str:
        """The address of the page, with the token that lets in."""
        return f"http://localhost:{self.port}{self._opening}?token={self.token}"

    @property
    def _opening(self) -> str:
        return f"/lab/tree/{quote(self.page)}"

    def command(self, *, browser: bool) -> list[str]:
        """The command that starts it; `browser`: open one. It asks nothing of any other machine."""
        options = {
            "ServerApp.root_dir": self.folder,
            "ServerApp.default_url": self._opening,
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.open_browser": browser,
            # Ctrl+C ends it at once: its question would be in English, and cells are saved as they are written.
            "ServerApp.answer_yes": True,
            # Who is the administrator of a machine of one's own would be turned away.
            "ServerApp.allow_root": True,
            "Application.log_level": "ERROR",
            "LabApp.default_url": self._opening,
            "LabApp.news_url": None,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "LabApp.extension_manager": "readonly",
        }
        return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]

    def environment(self) -> dict[str, str]:
        """Its environment: the token, which no list of processes then shows, our settings and our commands."""
        settings = os.pathsep.join(filter(None, [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH")]))
        # `ose` is then found in its terminals.
        commands = os.pathsep.join(filter(None, [str(Path(sys.executable).parent), os.environ.get("PATH")]))
        own = {"JUPYTER_TOKEN": self.token, "JUPYTER_CONFIG_PATH": settings, "PATH": commands}
        return os.environ | own


def plan_lab(folder: Path, notebook: str = "", port: int | None = None) -> Lab:
    """The JupyterLab to start on a folder of notebooks, opened on our first page or on a notebook.

    `port`: the only one that will do; None: the first free one. UsageError where JupyterLab is not installed, where the
    notebook is not there, or where the port is taken.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise UsageError(
            "JupyterLab n'est pas installé : lancer « make lab », qui l'installe et l'ouvre, ou "
            "« python -m pip install --require-hashes -r requirements-lab.txt »."
        )
    page = find_notebook(folder, notebook) if notebook else LAUNCHER
    if port is not None and not _is_free(port):
        raise UsageError(
            f"Le port {port} est pris, ou n'est pas permis : en donner un autre, ou lancer ose lab sans --port."
        )
    ports = [port] if port is not None else range(PORT, PORT + NEIGHBOURS)
    free = next((one for one in ports if _is_free(one)), None)
    if free is None:
        raise UsageError(
            f"Les ports {PORT} à {PORT + NEIGHBOURS - 1} sont pris : fermer d'autres JupyterLab, ou donner un port "
            "libre, par exemple ose lab --port 9000."
        )
    return Lab(folder, page, free, secrets.token_hex(16))


def find_notebook(folder: Path, name: str) -> str:
    """The path, in the folder, of the notebook of a name, with or without folder and suffix; else UsageError."""
    asked = Path(name).with_suffix(".ipynb") if not name.endswith(".ipynb") else Path(name)
    paths = [path.relative_to(folder) for path in sorted(folder.rglob("*.ipynb")) if not _is_hidden(path, folder)]
    found = [path for path in paths if path == asked or path.name == asked.name]
    if asked in found:
        found = [asked]
    if not found:
        known = ", ".join(path.with_suffix("").as_posix() for path in paths)
        raise UsageError(f"Le notebook « {name} » n'existe pas. Notebooks : {known}.")
    return found[0].as_posix()


def has_browser() -> bool:
    """Is there a browser that can be opened from here?"""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def run_lab(lab: Lab, *, browser: bool) -> int:
    """Start it and wait until it ends, by Ctrl+C or by its own menu; returns the exit code, 0 where it was stopped."""
    server = subprocess.Popen(lab.command(browser=browser), env=lab.environment())  # noqa: S603 our own command
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            # The server got the same signal: it ends its kernels, then itself.
            server.wait()
            return 0


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        # A server that just ended leaves its port waiting: it may be taken again.
        if os.name != "nt":
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
