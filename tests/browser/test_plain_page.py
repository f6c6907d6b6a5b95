"""The plain-language page: short sentences, no acronym left alone, nothing to scroll sideways on a phone."""

import csv
import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from pipelines.paths import RAW

NAME = "7_rapport_en_clair"
# A sentence is as long as a breath.
WORDS = 20
WIDE = """[...document.querySelectorAll('.defile, table, figure, p, ul')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth)
    .map(e => e.tagName + '.' + e.className)"""
YEARS = (2015, 2022)


def article(site: SimpleNamespace, year: int) -> Tag:
    html = (site.outputs / f"valenciennes/{year}/{NAME}.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser").article


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?…])\s+", re.sub(r"\s+", " ", text).strip()) if part]


@pytest.mark.parametrize("year", YEARS)
def test_sentences_are_short(site: SimpleNamespace, year: int) -> None:
    prose = [
        p.get_text() for p in article(site, year).select("p:not(.source, .commentaire, figcaption p), li, dd, h2, h3")
    ]
    found = [sentence for text in prose for sentence in sentences(text)]
    assert len(found) > 40
    lengths = {sentence: len(re.findall(r"[\w'’-]+", sentence)) for sentence in found}
    assert {sentence: length for sentence, length in lengths.items() if length > WORDS} == {}
    assert sum(lengths.values()) / len(found) < 12


@pytest.mark.parametrize("year", YEARS)
def test_tables_have_two_columns(site: SimpleNamespace, year: int) -> None:
    heads = [len(table.select("thead th")) for table in article(site, year).select("table")]
    assert heads
    assert max(heads) == 2


@pytest.mark.parametrize("year", YEARS)
def test_no_acronym_is_left_unexplained(site: SimpleNamespace, year: int) -> None:
    own = article(site, year)
    with (RAW / "_national/sigles.csv").open(encoding="utf-8") as file:
        known = {form for row in csv.DictReader(file, delimiter=";") for form in row["sigle"].split(" / ")}
    explained = {head.get_text() for figure in own.select("figure") for head in figure.select("tbody th")}
    for part in own.select("figure, .source, .commentaire"):
        part.decompose()
    used = {word for word in re.findall(r"[\w+]+", own.get_text()) if word in known}
    assert used <= explained


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, site: SimpleNamespace, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto((site.outputs / f"valenciennes/2022/{NAME}.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate(WIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("year", YEARS)
def test_its_figures_are_those_of_the_annual_report(site: SimpleNamespace, year: int) -> None:
    """The same key figures, read in both pages: actions granted, euros granted and paid."""
    pages = [site.outputs / f"valenciennes/{year}/{name}.html" for name in (NAME, "7_rapport_annuel")]
    read = [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in pages]
    plain, whole = ([dd.get_text() for dd in page.select("article .chiffres .valeur")[:3]] for page in read)
    assert len(plain) == 3
    assert plain == whole
