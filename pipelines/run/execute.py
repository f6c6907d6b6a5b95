"""One job executed: papermill runs the notebook, the page is rendered, and its files are moved into place."""

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from pipelines.errors import DataError, NotebookError, OseError, UsageError
from pipelines.fingerprint import digest_file
from pipelines.paths import NOTEBOOK_VARIABLE, PROCESSED_VARIABLE
from pipelines.period import name_period
from pipelines.processed import read_manifest
from pipelines.report.door import drop_stderr, refuse_strays
from pipelines.report.provenance import describe, fingerprint_report, write_provenance
from pipelines.run.jobs import Job, last_year
from pipelines.run.kernels import ENVIRONMENT
from pipelines.run.warm_parent import die_with

_SENTENCES: dict[str, type[OseError]] = {"UsageError": UsageError, "DataError": DataError}
# Prefix of the folder, inside the outputs, where a page is written before it is moved into place.
STAGING = ".encours-"
_RUN_METADATA = ("papermill", "execution")
# A cell that takes longer will never end: an unattended run must fail aloud.
CELL_SECONDS = 3600


def prepare_worker(runner: int) -> None:
    """Make ready a process that executes jobs for the process `runner`: it ends with it, and has imported its tools."""
    die_with(runner)
    import papermill  # noqa: F401

    import pipelines.report.page  # noqa: F401


def execute_job(job: Job, processed: Path, outputs: Path, with_code: bool, kernels: str = "") -> Path:
    """Build one page; returns its path. NotebookError, UsageError or DataError where the notebook stops.

    `kernels`: address of the warm parent that forks the kernel; "" for a kernel as any other.

    Everything is written in a temporary folder beside the outputs and moved into place at the end: a failed run leaves
    the last good report as it was.
    """
    from pipelines.report.page import render_page

    folder = job.output(outputs, ".html").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=outputs, prefix=STAGING) as staging:
            notebook = drop_stderr(_clean(_run(job, processed, Path(staging), kernels)))
            refuse_strays(notebook)
            manifest = read_manifest(processed / job.base.parts[0])
            empreinte = fingerprint_report(job.notebook.path, job.parameters, manifest, with_code)
            identity = _identify(job) | {"empreinte": empreinte}
            said = {"stale": _told(notebook, "a_relire"), "comments": _told(notebook, "commentaire")}
            said["shown"] = [one for block in _told(notebook, "montre") for one in block]
            # A notebook that must find its status and says nothing has not found that nothing is missing.
            said["found"] = _told(notebook, "statut") or ["projet"] * job.notebook.finds_status
            about = describe(identity, manifest, used=_used_sources(notebook), **said)
            files = _write(job, notebook, render_page(notebook, about, with_code=with_code), Path(staging))
            provenance = job.output(Path(staging), ".json")
            write_provenance(provenance, about, files)
            _publish([*files, provenance], folder, job.base.name)
    except OSError as error:
        raise unwritable(outputs, error) from error
    return job.output(outputs, ".html")


def unwritable(outputs: Path, error: OSError) -> UsageError:
    """The sentence for an outputs folder that cannot be written."""
    return UsageError(
        f"Le dossier de sortie « {outputs.name} » ne peut pas être écrit ({error.strerror or error}). Vérifier les "
        "droits et la place disponible, fermer les fichiers ouverts, ou choisir un autre dossier avec --outputs."
    )


def _run(job: Job, processed: Path, staging: Path, kernels: str) -> Any:
    """The executed notebook, through stock papermill and the environment's own python3 kernel, forked or not."""
    import papermill
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from pipelines.run.manager import papermill_options

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    own = {PROCESSED_VARIABLE: str(processed), NOTEBOOK_VARIABLE: str(job.notebook.path.resolve())}
    os.environ.update(ENVIRONMENT | own | {"IPYTHONDIR": str(_kernel_profile(staging))})
    options = papermill_options(kernels) if kernels else {}
    try:
        return papermill.execute_notebook(
            str(job.notebook.path),
            None,  # its copy after each cell is for who watches
            parameters=dict(job.parameters),
            kernel_name="python3",
            cwd=str(staging),
            progress_bar=False,
            log_output=False,
            execution_timeout=CELL_SECONDS,
            **options,
        )
    except PapermillExecutionError as error:
        if error.ename in _SENTENCES:
            raise _SENTENCES[error.ename](error.evalue) from error
        raise NotebookError(
            f"Le notebook {job.notebook.name} s'est arrêté à la cellule {error.exec_count} : {error.ename} : "
            f"{error.evalue} Ouvrir le notebook dans JupyterLab (make lab) avec les mêmes paramètres pour voir où."
        ) from error
    except CellTimeoutError as error:
        raise NotebookError(
            f"Une cellule du notebook {job.notebook.name} n'en finissait pas : arrêtée après {CELL_SECONDS} s. Ouvrir "
            "le notebook dans JupyterLab (make lab) avec les mêmes paramètres pour voir laquelle."
        ) from error
    except RuntimeError as error:
        raise NotebookError(
            f"Le noyau du notebook {job.notebook.name} s'est arrêté : mémoire insuffisante, le plus souvent. Fermer "
            "d'autres programmes, ou mener moins de notebooks de front (--jobs 1), et relancer."
        ) from error


def _kernel_profile(staging: Path) -> Path:
    """A profile of our own for the kernel: no start-up file of the user's, no history, no chatter on the terminal."""
    folder = staging / "ipython"
    profile = folder / "profile_default"
    profile.mkdir(parents=True)
    config = {"IPKernelApp": {"log_level": logging.CRITICAL}, "HistoryManager": {"enabled": False}}
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


def _told(notebook: Any, key: str) -> list[Any]:
    """What the report said of its blocks under one key, in the order of the page."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    told = [output.get("metadata", {}).get("ose", {}) for output in outputs]
    return [about[key] for about in told if key in about]


def _used_sources(notebook: Any) -> list[str]:
    """The ids of the sources that the shown tables and figures cite."""
    return sorted({source for cited in _told(notebook, "sources") for source in cited})


def _identify(job: Job) -> dict[str, Any]:
    """What tells a page from the others: its notebook, its year, its subject if it is swept, its parameters."""
    notebook = job.notebook
    return {
        "titre": notebook.final_title if job.parameters.get("finale") and notebook.final_title else notebook.title,
        "genre": notebook.kind,
        "question": notebook.question,
        "notebook": notebook.name,
        "annee": last_year(job.parameters),
        "periode": name_period(job.parameters["annee_debut"], job.parameters["annee_fin"])
        if notebook.of_period
        else "",
        "interne": notebook.internal,
        "facile": notebook.easy,
        "sujet": job.subject,
        "empreinte_notebook": digest_file(notebook.path),
        "commune": job.subject if notebook.sweep == "commune" else "",
        "parametres": [
            {"nom": p.name, "valeur": job.parameters.get(p.name, p.default), "description": p.comment}
            for p in notebook.parameters
        ],
    }


def _write(job: Job, notebook: Any, page: str, staging: Path) -> list[Path]:
    """Page, executed notebook and one CSV per table, in the staging folder."""
    import nbformat

    texts = {".html": page, ".ipynb": nbformat.writes(notebook) + "\n"}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("ose", {}).get("csv")
            if name:
                texts[f"--{name}"] = output["data"]["text/csv"]
    files = []
    for suffix, text in texts.items():
        path = job.output(staging, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        files.append(path)
    return files


def _publish(files: list[Path], folder: Path, stem: str) -> None:
    """Move the new files over the old ones, provenance last; then remove the files of a former run that are no more."""
    new = {file.name for file in files}
    for file in files:
        file.replace(folder / file.name)
    for old in folder.glob(f"{stem}--tableau-*.csv"):
        if old.name not in new:
            old.unlink()
