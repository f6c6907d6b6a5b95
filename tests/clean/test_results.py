"""Results of actions: what exports and own files say, in our words, and what of it is repeated nowhere."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipelines.clean import clean_rows
from pipelines.clean.programmes import clean_programmes, split_programmes
from pipelines.clean.results import UNIT_LABELS, WITHHELD, withhold_from_journal
from pipelines.tables import RESULT_UNITS, TABLES, as_text, empty

Maker = Callable[..., pd.DataFrame]
NO_NAMES = pd.Series(dtype="str")
SAID = ["code_action", "libelle_indicateur", "unite", "sens", "valeur_depart", "valeur_cible", "valeur_atteinte"]


def action(code: str = "A1", **cells: str) -> dict[str, str]:
    return {"code_action": code, "annee": "2020", **cells}


def results(text: pd.DataFrame) -> pd.DataFrame:
    """The results that an export is split into."""
    return split_programmes(clean_programmes(text).kept, NO_NAMES, set())[0]["resultats_actions"]


def plain(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows as lists, None where missing."""
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_an_export_gives_one_result_to_each_action_that_says_anything_of_one(text_frame: Maker) -> None:
    text = text_frame(
        action("A0"),
        action(
            "A1",
            resultat_indicateur="Séances tenues",
            resultat_unite="séances",
            resultat_depart="3",
            resultat_cible="10",
            resultat_atteint="12,5",
        ),
        action("A2", resultat_cible="4"),
        action("A3", resultat_atteint="0"),
        action("A4", resultat_sens="Baisse"),
        action("A5", resultat_indicateur="Absences"),
        action("A6", resultat_atteint="nd"),
    )
    found = results(text)
    assert plain(found[SAID]) == [
        ["A1", "Séances tenues", "seances", None, 3, 10, 12.5],
        # Nobody named what is counted: the row says so, rather than being lost.
        ["A2", "indicateur non nommé", None, None, None, 4, None],
        ["A3", "indicateur non nommé", None, None, None, None, 0],
        ["A4", "indicateur non nommé", None, "baisse", None, None, None],
        ["A5", "Absences", None, None, None, None, None],
    ]
    assert found["ligne"].tolist() == [3, 4, 5, 6, 7]
    # Judged later, once for all files.
    assert found[["est_depart_connu", "est_atteint"]].isna().all(axis=None)


@pytest.mark.parametrize("rows", [[], [action("A0")], [action("A1", resultat_cible="4")]])
def test_results_have_their_columns_and_types_even_without_a_row(text_frame: Maker, rows: list[dict[str, str]]) -> None:
    text = text_frame(*rows) if rows else text_frame(action()).iloc[:0]
    found = results(text)
    assert as_text(found).dtypes.to_dict() == empty(TABLES["resultats_actions"]).dtypes.to_dict()
    assert len(found) == len([row for row in rows if "resultat_cible" in row])


UNITS = [
    ("Personnes", "personnes"),
    ("participants", "personnes"),
    ("Bénéficiaires", "personnes"),
    ("habitants", "personnes"),
    (" % ", "%"),
    ("Pour cent", "%"),
    ("€", "€"),
    ("Euros", "€"),
    ("HEURES", "heures"),
    ("heure", "heures"),
    ("Séance", "seances"),
    ("ateliers", "seances"),
    ("point", "points"),
    ("Structures", "structures"),
    # Nobody can tell what these count: they stand for persons until someone says.
    ("femmes", None),
    ("k€", None),
    ("pers.", None),
    ("séances par personne", None),
]


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        ("programmes", "resultat_unite", action(resultat_indicateur="Indicateur")),
        ("resultats_actions", "unite", {"code_action": "A1", "libelle_indicateur": "Indicateur"}),
    ],
)
def test_units_are_brought_to_the_vocabulary_or_go_to_the_journal(
    text_frame: Maker, table: str, column: str, row: dict[str, str]
) -> None:
    text = text_frame(*({**row, "code_action": f"A{i}", column: label.strip()} for i, (label, _) in enumerate(UNITS)))
    cleaned = clean_rows(table, text)
    assert plain(cleaned.kept[[column]]) == [[unit] for _, unit in UNITS]
    unknown = [label for label, unit in UNITS if unit is None]
    assert cleaned.journal[["colonne", "motif"]].to_numpy().tolist() == [
        [column, f"valeur hors vocabulaire « {label} »"] for label in unknown
    ]
    assert cleaned.set_aside.empty


def test_synonyms_lead_to_units_that_the_tables_know() -> None:
    assert set(UNIT_LABELS.values()) <= set(RESULT_UNITS)
    assert not set(UNIT_LABELS) & set(RESULT_UNITS)


def test_a_file_of_results_may_follow_several_of_one_action(text_frame: Maker) -> None:
    text = text_frame(
        {
            "code_action": "A1",
            "libelle_indicateur": "Un",
            "unite": "Pour cent",
            "sens": "HAUSSE",
            "valeur_cible": "45 %",
        },
        {
            "code_action": "A1",
            "libelle_indicateur": "Deux",
            "unite": "jours",
            "sens": "Baisse",
            "valeur_atteinte": "1 200",
        },
        {"code_action": "A2", "libelle_indicateur": "Un", "sens": "stable"},
        {"code_action": "A2", "libelle_indicateur": ""},
    )
    cleaned = clean_rows("resultats_actions", text)
    assert plain(cleaned.kept[SAID]) == [
        ["A1", "Un", "%", "hausse", None, 45, None],
        ["A1", "Deux", "jours", "baisse", None, None, 1200],
        ["A2", "Un", None, None, None, None, None],
    ]
    assert cleaned.journal["motif"].tolist() == ["valeur hors vocabulaire « stable »"]
    # In a file of its own the name of the indicator is the key: without it there is no row.
    assert cleaned.set_aside[["ligne", "motif"]].to_numpy().tolist() == [
        [5, "sans « libelle_indicateur » : cellule vide"]
    ]


def test_a_measure_without_a_known_unit_is_set_aside(text_frame: Maker) -> None:
    row = {"code_action": "A1", "date_mesure": "30/06/2022", "valeur": "7"}
    text = text_frame(
        {**row, "libelle_indicateur": "Un", "unite": "séances"}, {**row, "libelle_indicateur": "Deux", "unite": "pers."}
    )
    cleaned = clean_rows("mesures_suivis", text)
    assert plain(cleaned.kept[["unite", "valeur"]]) == [["seances", 7]]
    assert cleaned.set_aside["motif"].tolist() == ["sans « unite » : valeur hors vocabulaire « pers. »"]


@pytest.mark.parametrize(
    ("table", "row", "names"),
    [
        ("programmes", {"annee": "2020", "resultat_cible": "12"}, ("resultat_depart", "resultat_atteint")),
        ("resultats_actions", {"libelle_indicateur": "Un", "valeur_cible": "12"}, ("valeur_depart", "valeur_atteinte")),
        ("mesures_suivis", {"libelle_indicateur": "Un", "unite": "personnes", "valeur_cible": "12"}, ("valeur",)),
    ],
)
def test_a_row_set_aside_keeps_its_text_but_for_what_may_count_persons(
    text_frame: Maker, table: str, row: dict[str, str], names: tuple[str, ...]
) -> None:
    text = text_frame({"code_action": "", **row, **dict.fromkeys(names, "9")}, {"code_action": "", **row})
    told, blank = clean_rows(table, text).set_aside["texte"]
    assert set(told.split(" | ")) == {
        *(f"{name}={cell}" for name, cell in row.items()),
        *(f"{name}={WITHHELD}" for name in names),
    }
    assert WITHHELD not in blank


@pytest.mark.parametrize(
    ("table", "column", "texts", "told"),
    [
        ("resultats_actions", "valeur_atteinte", ("9 jeunes", "nombre illisible « 9 jeunes »"), "nombre illisible"),
        ("programmes", "resultat_depart", ("9 f", "nombre illisible « 9 f »"), "nombre illisible"),
        ("mesures_suivis", "valeur", ("9", "donnée personnelle retirée : nom"), "donnée personnelle retirée : nom"),
    ],
)
def test_the_journal_says_why_without_the_text(table: str, column: str, texts: tuple[str, str], told: str) -> None:
    journal = pd.DataFrame([[column, *texts]], columns=["colonne", "texte", "motif"])
    assert withhold_from_journal(journal, table).to_numpy().tolist() == [[column, WITHHELD, told]]


@pytest.mark.parametrize(
    ("table", "column", "texts"),
    [
        ("resultats_actions", "valeur_cible", ("douze", "nombre illisible « douze »")),
        ("resultats_actions", "valeur_atteinte", ("nd", "non disponible (nd)")),
        ("observations", "valeur", ("abc", "nombre illisible « abc »")),
    ],
)
def test_the_journal_keeps_targets_marks_and_other_tables(table: str, column: str, texts: tuple[str, str]) -> None:
    journal = pd.DataFrame([[column, *texts]], columns=["colonne", "texte", "motif"])
    pd.testing.assert_frame_equal(withhold_from_journal(journal, table), journal)
