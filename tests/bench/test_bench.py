"""The benchmark runs: every stage has its time, every size its line. Figures are read, never asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.paths import NOTEBOOKS, ROOT
from tests.bench.environments import LOCKS, NotInstalled, install
from tests.bench.measure import Failed, measure
from tests.bench.prepare import STAGES
from tests.bench.tables import BEGIN, END, describe, write_readme
from tests.bench.ways import WAYS

ENV = dict(os.environ)


@pytest.mark.long
def test_the_benchmark_of_prepare_prints_one_line_a_size() -> None:
    command = [sys.executable, "-m", "tests.bench.prepare", "1000", "2000"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    header, _, small, large, exponent = done.stdout.splitlines()
    assert all(stage in header for stage in STAGES)
    assert [line.split(" | ")[0] for line in (small, large)] == ["| 1 000", "| 2 000"]
    assert exponent.startswith("De 1000 à 2000 actions : calcul en n^")


@pytest.mark.long
def test_the_benchmark_of_pages_prints_one_line_a_page(site: SimpleNamespace) -> None:
    command = [sys.executable, "-m", "tests.bench.pages", str(site.outputs)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines()[2:] if ".html" in line]
    assert len(lines) == len(list(site.outputs.rglob("*.html")))
    # Reports have the plain way beside them, and the ratio.
    of_year = list(site.outputs.glob("*/2022/*.html"))
    assert len(of_year) > 4
    assert [line.count("|") for line in lines if "/2022/" in line] == [7] * len(of_year)


@pytest.mark.long
def test_the_benchmark_of_sheets_prints_the_cost_of_one_more() -> None:
    command = [sys.executable, "-m", "tests.bench.sheets"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert " ; 24 fiches " in done.stdout.splitlines()[-1]
    assert " ; chaque fiche de plus " in done.stdout.splitlines()[-1]


@pytest.mark.long
def test_the_benchmark_of_marks_prints_one_line_a_size_and_finds_the_same_markers() -> None:
    command = [sys.executable, "-m", "tests.bench.marks", "1000", "2000"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
    assert [line[0] for line in lines] == ["| 1 000", "| 2 000"]
    assert {len(line) for line in lines} == {6}


@pytest.mark.long
def test_the_benchmark_of_diagrams_prints_one_line_a_size() -> None:
    command = [sys.executable, "-m", "tests.bench.diagrams", "12", "24"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
    assert [line[0] for line in lines] == ["| 12", "| 24"]
    assert {len(line) for line in lines} == {6}


def _alone(program: str, folder: Path) -> Any:
    return measure([[sys.executable, "-c", program]], cwd=folder, env=ENV, log=folder / "journal.txt")


def test_a_measure_counts_the_processor_and_the_memory_of_children(tmp_path: Path) -> None:
    child = "import time; held = bytearray(200_000_000)\nwhile time.process_time() < 1.5: pass"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    found, idle = _alone(program, tmp_path), _alone("import time; time.sleep(0.5)", tmp_path)
    assert found.work > 0.6 > idle.work
    assert found.peak > 190 > idle.peak > 0
    assert idle.wall >= 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="Linux seul rattache ce qu'une commande laisse")
def test_a_measure_counts_what_a_command_leaves_behind_and_not_in_its_time(tmp_path: Path) -> None:
    burn = "import time; end = time.process_time() + 1\nwhile time.process_time() < end: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    done = measure([[sys.executable, "-c", leave]], cwd=tmp_path, env=os.environ, log=tmp_path / "journal.txt")
    assert done.work >= 1
    assert done.wall < done.work


def test_a_command_that_fails_is_told_by_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ValueError: trop"):
        _alone("raise ValueError('trop')", tmp_path)


def test_a_peer_that_cannot_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "locks" / "absent"
    lock.mkdir(parents=True)
    lock.joinpath("requirements.txt").write_text("ose-absent==1 --hash=sha256:" + "0" * 64, encoding="utf-8")
    monkeypatch.setattr("tests.bench.environments.LOCKS", lock.parent)
    monkeypatch.setattr("tests.bench.environments.RUN", lock / "requirements.txt")
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(NotInstalled, match="ose-absent"):
        install("absent", tmp_path / "environments")


def test_every_environment_of_a_way_has_its_lock() -> None:
    apart = {way.environment for way in WAYS.values()} - {"ose"}
    assert apart == {lock.parent.name for lock in LOCKS.glob("*/requirements.txt")}
    for name in apart:
        text = LOCKS.joinpath(name, "requirements.txt").read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if line and line[0] not in "# "]
        assert pins
        assert text.count("--hash=") >= len(pins)
        assert all("==" in pin for pin in pins)


@pytest.mark.parametrize("name", WAYS)
def test_a_way_names_every_notebook_and_its_parameter_in_its_scratch_folder(name: str, tmp_path: Path) -> None:
    path = str(NOTEBOOKS / "8_fiche_commune.ipynb")
    plan = [{"name": "8_fiche_commune", "path": path, "parameters": {"commune": "59606"}}]
    commands = WAYS[name].prepare(plan, tmp_path, tmp_path / "tables")
    written = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir() if file.suffix != ".ipynb")
    told = written + " ".join(word for command in commands for word in command)
    assert "8_fiche_commune" in told
    assert ("59606" in told) == ("sans paramètre" not in WAYS[name].title)


def _found() -> dict[str, Any]:
    cold = [{"wall": wall, "work": 2 * wall, "peak": 500} for wall in (10.0, 30.0, 12.0)]
    slow = [{"wall": 96.0, "work": 90.0, "peak": 300, "ose": cold[2]}]
    return {
        "notebooks": ["a", "b"],
        "voies": {"ose": {"froid": cold, "rien": [{"wall": 0.5, "work": 0.4, "peak": 50}]}, "boucle": {"froid": slow}},
        "rien": {"ose": 0.5, "pandas": 0.4},
        "noyaux": {"prechauffe": 0.09, "ordinaire": 0.6},
        "contrats": [{"contrats": 10, "pages": 30, "wall": 60.0, "work": 90.0, "peak": 900}],
        "laisses": {"ploomber": "absent"},
    }


def test_the_tables_take_the_middle_of_ours_and_say_ratios_and_what_was_left_out() -> None:
    text = describe(_found())
    assert "| `ose build` | 12,0 | 1,00 | 24,0 | 1,00 | 500 | 0,50 |" in text
    assert "| 96,0 | 8,00 | 90,0 | 3,75 | 300 | comme la première |" in text
    assert '| 0,500 | `python -c "import pandas"` | 0,400 | 1,25 |' in text
    assert "| 10 | 30 | 60,0 | 2,00 | 900 |" in text
    assert "Laissé de côté : ploomber (absent)." in text


def test_a_way_is_compared_to_the_run_of_ours_just_before_it() -> None:
    found = _found()
    found["voies"]["boucle"]["froid"][0]["ose"] = {"wall": 32.0, "work": 45.0}
    assert "| 96,0 | 3,00 | 90,0 | 2,00 | 300 | comme la première |" in describe(found)


def test_the_readme_keeps_what_stands_around_the_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"avant\n{BEGIN}\nvieux\n{END}\naprès\n", encoding="utf-8")
    write_readme("neuf", readme)
    assert readme.read_text(encoding="utf-8") == f"avant\n{BEGIN}\n\nneuf\n\n{END}\naprès\n"
    readme.write_text("sans marque", encoding="utf-8")
    with pytest.raises(ValueError, match="mesures"):
        write_readme("neuf", readme)


def test_the_readme_of_the_project_has_its_marks() -> None:
    text = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)


@pytest.mark.long
def test_the_benchmark_of_ways_measures_ours_the_ceiling_and_each_line(tmp_path: Path) -> None:
    kept = tmp_path / "mesures.json"
    options = ["--voies", "ose,plafond,api", "--notebooks", "9_synthese_copil", "--sans", "lignes,contrats"]
    command = [sys.executable, "-m", "tests.bench", *options, "--sans-readme", "--garder", str(kept)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert set(found["voies"]) == {"ose", "plafond", "api"}
    assert not found.get("laisses")
    assert {"rien", "noyaux"} <= found.keys()
    assert "| `ose build` |" in done.stdout
    # What is kept is not measured again.
    again = subprocess.run([*command, "--reprendre"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert len(json.loads(kept.read_text(encoding="utf-8"))["voies"]["api"]["froid"]) == 1
    assert "| `ose build` |" in again.stdout
