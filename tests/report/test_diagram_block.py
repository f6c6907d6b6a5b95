"""A diagram shown in a report: numbered, marked, led to its rows, and spoken of by commentaries."""

import base64
import re

import pytest
from bs4 import BeautifulSoup

from pipelines.charts.diagram import Diagram, draw_logic_model
from pipelines.exchange.mermaid import to_mermaid
from pipelines.fingerprint import digest
from pipelines.report import blocks
from pipelines.report.grid import lay_out
from pipelines.report.report import FICTIONAL, Report
from tests.charts.diagram_samples import HEADINGS, small
from tests.report.test_blocks import HOSTILE
from tests.report.test_sources import source


@pytest.fixture
def report() -> Report:
    contract = {
        "seuils": {"petit_effectif": 5},
        "orientations": [],
        "date_arret": "2021-06-30",
        "sources": [source("reelle", False), source("inventee", True)],
        "sources_nationales": [],
    }
    tables = {"modele": {"sources": ["reelle"]}, "exemple": {"sources": ["inventee"]}}
    return Report("essai", 2020, {"contrat": contract, "tables": tables})


def _draw(verdict: str = "non_examine", label: str | None = None) -> Diagram:
    nodes, edges = small(label=label)
    edges.loc[0, "verdict"] = verdict
    return draw_logic_model(
        nodes, edges, title="Un modèle", levels=HEADINGS, mermaid=to_mermaid(nodes, edges, HEADINGS)
    )


def _block(diagram: Diagram, *, title: str = "Modèle", said: str = "") -> BeautifulSoup:
    html = blocks.diagram_block(
        diagram,
        *map(lay_out, (diagram.nodes, diagram.edges)),
        number=1,
        title=title,
        sources=[title],
        note=title,
        fictional=bool(said),
        said=said,
    )
    assert html.startswith(blocks.MARK)
    return BeautifulSoup(html, "html.parser")


def _files(soup: BeautifulSoup) -> dict[str, str]:
    """What each download of the figure holds, by its name."""
    links = soup.select("a[download]")
    return {link["download"]: base64.b64decode(link["href"].partition("base64,")[2]).decode("utf-8") for link in links}


def test_it_is_counted_as_a_figure(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    report.show(_draw(), "Un", sources=["modele"])
    report.show(_draw().nodes, "Deux", sources=["modele"])
    report.show(_draw(), "Trois", sources=["modele"])
    # What is displayed outside a notebook is printed as a whole: each name once or more.
    said = re.findall(r"(?:Figure|Tableau) \d\. \w+", capsys.readouterr().out)
    assert list(dict.fromkeys(said)) == [
        "Figure 1. Un",
        "Tableau 1. Deux",
        "Figure 2. Trois",
    ]


@pytest.mark.parametrize(("table", "fictional"), [("modele", False), ("exemple", True)])
def test_what_is_fictional_marks_what_is_read_of_it(report: Report, table: str, fictional: bool) -> None:
    report.show(_draw(), "Modèle", sources=[table])
    assert report._fictional == fictional


@pytest.mark.parametrize("said", ["", FICTIONAL], ids=["real", "fictional"])
def test_the_mark_is_in_the_page_on_paper_and_in_both_downloads(said: str) -> None:
    soup = _block(_draw(), said=said)
    files = _files(soup)
    shown = [
        soup.select_one(".titre").get_text(),
        soup.select_one("svg.modele").get_text(),
        *(sheet.get_text() for sheet in soup.select("svg.feuillet")),
        files["figure-1.svg"],
        files["figure-1.mmd"],
    ]
    assert len(shown) == 5
    assert [FICTIONAL.lower() in text.lower() for text in shown] == [bool(said)] * 5


def test_each_box_leads_to_the_row_of_its_node() -> None:
    diagram = _draw()
    soup = _block(diagram)
    boxes = soup.select("svg.modele a.boite")
    rows = [soup.find(id=box["href"].removeprefix("#")) for box in boxes]
    assert [row.find("th").get_text() for row in rows] == list(diagram.nodes["code_noeud"])
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_hostile_text_is_text() -> None:
    soup = _block(_draw(label=HOSTILE), title=HOSTILE)
    assert soup.select("script, img") == []
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert BeautifulSoup(_files(soup)["figure-1.svg"], "html.parser").select("script, img") == []
    assert "<script" not in _files(soup)["figure-1.mmd"]
    assert "alert(1)" in soup.select_one("svg.modele").get_text()


def test_a_changed_verdict_changes_what_a_commentary_speaks_of(report: Report) -> None:
    prints = []
    for verdict in ("non_examine", "contredit", "non_examine"):
        report._spoken_of.clear()
        report.show(_draw(verdict), "Modèle", sources=["modele"])
        prints.append(digest(report._spoken_of))
    assert prints[0] == prints[2] != prints[1]
