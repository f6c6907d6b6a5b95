"""Yearly programmes: labels brought to vocabularies, then wide rows split into the five certified tables.

The intake table has some seventy columns: the cases of a test are rows of one frame, cleaned once.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipelines.clean.programmes import clean_programmes, fold, split_programmes
from pipelines.tables import TABLES, as_text, empty

Maker = Callable[..., pd.DataFrame]
NAMES = pd.Series(
    {
        "qp999001": "QP999001",
        "les tilleuls": "QP999001",
        "tilleuls": "QP999001",
        "l'etang fleuri": "QP999002",
        "sacre coeur": "QP999003",
        "dutemple / saint jean": "QP999004",
        "saint jean": "QP999005",
        "01053": "01053",
    }
)


def action(code: str = "A1", **cells: str) -> dict[str, str]:
    return {"code_action": code, "annee": "2020", **cells}


def split(text: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    return split_programmes(clean_programmes(text).kept, NAMES, {"essai"})


def plain(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows as lists, None where missing."""
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


LABELS = [
    ("statut", "Financé", "finance"),
    ("statut", "ACCEPTÉ", "finance"),
    ("statut", "Rejetée", "refuse"),
    ("statut", "Non recevable", "ineligible"),
    ("statut", "Abandonné", "retire"),
    ("statut", "Déposée", "depose"),
    ("statut", "justifié", "justifie"),
    ("statut", "En attente de l'avis", None),
    ("nature_porteur", "Établissement  public", "etablissement_public"),
    ("nature_porteur", "Association", "association"),
    ("nature_porteur", "EPCI", "epci"),
    ("nature_porteur", "Particulier", None),
    ("code_orientation", "Orientation 3 : santé", "O3"),
    ("code_orientation", "orientation2", "O2"),
    ("code_orientation", "o4 - habitat", "O4"),
    ("code_orientation", "O1", "O1"),
    ("code_orientation", "Hors orientation", "Hors orientation"),
]


def test_labels_of_exports_become_vocabulary_or_go_to_the_journal(text_frame: Maker) -> None:
    text = text_frame(*(action(f"A{i}", **{column: label}) for i, (column, label, _) in enumerate(LABELS)))
    cleaned = clean_programmes(text)
    assert plain(cleaned.kept[["statut", "nature_porteur", "code_orientation"]]) == [
        [value if name == column else None for name in ("statut", "nature_porteur", "code_orientation")]
        for column, _, value in LABELS
    ]
    assert cleaned.journal["motif"].tolist() == [
        f"valeur hors vocabulaire « {label} »"
        for name in ("nature_porteur", "statut")
        for column, label, value in LABELS
        if column == name and value is None
    ]


def test_what_is_set_aside_keeps_the_labels_that_were_read(text_frame: Maker) -> None:
    aside = clean_programmes(text_frame(action("", statut="Rejetée", code_orientation="Orientation 3"))).set_aside
    assert aside["texte"].tolist() == ["annee=2020 | statut=Rejetée | code_orientation=Orientation 3"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Les Tilleuls", " les  TILLEULS "),
        ("L’Étang–Fleuri", "l'etang fleuri"),
        ("Sacré-Cœur", "sacre coeur"),
        ("Saint_Exemple", "Saint-Exemple"),
    ],
)
def test_spellings_of_one_name_fold_to_one(left: str, right: str) -> None:
    assert fold(pd.Series([left]))[0] == fold(pd.Series([right]))[0]


def test_different_names_stay_different() -> None:
    names = pd.Series(["Centre-ville", "Centre", "Ville", "", "Été", "日本"])
    assert fold(names).is_unique


def test_actions_say_whether_they_are_fictional(text_frame: Maker) -> None:
    text = pd.concat([text_frame(action("A1")), text_frame(action("A2"), source="reel")], ignore_index=True)
    assert split(text)[0]["actions"]["est_fictif"].tolist() == [True, False]


@pytest.mark.parametrize("cells", [None, {}, {"territoires": "QP999001", "demande_etat": "1"}])
def test_the_six_tables_have_their_columns_and_types(text_frame: Maker, cells: dict[str, str] | None) -> None:
    text = text_frame(action()).iloc[:0] if cells is None else text_frame(action(**cells))
    tables, journal = split(text)
    names = {"actions", "actions_territoires", "financements", "beneficiaires", "reponses_marqueur"}
    assert set(tables) == names | {"resultats_actions"}
    for name, frame in tables.items():
        assert as_text(frame).dtypes.to_dict() == empty(TABLES[name]).dtypes.to_dict()
    assert journal.empty


def test_funding_has_a_row_where_an_amount_was_read(text_frame: Maker) -> None:
    text = text_frame(
        action("A0"),
        action("A1", accorde_caf="nd"),
        action("A2", demande_etat="0"),
        action("A3", accorde_region="1 000,50 €", demande_caf="12", verse_caf="5"),
    )
    columns = ["code_action", "code_financeur", "montant_demande", "montant_accorde", "montant_verse"]
    assert plain(split(text)[0]["financements"][columns]) == [
        ["A2", "etat", 0, None, None],
        ["A3", "caf", 12, None, 5],
        ["A3", "region", None, 1000.5, None],
    ]


def test_a_blank_count_gives_no_row_and_a_zero_stays_zero(text_frame: Maker) -> None:
    cells = {"benef_prevu_sexe_femmes": "12", "benef_prevu_sexe_hommes": "0", "benef_realise_age_60_plus": "nd"}
    people = split(text_frame(action(**cells), action("A2", benef_realise_residence_qva="3")))[0]["beneficiaires"]
    assert plain(people[["code_action", "moment", "dimension", "modalite", "nb_personnes"]]) == [
        ["A1", "prevu", "sexe", "femmes", 12],
        ["A1", "prevu", "sexe", "hommes", 0],
        ["A2", "realise", "residence", "qva", 3],
    ]


def test_marker_answers_have_a_row_where_one_was_given(text_frame: Maker) -> None:
    text = text_frame(action(public_mixte="non"), action("A2"), action("A3", motif_non_mixite="écrit"))
    answers = split(text)[0]["reponses_marqueur"]
    assert plain(answers[["code_action", "public_mixte", "diagnostic_sexue", "motif_non_mixite"]]) == [
        ["A1", False, None, None],
        ["A3", None, None, "écrit"],
    ]


# Territories as written, shares as written, what each action gets, what goes to the journal.
TERRITORIES: list[tuple[str, str, dict[str, float | None], list[str]]] = [
    ("", "", {}, []),
    ("QP999001", "", {"QP999001": 100}, []),
    ("LES TILLEULS", "", {"QP999001": 100}, []),
    ("Les Tilleuls|L’Étang fleuri", "60|40", {"QP999001": 60, "QP999002": 40}, []),
    ("Tilleuls ; Sacré-Cœur", "33,3 % ; 66,7 %", {"QP999001": 33.3, "QP999003": 66.7}, []),
    ("tilleuls\nsacré-coeur", "", {"QP999001": None, "QP999003": None}, []),
    # Shares that are too few, do not sum to 100, or are not all numbers: none is kept.
    ("QP999001|sacré-coeur", "60", {"QP999001": None, "QP999003": None}, ["60"]),
    ("QP999001|sacré-coeur", "60|60", {"QP999001": None, "QP999003": None}, ["60|60"]),
    ("QP999001|sacré-coeur", "100|nd", {"QP999001": None, "QP999003": None}, ["100|nd"]),
    # An unresolved or ambiguous name takes its share with it, so that no other share is right.
    ("QP999001|Centre-ville", "60|40", {"QP999001": None}, ["Centre-ville", "60|40"]),
    ("QP999001|Centre-ville", "", {"QP999001": None}, ["Centre-ville"]),
    ("Centre-ville|Nulle Part", "", {}, ["Centre-ville", "Nulle Part"]),
    # Two spellings of one territory are one territory.
    ("Tilleuls|Les Tilleuls", "", {"QP999001": 100}, []),
    ("Tilleuls|sacré-coeur|Les Tilleuls", "30|50|20", {"QP999001": 50, "QP999003": 50}, []),
]


@pytest.mark.parametrize("step", [1, -1], ids=["dans l'ordre", "à rebours"])
def test_territories_resolve_and_shares_sum_to_100_or_are_missing(text_frame: Maker, step: int) -> None:
    text = text_frame(
        *(
            action(f"A{i}", territoires=cell, parts_territoires=shares)
            for i, (cell, shares, *_) in enumerate(TERRITORIES)
        )
    )
    tables, journal = split(text.iloc[::step])
    found = tables["actions_territoires"]
    for i, (cell, shares, expected, noted) in enumerate(TERRITORIES):
        rows = found[found["code_action"] == f"A{i}"]
        parts = dict(plain(rows[["code_territoire", "part_territoire"]]))
        assert (parts, len(rows)) == (pytest.approx(expected), len(expected)), (cell, shares)
        assert sorted(journal.loc[journal["ligne"] == i + 2, "texte"]) == sorted(noted), (cell, shares)
    assert (journal["motif"] != "").all()


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Les Tilleuls, Sacré Cœur", ["QP999001", "QP999003"]),
        ("Les Tilleuls et l'Étang fleuri", ["QP999001", "QP999002"]),
        ("Tilleuls / Saint-Jean", ["QP999001", "QP999005"]),
        # The whole name comes first, then the longest part that is one.
        ("Dutemple / Saint-Jean", ["QP999004"]),
        ("Dutemple / Saint-Jean, Tilleuls", ["QP999001", "QP999004"]),
        ("Tilleuls + Dutemple / Saint-Jean & Saint-Jean", ["QP999001", "QP999004", "QP999005"]),
        ("1053 ; qp 999001", ["01053", "QP999001"]),
        ("1053, QP999001", ["01053", "QP999001"]),
    ],
)
def test_a_cell_is_cut_where_every_part_is_known(text_frame: Maker, cell: str, codes: list[str]) -> None:
    tables, journal = split(text_frame(action(territoires=cell)))
    assert (sorted(tables["actions_territoires"]["code_territoire"]), len(journal)) == (codes, 0)


@pytest.mark.parametrize("cell", ["Les Tilleuls, Ailleurs", "Tilleuls / Dutemple", "et", ", Tilleuls", "Tilleuls,"])
def test_a_cell_with_an_unknown_part_is_not_cut(text_frame: Maker, cell: str) -> None:
    tables, journal = split(text_frame(action(territoires=cell)))
    assert tables["actions_territoires"].empty
    assert journal["texte"].tolist() == [cell]


@pytest.mark.parametrize("shares", ["60 | 40", "60/40", "60 % et 40 %", "60,0 ; 40,0"])
def test_shares_are_cut_as_their_territories_are(text_frame: Maker, shares: str) -> None:
    tables, _ = split(text_frame(action(territoires="Tilleuls et Sacré-Cœur", parts_territoires=shares)))
    assert tables["actions_territoires"]["part_territoire"].tolist() == [60.0, 40.0]
