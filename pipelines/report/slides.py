"""A built page as slides: one section after the other, by the same template, in one file that opens offline."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from pipelines.report.sections import ROOM, Block, read_sections, share_out
from pipelines.report.templates import environment

SUFFIX = "--diapositives.html"
_ANCHORED = re.compile(r'(\bhref=")#([^"]*)"')
_NAMED = re.compile(r'\bid="([^"]*)"')


class Slide(NamedTuple):
    """One slide: title and anchor of its section in the page, whether it goes on with one, what it shows.

    `airy`: a few words, to be written large.
    """

    title: str
    anchor: str
    follows: bool
    airy: bool
    body: Markup


def name_slides(page: Path) -> Path:
    """Where the slides of a page are written: beside it."""
    return page.with_name(page.stem + SUFFIX)


def render_slides(page: str, about: Mapping[str, Any], *, address: str) -> tuple[str, int]:
    """The slides of a page as HTML, and how many they are, the title included.

    `about`: the provenance of the page; `address`: that of the page, from the slides, "" where there is none to go to.
    A section holds as many slides as its blocks take; the same page gives the same bytes.
    """
    before, *sections = read_sections(page, "dans la page" if address else "dans le notebook")
    slides = [
        Slide(section.title, section.anchor, rank > 0, _is_airy(blocks), Markup("\n").join(one.html for one in blocks))
        for section in sections
        for rank, blocks in enumerate(share_out(section.blocks))
    ]
    opening = Markup("\n").join(block.html for block in before.blocks if not block.heavy)
    marks = ["Document interne"] * about["interne"] + ["Projet, non approuvé"] * (about["statut"] == "projet")
    html = environment().get_template("slides.html.j2").render(
        about=about, slides=slides, total=len(slides) + 1, opening=opening, marks=marks, address=address
    )  # fmt: skip
    return (_lead_to_the_page(html, address) if address else html), len(slides) + 1


def _is_airy(blocks: list[Block]) -> bool:
    return not any(block.heavy for block in blocks) and sum(block.height for block in blocks) <= ROOM / 2


def _lead_to_the_page(html: str, address: str) -> str:
    """The slides, in which a link to what they left out leads to the page."""
    here = set(_NAMED.findall(html))
    return _ANCHORED.sub(lambda link: link[0] if link[2] in here else f'{link[1]}{address}#{link[2]}"', html)
