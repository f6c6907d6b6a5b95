"""The fictional world keeps the rules of a real one, names nobody real, and never moves with the machine."""

import csv
import re
import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.demo.actions import CUT_OFF, YEARS, draw_years
from pipelines.demo.holders import make_holders
from pipelines.demo.vintages import LAYOUTS
from pipelines.paths import RAW, ROOT
from pipelines.tables import DIMENSIONS, FUNDERS, GRANTED

DONE = ("realise", "justifie")


@pytest.fixture(scope="module")
def years() -> dict[int, pd.DataFrame]:
    """A larger world than the shipped one, from another seed."""
    return dict(draw_years(7, 900))


@pytest.fixture(scope="module")
def world(years: dict[int, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(years.values(), ignore_index=True)


def test_shipped_size_and_mix() -> None:
    holders: set[str] = set()
    for year, actions in draw_years(2015):
        assert 220 <= len(actions) <= 280, year
        assert 0.14 <= (~actions["statut"].isin(GRANTED)).mean() <= 0.26, year
        assert set(actions["code_orientation"]) == {"O1", "O2", "O3", "O4", "O5", "O6"}
        holders |= set(actions["nom_porteur"])
    assert 60 <= len(holders) <= 80


def test_same_seed_same_world_other_seed_another(years: dict[int, pd.DataFrame]) -> None:
    pd.testing.assert_frame_equal(dict(draw_years(7, 900))[2019], years[2019])
    assert not dict(draw_years(8, 900))[2019]["montant_cout_total"].equals(years[2019]["montant_cout_total"])


def test_codes_are_unique(world: pd.DataFrame) -> None:
    assert world["code_action"].is_unique


def test_sirets_are_sound_and_belong_to_nobody() -> None:
    """SIREN and SIRET pass Luhn; all stand below 000 325 175, the first number that the register holds."""
    holders = make_holders(9000)
    for siret in holders["code_siret"]:
        assert re.fullmatch(r"000\d{11}", siret)
        assert _luhn(siret) == 0
        assert _luhn(siret[:9]) == 0
        assert int(siret[:9]) < 325175
    assert holders["code_siret"].is_unique
    assert holders["nom_porteur"].is_unique


def test_every_holder_says_fictive_and_no_real_body_is_named(world: pd.DataFrame) -> None:
    assert world["nom_porteur"].str.startswith("Association fictive ").all()
    written = " ".join([*world["nom_porteur"].unique(), *world["intitule"].unique()]).casefold()
    with (RAW / "valenciennes/observation/territoires.csv").open(encoding="utf-8", newline="") as handle:
        places = {row["nom_territoire"].casefold() for row in csv.DictReader(handle, delimiter=";")}
    bodies = {"mairie", "ccas", "préfecture", "caisse", "office", "conseil", "ministère", "lycée ", "université"}
    named = [word for word in places | bodies if re.search(rf"\b{re.escape(word)}", written)]
    assert named == []


def test_each_holder_keeps_one_siret_and_one_kind(world: pd.DataFrame) -> None:
    holders = world[["nom_porteur", "code_siret", "nature_porteur"]].drop_duplicates()
    assert holders["nom_porteur"].is_unique
    assert holders["code_siret"].is_unique


def test_paid_granted_asked_and_cost_are_in_order(world: pd.DataFrame) -> None:
    asked, granted, paid = (
        world[[f"{stage}_{funder}" for funder in FUNDERS]].set_axis(FUNDERS, axis=1)
        for stage in ("demande", "accorde", "verse")
    )
    assert not (paid > granted).fillna(False).any(axis=None)
    assert not (granted > asked).fillna(False).any(axis=None)
    assert (world["montant_cout_total"] >= asked.sum(axis=1)).all()
    assert (asked.notna().sum(axis=1) >= 1).all()
    assert (asked.min() > 0).all()
    is_granted = world["statut"].isin(GRANTED)
    assert granted[~is_granted].isna().all(axis=None)
    assert paid[~is_granted].isna().all(axis=None)
    assert (granted.notna() == asked.notna())[is_granted].all(axis=None)


def test_nothing_is_done_before_it_ends(world: pd.DataFrame) -> None:
    assert (world["date_debut"] < world["date_fin"]).all()
    assert (world["date_debut"].dt.year == world["annee"]).all()
    assert not (world["statut"].isin(DONE) & (world["date_fin"] > pd.Timestamp(CUT_OFF))).any()


def test_renewed_actions_were_funded_the_year_before(years: dict[int, pd.DataFrame]) -> None:
    assert not years[2015]["est_reconduction"].any()
    for year in YEARS[1:]:
        before = years[year - 1][years[year - 1]["statut"].isin(GRANTED)]
        renewed = years[year][years[year]["est_reconduction"]]
        assert 0.4 <= len(renewed) / len(years[year]) <= 0.6
        funded = set(zip(before["intitule"], before["nom_porteur"], strict=True))
        assert set(zip(renewed["intitule"], renewed["nom_porteur"], strict=True)) <= funded


def test_people_sum_alike_whatever_the_cut(world: pd.DataFrame) -> None:
    totals = {moment: _totals(world, moment) for moment in ("prevu", "realise")}
    for total in totals.values():
        assert total["sexe"].equals(total["age"])
        assert total["sexe"].equals(total["residence"])
    planned, reached = totals["prevu"]["sexe"], totals["realise"]["sexe"]
    assert planned.gt(0).all()
    assert planned.lt(20).any()
    assert reached[~world["statut"].isin(DONE)].isna().all()
    known = reached.dropna() / planned[reached.notna()]
    assert len(known) > 1000
    assert known.between(0.4, 1.6).all()


def test_shares_sum_to_a_hundred_or_are_absent(world: pd.DataFrame) -> None:
    where = world.filter(regex="^lieu_").to_numpy()
    shares = world.filter(regex="^part_").to_numpy()
    several = (where >= 0).sum(axis=1) > 1
    shared = (shares >= 0).any(axis=1)
    assert (np.where(shares >= 0, shares, 0).sum(axis=1)[shared] == 100).all()
    assert ((shares > 0) == (where >= 0))[shared].all()
    assert not (shared & ~several).any()
    assert 0.4 <= shared[several].mean() <= 0.6
    assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in where)


def test_answers_follow_the_tree(world: pd.DataFrame) -> None:
    before, since = world[world["annee"] < 2019], world[world["annee"] >= 2019]
    assert before["public_mixte"].isna().all()
    assert since["est_egalite_declaree"].isna().all()
    assert set(before["est_egalite_declaree"].dropna()) == {True, False}
    mixed, main = since["public_mixte"], since["objectif_principal_egalite"]
    criteria = since[["diagnostic_sexue", "participation_equilibree", "indicateurs_sexues"]].notna().any(axis=1)
    coherence = since["public_non_mixte_coherent"]
    assert (mixed & ~main)[criteria].all()
    assert (~mixed & ~main)[coherence.notna()].all()
    assert since["motif_non_mixite"].notna().equals(coherence.fillna(False).astype(bool))
    examined = mixed.notna()
    assert 0.5 < examined.mean() < 1
    lacking = examined & (main.isna() | (criteria & since["indicateurs_sexues"].isna()))
    assert 0.02 < lacking[examined].mean() < 0.12


@pytest.mark.parametrize("year", [year for year, layout in LAYOUTS.items() if layout.form == "classeur"])
def test_workbooks_hold_no_clock_and_no_compression(year: int) -> None:
    with zipfile.ZipFile(RAW / "valenciennes" / LAYOUTS[year].file) as archive:
        entries = {(entry.date_time, entry.compress_type, entry.create_system) for entry in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()
    assert entries == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2015-01-01T"}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: str(layout.year))
def test_every_file_says_that_it_is_fictional(layout: Any) -> None:
    assert "fictive" in layout.file
    data = (RAW / "valenciennes" / layout.file).read_bytes()
    encoding = "cp1252" if layout.form == "csv" else "utf-8"
    assert "onnées fictives de démonstration".encode(encoding) in data


def test_no_label_comes_twice_in_a_file() -> None:
    for layout in LAYOUTS.values():
        assert len(set(layout.headers.values())) == len(layout.headers), layout.year
        assert (ROOT / "data/raw/valenciennes" / layout.file).is_file()


def _totals(world: pd.DataFrame, moment: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            dimension: world[[f"benef_{moment}_{dimension}_{modality}" for modality in modalities]].sum(
                axis=1, min_count=len(modalities)
            )
            for dimension, modalities in DIMENSIONS.items()
        }
    )


def _luhn(digits: str) -> int:
    doubled = [int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10
