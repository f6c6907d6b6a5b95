"""`ose export scdl`: what it prints, its exit codes, and what it says of a wrong command."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, text and error text of `ose export`."""
    code = main(["export", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_register_of_the_last_year_with_its_balance(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--processed", str(site.processed), "--outputs", str(tmp_path)]
    code, said, warned = run(capsys, "scdl", *places)
    assert code == 0
    lines = said.splitlines()
    assert lines[0] == "Valenciennes Métropole, exercice 2022"
    assert [line.split()[0] for line in lines[1:3]] == ["accordées", "="]
    file = tmp_path / "valenciennes" / "2022" / "245901160_subventions_2022_fictif.csv"
    assert lines[-1] == f"Registre : {file}"
    assert file.is_file()
    assert "Ne pas publier ce registre" in warned
    assert run(capsys, "scdl", "--annee", "2015", *places)[0] == 0
    assert (tmp_path / "valenciennes" / "2015" / "245901160_subventions_2015_fictif.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["scdl", "--annee", "2030"], 2, "L'année 2030 est hors du contrat (2015 à 2022)"),
        (["scdl", "--annee", "deux"], 2, "« --annee » ne convient pas (« deux »)"),
        (["scdl", "--financeur", "commune"], 2, "choisir un autre financeur avec --financeur"),
        (["scdl", "--financeur", "etta"], 2, "Financeurs : etat, agglomeration"),
        (["scdl", "--contrat", "ailleurs"], 2, "Contrat « ailleurs » introuvable"),
        (["scld"], 2, "« scld » n'existe pas. Commandes : diapositives, gabarit-atelier, logique, pdf, scdl, xlsx."),
        (["scdl", "--financeur", "caf"], 3, "        date_convention:  # date de signature des conventions"),
    ],
)
def test_a_wrong_command_is_a_sentence(
    arguments: list[str], code: int, said: str, prepared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--processed", str(prepared.parent), "--outputs", str(tmp_path)] if arguments[0] == "scdl" else []
    assert run(capsys, *arguments, *places)[0] == code
    assert said in "".join(run(capsys, *arguments, *places)[2])
    assert list(tmp_path.iterdir()) == []


def test_outputs_that_cannot_be_written(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "sorties"
    outputs.write_text("un fichier à la place du dossier", encoding="utf-8")
    code, _, said = run(capsys, "scdl", "--processed", str(site.processed), "--outputs", str(outputs))
    assert code == 2
    assert "« sorties » ne peut pas être écrit" in said
    assert outputs.read_text(encoding="utf-8") == "un fichier à la place du dossier"


def test_the_slides_of_the_committee_stand_beside_their_page(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--processed", str(site.processed), "--outputs", str(tmp_path)]
    code, said, warned = run(capsys, "diapositives", *places)
    file = tmp_path / "valenciennes" / "2022" / "9_synthese_copil--diapositives.html"
    assert (code, said.splitlines()[-1].partition(" : ")[2]) == (0, str(file))
    first = file.read_bytes()
    assert first.count(b'<section class="diapositive') == int(said.splitlines()[-1].split()[0])
    assert "à l'état de projet" in warned
    assert run(capsys, "diapositives", *places)[0] == 0
    assert file.read_bytes() == first
    assert run(capsys, "diapositives", "9_sinthese", *places)[0] == 2
