"""One task executed: papermill runs the notebook, the page is rendered; its files come back as bytes."""

import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipelines.errors import OseError, UsageError
from pipelines.fingerprint import digest, digest_notebook, own_method
from pipelines.paths import METHOD_VARIABLE, NOTEBOOK_VARIABLE, PROCESSED_VARIABLE, READS_VARIABLE
from pipelines.period import name_period
from pipelines.processed import read_manifest
from pipelines.report.dependencies import list_dependencies
from pipelines.report.door import drop_stderr, refuse_strays
from pipelines.report.focus import digest_focus
from pipelines.report.provenance import LIBRARIES, describe, with_provenance
from pipelines.run.failures import keep, tell
from pipelines.run.jobs import Job
from pipelines.run.kernels import ENVIRONMENT, answers
from pipelines.run.lasting_parent import lasting_address
from pipelines.run.limits import VARIABLE as MEMORY_VARIABLE
from pipelines.run.means import OWN, Limits
from pipelines.run.papermill_engine import Run, execute_notebook
from pipelines.run.publish import STAGING, publish, unwritable
from pipelines.run.task import Outcome, Task, pack_task

_RUN_METADATA = ("papermill", "execution")
# A notebook's working directory and environment are the process's: one at a time.
_ALONE = threading.Lock()


def execute_job(
    job: Job, processed: Path, outputs: Path, with_code: bool, kernels: str = "", bounds: Limits | None = None
) -> Path:
    """Build one page in this process, and publish it; returns its path. The error of the notebook where it stops."""
    folder = processed / job.base.parts[0]
    task = pack_task(replace(job, with_code=with_code), folder, read_manifest(folder), outputs=outputs, limits=bounds)
    outcome = execute_task(task, kernels)
    if outcome.error:
        raise outcome.error
    publish(outputs, job.base, outcome.files)
    return job.output(outputs, ".html")


def execute_task(task: Task, kernels: str = "") -> Outcome:
    """What comes of a task: its files, or why there are none. Nothing is written but in a folder that goes.

    `kernels`: address of the warm parent that forks the kernel, `OWN`: of this process; "" for a kernel as any other.
    """
    began = time.perf_counter()
    run = Run()
    try:
        refuse_other_code(task)
        kernels = lasting_address() if kernels == OWN else kernels
        try:
            files = _execute_aside(task, kernels, run)
        except RuntimeError:
            # Its kernel died. Where the warm parent did, by another's doing maybe, it died of that.
            if not kernels or answers(kernels):
                raise
            files = _execute_aside(task, "", run)
        return Outcome(files, time.perf_counter() - began)
    except Exception as error:
        # A cell out of time is, to Python, an error of the system too.
        is_full = isinstance(error, OSError) and not isinstance(error, TimeoutError)
        stopped = _tell_full(error, task.outputs) if is_full else tell(error, task, run)
    return Outcome({}, time.perf_counter() - began, stopped, keep(run, stopped))


def _execute_aside(task: Task, kernels: str, run: Run) -> dict[str, bytes]:
    """Execute a task in a folder that goes: beside the outputs, or anywhere on a machine that has none."""
    if task.outputs:
        task.outputs.mkdir(parents=True, exist_ok=True)
    prefix = STAGING if task.outputs else "ose-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=task.outputs, ignore_cleanup_errors=True) as place, _ALONE:
        return _execute(task, Path(place), kernels, run)


def _tell_full(error: OSError, outputs: Path | None) -> OseError:
    if outputs:
        return unwritable(outputs, error)
    return UsageError(
        f"Le dossier temporaire ne peut pas être écrit ({error.strerror or error}). Libérer de la place, ou en choisir "
        "un autre par la variable TMPDIR, puis relancer."
    )


def refuse_other_code(task: Task) -> None:
    """UsageError where the code here, or a library of another machine, is not that of the build: other bytes."""
    if own_method()["sources"] != task.method["sources"]:
        raise UsageError(
            "Le poste qui exécute n'a pas le même code que celui qui lance : y installer la même version d'ose, ou "
            "relancer si le code a changé pendant la construction."
        )
    for name in () if task.outputs else LIBRARIES:
        wanted = task.method["versions"].get(name)
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "absente"
        if wanted and found != wanted:
            raise UsageError(
                f"Le poste qui exécute a {name} {found}, et le verrou dit {wanted} : les pages différeraient. Y "
                "installer requirements-run.txt."
            )


def _execute(task: Task, place: Path, kernels: str, run: Run) -> dict[str, bytes]:
    from pipelines.report.page import render_page

    job, notebooks, folder = task.job, place / "notebooks", place / "tables" / task.job.base.parts[0]
    source = notebooks / f"{job.notebook.name}.ipynb"
    _unpack(folder, task.certified)
    _unpack(notebooks, {source.name: task.source})
    _unpack(notebooks / "focus", task.focus)
    reads = place / "lectures"
    reads.touch()
    own = {
        PROCESSED_VARIABLE: str(folder.parent),
        NOTEBOOK_VARIABLE: str(source),
        READS_VARIABLE: str(reads),
        METHOD_VARIABLE: json.dumps(dict(task.method)),
        "IPYTHONDIR": str(_kernel_profile(place)),
    }
    (place / "travail").mkdir()
    if task.limits.memory:
        own[MEMORY_VARIABLE] = str(task.limits.memory)
    with _environment(ENVIRONMENT | own):
        executed = execute_notebook(source, job.parameters, place / "travail", kernels, task.limits, run)
        notebook = drop_stderr(_clean(executed))
        refuse_strays(notebook)
        about = _describe(
            task, notebook, read_manifest(folder), sorted(set(reads.read_text("utf-8").split("\n")) - {""})
        )
        files = _gather(job, notebook, render_page(notebook, about, with_code=job.with_code))
    return with_provenance(f"{job.base.name}.json", about, files)


def _unpack(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@contextmanager
def _environment(own: Mapping[str, str]) -> Iterator[None]:
    """The environment of a kernel, which inherits it from this process."""
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _kernel_profile(place: Path) -> Path:
    """A profile of our own for the kernel: no start-up file of the user's, no history, no chatter on the terminal."""
    folder = place / "ipython"
    profile = folder / "profile_default"
    profile.mkdir(parents=True)
    config = {
        "IPKernelApp": {"log_level": logging.CRITICAL},
        "HistoryManager": {"enabled": False},
        "InteractiveShellApp": {"extensions": ["pipelines.run.limits", "pipelines.run.reproducible"]},
    }
    (profile / "ipython_kernel_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def _clean(notebook: Any) -> Any:
    """The published copy: no run metadata, no timestamps, cells numbered by position."""
    for name in _RUN_METADATA:
        notebook.metadata.pop(name, None)
    for index, cell in enumerate(notebook.cells):
        cell["id"] = f"cellule-{index + 1}"
        for name in _RUN_METADATA:
            cell.metadata.pop(name, None)
    return notebook


def _describe(task: Task, notebook: Any, manifest: dict[str, Any], read: list[str]) -> dict[str, Any]:
    """The provenance of the page, with all that it depends on."""
    job, used = task.job, _used_sources(notebook)
    said = {"stale": _told(notebook, "a_relire"), "comments": _told(notebook, "commentaire")}
    said["shown"] = [one for block in _told(notebook, "montre") for one in block]
    # A notebook that must find its status and says nothing has not found that nothing is missing.
    said["found"] = _told(notebook, "statut") or ["projet"] * job.notebook.finds_status
    source = digest_notebook(task.source)
    depends = list_dependencies(
        source, job.as_parameters(), manifest, task.comments, name=job.notebook.name, annee=job.year,
        read=read, used=used, with_code=job.with_code, focus=digest_focus(task.focus),
    )  # fmt: skip
    identity = _identify(job, source) | {"empreinte": digest(depends)}
    about = describe(identity, manifest, used=used, read=read, **said)
    return {**about, "donnes": [list(one) for one in job.parameters.items()], "lectures": read, "depend_de": depends}


def _told(notebook: Any, key: str) -> list[Any]:
    """What the report said of its blocks under one key, in the order of the page."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    told = [output.get("metadata", {}).get("ose", {}) for output in outputs]
    return [about[key] for about in told if key in about]


def _used_sources(notebook: Any) -> list[str]:
    """The ids of the sources that the shown tables and figures cite."""
    return sorted({source for cited in _told(notebook, "sources") for source in cited})


def _identify(job: Job, notebook_digest: str) -> dict[str, Any]:
    """What tells a page from the others: its notebook, its year, its subject if it is swept, its parameters."""
    notebook = job.notebook
    return {
        "titre": notebook.final_title if job.parameters.get("finale") and notebook.final_title else notebook.title,
        "genre": notebook.kind,
        "question": notebook.question,
        "notebook": notebook.name,
        "annee": job.year,
        "periode": name_period(job.parameters["annee_debut"], job.parameters["annee_fin"])
        if notebook.of_period
        else "",
        "interne": notebook.internal,
        "facile": notebook.easy,
        "sujet": job.subject,
        "empreinte_notebook": notebook_digest,
        "commune": job.subject if notebook.sweep == "commune" else "",
        "parametres": [
            {"nom": p.name, "valeur": job.parameters.get(p.name, p.default), "description": p.comment}
            for p in notebook.parameters
        ],
    }


def _gather(job: Job, notebook: Any, page: str) -> dict[str, bytes]:
    """Page, executed notebook and one CSV per table, by file name."""
    import nbformat

    texts = {".html": page, ".ipynb": nbformat.writes(notebook) + "\n"}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("ose", {}).get("csv")
            if name:
                texts[f"--{name}"] = output["data"]["text/csv"]
    return {f"{job.base.name}{suffix}": text.encode() for suffix, text in texts.items()}
