"""The ways from the same notebooks and the same prepared tables to pages: ours, and what else one could use.

Each way prepares a scratch folder (untimed), and says the commands to run there. Everyone gets the same environment
variables: one thread for each process of linear algebra, without which two at a time are slower than one.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from pipelines.paths import PROCESSED_VARIABLE
from pipelines.processed import read_manifest
from pipelines.run.jobs import keep_possible, plan_jobs
from pipelines.run.kernels import ENVIRONMENT
from pipelines.run.notebooks import SWEEPS, known_notebooks
from tests.bench.environments import OURS

CONTRAT = "valenciennes"
HERE = Path(__file__).parent

Plan = list[dict[str, Any]]
Commands = list[list[str]]


@dataclass(frozen=True)
class Way:
    """One way: what a table calls it, the environment it runs in, and its commands in a prepared scratch folder.

    `remembers`: it may have nothing to do the second time; the others do it all again.
    """

    title: str
    environment: str
    prepare: Callable[[Plan, Path, Path], Commands]
    remembers: bool = False


def plan(processed: Path, names: tuple[str, ...] = ()) -> Plan:
    """Every report notebook that the contract can have, with its parameters: those of one page where it is swept."""
    manifest = read_manifest(processed / CONTRAT)
    years = tuple(manifest["contrat"]["annees"][end] for end in ("debut", "fin"))
    jobs = plan_jobs(known_notebooks(), CONTRAT, years[1], {}, annees=years)
    possible = keep_possible(jobs, manifest["tables"] | manifest["contrat"], asked=False)
    return [
        {"name": one.name, "path": str(one.path), "parameters": {one.sweep: SWEEPS[one.sweep]} if one.sweep else {}}
        for one in (job.notebook for job in possible)
        if not names or one.name in names
    ]


def variables(programs: Path, folder: Path, processed: Path) -> dict[str, str]:
    """The environment of a way: its own programs first, nothing of the user's, no measure of audience."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "IPYTHON"))}
    own = {name: str(folder / "reglages") for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR", "XDG_CONFIG_HOME")}
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    quiet = {"PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}
    return kept | own | quiet | ENVIRONMENT | {"PATH": path, PROCESSED_VARIABLE: str(processed)}


def _ours(*options: str) -> Callable[[Plan, Path, Path], Commands]:
    def prepare(plan: Plan, folder: Path, processed: Path) -> Commands:
        given = {name: value for one in plan for name, value in one["parameters"].items()}
        asked = [option for name, value in given.items() for option in ("-p", f"{name}={value}")]
        places = ["--processed", str(processed), "--outputs", str(folder / "pages")]
        return [["ose", "build", *[one["name"] for one in plan], *asked, *places, *options]]

    return prepare


def _plain(plan: Plan, folder: Path, processed: Path) -> Commands:
    return [["python", "-P", str(HERE / "plain.py"), str(_write_plan(plan, folder))]]


def _loop(plan: Plan, folder: Path, processed: Path) -> Commands:
    commands = []
    for one in plan:
        # -r: as text; -p would make a number of the code of a commune.
        asked = [option for pair in one["parameters"].items() for option in ("-r", *pair)]
        executed = f"{one['name']}.ipynb"
        commands += [
            ["papermill", one["path"], executed, "--kernel", "python3", "--no-progress-bar", *asked],
            ["jupyter", "nbconvert", "--to", "html", executed],
        ]
    return commands


def _interface(plan: Plan, folder: Path, processed: Path) -> Commands:
    return [["python", "-P", str(HERE / "peers" / "papermill-api" / "run.py"), str(_write_plan(plan, folder))]]


def _nbconvert(plan: Plan, folder: Path, processed: Path) -> Commands:
    return [["jupyter", "nbconvert", "--to", "html", "--execute", "--output-dir", ".", *[one["path"] for one in plan]]]


def _ploomber(plan: Plan, folder: Path, processed: Path) -> Commands:
    tasks = []
    for one in plan:
        notebook = nbformat.read(one["path"], as_version=4)
        cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
        # It asks for both; ours take one literal a line.
        cell.source += "\nupstream: str | None = None\nproduct: str | None = None"
        nbformat.write(notebook, folder / f"{one['name']}.ipynb")
        # It would make a number of the code of a commune: the defaults serve.
        task = {"source": f"{one['name']}.ipynb", "name": f"n{len(tasks)}", "product": f"pages/{one['name']}.html"}
        tasks.append(task)
    executor = {"dotted_path": "ploomber.executors.Parallel", "processes": 2}
    # It cannot read an annotated name; no task waits for another here.
    spec = {"meta": {"extract_upstream": False}, "executor": executor, "tasks": tasks}
    _write(folder / "pipeline.yaml", json.dumps(spec))
    return [["ploomber", "build"]]


def _snakemake(plan: Plan, folder: Path, processed: Path) -> Commands:
    for one in plan:
        shutil.copyfile(one["path"], folder / f"{one['name']}.ipynb")
    pages = ", ".join(f'"pages/{one["name"]}.html"' for one in plan)
    rules = [f"rule all:\n    input: {pages}\n"]
    for number, one in enumerate(plan):
        name = one["name"]
        rules.append(
            f'rule execute_{number}:\n    input: "{name}.ipynb"\n    output: "faits/{name}.txt"\n'
            f'    log: notebook="executes/{name}.ipynb"\n'
            f'    shell: "papermill {{input}} {{log.notebook}} --kernel python3 --no-progress-bar'
            + "".join(f" -r {key} {value}" for key, value in one["parameters"].items())
            + ' && touch {output}"\n'
        )
        rules.append(
            f'rule page_{number}:\n    input: "faits/{name}.txt"\n    output: "pages/{name}.html"\n'
            f'    shell: "jupyter nbconvert --to html --output-dir pages executes/{name}.ipynb"\n'
        )
    _write(folder / "Snakefile", "\n".join(rules))
    return [["snakemake", "--cores", "2", "--quiet", "all"]]


def _book(plan: Plan, folder: Path, processed: Path) -> Commands:
    for one in plan:
        shutil.copyfile(one["path"], folder / f"{one['name']}.ipynb")
    names = [one["name"] for one in plan]
    contents = {"format": "jb-book", "root": names[0], "chapters": [{"file": name} for name in names[1:]]}
    execute = {"execute_notebooks": "cache", "timeout": 600, "stderr_output": "remove"}
    _write(folder / "_config.yml", json.dumps({"title": "ose", "execute": execute}))
    _write(folder / "_toc.yml", json.dumps(contents))
    return [["jupyter-book", "build", "--quiet", "."]]


def _write_plan(plan: Plan, folder: Path) -> Path:
    return _write(folder / "plan.json", json.dumps({"notebooks": plan, "outputs": str(folder)}))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


REFERENCE, CEILING = "ose", "plafond"
WAYS = {
    REFERENCE: Way("`ose build`", OURS, _ours(), remembers=True),
    CEILING: Way(
        "plafond : les cellules seules, en scripts dupliqués d'un processus prêt, deux à la fois", OURS, _plain
    ),
    "boucle": Way("`papermill` puis `jupyter nbconvert`, l'un après l'autre", OURS, _loop),
    "api": Way("papermill et nbconvert depuis Python, deux processus", OURS, _interface),
    "nbconvert": Way("`jupyter nbconvert --execute`, sans paramètre", OURS, _nbconvert),
    "ploomber": Way("ploomber, deux processus, sans paramètre", "ploomber", _ploomber, remembers=True),
    "snakemake": Way("snakemake (papermill, nbconvert), deux cœurs", "snakemake", _snakemake, remembers=True),
    "jupyter-book": Way("jupyter-book 1, avec son cache, sans paramètre", "jupyter-book", _book, remembers=True),
    "ordinaires": Way("`ose build --stock-kernel`", OURS, _ours("--stock-kernel")),
    "seul": Way("`ose build --jobs 1`", OURS, _ours("--jobs", "1")),
}
