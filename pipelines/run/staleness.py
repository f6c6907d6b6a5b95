"""Which pages are up to date, and why the others are not: what each depended on, beside what that is now."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.contract import Contract
from pipelines.errors import DataError
from pipelines.fingerprint import digest_file, digest_notebook, method
from pipelines.period import default_year
from pipelines.processed import read_manifest
from pipelines.report.dependencies import digest_comments, list_dependencies, tell_differences
from pipelines.report.focus import OF_FOCUS, digest_focus, read_sources
from pipelines.run.contract_pages import own_pages
from pipelines.run.failures import name_kept
from pipelines.run.jobs import Job, keep_possible, plan_jobs, spread
from pipelines.run.notebooks import known_notebooks
from pipelines.run.sweeps import sweep_values

CURRENT, STALE, ABSENT = "à jour", "à refaire", "absent"


def why_stale(job: Job, folder: Path, manifest: dict[str, Any], outputs: Path) -> str:
    """Why the page of a job is to be made (again), in words; "" where it is up to date.

    `folder`: the contract's certified tables, of which `manifest` is the certificate.
    """
    path = job.output(outputs, ".json")
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        before, files = about["depend_de"], about["fichiers"]
        read, used = about["lectures"], [source["id"] for source in about["sources"]]
    except OSError:
        return "la page n'existe pas"
    except (ValueError, KeyError):
        return "sa provenance est illisible, ou d'une version antérieure"
    composed = job.parameters.get("composition") == OF_FOCUS
    now = list_dependencies(
        digest_notebook(job.notebook.path.read_bytes()), job.as_parameters(), manifest,
        digest_comments(folder, manifest), name=job.notebook.name, annee=job.year, read=read,
        used=used, with_code=job.with_code,
        focus=digest_focus(read_sources(job.notebook.path.parent) if composed else {}),
    )  # fmt: skip
    changed = tell_differences(before, now)
    return ", ".join(changed) if changed else _tell_damage(path.parent, files)


def _tell_damage(folder: Path, files: Mapping[str, str]) -> str:
    """Which file of a page is no longer the one that was written; "" where all are."""
    for name, sha in files.items():
        path = folder / name
        if not path.is_file():
            return f"{name} manque"
        if digest_file(path) != sha:
            return f"{name} n'est plus le fichier construit"
    return ""


def statuses(contract: Contract, processed: Path, outputs: Path) -> list[tuple[Path, str, str]]:
    """Each page of the contract's default year, and its own pages: page, state, and why where it is not up to date."""
    from pipelines.inputs import fingerprint_inputs
    from pipelines.prepare import is_prepared

    years = (contract.annees.debut, contract.annees.fin)
    planned = plan_jobs(known_notebooks(), contract.nom_dossier, contract.annees.fin, {}, annees=years)
    folder = processed / contract.nom_dossier
    try:
        # Tables that are no longer current still say of which year there is a programme, over what a notebook is swept.
        manifest = read_manifest(folder)
        planned = plan_jobs(known_notebooks(), contract.nom_dossier, default_year(manifest), {}, annees=years)
        planned = keep_possible(planned, manifest["tables"] | manifest["contrat"], asked=False)
        planned = spread(planned, sweep_values(folder, manifest))
    except (DataError, KeyError):  # never prepared, or by a former version: a swept notebook stands for its pages
        manifest = {}
    prepared = is_prepared(folder, fingerprint_inputs(contract))
    states = []
    for job in planned:
        page = job.output(outputs, ".html")
        failed = name_kept(job)
        if (outputs / failed).is_file():
            why = f"le dernier essai a échoué, voir {failed.as_posix()}"
        elif not page.is_file():
            why = ""
        elif not prepared:
            why = _tell_unprepared(page.with_suffix(".json"))
        else:  # with or without its code, a page is up to date
            both = (replace(job, with_code=code) for code in (False, True))
            why = min((why_stale(one, folder, manifest, outputs) for one in both), key=bool)
        states.append((page, why))
    for own in own_pages():
        page = own.path(contract.nom_dossier, outputs)
        current = prepared and own.is_current(folder, manifest, outputs)
        states.append((page, "" if current or not page.is_file() else _tell_unprepared(page.with_suffix(".json"))))
    return [
        (page.relative_to(outputs), (STALE if why else CURRENT) if page.is_file() else ABSENT, why)
        for page, why in states
    ]


def _tell_unprepared(provenance: Path) -> str:
    """What is known to have changed before the tables are prepared again."""
    try:
        same = json.loads(provenance.read_text(encoding="utf-8"))["methode"] == method()["methode"]
    except (OSError, ValueError, KeyError):
        return "sa provenance est illisible, ou d'une version antérieure"
    return "les données ont changé" if same else "le logiciel a changé"
