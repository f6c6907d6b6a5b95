"""A Focus on paper: four sheets at most before its annexes, and nothing asked of the reader that paper cannot do."""

import io
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from pipelines.run.jobs import Notebook, known_notebooks

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
