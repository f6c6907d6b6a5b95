"""A command measured: seconds by the clock, seconds of processor and peak memory of all its processes."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

# Seconds between two looks at the memory, at least so many times what a look takes: some thousandths of a second for
# each process, of the very processors that are measured.
_LOOK, _REST = 0.2, 20
# Of a message, what a table has room for.
SAID = 200
_ADOPT = Path(__file__).with_name("adopt.py")


class Failed(Exception):
    """A command that did not end well: the last line that it wrote."""


@dataclass(frozen=True)
class Measure:
    """`wall` and `work` in seconds; `peak`: Mio of all processes at once, what they share counted once."""

    wall: float
    work: float
    peak: float

    def __add__(self, other: "Measure") -> "Measure":
        """Two commands one after the other."""
        return Measure(self.wall + other.wall, self.work + other.work, max(self.peak, other.peak))


def measure(commands: Sequence[Sequence[str]], *, cwd: Path, env: Mapping[str, str], log: Path) -> Measure:
    """The commands one after the other; what they write goes to `log`. Failed at the first that does not end with 0."""
    total = Measure(0, 0, 0)
    for command in commands:
        total += _measure(command, cwd, env, log)
    return total


def _measure(command: Sequence[str], cwd: Path, env: Mapping[str, str], log: Path) -> Measure:
    before = _work()
    with log.open("w+", encoding="utf-8", errors="replace") as said, tempfile.NamedTemporaryFile("r") as wall:
        # Its program is looked for in the way's own PATH, by who runs it there.
        adopted = [sys.executable, "-I", "-S", str(_ADOPT), wall.name, *command]
        process = subprocess.Popen(adopted, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        memory = _Memory(process.pid)
        memory.start()
        try:
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        memory.stop()
        if code:
            said.seek(0)
            lines = [line.strip() for line in said if line.strip()] or [f"code {code}"]
            raise Failed(lines[-1][:SAID])
        return Measure(float(wall.read()), _work() - before, memory.peak / 1024**2)


def _work() -> float:
    """Seconds of processor of all processes that have ended under this one."""
    times = os.times()
    return times.children_user + times.children_system


class _Memory(threading.Thread):
    """Looks at the memory of a process and of all that it started, until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._end = pid, 0, threading.Event()

    def run(self) -> None:
        taken = 0.0
        while not self._end.wait(max(_LOOK, _REST * taken)):
            began = time.thread_time()
            with suppress(psutil.Error):
                root = psutil.Process(self.pid)
                self.peak = max(self.peak, sum(_held(one) for one in [root, *root.children(recursive=True)]))
            taken = time.thread_time() - began

    def stop(self) -> None:
        self._end.set()
        self.join()


def _held(process: psutil.Process) -> int:
    """Bytes of one process: its share of what it holds with others, where the system says it."""
    with suppress(psutil.Error):
        full = process.memory_full_info()
        return getattr(full, "pss", 0) or full.uss
    return 0
