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
_MEMORY = 4 * 1024**3
_SECONDS = 600

# calamine takes the extent of a sheet at its word, and ends the whole process where the memory for it is refused.
_TRIAL = f"""
import sys
from python_calamine import load_workbook
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, resource.getrlimit(resource.RLIMIT_AS)[1]))
except (ImportError, OSError, ValueError):
    pass
try:
    book = load_workbook(sys.argv[1])
    wanted = [name.strip() for name in sys.argv[2:]]
    for name in book.sheet_names:
        if not wanted or name.strip() in wanted:
            book.get_sheet_by_name(name)
except Exception:
    pass
"""


def refuse_unreadable(path: Path, sheets: tuple[str, ...]) -> None:
    """DataError where a workbook is damaged, or fills the memory once unpacked. `sheets`: those to read, or all."""
    _refuse_archive(path)
    _refuse_what_ends_a_process(path, sheets)


def _refuse_archive(path: Path) -> None:
    """XLSX and ODS are archives: calamine reads a damaged cell as another value, so their own checksums come first."""
    try:
        if not zipfile.is_zipfile(path):
            return
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
    command = [sys.executable, "-c", _TRIAL, str(path), *sheets]
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise DataError(_HUGE.format(path.name)) from error
    if done.returncode:
        raise DataError(_HUGE.format(path.name))
