"""Flows between two lists: who pays for what, in bands as wide as the amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import BOLD, FULL, LINE, count_lines, inside, measure, wrap
from pipelines.charts.pairs import order_names, read_pairs, tell, tell_first
from pipelines.charts.style import HATCHES, PALETTE, SLATE, Chart, in_house_style
from pipelines.errors import UsageError
from pipelines.numbers import format_value

# Points: a block, the blank beside it, the blank between two nodes; what bands need and what left names may take.
_BLOCK, _BESIDE, _GAP, _BANDS, _LEFT = 12.0, 6.0, 12.0, 115.0, 112.0
# Points: lines around bands, and what stands for a block that would be thinner.
_HAIR = 0.6
_CURVE = [Path.CURVE4] * 3
# Points that all flows together are high: a share of what the labels need, between two bounds.
_SHARE, _LOWEST, _HIGHEST = 0.6, 120.0, 240.0
# Nodes and flows that a text alternative lists.
_NODES, _FLOWS = 8, 3


@dataclass(frozen=True)
class _Side:
    """The nodes of one side from the top: name, label, amount; the room of the labels and the blocks, in points."""

    names: list[str]
    labels: list[str]
    amounts: list[str]
    room: float
    heights: np.ndarray
    tops: np.ndarray


@in_house_style
def draw_flows(
    frame: pd.DataFrame,
    *,
    source: str,
    target: str,
    value: str,
    names: tuple[str, str],
    axis: str,
    sources: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
) -> Chart:
    """Blocks at the left and at the right, and for each row a band between two of them, as wide as its value.

    `source`, `target`, `value` name columns of `frame`, one row a pair; the name of `value` says its unit. `names`:
    what both lists are in French, written above them. Blocks stand in the order of `sources` and `targets` or, without
    these, from the largest down. All heights share one scale: nothing is widened to be seen; what is too thin is a
    line, and has its label and amount all the same. A row of zero or without value has no band; the sum of a block that
    lacks a value is « incomplet ». The text alternative gives the total, the blocks of both sides, the largest flows,
    and what is missing. The data are the three columns as they came.

    UsageError: a negative value, a pair on several rows, a name that the given order forgets, more than seven sources.
    """
    data = frame[[source, target, value]].reset_index(drop=True)
    flows = read_pairs(frame, source, target, value).set_axis(["source", "target", "value"], axis=1)
    if flows["value"].isna().all():
        return say_nothing_to_draw(axis, data)
    if (flows["value"] < 0).any():
        raise UsageError("Un flux négatif ne se dessine pas : montrer ces valeurs dans une table.")
    orders = _order(flows, "source", sources), _order(flows, "target", targets)
    if len(orders[0]) > len(PALETTE):
        raise UsageError(f"{len(orders[0])} origines ne se distinguent plus : en regrouper, {len(PALETTE)} au plus.")
    left, right, height = _place(flows, orders, value)
    heads = [wrap(name, side.room + _BLOCK) for name, side in zip(names, (left, right), strict=True)]
    above = LINE * max(map(count_lines, heads)) + 4
    figure, ax = new_canvas(above + height, axis)
    edges = left.room + _BLOCK, FULL - right.room - _BLOCK
    for x, head, align in zip(edges, heads, ("right", "left"), strict=True):
        write_lines(ax, x, 0, head, ha=align, color=SLATE)
    _draw_bands(ax, flows, (left, right), above, edges)
    _draw_blocks(ax, left, above, left.room, zip(PALETTE, HATCHES, strict=True))
    _draw_blocks(ax, right, above, edges[1], cycle([(SLATE, "")]))
    return Chart(figure, _tell(flows, (left, right), names, axis, value), data)


def _order(flows: pd.DataFrame, side: str, given: Sequence[str] | None) -> list[str]:
    """The names of a side that have rows, as given or from the largest sum down."""
    sums = flows.groupby(side, sort=False)["value"].sum().sort_values(ascending=False, kind="stable")
    return [name for name in order_names(sums.index, given) if name in sums.index]


def _place(flows: pd.DataFrame, orders: tuple[list[str], list[str]], value: str) -> tuple[_Side, _Side, float]:
    """Both sides and their height: a node is as high as its block or its label; the lower side is spread."""
    drafts, room = [], _LEFT
    for column, names in zip(("source", "target"), orders, strict=True):
        amounts = [_write_amount(flows.loc[flows[column] == name, "value"], value) for name in names]
        widest = BOLD * max(map(measure, amounts))
        labels = [wrap(name, max(room, widest)) for name in names]
        wide = max(widest, *map(measure, labels)) + _BESIDE
        high = LINE * np.array(
            [count_lines(f"{label}\n{amount}") for label, amount in zip(labels, amounts, strict=True)]
        )
        drafts.append((names, labels, amounts, wide, high, flows.groupby(column)["value"].sum()[names].to_numpy(float)))
        # What the left does not take, the right may.
        room = FULL - _BANDS - 2 * _BLOCK - _BESIDE - wide
    together = np.clip(_SHARE * max(high.sum() for *_, high, _ in drafts), _LOWEST, _HIGHEST)
    scale = together / (float(flows["value"].sum()) or 1.0)
    slots = [np.maximum(high, scale * sums) for *_, high, sums in drafts]
    height = max(slot.sum() + _GAP * len(slot) for slot in slots)
    sides = []
    for (names, labels, amounts, wide, _, sums), slot in zip(drafts, slots, strict=True):
        spread = slot + (height - slot.sum()) / len(slot)
        tops = np.cumsum(spread) - (spread + scale * sums) / 2
        sides.append(_Side(names, labels, amounts, wide, scale * sums, tops))
    return *sides, height


def _write_amount(values: pd.Series, column: str) -> str:
    """The sum of a node with its unit, « n.d. » where no value is known, « (incomplet) » below where some are not."""
    partial = values.isna().any() and values.notna().any()
    return format_value(values.sum(min_count=1), column) + ("\n(incomplet)" if partial else "")


def _draw_bands(
    ax: Axes, flows: pd.DataFrame, sides: tuple[_Side, _Side], above: float, edges: tuple[float, float]
) -> None:
    """The bands, stacked in each block in the order of the other side, so that none crosses another without need."""
    left, right = sides
    known = flows.set_index(["source", "target"])["value"].fillna(0)
    wide = known.unstack(fill_value=0).loc[left.names, right.names].to_numpy(float)
    widths = wide * (left.heights.sum() / (wide.sum() or 1.0))
    starts = above + left.tops[:, None] + np.cumsum(widths, axis=1) - widths
    ends = above + right.tops[None, :] + np.cumsum(widths, axis=0) - widths
    # The widest first: a narrow one stays to be seen where they cross.
    for at in np.argsort(-widths, axis=None, kind="stable"):
        row, column = np.unravel_index(at, widths.shape)
        if widths[row, column]:
            top, below = (
                _curve(edges, starts[row, column] + down, ends[row, column] + down) for down in (0, widths[row, column])
            )
            band = Path([*top, *below[::-1]], [Path.MOVETO, *_CURVE, Path.LINETO, *_CURVE])
            ax.add_patch(PathPatch(band, facecolor=(PALETTE[row], 0.45), linewidth=0, clip_on=False))
            # Both long sides, not the short ones: a thin band is a line.
            sides = Path([*top, *below], [Path.MOVETO, *_CURVE] * 2)
            ax.add_patch(PathPatch(sides, fill=False, edgecolor=PALETTE[row], linewidth=_HAIR, clip_on=False))


def _curve(edges: tuple[float, float], start: float, end: float) -> list[tuple[float, float]]:
    """From one edge to the other, level at both: two of them, one below the other, are equally far apart everywhere."""
    middle = sum(edges) / 2
    return [(edges[0], start), (middle, start), (middle, end), (edges[1], end)]


def _draw_blocks(ax: Axes, side: _Side, above: float, x: float, looks: Iterable[tuple[str, str]]) -> None:
    """The blocks of a side, from x to the right, each with its label and amount on the side of the nearer margin."""
    align, beside = ("right", x - _BESIDE) if x < FULL / 2 else ("left", x + _BLOCK + _BESIDE)
    tops = above + side.tops
    for label, amount, height, top, look in zip(side.labels, side.amounts, side.heights, tops, looks, strict=False):
        colour, hatch = look
        block = {"facecolor": colour, "edgecolor": "white", "hatch": hatch, "linewidth": 0, "clip_on": False}
        ax.add_patch(Rectangle((x, top), _BLOCK, height, **block))
        if 0 < height < _HAIR:
            ax.plot([x, x + _BLOCK], [top + height / 2] * 2, color=colour, linewidth=_HAIR, clip_on=False)
        lines = count_lines(label), count_lines(amount)
        first = top + height / 2 - LINE * sum(lines) / 2
        write_lines(ax, beside, first, label, ha=align)
        write_lines(ax, beside, first + LINE * lines[0], amount, ha=align, weight="bold")


def _tell(flows: pd.DataFrame, sides: tuple[_Side, _Side], names: tuple[str, str], axis: str, value: str) -> str:
    """The message in words: total, both sides, the largest flows, and what has no band."""
    said = []
    for head, side in zip(names, sides, strict=True):
        nodes = [f"{tell(name)}, {_flat(amount)}" for name, amount in zip(side.names, side.amounts, strict=True)]
        said.append(f"{tell(head)} : {tell_first(nodes, _NODES, 'autres')}.")
    drawn = flows[flows["value"] > 0].sort_values("value", ascending=False, kind="stable")
    largest = [
        f"{tell(one)} vers {tell(other)}, {format_value(number, value)}"
        for one, other, number in drawn.itertuples(index=False)
    ]
    if largest:
        said.append(f"Du plus grand flux au plus petit : {tell_first(largest, _FLOWS, 'autres dans les données')}.")
    missing = flows[flows["value"].isna()]
    if len(missing):
        pairs = [
            f"{tell(one)} vers {tell(other)}" for one, other in zip(missing["source"], missing["target"], strict=True)
        ]
        said.append(
            f"Sans valeur, non dessinés : {len(missing)} sur {len(flows)} ({tell_first(pairs, _FLOWS, 'autres')})."
        )
    if zeros := int((flows["value"] == 0).sum()):
        said.append(f"Nuls, non dessinés : {zeros} sur {len(flows)}.")
    total = format_value(flows["value"].sum(), value)
    return f"Diagramme de flux, {inside(axis)}. Total : {total}. {' '.join(said)}"


def _flat(amount: str) -> str:
    return amount.replace("\n", " ")
