"""`ose comments`: what it lists, what it writes, what it refuses."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from ruamel.yaml import YAML

from pipelines.cli import main
from pipelines.paths import RAW

NOTEBOOK = "1_observation_france"
# What the report loads, national tables aside.
KEPT = {"territoires", "indicateurs", "observations", "observations_france"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def observation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The observation part of the shipped contract."""
    copy = shutil.copytree(RAW / "valenciennes", tmp_path_factory.mktemp("observation") / "copie")
    yaml, path = YAML(), copy / "contrat.yml"
    content = yaml.load(path)
    content["sources"] = [source for source in content["sources"] if source["table"] in KEPT]
    yaml.dump(content, path)
    return copy


@pytest.fixture
def contract(observation: Path, tmp_path: Path) -> Path:
    """It, in a folder of the test's own."""
    return shutil.copytree(observation, tmp_path / "copie")


@pytest.fixture
def run(contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, text and error text of `ose comments` on that contract, with its own tables and pages."""
    places = ["--contrat", str(contract), "--processed", str(tmp_path / "t"), "--outputs", str(tmp_path / "p")]

    def run_command(*arguments: str) -> tuple[int, str, str]:
        code = main(["comments", *arguments, *places])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_command


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--annee", "2030"], "L'année 2030 est hors du contrat"),
        (["7_raport_annuel"], "Vouliez-vous dire « 7_rapport_annuel » ?"),
        (["rediger"], "Il manque une valeur pour « notebook »"),
        (["rediger", NOTEBOOK], "Il manque une valeur pour « sections »"),
        (["accepter"], "Dire quelles sections accepter, ou --tous"),
        (["accepter", NOTEBOOK], "Dire quelles sections accepter, ou --tous"),
        (["accepter", NOTEBOOK, "rangs", "--tous"], "Dire quelles sections accepter, ou --tous"),
        (["--anee", "2022"], "L'option « --anee » n'existe pas. Vouliez-vous dire « --annee » ?"),
    ],
)
def test_a_wrong_command_is_a_sentence(arguments: list[str], said: str, run: Run, tmp_path: Path) -> None:
    code, _, error = run(*arguments)
    assert code == 2
    assert said in error
    assert not list(tmp_path.glob("copie/commentaires"))


@pytest.mark.parametrize("arguments", [["--help"], ["rediger", "--help"], ["accepter", "--help"], ["lister", "--help"]])
def test_help_is_in_french(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["comments", *arguments]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Utilisation : ose comments")
    assert not re.search(r"Usage|Commands|Show this|required", said)


@pytest.mark.long
def test_a_commentary_is_drafted_written_and_accepted(run: Run, contract: Path, tmp_path: Path) -> None:
    code, said, _ = run(NOTEBOOK)
    assert code == 0
    assert re.search(r"^  à rédiger  rangs : empreinte à noter : [0-9a-f]{12}$", said, re.MULTILINE)
    assert said.splitlines()[-1] == "3 sections : 0 rédigée, 0 à relire, 3 à rédiger."

    folder = contract / "commentaires/2022" / NOTEBOOK
    code, said, _ = run("rediger", NOTEBOOK, "rangs", "semblables")
    assert (code, said.count("Créé : ")) == (0, 2)
    draft = (folder / "rangs.md").read_text(encoding="utf-8")
    assert "« rangs »" not in draft
    # A draft that is not written yet is nothing to accept, and none to replace.
    code, _, error = run("accepter", NOTEBOOK, "rangs")
    assert (code, "rien n'est écrit" in error) == (2, True)
    code, _, error = run("rediger", NOTEBOOK, "rangs")
    assert (code, "existe déjà" in error) == (2, True)
    code, _, error = run("rediger", NOTEBOOK, "rang")
    assert (code, "Vouliez-vous dire « rangs » ?" in error) == (2, True)

    (folder / "rangs.md").write_text(f"{draft}L'écart **persiste**.\n", encoding="utf-8", newline="\r\n")
    (folder / "agglomeration.md").write_text("Sans en-tête.", encoding="utf-8")
    (folder / "perdu.md").write_text("Texte.", encoding="utf-8")
    code, said, _ = run(NOTEBOOK)
    assert re.search(r"^  rédigé     rangs : à compléter$", said, re.MULTILINE)
    assert re.search(r"^  à relire   agglomeration : empreinte absente → [0-9a-f]{12}, chiffres", said, re.MULTILINE)
    assert f"commentaires/2022/{NOTEBOOK}/perdu.md : orphelin" in said

    # Figures of another edition, noted and kept: the page says what changed.
    kept = folder / "rangs.chiffres.csv"
    assert kept.read_text(encoding="utf-8").startswith("titre;ligne;colonne;valeur\n")
    code = main(
        [
            *("build", NOTEBOOK, "-p", "niveau=80", "--contrat", str(contract)),
            *("--processed", str(tmp_path / "t"), "--outputs", str(tmp_path / "p")),
        ]
    )
    assert code == 0
    page = BeautifulSoup((tmp_path / f"p/copie/2022/{NOTEBOOK}.html").read_text(encoding="utf-8"), "html.parser")
    (changed,) = page.select(".changements")
    assert "Ce qui a changé" in changed.get_text()

    before = (folder / "rangs.md").read_bytes(), (folder / "semblables.md").read_bytes()
    code, said, _ = run("accepter", NOTEBOOK, "--tous")
    assert code == 0
    # What was said before it is the build's.
    accepted = rf"{NOTEBOOK}, agglomeration : aucune empreinte → [0-9a-f]{{12}} ; chiffres gardés"
    assert re.fullmatch(accepted, said.splitlines()[-1])
    assert (folder / "agglomeration.md").read_text(encoding="utf-8").endswith("---\n\nSans en-tête.")
    assert (folder / "agglomeration.chiffres.csv").is_file()
    assert ((folder / "rangs.md").read_bytes(), (folder / "semblables.md").read_bytes()) == before
    code, said, _ = run("accepter", NOTEBOOK, "--tous")
    assert (code, said) == (0, "Rien n'est à relire.\n")
