"""`ose import logique`: a workshop's workbook becomes a model of the contract, and nothing is replaced unasked."""

import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines.cli import main
from pipelines.contract import read_contract
from pipelines.exchange.workshop import write_workshop
from pipelines.exchange.workshop_reading import read_workshop
from pipelines.paths import RAW
from pipelines.tables import TABLES, empty
from tests.exchange.test_workshop import LINK_HEAD, NODE_HEAD, TWO_NODES, make, shipped


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """The shipped contract in a folder of its own, without its models nor what measures them."""
    folder = tmp_path / "essai"
    shutil.copytree(RAW / "valenciennes", folder)
    shutil.rmtree(folder / "logique_impact")
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["import", "logique", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_workbook_becomes_three_files_and_says_what_to_do_next(
    contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path / "Atelier Santé.xlsx", [NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", "R1"]])
    code, said, warned = run(capsys, str(path), "--contrat", str(contract))
    assert (code, warned) == (0, "")
    folder = contract / "logique_impact"
    assert sorted(file.name for file in folder.iterdir()) == [
        "atelier_sante.yml", "atelier_sante_liens.csv", "atelier_sante_noeuds.csv",
    ]  # fmt: skip
    assert said.startswith("Modèle « atelier_sante » : 2 nœuds, 1 lien\n  1 lien à l'état d'hypothèse, 1 lien non")
    assert f"Lancer : ose check --contrat {contract}" in said
    (model,) = read_contract(str(contract)).modeles
    assert (model.titre, model.origine, model.fictif) == (
        "Atelier sante",
        "Atelier, classeur Atelier Santé.xlsx",
        False,
    )
    assert model.editeur == "à compléter"


@pytest.mark.parametrize("code", ["orientation_O1", "animation_territoriale"])
def test_an_exported_model_is_imported_the_same(
    code: str, contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes, links = shipped(code)
    path = tmp_path / "m.xlsx"
    write_workshop(path, nodes, links, {"est_fictif": True})
    result, _, warned = run(capsys, str(path), "--modele", code, "--contrat", str(contract))
    assert result == 0
    assert "fictives" in warned
    assert read_contract(str(contract)).modeles[0].fictif
    for part in ("noeuds", "liens"):
        name = f"logique_impact/{code}_{part}.csv"
        assert (contract / name).read_text(encoding="utf-8") == (RAW / "valenciennes" / name).read_text(
            encoding="utf-8"
        )


def test_a_model_that_is_there_is_replaced_only_when_asked_and_keeps_its_yml(
    contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path / "m.xlsx", [NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", "R1"]])
    place = [str(path), "--contrat", str(contract)]
    assert run(capsys, *place)[0] == 0
    about = contract / "logique_impact" / "m.yml"
    about.write_text(about.read_text(encoding="utf-8").replace('titre: "M"', 'titre: "Le nôtre"'), encoding="utf-8")
    make(path, [NODE_HEAD, TWO_NODES[0]], [LINK_HEAD])
    before = {file: file.read_bytes() for file in about.parent.iterdir()}
    code, _, warned = run(capsys, *place)
    assert code == 2
    assert "Le modèle « m » existe déjà (m.yml, m_noeuds.csv, m_liens.csv)" in warned
    assert {file: file.read_bytes() for file in about.parent.iterdir()} == before
    code, said, _ = run(capsys, *place, "--force")
    assert code == 0
    assert f"Gardé : {about}" in said
    assert read_contract(str(contract)).modeles[0].titre == "Le nôtre"
    assert len((about.parent / "m_noeuds.csv").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("rows", "options", "code", "said"),
    [
        ([NODE_HEAD, ["r1", "Rien", "x"]], [], 3, "« Niveau » dit « Rien »"),
        ([NODE_HEAD, *TWO_NODES], ["--modele", "a/b"], 2, "« a/b » n'est pas un nom de modèle"),
        ([NODE_HEAD, *TWO_NODES], ["--modele", ""], 2, "« » n'est pas un nom de modèle"),
    ],
)
def test_what_is_refused_writes_nothing(
    rows: list[list[object]], options: list[str], code: int, said: str, contract: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = make(tmp_path / "m.xlsx", rows, [LINK_HEAD])
    result, _, warned = run(capsys, str(path), "--contrat", str(contract), *options)
    assert result == code
    assert said in warned.replace("«  »", "« »")
    assert not (contract / "logique_impact").exists()


@pytest.mark.long
def test_a_filled_template_passes_the_checks_of_the_tables(
    contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "gabarit.xlsx"
    assert main(["export", "gabarit-atelier", "-o", str(template)]) == 0
    assert CalamineWorkbook.from_path(str(template)).sheet_names == ["Nœuds", "Liens", "Mode d'emploi"]
    path = make(tmp_path / "m.xlsx", [NODE_HEAD, *TWO_NODES], [LINK_HEAD, ["r1", "R1"]])
    assert run(capsys, str(path), "--contrat", str(contract))[0] == 0
    text = (contract / "contrat.yml").read_text(encoding="utf-8")
    # The common set and the excerpts speak of nodes and links of the models that this contract has no more.
    for name in ("socle_indicateurs_fictif", "materiau_qualitatif_fictif"):
        begin = text.index(f"  - id: {name}")
        end = text.find("  - id: ", begin + 1)
        text = text[:begin] + (text[end:] if end > 0 else "")
        (contract / "suivi" / f"{name}.csv").unlink()
    (contract / "contrat.yml").write_text(text, encoding="utf-8")
    code = main(["check", "--contrat", str(contract), "--processed", str(tmp_path / "processed")])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "logique_impact/m_noeuds.csv" in said.out


def test_what_a_template_writes_reads_as_no_row(tmp_path: Path) -> None:
    path = tmp_path / "v.xlsx"
    nodes, _ = shipped("orientation_O3")
    write_workshop(path, nodes, empty(TABLES["logique_liens"]), {})
    assert read_workshop(path)[1].empty
