"""A chart of each kind whose every label is a given text: an ordinary one, or the worst that data can hold."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipelines.charts.bars import draw_paired_bars, draw_ranked_bars, draw_stacked_years
from pipelines.charts.flows import draw_flows
from pipelines.charts.gaps import draw_gaps
from pipelines.charts.heat import draw_heat_table
from pipelines.charts.lines import draw_lines
from pipelines.charts.style import Chart

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
    return draw_stacked_years(_years(text), year="annee", category="nom", value="montant_a", axis=text)


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
    "empty": _empty,
}
