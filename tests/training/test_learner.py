"""The learner's copy: no solution, no trainer's note, nothing executed; what is wrong in a part is said."""

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipelines.errors import UsageError
from pipelines.training.learner import BEGIN, END, TO_WRITE, derive_learner, read_solution, set_parameters

SOLUTION = f"nb = ...  # votre réponse\n{BEGIN}\nnb = 3\n{END}"


def solution(source: str = SOLUTION, name: str = "p1-e1", **nbgrader: bool) -> NotebookNode:
    about = {"grade": False, "grade_id": "p1-e1", "locked": False, "schema_version": 3, "solution": True, "task": False}
    metadata = {"jupyter": {"source_hidden": True}, "tags": ["reponse"], "nbgrader": about | nbgrader}
    outputs = [new_output("stream", text="3")]
    return new_code_cell(source, id=name, metadata=metadata, outputs=outputs, execution_count=7)


def part(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells), metadata={"ose": {"titre": "Essai"}})


def test_a_solution_becomes_a_line_to_write_on() -> None:
    """What stands before and after the region stays; nothing is hidden or executed; nbgrader's metadata are kept."""
    source = f"nb = ...  # votre réponse\nif True:\n    {BEGIN}\n    nb = 3\n\n    nb += 1\n    {END}\nautre = 1"
    (cell,) = derive_learner(part(solution(source)), "essai").cells
    assert cell.source == f"nb = ...  # votre réponse\nif True:\n    {TO_WRITE}\nautre = 1"
    assert (cell.outputs, cell.execution_count) == ([], None)
    assert cell.metadata == {"tags": ["reponse"], "nbgrader": solution().metadata.nbgrader}


def test_what_is_for_the_trainer_is_left_out() -> None:
    """Cells tagged « formateur », and no other."""
    cells = [
        new_markdown_cell("À tous", id="a"),
        new_markdown_cell("#### À discuter", id="b", metadata={"tags": ["formateur"]}),
    ]
    assert [cell.id for cell in derive_learner(part(*cells), "essai").cells] == ["a"]


def test_the_trainers_copy_is_not_changed() -> None:
    """A pure function: the same copy twice, from a notebook that stays as it was."""
    notebook = part(solution())
    before = nbformat.writes(notebook)
    copies = [nbformat.writes(derive_learner(notebook, "essai")) for _ in range(2)]
    assert copies[0] == copies[1]
    assert nbformat.writes(notebook) == before


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([solution(f"{BEGIN}\nnb = 3")], "n'est pas fermée"),
        ([solution(f"nb = 3\n{END}")], "sans « ### BEGIN SOLUTION »"),
        ([solution(f"{BEGIN}\n{BEGIN}\nnb = 3\n{END}")], "sans « ### END SOLUTION »"),
        ([solution("nb = 3")], "a une région"),
        ([solution(solution=False)], "a une région"),
        ([solution(), new_markdown_cell("Entre deux"), solution(name="p1-e1-bis")], "est déjà celui de la cellule"),
    ],
)
def test_what_is_wrong_is_said_with_its_file_its_cell_and_the_fix(cells: list[NotebookNode], said: str) -> None:
    """One French sentence."""
    with pytest.raises(UsageError, match=said) as stop:
        derive_learner(part(*cells), "essai")
    assert str(stop.value).startswith("essai, cellule « p1-e1")


@pytest.mark.parametrize(
    ("line", "value", "written"),
    [
        ('contrat: str = "valenciennes"  # dossier', "nîmes", 'contrat: str = "nîmes"  # dossier'),
        ("contrat: str | None = None", "a\\1b", 'contrat: str | None = "a\\\\1b"'),
        ("contrat: int | None = None  # année ; None : la dernière", 2018, None),
        ("autre: int = 1  # contrat", 3, "autre: int = 1  # contrat"),
    ],
)
def test_a_parameter_takes_the_given_value_and_keeps_its_comment(line: str, value: str | int, written: str) -> None:
    """Only in the parameters cell, only the parameter of that name."""
    cells = [new_code_cell(line, metadata={"tags": ["parameters"]}), new_code_cell('contrat: str = "a"')]
    changed, other = set_parameters(part(*cells), {"contrat": value}).cells
    assert changed.source == (written or "contrat: int | None = 2018  # année ; None : la dernière")
    assert other.source == 'contrat: str = "a"'


def test_a_solution_is_read_without_its_margin() -> None:
    """As the guide prints it."""
    assert read_solution(solution(f"nb = ...\nif x:\n    {BEGIN}\n    if y:\n        nb = 3\n    {END}")) == (
        "if y:\n    nb = 3"
    )
