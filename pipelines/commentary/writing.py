"""What the tool writes among commentaries: a draft where there is none, a fingerprint, the figures kept beside a text.

Never a word of what evaluators wrote: each file is written beside and moved into place, and only that one line changes.
"""

import contextlib
import shutil
from pathlib import Path

from pipelines.commentary.head import decode, note_fingerprint, read_comment
from pipelines.errors import UsageError

_DRAFT = "---\nauteur: à compléter\ndate:\nempreinte: {}\n---\n\n"


def figures_beside(text: Path) -> Path:
    """Where the figures that a commentary speaks of are kept: `<section>.chiffres.csv`."""
    return text.with_name(f"{text.stem}.chiffres.csv")


def write_draft(path: Path, fingerprint: str, figures: str) -> None:
    """A commentary to write: its head with the fingerprint, and the figures beside it. UsageError where one exists."""
    if path.exists():
        raise UsageError(
            f"{path.name} existe déjà, et n'a pas été changé : l'ouvrir, ou l'accepter avec ose comments accepter."
        )
    _write({path: _DRAFT.format(fingerprint).encode(), figures_beside(path): figures.encode()})


def accept_figures(path: Path, fingerprint: str, figures: str) -> str:
    """Note in a commentary that it speaks of these figures, and keep them; the fingerprint it noted before, or "".

    UsageError where nothing is written, or where the folder cannot be; DataError where the file cannot be read.
    """
    content = path.read_bytes() if path.is_file() else b""
    text = decode(content, path.name)
    before = read_comment(text, path.name)
    if not before["texte"]:
        raise UsageError(
            f"{path.parent.name}, section {path.stem} : rien n'est écrit, il n'y a rien à accepter. "
            f"Écrire d'abord dans {path.name} (ose comments rediger le crée)."
        )
    noted = note_fingerprint(text, fingerprint, path.name).encode()
    _write({path: noted, figures_beside(path): figures.encode()})
    return before["empreinte"]


def _write(contents: dict[Path, bytes]) -> None:
    """The files that differ from these contents, all written beside before any is moved into place."""
    changed = {path: content for path, content in contents.items() if _content(path) != content}
    # A link leads to the file that an evaluator wrote: that one changes, and stays where it is.
    beside = {path.resolve(): path.resolve().with_name(f".{path.name}.encours") for path in changed}
    try:
        for path, content in zip(beside, changed.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_bytes(content)
            if path.is_file():
                shutil.copymode(path, beside[path])
        for path, staged in beside.items():
            staged.replace(path)
    except OSError as error:
        for staged in beside.values():
            with contextlib.suppress(OSError):
                staged.unlink()
        folder = next(iter(beside)).parent
        raise UsageError(
            f"Le dossier {folder.parent.name}/{folder.name} des commentaires ne peut pas être écrit "
            f"({error.strerror or error}). Vérifier les droits et la place disponible : aucun texte n'a été changé."
        ) from error


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
