"""Slides as a room sees them: one screen each, moved by keys, read aloud, printed one a sheet; nothing cut."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from pipelines.report.slides import name_slides, render_slides
from tests.conftest import sample

COPIL = "9_synthese_copil"
# The committee's, the fullest page, a diagram.
DECKS = (COPIL, "2_suivi_programmation", "4_logique_impact--animation_territoriale")
SCREENS = ((1280, 720), (1920, 1080))
HEIGHTS = (
    "[...document.querySelectorAll('.diapositive')].map(slide => Math.round(slide.getBoundingClientRect().height))"
)
# What goes beyond the right edge of its slide, or below it: boxes that scroll hold what is in them.
CUT = """[...document.querySelectorAll('.diapositive')].flatMap(slide => {
  const edge = slide.getBoundingClientRect();
  return [...slide.querySelectorAll('*')]
    .filter(e => e.checkVisibility() && !e.closest('.masque') && !e.parentElement.closest('.defile, svg'))
    .map(e => [e.tagName, e.className, e.getBoundingClientRect()])
    .filter(([, , box]) => box.width && (box.right > edge.right + 1 || box.bottom > edge.bottom + 1))
    .map(([tag, name]) => `${slide.id} ${tag}.${name}`);
})"""
PLACE = """() => {
  const slides = [...document.querySelectorAll('.diapositive')];
  return { here: slides.findIndex(slide => Math.abs(slide.getBoundingClientRect().top) < 2) + 1,
           focus: document.activeElement.id };
}"""


@pytest.fixture
def deck(site: SimpleNamespace, tmp_path: Path) -> Callable[[str], Path]:
    """A function from the name of a report to the file of its slides, beside its page."""

    def write(name: str) -> Path:
        built = site.outputs / f"valenciennes/2022/{name}.html"
        page = tmp_path / built.name
        page.write_bytes(built.read_bytes())
        about = json.loads(built.with_suffix(".json").read_text(encoding="utf-8"))
        html, _ = render_slides(page.read_text(encoding="utf-8"), about, address=page.name)
        name_slides(page).write_text(html, encoding="utf-8")
        return name_slides(page)

    return write


@pytest.fixture
def opened(browser: Browser, deck: Callable[[str], Path]) -> Iterator[Callable[..., Page]]:
    """A function that opens the slides of a report in a window of some size."""
    contexts = []

    def show(name: str = COPIL, size: tuple[int, int] = SCREENS[0], **options: object) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(deck(name).as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_each_slide_of_the_committee_is_one_screen(opened: Callable[..., Page], size: tuple[int, int]) -> None:
    assert set(opened(size=size).evaluate(HEIGHTS)) == {size[1]}


@pytest.mark.parametrize(
    "size", sample([(size,) for size in ((320, 640), *SCREENS)], one_in=2), ids=lambda size: f"{size[0]}x{size[1]}"
)
@pytest.mark.parametrize("name", DECKS)
def test_nothing_is_cut(opened: Callable[..., Page], name: str, size: tuple[int, int]) -> None:
    page = opened(name, size)
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", sample(DECKS, one_in=3))
def test_slides_are_sound(inspect: Callable[..., list[str]], deck: Callable[[str], Path], name: str) -> None:
    """One h1, one script, no request, no violation that axe knows, in light and dark, on a phone and a screen."""
    assert inspect(deck(name)) == []


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowDown", "PageDown", "Space"])
@pytest.mark.parametrize("calm", sample(["reduce", "no-preference"], one_in=2))
def test_a_key_moves_one_slide_and_the_focus_with_it(opened: Callable[..., Page], key: str, calm: str) -> None:
    page = opened(reduced_motion=calm)
    for rank in (2, 3, 4):
        page.keyboard.press(key)
        assert page.evaluate(PLACE) == {"here": rank, "focus": f"diapositive-{rank}"}


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowUp", "PageUp", "Shift+Space"])
def test_a_key_moves_one_slide_back(opened: Callable[..., Page], key: str) -> None:
    page = opened()
    page.keyboard.press("End")
    last = page.locator(".diapositive").count()
    assert page.evaluate(PLACE) == {"here": last, "focus": f"diapositive-{last}"}
    page.keyboard.press("ArrowRight")
    assert page.evaluate(PLACE)["here"] == last
    page.keyboard.press(key)
    assert page.evaluate(PLACE) == {"here": last - 1, "focus": f"diapositive-{last - 1}"}
    page.keyboard.press("Home")
    page.keyboard.press(key)
    assert page.evaluate(PLACE)["here"] == 1


def test_escape_leads_to_the_section_of_the_page(opened: Callable[..., Page]) -> None:
    page = opened()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    anchor = page.locator("#diapositive-3 .bas a").get_attribute("href").partition("#")[2]
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/{COPIL}.html#{anchor}")
    assert page.locator(f"#{anchor}").count() == 1


def test_a_slide_taller_than_the_screen_says_so_and_is_read_to_its_end(opened: Callable[..., Page]) -> None:
    page = opened(size=(1280, 320))
    page.keyboard.press("ArrowRight")
    hint = page.locator("#diapositive-2 .plus-bas span")
    assert hint.is_visible()
    page.keyboard.press("ArrowDown")
    # The browser's own scroll takes its time.
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.id") == "diapositive-2"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(PLACE) == {"here": 3, "focus": "diapositive-3"}


def test_a_box_that_scrolls_keeps_its_arrows(opened: Callable[..., Page]) -> None:
    page = opened("2_suivi_programmation", (390, 844))
    page.wait_for_selector(".defile[tabindex]")
    page.locator(".defile[tabindex]").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.className") == "defile"


def test_without_script_all_slides_are_there(opened: Callable[..., Page]) -> None:
    page = opened(java_script_enabled=False)
    slides = page.locator(".diapositive")
    assert slides.count() > 5
    assert slides.filter(visible=True).count() == slides.count()
    assert page.locator(".plus-bas span").filter(visible=True).count() == 0


def test_a_slide_is_a_sheet_of_paper(opened: Callable[..., Page]) -> None:
    page = opened()
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == page.locator(".diapositive").count()
    assert all(1.40 < float(sheet.mediabox.width) / float(sheet.mediabox.height) < 1.43 for sheet in sheets)
    for rank, sheet in enumerate(sheets, start=1):
        text = sheet.extract_text()
        assert f"{rank} sur {len(sheets)}" in text
        assert "de démonstration" in text
        assert "Projet" in text
