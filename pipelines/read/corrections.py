"""`corrections.csv`, beside the sources it mends: what an evaluator changes, cell by cell, and why."""

import difflib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipelines.contract import Contract
from pipelines.errors import DataError
from pipelines.read.records import Records
from pipelines.read.text import read_text_records

NAME = "corrections.csv"


class Correction(NamedTuple):
    """One cell to mend: its place in the raw file, canonical column, text as read, text instead, reason.

    `origine` says where the correction itself is written: file and line, for messages.
    """

    fichier: str
    feuille: str
    ligne: int
    colonne: str
    ancienne_valeur: str
    nouvelle_valeur: str
    motif: str
    origine: str


COLUMNS = Correction._fields[:-1]


def correction_files(contract: Contract) -> dict[str, Path]:
    """Every corrections file that exists, by the name that messages give it; in a folder without a source too."""
    beside = {PurePosixPath(source.fichier).parent: path.parent for source, path in contract.located()}
    found = {(folder / NAME).as_posix(): path / NAME for folder, path in beside.items()}
    # One that lies where no source is would otherwise be ignored in silence.
    found |= {path.relative_to(contract.dossier).as_posix(): path for path in contract.dossier.rglob(NAME)}
    return {name: found[name] for name in sorted(found) if found[name].is_file()}


def read_corrections(contract: Contract) -> list[Correction]:
    """All corrections of a contract. DataError, with the line and the fix, where one is not complete."""
    sources = [source.fichier for source, _ in contract.located()]
    return [
        correction
        for name, path in correction_files(contract).items()
        for correction in _read_file(name, path, [file for file in sources if _folder(file) == _folder(name)])
    ]


def nearest(word: str, known: Iterable[str]) -> str:
    """The names closest to a misspelt one, to end a message with."""
    return ", ".join(difflib.get_close_matches(word, sorted(set(known)), n=3, cutoff=0.3)) or "aucun"


def _folder(file: str) -> PurePosixPath:
    return PurePosixPath(file).parent


def _read_file(name: str, path: Path, sources: list[str]) -> list[Correction]:
    """The corrections of one file; `sources` are the files that lie beside it."""
    records = max(read_text_records(path), key=lambda one: len(set(COLUMNS) & set(one.rows[0] if one.rows else [])))
    if records.fault:
        raise DataError(records.fault.replace(NAME, name, 1))
    header = _header(name, records)
    corrections = []
    for cells, line in zip(records.rows[1:], records.lines[1:], strict=True):
        if any(cells):
            corrections.append(_correction(f"{name}, ligne {line}", header, cells, sources))
    return corrections


def _header(name: str, records: Records) -> list[str]:
    header = list(records.rows[0]) if records.rows else []
    while header and not header[-1]:
        header.pop()
    for column in COLUMNS:
        if header.count(column) != 1:
            close = nearest(column, set(header) - set(COLUMNS))
            raise DataError(
                f"{name}, ligne 1 : il faut une colonne « {column} », une seule (la plus proche : {close}). "
                f"Écrire l'en-tête : {';'.join(COLUMNS)}"
            )
    if len(header) > len(COLUMNS):
        other = next(cell for cell in header if cell not in COLUMNS)
        raise DataError(f"{name}, ligne 1 : la colonne « {other} » est de trop. La supprimer.")
    return header


def _correction(origin: str, header: list[str], cells: list[str], sources: list[str]) -> Correction:
    if len(cells) < len(header) or any(cells[len(header) :]):
        raise DataError(
            f"{origin} : {len(cells)} cellules au lieu de {len(header)}. "
            "Entourer de guillemets une valeur qui contient « ; »."
        )
    value = dict(zip(header, cells, strict=False))
    if not value["motif"]:
        raise DataError(f"{origin} : le motif est vide. Écrire pourquoi la donnée est corrigée, et d'après quoi.")
    if not (value["ligne"].isascii() and value["ligne"].isdigit()):
        raise DataError(
            f"{origin} : « {value['ligne']} » n'est pas un numéro de ligne. Écrire celui que donne ose check."
        )
    # The file lies beside: its name alone says enough.
    known = {PurePosixPath(file).name: file for file in sources} | {file: file for file in sources}
    if value["fichier"] not in known:
        raise DataError(
            f"{origin} : le fichier « {value['fichier']} » n'est pas une source de ce dossier. "
            f"Noms les plus proches : {nearest(value['fichier'], sources)}. "
            f"Corriger le nom, ou écrire la correction dans le {NAME} du dossier de ce fichier."
        )
    return Correction(**{**value, "fichier": known[value["fichier"]], "ligne": int(value["ligne"])}, origine=origin)
