"""The synthesis for the committee on paper: two sheets, in every year of the contract that is built."""

import io
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

WITHOUT_ANNEXES = "document.querySelectorAll('.annexe, .pied').forEach(part => part.remove())"


@pytest.mark.parametrize("year", [2015, 2022])
def test_its_body_prints_on_two_sheets(browser: Browser, site: SimpleNamespace, year: int) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site.outputs / f"valenciennes/{year}/9_synthese_copil.html").as_uri())
        page.evaluate(WITHOUT_ANNEXES)
        sheets = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
    assert len(sheets) == 2
    assert "Que faut-il décider" in sheets[0].extract_text()
    assert "depuis le dernier comité" in sheets[-1].extract_text()
