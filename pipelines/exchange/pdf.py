"""The page of a report as the tagged PDF that a council annexes to its deliberation.

The browser writes the tags and the outline; what changes from one print to the next, or names the machine, is taken
out: the same page and the same browser give the same bytes.
"""

import io
import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from pipelines.errors import UsageError
from pipelines.exchange.browser import PATIENCE, print_page
from pipelines.exchange.target import check_target, staged

LANGUAGE = "fr-FR"
# An address of another file. The browser would complete it with this machine's folders, and an annex stands alone.
ELSEWHERE = re.compile(r'(<a\b[^>]*?) href="(?!#|https?:|mailto:)[^"]*"', re.IGNORECASE)
# Roles that the browser writes and that PDF did not know before 2.0.
ROLES = {"/Strong": "/Span", "/Em": "/Span"}
# Title and language once more, where archives and checkers look for them. It claims no conformity: none was audited.
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def check_pdf_target(target: Path) -> None:
    """UsageError where a PDF cannot be written at `target`."""
    check_target(target, ".pdf", "d'un PDF")


def write_pdf(page: Path, target: Path, *, patience: float = PATIENCE) -> int:
    """Print a page to `target`; returns how many sheets it has. The former file stays until the new one is whole.

    UsageError where the browser fails or writes no tags, or where `target` cannot be written.
    """
    check_pdf_target(target)
    with staged(target) as folder:
        html = page.read_bytes().decode("utf-8")
        alone, printed = folder / "page.html", folder / "page.pdf"
        alone.write_bytes(ELSEWHERE.sub(r"\1", html).encode("utf-8"))
        print_page(alone, printed, patience=patience)
        content, sheets = _settle(printed.read_bytes(), html)
        printed.write_bytes(content)
        printed.replace(target)
    return sheets


def _settle(printed: bytes, html: str) -> tuple[bytes, int]:
    """The PDF without date or program, its tags and outline mended; and how many sheets it has."""
    reader = PdfReader(io.BytesIO(printed))
    if not reader.root_object.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in reader.root_object:
        raise UsageError(
            "Ce navigateur écrit un PDF sans balises, qu'un lecteur d'écran ne peut pas suivre. Le mettre à jour."
        )
    told = _Titles()
    told.feed(html)
    writer = PdfWriter(clone_from=reader)
    # Tags came with PDF 1.4; pypdf would write 1.3.
    writer.pdf_header = reader.pdf_header
    writer.metadata = {"/Title": told.page_title}
    described = StreamObject()
    described.set_data(XMP.format(title=escape(told.page_title), language=LANGUAGE).encode("utf-8"))
    described.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(described)
    writer.root_object[NameObject("/Lang")] = TextStringObject(LANGUAGE)
    _mend_tags(writer.root_object["/StructTreeRoot"])
    _renumber(writer.root_object["/StructTreeRoot"])
    _respell(writer.root_object.get("/Outlines", DictionaryObject()).get_object(), told.titles)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue(), len(reader.pages)


def _mend_tags(tree: DictionaryObject) -> None:
    """Leave the role of figure to images, which have an alternative, and say what the browser's newer roles are."""
    tree[NameObject("/RoleMap")] = DictionaryObject({NameObject(new): NameObject(old) for new, old in ROLES.items()})
    for element in _elements(tree):
        # HTML's figure holds a table, or an image with its caption: read as a figure, its parts would be skipped.
        if element["/S"] == "/Figure" and next(_elements(element), None) is not None:
            element[NameObject("/S")] = NameObject("/Div")
            element.pop("/Alt", None)


def _renumber(tree: DictionaryObject) -> None:
    """Number anew the head cells that the cells of a table name: the browser's own numbers change between prints.

    In the order of the former numbers, so that the index of them, `/IDTree`, stays sorted.
    """
    heads = [element for element in _elements(tree) if "/ID" in element]
    former = sorted({str(head["/ID"]) for head in heads})
    number = {name: TextStringObject(f"n{rank:08}") for rank, name in enumerate(former, start=1)}
    for head in heads:
        head[NameObject("/ID")] = number[str(head["/ID"])]
    attributes = [own.get_object() for element in _elements(tree) for own in _as_list(element.get("/A", []))]
    for holder in [*attributes, *_with_kids(tree.get("/IDTree", DictionaryObject()).get_object())]:
        for key in {"/Headers", "/Names", "/Limits"} & holder.keys():
            holder[NameObject(key)] = ArrayObject(number.get(str(entry), entry) for entry in holder.raw_get(key))


def _with_kids(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """A node of an index, and those below it."""
    yield node
    for kid in node.get("/Kids", []):
        yield from _with_kids(kid.get_object())


def _as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def _elements(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The elements of the structure tree below a node, in reading order."""
    for kid in _as_list(node.get("/K", [])):
        element = kid.get_object()
        if isinstance(element, DictionaryObject) and "/S" in element:
            yield element
            yield from _elements(element)


def _respell(outline: DictionaryObject, titles: list[str]) -> None:
    """Spell the outline as the page does: where a title wraps, the browser joins its lines without a space."""
    spelt = {_squeeze(title): title for title in titles}
    for entry in _entries(outline):
        title = str(entry["/Title"])
        entry[NameObject("/Title")] = TextStringObject(spelt.get(_squeeze(title), title))


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
