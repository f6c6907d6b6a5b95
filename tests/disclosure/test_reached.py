"""The persons reached are those that a plain merge counts, however the texts of the rows are held."""

import pandas as pd
import pytest

from pipelines.disclosure import ALL, count_reached

ACTIONS = pd.DataFrame(
    [
        ("A1", 2019, "finance"), ("A2", 2019, "justifie"), ("A3", 2020, "realise"), ("A4", 2020, "refuse"),
        ("A5", 2020, "finance"), ("A6", 2019, "finance"),
    ],
    columns=["code_action", "annee", "statut"],
)  # fmt: skip
LINES = [
    # A code that no action has, before all others in the alphabet, and a row that has lost its own.
    ("A0", "prevu", "sexe", "femmes", 900), ("A0", "realise", "sexe", "femmes", 900),
    ("A1", "prevu", "sexe", "femmes", 40), ("A1", "realise", "sexe", "hommes", 12),
    ("A1", "realise", "sexe", "femmes", 31), ("A1", "realise", "age", "0_5", 700),  # no age was planned
    ("A2", "prevu", "sexe", "hommes", 10), ("A2", "realise", "sexe", "femmes", 25),
    ("A3", "prevu", "sexe", "femmes", 50), ("A3", "realise", "sexe", "femmes", 44),
    ("A4", "prevu", "sexe", "femmes", 60), ("A4", "realise", "sexe", "femmes", 60),  # refused
    ("A5", "realise", "sexe", "femmes", 70),  # nothing planned
    ("A6", "prevu", "age", "0_5", 20), ("A6", "realise", "age", "6_11", 19),
    (None, "prevu", "sexe", "femmes", 800), (None, "realise", "sexe", "femmes", 800),
]  # fmt: skip
TEXTS = ["code_action", "moment", "dimension", "modalite", "id_source", "fichier", "feuille"]
CUTS = {"porteur": pd.Series({"A1": "Association A", "A2": "Association B", "A3": "Association B"})}


def beneficiaries(*, categories: bool) -> pd.DataFrame:
    people = pd.DataFrame(LINES, columns=["code_action", "moment", "dimension", "modalite", "nb_personnes"])
    people = people.assign(
        id_source="essai",
        fichier=[f"{rank % 2}.csv" for rank in range(len(people))],
        feuille=[None, "Feuille"] * (len(people) // 2) + [None] * (len(people) % 2),
        ligne=range(2, len(people) + 2),
    ).astype(dict.fromkeys(TEXTS, "str") | {"nb_personnes": "Int64", "ligne": "Int64"})
    return people.astype(dict.fromkeys(TEXTS, "category")) if categories else people


def by_plain_merge(people: pd.DataFrame, cut: str) -> dict[tuple[int, str, str, str], tuple[int, int, int]]:
    """Persons, actions and first line by year, class, dimension and modality, without any secrecy."""
    both = people.merge(ACTIONS[ACTIONS["statut"].isin(["finance", "realise", "justifie"])], on="code_action")
    stated = both.groupby(["code_action", "dimension"])["moment"].transform("nunique") == 2
    rows = both[stated & (both["moment"] == "realise")]
    rows = pd.concat([rows, rows.assign(modalite=ALL)])
    classes = pd.Series(ALL, index=ACTIONS["code_action"]) if cut == ALL else CUTS[cut]
    groups = rows.assign(code=rows["code_action"].map(classes).fillna("nr")).groupby(
        ["annee", "code", "dimension", "modalite"]
    )
    return {
        key: (int(group["nb_personnes"].sum()), group["code_action"].nunique(), int(group["ligne"].min()))
        for key, group in groups
    }


@pytest.mark.parametrize("categories", [False, True], ids=["texts", "categories"])
@pytest.mark.parametrize("cut", [ALL, "porteur"])
def test_the_counts_are_those_of_a_plain_merge(cut: str, *, categories: bool) -> None:
    reached = count_reached(ACTIONS, beneficiaries(categories=categories), CUTS, 0)
    own = reached[reached["coupe"] == cut].set_index(["annee", "code", "dimension", "modalite"])
    said = {
        key: tuple(row)
        for key, row in zip(own.index, own[["nb_personnes", "nb_actions", "ligne"]].to_numpy(), strict=True)
    }
    assert said == by_plain_merge(beneficiaries(categories=False), cut)
    assert len(said) > 5


def test_a_cell_shows_the_place_of_one_row() -> None:
    people = beneficiaries(categories=True)
    reached = count_reached(ACTIONS, people, CUTS, 0)
    place = ["id_source", "fichier", "feuille", "ligne"]
    places = set(people[place].astype("object").fillna("").itertuples(index=False, name=None))
    assert set(reached[place].astype("object").fillna("").itertuples(index=False, name=None)) <= places
