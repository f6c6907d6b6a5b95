"""`ose training`: a folder with learners' copies, guide and slides; a learner's work is never written over."""

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.paths import NOTEBOOKS
from pipelines.training.learner import BEGIN, END
from pipelines.training.session import PARTS, read_parts, write_session


@pytest.fixture
def one_part(tmp_path: Path) -> Path:
    """A folder of one short part: the first one, up to its first exercise."""
    (name, notebook), *_ = read_parts().items()
    at = next(rank for rank, cell in enumerate(notebook.cells) if cell.id == "exercice-1-erreurs")
    notebook.cells = notebook.cells[: at + 1]
    folder = tmp_path / "parties"
    folder.mkdir()
    nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def test_a_session_is_written_and_a_learners_work_kept(one_part: Path, prepared: Path, tmp_path: Path) -> None:
    """Copy, guide, slides; again: the same bytes, but for the copy in which a learner wrote."""
    folder = tmp_path / "session"
    session = write_session("valenciennes", 2021, folder, prepared.parent, one_part)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    copy = files["apprenants/1_lire_un_tableau.ipynb"]
    assert sorted(session.written) == sorted(files.values())
    assert set(files) == {
        "apprenants/1_lire_un_tableau.ipynb", "formateur/guide.html", "formateur/diapositives/1_lire_un_tableau.html"
    }  # fmt: skip
    assert BEGIN not in copy.read_text(encoding="utf-8")
    assert "annee: int | None = 2021 " in copy.read_text(encoding="utf-8")
    slides = files["formateur/diapositives/1_lire_un_tableau.html"].read_text(encoding="utf-8")
    _check_slides(slides)
    before = {name: path.read_bytes() for name, path in files.items()}
    copy.write_text("ce qu'un participant a écrit", encoding="utf-8")
    files["formateur/guide.html"].unlink()
    again = write_session("valenciennes", 2021, folder, prepared.parent, one_part)
    assert again.kept == [copy]
    assert copy.read_text(encoding="utf-8") == "ce qu'un participant a écrit"
    assert [name for name, path in files.items() if path.read_bytes() != before[name]] == [
        "apprenants/1_lire_un_tableau.ipynb"
    ]
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def _check_slides(html: str) -> None:
    """The statement on a slide of its own; no hint, no solution, no feedback, no note; fictional, and no draft."""
    page = BeautifulSoup(html, "html.parser")
    titles = [title.get_text() for title in page.select("section h2")]
    assert any(title.startswith("Exercice 1.") for title in titles)
    text = page.get_text(" ")
    assert not re.search(rf"Indice|Minutage|Erreurs fréquentes|Juste\.|Durée\.|Projet|{BEGIN}|{END}", text)
    assert "Données fictives de démonstration" in text
    assert "267" not in text
    assert "dans le notebook" in text
    assert not page.select('a[href*="html"]')


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([str(NOTEBOOKS / "formation")], "dans notebooks/"),
        ([str(NOTEBOOKS)], "dans notebooks/"),
        (["{tmp}/fichier"], "ne peut pas être écrit"),
        (["{tmp}/fichier/dedans"], "ne peut pas être écrit"),
        (["{tmp}/session", "--annee", "1999"], "hors du contrat"),
        (["{tmp}/session", "--contrat", "nulle-part"], "nulle-part"),
    ],
)
def test_a_folder_that_cannot_be_is_told_in_a_sentence(
    options: list[str], said: str, prepared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bad usage, and nothing written."""
    (tmp_path / "fichier").write_text("", encoding="utf-8")
    given = [*(option.format(tmp=tmp_path) for option in options), "--processed", str(prepared.parent)]
    assert main(["training", *given]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["fichier"]


def test_a_part_that_is_wrong_leaves_the_folder_as_it_was(one_part: Path, prepared: Path, tmp_path: Path) -> None:
    """Nothing is moved before everything is made."""
    folder = tmp_path / "session"
    path = one_part / "1_lire_un_tableau.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace(END, "### FIN"), encoding="utf-8")
    with pytest.raises(UsageError, match="n'est pas fermée"):
        write_session("valenciennes", 2021, folder, prepared.parent, one_part)
    assert not folder.exists()


@pytest.mark.long
def test_the_command_writes_the_whole_training(
    prepared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All parts of the first year; what was written, and what to do next."""
    folder = tmp_path / "session"
    options = ["--annee", "2015", "--processed", str(prepared.parent)]
    assert main(["training", str(folder), *options]) == 0
    told = capsys.readouterr().out
    names = [path.stem for path in PARTS.glob("*.ipynb")]
    for name in names:
        assert f"apprenants/{name}.ipynb" in told
        assert (folder / f"apprenants/{name}.ipynb").is_file()
        assert (folder / f"formateur/diapositives/{name}.html").is_file()
    assert "formateur/guide.html" in told
    assert "Ensuite" in told
