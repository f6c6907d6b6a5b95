"""On the built pages: what is fictional says so wherever it is seen, and what is real does not."""

from pathlib import Path
from types import SimpleNamespace

from bs4 import BeautifulSoup, Tag

MARK = "Données fictives de démonstration"


def soup(site: SimpleNamespace, name: str) -> BeautifulSoup:
    """A page of the last year."""
    path: Path = site.outputs / "valenciennes" / "2022" / f"{name}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def marked(block: Tag) -> bool:
    """Does the block, or the line just before key figures, carry the mark?"""
    before = block.find_previous_sibling() if "chiffres" in block.get("class", []) else None
    return MARK in block.get_text() or (before is not None and MARK in before.get_text())


def test_every_figure_of_the_programmes_is_marked(site: SimpleNamespace) -> None:
    blocks = soup(site, "2_suivi_programmation").select("main figure, main dl.chiffres, main p.lecture")
    assert len(blocks) > 15
    assert [block.get_text()[:60] for block in blocks if not marked(block)] == []


def test_real_figures_are_not_marked(site: SimpleNamespace) -> None:
    page = soup(site, "1_observation_france")
    assert len(page.select("main figure")) >= 4
    assert MARK not in page.get_text()


def test_the_invented_panel_is_told_from_the_real_quartiers(site: SimpleNamespace) -> None:
    figures = soup(site, "1_observation").select("main figure")
    invented = [figure for figure in figures if "Générateur de démonstration" in figure.get_text()]
    assert 5 <= len(invented) < len(figures) - 10
    assert all(marked(figure) for figure in invented)
    assert not any(marked(figure) for figure in figures if figure not in invented)


def test_the_annual_report_tells_them_apart(site: SimpleNamespace) -> None:
    page = soup(site, "7_rapport_annuel")
    assert MARK in page.select_one(".bandeau").get_text()
    figures = page.select("main figure")
    real = [figure for figure in figures if not marked(figure)]
    assert 4 <= len(real) < len(figures)
    # A source that is invented says so in its title.
    assert all("données fictives de démonstration" not in figure.get_text() for figure in real)
    assert all("données fictives de démonstration" in figure.get_text() for figure in figures if marked(figure))
