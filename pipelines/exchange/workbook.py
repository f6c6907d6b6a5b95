"""The tables of a page as one formatted workbook: a summary, a sheet a table, a lexicon.

It says what the page says, and no more: the same page gives the same bytes, whenever and wherever it is written.
"""

import datetime
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.archive import repack
from pipelines.errors import UsageError
from pipelines.exchange.lexicon import describe_columns
from pipelines.exchange.sheets import Book, Sheet
from pipelines.exchange.shown import ShownTable, read_tables
from pipelines.exchange.table_sheet import SUMMARY, write_table
from pipelines.exchange.target import check_target, staged
from pipelines.numbers import format_date, format_number
from pipelines.report.report import FICTIONAL
from pipelines.report.templates import printable, shorten, typeset, write_parameter

LEXICON = "Lexique"
LANGUAGE = b"<dc:language>fr-FR</dc:language>"
# Any fixed day: a workbook holds one, and the day of its writing would change its bytes.
_CREATED = datetime.datetime(2015, 1, 1)
_CORE, _END = "docProps/core.xml", b"</cp:coreProperties>"
_STATUSES = {"projet": "projet, non approuvé", "definitif": "définitif"}
_SUMMARY_WIDTHS, _LEXICON_WIDTHS = (26, 58, 34, 34, 14), (26, 34, 15, 20, 70, 12)


def check_workbook_target(target: Path) -> None:
    """UsageError where a workbook cannot be written at `target`."""
    check_target(target, ".xlsx", "d'un classeur Excel")


def write_workbook(page: Path, target: Path) -> int:
    """Write the tables of a page to `target`; returns how many. The former file stays until the new one is whole.

    Read from what the build published beside the page. UsageError where it has no table, or `target` cannot be written.
    """
    check_workbook_target(target)
    about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    tables = read_tables(json.loads(page.with_suffix(".ipynb").read_text(encoding="utf-8")))
    if not tables:
        raise UsageError(
            f"Le rapport {page.stem} n'a aucun tableau : rien à mettre dans un classeur. Choisir un autre rapport."
        )
    content = render_workbook(tables, about)
    with staged(target) as folder:
        whole = folder / target.name
        whole.write_bytes(content)
        whole.replace(target)
    return len(tables)


def render_workbook(tables: Sequence[ShownTable], about: Mapping[str, Any]) -> bytes:
    """The bytes of the workbook of some tables; `about` is the provenance of their page (`provenance.describe`)."""
    buffer = io.BytesIO()
    title = f"{shorten(about['titre'])} — {about['annee']} — {shorten(about['nom_contrat'])}"
    fixed = {"author": "", "created": _CREATED, "subject": FICTIONAL if about["fictif"] else ""}
    book = Book(buffer, {"title": printable(title), **fixed})
    _write_summary(book, tables, about)
    sources = {source["id"]: source for source in about["sources"]}
    for table in tables:
        write_table(book, table, sources)
    _write_lexicon(book, tables, about)
    book.file.close()
    return repack(buffer, {_CORE: lambda core: core.replace(_END, LANGUAGE + _END)})


def _write_summary(book: Book, tables: Sequence[ShownTable], about: Mapping[str, Any]) -> None:
    sheet = Sheet(book, SUMMARY, _SUMMARY_WIDTHS)
    sheet.prose(typeset(about["titre"]), "titre")
    if about["fictif"]:
        sheet.prose(
            f"{FICTIONAL}. Les tableaux qui portent cette mention ne décrivent aucune action, aucun porteur ni aucun "
            "montant réels.",
            "marque",
        )
    if about["statut"] == "projet":
        sheet.prose("Projet, non approuvé", "marque")
    facts = {
        "Contrat": about["nom_contrat"],
        "Année": str(about["annee"]),
        "Commune": about["commune"],
        "État du rapport": _STATUSES[about["statut"]],
        "Commentaires à relire": ", ".join(about["a_relire"]),
        "Données arrêtées au": format_date(about["date_arret"], long=True),
    }
    sheet.at += 1
    for name, value in facts.items():
        if value:
            _row(sheet, [name, value])
    _section(sheet, "Tableaux", ["Feuille", "Titre", "Lignes", "Mention"])
    for table in tables:
        size, mark = format_number(len(table.rows)), FICTIONAL if table.fictional else ""
        _row(sheet, ["", typeset(table.heading), size, mark], table.sheet)
    _row(sheet, ["", "Sens de chaque colonne", "", ""], LEXICON)
    _section(sheet, "Paramètres", ["Paramètre", "Valeur", "Sens"])
    for line in about["parametres"]:
        _row(sheet, [line["nom"], write_parameter(line["valeur"]), line["description"]])
    _section(sheet, "Sources", ["Éditeur", "Titre", "Millésime", "Licence", "Mention"])
    for source in about["sources"]:
        _row(
            sheet, [*(source[key] for key in ("editeur", "titre", "millesime", "licence")), "fictif" * source["fictif"]]
        )
    _section(sheet, "Ce classeur", [])
    for sentence in _making(about):
        sheet.prose(sentence)
    sheet.printed(mark=FICTIONAL if about["fictif"] else "")


def _making(about: Mapping[str, Any]) -> list[str]:
    """How the workbook was made, and how to read it."""
    return [
        f"Écrit par « ose export xlsx {about['notebook']} » à partir de la page du même nom, qui dit en plus le bilan "
        "des lignes, les contrôles et les commentaires. Les mêmes données donnent le même fichier, octet pour octet.",
        "Chaque feuille a les valeurs du CSV de son tableau, à neuf décimales ; le format en montre moins. Une valeur "
        "manquante ou cachée par le secret statistique est « n.d. », jamais 0. Un pourcentage est écrit pour 100.",
        "Une apostrophe précède un texte qu'un tableur prendrait pour une formule. Le classeur n'a ni formule, ni "
        "macro, ni lien extérieur.",
        f"Empreinte des entrées : {about['empreinte']}. Empreinte de la méthode : {about['methode']}.",
    ]


def _section(sheet: Sheet, title: str, heads: Sequence[str]) -> None:
    sheet.at += 1
    sheet.text(0, title, sheet.book.style("section"))
    sheet.at += 1
    if heads:
        sheet.heads(heads)


def _row(sheet: Sheet, texts: Sequence[str], link: str = "") -> None:
    """A row of texts; the first is a link to the sheet `link` where it is given."""
    for column, text in enumerate(texts):
        sheet.text(column, text, sheet.book.style("cellule"))
    if link:
        sheet.link(0, link, link)
    sheet.row(texts)


def _write_lexicon(book: Book, tables: Sequence[ShownTable], about: Mapping[str, Any]) -> None:
    sheet = Sheet(book, LEXICON, _LEXICON_WIDTHS)
    sheet.prose("Lexique : le sens de chaque colonne", "titre")
    sheet.link(0, SUMMARY, "Retour au sommaire")
    sheet.at += 1
    header, heads = sheet.at, ["Colonne", "Libellé", "Type", "Unité", "Sens", "Tableaux"]
    sheet.heads(heads)
    sheet.file.freeze_panes(header + 1, 0)
    for entry in describe_columns(tables, about["balance"]):
        where = ", ".join(map(str, entry.tables))
        _row(sheet, [entry.name, entry.label, entry.type, entry.unit, entry.meaning, where])
    if sheet.at > header + 1:
        sheet.table(LEXICON, heads, header, sheet.at - 1)
    sheet.printed(repeated=header)
