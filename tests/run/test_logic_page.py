"""The pages of logic-impact models say what is supposed, what is lost, and affirm nothing that nobody examined."""

import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

FICTIONAL = "Données fictives de démonstration"
MODELS = ("plan_economique", "animation_territoriale", "orientation_O3")


def page_of(site: SimpleNamespace, model: str) -> BeautifulSoup:
    path = site.outputs / f"valenciennes/2022/4_logique_impact--{model}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def rows_of(page: BeautifulSoup, title: str) -> list[list[str]]:
    """The cells of the table, folded or not, whose caption or title holds these words."""
    (table,) = [t for t in page.select("article table") if title in t.caption.get_text()]
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]


def drawn(page: BeautifulSoup) -> list[str]:
    return [box["aria-label"] for box in page.select("svg.modele .boite")]


@pytest.mark.parametrize(("model", "nodes", "links"), [("plan_economique", 42, 41), ("animation_territoriale", 23, 30)])
def test_a_model_is_drawn_whole_and_said_in_tables(site: SimpleNamespace, model: str, nodes: int, links: int) -> None:
    page = page_of(site, model)
    assert len(drawn(page)) == len(rows_of(page, "Nœuds de la figure 1")) == nodes
    assert len(page.select("svg.modele .lien")) == len(rows_of(page, "Liens de la figure 1")) == links
    figures = [dd.get_text() for dd in page.select(".chiffres .valeur")]
    assert figures[:3] == [str(nodes), str(links), "0"]
    # Every link of the protocol's models is a supposition, and is said to be one.
    assert f"{links} liens sur {links}" in page.select_one(".lecture").get_text().replace("\u202f", " ")


def test_what_is_lost_is_shown_as_a_gap(site: SimpleNamespace) -> None:
    page = page_of(site, "animation_territoriale")
    (lost,) = [said for said in drawn(page) if said.startswith("R5.")]
    assert lost == "R5. Libellé perdu. Libellé perdu." or lost == "R5. Libellé perdu."
    found = {row[0]: row[1] for row in rows_of(page, "Ce qui manque ou se contredit")}
    assert found["Libellé perdu"] == "R5"
    assert found["Formulation circulaire"] == "I2, G"
    assert found["Chemins rompus"] == "tous les liens"


def test_nothing_is_affirmed_of_what_nobody_examined(site: SimpleNamespace) -> None:
    for model in MODELS[:2]:
        page = page_of(site, model)
        paths = rows_of(page, "Analyse de contribution")
        assert paths
        assert {row[-1] for row in paths} == {"rien à affirmer"}
        assert "ne peut s'écrire d'aucun" in " ".join(p.get_text() for p in page.select(".lecture"))
    assert len(rows_of(page_of(site, "animation_territoriale"), "Analyse de contribution")) == 17


@pytest.mark.parametrize("model", MODELS)
def test_fiction_is_marked_where_it_is_and_nowhere_else(site: SimpleNamespace, model: str) -> None:
    page = page_of(site, model)
    shown = page.select("article figure, article .lecture")
    assert len(shown) > 5
    marked = [one.get_text() for one in shown if FICTIONAL in one.get_text()]
    if model == "orientation_O3":
        assert len(marked) == len(shown)
    # Of the real models, excerpts that were invented touch one: what they stand in, and its reading, alone.
    elif model == "animation_territoriale":
        assert len(marked) == 2
        assert "Extraits d'entretiens" in marked[0]
        assert marked[1].startswith("Lecture")
    else:
        assert marked == []


def test_no_word_says_an_effect(site: SimpleNamespace) -> None:
    """« effet » needs a causal design: the protocol's own words, in labels and titles of sources, are not ours."""
    for model in MODELS:
        page = page_of(site, model)
        said = " ".join(
            p.get_text() for p in page.select("article .lecture, article .note, article .methode, article > p")
        )
        assert re.findall(r"\beffets?\b(?! d'entraînement)", said) == []
