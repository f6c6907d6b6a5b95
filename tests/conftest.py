"""What many tests need once: the shipped contract, prepared and built, shared by all workers of the session."""

import json
from types import SimpleNamespace

import pytest
from filelock import FileLock
from hypothesis import settings

from pipelines.cli import main

# The same cases every time, on every machine: a failure is seen again. `--hypothesis-profile hasard` draws others.
settings.register_profile("reproductible", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("hasard", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("reproductible")

# The latest year, and the first: its hand-made workbook has fewer columns than the later exports.
YEARS = (2022, 2015)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> SimpleNamespace:
    """The shipped contract built through `ose build`, once for all workers: paths `outputs` and `processed`."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "site"
    built = SimpleNamespace(outputs=shared / "outputs", processed=shared / "processed")
    with FileLock(f"{shared}.lock"):
        done = shared / "done.json"
        if not done.is_file():
            for year in YEARS:
                places = ["--outputs", str(built.outputs), "--processed", str(built.processed)]
                assert main(["build", "--annee", str(year), *places]) == 0
            done.write_text(json.dumps(YEARS), encoding="utf-8")
    return built
