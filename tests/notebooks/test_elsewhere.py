"""The observation of quartiers works for others: another contract, unchanged, and quartiers of the whole country."""

import re
import time
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from pipelines.cli import main
from tests.notebooks.elsewhere import (
    FRANCE,
    OCCITANIE,
    OCCITANIE_EXCERPT,
    excerpt_country,
    make_country,
    make_occitanie,
)

CAVM = "245901160"


def public(path: Path) -> Path:
    """A whole public file; the test that wants it is skipped, and says so, where it is absent."""
    if not path.is_file():
        pytest.skip(f"fichier public absent : ../shared/real-data/{path.parent.name}/{path.name}")
    return path


def build(contract: Path, notebook: str, folder: Path) -> tuple[BeautifulSoup, Path, float]:
    """The page of a notebook for a contract, the folder of its outputs, and how long it took once tables were ready."""
    where = ["--contrat", str(contract), "--outputs", str(folder / "outputs"), "--processed", str(folder / "processed")]
    assert main(["check", "--contrat", str(contract), "--processed", str(folder / "processed")]) == 0
    start = time.perf_counter()
    assert main(["build", notebook, *where]) == 0
    elapsed = time.perf_counter() - start
    (page,) = (folder / "outputs").rglob(f"{notebook}.html")
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser"), page.parent, elapsed


def tables(folder: Path, notebook: str) -> list[pd.DataFrame]:
    """The tables that a page offers, as text."""
    names = sorted(folder.glob(f"{notebook}--tableau-*.csv"), key=lambda path: int(re.findall(r"\d+", path.stem)[-1]))
    return [pd.read_csv(path, sep=";", dtype="str", encoding="utf-8-sig") for path in names]


@pytest.mark.parametrize("whole", [False, True], ids=["excerpt", "whole"])
def test_another_contract_runs_the_observation_unchanged(
    whole: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quartiers of 2015, 41 indicators, no reference of the same source: told quartier by quartier, gaps refused.

    It has no quartiers of the whole country, hence no page of them.
    """
    received, quartiers = (public(OCCITANIE), 105) if whole else (OCCITANIE_EXCERPT, 12)
    contract = make_occitanie(tmp_path, received)
    page, folder, _ = build(contract, "1_observation", tmp_path)
    where = ["--outputs", str(tmp_path / "outputs"), "--processed", str(tmp_path / "processed")]
    assert main(["build", "1_observation_france", "--contrat", str(contract), *where]) == 2
    assert "a besoin de la table observations_france : déclarer dans contrat.yml" in capsys.readouterr().err
    assert page.h1.get_text(strip=True)
    shown = tables(folder, "1_observation")
    codes = {
        code for table in shown for column in table for code in table[column].dropna().str.extract(r"(QP\d{6})")[0]
    }
    assert len(codes - {float("nan")}) >= quartiers
    assert "refus" in page.get_text().lower()


@pytest.mark.long
@pytest.mark.parametrize("whole", [False, True], ids=["excerpt", "whole"])
def test_the_quartiers_of_the_contract_stand_among_those_of_the_country(
    whole: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    received = public(FRANCE) if whole else excerpt_country(tmp_path / "france.csv", 25)
    quartiers = 1518 if whole else 25
    page, folder, elapsed = build(make_country(tmp_path, received), "1_observation_france", tmp_path)
    with capsys.disabled():
        print(f"\n1_observation_france, {quartiers} quartiers : {elapsed:.1f} s")
    shown = tables(folder, "1_observation_france")
    (every,) = [table for table in shown if {"code_territoire", "nom_epci", "valeur_mediane"} <= set(table)]
    assert len(every) == every["code_territoire"].nunique() == quartiers
    agglomerations = next(table for table in shown if "nb_quartiers_entiers" in table)
    # A straddling quartier counts among those of each agglomeration, and once in the whole.
    straddling = every["est_a_cheval"].eq("oui").sum()
    assert agglomerations["nb_quartiers_entiers"].astype(int).sum() + straddling == quartiers
    assert agglomerations["nb_quartiers"].astype(int).sum() >= quartiers + straddling
    ranks = next(table for table in shown if "rang_bas" in table)
    assert len(ranks) == 15
    assert (ranks["rang_bas"].astype(int) <= ranks["rang"].astype(int)).all()
    text = re.sub(r"\s+", " ", page.main.get_text())
    assert "rang non publié : intervalle non calculable" in text
    assert "Attribution refusée" in text
    # The marker « effet de plan » is a parameter of the page; what a policy did is not told.
    assert not re.search(r"\beffets?\b(?! de plan)", text.lower())
