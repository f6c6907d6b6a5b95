"""Where things are: every folder of the project, from the checkout or from the environment of a run."""

import os
from pathlib import Path

from pipelines.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "data" / "raw"
PROCESSED = ROOT / "data" / "processed"
OUTPUTS = ROOT / "outputs"
NOTEBOOKS = ROOT / "notebooks"
EXPECTATIONS = ROOT / "expectations"
NATIONAL = RAW / "_national"

# `ose build --processed DIR` reaches the kernels through this variable; Run All and bare papermill use the default.
PROCESSED_VARIABLE = "OSE_PROCESSED"
# The file of the notebook that runs, where a build runs one that lies elsewhere than in `notebooks/`.
NOTEBOOK_VARIABLE = "OSE_NOTEBOOK"

# Where what a kernel reads is told, a name a line: what its page depends on.
READS_VARIABLE = "OSE_LECTURES"
# The method of the build that a process works for, as JSON.
METHOD_VARIABLE = "OSE_METHODE"
# Set where nothing but failures may be told.
QUIET_VARIABLE = "OSE_DISCRET"


def contract_folder(contrat: str) -> Path:
    """The folder of a contract, from a name under `data/raw/` or from the path of a folder anywhere."""
    named = RAW / contrat
    if "/" not in contrat and "\\" not in contrat and named.is_dir():
        return named
    return Path(contrat).expanduser().resolve()


def list_contracts(folder: Path) -> list[str]:
    """The path of every contract folder in a folder, in order. UsageError where there is none."""
    found = sorted(path.parent for path in folder.glob("*/contrat.yml"))
    if not found:
        raise UsageError(f"« {folder} » ne contient aucun contrat : un dossier par contrat, avec son contrat.yml.")
    return [str(path.resolve()) for path in found]


def running_notebook(name: str) -> Path | None:
    """The file of the notebook of this name, that of the build that runs it first; None where there is none."""
    running = Path(os.environ.get(NOTEBOOK_VARIABLE, ""))
    known = [NOTEBOOKS / f"{name}.ipynb", NOTEBOOKS / "focus" / f"{name}.ipynb"]
    return next((path for path in [running, *known] if path.stem == name and path.is_file()), None)


def focus_folder() -> Path:
    """The folder of the Focus that a composed report runs: beside the notebook that runs, or the project's own."""
    beside = Path(os.environ.get(NOTEBOOK_VARIABLE, "")).parent / "focus"
    return beside if beside.is_dir() else NOTEBOOKS / "focus"


def processed_folder(contrat: str) -> Path:
    """The folder of a contract's certified tables."""
    base = os.environ.get(PROCESSED_VARIABLE)
    return (Path(base) if base else PROCESSED) / contract_folder(contrat).name
