"""The questions in their order: every way through the tree, « je ne sais pas » included, and back again."""

import datetime
from collections.abc import Iterator

import pytest

from pipelines.forms.interview import Interview
from pipelines.forms.sentences import REMINDER, UNDECIDED, ask, conclude
from pipelines.indicators.gender import FIELDS, REASON, read_as
from tests.shipped import shipped_contract

TREE = shipped_contract().arbre_marqueur
START = Interview(TREE, read_as(TREE))
SAID = {"o": True, "n": False, "?": None}
CRITERIA = list(TREE.criteres.fields)
SECOND, FOURTH = "objectif_principal_egalite", "public_non_mixte_coherent"


def play(script: str) -> tuple[Interview, list[str]]:
    """The interview after answers: o, n, ? (« je ne sais pas »), m (a reason), p (pass over); what was asked."""
    interview, asked = START, []
    for letter in script:
        asked.append(interview.step.champ)
        match letter:
            case "p":
                interview = interview.pass_over()
            case "m":
                interview = interview.answer("réservé aux mères isolées")
            case _:
                interview = interview.answer(SAID[letter])
    return interview, asked


def every_way(interview: Interview = START) -> Iterator[Interview]:
    """Every interview that answers can lead to, unfinished ones included."""
    yield interview
    step = interview.step
    if step:
        for answer in ("un motif",) if step.genre == "motif" else (True, False, None):
            yield from every_way(interview.answer(answer))


@pytest.mark.parametrize(
    ("script", "asked", "marker", "rule"),
    [
        ("ooooo", ["public_mixte", SECOND, *CRITERIA], 2, "R1"),
        ("oop", ["public_mixte", SECOND, CRITERIA[0]], 2, "R1"),
        ("onooo", ["public_mixte", SECOND, *CRITERIA], 1, "R2"),
        ("onnoo", ["public_mixte", SECOND, *CRITERIA], 0, "R3"),
        ("onn??", ["public_mixte", SECOND, *CRITERIA], 0, "R3"),
        ("onoo?", ["public_mixte", SECOND, *CRITERIA], None, ""),
        ("nop", ["public_mixte", SECOND, CRITERIA[0]], 2, "R4"),
        ("nnom", ["public_mixte", SECOND, FOURTH, REASON], 1, "R5"),
        ("nnnm", ["public_mixte", SECOND, FOURTH, REASON], 0, "R6"),
        ("nn?", ["public_mixte", SECOND, FOURTH], None, ""),
        # Both publics ask the main objective next, and both have marker 2 where it is equality.
        ("?op", ["public_mixte", SECOND, CRITERIA[0]], 2, "R1/R4"),
        # From here the ways part: without the first answer nothing more can be asked.
        ("?n", ["public_mixte", SECOND], None, ""),
        ("??", ["public_mixte", SECOND], None, ""),
        # Marker 2 may note the criteria, the other branch counts them: they are asked, and may be passed over.
        ("o?ooo", ["public_mixte", SECOND, *CRITERIA], None, ""),
        ("o?p", ["public_mixte", SECOND, CRITERIA[0]], None, ""),
        ("n?", ["public_mixte", SECOND], None, ""),
    ],
)
def test_what_is_asked_and_where_it_ends(script: str, asked: list[str], marker: int | None, rule: str) -> None:
    interview, questions = play(script)
    assert questions == asked
    assert interview.step is None
    assert (interview.mark.marqueur, interview.mark.regle) == (marker, rule)


def test_no_way_is_contradictory_and_the_path_only_grows() -> None:
    ways = list(every_way())
    assert len(ways) > 200
    for interview in ways:
        assert interview.mark.contradiction == ""
        assert len(interview.replies) <= 5
        if interview.replies:
            before = interview.take_back()
            assert interview.taken[: len(before.taken)] == before.taken
            assert before.answer(interview.said[before.step.champ]) == interview


def test_the_outcome_is_shown_when_all_criteria_are_asked() -> None:
    for interview in every_way():
        shown = set(interview.taken) & set(TREE.issues)
        step = interview.step
        assert not (shown and step and step.genre == "critere" and not step.facultatif)
        assert step or shown == {interview.mark.regle} & set(TREE.issues)


@pytest.mark.parametrize(
    ("script", "facultatif"), [("on", False), ("oo", True), ("no", True), ("?o", True), ("o?", True)]
)
def test_criteria_may_be_passed_over_where_they_do_not_count(script: str, facultatif: bool) -> None:
    interview, _ = play(script)
    assert interview.step.champ == CRITERIA[0]
    assert interview.step.facultatif is facultatif
    assert ("facultatif" in ask(interview, interview.step)) is facultatif


def test_what_is_passed_over_is_taken_back_as_one() -> None:
    interview, _ = play("ooop")
    assert [interview.said[champ] for champ in CRITERIA] == [True, None, None]
    assert interview.take_back() == play("ooo")[0]
    assert interview.take_back().take_back().step.champ == CRITERIA[0]


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ("", ""),
        ("o", "public mixte"),
        ("?", "public mixte : sans réponse"),
        ("on", "public mixte → pas d'objectif principal"),
        ("onn", "public mixte → pas d'objectif principal → diagnostic sexué : non"),
        ("on?", "public mixte → pas d'objectif principal → diagnostic sexué : je ne sais pas"),
        ("onnoo", "public mixte → pas d'objectif principal → 2 critères sur 3 → marqueur 0 au seuil 3"),
        ("nno", "public non mixte → pas d'objectif principal → public cohérent avec les objectifs"),
        ("?n", "public mixte : sans réponse → pas d'objectif principal → non examiné"),
    ],
)
def test_the_path_in_words(script: str, path: str) -> None:
    assert play(script)[0].path == path


@pytest.mark.parametrize(
    ("script", "cells", "reason"),
    [
        ("onno?", ["oui", "non", "non", "oui", "", ""], ""),
        ("nnom", ["non", "non", "", "", "", "oui"], "réservé aux mères isolées"),
        ("oop", ["oui", "oui", "", "", "", ""], ""),
        ("?n", ["", "non", "", "", "", ""], ""),
    ],
)
def test_the_row_says_yes_no_or_nothing(script: str, cells: list[str], reason: str) -> None:
    row = play(script)[0].row("A-1", "I3", datetime.date(2022, 3, 1))
    assert row == {
        "code_action": "A-1", "code_instructeur": "I3", "date_notation": "2022-03-01",
        **dict(zip(FIELDS, cells, strict=True)), REASON: reason,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("onooo", ["Marqueur 1", TREE.echelle[1]]),
        ("onoo?", ["Non examiné", UNDECIDED, "réponses incomplètes"]),
        ("oonnn", ["Marqueur 2", TREE.echelle[2], "À savoir : marqueur 2 sans critère"]),
    ],
)
def test_the_end_says_what_the_marker_means_and_what_it_does_not(script: str, told: list[str]) -> None:
    said = conclude(play(script)[0]).replace("&#x27;", "'")
    assert all(text in said for text in [*told, REMINDER])


def test_a_written_reason_leaves_nothing_to_know() -> None:
    assert "À savoir" not in conclude(play("nnom")[0])
