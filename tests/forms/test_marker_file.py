"""The file of the form: whole rows whatever is typed, whoever saves at once, whatever stops the machine."""

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.errors import DataError, UsageError
from pipelines.forms.marker_file import COLUMNS, append_marking, check_rater, read_markings
from pipelines.indicators.gender import FIELDS, REASON
from pipelines.read.text import read_text_records

HEADER = (
    "code_action;code_instructeur;tour;date_notation;public_mixte;objectif_principal_egalite;diagnostic_sexue;"
    "participation_equilibree;indicateurs_sexues;public_non_mixte_coherent;motif_non_mixite"
)
ROW = "A-1;I3;1;2022-03-01;oui;non;non;oui;;;"


def cells(action: str = "A-1", rater: str = "I3", reason: str = "") -> dict[str, str]:
    answers = dict(zip(FIELDS, ("oui", "non", "non", "oui", "", ""), strict=True))
    return {"code_action": action, "code_instructeur": rater, "date_notation": "2022-03-01", **answers, REASON: reason}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saisies" / "marqueur.csv"


def test_the_file_is_made_then_grows(path: Path) -> None:
    assert append_marking(path, cells()) == 1
    assert path.read_bytes() == f"{HEADER}\n{ROW}\n".encode()
    assert append_marking(path, cells(action="É-2")) == 1
    assert path.read_bytes() == f"{HEADER}\n{ROW}\n{ROW.replace('A-1', 'É-2')}\n".encode()
    assert [one.name for one in path.parent.iterdir() if not one.name.startswith(".~lock.")] == ["marqueur.csv"]


def test_a_round_counts_what_the_same_rater_said_of_the_same_action(path: Path) -> None:
    saved = [("A-1", "I3"), ("A-1", "I4"), ("A-2", "I3"), ("A-1", "I3"), ("A-1", "I3")]
    assert [append_marking(path, cells(*one)) for one in saved] == [1, 1, 1, 2, 3]
    # Typed by hand in small letters, it is the same person to whoever reads the file.
    path.write_text(path.read_text(encoding="utf-8").replace("I4", "i4"), encoding="utf-8")
    assert append_marking(path, cells("A-1", "I4")) == 2
    # Another file holds her first two rounds.
    assert [append_marking(path, cells("A-9", "I3"), earlier=2) for _ in range(2)] == [3, 4]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{HEADER}\n{ROW}\n"),
        (f"{HEADER}\n", f"{HEADER}\n{ROW}\n"),
        (f"{HEADER}\nB;I1;1;;;;;;;;", f"{HEADER}\nB;I1;1;;;;;;;;\n{ROW}\n"),
        (f"\ufeff{HEADER}\r\nB;I1;1;;;;;;;;\r\n", f"{HEADER}\nB;I1;1;;;;;;;;\n{ROW}\n"),
        (f"{HEADER}\n\nB;I1;1;;;;;;;;\n", f"{HEADER}\n\nB;I1;1;;;;;;;;\n{ROW}\n"),
    ],
    ids=["empty", "header", "cut", "spreadsheet", "blank line"],
)
def test_a_file_that_a_person_saved_is_added_to(path: Path, before: str, after: str) -> None:
    path.parent.mkdir()
    path.write_bytes(before.encode())
    append_marking(path, cells())
    assert path.read_bytes() == after.encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{HEADER};remarque\n".encode(), "ligne 1 : en-tête inattendu (« remarque »)"),
        (HEADER.replace("tour;", "").encode(), "ligne 1 : en-tête inattendu (colonnes manquantes ou déplacées)"),
        (HEADER.replace(";", ",").encode(), "ligne 1 : en-tête inattendu"),
        (f"{HEADER}\n{ROW};;\n".encode(), "ligne 2 : 13 cellules au lieu de 11"),
        (f'{HEADER}\n{ROW}"filles\n'.encode(), "un guillemet n'est jamais refermé"),
        (f"{HEADER}\n{ROW}réservé\n".encode("cp1252"), "n'est pas en UTF-8"),
    ],
    ids=["column", "missing", "comma", "cells", "quote", "encoding"],
)
def test_a_damaged_file_is_named_and_left_alone(path: Path, content: bytes, sentence: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for act in (lambda: append_marking(path, cells()), lambda: read_markings(path)):
        with pytest.raises(DataError) as refused:
            act()
        assert str(refused.value).startswith("marqueur.csv")
        assert sentence in str(refused.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('une "zone" ; deux', 'une "zone" ; deux'),
        ("deux\nlignes\r\net trois", "deux\nlignes\net trois"),
        ("=1+1", "'=1+1"),
        ("- réservé aux mères", "'- réservé aux mères"),
        ("a\0b\x07c\ud800d", "abc\ufffdd"),
        ("<script>é €", "<script>é €"),
    ],
)
def test_a_reason_is_text_whatever_is_typed(path: Path, typed: str, stored: str) -> None:
    append_marking(path, cells(reason=typed))
    append_marking(path, cells())
    assert read_markings(path)[REASON].tolist() == [stored, ""]
    # The reader of the line sees the same cells.
    (records,) = [one for one in read_text_records(path) if one.delimiter == ";"]
    assert [row[-1] for row in records.rows] == [REASON, stored, ""]


def test_where_nothing_can_be_written_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "saisies").write_text("un fichier à la place du dossier", encoding="utf-8")
    with pytest.raises(UsageError, match=r"marqueur.csv ne peut pas être écrit .* rien n'est perdu"):
        append_marking(tmp_path / "saisies" / "marqueur.csv", cells())


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_others_can_still_read_the_file(path: Path) -> None:
    append_marking(path, cells())
    path.chmod(0o664)
    append_marking(path, cells())
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def _save_some(path: Path, rater: str) -> list[int]:
    return [append_marking(path, cells(f"A-{number % 2}", rater)) for number in range(10)]


def test_persons_who_save_at_once_all_have_their_rows(path: Path) -> None:
    raters = ["I1", "I2", "I3", "I3"]
    with multiprocessing.get_context("spawn").Pool(len(raters)) as pool:
        pool.starmap(_save_some, [(path, rater) for rater in raters])
    markings = read_markings(path)
    assert markings["code_instructeur"].value_counts().to_dict() == {"I1": 10, "I2": 10, "I3": 20}
    assert not markings.duplicated(["code_action", "code_instructeur", "tour"]).any()


@pytest.mark.skipif(os.name == "nt", reason="no such signal on Windows")
def test_a_crash_leaves_whole_rows(path: Path) -> None:
    program = (
        "from pathlib import Path; from pipelines.forms.marker_file import append_marking;"
        f"cells = {cells(reason='x' * 5000)!r}; path = Path({str(path)!r})\n"
        "while True: append_marking(path, cells); print(flush=True)"
    )
    for rank in range(2):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as saving:
            saving.stdout.readline()
            time.sleep(0.05 + rank * 0.023)
            saving.send_signal(signal.SIGKILL)
        before = len(read_markings(path))
        assert before > rank
        append_marking(path, cells())
        assert len(read_markings(path)) == before + 1


def test_columns_are_those_of_the_table() -> None:
    assert ";".join(COLUMNS) == HEADER


@pytest.mark.parametrize(("typed", "code"), [("I3", "I3"), (" i3 ", "I3"), ("INS12\n", "INS12")])
def test_a_code_is_in_capitals(typed: str, code: str) -> None:
    assert check_rater(typed) == code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("  ", "est vide"),
        ("Marie Durand", "« MARIE DURAND » n'est pas un code"),
        ("Marie", "pas un nom"),
        ("I3;I4", "pas un nom"),
    ],
)
def test_a_name_is_no_code(typed: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        check_rater(typed)
