"""The way of every link of a diagram: from box to box, past all others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.charts.diagram_order import Piece

# CSS pixels: the least between two columns; how far from a corner, and from each other, links meet a box.
GUTTER, _CORNER, _PORT = 54.0, 11.0, 13.0
# How far a link between two boxes of one column leaves it: two such links stand apart.
_BULGE, _STEP = 20.0, 7.0

Link = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """A box from its top left corner, in pixels, and the column in which it stands."""

    column: int
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """How far down its middle stands."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """How far right it ends."""
        return round(self.x + self.width, 1)

    @property
    def bottom(self) -> float:
        """How far down it ends."""
        return self.y + self.height


@dataclass(frozen=True)
class Course:
    """The way of a link: points (x, y) from a box to a box, and whether it ends leftward, as one that goes back does.

    Two points that follow each other are joined by an S; `bulge`: pixels that a link inside a column goes beside it.
    """

    points: tuple[tuple[float, float], ...]
    leftward: bool = False
    bulge: float = 0.0

    @property
    def top(self) -> float:
        """How far down it begins, what stands at its end included."""
        return min(y for _, y in self.points) - _CORNER

    @property
    def bottom(self) -> float:
        """How far down it ends."""
        return max(y for _, y in self.points) + _CORNER


def lead(
    boxes: Mapping[str, Box],
    passages: Mapping[Piece, float],
    links: Sequence[Link],
    chains: Sequence[Sequence[Piece]],
    lefts: Sequence[float],
    widths: Sequence[float],
) -> Iterator[Course]:
    """The course of each link: from port to port, straight through the columns that it skips."""
    ports = _ports(boxes, passages, links, chains)
    rights = [round(left + width, 1) for left, width in zip(lefts, widths, strict=True)]
    inside: dict[int, int] = {}
    for rank, ((source, _), chain) in enumerate(zip(links, chains, strict=True)):
        if not chain:
            at = boxes[source].column
            inside[at] = inside.get(at, 0) + 1
            bulge = min(_BULGE + _STEP * (inside[at] - 1), GUTTER - _STEP) if at < len(lefts) - 1 else _BULGE
            yield Course(tuple((boxes[source].right, ports[rank, end]) for end in (0, 1)), True, bulge)
            continue
        middle = [(x, passages[piece]) for piece in chain[1:-1] for x in (lefts[piece[1]], rights[piece[1]])]
        first, last = boxes[chain[0]], boxes[chain[-1]]
        backward = chain[0] != source
        starts, ends = (1, 0) if backward else (0, 1)
        points = [(first.right, ports[rank, starts]), *middle, (last.x, ports[rank, ends])]
        yield Course(tuple(points[::-1] if backward else points), backward)


def _ports(
    boxes: Mapping[str, Box],
    passages: Mapping[Piece, float],
    links: Sequence[Link],
    chains: Sequence[Sequence[Piece]],
) -> dict[tuple[int, int], float]:
    """How far down each end (0, 1) of each link meets its box: those of one side in the order in which they come."""

    def height(piece: Piece) -> float:
        return boxes[piece].middle if isinstance(piece, str) else passages[piece]

    sides: dict[tuple[str, bool], list[tuple[float, int, int]]] = {}
    for rank, ((source, target), chain) in enumerate(zip(links, chains, strict=True)):
        if not chain:
            # It turns beside its column: a link upward leaves above those that go on, one downward below them.
            far = {0: boxes[target].middle, 1: boxes[source].middle}
            for end, code in enumerate((source, target)):
                beside = 1e6 if far[end] > boxes[code].middle or (source == target and end) else -1e6
                sides.setdefault((code, True), []).append((beside - far[end], rank, end))
            continue
        backward = chain[0] != source
        sides.setdefault((str(chain[0]), True), []).append((height(chain[1]), rank, 1 if backward else 0))
        sides.setdefault((str(chain[-1]), False), []).append((height(chain[-2]), rank, 0 if backward else 1))
    ports = {}
    for (code, _), ends in sides.items():
        box = boxes[code]
        step = min(_PORT, (box.height - 2 * _CORNER) / max(len(ends) - 1, 1))
        for at, (_, rank, end) in enumerate(sorted(ends)):
            ports[rank, end] = round(box.middle + step * (at - (len(ends) - 1) / 2), 1)
    return ports
