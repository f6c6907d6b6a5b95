"""`ose new`: a folder that says what is left to fill in, then goes as far as `ose check` without a file."""

import re
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import pipelines.contract
import pipelines.paths
from pipelines.cli import main
from pipelines.contract import Contract, known_contracts
from pipelines.new_contract import MODEL
from pipelines.paths import NATIONAL, RAW
from pipelines.tables import CREDITS, FUNDERS

FILLED = {
    "nom": "Contrat fictif",
    "code_epci": "'999000001'",
    "nom_epci": "Agglomération fictive",
    "debut": "2015",
    "fin": "2022",
    "date_arret": "2023-06-30",
    "annee_marqueur": "2019",
    "libelle": "Emploi",
}


def fill_in(folder: Path, *, but: str = "") -> str:
    """The text of a folder's contrat.yml, every value written but one."""
    text = (folder / "contrat.yml").read_text(encoding="utf-8")
    for key, value in FILLED.items():
        if key != but:
            text = text.replace(f"{key}: à compléter", f"{key}: {value}", 1)
    (folder / "contrat.yml").write_text(text, encoding="utf-8")
    return text


def test_a_new_contract_is_refused_until_filled_then_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "contrats" / "essai"
    assert main(["new", str(folder)]) == 0
    assert f"ose check --contrat {folder}" in capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == ["contrat.yml"]

    check = ["check", "--contrat", str(folder), "--processed", str(tmp_path / "prepare")]
    assert main(check) == 3
    said = capsys.readouterr().err
    assert said.startswith("contrat.yml : il reste à compléter « nom » (ligne ")
    assert "« annees > debut »" in said
    assert "« orientations > 0 > libelle »" in said

    fill_in(folder)
    (folder / "notes.pdf").write_bytes(b"%PDF")
    assert main(check) == 0
    assert "notes.pdf : format non lu" in capsys.readouterr().out


@pytest.mark.parametrize("left", FILLED)
def test_each_value_left_open_is_named_with_its_line(
    left: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(MODEL, tmp_path / "contrat.yml")
    text = fill_in(tmp_path, but=left)
    assert main(["check", "--contrat", str(tmp_path)]) == 3
    (line,) = [n for n, one in enumerate(text.splitlines(), start=1) if one.strip(" -").startswith(f"{left}: à compl")]
    said = capsys.readouterr().err
    assert f"{left} » (ligne {line})" in said
    assert said.count("(ligne") == 1


def test_the_model_holds_every_key_that_a_contract_must_have() -> None:
    keys = set(YAML(typ="safe").load(MODEL.read_text(encoding="utf-8")))
    required = {name for name, field in Contract.model_fields.items() if field.is_required()} - {"dossier"}
    assert required <= keys <= set(Contract.model_fields)


def test_the_model_classes_every_funder_once_its_lines_are_uncommented() -> None:
    text = MODEL.read_text(encoding="utf-8").replace("nature_credits: {}", "nature_credits:")
    text = "\n".join(re.sub(r"^#(  \w+: (?:specifique|droit_commun))$", r"\1", line) for line in text.split("\n"))
    content = YAML(typ="safe").load(text)
    assert list(content["nature_credits"]) == list(FUNDERS)
    assert set(content["nature_credits"].values()) == set(CREDITS)
    assert content["communes_non_identifiees"] == 0


@pytest.mark.parametrize("name", ["Valenciennes Métropole", "_national", "..", "a/B", "-x"])
def test_a_name_that_no_page_could_bear_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(RAW.iterdir())
    assert main(["new", "--", name]) == 2
    assert "ne peut pas nommer un contrat" in capsys.readouterr().err
    assert set(RAW.iterdir()) == before


def test_a_contract_still_to_fill_in_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`ose list` on a data/raw/ of two contracts."""
    shutil.copytree(NATIONAL, tmp_path / "_national")
    for name in ("a-remplir", "rempli"):
        (tmp_path / name).mkdir()
        shutil.copy(MODEL, tmp_path / name / "contrat.yml")
    fill_in(tmp_path / "rempli")
    for module in (pipelines.paths, pipelines.contract):
        monkeypatch.setattr(module, "RAW", tmp_path)
    known_contracts.cache_clear()
    try:
        assert main(["list", "--processed", str(tmp_path / "t"), "--outputs", str(tmp_path / "p")]) == 0
    finally:
        known_contracts.cache_clear()
    said = capsys.readouterr().out
    assert "a-remplir : contrat.yml : il reste à compléter « nom »" in said
    assert "rempli : Contrat fictif, 2015 à 2022" in said
    assert "absent     rempli/qualite.html" in said


def test_an_existing_folder_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = (RAW / "valenciennes/contrat.yml").read_bytes()
    assert main(["new", "valenciennes"]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert (RAW / "valenciennes/contrat.yml").read_bytes() == shipped
    (tmp_path / "vide").mkdir()
    assert main(["new", str(tmp_path / "vide")]) == 2
    assert list((tmp_path / "vide").iterdir()) == []
