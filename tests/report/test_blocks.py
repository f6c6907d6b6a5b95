"""Blocks: escaped, captioned, scoped, sourced, marked; what cannot be shown right is refused."""

import base64
import re
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from pipelines.charts.image import Image
from pipelines.errors import UsageError
from pipelines.report import blocks, grid
from pipelines.report.spoken import Change
from pipelines.report.stale import Judged

HOSTILE = '<script>alert(1)</script> {{ 7 * 7 }} "><img src=x onerror=alert(1)>'

PICTURE = Image("image/png", b"octets", 537.6, 230.4)
FRESH = Judged("redige", "abc")
STALE = Judged("a_relire", "abc", "Ils ont changé.", [Change("Taux", "", "", "absent", "ajouté")], "ose comments")
HOSTILE_STALE = Judged("a_relire", HOSTILE, HOSTILE, [Change(*[HOSTILE] * 5)], HOSTILE)
COMMENT = {"texte": "Un.\n\nDeux.", "auteur": "", "date": "", "empreinte": "abc"}


def _table(frame: pd.DataFrame, **changes: object) -> tuple[BeautifulSoup, str]:
    given = {"number": 3, "title": "Montants", "sources": ["Insee"], "fictional": False, "csv_name": "tableau-3.csv"}
    html, csv = blocks.table_block(grid.lay_out(frame), **{**given, **changes})
    assert html.startswith(blocks.MARK)
    return BeautifulSoup(html, "html.parser"), csv


def _figure(data: pd.DataFrame | None = None, **changes: object) -> BeautifulSoup:
    given = {"number": 2, "title": "Taux", "alt": "De 10 à 20.", "sources": ["Insee"], "fictional": False}
    data = grid.lay_out(FRAME if data is None else data)
    return BeautifulSoup(blocks.figure_block(PICTURE, data=data, **{**given, **changes}), "html.parser")


def _text(tag: Tag | None) -> str:
    return re.sub(r"\s+", " ", tag.get_text()).strip()


FRAME = pd.DataFrame({"orientation": ["O1", "Total"], "montant_accorde": [1234.0, None], "annee": [2021, 2022]})


def test_a_table_has_its_caption_heads_and_units() -> None:
    page, _ = _table(FRAME, note="Une réserve.")
    assert page.figure["id"] == "tableau-3"
    assert _text(page.caption) == "Tableau 3. Montants"
    assert [(head["scope"], head.get("class"), _text(head)) for head in page.thead.find_all("th")] == [
        ("col", None, "Orientation"),
        ("col", ["nombre"], "Montant accordé"),
        ("col", None, "Année"),
    ]
    assert [[_text(cell) for cell in row.find_all(["th", "td"])] for row in page.tbody.find_all("tr")] == [
        ["O1", "1\u202f234\u202f€".replace("\u202f", " "), "2021"],
        ["Total", "n.d.", "2022"],
    ]
    assert {head["scope"] for head in page.tbody.find_all("th")} == {"row"}
    assert page.tbody.find_all("tr")[1]["class"] == ["ensemble"]
    box = page.select_one(".defile")
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("region", "0", "Tableau 3. Montants")
    assert _text(page.select_one(".source")) == "Source : Insee."
    assert _text(page.select_one(".note")) == "Note : Une réserve."


def test_a_download_holds_the_csv_that_is_returned() -> None:
    page, csv = _table(FRAME)
    link = page.select_one("a[download]")
    assert link["download"] == "tableau-3.csv"
    kind, _, payload = link["href"].partition(",")
    assert kind == "data:text/csv;charset=utf-8;base64"
    assert base64.b64decode(payload).decode("utf-8") == csv


@pytest.mark.parametrize("fictional", [True, False])
def test_the_mark_of_fictional_data_is_where_the_data_are(fictional: bool) -> None:
    mark = "Données fictives de démonstration"
    table, _ = _table(FRAME, fictional=fictional)
    assert (mark in _text(table.caption)) is fictional
    figure = _figure(fictional=fictional, data=FRAME)
    assert (mark in _text(figure.select_one(".titre"))) is fictional
    assert (mark in _text(figure.caption)) is fictional


def test_a_named_index_is_shown_and_an_unnamed_one_refused() -> None:
    page, csv = _table(FRAME.set_index("orientation")[["montant_accorde"]])
    assert _text(page.thead.th) == "Orientation"
    assert csv.startswith("\ufefforientation;montant_accorde")
    with pytest.raises(UsageError, match="rename_axis"):
        _table(FRAME.set_index("orientation").rename_axis(None))
    page, _ = _table(FRAME.iloc[::-1])
    assert _text(page.thead.th) == "Orientation"


def test_a_pivoted_table_says_its_measure_once_and_keeps_its_unit() -> None:
    wide = FRAME.pivot_table(index="orientation", columns="annee", values=["montant_accorde"], dropna=False)
    page, csv = _table(wide)
    assert _text(page.caption) == "Tableau 3. Montants (montant accordé)"
    assert [_text(head) for head in page.thead.find_all("th")] == ["Orientation", "2021", "2022"]
    assert _text(page.tbody.td) == "1 234 €"
    assert csv.startswith("\ufefforientation;montant_accorde 2021;")


def test_an_empty_table_says_so() -> None:
    page, _ = _table(FRAME.iloc[:0])
    assert _text(page.tbody) == "Aucune ligne."


def test_many_sources_are_folded_not_lost() -> None:
    page, _ = _table(FRAME, sources=["a", "b", "c"])
    assert [_text(item) for item in page.select("details.sources li")] == ["a", "b", "c"]


def test_a_figure_has_its_alternative_and_its_data() -> None:
    page = _figure(data=FRAME)
    assert page.figure["id"] == "figure-2"
    assert page.figure["aria-label"] == "Figure 2. Taux"
    assert page.img["alt"] == "De 10 à 20."
    assert page.img["src"] == "data:image/png;base64," + base64.b64encode(b"octets").decode()
    assert (page.img["width"], page.img["height"]) == ("538", "230")
    assert len(page.select("details.donnees tbody tr")) == 2
    assert page.select_one("a[download]")["download"] == "figure-2.csv"


def test_a_figure_without_alternative_is_refused() -> None:
    with pytest.raises(UsageError, match="texte de remplacement"):
        _figure(alt=" ")


def test_text_from_data_is_text_everywhere() -> None:
    frame = pd.DataFrame({HOSTILE: [HOSTILE], "x": [HOSTILE]})
    shown = {"title": HOSTILE, "sources": [HOSTILE, HOSTILE, HOSTILE], "note": HOSTILE}
    made = [
        str(_table(frame, csv_name=HOSTILE, **shown)[0]),
        str(_figure(alt=HOSTILE, data=frame, **shown)),
        blocks.reading_block(HOSTILE),
        blocks.comment_block({**COMMENT, "texte": HOSTILE, "auteur": HOSTILE}, HOSTILE_STALE, section=HOSTILE),
        blocks.refusal_block(HOSTILE),
        blocks.key_figures_block([(HOSTILE, HOSTILE, HOSTILE)]),
    ]
    for html in made:
        page = BeautifulSoup(html, "html.parser")
        assert page.script is None
        assert page.find(onerror=True) is None
        assert "{{ 7 * 7 }}" in page.get_text()


def test_small_blocks_say_what_they_are() -> None:
    def said(html: str) -> str:
        return _text(BeautifulSoup(html, "html.parser"))

    assert said(blocks.reading_block("dix.")).endswith("Lecture : dix.")
    assert said(blocks.refusal_block("trop proche.")).endswith("Comparaison refusée : trop proche.")
    figures = BeautifulSoup(
        blocks.key_figures_block([("12", "actions", "sur 20"), ("3", "porteurs", "")]), "html.parser"
    )
    assert [len(entry.find_all("dd")) for entry in figures.select("dl > div")] == [2, 1]


def _comment(comment: dict[str, str] | None, judged: Judged = FRESH, **more: Any) -> BeautifulSoup:
    return BeautifulSoup(blocks.comment_block(comment, judged, section="avis", **more), "html.parser")


def test_a_commentary_is_markdown_with_its_author() -> None:
    written = {
        **COMMENT,
        "texte": "# Un\n\nL'écart **persiste** ; <b>x</b>.",
        "auteur": "évaluatrice",
        "date": "2022-07-01",
    }
    page = _comment(written)
    assert [_text(part) for part in page.find_all("p")] == [
        "Commentaire des évaluateurs, évaluatrice, 1er juillet 2022",
        "Un",
        "L'écart persiste ; <b>x</b>.",
    ]
    assert page.find(["h1", "h2", "b"]) is None


def test_a_commentary_says_when_its_figures_have_changed() -> None:
    assert _comment(COMMENT).select_one(".relire") is None
    assert _comment(COMMENT).table is None
    assert _text(_comment(None)).endswith("à rédiger. Empreinte des chiffres : abc")
    changes = [Change("Taux", "Quartier A", f"{year}", "4,1 %", "<b>5,2 %</b>") for year in range(2000, 2024)]
    page = _comment(COMMENT, Judged("a_relire", "abc", "Ils ont changé.", changes, "ose comments accepter x avis"))
    assert _text(page.find_all("p")[1]) == (
        "À relire Ils ont changé. Empreinte des chiffres présents : abc. Une fois relu : ose comments accepter x avis."
    )
    rows = [[_text(cell) for cell in row.find_all(["th", "td"])] for row in page.tbody.find_all("tr")]
    assert rows[:3] == [["Taux"], ["Quartier A"], ["2000", "4,1 %", "<b>5,2 %</b>"]]
    assert len(rows) == 2 + blocks.CHANGES_SHOWN
    assert "Et 4 autres changements." in _text(page)


def test_what_changed_of_fictional_figures_is_marked() -> None:
    assert _comment(COMMENT, STALE).select_one(".fictif") is None
    assert _comment(COMMENT, STALE, fictional=True).caption.select_one(".fictif") is not None


def test_a_word_that_claims_too_much_is_told_under_the_commentary() -> None:
    assert _comment(COMMENT).select_one(".mise-en-garde") is None
    page = _comment(COMMENT, claims=["Grâce à", "grâce à", "effets"])
    assert _text(page.select_one(".mise-en-garde")) == (
        "Attention : ce commentaire écrit « grâce à », « effets » : les chiffres de cette section ne permettent pas de "
        "le dire."
    )


def test_the_method_is_folded_and_the_number_is_a_link() -> None:
    page, _ = _table(FRAME, method="Somme des montants.")
    assert _text(page.select_one("details.methode")) == "Méthode Somme des montants."
    assert page.select_one(".ancre")["href"] == "#tableau-3"
    assert _figure(method="Rapport.").select_one(".ancre")["href"] == "#figure-2"


def test_a_very_long_text_is_shortened_on_the_page_and_whole_in_the_csv() -> None:
    page, csv = _table(pd.DataFrame({"intitule": ["i" * 10_000]}), title="t" * 10_000)
    assert len(_text(page.tbody.th)) == 400
    assert len(_text(page.caption)) == len("Tableau 3. ") + 160
    assert "entiers dans le CSV" in _text(page)
    assert "i" * 10_000 in csv
    assert "entiers" not in _text(_table(FRAME)[0])


def test_what_is_displayed_is_what_a_fingerprint_is_made_of() -> None:
    cells = grid.displayed("Titre", [grid.lay_out(FRAME)])
    assert cells[:2] == [("Titre", "O1", "Montant accordé", "1\u202f234\u202f€"), ("Titre", "O1", "Année", "2021")]
    assert grid.displayed("Titre", [grid.lay_out(FRAME.assign(montant_accorde=[1234.4, None]))]) == cells


def test_a_table_is_described_for_other_formats() -> None:
    frame = pd.DataFrame(
        {
            ("porteur", ""): ["A", None, "Total"],
            ("montant_accorde", 2019): [1.5, None, 3.0],
            ("montant_accorde", 2020): [None, None, None],
        }
    )
    about = grid.describe_table(grid.lay_out(frame))
    assert (about["mesure"], about["totaux"]) == ("montant accordé", [2])
    first, second, third = about["colonnes"]
    assert first == {
        "noms": ["porteur"], "libelle": "Porteur", "numerique": False, "genre": "texte", "autres": {"1": "manquant"}
    }  # fmt: skip
    assert (second["noms"], second["libelle"], second["numerique"]) == (["montant_accorde", "2019"], "2019", True)
    assert (second["genre"], second["autres"]) == ("euros", {"1": "manquant"})
    assert (third["genre"], set(third["autres"].values())) == ("euros", {"manquant"})
    mixed = pd.DataFrame({"nom": ["a", "b"], "nb_actions": [3, "< 5"]})
    assert grid.describe_table(grid.lay_out(mixed))["colonnes"][1]["autres"] == {"1": "texte"}


def test_what_changed_names_each_table_and_each_row_once() -> None:
    changes = [
        Change("Taux", "", "titre", "Ancien", "Taux"),
        Change("Taux", "A", "2019", "1", "2"),
        Change("Taux", "A", "2020", "3", "4"),
        Change("Taux", "B", "", "absent", "ajouté"),
        Change("Autre", "", "", "présent", "absent"),
    ]
    page = _comment(COMMENT, Judged("a_relire", "abc", "Ils ont changé.", changes, "ose"))
    assert [[_text(cell) for cell in row.find_all(["th", "td"])] for row in page.table.find_all("tr")][1:] == [
        ["Taux"],
        ["titre", "Ancien", "Taux"],
        ["A"],
        ["2019", "1", "2"],
        ["2020", "3", "4"],
        ["B", "absent", "ajouté"],
        ["Autre"],
        ["tableau ou figure", "présent", "absent"],
    ]
