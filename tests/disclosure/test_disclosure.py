"""A reader who subtracts, and who knows the rule, never gets back a count that was hidden."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import pandas as pd
import pytest

from pipelines.disclosure import hide_small_counts

TOTAL = "Ensemble"


def table(*parts: int | None, total: int | None = None) -> pd.DataFrame:
    """Parts and their total, as published: one column of counts."""
    known = [part for part in parts if part is not None]
    counts = [*parts, sum(known) if total is None else total]
    labels = [*(f"part {number}" for number in range(len(parts))), TOTAL]
    return pd.DataFrame({"modalite": labels, "nb": pd.array(counts, dtype="Int64")})


def hide(frame: pd.DataFrame, seuil: int = 5) -> list[int | None]:
    out = hide_small_counts(frame, ["nb"], seuil=seuil, total=TOTAL)
    return [None if pd.isna(count) else int(count) for count in out["nb"]]


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        pytest.param((12, 30), [12, 30, 42], id="nothing small, nothing hidden"),
        pytest.param((4, 30, 60), [None, None, 60, 94], id="one small: the next smallest goes with it"),
        pytest.param((2, 3, 60), [None, None, 60, 65], id="two small protect each other"),
        pytest.param((1, 1, 60, 70), [None, None, None, 70, 132], id="two ones add up to two: they do not"),
        pytest.param((4, 4, 4, 60, 70), [None, None, None, None, 70, 142], id="all at the most that is hidden"),
        pytest.param((3, 20, 20, 50), [None, None, None, 50, 93], id="ties go together: their order would tell"),
        pytest.param((0, 4, 30), [0, None, None, 34], id="zero names nobody, stays and protects nothing"),
        pytest.param((0, 0), [0, 0, 0], id="nothing but zeros"),
        pytest.param((1, 2), [None, None, None], id="the total is small itself"),
        pytest.param((3,), [None, None], id="one row and its total"),
        pytest.param((9,), [9, 9], id="one row, not small"),
        pytest.param((1, 1, 1, 1, 1), [None] * 6, id="no part left to hide: the total goes"),
        pytest.param((None, 3, 40), [None, None, None, 43], id="missing protects nothing"),
        pytest.param((None, 8), [None, 8, 8], id="missing and large"),
        pytest.param((5, 6), [5, 6, 11], id="the threshold itself is shown"),
    ],
)
def test_what_is_published(parts: Sequence[int | None], published: list[int | None]) -> None:
    assert hide(table(*parts)) == published


def test_all_missing_stays_missing() -> None:
    frame = table(None, None).assign(nb=pd.array([None] * 3, dtype="Int64"))
    assert hide(frame) == [None] * 3


@pytest.mark.parametrize(("parts", "largest", "seuil"), [(2, 16, 5), (3, 14, 3), (4, 8, 3)])
def test_no_hidden_cell_can_be_recovered(parts: int, largest: int, seuil: int) -> None:
    """Every table of so many parts up to a total is published; tables that look alike must differ in what is hidden."""
    tables = [cells for cells in itertools.product(range(largest + 1), repeat=parts) if sum(cells) <= largest]
    frame = pd.DataFrame({f"nb_{number}": [*cells, sum(cells)] for number, cells in enumerate(tables)}, dtype="Int64")
    frame.insert(0, "modalite", [*map(str, range(parts)), TOTAL])
    published = hide_small_counts(frame, list(frame.columns[1:]), seuil=seuil, total=TOTAL)
    alike = defaultdict(list)
    for number, cells in enumerate(tables):
        shown = tuple(None if pd.isna(count) else int(count) for count in published[f"nb_{number}"])
        alike[shown].append((*cells, sum(cells)))
    hidden = [(shown, row) for shown in alike for row, count in enumerate(shown) if count is None]
    recovered = [(shown, row) for shown, row in hidden if len({cells[row] for cells in alike[shown]}) == 1]
    assert len(hidden) > len(tables) / 10
    assert recovered == []


def test_no_small_count_is_ever_shown() -> None:
    frame = pd.concat(
        [table(*cells).set_index("modalite")["nb"] for cells in itertools.product(range(8), repeat=2)], axis=1
    )
    frame.columns = [f"nb_{number}" for number in range(frame.shape[1])]
    published = hide_small_counts(frame.reset_index(), list(frame.columns), seuil=5, total=TOTAL)
    assert not published[list(frame.columns)].isin([1, 2, 3, 4]).any(axis=None)


def test_without_a_total_only_small_counts_go() -> None:
    out = hide_small_counts(table(3, 30, total=33).iloc[:2], ["nb"], seuil=5)
    assert out["nb"].isna().to_list() == [True, False]


def test_other_columns_types_and_the_argument_are_untouched() -> None:
    frame = table(3, 30, 40).assign(nb_prevu=pd.array([2, 40, 50, 92], dtype="Int64"))
    before = frame.copy()
    out = hide_small_counts(frame, ["nb"], seuil=5, total=TOTAL)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(out.drop(columns="nb"), before.drop(columns="nb"))
    assert out["nb"].dtype == "Int64"


def test_a_higher_threshold_hides_more() -> None:
    assert hide(table(8, 30, 60), seuil=5) == [8, 30, 60, 98]
    assert hide(table(8, 30, 60), seuil=11) == [None, None, 60, 98]
