"""The decision tree of the gender marker, drawn from its own description: questions, answers, outcomes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch, Polygon
from matplotlib.path import Path

from pipelines.charts.boxes import BESIDE, PAD, Words, fit_rows
from pipelines.charts.branches import Branch, Numbers, check_path, frame_branches, list_branches, read_counts, tell_tree
from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.layers import Links, Piece, Rows, reach, spread, untangle
from pipelines.charts.lettering import FULL, LINE, count_lines, wrap
from pipelines.charts.style import GREY, INK, PALETTE, SLATE, Chart, in_house_style
from pipelines.indicators.gender import Reading, Tree, read_as

# Points between two rows: a share of how far a line goes sideways there, between two bounds.
_SIDEWAYS, _NEAR, _FAR = 0.14, 13.0, 28.0
# Points: the head of an arrow; a line, the widest that a count makes, one that was walked; a box, one that was walked.
_HEAD, _THIN, _WIDEST, _WALKED, _EDGE, _THICK = 6.0, 1.2, 5.0, 3.2, 1.2, 2.6
# Points: a wide line ends upright above its words.
_STUB = 3.0
_DOTTED = (0, (1, 2.2))
_PAPER, _PALE = "#ffffff", "#f5f7fa"
# Points: the sample of an outcome in the key, from one line of the key to the next.
_SAMPLE, _KEY = 30.0, 5.0
_WALK = "Trait épais : chemin suivi ; fond sombre : où il en est."


class _Place(NamedTuple):
    """Where a piece stands, in points from the top left; `below`: the bottom of its row."""

    x: float
    top: float
    bottom: float
    below: float
    width: float


@in_house_style
def draw_tree(tree: Tree, *, reading: Reading, counts: pd.DataFrame | None = None, taken: Sequence[str] = ()) -> Chart:
    """The tree from its first question down, as `reading` reads it; branches of other readings are dotted.

    `counts`: columns depuis, vers (codes), nb_actions; lines are as wide as their counts, and a branch without a row
    was taken by none. `taken`: the codes that one action walked, drawn thick; the last, outcome or question asked, is
    dark. Outcomes differ by shape as well as by colour, and no order is suggested: 2 is not better than 1.
    The text alternative says the whole tree. The data are one row a branch of the reading: depuis, question, reponse,
    vers, nb_actions (missing without counts).

    UsageError: a reading that the tree lacks, a count or a path beside its branches, a tree too wide for a page.
    """
    reading = read_as(tree, *reading)
    branches = list_branches(tree, reading)
    numbers, path = read_counts(branches, counts), check_path(tree, branches, taken)
    rows, links, words = fit_rows(tree, reading, branches, numbers)
    rows = untangle(rows, links)
    places, height = _place(rows, links, words)
    outcomes = sorted({outcome.marqueur for outcome in tree.issues.values()})
    key = {marker: wrap(tree.echelle[marker], FULL - _SAMPLE - PAD) for marker in outcomes}
    lines = sum(map(count_lines, key.values())) + bool(path)
    figure, ax = new_canvas(height + LINE * lines + _KEY * (lines + 2), tree.titre)
    walked = set(pairwise(path))
    for at, branch in enumerate(branches):
        pieces = [branch.source, *((at, row) for row in range(len(rows)) if (at, row) in places), branch.target]
        on_path = (branch.source, branch.target) in walked and not branch.other if path else None
        _draw_branch(ax, branch, [places[piece] for piece in pieces], numbers, on_path)
        _write(ax, places[pieces[1]], words[pieces[1]], SLATE if branch.other or on_path is False else INK)
    for code in (piece for row in rows for piece in row if isinstance(piece, str)):
        _draw_box(ax, tree, code, places[code], words[code], path)
    _draw_key(ax, key, height + 2 * _KEY, _WALK if path else "")
    return Chart(figure, tell_tree(tree, reading, branches, numbers, path), frame_branches(tree, branches, numbers))


def _place(rows: Rows, links: Links, words: Mapping[Piece, Words]) -> tuple[dict[Piece, _Place], float]:
    """Where every piece stands, and how high all rows are together."""
    middles = spread(rows, links, {piece: one.width for piece, one in words.items()}, FULL)
    row_of = {piece: at for at, row in enumerate(rows) for piece in row}
    places: dict[Piece, _Place] = {}
    top = below = 0.0
    for at, row in enumerate(rows):
        below = top + max(words[piece].height for piece in row)
        for piece in row:
            # A line that passes is as high as its row.
            bottom = top + words[piece].height if words[piece].texts else below
            places[piece] = _Place(middles[piece], top, bottom, below, words[piece].width - 2 * BESIDE)
        aside = max((abs(middles[one] - middles[other]) for one, other in links if row_of[one] == at), default=0.0)
        top = below + min(max(_SIDEWAYS * aside, _NEAR), _FAR) + (_HEAD if at % 2 else _STUB)
    return places, below


def _draw_branch(ax: Axes, branch: Branch, places: Sequence[_Place], numbers: Numbers, on_path: bool | None) -> None:
    """A line from a question to the words of the branch, and from these, past other boxes, an arrow to where it leads.

    `on_path`: whether it was walked, None where no path is shown.
    """
    source, label, *lanes, target = places
    wide, colour = _THIN, GREY
    if on_path:
        wide, colour = _WALKED, INK
    elif on_path is None and not branch.other:
        most = max([*filter(None, numbers.values()), 1])
        wide, colour = _THIN + (_WIDEST - _THIN) * (numbers.get((branch.source, branch.target)) or 0) / most, SLATE
    aside, head = reach(target.width + 2 * BESIDE), _HEAD + wide / 2
    port = float(np.clip((lanes or [label])[-1].x, target.x - aside, target.x + aside))
    neck = target.top - head
    passed = [(lane.x, lane.top, lane.below) for lane in lanes]
    for run in (
        [(source.x, source.bottom, source.below), (label.x, label.top - _STUB, label.top)],
        [(label.x, label.bottom, label.below), *passed, (port, neck, neck)],
    ):
        dash = _DOTTED if branch.other else "-"
        ax.add_patch(
            PathPatch(_curve(run), fill=False, edgecolor=colour, linewidth=wide, linestyle=dash, clip_on=False)
        )
    half = 2.5 + wide / 2
    fill = _PAPER if branch.other else colour
    arrow = [(port - half, neck), (port + half, neck), (port, target.top)]
    ax.add_patch(Polygon(arrow, facecolor=fill, edgecolor=colour, linewidth=0.8, clip_on=False))


def _curve(runs: Sequence[tuple[float, float, float]]) -> Path:
    """Straight down each run (x, from, to), and over to the next in a curve that leaves and arrives downwards.

    Two of them between the same rows cross only where their ends stand in opposite order.
    """
    (x, top, bottom), *others = runs
    points, codes = [(x, top), (x, bottom)], [Path.MOVETO, Path.LINETO]
    for other, start, end in others:
        middle = (bottom + start) / 2
        points += [(x, middle), (other, middle), (other, start), (other, end)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
        x, bottom = other, end
    return Path(points, codes)


def _draw_box(ax: Axes, tree: Tree, code: str, place: _Place, words: Words, path: Sequence[str]) -> None:
    """A question, the criteria or an outcome; thick where the path has been, dark where it is."""
    marker = tree.issues[code].marqueur if code in tree.issues else None
    here = bool(path) and code == path[-1]
    ax.add_patch(_shape(place, marker, walked=code in path, here=here))
    _write(ax, place, words, _PAPER if here else SLATE if path and code not in path else INK)


def _shape(place: _Place, marker: int | None, *, walked: bool = False, here: bool = False) -> Patch:
    """The outline of a box: a question has round corners, outcome 0 has sharp ones, 1 is a pill, 2 a hexagon."""
    left, right, high = place.x - place.width / 2, place.x + place.width / 2, place.bottom - place.top
    colour, fill = (SLATE, _PALE) if marker is None else (PALETTE[marker], (PALETTE[marker], 0.12))
    look = {
        "facecolor": INK if here else fill, "edgecolor": INK if walked else colour,
        "linewidth": _THICK if walked else _EDGE, "clip_on": False,
    }  # fmt: skip
    if marker == 2:
        cut, middle = min(9.0, high / 3), place.top + high / 2
        upper, lower = ([(left + cut, y), (right - cut, y)] for y in (place.top, place.bottom))
        return Polygon([*upper, (right, middle), *lower[::-1], (left, middle)], **look)
    round_corner = {None: 4.0, 0: 0.01, 1: high / 2}[marker]
    style = f"round,pad=0,rounding_size={round_corner}"
    return FancyBboxPatch((left, place.top), place.width, high, style, **look)


def _write(ax: Axes, place: _Place, words: Words, ink: str) -> None:
    """The texts of a box or a branch, in the middle of what they take from top to bottom."""
    top = (place.top + place.bottom - LINE * sum(count_lines(text) for text, _ in words.texts)) / 2
    x = place.x if words.align == "center" else place.x - place.width / 2 + PAD
    for text, weight in words.texts:
        write_lines(ax, x, top, text, ha=words.align, weight=weight, color=ink)
        top += LINE * count_lines(text)


def _draw_key(ax: Axes, key: Mapping[int, str], top: float, note: str) -> None:
    """What the outcomes say, each beside a sample of its shape, and how a path is shown."""
    for marker, text in key.items():
        sample = _Place(_SAMPLE / 2, top, top + LINE + 1, top, _SAMPLE)
        ax.add_patch(_shape(sample, marker))
        write_lines(ax, sample.x, top + 0.5, str(marker), ha="center", weight="bold")
        write_lines(ax, _SAMPLE + PAD, top + 0.5, text)
        top += LINE * count_lines(text) + _KEY
    write_lines(ax, 0, top, note, color=SLATE)
