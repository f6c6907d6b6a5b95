"""The index: every report reachable, by contract, the latest year first."""

from typing import Any

from bs4 import BeautifulSoup

from pipelines.report.index import render_index


def _entry(contrat: str, annee: int, titre: str, **changes: object) -> dict[str, Any]:
    entry = {"titre": titre, "question": "Pourquoi ?", "notebook": titre, "contrat": contrat, "annee": annee}
    marks = {"nom_contrat": f"Contrat {contrat}", "statut": "definitif", "fictif": False, "genre": "Suivi"}
    marks |= {"commune": "", "a_relire": []}
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
    assert len(page.find_all("script")) == 1
    assert page.main.script is None


def _own(contrat: str, stem: str, **about: object) -> dict[str, Any]:
    shared = {"titre": "Qualité", "contrat": contrat, "nom_contrat": f"Contrat {contrat}"}
    return {**shared, "href": f"{contrat}/{stem}.html", **about}


def test_each_contract_leads_to_its_own_pages_even_without_a_report() -> None:
    own = [_own(name, "qualite", fictif=name == "a") for name in ("a", "c")]
    own += [_own(name, "accessibilite", accessibilite="non conforme") for name in ("a", "c")]
    page = BeautifulSoup(render_index([_entry("a", 2022, "un")], own), "html.parser")
    assert [link["href"] for link in page.select("main a")] == [
        "a/qualite.html",
        "a/accessibilite.html",
        "a/2022/un.html",
        "c/qualite.html",
        "c/accessibilite.html",
    ]
    assert [title.get_text() for title in page.find_all("h2")] == ["Contrat a", "Contrat c"]
    assert len(page.select(".pages .fictif")) == 1
    assert page.get_text().count("Accessibilité\u00a0: non conforme") == 2


def test_a_filter_is_offered_where_it_parts_the_reports() -> None:
    entries = [
        _entry("a", 2022, "un", commune="Anzin", statut="projet", a_relire=["avis"]),
        _entry("a", 2021, "un"),
        _entry("b", 2022, "deux", genre="Focus"),
    ]
    page = BeautifulSoup(render_index(entries), "html.parser")
    offered = {s["name"]: [o["value"] for o in s.find_all("option")][1:] for s in page.select(".filtres select")}
    assert offered == {
        "contrat": ["Contrat a", "Contrat b"],
        "annee": ["2022", "2021"],
        "genre": ["Focus", "Suivi"],
        "commune": ["Anzin"],
        "etat": ["Définitif", "Projet", "À relire"],
    }
    assert page.select_one("form").has_attr("hidden")
    one = BeautifulSoup(render_index(entries[:1]), "html.parser")
    assert [select["name"] for select in one.select(".filtres select")] == ["etat"]
    assert BeautifulSoup(render_index([]), "html.parser").form is None


def test_a_contract_bears_its_latest_name() -> None:
    entries = [_entry("a", 2021, "un", nom_contrat="Ancien nom"), _entry("a", 2022, "un", nom_contrat="Nouveau nom")]
    page = BeautifulSoup(render_index(entries), "html.parser")
    assert [title.get_text() for title in page.find_all("h2")] == ["Nouveau nom"]


def test_a_page_of_a_former_version_is_listed_all_the_same() -> None:
    former = {
        key: value for key, value in _entry("a", 2015, "un").items() if key not in ("genre", "commune", "a_relire")
    }
    page = BeautifulSoup(render_index([former, _entry("a", 2022, "un")]), "html.parser")
    assert [link["href"] for link in page.select("main a")] == ["a/2022/un.html", "a/2015/un.html"]
    assert [kind.get_text() for kind in page.select(".rapports .genre")] == ["Suivi", "Autre rapport"]


def test_pages_of_a_sweep_stand_under_their_title_with_what_only_some_are() -> None:
    sheets = [
        _entry("a", 2022, "Fiche", sujet="Anzin", href="a/2022/f--1.html", statut="projet", fictif=True),
        _entry("a", 2022, "Fiche", sujet="Marly", href="a/2022/f--2.html", statut="projet", a_relire=["x"]),
    ]
    page = BeautifulSoup(render_index([_entry("a", 2022, "un"), *sheets]), "html.parser")
    gathered = page.select(".rapports > li")[1]
    assert gathered.select_one(".titre").get_text() == "Fiche"
    assert [link["href"] for link in gathered.select(".feuilles a")] == ["a/2022/f--1.html", "a/2022/f--2.html"]
    assert gathered.select_one(".marques").get_text(strip=True) == "Projet, non approuvé"
    assert [line.get_text(" ", strip=True) for line in gathered.select(".feuilles li")] == [
        "Anzin Données fictives de démonstration",
        "Marly À relire",
    ]
    assert [one["data-rapport"] for one in page.select("[data-rapport]")] == [
        "un", "Fiche\u00a0: Anzin", "Fiche\u00a0: Marly",
    ]  # fmt: skip
    assert page.select_one(".reperes").get_text() == "3 rapports"
