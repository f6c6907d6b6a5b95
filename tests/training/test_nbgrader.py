"""A school that uses nbgrader takes the trainer's copies as they are: real nbgrader, in an environment of its own."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from pipelines.paths import PROCESSED_VARIABLE
from pipelines.training.learner import TO_WRITE, TRAINER, derive_learner, has_tag
from pipelines.training.session import PARTS, read_parts

pytestmark = pytest.mark.long

ASSIGNMENT = "formation"
CONFIG = f"""c = get_config()
c.CourseDirectory.course_id = "ose"
c.ClearSolutions.code_stub = {{"python": "{TO_WRITE}"}}
c.ExecutePreprocessor.timeout = 900
"""
# What nbgrader adds when it releases, to the cell and to its own marks, and what it leaves of the trainer's copy.
OWN = {"deletable", "editable", "jupyter", "nbgrader"}
ADDED = {"cell_type", "checksum"}


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Callable[..., Path]:
    """`nbgrader(command…)` runs in a course whose source are our trainer's copies; returns the course's folder."""
    base = tmp_path_factory.mktemp("ecole")
    python = base / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", base / "venv"], check=True)
    wanted = Path(__file__).with_name("requirements-nbgrader.txt")
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "-r", wanted], capture_output=True, text=True, check=False
    )
    if installed.returncode:
        pytest.skip(f"nbgrader ne s'installe pas ici : {installed.stderr.strip().splitlines()[-1]}")
    # The notebooks run in the project's environment: nbgrader's own kernel does not know our functions.
    kernel = base / "jupyter/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": command, "display_name": "Python 3", "language": "python"}), encoding="utf-8")
    course = base / "cours"
    source = course / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    for path in PARTS.glob("*.ipynb"):
        shutil.copy(path, source)
    (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    # nbgrader starts alembic by its bare name.
    environment = os.environ | {
        "PATH": os.pathsep.join((str(python.parent), os.environ["PATH"])),
        "JUPYTER_PATH": str(base / "jupyter"),
        PROCESSED_VARIABLE: str(prepared.parent),
    }

    def run(*arguments: str) -> Path:
        ran = subprocess.run(
            [python, "-m", "nbgrader", *arguments],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
        return course

    run("generate_assignment", ASSIGNMENT)
    return run


def seen(cell: NotebookNode) -> dict[str, object]:
    """What a learner and a grader have of a cell."""
    graded = {key: value for key, value in cell.metadata.get("nbgrader", {}).items() if key not in ADDED}
    metadata = {key: value for key, value in cell.metadata.items() if key not in OWN}
    return {"kind": cell.cell_type, "source": cell.source, "nbgrader": graded, **metadata}


def test_its_release_is_our_learners_copy(nbgrader: Callable[..., Path]) -> None:
    """The same cells, sources and marks; it does not know that some are for the trainer."""
    course = nbgrader("--version")
    for name, notebook in read_parts().items():
        released = nbformat.read(course / "release" / ASSIGNMENT / f"{name}.ipynb", as_version=4)
        theirs = [seen(cell) for cell in released.cells if not has_tag(cell, TRAINER)]
        assert theirs == [seen(cell) for cell in derive_learner(notebook, name).cells]


def test_it_grades_solutions_in_full_and_blank_copies_at_zero(nbgrader: Callable[..., Path]) -> None:
    """Two submissions: the trainer's copies, and the learner's as they are handed out."""
    course = nbgrader("--version")
    parts = read_parts()
    for name, notebook in parts.items():
        for student, copy in (("formatrice", notebook), ("participant", derive_learner(notebook, name))):
            path = course / "submitted" / student / ASSIGNMENT / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(copy, path)
    nbgrader("autograde", ASSIGNMENT)
    nbgrader("export")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        grades = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    cells = [cell.metadata.get("nbgrader", {}) for notebook in parts.values() for cell in notebook.cells]
    most = sum(about.get("points", 0) for about in cells)
    assert most > 0
    assert grades == {"formatrice": (most, most), "participant": (0, most)}
