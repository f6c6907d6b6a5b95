"""Pages on warm kernels beside pages on stock ones, in one run: what a page costs, and when its kernel is ready.

    python -m tests.bench.kernels [pages]

The notebooks of the shipped contract, year after year, until there are that many pages (24), two at a time. The first
two pages pay the start of all processes: a page's cost is what each of the others adds.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from itertools import cycle, islice
from pathlib import Path

import nbformat
import papermill

from pipelines.prepare import prepare
from pipelines.run.execute import execute_job
from pipelines.run.jobs import Job, plan_jobs
from pipelines.run.kernels import Kernels, warm_kernels
from pipelines.run.manager import papermill_options
from pipelines.run.notebooks import known_notebooks
from pipelines.run.pools import open_pool
from tests.shipped import shipped_contract

WORKERS = 2
STARTS = 5


def main(pages: int) -> None:
    """Print one line a kind of kernel, and their ratio."""
    contract = shipped_contract()
    with tempfile.TemporaryDirectory() as place:
        processed = Path(place) / "tables"
        prepare(contract, processed)
        jobs = _plan(contract.nom_dossier, contract.annees.debut, contract.annees.fin, pages)
        print("| noyaux | démarrage partagé (s) | par page (s) | calcul par page (s) | noyau prêt et rendu (s) |")
        print("| :-- | --: | --: | --: | --: |")
        lines = []
        for name, kind in (("ordinaires", lambda: nullcontext(Kernels())), ("préchauffés", warm_kernels)):
            few, many = (_build(kind, jobs[:count], processed, Path(place)) for count in (WORKERS, pages))
            wall, work = ((many[i] - few[i]) / (pages - WORKERS) for i in (0, 1))
            line = [few[0] - WORKERS * wall, wall, work, _start(kind)]
            lines.append(line)
            print(f"| {name} | " + " | ".join(f"{value:.2f}".replace(".", ",") for value in line) + " |")
        ratios = [f"{ours / theirs:.2f}".replace(".", ",") for theirs, ours in zip(*lines, strict=True)]
        print("| rapport | " + " | ".join(ratios) + " |")


def _plan(contrat: str, first: int, last: int, pages: int) -> list[Job]:
    """That many jobs: every notebook that is not swept, for the last year, then for the one before, and over again."""
    whole = [notebook for notebook in known_notebooks() if not getattr(notebook, "sweep", "")]
    years = [
        job for year in range(last, first - 1, -1) for job in plan_jobs(whole, contrat, year, {}, annees=(first, last))
    ]
    return list(islice(cycle(years), pages))


def _build(kind: Callable, jobs: list[Job], processed: Path, place: Path) -> tuple[float, float]:
    """Seconds by the clock, and of processor in all processes, to make the pages."""
    began, worked = time.perf_counter(), _work()
    with (
        tempfile.TemporaryDirectory(dir=place) as outputs,
        kind() as kernels,
        open_pool(WORKERS) as pool,
    ):
        made = [pool.submit(execute_job, job, processed, Path(outputs), False, kernels.address) for job in jobs]
        for page in made:
            page.result()
    return time.perf_counter() - began, _work() - worked


def _work() -> float:
    """Seconds of processor of all processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _start(kind: Callable) -> float:
    """Seconds of a notebook of one empty cell, once all is imported; the middle one of some."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    with kind() as kernels:
        options = papermill_options(kernels.address) if kernels.address else {}
        times = []
        for _ in range(STARTS + 1):
            began = time.perf_counter()
            papermill.execute_notebook(notebook, None, kernel_name="python3", progress_bar=False, **options)
            times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 24)
