"""Which declared edition a report is compared with, and what is kept of the inputs without telling persons."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.editions import DeclaredEdition, choose_edition, collect_editions
from pipelines.errors import DataError
from pipelines.inputs import list_inputs
from pipelines.read.corrections import Correction
from tests.editions.samples import PROVENANCE
from tests.shipped import shipped_contract


def entry(fichier: str, **changes: Any) -> dict[str, Any]:
    return {"fichier": fichier, "notebook": "essai", "sujet": "", "annee": 2021, **changes}


@pytest.mark.parametrize(
    ("entries", "chosen"),
    [
        ([], None),
        ([entry("a"), entry("b")], "b"),
        ([entry("a"), entry("b", annee=2020)], "a"),
        ([entry("a", annee=2019), entry("b", annee=2020), entry("c", annee=2019)], "b"),
        ([entry("a", annee=2022)], None),
        ([entry("a", notebook="autre")], None),
        ([entry("a", sujet="Commune A")], None),
    ],
)
def test_a_report_is_compared_with_the_last_edition_of_its_year_else_of_the_year_before(
    entries: list[dict[str, Any]], chosen: str | None
) -> None:
    found = choose_edition(entries, "essai", "", 2021)
    assert (found and found["fichier"]) == chosen


@pytest.mark.parametrize(("column", "told"), [("montant_accorde", True), ("valeur", False), ("nb_prevu_total", False)])
def test_the_digest_of_a_correction_never_lets_a_count_of_persons_be_guessed(column: str, told: bool) -> None:
    contract = shipped_contract()
    lines = [
        Correction("a.csv", "", 2, column, "1", value, "Erreur", "corrections.csv, ligne 2") for value in ("3", "4")
    ]
    first, second = list_inputs(contract, pd.DataFrame(lines))["corrections"]
    assert (first["empreinte"] != second["empreinte"]) is told
    assert first["est_protegee"] is not told
    assert "nouvelle_valeur" not in first


def test_every_file_is_an_input_with_its_digest() -> None:
    contract = shipped_contract()
    inputs = list_inputs(contract, pd.DataFrame(columns=Correction._fields))
    assert [line["id"] for line in inputs["entrees"]] == [source.id for source, _ in contract.located()]
    assert {len(line["sha256"]) for line in inputs["entrees"]} == {64}
    assert all(Path(name).name == "corrections.csv" for name in inputs["fichiers_corrections"])


def test_a_declared_edition_is_kept_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "a.json").write_bytes(json.dumps(PROVENANCE, indent=1).replace("\n", "\r\n").encode())
    (kept,), texts = collect_editions(folder, [DeclaredEdition(fichier="a.json")])
    assert (kept["notebook"], kept["annee"], kept["copie"]) == ("essai", 2021, "editions/1.json")
    assert texts["editions/1.json"].encode() == (folder / "a.json").read_bytes()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps(PROVENANCE | {"contrat": "autre"}).encode(), "édition du contrat « autre »"),
        ("é".encode("cp1252"), "n'est pas en UTF-8"),
    ],
)
def test_an_edition_of_another_contract_or_another_encoding_is_refused(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "a.json").write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        collect_editions(folder, [DeclaredEdition(fichier="a.json")])
