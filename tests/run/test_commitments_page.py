"""What the page of commitments shows of the shipped contract: figures, refusals with reasons, fiction marked."""

import re
from types import SimpleNamespace

import nbformat
import pytest

from pipelines.paths import NOTEBOOKS

NAME = "5_engagements"
MARK = "Données fictives de démonstration"
# Elements inside a sentence: values, names that came from data.
INLINE = re.compile(r"</?(?:data|bdi)\b[^>]*>")
# The cells that show something invented, and no others.
INVENTED = {
    "exemple-figure", "exemple-tableau", "exemple-lecture", "egalite-tableau", "abattements-exemple",
}  # fmt: skip


@pytest.fixture(scope="module")
def outputs(site: SimpleNamespace) -> dict[str, list[nbformat.NotebookNode]]:
    """Outputs of each cell of the executed notebook, by the id that the cell has in `notebooks/`."""
    written = nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4)
    ids = {cell.source: cell.id for cell in written.cells if cell.cell_type == "code"}
    executed = nbformat.read(site.outputs / f"valenciennes/2022/{NAME}.ipynb", as_version=4)
    return {ids[cell.source]: cell.outputs for cell in executed.cells if cell.source in ids}


def text(outputs: list[nbformat.NotebookNode]) -> str:
    html = " ".join(output.data["text/html"] for output in outputs)
    flat = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", INLINE.sub("", html.replace("&#39;", "'"))))
    return flat.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("promesses-lecture", "sur 90 engagements, 35 sont vérifiables, 28 le sont en partie et 27 ne le sont pas"),
        ("etat-lecture", "0 état connu pour 90 engagements"),
        ("etat-manque", "aucun partenaire n'a dit où il en est"),
        ("montants-tableau", "148 275 € Par an, fonctionnement 2017 à 2021 n.d."),
        ("montants-tableau", "162 041 € Par an, investissement 2017 à 2021 n.d."),
        ("montants-tableau", "10 660 000 € Enveloppe totale"),
        ("montants-tableau", "0 exécution connue"),
        ("montants-refus", "Rien ne prouve que la première enveloppe n'est pas comprise dans la seconde"),
        ("exemple-lecture", "1 montant exécuté ne se compare pas"),
        ("formulations-tableau", "27 engagements sans objet mesurable ; 27 formulations proposées"),
        ("mesures-tableau", "En cours de déploiement 22 15 7"),
        ("mesures-tableau", "Ensemble 40 30 10"),
        ("mesures-lecture", "3 « objectif atteint » et 7 « en cours de déploiement », sans qu'on sache lesquels"),
        ("objets-lecture", "5 n'en ont pas"),
        ("egalite-tableau", "aucun objectif du contrat ne relève de ce thème"),
        ("postes-tableau", "Adultes-relais 2022 40 1,17 0,99 80 221 0"),
        ("postes-codage", "52 postes adultes-relais de France n'ont pas de code de contrat"),
        ("conseils-tableau", "Rencontre des conseils citoyens de Valenciennes après 5 à confirmer"),
        ("conseils-tableau", "2 rencontres sur 3 ont eu lieu avant la validation du 4 juillet 2019"),
        ("enonces-lecture", "connue pour 0 énoncé sur 18"),
        ("enonces-lecture", "suivi/suites_enonces.csv"),
        ("sites-manque", "suivi/suivis_sites.csv"),
        ("abattements-tableau", "suivi/conventions_tfpb.csv"),
    ],
)
def test_the_page_says(outputs: dict[str, list[nbformat.NotebookNode]], cell: str, said: str) -> None:
    assert said in text(outputs[cell])


def test_what_is_invented_is_marked_and_nothing_else(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    assert {cell for cell, shown in outputs.items() if shown and MARK in text(shown)} == INVENTED


def test_the_invented_follow_up_enters_no_real_table(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    register = text(outputs["etat-registre"])
    assert register.count("Non renseigné") >= 90
    assert "Tenu" not in register
    # What was invented as executed is nowhere but in the example.
    assert [cell for cell, shown in outputs.items() if shown and "810 205" in text(shown)] == ["exemple-tableau"]
