"""Counts that add up in several directions: a reader who solves the sums never narrows a small count below the rule."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.margins import hide_in_margins
from tests.disclosure.reader import assert_small_counts_keep_their_range

Sums = list[tuple[int, list[int]]]


def crossed(cells: list[list[int]]) -> tuple[pd.Series, Sums]:
    """A table of rows and columns with its margins and its grand total, as counts and sums."""
    rows = [[*row, sum(row)] for row in cells]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    width = len(rows[0])
    sums = [(at * width + width - 1, [at * width + c for c in range(width - 1)]) for at in range(len(rows))]
    sums += [((len(rows) - 1) * width + c, [at * width + c for at in range(len(rows) - 1)]) for c in range(width)]
    return pd.Series(list(itertools.chain(*rows)), dtype="Int64"), sums


def published(values: pd.Series, sums: Sums, seuil: int = 5) -> list[int | None]:
    hidden = hide_in_margins(values, sums, seuil)
    return [None if secret else int(value) for value, secret in zip(values, hidden, strict=True)]


def test_a_small_count_takes_a_rectangle_with_it_and_leaves_the_margins() -> None:
    values, sums = crossed([[3, 40, 60], [30, 20, 70], [80, 90, 50]])
    assert published(values, sums) == [None, None, 60, 103, None, None, 70, 120, 80, 90, 50, 220, 113, 150, 180, 443]


def test_nothing_small_nothing_hidden_and_a_zero_names_nobody() -> None:
    values, sums = crossed([[0, 40], [30, 20]])
    assert published(values, sums) == list(values)


def test_two_small_counts_that_protect_each_other_need_no_third() -> None:
    values, sums = crossed([[2, 3, 40], [3, 2, 50]])
    assert published(values, sums) == [None, None, 40, 45, None, None, 50, 55, 5, 5, 90, 100]


def test_ones_that_add_up_to_their_number_are_not_enough() -> None:
    values, sums = pd.Series([1, 1, 30, 40, 72], dtype="Int64"), [(4, [0, 1, 2, 3])]
    assert published(values, sums) == [None, None, None, 40, 72]


def test_a_total_goes_where_no_part_is_left() -> None:
    values, sums = pd.Series([3, 3], dtype="Int64"), [(1, [0])]
    assert published(values, sums) == [None, None]


@pytest.mark.parametrize("seuil", [2, 3, 5, 11])
def test_no_count_under_the_threshold_is_published(seuil: int) -> None:
    values, sums = crossed([[1, 2, 3, 12], [4, 5, 6, 10], [7, 8, 9, 11]])
    assert all(count is None or count >= seuil for count in published(values, sums, seuil))


def attack(values: pd.Series, sums: Sums, seuil: int) -> None:
    assert_small_counts_keep_their_range(values, sums, hide_in_margins(values, sums, seuil), seuil)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4), st.integers(3, 6))
def test_solving_the_margins_gives_no_small_count_back(cells: list[list[int]], seuil: int) -> None:
    attack(*crossed(cells), seuil)


@pytest.mark.long
@settings(deadline=None, max_examples=3000)
@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=2, max_size=6), st.integers(3, 11))
def test_solving_the_margins_gives_no_small_count_back_at_length(cells: list[list[int]], seuil: int) -> None:
    attack(*crossed(cells), seuil)
