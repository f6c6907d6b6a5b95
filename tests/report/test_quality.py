"""The quality page: every line, cell and check of a contract counted, and no text of a row set aside shown."""

import base64
import json
import shutil
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from pipelines.contract import read_contract
from pipelines.fingerprint import digest_file
from pipelines.prepare import prepare
from pipelines.processed import read_manifest
from pipelines.report.quality import describe_quality, render_quality
from pipelines.run.build import build
from pipelines.run.contract_pages import own_pages
from pipelines.run.index import write_index
from pipelines.run.staleness import statuses

QUALITY_PAGE = next(page for page in own_pages() if page.stem == "qualite")
CONTRACT = """\
nom: Contrat fictif <b>gras</b>
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
parametres_validation: {nb_mesures: 40, nb_postes_147: 2}
sources:
  - {id: postes, fichier: postes.csv, table: postes_147, titre: Postes, editeur: Essai, licence: MIT,
     millesime: "2020", fictif: false}
"""
SOUND = """\
dispositif;annee;rang;code_poste;nom_employeur;montant
fonjep;2020;1;A1;Association fictive;7164
fonjep;2020;2;A2;Association fictive;7164
"""
# A second row set aside for want of a rank that can be read, a mark, an unreadable amount, a blank cell, a phone.
POSTS = """\
dispositif;annee;rang;code_poste;nom_employeur;montant
fonjep;2020;1;;Association fictive, 03 27 00 00 00;nd
fonjep;2020;2;A2;Association fictive;à préciser
fonjep;2020;secret-de-famille;A3;Association fictive;7164
fonjep;2020;;A4;Association fictive;7164
fonjep;2020;2;A2;Association fictive;à préciser
"""


def prepared(folder: Path, posts: str) -> Path:
    """The certified folder of a contract of one file."""
    (folder / "essai").mkdir()
    (folder / "essai/contrat.yml").write_text(CONTRACT, encoding="utf-8")
    (folder / "essai/postes.csv").write_text(posts, encoding="utf-8")
    prepare(read_contract(str(folder / "essai")), folder / "tables")
    return folder / "tables/essai"


def page_of(folder: Path) -> BeautifulSoup:
    """The parsed page of a certified folder."""
    manifest = read_manifest(folder)
    return BeautifulSoup(render_quality(folder, manifest, describe_quality(folder, manifest)), "html.parser")


def table_of(page: BeautifulSoup, title: str) -> pd.DataFrame:
    """The CSV that the page offers for the table of a title."""
    (figure,) = [f for f in page.select("figure.tableau") if title in f.caption.get_text()]
    encoded = figure.select_one("a[download]")["href"].partition("base64,")[2]
    return pd.read_csv(StringIO(base64.b64decode(encoded).decode("utf-8-sig")), sep=";", dtype=str, na_filter=False)


def rows_of(page: BeautifulSoup, title: str) -> list[dict[str, Any]]:
    return table_of(page, title).to_dict("records")


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certified folder of the contract with every fault, read only."""
    return prepared(tmp_path_factory.mktemp("quality"), POSTS)


def test_the_balance_adds_up_and_the_page_opens_with_it(damaged: Path) -> None:
    page = page_of(damaged)
    *files, total = rows_of(page, "Bilan des lignes")
    counts = [sum(int(line[name]) for line in files) for name in ("lues", "retenues", "ecartees")]
    shown = [int(dd.get_text().replace("\u202f", "")) for dd in page.select("dd.valeur")[:3]]
    assert shown == counts
    (postes,) = [line for line in files if line["fichier"] == "postes.csv"]
    assert postes == {"fichier": "postes.csv", "feuille": "", "table": "postes_147", "lues": "6", "retenues": "2",
                      "ecartees": "3", "hors_donnees": "1"}  # fmt: skip
    assert (total["fichier"], int(total["lues"])) == ("Total", counts[0])


def test_rows_set_aside_are_counted_by_reason_with_their_places_and_without_their_text(damaged: Path) -> None:
    page = page_of(damaged)
    assert [(row["motif"], row["nb_lignes"], row["premieres_lignes"]) for row in rows_of(page, "écartées")] == [
        ("doublon exact d'une ligne déjà lue", "1", "postes.csv, ligne 6"),
        ("sans « rang » : cellule vide", "1", "postes.csv, ligne 5"),
        ("sans « rang » : nombre illisible", "1", "postes.csv, ligne 4"),
    ]
    assert "secret-de-famille" in (damaged / "ecartees/postes_147.csv").read_text(encoding="utf-8")
    assert "secret-de-famille" not in str(page)


def test_missing_cells_keep_their_reason(damaged: Path) -> None:
    page = page_of(damaged)
    (amount,) = rows_of(page, "dont la raison est connue")
    assert (amount["table"], amount["colonne"], amount["nb_lignes"]) == ("postes_147", "montant", "2")
    marks = [amount[f"nb_{reason}"] for reason in ("nd", "ns", "s", "so", "illisible", "vide")]
    assert (marks, amount["part_manquants"]) == (["1", "0", "0", "0", "1", "0"], "100")
    (blank,) = [row for row in rows_of(page, "seuls manques") if row["table"] == "postes_147"]
    assert (blank["colonne"], blank["nb_vide"], blank["part_manquants"]) == ("code_poste", "1", "50")


def test_personal_data_are_counted_and_never_shown(damaged: Path) -> None:
    page = page_of(damaged)
    assert rows_of(page, "personnelles") == [
        {"fichier": "postes.csv", "colonne": "nom_employeur", "nature": "téléphone", "nb_cellules": "1"}
    ]
    assert "03 27" not in str(page)


def test_a_sound_file_says_none_everywhere(tmp_path: Path) -> None:
    page = page_of(prepared(tmp_path, SOUND))
    said = " ".join(page.get_text().split())
    for nothing in ("Lignes écartées", "Corrections appliquées", "retirées des textes", "marquées ou illisibles"):
        assert f"{nothing} : aucune." in said
    assert [h.get_text() for h in page.select("article h2")] == [
        "Bilan des lignes", "Contrôles", "Lignes écartées", "Corrections", "Données personnelles", "Cellules manquantes"
    ]  # fmt: skip
    assert page.select(".fictif, .bandeau") == []
    assert page.find("b") is None, "un nom de contrat est du texte"


def test_corrections_are_listed_with_their_reasons(tmp_path: Path) -> None:
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai/corrections.csv").write_text(
        "fichier;feuille;ligne;colonne;ancienne_valeur;nouvelle_valeur;motif\n"
        "postes.csv;;2;montant;7164;7200;relu sur l'arrêté\n",
        encoding="utf-8",
    )
    (tmp_path / "essai/contrat.yml").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "essai/postes.csv").write_text(SOUND, encoding="utf-8")
    prepare(read_contract(str(tmp_path / "essai")), tmp_path / "tables")
    page = page_of(tmp_path / "tables/essai")
    assert rows_of(page, "Corrections appliquées") == [
        {"fichier": "postes.csv", "feuille": "", "ligne": "2", "colonne": "montant", "motif": "relu sur l'arrêté"}
    ]


def test_granted_euros_are_shown_where_there_are_some_beside_the_vote(damaged: Path) -> None:
    assert not [caption for caption in page_of(damaged).select("caption") if "Euros" in caption.get_text()]
    manifest = read_manifest(damaged)
    place = {"id_source": "postes", "fichier": "postes.csv", "feuille": ""}
    amounts = {"montant_lu": 1000.0, "montant_retenu": 900.0, "montant_ecarte": 100.0, "nb_illisibles": 1}
    vote = {"montant_vote": 1000.0, "montant_retenu": 900.0, "montant_ecarte": 100.0, "ecart_vote": 100.0}
    manifest["euros"] = {"accordes": [place | {"annee": 2020} | amounts], "votes": [{"annee": 2020} | vote]}
    manifest["euros"]["accordes"].append(place | {"annee": None} | dict.fromkeys(amounts, 0))
    page = BeautifulSoup(render_quality(damaged, manifest, describe_quality(damaged, manifest)), "html.parser")
    assert [row["montant_ecarte"] for row in rows_of(page, "Euros accordés par")] == ["100", "0", "100"]
    assert [row["annee"] for row in rows_of(page, "Euros accordés par")] == ["2020", "", ""]
    assert rows_of(page, "euros votés")[0]["montant_ecart_vote"] == "100"
    assert "1 montant n'a pas pu être lu" in page.get_text()


def test_failed_checks_stand_open_and_conforming_ones_folded_by_table(site: SimpleNamespace) -> None:
    folder = site.processed / "valenciennes"
    manifest, page = read_manifest(folder), page_of(folder)
    failed = [line for line in manifest["controles"] if not line["success"]]
    shown = rows_of(page, "Contrôles non conformes")
    assert failed
    assert [(row["table"], row["controle"]) for row in shown] == [(f["table"], f["description"]) for f in failed]
    assert all(row["premieres_lignes"] or row["constat"] for row in shown)
    folded = page.select("details.controles:not([open]) figure")
    passed = [f for f in folded if "Contrôles conformes de la table" in f.caption.get_text()]
    assert sum(len(f.select("tbody tr")) for f in passed) == len(manifest["controles"]) - len(failed)
    assert not page.select("details.controles figure[id=tableau-2]")


def test_the_number_of_a_rule_is_shown_where_a_check_has_one(damaged: Path) -> None:
    manifest = read_manifest(damaged)
    (first, *_) = [line for line in manifest["controles"] if line["table"] == "postes_147"]
    first |= {"numero": 7, "success": False, "severity": "warning"}
    page = BeautifulSoup(render_quality(damaged, manifest, describe_quality(damaged, manifest)), "html.parser")
    shown = {row["controle"]: row["regle"] for row in rows_of(page, "Contrôles non conformes")}
    assert shown[first["description"]] == "7"


def test_the_shipped_contract_counts_its_damaged_cells(site: SimpleNamespace) -> None:
    """Each unreadable cell of the journal on a kept line is counted once, under the table that lost it."""
    page = page_of(site.processed / "valenciennes")
    counted = table_of(page, "dont la raison est connue").set_index(["table", "colonne"])
    truth = {("actions", "code_siret"): "9", ("actions", "statut"): "1", ("actions", "montant_cout_total"): "5"}
    assert {cell: counted.loc[cell, "nb_illisible"] for cell in truth} == truth
    assert counted.loc[("financements", "montant_verse"), "nb_nd"] == "4"
    assert counted.loc[("programmes", "territoires"), "nb_illisible"] == "7"
    assert counted.loc[("observations", "valeur"), "nb_nd"] == "15"
    assert page.select_one(".bandeau")


def test_the_page_is_built_with_its_provenance_and_only_when_something_changed(damaged: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "pages"
    outputs.mkdir()
    damaged = Path(shutil.copytree(damaged, tmp_path / "tables/essai"))
    page = QUALITY_PAGE.write(damaged, read_manifest(damaged), outputs)
    assert page == outputs / "essai/qualite.html"
    about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert about["fichiers"] == {"qualite.html": digest_file(page)}
    first = {path.name: path.read_bytes() for path in page.parent.iterdir()}
    assert QUALITY_PAGE.is_current(damaged, read_manifest(damaged), outputs)
    QUALITY_PAGE.write(damaged, read_manifest(damaged), outputs)
    assert {path.name: path.read_bytes() for path in page.parent.iterdir()} == first
    (damaged / "journal.csv").write_text("", encoding="utf-8")
    assert not QUALITY_PAGE.is_current(damaged, read_manifest(damaged), outputs)
    assert str(tmp_path) not in first["qualite.html"].decode()


def test_a_build_of_a_contract_without_any_report_still_makes_it(tmp_path: Path) -> None:
    """No notebook runs here; the index leads to the page, `ose list` says its state."""
    prepared(tmp_path, SOUND)
    empty, outputs, tables = tmp_path / "carnets", tmp_path / "pages", tmp_path / "tables"
    empty.mkdir()
    contract = read_contract(str(tmp_path / "essai"))
    assert statuses(contract, tables, outputs)[-1] == (Path("essai/qualite.html"), "absent", "")
    built = build(str(tmp_path / "essai"), processed=tables, outputs=outputs, notebooks=empty)
    assert built.made == [outputs / "essai" / f"{page.stem}.html" for page in own_pages()]
    assert statuses(contract, tables, outputs)[-1][1] == "à jour"
    again = build(str(tmp_path / "essai"), processed=tables, outputs=outputs, notebooks=empty)
    assert (again.made, again.current) == ([], built.made)
    index = BeautifulSoup(write_index(outputs).read_text(encoding="utf-8"), "html.parser")
    assert [link["href"] for link in index.select("main a")] == ["essai/qualite.html", "essai/accessibilite.html"]
    (tmp_path / "essai/postes.csv").write_text(SOUND.replace("A1", "A9"), encoding="utf-8")
    assert statuses(contract, tables, outputs)[-1][1] == "à refaire"
