"""The three Focus on real data, and the annual report that Focus compose: what they show, nothing invented in it."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from filelock import FileLock

from pipelines.errors import UsageError
from pipelines.indicators.annual_report import DECREE_SECTIONS
from pipelines.paths import NOTEBOOKS
from pipelines.report.focus import read_focus
from pipelines.run.build import build
from pipelines.run.notebooks import known_notebooks
from tests.run.test_digital_page import keep_tables, text_of

REAL = ("ecarts_emploi", "adultes_relais", "protocole_recalcule")
REPORT = "7_rapport_annuel"
FOCUS = {notebook.name for notebook in known_notebooks() if notebook.kind == "Focus"}
MARK = "Données fictives de démonstration"


@pytest.fixture(scope="session")
def composed(shared: Path, site: SimpleNamespace) -> Path:
    """The folder of the pages of 2022, the annual report composed of Focus, built beside them, once for all workers."""
    folder = shared / "focus"
    with FileLock(f"{folder}.lock"):
        if not (folder / "fait").is_file():
            # The Focus are there already, as the site has them: the report alone is made.
            shutil.copytree(site.outputs, folder)
            given = {"composition": "focus"}
            built = build("valenciennes", names=[REPORT], given=given, processed=site.processed, outputs=folder)
            assert not built.failures
            assert {path.stem for path in [*built.made, *built.current]} >= {REPORT, *FOCUS}
            (folder / "fait").touch()
    return folder / "valenciennes/2022"


def page(folder: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def notebook_section(name: str) -> str:
    focus = read_focus(NOTEBOOKS / "focus" / f"{name}.ipynb")
    assert focus is not None
    return focus.section


@pytest.mark.parametrize("name", REAL)
def test_nothing_invented_stands_in_a_focus_on_real_data(composed: Path, name: str) -> None:
    """No mark, in the page, its figures, its notebook and its tables, and no fictional source."""
    paths = [path for path in composed.glob(f"{name}*") if path.suffix in (".html", ".csv")]
    assert len(paths) > 2
    assert [path.name for path in paths if MARK in path.read_text(encoding="utf-8-sig")] == []
    executed = nbformat.read(composed / f"{name}.ipynb", as_version=4)
    shown = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert shown
    assert not any("fictives" in output.data["text/html"] for output in shown)
    assert page(composed, name).select(".bandeau, .fictif, .marque") == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ecarts_emploi", "Dans 14 quartiers prioritaires sur 14, le taux d'emploi est inférieur"),
        ("ecarts_emploi", "de −1,4 pt à −28,2 pts."),
        ("ecarts_emploi", "intervalle non calculable : dénominateur inconnu"),
        ("ecarts_emploi", "millésime non précisé"),
        ("ecarts_emploi", "La part de l'agglomération dans 3 quartiers à cheval"),
        ("ecarts_emploi", "Condé-sur-l'Escaut compte, en tout ou partie, 2 quartiers"),
        ("adultes_relais", "En 2022, le contrat a 1,17 poste adulte-relais pour 1 000 habitants de ses quartiers"),
        ("adultes_relais", "plus que le contrat médian (0,99)"),
        ("adultes_relais", "80 sur 221"),
        ("adultes_relais", "registre complet : pas d'intervalle"),
        ("adultes_relais", "En 2023, 52 postes de France n'ont pas de code de contrat : ce contrat en a 30 au moins"),
        ("adultes_relais", "Non dessinée, car des postes y sont sans code : 2023."),
        ("adultes_relais", "rang parmi les contrats de 5 000 habitants et plus"),
        (
            "protocole_recalcule",
            "Sur 38 affirmations du protocole, 14 se recalculent et 5 d'entre elles sont conformes",
        ),
        ("protocole_recalcule", "le protocole écrit 20 %, les tables donnent 18,84 %"),
        ("protocole_recalcule", "dénombrement : pas d'intervalle"),
    ],
)
def test_a_focus_says(composed: Path, name: str, said: str) -> None:
    assert said in text_of(str(page(composed, name).article))


def test_before_its_data_a_focus_says_that_it_has_none(site: SimpleNamespace) -> None:
    """The posts are known from 2020 on: of 2015, no figure of a later year is told."""
    said = text_of(str(page(site.outputs / "valenciennes/2015", "adultes_relais").article))
    assert "On ne peut rien en dire : le contrat n'est dans les repères nationaux d'aucune année" in said
    assert "Figure impossible" in said
    assert "1,17" not in said


def test_no_fall_is_told_of_the_year_without_codes(composed: Path) -> None:
    """Of 2023, neither a fall nor a point in the figure; its row is in the table, with the posts without a code."""
    shown = page(composed, "adultes_relais")
    assert not re.search(r"baiss|recul|diminu|chut", text_of(str(shown.article)))
    drawn = [row.th.get_text() for row in shown.select("#figure-1 tbody tr")]
    assert drawn == ["2020", "2021", "2022"]
    assert "52" in text_of(str(shown.select_one("#tableau-1 tbody").find_all("tr")[-1]))


@pytest.mark.parametrize("name", REAL)
def test_a_focus_has_every_part_in_its_order(composed: Path, name: str) -> None:
    shown = page(composed, name)
    parts = [".constat", "dl.chiffres", "figure.figure", ".savoir", "details.encart"]
    places = [str(shown.article).index(str(shown.select_one(part))) for part in parts]
    assert places == sorted(places)
    assert len(shown.select("dl.chiffres > div")) == 3
    assert all(div.select("dd:not(.valeur)") for div in shown.select("dl.chiffres > div"))
    after = shown.select_one("dl.chiffres").find_next_sibling(class_=["source", "sources"])
    assert "millésime" in after.get_text()
    assert [title.get_text() for title in shown.select(".savoir h3")] == ["Ce que l'on sait", "Ce que l'on ne sait pas"]
    assert shown.select("article h2")[-1].get_text() == "Et ensuite, avec qui\u202f?"
    assert "?" not in shown.h1.get_text()


def test_the_report_of_focus_holds_what_each_found_in_its_section(composed: Path) -> None:
    """Its finding, its key figures and its figure are those of its own page, under the heading of its section."""
    report = page(composed, REPORT)
    known = [notebook for notebook in known_notebooks() if notebook.name in REAL]
    for notebook in known:
        head = next(head for head in report.select(".focus") if head.a["href"] == f"{notebook.name}.html")
        assert text_of(str(head.a)).strip() == notebook.title
        own = page(composed, notebook.name)
        finding = head.find_next(class_="constat")
        assert finding.get_text() == own.select_one(".constat").get_text()
        assert head.find_next("dl").get_text() == own.select_one("dl.chiffres").get_text()
        figure = head.find_next("figure", class_="figure")
        assert figure.img["src"] == own.select_one("figure.figure img")["src"]
    assert len(known) == len(REAL)


def test_the_report_of_focus_numbers_everything_once_and_lists_its_gaps(composed: Path) -> None:
    report = page(composed, REPORT)
    numbers = [figure["id"] for figure in report.select("article figure[id]")]
    assert len(numbers) == len(set(numbers))
    filled = {notebook.name: notebook for notebook in known_notebooks() if notebook.kind == "Focus"}
    mapped = text_of(str(report.select_one("#tableau-1")))
    assert "section par section du décret" in mapped
    assert [title for title in DECREE_SECTIONS.values() if title not in mapped] == []
    assert len(report.select(".focus")) == len(filled)
    sections = {notebook_section(name) for name in filled}
    assert mapped.count("aucun Focus") == len(DECREE_SECTIONS) - len(sections)
    told = text_of(str(report.select_one("#tableau-1").find_next(class_="lecture")))
    assert f"remplissent {len(sections)} sections sur {len(DECREE_SECTIONS)}" in told
    assert all(title in told for key, title in DECREE_SECTIONS.items() if key not in sections)


def test_a_commentary_speaks_of_the_same_figures_however_the_report_is_composed(
    composed: Path, site: SimpleNamespace
) -> None:
    """The fingerprint that each section would note."""
    found = [
        [code.get_text() for code in page(folder, REPORT).select(".commentaire code")]
        for folder in (composed, site.outputs / "valenciennes/2022")
    ]
    assert len(found[0]) > 5
    assert found[0] == found[1]


def test_the_ordinary_report_holds_no_focus(site: SimpleNamespace) -> None:
    report = page(site.outputs / "valenciennes/2022", REPORT)
    assert report.select(".focus") == []
    assert "section par section du décret" not in report.get_text()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("ecarts_emploi", "la table observations : déclarer"),
        pytest.param("protocole_recalcule", "la table chiffres_publies : déclarer", marks=pytest.mark.long),
    ],
)
def test_a_contract_that_lacks_what_a_focus_needs_is_told_the_remedy(tmp_path: Path, name: str, remedy: str) -> None:
    contract = keep_tables(tmp_path, "enonces_conseils")
    with pytest.raises(UsageError, match=f"{name} a besoin de {remedy}"):
        build(contract, names=[name], processed=tmp_path / "tables", outputs=tmp_path / "pages")


@pytest.mark.long
def test_a_focus_on_a_contract_that_no_yardstick_knows_says_so(tmp_path: Path) -> None:
    """The posts of a contract of elsewhere: nothing to compare, each part says it, the page is made."""
    contract = Path(keep_tables(tmp_path, "enonces_conseils"))
    text = (contract / "contrat.yml").read_text(encoding="utf-8")
    (contract / "contrat.yml").write_text(re.sub(r"code_contrat: \S+", "code_contrat: CV999", text), encoding="utf-8")
    outputs = tmp_path / "pages"
    built = build(str(contract), names=["adultes_relais"], processed=tmp_path / "tables", outputs=outputs)
    assert not built.failures
    said = text_of((outputs / "seule/2022/adultes_relais.html").read_text(encoding="utf-8"))
    assert said.count("le contrat n'est dans les repères nationaux d'aucune année entièrement codée") == 3


@pytest.mark.parametrize("path", sorted((NOTEBOOKS / "focus").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_focus_names_its_theme_and_its_section(path: Path) -> None:
    assert notebook_section(path.stem) in DECREE_SECTIONS
    focus = read_focus(path)
    assert focus is not None
    assert focus.theme
