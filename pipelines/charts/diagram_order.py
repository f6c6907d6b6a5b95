"""The order of a diagram's boxes from the top down: as few crossings as are found, and the model's own where it can."""

from collections.abc import Callable, Mapping, Sequence

from pipelines.charts.layers import Links, Piece, Rows, count_crossings, untangle

__all__ = ["Links", "Piece", "Rows", "sort_rows"]

# How often neighbours are compared: more changes nothing that can be seen.
_TURNS = 40


def sort_rows(own: Rows, found: Sequence[Rows], links: Links) -> Rows:
    """The columns in the best of several orders: the model's own, untangled, and those that were found for it.

    Neighbours then change places where this takes a crossing away, or puts them in the model's order at no cost.
    """
    upside_down = [[row[::-1] for row in rows] for rows in found]
    rows = min(
        (_settle(rows, own, links) for rows in (untangle(own, links), *found, *upside_down)),
        key=lambda rows: (count_crossings(rows, links), _count_inversions(rows, own)),
    )
    return [list(row) for row in rows]


def _settle(rows: Rows, own: Rows, links: Links) -> Rows:
    """The rows after neighbours have changed places where that is better, until nothing is."""
    wanted = {piece: at for row in own for at, piece in enumerate(row)}
    place = {piece: at for row in rows for at, piece in enumerate(row)}
    before: dict[Piece, list[Piece]] = {piece: [] for piece in place}
    after: dict[Piece, list[Piece]] = {piece: [] for piece in place}
    for left, right in links:
        after[left].append(right)
        before[right].append(left)
    rows = [list(row) for row in rows]
    for _ in range(_TURNS):
        if not sum(_swap(row, wanted, place, before.__getitem__, after.__getitem__) for row in rows):
            break
    return rows


def _swap(
    row: list[Piece],
    wanted: Mapping[Piece, int],
    place: dict[Piece, int],
    before: Callable[[Piece], list[Piece]],
    after: Callable[[Piece], list[Piece]],
) -> bool:
    """Let neighbours of a row change places; whether any did."""
    moved = False
    for at in range(len(row) - 1):
        upper, lower = row[at], row[at + 1]
        # Crossings of these two as they stand, less those that they would have.
        gain = sum(
            (place[one] > place[other]) - (place[one] < place[other])
            for side in (before, after)
            for one in side(upper)
            for other in side(lower)
        )
        both = isinstance(upper, str) and isinstance(lower, str)
        if gain > 0 or (gain == 0 and both and wanted[upper] > wanted[lower]):
            row[at], row[at + 1] = lower, upper
            place[upper], place[lower] = at + 1, at
            moved = True
    return moved


def _count_inversions(rows: Rows, own: Rows) -> int:
    """Pairs of boxes of a column that stand against the model's own order."""
    wanted = {piece: at for row in own for at, piece in enumerate(row)}
    boxes = [[wanted[piece] for piece in row if isinstance(piece, str)] for row in rows]
    return sum(one > other for row in boxes for at, one in enumerate(row) for other in row[at + 1 :])
