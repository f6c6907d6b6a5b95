"""The kernels of a build: what they start with, and the warm parent that they are forked from."""

import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

ENVIRONMENT = {
    # Same bytes every time, whoever runs it; the rest is for `pipelines.run.reproducible`.
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "IPYKERNEL_CELL_NAME": "<cellule>",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # Neither the user's place, language and terminal, nor what he has Python and matplotlib do at their start.
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
    "COLUMNS": "80",
    "LINES": "24",
    "PYTHONUTF8": "1",
    "PYTHONSTARTUP": "",
    "PYTHONWARNINGS": "",
    "MATPLOTLIBRC": os.devnull,
    "MPLBACKEND": "",  # ipykernel then takes inline figures
    # Arrow's own reserves a gigabyte at once, which counts in what a kernel may hold.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
# Seconds for a warm parent to kill its kernels and end.
_PATIENCE = 10


@dataclass
class Kernels:
    """Where kernels come from: a warm parent's `address` and process, or "" for kernels started one by one.

    `remark`: why they are slower than they could be, once the build is over; "" where they are not.
    """

    address: str = ""
    pid: int = 0
    remark: str = ""


@contextmanager
def warm_kernels() -> Iterator[Kernels]:
    """The kernels of a warm parent, started for this run and ended with it; ordinary ones where there can be none."""
    kernels = Kernels()
    reason = _why_not()
    if reason:
        kernels.remark = _sentence(reason)
        yield kernels
        return
    with tempfile.TemporaryDirectory(prefix="ose-", ignore_cleanup_errors=True) as folder:
        try:
            parent = _start(Path(folder))
        except OSError as error:  # a path that is too long, no memory left
            kernels.remark = _sentence(str(error))
            yield kernels
            return
        kernels.address, kernels.pid = str(_address(Path(folder))), parent.pid
        with parent:
            try:
                yield kernels
            finally:
                reason = _stop(parent)
                kernels.remark = _sentence(reason) if reason else ""


def answers(address: str) -> bool:
    """Does a warm parent still listen there?"""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
        return client.connect_ex(address) == 0


def _why_not() -> str:
    """Why this machine has no warm kernels; "" where it has."""
    # Elsewhere a fork is absent, or unsafe once graphics are loaded.
    if sys.platform != "linux" or not hasattr(os, "fork"):
        return "il y faut Linux"
    if not entry_points(group="jupyter_client.kernel_provisioners", name="ose-warm"):
        return "l'installation est ancienne : relancer make report"
    return ""


def _sentence(reason: str) -> str:
    return f"Noyaux ordinaires, plus lents, pour les mêmes pages : pas de noyaux préchauffés ({reason})."


def _address(folder: Path) -> Path:
    # Longer than the sockets of the kernels beside it: where the system takes this path, it takes theirs.
    return folder / "demandes-de-noyaux.socket"


def _start(folder: Path) -> subprocess.Popen[str]:
    """A warm parent that listens from now on, though it answers once its imports are done."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(_address(folder)))
        _address(folder).chmod(0o600)
        listener.listen(64)
        command = [sys.executable, "-m", "pipelines.run.warm_parent", str(folder), str(listener.fileno())]
        return subprocess.Popen(  # noqa: S603 our own module
            command,
            cwd=folder,  # where no file of the user's is found in passing
            env={**os.environ, **ENVIRONMENT},
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # closes when this process ends, even killed
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for this process, which ends the other
        )


def _stop(parent: subprocess.Popen[str]) -> str:
    """End a warm parent. Why it had ended by itself, "" if it had not."""
    code = parent.poll()
    if code is None:
        if not select.select([parent.stdout], [], [], 0)[0]:
            parent.kill()  # it still imports, and has no kernel: nobody waits for it
            return ""
        parent.stdin.close()
        try:
            # One that failed may take its time to end: asked to, it ends well only if it had not.
            code = parent.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            parent.kill()
            return ""
        if code == 0:
            return ""
    said = parent.stdout.read().strip().splitlines()
    return said[-1] if said else f"arrêt inattendu, code {code}"
