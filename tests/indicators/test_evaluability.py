"""Evaluability, results and objectives, on frames small enough to be read."""

from typing import Any

import pandas as pd
import pytest

from pipelines.indicators import monitoring
from pipelines.indicators.monitoring import ELEMENTS, NO_THEME, NONE, TOTAL, UNKNOWN
from pipelines.tables import TABLES, UNNAMED_INDICATOR, empty
from tests.indicators.test_monitoring import links_of, values

ACTIONS = pd.DataFrame(
    [
        ("full", 2022, "finance", "O1", "O1.1", "aim", 100.0),
        ("bare", 2022, "finance", "O1", "O1.1", None, 50.0),
        ("other", 2022, "realise", "O2", None, "aim", 30.0),
        ("refused", 2022, "refuse", "O2", "O2.1", None, None),
        ("old", 2015, "finance", "O1", None, None, 10.0),
    ],
    columns=[
        "code_action",
        "annee",
        "statut",
        "code_orientation",
        "code_objectif",
        "objectif_action",
        "montant_accorde",
    ],
).assign(intitule="titre", nom_porteur="porteur")
LINKS = links_of(
    ("full", "Q1", 60), ("full", "Q2", 40), ("bare", "Q1", None), ("bare", "Q2", None), ("other", "Q1", 100)
)


def results_of(*rows: tuple[Any, ...]) -> pd.DataFrame:
    columns = ["code_action", "libelle_indicateur", "valeur_depart", "valeur_cible", "valeur_atteinte", "est_atteint"]
    numbers = dict.fromkeys(columns[2:5], "Float64")
    frame = pd.DataFrame(rows, columns=columns).astype(numbers | {"est_atteint": "boolean"})
    return frame.assign(est_depart_connu=frame["valeur_depart"].notna().astype("boolean"))


RESULTS = results_of(
    ("full", "absences", 20, 10, 12, False),
    ("full", "retards", None, 5, 5, True),
    ("other", UNNAMED_INDICATOR, None, 5, None, None),
)


def test_each_missing_element_is_named() -> None:
    assessed = monitoring.assess_evaluability(ACTIONS, RESULTS, LINKS).set_index("code_action")
    assert list(assessed.index) == ["full", "bare", "other", "old"]
    assert assessed.loc["full", list(ELEMENTS)].all()
    assert assessed.loc["full", "manque"] == ""
    assert assessed.loc["bare", "manque"] == (
        "objectif écrit, cible chiffrée, indicateur, valeur de départ, part par territoire"
    )
    assert assessed.loc["other", "manque"] == "indicateur, valeur de départ"
    assert assessed["taux_evaluabilite"].iloc[:3].to_list() == [100, 0, 60]


def test_what_no_dossier_of_a_year_has_was_not_asked_for() -> None:
    assessed = monitoring.assess_evaluability(ACTIONS, RESULTS, LINKS).set_index("code_action")
    assert assessed.loc["old", list(ELEMENTS)].isna().all()
    assert pd.isna(assessed.loc["old", "taux_evaluabilite"])
    elements = monitoring.summarise_elements(assessed)
    assert elements["element"].to_list() == list(ELEMENTS.values())
    assert values(elements, "nb_demandees") == [3, 3, 3, 3, 3]
    assert values(elements, "nb_actions") == [2, 2, 1, 1, 2]


def test_evaluability_by_orientation() -> None:
    assessed = monitoring.assess_evaluability(ACTIONS[ACTIONS["annee"] == 2022], RESULTS, LINKS)
    table = monitoring.summarise_evaluability(assessed, "code_orientation")
    assert table["code_orientation"].to_list() == ["O1", "O2", TOTAL]
    assert values(table, "nb_completes") == [1, 0, 1]
    assert values(table, "taux_moyen") == [50, 60, pytest.approx(160 / 3)]
    few = monitoring.summarise_evaluability(assessed, "code_orientation", base_minimale=3)
    assert values(few, "taux_moyen")[:2] == [None, None]
    assert len(monitoring.summarise_evaluability(assessed.iloc[:0], "code_orientation")) == 1


OBJECTIVES = pd.DataFrame(
    [
        ("O1.1", "Large", "O1", None, "sante"),
        ("O1.2", "Contenant", "O1", None, "sante"),
        ("O1.2.1", "Outil", "O1", "O1.2", "culture"),
        ("O1.2.2", "Oublié", "O1", "O1.2", "culture"),
        ("O1.10", "Dernier", "O1", None, "sante"),
    ],
    columns=["code_objectif", "libelle_objectif", "code_orientation", "code_objectif_parent", "theme"],
)
SUGGESTIONS = pd.DataFrame(
    [("sante", "Soins reçus", "%", "Retour du soignant"), ("sante", "Second choix", "%", "x")],
    columns=["theme", "libelle_indicateur", "unite", "recueil"],
)


def test_an_indicator_is_proposed_for_the_theme_of_the_objective_never_guessed() -> None:
    assessed = monitoring.assess_evaluability(ACTIONS[ACTIONS["annee"] == 2022], RESULTS, LINKS)
    proposed = monitoring.suggest_indicators(assessed, OBJECTIVES, SUGGESTIONS).set_index("code_action")
    assert list(proposed.index) == ["bare", "other"]
    assert proposed.loc["bare", "suggestion"] == "Soins reçus (%). Retour du soignant."
    assert proposed.loc["bare", "libelle_theme"] == "Santé"
    assert (proposed.loc["other", "suggestion"], proposed.loc["other", "libelle_theme"]) == (NO_THEME, UNKNOWN)
    named = assessed.assign(est_indicateur_nomme=True)
    assert set(monitoring.suggest_indicators(named, OBJECTIVES, SUGGESTIONS)["suggestion"]) == {""}
    nothing = (empty(TABLES["objectifs"]), empty(TABLES["indicateurs_suggeres"]))
    assert set(monitoring.suggest_indicators(assessed, *nothing)["suggestion"]) == {NO_THEME}


def test_a_result_without_value_is_not_a_failure() -> None:
    table = monitoring.summarise_attainment(ACTIONS, RESULTS, "code_orientation")
    assert table["code_orientation"].to_list() == ["O1", "O2", TOTAL]
    assert values(table, "nb_resultats") == [2, 1, 3]
    assert values(table, "nb_evalues") == [2, 0, 2]
    assert values(table, "nb_atteints") == [1, 0, 1]
    assert values(table, "taux_atteinte") == [50, None, 50]
    assert values(monitoring.summarise_attainment(ACTIONS, RESULTS.iloc[:0], "code_orientation"), "nb_resultats") == [0]


def test_own_indicators_first_and_last_measure() -> None:
    measures = pd.DataFrame(
        [
            ("A1", "jours", "2022-12-31", "jours", 18.0, 16.0),
            ("A1", "jours", "2022-06-30", "jours", 26.0, 16.0),
            ("A1", "seules", "2022-06-30", "seances", 4.0, None),
        ],
        columns=["code_action", "libelle_indicateur", "date_mesure", "unite", "valeur", "valeur_cible"],
    )
    measures = measures.assign(date_mesure=pd.to_datetime(measures["date_mesure"]))
    followed = monitoring.follow_measures(measures)
    assert values(followed, "valeur_debut") == [26, None]
    assert values(followed, "valeur_fin") == [18, 4]
    assert followed["unite"].to_list() == ["jours", "séances"]
    assert len(monitoring.follow_measures(empty(TABLES["mesures_suivis"]))) == 0


def served(**counts: int) -> pd.DataFrame:
    """Granted actions of O1, so many on each objective; `none` on none."""
    rows = [
        (f"{name}-{rank}", "finance", "O1", None if name == "none" else name.replace("_", "."), 10.0)
        for name, number in counts.items()
        for rank in range(number)
    ]
    columns = ["code_action", "statut", "code_orientation", "code_objectif", "montant_accorde"]
    return pd.DataFrame(rows, columns=columns).astype({"montant_accorde": "Float64"})


def test_an_action_counts_for_its_objective_and_for_what_contains_it() -> None:
    measured = monitoring.measure_objectives(OBJECTIVES, served(O1_1=6, O1_2=1, O1_2_1=2, none=3))
    assert measured["code_objectif"].to_list() == ["O1.1", "O1.2", "O1.2.1", "O1.2.2", "O1.10"]
    assert values(measured, "niveau") == [1, 1, 2, 2, 1]
    assert values(measured, "est_feuille") == [True, False, True, True, True]
    assert values(measured, "nb_actions_directes") == [6, 1, 2, 0, 0]
    assert values(measured, "nb_actions") == [6, 3, 2, 0, 0]
    assert values(measured, "montant_accorde") == [60, 30, 20, 0, 0]
    assert values(measured, "part_actions") == [pytest.approx(100 * n / 9) for n in (6, 1, 2, 0, 0)]


def test_too_wide_too_narrow_and_unserved_stand_side_by_side() -> None:
    actions = served(O1_1=6, O1_2_1=2, O1_10=3, none=3)
    measured = monitoring.measure_objectives(OBJECTIVES, actions)
    flagged = monitoring.flag_objectives(measured)
    assert dict(zip(flagged["libelle_objectif"], flagged["constat"], strict=True)) == {
        "Large": monitoring.WIDE, "Outil": monitoring.NARROW, "Oublié": monitoring.UNSERVED,
    }  # fmt: skip
    orientations = pd.Series({"O1": "Première", "O2": "Seconde"})
    opposed = monitoring.oppose_objectives(flagged, actions, orientations)
    assert opposed.to_dict("records") == [
        {"orientation": "Première", "trop_larges": "Large", "trop_etroits": "Outil", "sans_action": "Oublié",
         "nb_sans_objectif": 3},
        {"orientation": "Seconde", "trop_larges": NONE, "trop_etroits": NONE, "sans_action": NONE,
         "nb_sans_objectif": 0},
    ]  # fmt: skip
    tree = monitoring.summarise_tree(measured, orientations)
    assert tree.iloc[0].to_dict() == {
        "orientation": "Première", "nb_objectifs": 5, "nb_feuilles": 4, "niveau_min": 1, "niveau_max": 2,
        "nb_sans_action": 1,
    }  # fmt: skip
    assert tree["nb_objectifs"].to_list() == [5, 0]
    assert not len(monitoring.flag_objectives(measured, part_large=90, nb_etroit=-1).query("constat != 'sans action'"))


def test_no_tree_and_a_loop_stand() -> None:
    none = monitoring.measure_objectives(empty(TABLES["objectifs"]), served(O1_1=2))
    assert len(none) == 0
    assert len(monitoring.flag_objectives(none)) == 0
    loop = OBJECTIVES.assign(code_objectif_parent=["O1.2", "O1.1", None, None, None])
    assert len(monitoring.measure_objectives(loop, served(O1_1=2))) == 5
