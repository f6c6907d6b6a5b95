"""Which jobs a build makes of the notebooks: one notebook, one set of parameters, one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.parameters import read_given
from pipelines.period import resolve_period
from pipelines.run.notebooks import INTERNAL, NEEDS, SWEEPS, Notebook

# Where to look when a sweep has no value.
_EMPTY = {
    "commune": "dans contrat.yml, la source de la table « territoires » (statut_politique_ville)",
    "orientation": "les orientations de contrat.yml",
    "modele": "le dossier logique_impact/ du contrat",
}


@dataclass(frozen=True)
class Job:
    """One page to build: a notebook with typed parameters; `base` is its path under the outputs, without suffix.

    `subject`: what the page of a sweep is about, in words; `with_code`: the page shows the code of its calculations.
    """

    notebook: Notebook
    parameters: Mapping[str, Any]
    base: Path
    subject: str = ""
    with_code: bool = False

    @property
    def year(self) -> int:
        """The year that the page is filed under: its own, or the last of its period."""
        return last_year(self.parameters)

    def as_parameters(self) -> dict[str, Any]:
        """What tells the page from others of its notebook."""
        return {**self.parameters, "sujet": self.subject}

    def output(self, outputs: Path, suffix: str) -> Path:
        """Path of one output of the job, e.g. suffix ".html"."""
        return outputs / self.base.with_name(self.base.name + suffix)


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
