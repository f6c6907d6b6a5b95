"""What else a build costs: a start with nothing to do, a kernel, a row more, a contract more."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from pipelines.run.kernels import warm_kernels
from pipelines.run.manager import WarmKernelManager
from tests.bench import prepare

PANDAS = ["python", "-c", "import pandas"]


def time_nothing(command: list[str], runs: int, env: Mapping[str, str], folder: Path) -> dict[str, float]:
    """Seconds of a build that has nothing to do and of `import pandas`, one after the other; the middle ones."""
    times: dict[str, list[float]] = {"ose": [], "pandas": []}
    for _ in range(runs + 1):
        for name, one in (("ose", command), ("pandas", PANDAS)):
            began = time.perf_counter()
            subprocess.run(one, cwd=folder, env=dict(env), check=True, capture_output=True)
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def time_kernels(runs: int) -> dict[str, float]:
    """Seconds until a kernel answers: the middle one of `runs` warm ones, and of a fifth as many ordinary ones."""
    with warm_kernels() as kernels:
        if not kernels.address:
            raise RuntimeError(kernels.remark)
        config = Config({"WarmKernelManager": {"address": kernels.address}})
        warm = asyncio.run(_ready(lambda: WarmKernelManager(config=config), runs))
    stock = asyncio.run(_ready(AsyncKernelManager, max(1, runs // 5)))
    return {"prechauffe": statistics.median(warm), "ordinaire": statistics.median(stock)}


async def _ready(make: Any, runs: int) -> list[float]:
    times = []
    for _ in range(runs + 1):
        manager = make()
        began = time.perf_counter()
        await manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        times.append(time.perf_counter() - began)
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
    return times[1:]  # the first waits for the imports of the warm parent


def time_rows(sizes: list[int], place: Path) -> list[dict[str, Any]]:
    """What `prepare` takes for each number of actions, beside the plain way (`tests.bench.prepare`)."""
    return [prepare.measure(place, size) for size in sorted(sizes)]


def main() -> None:
    """Print the kernels' line alone: `python -m tests.bench.lines [kernels]`."""
    found = time_kernels(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    print(" ".join(f"{name} {seconds:.3f} s" for name, seconds in found.items()))


if __name__ == "__main__":
    main()
