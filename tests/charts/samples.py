"""A chart of each kind whose every label is a given text: an ordinary one, or the worst that data can hold."""

import functools
from collections.abc import Callable, Sequence
from itertools import cycle

import pandas as pd
import pytest

from pipelines.charts.bars import draw_paired_bars, draw_ranked_bars, draw_stacked_bars
from pipelines.charts.flows import draw_flows
from pipelines.charts.gaps import draw_gaps
from pipelines.charts.heat import draw_heat_table
from pipelines.charts.intervals import draw_intervals_over_years
from pipelines.charts.lines import draw_lines
from pipelines.charts.map import draw_map
from pipelines.charts.multiples import draw_small_multiples
from pipelines.charts.quadrant import draw_quadrant
from pipelines.charts.strips import draw_strips
from pipelines.charts.style import Chart
from pipelines.charts.tiles import draw_tiles
from pipelines.charts.tree import draw_tree
from pipelines.indicators.gender import Tree, read_as
from tests.shipped import shipped_contract

ORDINARY = "Été à l'Escaut"
HOSTILE = {
    "script": "<script>alert(1)</script>\" onload='alert(2)'",
    "markup": "]]> & &amp; <!-- --> -- <style>*{fill:red}</style>",
    "mathematics": "$x$ a_b^c {{ 7 * 7 }} {% raw %}",
    "turned": "\u202eengagé\u202c \u2066x\u2069 \u202aab\u202b\u202d \u2067\u2068",
    "controls": "a\x00b\x1b[31m\x07\x9f\r\n\tc",
    "endless": "Un libellé sans fin " * 500,
    "a long word": "W" * 200,
    "without glyph": "中文字符 \ue000 \U0001f9ff",
    "arabic": "شارع الحرية في المدينة القديمة",
    "underscored": "_nolegend_",
    "nothing is left": "\u202e",
    "accents": "e\u0301" * 100,
    "widest": "\u2031" * 170,
}

# Those that the suite draws every time; the others are for the long tests.
WORST = ("script", "endless", "a long word", "arabic")
NAMES = [pytest.param(name, marks=[] if name in WORST else pytest.mark.long) for name in HOSTILE]


def _ranked(text: str) -> Chart:
    return draw_ranked_bars(_rows(text), label="nom", value="montant_a", axis=text)


def _paired(text: str) -> Chart:
    return draw_paired_bars(
        _rows(text), label="nom", pair=("montant_a", "montant_b"), names=(text, f"x{text}"), axis=text
    )


def _stacked(text: str) -> Chart:
    return draw_stacked_bars(_years(text), label="annee", category="nom", value="montant_a", axis=text)


def _gaps(text: str) -> Chart:
    return draw_gaps(
        _rows(text), label="nom", value="montant_b", reference=1.8, reference_name=text, unit="%", axis=text
    )


def _whiskers(text: str) -> Chart:
    return draw_gaps(
        _with_ends(_rows(text), "montant_b"), label="nom", value="montant_b", low="bas", high="haut", reference=1.8,
        reference_name=text, unit="%", axis=text,
    )  # fmt: skip


def _quadrant(text: str) -> Chart:
    frame = _with_ends(_rows(text), "montant_b").assign(taux=[40.0, 55.0, 40.0])
    return draw_quadrant(
        frame, label="nom", level="taux", change="montant_b", low="bas", high="haut", axis_level=text, axis_change=text,
        reference=48.0, reference_name=text, better="haut",
    )  # fmt: skip


def _multiples(text: str) -> Chart:
    frame = _with_ends(_years(text), "montant_a").assign(entour=lambda rows: 1.1 * rows["montant_b"])
    return draw_small_multiples(
        frame, facet="nom", year="annee", value="montant_a", reference="entour", reference_name=text, low="bas",
        high="haut", axis=text, breaks=(2021, (2022, 2022)),
    )  # fmt: skip


def _strips(text: str) -> Chart:
    frame = _years(text).assign(est_du_contrat=lambda rows: rows["nom"] == text)
    return draw_strips(
        frame, line="nom", value="montant_a", own="est_du_contrat", names=(text, f"x{text}"), axis=text
    )  # fmt: skip


def _lines(text: str) -> Chart:
    return draw_lines(_years(text), year="annee", category="nom", value="montant_a", axis=text)


def _flows(text: str) -> Chart:
    return draw_flows(_crossed(text), source="nom", target="theme", value="montant_a", names=(text, text), axis=text)


def _heat(text: str) -> Chart:
    return draw_heat_table(_crossed(text), row="nom", column="theme", value="montant_a", axis=text, totals=True)


def _signed(text: str) -> Chart:
    rows = _crossed(text).assign(
        ecart_reference=lambda frame: frame["montant_b"] - 2, texte=lambda frame: frame["montant_b"].map("{} *".format)
    )
    return draw_heat_table(
        rows, row="nom", column="theme", value="ecart_reference", axis=text, breaks=(-0.5, 0, 0.5), written="texte",
        meaning=text,
    )  # fmt: skip


def _intervals(text: str) -> Chart:
    frame = _with_ends(_years(text), "montant_a")
    return draw_intervals_over_years(
        frame, year="annee", series="nom", value="montant_a", low="bas", high="haut", axis=text, names={text: text}
    )


def _tree(text: str) -> Chart:
    tree = word_tree([text])
    counts = pd.DataFrame([("Q1", "Q2", 1_234), ("Q1", "Q2N", 1)], columns=["depuis", "vers", "nb_actions"])
    return draw_tree(tree, reading=read_as(tree), counts=counts, taken=("Q1", "Q2N", "Q4"))


@functools.cache
def shipped_tree() -> Tree:
    """The tree of the shipped contract."""
    tree = shipped_contract().arbre_marqueur
    assert tree is not None
    return tree


def word_tree(texts: Sequence[str]) -> Tree:
    """The shipped tree with other words: `texts` in turn for its questions, the first for everything else."""
    tree, first, turn = shipped_tree(), texts[0], cycle(texts)
    questions = []
    for question in tree.questions:
        answers = {answer: getattr(question, answer).model_copy(update={"chemin": first}) for answer in ("oui", "non")}
        questions.append(question.model_copy(update={"texte": next(turn), "libelle": first, **answers}))
    listed = tuple(criterion.model_copy(update={"libelle": first}) for criterion in tree.criteres.liste)
    criteria = tree.criteres.model_copy(update={"texte": next(turn), "liste": listed})
    return tree.model_copy(
        update={"titre": first, "echelle": (first,) * 3, "questions": tuple(questions), "criteres": criteria}
    )


def squares(codes: Sequence[str], side: float = 0.02, wide: int = 9) -> pd.DataFrame:
    """Contours of invented squares side by side, `wide` a row from north to south."""
    corners = [(3 + side * (at % wide), 50 - side * (at // wide)) for at in range(len(codes))]
    rings = [[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)] for x, y in corners]
    texts = [f"POLYGON (({', '.join(f'{x:.5f} {y:.5f}' for x, y in ring)}))" for ring in rings]
    return pd.DataFrame({"code_territoire": list(codes), "geometrie": texts})


def _map(text: str) -> Chart:
    frame = _rows(text).assign(code=list("abc"))
    # Two squares far apart are too small for most names; the other territory has no contour.
    return draw_map(frame, squares("adefghijc", 0.005), code="code", label="nom", value="montant_a", axis=text)


def _tiles(text: str) -> Chart:
    tiles = pd.DataFrame({"code_territoire": list("abc"), "colonne": [1, 2, 4], "rang": [1, 1, 2]})
    return draw_tiles(
        _rows(text).assign(code=list("abc")), tiles, code="code", label="nom", value="montant_b", axis=text
    )


def _empty(text: str) -> Chart:
    return draw_ranked_bars(_rows(text).iloc[:0], label="nom", value="montant_a", axis=text)


def crowded() -> Chart:
    """A line of so many marks that they weigh more than a picture of them."""
    years = range(1, 3001)
    frame = pd.DataFrame({"annee": years, "nom": "Anzin", "indice": [100.0 + year * 37 % 11 for year in years]})
    return draw_lines(frame, year="annee", category="nom", value="indice", axis="Indice")


def _rows(text: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"nom": [text, f"b {text}", "Anzin"], "montant_a": [1_234_567.5, 2.0, None], "montant_b": [1.0, 3.0, 2.5]}
    )


def _with_ends(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    frame = frame.assign(bas=0.9 * frame[value], haut=1.2 * frame[value])
    # A row without interval.
    frame.loc[0, "bas"] = None
    return frame


def _years(text: str) -> pd.DataFrame:
    # Up and down: a line has corners.
    rows = pd.concat([_rows(text).assign(annee=year) for year in (2020, 2021, 2022)], ignore_index=True)
    return rows.assign(montant_a=rows["montant_a"] * (1 + rows["annee"] % 2))


def _crossed(text: str) -> pd.DataFrame:
    themes = [text, f"t {text}", "Santé"]
    rows = pd.concat([_rows(text).assign(theme=theme) for theme in themes], ignore_index=True)
    # A pair without a row, beside those without a value.
    return rows.assign(montant_a=rows["montant_a"] * (1 + rows.index % 4)).iloc[:-1]


CHARTS: dict[str, Callable[[str], Chart]] = {
    "ranked": _ranked,
    "paired": _paired,
    "stacked": _stacked,
    "gaps": _gaps,
    "whiskers": _whiskers,
    "quadrant": _quadrant,
    "multiples": _multiples,
    "lines": _lines,
    "strips": _strips,
    "flows": _flows,
    "heat": _heat,
    "signed": _signed,
    "intervals": _intervals,
    "tree": _tree,
    "map": _map,
    "tiles": _tiles,
    "empty": _empty,
}
