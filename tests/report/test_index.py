"""The index: every report reachable, by contract, the latest year first."""

from typing import Any

from bs4 import BeautifulSoup

from pipelines.report.index import render_index


def _entry(contrat: str, annee: int, titre: str, **changes: object) -> dict[str, Any]:
    entry = {"titre": titre, "question": "Pourquoi ?", "notebook": titre, "contrat": contrat, "annee": annee}
    marks = {"nom_contrat": f"Contrat {contrat}", "statut": "definitif", "fictif": False}
    return {**entry, **marks, "href": f"{contrat}/{annee}/{titre}.html", **changes}


def test_reports_are_grouped_by_contract_then_by_year_latest_first() -> None:
    entries = [_entry("b", 2021, "un"), _entry("a", 2021, "un"), _entry("a", 2022, "deux"), _entry("a", 2022, "autre")]
    page = BeautifulSoup(render_index(entries), "html.parser")
    assert [title.get_text() for title in page.find_all(["h1", "h2", "h3"])] == [
        "Rapports d'évaluation",
        "Contrat a",
        "2022",
        "2021",
        "Contrat b",
        "2021",
    ]
    assert [link["href"] for link in page.select("main a")] == [
        "a/2022/deux.html",
        "a/2022/autre.html",
        "a/2021/un.html",
        "b/2021/un.html",
    ]


def test_marks_are_shown_where_they_hold() -> None:
    entries = [_entry("a", 2022, "x", statut="projet"), _entry("a", 2022, "y", fictif=True), _entry("a", 2022, "z")]
    page = BeautifulSoup(render_index(entries), "html.parser")
    said = [item.get_text(" ", strip=True) for item in page.select(".rapports li")]
    assert ["Projet" in text for text in said] == [True, False, False]
    assert ["Données fictives" in text for text in said] == [False, True, False]


def test_an_index_without_report_says_what_to_run() -> None:
    assert "ose build" in render_index([])


def test_titles_are_text() -> None:
    page = BeautifulSoup(render_index([_entry("a", 2022, "<script>1</script>")]), "html.parser")
    assert page.script is None


def test_each_contract_leads_to_its_quality_page_even_without_a_report() -> None:
    pages = [
        {
            "titre": "Qualité",
            "contrat": name,
            "nom_contrat": f"Contrat {name}",
            "fictif": name == "a",
            "href": f"{name}/q",
        }
        for name in ("a", "c")
    ]
    page = BeautifulSoup(render_index([_entry("a", 2022, "un")], pages), "html.parser")
    assert [link["href"] for link in page.select("main a")] == ["a/q", "a/2022/un.html", "c/q"]
    assert [title.get_text() for title in page.find_all("h2")] == ["Contrat a", "Contrat c"]
    assert len(page.select(".qualite .fictif")) == 1
