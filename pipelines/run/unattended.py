"""A build as the command line and schedules run it: a quick answer where there is nothing to do, a log, a record."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import OseError, UsageError
from pipelines.fingerprint import project_version
from pipelines.run.means import Means, kernels_of
from pipelines.run.publish import unwritable
from pipelines.run.quick import STATE, digest_inputs, keep_pages, recall_pages

if TYPE_CHECKING:
    from pipelines.run.build import Built

LOG = logging.getLogger("ose")
# The log of a former run is kept that many times, at that size in bytes.
_FORMER, _LARGEST = 5, 1_000_000
RECORD, STATUS = "etat.json", "etat.html"


@contextmanager
def log_to(path: Path | None, outputs: Path) -> Iterator[None]:
    """Write what happens to a log, with its time and level; without `path`, to the outputs' own.

    UsageError where it cannot be written.
    """
    own, path = path is None, path or outputs / STATE / "journal.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=_FORMER, encoding="utf-8")
    except OSError as error:
        if own:
            raise unwritable(outputs, error) from error
        raise UsageError(
            f"Le journal « {path.name} » ne peut pas être écrit ({error.strerror or error}). Vérifier les droits et la "
            "place disponible, ou choisir un autre fichier avec --log."
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    # A disk that fills up is told by the build, once: not by every line of its log.
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()


def recall(asked: Mapping[str, Any], contrats: Sequence[str], processed: Path, outputs: Path) -> int | None:
    """How many pages are up to date, where a former build of the same left nothing to do; None otherwise."""
    pages = recall_pages(asked, contrats, processed, outputs)
    if pages is not None:
        LOG.info("Rien à faire : %s pages à jour", pages)
    return pages


def run_build(
    asked: Mapping[str, Any],
    contrats: Sequence[str],
    processed: Path,
    outputs: Path,
    means: Means,
    *,
    force: bool,
    quiet: bool,
) -> "tuple[list[Built], str]":
    """Build, and record what was done: status page, log, and that there is nothing more to do, where that is so.

    Returns what was built of each contract, and what slowed the build down, "" for nothing.
    """
    began, inputs = datetime.now().astimezone(), digest_inputs(contrats)
    try:
        with kernels_of(means) as kernels:
            # Heavy: the processes that the kernels and the workers come from import meanwhile.
            from pipelines.run.build import build_contracts
            from pipelines.run.order import Order
            from pipelines.run.progress import Progress

            order = Order(asked["noms"], asked["annee"], asked["parametres"], asked["code"], force)
            built = build_contracts(contrats, order, processed, outputs, means, kernels, Progress(quiet))
    except OseError as error:
        LOG.error("%s", error)
        raise
    remark = kernels.remark if any(one.made or one.failures for one in built) else ""
    if remark:
        LOG.warning("%s", remark)
    for one in built:
        if one.refused:
            LOG.error("%s refusé : %s%s", one.contrat, one.refused, f"\n{one.refused.details}".rstrip())
    _record(built, began, outputs, remark)
    if not any(one.refused or one.failures for one in built):
        pages = [page for one in built for page in [*one.made, *one.current]]
        written = [path for page in pages for path in _siblings(page)]
        lists = [path for one in built for path in (outputs / one.contrat).glob("*/*--pages.json")]
        own = [outputs / name for name in ("index.html", "reference.html")]
        keep_pages(asked, contrats, processed, outputs, len(pages), [*written, *lists, *own], inputs)
    return built, remark


def _siblings(page: Path) -> list[Path]:
    """The files of a page, by its provenance."""
    provenance = page.with_suffix(".json")
    named = json.loads(provenance.read_text(encoding="utf-8"))["fichiers"]
    return [provenance, *(page.parent / name for name in named)]


def _record(built: "Sequence[Built]", began: datetime, outputs: Path, remark: str) -> None:
    """Write `.ose/etat.json` and `etat.html`: the state of every page, of this build and of those before."""
    from pipelines.report.status_page import render_status

    path = outputs / STATE / RECORD
    try:
        former = json.loads(path.read_text(encoding="utf-8"))["contrats"]
    except (OSError, ValueError, KeyError):
        former = []
    contracts = {one["contrat"]: one for one in former}
    for one in built:
        before = contracts.get(one.contrat, {}).get("pages", [])
        contracts[one.contrat] = _record_contract(one, before, outputs)
    ended = datetime.now().astimezone()
    record = {
        "debut": began.isoformat(timespec="seconds"),
        "fin": ended.isoformat(timespec="seconds"),
        "secondes": round((ended - began).total_seconds(), 1),
        "version": project_version(),
        "contrats": sorted(contracts.values(), key=lambda one: one["contrat"]),
        "remarque": remark,
    }
    texts = {path: json.dumps(record, ensure_ascii=False, indent=1) + "\n", outputs / STATUS: render_status(record)}
    try:
        path.parent.mkdir(exist_ok=True)
        for target, text in texts.items():
            beside = target.with_name(f".{target.name}.encours")
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(target)
    except OSError as error:  # the build is done: that it cannot be told is told
        LOG.warning("La page d'état ne peut pas être écrite (%s)", error.strerror or error)


def _record_contract(one: "Built", before: Sequence[Mapping[str, Any]], outputs: Path) -> dict[str, Any]:
    pages = {
        page["page"]: dict(page) for page in before if (outputs / page["page"]).is_file() or page["etat"] == "echec"
    }
    for job in one.jobs:
        page, error = job.output(outputs, ".html"), one.failures.get(job.base.name)
        state = "echec" if error else "a_jour" if page in one.current else "faite"
        pages[page.relative_to(outputs).as_posix()] = {
            "page": page.relative_to(outputs).as_posix(),
            "titre": job.notebook.title,
            "annee": job.year,
            "sujet": job.subject,
            "etat": state,
            "secondes": one.seconds.get(job.base.name),
            "message": str(error) if error else "",
            "section": error.section if error else "",
            "echec": error.kept if error else "",
        }
    return {
        "contrat": one.contrat,
        "nom": one.nom or one.contrat,
        "refus": str(one.refused) if one.refused else "",
        "pages": sorted(pages.values(), key=lambda page: page["page"]),
    }
