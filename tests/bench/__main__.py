"""Every benchmark of a build in one command, its tables printed and kept in the README: `make bench`.

    python -m tests.bench [--tout] [--voies ose,boucle] [--sans lignes] [--reprendre] [--sans-readme]

The same notebooks, on the same prepared tables, by each way (`tests/bench/ways.py`), each in a locked environment of
its own. Ours runs again before every second way: neighbours on the machine slow both, and the ratio of a way is to the
last of ours before it. What is measured is kept at once (`.venv/bench/mesures.json`); `--reprendre` goes on from there.
"""

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tests.bench import contracts, lines, tables
from tests.bench.environments import CLUSTER, OURS, PLACE, NotInstalled, install
from tests.bench.measure import Failed, Measure, measure
from tests.bench.ways import CONTRAT, REFERENCE, WAYS, Plan, plan, variables

Found = dict[str, Any]
KEPT = PLACE / "mesures.json"
# What is measured beside the ways, with the sizes of a quick run and of a whole one.
ROWS = {False: [1_000, 10_000], True: [1_000, 10_000, 100_000, 1_000_000]}
CONTRACTS = {False: [1, 10, 50], True: [1, 10, 50, 435]}
LINES = ("rien", "noyaux", "lignes", "contrats")


class Bench:
    """One run of the benchmarks: where it works, what it has found so far."""

    def __init__(self, place: Path, found: Found, kept: Path) -> None:
        self.place, self.found, self.kept = place, found, kept
        self.processed = place / "tables"

    def prepare(self, names: tuple[str, ...]) -> Plan:
        """Prepare the tables that all ways read, untimed; returns the notebooks."""
        command = ["ose", "check", "--contrat", CONTRAT, "--processed", str(self.processed)]
        measure([command], cwd=self.place, env=self.variables(OURS, self.place), log=self.place / "journal.txt")
        notebooks = plan(self.processed, names)
        self.keep("notebooks", [one["name"] for one in notebooks])
        return notebooks

    def variables(self, environment: str, folder: Path) -> dict[str, str]:
        return variables(install(environment), folder, self.processed)

    def run(self, name: str, notebooks: Plan) -> None:
        """One way from nothing, and again with nothing to do where it can tell; or why it could not."""
        way, folder = WAYS[name], self.place / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            env = self.variables(way.environment, folder)
            commands = way.prepare(notebooks, folder, self.processed)
            done = [self._measure(commands, folder, env) for _ in range(1 + way.remembers)]
        except (NotInstalled, Failed) as error:
            self.say(f"{name} : laissé de côté ({error})")
            self.keep("laisses", self.found.get("laisses", {}) | {name: str(error)})
            return
        for key, one in zip(("froid", "rien"), done, strict=False):
            self.say(f"{name}, {key} : {one.wall:.1f} s, {one.work:.1f} s de calcul, {one.peak:.0f} Mio")
            entry = self.found.setdefault("voies", {}).setdefault(name, {}).setdefault(key, [])
            ours = self.found["voies"].get(REFERENCE, {}).get(key)
            entry.append(asdict(one) | ({"ose": ours[-1]} if ours and name != REFERENCE else {}))
        self.keep("voies", self.found["voies"])
        if name != REFERENCE:
            shutil.rmtree(folder)

    def line(self, name: str, work: Callable[[], Any]) -> None:
        """One of the other measures; one that fails is told and does not stop the others."""
        try:
            self.keep(name, work())
            self.say(f"{name} : {self.found[name]}")
        except (Failed, NotInstalled, ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
            self.say(f"{name} : laissé de côté ({error})")
            self.keep("laisses", self.found.get("laisses", {}) | {name: str(error)})

    def nothing(self, notebooks: Plan, runs: int) -> dict[str, float]:
        """A build with nothing to do beside `import pandas`."""
        folder = self.place / REFERENCE
        env = self.variables(OURS, folder)
        (command,) = WAYS[REFERENCE].prepare(notebooks, folder, self.processed)
        return lines.time_nothing(command, runs, env, folder)

    def keep(self, name: str, value: Any) -> None:
        self.found[name] = value
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(json.dumps(self.found, ensure_ascii=False, indent=1), encoding="utf-8")

    def say(self, text: str) -> None:
        click.echo(text, err=True)

    def _measure(self, commands: list[list[str]], folder: Path, env: dict[str, str]) -> Measure:
        return measure(commands, cwd=folder, env=env, log=folder / "journal.txt")


def middle(measures: list[dict[str, float]]) -> Measure:
    """The middle one of each figure."""
    return Measure(*(statistics.median(one[name] for one in measures) for name in ("wall", "work", "peak")))


def _chosen(_: click.Context, __: click.Parameter, value: str) -> list[str]:
    known = [*WAYS, *LINES]
    names = [name.strip() for name in value.split(",") if name.strip()]
    if unknown := set(names) - set(known):
        raise click.BadParameter(f"{', '.join(sorted(unknown))} : écrire {', '.join(known)}")
    return names


@click.command(help=__doc__)
@click.option("--tout", is_flag=True, help="Toutes les tailles, trois fois chaque voie.")
@click.option("--voies", "asked", default=",".join(WAYS), callback=_chosen, metavar="V,V", help="Quelles voies.")
@click.option("--sans", "without", default="", callback=_chosen, metavar="V,V", help="Quoi laisser.")
@click.option("--repetitions", type=click.IntRange(min=1), default=None, help="De chaque voie ; 1, ou 3 avec --tout.")
@click.option("--notebooks", default="", metavar="N,N", help="Ces notebooks seulement.")
@click.option("--contrats", "sizes", default="", metavar="N,N", help="Combien de contrats.")
@click.option("--reprendre", is_flag=True, help="Garder ce qui est déjà mesuré.")
@click.option("--sans-readme", "silent", is_flag=True, help="Ne rien écrire dans le README.")
@click.option("--garder", "kept", type=click.Path(path_type=Path), default=KEPT, help="Où garder les mesures.")
def main(
    tout: bool, asked: list[str], without: list[str], repetitions: int | None, notebooks: str, sizes: str,
    reprendre: bool, silent: bool, kept: Path,
) -> None:  # fmt: skip
    """Measure, print, and write the README."""
    found: Found = json.loads(kept.read_text(encoding="utf-8")) if reprendre and kept.is_file() else {}
    found.pop("laisses", None)
    with tempfile.TemporaryDirectory(prefix="ose-bench-") as place:
        bench = Bench(Path(place), found, kept)
        chosen = bench.prepare(tuple(name for name in notebooks.split(",") if name))
        others = [name for name in asked if name in WAYS and name not in (REFERENCE, *without)]
        wanted = repetitions or (3 if tout else 1)
        done = found.get("voies", {})
        for _ in range(wanted):
            # Ways that a former run measured are not measured again.
            left = [name for name in others if len(done.get(name, {}).get("froid", [])) < wanted]
            for at, name in enumerate(left or [REFERENCE]):
                if at % 2 == 0 and REFERENCE not in without:
                    bench.run(REFERENCE, chosen)
                if name != REFERENCE:
                    bench.run(name, chosen)
            done = found.get("voies", {})
        numbers = [int(size) for size in sizes.split(",") if size] or CONTRACTS[tout]
        rest = {
            "rien": lambda: bench.nothing(chosen, 10),
            "noyaux": lambda: lines.time_kernels(100),
            "lignes": lambda: lines.time_rows(ROWS[tout], Path(place) / "lignes"),
            "contrats": lambda: contracts.time_contracts(numbers, Path(place), bench.variables(CLUSTER, Path(place))),
        }
        for name, work in rest.items():
            if name not in (*without, *(found if reprendre else ())):
                bench.line(name, work)
    text = tables.describe(found)
    click.echo(text)
    if not silent:
        tables.write_readme(text)


if __name__ == "__main__":
    main()
