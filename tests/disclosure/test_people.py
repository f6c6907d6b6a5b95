"""Persons reached: what may be published is decided once for every cut, and no two pages give a small count back."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure import ALL, class_of_actions, count_reached, hide_people
from pipelines.disclosure.people import _cells, _sums
from tests.disclosure.reader import assert_small_counts_keep_their_range

PLACE = {"id_source": "essai", "fichier": "essai.csv", "feuille": "", "ligne": 2}
Reached = list[tuple[str, str, int, int]]


def tables(rows: Reached, year: int = 2020) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, pd.Series]]:
    """Actions, beneficiaries and cuts of invented actions: orientation, territory, women and men reached."""
    codes = [f"A{year}{at}" for at in range(len(rows))]
    actions = pd.DataFrame(
        {
            "code_action": codes,
            "annee": pd.array([year] * len(rows), dtype="Int64"),
            "statut": "finance",
            "code_orientation": [row[0] for row in rows],
            "nom_porteur": "Association",
        }
    )
    people = pd.DataFrame(
        [
            {
                "code_action": code,
                "moment": moment,
                "dimension": "sexe",
                "modalite": sex,
                "nb_personnes": count,
                **PLACE,
            }
            for code, row in zip(codes, rows, strict=True)
            for moment in ("prevu", "realise")
            for sex, count in zip(("femmes", "hommes"), row[2:], strict=True)
        ]
    ).astype({"nb_personnes": "Int64"})
    links = pd.DataFrame({"code_action": codes, "code_territoire": [row[1] for row in rows]})
    return actions, people, {name: class_of_actions(actions, links)[name] for name in ("orientation", "territoire")}


def table(rows: Reached, seuil: int = 5) -> pd.DataFrame:
    actions, people, cuts = tables(rows)
    return count_reached(actions, people, cuts, seuil).set_index(["coupe", "code", "modalite"])


def test_a_small_count_takes_another_of_its_class_and_leaves_the_whole() -> None:
    out = table([("O1", "T1", 3, 40), ("O2", "T1", 30, 20), ("O3", "T1", 60, 70)])
    assert out.loc[("orientation", "O1"), "statut"].to_dict() == {
        "femmes": "secret",
        "hommes": "secret_par_soustraction",
        ALL: "publie",
    }
    assert out.loc[(ALL, ALL), "nb_personnes"].to_list() == [93, 130, 223]
    assert out.loc[("orientation", "O1", ALL), "nb_actions"] == 1


def test_an_action_in_several_territories_is_in_a_class_of_its_own() -> None:
    actions, people, _ = tables([("O1", "T1", 30, 40)])
    links = pd.DataFrame({"code_action": ["A20200", "A20200"], "code_territoire": ["T1", "T2"]})
    classes = class_of_actions(actions, links)["territoire"]
    assert count_reached(actions, people, {"territoire": classes}, 5)["code"].unique().tolist() == [ALL, "plusieurs"]


def test_planned_persons_and_refused_actions_are_not_counted() -> None:
    actions, people, cuts = tables([("O1", "T1", 30, 40), ("O2", "T2", 50, 60)])
    actions.loc[1, "statut"] = "refuse"
    out = count_reached(actions, people, cuts, 5)
    assert out.loc[out["coupe"] == ALL, "nb_personnes"].to_list() == [30, 40, 70]
    only_planned = people[people["moment"] == "prevu"]
    assert count_reached(actions, only_planned, cuts, 5).empty


def test_years_are_decided_apart_and_none_gives_another_back() -> None:
    first, second = tables([("O1", "T1", 3, 40), ("O2", "T2", 30, 20)]), tables([("O1", "T1", 50, 40)], year=2021)
    actions, people = (pd.concat([first[at], second[at]], ignore_index=True) for at in (0, 1))
    cuts = {name: pd.concat([first[2][name], second[2][name]]) for name in first[2]}
    out = count_reached(actions, people, cuts, 5)
    alone = count_reached(*first[:2], first[2], 5)
    pd.testing.assert_frame_equal(out[out["annee"] == 2020].reset_index(drop=True), alone)


actions_reached = st.lists(
    st.tuples(
        st.sampled_from(["O1", "O2", "O3"]), st.sampled_from(["T1", "T2"]), st.integers(0, 20), st.integers(0, 20)
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=30)
@given(actions_reached, st.integers(3, 8))
def test_all_cuts_together_leave_every_small_count_its_range(rows: Reached, seuil: int) -> None:
    """The tables of every page, put side by side and solved as one system."""
    actions, people, cuts = tables(rows)
    cells = _cells(people[people["moment"] == "realise"].assign(annee=2020), cuts)
    published = count_reached(actions, people, cuts, seuil)
    keys = ["coupe", "code", "modalite"]
    pd.testing.assert_frame_equal(cells[keys], published[keys])
    counts, sums = cells["nb_personnes"].astype("Int64"), list(_sums(cells))
    assert_small_counts_keep_their_range(counts, sums, published["nb_personnes"].isna(), seuil)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("nb_realise", [None, None, 60, 94]),
        ("nb_personnes_femmes", [None, None, 60, 94]),
        (("nb_realise", 2020), [None, None, 60, 94]),
        ("nb_actions", [4, 30, 60, 94]),
        ("nb_prevu", [4, 30, 60, 94]),
        ("nb_postes", [4, 30, 60, 94]),
        ("montant_accorde", [4, 30, 60, 94]),
    ],
)
def test_the_last_door_knows_what_counts_persons(name: object, shown: list[int | None]) -> None:
    """Actions, posts, euros and planned persons pass; persons reached do not."""
    frame = pd.DataFrame({"groupe": ["a", "b", "c", "Total"], "valeur": pd.array([4, 30, 60, 94], dtype="Int64")})
    frame.columns = pd.Index(["groupe", name], tupleize_cols=False)
    out = hide_people(frame, seuil=5)
    assert [None if pd.isna(value) else int(value) for value in out.iloc[:, 1]] == shown
    assert out.columns.equals(frame.columns)
