"""From built pages and the files of a contract: each section with its state, and the files that no page shows."""

import shutil
from pathlib import Path

import pytest

from pipelines.contract import Contract, read_contract
from pipelines.errors import UsageError
from pipelines.paths import RAW
from pipelines.report.provenance import with_provenance
from pipelines.report.spoken import Cell, fingerprint_cells, write_cells
from pipelines.run.comments import Section, accept, draft, find_strays, hold_comments, pick_sections, read_sections
from pipelines.run.notebooks import known_notebooks

NOTEBOOK = "7_rapport_annuel"
OLD, NEW = ([Cell("Taux", "A", "2020", value)] for value in ("4,1", "4,3"))
KNOWN = [notebook.name for notebook in known_notebooks()]


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    shutil.copytree(RAW / "valenciennes", tmp_path / "copie")
    return read_contract(str(tmp_path / "copie"))


def page(folder: Path, states: dict[str, str], cells: list[Cell] = NEW, notebook: str = NOTEBOOK) -> Path:
    """What a build leaves beside a page about its commentaries."""
    shown = [
        {"notebook": notebook, "section": name, "etat": state}
        | {"empreinte": fingerprint_cells(cells), "chiffres": write_cells(cells)}
        for name, state in states.items()
    ]
    for name, content in with_provenance(f"{notebook}.json", {"commentaires": shown}, {}).items():
        (folder / name).write_bytes(content)
    return folder / f"{notebook}.html"


def write(contract: Contract, place: str, text: str = "Texte.") -> Path:
    path = contract.dossier / "commentaires" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sections(contract: Contract, *pages: Path) -> dict[str, Section]:
    return {section.name: section for section in read_sections(contract, 2022, pages)}


def test_a_section_has_its_file_and_what_its_head_says(contract: Contract, tmp_path: Path) -> None:
    write(contract, f"2022/{NOTEBOOK}/avis.md", "---\nauteur: rôle\ndate: 2022-07-01\nempreinte: abc\n---\nTexte.")
    # That of another year says nothing of this one.
    write(contract, f"2021/{NOTEBOOK}/suites.md", "---\nauteur: rôle\n---\nTexte.")
    found = sections(contract, page(tmp_path, {"suites": "a_rediger", "avis": "a_relire"}))
    assert list(found) == ["suites", "avis"]
    avis = found["avis"]
    assert (avis.etat, avis.auteur, avis.date, avis.notee, avis.gardes) == (
        "a_relire",
        "rôle",
        "2022-07-01",
        "abc",
        False,
    )
    assert avis.empreinte == fingerprint_cells(NEW)
    assert avis.file == contract.dossier / f"commentaires/2022/{NOTEBOOK}/avis.md"
    assert found["suites"].auteur == ""


def test_a_draft_then_new_figures_accepted(contract: Contract, tmp_path: Path) -> None:
    first = sections(contract, page(tmp_path, {"avis": "a_rediger"}, OLD))["avis"]
    draft(first)
    with pytest.raises(UsageError, match="existe déjà"):
        draft(first)
    with pytest.raises(UsageError, match="rien n'est écrit"):
        accept(first)
    first.file.write_text(first.file.read_text(encoding="utf-8") + "Un texte.\n", encoding="utf-8")
    second = sections(contract, page(tmp_path, {"avis": "a_relire"}, NEW))["avis"]
    assert (second.notee, second.gardes) == (fingerprint_cells(OLD), True)
    assert accept(second) == fingerprint_cells(OLD)
    third = sections(contract, page(tmp_path, {"avis": "redige"}, NEW))["avis"]
    assert (third.notee, third.gardes) == (third.empreinte, True)
    assert third.file.read_text(encoding="utf-8").endswith("---\n\nUn texte.\n")


def test_kept_figures_of_another_fingerprint_are_not_kept(contract: Contract, tmp_path: Path) -> None:
    write(contract, f"2022/{NOTEBOOK}/avis.md", f"---\nempreinte: {fingerprint_cells(OLD)}\n---\nTexte.")
    for cells, gardes in ((OLD, True), (NEW, False)):
        write(contract, f"2022/{NOTEBOOK}/avis.chiffres.csv", write_cells(cells))
        assert sections(contract, page(tmp_path, {"avis": "a_relire"}))["avis"].gardes is gardes


def test_one_name_for_two_sections_is_refused(contract: Contract, tmp_path: Path) -> None:
    (tmp_path / "autre").mkdir()
    pages = [page(tmp_path, {"avis": "a_rediger"}, OLD), page(tmp_path / "autre", {"avis": "a_rediger"}, NEW)]
    with pytest.raises(UsageError, match="« avis » plusieurs fois"):
        read_sections(contract, 2022, pages)
    assert len(read_sections(contract, 2022, pages[:1] * 2)) == 1


def test_an_unknown_section_is_refused_with_the_nearest(contract: Contract, tmp_path: Path) -> None:
    found = read_sections(contract, 2022, [page(tmp_path, {"situation": "a_rediger", "avis": "a_rediger"})])
    assert [one.name for one in pick_sections(found, NOTEBOOK, ["avis"])] == ["avis"]
    with pytest.raises(
        UsageError, match=r"« situaton ».* Vouliez-vous dire « situation » \? Sections : situation, avis"
    ):
        pick_sections(found, NOTEBOOK, ["avis", "situaton"])
    with pytest.raises(UsageError, match="Sections : aucune"):
        pick_sections(found, "1_observation", ["avis"])


STRAYS = {
    f"2022/{NOTEBOOK}/perdu.md": f"orphelin : {NOTEBOOK} n'a pas de section « perdu »",
    "2022/7_rapport/avis.md": "orphelin : aucun notebook ne s'appelle « 7_rapport »",
    f"2022/{NOTEBOOK}/seul.chiffres.csv": "orphelin : des chiffres gardés, sans seul.md",
    f"2022/{NOTEBOOK}/avis.docx": "mal nommé : un commentaire est un fichier texte en .md",
    f"2022/{NOTEBOOK}/avis.v2.md": "mal nommé : un commentaire est un fichier texte en .md",
    f"2022/{NOTEBOOK}/très bien.md": "mal nommé : lettres sans accent, chiffres et tirets",
    f"22/{NOTEBOOK}/avis.md": "mal rangé : attendu commentaires/<annee>/<notebook>/<section>.md",
    "note.md": "mal rangé : attendu commentaires/<annee>/<notebook>/<section>.md",
    f"2022/{NOTEBOOK}/brouillons/avis.md": "mal rangé : attendu commentaires/<annee>/<notebook>/<section>.md",
    "2022/7 rapport/avis.md": "mal rangé : attendu commentaires/<annee>/<notebook>/<section>.md",
}


@pytest.mark.parametrize("place", STRAYS)
def test_a_file_that_no_page_shows_is_told(place: str, contract: Contract, tmp_path: Path) -> None:
    write(contract, place)
    found = read_sections(contract, 2022, [page(tmp_path, {"avis": "redige"})])
    assert find_strays(contract, 2022, found, KNOWN) == {f"commentaires/{place}": STRAYS[place]}


@pytest.mark.parametrize(
    "place",
    [
        f"2022/{NOTEBOOK}/avis.md",
        # Another year, another report: nothing was built to judge them by.
        f"2021/{NOTEBOOK}/perdu.md",
        "2022/1_observation/quartiers.md",
        f"2022/{NOTEBOOK}/.avis.md.encours",
        f"2022/{NOTEBOOK}/~$avis.docx",
        "Thumbs.db",
    ],
)
def test_a_file_that_is_shown_or_not_judged_is_not_told(place: str, contract: Contract, tmp_path: Path) -> None:
    write(contract, place)
    found = read_sections(contract, 2022, [page(tmp_path, {"avis": "redige"})])
    assert find_strays(contract, 2022, found, KNOWN) == {}


def test_figures_beside_a_text_are_no_stray(contract: Contract, tmp_path: Path) -> None:
    for name in ("avis.md", "avis.chiffres.csv"):
        write(contract, f"2022/{NOTEBOOK}/{name}")
    found = read_sections(contract, 2022, [page(tmp_path, {"avis": "redige"})])
    assert find_strays(contract, 2022, found, KNOWN) == {}


def test_notebooks_that_show_commentaries_are_known_by_their_cells() -> None:
    held = hold_comments(known_notebooks())
    assert NOTEBOOK in held
    assert "0_prise_en_main" not in held
