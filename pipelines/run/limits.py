"""How much memory a kernel may take: past it, the notebook gets a MemoryError and the machine is spared.

Also an IPython extension, for kernels that are not forked. Linux alone holds a process to it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

# MiB that a kernel may hold, imports included; not set, empty or 0: no limit.
VARIABLE = "OSE_MEMOIRE"
# MiB below which notebooks that take nothing unusual would stop: three times what they hold at most.
LEAST = 1024
# Percent of the memory available, shared between the kernels: the rest is the runner's.
_SHARE = 80
# Bytes to write an error with, for which its lines are looked for in the files of libraries.
_TO_TELL = 256 << 20
# The last one the system would kill is the first, so that the runner and its other kernels go on.
_KILLED_FIRST = "1000"


def load_ipython_extension(shell: Any) -> None:
    """Limit the kernel of this shell, and leave it the room to say that it was stopped."""
    limit_kernel()
    if sys.platform == "linux" and _limit():
        _keep_room_to_tell(shell)


def limit_kernel() -> None:
    """Hold this process to the memory that `OSE_MEMOIRE` says, and have the system kill it before others. Linux."""
    if sys.platform != "linux":
        return
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_KILLED_FIRST, encoding="ascii")
    if _limit():
        _hold_to(_limit() << 20)


def _limit() -> int:
    return int(os.environ.get(VARIABLE) or 0)


def _hold_to(size: int) -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


def _keep_room_to_tell(shell: Any) -> None:
    """Give the shell more, once, to write the error of a notebook that has taken everything and still holds it."""
    import mmap

    more = (_limit() << 20) + _TO_TELL
    room = mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    show = shell.showtraceback

    def show_with_room(*args: Any, **kwargs: Any) -> None:
        if issubclass(sys.exc_info()[0] or Exception, MemoryError):
            room.close()  # asking for more takes some
            _hold_to(more)
        show(*args, **kwargs)

    shell.showtraceback = show_with_room


def memory_share(workers: int) -> int:
    """MiB that each of `workers` kernels may hold, from what this machine has available; 0, no limit, but on Linux."""
    if sys.platform != "linux":
        return 0
    available = min(_machine_available(), *_groups_available())
    return max(LEAST, available * _SHARE // 100 // workers >> 20)


def _machine_available() -> int:
    """Bytes that the machine can give without swapping."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    sizes = dict(line.split(":") for line in lines)
    return int(sizes["MemAvailable"].split()[0]) << 10


def _groups_available() -> Iterator[int]:
    """Bytes left in the control group of this process and in those that hold it: a container, a service."""
    yield sys.maxsize
    root = Path("/sys/fs/cgroup")
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes") if controllers else ("memory.max", "memory.current")
        if controllers and "memory" not in controllers.split(","):
            continue
        group = root / ("memory" if controllers else "") / path.lstrip("/")
        for folder in (group, *group.parents):
            with suppress(OSError, ValueError):  # "max", or the root, which has none
                limit, used = (int((folder / name).read_text(encoding="ascii")) for name in names)
                yield max(limit - used + _reclaimable(folder), 0)


def _reclaimable(group: Path) -> int:
    """Bytes of a control group that are files kept in memory, given back when asked for."""
    for line in (group / "memory.stat").read_text(encoding="ascii").splitlines():
        name, _, size = line.partition(" ")
        if name in ("inactive_file", "total_inactive_file"):
            return int(size)
    return 0
