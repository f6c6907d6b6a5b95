"""The page of an executed notebook: what passes, what is shown as text, what the reader finds and where."""

import base64
import copy
import hashlib
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipelines.errors import DataError
from pipelines.report import blocks
from pipelines.report.page import render_page
from tests.report.samples import EUROS

ABOUT: dict[str, Any] = {
    "titre": "Suivi de la programmation",
    "sujet": "",
    "notebook": "2_suivi_programmation",
    "accessibilite": "non conforme",
    "a_relire": [],
    "interne": False,
    "contrat": "demonstration",
    "nom_contrat": "Contrat de démonstration",
    "annee": 2022,
    "statut": "projet",
    "date_arret": "2023-06-30",
    "fictif": True,
    "parametres": [{"nom": "seuil", "valeur": 3000.5, "description": "petite subvention"}],
    "sources": [
        {
            "id": "programmes_2022",
            "titre": "Programmation 2022",
            "editeur": "Générateur",
            "millesime": "2022",
            "licence": "Licence ouverte 2.0",
            "url": "https://example.org/p",
            "fictif": True,
            "note": "",
            "fichier": "programmation/2022.csv",
            "sha256": "ab" * 32,
        }
    ],
    "euros": EUROS,
    "balance": [
        {
            "fichier": "a.csv",
            "feuille": "",
            "table": "t",
            "lues": 1300,
            "retenues": 1200,
            "ecartees": 40,
            "hors_donnees": 60,
        },
        {"fichier": "b.csv", "feuille": "f", "table": "t", "lues": 10, "retenues": 8, "ecartees": 1, "hors_donnees": 1},
    ],
    "verdict": {
        "nb_controles": 120,
        "nb_avertissements": 1,
        "avertissements": [
            {
                "table": "actions",
                "description": "le SIRET est renseigné",
                "nb_lignes": 12,
                "observe": "",
                "ou": "a.csv, lignes 3, 4 ; et 10 autres",
            }
        ],
        "retenu_par": [],
    },
    "empreinte": "0123456789ab",
}


def _page(*cells: NotebookNode, with_code: bool = False, **changes: object) -> BeautifulSoup:
    return BeautifulSoup(
        render_page(new_notebook(cells=list(cells)), {**ABOUT, **changes}, with_code=with_code), "html.parser"
    )


def _text(page: BeautifulSoup, selector: str) -> str:
    return re.sub(r"\s+", " ", page.select_one(selector).get_text()).strip()


def _output(**data: str) -> NotebookNode:
    named = {"html": "text/html", "plain": "text/plain", "js": "application/javascript", "md": "text/markdown"}
    return new_code_cell(
        "1", outputs=[new_output("display_data", data={named[key]: value for key, value in data.items()})]
    )


def test_a_page_says_what_it_is() -> None:
    page = _page(new_markdown_cell("# Autre titre\n\nLa question."))
    assert page.html["lang"] == "fr"
    assert page.title.get_text() == "Suivi de la programmation — 2022 — Contrat de démonstration"
    assert [title.get_text() for title in page.find_all("h1")] == ["Suivi de la programmation"]
    assert _text(page, "article") == "La question."
    assert page.select_one(".evitement")["href"] == "#contenu"
    assert page.find(id="contenu").name == "main"
    assert "Projet, non approuvé" in _text(page, "header")
    assert "30 juin 2023" in _text(page, "header")
    assert page.footer.a["href"] == "../../index.html"
    assert "0123456789ab" in _text(page, "footer")


@pytest.mark.parametrize("fictif", [True, False])
def test_the_banner_of_fictional_data_depends_on_the_data(fictif: bool) -> None:
    page = _page(fictif=fictif)
    assert bool(page.select(".bandeau")) is fictif
    assert ("fictives" in page.style.get_text()) is fictif


def test_an_internal_report_says_so_first_on_screen_and_on_every_sheet() -> None:
    page = _page(interne=True)
    assert _text(page, "header").startswith("Document interne, à ne pas diffuser.")
    # In CSS a blank is an escape.
    assert "Document\\000020interne" in str(page.find("style"))
    assert "interne" not in _text(_page(), "header")
    assert "Document\\000020interne" not in str(_page().find("style"))


def test_a_final_report_bears_no_mark() -> None:
    page = _page(statut="definitif", fictif=False)
    assert "Projet" not in page.get_text()


def test_the_appendices_hold_parameters_sources_balance_and_checks() -> None:
    page = _page()
    assert _text(page, "[aria-labelledby=parametres] tbody tr") == "seuil3000,5petite subvention"
    assert page.select_one("#source-programmes_2022 a")["href"] == "https://example.org/p"
    assert "fictif" in _text(page, "#source-programmes_2022")
    assert _text(page, ".equation") == "1 310 lues = 1 208 retenues + 41 écartées + 61 hors données"
    assert "120 contrôles passés" in _text(page, "[aria-labelledby=controles]")
    assert (
        _text(page, "[aria-labelledby=controles] tbody tr")
        == "actionsle SIRET est renseigné12a.csv, lignes 3, 4 ; et 10 autres"
    )


def test_every_table_of_the_appendices_is_downloaded() -> None:
    links = {link["download"]: link["href"].partition("base64,")[2] for link in _page().select(".annexe a[download]")}
    assert list(links) == ["parametres.csv", "bilan.csv", "euros.csv", "votes.csv", "avertissements.csv"]
    texts = {name: base64.b64decode(content).decode("utf-8-sig").splitlines() for name, content in links.items()}
    assert texts["parametres.csv"] == ["nom;valeur;description", "seuil;3000,5;petite subvention"]
    assert texts["bilan.csv"][1:] == ["a.csv;;t;1300;1200;40;60", "b.csv;f;t;10;8;1;1"]
    assert [len(text) for text in texts.values()] == [2, 3, 2, 2, 2]


def test_a_balance_that_does_not_add_up_stops_the_page() -> None:
    about = copy.deepcopy(ABOUT)
    about["balance"][1]["lues"] = 11
    with pytest.raises(DataError, match=r"b\.csv"):
        render_page(new_notebook(), about)


def test_the_contents_lead_to_every_section() -> None:
    page = _page(
        new_markdown_cell("# T\n\n## Où ? `x` & y"),
        new_markdown_cell("## Où ? `x` & y\n\n##### Trop profond"),
        new_markdown_cell("# Second titre"),
    )
    links = page.select("nav ol a")
    assert [title.a["href"] for title in page.article.find_all("h2")] == [link["href"] for link in links]
    assert [link.get_text() for link in links] == ["Où\u202f? x & y", "Où\u202f? x & y", "Second titre"]
    sections = [page.find(id=link["href"][1:]) for link in links]
    assert [section.get_text() for section in sections] == [link.get_text() for link in links]
    identifiers = [tag["id"] for tag in page.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
    assert [int(tag.name[1]) for tag in page.article.find_all(re.compile("^h[1-6]$"))] == [2, 2, 3, 2]


def test_each_section_that_shows_a_result_names_notebook_and_section() -> None:
    results, nothing = [_output(plain="dix") for _ in range(4)], new_code_cell("1")
    first, last = new_markdown_cell("## Où ? `x` & <b>\n\nTexte."), new_markdown_cell("Texte.\n\n## La fin")
    page = _page(results[0], first, *results[1:3], new_markdown_cell("## Rien\n\nA."), nothing, last, results[3])
    told = [re.sub(r"\s", " ", line.get_text()) for line in page.select("article > .refaire")]
    where = "Refaire ce calcul : 2_suivi_programmation"
    assert told == [where, f"{where}, section « Où ? x & <b> »", f"{where}, section « La fin »"]
    order = [tag.name if tag.name == "h2" else "refaire" for tag in page.select("article > h2, article > .refaire")]
    assert order == ["refaire", "h2", "refaire", "h2", "h2", "refaire"]
    assert "ose lab 2_suivi_programmation" in _text(page, "[aria-labelledby=parametres]")


def test_a_page_for_anyone_names_its_notebook_once() -> None:
    page = _page(new_markdown_cell("## Où ?"), _output(plain="dix"), facile=True)
    assert page.select(".refaire") == []
    assert "ose lab 2_suivi_programmation" in _text(page, ".annexe")


def test_html_in_markdown_is_text_and_nothing_is_fetched() -> None:
    page = _page(
        new_markdown_cell("<b>gras</b>\n\n<script>1</script>\n\n![alt](https://e.org/x.png) [l](javascript:x)")
    )
    assert page.article.script is None
    assert page.article.b is None
    assert page.article.img is None
    assert "<b>gras</b>" in page.get_text()
    assert "javascript:" not in str(page.article)


def test_an_image_attached_to_a_cell_is_shown() -> None:
    cell = new_markdown_cell("![Carte](attachment:c.png)", attachments={"c.png": {"image/png": "AAAA"}})
    image = _page(cell).article.img
    assert (image["alt"], image["src"]) == ("Carte", "data:image/png;base64,AAAA")


def test_only_our_blocks_pass_as_html() -> None:
    ours = blocks.reading_block("dix.")
    page = _page(_output(html=ours, plain="Lecture : dix."))
    assert _text(page, "p.lecture") == "Lecture : dix."
    foreign = _page(_output(html="<i>x</i>", plain="<i>x</i>"), _output(js="alert(1)"), _output(md="# x", plain="y"))
    assert [pre.get_text() for pre in foreign.select("pre.sortie")] == ["<i>x</i>", "y"]
    assert foreign.article.i is None
    assert "alert" not in foreign.get_text()


def test_streams_and_errors() -> None:
    outputs = [
        new_output("stream", name="stdout", text="{{ 1 + 1 }} <b>"),
        new_output("stream", name="stderr", text="FutureWarning"),
        new_output("error", ename="ValueError", evalue="<b>", traceback=["secret"]),
    ]
    page = _page(new_code_cell("1", outputs=outputs))
    assert [pre.get_text() for pre in page.select("pre.sortie")] == ["{{ 1 + 1 }} <b>", "ValueError : <b>"]
    assert "FutureWarning" not in page.get_text()
    assert "secret" not in page.get_text()


def test_code_is_hidden_then_folded() -> None:
    cells = [new_code_cell("annee = 2022  # <b>", metadata={"tags": ["parameters"]}), new_code_cell("")]
    assert "annee = 2022" not in _page(*cells).get_text()
    shown = _page(*cells, with_code=True)
    assert [entry.summary.get_text() for entry in shown.select("details.code")] == ["Voir le calcul"]
    assert "annee = 2022  # <b>" in shown.get_text()
    assert not shown.select("details[open]")


def test_the_same_notebook_gives_the_same_page() -> None:
    """Cell ids are drawn anew at each execution; counts and times differ: none of them is in the page."""
    first, second = (
        new_notebook(
            cells=[
                new_code_cell("1", execution_count=n, metadata={"papermill": {"duration": n}}),
                new_markdown_cell("a"),
            ]
        )
        for n in (1, 2)
    )
    assert first.cells[0].id != second.cells[0].id
    assert render_page(first, ABOUT, with_code=True) == render_page(second, ABOUT, with_code=True)


def test_text_of_the_contract_cannot_leave_its_place() -> None:
    hostile = '</title></style><script>1</script>"; } body { color: red }\u202e'
    page = _page(titre=hostile, nom_contrat=hostile)
    assert len(page.find_all("script")) == 1
    assert page.title.get_text().startswith("</title></style>")
    assert "\u202e" not in page.title.get_text()
    assert "body { color: red }" not in page.style.get_text()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("titre", ["Suivi", "« L'été » \u202e\x00 }</style>"])
def test_the_policy_comes_first_and_allows_the_pages_own_script_and_style_alone(titre: str) -> None:
    html = render_page(new_notebook(), {**ABOUT, "titre": titre}, with_code=True)
    # Browsers look for the encoding in the first 1 024 bytes.
    assert b'<meta charset="utf-8">' in html.encode()[:1024]
    page = BeautifulSoup(html, "html.parser")
    first = page.head.find(True)
    assert first["http-equiv"] == "Content-Security-Policy"
    assert dict(rule.strip().split(" ", 1) for rule in first["content"].split(";")) == {
        "default-src": "'none'",
        "script-src": _hash(page.script.string),
        "style-src": _hash(page.style.string),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert len(page.find_all(["script", "style"])) == 2


def test_nothing_is_styled_or_scripted_in_an_attribute() -> None:
    cells = [
        new_markdown_cell("## Un `titre`\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n- [ ] tâche\n\n~~non~~"),
        new_code_cell("def f(x: int) -> str:  # commentaire\n    return f'{x}'"),
    ]
    page = _page(*cells, with_code=True)
    attributes = {name for tag in page.find_all(True) for name in tag.attrs}
    assert {name for name in attributes if name == "style" or name.startswith("on")} == set()


def test_controls_and_overrides_of_direction_are_not_shown() -> None:
    page = _page(new_markdown_cell("a\x00b\x1b[31m c\u202ed\u2066e \ud800f"), nom_contrat="Contrat\u202e\x07")
    assert _text(page, "article") == "ab[31m cde \ufffdf"
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", str(page))


def test_a_very_long_name_is_shortened_where_it_is_a_title() -> None:
    page = _page(titre="t" * 10_000, nom_contrat="n" * 10_000)
    assert len(_text(page, "h1")) == len(_text(page, ".contrat")) == 160
    assert len(page.title.get_text()) < 400


def test_the_marks_of_the_head() -> None:
    assert "Commentaires à relire" in _text(_page(a_relire=["situation"]), "header")
    assert "relire" not in _text(_page(), "header")
    links = _page(accessibilite="partiellement conforme").footer.find_all("a")
    assert (links[1]["href"], links[1].get_text()) == (
        "../accessibilite.html",
        "Accessibilité\u00a0: partiellement conforme",
    )
