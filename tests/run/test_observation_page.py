"""What the page of the quartiers shows of the shipped contract: answers, refusals with reasons, fiction marked."""

import re
from types import SimpleNamespace

import nbformat
import pytest

from pipelines.demo.panel import OTHER, quartier_codes
from pipelines.paths import NOTEBOOKS

REPORT = "valenciennes/2022/1_observation.ipynb"
# Elements inside a sentence: values, names that came from data.
INLINE = re.compile(r"</?(?:data|bdi)\b[^>]*>")


@pytest.fixture(scope="module")
def outputs(site: SimpleNamespace) -> dict[str, list[nbformat.NotebookNode]]:
    """Outputs of each cell of the executed notebook, by the id that the cell has in `notebooks/`."""
    written = nbformat.read(NOTEBOOKS / "1_observation.ipynb", as_version=4)
    ids = {cell.source: cell.id for cell in written.cells if cell.cell_type == "code"}
    executed = nbformat.read(site.outputs / REPORT, as_version=4)
    # The cell of the injected parameters is of no notebook.
    return {ids[cell.source]: cell.outputs for cell in executed.cells if cell.source in ids}


def html(outputs: list[nbformat.NotebookNode]) -> str:
    return " ".join(output.data["text/html"] for output in outputs)


def text(outputs: list[nbformat.NotebookNode]) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", INLINE.sub("", html(outputs))))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("permis-tableau", "autre source, millésime non précisé d'un côté, autre définition"),
        ("entourage-refus", "part d'un quartier à cheval inconnue"),
        ("entourage-refus", "le quartier s'étend sur plusieurs communes"),
        ("panels", "non calculable pour les quartiers du contrat : un seul millésime, ou millésime non précisé"),
        ("panels", "(IPRO_&lt;année&gt;.csv)"),
        ("passages-refus", "QP059020 et QN05920M n'ont pas le même périmètre"),
        ("rangs-refus", "rang non publié : 14 valeurs sur 14 sont sans intervalle"),
        ("demandeurs-evolution", "rupture de la source DEFM entre 2015 et 2023"),
        ("imputer-tableau", "Conditions qui manquent : ruptures de source, zonages antérieurs"),
        ("refus-tableau", "2018 et 2022 sont trop proches"),
        ("refus-tableau", "le taux de chômage n'existe pas à l'échelle d'un quartier"),
        ("refus-tableau", "la moyenne des quartiers n'est pas la valeur de leur ensemble"),
        ("refus-tableau", "n'ont pas le même périmètre"),
        ("refus-tableau", "valeur non diffusée"),
        ("publies-tableau", "part de la population en politique de la ville 20 % 18,84 % écart"),
    ],
)
def test_the_page_says(outputs: dict[str, list[nbformat.NotebookNode]], cell: str, said: str) -> None:
    found = html(outputs[cell]) if "&lt;" in said else text(outputs[cell])
    assert said in found.replace("\u202f", " ").replace("&#39;", "'")


def test_what_comes_from_the_panel_is_marked_and_nothing_else(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    codes = (*quartier_codes(), *quartier_codes(101), OTHER)
    for cell, shown in outputs.items():
        for output in shown:
            invented = any(code in output.data["text/html"] for code in codes)
            # A reading names no quartier, and speaks of the table before it.
            about = invented or cell in (
                "trajectoires-lecture",
                "rangs-lecture",
                "simulation-lecture",
                "simulation-etude",
            )
            assert ("Données fictives" in output.data["text/html"]) == about, cell


def test_where_conditions_fail_nothing_is_called_an_effect(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    # What the protocol claims is quoted in its own words.
    own = {cell: shown for cell, shown in outputs.items() if not cell.startswith(("simulation", "publies"))}
    said = " ".join(map(text, own.values()))
    # The design effect of a sample is a term of statistics.
    assert not re.search(r"\beffets?\b(?! de plan)", said, re.IGNORECASE)
    assert "Effet estimé" in text(outputs["simulation-lecture"])


def test_the_claims_are_all_there_each_once(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    rows = [
        output.data["text/csv"].count("\n") - 1
        for cell in ("publies-tableau", "publies-lus")
        for output in outputs[cell]
    ]
    assert rows == [14, 24]
