"""What markers say together, on frames small enough to be computed by hand, and on published examples of agreement."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.indicators import gender
from pipelines.indicators.gender import FIELDS, LABELS, REASON, UNRATED
from pipelines.indicators.gender.evolution import FALL, NO_BASE, RISE, UNSURE
from pipelines.indicators.monitoring import TOTAL, UNKNOWN
from pipelines.paths import NOTEBOOKS
from tests.indicators.test_monitoring import values
from tests.shipped import shipped_contract

TREE = shipped_contract().arbre_marqueur
RETAINED = gender.read_as(TREE)
SAID = {"o": True, "n": False, ".": None}


def answers_of(**said: str) -> pd.DataFrame:
    """Answers by action, one letter a question in the order of FIELDS: o, n, or a dot for no answer."""
    rows = [{"code_action": code, **dict(zip(FIELDS, map(SAID.get, text), strict=True))} for code, text in said.items()]
    frame = pd.DataFrame(rows, columns=["code_action", *FIELDS]).astype(dict.fromkeys(FIELDS, "boolean"))
    return frame.assign(**{REASON: pd.Series([None] * len(frame), dtype="str")})


def marked(*rows: tuple[Any, ...], columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """Actions with a marker (None: not examined): code, status, year, marker, asked, granted, then `columns`."""
    names = ["code_action", "statut", "annee", "marqueur", "montant_demande", "montant_accorde", *columns]
    frame = pd.DataFrame(rows, columns=names).astype({"marqueur": "Int64", "annee": "Int64"})
    frame = frame.astype(dict.fromkeys(["montant_demande", "montant_accorde"], "Float64"))
    return frame.assign(libelle_marqueur=gender.label_markers(frame["marqueur"]))


YEAR = marked(
    ("A1", "finance", 2022, 0, 100, 60, "O1"),
    ("A2", "finance", 2022, 1, 100, 80, "O1"),
    ("A3", "realise", 2022, 2, 200, 200, "O2"),
    ("A4", "finance", 2022, None, 50, 50, "O2"),
    ("A5", "refuse", 2022, 0, 300, None, "O1"),
    ("A6", "refuse", 2022, None, 100, None, None),
    columns=("orientation",),
)
GRANTED = YEAR[YEAR["statut"] != "refuse"]


def test_an_action_without_answers_is_not_examined_and_never_0() -> None:
    rated = gender.rate_gender_marker(answers_of(A1="on..n.", A2="oo...."), TREE)
    actions = pd.DataFrame({"code_action": ["A1", "A2", "A3"]})
    own = gender.add_markers(actions, rated)
    assert values(own, "marqueur") == [0, 2, None]
    assert own["libelle_marqueur"].to_list() == [LABELS[0], LABELS[2], UNRATED]
    assert own["chemin"].notna().to_list() == [True, True, False]
    assert values(gender.count_markers(own), "nb_marqueur_0") == [1]


def test_answers_keep_the_framework_that_they_were_given_under() -> None:
    answers = answers_of(A1="on..n.", A2="oo....")
    assert gender.rate_gender_marker(answers, TREE)["referentiel"].to_list() == [TREE.referentiel] * 2
    stored = answers.assign(referentiel=pd.Series(["ancien_2017", None], dtype="str"))
    rated = gender.rate_gender_marker(stored, TREE)
    assert rated["referentiel"].to_list() == ["ancien_2017", TREE.referentiel]


def test_shares_are_of_the_examined_actions() -> None:
    table = gender.count_markers(YEAR, "orientation")
    assert table["orientation"].to_list() == ["O1", "O2", UNKNOWN, TOTAL]
    assert values(table, "nb_actions") == [3, 2, 1, 6]
    assert values(table, "nb_examinees") == [3, 1, 0, 4]
    assert values(table, "taux_examen") == pytest.approx([100, 50, 0, 400 / 6])
    assert values(table, "part_marqueur_0")[0] == pytest.approx(200 / 3)
    assert values(table, "part_marqueur_0")[2] is None
    assert values(gender.count_markers(YEAR, "orientation", base_minimale=4), "part_marqueur_0") == [
        None, None, None, 50,
    ]  # fmt: skip


def test_euros_by_marker_add_up_the_largest_first() -> None:
    table = gender.sum_markers(GRANTED, "orientation")
    assert table["orientation"].to_list() == ["O2", "O1", TOTAL]
    assert values(table, "montant_total") == [250, 140, 390]
    assert values(table, "montant_non_examine") == [50, 0, 50]
    parts = table[["montant_non_examine", *(f"montant_marqueur_{rank}" for rank in range(3))]].sum(axis=1)
    assert parts.to_list() == table["montant_total"].to_list()
    assert values(table, "part_marqueur_2") == pytest.approx([100, 0, 100 * 200 / 340])


def test_the_committee_is_seen_at_its_entry_and_at_its_exit() -> None:
    table = gender.measure_committee(YEAR).set_index("libelle_marqueur")
    assert table.index.to_list() == [*LABELS, UNRATED, TOTAL]
    assert table["montant_depose"].to_list() == [400, 100, 200, 150, 850]
    assert table["montant_demande"].to_list() == [100, 100, 200, 50, 450]
    assert table["montant_accorde"].to_list() == [60, 80, 200, 50, 390]
    assert table.loc[LABELS[0], "part_depose"] == pytest.approx(100 * 400 / 700)
    gaps = [100 * granted / 340 - 100 * asked / 400 for asked, granted in ((100, 60), (100, 80), (200, 200))]
    assert table["ecart_comite"].iloc[:3].to_list() == pytest.approx(gaps)
    assert table["ecart_comite"].iloc[3:].isna().all()


def test_every_reading_is_shown_with_what_it_changes() -> None:
    answers = answers_of(A="onoon.", B="onoon.", C="onnnn.", D="nn...o", E="oo....", F="on....", G="onooo.")
    table = gender.compare_readings(answers, TREE, RETAINED).set_index(["seuil_criteres", "issue_coherent"])
    assert len(table) == len(TREE.criteres.seuils) * len(TREE.lectures.issue_coherent.vers)
    # The retained branch first, whatever order the branches are stored in.
    stored = TREE.model_dump(mode="json")
    stored["lectures"]["issue_coherent"]["vers"] = {"criteres": "Q3", "marqueur_1": "R5"}
    again = gender.compare_readings(answers, gender.Tree.model_validate(stored), RETAINED)
    for frame in (table.reset_index(), again):
        assert frame["issue_coherent"].to_list() == ["marqueur_1"] * 3 + ["criteres"] * 3
        assert frame["seuil_criteres"].to_list() == [3, 2, 1] * 2
    assert table["lecture"].iloc[0].endswith("(lecture retenue)")
    assert table["nb_changees"].iloc[0] == 0
    assert table.loc[(2, "marqueur_1"), "nb_changees"] == 2
    # D was never asked for its criteria: sent back to them, it is no longer decided.
    assert table.loc[(3, "criteres"), ["nb_changees", "nb_non_examinees"]].to_list() == [1, 2]
    assert table.loc[(1, "criteres"), "nb_marqueur_1"] == 3
    counted = table[["nb_marqueur_0", "nb_marqueur_1", "nb_marqueur_2", "nb_non_examinees"]].sum(axis=1)
    assert (counted == len(answers)).all()


def test_branches_and_flags_count_actions_to_where_their_answers_go() -> None:
    rated = gender.rate_gender_marker(answers_of(A="onooo.", B="on..n.", C="o.....", D="nn...o", E="......"), TREE)
    branches = gender.count_branches(rated).set_index(["depuis", "vers"])["nb_actions"].to_dict()
    assert branches == {
        ("Q1", "Q2"): 3, ("Q2", "Q3"): 2, ("Q3", "R2"): 1, ("Q3", "R3"): 1, ("Q1", "Q2N"): 1, ("Q2N", "Q4"): 1,
        ("Q4", "R5"): 1,
    }  # fmt: skip
    flags = gender.count_flags(rated)[["drapeau", "nb_actions"]].to_numpy().tolist()
    assert flags == [["non_examine", 2], ["reponses_incompletes", 2], ["motif_absent", 1]]


def test_criteria_are_counted_where_they_decide_the_most_often_missing_first() -> None:
    answers = answers_of(A="onnoo.", B="onnno.", C="onn...", D="oonnn.", E="nn...n", F="onooo.")
    rated = gender.rate_gender_marker(answers, TREE)
    actions = gender.add_markers(answers[["code_action"]], rated)
    table = gender.count_criteria(actions, answers, TREE)
    assert table["critere"].to_list() == ["diagnostic sexué", "participation équilibrée", "indicateurs sexués"]
    assert values(table, "nb_non") == [3, 1, 0]
    assert values(table, "nb_sans_reponse") == [0, 1, 1]
    assert values(table, "part_non") == pytest.approx([75, 100 / 3, 0])
    met = gender.count_criteria_met(actions, TREE)
    assert met[["nb_criteres", "nb_actions"]].to_numpy().tolist() == [[0, 0], [1, 1], [2, 1], [3, 1]]


def years(**counts: tuple[int, int, int, int]) -> pd.DataFrame:
    """Granted actions of each year: how many of marker 0, 1, 2 and not examined."""
    rows = [
        (f"{year}-{marker}-{rank}", "finance", int(year[1:]), marker, 10, 10)
        for year, numbers in counts.items()
        for marker, number in zip((0, 1, 2, None), numbers, strict=True)
        for rank in range(number)
    ]
    return marked(*rows)


def test_a_share_has_the_interval_of_its_base_and_the_bounds_of_what_is_not_examined() -> None:
    followed = gender.follow_shares(years(a2019=(8, 2, 0, 10)))
    zero = followed[followed["libelle_marqueur"] == LABELS[0]].iloc[0]
    # Wilson's interval of 8 of 10, as Newcombe (1998) and any table gives it.
    assert [zero["part_basse"], zero["part_haute"]] == pytest.approx([49.02, 94.33], abs=0.01)
    assert [zero["part_si_aucune"], zero["part_si_toutes"]] == [40, 90]
    assert gender.follow_shares(years(a2019=(8, 2, 0, 10)), base_minimale=11)["part_basse"].isna().all()


def test_a_change_since_t0_is_said_only_beyond_chance() -> None:
    followed = gender.follow_shares(years(a2019=(90, 8, 2, 0), a2020=(60, 35, 5, 0)))
    table = gender.compare_to_start(followed, 2019, 2020).set_index("libelle_marqueur")
    assert table["evolution"].to_list() == [FALL, RISE, UNSURE]
    assert table["ecart_t0"].to_list() == pytest.approx([-30, 27, 3])
    assert (table["ecart_bas"] < table["ecart_t0"]).all()
    assert (table["ecart_t0"] < table["ecart_haut"]).all()
    # Newcombe (1998), method 10: 56 of 70 against 48 of 80.
    newcombe = gender.follow_shares(years(a2019=(48, 32, 0, 0), a2020=(56, 14, 0, 0)))
    first = gender.compare_to_start(newcombe, 2019, 2020).iloc[0]
    assert [first["ecart_bas"], first["ecart_haut"]] == pytest.approx([5.24, 33.39], abs=0.01)
    assert set(gender.compare_to_start(followed, 2018, 2020)["evolution"]) == {NO_BASE}
    assert set(gender.compare_to_start(followed, 2019, 2020, base_minimale=101)["evolution"]) == {NO_BASE}


def test_an_action_is_followed_by_its_holder_and_title_where_these_tell_it_apart() -> None:
    columns = ("code_siret", "nom_porteur", "intitule")
    actions = marked(
        ("A1", "finance", 2021, 0, 1, 1, "1", "Le Phare", "Chorale"),
        ("B1", "finance", 2022, 1, 1, 1, "1", "LE PHARE", "CHORALE"),
        ("A2", "finance", 2021, 2, 1, 1, None, "La Ruche", "Jardin"),
        ("B2", "finance", 2022, None, 1, 1, None, "La Ruche", "Jardin"),
        ("A3", "finance", 2021, 0, 1, 1, "3", "Double", "Atelier"),
        ("A4", "finance", 2021, 1, 1, 1, "3", "Double", "Atelier"),
        ("B3", "finance", 2022, 0, 1, 1, "3", "Double", "Atelier"),
        ("A5", "refuse", 2021, 0, 1, None, "5", "Refus", "Théâtre"),
        ("B5", "finance", 2022, 1, 1, 1, "5", "Refus", "Théâtre"),
        columns=columns,
    )
    pairs = gender.pair_years(actions, 2022)
    assert pairs[["code_action_avant", "code_action"]].to_numpy().tolist() == [["A1", "B1"], ["A2", "B2"]]
    crossed = gender.cross_transitions(pairs).set_index(["avant", "apres"])
    assert len(crossed) == 16
    assert crossed.loc[(LABELS[0], LABELS[1])].to_list() == [1, 100]
    assert crossed.loc[(LABELS[2], UNRATED)].to_list() == [1, 100]
    assert crossed["nb_actions"].sum() == 2


PEOPLE = pd.DataFrame(
    [
        ("A1", "femmes", 50), ("A1", "hommes", 50), ("A2", "femmes", 90), ("A2", "hommes", 10), ("A3", "nr", 30),
        ("A4", "femmes", 8), ("A4", "hommes", 12),
    ],
    columns=["code_action", "modalite", "nb_personnes"],
)  # fmt: skip
PEOPLE = PEOPLE.assign(moment="prevu", dimension="sexe").astype({"nb_personnes": "Int64"})


def test_parity_of_the_public_is_measured_apart_from_the_marker() -> None:
    measured = gender.measure_parity(YEAR, pd.concat([PEOPLE, PEOPLE.assign(moment="realise", nb_personnes=1)]))
    assert dict(zip(measured["code_action"], measured["est_paritaire"], strict=True)) == {
        "A1": True, "A2": False, "A4": True,
    }  # fmt: skip
    table = gender.compare_parity(measured).set_index("libelle_marqueur")
    assert table.loc[LABELS[0], ["nb_actions", "part_femmes", "nb_paritaires", "part_paritaires"]].to_list() == [
        1, 50, 1, 100,
    ]  # fmt: skip
    assert table.loc[TOTAL, "part_femmes"] == pytest.approx(100 * 148 / 220)


def ratings(table: list[list[int | None]], raters: list[str] | None = None) -> pd.DataFrame:
    """Markers by rater (columns) and action (rows), as `first_ratings` gives them."""
    names = raters or [f"I{rank + 1}" for rank in range(len(table[0]))]
    rows = [
        (f"A{number}", name, value)
        for number, line in enumerate(table)
        for name, value in zip(names, line, strict=True)
        if value is not None
    ]
    frame = pd.DataFrame(rows, columns=["code_action", "code_instructeur", "marqueur"])
    return frame.astype({"marqueur": "Int64"})


def spread(*counts: int) -> list[int]:
    """Ratings of one action from how many raters gave each value."""
    return [value for value, number in enumerate(counts) for _ in range(number)]


# Fleiss (1971) as it is usually retold: 14 raters, 10 subjects, 5 categories; kappa 0.210.
FLEISS = [
    spread(0, 0, 0, 0, 14), spread(0, 2, 6, 4, 2), spread(0, 0, 3, 5, 6), spread(0, 3, 9, 2, 0), spread(2, 2, 8, 1, 1),
    spread(7, 7, 0, 0, 0), spread(3, 2, 6, 3, 0), spread(2, 5, 3, 2, 2), spread(6, 5, 2, 1, 0), spread(0, 2, 2, 3, 7),
]  # fmt: skip
# Cohen's kappa of 20, 5, 10 and 15 answers: 0.4.
COHEN = [[1, 1]] * 20 + [[1, 0]] * 5 + [[0, 1]] * 10 + [[0, 0]] * 15
# Krippendorff (2011): four observers, twelve units, some missing; nominal alpha 0.743.
KRIPPENDORFF = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4],
    [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, None, 3, None],
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "measure", "expected"),
    [
        (FLEISS, "Kappa de Fleiss", 0.210),
        (COHEN, "Kappa de Cohen, I1 et I2", 0.400),
        (KRIPPENDORFF, "Alpha de Krippendorff", 0.743),
    ],
)
def test_agreement_is_that_of_published_examples(table: list[list[int | None]], measure: str, expected: float) -> None:
    rated = ratings(table)
    found = gender.measure_agreement(rated, nb_tirages=99).set_index("mesure_accord").loc[measure]
    assert found["coefficient"] == pytest.approx(expected, abs=0.0005)
    assert found["coefficient_bas"] < found["coefficient"] < found["coefficient_haut"]
    again = gender.measure_agreement(rated, nb_tirages=99).set_index("mesure_accord").loc[measure]
    assert found.equals(again)


def test_fleiss_is_made_on_the_actions_that_all_have_rated() -> None:
    table = gender.measure_agreement(ratings([[0, 0, 1], [1, 1, None], [2, None, None], [2, 2, 2]]), nb_tirages=9)
    assert dict(zip(table["mesure_accord"], table["nb_actions"], strict=True)) == {
        "Kappa de Fleiss": 2, "Alpha de Krippendorff": 3, "Kappa de Cohen, I1 et I2": 3, "Kappa de Cohen, I1 et I3": 2,
        "Kappa de Cohen, I2 et I3": 2,
    }  # fmt: skip


def test_no_coefficient_where_chance_is_undefined_or_the_base_too_small() -> None:
    same = gender.measure_agreement(ratings([[0, 0]] * 30), nb_tirages=9)
    assert same[["coefficient", "coefficient_bas", "coefficient_haut"]].isna().all(axis=None)
    few = gender.measure_agreement(ratings(COHEN), base_minimale=51, nb_tirages=9)
    assert few["coefficient"].isna().all()
    perfect = gender.measure_agreement(ratings([[0, 0], [1, 1], [2, 2]] * 10), nb_tirages=9)
    assert np.allclose(perfect[["coefficient", "coefficient_bas", "coefficient_haut"]].astype(float), 1)


def notations() -> pd.DataFrame:
    first = answers_of(A="onooo.", B="onoon.", C="oo....").assign(code_instructeur="I1", tour=1)
    second = answers_of(A="onono.", B="onoon.", C="on....").assign(code_instructeur="I2", tour=1)
    later = answers_of(A="onooo.").assign(code_instructeur="I2", tour=2)
    return pd.concat([first, second, later], ignore_index=True)


CONSENSUS = pd.DataFrame(
    {"code_action": ["A"], "date_consensus": pd.to_datetime(["2022-03-04"]), "motif_consensus": ["cité en page 2"]}
)


def test_agreement_is_measured_on_what_was_answered_alone() -> None:
    rated = gender.first_ratings(notations(), TREE, RETAINED)
    assert len(rated) == 6
    table = gender.compare_answers(rated, CONSENSUS, TREE, nb_tirages=9).set_index("question")
    assert table.index[0] == "Marqueur"
    assert table.loc[
        "Participation équilibrée", ["nb_actions", "nb_desaccords", "nb_tranches", "nb_a_discuter"]
    ].to_list() == [2, 1, 1, 0]
    assert table.loc[
        "Objectif principal", ["nb_actions", "nb_desaccords", "nb_tranches", "nb_a_discuter"]
    ].to_list() == [3, 1, 0, 1]
    assert table.loc["Objectif principal", "taux_concordance"] == pytest.approx(200 / 3)
    assert table.loc["Public mixte", "taux_concordance"] == 100


def test_disagreements_are_listed_by_question_the_open_ones_first_with_the_consensus_and_its_reason() -> None:
    rated = gender.first_ratings(notations(), TREE, RETAINED)
    actions = pd.DataFrame({"code_action": ["A", "B", "C"], "intitule": ["a", "b", "c"], "nom_porteur": "Le Phare"})
    listed = gender.list_disagreements(rated, CONSENSUS, actions, TREE)
    assert listed[["question", "code_action", "reponses", "suite"]].to_numpy().tolist() == [
        ["Objectif principal", "C", "I1 : oui ; I2 : non", "à discuter"],
        ["Participation équilibrée", "A", "I1 : oui ; I2 : non", "tranché le 04/03/2022 : cité en page 2"],
    ]
    # An earlier question comes first though all its cases are settled; inside a question, what is open does.
    settled = pd.DataFrame({"code_action": ["C", "A"], "date_consensus": pd.NaT, "motif_consensus": "vu"})
    more = pd.concat([rated, rated[rated["code_action"] == "A"].assign(code_action="B2")])
    again = gender.list_disagreements(more, settled, actions, TREE)
    assert again["code_action"].to_list() == ["C", "B2", "A"]
    assert again["suite"].to_list() == ["tranché : vu", "à discuter", "tranché : vu"]
    nobody = gender.list_disagreements(rated[rated["code_instructeur"] == "I1"], CONSENSUS, actions, TREE)
    assert nobody.empty
    assert list(nobody) == list(listed)


def test_holders_are_supported_by_euros_then_by_what_is_missing_with_one_question_each() -> None:
    answers = answers_of(A="onnoo.", B="onnno.", C="onoon.", D="nn...n", E="oo....", F="onn.n.")
    columns = ("code_siret", "nom_porteur")
    actions = marked(
        ("A", "finance", 2022, 0, 9, 100, "1", "Phare"),
        ("B", "finance", 2022, 0, 9, 50, "1", "Le Phare"),
        ("C", "finance", 2022, 0, 9, 150, "2", "Ruche"),
        ("D", "finance", 2022, 0, 9, 300, None, "Nid"),
        ("E", "finance", 2022, 2, 9, 900, "4", "Digue"),
        ("F", "refuse", 2022, 0, 9, None, "5", "Quai"),
        ("G", "finance", 2022, 1, 9, 800, "6", "Port"),
        columns=columns,
    )
    plan = gender.choose_holders(actions, answers, TREE)
    assert plan["nom_porteur"].to_list() == ["Nid", "Le Phare", "Ruche"]
    assert values(plan, "montant_accorde") == [300, 150, 150]
    assert values(plan, "nb_manques") == [1, 3, 1]
    assert plan["criteres_manquants"].to_list() == [
        "cohérence du public (1)", "diagnostic sexué (2), participation équilibrée (1)", "indicateurs sexués (1)",
    ]  # fmt: skip
    assert plan["question_a_travailler"].iloc[1] == TREE.criteres.liste[0].texte
    assert gender.choose_holders(actions, answers, TREE, nombre=1)["nom_porteur"].to_list() == ["Nid"]
    assert gender.choose_holders(actions.iloc[:0], answers, TREE).empty


NONE = YEAR.iloc[:0].assign(
    trajet="", chemin="", drapeaux="", nb_criteres=pd.NA, code_siret="", nom_porteur="", intitule=""
)
NO_ANSWER = answers_of()


@pytest.mark.parametrize(
    "compute",
    [
        lambda: gender.rate_gender_marker(NO_ANSWER, TREE),
        lambda: gender.sum_markers(NONE, "orientation").iloc[:-1],
        lambda: gender.count_flags(NONE),
        lambda: gender.count_branches(NONE),
        lambda: gender.follow_shares(NONE),
        lambda: gender.pair_years(NONE, 2020),
        lambda: gender.choose_holders(NONE, NO_ANSWER, TREE),
    ],
)
def test_a_year_without_actions_has_no_row(compute: Callable[[], pd.DataFrame]) -> None:
    assert compute().empty


def test_a_year_without_actions_counts_nothing_and_has_no_share() -> None:
    assert gender.count_criteria(NONE, NO_ANSWER, TREE)["nb_non"].sum() == 0
    assert gender.count_criteria_met(NONE, TREE)["nb_actions"].sum() == 0
    assert gender.compare_readings(NO_ANSWER, TREE, RETAINED)["nb_changees"].sum() == 0
    assert gender.measure_committee(NONE)["montant_accorde"].sum() == 0
    assert gender.measure_committee(NONE)["part_accorde"].isna().all()
    assert gender.cross_transitions(gender.pair_years(NONE, 2020))["nb_actions"].sum() == 0
    assert gender.compare_parity(gender.measure_parity(NONE, PEOPLE.iloc[:0]))["part_femmes"].isna().all()


def test_every_definition_is_printed_by_a_notebook() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.rglob("*.ipynb"))
    assert [name for name in gender.DEFINITIONS if f'\\"{name}\\"' not in texts] == []
