"""One table of many contracts in one pass: what a check of rows costs is the check, not the rows.

A check of rows judges a row by itself: it is run once over the rows of all contracts, and the rows at fault go back to
the contract that they came from. Whatever looks at a table as a whole is run on each contract's rows alone; so is any
type of check that this module does not know. Of what depends on the contract,

- uniqueness looks at the contract and the value, so that two contracts may use one code;
- membership of a list that contracts do not share looks at the contract and the value likewise;
- anything else is run once for each distinct set of arguments, on the contracts that share it.

Where a check breaks off, the contracts are halved until the one that breaks it is alone: the others have their verdict.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from pipelines.errors import DataError
from pipelines.suites import Suite, resolve
from pipelines.validate.findings import describe, describe_rows
from pipelines.validate.native import (
    ANSWERS,
    LONG,
    ROWS,
    ask,
    build,
    check_table,
    in_file_order,
    open_batch,
    refuse_broken,
)
from pipelines.verdict import Finding

if TYPE_CHECKING:
    from great_expectations.core.batch_definition import BatchDefinition

# Types that judge each row by what it holds.
_OF_ROWS = {
    "expect_column_pair_values_a_to_be_greater_than_b",
    "expect_column_pair_values_to_be_equal",
    "expect_column_pair_values_to_be_in_set",
    "expect_column_value_lengths_to_be_between",
    "expect_column_value_lengths_to_equal",
    "expect_column_values_to_be_between",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_be_null",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_not_match_regex",
    "expect_select_column_values_to_be_unique_within_record",
}
_MEMBER = "expect_column_values_to_be_in_set"
# Types that judge a row by the others of its contract.
_UNIQUE = {"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"}


@dataclass(frozen=True)
class Part:
    """One contract's rows of a table, and its values of the parameters."""

    frame: pd.DataFrame
    parameters: Mapping[str, object]


# What a contract gets of a suite: its findings in the order of the file, or what made a check impossible.
Outcome = list[Finding] | Exception


def check_parts(source: "BatchDefinition", parts: Sequence[Part], suite: Suite) -> list[Outcome]:
    """The outcome of a suite for each part, the same as if it were checked alone."""
    outcomes: dict[int, Outcome] = {}
    for lot in _lots([part.frame for part in parts]):
        outcomes |= zip(lot, _check_lot(source, [parts[rank] for rank in lot], suite), strict=True)
    return [outcomes[rank] for rank in range(len(parts))]


def _lots(frames: Sequence[pd.DataFrame]) -> Iterator[list[int]]:
    """Ranks of the frames that may stand in one: the same columns of the same types, and not a long table together."""
    open_lots: dict[tuple[Any, ...], list[int]] = {}
    for rank, frame in enumerate(frames):
        kind = (*frame.columns, *(_kind(dtype) for dtype in frame.dtypes))
        lot = open_lots.setdefault(kind, [])
        if lot and sum(len(frames[other]) for other in lot) + len(frame) >= LONG:
            yield open_lots.pop(kind)
            lot = open_lots.setdefault(kind, [])
        lot.append(rank)
    yield from open_lots.values()


def _kind(dtype: Any) -> str:
    return "category" if isinstance(dtype, pd.CategoricalDtype) else str(dtype)


def _check_lot(source: "BatchDefinition", parts: Sequence[Part], suite: Suite) -> list[Outcome]:
    if len(parts) == 1:
        try:
            return [check_table(source, parts[0].frame, suite, parts[0].parameters)]
        except Exception as error:  # whatever it is, it is this contract's: the others have their verdict
            return [error]
    try:
        return list(_check_at_once(source, parts, suite))
    except Exception:  # halved until the part that causes it is alone
        half = len(parts) // 2
        return _check_lot(source, parts[:half], suite) + _check_lot(source, parts[half:], suite)


def _check_at_once(source: "BatchDefinition", parts: Sequence[Part], suite: Suite) -> list[list[Finding]]:
    """The findings of each part. Raises where any check breaks off for any of them."""
    name = suite["name"]
    of_rows = [e for e in suite["expectations"] if _is_of_rows(e)]
    others = {**suite, "expectations": [e for e in suite["expectations"] if not _is_of_rows(e)]}
    stacked = _Stacked.of(parts)
    at_fault = stacked.find_faults(source, name, of_rows)
    findings = []
    for rank, part in enumerate(parts):
        frame = part.frame.reset_index(drop=True)
        alone = check_table(source, frame, others, part.parameters) if others["expectations"] else []
        found = {finding.description: finding for finding in alone}
        for expectation in of_rows:
            positions = stacked.positions_in(rank, at_fault.get(expectation["description"]))
            found[expectation["description"]] = (
                describe_rows(frame, name, expectation, positions, len(positions))
                if positions
                else describe(name, expectation, success=True)
            )
        findings.append([found[e["description"]] for e in suite["expectations"]])
    return findings


def _is_of_rows(expectation: dict[str, Any]) -> bool:
    """Does a check judge row by row? With « mostly » it judges the table."""
    return expectation["type"] in _OF_ROWS | _UNIQUE and "mostly" not in expectation["kwargs"]


@dataclass(frozen=True)
class _Stacked:
    """The rows of several parts one after the other, and the rank of the part that each came from."""

    parts: Sequence[Part]
    frame: pd.DataFrame
    owner: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Part]) -> "_Stacked":
        frames = [part.frame for part in parts]
        frame = pd.concat(frames, ignore_index=True)
        # Texts held once in each part stay so: concatenated, other texts would make plain text of them.
        for column in (name for name, dtype in frames[0].dtypes.items() if isinstance(dtype, pd.CategoricalDtype)):
            frame[column] = union_categoricals([part[column] for part in frames], ignore_order=True)
        return cls(parts, frame, np.repeat(np.arange(len(parts)), [len(part) for part in frames]))

    def positions_in(self, rank: int, rows: Sequence[int] | None) -> list[int]:
        """Of some rows, those of a part, numbered from its own first row."""
        at = np.asarray(rows or [], dtype=int)
        return (at[self.owner[at] == rank] - np.searchsorted(self.owner, rank)).tolist()

    def find_faults(
        self, source: "BatchDefinition", name: str, expectations: Sequence[dict[str, Any]]
    ) -> dict[str, list[int]]:
        """The rows at fault of each check that failed, by its description."""
        added: dict[str, pd.Series] = {}
        shared: dict[tuple[int, ...], list[dict[str, Any]]] = {}
        for expectation in expectations:
            for ranks, kwargs in self._resolve(expectation, added):
                shared.setdefault(ranks, []).append({**expectation, "kwargs": kwargs})
        faults: dict[str, list[int]] = {}
        whole = self.frame.assign(**added)
        for ranks, asked in shared.items():
            rows = whole if len(ranks) == len(self.parts) else whole[np.isin(self.owner, ranks)]
            for description, found in _ask(source, name, rows, asked).items():
                faults.setdefault(description, []).extend(found)
        return faults

    def _resolve(
        self, expectation: dict[str, Any], added: dict[str, pd.Series]
    ) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
        """Each set of parts that shares the arguments of a check, with them; columns that it needs go to `added`."""
        kwargs = expectation["kwargs"]
        given = [{key: resolve(value, part.parameters) for key, value in kwargs.items()} for part in self.parts]
        everyone = tuple(range(len(self.parts)))
        if expectation["type"] in _UNIQUE:
            given = [self._within_parts(one, added) for one in given]
        elif expectation["type"] == _MEMBER and any(one != given[0] for one in given) and self._differ_by_set(given):
            column = str(kwargs["column"])
            codes, distinct = pd.factorize(self.frame[column])
            added[_within(column)] = self._keyed(codes, len(distinct))
            found = (
                np.asarray(pd.Index(distinct).get_indexer(pd.Index(one["value_set"], dtype=object))) for one in given
            )
            members = [int(code) + rank * len(distinct) for rank, at in enumerate(found) for code in at[at >= 0]]
            yield everyone, {**given[0], "column": _within(column), "value_set": members}
            return
        groups: list[tuple[dict[str, Any], list[int]]] = []
        for rank, one in enumerate(given):
            ranks = next((ranks for other, ranks in groups if other == one), None)
            if ranks is None:
                groups.append((one, [rank]))
            else:
                ranks.append(rank)
        for one, ranks in groups:
            yield tuple(ranks), one

    @staticmethod
    def _differ_by_set(given: Sequence[dict[str, Any]]) -> bool:
        """Do the arguments differ by nothing but a list of values?"""
        return all(
            isinstance(one["value_set"], list) and one | {"value_set": None} == given[0] | {"value_set": None}
            for one in given
        )

    def _within_parts(self, kwargs: dict[str, Any], added: dict[str, pd.Series]) -> dict[str, Any]:
        """The arguments of a uniqueness with columns that tell parts apart; blank cells stay blank."""
        names = kwargs.get("column_list") or [kwargs["column"]]
        for column in names:
            if _within(column) not in added:
                codes, distinct = pd.factorize(self.frame[column])
                added[_within(column)] = self._keyed(codes, len(distinct))
        if "column" in kwargs:
            return {**kwargs, "column": _within(kwargs["column"])}
        return {**kwargs, "column_list": [_within(column) for column in names]}

    def _keyed(self, codes: np.ndarray, nb_values: int) -> pd.Series:
        """A number for each part and value, missing where the value is."""
        keyed = pd.Series(codes + self.owner * nb_values, index=self.frame.index, dtype="Int64")
        return keyed.mask(codes < 0)


def _within(column: str) -> str:
    return f"{column} dans son contrat"


def _ask(
    source: "BatchDefinition", name: str, rows: pd.DataFrame, expectations: Sequence[dict[str, Any]]
) -> dict[str, list[int]]:
    """The labels of the rows at fault of each check that failed. DataError where a check breaks off."""
    batch = open_batch(source, rows)
    checks = {e["description"]: build(e, f"{name}.json") for e in expectations}

    def run(chosen: Sequence[dict[str, Any]], result_format: dict[str, Any]) -> list[Any]:
        results = ask(batch, name, [checks[e["description"]] for e in chosen], result_format, {})
        ordered = in_file_order({"name": name, "expectations": list(chosen)}, results)
        for expectation, result in zip(chosen, ordered, strict=True):
            refuse_broken(name, expectation, result)
        return ordered

    answers = run(expectations, ANSWERS)
    wrong = [e for e, answer in zip(expectations, answers, strict=True) if not answer.success]
    faults = {}
    for expectation, detail in zip(wrong, run(wrong, ROWS) if wrong else [], strict=True):
        found = list(detail.result.get("unexpected_index_list") or [])
        if not found or len(found) != detail.result.get("unexpected_count"):
            raise DataError(f"{name}.json ({expectation['type']}) : le contrôle ne nomme pas ses lignes.")
        faults[expectation["description"]] = found
    return faults
