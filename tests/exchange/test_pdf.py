"""`ose export pdf`: a tagged PDF by a real browser, the same bytes twice, the former file kept until the new one."""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination, DictionaryObject
from ruamel.yaml import YAML

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.exchange.browser import VARIABLE, find_browser
from pipelines.exchange.pdf import write_pdf
from pipelines.paths import RAW
from tests.browser.conftest import missing_browser

PAGE = "valenciennes/2022/7_rapport_annuel.html"
# In points, 72 to the inch.
A4 = (595, 842)
# What a program that is no browser does with the file that it is told to write.
WRITES = "import sys\ntarget = next(a for a in sys.argv if 'print-to-pdf' in a).split('=', 1)[1]\n{}"


@pytest.fixture(autouse=True)
def any_browser() -> None:
    """The machine has one, or the test says so."""
    if find_browser() is None:
        missing_browser()


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


def _elements(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The elements of the structure tree, in reading order."""
    if "/S" in node:
        yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid.get_object(), DictionaryObject):
            yield from _elements(kid.get_object())


def _plain(content: bytes) -> bytes:
    """The bytes of a PDF with its escaped characters, as `\\057` for a slash, read."""
    return re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), content)


def test_it_is_tagged_and_says_its_language_and_its_title(printed: PdfReader) -> None:
    root = printed.root_object
    assert printed.pdf_header >= "%PDF-1.4", "les balises n'existent pas avant"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    title = "Rapport annuel — 2022 — Contrat de ville de Valenciennes Métropole"
    assert printed.metadata == {"/Title": title}
    assert printed.xmp_metadata.dc_title == {"x-default": title}
    assert printed.xmp_metadata.dc_language == ["fr-FR"]
    assert b"pdfuaid" not in root["/Metadata"].get_data(), "aucune conformité n'est auditée"
    roles = [str(element["/S"]) for element in _elements(root["/StructTreeRoot"])]
    assert roles.count("/H1") == 1
    assert roles.count("/H2") > 10
    for role in ("/Table", "/TH", "/TD", "/Caption", "/Figure", "/L", "/Link"):
        assert role in roles, role


def test_every_figure_is_an_image_with_its_alternative(printed: PdfReader, site: SimpleNamespace) -> None:
    tree = printed.root_object["/StructTreeRoot"]
    figures = [element for element in _elements(tree) if element["/S"] == "/Figure"]
    assert [len(list(_elements(figure))) for figure in figures] == [1] * len(figures), "un tableau n'est pas une image"
    alternatives = [str(figure.get("/Alt", "")) for figure in figures]
    assert len(alternatives) == (site.outputs / PAGE).read_text(encoding="utf-8").count("<img ") > 0
    assert all(len(alternative) > 40 for alternative in alternatives)
    assert alternatives[0].startswith("Points par territoire. Valenciennes Métropole : 53,8 %.")


def test_every_role_is_known_to_its_readers(printed: PdfReader) -> None:
    tree = printed.root_object["/StructTreeRoot"]
    # Those of PDF 1.7 that the browser uses.
    known = {"/Document", "/Art", "/Div", "/NonStruct", "/P", "/H1", "/H2", "/H3", "/L", "/LI", "/Lbl", "/LBody"}
    known |= {"/Table", "/TR", "/TH", "/TD", "/Caption", "/THead", "/TBody", "/TFoot", "/Quote", "/BlockQuote", "/Sect"}
    known |= {"/Figure", "/Link", "/Code", "/Span"}
    roles = {str(element["/S"]) for element in _elements(tree)}
    assert {tree["/RoleMap"].get(role, role) for role in roles} <= known


def test_the_head_cells_of_tables_are_numbered_without_the_browser(printed: PdfReader) -> None:
    """Chromium numbers them by what it did before, which differs from one print to the next on a busy machine."""
    tree = printed.root_object["/StructTreeRoot"]
    heads = {str(element["/ID"]): element for element in _elements(tree) if "/ID" in element}
    assert sorted(heads) == [f"n{rank:08}" for rank in range(1, len(heads) + 1)] != []
    cells = [own["/Headers"] for element in _elements(tree) for own in element.get("/A", []) if "/Headers" in own]
    assert {str(name) for names in cells for name in names} == set(heads)
    names = [node.get_object()["/Names"] for node in tree["/IDTree"]["/Kids"]]
    index = {str(name): element for pairs in names for name, element in zip(pairs[::2], pairs[1::2], strict=True)}
    assert list(index) == sorted(heads)
    assert all(index[name].get_object() == heads[name] for name in heads)


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


def test_a_link_leads_into_the_pdf_or_to_the_web(printed: PdfReader) -> None:
    links = [note.get_object() for sheet in printed.pages for note in sheet.get("/Annots", [])]
    addresses = [str(link["/A"]["/URI"]) for link in links if "/A" in link]
    assert addresses
    assert [address for address in addresses if not address.startswith("https://")] == []
    assert any("/Dest" in link for link in links), "le sommaire mène aux sections"


def test_the_same_page_gives_the_same_bytes_anywhere_and_names_nobody(site: SimpleNamespace, tmp_path: Path) -> None:
    page = site.outputs / "valenciennes/accessibilite.html"
    assert 'href="../index.html"' in page.read_text(encoding="utf-8"), "une adresse que le navigateur complète"
    moved = Path(shutil.copy(page, tmp_path))
    for name, where in (("un.pdf", page), ("deux.pdf", moved)):
        write_pdf(where, tmp_path / name)
    content = (tmp_path / "un.pdf").read_bytes()
    assert content == (tmp_path / "deux.pdf").read_bytes()
    for word in (b"CreationDate", b"ModDate", b"Mozilla", b"file:", str(tmp_path).encode(), b"index.html"):
        assert word not in _plain(content)


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
        (WRITES.format("open(target, 'wb').write(b'%PDF')\nraise SystemExit(3)"), "n'a pas pu écrire le PDF"),
        (
            WRITES.format("import pypdf\nw = pypdf.PdfWriter()\nw.add_blank_page(595, 842)\nw.write(target)"),
            "PDF sans balises",
        ),
    ],
    ids=["échoue", "n'écrit rien", "s'arrête", "sans balises"],
)
def test_a_browser_that_fails_leaves_the_former_file(
    site: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, sentence: str
) -> None:
    monkeypatch.setenv(VARIABLE, _program(tmp_path, body))
    target = tmp_path / "rapport.pdf"
    target.write_bytes(b"le premier")
    with pytest.raises(UsageError, match=sentence):
        write_pdf(site.outputs / PAGE, target)
    assert target.read_bytes() == b"le premier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["faux-navigateur", "rapport.pdf"]


@pytest.mark.skipif(os.name == "nt", reason="un script ne s'exécute pas seul sous Windows")
def test_a_browser_that_never_ends_is_stopped_with_what_it_started(
    site: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats, target = tmp_path / "battements", tmp_path / "rapport.pdf"
    beat = f"import time\nfor _ in range(300):\n    open({str(beats)!r}, 'a').write('.')\n    time.sleep(0.05)"
    monkeypatch.setenv(
        VARIABLE, _program(tmp_path, f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {beat!r}])")
    )
    target.write_bytes(b"le premier")
    begun = time.monotonic()
    with pytest.raises(UsageError, match="n'a pas pu écrire le PDF"):
        write_pdf(site.outputs / PAGE, target, patience=4)
    assert time.monotonic() - begun < 10
    assert target.read_bytes() == b"le premier"
    beaten = beats.stat().st_size
    assert beaten > 0
    time.sleep(0.3)
    assert beats.stat().st_size == beaten


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
    code, said, warned = _export(capsys, copy, "1_observation_france", "--annee", "2015")
    assert (code, (copy.outputs / "valenciennes/2015/1_observation_france.pdf").is_file()) == (0, True)
    assert "valenciennes/2015/1_observation_france.pdf" in said
    assert "fictives" not in warned


@pytest.mark.long
def test_a_report_that_fails_says_why_and_leaves_the_former_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract with territories alone: the report on programmes says which source it wants."""
    contract = shutil.copytree(RAW / "valenciennes", tmp_path / "copie")
    yaml, path = YAML(), contract / "contrat.yml"
    content = yaml.load(path)
    content["sources"] = [
        source for source in content["sources"] if source["table"] in ("territoires", "appartenances")
    ]
    yaml.dump(content, path)
    places = SimpleNamespace(outputs=tmp_path / "pages", processed=tmp_path / "tables")
    former = places.outputs / "copie/2022/2_suivi_programmation.pdf"
    former.parent.mkdir(parents=True)
    former.write_bytes(b"le premier")
    code, said, warned = _export(capsys, places, "2_suivi_programmation", "--contrat", str(contract))
    assert (code, said) == (3, "")
    assert "« actions » n'a pas de source" in warned
    assert former.read_bytes() == b"le premier"
    assert not former.with_suffix(".html").exists()


def test_a_wrong_target_is_refused_before_anything_is_built(
    site: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = SimpleNamespace(outputs=tmp_path / "pages", processed=site.processed)
    data = tmp_path / "contrat.yml"
    data.write_text("des données", encoding="utf-8")
    for target, sentence in (
        (tmp_path / "absent/a.pdf", "n'existe pas. Le créer"),
        (data, "n'est pas le nom d'un PDF"),
    ):
        code, _, warned = _export(capsys, nowhere, "--sortie", str(target))
        assert code == 2
        assert sentence in warned
    assert data.read_text(encoding="utf-8") == "des données"
    assert not nowhere.outputs.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["8_rapport"], "Le notebook « 8_rapport » n'existe pas. Vouliez-vous dire"),
        (["--annee", "2030"], "L'année 2030 est hors du contrat"),
        (["-p", "seuil=3"], "seuil"),
    ],
)
def test_a_wrong_command_is_a_sentence(
    site: SimpleNamespace, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, _, warned = _export(capsys, site, *arguments)
    assert code == 2
    assert said in warned
