"""Bad input: one French sentence with the fix, the exit code of DESIGN section 5, outputs untouched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.paths import NATIONAL, RAW


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and error text of one command line."""
    code = main(list(arguments))
    return code, capsys.readouterr().err.strip()


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """A copy of the shipped contract that a test may damage."""
    assert NATIONAL.is_dir()
    return Path(shutil.copytree(RAW / "valenciennes", tmp_path / "copie"))


def edit(old: str, new: str) -> Callable[[Path], None]:
    """A fault in contrat.yml."""

    def apply(folder: Path) -> None:
        path = folder / "contrat.yml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def remove(name: str) -> Callable[[Path], None]:
    """A missing file."""
    return lambda folder: (folder / name).unlink()


def truncate(name: str, old_sha: bool = False) -> Callable[[Path], None]:
    """A damaged file whose new fingerprint is declared, as after a bad copy at reception."""

    def apply(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[:2000])
        if not old_sha:
            _forget_sha(folder, name)

    return apply


def rename_column(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A column renamed by the publisher."""

    def apply(folder: Path) -> None:
        path = folder / name
        data = path.read_bytes()
        assert old.encode("cp1252") in data
        path.write_bytes(data.replace(old.encode("cp1252"), new.encode("cp1252"), 1))
        _forget_sha(folder, name)

    return apply


def _forget_sha(folder: Path, name: str) -> None:
    contract = folder / "contrat.yml"
    head, tail = contract.read_text(encoding="utf-8").split(f"fichier: {name}\n", 1)
    before, after = tail.split("sha256:", 1)
    contract.write_text(f'{head}fichier: {name}\n{before}sha256: ""\n' + after.split("\n", 1)[1], encoding="utf-8")


CSV_2022 = "programmation/2022_programmation_fictive.csv"
XLSX_2015 = "programmation/2015_programmation_fictive.xlsx"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (remove("observation/rsa.csv"), ["observation/rsa.csv", "introuvable", "Le déposer"]),
        (edit("\nannees:", "\nanees:"), ["contrat.yml, ligne", "anees", "annees"]),
        (edit("statut_rapport: projet", "statut_rapport: fini"), ["contrat.yml, ligne", "statut_rapport"]),
        (edit("nom: Contrat", 'nom: "Contrat'), ["contrat.yml, ligne", "YAML"]),
        (truncate(XLSX_2015), [XLSX_2015.split("/")[1], "endommagé", "réenregistrer"]),
        (truncate(XLSX_2015, old_sha=True), [XLSX_2015, "a changé depuis sa réception"]),
        (rename_column(CSV_2022, "Intitulé", "Titre tout neuf"), [CSV_2022, "ligne 1", "Titre tout neuf"]),
    ],
    ids=["fichier manquant", "clé", "valeur", "yaml", "classeur", "empreinte", "colonne"],
)
def test_bad_data_is_refused_in_one_sentence(
    damage: Callable[[Path], None], words: list[str], contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(contract)
    outputs = tmp_path / "pages"
    outputs.mkdir()
    (outputs / "index.html").write_text("le dernier bon index", encoding="utf-8")
    code, said = run(
        capsys, "build", "--contrat", str(contract), "--outputs", str(outputs), "--processed", str(tmp_path / "tables")
    )
    assert code == 3
    assert all(word in said for word in words), said
    assert "Traceback" not in said
    assert (outputs / "index.html").read_text(encoding="utf-8") == "le dernier bon index"
    assert not (tmp_path / "tables" / "copie").exists()


def test_check_drafts_both_lists_under_the_sentence(
    contract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rename_column(CSV_2022, "Intitulé", "Intitulé exact")(contract)
    code, said = run(capsys, "check", "--contrat", str(contract), "--processed", str(tmp_path / "tables"))
    sentence, _, draft = said.partition("\n\n")
    assert code == 3
    assert "« Intitulé exact de l'action »" in sentence
    assert "\n" not in sentence
    assert "      Intitulé exact de l'action: intitule # à confirmer" in draft.splitlines()
    assert "    colonnes_ignorees:" in draft.splitlines()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "--anee", "2022"], ["--anee", "--annee"]),
        (["build", "--annee", "deux mille"], ["--annee", "deux mille"]),
        (["build", "--annee", "1999"], ["1999", "2015", "2022"]),
        (["build", "--contrat", "valencienes"], ["valencienes", "valenciennes"]),
        (["build", "7_rapport"], ["7_rapport", "7_rapport_annuel"]),
        (["build", "-p", "seuil=3"], ["seuil", "Paramètres"]),
        (["build", "-p", "seuil_petite_subvention"], ["nom=valeur"]),
        (
            ["build", "2_suivi_programmation", "-p", "seuil_petite_subvention=beaucoup"],
            ["seuil_petite_subvention", "un nombre"],
        ),
        (["biuld"], ["biuld", "build"]),
    ],
    ids=lambda value: " ".join(value) if value and value[0] in ("build", "biuld") else "",
)
def test_bad_usage_is_code_2(arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, *arguments)
    assert code == 2
    assert all(word in said for word in words), said
    assert "\n" not in said


def test_outputs_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_text("pas un dossier", encoding="utf-8")
    code, said = run(capsys, "build", "--outputs", str(blocked / "pages"))
    assert code == 2
    assert "--outputs" in said


def test_read_only_outputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without the right to write; the administrator has that right everywhere but in /proc."""
    pages = tmp_path / "pages"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pages = Path("/proc/pages")
    else:
        pages.mkdir(mode=0o555)
    code, said = run(capsys, "build", "--outputs", str(pages))
    assert code == 2
    assert "--outputs" in said


def test_python_m_pipelines_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "build", "--annee", "1999"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "1999" in done.stderr


def test_help_is_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--help"]) == 0
    said = capsys.readouterr().out
    assert "Utilisation :" in said
    assert not any(word in said for word in ("Usage", "Show this message", "Options:\n  --help  Show"))
