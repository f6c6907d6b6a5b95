"""No output goes around the report: what a cell leaves bare goes through it, the rest is not published."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbclient
import nbformat
import pytest

from pipelines.errors import NotebookError
from pipelines.paths import NOTEBOOKS, PROCESSED_VARIABLE
from pipelines.report.door import refuse_strays
from pipelines.run.build import build

OPENING = """from pipelines.report.report import open_report
import pandas as pd
report = open_report(globals())"""


def write_notebook(folder: Path, *cells: str) -> Path:
    """A report of its own folder: the parameters, the opening, and these cells."""
    model = nbformat.read(NOTEBOOKS / "0_prise_en_main.ipynb", as_version=4)
    title, parameters = model.cells[:2]
    model.cells = [title, parameters, *(nbformat.v4.new_code_cell(source) for source in (OPENING, *cells))]
    folder.mkdir(exist_ok=True)
    path = folder / "0_prise_en_main.ipynb"
    nbformat.write(model, path)
    return path


def run(folder: Path, site: SimpleNamespace, outputs: Path, *cells: str) -> NotebookError | None:
    """Build a notebook of these cells; its failure, if any."""
    write_notebook(folder, *cells)
    built = build("valenciennes", processed=site.processed, outputs=outputs, notebooks=folder)
    return built.failures.get("0_prise_en_main")


AROUND = {
    "print(77777)": "un texte de print",
    "from IPython.display import HTML\nHTML('77777')": "une valeur",
    "77777": "une valeur",
    "pd.DataFrame({'nb': [77777]}).style": "une valeur",
    "from matplotlib.figure import Figure\nFigure()": "Une figure nue",
}


@pytest.fixture(scope="module")
def executed(site: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """A notebook whose last cells, executed, all go around the report."""
    path = write_notebook(tmp_path_factory.mktemp("around"), *AROUND)
    notebook = nbformat.read(path, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROCESSED_VARIABLE, str(site.processed))
        return nbclient.NotebookClient(notebook, kernel_name="python3").execute()


@pytest.mark.parametrize("number", range(len(AROUND)), ids=lambda number: list(AROUND)[number].split("\n")[-1])
def test_what_goes_around_the_report_is_refused(executed: nbformat.NotebookNode, number: int) -> None:
    """The message names the cell and what it shows, never the value."""
    cells = executed.cells[-len(AROUND) :]
    with pytest.raises(NotebookError, match="ellule 1 ") as refused:
        refuse_strays(nbformat.v4.new_notebook(cells=[cells[number]]))
    assert list(AROUND.values())[number] in str(refused.value)
    assert "77777" not in str(refused.value)


def test_a_refused_notebook_leaves_the_page_of_before(site: SimpleNamespace, tmp_path: Path) -> None:
    folder, outputs = tmp_path / "notebooks", tmp_path / "pages"
    assert run(folder, site, outputs, "report.read('rien')") is None
    page = outputs / "valenciennes" / "2022" / "0_prise_en_main.html"
    before = page.read_bytes()
    failure = run(folder, site, outputs, "print(77777)")
    assert isinstance(failure, NotebookError)
    assert "La cellule 4 affiche un texte de print" in str(failure)
    assert page.read_bytes() == before


def test_what_a_cell_leaves_bare_is_shown_by_the_report(site: SimpleNamespace, tmp_path: Path) -> None:
    """A frame and a series become numbered tables, their small counts of persons hidden; a warning is not kept."""
    cells = (
        "b = report.load('beneficiaires')\nassert b.loc[b['moment'] == 'realise', 'nb_personnes'].isna().all()",
        "pd.DataFrame({'groupe': ['a', 'b'], 'nb_realise': [4, 88888]})",
        "pd.Series([3, 66666], index=['a', 'b'], name='nb_realise')",
        "import warnings\nwarnings.warn('55555')\nreport.read('rien')",
    )
    assert run(tmp_path / "notebooks", site, tmp_path / "pages", *cells) is None
    folder = tmp_path / "pages" / "valenciennes" / "2022"
    page = (folder / "0_prise_en_main.html").read_text(encoding="utf-8")
    assert "Tableau 1. Tableau sans titre" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    tables = [(folder / f"0_prise_en_main--tableau-{n}.csv").read_text(encoding="utf-8") for n in (1, 2)]
    assert tables == ["\ufeffgroupe;nb_realise\na;\nb;88888\n", "\ufeffindex_1;nb_realise\na;\nb;66666\n"]
    assert "55555" not in (folder / "0_prise_en_main.ipynb").read_text(encoding="utf-8").replace("warn('55555')", "")
