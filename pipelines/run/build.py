"""A build: prepare, run what is not up to date, render, publish, lead to every page from the index."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipelines.contract import Contract, read_contract
from pipelines.errors import BusyError, DataError, OseError
from pipelines.paths import NOTEBOOKS
from pipelines.period import default_year
from pipelines.processed import read_manifest
from pipelines.run.contract_pages import write_own_pages
from pipelines.run.failures import keep_failed, name_kept
from pipelines.run.index import INDEX, write_index, write_reference
from pipelines.run.jobs import Job
from pipelines.run.kernels import Kernels
from pipelines.run.limits import memory_share
from pipelines.run.means import Limits, Means, cores, kernels_of
from pipelines.run.order import Order
from pipelines.run.pools import do_aside, open_pool
from pipelines.run.preparation import prepare_many
from pipelines.run.progress import Progress
from pipelines.run.publish import publish, resume_moves, unwritable
from pipelines.run.staleness import why_stale
from pipelines.run.sweeps import list_pages, sweep_values
from pipelines.run.task import Outcome, Task, pack_task
from pipelines.run.workers import cluster_workers, execute_all, local_workers


@dataclass
class Built:
    """What a build did of one contract: pages made, pages already up to date, failures by page, and where the index is.

    `reports`: the page of each report that was asked for, whether made, up to date or failed; `seconds`: of those made.
    The contract's own pages, accessibility and quality, come last in `made` or `current`.
    `refused`: why nothing could be made of the contract.
    """

    contrat: str
    index: Path
    made: list[Path] = field(default_factory=list)
    current: list[Path] = field(default_factory=list)
    failures: dict[str, OseError] = field(default_factory=dict)
    reports: list[Path] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    nom: str = ""
    refused: OseError | None = None


def build(
    contrat: str,
    *,
    names: Sequence[str] = (),
    annee: int | None = None,
    given: Mapping[str, str] | None = None,
    processed: Path,
    outputs: Path,
    jobs: int = 0,
    force: bool = False,
    with_code: bool = False,
    notebooks: Path = NOTEBOOKS,
    stock_kernel: bool = False,
) -> Built:
    """Build the named reports (all when none is named) of a contract and a year, on this machine.

    A notebook that fails does not stop the others; it is in `failures`. An error of the contract itself is raised.
    """
    order = Order(names, annee, given or {}, with_code, force, notebooks)
    means = Means(jobs, stock_kernel=stock_kernel)
    with kernels_of(means) as kernels:
        built = build_contracts([contrat], order, processed, outputs, means, kernels)[0]
    if built.refused:
        raise built.refused
    return built


def build_contracts(
    contrats: Sequence[str],
    order: Order,
    processed: Path,
    outputs: Path,
    means: Means,
    kernels: Kernels,
    progress: Progress | None = None,
) -> list[Built]:
    """Build what is ordered of each contract: one that is refused stops no other. The contract's own pages come along.

    BusyError where another build is writing in these outputs, UsageError where they cannot be written.
    """
    progress = progress or Progress(silent=True)
    index = outputs / INDEX
    found = [_read(contrat, order, index) for contrat in contrats]
    contracts = [contract for contract, _ in found if contract is not None]
    if not contracts:  # a mistyped year waits for no other build
        return [built for _, built in found]
    with hold(outputs):
        progress.prepare(len(contracts))
        prepared = prepare_many(contracts, processed, force=order.force, jobs=means.jobs, told=progress.prepared)
        every = []
        for contract, built in found:
            if contract is not None:
                tables = prepared[contract.nom_dossier]
                if isinstance(tables, OseError):
                    built.refused = tables
                else:
                    _plan(contract, built, order, processed, outputs)
            every.append(built)
        stale = [
            (built, job)
            for built in every
            # The long ones first: no worker ends long after the others.
            for job in sorted(built.jobs, key=lambda job: -job.notebook.path.stat().st_size)
            if job.output(outputs, ".html") not in built.current
        ]
        progress.start(len(stale), sum(len(built.current) for built in every))
        accepted = [built for built in every if not built.refused]
        # Meanwhile, the pages that need no notebook: by one process here, by all where others execute the notebooks.
        with open_pool(max(1, min(cores() if means.cluster else 1, len(accepted)))) as aside:
            own = [do_aside(aside, write_own_pages, one.contrat, processed, outputs, order.force) for one in accepted]
            reference = do_aside(aside, write_reference, outputs) if accepted else None
            make_pages(stale, processed, outputs, means, kernels, progress)
            for built, pages in zip(accepted, own, strict=True):
                finish_contract(built, processed, outputs, pages())
            if reference:
                reference()
                do_aside(aside, write_index, outputs)()  # it has the templates
        progress.end()
    return every


def _read(contrat: str, order: Order, index: Path) -> tuple[Contract | None, Built]:
    """A contract whose reports can be planned; None where it is refused, why in what was built of it."""
    built = Built(Path(contrat).name, index)
    try:
        contract = read_contract(contrat)
        built.contrat, built.nom = contract.nom_dossier, contract.nom
        order.plan(contract)
    except OseError as error:
        built.refused = error
        return None, built
    return contract, built


def _plan(contract: Contract, built: Built, order: Order, processed: Path, outputs: Path) -> None:
    """Fill in the jobs of a contract, and which pages are up to date."""
    folder = processed / contract.nom_dossier
    manifest = read_manifest(folder)
    try:
        built.jobs = order.spread(order.plan(contract, default_year(manifest)), folder, manifest)
    except OseError as error:
        built.refused = error
        return
    built.reports = [job.output(outputs, ".html") for job in built.jobs]
    for job in built.jobs if not order.force else ():
        if not why_stale(job, folder, manifest, outputs):
            built.current.append(job.output(outputs, ".html"))
            # A notebook that failed since, and was put back as it was.
            (outputs / name_kept(job)).unlink(missing_ok=True)


def make_pages(
    stale: Sequence[tuple[Built, Job]],
    processed: Path,
    outputs: Path,
    means: Means,
    kernels: Kernels,
    progress: Progress,
) -> None:
    """Make pages from certified tables, and publish each as it comes: what came of it is noted in what was built."""
    if not stale:
        return
    with ExitStack() as stack:
        if means.cluster:
            executor, count = stack.enter_context(cluster_workers(means.cluster))
            open_workers: Callable[[], AbstractContextManager[Any]] = partial(nullcontext, executor)
        else:
            count = min(means.jobs or cores(), len(stale))
            open_workers = partial(local_workers, count)
        memory = means.limits.memory or (0 if means.cluster else memory_share(count))
        limits = Limits(means.limits.seconds, memory)

        def task_of(item: tuple[Built, Job]) -> Task:
            built, job = item
            progress.begin(job)
            folder = processed / built.contrat
            try:
                manifest = _manifest(folder)
                return pack_task(job, folder, manifest, outputs=None if means.cluster else outputs, limits=limits)
            except OSError as error:
                raise DataError(
                    f"Une table de {built.contrat} a disparu pendant la construction ({error.strerror}). Relancer."
                ) from error

        def done(item: tuple[Built, Job], outcome: Outcome) -> None:
            built, job = item
            error = outcome.error
            try:
                if not error:
                    publish(outputs, job.base, outcome.files)
                    (outputs / name_kept(job)).unlink(missing_ok=True)
            except OseError as refused:
                error = refused
            if error:
                keep_failed(outputs, job, error, outcome.kept)
                built.failures[job.base.name] = error
            else:
                built.made.append(job.output(outputs, ".html"))
            built.seconds[job.base.name] = outcome.seconds
            progress.page(job, outcome.seconds, error)

        _manifest.cache_clear()
        execute_all(stale, task_of, done, open_workers, count=count, kernels=kernels.address)


@lru_cache(maxsize=2)
def _manifest(folder: Path) -> dict[str, Any]:
    return read_manifest(folder)


def finish_contract(built: Built, processed: Path, outputs: Path, own: Mapping[Path, bool]) -> None:
    """The lists of swept pages; what was made in the order of the plan, the contract's `own` pages last."""
    folder = processed / built.contrat
    list_pages(built.jobs, sweep_values(folder, read_manifest(folder)), outputs)
    built.made = [page for page in built.reports if page in {*built.made}]
    for page, made in own.items():
        (built.made if made else built.current).append(page)


@contextmanager
def hold(outputs: Path) -> Iterator[None]:
    """Hold the outputs for this build. BusyError where another does, UsageError where they cannot be written."""
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        lock = FileLock(outputs / ".verrou")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(
            "Une autre construction est en cours dans ce dossier de sortie. Attendre sa fin, ou choisir --outputs."
        ) from error
    except OSError as error:
        raise unwritable(outputs, error) from error
    try:
        try:
            resume_moves(outputs)
        except OSError as error:
            raise unwritable(outputs, error) from error
        yield
    finally:
        lock.release()
