"""What a build may use: notebooks at once, a cluster, limits, kernels. Light: known before the rest is imported."""

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from pipelines.run.kernels import Kernels, warm_kernels
from pipelines.run.pools import import_ahead

# Seconds that a notebook has: one that takes longer will never end, and an unattended run must fail aloud.
NOTEBOOK_SECONDS = 3600
# Instead of an address: kernels of a warm parent that the process which executes starts for itself.
OWN = "ici"


@dataclass(frozen=True)
class Limits:
    """What a notebook may take: seconds in all, and MiB of memory, 0 for what the machine has."""

    seconds: float = NOTEBOOK_SECONDS
    memory: int = 0


@dataclass(frozen=True)
class Means:
    """What a build may use: `jobs` notebooks at once (0: one per core), the address of a Dask cluster or "" for here.

    `stock_kernel`: start every kernel the ordinary way; `limits`: of each notebook, memory 0 for its share.
    """

    jobs: int = 0
    cluster: str = ""
    stock_kernel: bool = False
    limits: Limits = field(default_factory=Limits)


def kernels_of(means: Means) -> AbstractContextManager[Kernels]:
    """Where the kernels of a build come from: opened before anything else, all is imported when it is needed."""
    if not means.cluster:
        import_ahead()
    if means.stock_kernel:
        return nullcontext(Kernels())
    return nullcontext(Kernels(OWN)) if means.cluster else warm_kernels()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
