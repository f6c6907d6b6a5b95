"""Values inside sentences: the texts of `pipelines.numbers`, readable by a machine; their marks reach no reader."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from pipelines import numbers, values
from pipelines.charts.bars import draw_ranked_bars
from pipelines.report.blocks import reading_block, refusal_block
from pipelines.report.report import Report
from pipelines.report.templates import shorten, typeset

HOSTILE = ['<script>alert("1")</script>', "a & b", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"]
# Characters of the private use area, alone, unpaired, and as a whole mark that would be a link.
FORGED = ["\ue000", "\ue0009\ue001", "\ue002\ue001\ue000", "\ue000#tableau-1\ue001ici\ue002", "\ue0009\ue00110\ue002"]


def read(text: str) -> BeautifulSoup:
    return BeautifulSoup(reading_block(text), "html.parser")


@pytest.fixture
def report() -> Report:
    source = {"id": "s", "fictif": False, "editeur": "E", "titre": "T", "millesime": "2020", "licence": "L"}
    contract = {"seuils": {"petit_effectif": 5}, "orientations": [], "date_arret": "2021-06-30"}
    contract |= {"sources": [source], "sources_nationales": []}
    return Report("essai", 2020, {"contrat": contract, "tables": {"actions": {"sources": ["s"]}}})


@pytest.fixture
def shown() -> Iterator[list[dict[str, Any]]]:
    """What a notebook of this process displays, in order."""
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.display_pub = CapturingDisplayPublisher()
    yield shell.display_pub.outputs
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("name", ["format_number", "format_euros", "format_percent", "format_points", "format_change"])
@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("value", [0, -0.04, 2.675, 1234567.891, -12.5, np.int64(7), np.float64(0.5), Decimal("45.35")])
def test_a_value_reads_as_in_a_table_and_is_a_number_to_a_machine(name: str, decimals: int, value: float) -> None:
    marked = getattr(values, name)(value, decimals)
    assert values.plain(marked) == getattr(numbers, name)(value, decimals)
    data = read(f"on compte {marked}.").data
    assert float(data["value"]) == pytest.approx(float(value), abs=0.5 * 10**-decimals + 1e-9)
    # No more precise than what is shown, and never an exponent.
    assert len(data["value"].partition(".")[2]) == decimals
    assert "e" not in data["value"].lower()


@pytest.mark.parametrize(
    ("marked", "shown", "machine"),
    [
        (values.format_date("2023-06-30"), "30/06/2023", "2023-06-30"),
        (values.format_date(datetime.date(2023, 6, 1), long=True), "1er juin 2023", "2023-06-01"),
        (values.format_year(2022), "2022", "2022"),
        (values.format_year(2022.0), "2022", "2022"),
        (values.format_value(12345.5, "montant_accorde"), "12\u202f346\u202f€", "12345.5"),
        (values.format_value(pd.Timestamp("2023-06-30"), "date_fin"), "30/06/2023", "2023-06-30"),
    ],
)
def test_dates_years_and_columns_have_their_machine_form(marked: str, shown: str, machine: str) -> None:
    data = read(f"voici {marked}.").data
    assert (data.get_text(), data["value"]) == (shown, machine)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 bilan"), (1, "1 bilan"), (2, "2 bilans"), (1234, "1\u202f234 bilans")]
)
def test_a_count_marks_its_number_alone(number: int, said: str) -> None:
    page = read(values.count(number, "bilan"))
    assert said in page.get_text()
    assert page.data.get_text() == said.partition(" ")[0]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, float("inf")])
@pytest.mark.parametrize(
    "name", ["format_number", "format_euros", "format_percent", "format_date", "format_year", "format_text"]
)
def test_a_missing_value_is_no_value(name: str, missing: object) -> None:
    assert getattr(values, name)(missing) == "n.d."


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_from_data_is_text_whatever_it_holds(text: str) -> None:
    page = read(f"« {values.format_text(text)} » vient en tête.")
    assert page.bdi.get_text() == text
    assert not page.select("script, img")


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("block", [reading_block, refusal_block])
def test_data_forge_no_mark(forged: str, block: Any) -> None:
    page = BeautifulSoup(block(f"{values.format_text(forged)} : {values.format_number(3)}."), "html.parser")
    assert [data["value"] for data in page.select("data")] == ["3"]
    assert not page.select("a")
    assert not set(page.get_text()) & set("\ue000\ue001\ue002")


@pytest.mark.parametrize("unpaired", FORGED[:3])
def test_an_unpaired_mark_is_not_shown(unpaired: str) -> None:
    assert values.plain(f"a{unpaired}b") == "ab" or values.plain(f"a{unpaired}b") == "a9b"
    assert not set(read(f"a{unpaired}b").get_text()) & set("\ue000\ue001\ue002")


def test_french_spaces_stand_beside_values() -> None:
    text = f"« {values.format_text('oui')} » : {values.format_number(5)} ; et {values.format_number(6)} %"
    assert values.plain(typeset(text)) == "«\u00a0oui\u00a0»\u00a0: 5\u202f; et 6\u202f%"


def test_a_text_is_shortened_by_what_is_read() -> None:
    text = " ".join(values.format_number(1) for _ in range(50))
    assert shorten(text, 99) == text
    assert shorten(text, 98) == values.plain(text)[:97].rstrip() + "…"


def test_without_values_only_the_sentence_is_left() -> None:
    assert values.without_values(f"de {values.format_year(2015)} à {values.format_text('12')}") == "de  à "


def test_a_frame_is_plain_in_its_cells_and_its_heads() -> None:
    marked = values.format_number(1234)
    frame = pd.DataFrame({f"nb {marked}": [1.0], "texte": [marked], "autre": ["sans"]})
    told = values.plain_frame(frame)
    assert list(told.columns) == ["nb 1\u202f234", "texte", "autre"]
    assert told.loc[0, "texte"] == "1\u202f234"
    assert frame["texte"][0] == marked
    wide = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("nb", marked)]))
    assert list(values.plain_frame(wide).columns) == [("nb", "1\u202f234")]


def test_a_chart_is_plain_in_its_texts_its_alternative_and_its_data() -> None:
    frame = pd.DataFrame({"nom": [f"A {values.format_number(1)}", "B"], "nb": [3, 1]})
    chart = draw_ranked_bars(frame, label="nom", value="nb", axis=f"Nombre en {values.format_year(2022)}")
    bare = chart.without_marks()
    texts = [text.get_text() for text in bare.figure.findobj(lambda one: hasattr(one, "get_text"))]
    assert "A 1" in " ".join([*texts, bare.alt])
    assert not set("".join([*texts, bare.alt, *map(str, bare.data.to_numpy().ravel())])) & set("\ue000\ue001\ue002")


def test_what_is_shown_is_plain_but_for_its_note(report: Report, shown: list[dict[str, Any]]) -> None:
    marked = values.format_number(1234)
    frame = pd.DataFrame({"libelle": [f"x {marked}"], "nb_actions": [3]})
    report.show(frame, f"Les {marked}", sources=["actions"], note=f"Sur {marked}.", methode=f"Base {marked}.", cle="t")
    report.key_figures([(marked, "actions", f"en {values.format_year(2020)}")], sources=["actions"])
    report.read(f"{marked} actions, voir {report.renvoi('t')}.")
    report.refuse(f"{marked} actions.")
    assert len(shown) == 4
    table = BeautifulSoup(shown[0]["data"]["text/html"], "html.parser")
    assert "Les 1\u202f234" in table.caption.get_text()
    assert not table.caption.find("data")
    assert table.select_one(".note").data["value"] == "1234"
    link = BeautifulSoup(shown[2]["data"]["text/html"], "html.parser").find("a")
    assert (link["href"], link.get_text()) == ("#tableau-1", "tableau 1")
    assert not set(str(shown)) & set("\ue000\ue001\ue002")
    assert "\\ue00" not in str(shown)


@pytest.mark.parametrize("force", [1, 2, 3, 4])
def test_the_strength_is_printed(report: Report, shown: list[dict[str, Any]], force: int) -> None:
    report.show(pd.DataFrame({"nb_actions": [3]}), "T", sources=["actions"], force=force)
    said = BeautifulSoup(shown[0]["data"]["text/html"], "html.parser").select_one(".preuve").get_text()
    assert said.startswith(f"Force de la preuve\u00a0: {force} sur 4, ")
