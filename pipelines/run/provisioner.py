"""The kernels of jupyter_client, forked from a warm parent; started the ordinary way where it cannot or may not be."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from pipelines.run.kernels import ENVIRONMENT
from pipelines.run.lasting_parent import lasting_address
from pipelines.run.warm_parent import BOUND, PACKET

# Its name in the entry points of the package (pyproject.toml).
NAME = "ose-warm"
# Seconds for a kernel to be there, the imports of the warm parent included.
_PATIENCE = 60
_LAUNCHER = ["-m", "ipykernel_launcher"]


class ForkedKernel:
    """A kernel forked from a warm parent, as a `subprocess.Popen`: pid, returncode, poll, wait, signals."""

    stdin = stdout = stderr = None

    def __init__(self, address: str, request: Mapping[str, Any]) -> None:
        """Ask for the kernel and wait until it can be connected to. OSError where there is no warm parent, or no more.

        `request`: argv, env and cwd. A kernel that stops at once is there, with its return code.
        """
        self.returncode: int | None = None
        self._parent = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._parent.settimeout(_PATIENCE)
            self._parent.connect(address)
            self._parent.send(json.dumps(request).encode())
            pid, state = self._parent.recv(PACKET), self._parent.recv(PACKET)
            # Parent and kernel write to the same socket: on a busy machine the kernel may be the first.
            if pid == BOUND:
                pid, state = state, pid
            if not (pid and state):
                raise ConnectionError("the warm parent is gone")
        except OSError:
            self._parent.close()
            raise
        self.pid = int(pid)
        self._parent.settimeout(None)
        if state != BOUND:
            self._end(state)

    def poll(self) -> int | None:
        """The return code, None while the kernel runs."""
        if self.returncode is None:
            try:
                self._end(self._parent.recv(PACKET, socket.MSG_DONTWAIT))
            except BlockingIOError:
                return None
        return self.returncode

    def wait(self) -> int:
        """The return code, once the kernel has ended."""
        while self.returncode is None:
            self._end(self._parent.recv(PACKET))
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def _end(self, packet: bytes) -> None:
        # Nothing said: the warm parent has ended, and the system kills its kernels then.
        self.returncode = int(packet) if packet else -signal.SIGKILL
        self._parent.close()


class WarmProvisioner(LocalProvisioner):
    """Forks each kernel from the warm parent that listens at `address`, by default one that this process keeps.

    Where there can be none, a kernel as any other, with the same outputs.
    """

    address = Unicode("", help="Path of the unix socket of a warm parent.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """What the kernel is launched with: as a kernel of a build, which gives the same outputs every time."""
        kwargs = await super().pre_launch(**kwargs)
        return kwargs | {"env": {**kwargs["env"], **ENVIRONMENT}}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel: forked if it is one of ipykernel's and the warm parent answers, else by `cmd`."""
        argv = _ipykernel_arguments(cmd)
        if argv is None:
            return await super().launch_kernel(cmd, **kwargs)
        address = self.address or await asyncio.to_thread(lasting_address)
        cwd = os.path.abspath(kwargs.get("cwd") or os.curdir)  # noqa: PTH100 a text, for JSON
        request = {"argv": argv, "env": dict(kwargs.get("env") or os.environ), "cwd": cwd}
        try:
            self.process = await asyncio.to_thread(ForkedKernel, address, request)
        except OSError:  # no warm parent, or no more
            return await super().launch_kernel(cmd, **kwargs)
        # A fork leads a group of its own before it can be connected to.
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and wait for its end, which its manager would look for every tenth of a second."""
        await super().kill(restart)
        for _ in range(1000):
            if await self.poll() is not None:
                return
            await asyncio.sleep(0.002)


def _ipykernel_arguments(cmd: Sequence[str]) -> list[str] | None:
    """What a command that launches ipykernel tells it; None for another kernel."""
    for at in range(len(cmd) - 1):
        if list(cmd[at : at + 2]) == _LAUNCHER:
            return list(cmd[at + 2 :])
    return None
