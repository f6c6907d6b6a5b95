"""One job executed: papermill runs the notebook, the page is rendered, and its files are moved into place."""

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from pipelines.errors import DataError, NotebookError, OseError, UsageError
from pipelines.paths import PROCESSED_VARIABLE
from pipelines.processed import load_table, read_manifest
from pipelines.report.door import drop_stderr, refuse_strays
from pipelines.report.provenance import describe, fingerprint_report, write_provenance
from pipelines.run.jobs import Job

_SENTENCES: dict[str, type[OseError]] = {"UsageError": UsageError, "DataError": DataError}
# Same bytes every time, whoever runs it.
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "IPYKERNEL_CELL_NAME": "<cellule>",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Prefix of the folder, inside the outputs, where a page is written before it is moved into place.
STAGING = ".encours-"
_RUN_METADATA = ("papermill", "execution")


def execute_job(job: Job, processed: Path, outputs: Path, with_code: bool) -> Path:
    """Build one page; returns its path. NotebookError, UsageError or DataError where the notebook stops.

    Everything is written in a temporary folder beside the outputs and moved into place at the end: a failed run leaves
    the last good report as it was.
    """
    from pipelines.report.page import render_page

    folder = job.output(outputs, ".html").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=outputs, prefix=STAGING) as staging:
            notebook = drop_stderr(_clean(_run(job, processed, Path(staging))))
            refuse_strays(notebook)
            manifest = read_manifest(processed / job.base.parts[0])
            empreinte = fingerprint_report(job.notebook.path, job.parameters, manifest, with_code)
            identity = _identify(job, processed, manifest) | {"empreinte": empreinte}
            stale = _told(notebook, "a_relire")
            about = describe(identity, manifest, used=_used_sources(notebook), stale=stale)
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


def _run(job: Job, processed: Path, staging: Path) -> Any:
    """The executed notebook, through stock papermill and the environment's own python3 kernel."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    os.environ.update(_ENVIRONMENT | {PROCESSED_VARIABLE: str(processed), "IPYTHONDIR": str(_kernel_profile(staging))})
    try:
        return papermill.execute_notebook(
            str(job.notebook.path),
            str(staging / "execution.ipynb"),
            parameters=dict(job.parameters),
            kernel_name="python3",
            cwd=str(staging),
            progress_bar=False,
            log_output=False,
        )
    except PapermillExecutionError as error:
        if error.ename in _SENTENCES:
            raise _SENTENCES[error.ename](error.evalue) from error
        raise NotebookError(
            f"Le notebook {job.notebook.name} s'est arrêté à la cellule {error.exec_count} : {error.ename} : "
            f"{error.evalue} Ouvrir le notebook dans JupyterLab (make lab) avec les mêmes paramètres pour voir où."
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


def _identify(job: Job, processed: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """What tells a page from the others: its notebook, its year, its commune if it is about one, its parameters."""
    notebook = job.notebook
    return {
        "titre": notebook.title,
        "genre": notebook.kind,
        "question": notebook.question,
        "notebook": notebook.name,
        "annee": job.parameters["annee"],
        "commune": _name_commune(job.parameters.get("commune"), processed / job.base.parts[0], manifest),
        "parametres": [
            {"nom": p.name, "valeur": job.parameters.get(p.name, p.default), "description": p.comment}
            for p in notebook.parameters
        ],
    }


def _name_commune(code: str | None, folder: Path, manifest: dict[str, Any]) -> str:
    """The name of the commune that a page is about, from its code; "" for a page about none."""
    if code is None:
        return ""
    names = load_table(folder, manifest, "territoires").set_index("code_territoire")["nom_territoire"]
    return str(names.get(code, code))


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
