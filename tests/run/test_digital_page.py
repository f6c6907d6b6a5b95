"""What the page of digital inclusion shows: the protocol as it is written, the survey marked, the two never merged."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from ruamel.yaml import YAML

from pipelines.errors import DataError, UsageError
from pipelines.paths import NOTEBOOKS, RAW
from pipelines.run.build import build
from pipelines.run.notebooks import known_notebooks

NAME = "inclusion_numerique"
MARK = "Données fictives de démonstration"
# Elements inside a sentence: values, names that came from data.
INLINE = re.compile(r"</?(?:data|bdi)\b[^>]*>")
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
    return text_of(" ".join(output.data["text/html"] for output in outputs))


def text_of(html: str) -> str:
    plain = re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", INLINE.sub("", html)).replace("\u202f", " ").replace("\xa0", " ")
    )
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
        ("structures-tableau", "46 lignes"),
        ("structures-tableau", "Aide aux démarches en ligne (Tous publics)"),
        ("services-tableau", "40 réponses sur 46"),
        ("voir-lecture", "manquent de visibilité sur les autres"),
        ("voir-refus", "Comparaison refusée"),
        ("bilan-tableau", "une quarantaine"),
        ("bilan-tableau", "Structures intéressées pour avoir plus de visibilité : le nombre est illisible"),
        ("bilan-tableau", "Classement des leviers d'action par les acteurs du territoire : le graphique est illisible"),
        ("offre-figure", "L'ordre ne classe pas les communes"),
        ("offre-tableau", "millésime 2019"),
        ("offre-tableau", "aucune structure interrogée"),
        ("offre-lecture", "sont sous la médiane"),
        ("quartiers-lecture", "12 structures sur 40 (30 %) dans un quartier prioritaire (5 quartiers sur 14)"),
        ("quartiers-refus", "Calcul refusé"),
        ("leviers-lecture", "W de Kendall"),
        ("conseils-tableau", "9 énoncés des conseils citoyens, cités, jamais comptés comme réponses"),
        ("conseils-tableau", "une suite est connue pour aucun"),
        ("bilan-tableau", "centres sociaux connectés"),
        ("suites-tableau", "Combien est dépensé, sur 336 164 € ?"),
        ("suites-lecture", "à demander aussi à Valenciennes Métropole, qui publie le protocole : 3 valeurs illisibles"),
    ],
)
def test_the_page_says(outputs: Outputs, cell: str, said: str) -> None:
    assert said in text(outputs[cell])


def test_what_is_invented_is_marked_and_the_protocol_is_not(outputs: Outputs) -> None:
    real = {"chiffres-cles", "faits", "conseils-tableau", "bilan-tableau", "suites-tableau", "suites-lecture"}
    plain = {"voir-refus", "quartiers-refus", "methode-tableau"}
    for cell, shown in outputs.items():
        if shown:
            assert (MARK in text(shown)) == (cell not in real | plain), cell


def test_the_share_of_the_protocol_is_in_no_table(site: SimpleNamespace) -> None:
    """It is shown alone, with what is not known of it: no table sets it beside an answer of the survey."""
    paths = list((site.outputs / "valenciennes/2022").glob(f"{NAME}--tableau-*.csv"))
    assert len(paths) == 9
    assert [path.name for path in paths if re.search(r"\b93\b", path.read_text(encoding="utf-8"))] == []


def test_the_survey_is_there_to_take_away(site: SimpleNamespace) -> None:
    paths = (site.outputs / "valenciennes/2022").glob(f"{NAME}--tableau-*.csv")
    tables = [pd.read_csv(path, sep=";", dtype="str", encoding="utf-8-sig") for path in paths]
    (survey,) = [table for table in tables if "services_proposes" in table]
    assert len(survey) == 46
    told = ["nom_territoire", "services_proposes", "jours_semaine", "heures_semaine", "nb_postes", "visibilite_autres"]
    assert survey[told].notna().any().all()


def test_the_page_ends_with_what_is_next() -> None:
    written = nbformat.read(NOTEBOOKS / "focus" / f"{NAME}.ipynb", as_version=4)
    heads = [cell.source.splitlines()[0] for cell in written.cells if cell.source.startswith("## ")]
    assert heads[-1] == "## Et ensuite, par qui ?"


def keep_tables(folder: Path, *tables: str) -> str:
    """The shipped contract with the sources of some tables alone."""
    copy = shutil.copytree(RAW / "valenciennes", folder / "seule")
    yaml, path = YAML(), copy / "contrat.yml"
    content = yaml.load(path)
    del content["totaux_votes"]
    content["sources"] = [source for source in content["sources"] if source["table"] in tables]
    yaml.dump(content, path)
    return str(copy)


@pytest.mark.long
def test_a_contract_with_the_survey_alone_says_what_is_not_there(tmp_path: Path) -> None:
    """A survey and the places that it names: no population, no containment, no services, no levers, no fact."""
    contract, outputs = keep_tables(tmp_path, "structures_numeriques", "territoires"), tmp_path / "pages"
    built = build(contract, names=[NAME], processed=tmp_path / "tables", outputs=outputs)
    assert not built.failures
    page = text_of((outputs / f"seule/2022/{NAME}.html").read_text(encoding="utf-8"))
    for said in (
        "Les structures, une par une",
        "manquent de visibilité sur les autres",
        "aucun service n'est décrit (table offres_numeriques)",
        "aucune commune n'a d'heures entières et d'habitants connus",
        "aucun classement complet des leviers (table leviers_numeriques)",
        "aucun fait n'est transcrit (table faits_numeriques)",
        "aucun énoncé sur le numérique (table enonces_conseils)",
        "aucun partenaire ne s'est engagé sur le numérique (table engagements)",
    ):
        assert said in page, said
    assert "93 %" not in page


@pytest.mark.parametrize(
    ("table", "error", "remedy"),
    [
        ("enonces_conseils", UsageError, f"{NAME} a besoin de la table structures_numeriques : déclarer"),
        pytest.param(
            "structures_numeriques", DataError, "L'enquête des structures renvoie à des territoires : ajouter",
            marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
def test_a_contract_that_lacks_a_table_is_told_the_remedy(
    tmp_path: Path, table: str, error: type[Exception], remedy: str
) -> None:
    contract = keep_tables(tmp_path, table)
    with pytest.raises(error, match=remedy):
        build(contract, names=[NAME], processed=tmp_path / "tables", outputs=tmp_path / "pages")


@pytest.mark.long
def test_a_contract_without_the_survey_has_no_page_of_it(tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    (notebooks / "focus").mkdir(parents=True)
    shutil.copy(NOTEBOOKS / "focus" / f"{NAME}.ipynb", notebooks / "focus")
    shutil.copy(NOTEBOOKS / "5_engagements.ipynb", notebooks)
    contract, outputs = keep_tables(tmp_path, "enonces_conseils"), tmp_path / "pages"
    built = build(contract, processed=tmp_path / "tables", outputs=outputs, notebooks=notebooks)
    assert "5_engagements" in {page.stem for page in built.made} | set(built.failures)
    assert NAME not in built.failures
    assert not list(outputs.rglob(f"*{NAME}*"))
