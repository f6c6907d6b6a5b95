"""The accessibility declaration: « non conforme » until an audit says otherwise, and what the law asks of it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from pipelines.report.accessibility import conformity, describe_accessibility, render_accessibility

AUDIT = {"date": "2024-03-15", "organisme": "Cabinet <b>x</b>", "referentiel": "RGAA 4.1.2", "taux": 78.5}


def _contract(taux: float | None = None, contact: str = "", lines: tuple[str, ...] = ()) -> dict[str, Any]:
    audit = None if taux is None else {**AUDIT, "taux": taux, "non_conformites": list(lines)}
    names = {"nom_dossier": "essai", "nom": "Contrat fictif", "nom_epci": "Agglomération fictive"}
    return {**names, "accessibilite": {"contact": contact, "audit": audit}}


def _page(**contract: Any) -> BeautifulSoup:
    about = describe_accessibility({"contrat": _contract(**contract)})
    return BeautifulSoup(render_accessibility(about), "html.parser")


@pytest.mark.parametrize(
    ("taux", "said"),
    [
        (None, "non conforme"),
        (0.0, "non conforme"),
        (49.9, "non conforme"),
        (50.0, "partiellement conforme"),
        (99.9, "partiellement conforme"),
        (100.0, "totalement conforme"),
    ],
)
def test_only_an_audit_changes_the_conformity(taux: float | None, said: str) -> None:
    assert conformity(_contract(taux)) == said
    page = _page(taux=taux)
    assert said in page.title.get_text()
    assert said.capitalize() in page.header.get_text()
    assert said in page.find(id="etat").find_next("p").get_text()


def test_without_audit_nothing_is_claimed_nor_guessed() -> None:
    text = _page().main.get_text()
    assert "Aucun audit de ces pages n'est noté" in text
    assert "Taux de critères respectés\u00a0: non renseigné" in text
    assert "contact non renseigné" in text
    assert "%" not in text.split("Résultats des tests")[1].split("Avant chaque version")[0]


def test_with_an_audit_it_says_who_when_how_much_and_what_fails() -> None:
    page = _page(taux=78.5, contact="acces@example.org", lines=("Critère 1.3 : <i>x</i>", "Critère 4.1"))
    text = page.main.get_text().replace("\u202f", " ").replace("\u00a0", " ")
    assert "l'audit du 15 mars 2024 par Cabinet <b>x</b>" in text
    assert "78,5 % des critères du RGAA 4.1.2" in text
    assert [item.get_text() for item in page.find(id="contenus").find_next("ul").find_all("li")] == [
        "Critère 1.3\u00a0: <i>x</i>",
        "Critère 4.1",
    ]
    assert "acces@example.org" in text
    assert "non renseigné" not in text
    assert "aucune n'est notée" in _page(taux=100.0).main.get_text()


def test_every_part_that_the_law_asks_for_is_there() -> None:
    page = _page()
    titles = [title.get_text() for title in page.find_all("h2")]
    assert titles == [link.get_text() for link in page.select(".sommaire a")]
    assert titles == [
        "État de conformité",
        "Résultats des tests",
        "Contenus non accessibles",
        "Établissement de cette déclaration",
        "Retour d'information et contact",
        "Voies de recours",
    ]
    assert "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07" in page.get_text()
