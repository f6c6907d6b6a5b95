"""`logique_impact/<modele>.yml` and its two files: what is wrong is one French sentence with the file and the line."""

from pathlib import Path

import pytest

from pipelines.contract import Contract, read_contract
from pipelines.errors import DataError
from pipelines.logic_models import collect_models, read_models
from pipelines.paths import RAW
from pipelines.prepare import prepare
from pipelines.processed import load_table
from tests.conftest import sample
from tests.shipped import shipped_contract

CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: [{code: O1, libelle: Une orientation, est_fictif: true}]
parametres_validation: {nb_mesures: 40}
sources: []
"""
MODEL = """\
titre: Modèle fictif
orientation: O1
origine: Atelier fictif.
niveaux:
  realisation: Action
editeur: Éditeur fictif
licence: aucune
millesime: "2022"
fictif: true
"""
NODES = """\
code_noeud;niveau;rang;libelle_noeud;est_perdu;est_incertain
r1;realisation;1;Réunions fictives;non;non
R1;resultat_attendu;1;Résultat fictif;non;non
"""
LINKS = """\
code_source;code_cible;statut;verdict;est_saut_declare;est_incertain
r1;R1;hypothese;non_examine;non;oui
"""


def write(folder: Path, model: str = MODEL, nodes: str = NODES, links: str = LINKS, name: str = "fictif") -> Contract:
    """A contract with one model, read."""
    (folder / "logique_impact").mkdir(parents=True)
    (folder / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    for suffix, text in {".yml": model, "_noeuds.csv": nodes, "_liens.csv": links}.items():
        (folder / "logique_impact" / f"{name}{suffix}").write_text(text, encoding="utf-8")
    return read_contract(str(folder))


def test_three_files_are_a_model_that_nothing_else_declares(tmp_path: Path) -> None:
    contract = write(tmp_path / "petit")
    assert [source.id for source in contract.sources] == ["logique_fictif_noeuds", "logique_fictif_liens"]
    manifest = prepare(contract, tmp_path / "processed")
    folder = tmp_path / "processed/petit"
    models, nodes, links = (load_table(folder, manifest, f"logique_{name}") for name in ("modeles", "noeuds", "liens"))
    assert models[["code_modele", "titre", "code_orientation", "libelle_realisation"]].to_dict("records") == [
        {"code_modele": "fictif", "titre": "Modèle fictif", "code_orientation": "O1", "libelle_realisation": "Action"}
    ]
    assert models["libelle_impact_global"].tolist() == ["Impact global"]
    assert nodes["code_modele"].tolist() == ["fictif", "fictif"]
    assert links[["code_source", "code_cible", "verdict"]].values.tolist() == [["r1", "R1", "non_examine"]]
    # Nothing is lost on the way, and what is fictional says so.
    assert {
        line["fichier"]: (line["lues"], line["retenues"])
        for line in manifest["balance"]
        if line["fichier"].startswith("logique_impact/")
    } == {"logique_impact/fictif_liens.csv": (2, 1), "logique_impact/fictif_noeuds.csv": (3, 2)}
    assert {source["fictif"] for source in manifest["contrat"]["sources"]} == {True}


def test_a_contract_may_have_none(tmp_path: Path) -> None:
    (tmp_path / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    contract = read_contract(str(tmp_path))
    assert (contract.modeles, contract.sources) == ((), ())
    assert collect_models(()).empty


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("titre:", "titres:", "fictif.yml, ligne 1 : clé « titres » inconnue ; les plus proches : titre."),
        ("  realisation:", "  realisations:", "fictif.yml, ligne 5 : clé « realisations » inconnue"),
        ("fictif: true", "fictif: peut-être", "fictif.yml, ligne 9 : la valeur de « fictif » (peut-être)"),
        ("licence: aucune\n", "", "fictif.yml : la clé « licence » manque. L'ajouter."),
        ("titre: Modèle fictif", "titre: [", "fictif.yml, ligne"),
        ("orientation: O1", "code: autre", "fictif.yml, ligne 2 : « code » est le nom du fichier"),
    ],
)
def test_a_fault_in_the_description_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in MODEL
    with pytest.raises(DataError) as raised:
        write(tmp_path, MODEL.replace(old, new, 1))
    assert told in str(raised.value)


def test_a_name_that_no_page_could_bear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="le nom d'un modèle ne prend que des lettres sans accent"):
        write(tmp_path, name="modèle d'atelier")


def test_a_missing_half_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "logique_impact/fictif_liens.csv").unlink()
    with pytest.raises(DataError, match=r"logique_impact/fictif_liens\.csv .* est introuvable"):
        read_contract(str(tmp_path))


@pytest.mark.parametrize(
    ("nodes", "links", "told"),
    sample(
        [
            (NODES, LINKS.replace("r1;R1", "r1;R9"), "Chaque code_cible désigne un nœud de son modèle"),
            (NODES.replace("Réunions fictives;non", ";oui"), LINKS, "Aucun lien ne part d'un nœud perdu"),
            (NODES.replace("resultat_attendu", ""), LINKS, "Chaque code_cible désigne un nœud de son modèle"),
            (NODES, LINKS.replace("r1;R1", "r1;r1"), "Un nœud ne mène pas à lui-même"),
            (NODES, LINKS.replace("non_examine", "contredit"), "Un lien contredit dit ce qui va contre"),
        ],
        one_in=3,
    ),
)
def test_a_model_that_means_nothing_refuses_the_data(tmp_path: Path, nodes: str, links: str, told: str) -> None:
    with pytest.raises(DataError) as raised:
        prepare(write(tmp_path / "petit", nodes=nodes, links=links), tmp_path / "processed")
    assert told in str(raised.value) + raised.value.details


def test_a_circle_is_drawn_and_warned_of(tmp_path: Path) -> None:
    """What a workshop draws must be seen to be mended: a link that goes down is a warning, and stands on the page."""
    contract = write(tmp_path / "petit", links=LINKS + "R1;r1;hypothese;non_examine;non;oui\n")
    manifest = prepare(contract, tmp_path / "processed")
    assert [f["description"] for f in manifest["controles"] if not f["success"]] == [
        "Chaque lien monte d'un niveau, ou déclare en sauter"
    ]


def test_the_shipped_models_are_those_of_the_protocol_and_one_per_orientation() -> None:
    contract = shipped_contract()
    fictional = {model.code: model.fictif for model in contract.modeles}
    assert fictional == {
        "animation_territoriale": False,
        "plan_economique": False,
        **{f"orientation_{orientation.code}": True for orientation in contract.orientations},
    }
    assert read_models(RAW / "valenciennes") == contract.modeles
