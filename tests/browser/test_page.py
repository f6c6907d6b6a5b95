"""A page made of every block, with the worst text that data can hold, opened in the browser."""

import base64
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser

from pipelines.charts.image import Image
from pipelines.report import blocks
from pipelines.report.grid import lay_out
from pipelines.report.index import render_index
from pipelines.report.page import render_page
from pipelines.report.reference import render_reference
from pipelines.report.spoken import Change
from pipelines.report.stale import Judged
from tests.browser.conftest import ENDS
from tests.report.samples import EUROS

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} {% raw %} \u202eengagé\u202c شارع & « l'Élan » " + "anti" * 40
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 240"><rect width="520" height="240" fill="#fff"/>'
    b'<rect x="20" y="40" width="380" height="50" fill="#0b4f8a"/><rect x="20" y="130" width="240" height="50" '
    b'fill="#e69f00"/></svg>'
)
SOURCES = [f"Générateur de démonstration, Programmation {year}, millésime {year}" for year in range(2015, 2023)]

STYLED = base64.b64encode(SVG.replace(b"fill=", b"style='fill:red' class=")).decode()
COMMENT = {
    "texte": f"# Un avis\n\n{HOSTILE}\n\n| a | b |\n|---|--:|\n| x | 2 |\n\n[lien](javascript:alert(4))",
    "auteur": HOSTILE,
    "date": "2022-06-30",
    "empreinte": "abc",
}
STALE = Judged("a_relire", "def", HOSTILE, [Change(*[f"{HOSTILE} {place}"] * 5) for place in range(22)], HOSTILE)


def _shown(html: str) -> object:
    return new_code_cell("x = 1  # calcul", outputs=[new_output("display_data", data={"text/html": html})])


def _notebook() -> object:
    frame = pd.DataFrame(
        {
            "intitule": ["Atelier " + HOSTILE, "=HYPERLINK(1)", "Total"],
            "nom_porteur": [f"Association fictive {name}" for name in ("du Moulin", HOSTILE, "toutes")],
            **{f"montant_{name}": [1234.5, None, 1234567.0] for name in ("demande", "accorde", "verse", "moyen")},
            "part_montant": [45.35, None, 100.0],
            "ecart_agglomeration": [-2.1, 0.0, 12.4],
        }
    )
    shown = {"title": "Actions " + HOSTILE, "fictional": True, "note": HOSTILE}
    table, _ = blocks.table_block(lay_out(frame), number=1, sources=SOURCES, csv_name="tableau-1.csv", **shown)
    first = lay_out(frame.iloc[:, :1])
    short, _ = blocks.table_block(
        first, number=2, title="Court", sources=["INSEE"], fictional=False, csv_name="tableau-2.csv"
    )
    figure = blocks.figure_block(
        Image("image/svg+xml", SVG, 520, 240), number=1, alt=HOSTILE, sources=SOURCES[:2], data=lay_out(frame), **shown
    )
    plain = new_output("execute_result", data={"text/html": f"<b>{HOSTILE}</b>", "text/plain": HOSTILE + "\n" * 60})
    error = new_output("stream", name="stderr", text="FutureWarning: à ne pas montrer")
    return new_notebook(
        cells=[
            new_markdown_cell("# Le titre du notebook\n\nQuelle question ? *Durée : dix minutes.*"),
            new_code_cell("annee: int = 2022", metadata={"tags": ["parameters"]}),
            new_markdown_cell(f"## Une question ?\n\n{HOSTILE} <img src=x onerror=alert(3)>\n\n#### Trop profond"),
            _shown(blocks.key_figures_block([("1 234", HOSTILE, "détail"), ("45,4 %", "part", "")])),
            _shown(table),
            _shown(blocks.reading_block(HOSTILE)),
            _shown(blocks.comment_block(None, Judged("a_rediger", "abc"), section="vide")),
            new_markdown_cell(
                "## Une question ?\n\n| a | b |\n|---|--:|\n| x | 2 |\n\n![carte](https://example.org/x.png)"
            ),
            _shown(figure),
            _shown(blocks.refusal_block(HOSTILE)),
            _shown(blocks.comment_block(COMMENT, STALE, section="avis", claims=[HOSTILE], fictional=True)),
            _shown(short),
            new_code_cell("frame", outputs=[plain, error, new_output("stream", name="stdout", text=HOSTILE)]),
        ]
    )


def _about() -> dict[str, object]:
    source = {"id": "s1", "editeur": HOSTILE, "millesime": "2015", "licence": "Licence ouverte 2.0", "note": HOSTILE}
    origin = {"url": "https://example.org/" + "a" * 90, "fichier": "programmation/" + "b" * 80 + ".csv"}
    balance = {"fichier": origin["fichier"], "feuille": "", "table": "actions"}
    return {
        "titre": "Suivi " + HOSTILE,
        "sujet": HOSTILE,
        "notebook": "2_suivi_programmation",
        "accessibilite": "non conforme",
        "a_relire": ["avis"],
        "interne": True,
        "contrat": "demonstration",
        "nom_contrat": "Contrat " + HOSTILE,
        "annee": 2022,
        "statut": "projet",
        "date_arret": "2023-07-01",
        "fictif": True,
        "parametres": [{"nom": "annee", "valeur": None, "description": HOSTILE}],
        "sources": [
            {**source, **origin, "titre": HOSTILE, "fictif": True, "sha256": "0" * 64},
            {**source, **origin, "id": "s2", "titre": "Sans lien", "url": "", "fictif": False, "sha256": ""},
        ],
        "euros": EUROS,
        "balance": [{**balance, "lues": 1234, "retenues": 1200, "ecartees": 14, "hors_donnees": 20}],
        "verdict": {
            "nb_controles": 120,
            "nb_avertissements": 1,
            "avertissements": [
                {"table": "actions", "description": HOSTILE, "nb_lignes": 3, "observe": "", "ou": HOSTILE}
            ],
            "retenu_par": [],
        },
        "empreinte": "0123456789ab",
    }


@pytest.mark.parametrize("with_code", [False, True], ids=["sans_calcul", "avec_calcul"])
def test_a_page_of_hostile_text_is_sound(inspect: Callable[..., list[str]], tmp_path: Path, with_code: bool) -> None:
    path = tmp_path / "page.html"
    path.write_text(render_page(_notebook(), _about(), with_code=with_code), encoding="utf-8")
    assert inspect(path) == []


def test_the_index_is_sound(inspect: Callable[..., list[str]], tmp_path: Path) -> None:
    entry = {"titre": HOSTILE, "question": HOSTILE, "notebook": "x", "contrat": "d", "nom_contrat": HOSTILE}
    marks = {"statut": "projet", "fictif": True, "href": "d/2022/x.html", "genre": HOSTILE, "a_relire": ["avis"]}
    entries = [
        {**entry, **marks, "annee": year, "commune": HOSTILE[: year - 2010], "sujet": sujet}
        for year in (2021, 2022)
        for sujet in ("", HOSTILE, "Anzin")
    ]
    path = tmp_path / "index.html"
    path.write_text(render_index(entries), encoding="utf-8")
    assert inspect(path) == []


def test_the_reference_of_functions_is_sound(inspect: Callable[..., list[str]], tmp_path: Path) -> None:
    path = tmp_path / "reference.html"
    path.write_text(render_reference("index.html"), encoding="utf-8")
    assert inspect(path, ENDS) == []


def test_a_filter_finds_whatever_its_value_holds(browser: Browser, tmp_path: Path) -> None:
    entry = {"titre": "Fiche", "question": "", "notebook": "x", "contrat": "d", "nom_contrat": "d", "annee": 2022}
    entry |= {"statut": "projet", "fictif": False, "a_relire": ["avis"], "genre": "Fiche", "href": "d/2022/x.html"}
    communes = ["Anzin | Beuvrages", HOSTILE]
    path = tmp_path / "index.html"
    path.write_text(render_index([{**entry, "commune": commune} for commune in communes]), encoding="utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        for rank in range(len(communes)):
            page.get_by_label("Commune").select_option(index=1 + rank)
            assert page.locator(".rapports > li").filter(visible=True).count() == 1
        page.get_by_label("Commune").select_option(index=0)
        page.get_by_label("État").select_option("À relire")
        assert page.locator(".rapports > li").filter(visible=True).count() == 2


def test_the_pages_of_a_sweep_are_found_one_by_one(browser: Browser, tmp_path: Path) -> None:
    """They stand gathered under their title; what holds none of those sought is not there, nor its heading."""
    entry = {"titre": "Fiche de la commune", "question": "", "notebook": "f", "contrat": "d", "nom_contrat": "d"}
    entry |= {"statut": "projet", "fictif": True, "a_relire": [], "genre": "Fiche commune", "href": "x.html"}
    names = ["Anzin", "Marly", "Vicq"]
    entries = [{**entry, "annee": year, "sujet": name, "commune": name} for year in (2022, 2021) for name in names]
    other = {**entry, "annee": 2022, "titre": "Suivi", "notebook": "s", "genre": "Programmation"}
    path = tmp_path / "index.html"
    path.write_text(render_index([other, *entries]), encoding="utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        shown = page.locator("[data-rapport]").filter(visible=True)
        assert (shown.count(), page.locator(".rapports > li").count()) == (7, 3)
        page.get_by_label("Chercher dans les titres").fill("marly fiche")
        assert (shown.count(), page.get_by_role("status").text_content()) == (2, "2 rapports sur 7")
        page.get_by_label("Année").select_option("2021")
        assert [shown.count(), page.locator("h3").filter(visible=True).count()] == [1, 1]
        page.get_by_label("Chercher dans les titres").fill("suivi")
        assert page.locator(".rapports > li").filter(visible=True).count() == 0


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<script>alert(1)</script>", "scripts"),
        ("<script>alert(1)</script>", "console"),
        ("<h1>deux</h1>", "titres"),
        ("<p style='width:2000px'>x</p>", "console"),
        ("<p style='width:2000px'>x</p>", "attributs"),
        ("<table><tr><td><pre>" + "large" * 200 + "</pre></td></tr></table>", "débordement"),
        ("<p class='pale'>pâle</p>", "axe color-contrast"),
        ("<img src='data:image/svg+xml,x' alt='x'>", "images"),
        ("<table><tr><td>x</td></tr></table>", "légende"),
        ("<table><caption>x</caption><tr><th>x</th></tr></table>", "portée"),
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' alt=''>", "texte de remplacement"),
        (f"<img alt='x' src='data:image/svg+xml;base64,{STYLED}'>", "figures"),
        ("<link rel='stylesheet' href='https://example.invalid/x.css'>", "requête"),
        ("<img src='https://example.invalid/x.png' alt='x'>", "console"),
    ],
)
def test_the_inspection_sees_what_it_must(
    inspect: Callable[..., list[str]], tmp_path: Path, markup: str, fault: str
) -> None:
    page = render_page(_notebook(), _about())
    if fault == "requête":
        page = page.replace("default-src 'none'", "default-src *").replace("style-src", "x-src")
    if "pale" in markup:
        page = page.replace("style-src", "x-src").replace("default-src 'none'", "default-src 'unsafe-inline' data:")
        markup += "<style>.pale { color: #ddd; background: #fff }</style>"
    path = tmp_path / "page.html"
    path.write_text(page.replace("</article>", markup + "</article>"), encoding="utf-8")
    axe = "shared" if fault.startswith("axe") else "none"
    assert any(fault in found for found in inspect(path, ENDS, axe))


def test_paper_holds_the_whole_page(browser: Browser, tmp_path: Path) -> None:
    """Printed on A4 the page is as wide as the paper: nothing is cut at the right edge."""
    path = tmp_path / "page.html"
    path.write_text(render_page(_notebook(), _about()), encoding="utf-8")
    # 174 mm between the margins.
    with browser.new_context(viewport={"width": 658, "height": 900}) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 658
        assert page.locator(".bandeau").first.is_visible()
        assert page.locator("details.donnees").first.is_hidden()
