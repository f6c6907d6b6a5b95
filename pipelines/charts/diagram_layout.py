"""Where everything in a layered diagram stands: columns, boxes that keep apart, links that pass between them, sheets.

Graphviz's dot sorts each column and says how high its pieces stand; the columns themselves, and the course of every
link, are ours. A link that skips a column gets a narrow piece of its own there, as a box would: between two columns
nothing but links stands, so that no link can meet a box.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.charts.diagram_courses import Box, Course, Link, lead
from pipelines.charts.diagram_order import Links, Piece, Rows, sort_rows

# CSS pixels: the least between two boxes of a column on screen, and what a link takes of a column that it skips.
GAP, _PASSAGE = 12.0, 10.0
# The last share of a sheet in which it may be cut, and how much of it may stay blank for one pixel of room less.
_CUT, _BLANK = 0.5, 0.4


@dataclass(frozen=True)
class Layout:
    """Boxes by code, courses in the order of the links, the left edges and widths of columns, the height of all.

    `cuts`: from the top down, where paper is cut between boxes: the sheets are what lies between them.
    """

    boxes: dict[str, Box]
    courses: tuple[Course, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    height: float
    cuts: tuple[float, ...]


def order_columns(columns: Sequence[Sequence[str]], links: Sequence[Link], heights: Mapping[str, float]) -> Rows:
    """Each column from the top down, with the pieces of links that skip it, so that links cross little.

    `columns`: codes by column. dot sorts twice, we choose among equals. The same model gives the same order.
    """
    chains = _chain_all(columns, links)
    rows: Rows = [list(codes) for codes in columns]
    for chain in chains:
        for piece in chain[1:-1]:
            rows[piece[1]].append(piece)
    if not any(rows):
        return rows
    ties = [ends for chain in chains for ends in pairwise(chain)]
    found = [_run_dot(rows, ties, heights, straight=straight) for straight in (False, True)]
    orders = [[sorted(row, key=middles.__getitem__) for row in rows] for middles in found]
    return sort_rows(rows, orders, ties)


def lay_out(
    rows: Rows,
    links: Sequence[Link],
    heights: Mapping[str, float],
    widths: Sequence[float],
    *,
    width: float,
    most: float = math.inf,
    gap: float = GAP,
) -> Layout:
    """The places of all boxes and links; `rows`: as `order_columns` gives them, `widths`: of the boxes of each column.

    `width`: what the columns share, in pixels; `gap`: the least between two boxes; `most`: how high a sheet may be. No
    two boxes overlap and no link meets a box that it does not join. Cycles, links back and inside a column are drawn
    as they are. The same model gives the same places.
    """
    columns = [[piece for piece in row if isinstance(piece, str)] for row in rows]
    chains = _chain_all(columns, links)
    middles = _place(rows, [ends for chain in chains for ends in pairwise(chain)], heights, gap)
    blank = (width - sum(widths)) / max(len(widths) - 1, 1)
    lefts = tuple(round(sum(widths[:at]) + at * blank, 1) for at in range(len(widths)))
    boxes = {
        code: Box(at, lefts[at], round(middles[code] - heights[code] / 2, 1), widths[at], heights[code])
        for at, codes in enumerate(columns)
        for code in codes
    }
    passages = {piece: middle for piece, middle in middles.items() if not isinstance(piece, str)}
    boxes, passages, cuts = _part_sheets(boxes, passages, most, gap)
    courses = tuple(lead(boxes, passages, links, chains, lefts, widths))
    height = max([0.0, *(box.bottom for box in boxes.values()), *passages.values()])
    return Layout(boxes, courses, lefts, tuple(widths), round(height, 1), cuts)


def stack(heights: Sequence[float], gap: float) -> float:
    """How high boxes stand above each other."""
    return sum(heights) + gap * max(len(heights) - 1, 0)


def _chain_all(columns: Sequence[Sequence[str]], links: Sequence[Link]) -> list[list[Piece]]:
    column_of = {code: at for at, codes in enumerate(columns) for code in codes}
    return [_chain(rank, link, column_of) for rank, link in enumerate(links)]


def _chain(rank: int, link: Link, column_of: Mapping[str, int]) -> list[Piece]:
    """The pieces of a link from left to right; none where both ends stand in one column."""
    left, right = sorted(link, key=column_of.__getitem__)
    one, other = column_of[left], column_of[right]
    return [] if one == other else [left, *((rank, at) for at in range(one + 1, other)), right]


def _place(rows: Rows, links: Links, heights: Mapping[str, float], gap: float) -> dict[Piece, float]:
    """The middle of every piece, from the top of the highest, the rows as they are."""
    if not any(rows):
        return {}
    placed = _run_dot(rows, links, heights, straight=True, in_order=True, gap=gap)
    top = min(middle - _height(piece, heights) / 2 for piece, middle in placed.items())
    return {piece: middle - top for piece, middle in placed.items()}


def _height(piece: Piece, heights: Mapping[str, float]) -> float:
    return heights[piece] if isinstance(piece, str) else _PASSAGE


def _run_dot(
    rows: Rows, links: Links, heights: Mapping[str, float], *, straight: bool, in_order: bool = False, gap: float = GAP
) -> dict[Piece, float]:
    """How far down dot places the middle of every piece.

    `straight`: links that skip a column go straight, and columns without boxes keep their place: dot may cross more
    links for that. `in_order`: it keeps the order of the rows.
    """
    # Heavy, and few notebooks need it.
    from pygraphviz import AGraph

    # Names of our own: what data may write means something to dot.
    names: dict[Piece, str] = {piece: f"p{at}" for at, piece in enumerate(piece for row in rows for piece in row)}
    graph = AGraph(directed=True, strict=False, rankdir="LR", nodesep=gap / 72, ranksep=0.5, splines="false")
    graph.node_attr.update(shape="box", fixedsize="true", width=0.5, label="")
    # A column without boxes keeps its place by these.
    pegs = [f"c{at}" for at in range(len(rows))] if straight else []
    graph.add_nodes_from(pegs, height=0.01)
    graph.add_edges_from(pairwise(pegs))
    for at, row in enumerate(rows):
        for piece in row:
            graph.add_node(names[piece], height=_height(piece, heights) / 72)
        column = [*pegs[at : at + 1], *(names[piece] for piece in row)]
        if column:
            graph.add_subgraph(column, rank="same")
        if in_order:
            # dot heeds no link without weight; so little does not draw a column together.
            graph.add_edges_from(pairwise(column), weight=1)
    for one, other in links:
        # A link that passes a column wants to be straight there.
        inner = sum(not isinstance(end, str) for end in (one, other))
        graph.add_edge(names[one], names[other], weight=(10, 20, 80)[inner] if straight else 1)
    graph.layout(prog="dot")
    return {piece: -float(graph.get_node(name).attr["pos"].split(",")[1]) for piece, name in names.items()}


def _part_sheets(
    boxes: dict[str, Box], passages: dict[Piece, float], most: float, gap: float
) -> tuple[dict[str, Box], dict[Piece, float], tuple[float, ...]]:
    """The same places with as little more room as lets paper be cut between boxes, and where it is cut."""
    cuts: list[float] = []
    top = 0.0
    while max((box.bottom for box in boxes.values()), default=0.0) - top > most:
        tops = [box.y - gap / 2 for box in boxes.values() if box.y > top]
        ends = [cut for cut in tops if top + _CUT * most <= cut <= top + most]
        # A cut that moves the rest down by as much as its sheet holds would be made for ever.
        ends = [cut for cut in ends if cut - top - _straddle(boxes, cut, gap) >= most / 4] or [top + most]
        cut = min(ends, key=lambda end: (_straddle(boxes, end, gap) + _BLANK * (top + most - end), end))
        more = _straddle(boxes, cut, gap)
        boxes = {
            code: replace(box, y=round(box.y + more, 1)) if box.bottom > cut else box for code, box in boxes.items()
        }
        passages = {piece: middle + more if middle > cut else middle for piece, middle in passages.items()}
        cuts.append(round(cut, 1))
        top = cut
    return boxes, passages, tuple(cuts)


def _straddle(boxes: Mapping[str, Box], cut: float, gap: float) -> float:
    """How far down the boxes across a line must go to stand below it."""
    return max((cut - box.y + gap / 2 for box in boxes.values() if box.y < cut < box.bottom), default=0.0)
