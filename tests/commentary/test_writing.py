"""Accepting figures changes one line of a commentary and no other byte; a draft is written only where nothing is."""

import os
import stat
from pathlib import Path

import pytest

from pipelines.commentary import accept_figures, collect_comments, figures_beside, write_draft
from pipelines.errors import DataError, UsageError

NEW = "fedcba987654"
FIGURES = "titre;ligne;colonne;valeur\nTaux;A;2020;4,1\u202f%\n"
TEXT = "L'écart **persiste**.  \n\n\n---\n\nempreinte: dans le texte\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "commentaires/2022/7_rapport_annuel/situation.md"
    path.parent.mkdir(parents=True)
    return path


# Each: what stands before the text, and what stands there once the figures are accepted.
HEADS = {
    "aucun": ("", f"---\nempreinte: {NEW}\n---\n\n"),
    "sans empreinte": (
        "---\nauteur: x \ndate: 2022-06-30\n---\n",
        f"---\nauteur: x \ndate: 2022-06-30\nempreinte: {NEW}\n---\n",
    ),
    "autre empreinte": (
        "---\nempreinte: 0123456789ab\nauteur: é\n---\n\n",
        f"---\nempreinte: {NEW}\nauteur: é\n---\n\n",
    ),
    "vide": ("---\n---\n", f"---\nempreinte: {NEW}\n---\n"),
    "empreinte vide": ("---\nempreinte:\n---\n", f"---\nempreinte: {NEW}\n---\n"),
    "espaces": ("---  \nempreinte:   0123  \n\n--- \n", f"---  \nempreinte:   {NEW}  \n\n--- \n"),
    "remarque": ("---\nempreinte: 0123  # mai\n---\n", f"---\nempreinte: {NEW}  # mai\n---\n"),
    "remarque seule": ("---\nempreinte:  # mai\n---\n", f"---\nempreinte: {NEW}  # mai\n---\n"),
    "guillemets": ("---\n'empreinte': \"0123\"\n---\n", f"---\n'empreinte': {NEW}\n---\n"),
}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["sans marque", "marque"])
@pytest.mark.parametrize("head", HEADS)
def test_only_the_fingerprint_changes(path: Path, head: str, mark: bytes, ends: str) -> None:
    before, after = HEADS[head]
    path.write_bytes(mark + (before + TEXT).replace("\n", ends).encode())
    accept_figures(path, NEW, FIGURES)
    assert path.read_bytes() == mark + (after + TEXT).replace("\n", ends).encode()
    assert figures_beside(path).read_bytes() == FIGURES.encode()
    assert sorted(file.name for file in path.parent.iterdir()) == ["situation.chiffres.csv", "situation.md"]
    # What is read again is the same text, which speaks of the new figures.
    (row,) = collect_comments(path.parents[3]).to_dict("records")
    assert (row["empreinte"], row["chiffres"]) == (NEW, FIGURES)
    assert row["texte"] == TEXT.strip()


def test_a_text_of_mixed_line_ends_keeps_them(path: Path) -> None:
    path.write_bytes(b"---\r\nempreinte: a\n---\r\n\tUn\r\r\n\x0cDeux \xe2\x80\xa8 trois\n")
    assert accept_figures(path, NEW, FIGURES) == "a"
    assert path.read_bytes() == f"---\r\nempreinte: {NEW}\n---\r\n\tUn\r\r\n\x0cDeux \u2028 trois\n".encode()


def test_the_fingerprint_before_is_told_and_accepting_twice_changes_nothing(path: Path) -> None:
    path.write_text(f"---\nempreinte: 0123\n---\n{TEXT}", encoding="utf-8")
    assert accept_figures(path, NEW, FIGURES) == "0123"
    first = path.stat().st_mtime_ns, figures_beside(path).stat().st_mtime_ns
    assert accept_figures(path, NEW, FIGURES) == NEW
    assert (path.stat().st_mtime_ns, figures_beside(path).stat().st_mtime_ns) == first


@pytest.mark.parametrize("written", [None, "", " \n\n", "---\nauteur: x\n---\n\n", "\ufeff---\n---\n"])
def test_where_nothing_is_written_nothing_is_accepted(path: Path, written: str | None) -> None:
    if written is not None:
        path.write_text(written, encoding="utf-8")
    with pytest.raises(UsageError, match=r"section situation : rien n'est écrit"):
        accept_figures(path, NEW, FIGURES)
    assert (path.read_text(encoding="utf-8") if path.is_file() else None) == written
    assert not figures_beside(path).exists()


@pytest.mark.parametrize(
    ("head", "error", "sentence"),
    [
        (
            "{auteur: x, empreinte: 0123}",
            UsageError,
            r"une ligne par champ : y noter à la main « empreinte: fedcba987654",
        ),
        ("empreinte: >-\n  0123", UsageError, r"une ligne par champ"),
        ("empreinte: '01 23'", UsageError, r"une ligne par champ"),
        ("titre: x", DataError, r"contient « titre »"),
    ],
)
def test_a_head_of_another_kind_is_left_as_it_is(path: Path, head: str, error: type[Exception], sentence: str) -> None:
    before = f"---\n{head}\n---\nTexte.".encode()
    path.write_bytes(before)
    with pytest.raises(error, match=sentence):
        accept_figures(path, NEW, FIGURES)
    assert path.read_bytes() == before


def test_another_encoding_is_left_as_it_is(path: Path) -> None:
    path.write_bytes("---\nempreinte: a\n---\nRelevé".encode("cp1252"))
    with pytest.raises(DataError, match=r"situation\.md n'est pas en UTF-8"):
        accept_figures(path, NEW, FIGURES)
    assert path.read_bytes() == "---\nempreinte: a\n---\nRelevé".encode("cp1252")


def test_a_draft_has_a_head_its_figures_and_no_text(path: Path) -> None:
    write_draft(path, NEW, FIGURES)
    assert path.read_bytes() == f"---\nauteur: à compléter\ndate:\nempreinte: {NEW}\n---\n\n".encode()
    (row,) = collect_comments(path.parents[3]).to_dict("records")
    assert (row["texte"], row["auteur"], row["date"], row["empreinte"]) == ("", "à compléter", "", NEW)
    assert row["chiffres"] == FIGURES


@pytest.mark.parametrize("written", ["", "Texte."])
def test_a_draft_never_replaces_a_file(path: Path, written: str) -> None:
    path.write_text(written, encoding="utf-8")
    with pytest.raises(UsageError, match=r"situation\.md existe déjà"):
        write_draft(path, NEW, FIGURES)
    assert path.read_text(encoding="utf-8") == written
    assert not figures_beside(path).exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "commentaires").write_text("un fichier à la place du dossier", encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"2022/7_rapport_annuel des commentaires ne peut pas être écrit .* aucun texte"
    ):
        write_draft(tmp_path / "commentaires/2022/7_rapport_annuel/situation.md", NEW, FIGURES)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="qui administre la machine écrit partout")
def test_a_folder_for_reading_only_keeps_its_files(path: Path) -> None:
    path.write_text(TEXT, encoding="utf-8")
    path.parent.chmod(0o555)
    try:
        with pytest.raises(UsageError, match=r"ne peut pas être écrit"):
            accept_figures(path, NEW, FIGURES)
    finally:
        path.parent.chmod(0o755)
    assert path.read_text(encoding="utf-8") == TEXT
    assert [file.name for file in path.parent.iterdir()] == ["situation.md"]


def test_what_stands_where_the_figures_go_stops_before_any_change(path: Path) -> None:
    path.write_text(TEXT, encoding="utf-8")
    # A folder of the name of the file to write: no one can replace it, whatever the rights.
    path.with_name(".situation.md.encours").mkdir()
    with pytest.raises(UsageError, match=r"ne peut pas être écrit"):
        accept_figures(path, NEW, FIGURES)
    assert path.read_text(encoding="utf-8") == TEXT
    assert not figures_beside(path).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows a d'autres droits")
def test_rights_and_links_stay(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "partage.md"
    elsewhere.write_text(TEXT, encoding="utf-8")
    elsewhere.chmod(0o640)
    path.symlink_to(elsewhere)
    accept_figures(path, NEW, FIGURES)
    assert path.is_symlink()
    assert elsewhere.read_text(encoding="utf-8").endswith(TEXT)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
