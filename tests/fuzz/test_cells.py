"""Any text through every parser: a value or a reason, never an exception; what is written in a known way comes back."""

import datetime
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from pipelines.clean.cells import parse_column
from pipelines.read.records import BLANKS
from pipelines.tables import Column

Hold = Callable[..., None]

COLUMNS = [
    Column("texte", "texte", "essai"),
    Column("mot", "code", "essai", vocabulary=("finance", "refuse")),
    Column("entier", "entier", "essai"),
    Column("decimal", "decimal", "essai"),
    Column("euros", "euros", "essai"),
    Column("pourcent", "pourcent", "essai"),
    Column("jour", "date", "essai"),
    Column("booleen", "booleen", "essai"),
    Column("siret", "code", "essai", form="siret"),
    Column("rna", "code", "essai", form="rna"),
    Column("territoire", "code", "essai", form="territoire"),
]
# What cells hold, and every kind of digit, blank, sign and letter that looks like one of theirs.
_PIECES = st.sampled_from(
    ["1", "234", "0", ",", ".", " ", "\u202f", "\xa0", "\u2009", "€", "k€", "M€", "%", "(", ")", "-", "−", "+", "e+13",
     "²", "١٢", "½", "Ⅷ", "𝟘", "İ", "ß", "/", ":", "T", "\n", "\ud7ff", "\x1c", "nd", "s.o.", "oui", "vrai", "QP", "59",
     "2A", "W", "janvier", "1er", "févr.", "99999", "2019-02-30", "inf", "nan", "None", "<NA>", "#DIV/0!", "EUR"]
)  # fmt: skip
_LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
CELLS = (st.lists(_PIECES, max_size=6).map("".join) | _LETTERS).map(lambda text: text.strip(BLANKS))


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_filled_cell_has_a_value_or_a_reason(column: Column, hold: Hold) -> None:
    def check(cells: list[str]) -> None:
        text = pd.Series(cells, dtype="str", index=range(7, 7 + len(cells)))
        values, reasons = parse_column(text, column)
        assert values.dtype == column.dtype
        assert values.index.equals(text.index)
        assert reasons.index.equals(text.index)
        assert reasons.notna().all()
        for cell, value, reason in zip(cells, values, reasons, strict=True):
            assert (not pd.isna(value) or reason) if cell else (pd.isna(value) and not reason), (cell, value, reason)

    hold((10, 400), check, cells=st.lists(CELLS, min_size=1, max_size=30))


def _amount(cents: int, blank: str, mark: str, style: str) -> str:
    whole, part = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", blank) + f"{mark}{part:02d}"
    sign = "-" if cents < 0 else ""
    return {"€": f"{sign}{digits} €", "": sign + digits, "()": f"({digits})" if sign else digits}[style]


def _parse(text: str, kind: str) -> Any:
    values, reasons = parse_column(pd.Series([text], dtype="str"), Column("essai", kind, "essai"))  # type: ignore[arg-type]
    assert not reasons.iloc[0], reasons.iloc[0]
    return values.iloc[0]


@pytest.mark.parametrize("kind", ["euros", "decimal", "pourcent"])
def test_an_amount_written_comes_back(kind: str, hold: Hold) -> None:
    def check(cents: int, blank: str, mark: str, style: str) -> None:
        assert _parse(_amount(cents, blank, mark, style), kind) == cents / 100

    hold(
        (40, 500),
        check,
        cents=st.integers(-(10**13), 10**13),
        blank=st.sampled_from(["", " ", "\xa0", "\u202f", "\u2009"]),
        mark=st.sampled_from([",", "."]),
        style=st.sampled_from(["", "€", "()"]),
    )


def test_an_integer_written_comes_back(hold: Hold) -> None:
    def check(number: int, blank: str) -> None:
        assert _parse(f"{number:,}".replace(",", blank), "entier") == number

    hold((40, 500), check, number=st.integers(-(2**53), 2**53), blank=st.sampled_from(["", " ", "\u202f"]))


def test_a_date_written_comes_back(hold: Hold) -> None:
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]

    def check(day: datetime.date, form: str) -> None:
        named = day.strftime("%d/%m/%Y") if form == "mois" else ""
        text = f"{day.day} {months[day.month - 1]} {day.year}" if named else day.strftime(form)
        assert _parse(text, "date").date() == day

    forms = st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d 00:00:00", "%d/%m/%Y 14:30", "mois"])
    hold((40, 500), check, day=st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), form=forms)


def test_a_date_as_a_spreadsheet_counts_it_comes_back(hold: Hold) -> None:
    def check(day: datetime.date) -> None:
        assert _parse(str((day - datetime.date(1899, 12, 30)).days), "date").date() == day

    hold((20, 200), check, day=st.dates(datetime.date(1960, 1, 1), datetime.date(2060, 1, 1)))
