"""What a session of training needs, in one folder: learners' copies, the trainer's guide, the slides of each part."""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pipelines.contract import read_contract
from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.report.slides import render_slides
from pipelines.run.build import build
from pipelines.run.order import find_year
from pipelines.run.publish import STAGING
from pipelines.training.guide import ANSWER, HINT, render_guide
from pipelines.training.learner import TRAINER, derive_learner, has_tag, set_parameters

PARTS = NOTEBOOKS / "formation"
LEARNERS, GUIDE, SLIDES = "apprenants", "formateur/guide.html", "formateur/diapositives"
FEEDBACK = "verification"
# What a slide does not show: what helps, what answers, what is for the trainer alone.
_OFF_SLIDES = (HINT, ANSWER, FEEDBACK, TRAINER)
_DURATION = re.compile(r"\n+\*\*Durée\.\*\*.*")


@dataclass(frozen=True)
class Session:
    """What was written, and the learners' files that were left as they were because a learner had written in them."""

    written: list[Path]
    kept: list[Path]


def write_session(
    contrat: str, annee: int | None, folder: Path, processed: Path, parts_folder: Path = PARTS
) -> Session:
    """Write in `folder` what a session on a contract and a year needs; None for the contract's last year.

    `parts_folder`: where the trainer's copies are. The same inputs give the same bytes. A learner's copy that is there
    and is another is left alone. Everything is made before anything is moved into place. UsageError where the folder is
    inside `notebooks/`, cannot be written, or a part is not as it must be; what a build raises where one does not run.
    """
    _refuse_notebooks(folder)
    contract = read_contract(contrat)
    year = find_year(contract, annee, processed)
    parts = read_parts(parts_folder)
    values = {"contrat": contract.nom_dossier} | ({} if annee is None else {"annee": annee})
    copies = {
        f"{LEARNERS}/{name}.ipynb": nbformat.writes(set_parameters(derive_learner(notebook, name), values)) + "\n"
        for name, notebook in parts.items()
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=STAGING) as staging:
            texts, about = _draw_slides(contrat, year, parts, Path(staging), processed)
            texts[GUIDE] = render_guide(list(parts.items()), about)
            return _move(copies | texts, Path(staging), folder)
    except OSError as error:
        raise UsageError(
            f"Le dossier « {folder} » ne peut pas être écrit ({error.strerror or error}). Vérifier les droits et la "
            "place disponible, ou choisir un autre dossier."
        ) from error


def read_parts(folder: Path = PARTS) -> dict[str, NotebookNode]:
    """The trainer's copies by the name of their file, in order."""
    read = {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}
    return dict(sorted(read.items(), key=lambda part: part[1].metadata.get("ose", {}).get("ordre", 99)))


def keep_for_slides(notebook: NotebookNode) -> NotebookNode:
    """The part as it is shown on a screen: without hints, answers, their feedback and what is for the trainer.

    An exercise is a section there, so that its statement has a slide of its own. How long a part lasts is in the guide.
    """
    cells = [NotebookNode(cell) for cell in notebook.cells if not any(has_tag(cell, tag) for tag in _OFF_SLIDES)]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("### "):
            cell["source"] = cell.source.removeprefix("#")
        cell["source"] = _DURATION.sub("", cell.source)
    return NotebookNode({**notebook, "cells": cells})


def _refuse_notebooks(folder: Path) -> None:
    if folder.resolve().is_relative_to(NOTEBOOKS):
        raise UsageError(
            f"« {folder} » est dans notebooks/, où sont les notebooks du projet : choisir un dossier ailleurs, par "
            "exemple ~/formation."
        )


def _draw_slides(
    contrat: str, annee: int, parts: Mapping[str, NotebookNode], staging: Path, processed: Path
) -> tuple[dict[str, str], dict[str, object]]:
    """The slides of each part, by their path in the session's folder, and what the guide says of them all.

    The parts are run as reports are, and their pages shown as theirs: the same secrecy, the same marks. They are no
    report: that the contract's are drafts says nothing of them.
    """
    source, outputs = staging / "notebooks", staging / "outputs"
    source.mkdir()
    for name, notebook in parts.items():
        nbformat.write(keep_for_slides(notebook), source / f"{name}.ipynb")
    built = build(contrat, annee=annee, processed=processed, outputs=outputs, notebooks=source)
    for error in built.failures.values():
        raise error
    texts, told = {}, []
    for page in built.reports:
        about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8")) | {"statut": "definitif"}
        texts[f"{SLIDES}/{page.name}"], _ = render_slides(page.read_text(encoding="utf-8"), about, address="")
        told.append(about)
    return texts, {
        "nom_contrat": told[0]["nom_contrat"], "annee": annee, "fictif": any(about["fictif"] for about in told)
    }  # fmt: skip


def _move(texts: Mapping[str, str], staging: Path, folder: Path) -> Session:
    """Write the files aside, then put them in place; a learner's copy that differs stays."""
    written, kept = [], []
    for name, text in sorted(texts.items()):
        target, aside = folder / name, staging / "session" / name
        if name.startswith(LEARNERS) and target.is_file() and target.read_bytes() != text.encode():
            kept.append(target)
            continue
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8", newline="")
        written.append(target)
    for target in written:
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / "session" / target.relative_to(folder)).replace(target)
    return Session(written, kept)
