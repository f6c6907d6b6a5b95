"""Named mappings: known columns only, completed by what a source says itself, never in silence."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.contract import read_contract
from pipelines.errors import DataError
from pipelines.mappings import MAPPINGS, complete_source, read_mappings
from pipelines.paths import ROOT
from pipelines.prepare import prepare
from pipelines.read import read_source
from pipelines.sources import Source
from tests.shipped import shipped_contract

SHIPPED = read_mappings(MAPPINGS)
ORIGIN = {"titre": "Essai", "editeur": "Essai", "licence": "MIT", "millesime": "2018", "fictif": True}
FAMILIES = ROOT / "tests" / "data" / "familles"
CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: [{code: O1, libelle: Orientation fictive, est_fictif: true}]
sources:
"""


def source(**keys: Any) -> Source:
    keys = {"id": "essai", "fichier": "essai.csv", **ORIGIN, **keys}
    return Source.model_validate(keys | complete_source(keys, SHIPPED))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_mapping_feeds_columns_that_exist(name: str) -> None:
    made = source(correspondance=name)
    assert made.table == SHIPPED[name]["table"]
    assert set(made.colonnes_facultatives) >= {*made.colonnes, *made.indicateurs}


def test_what_a_source_says_comes_before_its_mapping() -> None:
    made = source(
        correspondance="scdl_subventions",
        colonnes={"montant": "periode_versement", "somme": "montant_accorde"},
        colonnes_ignorees=["objet"],
        constantes={"annee": "2020", "reference": "R1"},
        note="Réserve.",
    )
    assert (made.colonnes["montant"], made.colonnes["somme"]) == ("periode_versement", "montant_accorde")
    assert "objet" not in made.colonnes
    assert "referenceDecision" not in made.colonnes
    assert set(made.colonnes_ignorees) == {"objet", "referenceDecision"}
    assert "somme" not in made.colonnes_facultatives
    assert made.note == "Réserve."


def test_a_header_of_a_mapping_may_lack_and_an_unknown_one_stops(tmp_path: Path) -> None:
    path = tmp_path / "essai.csv"
    path.write_text("nomBeneficiaire;montant\nClub fictif;12\n", encoding="utf-8")
    made = source(correspondance="scdl_subventions", constantes={"code_financeur": "caf", "annee": "2020"})
    assert read_source(made, path).frame["montant_accorde"].tolist() == ["12"]
    path.write_text("nomBeneficiaire;montant;commission\nClub fictif;12;x\n", encoding="utf-8")
    with pytest.raises(DataError, match="la colonne « commission » n'est ni dans"):
        read_source(made, path)


def test_a_file_whose_headers_a_mapping_knows_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "essai.csv"
    path.write_bytes((FAMILIES / "scdl_metropole.csv").read_bytes())
    made = Source.model_validate({"id": "essai", "fichier": "essai.csv", "table": "subventions", **ORIGIN})
    with pytest.raises(DataError) as raised:
        read_source(made, path)
    assert "« correspondance: scdl_subventions »" in raised.value.details
    assert "anct_postes" not in raised.value.details


def test_two_headers_of_a_mapping_for_one_column_stop(tmp_path: Path) -> None:
    path = tmp_path / "essai.csv"
    path.write_text("Action de demande - Code dossier;CHORUS -EJ;EJ CHORUS\nDA9-1;1;2\n", encoding="utf-8")
    with pytest.raises(DataError, match="deux colonnes donnent « code_ej »"):
        read_source(source(correspondance="gispro", constantes={"annee": "2020"}), path)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"correspondance": "scdl_subvention"}, r"ligne 10 : .*« scdl_subvention » n'existe pas.*scdl_subventions"),
        (
            {"correspondance": "gispro", "table": "releves"},
            "ligne 10 : .*« gispro » est faite pour la table programmes",
        ),
        (
            {"table": "releves", "colonnes": {"a": "code_territoire"}},
            "« indicateurs » et la table releves ou releves_france vont",
        ),
    ],
)
def test_a_wrong_mapping_is_said_with_the_line_of_its_source(
    tmp_path: Path, keys: dict[str, Any], message: str
) -> None:
    write_contract(tmp_path, {"id": "essai", "fichier": "essai.csv", **keys})
    with pytest.raises(DataError, match=message):
        read_contract(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("essai:\n  table: releves\n  colones: {}\n", "« essai » a une clé « colones » inconnue"),
        ("essai:\n  colonnes: {}\n", "« essai » ne dit pas sa table"),
        ("essai: [\n", r"correspondances\.yml, ligne 2 : le fichier n'est pas lisible"),
    ],
)
def test_a_damaged_file_of_mappings_is_said(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "correspondances.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_mappings(path)


def write_contract(folder: Path, *sources: dict[str, Any]) -> None:
    """A contract of the given sources, each as an evaluator would write it."""
    lines = [
        "\n    ".join(
            ["  - id: " + one.pop("id"), *(f"{key}: {flow(value)}" for key, value in {**one, **ORIGIN}.items())]
        )
        for one in sources
    ]
    # Every count that an expectation may ask for; those of the files below are what they hold.
    shipped = shipped_contract().parametres_validation
    counts = {name: 0 for name in shipped if name.startswith("nb_")}
    counts |= {"nb_mesures": shipped["nb_mesures"], "nb_qpv": 6, "nb_postes_147": 3}
    parameters = "parametres_validation: {" + ", ".join(f"{name}: {count}" for name, count in counts.items()) + "}\n"
    (folder / "contrat.yml").write_text(parameters + CONTRACT + "\n".join(lines) + "\n", encoding="utf-8")


def flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {flow(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def test_received_files_of_several_shapes_become_certified_tables(tmp_path: Path) -> None:
    folder = tmp_path / "essai"
    folder.mkdir()
    for name in ("scdl_conventions.csv", "insee_insertion_2018.csv", "postes.json", "qpv_2015.csv"):
        (folder / name).write_bytes((FAMILIES / name).read_bytes())
    (folder / "indicateurs.csv").write_text(
        "code_indicateur;libelle_indicateur;type_indicateur;unite;sens;est_additif;definition;famille_source\n"
        "taux_emploi_qp2015;Taux d'emploi;contexte;%;neutre;non;fictive;RP\n"
        "nb_demandeurs_emploi_qp2015;Demandeurs;contexte;nombre;neutre;oui;fictive;DEFM\n",
        encoding="utf-8",
    )
    kinds = {"type_territoire": "qpv", "geographie": "QPV2015", "est_fictif": "non", "est_incertain": "non"}
    names = {"code_quartier": "code_territoire", "nom_quartier": "nom_territoire"}
    definitions = ("code_indicateur", "libelle_indicateur", "type_indicateur", "unite", "sens", "est_additif")
    write_contract(
        folder,
        {
            "id": "qpv",
            "fichier": "qpv_2015.csv",
            "table": "territoires",
            "colonnes": names,
            "colonnes_ignorees": ["departement", "communes_concernees"],
            "constantes": kinds,
        },
        {
            "id": "definitions",
            "fichier": "indicateurs.csv",
            "table": "indicateurs",
            "colonnes": {name: name for name in (*definitions, "definition", "famille_source")},
        },
        {
            "id": "insertion",
            "fichier": "insee_insertion_2018.csv",
            "correspondance": "insee_qpv_insertion",
            "colonnes_ignorees": ["TX_F_EMPL", "COLONNE_INCONNUE"],
            "lignes_gardees": {"CODGEO": ["QP999001", "QP999002", "QP999003"]},
        },
        {
            "id": "registre",
            "fichier": "scdl_conventions.csv",
            "correspondance": "scdl_subventions",
            "colonnes_ignorees": ["natureDecision", "Colonne1"],
            "constantes": {"code_financeur": "departement"},
        },
        {
            "id": "postes",
            "fichier": "postes.json",
            "forme": "json",
            "correspondance": "anct_postes",
            "constantes": {"dispositif": "fonjep"},
            "lignes_gardees": {"code_cv": ["CV999"]},
        },
    )
    manifest = prepare(read_contract(str(folder)), tmp_path / "processed")
    balance = {
        line["fichier"]: [line[key] for key in ("table", "lues", "retenues", "ecartees", "hors_donnees")]
        for line in manifest["balance"]
        if line["id_source"] in ("insertion", "registre", "postes")
    }
    assert balance == {
        "insee_insertion_2018.csv": ["releves", 10, 3, 0, 7],
        "scdl_conventions.csv": ["subventions", 7, 4, 2, 1],
        "postes.json": ["postes_147", 4, 3, 0, 1],
    }
    rows = {name: table["lignes"] for name, table in manifest["tables"].items()}
    assert [rows[name] for name in ("actions", "financements", "observations", "postes_147")] == [4, 4, 6, 3]
