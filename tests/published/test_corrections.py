"""Faults planted in the shipped programmes, mended by `corrections.csv` on a copy of the contract."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pipelines import prepare
from pipelines.contract import Contract, read_contract
from pipelines.errors import DataError
from pipelines.inputs import fingerprint_inputs
from pipelines.paths import ROOT
from pipelines.read.corrections import COLUMNS, read_corrections

TRUTH = json.loads((ROOT / "tests/published/verite_programmes.json").read_text(encoding="utf-8"))
Line = Callable[..., SimpleNamespace]


def fault(kind: str, file: str) -> dict[str, Any]:
    """The first fault of a kind in a file."""
    return next(f for f in TRUTH["fautes"] if f["genre"] == kind and file in f["fichier"])


KEYLESS = fault("sans_code", "2015")
KEYLESS_CSV = fault("sans_code", "2019")
REPEATED = fault("code_repete", "2016")
AMOUNT = fault("montant_illisible", "2015")
MENDED = [
    (KEYLESS, "DEMO-2015-9001"),
    (KEYLESS_CSV, "DEMO-2019-9002"),
    (REPEATED, "DEMO-2016-9003"),
    (AMOUNT, "12 000 €"),
]


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A copy of the shipped contract, without corrections."""
    folder = tmp_path_factory.mktemp("copie") / "valenciennes"
    shutil.copytree(ROOT / "data/raw/valenciennes", folder)
    return read_contract(str(folder))


def write(contract: Contract, mended: list[tuple[dict[str, Any], str]]) -> Path:
    path = contract.dossier / "programmation/corrections.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(COLUMNS)
        for f, new in mended:
            name = Path(f["fichier"]).name
            out.writerow([name, f["feuille"], f["ligne"], f["colonne"], f["texte"], new, "vu dans la convention"])
    return path


def run(contract: Contract, raw: dict[str, list[Any]]) -> SimpleNamespace:
    corrected, journal = prepare._correct(raw, read_corrections(contract))
    cleaned = {name: prepare._clean(name, tables) for name, tables in corrected.items()}
    balance = [row for row in prepare._balance(contract, corrected, cleaned)[0] if row["table"] == "programmes"]
    programmes = cleaned["programmes"]
    return SimpleNamespace(
        balance=pd.DataFrame(balance).set_index(["fichier", "feuille"]), journal=journal, programmes=programmes
    )


@pytest.fixture(scope="module")
def both(contract: Contract) -> SimpleNamespace:
    """The line before and after the corrections, and the fingerprint of its inputs each time."""
    raw = {"programmes": prepare._read_all(contract)["programmes"]}
    before, without = run(contract, raw), fingerprint_inputs(contract)
    path = write(contract, MENDED)
    after, given = run(contract, raw), fingerprint_inputs(contract)
    path.write_text(path.read_text(encoding="utf-8").replace("convention", "délibération"), encoding="utf-8")
    other = fingerprint_inputs(contract)
    return SimpleNamespace(before=before, after=after, fingerprints=(without, given, other))


def test_a_row_that_is_given_its_key_is_kept_and_no_other_count_changes(both: SimpleNamespace) -> None:
    moved = both.after.balance.drop(columns=["id_source", "table"]) - both.before.balance.drop(
        columns=["id_source", "table"]
    )
    changed = moved[(moved != 0).any(axis=1)]
    # Both lines of the repeated code come back: neither clashes any more.
    rows = {(KEYLESS["fichier"], KEYLESS["feuille"]): 1, (KEYLESS_CSV["fichier"], ""): 1}
    rows[REPEATED["fichier"], REPEATED["feuille"]] = 2
    assert changed["retenues"].to_dict() == rows
    assert (-changed["ecartees"]).to_dict() == rows
    assert not changed[["lues", "hors_donnees"]].any(axis=None)


def test_what_was_mended_is_what_is_kept_and_what_was_read_is_in_the_journal(both: SimpleNamespace) -> None:
    kept = both.after.programmes.kept
    for f, code in MENDED[:3]:
        place = kept.loc[kept["code_action"] == code, ["fichier", "feuille", "ligne"]]
        assert place.to_numpy().tolist() == [[f["fichier"], f["feuille"], f["ligne"]]]
    here = (kept["fichier"] == AMOUNT["fichier"]) & (kept["ligne"] == AMOUNT["ligne"])
    assert kept.loc[here, "montant_cout_total"].tolist() == [12000]
    told = both.after.journal[["fichier", "feuille", "ligne", "colonne", "texte"]].to_numpy().tolist()
    expected = [[f[k] for k in ("fichier", "feuille", "ligne", "colonne", "texte")] for f, _ in MENDED]
    assert sorted(told) == sorted(expected)
    assert both.after.journal["motif"].str.contains("vu dans la convention").all()


def test_the_cells_that_no_correction_names_do_not_change(both: SimpleNamespace) -> None:
    place = ["fichier", "feuille", "ligne"]
    before, after = (line.programmes.kept.set_index(place) for line in (both.before, both.after))
    common = before.index.drop((AMOUNT["fichier"], AMOUNT["feuille"], AMOUNT["ligne"]))
    pd.testing.assert_frame_equal(after.loc[common], before.loc[common])


def test_corrections_are_inputs(both: SimpleNamespace) -> None:
    assert len(set(both.fingerprints)) == 3


def test_a_cell_that_says_something_else_stops_the_line(contract: Contract) -> None:
    path = write(contract, [(AMOUNT | {"texte": "à definir"}, "12 000 €")])
    with pytest.raises(DataError, match=r"programmation/corrections.csv, ligne 2 : .*« à préciser »"):
        prepare.prepare(contract, contract.dossier / "prepare")
    path.unlink()
