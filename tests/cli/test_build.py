"""`ose build` without a terminal: a line for each report, a summary, a log; several contracts; nothing but failures."""

import json
import re
import shutil
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.training.small_contract import YEAR, write_contract

REPORT = "0_prise_en_main"


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A folder of two invented contracts, of which the first is not readable, and something else."""
    folder = tmp_path / "contrats"
    for name in ("aire", "baie"):
        shutil.move(write_contract(tmp_path / "ecrit", "A"), folder / name)
    (folder / "notes").mkdir()
    broken = folder / "aire" / "contrat.yml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("annees:", "annees: ["), encoding="utf-8")
    return folder


def test_all_contracts_of_a_folder_a_refused_one_stops_no_other(
    contracts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then it is mended, and it alone is built; then there is nothing to do; then only what fails is told."""
    outputs = tmp_path / "pages"
    where = ["--contrats", str(contracts), "--outputs", str(outputs), "--processed", str(tmp_path / "tables")]
    assert main(["build", REPORT, *where]) == 3
    out, err = capsys.readouterr()
    page = f"baie/{YEAR}/{REPORT}.html"
    assert len(re.findall(rf"^construit  {page} \(\d+,\d s\)$", out, re.MULTILINE)) == 1
    assert (outputs / page).is_file()
    assert re.search(r"^refusé     aire : contrat.yml, ligne \d+ : ", err, re.MULTILINE)
    assert "3 page(s) construite(s), 0 à jour, 0 en échec, 1 contrat(s) refusé(s)" in out
    log = (outputs / ".ose" / "journal.log").read_text(encoding="utf-8")
    assert re.search(r"^\d{4}-\d\d-\d\d [\d:,]+ ERROR aire refusé : contrat.yml, ligne", log, re.MULTILINE)
    assert re.search(rf" INFO construit {page} en \d+,\d s$", log, re.MULTILINE)
    record = json.loads((outputs / ".ose" / "etat.json").read_text(encoding="utf-8"))
    assert [bool(one["refus"]) for one in record["contrats"]] == [True, False]
    assert "contrat.yml, ligne" in (outputs / "etat.html").read_text(encoding="utf-8")
    assert "etat.html" not in (outputs / "index.html").read_text(encoding="utf-8")

    broken = contracts / "aire" / "contrat.yml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("annees: [", "annees:"), encoding="utf-8")
    assert main(["build", REPORT, *where]) == 0
    out, err = capsys.readouterr()
    assert not err
    assert out.count("construit  ") == 3
    assert "3 page(s) déjà à jour" in out
    assert f"construit  aire/{YEAR}/{REPORT}.html" in out

    assert main(["build", REPORT, *where]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "6 page(s) déjà à jour (--force pour les refaire)"

    assert main(["build", REPORT, *where, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    broken.unlink()
    assert main(["build", "--quiet", REPORT, *where, "--log", str(tmp_path / "journal")]) == 0
    assert "Rien à faire" not in (tmp_path / "journal").read_text(encoding="utf-8"), "la question n'est plus la même"


def test_a_folder_without_contract_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--contrats", str(tmp_path), "--outputs", str(tmp_path / "pages")]) == 2
    assert "ne contient aucun contrat" in capsys.readouterr().err


def test_a_log_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    where = ["--outputs", str(tmp_path / "pages"), "--log", str(tmp_path / "fichier" / "journal")]
    assert main(["build", *where]) == 2
    assert "choisir un autre fichier avec --log" in capsys.readouterr().err
