"""The sections of a built page, block by block, as a slide takes them: what is there to be taken away is left out.

The page is ours and whole: each element is closed, and what came from data is escaped, so that a tag is always a tag.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

from markupsafe import Markup

from pipelines.numbers import count

# More rows are no slide: they are in the page.
ROWS = 8
# The height of a slide between its title and its foot, on the smallest screen of a meeting, in rem; what the head and
# the caption of a table, and a reading below it, take of it; what an image asks at least.
ROOM, HEAD, CAPTION, READING, IMAGE = 31.0, 5.5, 5.0, 4.5, 17.0
# How many characters a line of text, of a table, of a note holds.
TEXT, ROW, NOTE = 72, 116, 150
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Left to the page: downloads, folded data and methods, code, the sheets of a diagram, commentaries that nobody wrote.
_LEFT = {"telecharger", "donnees", "methode", "code", "feuillet", "absent"}
_HEAVY = {"figure", "dl", "pre", "div", "table"}
_LIGHT = re.compile(r'^\s*<div class="(?:commentaire|focus)')
_MARK = re.compile(r'^\s*<p class="marque">(?:(?!</p>).)*</p>\s*$', re.DOTALL)
_SOURCE = re.compile(r'^\s*<(?:p|details) class="sources?"')


@dataclass(frozen=True)
class Block:
    """A block of a section: its HTML and how much of a slide it takes, about (rem). `heavy`: a slide holds one such."""

    html: Markup
    height: float
    heavy: bool


@dataclass
class Section:
    """A section of the page: its title and anchor, "" for what comes before the first; its blocks, in order."""

    title: str = ""
    anchor: str = ""
    blocks: list[Block] = field(default_factory=list)


def read_sections(page: str) -> list[Section]:
    """The sections of a page's article; the first is what comes before any title, and may be without a block."""
    reader = _Article()
    reader.feed(page)
    reader.close()
    sections = [Section()]
    for title, anchor, block in reader.found:
        if anchor:
            sections.append(Section(title, anchor))
        elif block:
            sections[-1].blocks.append(block)
    return sections


def share_out(blocks: list[Block]) -> Iterator[list[Block]]:
    """The blocks of a section, slide after slide: one heavy block a slide, and no more than a screen holds."""
    slide: list[Block] = []
    for block in blocks:
        full = sum(one.height for one in slide) + block.height > ROOM
        if slide and (full or (block.heavy and any(one.heavy for one in slide))):
            yield slide
            slide = []
        slide.append(block)
    if slide:
        yield slide


class _Article(HTMLParser):
    """Reads the article of a page; `found` holds its titles and blocks: (title, anchor, block)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str, Block | None]] = []
        self._open: list[str] | None = None  # elements open inside the article; None outside it
        self._left = 0  # depth at which what is left out began
        self._html: list[str] = []
        self._text: list[str] = []
        self._anchor = ""
        self._rows: list[_Row] | None = None  # of the table being read
        self._height = 0.0
        self._items = 0
        self._noted: int | None = None  # length of the text before the caption

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open is None:
            self._open = [] if tag == "article" else None
            return
        about = dict(attrs)
        classes = set((about.get("class") or "").split())
        if not self._open:
            self._start(about)
        if tag not in _VOID:
            self._open.append(tag)
        if not self._left and classes & _LEFT:
            if "donnees" in classes and "".join(self._html).lstrip().startswith('<figure class="tableau'):
                self._write('<p class="note">Les lignes se lisent dans la page.</p>')
            self._left = len(self._open)
        self._count(tag, classes)
        self._write(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open:
            self._count(tag, set())
            self._write(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._open is None:
            return
        if not self._open:
            self._open = None
            return
        self._write(f"</{tag}>")
        if tag == "tbody" and not self._left:
            self._close_rows()
        if self._left == len(self._open):
            self._left = 0
        self._open.pop()
        if not self._open:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._write(data)
            self._text += [] if self._left else [data]

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _write(self, html: str) -> None:
        if not self._left:
            self._html.append(html)

    def _start(self, about: dict[str, str | None]) -> None:
        self._html, self._text, self._rows = [], [], None
        self._height, self._items, self._noted, self._anchor = 0.0, 0, None, about.get("id") or ""

    def _count(self, tag: str, classes: set[str]) -> None:
        """Note the room that an element takes besides its text, and where a row of a table begins."""
        if self._left:
            return
        if tag in ("img", "svg"):
            self._height += IMAGE
        elif tag in ("li", "dt"):
            self._items += 1
        elif tag == "figcaption":
            self._noted = self._length()
        elif tag == "tbody":
            self._rows = []
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].cells.append(self._length())
        elif tag == "tr" and self._rows is not None:
            self._rows.append(_Row("".join(self._html), self._length(), "ensemble" in classes))
            self._html = []

    def _length(self) -> int:
        return sum(map(len, self._text))

    def _close_rows(self) -> None:
        """Keep the first rows of a table and its total, as many as a slide holds; say how many are in the page."""
        rows, self._rows = self._rows or [], None
        if not rows:
            return
        # A row holds what stands before it: its own HTML is what stands before the next one.
        htmls = [*(row.before for row in rows[1:]), "".join(self._html).removesuffix("</tbody>")]
        ends = [*(row.start for row in rows[1:]), self._length()]
        heights = _heights([row.measure(end) for row, end in zip(rows, ends, strict=True)])
        whole = len(rows) <= ROWS and sum(heights) + HEAD <= ROOM - CAPTION
        most = ROOM - CAPTION - READING - 2 * (1 + any(row.is_total for row in rows))
        kept, height = [], HEAD
        for row, html, taken in zip(rows, htmls, heights, strict=True):
            fits = len(kept) < ROWS and (len(kept) < 3 or height + taken <= most)
            if whole or row.is_total or fits:
                kept.append(html)
                height += taken
        self._html = [rows[0].before, *kept, "</tbody>"]
        if len(kept) < len(rows):
            said = count(len(rows) - len(kept), "autre ligne se lit", "autres lignes se lisent")
            self._html.append(
                f'<tfoot><tr><td class="reste" colspan="{len(rows[0].cells)}">{said} dans la page.</td></tr></tfoot>'
            )
            height += 1.8
        self._height += height

    def _end(self, tag: str) -> None:
        html, text = "".join(self._html), re.sub(r"\s+", " ", "".join(self._text)).strip()
        if tag == "h2":
            self.found.append((unescape(text), self._anchor, None))
            return
        if not html.strip():
            return
        height = self._height
        if tag == "dl":
            height += 7.5 * math.ceil(self._items / 4)
        elif tag == "figure":
            height += 3 + 1.3 * math.ceil((self._length() - (self._noted or self._length())) / NOTE)
        else:
            height += 1.8 * max(self._items, math.ceil(len(text) / TEXT)) + 1
        block = Block(Markup(html), height, tag in _HEAVY and not _LIGHT.search(html))  # noqa: S704 from our own page
        before = self.found[-1][2] if self.found else None
        if before is not None and (_MARK.search(before.html) or _SOURCE.search(html)):
            # A mark goes with what it is on, sources with what they are of.
            joined = Markup("\n").join((before.html, block.html))
            self.found[-1] = ("", "", Block(joined, before.height + block.height, before.heavy or block.heavy))
            return
        self.found.append(("", "", block))


@dataclass
class _Row:
    """Where a row of a table begins: the HTML and the length of the text before it; where each of its cells begins."""

    before: str
    start: int
    is_total: bool
    cells: list[int] = field(default_factory=list)

    def measure(self, end: int) -> list[int]:
        """The length of each cell of the row, which ends at `end`."""
        return [after - start for start, after in pairwise([*self.cells, end])]


def _heights(rows: list[list[int]]) -> list[float]:
    """The height of each row (rem): a browser shares the width of a table in proportion to its longest cells."""
    longest = [max(8, *lengths) for lengths in zip(*rows, strict=True)]
    room = ROW - 3 * len(longest)
    widths = [length * min(1.0, room / sum(longest)) for length in longest]
    lines = [max(math.ceil(length / width) for length, width in zip(row, widths, strict=True)) for row in rows]
    return [0.6 + 1.4 * max(1, number) for number in lines]
