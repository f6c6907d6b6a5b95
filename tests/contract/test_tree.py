"""`marqueur/arbre.yml`: what is wrong is one French sentence, with the file, the line and what to do."""

import re
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.contract import TREE, Contract, read_contract
from pipelines.errors import DataError
from pipelines.indicators.gender import FIELDS, Reading, mark
from pipelines.paths import RAW
from tests.shipped import shipped_contract

CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
sources: []
"""
SHIPPED = (RAW / "valenciennes" / TREE).read_text(encoding="utf-8")
KNOWN = r"\(Q1, Q2, Q2N, Q3, Q4, R1, R2, R3, R4, R5, R6\)"
# Two questions that lead to each other, and to which nothing leads.
ISLAND = """\
  - {code: Q8, champ: public_mixte, libelle: a, texte: a, oui: {chemin: a, vers: Q9}, non: {chemin: b, vers: R6}}
  - {code: Q9, champ: public_mixte, libelle: a, texte: a, oui: {chemin: a, vers: Q8}, non: {chemin: b, vers: R6}}
"""


def read(folder: Path, *changes: tuple[str, str]) -> Contract:
    """A contract with the shipped tree, some passages replaced."""
    text = SHIPPED
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    (folder / TREE).parent.mkdir(parents=True)
    (folder / TREE).write_text(text, encoding="utf-8")
    (folder / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    return read_contract(str(folder))


def test_the_shipped_tree_is_sound() -> None:
    tree = shipped_contract().arbre_marqueur
    assert tree is not None
    assert (tree.depart, tree.criteres.seuil, tree.criteres.seuils) == ("Q1", 3, (1, 2, 3))
    assert {code: outcome.marqueur for code, outcome in tree.issues.items()} == {
        "R1": 2, "R2": 1, "R3": 0, "R4": 2, "R5": 1, "R6": 0,
    }  # fmt: skip
    assert tree.exits("Q4") == ("R5", "R6", "Q3")
    assert set(tree.criteres.fields) | {question.champ for question in tree.questions} == set(FIELDS)
    assert tree.lectures.issue_coherent.retenue == "marqueur_1"


def test_a_contract_may_have_no_tree(tmp_path: Path) -> None:
    (tmp_path / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    assert read_contract(str(tmp_path)).arbre_marqueur is None


def test_another_tree_is_followed_as_it_is_written(tmp_path: Path) -> None:
    """A threshold of one by default, and a non-mixed public that is always examined on the criteria."""
    changes = [("seuil: 3", "seuil: 1"), ("objectifs, vers: R5", "objectifs, vers: Q3"),
               ("retenue: marqueur_1", "retenue: criteres")]  # fmt: skip
    tree = read(tmp_path / "essai", *changes).arbre_marqueur
    assert tree is not None
    answers = dict(zip(FIELDS, (False, False, True, False, False, True), strict=True))
    found = mark(tree, answers, Reading(tree.criteres.seuil, tree.lectures.issue_coherent.retenue), has_reason=True)
    assert (found.marqueur, found.trajet) == (1, ("Q1", "Q2N", "Q4", "Q3", "R2"))


@pytest.mark.parametrize(
    ("old", "new", "at", "sentence"),
    [
        # Unknown keys, at every level: the nearest ones of that place in the tree, never those of the contract.
        ("titre:", "titres: x\ntitre:", "titres:", r"clé « titres » inconnue ; les plus proches : titre\b"),
        ("depart: Q1", "départ: Q1", "départ:", r"clé « départ » inconnue ; les plus proches : depart\. La corriger"),
        ("    motif: true", "    motiv: true", "motiv:", r"clé « motiv » inconnue ; les plus proches : motif"),
        ("{chemin: public mixte", "{chemins: public mixte", "{chemins:", r"clé « chemins » inconnue ; .* : chemin\."),
        ("  atteint:", "  ateint: R2\n  atteint:", "ateint:", r"clé « ateint » inconnue ; les plus proches : atteint"),
        ("R6: {marqueur", "R6: {marker", "{marker", r"clé « marker » inconnue ; les plus proches : marqueur\. La corr"),
        ("    retenue:", "    retenu: x\n    retenue:", "retenu:", r"clé « retenu » inconnue ; .* : retenue"),
        ("  issue_coherent:", "  isue_coherent:", "isue_coherent:", r"clé « isue_coherent » inconnue ; .* issue_c"),
        ("diagnostic sexué, texte", "diagnostic sexué, text", "text: \"Contient", r"clé « text » inconnue ; .* texte"),
        ("  ecarts:", "  ecart: []\n  ecarts:", "ecart: []", r"clé « ecart » inconnue ; les plus proches : ecarts"),
        ("ici: Diagnostic", "ice: Diagnostic", "{ice:", r"clé « ice » inconnue ; les plus proches : ici"),
        # Missing keys.
        ("  sinon: R3\n", "", "criteres:\n", r"la clé « criteres > sinon » manque\. L'ajouter\."),
        ("    texte: Le projet vise-t-il un public mixte ?\n", "", "- code: Q1", r"« questions > 0 > texte » manque"),
        # Targets.
        ("depart: Q1", "depart: Q9", "depart:", rf"Q9 n'est ni une question ni une issue {KNOWN}\. Corriger « dep"),
        ("vers: Q2N}", "vers: Q5}", "vers: Q5}", r"Q5 n'est ni .*\. Corriger « questions > 0 > non > vers »\."),
        ("atteint: R2", "atteint: R9", "atteint:", r"R9 n'est ni .*\. Corriger « criteres > atteint »\."),
        ("criteres: Q3}", "criteres: Q7}", "criteres: Q7", r"Q7 n'est ni .* « lectures > issue_coherent > vers > c"),
        # Loops, and what nothing leads to.
        ("vers: R6}", "vers: Q1}", "- code: Q4", r"un chemin revient sur Q1 \(Q1 > Q2N > Q4 > Q1\)\. Corriger « quest"),
        ("sinon: R3", "sinon: Q3", "criteres:\n", r"un chemin revient sur Q3 .*\. Corriger « criteres »\."),
        ("criteres: Q3}", "criteres: Q2N}", "- code: Q4", r"un chemin revient sur Q2N \(Q1 > Q2N > Q4 > Q2N\)"),
        ("  R6:", "  R7: {marqueur: 1}\n  R6:", "  R7:", r"aucun chemin ne mène à R7\. Corriger « issues > R7 »\."),
        ("vers: R1}", "vers: R4}", "  R1:", r"aucun chemin ne mène à R1\. Corriger « issues > R1 »\."),
        ("\n# Le protocole ne dit pas combien", f"{ISLAND}\n# Le", "code: Q8", r"aucun chemin ne mène à Q8\. Corriger"),
        # Codes.
        ("- code: Q4", "- code: Q2", "- code: Q2\n    champ: public_non", r"le code Q2 sert déjà\. Corriger « quest"),
        ("- code: Q2N", "- code: R4", "- code: R4", r"le code R4 sert déjà\. Corriger « questions > 2 > code »\."),
        ("  code: Q3", "  code: R3", "  code: R3", r"le code R3 sert déjà\. Corriger « criteres > code »\."),
        # Criteria and their threshold.
        ("seuil: 3", "seuil: 4", "  seuil:", r"« seuil » \(4\) n'est pas l'un des « seuils »\. Corriger « criteres"),
        ("[1, 2, 3]", "[0, 3]", "  seuils:", r"le seuil 0 n'est pas entre 1 et 3, le nombre de critères\. Corriger"),
        ("[1, 2, 3]", "[1, 2, 3, 4]", "  seuils:", r"le seuil 4 n'est pas entre 1 et 3, .* « criteres > seuils > 3 »"),
        ("seuil: 3", "seuil: trois", "  seuil:", r"la valeur de « criteres > seuil » \(trois\) n'a pas la forme"),
        (
            "champ: indicateurs_sexues", "champ: diagnostic_sexue", "{champ: diagnostic_sexue, libelle: indicateurs",
            r"le critère « diagnostic_sexue » est compté deux fois\. Corriger « criteres > liste > 2 > champ »\.",
        ),
        # Fields and markers.
        (
            "champ: public_mixte", "champ: public_mixe", "champ: public_mixe",
            r"la valeur de « questions > 0 > champ » \(public_mixe\) .* ; les plus proches : public_mixte",
        ),
        ("champ: public_mixte", "champ: motif_non_mixite", "champ: motif", r"« questions > 0 > champ » \(motif_non_mi"),
        (
            "R6: {marqueur: 0", "R6: {marqueur: 3", "  R6:",
            r"la valeur de « issues > R6 > marqueur » \(3\) .* ; attendu, sans guillemets : 0, 1, 2\. La corriger\.",
        ),
        ("R6: {marqueur: 0", 'R6: {marqueur: "0"', "  R6:", r"« issues > R6 > marqueur » \(0\) .* sans guillemets : 0"),
        # Readings.
        (
            "retenue: marqueur_1", "retenue: marqueur_2", "retenue:",
            r"« retenue » \(marqueur_2\) n'est pas une clé de « vers » \(marqueur_1, criteres\)\. Corriger « lectu",
        ),
        (
            "{marqueur_1: R5,", "{marqueur_1: R6,", "{marqueur_1: R6",
            r"la lecture retenue \(marqueur_1\) mène à R6, et la réponse oui à Q4 mène à R5\. Corriger « lectures > ",
        ),
        ("question: Q4", "question: Q5", "question: Q5", r"une question inconnue \(Q5\)\. Corriger « lectures > is"),
        ("question: Q4", "question: Q3", "question: Q3", r"une question inconnue \(Q3\)\. Corriger « lectures > is"),
        ("reponse: oui", "reponse: yes", "reponse: yes", r"« lectures > issue_coherent > reponse » \(yes\) .* : oui,"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, at: str, sentence: str) -> None:
    """`at`: a text of the line that is to be named."""
    changed = SHIPPED.replace(old, new, 1)
    line = changed[: changed.index(at)].count("\n") + 1
    with pytest.raises(DataError, match=sentence) as caught:
        read(tmp_path / "essai", (old, new))
    said = str(caught.value)
    assert said.startswith(f"marqueur/arbre.yml, ligne {line} : ")
    assert "arbre_marqueur" not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"arbre\.yml est vide"),
        (b"questions: [\n", r"arbre\.yml, ligne 2 : le fichier n'est pas lisible comme du YAML"),
        (b"titre: a\ntitre: b\n", r"arbre\.yml, ligne 2 : le fichier n'est pas lisible comme du YAML"),
        ("titre: égalité\n".encode("cp1252"), r"arbre\.yml n'est pas en UTF-8"),
    ],
)
def test_a_file_that_is_no_tree_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / TREE).parent.mkdir()
    (tmp_path / TREE).write_bytes(content)
    (tmp_path / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    with pytest.raises(DataError, match=sentence):
        read_contract(str(tmp_path))


def test_the_command_line_says_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DataError):
        read(tmp_path / "essai", ("seuil: 3", "seuil: 4"))
    assert main(["check", "--contrat", str(tmp_path / "essai"), "--processed", str(tmp_path / "tables")]) == 3
    assert re.match(r"marqueur/arbre\.yml, ligne \d+ : « seuil » \(4\)", capsys.readouterr().err)
