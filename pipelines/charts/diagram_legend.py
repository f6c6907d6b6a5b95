"""The legend of a diagram: what its signs mean."""

from collections.abc import Sequence

from pipelines.charts.diagram_boxes import LINE, PAD, SIGN, pixels
from pipelines.charts.diagram_marks import LINES, draw_denial, draw_head, draw_state
from pipelines.charts.diagram_svg import AROUND, Part, write_lines
from pipelines.charts.lettering import BOLD
from pipelines.charts.style import SLATE
from pipelines.tables.vocabulary import LINK_STATUS_LABELS, NODE_STATE_LABELS, VERDICT_LABELS

# Pixels: a sample of a link, and the blank between two entries.
_SAMPLE, _APART = 40.0, 20.0


def draw_legend(
    states: Sequence[str], statuses: Sequence[str], verdicts: Sequence[str], width: float, *, beside: bool = False
) -> Part:
    """What the signs mean, of those that are drawn alone: states of nodes, verdicts and statuses of links.

    `beside`: what fits stands on one line, for paper is dear.
    """
    out, top = [f'<path d="M0 .5h{width:g}" stroke="{SLATE}" stroke-width=".7"/>'], AROUND
    rows = [
        ("État des nœuds", [(draw_state(state, 5, 7.5), SIGN, NODE_STATE_LABELS[state]) for state in states]),
        ("Verdict sur un lien", [(_sample(verdict), _SAMPLE + 8, VERDICT_LABELS[verdict]) for verdict in verdicts]),
        ("Origine d'un lien", [(_arrow(one), _SAMPLE / 2 + 12, LINK_STATUS_LABELS[one]) for one in statuses]),
    ]
    label = BOLD * pixels("Verdict sur un lien") + _APART
    left = 0.0
    for name, entries in rows:
        if not entries:
            continue
        whole = label + sum(room + pixels(text) + _APART for _, room, text in entries)
        if left and not (beside and left + whole <= width):
            left, top = 0.0, top + LINE + 5
        begin = x = left + label
        out.append(write_lines([name], left, top, ' font-weight="bold"'))
        for sign, room, text in entries:
            wide = room + pixels(text)
            if x > begin and x + wide > width:
                x, top = begin, top + LINE + 4
            out.append(f'<g transform="translate({x:.1f} {top:g})">{sign}{write_lines([text], room, 0)}</g>')
            x += wide + _APART
        left = x + _APART
    return Part(f'<g class="cle">{"".join(out)}</g>', top + LINE + 5 + PAD)


def _sample(verdict: str) -> str:
    cap = ' stroke-linecap="round"' if verdict == "non_examine" else ""
    denial = draw_denial(_SAMPLE / 2, 7.5) if verdict == "contredit" else ""
    return f'<path d="M0 7.5h{_SAMPLE:g}" fill="none" {LINES[verdict].attributes}{cap}/>{denial}'


def _arrow(status: str) -> str:
    line = f'<path d="M0 7.5h{_SAMPLE / 2 - 2:g}" fill="none" stroke="{SLATE}" stroke-width="1.4"/>'
    return line + draw_head(status, _SAMPLE / 2 + 4, 7.5, SLATE)
