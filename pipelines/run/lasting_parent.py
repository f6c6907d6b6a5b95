"""The warm parent of a process that asks for kernels by name: papermill, JupyterLab. Started once, ended with it."""

import atexit
import os
import threading
from contextlib import ExitStack
from pathlib import Path

from pipelines.run.kernels import Kernels, warm_kernels

_PACKAGE = Path(__file__).resolve().parents[1]
_lock = threading.Lock()
# Of each, the state it was started in, and what ends it. The last is the one in use.
_parents: list[tuple[tuple[int, int, int], Kernels, ExitStack]] = []


def lasting_address() -> str:
    """The address of this process's warm parent, started if need be; "" where there can be none.

    It holds the code that it has imported: once a file of the package has changed, another takes its place, and ends it
    when it has no more kernels.
    """
    with _lock:
        state = _state()
        if not _parents or _parents[-1][0] != state:
            _end_idle()
            stack = ExitStack()
            _parents.append((state, stack.enter_context(warm_kernels()), stack))
            if len(_parents) == 1:
                atexit.register(_end_all)
        return _parents[-1][1].address


def _state() -> tuple[int, int, int]:
    """This process, that a fork is not, and the package: how many files of code, and when the last one changed."""
    times = [file.stat().st_mtime_ns for file in _PACKAGE.rglob("*.py")]
    return os.getpid(), len(times), max(times)


def _end_idle() -> None:
    for parent in list(_parents):
        (owner, *_), kernels, stack = parent
        if owner != os.getpid():  # inherited by a fork: another's
            _parents.remove(parent)
        elif not kernels.address or not _has_kernels(kernels.pid):
            _parents.remove(parent)
            stack.close()


def _has_kernels(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii"))
    except OSError:
        return False


def _end_all() -> None:
    for (owner, *_), _, stack in _parents:
        if owner == os.getpid():
            stack.close()
