"""`notebooks/ACCUEIL.md`: what to open for what, as JupyterLab shows it first; made from the notebooks themselves.

It is written anew each time JupyterLab is opened, and git does not keep it: a notebook that is added is in it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipelines.errors import UsageError
from pipelines.report.reference import render_reference
from pipelines.report.templates import typeset
from pipelines.run.notebooks import read_heading, read_notebook

LAUNCHER, REFERENCE = "ACCUEIL.md", "REFERENCE.html"
MODEL = Path(__file__).with_name("launcher.md")
FORMS, TRAINING = "saisie", "formation"
OTHER = "lire un autre rapport"
# What one wants, in the order of the page, the kinds of notebooks that serve it (metadata « ose » > « genre »; the name
# of a folder where its notebooks are no reports), and what to do beside opening one.
TASKS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("découvrir l'outil", ("Découverte",), ""),
    ("lire les chiffres d'un quartier", ("Observation",), ""),
    ("suivre la programmation", ("Programmation", "Fiche commune", "Fiche orientation"), ""),
    ("marquer des actions, et lire le marqueur égalité", (FORMS, "Égalité femmes-hommes"), ""),
    ("dessiner ou vérifier une logique d'impact", ("Logique d'impact",), ""),
    ("suivre les engagements", ("Engagements",), ""),
    ("évaluer une période", ("Évaluation",), ""),
    (
        "préparer le rapport annuel",
        ("Rapport annuel",),
        "Sa page dit ce qui manque avant qu'il soit définitif.",
    ),
    ("préparer un comité de pilotage", ("Comité de pilotage",), "En diapositives : `ose export diapositives`."),
    (
        "écrire un commentaire",
        (),
        "`ose comments` dit lesquels sont à rédiger ou à relire ; `ose comments rediger 7_rapport_annuel situation` "
        "crée le fichier à remplir, sous `commentaires/` dans le dossier du contrat. Rien n'y est jamais effacé.",
    ),
    (
        "lire un Focus, ou en écrire un nouveau",
        ("Focus",),
        'Un nouveau : `ose new-focus "Les femmes et l\'emploi"`, puis remplacer chaque « à compléter ».',
    ),
    (
        "former, ou me former",
        (TRAINING,),
        "Les copies sans solutions, pour une séance : `ose training DOSSIER`.",
    ),
    (OTHER, (), ""),
)


@dataclass(frozen=True)
class Entry:
    """A notebook as the launcher names it: its path in the folder, its kind, what to say of it."""

    path: str
    kind: str
    order: int
    title: str
    about: str

    def line(self) -> str:
        """Its line of the page: a link that opens it, and the question it answers."""
        said = f" : {_escape(self.about)}" if self.about else ""
        return typeset(f"- [{_escape(self.title)}]({quote(self.path)}){said}")


def write_launcher(folder: Path) -> Path:
    """Write the launcher and the reference that it leads to; returns its path. UsageError on a read-only folder."""
    page = folder / LAUNCHER
    try:
        page.write_text(render_launcher(list_entries(folder)), encoding="utf-8", newline="\n")
        (folder / REFERENCE).write_text(render_reference(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"La page d'accueil « {page.name} » ne peut pas être écrite ({error.strerror or error}). Vérifier les "
            f"droits du dossier {folder.name}."
        ) from error
    return page


def render_launcher(entries: Iterable[Entry]) -> str:
    """The launcher as Markdown: a task a section, its notebooks in their order; none of them is left out."""
    entries = list(entries)
    known = {kind for _, kinds, _ in TASKS for kind in kinds}
    sections = []
    for task, kinds, how in TASKS:
        served = [entry for entry in entries if entry.kind in kinds or (task == OTHER and entry.kind not in known)]
        if served or how:
            served.sort(key=lambda entry: (kinds.index(entry.kind) if kinds else 0, entry.order, entry.path))
            parts = [f"### … {task}", "\n".join(entry.line() for entry in served), typeset(how)]
            sections.append("\n\n".join(filter(None, parts)))
    tasks = "\n\n".join(sections)
    return MODEL.read_text(encoding="utf-8").format(tasks=tasks, reference=REFERENCE)


def list_entries(folder: Path) -> list[Entry]:
    """Every notebook of the folder that is a report, a form or a part of the training; one that is unsound says why."""
    paths = [
        *folder.glob("*.ipynb"),
        *(path for sub in ("focus", FORMS, TRAINING) for path in folder.glob(f"{sub}/*.ipynb")),
    ]
    return [_describe(path, folder) for path in sorted(paths)]


def _describe(path: Path, folder: Path) -> Entry:
    where = path.relative_to(folder).as_posix()
    if path.parent.name in (FORMS, TRAINING):
        content = json.loads(path.read_text(encoding="utf-8"))
        about = content["metadata"].get("ose", {})
        length = f" ({about['duree']} min)" if "duree" in about else ""
        title = read_heading(content) or path.stem
        return Entry(where, path.parent.name, about.get("ordre", 0), title, about.get("question", "") + length)
    try:
        notebook = read_notebook(path)
    except UsageError as error:
        return Entry(where, "", 99, path.stem, f"à compléter. {error}")
    return Entry(where, notebook.kind, notebook.order, notebook.title, notebook.question)


def _escape(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>" else char for char in text)
