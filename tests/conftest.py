"""What many tests need once: the shipped contract, prepared and built, shared by all workers of the session."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import settings

from pipelines.cli import main
from pipelines.prepare import prepare
from pipelines.run.notebooks import known_notebooks
from tests.shipped import shipped_contract

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same cases every time, on every machine: a failure is seen again. `--hypothesis-profile hasard` draws others.
settings.register_profile("reproductible", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("hasard", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("reproductible")

# The latest year, and the first: its hand-made workbook has fewer columns than the later exports. Of the first, the
# reports that speak of the year; the long tests build them all.
YEARS = (2022, 2015)
OF_A_YEAR = (
    "1_observation_france", "2_suivi_programmation", "7_rapport_annuel", "7_rapport_en_clair", "9_synthese_copil",
    "adultes_relais",
)  # fmt: skip
# Of the sweeps, the fullest page, the emptiest, and the one of the longest name; the long tests build them all.
SWEPT = (
    {"commune": "59606", "orientation": "O1", "modele": "plan_economique"},
    {"commune": "inconnue-1", "modele": "animation_territoriale"},
    {"modele": "orientation_O3"},
)
SHEETS = {notebook.sweep: notebook.name for notebook in known_notebooks() if notebook.sweep}
SWEPT_PAGES = [f"{SHEETS[sweep]}--{value}" for sweeps in SWEPT for sweep, value in sweeps.items()]


def sample(cases: Iterable[object], *, one_in: int) -> list[Any]:
    """All cases as parameters of a test: one in so many in the suite, the others in the long tests."""
    marks = [() if rank % one_in == 0 else pytest.mark.long for rank in range(one_in)]
    values = [case if isinstance(case, tuple) else (case,) for case in cases]
    return [pytest.param(*own, marks=marks[rank % one_in]) for rank, own in enumerate(values)]


def build_pages(year: int, outputs: Path, processed: Path, *options: str) -> None:
    """Build reports through `ose build`: `OF_A_YEAR`, and of the latest year all, with the pages of `SWEPT`."""
    command = ["build", "--annee", str(year), "--outputs", str(outputs), "--processed", str(processed), *options]
    if year != YEARS[0]:
        assert main([*command, *OF_A_YEAR]) == 0
        return
    names = [notebook.name for notebook in known_notebooks() if not notebook.sweep]
    for sweeps in SWEPT:
        names += [notebook.name for notebook in known_notebooks() if notebook.sweep in sweeps]
        assert main([*command, *names, *(f"-p{sweep}={value}" for sweep, value in sweeps.items())]) == 0
        names = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, in one worker's hands; the short tests at the end are shared by all."""
    items.sort(key=lambda item: not {"site", "warm"} & {*getattr(item, "fixturenames", ())})


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of what is made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def prepared(shared: Path) -> Path:
    """The certified tables of the shipped contract, made once for all workers: its folder under `processed`."""
    with FileLock(f"{shared / 'tables'}.lock"):
        prepare(shipped_contract(), shared / "tables")
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


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """The machine's browser: one, since Playwright runs once in a process.

    It ends with its tests: while it is there, an event loop runs, in which the tests of the form may not start theirs.
    """
    # Imported where a browser is asked for: most tests need none.
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import launch, missing_browser

    with sync_playwright() as playwright:
        launched = launch(playwright)
        if launched is None:
            missing_browser()
        yield launched
        launched.close()
