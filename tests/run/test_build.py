"""A build: same bytes twice, nothing done twice, and the last good report survives a failure."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock
from ruamel.yaml import YAML

from pipelines.errors import BusyError, DataError, NotebookError, UsageError
from pipelines.fingerprint import digest_file
from pipelines.paths import NOTEBOOKS, RAW
from pipelines.run.build import build
from pipelines.run.contract_pages import own_pages
from pipelines.run.jobs import plan_jobs
from pipelines.run.notebooks import INTERNAL, choose, known_notebooks, read_notebook
from tests.conftest import OF_A_YEAR, SHEETS, SWEPT, SWEPT_PAGES, build_pages

LAST = Path("valenciennes") / "2022"
REPORTS = [notebook.name for notebook in known_notebooks() if not notebook.sweep]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of notebooks that holds the guided tour alone."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    shutil.copy(NOTEBOOKS / "0_prise_en_main.ipynb", notebooks)
    return notebooks


def bytes_of(outputs: Path) -> dict[str, str]:
    """Digest of every published file."""
    return {
        path.relative_to(outputs).as_posix(): digest_file(path)
        for path in sorted(outputs.rglob("*"))
        if path.is_file() and path.name != ".verrou"
    }


@pytest.mark.long
def test_two_builds_give_the_same_bytes(site: SimpleNamespace, tmp_path: Path) -> None:
    """Everything again in another folder: pages, executed notebooks, tables, provenance."""
    build_pages(2022, tmp_path / "pages", tmp_path / "tables")
    again = bytes_of(tmp_path / "pages" / LAST)
    assert len(again) > 3 * len(known_notebooks())
    assert again == bytes_of(site.outputs / LAST)


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("faketime"), reason="sans faketime, la date n'est pas changée")
def test_another_day_another_place_another_user_the_same_bytes(site: SimpleNamespace, tmp_path: Path) -> None:
    """One worker, stock kernels, years later, in another folder, time zone and language, from the raw files on."""
    home = tmp_path / "maison d'été"
    home.mkdir()
    command = ["faketime", "2031-03-04 23:59:59", sys.executable, "-m", "pipelines", "build", *REPORTS, "--jobs", "1"]
    where = ["--stock-kernel", "--outputs", str(home / "pages"), "--processed", str(home / "tables")]
    own = {"HOME": str(home), "TZ": "Pacific/Auckland", "LANG": "fr_FR.UTF-8", "LC_ALL": "fr_FR.UTF-8", "USER": "autre"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "OSE_"))} | own
    ended = subprocess.run([*command, *where], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "2031-03-0" in (home / "pages" / ".ose" / "journal.log").read_text(encoding="utf-8"), "la date est changée"
    before, again = bytes_of(site.outputs / LAST), bytes_of(home / "pages" / LAST)
    assert len(again) > 2 * len(REPORTS)
    assert again == {name: before[name] for name in again}


def test_a_report_again_gives_the_same_bytes(site: SimpleNamespace, tmp_path: Path) -> None:
    """Built again in another folder: the one that draws by chance and simulates. The long test takes all."""
    where = {"processed": site.processed, "outputs": tmp_path / "pages"}
    assert not build("valenciennes", names=["1_observation"], **where).failures
    before, again = bytes_of(site.outputs / LAST), bytes_of(tmp_path / "pages" / LAST)
    assert len(again) > 15
    assert again == {name: before[name] for name in again}


def test_an_unchanged_build_makes_nothing_again(site: SimpleNamespace) -> None:
    before = {path: path.stat().st_mtime_ns for path in (site.outputs / LAST).iterdir()}
    where = {"processed": site.processed, "outputs": site.outputs}
    built = build("valenciennes", names=REPORTS, **where)
    assert built.made == []
    assert len(built.current) == len(REPORTS) + len(own_pages()), "les pages du contrat aussi"
    for sweeps in SWEPT:
        assert build("valenciennes", names=[SHEETS[sweep] for sweep in sweeps], given=sweeps, **where).made == []
    assert before == {path: path.stat().st_mtime_ns for path in (site.outputs / LAST).iterdir()}


def test_provenance_names_inputs_and_hashes_its_siblings(site: SimpleNamespace) -> None:
    for path in sorted(set((site.outputs / LAST).glob("*.json")) - set((site.outputs / LAST).glob("*--pages.json"))):
        about = json.loads(path.read_text(encoding="utf-8"))
        assert about["sources"]
        assert about["balance"]
        assert about["versions"]["pandas"]
        for name, sha in about["fichiers"].items():
            assert digest_file(path.parent / name) == sha
        for line in about["balance"]:
            assert line["lues"] == line["retenues"] + line["ecartees"] + line["hors_donnees"]


def test_no_output_names_this_machine(site: SimpleNamespace) -> None:
    home, root = str(Path.home()), str(NOTEBOOKS.parent)
    for path in site.outputs.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert root not in text, path
            assert f"{home}/" not in text, path


@pytest.mark.long
def test_a_contract_anywhere_with_fewer_tables_builds_what_it_can(folder: Path, tmp_path: Path) -> None:
    """Observation alone: its report is built, the others say which source they want; no page says where it lies."""
    copy = shutil.copytree(RAW / "valenciennes", tmp_path / "ailleurs" / "copie")
    outputs = tmp_path / "pages"
    yaml, path = YAML(), copy / "contrat.yml"
    content = yaml.load(path)
    kept = {"territoires", "appartenances", "indicateurs", "observations"}
    content["sources"] = [source for source in content["sources"] if source["table"] in kept]
    for source in content["sources"]:
        source["id"] = f"autre_{source['id']}"  # no notebook knows the sources of a contract by name
    yaml.dump(content, path)
    (folder / "0_prise_en_main.ipynb").unlink()
    for name in ("1_observation", "2_suivi_programmation"):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder)
    built = build(str(copy), processed=tmp_path / "tables", outputs=outputs, notebooks=folder)
    pages = ["2022/1_observation.html", "accessibilite.html", "qualite.html"]
    assert built.made == [outputs / "copie" / page for page in pages]
    assert not [path for path in outputs.rglob("*") if path.is_file() and str(tmp_path) in path.read_text("utf-8")]
    assert isinstance(built.failures["2_suivi_programmation"], DataError)
    assert "« actions » n'a pas de source" in str(built.failures["2_suivi_programmation"])


def test_a_damaged_page_is_made_again_and_a_failing_notebook_leaves_the_last_good_one(
    site: SimpleNamespace, folder: Path, tmp_path: Path
) -> None:
    where = {"processed": site.processed, "outputs": tmp_path / "pages", "notebooks": folder}
    page = build("valenciennes", **where).made[0]
    good, before = page.read_bytes(), bytes_of(tmp_path / "pages")
    page.write_bytes(good[: len(good) // 2])
    assert build("valenciennes", **where).made == [page]
    assert page.read_bytes() == good
    path = folder / "0_prise_en_main.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][-2]["source"] = ["1 / 0"]
    path.write_text(json.dumps(content), encoding="utf-8")
    failures = build("valenciennes", **where).failures
    assert isinstance(failures["0_prise_en_main"], NotebookError)
    assert "ZeroDivisionError" in str(failures["0_prise_en_main"])
    after = bytes_of(tmp_path / "pages")
    kept = after.pop("valenciennes/interne/2022/0_prise_en_main.echec.ipynb")
    assert kept
    assert after == before


@pytest.mark.long
def test_a_killed_run_leaves_nothing_behind(site: SimpleNamespace, folder: Path, tmp_path: Path) -> None:
    where = {"processed": site.processed, "outputs": tmp_path / "pages", "notebooks": folder}
    command = [sys.executable, "-m", "pipelines", "build", "--outputs", str(where["outputs"])]
    with subprocess.Popen([*command, "--processed", str(where["processed"])], start_new_session=True) as running:
        while not list(where["outputs"].glob(".encours-*")):
            assert running.poll() is None
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)
    # The contract's own pages come from another process, and may be there.
    assert not list(where["outputs"].glob("*/[0-9]*/*.html"))
    built = build("valenciennes", **where)
    assert built.reports == built.made[:1]
    assert len(built.made) + len(built.current) == 1 + len(own_pages())
    assert not list(where["outputs"].glob(".encours-*"))


def test_index_leads_to_every_page(site: SimpleNamespace) -> None:
    index = (site.outputs / "index.html").read_text(encoding="utf-8")
    pages = [path for path in site.outputs.rglob("*.html") if path.parent != site.outputs]
    assert 'href="reference.html"' in index
    assert (site.outputs / "reference.html").is_file()
    of_contract = len(own_pages())
    assert len(pages) == len(REPORTS) + len(OF_A_YEAR) + len(SWEPT_PAGES) + of_contract
    public = [page for page in pages if INTERNAL not in page.parts]
    assert len(pages) - len(public) == 1
    for page in public:
        assert f'href="{page.relative_to(site.outputs).as_posix()}"' in index
    assert f"/{INTERNAL}/" not in index


def test_two_builds_at_once_are_refused(site: SimpleNamespace, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".verrou"), pytest.raises(BusyError, match="Une autre construction"):
        build("valenciennes", processed=site.processed, outputs=tmp_path)


def test_unknown_notebook_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Vouliez-vous dire « 7_rapport_annuel »"):
        choose(["7_raport_anuel"], known_notebooks())


def test_parameters_reach_the_notebooks_that_declare_them() -> None:
    chosen = choose([], known_notebooks())
    jobs = plan_jobs(chosen, "valenciennes", 2020, {"seuil_petite_subvention": "2000"}, annees=(2015, 2022))
    values = {job.notebook.name: job.parameters.get("seuil_petite_subvention") for job in jobs}
    assert values["2_suivi_programmation"] == 2000.0
    assert values["0_prise_en_main"] is None
    with pytest.raises(UsageError, match="seuil_petite_subvention"):
        plan_jobs(chosen, "valenciennes", 2020, {"seuil_petite_subventions": "2000"}, annees=(2015, 2022))


def test_a_notebook_without_parameters_cell_is_refused(folder: Path) -> None:
    path = folder / "0_prise_en_main.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["metadata"] = {}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UsageError, match="étiquetée"):
        read_notebook(path)
