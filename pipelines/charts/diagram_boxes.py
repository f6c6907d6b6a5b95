"""What stands in the box of a node: its code and label, the sign and the word of its state, what its indicator says."""

import re
from dataclasses import dataclass

from pipelines.charts.lettering import BOLD, measure, shorten
from pipelines.charts.style import FONT_SIZE
from pipelines.tables.vocabulary import NODE_STATE_LABELS

# CSS pixels: the type of a diagram, from one line to the next, the blank inside a box, a sign with the blank behind it.
TYPE, LINE, PAD, SIGN = 12.0, 15.0, 9.0, 16.0
LOST = "Libellé perdu"
# More lines than this are cut, as are longer codes: the table below the diagram holds the whole.
_MOST, _CODE, _LONGEST = 12, 14, 360
# The blank between a label and the state below it.
_BETWEEN = 4.0


@dataclass(frozen=True)
class Wording:
    """The lines of a box: `code` begins the first of `label` in bold; `state` stands beside its sign."""

    code: str
    label: tuple[str, ...]
    state: tuple[str, ...]
    summary: tuple[str, ...]

    @property
    def height(self) -> float:
        """How high a box must be to hold them, in pixels."""
        lines = len(self.label) + len(self.state) + len(self.summary)
        return 2 * PAD + LINE * lines + _BETWEEN

    @property
    def state_top(self) -> float:
        """How far below the top of the box the state begins."""
        return PAD + LINE * len(self.label) + _BETWEEN


def word_box(code: str, label: str, state: str, summary: str, width: float) -> Wording:
    """The lines of a node in a box of this width; without a label it says that it is lost."""
    room = width - 2 * PAD
    # Neither a blank nor a hyphen parts a code.
    short = shorten(code, _CODE).replace(" ", "\u00a0").replace("-", "\u2011")
    lines = lines_of(f"{short} {label or LOST}", room - (BOLD - 1) * pixels(short), _MOST)
    # A code that fills the line is cut with it, and stands as what it is a part of.
    short = short if lines[0].startswith(short) else ""
    words = NODE_STATE_LABELS[state]
    # A lost label is said once.
    said = () if state == "perdu" and not label else lines_of(words, room - SIGN)
    return Wording(short, lines, said, lines_of(summary, room, 3) if summary else ())


def lines_of(text: str, room: float, most: int = _MOST) -> tuple[str, ...]:
    """A text on lines of at most `room` pixels, `most` of them; what would follow is left out, with « … »."""
    words = re.findall("[^ ]+", _bind(shorten(text, _LONGEST)))
    lines, line = [], ""
    while words:
        word = words.pop(0)
        joined = f"{line} {word}" if line else word
        if pixels(joined) <= room:
            line = joined
        elif line:
            lines.append(line)
            line, words = "", [word, *words]
        else:
            # A word that is too long for a line is cut there.
            fits = next((end for end in range(len(word) - 1, 1, -1) if pixels(word[:end]) <= room), 1)
            lines.append(word[:fits])
            words = [word[fits:], *words]
    lines += [line] if line else []
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while pixels(f"{last}…") > room:
        last = last[:-1]
    return (*lines[: most - 1], f"{last.rstrip()}…")


def _bind(text: str) -> str:
    """French text whose « : ; ! ? % € » are not parted from what they follow; a « / » neither."""
    return re.sub(r" ([:;!?%€»/])|(«) ", "\\2\u00a0\\1", text)


def pixels(text: str) -> float:
    """The width of a text in the type of a diagram: no less than in the fonts of a page."""
    return measure(text) * TYPE / FONT_SIZE
