"""Diagrams in a real browser: sound, legible, lit by pointer, finger and key, and cut between boxes on paper."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from pipelines.charts.diagram import Diagram, draw_logic_model
from pipelines.report import blocks
from pipelines.report.grid import lay_out
from pipelines.report.page import render_page
from pipelines.report.report import FICTIONAL
from tests.browser.conftest import ENDS
from tests.browser.test_page import HOSTILE, _about
from tests.charts.diagram_samples import CYCLES, HEADINGS, SMALL_LINKS, large, small

# What leaves its box, of all texts; what is smaller than twelve pixels.
OUTSIDE = """svg => [...svg.querySelectorAll('.boite')].filter(box => {
    const {x, y, width, height} = box.querySelector('rect').getBBox();
    return [...box.querySelectorAll('text')].map(text => text.getBBox()).some(text => text.x < x || text.y < y ||
        text.x + text.width > x + width || text.y + text.height > y + height); }).map(box => box.textContent)"""
LIT = """svg => [[...svg.querySelectorAll('.boite.voie')].map(box => +box.dataset.noeud),
    [...svg.querySelectorAll('.lien.voie')].map(tie => [+tie.dataset.de, +tie.dataset.vers])]"""
FACES = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "sans-serif")


def _draw(model: tuple[pd.DataFrame, pd.DataFrame], title: str = "Un modèle") -> Diagram:
    return draw_logic_model(*model, title=title, levels=HEADINGS, mermaid="flowchart LR")


def _write(folder: Path, *diagrams: Diagram, title: str = "Le modèle") -> Path:
    about = {"title": title, "sources": ["Source"], "note": title, "fictional": True, "said": FICTIONAL}
    shown = [
        blocks.diagram_block(one, lay_out(one.nodes), lay_out(one.edges), number=at, **about)
        for at, one in enumerate(diagrams, start=1)
    ]
    outputs = [new_output("display_data", data={"text/html": html}) for html in shown]
    path = folder / "page.html"
    cells = [new_code_cell("x", outputs=[output]) for output in outputs]
    path.write_text(render_page(new_notebook(cells=cells), _about()), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, Diagram]]:
    diagram = _draw(small(SMALL_LINKS + CYCLES[1:3]))
    with browser.new_context(viewport={"width": 1280, "height": 1400}, has_touch=True) as context:
        page = context.new_page()
        page.goto(_write(tmp_path, diagram).as_uri())
        yield page, diagram


def _causal(diagram: Diagram, code: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The nodes before and after one, and the links on the way, found link by link."""
    links = list(zip(diagram.edges["code_source"], diagram.edges["code_cible"], strict=True))
    before, after = {code}, {code}
    for _ in links:
        before |= {source for source, target in links if target in before}
        after |= {target for source, target in links if source in after}
    return before | after, {(one, other) for one, other in links if other in before or one in after}


def _lit(page: Page, diagram: Diagram) -> tuple[set[str], set[tuple[str, str]]]:
    codes = list(diagram.nodes["code_noeud"])
    boxes, ties = page.locator(".modele").evaluate(LIT)
    return {codes[at] for at in boxes}, {(codes[one], codes[other]) for one, other in ties}


def test_a_page_with_diagrams_of_hostile_text_is_sound(inspect: object, tmp_path: Path) -> None:
    diagrams = [_draw(small(SMALL_LINKS + CYCLES)), _draw(small(label=HOSTILE), HOSTILE), _draw(large(40))]
    assert inspect(_write(tmp_path, *diagrams, title=HOSTILE), ENDS) == []


@pytest.mark.parametrize("code", ["a1", "b3", "c3", "G", "b4"])
def test_focus_lights_the_causal_paths_and_escape_puts_them_out(opened: tuple[Page, Diagram], code: str) -> None:
    page, diagram = opened
    rank = list(diagram.nodes["code_noeud"]).index(code)
    page.locator(".boite").nth(rank).focus()
    assert _lit(page, diagram) == _causal(diagram, code)
    page.keyboard.press("Escape")
    assert _lit(page, diagram) == (set(), set())
    assert page.locator(".allume").count() == 0


def test_the_tab_key_goes_from_box_to_box_and_enter_to_the_row(opened: tuple[Page, Diagram]) -> None:
    page, diagram = opened
    page.locator(".boite").first.focus()
    page.keyboard.press("Tab")
    second = diagram.nodes["code_noeud"].iloc[1]
    assert page.evaluate("document.activeElement.dataset.noeud") == "1"
    assert _lit(page, diagram) == _causal(diagram, second)
    page.keyboard.press("Enter")
    assert page.locator("tr:target th").text_content() == second
    assert page.locator("tr:target").is_visible()


def test_the_pointer_lights_what_it_is_on_and_nothing_when_it_leaves(opened: tuple[Page, Diagram]) -> None:
    page, diagram = opened
    page.locator(".boite").nth(5).hover()
    assert _lit(page, diagram) == _causal(diagram, diagram.nodes["code_noeud"].iloc[5])
    page.mouse.move(5, 5)
    assert _lit(page, diagram) == (set(), set())


def test_a_finger_lights_first_and_goes_to_the_row_next(opened: tuple[Page, Diagram]) -> None:
    page, diagram = opened
    page.locator(".boite").nth(2).tap()
    assert _lit(page, diagram) == _causal(diagram, diagram.nodes["code_noeud"].iloc[2])
    assert "#" not in page.url
    page.locator(".boite").nth(2).tap()
    assert page.url.endswith("#figure-1-n2")


@pytest.mark.parametrize("face", [FACES[-1], *(pytest.param(face, marks=pytest.mark.long) for face in FACES[:-1])])
@pytest.mark.parametrize(
    "label", [None, "W" * 300, "Il accompagne l'illisible " * 20], ids=["plain", "wide", "endless"]
)
def test_no_text_leaves_its_box(browser: Browser, face: str, label: str | None) -> None:
    svg = _draw(small(label=label)).svg.replace("system-ui, -apple-system", f"'{face}'")
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(svg)
        assert page.locator("svg").evaluate(OUTSIDE) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_letters_are_legible_and_the_page_does_not_scroll_sideways(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    path = _write(tmp_path, _draw(small()))
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        scale = page.locator(".modele").evaluate("svg => svg.getScreenCTM().a")
        room = page.locator(".planche > .defile").evaluate("box => [box.clientWidth, box.scrollWidth]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert 12 * scale >= 11.85
    assert room[0] == room[1] if width == 1280 else room[0] < room[1]


def test_a_dark_page_has_a_dark_drawing(browser: Browser, tmp_path: Path) -> None:
    path = _write(tmp_path, _draw(small()))
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(path.as_uri())
        fills = page.locator(".boite rect").evaluate_all("rects => rects.map(rect => getComputedStyle(rect).fill)")
    assert set(fills) == {"rgb(17, 23, 29)"}


def _print(browser: Browser, path: Path) -> PdfReader:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def _across(reader: PdfReader) -> Sequence[str]:
    return [page.extract_text() for page in reader.pages if page.mediabox.width > page.mediabox.height]


def _letters(reader: PdfReader) -> set[float]:
    """Sizes in points of what is printed on sheets across, between their heads and feet."""
    sizes: set[float] = set()
    for page in reader.pages:
        if page.mediabox.width < page.mediabox.height:
            continue

        def note(text: str, user: Sequence[float], own: Sequence[float], _font: object, size: float) -> None:
            high = abs(user[3] * own[3] * size)
            if text.strip() and 40 < user[3] * own[5] + user[5] < 545:
                sizes.add(round(high, 2))

        page.extract_text(visitor_text=note)
    return sizes


@pytest.mark.parametrize(("size", "most"), [(23, 1), (60, 3)])
def test_paper_has_the_diagram_across_on_as_many_sheets_as_it_says(
    browser: Browser, tmp_path: Path, size: int, most: int
) -> None:
    diagram = _draw(large(size))
    reader = _print(browser, _write(tmp_path, diagram))
    sheets = _across(reader)
    assert len(sheets) == len(diagram.sheets) <= most
    assert min(_letters(reader)) >= 6.5
    # A printed « fi » may be one letter.
    sheets = [unicodedata.normalize("NFKC", sheet) for sheet in sheets]
    text = " ".join(sheets)
    numbered = range(1, len(sheets) + 1) if len(sheets) > 1 else []
    assert all(text.count(f"Feuille {at} sur {len(sheets)}") == 1 for at in numbered)
    assert all(FICTIONAL in sheet for sheet in sheets)
    assert all(code in text for code in diagram.nodes["code_noeud"])


@pytest.mark.parametrize(("size", "below"), [(6, True), (23, False)], ids=["below", "next page"])
def test_notes_follow_on_the_sheet_or_on_the_next_page_upright(
    browser: Browser, tmp_path: Path, size: int, below: bool
) -> None:
    reader = _print(browser, _write(tmp_path, _draw(large(size)), title="Ce que dit la note"))
    across = _across(reader)
    assert len(across) == 1
    assert ("Note" in across[0]) == below
