"""A built page as people use it: keyboard, zoom, calm, no script, line by line; the index as they search it."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import sample

FULLEST, INDEX = "valenciennes/2022/2_suivi_programmation.html", "index.html"
FOCUSABLE = "a[href], button, input, select, summary, [tabindex='0']"
# The outline of what has the focus, and whether it is on the screen.
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { rank: [...document.querySelectorAll(FOCUSABLE)].filter(x => x.checkVisibility()).indexOf(e),
           outline: parseFloat(style.outlineWidth) * (style.outlineStyle !== 'none'), seen };
}""".replace("FOCUSABLE", f'"{FOCUSABLE}"')
# Characters of each full line of the paragraphs of the text.
LINES = """() => [...document.querySelectorAll('article > p')].flatMap(p => {
  const lines = new Map(), walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let node; node = walker.nextNode();) for (let i = 0; i < node.length; i++) {
    range.setStart(node, i); range.setEnd(node, i + 1);
    const top = Math.round(range.getBoundingClientRect().bottom / 12);
    lines.set(top, (lines.get(top) ?? 0) + 1);
  }
  return [...lines.values()].slice(0, -1);
})"""
MIDTERM = "valenciennes/2016/6_evaluation_mi_parcours.html"
ON_ONE_LINE = """heads => heads.filter(head => head.checkVisibility() && (() => {
  const range = document.createRange(); range.selectNodeContents(head); return range.getClientRects().length > 1;
})()).map(head => head.textContent)"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def opened(browser: Browser, site: SimpleNamespace) -> Iterator["Opened"]:
    opening = Opened(browser, site.outputs)
    yield opening
    opening.close()


class Opened:
    """Opens built pages; closes what it opened."""

    def __init__(self, browser: Browser, outputs: Path) -> None:
        self.browser, self.outputs, self.contexts = browser, outputs, []

    def __call__(self, page: str, *, width: int = 1280, **options: object) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.contexts.append(context)
        opened = context.new_page()
        opened.goto((self.outputs / page).as_uri())
        return opened

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.mark.parametrize("name", [FULLEST, INDEX])
def test_every_stop_of_the_keyboard_is_reached_in_order_and_seen(opened: Opened, name: str) -> None:
    # Calm: the page jumps to what has the focus, instead of gliding.
    page = opened(name, reduced_motion="reduce")
    stops = page.locator(FOCUSABLE).filter(visible=True).count()
    assert stops > 5
    for rank in range(stops):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused == {"rank": rank, "outline": 3, "seen": True}, page.evaluate("document.activeElement.outerHTML")
    # The last stop is no trap.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body || !document.hasFocus()")


def test_the_skip_link_leads_past_the_contents(opened: Opened) -> None:
    page = opened(FULLEST)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("width", sample([320, 640, 1280], one_in=3))
@pytest.mark.parametrize("name", [FULLEST, INDEX, "valenciennes/qualite.html", "valenciennes/accessibilite.html"])
def test_text_twice_as_large_or_spaced_out_stays_on_the_page(opened: Opened, name: str, width: int) -> None:
    # The policy of the page would refuse the reader's own sheet if it came from the page.
    page = opened(name, width=width, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate(WIDE) <= 0
    spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    page.add_style_tag(content=f"html {{ font-size: 100% }} {spaced}")
    assert page.evaluate(WIDE) <= 0


def test_nothing_moves_for_who_wants_calm(opened: Opened) -> None:
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert opened(FULLEST, reduced_motion="no-preference").evaluate(behaviour) == "smooth"
    calm = opened(FULLEST, reduced_motion="reduce")
    assert calm.evaluate(behaviour) == "auto"
    assert calm.evaluate("document.getAnimations().length") == 0


def test_the_marks_stand_out_where_the_reader_chooses_the_colours(opened: Opened) -> None:
    page = opened(FULLEST, forced_colors="active")
    assert page.locator(".bandeau").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.bandeau')).borderTopStyle") == "solid"


def test_a_line_of_text_holds_about_seventy_characters(opened: Opened) -> None:
    lines = sorted(opened(FULLEST).evaluate(LINES))
    assert len(lines) >= 5
    assert 58 <= lines[len(lines) // 2] <= 76
    assert lines[-1] <= 84


@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_code_that_heads_a_row_stays_on_one_line(opened: Opened, media: str) -> None:
    page = opened(MIDTERM)
    page.emulate_media(media=media)
    heads = page.locator(".bref tbody th")
    assert heads.count() > 20
    assert heads.evaluate_all(ON_ONE_LINE) == []


def test_only_a_box_that_scrolls_is_a_stop(opened: Opened) -> None:
    boxes = "[...document.querySelectorAll('main .defile')].filter(b => b.checkVisibility())"
    scrolls = f"{boxes}.filter(b => b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight).length"
    stops = f"{boxes}.filter(b => b.tabIndex === 0 && b.role === 'region' && b.ariaLabel).length"
    for width in (320, 1280):
        page = opened(FULLEST, width=width)
        page.wait_for_function(f"() => {scrolls} === {stops}")
        assert page.evaluate(f"{boxes}.length") > page.evaluate(stops) or width == 320
    assert opened(FULLEST, width=320).evaluate(stops) > 0


def test_the_contents_follow_the_reading(opened: Opened) -> None:
    page = opened(FULLEST)
    current = page.locator(".sommaire a[aria-current]")
    assert current.count() == 0
    for title in ("Qui finance", "Contrôles"):
        page.locator(".sommaire a", has_text=title).click()
        page.wait_for_function(
            "title => document.querySelector('.sommaire a[aria-current]')?.text.includes(title)", arg=title
        )
        assert current.count() == 1


def test_without_script_the_page_holds_everything(opened: Opened) -> None:
    page = opened(FULLEST, java_script_enabled=False)
    assert page.locator(".defile:not([tabindex='0'])").count() == 0
    index = opened(INDEX, java_script_enabled=False)
    assert index.locator(".filtres").is_hidden()
    assert index.locator(".rapports > li").filter(visible=True).count() == index.locator(".rapports > li").count() > 4


def test_a_table_is_downloaded_from_inside_the_page(opened: Opened, site: SimpleNamespace, tmp_path: Path) -> None:
    page = opened(FULLEST, accept_downloads=True)
    with page.expect_download() as waiting:
        page.locator("#tableau-1 a[download]").click()
    waiting.value.save_as(tmp_path / "t.csv")
    assert waiting.value.suggested_filename == "tableau-1.csv"
    beside = (site.outputs / FULLEST).with_name("2_suivi_programmation--tableau-1.csv")
    assert (tmp_path / "t.csv").read_bytes() == beside.read_bytes()


def _listed(page: Page) -> list[str]:
    return page.locator(".rapports > li .titre").filter(visible=True).all_inner_texts()


def test_the_index_is_searched_and_filtered(opened: Opened) -> None:
    page = opened(INDEX)
    every = _listed(page)
    total = page.locator("[data-rapport]").count()
    page.get_by_label("Chercher dans les titres").fill("  PROGRAMMATION sûivi ")
    assert _listed(page) == ["Suivi de la programmation"] * 2
    assert page.locator(".filtres output").inner_text() == f"2 rapports sur {total}"
    page.get_by_label("Chercher dans les titres").fill("projet")
    assert _listed(page) == [], "la mention « Projet » n'est pas un titre"
    page.get_by_label("Chercher dans les titres").fill("suivi")
    page.get_by_label("Année").select_option("2015")
    assert _listed(page) == ["Suivi de la programmation"]
    assert page.locator("main h3").filter(visible=True).all_inner_texts() == ["2015"]
    page.get_by_label("Type de rapport").select_option("Observation")
    assert _listed(page) == []
    assert page.locator(".filtres output").inner_text() == "Aucun rapport ne répond à ces critères."
    page.get_by_role("button", name="Tout montrer").click()
    page.wait_for_function(
        "count => document.querySelectorAll('.rapports > li:not([hidden])').length === count", arg=len(every)
    )
    assert _listed(page) == every
