"""What a build is asked for, and which jobs that makes of a contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.contract import Contract
from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.period import default_year
from pipelines.run.jobs import Job, keep_possible, plan_jobs, refuse_empty_sweeps, refuse_year, spread
from pipelines.run.notebooks import add_focus, choose, known_notebooks
from pipelines.run.sweeps import sweep_values


@dataclass(frozen=True)
class Order:
    """Which reports are asked for: `names` of notebooks (all when none), a year, parameters as given, with their code.

    `force`: even what is up to date; `notebooks`: their folder.
    """

    names: Sequence[str] = ()
    annee: int | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    with_code: bool = False
    force: bool = False
    notebooks: Path = NOTEBOOKS

    def plan(self, contract: Contract, default: int | None = None) -> tuple[list[Job], list[Job]]:
        """The jobs asked for, and those of the Focus that they are composed of, before what the contract's tables tell.

        `default`: the year where none is asked for, None as long as the tables are not known. UsageError on an unknown
        notebook, parameter or year.
        """
        year = check_year(contract, default if self.annee is None else self.annee)
        known = known_notebooks(self.notebooks)
        chosen = choose(self.names, known)
        if self.annee is not None:
            refuse_year(chosen)
        years = (contract.annees.debut, contract.annees.fin)
        beside = add_focus(chosen, known, self.given)
        return (
            plan_jobs(chosen, contract.nom_dossier, year, self.given, annees=years),
            plan_jobs(beside, contract.nom_dossier, year, {}, annees=years),
        )

    def spread(self, planned: tuple[list[Job], list[Job]], folder: Path, manifest: Mapping[str, Any]) -> list[Job]:
        """The jobs that the certified tables allow, one for each page.

        UsageError where a notebook that was named makes no page of this contract.
        """
        values = sweep_values(folder, manifest)
        held = manifest["tables"] | manifest["contrat"]
        jobs = keep_possible(planned[0], held, asked=bool(self.names)) + keep_possible(planned[1], held, asked=False)
        if self.names:
            refuse_empty_sweeps(jobs, values)
        return [replace(job, with_code=self.with_code) for job in spread(jobs, values)]


def find_year(contract: Contract, annee: int | None, processed: Path) -> int:
    """The year asked for, or the default one of the contract, whose tables are prepared. UsageError outside it."""
    from pipelines.prepare import prepare

    return check_year(contract, default_year(prepare(contract, processed)) if annee is None else annee)


def check_year(contract: Contract, annee: int | None) -> int:
    """The year asked for, or the contract's last. UsageError outside the contract."""
    first, last = contract.annees.debut, contract.annees.fin
    if annee is not None and not first <= annee <= last:
        raise UsageError(f"L'année {annee} est hors du contrat ({first} à {last}). Choisir une année du contrat.")
    return last if annee is None else annee
