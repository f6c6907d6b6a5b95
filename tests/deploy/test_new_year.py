"""A new year needs its raw file and the entry that `ose check` drafts for it, nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipelines.cli import main
from pipelines.paths import RAW

NAME = "7_rapport_annuel"
LAST, FILE = 2022, "programmation/2022_programmation_fictive.csv"
# What speaks of the actions of that year alone: it comes after them.
FILES = (
    FILE, "saisies/consensus_fictif.csv", "saisies/notations_fictives.csv", "suivi/mesures_suivis_fictives.csv",
    "suivi/suivis_renforces_fictifs.csv",
)  # fmt: skip


@pytest.fixture
def year_before(tmp_path: Path) -> Path:
    """The shipped contract as it stood before its last year came: its folder."""
    folder = tmp_path / "valenciennes"
    shutil.copytree(RAW / "valenciennes", folder)
    path = folder / "contrat.yml"
    text, voted = re.subn(rf"(?m)^  {LAST}: [\d.]+\n", "", path.read_text(encoding="utf-8"))
    assert voted == 1
    for file in FILES:
        (folder / file).rename(tmp_path / Path(file).name)
        source = rf"(?ms)^  - id: \w+\n    fichier: {re.escape(file)}\n.*?(?=^  - id: |\Z)"
        text, number = re.subn(source, "", text)
        assert number == 1, file
    path.write_text(text, encoding="utf-8")
    return folder


def run(command: str, folder: Path, *options: str) -> int:
    places = ["--contrat", str(folder), "--processed", str(folder.parent / "prepare")]
    places += ["--outputs", str(folder.parent / "pages")] if command == "build" else []
    return main([command, *options, *places])


def title(folder: Path, year: int) -> str:
    """What the head of the year's report says."""
    page = folder.parent / f"pages/valenciennes/{year}/{NAME}.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").header.get_text(" ", strip=True)


@pytest.mark.long
def test_the_report_of_a_new_year(year_before: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", year_before, NAME, "--annee", str(LAST - 1)) == 0
    assert str(LAST - 1) in title(year_before, LAST - 1)
    capsys.readouterr()

    shutil.copyfile(year_before.parent / Path(FILE).name, year_before / FILE)
    assert run("check", year_before) == 0
    said = capsys.readouterr().out
    start = said.index(f"  # Proposition pour « {FILE} »")
    draft = said[start : said.index("\n\n", start)]
    contract = year_before / "contrat.yml"
    contract.write_text(contract.read_text(encoding="utf-8").rstrip("\n") + f"\n{draft}\n", encoding="utf-8")

    assert run("build", year_before, NAME) == 0, capsys.readouterr().err
    assert str(LAST) in title(year_before, LAST)
    asked = year_before.parent / f"pages/valenciennes/{LAST}/{NAME}.html"
    before = asked.read_bytes()
    assert run("build", year_before, NAME, "--annee", str(LAST), "--force") == 0
    assert asked.read_bytes() == before
