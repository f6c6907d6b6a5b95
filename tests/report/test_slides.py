"""A page cut into slides: what each holds, what stays in the page, nothing that runs, the same bytes."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipelines.report import blocks
from pipelines.report.grid import lay_out
from pipelines.report.page import render_page
from pipelines.report.sections import ROWS, read_sections
from pipelines.report.slides import render_slides
from tests.browser.test_page import HOSTILE, _about

SOURCES = ["Générateur de démonstration"]


def shown(html: str) -> object:
    return new_code_cell("x = 1", outputs=[new_output("display_data", data={"text/html": html})])


def table(rows: int, number: int = 1, *, total: bool = False, folded: bool = False) -> object:
    """A table shown, of so many rows, the last a total."""
    names = [f"Ligne {rank}" for rank in range(rows - total)] + ["Total"] * total
    frame = pd.DataFrame({"intitule": names, "nb_actions": range(rows)})
    about = {"number": number, "title": "Actions", "sources": SOURCES, "method": "Une méthode.", "note": "Une note."}
    csv_name = f"tableau-{number}.csv"
    html, _ = blocks.table_block(lay_out(frame), fictional=True, folded=folded, csv_name=csv_name, **about)
    return shown(html)


def slides(*cells: object, **about: object) -> tuple[str, int]:
    """The slides of a page of some cells after its title cell."""
    notebook = new_notebook(cells=[new_markdown_cell("# Titre\n\n**Question.** Quoi ?"), *cells])
    described = {**_about(), **about}
    return render_slides(render_page(notebook, described), described, address="page.html")


def cut(html: str) -> list[BeautifulSoup]:
    return BeautifulSoup(html, "html.parser").select("section.diapositive")


def section(text: str) -> object:
    return new_markdown_cell(f"## {text}")


def test_a_section_is_a_slide_in_the_order_of_the_page() -> None:
    html, number = slides(section("Une\n\nUn mot."), section("Deux\n\nUn autre mot."))
    found = cut(html)
    assert (number, [slide.h2.get_text(strip=True) for slide in found[1:]]) == (3, ["Une", "Deux"])
    assert found[0].h1.get_text().startswith("Suivi")
    assert "Quoi" in found[0].get_text()
    assert [slide["aria-label"] for slide in found] == [f"Diapositive {rank} sur 3" for rank in (1, 2, 3)]
    assert [slide.select_one(".bas span").get_text() for slide in found] == ["1 sur 3", "2 sur 3", "3 sur 3"]
    assert [slide.select_one(".bas a")["href"] for slide in found] == [
        "page.html", "page.html#section-une", "page.html#section-deux",
    ]  # fmt: skip


def test_two_tables_are_two_slides_and_the_second_goes_on() -> None:
    found = cut(slides(section("Une"), table(3), table(3, 2))[0])[1:]
    assert [slide.h2.get_text(" ", strip=True) for slide in found] == ["Une", "Une (suite)"]
    assert [len(slide.select("table")) for slide in found] == [1, 1]


@pytest.mark.parametrize("total", [False, True], ids=["sans_total", "avec_total"])
@pytest.mark.parametrize("rows", [3, ROWS, ROWS + 1, 40])
def test_a_long_table_keeps_its_head_and_its_total(rows: int, total: bool) -> None:
    (slide,) = cut(slides(section("Une"), table(rows, total=total))[0])[1:]
    lines, told = slide.select("tbody tr"), slide.select_one("tfoot")
    left = rows - len(lines)
    assert left == 0 if rows <= ROWS else len(lines) <= ROWS + total
    assert lines[0].th.get_text() == "Ligne 0"
    assert ("Total" in lines[-1].get_text()) is total
    assert (told.get_text() if told else "") == (f"{left} autres lignes se lisent dans la page." if left else "")


def test_what_is_to_be_taken_away_stays_in_the_page() -> None:
    html, _ = slides(section("Une"), table(3), table(3, 2, folded=True))
    found = cut(html)
    assert not re.search(r"data:text/csv|Télécharger|Une méthode|Refaire ce calcul", html)
    texts = [slide.get_text() for slide in found[1:]]
    assert [("Ligne 0" in text, "lignes se lisent dans la page" in text) for text in texts] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_sources_and_marks_go_with_their_figures() -> None:
    """A slide ends before the mark of key figures, never between them and their sources."""
    key = blocks.key_figures_block([("12", "actions", "")], sources=SOURCES, fictional=True)
    notebook = new_notebook(cells=[new_markdown_cell("# T"), section("Une"), shown(key), shown(key)])
    own = read_sections(render_page(notebook, _about()))[1]
    parts = [BeautifulSoup(block.html, "html.parser") for block in own.blocks]
    assert [(len(part.select("dl")), len(part.select(".fictif")), len(part.select(".source"))) for part in parts] == [
        (1, 1, 1), (1, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("about", "marks"),
    [
        (
            {"statut": "projet", "fictif": True, "interne": True},
            ["Document interne", "Projet, non approuvé", "Données fictives de démonstration"],
        ),
        ({"statut": "definitif", "fictif": False, "interne": False}, []),
    ],
)  # fmt: skip
def test_each_slide_bears_the_marks_of_the_page(about: dict[str, object], marks: list[str]) -> None:
    for slide in cut(slides(section("Une\n\nUn mot."), **about)[0]):
        assert [mark.get_text() for mark in slide.select(".haut .marques span")] == marks


def test_what_data_hold_is_text() -> None:
    reading = shown(blocks.reading_block(HOSTILE))
    html, _ = slides(section("Une"), reading)
    soup = BeautifulSoup(html, "html.parser")
    assert len(soup.select("script")) == 1
    assert "<script>alert(1)</script>" in soup.select_one(".lecture").get_text()
    assert "engagé" in html


def test_a_link_to_what_is_left_out_leads_to_the_page() -> None:
    text = "[le tableau](#tableau-1), [les sources](#sources)"
    html, _ = slides(section(f"Une\n\n{text}"), table(3))
    links = [link["href"] for link in BeautifulSoup(html, "html.parser").select(".corps p a")]
    assert links[:2] == ["#tableau-1", "page.html#sources"]


def test_the_same_page_gives_the_same_bytes() -> None:
    cells = (section("Une"), table(40), section("Deux\n\nUn mot."))
    assert slides(*cells) == slides(*cells)


def test_nothing_of_a_section_is_lost() -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# T\n\nAvant."), section("Une\n\nDedans."), table(3)])
    before, own = read_sections(render_page(notebook, _about()))
    assert ([len(before.blocks), len(own.blocks)], own.anchor) == ([1, 2], "section-une")
    assert "Avant." in before.blocks[0].html
