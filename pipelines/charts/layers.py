"""A graph in rows from the top down: each box below all that lead to it, its branches without needless crossings.

Even rows hold boxes, odd rows what is written on the branches that leave the boxes above. A branch is cut into one
piece a row, so that words, boxes and the lines that pass between them keep their distance by the same rule.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

# A box by its code, or the piece of a branch in a row: (rank of the branch, row).
Piece = str | tuple[int, int]
Rows = list[list[Piece]]
Links = list[tuple[Piece, Piece]]
# How often rows are sorted again, and moved again: more changes nothing that can be seen.
_SORTS, _MOVES = 12, 60
# How much more a line wants to be straight than a fork to stand over the middle of its branches; and past boxes.
_STRAIGHT, _PASSING = 12.0, 60.0
# Points: no line meets a box closer to its corner.
_CORNER = 16.0


def rank_boxes(branches: Sequence[tuple[str, str]], least: Mapping[str, int]) -> dict[str, int]:
    """How far each box stands from the top: one more than the lowest that leads to it, and no less than `least`."""
    ranks = dict.fromkeys((code for branch in branches for code in branch), 0) | dict(least)
    for _ in ranks:
        for source, target in branches:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    return ranks


def thread_branches(start: str, branches: Sequence[tuple[str, str]], ranks: Mapping[str, int]) -> tuple[Rows, Links]:
    """The pieces of each row as a walk from `start` meets them, first branch first, and which hang together."""
    rows: Rows = [[] for _ in range(2 * max(ranks.values()) + 1)]
    links: Links = []

    def walk(box: str) -> None:
        rows[2 * ranks[box]].append(box)
        for at, (source, target) in enumerate(branches):
            if source != box:
                continue
            passed = [(at, row) for row in range(2 * ranks[source] + 1, 2 * ranks[target])]
            links.extend(zip([source, *passed], [*passed, target], strict=True))
            for piece in passed:
                rows[piece[1]].append(piece)
            if target not in rows[2 * ranks[target]]:
                walk(target)

    walk(start)
    return rows, links


def untangle(rows: Rows, links: Links) -> Rows:
    """The rows, sorted so that links cross as little as can be found; as they are where none does."""
    best, fewest = rows, count_crossings(rows, links)
    for turn in range(_SORTS):
        if not fewest:
            break
        rows = _sort(rows, links, upwards=bool(turn % 2))
        if (found := count_crossings(rows, links)) < fewest:
            best, fewest = rows, found
    return best


def count_crossings(rows: Rows, links: Links) -> int:
    """Pairs of links between the same two rows whose ends stand in opposite order."""
    place = {piece: (row, at) for row, pieces in enumerate(rows) for at, piece in enumerate(pieces)}
    ends = [(*place[upper], place[lower][1]) for upper, lower in links]
    return sum(
        one[0] == other[0] and (one[1] - other[1]) * (one[2] - other[2]) < 0 for one, other in combinations(ends, 2)
    )


def _sort(rows: Rows, links: Links, *, upwards: bool) -> Rows:
    """Each row in the order of the middles of what it hangs on, row after row."""
    place = {piece: float(at) for pieces in rows for at, piece in enumerate(pieces)}
    linked: dict[Piece, list[Piece]] = {piece: [] for piece in place}
    for upper, lower in links:
        one, other = (upper, lower) if upwards else (lower, upper)
        linked[one].append(other)
    out = [list(pieces) for pieces in rows]
    for pieces in reversed(out) if upwards else out:
        middles = {piece: _mean([place[other] for other in linked[piece]] or [place[piece]]) for piece in pieces}
        pieces.sort(key=middles.__getitem__)
        place.update((piece, float(at)) for at, piece in enumerate(pieces))
    return out


def spread(rows: Rows, links: Links, widths: Mapping[Piece, float], room: float) -> dict[Piece, float]:
    """The middle of each piece between 0 and `room`: rows keep their order, pieces their widths, lines run straight.

    The widths of a row must not exceed `room` together.
    """
    linked = _weigh(links, widths)
    middles = dict.fromkeys((piece for pieces in rows for piece in pieces), room / 2)
    for turn in range(_MOVES):
        for pieces in reversed(rows) if turn % 2 else rows:
            wanted, weights = [], []
            for piece in pieces:
                own, pulls = middles[piece], linked.get(piece, [])
                weights.append(sum(weight for _, weight, _ in pulls) or 1.0)
                drawn = sum(weight * _clip(own, middles[other], slack) for other, weight, slack in pulls)
                wanted.append(drawn / weights[-1] if pulls else own)
            found = _keep_apart(wanted, weights, [widths[piece] for piece in pieces], room)
            middles.update(zip(pieces, found, strict=True))
    return middles


def _weigh(links: Links, widths: Mapping[Piece, float]) -> dict[Piece, list[tuple[Piece, float, float]]]:
    """What each piece hangs together with, how strongly, and how far from its middle it may do so."""
    ends = [lower for _, lower in links]
    first = {lower for upper, lower in links if isinstance(upper, str)}
    linked: dict[Piece, list[tuple[Piece, float, float]]] = {}
    for upper, lower in links:
        passing = upper not in first and not isinstance(lower, str)
        weight = 1.0 if isinstance(upper, str) else _PASSING if passing else _STRAIGHT
        # Several lines that meet a box share its width; a single one meets its middle.
        slack = reach(widths[lower]) if ends.count(lower) > 1 else 0.0
        linked.setdefault(upper, []).append((lower, weight, slack))
        linked.setdefault(lower, []).append((upper, weight, slack))
    return linked


def reach(width: float) -> float:
    """How far from the middle of a box of this width a line may meet it."""
    return max(width / 2 - _CORNER, 0.0)


def _clip(value: float, middle: float, slack: float) -> float:
    return min(max(value, middle - slack), middle + slack)


def _keep_apart(wanted: list[float], weights: list[float], widths: list[float], room: float) -> list[float]:
    """The middles nearest to those wanted, by least squares, of pieces that must not overlap: an isotonic regression.

    Less what stands before each, middles only have to rise: neighbours that would not are pooled at their mean.
    """
    before = [sum(widths[:at]) + width / 2 for at, width in enumerate(widths)]
    pools: list[tuple[float, float, int]] = []
    for want, weight, offset in zip(wanted, weights, before, strict=True):
        pools.append((want - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, heavy, many), (other, light, few) = pools.pop(-2), pools.pop()
            pools.append(((one * heavy + other * light) / (heavy + light), heavy + light, many + few))
    risen = [min(max(level, 0.0), room - sum(widths)) for level, _, many in pools for _ in range(many)]
    return [level + offset for level, offset in zip(risen, before, strict=True)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
