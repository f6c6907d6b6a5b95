"""A process that has imported what notebooks import, and that becomes a kernel, by a fork, at each request.

`pipelines.run.kernels` starts one for a build, at the code on disk, and ends it by closing its stdin. It stays fit to
be forked: one thread of Python, no zmq context, no event loop, no parquet read (Arrow would start its threads).

A request is one packet on a unix socket, JSON: argv, env and cwd of the kernel. Packets come back: the process id, then
`BOUND` when the kernel can be connected to, then its exit code. A client that goes away takes its kernel with it.
"""

import builtins
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import random
import selectors
import shutil
import signal
import socket
import sys
import time
import warnings
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from pipelines.run.limits import limit_kernel

BOUND = b"bound"
# Bytes: the largest packet, an environment. A larger one is refused to its sender by the system.
PACKET = 1 << 20
# Seconds that a client has for its request: the others wait meanwhile.
_PATIENCE = 5
# What notebooks import, what ipykernel and IPython would import at the start of each kernel, what a first figure needs.
_MODULES = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "PIL.JpegImagePlugin",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel_launcher",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "numpy",
    "pandas",
    "pipelines.numbers",
    "pipelines.report.report",
    "pipelines.tables",
    "psutil",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "seaborn",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
)
_PACKAGES = ("pipelines.charts", "pipelines.indicators")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>


def preload() -> None:
    """Import the modules as a kernel would: in a notebook, with inline figures."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    # pandas asks at import whether it writes for a notebook.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    for name in _MODULES:
        importlib.import_module(name)
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    # Done once: each report would take 40 ms for its help, and 20 ms to write its first number.
    importlib.import_module("pipelines.report.french_help").explain_functions()
    importlib.import_module("pipelines.numbers").format_number(0)
    del builtins.get_ipython  # type: ignore[attr-defined]
    # Imported without a shell, it would show no figure, and say nothing: each kernel imports it with its own.
    if "matplotlib_inline.backend_inline" in sys.modules:
        raise ImportError("matplotlib_inline.backend_inline est déjà importé")


def serve(listener: socket.socket) -> tuple[dict[str, Any], socket.socket] | None:
    """Fork at each request until stdin closes. Returns in each fork its request and socket; None at the end."""
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(listener, selectors.EVENT_READ)
    kernels: dict[int, socket.socket] = {}  # the client of each kernel that runs
    while True:
        for key, _ in selector.select():
            if key.fd == 0:
                for pid in kernels:
                    _kill(pid)
                return None
            if key.fileobj is listener:
                client, _ = listener.accept()
                request = _read_request(client)
                pid = _fork() if request else None
                if request and pid == 0:
                    _close_all(selector)
                    return request, client
                if pid is None:
                    client.close()
                    continue
                _tell(client, str(pid).encode())
                kernels[pid] = client
                selector.register(client, selectors.EVENT_READ, pid)
                selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
            elif isinstance(key.fileobj, int):
                selector.unregister(key.fd)
                os.close(key.fd)
                _, status = os.waitpid(key.data, 0)
                client = kernels.pop(key.data)
                with suppress(KeyError):
                    selector.unregister(client)
                _tell(client, str(os.waitstatus_to_exitcode(status)).encode())
                client.close()
            elif key.data in kernels:
                selector.unregister(key.fileobj)  # a client says nothing more: it is gone
                _kill(key.data)


def become_kernel(request: dict[str, Any], client: socket.socket, parent: int) -> None:
    """Run this fork as the kernel that was asked for, until it is shut down; its warm parent is process `parent`."""
    os.setsid()
    die_with(parent)
    with open(os.devnull) as nothing:  # noqa: PTH123 a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    limit_kernel()

    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    # As in processes of their own, no two kernels draw the same numbers.
    random.seed()
    np.random.seed()
    sys.argv = [str(sys.modules["ipykernel_launcher"].__file__), *request["argv"]]
    app = IPKernelApp.instance()
    # It reads its parent in the environment, at import: too early here.
    app.initialize([*request["argv"], f"--IPKernelApp.parent_handle={parent}"])
    _tell(client, BOUND)
    client.close()
    app.start()


def die_with(parent: int) -> None:
    """Have the system kill this process when the thread that started it ends, be it killed; Linux alone can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended meanwhile
            os._exit(1)


def _read_request(client: socket.socket) -> dict[str, Any] | None:
    """The request of a client; None where it sends none."""
    try:
        client.settimeout(_PATIENCE)
        packet = client.recv(PACKET)
        client.settimeout(None)
        return json.loads(packet) if packet else None
    except (OSError, ValueError):
        return None


def _fork() -> int | None:
    """The new process, 0 inside it; None where the system refuses one."""
    with warnings.catch_warnings():
        # Python 3.12 counts a thread of jemalloc, which is made to be forked.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return os.fork()
        except OSError:
            return None


def _close_all(selector: selectors.BaseSelector) -> None:
    """Close what a fork inherited from the warm parent: its listener, its other clients and kernels."""
    for key in list(selector.get_map().values()):
        if isinstance(key.fileobj, socket.socket):
            key.fileobj.close()
        elif key.fd:
            os.close(key.fd)
    selector.close()


def _tell(client: socket.socket, packet: bytes) -> None:
    with suppress(OSError):  # it is gone: `serve` sees that
        client.send(packet)


def _kill(pid: int) -> None:
    """Kill a kernel and what it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has no group of its own yet
        os.kill(pid, signal.SIGKILL)


def main() -> None:
    """`python -m pipelines.run.warm_parent DOSSIER SOCKET`: its own folder, the number of the inherited socket."""
    folder, listener = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    del sys.path[0]  # the working directory, where ipykernel's own launcher looks for nothing either
    gc.disable()  # what is imported stays
    try:
        preload()
        os.close(os.pidfd_open(os.getpid()))
    except Exception as error:
        print(f"{type(error).__name__} : {error}")
        sys.exit(1)
    with suppress(OSError):  # the runner is gone: `serve` sees that
        os.write(1, b"\n")  # ready
    os.dup2(2, 1)  # the runner reads why there is no warm parent, and nothing else
    gc.collect()
    gc.freeze()  # the collector of a kernel leaves these pages shared
    gc.enable()
    parent = os.getpid()
    request = serve(listener)
    if request is None:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        become_kernel(*request, parent)


if __name__ == "__main__":
    main()
