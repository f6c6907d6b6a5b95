"""The verdict: places of the raw files, the same text each time, and nothing left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipelines.paths import ROOT
from pipelines.validate import validate
from pipelines.verdict import PLACES_SHOWN, text_of


def test_places_are_those_of_the_raw_file_whatever_the_frame(frames: dict[str, pd.DataFrame], check) -> None:  # noqa: ANN001
    frame = frames["financements"]
    frame["montant_verse"] = pd.Series([4000.5, 1000, None], dtype="Float64")
    frame["feuille"] = ["Secteur nord", None, ""]
    frame["ligne"] = pd.Series([41, 52, 63], dtype="Int64")
    (finding,) = check("financements", frame.iloc[::-1].set_axis([7, 7, 7])).warnings
    assert finding.description == "Le montant versé ne dépasse pas le montant accordé"
    assert finding.lignes == (
        ("dossier/financements.csv", "Secteur nord", 41, "montant_accorde = 4000 ; montant_verse = 4000,5"),
    )
    assert not check("financements", frame).refusals


def test_all_rows_are_counted_and_the_first_shown(frames: dict[str, pd.DataFrame], check) -> None:  # noqa: ANN001
    rows = pd.concat([frames["sigles"].iloc[[0]]] * 30, ignore_index=True)
    rows["ligne"] = pd.Series(range(2, 32), dtype="Int64")
    rows["sigle"] = [None, *(f" S{n}" for n in range(29))]
    blank, spaced = check("sigles", rows).refusals
    assert (blank.nb_lignes, blank.lignes) == (1, (("dossier/sigles.csv", "", 2, "vide"),))
    assert spaced.nb_lignes == 29
    assert [place[2:] for place in spaced.lignes] == [(n + 3, f" S{n}") for n in range(PLACES_SHOWN)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "vide"),
        (float("nan"), "vide"),
        (pd.NA, "vide"),
        (pd.Timestamp("2019-03-01"), "01/03/2019"),
        (True, "oui"),
        (False, "non"),
        (12, "12"),
        (1234567.0, "1234567"),
        (45.4, "45,4"),
        ("O3", "O3"),
    ],
)
def test_values_read_as_an_evaluator_writes_them(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_run_leaves_no_file_says_nothing_and_calls_nobody(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """In a process of its own: other working, home and temporary folders, sockets refused, twice the same text."""
    frames["sigles"].to_parquet(tmp_path / "sigles.parquet")
    script = """
import json, sys
from pathlib import Path
import pandas as pd

def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise RuntimeError(f"réseau : {event} {args}")

sys.addaudithook(refuse)
from pipelines.validate import validate
assert "great_expectations" not in sys.modules, "importing pipelines.validate must stay cheap"
from pipelines.paths import EXPECTATIONS

folder = Path(sys.argv[1])
(folder / "suites").mkdir()
(folder / "suites" / "sigles.json").write_bytes((EXPECTATIONS / "sigles.json").read_bytes())
frame = pd.read_parquet(folder / "sigles.parquet").assign(categorie=None)
frame.loc[1, "sigle"] = " PIC"
texts = [json.dumps(validate({"sigles": frame}, {}, folder / "suites").as_records()) for _ in range(2)]
assert texts[0] == texts[1]
print(texts[0])
"""
    for name in ("home", "cwd", "tmp"):
        (tmp_path / name).mkdir()
    places = {name: str(tmp_path / "tmp") for name in ("TMPDIR", "TEMP", "TMP")}
    home = {name: str(tmp_path / "home") for name in ("HOME", "USERPROFILE")}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=tmp_path / "cwd",
        env={**os.environ, **places, **home, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [path for name in ("home", "cwd", "tmp") for path in (tmp_path / name).rglob("*")] == []
    (failed,) = [record for record in json.loads(done.stdout) if not record["success"]]
    assert failed == {
        "table": "sigles",
        "type": "expect_column_values_to_match_regex",
        "description": "Un sigle ne commence ni ne finit par une espace",
        "severity": "critical",
        "success": False,
        "nb_lignes": 1,
        "lignes": [{"fichier": "dossier/sigles.csv", "feuille": "", "ligne": 3, "valeur": " PIC"}],
        "observe": "",
        "numero": None,
        "retient": "",
    }


def test_findings_come_in_the_order_of_tables_and_files(
    frames: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    frames["sigles"].loc[0, "sigle"] = None
    frames["engagements"].loc[0, "annee_fin"] = 2018
    frames["financements"].loc[0, "montant_verse"] = 4500
    verdict = validate(dict(reversed(frames.items())), parameters)
    assert [f.table for f in verdict.refusals] == ["engagements", "sigles"]
    assert [f.table for f in verdict.warnings] == ["financements"]
