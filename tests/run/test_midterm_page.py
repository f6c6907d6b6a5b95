"""What the mid-term evaluation shows of the shipped contract: findings, refusals, answers, fiction marked."""

import json
import re
from html import unescape
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup

from pipelines.paths import NOTEBOOKS
from pipelines.report.index import render_index

NAME = "6_evaluation_mi_parcours"
MARK = "Données fictives de démonstration"


@pytest.fixture(scope="module")
def page(site: SimpleNamespace) -> SimpleNamespace:
    """The page of the first two years: `outputs` of each cell by its id, `html`, `about`, `folder`."""
    folder = site.outputs / "valenciennes/2016"
    written = nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4)
    ids = {cell.source: cell.id for cell in written.cells if cell.cell_type == "code"}
    executed = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    html = (folder / f"{NAME}.html").read_text(encoding="utf-8")
    return SimpleNamespace(
        outputs={ids[cell.source]: cell.outputs for cell in executed.cells if cell.source in ids},
        html=BeautifulSoup(html, "html.parser"),
        about=json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8")),
        folder=folder,
    )


def text(outputs: list[nbformat.NotebookNode]) -> str:
    html = " ".join(output.data["text/html"] for output in outputs)
    flat = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(html)))
    return re.sub(r" ([.,)])", r"\1", flat.replace("\u202f", " ").replace("\u00a0", " "))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("identite-tableau", "Période évaluée 2015 à 2016"),
        ("resume-tableau", "385 actions financées de 2015 à 2016 : 2 901 050 € accordés, 2 819 378 € versés."),
        ("resume-tableau", "13 bilans manquent sur 385 dus"),
        ("resume-tableau", "0 engagement sur 90 à l'état connu ; tous sont écrits après la période."),
        ("resume-tableau", "deux types de recueil au moins concordent pour 1 question. 1, signalement"),
        ("resume-lecture", "Avec une réponse écrite : 2"),
        ("questions-tableau", "Les quartiers de veille active sont-ils pris en compte ?"),
        ("questions-tableau", "lignes 2036 et 2037"),
        ("questions-tableau", "Forme de question à valider : 10 sur 10"),
        ("questions-lecture", "15 lignes dans la matrice. Proposées avec l'outil, à valider : 15 ; avec un seuil : 0"),
        ("contexte-lecture", "dans 14 quartiers sur 14"),
        ("contexte-evolution", "aucun indicateur n'a deux millésimes comparables dans la période"),
        ("programme-lecture", "385 actions financées de 2015 à 2016 sur 503 dossiers"),
        ("programme-personnes", "184 actions sur 385 donnent les deux"),
        ("fonctionnement-etats", "Refusé 23 30"),
        ("fonctionnement-delais-tableau", "ne donnent pas les deux dates"),
        ("fonctionnement-elements", "ne demandent ni objectif ni indicateur"),
        ("engagements-constats", "datent du 4 juillet 2019, après la période évaluée"),
        ("participation-lecture", "les rencontres connues datent de 2019, après la période"),
        ("abattement-tableau", "aucune convention réelle en cours de 2015 à 2016"),
        ("pratiques-lecture", "des acteurs signalent : 12 extraits sur 6 questions"),
        ("egalite-absent", "le marqueur commence en 2019. Avant, les porteurs cochaient seulement oui ou non"),
        ("theorie-lecture", "0 lien examiné sur 71"),
        ("theorie-contributions", "Modèles concernés : Animation territoriale"),
        ("reponses-lecture", "2 réponses écrites, 8 à établir"),
        ("recommandations-tableau", "3 recommandations pour 3 destinataires ; engagées ou réalisées : 1"),
    ],
)  # fmt: skip
def test_the_page_says(page: SimpleNamespace, cell: str, said: str) -> None:
    assert said in text(page.outputs[cell])


def test_every_question_has_its_box_and_none_is_answered_by_the_tool(page: SimpleNamespace) -> None:
    boxes = [text([output]) for output in page.outputs["reponses-encadres"]]
    assert len(boxes) == 10
    assert sum("Réponse à établir" in box for box in boxes) == 8
    assert all("Force de la preuve" in box for box in boxes)
    (councils,) = [box for box in boxes if "Q04." in box]
    assert "3 extraits : 0 pour, 2 contre, 1 nuance ; 3 types de recueil, 2 qui concordent" in councils
    assert "Force de la réponse 1, signalement" in councils
    assert "2 rencontres sur 3 avant la décision, postérieure à la période" in councils
    assert "La suite est connue pour 0 énoncé sur 18" in councils


def test_what_is_invented_is_marked_and_what_is_real_is_not(page: SimpleNamespace) -> None:
    """The real questions, the employment rates, the councils' statements and the commitments bear no mark."""
    real = ("questions-tableau", "contexte-montrer", "participation-tableau", "engagements-tableau")
    invented = ("resume-tableau", "pratiques-tableau", "pratiques-extraits", "recommandations-tableau",
                "abattement-tableau", "programme-orientations", "pratiques-veille-tableau")  # fmt: skip
    assert {cell: MARK in text(page.outputs[cell]) for cell in (*real, *invented)} == {
        **dict.fromkeys(real, False),
        **dict.fromkeys(invented, True),
    }
    boxes = {text([one]).split("Q")[1][:2]: MARK in text([one]) for one in page.outputs["reponses-encadres"]}
    # Q01 rests on real rates and real models alone.
    assert boxes == {f"{number:02d}": number != 1 for number in range(1, 11)}


def test_excerpts_are_counted_and_never_a_percentage(page: SimpleNamespace) -> None:
    assert not re.search(r"\d\s*%", text(page.outputs["pratiques-tableau"]))
    assert "100" not in text(page.outputs["pratiques-lecture"])


def test_the_material_of_another_period_is_not_there(page: SimpleNamespace) -> None:
    assert "MAT-13" not in page.html.get_text()
    assert "nos quartiers passent après" not in page.html.get_text()


def test_no_word_claims_an_effect(page: SimpleNamespace) -> None:
    """The label of the first orientation holds « effets d'entraînement », and a source's title « impact du »."""
    said = " ".join(text(outputs) for outputs in page.outputs.values() if outputs).lower()
    assert not re.search(r"\b(a permis|grâce à|a contribué|impact sur)\b", said)


def test_the_page_and_the_index_name_the_period(page: SimpleNamespace) -> None:
    assert page.html.h1.get_text(strip=True) == "Évaluation à mi-parcours"
    assert page.html.select_one(".annee").get_text(strip=True) == "2015-2016"
    assert (page.about["annee"], page.about["periode"]) == (2016, "2015-2016")
    index = render_index([page.about | {"href": f"valenciennes/2016/{NAME}.html"}])
    assert "Évaluation à mi-parcours, 2015-2016" in BeautifulSoup(index, "html.parser").get_text()
    assert {"annee_debut", "annee_fin", "finale"} <= {line["nom"] for line in page.about["parametres"]}
