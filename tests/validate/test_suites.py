"""The shipped suites agree with `tables.py`, are plain Great Expectations, and speak French."""

import json
import re
from typing import Any

import pytest

from pipelines.paths import EXPECTATIONS
from pipelines.tables import CERTIFIED, DIMENSIONS, Table

TABLE = pytest.mark.parametrize("table", CERTIFIED.values(), ids=lambda table: table.name)


def suite(name: str) -> dict[str, Any]:
    return json.loads((EXPECTATIONS / f"{name}.json").read_text(encoding="utf-8"))


def unconditional(name: str, kind: str) -> list[dict[str, Any]]:
    """Arguments of the critical expectations of a type that hold for every row."""
    return [
        e["kwargs"]
        for e in suite(name)["expectations"]
        if e["type"] == kind and e["severity"] == "critical" and "row_condition" not in e["kwargs"]
    ]


def test_each_certified_table_has_its_suite_and_nothing_else_is_there() -> None:
    names = [path.name for path in EXPECTATIONS.iterdir()]
    assert sorted(n for n in names if not n.endswith(".ose.json")) == sorted(f"{name}.json" for name in CERTIFIED)
    assert {n.removesuffix(".ose.json") for n in names if n.endswith(".ose.json")} <= CERTIFIED.keys()


@TABLE
def test_required_columns_are_never_null(table: Table) -> None:
    checked = {kwargs["column"] for kwargs in unconditional(table.name, "expect_column_values_to_not_be_null")}
    assert set(table.required) <= checked


@TABLE
def test_the_key_is_unique(table: Table) -> None:
    if len(table.key) == 1:
        assert {"column": table.key[0]} in unconditional(table.name, "expect_column_values_to_be_unique")
    else:
        assert {"column_list": list(table.key)} in unconditional(table.name, "expect_compound_columns_to_be_unique")


@TABLE
def test_vocabularies_are_those_of_the_codebook(table: Table) -> None:
    checked = [
        (kwargs["column"], tuple(kwargs["value_set"]))
        for kwargs in unconditional(table.name, "expect_column_values_to_be_in_set")
        if isinstance(kwargs["value_set"], list)
    ]
    described = [(column.name, column.vocabulary) for column in table.columns if column.vocabulary]
    assert [pair for pair in checked if table[pair[0]].vocabulary] == described


@TABLE
def test_shares_and_amounts_are_bounded(table: Table) -> None:
    bounds = {
        kwargs["column"]: (kwargs.get("min_value"), kwargs.get("max_value"))
        for kwargs in unconditional(table.name, "expect_column_values_to_be_between")
    }
    for column in table.columns:
        if column.kind == "pourcent":
            assert bounds[column.name] == (0, 100)
        if column.kind == "euros":
            assert bounds[column.name] == (0, None)


def test_modalities_are_those_of_each_dimension() -> None:
    found = {
        e["kwargs"]["row_condition"]["parameter"]: tuple(e["kwargs"]["value_set"])
        for e in suite("beneficiaires")["expectations"]
        if e["kwargs"].get("column") == "modalite" and "value_set" in e["kwargs"]
    }
    assert found == DIMENSIONS


@TABLE
def test_plain_great_expectations_reads_the_whole_suite(table: Table) -> None:
    from great_expectations.core import ExpectationSuite

    shipped = suite(table.name)
    read = ExpectationSuite(**shipped)
    assert len(read.expectations) == len(shipped["expectations"])
    native = json.loads(json.dumps(read.to_json_dict()["expectations"]))
    assert [e["kwargs"] for e in native] == [e["kwargs"] for e in shipped["expectations"]]
    assert [e["severity"] for e in native] == [e["severity"] for e in shipped["expectations"]]


FRENCH = re.compile(r"[«éèàûçê]|\b(ne|n'|une|le|la|les|l'|du|d'|son|est|un)\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|is|are|must|should|be|not|value|values|column|unique row|expected)\b")


@TABLE
def test_descriptions_are_french_sentences_each_its_own(table: Table) -> None:
    own = EXPECTATIONS / f"{table.name}.ose.json"
    ours = json.loads(own.read_text(encoding="utf-8"))["expectations"] if own.is_file() else []
    descriptions = [e["description"] for e in (*suite(table.name)["expectations"], *ours)]
    assert len(set(descriptions)) == len(descriptions)
    for description in descriptions:
        prose = re.sub(r"« [^»]* »", "«»", description)
        assert FRENCH.search(prose), description
        assert not ENGLISH.search(prose), description


def test_only_what_the_field_lets_through_is_a_warning() -> None:
    """A missing or malformed SIRET and paid ≤ granted ≤ requested warn; so does a fact that is simply not known.

    Dates out of order warn, since they were typed by hand after the fact; so does a result of unknown origin.
    """
    warned = {
        (name, e["type"].removeprefix("expect_column_"))
        for name in CERTIFIED
        for e in suite(name)["expectations"]
        if e["severity"] == "warning"
    }
    assert warned == {
        ("actions", "values_to_not_be_null"),
        ("actions", "values_to_match_regex"),
        ("actions", "pair_values_a_to_be_greater_than_b"),
        ("financements", "pair_values_a_to_be_greater_than_b"),
        ("financements", "values_to_be_null"),
        ("postes_147", "values_to_not_be_null"),
        ("commentaires", "values_to_match_regex"),
        ("commentaires", "values_to_not_be_null"),
        ("risques", "values_to_not_be_null"),
        ("suivis_renforces", "values_to_not_be_null"),
    }
