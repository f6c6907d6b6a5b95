"""The learner's copy of a part of the training, from the trainer's: the same cells, without solutions and notes.

The conventions are those of nbgrader (regions `### BEGIN SOLUTION`, `grade_id`...), so that a school may use either.
"""

import json
import re
from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from pipelines.errors import UsageError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
TO_WRITE = "# Écrire ici."
TRAINER = "formateur"


def derive_learner(notebook: NotebookNode, name: str) -> NotebookNode:
    """The learner's copy: solutions replaced by a line to write on, trainer's cells left out, nothing executed.

    `name`: that of the file, for what is wrong in it. UsageError on a region that is not closed or not opened, a
    solution cell without a region, a region elsewhere than in such a cell, or a `grade_id` that comes twice.
    """
    cells = [NotebookNode(cell) for cell in notebook.cells]
    _refuse_twice(cells, name)
    kept = [_derive_cell(cell, name) for cell in cells if not has_tag(cell, TRAINER)]
    return new_notebook(
        cells=kept, metadata=notebook.metadata, nbformat=notebook.nbformat, nbformat_minor=notebook.nbformat_minor
    )


def has_tag(cell: NotebookNode, tag: str) -> bool:
    """Does the cell bear this tag?"""
    return tag in cell.metadata.get("tags", [])


def set_parameters(notebook: NotebookNode, values: Mapping[str, str | int]) -> NotebookNode:
    """The notebook with the defaults of its parameters cell changed, their comments kept; others are left alone."""
    cells = [NotebookNode(cell) for cell in notebook.cells]
    for cell in cells:
        if has_tag(cell, "parameters"):
            for name, value in values.items():
                written = json.dumps(value, ensure_ascii=False)
                pattern = rf"(?m)^({re.escape(name)}: [^=\n]*= )[^#\n]*?(  #.*)?$"
                cell["source"] = re.sub(
                    pattern, lambda line, text=written: line[1] + text + (line[2] or ""), cell.source
                )
    return NotebookNode({**notebook, "cells": cells})


def read_solution(cell: NotebookNode) -> str:
    """What the region of a solution cell holds, without its margin: the solution as the trainer reads it."""
    lines = cell.source.splitlines()
    marks = [line.strip() for line in lines]
    inside = lines[marks.index(BEGIN) + 1 : marks.index(END)]
    margin = min((len(line) - len(line.lstrip()) for line in inside if line.strip()), default=0)
    return "\n".join(line[margin:] for line in inside)


def _derive_cell(cell: NotebookNode, name: str) -> NotebookNode:
    """One cell of the learner's copy: no solution, nothing hidden, nothing executed."""
    metadata = NotebookNode({key: value for key, value in cell.metadata.items() if key != "jupyter"})
    jupyter = {key: value for key, value in cell.metadata.get("jupyter", {}).items() if key != "source_hidden"}
    if jupyter:
        metadata["jupyter"] = jupyter
    changed = {"metadata": metadata, "source": _without_solution(cell, name)}
    if cell.cell_type == "code":
        changed |= {"outputs": [], "execution_count": None}
    return NotebookNode({**cell, **changed})


def _without_solution(cell: NotebookNode, name: str) -> str:
    """The source of a cell, each of its regions as one line to write on."""
    where = f"{name}, cellule « {cell.get('id', '?')} »"
    kept, inside, regions = [], False, 0
    for line in cell.source.split("\n"):
        mark = line.strip()
        if (mark == BEGIN and inside) or (mark == END and not inside):
            raise UsageError(
                f"{where} : « {mark} » sans « {END if inside else BEGIN} » avant. L'ajouter, ou l'enlever."
            )
        if mark == BEGIN:
            regions += 1
            kept.append(line.replace(BEGIN, TO_WRITE))
        elif not inside and mark != END:
            kept.append(line)
        inside = mark == BEGIN or (inside and mark != END)
    if inside:
        raise UsageError(f"{where} : la solution n'est pas fermée. Écrire « {END} » sur une ligne, après elle.")
    if bool(regions) != bool(cell.metadata.get("nbgrader", {}).get("solution")):
        raise UsageError(
            f"{where} : une cellule de solution a une région de « {BEGIN} » à « {END} », et elle seule. Écrire la "
            "région, ou mettre à jour « solution » dans ses métadonnées nbgrader."
        )
    return "\n".join(kept)


def _refuse_twice(cells: list[NotebookNode], name: str) -> None:
    """UsageError where two cells bear the same `grade_id`."""
    seen: dict[str, str] = {}
    for cell in cells:
        grade = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade in seen:
            raise UsageError(
                f"{name}, cellule « {cell.get('id', '?')} » : le « grade_id » {grade} est déjà celui de la cellule "
                f"« {seen[grade]} ». En écrire un autre dans ses métadonnées nbgrader."
            )
        if grade:
            seen[grade] = cell.get("id", "?")
