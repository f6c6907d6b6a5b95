"""Identifiers: what is sound stays, what is damaged is named, what a spreadsheet took away comes back where it can."""

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.codes import parse_rna, parse_siret, parse_territory

Parser = Callable[[pd.Series], tuple[pd.Series, pd.Series]]


def parsed(parser: Parser, text: str) -> tuple[str | None, str]:
    """Value (None where missing) and reason of one cell, beside a blank one that has neither."""
    values, reasons = parser(pd.Series(["", text], index=[7, 3], dtype="str"))
    assert (pd.isna(values.loc[7]), reasons.loc[7]) == (True, "")
    return (None if pd.isna(values.loc[3]) else values.loc[3]), reasons.loc[3]


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("73282932000074", "73282932000074", ""),
        ("732 829 320 00074", "73282932000074", ""),
        ("732\u202f829\u00a0320.00074'", "73282932000074", ""),
        ("732-829-320-00074", "73282932000074", ""),
        ("00000000000208", "00000000000208", ""),
        ("35600000000048", "35600000000048", ""),
        # La Poste: its establishments obey the plain sum, not Luhn's key.
        ("35600000049837", "35600000049837", ""),
        ("35600000049838", None, "SIRET invalide « 35600000049838 »"),
        ("73282932000075", None, "SIRET invalide « 73282932000075 »"),
        ("732829320", None, "SIREN de neuf chiffres, sans numéro d'établissement « 732829320 »"),
        ("0000000000208", None, "SIRET de treize chiffres, un zéro de tête perdu peut-être « 0000000000208 »"),
        ("00000000000000", None, "SIRET invalide « 00000000000000 »"),
        ("７3282932000074", None, "SIRET invalide « ７3282932000074 »"),
        ("7328293200007A", None, "SIRET invalide « 7328293200007A »"),
        ("2,43E+13", None, "SIRET détruit par un tableur « 2,43E+13 »"),
        ("2.43e13", None, "SIRET détruit par un tableur « 2.43e13 »"),
    ],
)
def test_siret(text: str, value: str | None, reason: str) -> None:
    assert parsed(parse_siret, text) == (value, reason)


@pytest.mark.parametrize("text", ["W594001234", "w 594 001 234", "W2A1000123", "W9C1000188"])
def test_rna(text: str) -> None:
    assert parsed(parse_rna, text) == (text.replace(" ", "").upper(), "")


@pytest.mark.parametrize(
    "text", ["594001234", "W59400123", "W5940012345", "X594001234", "WW94001234", "W59400123A", "W５94001234"]
)
def test_what_is_no_rna_number_is_missing_with_its_text(text: str) -> None:
    assert parsed(parse_rna, text) == (None, f"numéro RNA invalide « {text} »")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1053", "01053"),
        ("1053.0", "01053"),
        ("QP59020", "QP059020"),
        ("qp 59020", "QP059020"),
        ("QN5920M", "QN05920M"),
    ],
)
def test_a_lost_zero_comes_back_and_is_said(text: str, value: str) -> None:
    assert parsed(parse_territory, text) == (value, f"zéro de tête rétabli : {value}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("01053", "01053"),
        ("59606.0", "59606"),
        ("59 606", "59606"),
        ("2A004", "2A004"),
        ("QP059020", "QP059020"),
        ("qp059020", "QP059020"),
        ("QN05920M", "QN05920M"),
        # Overseas: three digits of department, nothing is lost.
        ("QP971001", "QP971001"),
        ("QP9710", "QP9710"),
        ("245901160", "245901160"),
        # One digit is a department or a region, nobody can tell.
        ("1", "1"),
        ("84.0", "84"),
        ("Centre-ville", "Centre-ville"),
        ("QVA2015-01", "QVA2015-01"),
        ("1０53", "1０53"),
    ],
)
def test_any_other_territory_stays_what_it_is(text: str, value: str) -> None:
    assert parsed(parse_territory, text) == (value, "")


@given(st.integers(1, 95), st.integers(1, 999))
def test_the_zero_of_any_commune_or_quartier_comes_back(department: int, serial: int) -> None:
    commune, quartier = f"{department:02}{serial:03}", f"QP{department:03}{serial:03}"
    assert parsed(parse_territory, str(int(commune)))[0] == commune
    assert parsed(parse_territory, quartier)[0] == quartier
    if department > 9:
        assert parsed(parse_territory, f"QP{department}{serial:03}")[0] == quartier


@pytest.mark.parametrize("parser", [parse_siret, parse_rna, parse_territory])
def test_a_column_without_rows_stays_one(parser: Parser) -> None:
    values, reasons = parser(pd.Series([], dtype="str"))
    assert (str(values.dtype), len(values), len(reasons)) == ("str", 0, 0)
