"""Time and memory of `prepare` by the number of actions, beside the plain way: pandas, the same files, no check.

    python -m tests.bench.prepare 10000 100000 1000000 [--dossier D]

For each size: the generator writes that many actions in five yearly CSV exports, in the folder of a contract that is
otherwise the shipped one; then, each in a process of its own, so that each has its own peak,

- `prepare`, from the raw files to the certified tables: read, correct, clean, split, validate, write;
- the plain way: `pandas.read_csv` of every cell as text, then `to_parquet`.

Files go to a temporary folder, removed at the end; `--dossier` keeps them, and finds them again. A million actions ask
for 2 GB of disk and some minutes. « calcul » is processor time, all cores added, that neighbours on the machine change
little; the stages and the total are by the clock. Compare ratios: those of one machine are in README.md.
"""

import itertools
import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pandas as pd
from ruamel.yaml import YAML

from pipelines import prepare
from pipelines.contract import read_contract
from pipelines.demo.__main__ import write_programmes
from pipelines.demo.sources import describe_sources
from pipelines.demo.vintages import LAYOUTS
from pipelines.paths import RAW

# The years whose exports are text: a worksheet holds at most 1 048 576 lines.
YEARS = (2018, 2019, 2020, 2021, 2022)
# What each stage calls by its name in `pipelines.prepare`.
STAGES = {
    "lecture": "_read_all",
    "nettoyage": "_clean",
    "éclatement": "certify_tables",
    "contrôles": "validate_together",
    "écriture": "write_processed",
}
_READ = {"sep": ";", "encoding": "cp1252", "dtype": "str", "keep_default_na": False}


def write_contract(folder: Path, actions: int) -> None:
    """The shipped contract with other programmes: `actions` in all, shared among the years of `YEARS`."""
    shipped = RAW / "valenciennes"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("programmation", "corrections.csv"))
    write_programmes(folder, actions_per_year=actions // len(YEARS), years=YEARS)
    yaml = YAML()
    content = yaml.load(shipped / "contrat.yml")
    described = yaml.load("sources:\n" + describe_sources(folder, [LAYOUTS[year] for year in YEARS]))["sources"]
    # Actions that are followed closely are named by their code in the shipped programmes.
    named = {"programmes", "suivis_renforces", "mesures_suivis"}
    content["sources"] = [source for source in content["sources"] if source["table"] not in named] + described
    yaml.dump(content, folder / "contrat.yml")


def time_prepare(folder: Path) -> dict[str, Any]:
    """Seconds of each stage and peak megabytes of `prepare`; to be the only work of its process."""
    seconds = dict.fromkeys(STAGES, 0.0)
    for stage, name in STAGES.items():
        setattr(prepare, name, _timed(getattr(prepare, name), seconds, stage))
    contract = read_contract(str(folder))
    processed = folder.parent / "processed"
    shutil.rmtree(processed, ignore_errors=True)
    start, busy = time.perf_counter(), time.process_time()
    manifest = prepare.prepare(contract, processed)
    total, busy = time.perf_counter() - start, time.process_time() - busy
    rows = {name: entry["lignes"] for name, entry in manifest["tables"].items()}
    return {"secondes": total, "calcul": busy, "etapes": seconds, "mo": _peak(), "lignes": rows}


def time_plain(folder: Path) -> dict[str, Any]:
    """Seconds and peak megabytes of the plain way; to be the only work of its process."""
    start, busy = time.perf_counter(), time.process_time()
    for path in sorted((folder / "programmation").glob("*.csv")):
        pd.read_csv(path, **_READ).to_parquet(folder.parent / "plain.parquet", index=False)
    return {"secondes": time.perf_counter() - start, "calcul": time.process_time() - busy, "mo": _peak()}


def _timed(function: Callable[..., Any], seconds: dict[str, float], stage: str) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            seconds[stage] += time.perf_counter() - start

    return timed


def _peak() -> int:
    """Peak resident megabytes of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def _alone(work: str, folder: Path) -> dict[str, Any]:
    """What one piece of work gives in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.prepare", "--seul", work, "--dossier", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(folder: Path, actions: int) -> dict[str, Any]:
    """One line of the table: what `prepare` and the plain way take for a number of actions."""
    contract = folder / str(actions) / "banc"
    if not (contract / "contrat.yml").is_file():
        shutil.rmtree(contract, ignore_errors=True)
        _alone(f"ecrire-{actions}", contract)
    return {"actions": actions, **_alone("prepare", contract), "simple": _alone("simple", contract)}


def describe(lines: list[dict[str, Any]]) -> str:
    """The table in Markdown, and the exponent of time between sizes: 1 is linear."""
    header = ["actions", *STAGES, "total (s)", "calcul (s)", "calcul pour 100 000", "pic (Mo)"]
    header += ["voie simple : calcul (s)", "pic (Mo)", "rapport"]
    rows = [
        [
            f"{line['actions']:,}".replace(",", " "),
            *(f"{line['etapes'][stage]:.1f}" for stage in STAGES),
            f"{line['secondes']:.1f}",
            f"{line['calcul']:.1f}",
            f"{line['calcul'] * 100_000 / line['actions']:.1f}",
            str(line["mo"]),
            f"{line['simple']['calcul']:.1f}",
            str(line["simple"]["mo"]),
            f"{line['calcul'] / line['simple']['calcul']:.1f}",
        ]
        for line in lines
    ]
    text = [f"| {' | '.join(cells)} |" for cells in [header, ["--:"] * len(header), *rows]]
    for small, large in itertools.pairwise(lines):
        exponent = math.log(large["calcul"] / small["calcul"]) / math.log(large["actions"] / small["actions"])
        text.append(f"De {small['actions']} à {large['actions']} actions : calcul en n^{exponent:.2f}")
    return "\n".join(text)


@click.command(help=__doc__)
@click.argument("actions", type=click.IntRange(500), nargs=-1)
@click.option("--dossier", type=click.Path(file_okay=False, path_type=Path), help="Où écrire, et ne rien effacer.")
@click.option("--seul", hidden=True, default="")
def main(actions: tuple[int, ...], dossier: Path | None, seul: str) -> None:
    """Measure each size, or do the one piece of work of a process of its own."""
    if seul:
        folder = Path(str(dossier))
        if seul.startswith("ecrire-"):
            start = time.perf_counter()
            write_contract(folder, int(seul.removeprefix("ecrire-")))
            result = {"secondes": time.perf_counter() - start, "mo": _peak()}
            click.echo(f"générateur : {result['secondes']:.1f} s, {result['mo']} Mo", err=True)
        else:
            result = {"prepare": time_prepare, "simple": time_plain}[seul](folder)
        click.echo(json.dumps(result))
        return
    with tempfile.TemporaryDirectory() as temporary:
        lines = [measure(dossier or Path(temporary), size) for size in sorted(actions or (10_000, 100_000))]
    click.echo(describe(lines))


if __name__ == "__main__":
    main()
