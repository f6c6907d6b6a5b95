"""The environment of each peer: what its lock says, and the project itself, whose notebooks it runs.

Each is a folder of its own under `.venv/bench/`, made once and again when a lock has changed.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from pipelines.paths import ROOT

PLACE = ROOT / ".venv" / "bench"
LOCKS = Path(__file__).with_name("peers")
# The notebooks' own libraries; papermill and nbconvert, which are two of them, need nothing more.
RUN = ROOT / "requirements-run.txt"
OURS = "ose"
# Ours, with what reaches other machines.
CLUSTER = "cluster"
# Of a message, what a table has room for.
_SAID = 200


class NotInstalled(Exception):
    """Why a peer has no environment, in one line."""


def install(name: str, place: Path = PLACE) -> Path:
    """The folder of the programs of a peer's environment, made if need be. NotInstalled where that cannot be."""
    folder = place / name
    own = {OURS: [], CLUSTER: [ROOT / "requirements-cluster.txt"]}.get(name, [LOCKS / name / "requirements.txt"])
    locks = [RUN, *own]
    stamp, wanted = folder / ".complet", _digest(*locks)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return programs
    shutil.rmtree(folder, ignore_errors=True)
    python = str(programs / "python")
    uv = [sys.executable, "-m", "uv", "--quiet"]
    into = [*uv, "pip", "install", "--python", python]
    project = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    asked = [option for lock in locks for option in ("--requirements", str(lock))]
    for command in (
        [*uv, "venv", "--python", sys.executable, str(folder)],
        # Byte code now: no peer pays for it in its first run.
        [*into, "--require-hashes", "--compile-bytecode", *asked],
        [*into, *project],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
            raise NotInstalled(" ".join(said)[:_SAID])
    stamp.write_text(wanted, encoding="utf-8")
    return programs


def _digest(*files: Path) -> str:
    whole = hashlib.sha256()
    for file in (*files, ROOT / "pyproject.toml"):
        whole.update(file.read_bytes())
    return whole.hexdigest()
