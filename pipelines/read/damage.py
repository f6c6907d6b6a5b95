"""What a workbook is refused for before its reader opens it: damage, or more than the memory holds."""

import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from pipelines.errors import DataError

DAMAGED = "{} est endommagé ou n'est pas un classeur : l'ouvrir dans un tableur et le réenregistrer."
LOCKED = "{} est protégé par un mot de passe : l'ouvrir dans un tableur et l'enregistrer sans mot de passe."
_HUGE = (
    "{} est endommagé, ou demande trop de mémoire : l'ouvrir dans un tableur, supprimer les cellules isolées loin du "
    "tableau (Ctrl+Fin y mène) et l'enregistrer au format XLSX."
)
# Bytes once unpacked: a sheet of a million lines and forty columns takes a quarter of it.
MOST_BYTES = 4 * 1024**3
# A part that unpacks to so many times its size repeats one thing: sheets full of one value stay under twenty.
MOST_RATIO = 300
_RATIO_MATTERS = 32 * 1024**2
# Memory that a trial reading may take: a sheet filled to its last cell takes less, at so many times its file.
_LEAST_MEMORY = 1024**3
_MOST_MEMORY = 4 * 1024**3
_MEMORY_RATIO = 100
_SECONDS = 600

# calamine takes the extent of a sheet at its word, and ends the whole process where the memory for it is refused.
_TRIAL = """
import sys
from python_calamine import load_workbook
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), resource.getrlimit(resource.RLIMIT_AS)[1]))
except (ImportError, OSError, ValueError):
    pass
try:
    book = load_workbook(sys.argv[1])
    wanted = [name.strip() for name in sys.argv[3:]]
    for name in book.sheet_names:
        if not wanted or name.strip() in wanted:
            book.get_sheet_by_name(name)
except Exception:  # a refusal in words: the reading itself says it
    pass
"""


def refuse_unreadable(path: Path, sheets: tuple[str, ...]) -> None:
    """DataError where a workbook is damaged, or fills the memory once unpacked. `sheets`: those to read, or all."""
    if zipfile.is_zipfile(path):
        _refuse_archive(path)
    elif not _is_compound(path):
        raise DataError(DAMAGED.format(path.name))
    _refuse_what_ends_a_process(path, sheets)


def _is_compound(path: Path) -> bool:
    """Is it the container of an XLS, or of a workbook with a password?"""
    with path.open("rb") as handle:
        return handle.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _refuse_archive(path: Path) -> None:
    """XLSX and ODS are archives: calamine reads a damaged cell as another value, so their own checksums come first."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            dense = any(part.file_size > max(_RATIO_MATTERS, MOST_RATIO * part.compress_size) for part in parts)
            if dense or sum(part.file_size for part in parts) > MOST_BYTES:
                raise DataError(_HUGE.format(path.name))
            sound = archive.testzip() is None
    # RuntimeError: a part is encrypted.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise DataError(DAMAGED.format(path.name)) from error
    if not sound:
        raise DataError(DAMAGED.format(path.name))


def _refuse_what_ends_a_process(path: Path, sheets: tuple[str, ...]) -> None:
    """A trial reading in a process of its own: memory refused or a panic ends that one, and nothing else."""
    memory = min(_MOST_MEMORY, _LEAST_MEMORY + _MEMORY_RATIO * path.stat().st_size)
    command = [sys.executable, "-c", _TRIAL, str(path), str(memory), *sheets]
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise DataError(_HUGE.format(path.name)) from error
    if done.returncode:
        raise DataError(_HUGE.format(path.name))
