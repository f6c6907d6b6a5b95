"""CSV for French spreadsheets: read back by two readers, and no cell that they would run."""

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.downloads import to_csv


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_a_table_keeps_its_values() -> None:
    frame = pd.DataFrame(
        {
            "code_commune": ["059020", None],
            "montant_accorde": [0.1 + 0.2, -1234567.5],
            "nb_actions": pd.array([3, None], dtype="Int64"),
            "est_fictif": [True, False],
            "date_fin": pd.to_datetime(["2023-06-30", None]),
        }
    )
    text = to_csv(frame)
    assert text.startswith("\ufeffcode_commune;montant_accorde;")
    assert "\r" not in text
    assert _rows(text)[1:] == [["059020", "0,3", "3", "oui", "2023-06-30"], ["", "-1234567,5", "", "non", ""]]
    read = pd.read_csv(io.BytesIO(text.encode()), sep=";", decimal=",", encoding="utf-8-sig")
    assert read["montant_accorde"].tolist() == [0.3, -1234567.5]


@pytest.mark.parametrize("text", ["=1+1", "+33 6", "-cmd", "@SUM(A1)", "\t=1", "\n=1", "＝1", "  =1", "\u00a0＋1"])
def test_a_formula_is_text(text: str) -> None:
    assert _rows(to_csv(pd.DataFrame({"x": [text]})))[1] == [f"'{text}"]
    assert _rows(to_csv(pd.DataFrame({text: ["x"]})))[0] == [f"'{text}"]


@pytest.mark.parametrize("text", ["-5", "+2,1", "-0.5", " -5", "a=1", "", "O'Brien"])
def test_a_number_or_a_plain_text_stays(text: str) -> None:
    assert _rows(to_csv(pd.DataFrame({"x": [text], "y": [1]})))[1][0] == text


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_any_text_comes_back_with_its_line_ends_made_plain(pairs: list[tuple[str, str]]) -> None:
    rows = _rows(to_csv(pd.DataFrame(pairs, columns=["a", "b"])))[1:]
    for read, given_pair in zip(rows, pairs, strict=True):
        for cell, text in zip(read, given_pair, strict=True):
            plain = "\n".join(re.split("\r\n|\r", text))
            assert cell in (plain, f"'{plain}")
