"""A build: prepare, run what is not up to date, render, publish, lead to every page from the index."""

import json
import os
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
from pipelines.processed import read_manifest
from pipelines.report.provenance import ACCESSIBILITY, QUALITY
from pipelines.run.contract_pages import PAGES
from pipelines.run.execute import OWN
from pipelines.run.failures import keep_failed, name_kept
from pipelines.run.jobs import Job
from pipelines.run.kernels import Kernels, warm_kernels
from pipelines.run.limits import memory_share
from pipelines.run.notebooks import known_notebooks
from pipelines.run.order import Order
from pipelines.run.progress import Progress
from pipelines.run.publish import publish, resume_moves, unwritable
from pipelines.run.staleness import why_stale
from pipelines.run.sweeps import list_pages, sweep_values
from pipelines.run.task import Limits, Outcome, Task, pack_task
from pipelines.run.workers import cluster_workers, execute_all, local_workers


@dataclass(frozen=True)
class Means:
    """What a build may use: `jobs` notebooks at once (0: one per core), the address of a Dask cluster or "" for here.

    `stock_kernel`: start every kernel the ordinary way; `limits`: of each notebook, memory 0 for its share.
    """

    jobs: int = 0
    cluster: str = ""
    stock_kernel: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass
class Built:
    """What a build did of one contract: pages made, pages already up to date, failures by page, and where the index is.

    `reports`: the page of each report that was asked for, whether made, up to date or failed; `seconds`: of those made.
    The contract's own pages, accessibility and quality, come last in `made` or `current`.
    `refused`: why nothing could be made of the contract; `remark`: what slowed the build down, "" for nothing.
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
    remark: str = ""


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
    built = build_contracts([contrat], order, processed, outputs, Means(jobs, stock_kernel=stock_kernel))[0]
    if built.refused:
        raise built.refused
    return built


def build_contracts(
    contrats: Sequence[str],
    order: Order,
    processed: Path,
    outputs: Path,
    means: Means,
    progress: Progress | None = None,
) -> list[Built]:
    """Build what is ordered of each contract: one that is refused stops no other. The contract's own pages come along.

    BusyError where another build is writing in these outputs, UsageError where they cannot be written.
    """
    progress = progress or Progress(quiet=True)
    index = outputs / "index.html"
    with hold(outputs):
        found = [_read(contrat, order, index) for contrat in contrats]
        contracts = [contract for contract, _ in found if contract is not None]
        progress.prepare(len(contracts))
        refusals = _prepare(contracts, processed, order.force)
        every = []
        for contract, built in found:
            if contract is not None:
                built.refused = refusals.get(contract.nom_dossier)
                if not built.refused:
                    _plan(contract, built, order, processed, outputs)
            every.append(built)
        stale = [
            (built, job) for built in every for job in built.jobs if job.output(outputs, ".html") not in built.current
        ]
        progress.start(len(stale), sum(len(built.current) for built in every))
        remark = make_pages(stale, processed, outputs, means, progress)
        for built in every:
            built.remark = remark
            if not built.refused:
                finish_contract(built, processed, outputs, force=order.force)
        if not all(built.refused for built in every):
            write_index(outputs)
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


def _prepare(contracts: Sequence[Contract], processed: Path, force: bool) -> dict[str, OseError]:
    """Prepare the tables of the contracts; why those that were refused are, by name."""
    from pipelines.prepare import prepare

    refused = {}
    for contract in contracts:
        try:
            prepare(contract, processed, force=force)
        except OseError as error:
            refused[contract.nom_dossier] = error
    return refused


def _plan(contract: Contract, built: Built, order: Order, processed: Path, outputs: Path) -> None:
    """Fill in the jobs of a contract, and which pages are up to date."""
    folder = processed / contract.nom_dossier
    manifest = read_manifest(folder)
    try:
        built.jobs = order.spread(order.plan(contract), folder, manifest)
    except OseError as error:
        built.refused = error
        return
    built.reports = [job.output(outputs, ".html") for job in built.jobs]
    if not order.force:
        built.current = [
            job.output(outputs, ".html") for job in built.jobs if not why_stale(job, folder, manifest, outputs)
        ]


def make_pages(
    stale: Sequence[tuple[Built, Job]], processed: Path, outputs: Path, means: Means, progress: Progress
) -> str:
    """Make pages from certified tables, publish each as it comes; why kernels were slow, "" for nothing.

    What came of each is noted in what was built of its contract.
    """
    if not stale:
        return ""
    with ExitStack() as stack:
        if means.cluster:
            executor, count = stack.enter_context(cluster_workers(means.cluster))
            kernels = Kernels("" if means.stock_kernel else OWN)
            open_workers: Callable[[], AbstractContextManager[Any]] = partial(nullcontext, executor)
        else:
            count = min(means.jobs or cores(), len(stale))
            kernels = stack.enter_context(nullcontext(Kernels()) if means.stock_kernel else warm_kernels())
            open_workers = partial(local_workers, count, os.getpid())
        memory = means.limits.memory or (0 if means.cluster else memory_share(count))
        limits = Limits(means.limits.seconds, memory)

        def task_of(item: tuple[Built, Job]) -> Task:
            built, job = item
            progress.begin(job)
            folder = processed / built.contrat
            try:
                manifest = _manifest(folder)
                return pack_task(job, folder, manifest, elsewhere=bool(means.cluster), limits=limits)
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
    return kernels.remark


@lru_cache(maxsize=2)
def _manifest(folder: Path) -> dict[str, Any]:
    return read_manifest(folder)


def finish_contract(built: Built, processed: Path, outputs: Path, *, force: bool) -> None:
    """The lists of swept pages and the contract's own pages; what was made in the order of the plan."""
    built.made = [page for page in built.reports if page in {*built.made}]
    folder = processed / built.contrat
    manifest = read_manifest(folder)
    list_pages(built.jobs, sweep_values(folder, manifest), outputs)
    for page in PAGES:
        current = not force and page.is_current(folder, manifest, outputs)
        if not current:
            page.write(folder, manifest, outputs)
        (built.current if current else built.made).append(page.path(built.contrat, outputs))


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write_index(outputs: Path) -> Path:
    """`outputs/index.html`, made anew from the provenance of every page that is there."""
    from pipelines.report.index import render_index
    from pipelines.report.reference import FILE, is_reference_current, render_reference

    entries = _published(outputs, "*/[0-9][0-9][0-9][0-9]/*.json")
    order = {notebook.name: notebook.order for notebook in known_notebooks()}
    entries.sort(key=lambda entry: (entry["contrat"], -entry["annee"], order.get(entry["notebook"], 99), entry["href"]))
    index = outputs / "index.html"
    try:
        beside = index.with_name(".index.html.encours")
        own = [page for stem in (QUALITY, ACCESSIBILITY) for page in _published(outputs, f"*/{stem}.json")]
        pages = {index: render_index(entries, own)}
        if not is_reference_current(index.with_name(FILE)):
            pages[index.with_name(FILE)] = render_reference(index.name)
        for page, text in pages.items():
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(page)
    except OSError as error:
        raise unwritable(outputs, error) from error
    return index


def _published(outputs: Path, pattern: str) -> list[dict[str, Any]]:
    """Provenance of every page that is there, with its address from the index."""
    pages = [(path, path.with_suffix(".html")) for path in sorted(outputs.glob(pattern))]
    return [
        {**json.loads(path.read_text(encoding="utf-8")), "href": page.relative_to(outputs).as_posix()}
        for path, page in pages
        if page.is_file()
    ]


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
