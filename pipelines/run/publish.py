"""Files moved into the outputs: whole or not at all, whenever the machine stops.

A page's files are written in a folder of their own beside the outputs (`.encours-…`), which takes another name once
they are all there (`.pret-…`), and are then moved over the former ones, provenance last. A run that is killed before
leaves the former page; killed after, the next run ends the move.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipelines.errors import UsageError

# Prefixes of folders, inside the outputs, of files that are being written, and that are ready to be moved.
STAGING, READY = ".encours-", ".pret-"


def unwritable(outputs: Path, error: OSError) -> UsageError:
    """The sentence for an outputs folder that cannot be written."""
    return UsageError(
        f"Le dossier de sortie « {outputs.name} » ne peut pas être écrit ({error.strerror or error}). Vérifier les "
        "droits et la place disponible, fermer les fichiers ouverts, ou choisir un autre dossier avec --outputs."
    )


def publish(outputs: Path, base: Path, files: Mapping[str, bytes]) -> None:
    """Put the files of the page `base` (by name) in its folder; remove those of its tables that are no more.

    UsageError where they cannot be written: the former ones are as they were.
    """
    staging = None
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=outputs, prefix=STAGING))
        folder = staging / base.parent
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        ready = staging.with_name(READY + staging.name.removeprefix(STAGING))
        (outputs / base.parent).mkdir(parents=True, exist_ok=True)
        staging.rename(ready)
        _move(ready, outputs)
    except OSError as error:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        raise unwritable(outputs, error) from error


def resume_moves(outputs: Path) -> None:
    """End what a killed run had begun to move, and remove what it had begun to write."""
    for ready in sorted(outputs.glob(f"{READY}*")):
        _move(ready, outputs)
    for leftover in outputs.glob(f"{STAGING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _move(ready: Path, outputs: Path) -> None:
    """Move what is ready into place: provenance last, so that a page half moved is known for one."""
    files = sorted(path for path in ready.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: path.suffix == ".json"):
        target = outputs / path.relative_to(ready)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".json":
            _remove_former_tables(target, {*json.loads(path.read_text(encoding="utf-8"))["fichiers"]})
        path.replace(target)
    shutil.rmtree(ready, ignore_errors=True)


def _remove_former_tables(provenance: Path, present: set[str]) -> None:
    for former in provenance.parent.glob(f"{provenance.stem}--tableau-*.csv"):
        if former.name not in present:
            former.unlink(missing_ok=True)
