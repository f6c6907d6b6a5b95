"""Every page that `ose build` writes, found by itself: a later notebook is held to this from its first day."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from pipelines.cli import main
from pipelines.paths import NOTEBOOKS
from pipelines.run.notebooks import known_notebooks
from tests.browser.conftest import ENDS, EVERY_VIEW
from tests.conftest import SHEETS, YEARS


def _pages(outputs: Path) -> list[Path]:
    return sorted(outputs.rglob("*.html"))


SHORT = (
    "index.html",
    "valenciennes/2022/2_suivi_programmation.html",
    *(f"valenciennes/2022/8_fiche_commune--{code}.html" for code in ("59606", "inconnue-1")),
)


def _images(page: Path) -> list[str]:
    return [image["src"] for image in BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find_all("img")]


def _local_links(page: Path) -> set[Path]:
    anchors = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("a[href]:not([download])")
    local = [anchor["href"] for anchor in anchors if not anchor["href"].startswith(("#", "http:", "https:"))]
    return {(page.parent / href).resolve() for href in local}


def test_every_notebook_has_its_page(site: SimpleNamespace) -> None:
    reports = {path.stem for path in [*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("focus/*.ipynb")]}
    built = {page.stem.split("--")[0] for page in _pages(site.outputs)}
    assert reports
    assert reports - built == set()


def test_every_page_built_is_sound(site: SimpleNamespace, inspect: Callable[..., list[str]]) -> None:
    """Of the latest year, the fullest, the emptiest, those of the most kinds of content; narrowest and widest view.

    The long test takes all pages, in all views.
    """
    pages = [site.outputs / name for name in SHORT]
    faults = {str(page.relative_to(site.outputs)): inspect(page, ENDS) for page in pages}
    assert {page: found for page, found in faults.items() if found} == {}


@pytest.mark.long
def test_every_page_built_is_sound_in_every_view(
    site: SimpleNamespace, tmp_path: Path, inspect: Callable[..., list[str]]
) -> None:
    """Those of the first year too, all of them: what has no figures yet is a page as well."""
    outputs = shutil.copytree(site.outputs, tmp_path / "pages")
    places = ["--outputs", str(outputs), "--processed", str(site.processed)]
    names = [notebook.name for notebook in known_notebooks() if not notebook.sweep]
    assert main(["build", "--annee", str(YEARS[1]), *places, *names]) == 0
    faults = {str(page.relative_to(outputs)): inspect(page, EVERY_VIEW, axe="whole") for page in _pages(outputs)}
    assert {page: found for page, found in faults.items() if found} == {}


@pytest.mark.long
def test_every_sheet_is_sound(site: SimpleNamespace, inspect: Callable[..., list[str]], tmp_path: Path) -> None:
    """All pages of all sweeps, in one command: none fails, each is found in the index."""
    places = ["--outputs", str(tmp_path), "--processed", str(site.processed)]
    assert main(["build", *SHEETS.values(), *places]) == 0
    pages = sorted((tmp_path / "valenciennes/2022").glob("*.html"))
    lists = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.glob("valenciennes/2022/*--pages.json")]
    assert len(lists) == len(SHEETS)
    assert len(pages) == sum(len(listed["pages"]) for listed in lists) > 30
    assert _local_links(tmp_path / "index.html") >= {page.resolve() for page in pages}
    faults = {page.name: inspect(page) for page in [*pages, tmp_path / "index.html"]}
    assert {page: found for page, found in faults.items() if found} == {}


def test_every_page_is_light(site: SimpleNamespace) -> None:
    weights = {page.name: page.stat().st_size for page in _pages(site.outputs)}
    assert max(weights.values()) < 1_500_000
    figures = [src for page in _pages(site.outputs) for src in _images(page)]
    assert len(figures) > 10
    assert {src.partition(";")[0] for src in figures} <= {"data:image/svg+xml", "data:image/png"}


def test_the_index_leads_to_every_page_and_every_page_back(site: SimpleNamespace) -> None:
    index = (site.outputs / "index.html").resolve()
    # The team's own page of the state of reports is no more published than what is in « interne ».
    own = {index, index.with_name("etat.html")}
    published = {page.resolve() for page in _pages(site.outputs) if "interne" not in page.parts} - own
    assert published
    assert _local_links(index) == published
    for page in published - {index.with_name("reference.html")}:
        folder = (site.outputs / page.relative_to(site.outputs).parts[0]).resolve()
        own = {folder / "accessibilite.html", folder / "qualite.html"}
        assert own <= published
        # The accessibility page leads home alone, the quality page to both, a report to all three.
        upward = {"accessibilite": {index}, "qualite": {index, folder / "accessibilite.html"}}
        assert _local_links(page) == upward.get(page.stem, {index} | own)
