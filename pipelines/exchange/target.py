"""Where an export is written: checked before anything is built, and replaced only by a whole file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import UsageError


def check_target(target: Path, suffix: str, kind: str) -> None:
    """UsageError where no file can be written at `target`: no such folder, a folder, the name of another kind of file.

    `suffix`: « .xlsx », in lower case; `kind`: what such a file is, with its article, as « d'un PDF ».
    """
    if target.suffix.lower() != suffix:
        raise UsageError(f"« {target.name} » n'est pas le nom {kind}. Donner à --sortie un nom qui finit par {suffix}.")
    try:
        is_folder, has_folder = target.is_dir(), target.parent.is_dir()
    except OSError as error:  # a name that the system refuses
        raise unwritable(target, error) from error
    if is_folder:
        raise UsageError(f"« {target} » est un dossier. Choisir un autre --sortie.")
    if not has_folder:
        raise UsageError(f"Le dossier « {target.parent} » n'existe pas. Le créer, ou choisir un autre --sortie.")


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder beside `target` in which to write before moving into place; it goes away at the end.

    An OSError inside becomes a UsageError: `target` cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".encours-") as folder:
            yield Path(folder)
    except OSError as error:
        raise unwritable(target, error) from error


def unwritable(target: Path, error: OSError) -> UsageError:
    """The sentence for a file that cannot be written."""
    return UsageError(
        f"Le fichier « {target} » ne peut pas être écrit ({error.strerror or error}). Le fermer s'il est ouvert, "
        "vérifier les droits et la place, ou choisir un autre --sortie."
    )
