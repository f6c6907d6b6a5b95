"""Which notebooks there are, and which jobs a build makes of them: one notebook, one set of parameters, one page."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.parameters import Parameter, declared, read_given
from pipelines.paths import NOTEBOOKS
from pipelines.period import resolve_period
from pipelines.report.focus import KIND, OF_FOCUS, check_focus

# What a notebook may be swept over (metadata « ose » > « balayage », and the parameter of that name), and an example.
SWEEPS = {"commune": "59606", "orientation": "O1", "modele": "animation_territoriale"}
# Where to look when a sweep has no value.
_EMPTY = {
    "commune": "dans contrat.yml, la source de la table « territoires » (statut_politique_ville)",
    "orientation": "les orientations de contrat.yml",
    "modele": "le dossier logique_impact/ du contrat",
}
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
# A notebook that finds its status itself (metadata « ose » > « statut »), and says so with `report.declare_status`.
FOUND = "calcule"
# Whom a report is for (metadata « ose » > « diffusion »), and the folder of what is not published.
PUBLIC, INTERNAL = "publique", "interne"


@dataclass(frozen=True)
class Notebook:
    """A notebook as a report: its file, title, kind, audience question, order, and declared parameters.

    `sweep`: the parameter of which every value makes a page of its own, "" for a notebook that makes one page.
    `internal`: its page is not published: it is filed apart, and no index leads to it.
    `needs`: what a contract must have, for the notebook to make a page of it; "" for nothing.
    `finds_status`: its page is a draft until the notebook itself says that nothing is missing.
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

    @property
    def of_period(self) -> bool:
        """Is it a report of a period, from `annee_debut` to `annee_fin`, rather than of one year?"""
        return {"annee_debut", "annee_fin"} <= {parameter.name for parameter in self.parameters}


@dataclass(frozen=True)
class Job:
    """One page to build: a notebook with typed parameters; `base` is its path under the outputs, without suffix.

    `subject`: what the page of a sweep is about, in words.
    """

    notebook: Notebook
    parameters: Mapping[str, Any]
    base: Path
    subject: str = ""

    def output(self, outputs: Path, suffix: str) -> Path:
        """Path of one output of the job, e.g. suffix ".html"."""
        return outputs / self.base.with_name(self.base.name + suffix)


def known_notebooks(folder: Path = NOTEBOOKS) -> list[Notebook]:
    """Every report notebook directly under `notebooks/` or `notebooks/focus/`, in the order of its metadata."""
    paths = [*folder.glob("*.ipynb"), *folder.glob("focus/*.ipynb")]
    return sorted((read_notebook(path) for path in paths), key=lambda notebook: (notebook.order, notebook.name))


def read_notebook(path: Path) -> Notebook:
    """A notebook's report metadata and parameters. UsageError where the title or the parameters cell is missing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(
            f"{path.name} n'est pas un notebook lisible : le rouvrir dans JupyterLab et l'enregistrer."
        ) from error
    about = content.get("metadata", {}).get("ose", {})
    cells = [c for c in content["cells"] if "parameters" in c.get("metadata", {}).get("tags", [])]
    if not about.get("titre") or not cells:
        raise UsageError(
            f"{path.name} : il faut un titre dans les métadonnées (« ose » > « titre ») et une cellule étiquetée "
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
    audience = about.get("diffusion", PUBLIC)
    if audience not in (PUBLIC, INTERNAL):
        raise UsageError(
            f"{path.name} : « ose » > « diffusion » vaut « {audience} ». Écrire « {PUBLIC} » ou « {INTERNAL} »."
        )
    needs = about.get("exige", "")
    if needs and needs not in NEEDS:
        raise UsageError(f"{path.name} : « ose » > « exige » vaut « {needs} ». Écrire {' ou '.join(NEEDS)}.")
    status = about.get("statut", "")
    if status not in ("", FOUND):
        raise UsageError(
            f"{path.name} : « ose » > « statut » vaut « {status} ». Écrire « {FOUND} » si le notebook trouve lui-même "
            "son statut, ou retirer cette clé."
        )
    return Notebook(
        path.stem, path, about["titre"], kind, about.get("question", ""), order, parameters, sweep,
        internal=audience == INTERNAL, needs=needs, final_title=about.get("titre_final", ""),
        finds_status=status == FOUND,
    )  # fmt: skip


def choose(names: Sequence[str], known: Sequence[Notebook]) -> list[Notebook]:
    """The notebooks of the given names (all when none is given). UsageError with the nearest name on an unknown one."""
    by_name = {notebook.name: notebook for notebook in known}
    chosen = []
    for name in names or by_name:
        stem = Path(name).stem
        if stem not in by_name:
            close = difflib.get_close_matches(stem, list(by_name), n=1, cutoff=0.3)
            hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
            raise UsageError(f"Le notebook « {name} » n'existe pas.{hint} Notebooks : {', '.join(by_name)}.")
        chosen.append(by_name[stem])
    return chosen


def add_focus(chosen: Sequence[Notebook], known: Sequence[Notebook], given: Mapping[str, str]) -> list[Notebook]:
    """The Focus to build beside the chosen notebooks: all of them where a report composed of Focus is asked for."""
    composed = any(parameter.name == "composition" for notebook in chosen for parameter in notebook.parameters)
    if not composed or given.get("composition") != OF_FOCUS:
        return []
    return [notebook for notebook in known if notebook.kind == KIND and notebook not in chosen]


def plan_jobs(
    notebooks: Sequence[Notebook], contrat: str, annee: int, given: Mapping[str, str], *, annees: tuple[int, int]
) -> list[Job]:
    """One job per notebook for a year of a contract, named by its folder: no path may reach a page.

    A report of a period is filed under its last year, whatever `annee`; `annees`: the contract's first and last.
    UsageError where no chosen notebook declares a given parameter, or on a bad period.
    """
    jobs = []
    for notebook in notebooks:
        own = given if len(notebooks) == 1 else _declared_by(notebook, given, notebooks)
        years = {"annee": annee}
        typed = read_given(notebook.parameters, own)
        if notebook.of_period:
            asked = (typed.get(name) for name in ("annee_debut", "annee_fin"))
            start, end = resolve_period(annees, *asked, finale=bool(typed.get("finale")))
            years = {"annee_debut": start, "annee_fin": end}
        parameters = {"contrat": contrat, **typed, **years}
        jobs.append(Job(notebook, parameters, Path(contrat) / _file_under(notebook, last_year(parameters))))
    return jobs


def last_year(parameters: Mapping[str, Any]) -> int:
    """The year that a page is filed under: its own, or the last of its period."""
    return parameters["annee"] if "annee" in parameters else parameters["annee_fin"]


def refuse_year(notebooks: Sequence[Notebook]) -> None:
    """UsageError where a year is asked of reports of a period alone."""
    if notebooks and all(notebook.of_period for notebook in notebooks):
        raise UsageError(
            f"{notebooks[0].name} porte sur une période : à la place de --annee, écrire par exemple "
            "-p annee_debut=2015 -p annee_fin=2016"
        )


def _file_under(notebook: Notebook, annee: int) -> Path:
    """Where a page stands in its contract's outputs; as deep as the others where it is internal, so that links hold."""
    return Path(INTERNAL, f"{notebook.name}--{annee}") if notebook.internal else Path(str(annee), notebook.name)


def keep_possible(jobs: Sequence[Job], contract: Mapping[str, Any], *, asked: bool) -> list[Job]:
    """The jobs of which the contract, with the certified tables that the manifest names, has what they need.

    UsageError where one that was `asked` for by name lacks it.
    """
    lacking = [job for job in jobs if job.notebook.needs and not contract.get(job.notebook.needs)]
    if lacking and asked:
        raise UsageError(f"{lacking[0].notebook.name} a besoin de {NEEDS[lacking[0].notebook.needs]}.")
    return [job for job in jobs if job not in lacking]


def refuse_sweep(notebook: Notebook, given: Mapping[str, str]) -> None:
    """UsageError where a notebook makes several pages and none is asked for."""
    if notebook.sweep and notebook.sweep not in given:
        raise UsageError(
            f"{notebook.name} fait une page par {notebook.sweep} : dire laquelle, par exemple "
            f"-p {notebook.sweep}={SWEEPS[notebook.sweep]}"
        )


def refuse_empty_sweeps(jobs: Sequence[Job], values: Mapping[str, Mapping[str, str]]) -> None:
    """UsageError where a notebook that was asked for would make no page, because its sweep has no value."""
    for job in jobs:
        if job.notebook.sweep and not values[job.notebook.sweep]:
            raise UsageError(
                f"{job.notebook.name} fait une page par {job.notebook.sweep}, et ce contrat n'en a pas : vérifier "
                f"{_EMPTY[job.notebook.sweep]}."
            )


def spread(jobs: Sequence[Job], values: Mapping[str, Mapping[str, str]]) -> list[Job]:
    """The jobs with each swept one in place of which stands one per value, or the one that was asked for.

    `values`: sweep → value → what it is called. UsageError where the value asked for is none of them.
    """
    return [page for job in jobs for page in (_pages(job, values[job.notebook.sweep]) if job.notebook.sweep else [job])]


def name_page(notebook: Notebook, value: str) -> str:
    """File name of one page of a sweep, without suffix."""
    return f"{notebook.name}--{value}"


def _pages(job: Job, names: Mapping[str, str]) -> list[Job]:
    sweep = job.notebook.sweep
    asked = job.parameters.get(sweep)
    if asked is not None and asked not in names:
        known = ", ".join(f"{value} ({name})" for value, name in names.items())
        raise UsageError(f"« {asked} » n'est pas une valeur de « {sweep} » : {known or 'aucune dans ce contrat'}.")
    return [
        replace(
            job,
            parameters={**job.parameters, sweep: value},
            base=job.base.with_name(name_page(job.notebook, value)),
            subject=name,
        )
        for value, name in names.items()
        if asked in (None, value)
    ]


def _declared_by(notebook: Notebook, given: Mapping[str, str], every: Sequence[Notebook]) -> dict[str, str]:
    """Of the given parameters, those that this notebook declares; one that none declares goes on, to be refused."""
    own = {parameter.name for parameter in notebook.parameters}
    anywhere = {parameter.name for other in every for parameter in other.parameters}
    return {name: text for name, text in given.items() if name in own or name not in anywhere}
