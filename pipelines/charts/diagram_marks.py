"""The signs of a diagram: what tells states, verdicts and statuses apart without colour, as SVG of our own."""

from dataclasses import dataclass

from pipelines.charts.style import BLUE, BRICK, GREEN, OCHRE, SLATE

PAPER = "#ffffff"
# Pixels: from the middle of a sign to its edge; from the tip of an arrow to its end, and to its side.
RADIUS, HEAD, _SIDE = 5.0, 8.0, 3.8


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn: colour, width in pixels, dashes ("" where it is whole)."""

    colour: str
    width: float
    dashes: str = ""

    @property
    def attributes(self) -> str:
        """As SVG writes it."""
        dashes = f' stroke-dasharray="{self.dashes}"' if self.dashes else ""
        return f'stroke="{self.colour}" stroke-width="{self.width:g}"{dashes}'


# The edge of a box, by the state of its node.
EDGES = {
    "atteint": Stroke(GREEN, 2),
    "en_partie": Stroke(OCHRE, 2),
    "non_atteint": Stroke(BRICK, 2),
    "non_mesure": Stroke(SLATE, 1),
    "sans_cible": Stroke(SLATE, 1),
    "sans_indicateur": Stroke(SLATE, 1),
    "perdu": Stroke(SLATE, 1.4, "5 4"),
}
# The line of a link, by its verdict: the better the evidence, the more of a line.
LINES = {
    "non_examine": Stroke(SLATE, 1.3, "1.3 3.7"),
    "faible": Stroke(SLATE, 1.3, "5 5"),
    "partiel": Stroke(BLUE, 1.8, "12 4"),
    "contredit": Stroke(BRICK, 1.8),
    "etaye": Stroke(BLUE, 2.8),
}


def draw_state(state: str, x: float, y: float) -> str:
    """The sign of a state around (x, y): full, half or crossed by its target, else a ring or a dash."""
    ring = f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}"'
    hollow = f'{ring} fill="{PAPER}"'
    colour = EDGES[state].colour
    line = f'stroke="{colour}" stroke-width="1.4"'
    match state:
        case "atteint":
            tick = f"M{x - 2.4:g} {y:g}l1.8 1.9 3.2-3.8"
            white = f'stroke="{PAPER}" stroke-width="1.5" fill="none"'
            drawn = f'{ring} fill="{colour}"/><path d="{tick}" {white}/>'
        case "en_partie":
            half = f'<path d="M{x:g} {y - RADIUS:g}a5 5 0 0 0 0 10z" fill="{colour}"/>'
            drawn = f"{hollow} {line}/>{half}"
        case "non_atteint":
            cross = f"M{x - 2:g} {y - 2:g}l4 4m0-4l-4 4"
            drawn = f'{hollow} {line}/><path d="{cross}" {line} fill="none"/>'
        case "non_mesure":
            drawn = f'{hollow} {line} stroke-dasharray="2 2"/>'
        case "sans_cible":
            drawn = f'{hollow} {line}/><circle cx="{x:g}" cy="{y:g}" r="1.8" fill="{colour}"/>'
        case "sans_indicateur":
            drawn = f'<path d="M{x - RADIUS:g} {y:g}h10" {line} fill="none"/>'
        case _:
            corner = f"M{x - 4.5:g} {y - 4.5:g}h9v9h-9z"
            drawn = f'<path d="{corner}" {line} stroke-dasharray="3 2" fill="{PAPER}"/>'
    return f'<g class="signe-{state}" aria-hidden="true">{drawn}</g>'


def draw_head(status: str, x: float, y: float, colour: str, *, leftward: bool = False) -> str:
    """The end of a link at (x, y), by its status: full, hollow or open arrow; a bar where the link was taken back."""
    back = HEAD if leftward else -HEAD
    line = f'stroke="{colour}" stroke-width="1.4" stroke-dasharray="none"'
    sides = f"M{x + back:g} {y - _SIDE:g}L{x:g} {y:g}L{x + back:g} {y + _SIDE:g}"
    match status:
        case "atteste":
            return f'<path class="tete" d="{sides}z" fill="{colour}" {line}/>'
        case "valide":
            return f'<path class="tete" d="{sides}z" fill="{PAPER}" {line}/>'
        case "hypothese":
            return f'<path class="tete" d="{sides}" {line} fill="none"/>'
    return f'<path class="tete" d="M{x + back / 2:g} {y - 5:g}v10" {line.replace("1.4", "2.4")} fill="none"/>'


def draw_denial(x: float, y: float) -> str:
    """The cross upon a link that is contradicted."""
    ring = f'<circle cx="{x:g}" cy="{y:g}" r="5.4" fill="{PAPER}" stroke="none"/>'
    line = f'stroke="{BRICK}" stroke-width="2" stroke-dasharray="none" fill="none"'
    return f'{ring}<path class="dementi" d="M{x - 3:g} {y - 3:g}l6 6m0-6l-6 6" {line}/>'
