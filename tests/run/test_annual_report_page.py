"""The annual report says « définitif » when every piece is there, « projet » and which one when one is not."""

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ruamel.yaml import YAML

from pipelines.cli import main
from pipelines.paths import RAW
from pipelines.report.templates import typeset

NAME, YEAR = "7_rapport_annuel", 2022
# A contract of one year, with what the sections of the decree read; the rest would only take time.
KEPT = (
    *("territoires_officiels", "qva_fictifs", "appartenances_officielles", "qva_appartenances", "indicateurs"),
    *("taux_emploi_protocole", "sites_renouvellement", "programmes_2022"),
)
COUNCILS = {
    "59014": "Anzin", "59079": "Beuvrages", "59112": "Bruay-sur-l'Escaut", "59153": "Condé-sur-l'Escaut",
    "59253": "Fresnes-sur-Escaut", "59383": "Marly", "59447": "Onnaing", "59484": "Quiévrechain",
    "59544": "Saint-Saulve", "59606": "Valenciennes", "59613": "Vicq", "59616": "Vieux-Condé",
}  # fmt: skip
OPINION = {"annee": YEAR, "date_envoi": "2023-02-01", "date_limite_avis": "2023-03-01"}
SILENT = {"date_reception": "", "sens_avis": "", "texte": "", "suite_donnee": ""}
SAID = {
    "date_reception": "2023-02-20", "sens_avis": "favorable_avec_reserves", "texte": "Avis inventé, joint en entier.",
    "suite_donnee": "Suite inventée.",
}  # fmt: skip
OPINIONS = [
    *(
        {**OPINION, "code_organe": f"CM-{code}", "nom_organe": f"Conseil municipal, {name}",
         "type_organe": "conseil_municipal", "code_territoire": code, **SILENT}
        for code, name in COUNCILS.items()
    ),
    {**OPINION, "code_organe": "CC-1", "nom_organe": "Conseil citoyen inventé", "type_organe": "conseil_citoyen",
     "code_territoire": "59606", **SAID},
]  # fmt: skip
ACT = {
    "annee": YEAR, "numero": "2023-41", "date_deliberation": "2023-06-20", "organe": "conseil_communautaire",
    "est_approuve": "oui", "suite_observations": "Les réserves sont reprises.",
}  # fmt: skip
GRANT = {"annee": YEAR, "code_territoire": "59606", "libelle_action": "Action inventée", "montant": "12000"}

Pieces = dict[str, Any]
WHOLE: Pieces = {"avis_rapport": OPINIONS, "deliberations": [ACT], "actions_dsu": [GRANT], "texte": "Perspectives."}


def _write(path: Path, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def _contract(folder: Path, pieces: Pieces) -> Path:
    """A folder of the shipped contract's files for one year, and the pieces of the report, all invented."""
    copy = folder / "essai"
    copy.mkdir(parents=True)
    yaml = YAML()
    content = yaml.load(RAW / "valenciennes/contrat.yml")
    content["sources"] = [source for source in content["sources"] if source["id"] in KEPT]
    for source in content["sources"]:
        (copy / source["fichier"]).parent.mkdir(exist_ok=True)
        shutil.copy(RAW / "valenciennes" / source["fichier"], copy / source["fichier"])
    content["annees"] = {"debut": YEAR, "fin": YEAR}
    content["totaux_votes"] = {}
    # What it declares of the other pages says nothing of this one.
    content["statut_rapport"] = "definitif"
    content["publication_scdl"] = {}
    for name in ("avis_rapport", "deliberations", "actions_dsu"):
        _write(copy / f"{name}_fictif.csv", pieces[name], list(WHOLE[name][0]))
        content["sources"].append(
            {
                "id": name, "fichier": f"{name}_fictif.csv", "table": name, "editeur": "Essai", "licence": "interne",
                "titre": f"{name} (données fictives de démonstration)", "millesime": str(YEAR), "fictif": True,
            }
        )  # fmt: skip
    yaml.dump(content, copy / "contrat.yml")
    if pieces["texte"]:
        written = copy / f"commentaires/{YEAR}/{NAME}/resultats.md"
        written.parent.mkdir(parents=True)
        written.write_text(pieces["texte"], encoding="utf-8")
    return copy


@pytest.fixture
def build(tmp_path: Path) -> Callable[[Pieces], tuple[BeautifulSoup, dict[str, Any], BeautifulSoup]]:
    """Build the report of a contract with some pieces: its page, its provenance, the index."""

    def run(pieces: Pieces) -> tuple[BeautifulSoup, dict[str, Any], BeautifulSoup]:
        contract, outputs = _contract(tmp_path, pieces), tmp_path / "pages"
        places = ["--outputs", str(outputs), "--processed", str(tmp_path / "tables")]
        assert main(["build", NAME, "--contrat", str(contract), *places]) == 0
        page = outputs / f"essai/{YEAR}/{NAME}.html"
        read = [
            BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in (page, outputs / "index.html")
        ]
        return read[0], json.loads(page.with_suffix(".json").read_text(encoding="utf-8")), read[1]

    return run


def test_with_every_piece_the_page_and_the_index_say_definitive(build: Callable) -> None:
    page, about, index = build(WHOLE)
    said = page.get_text()
    assert about["statut"] == "definitif"
    assert "Projet, non approuvé" not in said
    assert "Projet, non approuvé" not in index.get_text()
    assert "Le rapport est définitif." in said
    assert "Avis inventé, joint en entier." in said
    assert typeset("Tacite : réputé favorable") in said
    # Invented pieces stay marked, whatever the status.
    assert about["fictif"]


# Each is a contract prepared and a page built; what they judge is tested on frames besides.
LONG = pytest.mark.long


@pytest.mark.parametrize(
    ("pieces", "missing"),
    [
        pytest.param({"texte": ""}, "les perspectives et les améliorations prévues ne sont pas écrites", marks=LONG),
        pytest.param({"actions_dsu": []}, "Dotation de solidarité urbaine", marks=LONG),
        pytest.param({"avis_rapport": OPINIONS[1:]}, "Avis : Conseil municipal d'Anzin", marks=LONG),
        pytest.param(
            {"deliberations": []},
            "pas de délibération du conseil communautaire à la date d'arrêt",
            marks=LONG,
        ),
    ],
)
def test_without_one_piece_it_is_a_draft_that_names_it(pieces: Pieces, missing: str, build: Callable) -> None:
    page, about, index = build(WHOLE | pieces)
    said = " ".join(page.get_text().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split())
    assert about["statut"] == "projet"
    assert "Projet, non approuvé" in said
    assert "Projet, non approuvé" in index.get_text()
    assert missing in said
    assert "il manque 1 pièce" in said
