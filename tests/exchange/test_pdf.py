"""`ose export pdf`: a tagged PDF by a real browser, the same bytes twice, the former file kept until the new one."""

import os
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination, DictionaryObject

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.exchange.browser import NAMES, VARIABLE, find_browser
from pipelines.exchange.pdf import write_pdf

PAGE = "valenciennes/2022/7_rapport_annuel.html"
# In points, 72 to the inch.
A4 = (595, 842)
# What a program that is no browser does with the file that it is told to write.
WRITES = "import sys\ntarget = next(a for a in sys.argv if 'print-to-pdf' in a).split('=', 1)[1]\n{}"


@pytest.fixture(autouse=True)
def any_browser() -> None:
    """Absent: the test is skipped aloud, or fails where CI=true."""
    if find_browser() is None:
        reason = f"aucun navigateur ({', '.join(NAMES)}) : le PDF n'est pas vérifié ; installer chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def printed(site: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """The annual report of the shipped contract, printed."""
    target = tmp_path_factory.mktemp("pdf") / "rapport.pdf"
    sheets = write_pdf(site.outputs / PAGE, target)
    reader = PdfReader(target)
    assert len(reader.pages) == sheets > 5
    return reader


def _titles(outline: list[Destination | list]) -> list[str]:
    return [t for entry in outline for t in (_titles(entry) if isinstance(entry, list) else [str(entry.title)])]


def _roles(node: DictionaryObject) -> list[str]:
    """The roles of the structure tree, in reading order."""
    kids = node.get("/K", [])
    kids = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    own = [str(node["/S"])] if "/S" in node else []
    return own + [role for kid in kids if isinstance(kid, DictionaryObject) for role in _roles(kid)]


def test_it_is_tagged_and_says_its_language_and_its_title(printed: PdfReader) -> None:
    root = printed.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert printed.metadata == {"/Title": "Rapport annuel — 2022 — Contrat de ville de Valenciennes Métropole"}
    roles = _roles(root["/StructTreeRoot"])
    assert roles.count("/H1") == 1
    assert roles.count("/H2") > 10
    for role in ("/Table", "/TH", "/TD", "/Caption", "/Figure", "/L", "/Link"):
        assert role in roles, role


def test_every_figure_has_its_alternative(printed: PdfReader) -> None:
    def figures(node: DictionaryObject) -> list[DictionaryObject]:
        kids = node.get("/K", [])
        kids = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
        own = [node] if node.get("/S") == "/Figure" and "/Alt" in node else []
        return own + [found for kid in kids if isinstance(kid, DictionaryObject) for found in figures(kid)]

    alternatives = [str(figure["/Alt"]) for figure in figures(printed.root_object["/StructTreeRoot"])]
    assert any(
        "territoires sur" in alternative or "Points par territoire" in alternative for alternative in alternatives
    )


def test_the_outline_is_the_contents_spelt_as_on_the_page(printed: PdfReader, site: SimpleNamespace) -> None:
    titles = _titles(printed.outline)
    assert titles[0] == "Rapport annuel"
    assert "5. Comment le social, l'économique et l'urbain s'articulent-ils\u202f?" in titles
    assert titles[-4:] == ["Paramètres", "Sources", "Bilan des lignes", "Contrôles"]


def test_every_sheet_is_a4_with_its_number_and_its_marks(printed: PdfReader) -> None:
    total = len(printed.pages)
    for number, sheet in enumerate(printed.pages, start=1):
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
        text = sheet.extract_text()
        assert f"{number} / {total}" in text
        assert "Projet · Données" in text
        # The browser's own header and footer would name the file and the day.
        assert "file:" not in text


def test_links_are_written_out_and_nothing_is_left_folded(printed: PdfReader) -> None:
    text = "".join("".join(sheet.extract_text() for sheet in printed.pages).split())
    assert "(https://" in text
    assert "Tauxd'acceptation:" in text, "la méthode, dépliée"
    assert "TéléchargerletableauCSV" not in text


def test_the_same_page_gives_the_same_bytes_and_names_nobody(site: SimpleNamespace, tmp_path: Path) -> None:
    page = site.outputs / "valenciennes/accessibilite.html"
    for name in ("un.pdf", "deux.pdf"):
        write_pdf(page, tmp_path / name)
    content = (tmp_path / "un.pdf").read_bytes()
    assert content == (tmp_path / "deux.pdf").read_bytes()
    for word in (b"CreationDate", b"ModDate", b"Mozilla", str(site.outputs).encode(), str(Path.home()).encode() + b"/"):
        assert word not in content


def _program(folder: Path, body: str) -> str:
    """A real program that is no browser."""
    path = folder / "faux-navigateur"
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="un script ne s'exécute pas seul sous Windows")
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("raise SystemExit(3)", "n'a pas pu écrire le PDF"),
        ("pass", "n'a pas pu écrire le PDF"),
        ("import time; time.sleep(30)", "n'a pas pu écrire le PDF"),
        (WRITES.format("open(target, 'wb').write(b'%PDF')\nraise SystemExit(3)"), "n'a pas pu écrire le PDF"),
        (
            WRITES.format("import pypdf\nw = pypdf.PdfWriter()\nw.add_blank_page(595, 842)\nw.write(target)"),
            "PDF sans balises",
        ),
    ],
    ids=["échoue", "n'écrit rien", "ne finit pas", "s'arrête", "sans balises"],
)
def test_a_browser_that_fails_leaves_the_former_file(
    site: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, sentence: str
) -> None:
    monkeypatch.setenv(VARIABLE, _program(tmp_path, body))
    target = tmp_path / "rapport.pdf"
    target.write_bytes(b"le premier")
    begun = time.monotonic()
    with pytest.raises(UsageError, match=sentence):
        write_pdf(site.outputs / PAGE, target, patience=3)
    assert time.monotonic() - begun < 20
    assert target.read_bytes() == b"le premier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["faux-navigateur", "rapport.pdf"]


def test_no_browser_or_a_wrong_one_is_a_sentence(
    site: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(UsageError, match=f"{VARIABLE} désigne"):
        write_pdf(site.outputs / PAGE, tmp_path / "r.pdf")
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("PATH", str(tmp_path))
    if find_browser() is None:
        with pytest.raises(UsageError, match="Aucun navigateur pour écrire le PDF : installer"):
            write_pdf(site.outputs / PAGE, tmp_path / "r.pdf")


def _export(capsys: pytest.CaptureFixture[str], site: SimpleNamespace, *arguments: str) -> tuple[int, str, str]:
    places = ["--outputs", str(site.outputs), "--processed", str(site.processed)]
    code = main(["export", "pdf", *arguments, *places])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_prints_the_annual_report_and_warns(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "annexe.pdf"
    code, said, warned = _export(capsys, site, "--sortie", str(target))
    assert code == 0
    assert said == f"PDF, {len(PdfReader(target).pages)} pages : {target}\n"
    assert "à l'état de projet" in warned
    assert "Ne pas annexer à une délibération" in warned


def test_the_command_writes_beside_the_page_of_the_year(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = SimpleNamespace(outputs=tmp_path / "pages", processed=site.processed)
    shutil.copytree(site.outputs, copy.outputs)
    code, said, warned = _export(capsys, copy, "1_observation", "--annee", "2015")
    assert (code, (copy.outputs / "valenciennes/2015/1_observation.pdf").is_file()) == (0, True)
    assert "valenciennes/2015/1_observation.pdf" in said
    assert "fictives" not in warned


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["8_rapport"], "Le notebook « 8_rapport » n'existe pas. Vouliez-vous dire"),
        (["--annee", "2030"], "L'année 2030 est hors du contrat"),
        (["--sortie", "absent/annexe.pdf"], "n'existe pas. Le créer, ou choisir un autre --sortie"),
        (["-p", "seuil=3"], "seuil"),
    ],
)
def test_a_wrong_command_is_a_sentence(
    site: SimpleNamespace, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, _, warned = _export(capsys, site, *arguments)
    assert code == 2
    assert said in warned
