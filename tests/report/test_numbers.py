"""Values as French text: by column name, for sentences, and at the edges."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from pipelines.numbers import (
    count,
    format_column,
    format_date,
    format_euros,
    format_number,
    format_percent,
    format_points,
    format_value,
    kinds_of_column,
)


@pytest.mark.parametrize(
    ("value", "column", "expected"),
    [
        (45.35, "taux_emploi", "45,4\u202f%"),
        (100, "part_montant", "100,0\u202f%"),
        (12345.5, "montant_accorde", "12\u202f346\u202f€"),
        (1234567.0, "montant", "1\u202f234\u202f567\u202f€"),
        (np.int64(1234), "nb_actions", "1\u202f234"),
        (12.5, "nb_actions", "12,5"),
        (2.1, "ecart_agglomeration", "+2,1\u202fpts"),
        (-2.1, "ecart_agglomeration", "\u22122,1\u202fpts"),
        (-1.4, "ecart_agglomeration", "\u22121,4\u202fpt"),
        (-0.04, "ecart_agglomeration", "0,0\u202fpt"),
        (5, "ecart_min_annees", "5"),
        (2019, "annee", "2019"),
        (2019.0, "annee_debut", "2019"),
        (datetime.date(2023, 6, 30), "date_fin", "30/06/2023"),
        (pd.Timestamp("2023-06-30"), "date_arret", "30/06/2023"),
        (np.datetime64("2023-06-30"), "date_arret", "30/06/2023"),
        (True, "est_fictif", "oui"),
        (np.bool_(False), "est_fictif", "non"),
        ("059020", "code_commune", "059020"),
        ("< 5", "nb_personnes", "< 5"),
        (-1234.5, "valeur", "\u22121\u202f234,5"),
        (Decimal("0.5"), "valeur", "0,5"),
    ],
)
def test_the_name_of_the_column_gives_the_unit(value: object, column: str, expected: str) -> None:
    assert format_value(value, column) == expected


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, float("inf")])
@pytest.mark.parametrize("column", ["taux_x", "montant", "nb_x", "ecart_x", "annee", "date_x", "est_x", "nom_x"])
def test_a_missing_value_is_never_zero(missing: object, column: str) -> None:
    assert format_value(missing, column) == "n.d."


def test_halves_go_away_from_zero_as_they_are_written() -> None:
    assert [format_number(value, 2) for value in (2.675, -2.675, 0.125)] == ["2,68", "\u22122,68", "0,13"]


def test_numbers_without_unit_share_their_decimals() -> None:
    assert format_column(pd.array([1, 2.5, None], dtype="Float64"), "valeur") == ["1,0", "2,5", "n.d."]
    assert format_column([35888.0, 190459.0], "valeur") == ["35\u202f888", "190\u202f459"]


def test_sentences_have_their_own_formats() -> None:
    assert format_euros(1934500) == "1\u202f934\u202f500\u202f€"
    assert format_percent(41.25) == "41,3\u202f%"
    assert format_percent(41.25, 0) == "41\u202f%"
    assert format_points(None) == "n.d."
    assert [format_date(day, long=True) for day in ("2023-07-01", "2023-11-21")] == [
        "1er juillet 2023",
        "21 novembre 2023",
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 action"),
        (1, "1 action"),
        (1.5, "2 action"),
        (2, "2 actions"),
        (1234, "1\u202f234 actions"),
        (None, "n.d. action"),
    ],
)
def test_french_plurals_begin_at_two(number: float | None, expected: str) -> None:
    assert count(number, "action") == expected


def test_a_plural_can_be_given() -> None:
    assert count(3, "retrait total", "retraits totaux") == "3 retraits totaux"


@pytest.mark.parametrize(
    ("values", "column", "kinds"),
    [
        ([1.0, None, "< 5"], "nb_personnes", ["entier", "manquant", "texte"]),
        ([1.5, 2], "valeur", ["decimal", "decimal"]),
        ([0.5, 1], "coefficient_bas", ["coefficient", "coefficient"]),
        ([2019, 2020.5], "annee", ["decimal", "decimal"]),
        ([2019], "annee", ["annee"]),
        ([5.5, float("inf")], "taux_emploi", ["pourcent", "manquant"]),
        ([2], "ecart_reference", ["points"]),
        ([2], "ecart_min_annees", ["entier"]),
        ([True, datetime.date(2023, 6, 30), 3], "montant", ["booleen", "date", "euros"]),
        ([], "montant", []),
    ],
)
def test_each_cell_holds_a_kind(values: list[object], column: str, kinds: list[str]) -> None:
    assert kinds_of_column(values, column) == kinds
