"""The prose of every built page: numbers come from values, words claim what the evidence allows, references lead."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

from pipelines.paths import NOTEBOOKS
from pipelines.report.lint import find_bare_digits, find_causal_words
from pipelines.training.session import PARTS
from tests.shipped import shipped_contract

LABELS = [orientation.libelle for orientation in shipped_contract().orientations]
# What a sentence holds and does not say itself.
HELD = "data, bdi, a.renvoi, .fictif, summary"
# How the titles begin of what is made from tables, definitions, notebooks or missing pieces: no file of data behind.
WITHOUT_SOURCE = (
    "Les tables du contrat", "Définitions", "Les Focus de l'année, section par section du décret",
    "Ce que contient chaque section", "Ce qui manque, pièce par pièce",
)  # fmt: skip
MARKS = re.compile("[\ue000-\ue002]|\\\\ue00[0-2]", re.IGNORECASE)
Shown = tuple[str, Tag, bool]


def _own_words(tag: Tag) -> str:
    """The text of an element without its values, names and marks."""
    copy = BeautifulSoup(str(tag), "html.parser")
    for held in copy.select(HELD):
        held.replace_with(" ")
    return copy.get_text()


def _strength(block: Tag) -> int:
    """The strength of evidence that a block prints; that of a description where it prints none."""
    line = block.select_one(".preuve")
    return int(re.search(r"\d", line.get_text())[0]) if line else 2


@pytest.fixture(scope="module")
def shown(site: SimpleNamespace) -> list[Shown]:
    """Whatever the cells of every executed notebook show: page, block, whether a causal design is claimed."""
    return list(_blocks(site.outputs))


def _blocks(outputs: Path) -> Iterator[Shown]:
    for path in sorted(outputs.rglob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                html = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
                yield f"{path.stem} {cell.id}", html, "causal=True" in cell.source


@pytest.fixture(scope="module")
def pages(site: SimpleNamespace) -> dict[str, BeautifulSoup]:
    # A page that no notebook made lists files and pages: it measures nothing.
    paths = [path for path in sorted(site.outputs.rglob("*.html")) if path.with_suffix(".ipynb").is_file()]
    return {path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in paths}


def test_no_mark_is_left_in_what_is_written(site: SimpleNamespace) -> None:
    read = [path for path in site.outputs.rglob("*") if path.suffix in (".html", ".csv", ".ipynb", ".json")]
    assert len(read) > 100
    assert [path.name for path in read if MARKS.search(path.read_text(encoding="utf-8"))] == []


def test_every_number_of_a_reading_comes_from_a_value(shown: list[Shown]) -> None:
    told = [(where, tag) for where, html, _ in shown for tag in html.select(".lecture, .refus")]
    assert len(told) > 150
    faults = [(where, digits) for where, tag in told if (digits := find_bare_digits(_own_words(tag)))]
    assert faults == []


def test_a_value_is_read_by_a_machine(pages: dict[str, BeautifulSoup]) -> None:
    held = {data["value"] for page in pages.values() for data in page.select("data")}
    assert len(held) > 150
    for value in held:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            datetime.date.fromisoformat(value)
        else:
            float(value)


def test_no_sentence_claims_a_cause_that_its_evidence_does_not_allow(shown: list[Shown]) -> None:
    faults, force = [], 2
    for where, html, causal in shown:
        for tag in html.select("figure.tableau, figure.figure, figure.diagramme"):
            force = _strength(tag)
        for tag in html.select(".lecture, .refus, .note, .methode p, .constat p, .savoir li"):
            allowed = 4 if causal else force
            words = find_causal_words(_own_words(tag), force=allowed, causal=causal, exempt=LABELS)
            faults += [(where, word) for word in words]
    assert faults == []


# The training teaches these very words.
@pytest.mark.parametrize(
    "path", [path for path in sorted(NOTEBOOKS.rglob("*.ipynb")) if path.parent != PARTS], ids=lambda path: path.stem
)
def test_no_written_cell_claims_a_cause(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert [word for text in prose for word in find_causal_words(text, exempt=LABELS)] == []


def test_every_table_and_figure_is_numbered_sourced_and_weighed(pages: dict[str, BeautifulSoup]) -> None:
    faults = []
    for name, page in pages.items():
        for kind in ("tableau", "figure"):
            numbers = [int(tag["id"].split("-")[1]) for tag in page.select(f"figure[id^={kind}-]")]
            if numbers != list(range(1, len(numbers) + 1)):
                faults.append((name, kind, numbers))
        for tag in page.select("figure[id^=tableau-], figure[id^=figure-]"):
            sources = [line.get_text() for line in tag.select(".source bdi, .sources li")]
            title = tag.select_one(".titre, caption .legende").get_text().partition(".")[2].strip()
            if not sources and not title.startswith(WITHOUT_SOURCE):
                faults.append((name, tag["id"], title))
            faults += [(name, tag["id"], line) for line in sources if not re.search(r"millésime.*\(décalage", line)]
            # What rests on no source has no evidence to weigh.
            weighed = [line.get_text() for line in tag.select(".preuve")]
            if not re.fullmatch(r"Force de la preuve\s: [1-4] sur 4, .+\." if sources else "", "".join(weighed)):
                faults.append((name, tag["id"], weighed))
    assert faults == []


def test_a_reference_leads_to_what_it_names(pages: dict[str, BeautifulSoup]) -> None:
    faults = []
    for name, page in pages.items():
        for link in page.select("a.renvoi"):
            kind, number = link.get_text().split()
            if link["href"] != f"#{kind}-{number}" or not page.find(id=f"{kind}-{number}"):
                faults.append((name, link["href"], link.get_text()))
    assert faults == []
