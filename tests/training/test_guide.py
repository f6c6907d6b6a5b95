"""The trainer's guide: the timetable by the clock, and every note, exercise and solution of the parts, once."""

import re

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pipelines.errors import UsageError
from pipelines.training.guide import render_guide, time_parts
from pipelines.training.learner import BEGIN, END, TRAINER, has_tag, read_solution
from pipelines.training.session import read_parts

ABOUT = {"nom_contrat": "Contrat <d'essai>", "annee": 2022, "fictif": True}
TOLD = {"titre": "Essai & <b>", "question": "Combien ?", "ordre": 1, "duree": 35, "acquis": ["Vous saurez compter."]}


def made(**told: object) -> NotebookNode:
    """A part with one exercise."""
    cells = [
        new_markdown_cell("# Essai"),
        new_markdown_cell("#### Minutage\n\n- 0-5 min : début", metadata={"tags": ["formateur"]}),
        new_markdown_cell("## Une section sans rien à dire"),
        new_markdown_cell("## Une section"),
        new_markdown_cell("### Exercice 1. Compter\n\nCombien ?"),
        new_markdown_cell(
            "<details><summary>Indice</summary>\n\nSur vos doigts.\n\n</details>", metadata={"tags": ["indice"]}
        ),
        new_code_cell(f"nb = ...\n{BEGIN}\nnb = '<script>'\n{END}", metadata={"tags": ["reponse"]}),
        new_markdown_cell("#### Erreurs fréquentes\n\n- Oublier le pouce.", metadata={"tags": ["formateur"]}),
    ]
    return new_notebook(cells=cells, metadata={"ose": TOLD | told})


def test_a_part_is_told_in_its_order() -> None:
    """Notes, statement, hint and solution; a section of which there is nothing to say is left out."""
    html = render_guide([("1_essai", made())], ABOUT)
    page = BeautifulSoup(html, "html.parser")
    headings = [heading.get_text(strip=True) for heading in page.select("article :is(h2, h3, h4)")]
    assert headings[2:] == [
        "1. Essai & <b>", "Ce que l'on saura faire", "Minutage", "Une section", "Exercice 1. Compter",
        "Erreurs fréquentes",
    ]  # fmt: skip
    hint, solution = page.select("details")
    assert "Sur vos doigts." in hint.get_text()
    assert solution.code.get_text() == "nb = '<script>'"
    assert not page.select("article script")
    assert html == render_guide([("1_essai", made())], ABOUT)


def test_the_page_is_one_of_the_template() -> None:
    """French, one h1, a skip link, contents that lead to what exists, no request, marked fictional."""
    page = BeautifulSoup(render_guide([("1_essai", made()), ("2_essai", made())], ABOUT), "html.parser")
    assert page.html["lang"] == "fr"
    assert len(page.select("h1")) == 1
    assert "Données fictives" in page.select_one(".bandeau").get_text()
    anchors = [link["href"].removeprefix("#") for link in page.select('a[href^="#"]')]
    assert {"contenu", "deroule", "preparer", "partie-1", "partie-2"} <= set(anchors)
    assert all(page.find(id=anchor) for anchor in anchors)
    assert not page.select("img, link[href^=http], script[src]")


@pytest.mark.parametrize(
    ("durations", "starts"),
    [
        ((35, 35, 40, 35, 30, 25), ["0 h 00", "0 h 35", "1 h 10", "1 h 50", "2 h 00", "2 h 35", "3 h 05"]),
        ((60, 5), ["0 h 00", "1 h 00"]),
        ((10, 10, 10), ["0 h 00", "0 h 10", "0 h 20"]),
    ],
)
def test_the_timetable_adds_up_the_durations_and_the_break(durations: tuple[int, ...], starts: list[str]) -> None:
    """A break after the third part, where another follows."""
    page = render_guide([(f"{rank}_essai", made(duree=minutes)) for rank, minutes in enumerate(durations)], ABOUT)
    rows = BeautifulSoup(page, "html.parser").select("#deroule ~ .defile tbody tr")
    assert [row.th.get_text() for row in rows[:-1]] == starts
    minutes = [int(re.sub(r"\D", "", row.select("td")[1].get_text())) for row in rows]
    assert minutes[-1] == sum(minutes[:-1]) == sum(durations) + (10 if len(durations) > 3 else 0)


@pytest.mark.parametrize("key", ["titre", "question", "duree", "acquis"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_part_that_lacks_what_the_guide_says_is_refused(key: str, value: object) -> None:
    """With its file, the key, and where to take it from."""
    with pytest.raises(UsageError, match=rf"^1_essai : .* « {key} »"):
        render_guide([("1_essai", made(**{key: value}))], ABOUT)


def test_half_a_day_is_three_hours_and_a_half() -> None:
    """Of the project's own parts: every note, hint and solution is in the guide, once."""
    parts = read_parts()
    html = render_guide(list(parts.items()), ABOUT)
    page = BeautifulSoup(html, "html.parser")
    assert "3 h 30, pause comprise" in page.select_one(".reperes").get_text()
    cells = [cell for notebook in parts.values() for cell in notebook.cells]
    answers = [read_solution(cell) for cell in cells if has_tag(cell, "reponse")]
    assert [code.get_text() for code in page.select("details pre code")] == answers
    notes = [cell for cell in cells if has_tag(cell, TRAINER)]
    told = [heading.get_text() for heading in page.select("article :is(h3, h4)")]
    for title in ("Minutage", "Erreurs fréquentes", "À discuter"):
        assert told.count(title) == sum(cell.source.startswith(f"#### {title}") for cell in notes) > 0


def test_no_part_no_time() -> None:
    """An empty day is empty."""
    assert time_parts([]) == []
