"""Part 5: the strengths of findings, and what the check says of a sentence that a learner wrote."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.indicators import monitoring
from pipelines.processed import load_table, read_manifest
from pipelines.training import finding
from pipelines.training.feedback import NotYet, Right, Unanswered
from pipelines.training.sentence import Facts, review

FACTS = Facts("O2 Accompagner la réussite éducative", 46, 54, 100 * 46 / 54, 2022)
GOOD = "D'après la programmation 2022, 46 actions ont été financées sur 54 dossiers tranchés, soit 85,2 %."
LIMIT = "Ce taux ne dit pas si les actions ont atteint leurs objectifs."
YEARS = (2022, 2015)


def read_actions(prepared: Path, annee: int) -> pd.DataFrame:
    actions, funding = (load_table(prepared, read_manifest(prepared), name) for name in ("actions", "financements"))
    own = monitoring.sum_amounts(actions[actions["annee"] == annee], funding)
    return own.assign(orientation=own["code_orientation"].fillna(monitoring.UNKNOWN))


@pytest.fixture(params=YEARS)
def table(prepared: Path, request: pytest.FixtureRequest) -> tuple[pd.DataFrame, int]:
    return finding.describe_orientations(read_actions(prepared, request.param), smallest=1), request.param


def test_strength_comes_from_what_founds_the_finding() -> None:
    assert finding.judge_strength(finding.list_findings()).tolist() == [1, 2, 3, 2, 4]


def test_an_interval_without_comparison_adds_nothing() -> None:
    line = pd.DataFrame({"est_compte": [True], "est_compare": [False], "est_encadre": [True], "est_examine": [True]})
    assert finding.judge_strength(line).tolist() == [2]


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("force", [1, 2, 3, 4, 7])
def test_a_wrong_strength_is_told_by_its_letter(at: int, force: int) -> None:
    findings = finding.list_findings()
    answers = finding.judge_strength(findings).tolist()
    if answers[at] == force:
        assert isinstance(finding.check_strengths(answers, findings), Right)
        return
    answers[at] = force
    with pytest.raises(NotYet, match=f"constat {'ABCDE'[at]}, "):
        finding.check_strengths(answers, findings)


def test_a_comparison_without_interval_is_told_as_such() -> None:
    with pytest.raises(NotYet, match="pas d'intervalle"):
        finding.check_strengths([1, 2, 3, 3, 4], finding.list_findings())


@pytest.mark.parametrize(("answer", "error"), [(..., Unanswered), (2, NotYet), ([1, 2], NotYet)])
def test_strengths_that_are_no_list_are_refused(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        finding.check_strengths(answer, finding.list_findings())


def test_what_a_description_writes_is_accepted_of_every_row(table: tuple[pd.DataFrame, int]) -> None:
    rows, annee = table
    for name in rows["orientation"]:
        facts = finding.take_facts(rows, annee, name)
        assert isinstance(finding.check_rewriting(finding.write_description(facts), facts), Right)
        with pytest.raises(NotYet, match="Grâce au"):
            finding.check_rewriting(finding.write_abusive(facts), facts)


def test_the_facts_are_those_of_the_row_with_most_decisions(table: tuple[pd.DataFrame, int]) -> None:
    rows, annee = table
    parts = rows[rows["orientation"] != monitoring.TOTAL]
    assert finding.take_facts(rows, annee).whole == parts["nb_tranches"].max()


@pytest.mark.parametrize(
    "sentence",
    [
        GOOD,
        "En 2022, 85,2 % des dossiers tranchés ont été financés (46 sur 54), selon la programmation.",
        "Pour « Accompagner la réussite éducative », 85,2 % en 2022 : 46 financés, 8 refusés (source : programmation).",
        "Source : export 2022. Accompagner la réussite éducative : 46 sur 54, soit 85,2 pour cent.",
    ],
)
def test_a_sentence_may_be_turned_as_one_likes(sentence: str) -> None:
    assert review(sentence, FACTS, 2) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("46 actions ont été financées", "grâce au contrat, 46 actions ont été financées", "« grâce au »"),
        ("46 actions ont été", "le contrat a contribué à ce que 46 actions soient", "« a contribué »"),
        ("46 actions ont été", "le contrat a permis que 46 actions soient", "« a permis »"),
        ("46 actions", "46 actions efficaces", "« efficaces » est de trop, car il juge"),
        ("soit 85,2 %", "soit 85,2 %, un taux plus élevé qu'ailleurs", "« plus élevé » est de trop, car il compare"),
        ("soit 85,2 %", "soit 85,2 %, en hausse", "« hausse » est de trop, car il compare"),
        ("85,2 %", "85 %", "le nombre 85 n'est pas dans cette ligne"),
        ("85,2 %", "85,2", "n'a pas d'unité"),
        (", soit 85,2 %", "", "le taux manque"),
        (" sur 54 dossiers tranchés", "", "sans son dénominateur"),
        (" 2022", "", "l'année manque"),
        ("D'après la programmation 2022", "En 2022", "la source manque"),
    ],
)
def test_each_fault_of_a_sentence_is_told_with_its_word(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(NotYet, match=told):
        finding.check_rewriting(GOOD.replace(old, new), FACTS)


@pytest.mark.parametrize(
    ("answer", "error"), [(..., Unanswered), ("  ", Unanswered), (85.2, NotYet), ("85,2 %", NotYet)]
)
def test_what_is_no_sentence_is_refused(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        finding.check_rewriting(answer, FACTS)


def test_the_words_of_the_abusive_sentence_are_found_as_written() -> None:
    words = finding.list_overclaims(finding.write_abusive(FACTS))["mot"].tolist()
    assert words == ["Grâce au", "réussissent", "succès", "hausse"]


def test_a_finding_of_any_row_is_accepted_at_its_strength_with_its_limit(table: tuple[pd.DataFrame, int]) -> None:
    rows, annee = table
    for name in rows["orientation"]:
        sentence = finding.write_description(finding.take_facts(rows, annee, name))
        assert isinstance(finding.check_finding(sentence, 2, LIMIT, rows, annee), Right)


@pytest.mark.parametrize(
    ("force", "limit", "told"),
    [
        (1, LIMIT, "plus qu'un signalement"),
        (3, LIMIT, "aucun intervalle"),
        (4, LIMIT, "n'examine une cause"),
        (0, LIMIT, "de 1 à 4"),
        (2, "Des améliorations sont possibles.", "ce que le chiffre ne dit pas"),
        (2, "Ce taux ne dit pas tout, grâce au contrat.", "« grâce au »"),
    ],
)
def test_a_finding_at_another_strength_or_without_limit_is_refused(
    force: int, limit: str, told: str, table: tuple[pd.DataFrame, int]
) -> None:
    rows, annee = table
    sentence = finding.write_description(finding.take_facts(rows, annee))
    with pytest.raises(NotYet, match=told):
        finding.check_finding(sentence, force, limit, rows, annee)


def test_the_figures_of_two_rows_make_no_finding(table: tuple[pd.DataFrame, int]) -> None:
    rows, annee = table
    first, last = finding.take_facts(rows, annee), finding.take_facts(rows, annee, monitoring.TOTAL)
    mixed = finding.write_description(first).replace(f"sur {first.whole} dossiers", f"sur {last.whole} dossiers")
    with pytest.raises(NotYet, match="n'est pas dans cette ligne"):
        finding.check_finding(mixed, 2, LIMIT, rows, annee)


@pytest.mark.parametrize("annee", YEARS)
def test_planned_persons_are_refused_as_reached(prepared: Path, annee: int) -> None:
    people = load_table(prepared, read_manifest(prepared), "beneficiaires")
    planned = finding.count_planned(read_actions(prepared, annee), people)
    assert isinstance(finding.check_reached("on ne peut pas", planned), Right)
    for answer, told in (
        (int(planned["nb_personnes_prevues"][0]), "personnes prévues"),
        (int(planned["nb_actions"][0]), "nombre d'actions"),
        (-1, "titre de la colonne"),
    ):
        with pytest.raises(NotYet, match=told):
            finding.check_reached(answer, planned)


def test_a_year_without_action_has_its_sentence_and_its_refusal(prepared: Path) -> None:
    none = read_actions(prepared, 1999)
    facts = finding.take_facts(finding.describe_orientations(none, smallest=1), 1999)
    assert facts.rate is None
    assert isinstance(finding.check_rewriting(finding.write_description(facts), facts), Right)
    people = load_table(prepared, read_manifest(prepared), "beneficiaires")
    assert isinstance(finding.check_reached("on ne peut pas", finding.count_planned(none, people)), Right)
