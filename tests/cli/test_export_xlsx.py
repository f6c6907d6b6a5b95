"""`ose export xlsx`: where it writes, what it prints and warns of, what it refuses before anything is built."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from ruamel.yaml import YAML

from pipelines.cli import main
from pipelines.paths import RAW
from tests.exchange.office import read_sheets


def export(capsys: pytest.CaptureFixture[str], site: SimpleNamespace, *arguments: str) -> tuple[int, str, str]:
    """Exit code, text and error text of `ose export xlsx`."""
    code = main(["export", "xlsx", *arguments, "--outputs", str(site.outputs), "--processed", str(site.processed)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_writes_beside_the_page_of_the_year_and_warns(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = SimpleNamespace(outputs=tmp_path / "pages", processed=site.processed)
    shutil.copytree(site.outputs, copy.outputs)
    code, said, warned = export(capsys, copy, "2_suivi_programmation", "--annee", "2015")
    target = copy.outputs / "valenciennes/2015/2_suivi_programmation.xlsx"
    tables = len(list(target.parent.glob("2_suivi_programmation--tableau-*.csv")))
    assert (code, said) == (0, f"Classeur, {tables} tableaux : {target}\n")
    assert ["Année", "2015"] in [row[:2] for row in read_sheets(target)["Sommaire"]]
    assert "à l'état de projet" in warned
    assert "données fictives de démonstration. Ne pas en reprendre les chiffres." in warned


def test_the_command_writes_where_it_is_told(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "Annexe.XLSX"
    code, said, _ = export(capsys, site, "--sortie", str(target))
    tables = len(list((site.outputs / "valenciennes/2022").glob("7_rapport_annuel--tableau-*.csv")))
    assert (code, said) == (0, f"Classeur, {tables} tableaux : {target}\n")
    assert "Tableau 10" in read_sheets(target)
    assert not list(site.outputs.rglob("*.xlsx"))


def test_a_wrong_target_is_refused_before_anything_is_built(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = SimpleNamespace(outputs=tmp_path / "pages", processed=site.processed)
    data = tmp_path / "contrat.yml"
    data.write_text("des données", encoding="utf-8")
    (tmp_path / "dossier.xlsx").mkdir()
    for target, sentence in (
        (tmp_path / "absent/a.xlsx", "n'existe pas. Le créer"),
        (data, "n'est pas le nom d'un classeur Excel. Donner à --sortie un nom qui finit par .xlsx"),
        (tmp_path / "dossier.xlsx", "dossier"),
    ):
        code, _, warned = export(capsys, nowhere, "--sortie", str(target))
        assert code == 2
        assert sentence in warned
    assert data.read_text(encoding="utf-8") == "des données"
    assert not nowhere.outputs.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["8_rapport"], "Le notebook « 8_rapport » n'existe pas. Vouliez-vous dire"),
        (["--annee", "2030"], "L'année 2030 est hors du contrat"),
        (["-p", "seuil=3"], "seuil"),
        (["-p", "seuil"], "écrire -p nom=valeur"),
    ],
)
def test_a_wrong_command_is_a_sentence(
    site: SimpleNamespace, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, _, warned = export(capsys, site, *arguments)
    assert code == 2
    assert said in warned


@pytest.mark.long
def test_a_report_that_fails_says_why_and_leaves_the_former_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract with territories alone: the report on programmes says which source it wants."""
    contract = shutil.copytree(RAW / "valenciennes", tmp_path / "copie")
    yaml, path = YAML(), contract / "contrat.yml"
    content = yaml.load(path)
    content["sources"] = [one for one in content["sources"] if one["table"] in ("territoires", "appartenances")]
    yaml.dump(content, path)
    places = SimpleNamespace(outputs=tmp_path / "pages", processed=tmp_path / "tables")
    former = places.outputs / "copie/2022/2_suivi_programmation.xlsx"
    former.parent.mkdir(parents=True)
    former.write_bytes(b"le premier")
    code, said, warned = export(capsys, places, "2_suivi_programmation", "--contrat", str(contract))
    assert (code, said) == (3, "")
    assert "« actions » n'a pas de source" in warned
    assert former.read_bytes() == b"le premier"


@pytest.mark.long
def test_a_parameter_given_is_that_of_the_workbook(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = SimpleNamespace(outputs=tmp_path / "pages", processed=site.processed)
    code, _, _ = export(capsys, copy, "2_suivi_programmation", "-p", "seuil_petite_subvention=2000")
    assert code == 0
    rows = read_sheets(copy.outputs / "valenciennes/2022/2_suivi_programmation.xlsx")["Sommaire"]
    assert ["seuil_petite_subvention", "2000"] in [row[:2] for row in rows]
