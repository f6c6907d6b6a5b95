"""Ratings and consensus: what cannot stand is set aside; one set of answers per action, and who gave it."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipelines.clean import clean_rows, settle_answers
from pipelines.clean.programmes import clean_programmes, split_programmes
from pipelines.clean.results import WITHHELD
from pipelines.tables import MARKER_QUESTIONS, PLACE, TABLES, empty
from tests.shipped import shipped_contract

Maker = Callable[..., pd.DataFrame]
Settle = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]
Cells = dict[str, str]

TREE = shipped_contract().arbre_marqueur
QUESTIONS = [column.name for column in MARKER_QUESTIONS]
MIXED = {"public_mixte": "oui", "objectif_principal_egalite": "non"}
CRITERIA = dict.fromkeys(("diagnostic_sexue", "participation_equilibree", "indicateurs_sexues"), "oui")
SHUT = {"public_mixte": "non", "objectif_principal_egalite": "non"}
COHERENT = SHUT | {"public_non_mixte_coherent": "oui", "motif_non_mixite": "un besoin (fictif)"}
MAIN = {"public_mixte": "oui", "objectif_principal_egalite": "oui"}
# Coherence is asked of a non-mixed public alone.
CROSSED = MIXED | {"public_non_mixte_coherent": "oui"}


def rating(code: str = "A1", rater: str = "I1", tour: str = "1", **cells: str) -> Cells:
    return {"code_action": code, "code_instructeur": rater, "tour": tour, **cells}


def consensus(code: str = "A1", **cells: str) -> Cells:
    return {"code_action": code, "motif_consensus": "relu ensemble (fictif)", **cells}


def export(code: str = "A1", **cells: str) -> Cells:
    return {"code_action": code, "annee": "2022", **cells}


@pytest.fixture
def settle(text_frame: Maker) -> Settle:
    """The answers kept, and their journal, from the rows of an export, of ratings and of consensus."""

    def run(
        exported: list[Cells] | None = None,
        rated: list[Cells] | None = None,
        settled: list[Cells] | None = None,
        tree: Any = TREE,
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        answers = empty(TABLES["reponses_marqueur"])
        if exported:
            kept = clean_programmes(text_frame(*exported, source="export", file="export.csv")).kept
            answers = split_programmes(kept, pd.Series(dtype="str"), set())[0]["reponses_marqueur"]
        own = []
        for name, rows in (("notations_marqueur", rated), ("consensus_marqueur", settled)):
            text = text_frame(*(rows or []), source=name, file=f"{name}.csv")
            own.append(clean_rows(name, text).kept if rows else empty(TABLES[name]))
        return settle_answers(answers, *own, tree)

    return run


def told(answers: pd.DataFrame, *names: str) -> list[list[Any]]:
    """Some columns of the answers, None where missing."""
    frame = answers[["code_action", "origine_reponses", *names]]
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


# --- Set aside --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notations_marqueur", "consensus_marqueur"])
@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (CROSSED, "réponses contradictoires : « public_non_mixte_coherent » : question que l'arbre ne pose pas"),
        (SHUT | CRITERIA, "réponses contradictoires : « diagnostic_sexue », « participation_equilibree », "),
        ({}, "aucune réponse à l'arbre"),
        ({"motif_non_mixite": "une raison, sans réponse"}, "aucune réponse à l'arbre"),
    ],
)
def test_what_contradicts_itself_or_answers_nothing_is_set_aside_with_its_line(
    text_frame: Maker, name: str, cells: Cells, reason: str
) -> None:
    row = rating if name == "notations_marqueur" else consensus
    text = text_frame(row("A0", **MIXED), row("A1", **cells), row("A2", **MAIN))
    cleaned = clean_rows(name, text, TREE)
    assert cleaned.kept["code_action"].tolist() == ["A0", "A2"]
    (aside,) = cleaned.set_aside.to_dict("records")
    assert aside["motif"].startswith(reason)
    assert (aside["fichier"], aside["ligne"]) == ("essai.csv", 3)
    assert aside["texte"] == " | ".join(f"{column}={cell}" for column, cell in row("A1", **cells).items())
    assert aside["remede"].endswith(".")


@pytest.mark.parametrize("cells", [MAIN | CRITERIA, SHUT | {"objectif_principal_egalite": "oui"} | CRITERIA, COHERENT])
def test_criteria_of_a_marker_2_contradict_nothing(text_frame: Maker, cells: Cells) -> None:
    assert clean_rows("notations_marqueur", text_frame(rating(**cells)), TREE).set_aside.empty


def test_without_a_tree_no_contradiction_is_seen(text_frame: Maker) -> None:
    cleaned = clean_rows("notations_marqueur", text_frame(rating(**CROSSED), rating("A2")))
    assert cleaned.kept["code_action"].tolist() == ["A1"]
    assert cleaned.set_aside["motif"].tolist() == ["aucune réponse à l'arbre"]


@pytest.mark.parametrize("code", ["Anne Durand", "Durand", "ad", "I", "12", "I1 Durand", "ABCDE1", "I12345", "é1"])
def test_a_rater_who_is_no_code_is_set_aside_and_not_repeated(text_frame: Maker, code: str) -> None:
    text = text_frame(rating("A1", "i1 ", **MIXED), rating("A1", code, **MIXED), rating("A1", code, **MAIN))
    cleaned = clean_rows("notations_marqueur", text, TREE)
    assert cleaned.kept["code_instructeur"].tolist() == ["I1"]
    assert set(cleaned.set_aside["motif"]) == {
        "code d'instructeur·rice attendu, lettres puis chiffres comme I1, jamais un nom"
    }
    assert cleaned.set_aside["ligne"].tolist() == [3, 4]
    assert all(f"code_instructeur={WITHHELD}" in row for row in cleaned.set_aside["texte"])
    assert f"={code}" not in " ".join([*cleaned.set_aside["texte"], *cleaned.journal["texte"]])


def test_two_ratings_of_one_round_by_one_person_clash_and_a_later_round_does_not(text_frame: Maker) -> None:
    text = text_frame(
        rating("A1", **MIXED), rating("A1", **MAIN), rating("A1", tour="2", **MAIN), rating("A2", **MAIN),
        rating("A2", **MAIN), rating("A3", tour="", **MAIN), rating("A4", "", **MAIN),
    )  # fmt: skip
    cleaned = clean_rows("notations_marqueur", text, TREE)
    assert cleaned.kept["ligne"].tolist() == [4, 5]
    reasons = cleaned.set_aside.set_index("ligne")["motif"].to_dict()
    assert reasons == {
        2: "même code_action, code_instructeur, tour avec un contenu différent, lignes 2 et 3",
        3: "même code_action, code_instructeur, tour avec un contenu différent, lignes 2 et 3",
        6: "doublon exact d'une ligne déjà lue",
        7: "sans « tour » : cellule vide",
        8: "sans « code_instructeur » : cellule vide",
    }


def test_a_consensus_without_its_reason_is_set_aside(text_frame: Maker) -> None:
    cleaned = clean_rows("consensus_marqueur", text_frame(consensus(**MAIN, motif_consensus="")), TREE)
    assert cleaned.set_aside["motif"].tolist() == ["sans « motif_consensus » : cellule vide"]


# --- Settled ----------------------------------------------------------------------------------------------------------

# Export, ratings, consensus → origin and mixed public of A1, file and line where its answers were read.
SETTLED: dict[str, tuple[list[Cells], list[Cells], list[Cells], list[Any]]] = {
    "a consensus before all": (
        [export(**COHERENT)], [rating(**COHERENT)], [consensus(**MAIN)],
        ["consensus", True, "consensus_marqueur.csv", 2],
    ),
    "the export before ratings": (
        [export(**COHERENT)], [rating(**MAIN), rating(rater="I2", **MAIN)], [],
        ["export", False, "export.csv", 2],
    ),
    "an export that answers little": (
        [export(public_mixte="non")], [rating(**MAIN)], [], ["export", False, "export.csv", 2],
    ),
    "raters who agree": (
        [export()], [rating(rater="I2", **MAIN), rating(rater="I1", **MAIN)], [],
        ["notations_concordantes", True, "notations_marqueur.csv", 3],
    ),
    "one rater": (
        [], [rating("A0", **MIXED), rating(**MAIN)], [], ["notation_unique", True, "notations_marqueur.csv", 3],
    ),
    "one rater, twice": (
        [], [rating(tour="2", **MAIN), rating(tour="1", **COHERENT)], [],
        ["notation_unique", True, "notations_marqueur.csv", 2],
    ),
    "raters who agree at last": (
        [], [rating(**COHERENT), rating(rater="I2", **MAIN), rating(tour="3", **MAIN), rating(tour="2", **MIXED)], [],
        ["notations_concordantes", True, "notations_marqueur.csv", 4],
    ),
    "a consensus where raters disagree": (
        [], [rating(**COHERENT), rating(rater="I2", **MAIN)], [consensus("A0", **MIXED), consensus(**MAIN)],
        ["consensus", True, "consensus_marqueur.csv", 3],
    ),
    "an export that contradicts itself leaves the word to raters": (
        [export(**CROSSED)], [rating(**MAIN)], [], ["notation_unique", True, "notations_marqueur.csv", 2],
    ),
    "a reason alone is no answer": (
        [export(motif_non_mixite="écrit")], [rating(**MAIN)], [],
        ["notation_unique", True, "notations_marqueur.csv", 2],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTLED)
def test_the_answers_kept_and_where_they_were_read(settle: Settle, case: str) -> None:
    *given, expected = SETTLED[case]
    answers, _ = settle(*given)
    found = answers.set_index("code_action").loc["A1"]
    assert [found[name] for name in ("origine_reponses", "public_mixte", "fichier", "ligne")] == expected
    assert found["referentiel"] == "vm_egae_2018"
    assert answers["code_action"].is_unique


@pytest.mark.parametrize(
    "rated",
    [
        [rating(**MIXED, **CRITERIA), rating(rater="I2", **MIXED, **CRITERIA | {"indicateurs_sexues": "non"})],
        # Two against one: nobody is outvoted.
        [rating(**MAIN), rating(rater="I2", **MAIN), rating(rater="I3", **MIXED)],
        # They agreed at first.
        [rating(**MAIN), rating(rater="I2", **MAIN), rating(rater="I2", tour="2", **MIXED)],
    ],
)
def test_raters_who_disagree_leave_the_action_unexamined(settle: Settle, rated: list[Cells]) -> None:
    answers, journal = settle([export()], rated)
    assert answers.empty
    assert journal.empty


def test_what_one_rater_left_blank_another_answers(settle: Settle) -> None:
    answers, _ = settle(
        [], [rating(**MIXED, diagnostic_sexue="oui"), rating(rater="I2", **MIXED, indicateurs_sexues="non")]
    )
    fields = ("diagnostic_sexue", "participation_equilibree", "indicateurs_sexues")
    assert told(answers, *fields) == [["A1", "notations_concordantes", True, None, False]]


def test_blanks_that_fill_each_other_into_a_contradiction_are_dropped_with_a_line(settle: Settle) -> None:
    answers, journal = settle([], [rating(public_mixte="oui"), rating(rater="I2", public_non_mixte_coherent="oui")])
    assert answers.empty
    (line,) = journal.to_dict("records")
    assert (line["fichier"], line["ligne"], line["colonne"]) == ("notations_marqueur.csv", 2, "reponses_marqueur")
    assert line["texte"] == "public_mixte=oui | public_non_mixte_coherent=oui"


def test_an_export_that_contradicts_itself_loses_its_answers_alone(settle: Settle) -> None:
    rows = [
        export("A1", **CROSSED, motif_non_mixite="raison"), export("A2", **CROSSED, marqueur_saisi="1"),
        export("A3", **MIXED), export("A4", **SHUT, **CRITERIA, marqueur_national="G1"),
    ]  # fmt: skip
    answers, journal = settle(rows)
    stated = ("marqueur_saisi", "marqueur_national", "public_mixte", "referentiel")
    assert told(answers, *stated) == [
        ["A2", None, 1, None, None, None],
        ["A3", "export", None, None, True, "vm_egae_2018"],
        ["A4", None, None, "G1", None, None],
    ]
    assert journal["ligne"].tolist() == [2, 3, 5]
    assert set(journal["colonne"]) == {"reponses_marqueur"}
    assert journal["texte"][0] == (
        "public_mixte=oui | objectif_principal_egalite=non | public_non_mixte_coherent=oui | motif_non_mixite=raison"
    )
    assert journal["motif"].str.startswith("réponses contradictoires : « ").all()


def test_without_a_tree_answers_pass_unchanged_and_have_no_framework(settle: Settle) -> None:
    answers, journal = settle([export(**CROSSED)], [rating("A2", **MAIN)], tree=None)
    assert told(answers, "public_non_mixte_coherent", "referentiel") == [
        ["A1", "export", True, None],
        ["A2", "notation_unique", None, None],
    ]
    assert journal.empty


@pytest.mark.parametrize("settled", [[], [consensus(**MAIN)]])
def test_a_marker_that_the_export_states_stays_beside_the_answers_of_others(
    settle: Settle, settled: list[Cells]
) -> None:
    answers, _ = settle([export(marqueur_saisi="2", marqueur_national="g2")], [rating(**MAIN)], settled)
    origin = "consensus" if settled else "notation_unique"
    assert told(answers, "marqueur_saisi", "marqueur_national") == [["A1", origin, 2, "G2"]]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"marqueur_saisi": "0"}, [["A1", None, 0, None, None]]),
        ({"marqueur_national": " G1"}, [["A1", None, None, "G1", None]]),
        ({"marqueur_national": "1"}, []),
        ({"motif_non_mixite": "écrit"}, [["A1", None, None, None, "écrit"]]),
        ({}, []),
    ],
)
def test_what_an_export_says_without_an_answer_is_kept(settle: Settle, cells: Cells, expected: list[Any]) -> None:
    rows = [export(**cells), export("A0", **MIXED)]
    answers, _ = settle(rows)
    found = told(answers, "marqueur_saisi", "marqueur_national", "motif_non_mixite")
    assert found == [["A0", "export", None, None, None], *expected]


def test_a_national_marker_is_one_of_the_scale_or_goes_to_the_journal(text_frame: Maker) -> None:
    cleaned = clean_rows("programmes", text_frame(export(marqueur_national="G3"), export("A2", marqueur_national="g0")))
    assert cleaned.kept["marqueur_national"].tolist()[1] == "G0"
    assert cleaned.journal["motif"].tolist() == ["valeur hors vocabulaire « G3 »"]


@pytest.mark.parametrize("tree", [TREE, None])
def test_nothing_gives_nothing_in_the_columns_of_the_tables(settle: Settle, tree: Any) -> None:
    answers, journal = settle(tree=tree)
    assert answers.dtypes.to_dict() == empty(TABLES["reponses_marqueur"]).dtypes.to_dict()
    assert [*journal] == [*PLACE, "colonne", "texte", "motif"]
    assert len(answers) == len(journal) == 0
