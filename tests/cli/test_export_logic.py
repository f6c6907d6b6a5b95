"""`ose export logique`: the files of each model, the same from run to run, and each of them says the same model."""

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from pipelines.cli import main
from pipelines.paths import RAW
from tests.exchange.test_mermaid import read
from tests.exchange.test_workshop import same, shipped
from tests.shipped import shipped_contract

ENDS = (".svg", ".mmd", "_noeuds.csv", "_liens.csv", ".xlsx")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(site: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_export(*arguments: str) -> tuple[int, str, str]:
        code = main(["export", "logique", "--processed", str(site.processed), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_export


def test_every_model_has_its_five_files_the_same_twice(run: Run, tmp_path: Path) -> None:
    code, said, warned = run("-o", str(tmp_path / "a"))
    assert code == 0
    models = [model.code for model in shipped_contract().modeles]
    assert {file.name for file in (tmp_path / "a").iterdir()} == {f"{model}{end}" for model in models for end in ENDS}
    assert [line.split(" : ")[0] for line in said.splitlines()[:-1]] == models
    assert "fictives" in warned
    assert run("-o", str(tmp_path / "b"))[0] == 0
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


@pytest.mark.parametrize("model", ["orientation_O2", "animation_territoriale"])
def test_each_file_says_the_model(model: str, run: Run, tmp_path: Path) -> None:
    assert run(model, "-o", str(tmp_path))[0] == 0
    nodes, links = shipped(model)
    same(tmp_path / f"{model}.xlsx", nodes, links)
    text = (tmp_path / f"{model}.mmd").read_text(encoding="utf-8")
    _, drawn, lines = read(text)
    assert {node[2] for node in drawn.values()} == set(nodes["code_noeud"])
    assert [(line[0], line[3]) for line in lines] == list(zip(links["code_source"], links["code_cible"], strict=True))
    is_fictional = model.startswith("orientation")
    svg = (tmp_path / f"{model}.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 ours
    assert ("Données fictives de démonstration" in text) == ("Données fictives de démonstration" in svg) == is_fictional
    for part in ("noeuds", "liens"):
        own = (tmp_path / f"{model}_{part}.csv").read_text(encoding="utf-8-sig")
        raw = (RAW / "valenciennes" / "logique_impact" / f"{model}_{part}.csv").read_text(encoding="utf-8")
        assert list(csv.reader(own.splitlines(), delimiter=";")) == list(csv.reader(raw.splitlines(), delimiter=";"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["orientation_01", "-o", "{}/a"], "Modèle « orientation_01 » inconnu ; les plus proches : orientation_O"),
        (["-o", "{}/a", "--annee", "2030"], "L'année 2030 est hors du contrat"),
        (["-o", "{}/fichier/a"], "ne peut pas être créé"),
    ],
)
def test_a_wrong_command_is_a_sentence(arguments: list[str], said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    code, _, warned = run(*(one.format(tmp_path) for one in arguments))
    assert code == 2
    assert said in warned
    assert not (tmp_path / "a").exists()
