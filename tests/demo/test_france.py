"""The invented contracts of France: of sizes like theirs, said fictional everywhere, prepared together, built."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from pipelines.contract import read_contract
from pipelines.demo.contract import draw_contract
from pipelines.demo.france import main, write_france
from pipelines.processed import read_manifest
from pipelines.run.build import build
from pipelines.run.preparation import prepare_chunk

# The first three of this seed have one, two and several quartiers.
SEED = 135
REPORTS = ("1_observation", "2_suivi_programmation", "7_rapport_annuel")


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("france")
    write_france(folder, 3, SEED)
    return folder


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_sizes_are_those_of_france() -> None:
    drawn = [draw_contract(np.random.default_rng([2024, rank])) for rank in range(1, 436)]
    quartiers = pd.Series([contract.nb_qpv for contract in drawn])
    assert 1300 < quartiers.sum() < 1900
    assert 0.5 < quartiers.le(2).mean() < 0.8
    assert 2 <= quartiers.ge(20).sum() <= 20
    actions = pd.Series([contract.actions_per_year for contract in drawn])
    assert 10 <= actions.min() < 16
    assert 300 < actions.max() <= 600
    assert {contract.years for contract in drawn} == {(2020, 2021, 2022), (2021, 2022)}


def test_counts_add_up_to_the_agglomeration() -> None:
    contract = draw_contract(np.random.default_rng([2024, 3]))
    rows = contract.observations.merge(contract.territories, on="code_territoire", validate="many_to_one")
    rows = rows[rows["code_indicateur"] == "taux_emploi_15_64"].astype({"numerateur": int, "denominateur": int})
    for column in ("numerateur", "denominateur"):
        sums = rows.pivot_table(index="millesime", columns="type_territoire", values=column, aggfunc="sum")
        assert sums["epci"].equals(sums["commune"].rename("epci"))
        assert (sums["qpv"] < sums["epci"]).all()


def test_same_seed_same_bytes_other_seed_others(france: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [str(tmp_path / "a"), "--contrats", "3", "--graine", str(SEED)])
    assert done.output.startswith("3 contrats fictifs")
    assert written(tmp_path / "a") == written(france)
    write_france(tmp_path / "b", 1, SEED + 1)
    assert written(tmp_path / "b" / "EX001") != written(france / "EX001")


def test_three_are_prepared_in_one_pass_and_everything_says_that_it_is_invented(france: Path, tmp_path: Path) -> None:
    every = sorted(france.iterdir())
    results = prepare_chunk([str(folder) for folder in every], tmp_path, force=False)
    assert results == {folder.name: tmp_path / folder.name for folder in every}
    sizes = []
    for name, folder in results.items():
        manifest = read_manifest(folder)
        own = manifest["contrat"]["sources"]
        assert all(source["fictif"] and "données fictives" in source["titre"] for source in own)
        assert "données fictives" in manifest["contrat"]["nom"]
        places = pd.read_parquet(folder / "territoires.parquet")
        assert places["est_fictif"].all()
        # No department is numbered 0: nothing of this can be taken for a real place.
        assert places["code_territoire"].str.match(r"^(?:QP000\d{3}|00\d{3}|00000000\d)$").all()
        assert (places["type_territoire"] == "qpv").sum() == manifest["contrat"]["parametres_validation"]["nb_qpv"]
        sizes.append(manifest["contrat"]["parametres_validation"]["nb_qpv"])
        # Every action is in territories of its own contract.
        links = pd.read_parquet(folder / "actions_territoires.parquet")
        assert links["code_territoire"].isin(places["code_territoire"]).all()
        assert set(pd.read_parquet(folder / "actions.parquet")["code_action"]) == set(links["code_action"]), name
    assert sizes[:2] == [1, 2]


@pytest.mark.long
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_its_reports_are_built_without_a_failure(rank: int, france: Path, tmp_path: Path) -> None:
    contract = read_contract(str(france / f"EX{rank:03d}"))
    built = build(
        str(contract.dossier), names=REPORTS, processed=tmp_path / "tables", outputs=tmp_path / "pages", jobs=1
    )
    assert built.failures == {}
    assert len(built.reports) == len(REPORTS)
    pages = {
        page.stem: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text() for page in built.reports
    }
    assert all("données fictives" in text for text in pages.values())
    # Known at two vintages, a quartier is one.
    territories = pd.read_parquet(tmp_path / "tables" / contract.nom_dossier / "territoires.parquet")
    _, known = re.search(r"agglomération dans (\d+) quartiers? sur (\d+)\.", pages["7_rapport_annuel"]).groups()
    assert int(known) <= territories["type_territoire"].eq("qpv").sum()
    assert not re.search(r"\b1 (quartiers|communes|actions|valeurs|dossiers)\b", " ".join(pages.values()))
