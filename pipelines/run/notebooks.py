"""Which notebooks there are as reports, and what their metadata say of them."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.parameters import Parameter, declared
from pipelines.paths import NOTEBOOKS
from pipelines.report.focus import KIND, OF_FOCUS, check_focus

# What a notebook may be swept over (metadata « ose » > « balayage », and the parameter of that name), and an example.
SWEEPS = {"commune": "59606", "orientation": "O1", "modele": "animation_territoriale"}
# What a notebook may need of a contract (metadata « ose » > « exige »): its tree or one of its tables, and the remedy.
NEEDS = {
    "arbre_marqueur": "marqueur/arbre.yml : copier celui du contrat livré dans ce contrat, et l'adapter",
    "chiffres_publies": "la table chiffres_publies : déclarer dans contrat.yml les affirmations chiffrées d'un "
    "document publié du contrat",
    "code_contrat": "« code_contrat » : écrire dans contrat.yml le code que les fichiers nationaux donnent au contrat",
    "observations": "la table observations : déclarer dans contrat.yml des statistiques des quartiers et de ce qui les "
    "entoure",
    "structures_numeriques": "la table structures_numeriques : déclarer dans contrat.yml les réponses d'une enquête "
    "auprès des structures sur l'inclusion numérique",
    "observations_france": "la table observations_france : déclarer dans contrat.yml un fichier des quartiers du pays "
    "(table releves_france)",
}
# What else « ose » may say, what is meant where it is silent first: whom a report is for (`interne`: filed apart, under
# this name), where its status comes from (`calcule`: from `report.declare_status`), and how it is read.
INTERNAL = "interne"
CHOICES = {"diffusion": ("publique", INTERNAL), "statut": ("contrat", "calcule"), "lecture": ("courante", "facile")}


@dataclass(frozen=True)
class Notebook:
    """A notebook as a report: its file, title, kind, audience question, order, and declared parameters.

    `sweep`: the parameter of which every value makes a page of its own, "" for a notebook that makes one page.
    `internal`: its page is not published: it is filed apart, and no index leads to it.
    `needs`: what a contract must have, for the notebook to make a page of it; "" for nothing.
    `finds_status`: its page is a draft until the notebook itself says that nothing is missing.
    `easy`: it is read on a phone, by anyone: its appendices give their tables as files alone.
    `final_title`: its title where its parameter `finale` is set; "" for the same.
    """

    name: str
    path: Path
    title: str
    kind: str
    question: str
    order: int
    parameters: tuple[Parameter, ...]
    sweep: str = ""
    internal: bool = False
    needs: str = ""
    final_title: str = ""
    finds_status: bool = False
    easy: bool = False

    @property
    def of_period(self) -> bool:
        """Is it a report of a period, from `annee_debut` to `annee_fin`, rather than of one year?"""
        return {"annee_debut", "annee_fin"} <= {parameter.name for parameter in self.parameters}


# What a notebook tool calls a copy; what Markdown takes for a sign of its own.
_COPY = re.compile(r"[ _-]*(copy|copie)\W*\d*\W*$", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>()#+.!|~$&-])")


def known_notebooks(folder: Path = NOTEBOOKS) -> list[Notebook]:
    """Every report notebook directly under `notebooks/` or `notebooks/focus/`, in the order of its metadata."""
    paths = [*folder.glob("*.ipynb"), *folder.glob("focus/*.ipynb")]
    return sorted((read_notebook(path) for path in paths), key=lambda notebook: (notebook.order, notebook.name))


def read_notebook(path: Path) -> Notebook:
    """A notebook's report metadata and parameters. UsageError where the title or the parameters cell is missing.

    Its title is the one that its author reads and writes, the heading of its first cell, else that of its metadata.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(
            f"{path.name} n'est pas un notebook lisible : le rouvrir dans JupyterLab et l'enregistrer."
        ) from error
    about = content.get("metadata", {}).get("ose", {})
    cells = [c for c in content["cells"] if "parameters" in c.get("metadata", {}).get("tags", [])]
    title = read_heading(content) or about.get("titre", "")
    if not title or not cells:
        raise UsageError(
            f"{path.name} : il faut un titre (la ligne « # … » de la première cellule) et une cellule étiquetée "
            "« parameters ». Copier un notebook existant pour partir d'un modèle."
        )
    parameters = tuple(declared("".join(cells[0]["source"])))
    kind = about.get("genre") or (KIND if path.parent.name == "focus" else "Autre rapport")
    check_focus(path.name, about)
    order = int(about.get("ordre", 99))
    sweep = about.get("balayage", "")
    if sweep and sweep not in {parameter.name for parameter in parameters} & SWEEPS.keys():
        raise UsageError(
            f"{path.name} : « ose » > « balayage » vaut « {sweep} ». Écrire {' ou '.join(sorted(SWEEPS))}, et déclarer "
            "ce paramètre dans la cellule étiquetée « parameters »."
        )
    needs = about.get("exige", "")
    if needs and needs not in NEEDS:
        raise UsageError(f"{path.name} : « ose » > « exige » vaut « {needs} ». Écrire {' ou '.join(NEEDS)}.")
    for key, choices in CHOICES.items():
        if about.get(key, choices[0]) not in choices:
            known = " ou ".join(f"« {choice} »" for choice in choices)
            raise UsageError(f"{path.name} : « ose » > « {key} » vaut « {about[key]} ». Écrire {known}.")
    internal, finds_status, easy = (about.get(key) == choices[1] for key, choices in CHOICES.items())
    return Notebook(
        path.stem, path, title, kind, about.get("question", ""), order, parameters, sweep,
        internal=internal, needs=needs, final_title=about.get("titre_final", ""), finds_status=finds_status, easy=easy,
    )  # fmt: skip


def read_heading(content: Mapping[str, Any]) -> str:
    """The first title « # … » of the first cell of a notebook, in plain text; "" where there is none."""
    first = content["cells"][0] if content.get("cells") else {}
    lines = "".join(first.get("source", "")).splitlines() if first.get("cell_type") == "markdown" else []
    heading = next((line for line in lines if re.match(r"#\s", line)), "#")
    return _ESCAPED.sub(r"\1", heading[1:].strip())


def choose(names: Sequence[str], known: Sequence[Notebook]) -> list[Notebook]:
    """The notebooks of the given names (all when none is given).

    UsageError with the nearest name on an unknown one, or on a copy that still has the title of another.
    """
    by_name = {notebook.name: notebook for notebook in known}
    chosen = []
    for name in names or by_name:
        stem = Path(name).stem
        if stem not in by_name:
            close = difflib.get_close_matches(stem, list(by_name), n=1, cutoff=0.3)
            hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
            raise UsageError(f"Le notebook « {name} » n'existe pas.{hint} Notebooks : {', '.join(by_name)}.")
        _refuse_copy(by_name[stem], known)
        chosen.append(by_name[stem])
    return chosen


def _refuse_copy(notebook: Notebook, known: Sequence[Notebook]) -> None:
    """UsageError where another notebook has the same title, and this one looks like its copy: one index, two alike."""
    alike = [other for other in known if other.title == notebook.title]
    original = min(alike, key=lambda other: (bool(_COPY.search(other.name)), len(other.name), other.name))
    if notebook is not original:
        raise UsageError(
            f"{notebook.name} porte le titre de {original.name}, « {notebook.title} » : changer la ligne « # … » de sa "
            "première cellule, ou supprimer cette copie."
        )


def add_focus(chosen: Sequence[Notebook], known: Sequence[Notebook], given: Mapping[str, str]) -> list[Notebook]:
    """The Focus to build beside the chosen notebooks: all of them where a report composed of Focus is asked for."""
    composed = any(parameter.name == "composition" for notebook in chosen for parameter in notebook.parameters)
    if not composed or given.get("composition") != OF_FOCUS:
        return []
    return [notebook for notebook in known if notebook.kind == KIND and notebook not in chosen]
