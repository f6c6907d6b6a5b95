"""With nothing to do, a build says so from the bytes on disk, before anything heavy is imported; else it looks."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.paths import RAW
from pipelines.run.quick import STATE, digest_inputs, keep_pages, recall_pages

ASKED = {"noms": [], "annee": None}


@pytest.fixture
def place(tmp_path: Path) -> dict[str, Path]:
    """A contract, its tables and its page, as a build leaves them, with what it keeps."""
    folders = {name: tmp_path / name for name in ("contrat", "processed", "outputs")}
    for folder in folders.values():
        (folder / "contrat").mkdir(parents=True)
    (folders["contrat"] / "contrat.yml").write_text("nom: essai", encoding="utf-8")
    (folders["contrat"] / "contrat" / "liste.csv").write_text("a;b", encoding="utf-8")
    (folders["processed"] / "contrat" / "manifest.json").write_text("{}", encoding="utf-8")
    page = folders["outputs"] / "contrat" / "page.html"
    page.write_text("page", encoding="utf-8")
    keep(folders, digest_inputs([str(folders["contrat"])]))
    return folders


def keep(place: dict[str, Path], inputs: str) -> None:
    page = place["outputs"] / "contrat" / "page.html"
    keep_pages(ASKED, [str(place["contrat"])], place["processed"], place["outputs"], 1, [page], inputs)


def recall(place: dict[str, Path], asked: dict[str, object] = ASKED) -> int | None:
    return recall_pages(asked, [str(place["contrat"])], place["processed"], place["outputs"])


def test_nothing_changed_is_nothing_to_do(place: dict[str, Path]) -> None:
    assert recall(place) == 1
    (place["contrat"] / ".verrou").write_text("", encoding="utf-8")
    (place["contrat"] / "contrat" / "liste.csv").touch()
    assert recall(place) == 1, "ni un fichier caché, ni une date"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda p: (p["contrat"] / "contrat" / "liste.csv").write_text("a;c", encoding="utf-8"), id="raw"),
        pytest.param(lambda p: (p["contrat"] / "nouveau.csv").write_text("", encoding="utf-8"), id="new file"),
        pytest.param(lambda p: (p["contrat"] / "contrat.yml").rename(p["contrat"] / "autre.yml"), id="renamed"),
        pytest.param(lambda p: shutil.rmtree(p["processed"]), id="tables gone"),
        pytest.param(lambda p: (p["outputs"] / "contrat/page.html").write_text("pag", encoding="utf-8"), id="page"),
        pytest.param(lambda p: (p["outputs"] / "contrat/page.html").unlink(), id="page gone"),
        pytest.param(lambda p: (p["outputs"] / ".encours-abc").mkdir(), id="killed while it wrote"),
        pytest.param(lambda p: (p["outputs"] / ".pret-abc").mkdir(), id="killed while it moved"),
        pytest.param(lambda p: shutil.rmtree(p["outputs"] / STATE), id="nothing kept"),
        pytest.param(lambda p: [f.write_text("{", "utf-8") for f in (p["outputs"] / STATE).iterdir()], id="torn"),
    ],
)
def test_whatever_changed_is_looked_into(change: Callable[[dict[str, Path]], object], place: dict[str, Path]) -> None:
    change(place)
    assert recall(place) is None


def test_what_changed_during_a_build_is_looked_into(place: dict[str, Path]) -> None:
    before = digest_inputs([str(place["contrat"])])
    (place["contrat"] / "contrat" / "liste.csv").write_text("a;c", encoding="utf-8")
    keep(place, before)
    assert recall(place) is None


def test_another_question_is_looked_into(place: dict[str, Path]) -> None:
    assert recall(place, ASKED | {"annee": 2019}) is None


def test_the_answer_imports_nothing_heavy(tmp_path: Path) -> None:
    """What is imported, rather than a time: that depends on the machine, and `make bench` measures it."""
    outputs, page = tmp_path / "pages", tmp_path / "pages" / "page.html"
    page.parent.mkdir()
    page.write_text("page", encoding="utf-8")
    asked = {"noms": [], "annee": None, "parametres": {}, "code": False}
    contrats = [str(RAW / "valenciennes")]
    keep_pages(asked, contrats, tmp_path / "tables", outputs, 7, [page], digest_inputs(contrats))
    run = (
        "import sys; from pipelines.cli import main; "
        f"code = main(['build', '--outputs', {str(outputs)!r}, '--processed', {str(tmp_path / 'tables')!r}]); "
        "heavy = {'pandas', 'numpy', 'pydantic', 'ruamel', 'papermill', 'nbformat', 'jinja2', 'great_expectations'}; "
        "print(json.dumps([code, sorted(heavy & {*sys.modules})]))"
    )
    said = subprocess.run([sys.executable, "-c", f"import json; {run}"], capture_output=True, text=True, check=True)
    *lines, answer = said.stdout.splitlines()
    assert lines[0] == "7 page(s) déjà à jour (--force pour les refaire)"
    assert json.loads(answer) == [0, []]
    assert "Rien à faire : 7 pages à jour" in (outputs / STATE / "journal.log").read_text(encoding="utf-8")
