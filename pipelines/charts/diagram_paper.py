"""A diagram on paper: laid out for A4 across, wide and low, on one sheet wherever its letters stay legible."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import escape

from pipelines.charts.diagram_boxes import LINE, PAD
from pipelines.charts.diagram_courses import GUTTER
from pipelines.charts.diagram_layout import Layout, lay_out, stack
from pipelines.charts.diagram_model import Model
from pipelines.charts.diagram_order import Rows
from pipelines.charts.diagram_svg import (
    AROUND,
    BASE,
    EDGE,
    NAMESPACE,
    Part,
    frame,
    silence,
    write_mark,
)
from pipelines.charts.style import SLATE

# Millimetres: what A4 across leaves of its margins and of the title.
ACROSS, DOWN = 277.0, 168.0
# CSS pixels: at the widest, twelve of them print at 6.5 points; the first that needs one sheet alone is taken.
_WIDTHS = (960.0, 1120.0, 1280.0, 1430.0)
# How narrow and how wide a column may be, and by how much it grows; the least between two boxes.
_NARROW, _WIDE, _STEP, _GAP = 190.0, 560.0, 10.0, 9.0
# Letters on a line across the sheet, and millimetres from a line to the next, of what a page says of a figure.
_LETTERS, _LINE = 150, 4.5
# The line below the legend: which sheet it is, the mark of the data.
_FOOT = LINE + PAD


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper: its parts from the top down, in pixels; `top`: where its body begins in the layout."""

    head: Part
    body: Part
    key: Part
    top: float
    width: float

    @property
    def height(self) -> float:
        """How high it is with the line below its legend."""
        return self.head.height + self.body.height + self.key.height + _FOOT

    @property
    def millimetres(self) -> float:
        """How high it prints."""
        return self.height * ACROSS / (self.width + 2 * EDGE)


def draw_sheets(model: Model, rows: Rows) -> Iterator[Sheet]:
    """The sheets from the top down, headings and legend on each: as few as may be, with letters as large as may be.

    `rows`: the columns of the model as `order_columns` gives them.
    """
    layout, width = _lay_out(model, rows)
    head, key = model.draw_head(layout.lefts, layout.widths), model.draw_key(width, beside=True)
    for top, bottom in pairwise([0.0, *layout.cuts, math.inf]):
        height = min(bottom, layout.height) - top + AROUND
        yield Sheet(head, Part(model.draw_body(layout, top, bottom).markup, round(height, 1)), key, top, width)


def _lay_out(model: Model, rows: Rows) -> tuple[Layout, float]:
    """The layout that draws the model largest on one sheet, else on the fewest; its width in pixels."""
    for width in _WIDTHS:
        widths = _share_width(model, width)
        heights = model.measure(widths)
        rest = (
            model.draw_head([0.0] * len(widths), widths).height
            + model.draw_key(width, beside=True).height
            + _FOOT
            + AROUND
        )
        most = (width + 2 * EDGE) * DOWN / ACROSS - rest
        highest = max((stack([heights[code] for code in codes], _GAP) for codes in model.columns), default=0.0)
        # Where boxes alone are too high, links need not be laid out to see it.
        if highest > most and width < _WIDTHS[-1]:
            continue
        layout = lay_out(rows, model.links, heights, widths, width=width, most=most, gap=_GAP)
        if not layout.cuts:
            break
    return layout, width


def _share_width(model: Model, width: float) -> tuple[float, ...]:
    """The widths of columns that make the highest of them low: what holds more text gets more of the room."""
    columns = model.columns
    if not columns:
        return ()

    def height(at: int, room: float) -> float:
        return stack([model.word(code, room).height for code in columns[at]], _GAP)

    spare = width - GUTTER * (len(columns) - 1)
    widths = [min(_NARROW, spare / len(columns))] * len(columns)
    spare -= sum(widths)
    heights = [height(at, room) for at, room in enumerate(widths)]
    lowest = [height(at, _WIDE) for at in range(len(columns))]
    while spare >= _STEP:
        at = heights.index(max(heights))
        # Room would make it no lower.
        if heights[at] <= lowest[at]:
            break
        widths[at] += _STEP
        spare -= _STEP
        heights[at] = height(at, widths[at])
    return tuple(widths)


def write_sheets(sheets: Sequence[Sheet], *, mark: str = "") -> list[str]:
    """One SVG a sheet, for paper alone: nothing in it is said aloud, leads anywhere or bears an id."""
    names = [f"Feuille {at} sur {len(sheets)}" for at in range(1, len(sheets) + 1)] if len(sheets) > 1 else [""]
    return [_write(sheet, name, mark) for sheet, name in zip(sheets, names, strict=True)]


def has_room(sheet: Sheet, texts: Sequence[str]) -> bool:
    """Whether these paragraphs stand below the drawing on its sheet: what they take is rather guessed too high."""
    lines = sum(1 + len(text) // _LETTERS for text in texts) + len(texts)
    return sheet.millimetres + _LINE * lines <= DOWN


def _write(sheet: Sheet, name: str, mark: str) -> str:
    width, below = sheet.width, sheet.head.height + sheet.body.height
    foot = below + sheet.key.height
    across = width + 2 * EDGE
    # What a cut link goes on with stands outside: an inner drawing shows its own part alone.
    body = (
        f'<svg x="{-EDGE:g}" y="{sheet.head.height:g}" width="{across:g}" height="{sheet.body.height:g}" '
        f'viewBox="{-EDGE:g} {sheet.top:g} {across:g} {sheet.body.height:g}">{silence(sheet.body.markup)}</svg>'
    )
    # A notebook that is open has no style sheet: what is for paper must hide by itself, and a style shows it again.
    return (
        f'<svg {NAMESPACE} class="feuillet" display="none" aria-hidden="true" {frame(width, round(sheet.height, 1))}>'
        f'{silence(sheet.head.markup)}{body}<g transform="translate(0 {below:g})">{silence(sheet.key.markup)}</g>'
        f'<text y="{foot + BASE:g}" fill="{SLATE}">{escape(name)}</text>'
        f"{write_mark(mark, width, foot) if mark else ''}</svg>"
    )
