"""`ose mark`: a list of answers comes back whole, row for row, with its markers, and what is refused says why."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cli import main
from pipelines.exchange.answers import ASKED, COMPUTED
from pipelines.exchange.marking import mark_list
from pipelines.indicators.gender import FIELDS, read_as
from pipelines.paths import RAW
from tests.conftest import sample
from tests.contract.test_tree import CONTRACT
from tests.indicators.test_gender_rating import TRUTH
from tests.shipped import shipped_contract

HEADER = ",".join(ASKED)
WORDS = {"o": "oui", "n": "non", ".": ""}


def write(path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding, newline="")
    return path


def run(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> tuple[int, str, str]:
    """Exit code, text and error text of `ose mark`."""
    code = main(["mark", str(path), *options])
    said = capsys.readouterr()
    return code, said.out, said.err


def marked(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    """The rows of the list that was written beside."""
    with path.with_name(f"{path.stem}--marqueurs.csv").open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


@pytest.mark.parametrize("seuil", [3, 2, 1])
def test_the_truth_table_through_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], seuil: int) -> None:
    answers = [[WORDS[letter] for letter in text] for text, _, _ in TRUTH]
    path = write(tmp_path / "liste.csv", *(f"A{n},{','.join(cells)},motif" for n, cells in enumerate(answers)))
    code, said, warned = run(capsys, path, *([] if seuil == 3 else ["--seuil", str(seuil)]))
    assert (code, warned) == (0, "")
    rows = marked(path)
    assert list(rows[0]) == [*ASKED, *COMPUTED]
    at = (3, 2, 1).index(seuil)
    assert [row["marqueur"] for row in rows] == [markers[at] for _, markers, _ in TRUTH]
    assert [row["regle"] for row in rows] == [rules.split()[at] for _, _, rules in TRUTH]
    assert [row["code_action"] for row in rows] == [f"A{n}" for n in range(12)]
    assert [[row[field] for field in FIELDS] for row in rows] == answers
    assert rows[3]["nb_criteres"] == "2"
    marker = TRUTH[3][1][at]
    assert rows[3]["chemin"] == (
        f"public mixte → pas d'objectif principal → 2 critères sur 3 → marqueur {marker} au seuil {seuil}"
    )
    plural = "s" if seuil > 1 else ""
    lines = said.splitlines()
    assert lines[0] == f"12 lignes de réponses ; lecture : {seuil} critère{plural} sur 3 ; public cohérent : marqueur 1"
    counts = [[row["marqueur"] for row in rows].count(marker) for marker in "012"]
    assert [line.split()[-1] for line in lines[1:6]] == [*map(str, counts), "0", "0"]
    assert lines[-1] == f"Liste marquée : {tmp_path / 'liste--marqueurs.csv'}"


def test_the_other_reading_of_coherent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", "A1,non,non,oui,oui,oui,oui,mères", "A2,non,non,,,,oui,mères")
    assert run(capsys, path, "--issue-coherent", "criteres")[0] == 0
    assert [(row["marqueur"], row["regle"]) for row in marked(path)] == [("1", "R2"), ("", "")]
    assert run(capsys, path, "--issue-coherent", "marqueur_1")[0] == 3
    assert [(row["marqueur"], row["regle"]) for row in marked(path)] == [("", ""), ("1", "R5")]


def test_the_word_of_the_oecd_is_never_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", "A1,oui,oui,,,,,")
    _, said, warned = run(capsys, path)
    assert not {"CAD", "DAC", "OCDE"} & set((said + warned + str(marked(path))).replace(",", " ").split())


@pytest.mark.parametrize(
    ("row", "marker", "flags"),
    [
        ("A1,non,non,,,,oui,", "1", "motif_absent"),
        ("A1,non,non,,,,oui,  ", "1", "motif_absent"),
        ("A1,non,non,,,,oui,réservé aux mères", "1", ""),
        ("A1,oui,oui,,,,,", "2", "marqueur_2_sans_critere"),
        ("A1,oui,non,non,,,,", "0", "reponses_incompletes"),
        ("A1,oui,non,oui,,,,", "", "non_examine | reponses_incompletes"),
        ("A1,,,,,,,", "", "non_examine"),
    ],
)
def test_flags_refuse_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, marker: str, flags: str
) -> None:
    path = write(tmp_path / "liste.csv", row)
    assert run(capsys, path)[0] == 0
    assert [(one["marqueur"], one["drapeaux"]) for one in marked(path)] == [(marker, flags)]


@pytest.mark.parametrize(
    ("yes", "no"),
    sample(
        [("OUI", "NON"), ("Oui", "Non"), ("o", "n"), (" oui ", "\xa0non"), ("ouí", "nön"), ("X", "N"), ("vrai", "FAUX"),
         ("1", "0"), ("True", "false")],
        one_in=3,
    ),
)  # fmt: skip
def test_words_that_are_yes_and_no(tmp_path: Path, capsys: pytest.CaptureFixture[str], yes: str, no: str) -> None:
    path = write(tmp_path / "liste.csv", f"A1,{yes},{no},{yes},{no},{yes},,")
    assert run(capsys, path)[0] == 0
    assert [(row["marqueur"], row["nb_criteres"]) for row in marked(path)] == [("0", "2")]
    # As they were written, but for the blanks around.
    assert [row["public_mixte"] for row in marked(path)] == [yes.strip()]


def test_a_mark_of_absence_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As where `ose check` reads the same words."""
    path = write(tmp_path / "liste.csv", "A1,oui,oui,nd,so,-,n.d.,")
    assert run(capsys, path)[0] == 0
    assert [(row["marqueur"], row["nb_criteres"], row["diagnostic_sexue"]) for row in marked(path)] == [("2", "", "nd")]


BAD = [
    ("A,peut-être,non,,,,,", 2, "« public_mixte » dit « peut-être ». Écrire oui ou non, ou laisser vide."),
    ("A,oui✓,non,,,,,", 2, "« public_mixte » dit « oui✓ »."),
    ("A,oui,2,,,,,", 2, "« objectif_principal_egalite » dit « 2 »."),
    ("A,?,non,!,,,,", 2, "« public_mixte » dit « ? ». Écrire oui ou non, ou laisser vide. « diagnostic_sexue » dit"),
    ("A,\x1b[31mrouge,non,,,,,", 2, "« public_mixte » dit «  [31mrouge »"),
    (f"A,{'é' * 200},non,,,,,", 2, f"« public_mixte » dit « {'é' * 60} »."),
    (",oui,oui,,,,,", 2, "« code_action » est vide. Écrire le code de l'action."),
    ("A,oui,non", 2, "3 cellules au lieu de 8. Compléter la ligne."),
    # Nothing more is said of a row whose cells may have shifted.
    ("A,?,non", 2, "3 cellules au lieu de 8. Compléter la ligne."),
    ("A,non,non,,,,oui,mères, pères,enfants", 2, "10 cellules au lieu de 8. Mettre entre guillemets la cellule qui"),
    (
        "A,oui,non,oui,oui,oui,oui,", 2,
        "« public_non_mixte_coherent » : question que l'arbre ne pose pas après « public mixte → pas d'objectif "
        "principal ». Vider cette réponse, ou corriger celles qui la précèdent.",
    ),
    ("A,non,non,oui,,,oui,x", 2, "« diagnostic_sexue » : question que l'arbre ne pose pas après « public non mixte"),
    # Lines are counted as a text editor does.
    ('B,non,non,,,,oui,"deux\nlignes"\n\nA,non,?,,,,,', 5, "« objectif_principal_egalite » dit « ? »."),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "line", "told"), sample(BAD, one_in=3))
def test_a_bad_row_is_named_and_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, line: int, told: str
) -> None:
    path = write(tmp_path / "liste.csv", rows, "Z,oui,oui,oui,,,,")
    code, said, warned = run(capsys, path)
    assert code == 3
    assert warned.startswith(f"liste.csv, ligne {line} : {told}")
    assert warned.count("\n") == 1
    *_, bad, good = marked(path)
    assert (bad["marqueur"], bad["regle"], bad["nb_criteres"]) == ("", "", "")
    is_contradictory = "question que l'arbre ne pose pas" in told
    assert bad["drapeaux"] == "ligne_refusee" + " | reponses_contradictoires" * is_contradictory
    assert (good["code_action"], good["marqueur"]) == ("Z", "2")
    assert "ligne refusée         1" in said


def test_the_cells_of_a_refused_row_are_all_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", "A,non,non,,,,oui,mères,pères;enfants", "B,oui", 'C,"a ""b""",non,,,,,"x,y"',
                 "D,non,non,,,,oui,x,,y,, ,")  # fmt: skip
    assert run(capsys, path)[0] == 3
    rows = [[row[name] for name in ASKED] for row in marked(path)]
    assert len(rows) == 4
    assert rows[0] == ["A", "non", "non", "", "", "", "oui", "mères,pères;enfants"]
    assert rows[1] == ["B", "oui", "", "", "", "", "", ""]
    assert rows[2] == ["C", 'a "b"', "non", "", "", "", "", "x,y"]
    assert rows[3] == ["D", "non", "non", "", "", "", "oui", "x,,y"]


def test_a_code_that_comes_twice_names_both_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in the files of a contract: of two copies the first is kept, of rows that differ none is."""
    rows = ["A,oui,oui", "B,oui,oui", "A,oui,oui", "B,non,oui", "C,oui,oui", "B,oui,non"]
    path = write(tmp_path / "liste.csv", *(f"{row},,,,," for row in rows))
    code, _, warned = run(capsys, path)
    assert code == 3
    assert [row["marqueur"] for row in marked(path)] == ["2", "", "", "", "2", ""]
    other = (
        "le code « B » est aussi celui de la ligne {}, dont les cellules diffèrent. Ne garder que la bonne, ou corriger"
    )
    told = ["ligne 3 : " + other.format(5), "ligne 4 : la ligne 2 a les mêmes cellules. N'en garder qu'une.",
            "ligne 5 : " + other.format(3), "ligne 7 : " + other.format(3)]  # fmt: skip
    for line, expected in zip(warned.splitlines(), told, strict=True):
        assert line.startswith(f"liste.csv, {expected}")


def test_many_bad_rows_are_told_up_to_twenty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", *(f"A{n},?,,,,,," for n in range(25)))
    code, said, warned = run(capsys, path)
    assert code == 3
    assert warned.splitlines()[-1] == "et 5 autres"
    assert warned.count("« public_mixte » dit « ? »") == 20
    assert "ligne refusée        25" in said


@pytest.mark.parametrize("text", sample(["=1+1", "+33 6", "-cmd", "@SUM(A1)", "＝1", "\x0b=1"], one_in=3))
def test_a_formula_is_text_and_a_number_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """The list is opened in a spreadsheet, and others wrote its cells: they are shielded as in the other CSVs."""
    header = f"{HEADER},{text}"
    path = write(tmp_path / "liste.csv", f"{text},oui,oui,,,,,{text},{text}", "-5,oui,{0},,,,,-2,x", header=header)
    code, said, _ = run(capsys, path)
    assert code == 3
    bad, other = marked(path)
    assert (bad["code_action"], bad["motif"], bad[f"'{text}"], bad["marqueur"]) == (*[f"'{text}"] * 3, "2")
    assert (other["code_action"], other["motif"]) == ("-5", "-2")
    assert "4 cellules commençaient comme une formule" in said


def test_a_formula_among_answers_is_shielded_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", "A,=cmd(),oui,,,,,")
    assert run(capsys, path)[0] == 3
    assert [row["public_mixte"] for row in marked(path)] == ["'=cmd()"]


def test_other_columns_are_carried_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = f"nom,{HEADER},ligne,,nom"
    path = write(tmp_path / "liste.csv", "x,A,oui,oui,,,,,,007,y,z", header=header)
    assert run(capsys, path)[0] == 0
    first, second = path.with_name("liste--marqueurs.csv").read_text(encoding="utf-8").splitlines()
    assert first == f"{header},{','.join(COMPUTED)}"
    assert second.startswith("x,A,oui,oui,,,,,,007,y,z,2,R1,,")


@pytest.mark.parametrize(
    ("typed", "marker", "is_different"),
    [("2", "2", False), ("1", "2", True), ("", "2", False), ("3", "", None), ("2.0", "", None)],
)
def test_a_typed_marker_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: str, marker: str, is_different: bool | None
) -> None:
    path = write(tmp_path / "liste.csv", f"{typed},A,oui,oui,oui,,,,", header=f"marqueur_saisi,{HEADER}")
    code, _, warned = run(capsys, path)
    assert code == (3 if is_different is None else 0)
    assert ("« marqueur_saisi » dit" in warned) == (is_different is None)
    flags = {True: "marqueur_saisi_different", False: "", None: "ligne_refusee"}[is_different]
    assert [(row["marqueur_saisi"], row["marqueur"], row["drapeaux"]) for row in marked(path)] == [
        (typed, marker, flags)
    ]


def test_a_typed_marker_where_nothing_is_examined_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", "A,oui,,,,,,,0", header=f"{HEADER},marqueur_saisi")
    assert run(capsys, path)[0] == 0
    assert [row["drapeaux"] for row in marked(path)] == [
        "non_examine | reponses_incompletes | marqueur_saisi_different"
    ]


@pytest.mark.parametrize(
    ("delimiter", "encoding", "signature"),
    [(",", "utf-8", b""), (";", "utf-8", b""), (";", "utf-8-sig", b"\xef\xbb\xbf"), (";", "cp1252", b"\xef\xbb\xbf")],
)
def test_the_delimiter_stays_and_the_text_is_utf_8(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], delimiter: str, encoding: str, signature: bytes
) -> None:
    """A spreadsheet needs the byte order mark: a list that has none and is UTF-8 does not come from one."""
    rows = [line.replace(",", delimiter) for line in (HEADER, "A,non,non,,,,oui,réservé")]
    path = write(tmp_path / "liste.csv", rows[1], header=rows[0], encoding=encoding)
    before = path.read_bytes()
    assert run(capsys, path)[0] == 0
    written = path.with_name("liste--marqueurs.csv").read_bytes()
    assert path.read_bytes() == before
    assert written[:3] == (signature or b"cod")
    assert b"\r" not in written
    assert written.endswith(b"\n")
    text = written.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(
        f"A{delimiter}non{delimiter}non{delimiter * 4}oui{delimiter}réservé{delimiter}1"
    )


def test_line_ends_of_windows_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(f"{HEADER}\r\nA,oui,oui,,,,,\r\n\r\nB,?,oui,,,,,\r\n,,\r\n, ,,,,,,,,, ,\r\n".encode())
    code, said, warned = run(capsys, path)
    assert code == 3
    assert warned.startswith("liste.csv, ligne 4 : ")
    assert "3 lignes vides à part" in said
    assert b"\r" not in path.with_name("liste--marqueurs.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (None, 2, "est introuvable. Vérifier son nom et son dossier."),
        ("", 3, "liste.csv est vide. Y écrire l'en-tête (code_action, public_mixte,"),
        ("\n \n", 3, "liste.csv est vide."),
        (HEADER, 3, "liste.csv n'a que son en-tête. Y écrire une action par ligne."),
        (f"{HEADER}\n,,,\n", 3, "liste.csv n'a que son en-tête."),
        ("PK\0\0", 3, "liste.csv n'est pas un fichier texte : le réexporter en CSV."),
        (f'{HEADER}\nA,"oui,,,,,,\n', 3, "liste.csv, ligne 2 : un guillemet n'est jamais refermé"),
        (f'"{HEADER}\nA,oui,,,,,,\n', 3, "liste.csv, ligne 1 : un guillemet n'est jamais refermé"),
        (
            f"{HEADER}\n" + "A,oui,,,,,,\n" * 1500 + 'B,"',
            3,
            "liste.csv, ligne 1502 : un guillemet n'est jamais refermé",
        ),
        (
            HEADER.replace("public_mixte", "public mixte"),
            3,
            "manque « public_mixte » (au plus près : « public mixte »). A",
        ),
        (f"Liste\n{HEADER}\nA,oui,,,,,,", 3, "liste.csv, ligne 1 : il manque « code_action », « public_mixte »"),
        (f"{HEADER},motif\nA,oui,,,,,,,", 3, "liste.csv, ligne 1 : la colonne « motif » y figure plusieurs fois."),
        (
            f"{HEADER},marqueur\nA,oui,,,,,,,1",
            3,
            "« marqueur » : la commande calcule ce qui porte ce nom. Enlever la col",
        ),
        (
            f"{HEADER},chemin,regle\nA,oui,,,,,,,,",
            3,
            "liste.csv, ligne 1 : « regle », « chemin » : la commande calcule",
        ),
    ],
)
def test_a_list_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, code: int, told: str
) -> None:
    path = tmp_path / "liste.csv"
    last = tmp_path / "liste--marqueurs.csv"
    last.write_text("la dernière liste marquée", encoding="utf-8")
    if content is not None:
        path.write_text(content, encoding="utf-8")
    found, said, warned = run(capsys, path)
    assert (found, said) == (code, "")
    assert told in warned
    assert warned.count("\n") == 1
    assert last.read_text(encoding="utf-8") == "la dernière liste marquée"
    assert {one.name for one in tmp_path.iterdir()} <= {path.name, last.name}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--seuil", "4"], "Le seuil de critères 4 n'est pas prévu : choisir parmi 1, 2, 3."),
        (["--seuil", "trois"], "La valeur donnée à « --seuil » ne convient pas (« trois »)."),
        (["--issue-coherent", "non"], "L'issue « non » n'est pas prévue : choisir parmi marqueur_1, criteres."),
        (["--contrat", "ailleurs"], "Contrat « ailleurs » introuvable"),
        (["--sortie", "{folder}/liste.csv"], "est le fichier à marquer : il n'est jamais remplacé. Choisir un autre"),
        (["--sortie", "{folder}/lien.csv"], "est le fichier à marquer : il n'est jamais remplacé. Choisir un autre"),
        (["--sortie", "{folder}/dur.csv"], "est le fichier à marquer : il n'est jamais remplacé. Choisir un autre"),
        (["--sortie", "{folder}/liste.xlsx"], "« liste.xlsx » n'est pas le nom d'un CSV. Donner à --sortie un nom qui"),
        (["--sortie", "{folder}/sous/liste.csv"], "n'existe pas. Le créer, ou choisir un autre --sortie."),
        (["--sortie", "/proc/liste.csv"], "ne peut pas être écrit"),
    ],
)
def test_a_wrong_option_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    path = write(tmp_path / "liste.csv", "A,oui,oui,,,,,")
    (tmp_path / "lien.csv").symlink_to(path)
    (tmp_path / "dur.csv").hardlink_to(path)
    before = path.read_bytes()
    code, said, warned = run(capsys, path, *(option.format(folder=tmp_path) for option in options))
    assert (code, said) == (2, "")
    assert told in warned
    assert warned.count("\n") == 1
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"liste.csv", "lien.csv", "dur.csv"}


def test_a_contract_without_a_tree_names_the_file_to_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    path = write(tmp_path / "liste.csv", "A,non,non,,,,oui,x")
    code, _, warned = run(capsys, path, "--contrat", str(tmp_path))
    assert code == 2
    assert f"n'a pas d'arbre du marqueur : déposer marqueur/arbre.yml dans {tmp_path}" in warned
    # With a tree of its own, that one is walked.
    (tmp_path / "marqueur").mkdir()
    shutil.copy(RAW / "valenciennes/marqueur/arbre.yml", tmp_path / "marqueur")
    tree = tmp_path / "marqueur/arbre.yml"
    text = tree.read_text(encoding="utf-8").replace("R5: {marqueur: 1}", "R5: {marqueur: 0}")
    tree.write_text(text, encoding="utf-8")
    assert run(capsys, path, "--contrat", str(tmp_path))[0] == 0
    assert [row["marqueur"] for row in marked(path)] == ["0"]


def test_the_output_may_be_named_and_is_the_same_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path / "liste.csv", *(f"A{n},oui,non,oui,{'oui' if n % 2 else 'non'},oui,," for n in range(50_000))
    )
    named = tmp_path / "sortie.csv"
    assert run(capsys, path, "--sortie", str(named))[0] == 0
    assert run(capsys, path)[0] == 0
    written = named.read_bytes()
    assert path.with_name("liste--marqueurs.csv").read_bytes() == written
    read = pd.read_csv(named, dtype="str", keep_default_na=False)
    assert read["code_action"].to_list() == [f"A{n}" for n in range(50_000)]
    assert read["marqueur"].to_list() == ["0", "1"] * 25_000


def test_the_last_list_is_replaced_whole_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "liste.csv", "A,oui,oui,,,,,")
    last, witness = tmp_path / "liste--marqueurs.csv", tmp_path / "autre"
    last.write_text("la dernière", encoding="utf-8")
    witness.hardlink_to(last)
    assert run(capsys, path)[0] == 0
    assert [row["marqueur"] for row in marked(path)] == ["2"]
    assert witness.read_text(encoding="utf-8") == "la dernière"
    assert {one.name for one in tmp_path.iterdir()} == {path.name, last.name, witness.name}


def test_the_command_of_the_package(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", "A,oui,oui,,,,,", "B,?,oui,,,,,")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "mark", "liste.csv", "--sortie", "marques.csv"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"Liste marquée : {tmp_path / 'marques.csv'}" in done.stdout
    assert path.is_file()


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


@pytest.mark.long
@settings(max_examples=25)
@given(st.lists(st.tuples(*[CELLS | st.sampled_from(["", "oui", "non"])] * 9), min_size=1, max_size=12))
def test_whatever_the_cells_no_row_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    tree = shipped_contract().arbre_marqueur
    assert tree is not None
    path = tmp_path_factory.mktemp("liste") / "liste.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["note", *ASKED], *rows])
    blanks = " \t\n\xa0\u202f\ufeff"
    cells = [[cell.strip(blanks) for cell in row] for row in rows]
    kept = [row for row in cells if any(row)]
    if not kept:
        return
    done = mark_list(path, None, tree, read_as(tree))
    assert (done.rows, done.blank) == (len(kept), len(cells) - len(kept))
    assert sum(done.counts.values()) + len(done.refusals) == len(kept)
    for found, row in zip(marked(path), kept, strict=True):
        for cell, given_cell in zip([found["note"], *(found[name] for name in ASKED)], row, strict=True):
            assert cell.removeprefix("'") in (given_cell, given_cell.removeprefix("'"))
        flags = found["drapeaux"].split(" | ")
        assert bool(found["marqueur"]) != ("ligne_refusee" in flags or "non_examine" in flags)
