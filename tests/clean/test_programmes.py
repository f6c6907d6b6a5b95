"""Yearly programmes: labels brought to vocabularies, then wide rows split into the five certified tables."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipelines.clean.programmes import clean_programmes, fold, split_programmes
from pipelines.tables import TABLES, empty

Maker = Callable[..., pd.DataFrame]
NAMES = pd.Series(
    {
        "qp999001": "QP999001",
        "les tilleuls": "QP999001",
        "tilleuls": "QP999001",
        "l'etang fleuri": "QP999002",
        "sacre coeur": "QP999003",
    }
)


def action(code: str = "A1", **cells: str) -> dict[str, str]:
    return {"code_action": code, "annee": "2020", **cells}


def split(text: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    return split_programmes(clean_programmes(text).kept, NAMES, {"essai"})


@pytest.mark.parametrize(
    ("column", "label", "value"),
    [
        ("statut", "Financé", "finance"),
        ("statut", "ACCEPTÉ", "finance"),
        ("statut", "Rejetée", "refuse"),
        ("statut", "Non recevable", "ineligible"),
        ("statut", "Abandonné", "retire"),
        ("statut", "Déposée", "depose"),
        ("statut", "justifié", "justifie"),
        ("nature_porteur", "Établissement  public", "etablissement_public"),
        ("nature_porteur", "Association", "association"),
        ("nature_porteur", "EPCI", "epci"),
        ("code_orientation", "Orientation 3 : santé", "O3"),
        ("code_orientation", "orientation2", "O2"),
        ("code_orientation", "o4 - habitat", "O4"),
        ("code_orientation", "O1", "O1"),
        ("code_orientation", "Hors orientation", "Hors orientation"),
    ],
)
def test_labels_of_exports_become_vocabulary(text_frame: Maker, column: str, label: str, value: str) -> None:
    cleaned = clean_programmes(text_frame(action(**{column: label})))
    assert cleaned.kept.loc[0, column] == value
    assert cleaned.journal.empty


def test_an_unknown_label_is_missing_and_in_the_journal(text_frame: Maker) -> None:
    cleaned = clean_programmes(text_frame(action(statut="En attente de l'avis")))
    assert cleaned.kept["statut"].isna().all()
    assert cleaned.journal["motif"].tolist() == ["valeur hors vocabulaire « En attente de l'avis »"]


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


def test_the_five_tables_have_their_columns_and_types(text_frame: Maker) -> None:
    for text in (text_frame(action(territoires="QP999001", demande_etat="1")), text_frame(action()).iloc[:0]):
        tables, journal = split(text)
        assert set(tables) == {"actions", "actions_territoires", "financements", "beneficiaires", "reponses_marqueur"}
        for name, frame in tables.items():
            assert frame.dtypes.to_dict() == empty(TABLES[name]).dtypes.to_dict()
        assert journal.empty


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ({}, []),
        ({"demande_etat": "", "accorde_caf": "nd"}, []),
        ({"demande_etat": "0"}, [["etat", 0, None, None]]),
        (
            {"accorde_region": "1 000,50 €", "demande_caf": "12", "verse_caf": "5"},
            [["caf", 12, None, 5], ["region", None, 1000.5, None]],
        ),
    ],
)
def test_funding_has_a_row_where_an_amount_was_read(
    text_frame: Maker, cells: dict[str, str], rows: list[list[Any]]
) -> None:
    funding = split(text_frame(action(**cells)))[0]["financements"]
    columns = ["code_financeur", "montant_demande", "montant_accorde", "montant_verse"]
    assert funding[columns].astype(object).where(funding[columns].notna(), None).to_numpy().tolist() == rows


def test_a_blank_count_gives_no_row_and_a_zero_stays_zero(text_frame: Maker) -> None:
    cells = {"benef_prevu_sexe_femmes": "12", "benef_prevu_sexe_hommes": "0", "benef_realise_age_60_plus": "nd"}
    people = split(text_frame(action(**cells), action("A2", benef_realise_residence_qva="3")))[0]["beneficiaires"]
    columns = ["code_action", "moment", "dimension", "modalite", "nb_personnes"]
    assert people[columns].to_numpy().tolist() == [
        ["A1", "prevu", "sexe", "femmes", 12],
        ["A1", "prevu", "sexe", "hommes", 0],
        ["A2", "realise", "residence", "qva", 3],
    ]


def test_marker_answers_have_a_row_where_one_was_given(text_frame: Maker) -> None:
    answers = split(text_frame(action(public_mixte="non"), action("A2"), action("A3", motif_non_mixite="écrit")))[0][
        "reponses_marqueur"
    ]
    assert answers["code_action"].tolist() == ["A1", "A3"]
    assert answers["public_mixte"].tolist() == [False, pd.NA]
    assert answers["diagnostic_sexue"].isna().all()


@pytest.mark.parametrize(
    ("territories", "shares", "rows"),
    [
        ("", "", []),
        ("QP999001", "", [["QP999001", 100]]),
        ("LES TILLEULS", "", [["QP999001", 100]]),
        ("Les Tilleuls|L’Étang fleuri", "60|40", [["QP999001", 60], ["QP999002", 40]]),
        ("Tilleuls ; Sacré-Cœur", "33,3 % ; 66,7 %", [["QP999001", 33.3], ["QP999003", 66.7]]),
        ("tilleuls\nsacré-coeur", "", [["QP999001", None], ["QP999003", None]]),
        # Shares that are too few, do not sum to 100, or are not all numbers: none is kept.
        ("QP999001|sacré-coeur", "60", [["QP999001", None], ["QP999003", None]]),
        ("QP999001|sacré-coeur", "60|60", [["QP999001", None], ["QP999003", None]]),
        ("QP999001|sacré-coeur", "100|nd", [["QP999001", None], ["QP999003", None]]),
        # An unresolved name takes its share with it, so that no other share is right.
        ("QP999001|Centre-ville", "60|40", [["QP999001", None]]),
        ("QP999001|Centre-ville", "", [["QP999001", None]]),
        ("Centre-ville", "", []),
        # Two spellings of one territory are one territory.
        ("Tilleuls|Les Tilleuls", "", [["QP999001", 100]]),
        ("Tilleuls|sacré-coeur|Les Tilleuls", "30|50|20", [["QP999001", 50], ["QP999003", 50]]),
    ],
)
def test_territories_resolve_and_shares_sum_to_100_or_are_missing(
    text_frame: Maker, territories: str, shares: str, rows: list[list[Any]]
) -> None:
    text = text_frame(action(territoires=territories, parts_territoires=shares), action("A2"))
    found = split(text)[0]["actions_territoires"]
    assert found["code_territoire"].tolist() == [code for code, _ in rows]
    assert [None if pd.isna(part) else part for part in found["part_territoire"]] == [
        part if part is None else pytest.approx(part) for _, part in rows
    ]


@pytest.mark.parametrize(
    ("territories", "shares", "journal"),
    [
        ("QP999001|Centre-ville|Nulle Part", "", [["territoires", "Centre-ville"], ["territoires", "Nulle Part"]]),
        ("QP999001|Sacré-Cœur", "60|60", [["parts_territoires", "60|60"]]),
        ("QP999001|Sacré-Cœur", "60|40", []),
    ],
)
def test_what_is_not_used_of_territories_enters_the_journal(
    text_frame: Maker, territories: str, shares: str, journal: list[list[str]]
) -> None:
    noted = split(text_frame(action(), action("A2", territoires=territories, parts_territoires=shares)))[1]
    assert noted[["colonne", "texte"]].to_numpy().tolist() == journal
    assert noted["ligne"].tolist() == [3] * len(journal)
    assert (noted["motif"] != "").all()


def test_shares_of_one_action_do_not_touch_another(text_frame: Maker) -> None:
    text = text_frame(
        action("A1", territoires="QP999001|Sacré-Cœur", parts_territoires="50|50"),
        action("A2", territoires="QP999001|Inconnu", parts_territoires="50|50"),
    )
    found = split(text.iloc[::-1])[0]["actions_territoires"]
    assert found.groupby("code_action")["part_territoire"].apply(lambda parts: parts.notna().sum()).to_dict() == {
        "A1": 2,
        "A2": 0,
    }
