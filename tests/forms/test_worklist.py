"""The actions of the year as a rater finds them."""

import pandas as pd
import pytest

from pipelines.forms.worklist import list_actions, search_actions

ACTIONS = pd.DataFrame(
    {
        "code_action": ["A3", "A1", "A2", "B1"],
        "annee": [2022, 2022, 2022, 2021],
        "intitule": ["Sortie", "Fête\ndes  voisins", None, "Ancienne"],
        "nom_porteur": ["Club du Phare", "Association Été", "Régie", "Régie"],
    }
)
MARKINGS = pd.DataFrame({"code_action": ["A1", "A1", "A2"], "code_instructeur": ["I3", "I3", "I4"]})


def test_what_is_left_to_mark_comes_first_by_code() -> None:
    listed = list_actions(ACTIONS, MARKINGS, 2022, "I3")
    assert listed[["code_action", "nb_notations"]].to_numpy().tolist() == [["A2", 0], ["A3", 0], ["A1", 2]]
    assert listed["libelle"].tolist() == [
        "A2 — Régie",
        "A3 — Sortie — Club du Phare",
        "A1 — Fête des voisins — Association Été (déjà marquée par vous : 2 fois)",
    ]


def test_what_others_marked_is_not_told() -> None:
    assert list_actions(ACTIONS, MARKINGS, 2022, "I5").equals(list_actions(ACTIONS, MARKINGS[:0], 2022, "I5"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["A1", "A2", "A3"]),
        ("ete", ["A1"]),
        ("VOISINS fete", ["A1"]),
        ("a3", ["A3"]),
        ("regie", ["A2"]),
        ("phare voisins", []),
        ("(.*", []),
    ],
)
def test_any_words_of_an_action_find_it(words: str, found: list[str]) -> None:
    listed = list_actions(ACTIONS, MARKINGS[:0], 2022, "I3")
    assert search_actions(listed, words)["code_action"].tolist() == found
