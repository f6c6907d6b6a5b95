"""What papermill starts and asks warm kernels with: nothing that waits a fixed time, and no port of the machine."""

import time
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type, Unicode, default
from traitlets.config import Config

from pipelines.run.provisioner import NAME

# Seconds: an answer that takes longer was asked before the kernel could be heard.
_ANSWER = 1


def papermill_options(address: str) -> dict[str, Any]:
    """What to give `papermill.execute_notebook` beside its own arguments, for kernels of the warm parent at `address`.

    A kernel is killed once its last cell is done: it has nothing to save.
    """
    config = Config({"WarmKernelManager": {"address": address}})
    return {"kernel_manager_class": WarmKernelManager, "config": config, "shutdown_kernel": "immediate"}


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as it has heard the kernel answer, instead of after a silence of 0.2 s."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until both channels carry. RuntimeError, as in jupyter_client, if the kernel dies or is late."""
        deadline = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < deadline:
            try:
                reply = await self.kernel_info(reply=True, timeout=_ANSWER)
                # What it publishes may be heard later than what it replies: only then is no output lost.
                while not _is_idle_after(await self.get_iopub_msg(timeout=_ANSWER), reply):
                    pass
            except (Empty, TimeoutError):
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
            else:
                return
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


class WarmKernelManager(AsyncKernelManager):
    """A manager whose kernels are forked from the warm parent at `address`, and reached by sockets beside it."""

    address = Unicode("", help="Path of the unix socket of a warm parent.").tag(config=True)
    client_factory = Type(PromptClient, klass=AsyncKernelClient)

    @default("transport")
    def _transport(self) -> str:
        return "ipc"

    @default("connection_file")
    def _connection_file(self) -> str:
        # The default is one name for all, in the working directory.
        return str(Path(self.address).with_name(f"{uuid4().hex[:12]}.json"))

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The environment's own kernel, with the provisioner that forks it."""
        spec = super().kernel_spec
        if spec is not None:
            spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME, "config": {"address": self.address}}
        return spec


def _is_idle_after(message: dict[str, Any], reply: dict[str, Any]) -> bool:
    """Does the kernel publish that it has done all that the reply's request asked?"""
    same = message["parent_header"].get("msg_id") == reply["parent_header"]["msg_id"]
    return same and message["content"].get("execution_state") == "idle"
