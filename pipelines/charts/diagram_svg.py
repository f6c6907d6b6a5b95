"""The SVG of a diagram: presentation attributes alone, so that it stands by itself and a strict page shows it.

No style, script, class of a library or address: what a page adds (dark colours, lit paths) it finds by the classes
`boite` and `lien` and by the colours themselves.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipelines.charts.diagram_boxes import LINE, PAD, SIGN, TYPE, Wording, lines_of
from pipelines.charts.diagram_courses import Box, Course
from pipelines.charts.diagram_layout import Layout
from pipelines.charts.diagram_marks import EDGES, HEAD, LINES, PAPER, draw_denial, draw_head, draw_state
from pipelines.charts.lettering import BOLD, shorten
from pipelines.charts.style import BLUE, BRICK, INK, SLATE

FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif"
# Pixels: from a heading to its rule and to what stands below; around the drawing.
_RULE, _BELOW, EDGE = 6.0, 16.0, 4.0
# How far down its line the letters of a text stand.
BASE = 11.5
# A blank above and below the legend.
AROUND = 14.0
_LINKED = re.compile(r'<a class="boite" href="#n\d+" data-noeud="\d+"')
_SPOKEN = re.compile(r' (?:class|href|role|data-[a-z]+|aria-[a-z]+)="[^"]*"')
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
_SOFT = f' fill="{SLATE}"'


@dataclass(frozen=True)
class Part:
    """A part of the drawing: its markup, from y = 0 down, and its height in pixels."""

    markup: str
    height: float


@dataclass(frozen=True)
class Node:
    """What is drawn of a node, and how it is said aloud."""

    wording: Wording
    state: str
    said: str


@dataclass(frozen=True)
class Line:
    """What is drawn of a link: the ranks of the nodes that it joins, its status and its verdict."""

    source: int
    target: int
    status: str
    verdict: str


def write_svg(
    parts: Sequence[Part], width: float, title: str, description: str, *, anchor: str = "", mark: str = ""
) -> str:
    """The whole drawing, its parts from the top down; `mark`: what must be said of its data, in the last line.

    `anchor`: the id that the drawing has in a page. There its nodes are links to `#<anchor>-n0`, `#<anchor>-n1`…
    """
    height = sum(part.height for part in parts) + (LINE + PAD if mark else 0)
    name = f'id="{anchor}-dessin" class="modele" ' if anchor else ""
    told = (f' id="{anchor}-nom"', f' id="{anchor}-dire"') if anchor else ("", "")
    roles = f'role="group" aria-labelledby="{anchor}-nom" aria-describedby="{anchor}-dire"' if anchor else 'role="img"'
    out = [
        f'<svg {NAMESPACE} {name}{roles} width="{width + 2 * EDGE:g}" height="{height:g}" {frame(width, height)}>',
        f"<title{told[0]}>{escape(title)}</title><desc{told[1]}>{escape(description)}</desc>",
        f'<rect x="{-EDGE:g}" width="{width + 2 * EDGE:g}" height="{height:g}" fill="{PAPER}"/>',
    ]
    top = 0.0
    for part in parts:
        # Text is escaped: such marks are ours alone.
        markup = (
            part.markup.replace('href="#n', f'href="#{anchor}-n')
            if anchor
            else _LINKED.sub('<g class="boite" role="img"', part.markup).replace("</a>", "</g>")
        )
        out.append(f'<g transform="translate(0 {top:g})">{markup}</g>')
        top += part.height
    if mark:
        out.append(write_mark(mark, width, top))
    return "".join(out) + "</svg>"


def frame(width: float, height: float) -> str:
    """The attributes of a drawing of this size: its edges, its type and its ink."""
    box = f"{-EDGE:g} 0 {width + 2 * EDGE:g} {height:g}"
    return f'viewBox="{box}" font-family="{FONT}" font-size="{TYPE:g}" fill="{INK}" stroke-linejoin="round"'


def write_mark(mark: str, width: float, top: float) -> str:
    """What must be said of the data, at the right of a line of its own."""
    place = f'x="{width:g}" y="{top + BASE:g}" text-anchor="end"'
    return f'<text class="mention" {place} font-style="italic" fill="{BRICK}">{escape(mark)}</text>'


def silence(markup: str) -> str:
    """A drawing without links, names for a page, and what is said aloud: what paper needs of it."""
    return _SPOKEN.sub("", markup).replace("<a>", "<g>").replace("</a>", "</g>")


def draw_headings(headings: Sequence[str], lefts: Sequence[float], widths: Sequence[float]) -> Part:
    """The heading of each column above a rule, all rules at the same height."""
    texts = [lines_of(heading, width / BOLD, 3) for heading, width in zip(headings, widths, strict=True)]
    most = max(map(len, texts), default=0)
    rule = EDGE + most * LINE + _RULE
    out = []
    for text, left, width in zip(texts, lefts, widths, strict=True):
        out.append(write_lines(text, left, EDGE + (most - len(text)) * LINE, f' font-weight="bold" fill="{BLUE}"'))
        out.append(f'<path d="M{left:g} {rule:g}h{width:g}" stroke="{BLUE}" stroke-width="1.5"/>')
    return Part("".join(out), rule + _BELOW)


def draw_body(
    layout: Layout, nodes: Mapping[str, Node], lines: Sequence[Line], top: float = 0.0, bottom: float = math.inf
) -> Part:
    """The links, those with the best evidence uppermost, then the boxes: all that shows between `top` and `bottom`."""
    out = []
    for verdict, stroke in LINES.items():
        drawn = [
            _draw_link(line, course)
            for line, course in zip(lines, layout.courses, strict=True)
            if line.verdict == verdict and course.top < bottom and course.bottom > top
        ]
        cap = ' stroke-linecap="round"' if verdict == "non_examine" else ""
        if drawn:
            out.append(f'<g class="liens-{verdict}" fill="none" {stroke.attributes}{cap}>{"".join(drawn)}</g>')
    links = f'<g aria-hidden="true">{"".join(out)}</g>'
    boxes = [
        _draw_box(layout.boxes[code], node, rank)
        for rank, (code, node) in enumerate(nodes.items())
        if layout.boxes[code].y < bottom and layout.boxes[code].bottom > top
    ]
    return Part(links + "".join(boxes), layout.height + AROUND)


def _draw_box(box: Box, node: Node, rank: int) -> str:
    words, edge = node.wording, EDGES[node.state]
    first = words.label[0].removeprefix(words.code)
    x, top = box.x + PAD, box.y + words.state_top
    label = [Markup('<tspan font-weight="bold">{}</tspan>{}').format(words.code, first), *words.label[1:]]
    signs = [draw_state(node.state, x + 5, top + 7.5)] if words.state else []
    below = top + LINE * len(words.state)
    return (
        f'<a class="boite" href="#n{rank}" data-noeud="{rank}" aria-label="{escape(node.said)}">'
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="4" fill="{PAPER}" '
        f"{edge.attributes}/>"
        f"{write_lines(label, x, box.y + PAD)}{''.join(signs)}"
        f"{write_lines(words.state, x + SIGN, top, _SOFT)}"
        f"{write_lines(words.summary, x, below, _SOFT)}</a>"
    )


def _draw_link(line: Line, course: Course) -> str:
    colour = LINES[line.verdict].colour
    points = course.points
    (x, y), leftward = points[-1], course.leftward
    # The line ends inside the head, not at its tip.
    end = x + (HEAD - 2 if leftward else 2 - HEAD)
    path = "".join(_path([*points[:-1], (end, y)], course.bulge))
    denial = draw_denial(*_before_end(course)) if line.verdict == "contredit" else ""
    head = draw_head(line.status, x, y, colour, leftward=leftward)
    return f'<g class="lien" data-de="{line.source}" data-vers="{line.target}"><path d="{path}"/>{head}{denial}</g>'


def _path(points: Sequence[tuple[float, float]], bulge: float) -> Iterator[str]:
    (x, y), *rest = points
    yield f"M{x:g} {y:g}"
    for at, (right, down) in enumerate(rest):
        if bulge:
            far = round(max(x, right) + bulge * 4 / 3, 1)
            yield f"C{far:g} {y:g} {far:g} {down:g} {right:g} {down:g}"
        elif at % 2 or y == down:
            # Through a column, or level anyway: straight.
            yield f"L{right:g} {down:g}"
        else:
            middle = round((x + right) / 2, 1)
            yield f"C{middle:g} {y:g} {middle:g} {down:g} {right:g} {down:g}"
        x, y = right, down


def _before_end(course: Course) -> tuple[float, float]:
    """Where the cross of a link that is contradicted stands: on its last part, before the arrow."""
    (one, y), (other, down) = course.points[-2:]
    if course.bulge:
        return round(max(one, other) + course.bulge, 1), round((y + down) / 2, 1)
    # On the cubic through whose middle it turns, at 0.7 of the way.
    return round(one + 0.658 * (other - one), 1), round(y + 0.784 * (down - y), 1)


def write_lines(lines: Sequence[str], x: float, top: float, look: str = "") -> str:
    """Lines of text from `top` down; what is no markup of ours is escaped."""
    if not lines:
        return ""
    spans = "".join(
        f'<tspan x="{x:g}" y="{top + LINE * at + BASE:g}">{escape(line)}</tspan>' for at, line in enumerate(lines)
    )
    return f"<text{look}>{spans}</text>"


def plain(text: str) -> str:
    """A text without controls and signs that turn the writing, whole."""
    return shorten(text, 10_000)
