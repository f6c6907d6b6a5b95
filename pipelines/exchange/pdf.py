"""The page of a report as the tagged PDF that a council annexes to its deliberation.

The browser writes the tags and the outline; what changes from one print to the next, or names the machine, is taken
out: the same page and the same browser give the same bytes.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from pipelines.errors import UsageError
from pipelines.exchange.browser import PATIENCE, print_page


def write_pdf(page: Path, target: Path, *, patience: float = PATIENCE) -> int:
    """Print a page to `target`; returns how many sheets it has. The former file stays until the new one is whole.

    UsageError where the browser fails or writes no tags, or where `target` cannot be written.
    """
    if not target.parent.is_dir():
        raise UsageError(f"Le dossier « {target.parent} » n'existe pas. Le créer, ou choisir un autre --sortie.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".encours-") as staging:
            printed = Path(staging) / "page.pdf"
            print_page(page, printed, patience=patience)
            content, sheets = _settle(printed.read_bytes(), page.read_text(encoding="utf-8"))
            printed.write_bytes(content)
            printed.replace(target)
    except OSError as error:
        raise UsageError(
            f"Le fichier « {target} » ne peut pas être écrit ({error.strerror or error}). Le fermer s'il est ouvert, "
            "vérifier les droits et la place, ou choisir un autre --sortie."
        ) from error
    return sheets


def _settle(printed: bytes, html: str) -> tuple[bytes, int]:
    """The PDF without date or program, its outline spelt as the page spells it; and how many sheets it has."""
    reader = PdfReader(io.BytesIO(printed))
    if not reader.root_object.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in reader.root_object:
        raise UsageError(
            "Ce navigateur écrit un PDF sans balises, qu'un lecteur d'écran ne peut pas suivre. Le mettre à jour."
        )
    told = _Titles()
    told.feed(html)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = {"/Title": told.page_title}
    writer.root_object[NameObject("/Lang")] = TextStringObject("fr-FR")
    # Where a title wraps, the browser joins its lines without a space.
    spelt = {_squeeze(title): title for title in told.titles}
    for entry in _entries(writer.root_object.get("/Outlines", DictionaryObject()).get_object()):
        title = str(entry["/Title"])
        entry[NameObject("/Title")] = TextStringObject(spelt.get(_squeeze(title), title))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue(), len(reader.pages)


def _entries(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The entries of an outline below a node, from the top."""
    entry = node.get("/First")
    while entry is not None:
        yield entry.get_object()
        yield from _entries(entry.get_object())
        entry = entry.get_object().get("/Next")


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


class _Titles(HTMLParser):
    """The title of a page, and the text of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.page_title, self.titles, self._inside = "", [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" or re.fullmatch("h[1-6]", tag):
            self._inside = tag
            if tag != "title":
                self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.page_title += data
        elif self._inside:
            self.titles[-1] += data
