"""What many tests need once: the shipped contract, prepared and built, shared by all workers of the session."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings

from pipelines.cli import main
from pipelines.contract import read_contract
from pipelines.prepare import prepare
from pipelines.run.notebooks import known_notebooks

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same cases every time, on every machine: a failure is seen again. `--hypothesis-profile hasard` draws others.
settings.register_profile("reproductible", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("hasard", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("reproductible")

# The latest year, and the first: its hand-made workbook has fewer columns than the later exports.
YEARS = (2022, 2015)
# Of the sweeps, the fullest page, the emptiest, and the one of the longest name; the long tests build them all.
SWEPT = (
    {"commune": "59606", "orientation": "O1", "modele": "plan_economique"},
    {"commune": "inconnue-1", "modele": "animation_territoriale"},
    {"modele": "orientation_O3"},
)
SHEETS = {notebook.sweep: notebook.name for notebook in known_notebooks() if notebook.sweep}
SWEPT_PAGES = [f"{SHEETS[sweep]}--{value}" for sweeps in SWEPT for sweep, value in sweeps.items()]


def build_pages(year: int, outputs: Path, processed: Path, *options: str) -> None:
    """Build the reports of a year through `ose build` and, of the latest year, the pages of the sweeps in `SWEPT`."""
    command = ["build", "--annee", str(year), "--outputs", str(outputs), "--processed", str(processed), *options]
    names = [notebook.name for notebook in known_notebooks() if not notebook.sweep]
    if year != YEARS[0]:
        assert main([*command, *names]) == 0
        return
    for sweeps in SWEPT:
        names += [notebook.name for notebook in known_notebooks() if notebook.sweep in sweeps]
        assert main([*command, *names, *(f"-p{sweep}={value}" for sweep, value in sweeps.items())]) == 0
        names = []


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of what is made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def prepared(shared: Path) -> Path:
    """The certified tables of the shipped contract, made once for all workers: its folder under `processed`."""
    with FileLock(f"{shared / 'tables'}.lock"):
        prepare(read_contract("valenciennes"), shared / "tables")
    return shared / "tables" / "valenciennes"


@pytest.fixture(scope="session")
def site(shared: Path, prepared: Path) -> SimpleNamespace:
    """The shipped contract built through `ose build`, once for all workers: paths `outputs` and `processed`."""
    shared = shared / "site"
    built = SimpleNamespace(outputs=shared / "outputs", processed=prepared.parent)
    shared.mkdir(exist_ok=True)
    with FileLock(f"{shared}.lock"):
        done = shared / "done.json"
        if not done.is_file():
            for year in YEARS:
                build_pages(year, built.outputs, built.processed)
            done.write_text(json.dumps(YEARS), encoding="utf-8")
    return built


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The machine's browser: one, since Playwright runs once in a process."""
    # Imported where a browser is asked for: most tests need none.
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import launch, missing_browser

    with sync_playwright() as playwright:
        launched = launch(playwright)
        if launched is None:
            missing_browser()
        yield launched
        launched.close()
