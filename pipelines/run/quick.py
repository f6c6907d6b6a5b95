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

# What a build keeps beside the reports for the next one, and for who watches over it; no report.
STATE = ".ose"


def recall_pages(asked: Mapping[str, Any], contrats: Iterable[str], processed: Path, outputs: Path) -> int | None:
    """How many pages are up to date, where there is nothing to do; None where that must be looked into.

    `asked`: what else the build depends on, JSON-like.
    """
    contrats = list(contrats)
    try:
        kept = json.loads(_place(asked, contrats, processed, outputs).read_text(encoding="utf-8"))
        written = {name: digest_file(outputs / name) for name in kept["ecrits"]}
    except (OSError, ValueError, KeyError):
        return None
    same = written == kept["ecrits"] and kept["lus"] == _digest_inputs(contrats, processed)
    return kept["pages"] if same else None


def keep_pages(
    asked: Mapping[str, Any],
    contrats: Iterable[str],
    processed: Path,
    outputs: Path,
    pages: int,
    written: Iterable[Path],
) -> None:
    """Keep that all pages are up to date: `pages` of them, the files `written`. A folder that is full keeps nothing."""
    contrats = list(contrats)
    kept = {
        "pages": pages,
        "lus": _digest_inputs(contrats, processed),
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


def _digest_inputs(contrats: list[str], processed: Path) -> str:
    """Digest of all that a build may read: contracts, what holds for France, notebooks, tables, the method."""
    folders = [contract_folder(contrat) for contrat in contrats]
    tables = [processed / folder.name for folder in folders]
    found = hashlib.sha256(own_method()["methode"].encode())
    for folder in [NATIONAL, NOTEBOOKS, *folders, *tables]:
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
