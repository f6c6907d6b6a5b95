"""Every parser of cells: text → value and reason. A mark of absence is never 0, and nothing unread goes silently."""

import datetime
from typing import Any

import pandas as pd
import pytest
from babel.dates import format_date as babel_date
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean import cells
from pipelines.numbers import format_date, format_euros, format_number
from pipelines.tables import Column


def parsed(parser: Any, text: str) -> tuple[Any, str]:
    """Value (None where missing) and reason of one cell, read as the second of a frame whose index starts at 7."""
    values, reasons = parser(pd.Series(["", text], index=[7, 3], dtype="str"))
    assert list(values.index) == list(reasons.index) == [7, 3]
    assert (pd.isna(values.loc[7]), reasons.loc[7]) == (True, "")
    return (None if pd.isna(values.loc[3]) else values.loc[3]), reasons.loc[3]


NUMBERS = {
    "0": 0,
    "12": 12,
    "12,5": 12.5,
    "12.5": 12.5,
    ",5": 0.5,
    "1 234,50 €": 1234.5,
    "1\u00a0234,50\u00a0€": 1234.5,
    "1\u202f234\u2009567,5": 1234567.5,
    "1.234,50": 1234.5,
    "1.234.567,50 €": 1234567.5,
    "1,234.50": 1234.5,
    "1,234,567.5": 1234567.5,
    "12000EUR": 12000,
    "12,5 k€": 12500,
    "12 K€": 12000,
    "1,2 M€": 1_200_000,
    "1.5M": 1_500_000,
    "€ 1 200": 1200,
    "1 200,50-": -1200.5,
    "(1 200)": -1200,
    "(12,5 k€)": -12500,
    "-3,2": -3.2,
    "−3,2": -3.2,
    "45,4 %": 45.4,
    "16.100000000000001": 16.1,
}
UNREADABLE = [
    "abc",
    "12 actions",
    "1,2,3",
    "1.2.3",
    "12-13",
    "1e5",
    "1'000",
    "1,234,567",
    "--5",
    "€",
    "(5",
    "5k5",
    "∞",
    "M€",
    "k",
    "1 m€",
    "5-5-",
    "9" * 400,
    "１２",
    "٣٤",
]


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_numbers(text: str, value: float) -> None:
    assert parsed(cells.parse_number, text) == (pytest.approx(value), "")
    assert parsed(cells.parse_euros, text) == (pytest.approx(value), "")


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_numbers_are_missing_with_their_text(text: str) -> None:
    assert parsed(cells.parse_number, text) == (None, f"nombre illisible « {text[:60]} »")


@pytest.mark.parametrize("text", ["1.500", "1,500", "12.500 €", "(1.500)", "-2,000", "1,234 k€"])
def test_an_amount_that_may_be_read_in_two_ways_is_refused(text: str) -> None:
    assert parsed(cells.parse_euros, text) == (None, f"montant ambigu « {text} »")


@pytest.mark.parametrize("text", ["0,125", "1 234.567", "9444.9727272727287"])
def test_an_amount_with_three_decimals_or_more_is_read_where_nothing_else_is_meant(text: str) -> None:
    assert parsed(cells.parse_euros, text)[1] == ""


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("12", 12, ""),
        ("12,0", 12, ""),
        ("1 234", 1234, ""),
        ("-3", -3, ""),
        ("9007199254740992", 2**53, ""),
        ("12,5", None, "nombre entier attendu « 12,5 »"),
        ("99999999999999999999", None, "nombre entier attendu « 99999999999999999999 »"),
        ("douze", None, "nombre illisible « douze »"),
    ],
)
def test_whole_numbers_are_never_rounded(text: str, value: int | None, reason: str) -> None:
    assert parsed(cells.parse_integer, text) == (value, reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5/1/2019", datetime.datetime(2019, 1, 5)),
        ("31/12/2022", datetime.datetime(2022, 12, 31)),
        ("29/02/2020", datetime.datetime(2020, 2, 29)),
        ("2019-01-05", datetime.datetime(2019, 1, 5)),
        ("2019-01-05 14:30:00", datetime.datetime(2019, 1, 5)),
        ("2019-01-05T00:00:00.000", datetime.datetime(2019, 1, 5)),
        ("43470", datetime.datetime(2019, 1, 5)),
        ("31/12/2019 00:00", datetime.datetime(2019, 12, 31)),
        ("05.01.2019", datetime.datetime(2019, 1, 5)),
        ("43470.0", datetime.datetime(2019, 1, 5)),
        ("5 janvier 2019", datetime.datetime(2019, 1, 5)),
        ("1er août 2019", datetime.datetime(2019, 8, 1)),
        ("1ER AOUT 2019", datetime.datetime(2019, 8, 1)),
        ("lundi 4 févr. 2019", datetime.datetime(2019, 2, 4)),
        ("12-sept-2019", datetime.datetime(2019, 9, 12)),
        ("12 déc. 2019", datetime.datetime(2019, 12, 12)),
        ("3\u00a0mars\u00a02020", datetime.datetime(2020, 3, 3)),
        ("31 février 2019", None),
        ("12 ventôse 2019", None),
        ("12 sept 19", None),
        ("31/02/2019", None),
        ("29/02/2019", None),
        ("2019-02-31", None),
        ("13/13/2019", None),
        ("5/1/19", None),
        ("05-01-2019", None),
        ("2019-01-05 ou plus tard", None),
        ("janvier 2019", None),
        ("2019", None),
    ],
)
def test_dates(text: str, value: datetime.datetime | None) -> None:
    assert parsed(cells.parse_date, text) == (value, "" if value else f"date illisible « {text} »")


@pytest.mark.parametrize("text", ["oui", "OUI", "O", "x", "X", "Vrai", "true", "1"])
def test_true(text: str) -> None:
    assert parsed(cells.parse_boolean, text) == (True, "")


@pytest.mark.parametrize("text", ["non", "Non", "N", "faux", "FALSE", "0"])
def test_false(text: str) -> None:
    assert parsed(cells.parse_boolean, text) == (False, "")


@pytest.mark.parametrize("text", ["peut-être", "2", "ou"])
def test_neither_true_nor_false(text: str) -> None:
    assert parsed(cells.parse_boolean, text) == (None, f"oui ou non attendu « {text} »")


@pytest.mark.parametrize("parser", [cells.parse_number, cells.parse_euros, cells.parse_integer, cells.parse_date])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nd", "non disponible (nd)"),
        ("N.D.", "non disponible (nd)"),
        ("nr", "non disponible (nd)"),
        ("NA", "non disponible (nd)"),
        ("-", "non disponible (nd)"),
        ("–", "non disponible (nd)"),
        ("ns", "non significatif (ns)"),
        ("S", "secret (s)"),
        ("secret", "secret (s)"),
        ("s.o.", "sans objet (so)"),
        ("Sans objet", "sans objet (so)"),
    ],
)
def test_marks_of_absence_keep_their_reason_and_are_never_zero(parser: Any, text: str, reason: str) -> None:
    assert parsed(parser, text) == (None, reason)


def test_a_long_unreadable_cell_is_cut_in_its_reason() -> None:
    assert parsed(cells.parse_number, "x" * 500)[1] == f"nombre illisible « {'x' * 60} »"


def test_text_stays_as_it_is() -> None:
    assert parsed(cells.parse_text, "0059") == ("0059", "")


@pytest.mark.parametrize(
    ("column", "text", "value", "reason"),
    [
        (Column("statut", "code", "", vocabulary=("ok", "nd")), "ok", "ok", ""),
        (Column("statut", "code", "", vocabulary=("ok",)), "Ok", None, "valeur hors vocabulaire « Ok »"),
        (Column("code_siret", "code", "", form="siret"), "732 829 320 00074", "73282932000074", ""),
        (Column("code_siret", "code", "", form="siret"), "nd", None, "non disponible (nd)"),
        (Column("code_rna", "code", "", form="rna"), "sans objet", None, "sans objet (so)"),
        (Column("code", "code", "", form="territoire"), "1053", "01053", "zéro de tête rétabli : 01053"),
        (Column("montant", "euros", ""), "1.500", None, "montant ambigu « 1.500 »"),
        (Column("taux", "pourcent", ""), "45,4 %", 45.4, ""),
        (Column("nb", "entier", ""), "1,5", None, "nombre entier attendu « 1,5 »"),
        (Column("est", "booleen", ""), "oui", True, ""),
        (Column("jour", "date", ""), "31/02/2019", None, "date illisible « 31/02/2019 »"),
    ],
)
def test_a_column_is_parsed_by_its_kind_and_its_vocabulary(column: Column, text: str, value: Any, reason: str) -> None:
    assert parsed(lambda cell: cells.parse_column(cell, column), text) == (value, reason)


@pytest.mark.parametrize(("kind", "parser"), cells.PARSERS.items())
def test_every_kind_gives_its_type_even_without_rows(kind: Any, parser: Any) -> None:
    values, reasons = parser(pd.Series([], dtype="str"))
    assert str(values.dtype) == Column("c", kind, "").dtype
    assert (len(values), len(reasons)) == (0, 0)


DAYS = st.dates(datetime.date(1956, 1, 1), datetime.date(2063, 12, 31))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=20))
def test_amounts_come_back_from_every_way_of_writing_them(cents: list[int]) -> None:
    euros = [cent / 100 for cent in cents]
    plain = [f"{cent / 100:.2f}" for cent in cents]
    ways = [
        [format_euros(value, 2) for value in euros],
        [format_number(value, 2).replace("\u202f", " ").replace("\u2212", "-") for value in euros],
        [text.replace(".", ",") + " €" for text in plain],
        [f"({text[1:]})" if text.startswith("-") else f"€ {text}" for text in plain],
        [text[1:] + "-" if text.startswith("-") else text for text in plain],
        [f"{value:,.2f}" for value in euros],
    ]
    for way in ways:
        values, reasons = cells.parse_euros(pd.Series(way, dtype="str"))
        assert values.tolist() == pytest.approx(euros, abs=0.001)
        assert (reasons == "").all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20), st.integers(1, 99))
def test_counts_percents_and_scaled_amounts_come_back(numbers: list[int], tenths: int) -> None:
    texts = pd.Series([format_number(number) for number in numbers], dtype="str")
    assert cells.parse_integer(texts)[0].tolist() == numbers
    text = format_number(tenths / 10, 1)
    for unit, scale in ((" %", 1), (" k€", 1_000), (" M€", 1_000_000)):
        value = cells.parse_number(pd.Series([text + unit], dtype="str"))[0]
        assert value.tolist() == pytest.approx([tenths / 10 * scale])


@settings(max_examples=20, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=20))
def test_days_come_back_from_every_way_of_writing_them(days: list[datetime.date]) -> None:
    ways = [
        [format_date(day) for day in days],
        [f"{day.day}/{day.month}/{day.year}" for day in days],
        [f"{day.day}.{day.month:02}.{day.year}" for day in days],
        [format_date(day, long=True) for day in days],
        [babel_date(day, "EEEE d MMM yyyy", locale="fr") for day in days],
        [day.isoformat() for day in days],
        [str((pd.Timestamp(day) - cells.EXCEL_EPOCH).days) for day in days],
    ]
    for way in ways:
        values, reasons = cells.parse_date(pd.Series(way, dtype="str"))
        assert values.dt.date.tolist() == days
        assert (reasons == "").all()


ANYTHING = st.text(max_size=12) | st.text("0123456789 .,-/()€kM%eE+QPNW", max_size=14)


@settings(max_examples=30, deadline=None)
@given(st.lists(ANYTHING.map(str.strip), min_size=20, max_size=40))
def test_no_text_breaks_a_parser_and_what_is_missing_says_why(texts: list[str]) -> None:
    text = pd.Series(texts, dtype="str")
    for parser in {**cells.PARSERS, **cells.FORMS}.values():
        values, reasons = parser(text)
        assert (values.notna() | (reasons != "") | (text == "")).all()
