"""A build of many contracts on a local Dask cluster of two workers: does a contract more cost the same, in flat memory?

python -m tests.bench.contracts 1 10 50
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.paths import ROOT
from tests.bench.environments import CLUSTER, install
from tests.bench.measure import Failed, measure
from tests.bench.ways import variables

REPORTS = ("1_observation", "2_suivi_programmation", "7_rapport_annuel")
WORKERS = 2
# Seconds for the scheduler to say where it listens.
_PATIENCE = 60
# As README.md says to start them: Dask keeps its last messages, each with the tables of a contract.
_SHORT = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10"}


def time_contracts(sizes: list[int], place: Path, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """For each number of contracts: pages, seconds, processor and peak memory, the cluster's included."""
    return [_build(size, place / f"contrats-{size}", env) for size in sorted(sizes)]


def _build(size: int, place: Path, env: Mapping[str, str]) -> dict[str, Any]:
    place.mkdir(parents=True)
    contracts, outputs = place / "contrats", place / "pages"
    write = ["python", "-m", "pipelines.demo.france", str(contracts), "--contrats", str(size)]
    measure([write], cwd=place, env=env, log=place / "journal.txt")
    # One process starts the cluster and the build: what is measured is all of it.
    places = ["--processed", str(place / "tables"), "--outputs", str(outputs)]
    command = ["python", "-m", "tests.bench.contracts", "--construire", str(contracts), *places]
    done = measure([command], cwd=ROOT, env=env, log=place / "journal.txt")
    pages = len(list(outputs.glob("*/[0-9][0-9][0-9][0-9]/*.html")))
    if not pages:
        raise Failed(f"aucune page pour {size} contrats")
    return {"contrats": size, "pages": pages, **asdict(done)}


def _build_on_cluster(contracts: str, places: list[str]) -> int:
    with _cluster() as address:
        command = ["ose", "build", *REPORTS, "--contrats", contracts, "--cluster", address, "--quiet", *places]
        return subprocess.run(command, check=False).returncode


@contextmanager
def _cluster() -> Iterator[str]:
    """The address of a scheduler with its workers, which end with it."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "scheduler.json"
        scheduler = ["dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        worker = ["dask", "worker", "--nworkers", str(WORKERS), "--nthreads", "1", "--no-dashboard"]
        file = ["--scheduler-file", str(told)]
        started = [subprocess.Popen([*one, *file], cwd=folder, env=os.environ | _SHORT) for one in (scheduler, worker)]
        try:
            yield _wait_for(told)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(_PATIENCE)


def _wait_for(told: Path) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if told.is_file() and (text := told.read_text(encoding="utf-8")):
            return json.loads(text)["address"]
        time.sleep(0.1)
    raise TimeoutError("le cluster ne répond pas")


def main(arguments: list[str]) -> int:
    """Print one line a number of contracts."""
    if arguments[:1] == ["--construire"]:
        return _build_on_cluster(arguments[1], arguments[2:])
    from tests.bench.tables import describe

    with tempfile.TemporaryDirectory() as place:
        env = variables(install(CLUSTER), Path(place), Path(place) / "tables")
        found = {"notebooks": REPORTS, "contrats": time_contracts([int(one) for one in arguments], Path(place), env)}
    print(describe(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["1", "10"]))
