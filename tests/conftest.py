"""What many tests need once: the shipped contract, prepared and built, shared by all workers of the session."""

import json
from types import SimpleNamespace

import pytest
from filelock import FileLock
from hypothesis import settings

from pipelines.cli import main
from pipelines.run.jobs import known_notebooks

# The same cases every time, on every machine: a failure is seen again. `--hypothesis-profile hasard` draws others.
settings.register_profile("reproductible", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("hasard", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("reproductible")

# The latest year, and the first: its hand-made workbook has fewer columns than the later exports.
YEARS = (2022, 2015)
# Of the sweeps, the fullest page, the emptiest, and the one of the longest name; the long tests build them all.
SWEPT = ({"commune": "59616"}, {"commune": "inconnue-1"}, {"orientation": "O1"})


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> SimpleNamespace:
    """The shipped contract built through `ose build`, once for all workers: paths `outputs` and `processed`."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "site"
    built = SimpleNamespace(outputs=shared / "outputs", processed=shared / "processed")
    with FileLock(f"{shared}.lock"):
        done = shared / "done.json"
        if not done.is_file():
            places = ["--outputs", str(built.outputs), "--processed", str(built.processed)]
            for year in YEARS:
                names = [notebook.name for notebook in known_notebooks() if not notebook.sweep]
                assert main(["build", *names, "--annee", str(year), *places]) == 0
            for ((sweep, value),) in (page.items() for page in SWEPT):
                names = [notebook.name for notebook in known_notebooks() if notebook.sweep == sweep]
                assert main(["build", *names, "-p", f"{sweep}={value}", *places]) == 0
            done.write_text(json.dumps(YEARS), encoding="utf-8")
    return built
