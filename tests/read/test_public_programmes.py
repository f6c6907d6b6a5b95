"""Posts of programme 147 as published, and the State's exports of requests, by their documented columns.

No whole export of Dauphin or GISPRO is public: their excerpts have the documented headers, and invented lines.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from pipelines.clean.programmes import split_programmes

Take = Callable[..., Any]


def test_a_post_has_its_line_for_rank_so_that_like_posts_stay(take: Take) -> None:
    taken = take("postes")
    assert taken.balance == [4, 3, 0, 1]
    kept = taken.cleaned.kept
    assert kept[["annee", "rang", "code_poste", "montant"]].to_numpy().tolist() == [
        [2023, 1, "X00001", 7164.0],
        [2023, 3, "X00003", 7164.0],
        [2023, 4, "X00003", 7164.0],
    ]


# File: objects, then posts and euros of the contract of Valenciennes Métropole, as published.
@pytest.mark.parametrize(
    ("name", "kind", "objects", "posts", "euros"),
    [
        ("adulte-relais-2020", "adulte_relais", 4660, 36, "715502.16"),
        ("adulte-relais-2021", "adulte_relais", 5377, 38, "762729.16"),
        ("adulte-relais-2022", "adulte_relais", 5623, 40, "850160.00"),
        ("adulte-relais-2023", "adulte_relais", 5416, 30, "676671.90"),
        ("postes-fonjep-2020", "fonjep", 1455, 3, "17910"),
        ("postes-fonjep-2021", "fonjep", 1462, 2, "14328"),
        ("postes-fonjep-2022", "fonjep", 1429, 3, "21492"),
        ("postes-fonjep-2023", "fonjep", 1478, 4, "28656"),
    ],
)
def test_the_public_posts_of_one_contract_are_those_published(
    take: Take, name: str, kind: str, objects: int, posts: int, euros: str
) -> None:
    taken = take(
        "postes",
        f"anct-ci-ville/{name}.json",
        constantes={"dispositif": kind},
        lignes_gardees={"code_cv": ["CV193"]},
    )
    assert taken.balance == [objects, posts, 0, objects - posts]
    kept = taken.cleaned.kept
    assert kept["annee"].unique().tolist() == [int(name[-4:])]
    assert sum(Decimal(str(amount)) for amount in kept["montant"]) == Decimal(euros)


def test_the_posts_of_all_contracts_are_kept_with_their_duplicates(take: Take) -> None:
    taken = take("postes", "anct-ci-ville/postes-fonjep-2022.json", lignes_gardees={})
    assert taken.balance == [1429, 1429, 0, 0]


@pytest.mark.parametrize(
    ("name", "actions", "engagements"),
    [
        ("gispro_2019", ["DA99000001-1", "DA99000001-2", "DA99000002-1"], ["2100000001", "2100000001", ""]),
        ("gispro_2021", ["DA99000003-1"], ["2100000009"]),
    ],
)
def test_gispro_is_read_whatever_the_year_calls_its_columns(
    take: Take, name: str, actions: list[str], engagements: list[str]
) -> None:
    taken = take(name)
    assert taken.balance == [len(actions) + 1, len(actions), 0, 1]
    kept = taken.cleaned.kept
    # A dossier that carries two actions is two rows: the action is the key.
    assert kept["code_action"].tolist() == actions
    assert kept["code_projet"].tolist() == [action[:10] for action in actions]
    assert kept["code_ej"].fillna("").tolist() == engagements
    assert kept["annee"].unique().tolist() == [int(name[-4:])]


def test_statuses_of_dauphin_are_ours_and_an_unknown_one_is_said(take: Take) -> None:
    cleaned = take("dauphin_2020").cleaned
    assert cleaned.kept["statut"].fillna("").tolist() == ["depose", "depose", "finance", "finance", "ineligible", ""]
    assert cleaned.journal["motif"].tolist() == ["valeur hors vocabulaire « Étape inventée »"]


def test_several_actions_of_a_dossier_are_as_many_actions(take: Take) -> None:
    tables, _ = split_programmes(take("dauphin_2020").cleaned.kept, pd.Series(dtype="str"), set())
    assert len(tables["actions"]) == 6
    assert tables["financements"]["montant_accorde"].sum() == 5500
