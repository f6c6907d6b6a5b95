"""What the generator draws of the follow-up keeps the order of things, and the hand-written files agree with it."""

import csv
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.demo.actions import CUT_OFF, draw_years
from pipelines.demo.followup import _INDICATORS
from pipelines.demo.lines import _TITLES
from pipelines.demo.objectives import OBJECTIVES, OF_TITLES, THEME
from pipelines.demo.vintages import LAYOUTS
from pipelines.paths import RAW
from pipelines.tables import DIRECTIONS, FUNDERS, RESULT_CELLS, RESULT_UNITS, THEMES

DONE = ("realise", "justifie")
CELLS = [column.name for column in RESULT_CELLS]
FOLDER = RAW / "valenciennes" / "suivi"
CODES = [code for code, _, _ in OBJECTIVES]
SHIPPED_SEED, LARGER_SEED = (2015, None), (7, 900)


@pytest.fixture(scope="module", params=[SHIPPED_SEED, LARGER_SEED], ids=["livre", "plus_grand"])
def world(request: pytest.FixtureRequest) -> pd.DataFrame:
    """The shipped world, and a larger one from another seed."""
    return pd.concat(dict(draw_years(*request.param)).values(), ignore_index=True)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_dates_are_in_order_and_none_is_after_the_cut_off(world: pd.DataFrame) -> None:
    decided, paid, account = world["date_decision"], world["date_versement"], world["date_bilan"]
    for dates in (decided, paid, account):
        assert dates.notna().sum() > 300
        assert dates.max() <= pd.Timestamp(CUT_OFF)
    both = decided.notna() & paid.notna()
    assert (decided <= paid)[both].all()
    # What is drawn is a decision of the year, and a payment some days after it at the soonest, unless the data end.
    assert (decided.dt.year == world["annee"])[decided.notna()].all()
    # An action that ends on the last day of the data has its account on that day.
    assert ((account > world["date_fin"]) | (account == pd.Timestamp(CUT_OFF)))[account.notna()].all()
    assert not (account < world["date_fin"]).any()


def test_a_date_is_known_only_of_what_took_place(world: pd.DataFrame) -> None:
    status = world["statut"]
    assert set(status[world["date_decision"].notna()]) == {"finance", "realise", "justifie", "refuse"}
    assert set(status[world["date_bilan"].notna()]) == {"justifie"}
    amounts = world[[f"verse_{funder}" for funder in FUNDERS]].sum(axis=1)
    assert (amounts[world["date_versement"].notna()] > 0).all()
    # Some are left out, as in real exports.
    for column, due in (
        ("date_decision", status.isin(["finance", "realise", "justifie", "refuse"])),
        ("date_versement", amounts > 0),
        ("date_bilan", status == "justifie"),
        ("code_objectif", status.notna()),
        ("objectif_action", status.notna()),
    ):
        assert 0.8 < world.loc[due, column].notna().mean() < 1, column


def test_objectives_are_of_the_tree_and_of_the_orientation_of_the_action(world: pd.DataFrame) -> None:
    served = world["code_objectif"].dropna()
    assert set(served) <= set(CODES)
    assert (served.str.split(".").str[0] == world.loc[served.index, "code_orientation"]).all()
    assert world["objectif_action"].dropna().str.endswith("(objectif fictif)").all()


def test_a_result_is_reached_only_where_the_action_is_done(world: pd.DataFrame) -> None:
    reached = world["resultat_atteint"].notna()
    assert world.loc[reached, "statut"].isin(DONE).all()
    assert 0.5 < reached[world["statut"].isin(DONE) & world["resultat_indicateur"].notna()].mean() < 0.9
    # What has no name has no number, and no number is below zero.
    unnamed = world["resultat_indicateur"].isna()
    assert world.loc[unnamed, CELLS].isna().all(axis=None)
    numbers = world[["resultat_depart", "resultat_cible", "resultat_atteint"]]
    assert (numbers.min() >= 0).all()
    assert (numbers.notna().sum() > 100).all()


def test_a_fall_is_aimed_at_where_the_target_is_below_the_start(world: pd.DataFrame) -> None:
    both = world[world["resultat_depart"].notna() & world["resultat_cible"].notna()]
    falls = both["resultat_sens"].eq("baisse").fillna(False)
    assert falls.any()
    assert set(world["resultat_sens"].dropna()) == {"baisse"} <= set(DIRECTIONS)
    assert (both["resultat_cible"] < both["resultat_depart"])[falls].all()
    assert (both["resultat_cible"] > both["resultat_depart"])[~falls].all()
    assert set(world["resultat_unite"].dropna()) <= set(RESULT_UNITS)
    assert "personnes" in set(world["resultat_unite"])


def test_results_are_written_more_often_as_years_go(world: pd.DataFrame) -> None:
    named = world.groupby("annee")["resultat_indicateur"].agg(lambda cells: cells.notna().mean())
    assert named[2022] > named[2018] > named[2015]


def test_the_follow_up_draws_nothing_from_what_was_there_before_it() -> None:
    """The same actions with or without it: a stream of its own leaves every amount and head as it was."""
    years = dict(draw_years(2015))
    again = dict(draw_years(2015))
    for year, actions in years.items():
        pd.testing.assert_frame_equal(actions, again[year])
    other = dict(draw_years(2016))[2022]
    assert not other["date_decision"].equals(years[2022]["date_decision"])


@pytest.mark.parametrize("year", LAYOUTS)
def test_results_stand_only_in_the_exports_that_asked_for_them(year: int) -> None:
    headers = LAYOUTS[year].headers
    told = {name for name in (*CELLS, "date_versement", "date_bilan", "objectif_action") if name in headers}
    assert told == ({*CELLS, "date_versement", "date_bilan", "objectif_action"} if year >= 2018 else set())
    known = {"date_decision", "code_objectif"} & set(headers)
    assert known == ({"date_decision", "code_objectif"} if year >= 2016 else set())


@pytest.mark.parametrize("year", LAYOUTS)
def test_the_cells_of_the_shipped_exports_are_those_that_were_drawn(
    year: int, read: Callable[[str], Any], truth: dict[str, Any]
) -> None:
    """Counted from the file by its headers: the truth tells how many cells of the follow-up are filled."""
    layout = LAYOUTS[year]
    told = truth["totaux"][str(year)]["suivi"]
    lost = {"sans_code", "doublon_exact", "code_repete"}
    gone = {(f["feuille"], f["ligne"]) for f in truth["fautes"] if f["fichier"] == layout.file and f["genre"] in lost}
    code = layout.headers["code_action"]
    kept = [r for at, r in read(layout.file).rows.items() if at not in gone and str(r[code]).startswith("DEMO-")]
    found = {name: sum(row[layout.headers[name]] not in ("", None) for row in kept) for name in told}
    assert found == told


def test_the_tree_is_read_off_its_codes() -> None:
    assert len(set(CODES)) == len(CODES)
    assert sorted(CODES) == CODES
    assert {code.split(".")[0] for code in CODES} == {f"O{rank}" for rank in range(1, 7)}
    above = {code.rpartition(".")[0] for code in CODES}
    assert {code for code in above if "." in code} <= set(CODES)
    assert {theme for _, theme, _ in OBJECTIVES} <= set(THEMES)
    # Each theme that an objective has, has its indicator.
    assert set(THEME.values()) == set(_INDICATORS)
    # Uneven: of different depths, and with objectives that no title serves.
    assert len({code.count(".") for code in CODES}) == 3
    assert set(CODES) - {code for codes in OF_TITLES for code in codes}


def test_each_title_serves_an_objective_of_its_orientation() -> None:
    assert [len(codes) for codes in OF_TITLES] == [len(titles) for titles in _TITLES]
    assert all(
        code in CODES and code.startswith(f"O{rank}.") for rank, codes in enumerate(OF_TITLES, 1) for code in codes
    )


def test_the_shipped_tree_is_the_one_that_actions_serve() -> None:
    """Orientation and parent are read off the code; a parent that is the orientation itself is left blank."""
    expected = [
        {
            "code_objectif": code,
            "libelle_objectif": label,
            "code_orientation": code.split(".")[0],
            "code_objectif_parent": code.rpartition(".")[0] if code.count(".") > 1 else "",
            "theme": theme,
            "est_fictif": "oui",
        }
        for code, theme, label in OBJECTIVES
    ]
    assert rows("objectifs_fictifs.csv") == expected


def test_each_text_of_the_close_follow_up_says_that_it_is_fictional() -> None:
    texts = [
        row[name]
        for row in rows("suivis_renforces_fictifs.csv")
        for name in ("contexte", "mecanisme", "resultat", "preuve")
    ]
    assert len([text for text in texts if text]) > 10
    assert [text for text in texts if text and not text.endswith("(texte fictif)")] == []
    assert (
        sorted(path.name for path in FOLDER.iterdir() if "_fictif" not in path.stem and "_fictive" not in path.stem)
        == []
    )


def test_followed_actions_exist_and_had_a_grant_and_their_measures_follow(read: Callable[[str], Any]) -> None:
    layout = LAYOUTS[2022]
    code, state = layout.headers["code_action"], layout.headers["statut"]
    states = {row[code]: row[state] for row in read(layout.file).rows.values()}
    followed = {row["code_action"] for row in rows("suivis_renforces_fictifs.csv")}
    assert followed <= states.keys()
    granted = {layout.states[name] for name in ("finance", "realise", "justifie")}
    assert {states[one] for one in followed} <= granted
    measures = rows("mesures_suivis_fictives.csv")
    assert {row["code_action"] for row in measures} == followed
    assert {row["unite"] for row in measures} <= set(RESULT_UNITS)
    assert all("2022-01-01" <= row["date_mesure"] <= str(CUT_OFF) for row in measures)
    ranks = [(row["code_action"], int(row["rang"])) for row in rows("suivis_renforces_fictifs.csv")]
    starts = [rank for at, (one, rank) in enumerate(ranks) if at == 0 or ranks[at - 1][0] != one]
    assert set(starts) == {1}
    assert all(b[1] == a[1] + 1 for a, b in pairwise(ranks) if a[0] == b[0])


def test_the_cut_off_is_that_of_the_contract() -> None:
    declared = (RAW / "valenciennes/contrat.yml").read_text(encoding="utf-8")
    assert f"date_arret: {CUT_OFF}" in declared
    assert np.datetime64(CUT_OFF, "D") == np.datetime64("2023-06-30")
