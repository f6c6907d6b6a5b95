"""An evaluator's day in a real JupyterLab, as `ose lab` opens it: run, change, write a section, save, build."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.errors import UsageError
from pipelines.lab import Lab, plan_lab
from pipelines.launcher import LAUNCHER, REFERENCE, write_launcher
from pipelines.paths import NOTEBOOKS, PROCESSED_VARIABLE, ROOT
from pipelines.run.build import build
from tests.lab.conftest import running

# Milliseconds: a machine that runs other tests draws slowly.
PATIENCE = 60_000
# The numbers of the cells that were run; a star for each that is waited for.
PROMPTS = "[...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')].map(e => e.textContent).join()"
# What an evaluator may wait for, Run All of the observation, on a machine that imports pandas in so many seconds.
RUN_ALL, PANDAS = 10.0, 0.45
TITLE, SECTION = "Ma première fiche", "Combien de dossiers par orientation ?"
CALCULATION = """\
seuil = {threshold}
dossiers = monitoring.sum_amounts(de_l_annee, report.load("financements"))
par_orientation = monitoring.monitor_by(dossiers, "code_orientation", base_minimale=seuil)
report.show(
    par_orientation[["code_orientation", "nb_demandes", "taux_acceptation"]],
    "Dossiers par orientation",
    sources=[dossiers],
    methode=monitoring.define("taux_acceptation", base_minimale=seuil),
)"""


@pytest.fixture(scope="module")
def day(installed: None, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The JupyterLab of `ose lab` on a copy of the notebooks, with settings of its own: paths, address."""
    base = tmp_path_factory.mktemp("journee")
    ignored = shutil.ignore_patterns(LAUNCHER, REFERENCE, ".*")
    folder = Path(shutil.copytree(NOTEBOOKS, base / "notebooks", ignore=ignored))
    write_launcher(folder)
    lab = plan_lab(folder)
    places = {f"JUPYTER_{name}_DIR": str(base / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    places |= {f"JUPYTERLAB_{name}_DIR": str(base / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    own = {"IPYTHONDIR": str(base / "ipython"), PROCESSED_VARIABLE: str(prepared.parent)}
    status = f"http://localhost:{lab.port}/api/status?token={lab.token}"
    with running(lab.command(browser=False), lab.environment() | places | own, status, base / "journal.txt"):
        yield SimpleNamespace(folder=folder, lab=lab, processed=prepared.parent, base=base)


@pytest.fixture
def page(browser: Browser, day: SimpleNamespace) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        yield page


def open_notebook(page: Page, lab: Lab, name: str) -> None:
    """Open a notebook alone, and wait for its kernel."""
    page.goto(f"http://localhost:{lab.port}/lab/tree/{name}?token={lab.token}&reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    # A cell that is run before the kernel is there waits for nothing.
    page.get_by_text("(ipykernel) | Inactif").wait_for()


def menu(page: Page, *names: str) -> None:
    page.get_by_role("menuitem", name=names[0], exact=True).click()
    for name in names[1:]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{re.escape(name)}$")).click()


def wait_run(page: Page, before: str) -> None:
    """Until the prompts are no longer what they were, and nothing is waited for."""
    page.wait_for_function(f"before => {PROMPTS} !== before && !{PROMPTS}.includes('*')", arg=before)


def run_all(page: Page) -> float:
    """Run all cells by the menu; returns the seconds until none is waited for."""
    started, before = time.monotonic(), page.evaluate(PROMPTS)
    menu(page, "Exécution", "Exécuter toutes les cellules")
    wait_run(page, before)
    return time.monotonic() - started


def cell_of(page: Page, text: str):  # noqa: ANN201
    """The first cell whose source holds a text."""
    return page.locator(".jp-Notebook .jp-Cell", has=page.locator(".jp-InputArea", has_text=text)).first


def rewrite(page: Page, text: str, source: str) -> None:
    """Write another source in the cell that holds a text."""
    cell_of(page, text).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)


def add_cell(page: Page, source: str, *, markdown: bool = False) -> None:
    """A cell below the active one, with a source; it is being edited."""
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    if markdown:
        page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(source)


def save(page: Page, path: Path) -> dict[str, object]:
    """Save by the keyboard; returns what is written."""
    before = path.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        page.wait_for_timeout(100)
        if path.stat().st_mtime_ns != before:
            with suppress(json.JSONDecodeError):  # still being written
                return json.loads(path.read_text(encoding="utf-8"))
    return json.loads(path.read_text(encoding="utf-8"))


def said(notebook: dict[str, object]) -> list[str]:
    """What each output says in words, in order."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return ["".join(output.get("data", {}).get("text/plain", output.get("evalue", ""))) for output in outputs]


def slowness() -> float:
    """How many times slower than a quiet machine this one is now."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import pandas"], check=True)
    return max(1.0, (time.monotonic() - started) / PANDAS)


def test_it_opens_on_the_launcher_which_opens_a_notebook(page: Page, day: SimpleNamespace) -> None:
    page.goto(f"{day.lab.address}&reset")
    page.get_by_role("heading", name="Par où commencer ?").wait_for()
    page.get_by_role("link", name="Prise en main").click()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    assert page.locator(".lm-TabBar-tabLabel", has_text="0_prise_en_main.ipynb").count() == 1
    assert page.locator(".jp-Dialog").count() == 0
    ours = (f"http://localhost:{day.lab.port}", "data:", "blob:")
    assert [url for url in page.asked if not url.startswith(ours)] == []


@pytest.mark.long
def test_the_observation_runs_in_ten_seconds(page: Page, day: SimpleNamespace) -> None:
    open_notebook(page, day.lab, "1_observation.ipynb")
    allowed = RUN_ALL * slowness()
    taken = run_all(page)
    assert taken < allowed
    assert page.locator("[data-mime-type*=stderr], [data-mime-type*=error]").count() == 0


@pytest.mark.long
def test_another_year_changes_titles_and_figures_and_a_wrong_one_is_a_sentence(
    page: Page, day: SimpleNamespace
) -> None:
    path = day.folder / "0_prise_en_main.ipynb"
    open_notebook(page, day.lab, path.name)
    run_all(page)
    first = save(page, path)
    parameters = "".join(first["cells"][1]["source"])
    rewrite(page, "annee: int", parameters.replace("= None", "= 2016"))
    run_all(page)
    second = save(page, path)
    assert any("2022" in text for text in said(first))
    assert not any("2022" in text for text in said(second)[1:])
    assert len(said(first)) == len(said(second))
    images = [re.findall(r'src=\\?"data:image[^"]*', json.dumps(one["cells"])) for one in (first, second)]
    assert images[0]
    assert images[0] != images[1]

    rewrite(page, "annee: int", parameters.replace("= None", "= 1999"))
    run_all(page)
    sentence = "L'année 1999 est hors du contrat (2015 à 2022). Choisir une année du contrat."
    told = page.locator(".jp-Notebook .jp-OutputArea-output", has_text="1999")
    # Its own text: what is off the screen is not drawn, and has no other.
    expect(told).to_have_text([sentence])


@pytest.mark.long
def test_a_copy_with_a_section_of_ones_own_becomes_a_report(page: Page, day: SimpleNamespace, tmp_path: Path) -> None:
    shutil.copyfile(NOTEBOOKS / "0_prise_en_main.ipynb", day.folder / "0_prise_en_main.ipynb")
    page.goto(f"{day.lab.address}&reset")
    page.locator(".jp-DirListing-item", has_text="0_prise_en_main").click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Dupliquer$")).click()
    path = day.folder / "0_prise_en_main-Copy1.ipynb"
    page.locator(".jp-DirListing-item", has_text=path.stem).wait_for()
    built = {"notebooks": day.folder, "processed": day.processed, "outputs": tmp_path}
    with pytest.raises(UsageError, match="changer la ligne « # … » de sa première cellule"):
        build("valenciennes", names=[path.stem], **built)

    # The title, then a section of one's own below what there is.
    open_notebook(page, day.lab, path.name)
    cell_of(page, "Prise en main").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.locator(".jp-mod-active .cm-focused").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f"# {TITLE}\n\n**Question.** Combien ?")
    page.keyboard.press("Shift+Enter")
    run_all(page)
    page.locator(".jp-Notebook .jp-Cell").last.locator(".jp-InputArea").click()
    add_cell(page, f"## {SECTION}", markdown=True)
    page.keyboard.press("Shift+Enter")
    # Names are offered after the dot, and the help is in French.
    add_cell(page, "monitoring.")
    page.keyboard.press("Tab")
    offered = page.locator(".jp-Completer-item", has_text="monitor_by")
    offered.first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.insert_text("monitor_by(")
    page.keyboard.press("Shift+Tab")
    tooltip = page.locator(".jp-Tooltip")
    tooltip.get_by_text("Compte dossiers, actions accordées et euros").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("monitoring.monitor_by?")
    page.keyboard.press("Control+Enter")
    page.get_by_text("by : le nom de la colonne qui fait les classes").first.wait_for()
    # A threshold is an argument: the result and its printed definition follow it.
    written = []
    for threshold in (5, 80):
        page.locator(".jp-Notebook .jp-Cell").last.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(CALCULATION.format(threshold=threshold))
        before = page.evaluate(PROMPTS)
        page.keyboard.press("Control+Enter")
        wait_run(page, before)
        written.append(save(page, path)["cells"][-1]["outputs"][0])
    first, second = ("".join(output["data"]["text/html"]) for output in written)
    assert "moins de 5 cas" in first
    assert "moins de 80 cas" in second
    rates = ["".join(output["data"]["text/csv"]) for output in written]
    assert rates[0] != rates[1]

    made = build("valenciennes", names=[path.stem], **built)
    assert made.failures == {}
    (report,) = made.reports
    html = report.read_text(encoding="utf-8")
    assert f"<h1>{TITLE}</h1>" in html
    assert SECTION.replace(" ?", "\u202f?") in html
    assert TITLE in made.index.read_text(encoding="utf-8")


@pytest.mark.long
def test_only_what_was_written_reaches_git(page: Page, day: SimpleNamespace) -> None:
    """What JupyterLab saves after a run, once the hooks have passed, differs by the source alone."""
    repository = day.base / "depot"
    repository.mkdir()
    path = day.folder / "0_prise_en_main.ipynb"
    shutil.copyfile(NOTEBOOKS / path.name, path)
    kept = repository / path.name
    shutil.copyfile(path, kept)
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, repository / name)
    (repository / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment["PRE_COMMIT_HOME"] = str(day.base / "pre-commit")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)

    def hooks(stage: str) -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "-m", "pre_commit", "run", "--all-files", "--hook-stage", stage)

    run("git", "init", "--quiet")
    run("git", "add", path.name, ".pre-commit-config.yaml", "pyproject.toml")
    # Outside the project, its own imports are sorted among those of others.
    hooks("pre-commit")
    run("git", "add", path.name)
    open_notebook(page, day.lab, path.name)
    parameters = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][1]["source"])
    rewrite(page, "annee: int", parameters.replace("= None", "= 2016"))
    run_all(page)
    saved = save(page, path)
    assert any(cell.get("outputs") for cell in saved["cells"])
    shutil.copyfile(path, kept)
    assert hooks("manual").returncode != 0, "make lint"
    hooks("pre-commit")
    assert hooks("manual").returncode == 0
    lines = [line for line in run("git", "diff", "-U0", "--", path.name).stdout.splitlines() if line[:1] in "+-"]
    changed = [line for line in lines if not line.startswith(("+++", "---"))]
    assert [line[:1] for line in changed] == ["-", "+"], "\n".join(changed)
    assert "annee: int | None = None" in changed[0]
    assert "annee: int | None = 2016" in changed[1]
