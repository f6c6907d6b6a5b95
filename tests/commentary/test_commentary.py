"""Commentaries are collected from their files, whole, and selected by report and year."""

from pathlib import Path

import pandas as pd
import pytest

from pipelines.commentary import collect_comments, comment_files, select_comments
from pipelines.errors import DataError
from pipelines.tables import TABLES, empty

NOTEBOOK = "7_rapport_annuel"
HEAD = ["auteur", "date", "empreinte", "chiffres"]


def write(folder: Path, place: str, text: str) -> None:
    path = folder / "commentaires" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, f"2022/{NOTEBOOK}/situation.md", "\nL'écart **persiste** ; « à suivre ».\n\nDeuxième alinéa.\n")
    write(tmp_path, f"2022/{NOTEBOOK}/actions.md", "Texte des actions.\n")
    write(tmp_path, f"2022/{NOTEBOOK}/avis.md", " \n\n")
    write(tmp_path, f"2021/{NOTEBOOK}/situation.md", "Texte de 2021.")
    write(tmp_path, "2022/1_observation/quartiers.md", "Autre rapport.")
    return tmp_path


def test_comments_are_collected_with_their_place(folder: Path) -> None:
    out = collect_comments(folder)
    assert out["fichier"].to_list() == [
        f"commentaires/2021/{NOTEBOOK}/situation.md",
        "commentaires/2022/1_observation/quartiers.md",
        f"commentaires/2022/{NOTEBOOK}/actions.md",
        f"commentaires/2022/{NOTEBOOK}/avis.md",
        f"commentaires/2022/{NOTEBOOK}/situation.md",
    ]
    assert out["texte"].iloc[-1] == "L'écart **persiste** ; « à suivre ».\n\nDeuxième alinéa."
    assert out["annee"].to_list() == [2021, 2022, 2022, 2022, 2022]
    assert out.dtypes.to_dict() == empty(TABLES["commentaires"]).dtypes.to_dict()


@pytest.mark.parametrize("place", ["notes.md", "2022/notes.md", "brouillons/7_rapport_annuel/avis.md", "2022/a/b/c.md"])
def test_a_file_in_another_place_is_no_comment(folder: Path, place: str) -> None:
    before = collect_comments(folder)
    write(folder, place, "Note de travail.")
    pd.testing.assert_frame_equal(collect_comments(folder), before)


def test_only_markdown_is_read(folder: Path) -> None:
    write(folder, f"2022/{NOTEBOOK}/avis.docx", "Autre chose.")
    assert "Autre chose." not in set(collect_comments(folder)["texte"])


def test_nobody_has_written(tmp_path: Path) -> None:
    out = collect_comments(tmp_path)
    assert out.empty
    assert out.dtypes.to_dict() == empty(TABLES["commentaires"]).dtypes.to_dict()
    assert select_comments(out, 2022, NOTEBOOK).columns.to_list() == ["section", "texte", *HEAD]


def test_comments_of_one_report_and_year_blank_ones_left_out(folder: Path) -> None:
    out = select_comments(collect_comments(folder), 2022, NOTEBOOK)
    assert out["section"].to_list() == ["actions", "situation"]
    assert out.index.to_list() == [0, 1]
    assert select_comments(collect_comments(folder), 2021, NOTEBOOK)["texte"].to_list() == ["Texte de 2021."]


@pytest.mark.parametrize(("annee", "notebook"), [(2020, NOTEBOOK), (2022, "7_rapport"), (2022, "")])
def test_no_comment_of_another_report(folder: Path, annee: int, notebook: str) -> None:
    assert select_comments(collect_comments(folder), annee, notebook).empty


def test_a_byte_order_mark_is_no_text_and_another_encoding_is_refused(folder: Path) -> None:
    path = folder / "commentaires" / "2022" / NOTEBOOK / "actions.md"
    path.write_bytes("Texte du Bloc-notes.".encode("utf-8-sig"))
    assert "Texte du Bloc-notes." in collect_comments(folder)["texte"].to_list()
    path.write_bytes("Évaluation à revoir".encode("cp1252"))
    with pytest.raises(DataError, match=r"actions\.md n'est pas en UTF-8"):
        collect_comments(folder)


def headed(folder: Path, head: str) -> dict[str, str]:
    write(folder, f"2022/{NOTEBOOK}/actions.md", head)
    out = select_comments(collect_comments(folder), 2022, NOTEBOOK).set_index("section")
    return out.loc["actions"].to_dict()


def test_the_head_of_a_commentary_says_who_when_and_of_which_figures(folder: Path) -> None:
    head = "---\nauteur: évaluatrice\ndate: 2022-07-01\nempreinte: 0123456789ab\n---\n\nTexte.\n\n---\n\nSuite.\n"
    assert headed(folder, head) == {
        "texte": "Texte.\n\n---\n\nSuite.",
        "auteur": "évaluatrice",
        "date": "2022-07-01",
        "empreinte": "0123456789ab",
        "chiffres": "",
    }
    assert headed(folder, "---\nauteur:\n---\nTexte.")["auteur"] == ""
    assert headed(folder, "---\n---\nTexte.")["texte"] == "Texte."
    assert headed(folder, "---\nSans fin.")["texte"] == "---\nSans fin."
    # Digits alone stay the text that was copied.
    assert headed(folder, "---\nempreinte: 012345678901\n---\nTexte.")["empreinte"] == "012345678901"
    assert headed(folder, "---\nempreinte: 1234e5678901\n---\nTexte.")["empreinte"] == "1234e5678901"


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("titre: x", r"actions\.md contient « titre »"),
        ("auteur: x\n--- note", r"actions\.md n'est pas lisible"),
        ("auteur", r"actions\.md contient « auteur »"),
        ("auteur: [", r"actions\.md n'est pas lisible"),
        ("date: hier", r"actions\.md : écrire la date ainsi"),
        ("date: 2022-W26-5", r"actions\.md : écrire la date ainsi"),
    ],
)
def test_a_head_that_is_none_is_refused(folder: Path, head: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        headed(folder, f"---\n{head}\n---\nTexte.")


def test_the_figures_kept_beside_a_commentary_come_with_it(folder: Path) -> None:
    place = f"2022/{NOTEBOOK}"
    write(folder, f"{place}/actions.chiffres.csv", "titre;ligne;colonne;valeur\nTaux;A;2020;4,1\u202f%\n")
    # Of figures alone there is nothing to say.
    write(folder, f"{place}/suites.chiffres.csv", "titre;ligne;colonne;valeur\n")
    out = select_comments(collect_comments(folder), 2022, NOTEBOOK).set_index("section")["chiffres"]
    assert out.to_dict() == {"actions": "titre;ligne;colonne;valeur\nTaux;A;2020;4,1\u202f%\n", "situation": ""}
    names = [path.name for path in comment_files(folder) if path.parts[-3:-1] == ("2022", NOTEBOOK)]
    assert names == ["actions.md", "actions.chiffres.csv", "avis.md", "situation.md"]
    (folder / "commentaires" / place / "actions.chiffres.csv").write_bytes(b"\xff\xfe")
    assert select_comments(collect_comments(folder), 2022, NOTEBOOK)["chiffres"].to_list() == ["\ufffd\ufffd", ""]
