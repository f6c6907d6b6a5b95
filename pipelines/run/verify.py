"""Are published reports those that their data give? Made again in another place, from the raw files, and compared."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contract import read_contract
from pipelines.errors import UsageError
from pipelines.prepare import prepare
from pipelines.report.dependencies import tell_differences
from pipelines.run.build import Built, finish_contract, make_pages
from pipelines.run.contract_pages import write_own_pages
from pipelines.run.index import INDEX, write_index, write_reference
from pipelines.run.jobs import Job
from pipelines.run.means import Means, kernels_of
from pipelines.run.notebooks import known_notebooks
from pipelines.run.progress import Progress

# Pages of all contracts together.
_SHARED = (INDEX, "reference.html")


@dataclass(frozen=True)
class Compared:
    """How many published files are the same; which are not, and why; which no report writes: they are not compared."""

    same: int
    differences: dict[str, str]
    unknown: list[str]


def verify(published: Path, contrats: Sequence[str], means: Means, progress: Progress) -> Compared:
    """Make every published report of some contracts again, tables included, and compare each of its files.

    UsageError where nothing of a contract is published. The published folder is only read.
    """
    with tempfile.TemporaryDirectory(prefix="ose-") as place:
        again, processed = Path(place) / published.name, Path(place) / "tables"
        every = []
        for contrat in contrats:
            contract = read_contract(contrat)
            built = Built(contract.nom_dossier, again / INDEX)
            built.jobs = _read_jobs(published, contract.nom_dossier)
            prepare(contract, processed)
            every.append(built)
        with kernels_of(means) as kernels:
            make_pages([(one, job) for one in every for job in one.jobs], processed, again, means, kernels, progress)
        for built in every:
            finish_contract(built, processed, again, write_own_pages(built.contrat, processed, again, True))
        write_index(again)
        write_reference(again)
        others = {path.name for path in published.iterdir() if path.is_dir() and not path.name.startswith(".")}
        alone = others == {built.contrat for built in every}
        names = [name for built in every for name in _list_files(published, built.contrat)]
        names += [name for name in _SHARED if alone and (published / name).is_file()]
        errors = {job.base: built.failures.get(job.base.name) for built in every for job in built.jobs}
        return _compare(published, again, names, {str(base): str(error) for base, error in errors.items() if error})


def _read_jobs(published: Path, contrat: str) -> list[Job]:
    """The job of each published page, from its provenance."""
    known = {notebook.name: notebook for notebook in known_notebooks()}
    jobs = []
    for path, about in _provenances(published / contrat):
        if about["notebook"] in known:
            base = path.relative_to(published).with_suffix("")
            code = about["depend_de"]["code"] == str(True)
            jobs.append(Job(known[about["notebook"]], dict(about["donnes"]), base, about["sujet"], code))
    if not jobs:
        raise UsageError(
            f"« {published.name} » ne contient aucun rapport du contrat « {contrat} » que cette version sache refaire. "
            "Donner le dossier de sortie où ils ont été construits."
        )
    return jobs


def _provenances(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The provenance of every report of a contract."""
    for path in sorted(folder.glob("*/*.json")):
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if "depend_de" in about:
            yield path, about


def _list_files(published: Path, contrat: str) -> list[str]:
    return [
        path.relative_to(published).as_posix()
        for path in sorted((published / contrat).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]


def _compare(published: Path, again: Path, names: Sequence[str], errors: dict[str, str]) -> Compared:
    same, differences, unknown = 0, {}, []
    for name in names:
        ours, theirs = again / name, published / name
        if not ours.is_file():
            failed = next((why for base, why in errors.items() if name.startswith((f"{base}.", f"{base}--"))), "")
            if failed or theirs.with_suffix(".json").is_file():
                differences[name] = failed or "aucun rapport ne l'écrit plus"
            else:
                unknown.append(name)
        elif theirs.is_file() and ours.read_bytes() == theirs.read_bytes():
            same += 1
        else:
            differences[name] = _tell_difference(theirs, ours)
    return Compared(same, differences, unknown)


def _tell_difference(theirs: Path, ours: Path) -> str:
    """Why a published file is not the one that was made again, in words."""
    if not theirs.is_file():
        return "il manque"
    stem = theirs.name.split("--tableau-")[0].removesuffix(theirs.suffix)
    try:
        before, now = (
            json.loads(path.with_name(f"{stem}.json").read_text(encoding="utf-8")) for path in (theirs, ours)
        )
        if before["methode"] != now["methode"]:
            return "le logiciel a changé"
        changed = tell_differences(before.get("depend_de", {}), now.get("depend_de", {}))
        if changed:
            return ", ".join(changed)
    except (OSError, ValueError, KeyError):  # a page of all contracts, or a provenance that was damaged
        pass
    contents = theirs.read_bytes(), ours.read_bytes()
    pairs = zip(*contents, strict=False)
    first = next((place for place, (a, b) in enumerate(pairs) if a != b), min(map(len, contents)))
    return f"des mêmes données, un autre contenu, à partir de l'octet {first + 1}"
