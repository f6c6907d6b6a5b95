"""The team's page of a build: what failed first and what to do, everything escaped, bounded for all of France."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from pipelines.report.status_page import FAILURES_TOLD, format_duration, render_status

HOSTILE = "</code><script>alert(1)</script>\u202e{{ 7 * 7 }}" + "x" * 3000


def page(etat: str, rank: int = 0, **changes: object) -> dict[str, Any]:
    made = {"page": f"a/2022/2_suivi--{rank}.html", "titre": "Suivi", "annee": 2022, "sujet": f"Commune {rank}"}
    return {**made, "etat": etat, "secondes": None, "message": "", "section": "", "echec": "", **changes}


def contract(name: str, *pages: dict[str, Any], refus: str = "") -> dict[str, Any]:
    return {"contrat": name, "nom": f"Contrat {name}", "refus": refus, "pages": list(pages)}


def record(*contracts: dict[str, Any], **changes: object) -> dict[str, Any]:
    times = {"debut": "2026-11-27T23:58:12+01:00", "fin": "2026-11-28T00:00:02+01:00", "secondes": 110.2}
    return {**times, "version": "0.1.0", "contrats": list(contracts), "remarque": "", **changes}


def render(made: dict[str, Any]) -> Tag:
    return BeautifulSoup(render_status(made), "html.parser")


def figures(shown: Tag) -> dict[str, str]:
    return {one.dt.get_text(): one.dd.get_text() for one in shown.select(".chiffres > div")}


FAILED = page(
    "echec", 3, secondes=8.4, message="ValueError : rien à lire", section="Qui a été financé ?",
    echec="a/interne/2022/2_suivi--3.echec.ipynb",
)  # fmt: skip


def test_the_build_is_dated_and_counted() -> None:
    shown = render(record(contract("a", page("faite"), page("a_jour", 1), page("a_jour", 2)), remarque="Plus lent."))
    assert "commencé le 27 novembre 2026 à 23 h 58 et s'est terminée le 28 novembre 2026 à 0 h 00" in (
        shown.article.p.get_text().replace("\u00a0", " ")
    )
    assert "1\u00a0min\u00a050\u00a0s" in shown.article.p.get_text()
    assert figures(shown) == {"page faite": "1", "pages déjà à jour": "2", "page en échec": "0"}
    assert "Plus lent." in shown.article.get_text()
    assert [title.get_text() for title in shown.find_all(["h1", "h2"])] == ["État des rapports", "Contrat par contrat"]


def test_what_failed_is_told_first_with_what_to_do() -> None:
    calm, failed = contract("a", page("faite", secondes=3.0)), contract("z", page("faite"), FAILED)
    refused = contract("r", page("absente"), refus="f.csv, ligne 3 : colonne inconnue.")
    shown = render(record(calm, failed, refused))
    (told,) = shown.select("#echecs ~ ul.fiches > li")
    assert {one.dt.get_text(): one.dd.get_text() for one in told.select("dl > div")}.items() >= {
        "Contrat": "Contrat z",
        "Notebook": "2_suivi",
        "Section": "Qui a été financé\u202f?",
        "Erreur": "ValueError\u00a0: rien à lire",
        "Durée": "8,4\u00a0s",
        "Copie gardée": "a/interne/2022/2_suivi--3.echec.ipynb",
    }.items()
    assert "JupyterLab" in told.get_text()
    assert "ligne 3" in shown.select_one("#refus ~ ul.fiches > li").get_text()
    assert [(one.summary.get_text().split("\u00a0")[0], one.has_attr("open")) for one in shown.find_all("details")] == [
        ("Contrat r", True), ("Contrat z", True), ("Contrat a", False),
    ]  # fmt: skip
    assert [row.td.get_text() for row in shown.select("tbody tr")] == ["absente", "en échec", "faite", "faite"]
    assert figures(shown) == {
        "pages faites": "2", "page déjà à jour": "0", "page en échec": "1", "page absente": "1", "contrat refusé": "1",
    }  # fmt: skip


def test_only_a_page_that_stands_is_led_to() -> None:
    shown = render(record(contract("a", page("faite"), FAILED, page("absente", 2))))
    assert [link["href"] for link in shown.select("table a")] == ["./a/2022/2_suivi--0.html"]


def test_nothing_was_built() -> None:
    shown = render(record())
    assert "Aucun contrat n'a été construit" in shown.article.get_text()
    assert render(record(contract("a"))).article.find_all("p")[-1].get_text() == "Contrat a\u00a0: aucune page"


def test_every_text_is_text() -> None:
    names = ("page", "titre", "sujet", "message", "section", "echec")
    hostile = {**contract(HOSTILE, page("echec", **dict.fromkeys(names, HOSTILE)), refus=HOSTILE), "nom": HOSTILE}
    shown = render(record(hostile, remarque=HOSTILE, version=HOSTILE))
    assert len(shown.find_all("script")) == 1
    assert "49" not in shown.get_text()
    assert "\u202e" not in shown.get_text()
    assert not shown.select("[onclick], [style]")


def test_a_path_is_never_another_kind_of_address() -> None:
    shown = render(record(contract("a", page("faite", page="javascript:alert(1)"))))
    assert shown.select_one("table a")["href"] == "./javascript%3Aalert%281%29"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""), (0.04, "0,0 s"), (59.94, "59,9 s"), (59.96, "1 min 00 s"),
        (3599.6, "1 h 00 min"), (7500, "2 h 05 min"),
    ],
)  # fmt: skip
def test_durations(seconds: float | None, text: str) -> None:
    assert format_duration(seconds).replace("\u00a0", " ") == text


def test_all_of_france_stays_a_page() -> None:
    """435 contracts of 50 pages, one in five in failure: told up to a bound, and what is left out is said."""
    failed = {**FAILED, "message": "m" * 2000}
    every = [contract(f"c{n:03}", *[failed if n % 5 == 0 else page("faite", r) for r in range(50)]) for n in range(435)]
    html = render_status(record(*every))
    assert len(html.encode()) < 1_200_000
    shown = BeautifulSoup(html, "html.parser")
    assert len(shown.select("#echecs ~ ul.fiches > li")) == FAILURES_TOLD
    assert figures(shown)["pages en échec"].replace("\u202f", "") == str(87 * 50)
    assert "autres pages en échec" in shown.get_text()
    text = shown.get_text()
    assert all(f"Contrat c{n:03}" in text for n in range(435))
