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
from pipelines.charts.style import Chart
from pipelines.charts.tree import draw_tree
from pipelines.contract import read_contract
from pipelines.indicators.gender import Tree, read_as

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


def _lines(text: str) -> Chart:
    return draw_lines(_years(text), year="annee", category="nom", value="montant_a", axis=text)


def _flows(text: str) -> Chart:
    return draw_flows(_crossed(text), source="nom", target="theme", value="montant_a", names=(text, text), axis=text)


def _heat(text: str) -> Chart:
    return draw_heat_table(_crossed(text), row="nom", column="theme", value="montant_a", axis=text, totals=True)


def _intervals(text: str) -> Chart:
    frame = _years(text).assign(bas=lambda rows: 0.9 * rows["montant_a"], haut=lambda rows: 1.2 * rows["montant_a"])
    # A year without interval.
    frame.loc[0, "bas"] = None
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
    tree = read_contract("valenciennes").arbre_marqueur
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
    "lines": _lines,
    "flows": _flows,
    "heat": _heat,
    "intervals": _intervals,
    "tree": _tree,
    "empty": _empty,
}
