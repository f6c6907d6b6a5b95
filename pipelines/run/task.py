"""A page to make, with all that it is made from as bytes, and what comes of it: neither names a place of a machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.errors import OseError
from pipelines.fingerprint import digest, method
from pipelines.processed import MANIFEST, read_manifest
from pipelines.report.dependencies import digest_comments
from pipelines.report.focus import OF_FOCUS, read_sources
from pipelines.run.jobs import Job
from pipelines.run.means import Limits


@dataclass(frozen=True)
class Task:
    """A job and what it reads: `source`, its notebook; `focus`, those that it runs; `certified`, the tables' folder.

    `comments`: digests of the commentaries (`digest_comments`); `method`: that of the build; `outputs`: where this
    machine writes meanwhile, so that the next build removes what a killed one left; None: it may run on another, whose
    libraries are to be checked.
    """

    job: Job
    source: bytes
    focus: Mapping[str, bytes]
    certified: Mapping[str, bytes]
    comments: Mapping[tuple[int, str], str]
    method: Mapping[str, Any]
    outputs: Path | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Outcome:
    """What came of a task: the page's files by name, provenance last, or why there are none.

    `kept`: the notebook as far as it went, where it stopped; `seconds`: by the clock.
    """

    files: Mapping[str, bytes]
    seconds: float
    error: OseError | None = None
    kept: bytes = b""


def pack_task(
    job: Job,
    folder: Path,
    manifest: dict[str, Any],
    *,
    outputs: Path | None = None,
    limits: Limits | None = None,
) -> Task:
    """The task of a job on a contract's certified folder. OSError where a file of it has gone."""
    focus = {}
    if job.parameters.get("composition") == OF_FOCUS:
        focus = read_sources(job.notebook.path.parent)
    return Task(
        job, job.notebook.path.read_bytes(), focus, _pack(folder, digest(manifest)),
        digest_comments(folder, manifest), method(), outputs, limits or Limits(),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _pack(folder: Path, _: str) -> dict[str, bytes]:
    """What notebooks read of a certified folder: manifest, tables, former editions; read once for all its pages."""
    manifest = read_manifest(folder)
    tables = [f"{name}.parquet" for name in manifest["tables"]]
    editions = [entry["copie"] for entry in manifest["editions"]]
    return {name: (folder / name).read_bytes() for name in [MANIFEST, *tables, *editions]}
