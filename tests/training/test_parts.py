"""The parts of the training: built as the conventions say; the trainer's copy runs, the learner's waits for answers."""

import ast
import contextlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import nbclient
import nbformat
import pytest
from nbformat import NotebookNode

from pipelines.paths import NOTEBOOKS, PROCESSED_VARIABLE
from pipelines.run.kernels import warm_kernels
from pipelines.run.manager import papermill_options
from pipelines.training.feedback import TO_DO
from pipelines.training.learner import BEGIN, TRAINER, derive_learner, has_tag, read_solution, set_parameters
from pipelines.training.session import keep_for_slides, read_parts
from tests.conftest import sample

PARTS = read_parts()
EXERCISE = ("", "indice", "reponse", "verification")
# What a cell calls to show a table, a figure or figures.
SHOWS = re.compile(r"\breport\.(?:show|key_figures|finding)\(")


def exercises(notebook: NotebookNode) -> Iterator[list[NotebookNode]]:
    """The four cells of each exercise."""
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and cell.source.startswith("### "):
            yield notebook.cells[at : at + 4]


@pytest.fixture(scope="module")
def warm() -> Iterator[dict[str, Any]]:
    """What makes a client take kernels that have imported what notebooks import."""
    with warm_kernels() as kernels:
        yield papermill_options(kernels.address) if kernels.address else {}


def run(notebook: NotebookNode, *, allow_errors: bool = False, **options: Any) -> NotebookNode:
    """The notebook executed as a learner does, Run All, until it stops."""
    copy = nbformat.from_dict(notebook)
    client = nbclient.NotebookClient(copy, kernel_name="python3", timeout=600, allow_errors=allow_errors, **options)
    with contextlib.suppress(nbclient.exceptions.CellExecutionError):
        client.execute()
    return copy


def errors(notebook: NotebookNode) -> dict[str, str]:
    """The sentence of each cell that stopped, by its id."""
    outputs = [(cell.id, output) for cell in notebook.cells for output in cell.get("outputs", [])]
    return {name: output.evalue for name, output in outputs if output.output_type == "error"}


def test_there_are_six_parts_in_order() -> None:
    """None is a report: `ose build` does not see their folder."""
    assert [name[:2] for name in PARTS] == ["1_", "2_", "3_", "4_", "5_", "6_"]
    assert [notebook.metadata.ose.ordre for notebook in PARTS.values()] == [1, 2, 3, 4, 5, 6]
    assert sum(notebook.metadata.ose.duree for notebook in PARTS.values()) == 200


@pytest.mark.parametrize("name", PARTS)
class TestConventions:
    def test_it_opens_with_what_it_is(self, name: str) -> None:
        """Title, question, outcomes and duration as the metadata say; parameters; one cell of imports; the report."""
        notebook, told = PARTS[name], PARTS[name].metadata.ose
        nbformat.validate(notebook)
        title, *others = [cell for cell in notebook.cells if not has_tag(cell, TRAINER)]
        assert title.source.startswith(f"# {told.titre}\n\n**Question.** {told.question}\n")
        assert "**À la fin, vous saurez**" in title.source
        assert f"**Durée.** {told.duree} minutes" in title.source
        assert 2 <= len(told.acquis) <= 4
        assert title.source.count("\n- ") == len(told.acquis)
        assert has_tag(others[0], "parameters")
        assert {"contrat", "annee"} <= {line.split(":")[0] for line in others[0].source.splitlines()}
        assert "import" in others[1].source
        assert others[2].source == "report = open_report(globals())"
        assert not [cell.id for cell in others[2:] if cell.cell_type == "code" and "import " in cell.source]

    def test_its_code_is_short(self, name: str) -> None:
        """A median of two lines, fifteen at most; nothing executed."""
        code = [cell for cell in PARTS[name].cells if cell.cell_type == "code"]
        lengths = [len(cell.source.splitlines()) for cell in code]
        assert median(lengths) <= 2
        assert max(lengths) <= 15
        assert not [cell.id for cell in code if cell.outputs or cell.execution_count]

    def test_prose_announces_what_is_shown(self, name: str) -> None:
        """Between two cells that show something stands a cell of prose for all; paragraphs are short."""
        cells = [cell for cell in PARTS[name].cells if not has_tag(cell, TRAINER)]
        at = [0, *(rank for rank, cell in enumerate(cells) if cell.cell_type == "code" and SHOWS.search(cell.source))]
        unannounced = [
            cells[after].id
            for before, after in pairwise(at)
            if not any(cell.cell_type == "markdown" for cell in cells[before:after])
        ]
        assert len(at) > 2
        assert not unannounced
        paragraphs = [text for cell in cells if cell.cell_type == "markdown" for text in cell.source.split("\n\n")]
        assert [text for text in paragraphs if len(text.split()) > 60 and not text.startswith("- ")] == []

    def test_its_exercises_have_four_cells_as_nbgrader_wants_them(self, name: str) -> None:
        """Statement with its form and its time, hint, folded solution, feedback; all graded by their own ids."""
        found = list(exercises(PARTS[name]))
        assert 3 <= len(found) <= 4
        for rank, cells in enumerate(found, start=1):
            statement, hint, answer, check = cells
            assert [next(iter(cell.metadata.get("tags", [])), "") for cell in cells] == list(EXERCISE)
            assert statement.source.startswith(f"### Exercice {rank}. ")
            assert re.search(r"\d+ minutes?", statement.source)
            assert re.fullmatch(r"<details><summary>Indice</summary>\n\n.+\n\n</details>", hint.source, re.DOTALL)
            common = {"schema_version": 3, "task": False}
            grade = f"p{name[0]}-e{rank}"
            assert answer.metadata.nbgrader == common | {
                "grade": False, "grade_id": grade, "locked": False, "solution": True,
            }  # fmt: skip
            points = check.metadata.nbgrader.points
            assert points >= 1
            assert check.metadata.nbgrader == common | {
                "grade": True, "grade_id": f"{grade}-retour", "locked": True, "points": points, "solution": False,
            }  # fmt: skip
            assert answer.metadata.jupyter.source_hidden
            assert re.match(r"\w+ = (?:\.\.\.|\{)  # votre réponse", answer.source)
            assert 1 <= len(read_solution(answer).splitlines()) <= 6
            assert check.source.startswith("exercices.check_")

    def test_a_hint_does_not_give_the_solution(self, name: str) -> None:
        """No line of the solution, and no text or number that it assigns."""
        for _, hint, answer, _ in exercises(PARTS[name]):
            for line in read_solution(answer).splitlines():
                value = line.partition(" = ")[2].strip()
                # What others answered, to compare with, is no solution.
                assert len(value) < 4 or "dictate_raters" in value or value not in hint.source

    def test_the_trainer_has_what_to_say(self, name: str) -> None:
        """Timing, frequent mistakes, what to discuss."""
        notes = [cell.source for cell in PARTS[name].cells if has_tag(cell, TRAINER)]
        for title in ("Minutage", "Erreurs fréquentes", "À discuter"):
            assert any(note.startswith(f"#### {title}\n") for note in notes)

    def test_only_feedback_reads_the_answers(self, name: str) -> None:
        """A learner's copy runs to the end but for its feedback."""
        code = [cell for cell in PARTS[name].cells if cell.cell_type == "code"]
        answers = {
            written[1]
            for cell in code
            if has_tag(cell, "reponse")
            for written in re.finditer(r"(?m)^(\w+) = .*# votre réponse", cell.source)
        }
        others = [cell for cell in code if not (has_tag(cell, "reponse") or has_tag(cell, "verification"))]
        read = {node.id for cell in others for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
        assert len(answers) >= 3
        assert not answers & read

    def test_slides_and_learners_have_no_solution(self, name: str) -> None:
        """Nor what is for the trainer alone."""
        for copy in (derive_learner(PARTS[name], name), keep_for_slides(PARTS[name])):
            assert BEGIN not in nbformat.writes(copy)
            assert not any(has_tag(cell, TRAINER) for cell in copy.cells)


def test_no_two_exercises_bear_the_same_name() -> None:
    """Over all parts, for a school that grades them together."""
    cells = [cell for notebook in PARTS.values() for cell in notebook.cells]
    grades = [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]
    assert len(grades) == len(set(grades)) >= 2 * 18


@pytest.mark.parametrize("name", sample(PARTS, one_in=3))
def test_the_trainers_copy_runs_to_the_end(
    name: str, prepared: Path, warm: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every feedback says that the solution is right."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
    done = run(PARTS[name], **warm)
    assert errors(done) == {}
    said = [cell.outputs[-1].data["text/plain"] for cell in done.cells if has_tag(cell, "verification")]
    assert len(said) >= 3
    assert all(text.startswith("Juste.") for text in said)


@pytest.mark.parametrize("name", sample(PARTS, one_in=6))
def test_a_learners_copy_waits_at_its_first_exercise(
    name: str, prepared: Path, warm: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without answers, the first feedback says what to do, and nothing follows."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
    learner = run(derive_learner(PARTS[name], name), **warm)
    first = next(at for at, cell in enumerate(learner.cells) if has_tag(cell, "verification"))
    assert errors(learner) == {"exercice-1-retour": TO_DO}
    assert not any(cell.get("outputs") for cell in learner.cells[first + 1 :])


@pytest.mark.long
@pytest.mark.parametrize("name", PARTS)
def test_the_learners_copy_runs_but_for_its_feedback(
    name: str, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to do is the only error, and of feedback alone."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
    copy = derive_learner(PARTS[name], name)
    stopped = errors(run(copy, allow_errors=True))
    assert stopped == {cell.id: TO_DO for cell in copy.cells if has_tag(cell, "verification")}


@pytest.mark.long
@pytest.mark.parametrize("name", PARTS)
def test_the_trainers_copy_runs_of_the_first_year(name: str, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer columns, no marker, nobody to compare with: what is right is computed from the data."""
    monkeypatch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
    done = run(set_parameters(PARTS[name], {"annee": 2015}), allow_errors=True)
    assert errors(done) == {}


def test_build_does_not_take_a_part_for_a_report() -> None:
    """`formation/` is no folder of reports."""
    from pipelines.run.notebooks import known_notebooks

    assert not {notebook.name for notebook in known_notebooks(NOTEBOOKS)} & set(PARTS)
