"""What is drawn of a model, in whatever room: its columns of nodes, its links, its headings and its legend."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.charts.diagram_boxes import Wording, word_box
from pipelines.charts.diagram_courses import Link
from pipelines.charts.diagram_layout import Layout
from pipelines.charts.diagram_legend import draw_legend
from pipelines.charts.diagram_svg import Line, Node, Part, draw_body, draw_headings


@dataclass(frozen=True)
class Text:
    """What a node says: code, label ("" where it is lost), state, what its indicator says, all of it aloud."""

    code: str
    label: str
    state: str
    summary: str
    aloud: str


@dataclass(frozen=True)
class Model:
    """The texts of nodes by code in the order of columns, links and how they are drawn, headings of columns.

    `states`, `statuses`, `verdicts`: those that occur, in the order of their vocabularies.
    """

    texts: Mapping[str, Text]
    columns: Sequence[Sequence[str]]
    headings: Sequence[str]
    links: Sequence[Link]
    lines: Sequence[Line]
    states: Sequence[str]
    statuses: Sequence[str]
    verdicts: Sequence[str]

    def word(self, code: str, width: float) -> Wording:
        """The lines of a node in a box of this width."""
        text = self.texts[code]
        return word_box(text.code, text.label, text.state, text.summary, width)

    def measure(self, widths: Sequence[float]) -> dict[str, float]:
        """How high the box of every node is, in columns of these widths."""
        pairs = zip(self.columns, widths, strict=True)
        return {code: self.word(code, width).height for codes, width in pairs for code in codes}

    def draw_head(self, lefts: Sequence[float], widths: Sequence[float]) -> Part:
        """The headings of the columns."""
        return draw_headings(self.headings, lefts, widths)

    def draw_body(self, layout: Layout, top: float = 0.0, bottom: float = math.inf) -> Part:
        """What shows of nodes and links between two heights."""
        nodes = {
            code: Node(self.word(code, layout.boxes[code].width), text.state, text.aloud)
            for code, text in self.texts.items()
        }
        return draw_body(layout, nodes, self.lines, top, bottom)

    def draw_key(self, width: float, *, beside: bool = False) -> Part:
        """The legend of what occurs; `beside`: on as few lines as hold it."""
        return draw_legend(self.states, self.statuses, self.verdicts, width, beside=beside)
