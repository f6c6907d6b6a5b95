"""The sections of a built page, block by block, as a slide takes them: what is there to be taken away is left out."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, SoupStrainer, Tag
from markupsafe import Markup

from pipelines.numbers import count

# More rows are no slide: they are in the page.
ROWS = 8
# The height of a slide between its title and its foot, on the smallest screen of a meeting, in rem; what the head and
# the caption of a table, and a reading below it, take of it; what an image asks at least.
ROOM, HEAD, CAPTION, READING, IMAGE = 31.0, 5.5, 5.0, 4.5, 17.0
# How many characters a line of text, of a table, of a note holds.
TEXT, ROW, NOTE = 72, 116, 150
# Left to the page: downloads, folded data and methods, code, the sheets of a diagram, commentaries that nobody wrote,
# where to compute again.
_LEFT = ".telecharger, .donnees, .methode, .code, .feuillet, .absent, .refaire"
_HEAVY = {"figure", "dl", "pre", "div", "table"}
_LIGHT = {"commentaire", "focus"}
_SOURCES = {"source", "sources"}


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


def read_sections(page: str, held: str = "dans la page") -> list[Section]:
    """The sections of a page's article; the first is what comes before any title, and may be without a block.

    `held`: where what is shortened is to be read whole, in French.
    """
    sections = [Section()]
    marked = False
    for element in BeautifulSoup(page, "html.parser", parse_only=SoupStrainer("article")).select("article > *"):
        if element.name == "h2":
            sections.append(Section(_text(element), str(element.get("id", ""))))
            marked = False
        elif not element.decomposed and (block := _read_block(element, held)):
            blocks = sections[-1].blocks
            # A mark goes with what it is on, sources with what they are of.
            if blocks and (marked or _is(element, _SOURCES)):
                last = blocks.pop()
                html = Markup("\n").join((last.html, block.html))
                block = Block(html, last.height + block.height, last.heavy or block.heavy)
            blocks.append(block)
            marked = _is(element, {"marque"})
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


def _read_block(element: Tag, held: str) -> Block | None:
    """A block without what is left to the page, its tables shortened; None where nothing is left of it."""
    if element.css.match(_LEFT):
        return None
    is_table = element.name == "figure" and _is(element, {"tableau"})
    for left in element.select(_LEFT):
        if is_table and _is(left, {"donnees"}):
            left.insert_before(_new("p", f"Les lignes se lisent {held}.", **{"class": "note"}))
        left.extract()
    height = IMAGE * len(element.select("img, svg"))
    height += sum(_shorten(table, held) for table in element.select("tbody"))
    items = len(element.select("li, dt"))
    if element.name == "dl":
        height += 7.5 * math.ceil(items / 4)
    elif element.name == "figure":
        note = element.find("figcaption")
        height += 3 + 1.3 * math.ceil(len(_text(note)) / NOTE if isinstance(note, Tag) else 0)
    else:
        height += 1.8 * max(items, math.ceil(len(_text(element)) / TEXT)) + 1
    heavy = element.name in _HEAVY and not _is(element, _LIGHT)
    return Block(Markup(str(element)), height, heavy)  # noqa: S704 from our own page


def _shorten(table: Tag, held: str) -> float:
    """Keep the first rows of a table and its total, as many as a slide holds, say how many it leaves; its height.

    `table`: a `tbody`; `held`: where the other rows are. Height in rem, that of the head of the table included.
    """
    rows = table.find_all("tr", recursive=False)
    if not rows:
        return 0
    cells = [[len(_text(cell)) for cell in row.find_all(["td", "th"], recursive=False)] for row in rows]
    heights = _heights(cells)
    totals = [_is(row, {"ensemble"}) for row in rows]
    whole = len(rows) <= ROWS and sum(heights) + HEAD <= ROOM - CAPTION
    most = ROOM - CAPTION - READING - 2 * (1 + any(totals))
    kept, height = 0, HEAD
    for row, taken, is_total in zip(rows, heights, totals, strict=True):
        if whole or is_total or (kept < ROWS and (kept < 3 or height + taken <= most)):
            kept += 1
            height += taken
        else:
            row.extract()
    if kept == len(rows):
        return height
    told = count(len(rows) - kept, "autre ligne se lit", "autres lignes se lisent")
    rest = _new("td", f"{told} {held}.", **{"class": "reste", "colspan": str(len(cells[0]))})
    table.insert_after(rest)
    rest.wrap(_new("tr", "")).wrap(_new("tfoot", ""))
    return height + 1.8


def _heights(rows: list[list[int]]) -> list[float]:
    """The height of each row (rem): a browser shares the width of a table in proportion to its longest cells.

    `rows`: the length of each cell of each row.
    """
    longest = [max(8, *lengths) for lengths in zip(*rows, strict=True)]
    room = ROW - 3 * len(longest)
    widths = [length * min(1.0, room / sum(longest)) for length in longest]
    lines = [max(math.ceil(length / width) for length, width in zip(row, widths, strict=True)) for row in rows]
    return [0.6 + 1.4 * max(1, number) for number in lines]


def _new(name: str, text: str, **attributes: str) -> Tag:
    return BeautifulSoup("", "html.parser").new_tag(name, string=text, attrs=attributes)


def _is(element: Tag, classes: set[str]) -> bool:
    return not classes.isdisjoint(element.get_attribute_list("class"))


def _text(element: Tag) -> str:
    """Its text, on one line."""
    return re.sub(r"\s+", " ", element.get_text()).strip()
