"""Every page that `ose build` writes, found by itself: a later notebook is held to this from its first day."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs of one `ose build` of everything, made once whatever the number of pytest's workers."""
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "pages"
    done = shared / "done"
    with FileLock(f"{shared}.lock"):
        if not done.is_file():
            folders = ["--outputs", str(shared / "outputs"), "--processed", str(shared / "processed")]
            build = [sys.executable, "-m", "pipelines", "build", *folders]
            ran = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
            done.touch()
    return shared / "outputs"


def test_every_page_built_is_sound(outputs: Path, inspect: Callable[..., list[str]]) -> None:
    pages = sorted(outputs.rglob("*.html"))
    assert outputs / "index.html" in pages
    reports = {path.stem for folder in ("notebooks", "notebooks/focus") for path in (ROOT / folder).glob("*.ipynb")}
    assert reports - {page.stem.split("--")[0] for page in pages} == set(), "des notebooks n'ont pas de page"
    faults = {str(page.relative_to(outputs)): inspect(page) for page in pages}
    assert {page: found for page, found in faults.items() if found} == {}


def test_the_index_leads_to_every_page_and_back(outputs: Path) -> None:
    def links(page: Path) -> set[Path]:
        anchors = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("a[href]:not([download])")
        local = [a["href"] for a in anchors if not a["href"].startswith(("#", "http"))]
        return {(page.parent / href).resolve() for href in local}

    index = (outputs / "index.html").resolve()
    pages = {page.resolve() for page in outputs.rglob("*.html") if "interne" not in page.parts} - {index}
    assert links(index) == pages
    assert all(links(page) == {index} for page in pages)
