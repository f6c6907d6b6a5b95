"""What a notebook may be swept over: communes of the politique de la ville, orientations, logic-impact models."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.processed import load_table
from pipelines.run.jobs import Job, name_page
from pipelines.run.publish import unwritable

_LIST = "--pages.json"


def sweep_values(folder: Path, manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Sweep → value → what it is called, from a contract's certified tables; a contract without territories has none.

    Communes in the order of their names, those that the contract counts without naming them last.
    """
    from pipelines.indicators.territories import list_communes, name_orientations

    contract, communes, models = manifest["contrat"], {}, {}
    if "territoires" in manifest["tables"]:
        listed = list_communes(load_table(folder, manifest, "territoires"), contract["communes_non_identifiees"])
        communes = dict(zip(listed["code_commune"], listed["libelle_commune"], strict=True))
    if "logique_modeles" in manifest["tables"]:
        drawn = load_table(folder, manifest, "logique_modeles")
        models = dict(zip(drawn["code_modele"], drawn["titre"], strict=True))
    return {"commune": communes, "orientation": name_orientations(contract["orientations"]), "modele": models}


def list_pages(jobs: Sequence[Job], values: Mapping[str, Mapping[str, str]], outputs: Path) -> None:
    """Beside the pages of each notebook that is swept, the list of them all: value, its name, page; null: none yet.

    UsageError where the outputs cannot be written.
    """
    swept = {(job.notebook.name, job.base.parent): job for job in jobs if job.notebook.sweep}
    for job in swept.values():
        notebook, folder = job.notebook, job.output(outputs, ".html").parent
        pages = []
        for value, name in values[notebook.sweep].items():
            page = f"{name_page(notebook, value)}.html"
            pages.append({"valeur": value, "nom": name, "page": page if (folder / page).is_file() else None})
        about = {"notebook": notebook.name, "titre": notebook.title, "balayage": notebook.sweep, "pages": pages}
        path, text = folder / f"{notebook.name}{_LIST}", json.dumps(about, ensure_ascii=False, indent=1) + "\n"
        beside = path.with_name(f".{path.name}.encours")
        try:
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(path)
        except OSError as error:
            raise unwritable(outputs, error) from error
