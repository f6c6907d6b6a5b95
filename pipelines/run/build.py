"""A build: prepare, run what is not up to date, render, lead to every page from the index."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm import tqdm

from pipelines.contract import Contract, read_contract
from pipelines.errors import BusyError, DataError, OseError, UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.processed import read_manifest
from pipelines.report.provenance import ACCESSIBILITY, QUALITY, fingerprint_report, is_current
from pipelines.run.contract_pages import PAGES
from pipelines.run.execute import STAGING, execute_job, prepare_worker, unwritable
from pipelines.run.jobs import Job, keep_possible, plan_jobs, refuse_empty_sweeps, refuse_year, spread
from pipelines.run.kernels import Kernels, warm_kernels
from pipelines.run.notebooks import add_focus, choose, known_notebooks
from pipelines.run.sweeps import list_pages, sweep_values


@dataclass(frozen=True)
class Built:
    """What a build did: pages made, pages already up to date, failures by page, and where the index is.

    `reports`: the page of each report that was asked for, whether made, up to date or failed.
    The contract's own pages, accessibility and quality, come last in `made` or `current`.
    `remark`: what slowed the build down, "" for nothing.
    """

    made: list[Path]
    current: list[Path]
    failures: dict[str, OseError]
    index: Path
    reports: list[Path]
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
    """Build the named reports (all when none is named) of a contract and a year, two or more at a time.

    `jobs`: processes at once, 0 for one per core. A notebook that fails does not stop the others; it is in `failures`.
    The contract's own pages need no notebook: every build leaves them up to date.
    `stock_kernel`: start every kernel the ordinary way; the pages are the same.
    """
    contract = read_contract(contrat)
    year = check_year(contract, annee)
    known = known_notebooks(notebooks)
    chosen = choose(names, known)
    if annee is not None:
        refuse_year(chosen)
    years = (contract.annees.debut, contract.annees.fin)
    planned = plan_jobs(chosen, contract.nom_dossier, year, given or {}, annees=years)
    beside = plan_jobs(add_focus(chosen, known, given or {}), contract.nom_dossier, year, {}, annees=years)
    with _alone(outputs):
        from pipelines.prepare import prepare

        manifest = prepare(contract, processed, force=force)
        folder = processed / contract.nom_dossier
        values = sweep_values(folder, manifest)
        held = manifest["tables"] | manifest["contrat"]
        planned = keep_possible(planned, held, asked=bool(names)) + keep_possible(beside, held, asked=False)
        if names:
            refuse_empty_sweeps(planned, values)
        planned = spread(planned, values)
        stale = [job for job in planned if force or not is_job_current(job, manifest, outputs, with_code)]
        with warm_kernels() if stale and not stock_kernel else nullcontext(Kernels()) as kernels:
            failures = _run_all(stale, processed, outputs, with_code, jobs or os.cpu_count() or 1, kernels.address)
        list_pages(planned, values, outputs)
        stale_pages = [page for page in PAGES if force or not page.is_current(folder, manifest, outputs)]
        for page in stale_pages:
            page.write(folder, manifest, outputs)
        index = write_index(outputs)
    made = [job.output(outputs, ".html") for job in stale if job.base.name not in failures]
    current = [job.output(outputs, ".html") for job in planned if job not in stale]
    for page in PAGES:
        (made if page in stale_pages else current).append(page.path(contract.nom_dossier, outputs))
    return Built(made, current, failures, index, [job.output(outputs, ".html") for job in planned], kernels.remark)


def check_year(contract: Contract, annee: int | None) -> int:
    """The year asked for, or the contract's last. UsageError outside the contract."""
    first, last = contract.annees.debut, contract.annees.fin
    if annee is not None and not first <= annee <= last:
        raise UsageError(f"L'année {annee} est hors du contrat ({first} à {last}). Choisir une année du contrat.")
    return last if annee is None else annee


def is_job_current(job: Job, manifest: Mapping[str, Any], outputs: Path, with_code: bool) -> bool:
    """Is the job's page made from the present inputs?"""
    empreinte = fingerprint_report(job.notebook.path, job.parameters, manifest, with_code)
    return is_current(job.output(outputs, ".json"), empreinte)


def statuses(contract: Contract, processed: Path, outputs: Path) -> list[tuple[Path, str]]:
    """Each page of the contract's last year, and its own pages, with its state: à jour, à refaire, absent."""
    from pipelines.inputs import fingerprint_inputs
    from pipelines.prepare import is_prepared

    years = (contract.annees.debut, contract.annees.fin)
    planned = plan_jobs(known_notebooks(), contract.nom_dossier, contract.annees.fin, {}, annees=years)
    folder = processed / contract.nom_dossier
    prepared = is_prepared(folder, fingerprint_inputs(contract))
    try:
        # Tables that are no longer current still say over what a notebook is swept.
        manifest = read_manifest(folder)
        planned = keep_possible(planned, manifest["tables"] | manifest["contrat"], asked=False)
        planned = spread(planned, sweep_values(folder, manifest))
    except (DataError, KeyError):  # never prepared, or by a former version: a swept notebook stands for its pages
        manifest = {}
    states = []
    for job in planned:
        current = prepared and any(is_job_current(job, manifest, outputs, code) for code in (False, True))
        states.append((job.output(outputs, ".html"), current))
    for own in PAGES:
        current = prepared and own.is_current(folder, manifest, outputs)
        states.append((own.path(contract.nom_dossier, outputs), current))
    return [
        (page.relative_to(outputs), ("à jour" if current else "à refaire") if page.is_file() else "absent")
        for page, current in states
    ]


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


def _run_all(
    jobs: list[Job], processed: Path, outputs: Path, with_code: bool, workers: int, kernels: str
) -> dict[str, OseError]:
    """Run the jobs, several at a time; failures by name of the page."""
    failures: dict[str, OseError] = {}
    if not jobs:
        return failures
    # Fresh processes: a kernel started from a thread-laden parent would inherit its locks.
    context = get_context("spawn")
    with (
        ProcessPoolExecutor(min(workers, len(jobs)), context, prepare_worker, (os.getpid(),)) as pool,
        tqdm(total=len(jobs), desc="Rapports", unit="page", leave=False, disable=None) as bar,
    ):
        futures = {pool.submit(execute_job, job, processed, outputs, with_code, kernels): job for job in jobs}
        for future in as_completed(futures):
            name = futures[future].base.name
            bar.set_postfix_str(name)
            bar.update()
            error = future.exception()
            if isinstance(error, OseError):
                failures[name] = error
            elif error is not None:
                raise error
    return failures


@contextmanager
def _alone(outputs: Path) -> Iterator[None]:
    """Hold the outputs for this build. BusyError where another build does, UsageError where they cannot be written."""
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
        for leftover in outputs.glob(f"{STAGING}*"):  # of a run that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()
