"""What many tests need once: the shipped contract, prepared and built, shared by all workers of the session."""

import json
from types import SimpleNamespace

import pytest
from filelock import FileLock

from pipelines.cli import main

# The latest year, and the first: its hand-made workbook has fewer columns than the later exports.
YEARS = (2022, 2015)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The shipped contract built through `ose build`, once for all workers: paths `outputs` and `processed`."""
    shared = tmp_path_factory.getbasetemp().parent / "site"
    built = SimpleNamespace(outputs=shared / "outputs", processed=shared / "processed")
    with FileLock(f"{shared}.lock"):
        done = shared / "done.json"
        if not done.is_file():
            for year in YEARS:
                code = main(
                    [
                        "build",
                        "--annee",
                        str(year),
                        "--outputs",
                        str(built.outputs),
                        "--processed",
                        str(built.processed),
                    ]
                )
                assert code == 0
            done.write_text(json.dumps(YEARS), encoding="utf-8")
    return built
