"""Is there anything to build? Told from the bytes on disk alone, before anything heavy is imported.

After a build that left nothing to do, `outputs/.ose/` keeps what it was asked, the digest of all that it could read and
that of all that it had written. The same question on the same bytes has the same answer.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.fingerprint import digest, digest_file, own_method
from pipelines.paths import NATIONAL, NOTEBOOKS, contract_folder
from pipelines.run.publish import READY, STAGING

# What a build keeps beside the reports for the next one, and for who watches over it; no report.
STATE = ".ose"


def recall_pages(asked: Mapping[str, Any], contrats: Iterable[str], processed: Path, outputs: Path) -> int | None:
    """How many pages are up to date, where there is nothing to do; None where that must be looked into.

    `asked`: what else the build depends on, JSON-like.
    """
    contrats = list(contrats)
    if any(path.name.startswith((STAGING, READY)) for path in outputs.glob(".*")):
        return None  # a build was killed, and left what the next one ends or removes
    try:
        kept = json.loads(_place(asked, contrats, processed, outputs).read_text(encoding="utf-8"))
        written = {name: digest_file(outputs / name) for name in kept["ecrits"]}
    except (OSError, ValueError, KeyError):
        return None
    read = {"lus": digest_inputs(contrats), "tables": _digest_tables(contrats, processed)}
    same = written == kept["ecrits"] and all(kept.get(name) == value for name, value in read.items())
    return kept["pages"] if same else None


def digest_inputs(contrats: Iterable[str]) -> str:
    """Digest of all that a build may read but the tables: contracts, what holds for France, notebooks, the method."""
    return _digest_folders([NATIONAL, NOTEBOOKS, *map(contract_folder, contrats)], own_method()["methode"])


def keep_pages(
    asked: Mapping[str, Any],
    contrats: Iterable[str],
    processed: Path,
    outputs: Path,
    pages: int,
    written: Iterable[Path],
    inputs: str,
) -> None:
    """Keep that all pages are up to date: `pages` of them, the files `written`. A folder that is full keeps nothing.

    `inputs`: their digest before the build: what changed meanwhile is to be looked into.
    """
    contrats = list(contrats)
    kept = {
        "pages": pages,
        "lus": inputs,
        "tables": _digest_tables(contrats, processed),
        "ecrits": {path.relative_to(outputs).as_posix(): digest_file(path) for path in sorted(set(written))},
    }
    place = _place(asked, contrats, processed, outputs)
    beside = place.with_suffix(".encours")
    try:
        place.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
        beside.replace(place)
    except OSError:
        return


def _place(asked: Mapping[str, Any], contrats: list[str], processed: Path, outputs: Path) -> Path:
    folders = [str(contract_folder(contrat)) for contrat in contrats]
    return outputs / STATE / f"{digest([dict(asked), folders, str(processed)])[:16]}.json"


def _digest_tables(contrats: list[str], processed: Path) -> str:
    return _digest_folders([processed / contract_folder(contrat).name for contrat in contrats])


def _digest_folders(folders: Iterable[Path], more: str = "") -> str:
    found = hashlib.sha256(more.encode())
    for folder in folders:
        for path in _files(folder):
            found.update(f"{os.path.relpath(path, folder)}\0{digest_file(path)}\n".encode())
    return found.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    """The files of a folder and of those in it, in order; neither hidden ones nor what tools leave beside them."""
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__pycache__")))
        for file in sorted(files):
            if not file.startswith("."):
                yield Path(name, file)
