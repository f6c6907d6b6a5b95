"""Boxes in rows: below all that lead to them, without needless crossings, apart, and as straight as can be."""

import itertools
import random

import numpy as np
import pytest
from scipy.optimize import isotonic_regression

from pipelines.charts.layers import _keep_apart, count_crossings, rank_boxes, reach, spread, thread_branches, untangle

DIAMOND = [("a", "b"), ("a", "c"), ("b", "c"), ("c", "d"), ("a", "d")]


def test_a_box_stands_below_all_that_lead_to_it() -> None:
    assert rank_boxes(DIAMOND, {}) == {"a": 0, "b": 1, "c": 2, "d": 3}


@pytest.mark.parametrize("branches", list(itertools.permutations(DIAMOND)))
def test_ranks_do_not_depend_on_the_order_of_the_branches(branches: list[tuple[str, str]]) -> None:
    assert rank_boxes(branches, {}) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_box_that_is_held_down_takes_what_follows_along() -> None:
    assert rank_boxes(DIAMOND, {"b": 3}) == {"a": 0, "b": 3, "c": 4, "d": 5}


def test_a_branch_has_a_piece_in_every_row_that_it_passes() -> None:
    rows, links = thread_branches("a", DIAMOND, rank_boxes(DIAMOND, {}))
    assert [[piece for piece in row if isinstance(piece, str)] for row in rows[::2]] == [["a"], ["b"], ["c"], ["d"]]
    assert not any(isinstance(piece, str) for row in rows[1::2] for piece in row)
    for at, (source, target) in enumerate(DIAMOND):
        pieces = [piece for row in rows for piece in row if isinstance(piece, tuple) and piece[0] == at]
        assert set(itertools.pairwise([source, *pieces, target])) <= set(links)
    assert sum(len(row) for row in rows) == 4 + 1 + 3 + 1 + 1 + 5


def test_crossings_are_counted() -> None:
    rows = [["a", "b"], ["c", "d"]]
    assert count_crossings(rows, [("a", "c"), ("b", "d")]) == 0
    assert count_crossings(rows, [("a", "d"), ("b", "c")]) == 1
    assert count_crossings(rows, [("a", "c"), ("a", "d")]) == 0


def test_what_crosses_is_untangled_and_what_does_not_is_left() -> None:
    rows, links = [["s"], ["a", "b", "c"], ["d", "e", "f"]], [("a", "f"), ("b", "e"), ("c", "d")]
    links += [("s", name) for name in "abc"]
    assert count_crossings(rows, links) == 3
    sorted_rows = untangle(rows, links)
    assert count_crossings(sorted_rows, links) == 0
    assert [sorted(row) for row in sorted_rows] == [sorted(row) for row in rows]
    assert untangle(sorted_rows, links) == sorted_rows


def test_pieces_keep_their_order_and_distance_and_room() -> None:
    draw = random.Random(7)  # noqa: S311 any numbers do
    rows = [[f"{row}{at}" for at in range(draw.randint(1, 6))] for row in range(6)]
    links = [(draw.choice(one), draw.choice(other)) for one, other in itertools.pairwise(rows) for _ in range(6)]
    widths = {piece: draw.uniform(10, 60) for row in rows for piece in row}
    middles = spread(rows, links, widths, 360)
    for row in rows:
        edges = [
            edge for piece in row for edge in (middles[piece] - widths[piece] / 2, middles[piece] + widths[piece] / 2)
        ]
        assert edges[0] >= -1e-9
        assert edges[-1] <= 360 + 1e-9
        # An end and the next beginning may touch.
        assert all(one <= other + 1e-9 for one, other in itertools.pairwise(edges))


def test_a_fork_stands_over_the_middle_and_a_line_is_straight() -> None:
    branches = [("a", "b"), ("a", "c")]
    rows, links = thread_branches("a", branches, rank_boxes(branches, {}))
    widths = dict.fromkeys((piece for row in rows for piece in row), 100.0)
    middles = spread(rows, links, widths, 400)
    assert middles["a"] == pytest.approx(200, abs=1)
    assert (middles["b"], middles["c"]) == pytest.approx((150, 250), abs=1)
    assert middles[0, 1] == pytest.approx(middles["b"], abs=1)


def test_a_line_that_passes_boxes_is_straight() -> None:
    branches = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")]
    rows, links = thread_branches("a", branches, rank_boxes(branches, {}))
    middles = spread(rows, links, {piece: 100.0 for row in rows for piece in row}, 400)
    passing = [middle for piece, middle in middles.items() if isinstance(piece, tuple) and piece[0] == 3]
    assert len(passing) == 5
    assert np.ptp(passing) < 5


def test_lines_that_meet_a_wide_box_do_not_bend_to_its_middle() -> None:
    branches = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]
    rows, links = thread_branches("a", branches, rank_boxes(branches, {}))
    widths = {piece: 20.0 for row in rows for piece in row} | {"b": 100.0, "c": 100.0, "d": 300.0}
    middles = spread(rows, links, widths, 400)
    assert middles["c"] - middles["b"] == pytest.approx(100, abs=1)
    assert abs(middles["d"] - middles["a"]) < 1
    for branch, source in ((2, "b"), (3, "c")):
        assert middles[branch, 3] == pytest.approx(middles[source], abs=0.5)
        assert abs(middles[branch, 3] - middles["d"]) < reach(300)


def test_the_nearest_places_are_an_isotonic_regression() -> None:
    draw = np.random.default_rng(3)
    for many in range(1, 9):
        wanted, weights = draw.uniform(0, 300, many), draw.uniform(0.5, 12, many)
        found = _keep_apart(wanted.tolist(), weights.tolist(), [1e-9] * many, 300)
        assert found == pytest.approx(isotonic_regression(wanted, weights=weights).x, abs=1e-6)
