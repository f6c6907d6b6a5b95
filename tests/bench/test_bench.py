"""The benchmark runs: every stage has its time, every size its line. Figures are read, never asserted."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from pipelines.paths import ROOT
from tests.bench.prepare import STAGES


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
def test_the_benchmark_of_kernels_prints_both_kinds_and_their_ratio() -> None:
    command = [sys.executable, "-m", "tests.bench.kernels", "3"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
    assert [line[0] for line in lines] == ["| ordinaires", "| préchauffés", "| rapport"]
    assert {len(line) for line in lines} == {5}


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
