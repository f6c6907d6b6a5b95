"""Programme monitoring on frames small enough to be computed by hand."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure import count_reached
from pipelines.errors import UsageError
from pipelines.indicators import monitoring
from pipelines.indicators.monitoring import NOWHERE, SEVERAL, TOTAL, UNKNOWN
from pipelines.indicators.monitoring.definitions import among
from pipelines.paths import NOTEBOOKS

NOT_GRANTED = ("depose", "recevable", "refuse", "ineligible", "retire")


def actions_of(
    *rows: tuple[Any, ...], columns: Sequence[str] = ("code_action", "statut", *monitoring.AMOUNTS)
) -> pd.DataFrame:
    """Actions with their amounts, typed as the certified table is."""
    frame = pd.DataFrame(rows, columns=list(columns))
    texts = [name for name in frame if name.startswith(("code_", "statut", "orientation"))]
    amounts = [name for name in frame if name.startswith("montant_")]
    flags = [name for name in frame if name.startswith("est_")]
    types = dict.fromkeys(texts, "str") | dict.fromkeys(amounts, "Float64") | dict.fromkeys(flags, "boolean")
    return frame.astype(types)


def links_of(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["code_action", "code_territoire", "part_territoire"])
    return frame.astype({"code_action": "str", "code_territoire": "str", "part_territoire": "Float64"})


def values(frame: pd.DataFrame, column: str) -> list[Any]:
    """Values of a column, None where missing."""
    return [None if pd.isna(value) else value for value in frame[column]]


PROGRAMME = actions_of(
    ("A1", "finance", "O1", 1000, 800, 400),
    ("A2", "justifie", "O1", 3000, 1200, 1200),
    ("A3", "refuse", "O1", 5000, None, None),
    ("A4", "retire", "O2", 700, None, None),
    ("A5", "realise", None, 500, 500, None),
    columns=("code_action", "statut", "orientation", *monitoring.AMOUNTS),
)


# sum_amounts


def test_amounts_are_summed_over_funders_and_missing_where_nobody_states_one() -> None:
    actions = actions_of(("A1",), ("A2",), ("A3",), columns=("code_action",))
    funding = actions_of(
        ("A1", 100, 80, None), ("A1", 50, None, None), ("A2", None, None, None),
        columns=("code_action", *monitoring.AMOUNTS),
    )  # fmt: skip
    out = monitoring.sum_amounts(actions, funding)
    assert values(out, "montant_demande") == [150, None, None]
    assert values(out, "montant_accorde") == [80, None, None]
    assert values(out, "montant_verse") == [None, None, None]


def test_an_action_listed_twice_is_refused() -> None:
    twice = actions_of(("A1",), ("A1",), columns=("code_action",))
    funding = actions_of(("A1", 100, 80, None), columns=("code_action", *monitoring.AMOUNTS))
    with pytest.raises(pd.errors.MergeError):
        monitoring.sum_amounts(twice, funding)


# monitor_by


def test_monitoring_by_orientation() -> None:
    out = monitoring.monitor_by(PROGRAMME, "orientation")
    assert out["orientation"].to_list() == ["O1", "O2", UNKNOWN, TOTAL]
    assert values(out, "nb_demandes") == [3, 1, 1, 5]
    assert values(out, "nb_financees") == [2, 0, 1, 3]
    # O1: 2 granted of 3 decided. O2: withdrawn, nothing decided.
    assert values(out, "taux_acceptation") == pytest.approx([200 / 3, None, 100, 75])
    assert values(out, "montant_demande") == [4000, 0, 500, 4500]
    assert values(out, "montant_accorde") == [2000, 0, 500, 2500]
    assert values(out, "taux_satisfaction") == pytest.approx([50, None, 100, 2500 / 45])
    assert values(out, "montant_verse") == [1600, 0, None, 1600]
    assert values(out, "taux_versement") == pytest.approx([80, None, None, 64])


def test_total_is_computed_from_the_actions_not_from_the_rates() -> None:
    out = monitoring.monitor_by(PROGRAMME, "orientation")
    assert out["taux_acceptation"].iloc[-1] != pytest.approx(out["taux_acceptation"].iloc[:-1].mean())


def test_without_total() -> None:
    out = monitoring.monitor_by(PROGRAMME, "orientation", total=False)
    assert TOTAL not in set(out["orientation"])


@pytest.mark.parametrize("status", NOT_GRANTED)
def test_no_granted_action_gives_zero_euro_and_no_rate(status: str) -> None:
    out = monitoring.monitor_by(PROGRAMME.assign(statut=status), "orientation")
    assert values(out, "nb_financees") == [0] * 4
    assert values(out, "montant_accorde") == [0] * 4
    assert values(out, "taux_satisfaction") == values(out, "taux_versement") == [None] * 4


def test_only_undecided_applications_have_no_acceptance_rate() -> None:
    out = monitoring.monitor_by(PROGRAMME.assign(statut="depose"), "orientation")
    assert values(out, "taux_acceptation") == [None] * 4


def test_amounts_all_missing_are_missing_not_zero() -> None:
    blank = PROGRAMME.assign(**dict.fromkeys(monitoring.AMOUNTS, pd.array([None] * 5, dtype="Float64")))
    out = monitoring.monitor_by(blank, "orientation")
    assert values(out, "montant_accorde") == [None, 0, None, None]
    assert values(out, "taux_versement") == [None] * 4


def test_empty_programme() -> None:
    out = monitoring.monitor_by(PROGRAMME.iloc[:0], "orientation")
    assert out["orientation"].to_list() == [TOTAL]
    assert values(out, "nb_demandes") == [0]
    assert values(out, "taux_acceptation") == [None]
    nothing = monitoring.monitor_by(PROGRAMME.iloc[:0], "orientation", total=False)
    assert nothing.columns.to_list() == out.columns.to_list()
    assert nothing.empty


def test_grants_without_amount_asked_have_no_satisfaction_rate_not_an_infinite_one() -> None:
    free = actions_of(("A1", "finance", "O1", 0, 300, 0), columns=PROGRAMME.columns.to_list())
    out = monitoring.monitor_by(free, "orientation")
    assert values(out, "taux_satisfaction") == [None, None]
    assert values(out, "taux_versement") == [0, 0]


def test_one_status_may_be_redefined_by_the_evaluator() -> None:
    out = monitoring.monitor_by(PROGRAMME, "orientation", granted=("finance",))
    assert values(out, "nb_financees") == [1, 0, 0, 1]


def test_years_sort_as_numbers() -> None:
    out = monitoring.monitor_by(
        PROGRAMME.assign(annee=pd.array([2022, 2015, 2022, 2015, 2019], dtype="Int64")), "annee"
    )
    assert out["annee"].to_list() == [2015, 2019, 2022, TOTAL]


@pytest.mark.parametrize("answers", [[False] * 5, [True] * 5, [True, False, None, True, None]])
def test_yes_and_no_are_classes_be_there_one_alone(answers: list[bool | None]) -> None:
    out = monitoring.monitor_by(PROGRAMME.assign(est_reconduction=pd.array(answers, "boolean")), "est_reconduction")
    told = [one for one in (False, True) if one in answers] + [UNKNOWN] * (None in answers)
    assert out["est_reconduction"].to_list() == [*told, TOTAL]
    assert values(out, "nb_demandes")[-1] == 5 == sum(values(out, "nb_demandes")[:-1])


# share_out

CODES = st.sampled_from(["A1", "A2", "A3", "A4"])
PARTS = st.one_of(st.none(), st.floats(0, 100, allow_subnormal=False))
LINKS = st.lists(
    st.tuples(CODES, st.sampled_from(["Q1", "Q2", "Q3"]), PARTS), max_size=10, unique_by=lambda link: link[:2]
)


def test_shares_are_kept_missing_ones_stay_undivided_nobody_is_forgotten() -> None:
    actions = actions_of(("A1",), ("A2",), ("A3",), ("A4",), ("A5",), columns=("code_action",))
    links = links_of(
        ("A1", "Q1", 100), ("A2", "Q1", 30), ("A2", "Q2", 70), ("A3", "Q1", None), ("A3", "Q2", None),
        ("A5", "Q1", 50), ("A5", "Q2", None), ("A9", "Q1", 100),
    )  # fmt: skip
    out = monitoring.share_out(actions, links)
    found = {(code, place): part for code, place, part in out.itertuples(index=False)}
    assert found == {
        ("A1", "Q1"): 100, ("A2", "Q1"): 30, ("A2", "Q2"): 70, ("A3", SEVERAL): 100, ("A4", NOWHERE): 100,
        ("A5", SEVERAL): 100,
    }  # fmt: skip


def test_shares_that_are_all_zero_divide_nothing() -> None:
    out = monitoring.share_out(
        actions_of(("A1",), columns=("code_action",)), links_of(("A1", "Q1", 0), ("A1", "Q2", 0))
    )
    assert out.to_numpy().tolist() == [["A1", SEVERAL, 100.0]]


def test_no_action_and_no_link() -> None:
    nobody = actions_of(columns=("code_action",))
    assert monitoring.share_out(nobody, links_of()).empty
    alone = monitoring.share_out(actions_of(("A1",), columns=("code_action",)), links_of())
    assert alone.to_numpy().tolist() == [["A1", NOWHERE, 100.0]]


@given(links=LINKS)
@settings(max_examples=60, deadline=None)
def test_parts_of_each_action_sum_to_100_whatever_the_links(links: list[tuple[str, str, float | None]]) -> None:
    actions = actions_of(("A1",), ("A2",), ("A3",), columns=("code_action",))
    out = monitoring.share_out(actions, links_of(*links))
    sums = out.groupby("code_action")["part"].sum()
    assert sums.to_dict() == pytest.approx({"A1": 100, "A2": 100, "A3": 100})
    assert not out.duplicated(["code_action", "code_territoire"]).any()


# monitor_territories

NAMES = pd.Series({"Q1": "Nord", "Q2": "Nord", "Q3": "Sud"})


def test_euros_are_shared_out_and_actions_counted_once_a_territory() -> None:
    links = links_of(("A1", "Q1", 25), ("A1", "Q3", 75), ("A2", "Q1", 50), ("A2", "Q2", 50), ("A3", "Q1", 100))
    out = monitoring.monitor_territories(PROGRAMME, links, NAMES)
    # A1 800 €, a quarter north; A2 1200 € all north, on two quartiers, one action; A3 refused; A5 500 € nowhere.
    assert out["territoire"].to_list() == ["Nord", "Sud", NOWHERE, TOTAL]
    assert values(out, "nb_actions") == [2, 1, 1, 3]
    assert values(out, "montant_accorde") == pytest.approx([1400, 600, 500, 2500])
    assert values(out, "part_montant") == pytest.approx([56, 24, 20, 100])


def test_a_territory_without_a_name_keeps_its_code() -> None:
    out = monitoring.monitor_territories(PROGRAMME, links_of(("A1", "Q9", 100)), NAMES)
    assert "Q9" in set(out["territoire"])


def test_territories_of_an_empty_programme() -> None:
    out = monitoring.monitor_territories(PROGRAMME.iloc[:0], links_of(), NAMES)
    assert out["territoire"].to_list() == [TOTAL]
    assert values(out, "montant_accorde") == [0]
    assert values(out, "part_montant") == [None]


def test_territories_where_no_amount_is_stated_are_missing_not_zero() -> None:
    blank = PROGRAMME.assign(montant_accorde=pd.array([None] * 5, dtype="Float64"))
    out = monitoring.monitor_territories(blank, links_of(("A1", "Q1", 100)), NAMES)
    assert values(out, "montant_accorde") == values(out, "part_montant") == [None] * len(out)


def test_part_of_nothing_is_missing() -> None:
    free = PROGRAMME.assign(montant_accorde=pd.array([0.0] * 5, dtype="Float64"))
    out = monitoring.monitor_territories(free, links_of(("A1", "Q1", 100)), NAMES)
    assert values(out, "part_montant") == [None] * len(out)


# name_communes


def test_a_quartier_takes_the_name_of_its_commune_unless_it_straddles() -> None:
    territories = pd.DataFrame(
        {"code_territoire": ["59606", "59014", "QP1"], "type_territoire": ["commune", "commune", "qpv"],
         "nom_territoire": ["Valenciennes", "Anzin", "Centre-ville"]}
    )  # fmt: skip
    containment = pd.DataFrame(
        {"code_territoire": ["QP1", "QP2", "QP2", "QP1"], "type_parent": ["commune", "commune", "commune", "epci"],
         "nom_parent": ["Anzin", "Anzin", "Valenciennes", "Agglomération"]}
    )  # fmt: skip
    names = monitoring.name_communes(territories, containment, "245901160")
    assert names.to_dict() == {
        "59606": "Valenciennes", "59014": "Anzin", "QP1": "Anzin", "QP2": monitoring.INTERCOMMUNAL,
        "245901160": monitoring.WHOLE,
    }  # fmt: skip
    assert names.index.is_unique


# monitor_funders

FUNDING = actions_of(
    ("A1", "etat", 600, 500, 200), ("A1", "caf", 400, 300, 200), ("A2", "etat", 3000, 1200, 1200),
    ("A3", "region", 5000, None, None), ("A5", "commune", 500, 500, None),
    columns=("code_action", "code_financeur", *monitoring.AMOUNTS),
)  # fmt: skip


def test_funders_on_granted_actions_only() -> None:
    out = monitoring.monitor_funders(PROGRAMME, FUNDING)
    assert out["code_financeur"].to_list() == ["etat", "commune", "caf", TOTAL]
    assert values(out, "montant_demande") == [3600, 500, 400, 4500]
    assert values(out, "montant_accorde") == [1700, 500, 300, 2500]
    assert values(out, "montant_verse") == [1400, None, 200, 1600]
    assert values(out, "taux_satisfaction") == pytest.approx([170000 / 3600, 100, 75, 2500 / 45])
    assert values(out, "part_montant") == pytest.approx([68, 20, 12, 100])


def test_no_funder_at_all() -> None:
    out = monitoring.monitor_funders(PROGRAMME.assign(statut="refuse"), FUNDING)
    assert out["code_financeur"].to_list() == [TOTAL]
    assert values(out, "montant_accorde") == [0]
    assert values(out, "part_montant") == values(out, "taux_satisfaction") == [None]


def test_a_funder_who_was_asked_nothing_has_no_rate() -> None:
    funding = actions_of(("A1", "etat", 0, 500, 0), columns=FUNDING.columns.to_list())
    assert values(monitoring.monitor_funders(PROGRAMME, funding), "taux_satisfaction") == [None, None]


# summarise_practice

PRACTICE = actions_of(
    ("A1", "finance", 2999.99, True, None),
    ("A2", "finance", 3000, False, None),
    ("A3", "realise", None, None, None),
    ("A4", "refuse", 100, True, True),
    columns=("code_action", "statut", "montant_accorde", "est_reconduction", "est_pluriannuelle"),
)


def test_practices_over_the_actions_that_inform_them() -> None:
    out = monitoring.summarise_practice(PRACTICE, seuil_petite_subvention=3000)
    assert values(out, "nb_actions") == [1, None, 1]
    assert values(out, "nb_renseignees") == [2, 0, 2]
    assert values(out, "part_actions") == [50, None, 50]
    assert out["pratique"].iloc[-1] == "Subvention inférieure à 3\u202f000\u202f€"


def test_practices_of_no_granted_action() -> None:
    out = monitoring.summarise_practice(PRACTICE.assign(statut="refuse"), seuil_petite_subvention=3000)
    assert values(out, "part_actions") == [None] * 3


# beneficiaries


def people_of(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["code_action", "moment", "modalite", "nb_personnes"])
    return frame.assign(dimension="sexe").astype({"nb_personnes": "Int64", "modalite": "str", "moment": "str"})


PEOPLE = people_of(
    ("A1", "prevu", "femmes", 20), ("A1", "prevu", "hommes", 10), ("A1", "realise", "femmes", 12),
    ("A1", "realise", "hommes", 15),
    ("A2", "prevu", "femmes", 40), ("A2", "realise", "femmes", 28), ("A2", "realise", "nr", 7),
    ("A3", "prevu", "femmes", 999), ("A3", "realise", "femmes", 999),  # refused
    ("A5", "prevu", "femmes", 500),  # granted, nothing reached yet
)  # fmt: skip


def compare(people: pd.DataFrame, seuil: int = 5, dimension: str = "sexe") -> pd.DataFrame:
    """The comparison as a notebook makes it: what may be said of the persons reached is decided beforehand."""
    place = {"id_source": "essai", "fichier": "essai.csv", "feuille": "", "ligne": 2}
    actions = PROGRAMME.assign(annee=2020)
    reached = count_reached(actions, people.assign(**place), {}, seuil)
    hidden = people.assign(nb_personnes=people["nb_personnes"].mask(people["moment"] == "realise"))
    return monitoring.compare_planned_reached(actions, hidden, reached, dimension)


def test_planned_and_reached_are_compared_on_actions_that_state_both() -> None:
    out = compare(PEOPLE)
    assert out["modalite"].to_list() == ["femmes", "hommes", "nr", TOTAL]
    assert values(out, "nb_prevu") == [60, 10, None, 70]
    assert values(out, "nb_realise") == [40, 15, 7, 62]
    assert values(out, "taux_realisation") == pytest.approx([200 / 3, 150, None, 6200 / 70])
    assert monitoring.count_both(PROGRAMME, PEOPLE, "sexe") == (2, 3)


def test_small_counts_reached_are_hidden_with_their_rate() -> None:
    out = compare(PEOPLE, seuil=10)
    assert values(out, "nb_realise") == [40, None, None, 62]
    assert values(out, "taux_realisation")[1:3] == [None, None]


@pytest.mark.parametrize("people", [PEOPLE.iloc[:0], PEOPLE[PEOPLE["moment"] == "prevu"]], ids=["none", "planned only"])
def test_a_year_without_beneficiaries_is_missing_not_zero(people: pd.DataFrame) -> None:
    out = compare(people)
    assert out["modalite"].to_list() == [TOTAL]
    assert values(out, "nb_prevu") == values(out, "nb_realise") == values(out, "taux_realisation") == [None]
    assert monitoring.count_both(PROGRAMME, people, "sexe") == (0, 3)


def test_another_dimension_is_not_mixed_in() -> None:
    out = compare(PEOPLE, dimension="age")
    assert out["modalite"].to_list() == [TOTAL]


def test_persons_reached_are_those_of_a_whole_class_of_actions() -> None:
    place = {"id_source": "essai", "fichier": "essai.csv", "feuille": "", "ligne": 2}
    actions = PROGRAMME.assign(annee=2020)
    reached = count_reached(actions, PEOPLE.assign(**place), {}, 5)
    with pytest.raises(UsageError, match="coupe « ensemble »"):
        monitoring.compare_planned_reached(actions[actions["code_action"] == "A1"], PEOPLE, reached, "sexe")


def test_nobody_planned_gives_no_rate_not_an_infinite_one() -> None:
    out = compare(people_of(("A1", "prevu", "femmes", 0), ("A1", "realise", "femmes", 12)))
    assert values(out, "taux_realisation") == [None, None]


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ({"femmes": 30, "hommes": 10, "nr": 60}, 75.0),
        ({"femmes": 0, "hommes": 10}, 0.0),
        ({"femmes": 0, "hommes": 0}, None),
        ({"femmes": 30}, None),
        ({"femmes": 30, "hommes": None}, None),
        ({}, None),
    ],
)
def test_share_of_women_leaves_out_the_unknown(counts: dict[str, int | None], share: float | None) -> None:
    by_sex = pd.DataFrame({"modalite": list(counts), "nb": pd.array(list(counts.values()), dtype="Int64")})
    assert monitoring.women_share(by_sex, "nb") == share


# definitions


def test_every_definition_is_printed_by_a_notebook() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.rglob("*.ipynb"))
    assert [name for name in monitoring.DEFINITIONS if name not in texts] == []


def test_definitions_are_sentences() -> None:
    shown = monitoring.define("taux_versement", "taux_realisation")
    assert shown.startswith("Taux de versement : ")
    assert " ; taux de réalisation : " in shown
    assert shown.endswith(".")


def test_no_share_of_too_few_cases() -> None:
    """The counts stay; the rate of one decided application says nothing."""
    rates = values(monitoring.monitor_by(PROGRAMME, "orientation", base_minimale=3), "taux_acceptation")
    assert rates == [pytest.approx(200 / 3), None, None, 75]
    few = monitoring.summarise_practice(PRACTICE, seuil_petite_subvention=3000, base_minimale=3)
    assert values(few, "nb_actions") == [1, None, 1]
    assert values(few, "part_actions") == [None, None, None]
    by_sex = pd.DataFrame({"modalite": ["femmes", "hommes"], "nb_realise": pd.array([9, 10], "Int64")})
    assert monitoring.women_share(by_sex, "nb_realise", base_minimale=20) is None
    assert monitoring.women_share(by_sex, "nb_realise", base_minimale=19) == pytest.approx(900 / 19)
    assert "moins de 20 cas" in monitoring.define("taux_acceptation", base_minimale=20)


def test_codes_are_looked_up_among_others_as_isin_does() -> None:
    codes = pd.Series(["A", "B", None, "C"], index=[3, 1, 2, 0], dtype="str", name="code_action")
    for others in (
        pd.Series(["C", "A", "A", "X"]),
        pd.Series(["A", None]),
        pd.Series([], dtype="str"),
        pd.Index(["B"]),
    ):
        pd.testing.assert_series_equal(among(codes, others), codes.isin(others))
