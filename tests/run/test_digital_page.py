"""What the page of digital inclusion shows: the protocol as it is written, the survey marked, the two never merged."""

import re
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

from pipelines.paths import NOTEBOOKS
from pipelines.run.jobs import known_notebooks

NAME = "inclusion_numerique"
MARK = "Données fictives de démonstration"
Outputs = dict[str, list[nbformat.NotebookNode]]


def read(site: SimpleNamespace, year: int) -> Outputs:
    """Outputs of each cell of the executed notebook, by the id that the cell has in `notebooks/focus/`."""
    written = nbformat.read(NOTEBOOKS / "focus" / f"{NAME}.ipynb", as_version=4)
    ids = {cell.source: cell.id for cell in written.cells if cell.cell_type == "code"}
    executed = nbformat.read(site.outputs / f"valenciennes/{year}/{NAME}.ipynb", as_version=4)
    return {ids[cell.source]: cell.outputs for cell in executed.cells if cell.source in ids}


@pytest.fixture(scope="module")
def outputs(site: SimpleNamespace) -> Outputs:
    return read(site, 2022)


def text(outputs: list[nbformat.NotebookNode]) -> str:
    html = " ".join(output.data["text/html"] for output in outputs)
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\u202f", " ").replace("\xa0", " "))
    return plain.replace("&#39;", "'")


def test_it_is_found_in_the_folder_of_the_focus() -> None:
    (notebook,) = [one for one in known_notebooks() if one.name == NAME]
    assert (notebook.path.parent.name, notebook.kind, notebook.needs) == ("focus", "Focus", "structures_numeriques")
    assert notebook.title.endswith("?")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("chiffres-cles", "93 %"),
        ("chiffres-cles", "le nombre de structures qui ont répondu n'est pas écrit"),
        ("chiffres-cles", "336 164 €"),
        ("chiffres-cles", "à ne pas additionner aux autres crédits ITI"),
        ("chiffres-cles", "plus de cinquante"),
        ("faits", "le 26 avril 2019"),
        ("faits", "le 17 mai 2019"),
        ("faits", "le 24 mai 2019"),
        ("faits", "3 valeurs du diagnostic sont illisibles"),
        ("voir-refus", "Comparaison refusée"),
        ("bilan-tableau", "une quarantaine"),
        ("bilan-tableau", "Structures intéressées pour avoir plus de visibilité : le nombre est illisible"),
        ("bilan-tableau", "Classement des leviers d'action par les acteurs du territoire : le graphique est illisible"),
        ("offre-figure", "L'ordre ne classe pas les communes"),
        ("offre-tableau", "millésime 2019"),
        ("quartiers-refus", "Calcul refusé"),
        ("leviers-lecture", "W de Kendall"),
        ("conseils-tableau", "9 énoncés ; une suite est connue pour aucun"),
        ("suites-lecture", "centres sociaux connectés"),
    ],
)
def test_the_page_says(outputs: Outputs, cell: str, said: str) -> None:
    assert said in text(outputs[cell])


def test_what_is_invented_is_marked_and_the_protocol_is_not(outputs: Outputs) -> None:
    real = {"chiffres-cles", "faits", "conseils-tableau", "bilan-tableau", "suites-tableau", "suites-lecture"}
    plain = {"voir-refus", "quartiers-refus"}
    for cell, shown in outputs.items():
        if shown:
            assert (MARK in text(shown)) == (cell not in real | plain), cell


def test_the_two_shares_are_never_in_one_table(site: SimpleNamespace) -> None:
    folder = site.outputs / "valenciennes/2022"
    tables = [pd.read_csv(path, sep=";", dtype="str") for path in folder.glob(f"{NAME}--tableau-*.csv")]
    holding = [table for table in tables if table.astype("str").apply(lambda c: c.str.contains("93 %")).any(axis=None)]
    assert len(holding) == 1
    assert list(holding[0]) == ["on_sait", "on_ne_sait_pas"]


def test_a_year_before_the_survey_says_that_there_is_none(site: SimpleNamespace) -> None:
    shown = read(site, 2015)
    assert "aucune enquête auprès des structures n'est déclarée jusqu'en 2015" in text(shown["voir-tableau"])
    assert "93 %" in text(shown["chiffres-cles"])
    assert not any(MARK in text(outputs) for outputs in shown.values())
