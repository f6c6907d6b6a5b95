"""Many contracts in one pass: each has, finding for finding, the verdict that it would have alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.paths import EXPECTATIONS
from pipelines.tables import CERTIFIED
from pipelines.validate import Case, Verdict, validate, validate_together
from pipelines.validate.native import check_table, open_source
from pipelines.validate.together import Part, check_parts
from tests.conftest import sample
from tests.validate.test_expectations import SPOILT, spoilt_by_the_codebook

SHORT = ("actions", "observations", "territoires")
# What another contract says of itself: fewer years, territories and indicators, other counts.
ELSEWHERE = {
    "annee_debut": 2020,
    "annee_fin": 2020,
    "petit_effectif": 11,
    "fictions_possibles": [False, True],
    "codes_territoires": ["QP059020", "01001"],
    "codes_orientations": ["O2"],
    "codes_indicateurs": ["nb_habitants"],
    "sources_authentifiees": ["source_autre"],
    "nb_qpv": 7,
    "nb_postes_147": 0,
}
NOT_NULL = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "categorie"},
    "description": "« categorie » est remplie",
    "severity": "critical",
    "meta": {},
}


def spoilt(name: str, frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of a valid table, each spoilt as one expectation forbids."""
    cases = {**spoilt_by_the_codebook(name), **SPOILT[name]}.values()
    rows = []
    for line, (row, cells) in enumerate(cases, start=1001):
        copy = frame.iloc[[row]].assign(ligne=line)
        for column, value in cells.items():
            copy[column] = pd.Series([value], index=copy.index).astype(copy[column].dtype)
        rows.append(copy)
    return rows


def parts_of(name: str, frame: pd.DataFrame, parameters: dict[str, Any]) -> list[Part]:
    """A table in many contracts: sound twice, repeated, spoilt by halves, sound and spoilt under other parameters."""
    rows = spoilt(name, frame)
    frames = [
        frame,
        pd.concat([frame, *rows[::2]]),
        frame,
        pd.concat([*rows[1::2], frame, frame.iloc[[-1]]], ignore_index=True),
        frame.iloc[::-1],
    ]
    there = parameters | ELSEWHERE
    return [*(Part(one, parameters) for one in frames), Part(frames[0], there), Part(frames[1], there)]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SHORT else pytest.mark.long) for name in CERTIFIED]
)
def test_a_table_of_many_contracts_is_judged_as_each_alone(
    name: str, frames: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    suite = json.loads((EXPECTATIONS / f"{name}.json").read_text(encoding="utf-8"))
    parts = parts_of(name, frames[name], parameters)
    source = open_source()
    alone = [check_table(source, part.frame, suite, part.parameters) for part in parts]
    assert check_parts(source, parts, suite) == alone
    # The samples tell contracts apart: some hold, some do not, by other rows.
    assert all(finding.success for finding in alone[0])
    assert len({tuple(found) for found in alone}) > 2


@pytest.mark.parametrize("name", sample(["beneficiaires", "financements"], one_in=2))
def test_texts_held_once_are_judged_as_plain_ones(
    name: str, frames: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    """Long tables hold texts as categories, and each contract has its own."""
    suite = json.loads((EXPECTATIONS / f"{name}.json").read_text(encoding="utf-8"))
    texts = [column for column in frames[name] if pd.api.types.is_string_dtype(frames[name][column])]
    parts = [
        Part(part.frame.astype(dict.fromkeys(texts, "category")), part.parameters)
        for part in parts_of(name, frames[name], parameters)
    ]
    source = open_source()
    alone = [check_table(source, part.frame, suite, part.parameters) for part in parts]
    assert check_parts(source, parts, suite) == alone


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A folder with a suite of `sigles`."""

    def run(*changes: dict[str, Any]) -> Path:
        content = {"name": "sigles", "expectations": [NOT_NULL | change for change in changes], "meta": {}}
        (tmp_path / "sigles.json").write_text(json.dumps(content), encoding="utf-8")
        return tmp_path

    return run


def judge_both_ways(frames: list[pd.DataFrame], folder: Path, parameters: list[dict[str, Any]] | None = None) -> None:
    """Together as alone: the same records, or the same refusal."""
    given = parameters or [{} for _ in frames]
    cases = [Case({"sigles": frame}, one) for frame, one in zip(frames, given, strict=True)]
    assert [said(outcome) for outcome in validate_together(cases, folder)] == [
        said(alone(case, folder)) for case in cases
    ]


def alone(case: Case, folder: Path) -> Verdict | DataError:
    """What a contract is told when nobody is with it."""
    try:
        return validate(case.frames, case.parameters, folder)
    except DataError as error:
        return error


def said(outcome: Verdict | Exception) -> Any:
    """A verdict as its records, a refusal as its sentence."""
    return outcome.as_records() if isinstance(outcome, Verdict) else (type(outcome), str(outcome))


@pytest.mark.parametrize(
    "kwargs",
    [
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "categorie"}},
        {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["sigle", "categorie"]}},
        {
            "type": "expect_compound_columns_to_be_unique",
            "kwargs": {"column_list": ["sigle", "categorie"], "ignore_row_if": "any_value_is_missing"},
        },
    ],
)
def test_two_contracts_may_use_one_code_and_none_may_use_it_twice(
    kwargs: dict[str, Any], write: Callable[..., Path], frames: dict[str, pd.DataFrame]
) -> None:
    once = pd.concat([frames["sigles"].iloc[[0]]] * 4, ignore_index=True)
    once["ligne"] = pd.Series(range(2, 6), dtype="Int64")
    once["sigle"], once["categorie"] = ["A", "B", None, None], ["a", "b", "c", None]
    twice = once.assign(sigle=["A", "A", None, None], categorie=["a", "a", "c", "c"])
    folder = write(kwargs)
    judge_both_ways([once, once, twice, once.iloc[::-1], twice], folder)
    verdicts = validate_together([Case({"sigles": frame}, {}) for frame in (once, once, twice)], folder)
    assert [not verdict.refusals for verdict in verdicts] == [True, True, False]


@pytest.mark.parametrize(
    "change",
    [
        {"kwargs": {"column": "categorie", "mostly": 0.5}},
        {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 3}},
        {"type": "expect_column_unique_value_count_to_be_between", "kwargs": {"column": "categorie", "max_value": 1}},
    ],
)
def test_what_judges_a_whole_table_judges_each_contract(
    change: dict[str, Any], write: Callable[..., Path], frames: dict[str, pd.DataFrame]
) -> None:
    """Of all rows together, nine in ten are filled: no contract may hide behind another."""
    row = frames["sigles"].iloc[[0]]
    many = pd.concat([row.assign(categorie=f"c{i}") for i in range(20)], ignore_index=True)
    few = pd.concat([row, row.assign(categorie=None), row.assign(categorie=None)], ignore_index=True)
    # Of the same types, or they would not stand in one frame.
    few = few.astype(many.dtypes.to_dict())
    folder = write(change)
    judge_both_ways([many, few, many], folder)
    verdicts = validate_together([Case({"sigles": frame}, {}) for frame in (many, few)], folder)
    assert len({verdict.findings[0].success for verdict in verdicts}) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"type": "expect_column_values_to_be_not_null"},
        {"kwargs": {"column": "categorie", "mostyl": 1}},
        {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "categorie", "regex": "("}},
    ],
)
def test_a_check_that_cannot_be_done_is_refused_for_every_contract(
    change: dict[str, Any], write: Callable[..., Path], frames: dict[str, pd.DataFrame]
) -> None:
    folder = write({"description": "un autre"}, change)
    judge_both_ways([frames["sigles"]] * 3, folder)
    outcomes = validate_together([Case({"sigles": frames["sigles"]}, {})] * 3, folder)
    assert [type(outcome) for outcome in outcomes] == [DataError] * 3


def test_a_check_that_breaks_off_is_refused_for_its_contract_alone(
    write: Callable[..., Path], frames: dict[str, pd.DataFrame]
) -> None:
    """Same columns, same types: nothing but the cell tells which contract cannot be compared with a number."""
    sound = frames["sigles"].assign(categorie=pd.Series(range(len(frames["sigles"])), dtype=object))
    broken = sound.assign(categorie=pd.Series(["x", *range(1, len(sound))], dtype=object))
    folder = write({"type": "expect_column_values_to_be_between", "kwargs": {"column": "categorie", "max_value": 1}})
    outcomes = validate_together([Case({"sigles": one}, {}) for one in (sound, sound, broken, sound, sound)], folder)
    assert [isinstance(outcome, DataError) for outcome in outcomes] == [False, False, True, False, False]
    assert "s'est interrompu" in str(outcomes[2])
    judge_both_ways([sound, broken, sound], folder)


def test_each_refusal_falls_on_its_own_contract(frames: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    names = ("sigles", "objectifs", "financements", "actions")
    sound = {name: frames[name] for name in names}
    cases = [
        Case(sound, parameters),
        Case(sound | {"sigles": frames["sigles"].drop(columns="categorie")}, parameters),
        Case(sound | {"sigles": frames["sigles"].iloc[:0]}, parameters),
        Case(sound | {"sigle": frames["sigles"]}, parameters),
        Case(sound, parameters | {"nb_qvp": 3}),
        # A rule of ours that reads two tables: each contract has its own actions.
        Case(sound | {"actions": frames["actions"].assign(code_action=["B1", "B2", "B3", "B4"])}, parameters),
        Case({name: frames[name] for name in ("sigles", "actions")}, parameters | ELSEWHERE),
    ]
    outcomes = validate_together(cases)
    words = ["", "il manque la colonne « categorie »", "est vide", "Table « sigle » inconnue", "« nb_qvp »", "", ""]
    for outcome, word in zip(outcomes, words, strict=True):
        assert isinstance(outcome, DataError) == bool(word)
        assert word in str(outcome)
    for rank in (0, 5, 6):
        assert outcomes[rank].as_records() == validate(cases[rank].frames, cases[rank].parameters).as_records()
    assert outcomes[5].refusals
    assert not outcomes[0].refusals
