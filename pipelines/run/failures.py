"""Why a notebook stopped, as a sentence, with its section; and the notebook as far as it went, to look into."""

import re
import traceback
from pathlib import Path
from typing import Any

from pipelines.errors import DataError, NotebookError, OseError, UsageError
from pipelines.run.jobs import Job
from pipelines.run.notebooks import INTERNAL
from pipelines.run.papermill_engine import Run
from pipelines.run.task import Task

KEPT = ".echec.ipynb"

_SENTENCES: dict[str, type[OseError]] = {"UsageError": UsageError, "DataError": DataError}
_LOOK = "Ouvrir le notebook dans JupyterLab (make lab) avec les mêmes paramètres pour voir"
# What papermill adds to a notebook that failed, in English.
_MARKS = {"papermill-error-cell-tag"}


def tell(error: Exception, task: Task, run: Run) -> OseError:
    """The error of a task as one of ours: what stopped it, in which section; its trace where it was not foreseen."""
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    name = task.job.notebook.name
    if isinstance(error, OseError):
        told = error
    elif isinstance(error, PapermillExecutionError):
        run.position = error.cell_index if run.notebook is None else _failed(run)
        told = _tell_execution(error, name, task.limits.memory)
    elif isinstance(error, CellTimeoutError):
        told = NotebookError(
            f"Le notebook {name} n'en finissait pas : arrêté après {task.limits.seconds:.0f} s (--timeout). {_LOOK} "
            "quelle cellule ne finit pas."
        )
    elif isinstance(error, RuntimeError):
        told = NotebookError(
            f"Le noyau du notebook {name} s'est arrêté : mémoire insuffisante, le plus souvent. Fermer d'autres "
            "programmes, ou mener moins de notebooks de front (--jobs 1), et relancer."
        )
    else:
        told = NotebookError(
            f"Erreur imprévue dans la construction de {name} ({type(error).__name__} : {error}). La trace est dans le "
            "journal : la signaler.",
            details="".join(traceback.format_exception(error)),
        )
    if run.notebook is not None and not told.section:
        told.section = section_of(run.notebook.cells, run.position)
    return told


def _tell_execution(error: Any, name: str, memory: int) -> OseError:
    if error.ename in _SENTENCES:
        return _SENTENCES[error.ename](error.evalue)
    if error.ename.endswith("MemoryError"):
        bound = f" que la limite de {memory} Mio (--memory)" if memory else " qu'il n'y en a"
        return NotebookError(
            f"Le notebook {name} demande plus de mémoire{bound}. Charger moins de colonnes ou de lignes, ou relever la "
            "limite, et relancer."
        )
    last = (str(error.evalue).strip().splitlines() or [""])[-1].rstrip(". ")
    return NotebookError(
        f"Le notebook {name} s'est arrêté à la cellule {error.exec_count} : {error.ename} : {last}. {_LOOK} où."
    )


def section_of(cells: list[Any], position: int) -> str:
    """The title of the section that the cell at this position stands in, "" before the first."""
    for cell in reversed(cells[: position + 1]):
        found = re.findall(r"^##\s+(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []
        if found:
            return found[-1].strip()
    return ""


def keep(run: Run, error: OseError) -> bytes:
    """The notebook as far as it went, as a file, why it stopped written on top; b"" where it did not start."""
    if run.notebook is None:
        return b""
    import nbformat

    notebook = run.notebook
    notebook.metadata.pop("papermill", None)
    notebook.cells = [cell for cell in notebook.cells if not _MARKS & {*cell.metadata.get("tags", [])}]
    where = f" (section « {error.section} »)" if error.section else ""
    sentence = str(error).replace("`", "'")  # data may be quoted in it: text, in a block of text
    said = f"**Construction arrêtée{where}.**\n\n```\n{sentence}\n```"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(said, id="arret"))
    return (nbformat.writes(notebook) + "\n").encode()


def name_kept(job: Job) -> Path:
    """Where the notebook of a page that failed is kept, under the outputs: what is not published."""
    year = str(job.year)
    return Path(job.base.parts[0], INTERNAL, year, f"{job.base.name}{KEPT}")


def keep_failed(outputs: Path, job: Job, error: OseError, notebook: bytes) -> None:
    """Write the notebook of a page that failed, as far as it went; its error then says where."""
    path = name_kept(job)
    try:
        if notebook:
            (outputs / path).parent.mkdir(parents=True, exist_ok=True)
            beside = (outputs / path).with_name(f".{path.name}.encours")
            beside.write_bytes(notebook)
            beside.replace(outputs / path)
            error.kept = path.as_posix()
    except OSError:  # a full disk, which the error tells already
        return


def _failed(run: Run) -> int:
    """The position of the cell whose output is an error: papermill has inserted cells since it ran."""
    for position, cell in enumerate(run.notebook.cells):
        if any(output["output_type"] == "error" for output in cell.get("outputs", [])):
            return position
    return run.position
