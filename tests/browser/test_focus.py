"""A Focus on paper: four sheets at most before its annexes, and nothing asked of the reader that paper cannot do."""

import io
import unicodedata
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from pipelines.run.notebooks import Notebook, known_notebooks

SHEETS = 4
FOCUS = [notebook for notebook in known_notebooks() if notebook.kind == "Focus"]
WITHOUT_ANNEXES = "document.querySelectorAll('.annexe, .pied').forEach(part => part.remove())"


def _print(browser: Browser, site: SimpleNamespace, notebook: Notebook) -> list[str]:
    """The texts of the sheets of the body of a page of 2022, printed without its annexes."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site.outputs / f"valenciennes/2022/{notebook.name}.html").as_uri())
        page.evaluate(WITHOUT_ANNEXES)
        reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    return [sheet.extract_text() for sheet in reader.pages]


def test_there_is_a_focus() -> None:
    assert FOCUS


@pytest.mark.parametrize("notebook", FOCUS, ids=lambda notebook: notebook.name)
def test_its_body_prints_on_four_sheets(browser: Browser, site: SimpleNamespace, notebook: Notebook) -> None:
    sheets = _print(browser, site, notebook)
    assert len(sheets) <= SHEETS
    assert "Et ensuite" in sheets[-1]


@pytest.mark.parametrize("notebook", FOCUS, ids=lambda notebook: notebook.name)
def test_a_folded_table_prints_its_title_and_no_row(
    browser: Browser, site: SimpleNamespace, notebook: Notebook
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site.outputs / f"valenciennes/2022/{notebook.name}.html").as_uri())
        page.emulate_media(media="print")
        folded = page.locator(".tableau:has(> details)")
        shown = [folded.locator(part) for part in (".titre", "summary", "figcaption", "tbody tr")]
        seen = [part.filter(visible=True).count() for part in shown]
        assert folded.count() > 0
        assert seen == [folded.count(), folded.count(), 0, 0]


WEIGHED = [notebook for notebook in FOCUS if "report.known(" in notebook.path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("notebook", WEIGHED, ids=lambda notebook: notebook.name)
def test_what_is_known_and_what_is_not_stand_side_by_side_then_one_under_the_other(
    browser: Browser, site: SimpleNamespace, notebook: Notebook
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site.outputs / f"valenciennes/2022/{notebook.name}.html").as_uri())
        for width, beside in ((1280, True), (390, False)):
            page.set_viewport_size({"width": width, "height": 900})
            known, unknown = (page.locator(".savoir > div").nth(place).bounding_box() for place in (0, 1))
            assert known is not None
            assert unknown is not None
            assert (known["y"] == unknown["y"]) is beside
            assert (known["x"] == unknown["x"]) is not beside


@pytest.mark.parametrize("notebook", WEIGHED, ids=lambda notebook: notebook.name)
def test_its_method_is_folded_on_screen_and_printed(
    browser: Browser, site: SimpleNamespace, notebook: Notebook
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site.outputs / f"valenciennes/2022/{notebook.name}.html").as_uri())
        method = page.locator("details.encart p")
        assert not method.is_visible()
        beginning = " ".join((method.text_content() or "").split()[:4])
    sheets = " ".join(" ".join(sheet.split()) for sheet in _print(browser, site, notebook))
    # A font joins letters that a search takes for one sign.
    assert beginning in unicodedata.normalize("NFKC", sheets)
