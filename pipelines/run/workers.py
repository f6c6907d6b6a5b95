"""Who executes the tasks of a build: processes of this machine, or a Dask cluster. Neither is known to the tasks.

Both are `concurrent.futures.Executor`. No more tasks are out than keep them busy: a build of all contracts needs no
more memory than one of a few.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from pipelines.errors import NotebookError, OseError, UsageError
from pipelines.run.execute import execute_task
from pipelines.run.pools import open_pool
from pipelines.run.task import Outcome, Task

# Tasks handed over for each that is executed: the next one is there when one ends.
_AHEAD = 2
# Seconds to reach a cluster.
_REACH = 10
# Dask keeps its last thousand messages, each with the tables of a contract.
_DASK = {"distributed.admin.low-level-log-length": 10}
_Item = TypeVar("_Item")


@contextmanager
def local_workers(count: int) -> Iterator[Executor]:
    """That many processes of this machine."""
    pool = open_pool(count)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def cluster_workers(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask cluster, and how many there are. UsageError where none can be reached."""
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "--cluster demande Dask, qui n'est pas installé : python -m pip install --require-hashes "
            "-r requirements-cluster.txt"
        ) from error
    try:
        with dask.config.set(_DASK):
            client = Client(address, timeout=_REACH, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"Aucun cluster Dask ne répond à « {address} ». Vérifier l'adresse, par exemple tcp://serveur:8786, et que "
            "dask scheduler y tourne."
        ) from error
    with client:
        count = len(client.scheduler_info(n_workers=-1)["workers"])
        if not count:
            raise UsageError(f"Le cluster Dask de « {address} » n'a aucun poste. Y lancer : dask worker {address}")
        yield client.get_executor(pure=False), count


def execute_all(
    items: Iterable[_Item],
    task_of: Callable[[_Item], Task],
    done: Callable[[_Item, Outcome], None],
    open_workers: Callable[[], AbstractContextManager[Executor]],
    *,
    count: int,
    kernels: str = "",
) -> None:
    """Execute the task of each item, on `count` workers; `done` is told what came of each, as it comes.

    Where a worker dies and takes the others along, workers are opened again: what was out is then executed one by one,
    so that the task that kills is known, and no other fails for it.
    """
    waiting, suspects = deque(items), deque[_Item]()
    while waiting or suspects:
        alone, queue = bool(suspects), suspects or waiting
        with open_workers() as workers:
            out = _execute_until_broken(queue, task_of, done, workers, 1 if alone else count * _AHEAD, kernels)
        if alone:
            for item in out:
                done(item, Outcome({}, 0.0, _killed(task_of(item))))
        else:
            suspects.extend(out)


def _execute_until_broken(
    queue: deque[_Item],
    task_of: Callable[[_Item], Task],
    done: Callable[[_Item, Outcome], None],
    workers: Executor,
    most: int,
    kernels: str,
) -> list[_Item]:
    """Execute what the queue holds, at most so many out at once; the items that were out when the workers broke."""
    out: dict[Future[Outcome], _Item] = {}
    while queue or out:
        while queue and len(out) < most:
            item = queue.popleft()
            try:
                out[workers.submit(execute_task, task_of(item), kernels)] = item
            except BrokenExecutor:
                return [item, *out.values()]
            except OseError as error:
                done(item, Outcome({}, 0.0, error))
        for future in wait(out, return_when=FIRST_COMPLETED).done if out else ():
            try:
                outcome = future.result()
            except BrokenExecutor:
                # Those that had ended are told; the others are the ones that may have broken it.
                left = [one for one in out if not _has_ended(one)]
                for one in set(out) - set(left):
                    done(out[one], one.result())
                return [out[one] for one in left]
            except (Exception, CancelledError) as error:
                outcome = Outcome({}, 0.0, _lost(task_of(out[future]), error))
            done(out.pop(future), outcome)
    return []


def _has_ended(future: Future[Outcome]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _killed(task: Task) -> OseError:
    return NotebookError(
        f"Le processus qui construisait {task.job.base.name} a été tué : mémoire insuffisante, le plus souvent. Fermer "
        "d'autres programmes, ou mener moins de notebooks de front (--jobs 1), et relancer."
    )


def _lost(task: Task, error: BaseException) -> OseError:
    """The error of a task that no worker gave back: several died on it, or the cluster is gone."""
    return NotebookError(
        f"Aucun poste n'a rendu {task.job.base.name} ({type(error).__name__} : {error}). Vérifier les postes, puis "
        "relancer."
    )
