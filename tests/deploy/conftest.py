"""Programs that are not the project's, each in a locked environment of its own, and kernels that are the project's."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


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
