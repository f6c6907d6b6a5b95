"""`saisies/marqueur.csv`: one row each time a rater marks an action; rows are added, never changed."""

import csv
import io
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from pipelines.errors import DataError, UsageError
from pipelines.indicators.gender import FIELDS, REASON
from pipelines.numbers import count
from pipelines.report.downloads import neutralise
from pipelines.tables import RATER_CODE

ROUND = "tour"
COLUMNS = ("code_action", "code_instructeur", ROUND, "date_notation", *FIELDS, REASON)
# Seconds to wait for another person's row: writing one takes some milliseconds.
PATIENCE = 10
# Controls and half characters, which a paste may bring: with one of them no program would read the file any more.
_NO_TEXT = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F]) | dict.fromkeys(
    range(0xD800, 0xE000), "\ufffd"
)


def read_markings(path: Path) -> pd.DataFrame:
    """Every row of the file as text, columns COLUMNS, codes of raters in capitals; no row where there is no file yet.

    DataError where the file is not in UTF-8, has another header, or a row of another width.
    """
    reader = csv.reader(io.StringIO(_read_text(path)), delimiter=";", strict=True)
    rows = []
    try:
        for row in reader:
            if not rows and tuple(row) != COLUMNS:
                odd = next((f"« {name} »" for name in row if name not in COLUMNS), "colonnes manquantes ou déplacées")
                expected = ";".join(COLUMNS)
                raise DataError(f"{path.name}, ligne 1 : en-tête inattendu ({odd}). Y remettre : {expected}")
            if row and len(row) != len(COLUMNS):
                raise DataError(
                    f"{path.name}, ligne {reader.line_num} : {count(len(row), 'cellule')} au lieu de {len(COLUMNS)}. "
                    "Corriger cette ligne dans un éditeur de texte."
                )
            rows += [row] if row else []
    except csv.Error as error:
        raise DataError(
            f"{path.name}, ligne {reader.line_num} : un guillemet n'est jamais refermé. Le refermer dans un éditeur de "
            "texte."
        ) from error
    markings = pd.DataFrame(rows[1:], columns=list(COLUMNS), dtype="str")
    return markings.assign(code_instructeur=markings["code_instructeur"].str.strip().str.upper())


def check_rater(code: str) -> str:
    """A rater's code in capitals, as the line writes it. UsageError where it is empty, or may be a person's name."""
    code = code.strip().upper()
    if not code:
        raise UsageError("Le code d'instructeur est vide : écrire le vôtre, des lettres puis des chiffres, comme I3.")
    if not re.match(RATER_CODE, code):
        raise UsageError(
            f"« {code[:40]} » n'est pas un code d'instructeur : écrire des lettres puis des chiffres, comme I3, et pas "
            "un nom."
        )
    return code


def append_marking(path: Path, cells: Mapping[str, str], *, earlier: int = 0) -> int:
    """Add one row (every column but `tour`) at the end of the file, made where it is missing; returns its `tour`.

    `earlier`: the last round of this rater for this action that another file holds.
    The whole file is written beside and moved into place under a lock: a crash leaves the former one, and two persons
    who save together both have their row. DataError as `read_markings`; UsageError where nothing can be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Named like the locks of an office program: git ignores it.
        with FileLock(path.with_name(f".~lock.ose-{path.name}"), timeout=PATIENCE):
            markings = read_markings(path)
            own = markings["code_instructeur"] == cells["code_instructeur"]
            number = 1 + earlier + int((own & (markings["code_action"] == cells["code_action"])).sum())
            written = {**cells, ROUND: str(number), REASON: neutralise(cells[REASON].translate(_NO_TEXT))}
            _replace(path, _whole(_read_text(path)) + _row(written))
    except Timeout as error:
        raise UsageError(
            f"Une autre personne enregistre dans {path.name} depuis plus de {PATIENCE} secondes. Réessayer."
        ) from error
    except (OSError, NotImplementedError) as error:
        raise UsageError(
            f"{path.name} ne peut pas être écrit ({getattr(error, 'strerror', None) or error}). Le fermer s'il est "
            "ouvert dans un tableur, vérifier les droits et la place, puis enregistrer de nouveau : rien n'est perdu."
        ) from error
    return number


def _read_text(path: Path) -> str:
    """The text of the file, its line ends as \\n, "" where there is none."""
    if not path.is_file():
        return ""
    try:
        # A spreadsheet that saved it put a byte order mark before, and its own line ends.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name} n'est pas en UTF-8 : le réenregistrer en « CSV UTF-8 », avec le séparateur « ; »."
        ) from error


def _whole(text: str) -> str:
    """What the new row comes after: the header where there is nothing, and a last line that ends."""
    if not text:
        return _row(dict(zip(COLUMNS, COLUMNS, strict=True)))
    return text if text.endswith("\n") else f"{text}\n"


def _row(cells: Mapping[str, str]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow([cells[name] for name in COLUMNS])
    return buffer.getvalue()


def _replace(path: Path, text: str) -> None:
    # Beside the file: a move between two disks would be a copy, which a crash may cut.
    beside = path.with_name(f".~lock.ose-{path.name}.encours")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, beside)
    beside.replace(path)
