"""A small contract and its one report, built through `ose build`, changed, and built again."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from pipelines.run.build import build

NOTEBOOK = "essai"
CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees:
  debut: 2020
  fin: 2021
date_arret: 2022-06-30
annee_marqueur: 2020
orientations:
  - code: O1
    libelle: Première orientation (fictive)
    est_fictif: true
seuils:
  petit_effectif: 11
parametres_validation:
  nb_mesures: 40
  nb_postes_147: 3
sources:
"""
SOURCE = """\
  - id: {name}
    fichier: donnees/{name}.csv
    table: {table}
    titre: Essai {name} (données fictives de démonstration)
    editeur: Essai
    licence: MIT
    millesime: "2020"
    fictif: true
"""
FILES = {
    "postes": (
        "postes_147",
        "dispositif;annee;rang;code_poste;nom_employeur;montant\n"
        "adulte_relais;2020;1;P-1;Employeur fictif A;1000\n"
        "adulte_relais;2020;2;P-2;Employeur fictif B;2000\n"
        "fonjep;2020;1;P-3;Employeur fictif C;4000\n",
    ),
    "objectifs": (
        "objectifs",
        "code_objectif;libelle_objectif;code_orientation;code_objectif_parent;theme;est_fictif\n"
        "O1.1;Objectif fictif A;O1;;mobilite;oui\n"
        "O1.2;Objectif fictif B;O1;;sante;oui\n",
    ),
}
CELLS = (
    'contrat: str = "essai"  # dossier du contrat\n'
    "annee: int | None = None  # année du rapport\n"
    "seuil: float = 1500.0  # montant à partir duquel un poste est un grand poste",
    "from pipelines.report.report import open_report",
    "report = open_report(globals())\n"
    'postes, objectifs = report.load("postes_147"), report.load("objectifs")\n'
    'grands = postes[postes["montant"] >= seuil]',
    'report.key_figures([(f"{len(grands)}", "Grands postes", "")], sources=[postes])',
    'report.show(postes[["code_poste", "nom_employeur", "montant"]], "Montants par poste", sources=[postes])',
    'report.show(grands[["code_poste", "montant"]], "Grands postes", sources=[postes])',
    'report.show(objectifs[["code_objectif", "libelle_objectif"]], "Objectifs", sources=[objectifs])',
    f'report.show_changes("{NOTEBOOK}")',
)


class Line(SimpleNamespace):
    """A contract folder, the folder of its notebook, and where they are built: `contract`, `notebooks`, `base`."""

    def write(self, name: str, *changes: tuple[str, str]) -> None:
        """Change passages of a file of the contract, each of them there."""
        path = self.contract / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def change_cell(self, old: str, new: str) -> None:
        """Change a passage of the notebook."""
        path = self.notebooks / f"{NOTEBOOK}.ipynb"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def build(self, name: str, **given: Any) -> Path:
        """The page of the report, built under `name`."""
        annee = given.pop("annee", None)
        where = {"processed": self.base / "tables", "outputs": self.base / name, "notebooks": self.notebooks}
        built = build(str(self.contract), annee=annee, given=given, jobs=1, **where)
        assert not built.failures
        return built.reports[0]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """The small contract, not built yet."""
    contract, notebooks = tmp_path / "essai", tmp_path / "notebooks"
    (contract / "donnees").mkdir(parents=True)
    notebooks.mkdir()
    sources = [SOURCE.format(name=name, table=table) for name, (table, _) in FILES.items()]
    (contract / "contrat.yml").write_text(CONTRACT + "".join(sources), encoding="utf-8")
    for name, (_, text) in FILES.items():
        (contract / "donnees" / f"{name}.csv").write_text(text, encoding="utf-8")
    cells = [new_code_cell(source) for source in CELLS]
    cells[0]["metadata"]["tags"] = ["parameters"]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"ose": {"titre": "Essai", "genre": "Essai"}, "kernelspec": kernel})
    (notebooks / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return Line(contract=contract, notebooks=notebooks, base=tmp_path)
