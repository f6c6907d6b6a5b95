"""The workbook that a workshop fills: a sheet of nodes, a sheet of links, a sheet that says how; written here.

`workshop_reading` reads it back; both share the columns and the words that stand here.
"""

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.archive import repack
from pipelines.exchange.sheets import LINE_HEIGHT, Book, Sheet
from pipelines.exchange.target import check_target, staged
from pipelines.numbers import is_missing
from pipelines.report.report import FICTIONAL
from pipelines.report.templates import printable, typeset
from pipelines.tables import (
    EVIDENCE_LABELS,
    LINK_STATUS_LABELS,
    LOGIC_LEVEL_LABELS,
    PROGRAMME_FIGURE_LABELS,
    VERDICT_LABELS,
)

NODES, LINKS, MANUAL = "Nœuds", "Liens", "Mode d'emploi"
YES_NO = {"oui": "oui", "non": "non"}
# Empty rows that keep the lists of words, below what is written.
SPARE_ROWS = 200
# Ruled rows of an empty workbook: a printed page.
_RULED_ROWS, _MANUAL_WIDTH = 25, 120
LANGUAGE = b"<dc:language>fr-FR</dc:language>"
# Any fixed day: the same model gives the same bytes.
_CREATED = datetime.datetime(2015, 1, 1)
_CORE, _END = "docProps/core.xml", b"</cp:coreProperties>"


@dataclass(frozen=True)
class Field:
    """One column of a sheet: its heading, the column of the table that it feeds, its width, its words by code.

    `absent`: what a blank cell means, where the table asks for something. `rare`: written only where a model uses it.
    """

    heading: str
    column: str
    width: float
    words: Mapping[str, str] | None = None
    absent: str = ""
    rare: bool = False


NODE_FIELDS = (
    Field("Code", "code_noeud", 9),
    Field("Niveau", "niveau", 22, LOGIC_LEVEL_LABELS),
    Field("Rang", "rang", 7, rare=True),
    Field("Libellé", "libelle_noeud", 48),
    Field("Libellé perdu", "est_perdu", 10, YES_NO, absent="non", rare=True),
    Field("Indicateur", "libelle_indicateur", 34),
    Field("Unité", "unite", 11),
    Field("Sens", "sens", 10, {"hausse": "Hausse", "baisse": "Baisse"}),
    Field("Cible", "valeur_cible", 10),
    Field("Échéance", "echeance", 13),
    Field("Valeur", "valeur", 10),
    Field("Date de la valeur", "relevee_en", 13),
    Field("Chiffre de la programmation", "calcul", 26, PROGRAMME_FIGURE_LABELS, rare=True),
    Field("Portée du chiffre", "portee_calcul", 12, rare=True),
    Field("Incertain", "est_incertain", 10, YES_NO, absent="non", rare=True),
    Field("Note", "note", 34),
)
LINK_FIELDS = (
    Field("De", "code_source", 8),
    Field("Vers", "code_cible", 8),
    # Whoever draws a link supposes it; nobody has examined it yet.
    Field("Statut", "statut", 13, LINK_STATUS_LABELS, absent="hypothese"),
    Field("Supposition", "supposition", 36),
    Field("Force de la preuve", "force_preuve", 12, EVIDENCE_LABELS),
    Field("Preuve pour", "preuve_pour", 32),
    Field("Preuve contre", "preuve_contre", 32),
    Field("Autres facteurs", "autres_facteurs", 32),
    Field("Verdict", "verdict", 14, VERDICT_LABELS, absent="non_examine"),
    Field("Saut voulu", "est_saut_declare", 9, YES_NO, absent="non", rare=True),
    Field("Incertain", "est_incertain", 10, YES_NO, absent="non", rare=True),
    Field("Note", "note", 30),
)
NODE_COLUMNS = [field.column for field in NODE_FIELDS]
LINK_COLUMNS = [field.column for field in LINK_FIELDS]
_NUMERIC = {"valeur_cible", "valeur", "rang"}
_MANUAL = (
    ("Les nœuds", "section"),
    ("Une ligne par nœud dans la feuille « Nœuds » : un code court et à soi (r1, R1, I1, G), un niveau pris dans la "
     "liste, un libellé. r1 et R1 sont deux codes différents.", "prose"),
    ("Indicateur, unité, sens, cible, échéance, valeur : ce qui dira si le nœud est atteint. Laisser vide ce que "
     "l'atelier ne sait pas ; rien n'est deviné.", "prose"),
    ("Les liens", "section"),
    ("Une ligne par lien dans la feuille « Liens » : les codes du nœud de départ (De) et du nœud d'arrivée (Vers).",
     "prose"),
    ("Supposition : ce qui doit être vrai pour que le premier mène au second. Preuve pour, preuve contre, autres "
     "facteurs : ce qui est su, et d'où. Le verdict se décide à plusieurs.", "prose"),
    ("Statut vide : hypothèse. Verdict vide : non examiné.", "prose"),
    ("Ce que l'on peut changer", "section"),
    ("Trier, ajouter des lignes, laisser des lignes vides, fusionner des cellules vers le bas : oui. Ajouter une "
     "colonne ou renommer un en-tête : non, le classeur serait refusé avec le nom de la colonne.", "prose"),
    ("Après l'atelier", "section"),
    ("« ose import logique CE_CLASSEUR.xlsx » en fait un modèle du contrat, ou dit ligne par ligne ce qui ne va pas.",
     "prose"),
)  # fmt: skip


def check_workshop_target(target: Path) -> None:
    """UsageError where a workbook cannot be written at `target`."""
    check_target(target, ".xlsx", "d'un classeur Excel")


def write_workshop(path: Path, nodes: pd.DataFrame, edges: pd.DataFrame, about: Mapping[str, Any]) -> None:
    """Write the workbook of one model; without rows, an empty one for a workshop. UsageError where it cannot be.

    `nodes`, `edges`: columns of `logique_noeuds` and `logique_liens`. `about`: `titre` and `est_fictif`, either absent.
    """
    check_workshop_target(path)
    content = render_workshop(nodes, edges, about)
    with staged(path) as folder:
        whole = folder / path.name
        whole.write_bytes(content)
        whole.replace(path)


def render_workshop(nodes: pd.DataFrame, edges: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    """The bytes of the workbook: the same model gives the same, whenever and wherever it is written."""
    buffer = io.BytesIO()
    title = str(about.get("titre") or "Modèle logique d'impact")
    mark = FICTIONAL if about.get("est_fictif") else ""
    book = Book(buffer, {"title": printable(title), "author": "", "created": _CREATED, "subject": mark})
    _write_rows(book, NODES, nodes, _fields(nodes, NODE_FIELDS), mark)
    _write_rows(book, LINKS, edges, _fields(edges, LINK_FIELDS), mark)
    _write_manual(book, title, mark)
    book.file.close()
    return repack(buffer, {_CORE: lambda core: core.replace(_END, LANGUAGE + _END)})


def implied_ranks(levels: pd.Series) -> pd.Series:
    """The rank of each node in its level where none is written: the order of the rows."""
    return levels.groupby(levels).cumcount() + 1


def _fields(frame: pd.DataFrame, fields: Sequence[Field]) -> list[Field]:
    """The columns to write: those of a workshop, and the rare ones that say something here."""
    return [field for field in fields if not field.rare or _says(frame, field)]


def _says(frame: pd.DataFrame, field: Field) -> bool:
    values = frame[field.column]
    if field.column == "rang":
        return not values.eq(implied_ranks(frame["niveau"])).fillna(False).all()
    return bool((values.notna() & (values.map(_text) != field.absent)).any())


def _text(value: Any) -> str:
    """A value of a table as its own code: « oui » for a flag, "" where it is missing."""
    if is_missing(value):
        return ""
    return ("oui" if value else "non") if isinstance(value, bool | np.bool_) else str(value)


def _write_rows(book: Book, name: str, frame: pd.DataFrame, fields: Sequence[Field], mark: str) -> None:
    """A sheet of rows under a header that stays, its words in drop-down lists, some empty rows below."""
    sheet = Sheet(book, name, [field.width for field in fields])
    sheet.heads([field.heading for field in fields])
    for column, field in enumerate(fields):
        if field.words:
            told = {
                "validate": "list",
                "source": list(field.words.values()),
                "error_title": field.heading,
                "error_message": "Choisir un mot de la liste, ou laisser vide.",
            }
            sheet.file.data_validation(1, column, max(len(frame), 1) + SPARE_ROWS, column, told)
    for row in frame[[field.column for field in fields]].itertuples(index=False, name=None):
        cells = enumerate(zip(row, fields, strict=True))
        sheet.row([_write_cell(sheet, column, value, field) for column, (value, field) in cells])
    if frame.empty:
        for line in range(1, _RULED_ROWS + 1):
            for column in range(len(fields)):
                sheet.file.write_blank(line, column, None, book.style("cellule"))
            sheet.file.set_row(line, LINE_HEIGHT * 2)
    sheet.file.freeze_panes(1, 0)
    sheet.printed(repeated=0, mark=mark)
    sheet.file.set_landscape()


def _write_cell(sheet: Sheet, column: int, value: Any, field: Field) -> str:
    """Write one value as a person would: a word, a number as such, a text; returns its text."""
    style = sheet.book.style("cellule")
    if field.column in _NUMERIC and not is_missing(value):
        sheet.file.write_number(sheet.at, column, float(value), style)
        return str(value)
    text = _text(value)
    shown = (field.words or {}).get(text, text)
    sheet.text(column, shown, style)
    return shown


def _write_manual(book: Book, title: str, mark: str) -> None:
    sheet = Sheet(book, MANUAL, [_MANUAL_WIDTH])
    sheet.prose(typeset(title), "titre")
    if mark:
        sheet.prose(mark, "marque")
    words = [(f"{heading} : {', '.join(words)}.", "prose") for heading, words in _words().items()]
    for text, style in (*_MANUAL, ("Les mots des listes", "section"), *words):
        if style == "section":
            sheet.at += 1
            sheet.text(0, text, book.style(style))
            sheet.at += 1
        else:
            sheet.prose(typeset(text))
    sheet.printed(mark=mark)
    sheet.file.fit_to_pages(1, 1)
    sheet.file.set_landscape()


def _words() -> dict[str, list[str]]:
    """The words of each list that a workshop sees, by heading."""
    every = (*NODE_FIELDS, *LINK_FIELDS)
    return {field.heading: list(field.words.values()) for field in every if field.words and not field.rare}
