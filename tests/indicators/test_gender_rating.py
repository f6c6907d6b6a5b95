"""The evaluator of the gender marker: the truth table, what missing answers may change, flags, and paths in words."""

import csv
from collections.abc import Iterator
from itertools import product

import pandas as pd
import pytest

from pipelines.errors import UsageError
from pipelines.indicators.gender import FIELDS, REASON, Mark, Reading, Tree, mark, rate_gender_marker, read_as
from pipelines.paths import ROOT
from tests.shipped import shipped_contract

FACTS = ROOT.parent / "shared" / "reference" / "facts" / "04_marqueur_genre_table_verite.csv"
# Answers in the order of FIELDS, then the marker at thresholds 3, 2 and 1, then the rules at these thresholds.
TRUTH = [
    ("oo....", "222", "R1 R1 R1"),
    ("onooo.", "111", "R2 R2 R2"),
    ("onoon.", "011", "R3 R2 R2"),
    ("onono.", "011", "R3 R2 R2"),
    ("ononn.", "001", "R3 R3 R2"),
    ("onnoo.", "011", "R3 R2 R2"),
    ("onnon.", "001", "R3 R3 R2"),
    ("onnno.", "001", "R3 R3 R2"),
    ("onnnn.", "000", "R3 R3 R3"),
    ("no....", "222", "R4 R4 R4"),
    ("nn...o", "111", "R5 R5 R5"),
    ("nn...n", "000", "R6 R6 R6"),
]
THRESHOLDS = (3, 2, 1)
ISSUES = ("marqueur_1", "criteres")
MEANING = {"o": True, "n": False, ".": None}
CRITERIA = FIELDS[2:5]
CONTRADICTION = "contradiction"


@pytest.fixture(scope="module")
def tree() -> Tree:
    """The tree of the shipped contract."""
    tree = shipped_contract().arbre_marqueur
    assert tree is not None
    return tree


def answers_of(text: str) -> dict[str, bool | None]:
    """Answers from one letter a field: o, n, or a point where there is none."""
    return dict(zip(FIELDS, (MEANING[letter] for letter in text), strict=True))


def marked(tree: Tree, text: str, seuil: int = 3, issue: str = "marqueur_1", *, reason: bool = False) -> Mark:
    return mark(tree, answers_of(text), Reading(seuil, issue), has_reason=reason)


@pytest.mark.parametrize("at", range(3), ids=["seuil 3", "seuil 2", "seuil 1"])
@pytest.mark.parametrize(("text", "markers", "rules"), TRUTH, ids=[row[0] for row in TRUTH])
def test_the_truth_table(tree: Tree, text: str, markers: str, rules: str, at: int) -> None:
    found = marked(tree, text, THRESHOLDS[at])
    assert (found.marqueur, found.regle) == (int(markers[at]), rules.split()[at])
    criteria = text[2:5]
    assert found.nb_criteres == (None if "." in criteria else criteria.count("o"))
    assert found.contradiction == ""


def test_the_truth_table_is_the_one_of_the_protocol() -> None:
    if not FACTS.exists():
        pytest.skip(f"table de vérité absente : ../{FACTS.relative_to(ROOT.parent)}")
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    letters = {"oui": "o", "non": "n", "": "."}
    read = [
        ("".join(letters[row[field]] for field in FIELDS), "".join(row[f"marqueur_seuil_{n}"] for n in THRESHOLDS))
        for row in rows
    ]
    assert read == [row[:2] for row in TRUTH]
    # R2 and R3 are one box of the protocol, told apart by the criteria.
    for row, (_, _, rules) in zip(rows, TRUTH, strict=True):
        assert set(rules.split()) <= set(row["regle"].split("/"))


def walk_by_hand(answers: dict[str, bool | None], seuil: int, issue: str) -> tuple[int, set[str], set[str]] | str:
    """The rules as a chain of conditions: marker, fields asked, fields that may be answered; or a field that lacks."""
    mixed, aim, *met, coherent = answers.values()
    if mixed is None or aim is None:
        return FIELDS[0] if mixed is None else FIELDS[1]
    asked = {FIELDS[0], FIELDS[1]}
    if aim:
        return 2, asked, asked | set(CRITERIA)
    if not mixed:
        if coherent is None:
            return FIELDS[5]
        asked |= {FIELDS[5]}
        if not coherent or issue == "marqueur_1":
            return int(coherent), asked, asked
    if None in met:
        return CRITERIA[met.index(None)]
    asked |= set(CRITERIA)
    return int(sum(map(bool, met)) >= seuil), asked, asked


def outcomes(answers: dict[str, bool | None], seuil: int, issue: str) -> Iterator[tuple[int | str, set[str]]]:
    """Every end that the answers may come to, missing ones given as the tree asks them: outcome, fields asked."""
    found = walk_by_hand(answers, seuil, issue)
    if isinstance(found, str):
        for answer in (True, False):
            yield from outcomes(answers | {found: answer}, seuil, issue)
        return
    marker, asked, allowed = found
    answered = {field for field, answer in answers.items() if answer is not None}
    yield (marker if answered <= allowed else CONTRADICTION), asked


@pytest.mark.parametrize("issue", ISSUES)
@pytest.mark.parametrize("seuil", THRESHOLDS)
def test_a_marker_is_what_no_missing_answer_can_change(tree: Tree, seuil: int, issue: str) -> None:
    seen = dict.fromkeys(["décidé", "ouvert", CONTRADICTION], 0)
    for values in product((True, False, None), repeat=len(FIELDS)):
        answers = dict(zip(FIELDS, values, strict=True))
        found = mark(tree, answers, Reading(seuil, issue))
        ends = list(outcomes(answers, seuil, issue))
        possible = {outcome for outcome, _ in ends}
        if found.contradiction:
            seen[CONTRADICTION] += 1
            assert possible == {CONTRADICTION}, values
            assert (found.marqueur, found.drapeaux) == (None, ("reponses_contradictoires",))
            continue
        assert possible != {CONTRADICTION}, values
        if found.marqueur is None:
            seen["ouvert"] += 1
            assert len(possible) > 1, values
        else:
            seen["décidé"] += 1
            assert possible - {CONTRADICTION} == {found.marqueur}, values
        missing = set.union(*(asked for _, asked in ends)) - {field for field in FIELDS if answers[field] is not None}
        is_begun = any(answer is not None for answer in values)
        assert ("reponses_incompletes" in found.drapeaux) == (is_begun and bool(missing)), values
        assert ("non_examine" in found.drapeaux) == (found.marqueur is None), values
    assert min(seen.values()) > 20, seen


@pytest.mark.parametrize(
    ("text", "seuil", "issue", "marker", "rule", "path"),
    [
        ("onono.", 3, 0, 0, "R3", "public mixte → pas d'objectif principal → 2 critères sur 3 → marqueur 0 au seuil 3"),
        ("onono.", 2, 0, 1, "R2", "public mixte → pas d'objectif principal → 2 critères sur 3 → marqueur 1 au seuil 2"),
        ("onnno.", 3, 0, 0, "R3", "public mixte → pas d'objectif principal → 1 critère sur 3 → marqueur 0 au seuil 3"),
        ("oo....", 3, 0, 2, "R1", "public mixte → objectif principal d'égalité → marqueur 2"),
        ("no....", 1, 0, 2, "R4", "public non mixte → objectif principal d'égalité → marqueur 2"),
        (
            "nn...o", 3, 0, 1, "R5",
            "public non mixte → pas d'objectif principal → public cohérent avec les objectifs → marqueur 1",
        ),
        (
            "nn...n", 3, 1, 0, "R6",
            "public non mixte → pas d'objectif principal → public non cohérent avec les objectifs → marqueur 0",
        ),
        # The other reading of « coherent ».
        (
            "nnoono", 2, 1, 1, "R2",
            "public non mixte → pas d'objectif principal → public cohérent avec les objectifs → 2 critères sur 3 → "
            "marqueur 1 au seuil 2",
        ),
        (
            "nn...o", 3, 1, None, "",
            "public non mixte → pas d'objectif principal → public cohérent avec les objectifs → "
            "critères : sans réponse → non examiné",
        ),
        # Incomplete answers that decide.
        (
            "on.n..", 3, 0, 0, "R3",
            "public mixte → pas d'objectif principal → au plus 2 critères sur 3 → marqueur 0 au seuil 3",
        ),
        (
            "on.o..", 1, 0, 1, "R2",
            "public mixte → pas d'objectif principal → au moins 1 critère sur 3 → marqueur 1 au seuil 1",
        ),
        (".o....", 3, 0, 2, "R1/R4", "public mixte : sans réponse → objectif principal d'égalité → marqueur 2"),
        # And that do not.
        (
            "on.o..", 3, 0, None, "",
            "public mixte → pas d'objectif principal → 1 critère sur 3, 2 sans réponse → non examiné",
        ),
        ("o.nnn.", 3, 0, None, "", "public mixte → objectif principal : sans réponse → non examiné"),
        ("......", 3, 0, None, "", "public mixte : sans réponse → objectif principal : sans réponse → non examiné"),
        ("onoooo", 3, 0, None, "", "réponses contradictoires → non examiné"),
    ],
)  # fmt: skip
def test_the_path_in_words(
    tree: Tree, text: str, seuil: int, issue: int, marker: int | None, rule: str, path: str
) -> None:
    found = marked(tree, text, seuil, ISSUES[issue])
    assert (found.marqueur, found.regle, found.chemin) == (marker, rule, path)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("onono.", "Q1 Q2 Q3 R3"),
        ("nn...o", "Q1 Q2N Q4 R5"),
        ("on.o..", "Q1 Q2 Q3"),
        ("nn....", "Q1 Q2N Q4"),
        (".o....", "Q1"),
        ("onoooo", ""),
    ],
)
def test_the_path_in_codes_stops_where_ways_are_open(tree: Tree, text: str, codes: str) -> None:
    assert marked(tree, text).trajet == tuple(codes.split())


@pytest.mark.parametrize(
    ("text", "reason", "flags"),
    [
        ("nn...o", False, "motif_absent"),
        ("nn...n", False, "motif_absent"),
        ("nn...o", True, ""),
        # No reason is due before the question that needs one is answered.
        ("nn....", False, "non_examine reponses_incompletes"),
        ("nn....", True, "non_examine reponses_incompletes"),
        ("onooo.", True, "motif_sans_objet"),
        ("onooo.", False, ""),
        ("oo....", False, "marqueur_2_sans_critere"),
        ("oonnn.", False, "marqueur_2_sans_critere"),
        ("oo.o..", False, ""),
        ("no....", False, "marqueur_2_sans_critere"),
        ("nonno.", False, ""),
        ("......", False, "non_examine"),
        (".o....", False, "reponses_incompletes marqueur_2_sans_critere"),
        ("on.n..", False, "reponses_incompletes"),
        ("onnnn.", False, ""),
    ],
)
def test_flags(tree: Tree, text: str, reason: bool, flags: str) -> None:
    assert marked(tree, text, reason=reason).drapeaux == tuple(flags.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "onoooo",
            "« public_non_mixte_coherent » : question que l'arbre ne pose pas après "
            "« public mixte → pas d'objectif principal »",
        ),
        ("o....n", "« public_non_mixte_coherent » : question que l'arbre ne pose pas après « public mixte »"),
        (
            "nno.on",
            "« diagnostic_sexue », « indicateurs_sexues » : question que l'arbre ne pose pas après "
            "« public non mixte → pas d'objectif principal → public non cohérent avec les objectifs »",
        ),
        (
            ".o...o",
            "« public_non_mixte_coherent » : question que l'arbre ne pose pas après « objectif principal d'égalité »",
        ),
        # Each answer has its path, and no path has both.
        (
            "..o..o",
            "« diagnostic_sexue », « public_non_mixte_coherent » : "
            "questions qu'aucun chemin de l'arbre ne pose ensemble",
        ),
    ],
)
def test_a_contradiction_names_the_answers_and_the_way_taken(tree: Tree, text: str, told: str) -> None:
    found = marked(tree, text)
    assert found.contradiction == told
    assert (found.marqueur, found.regle, found.nb_criteres, found.trajet) == (None, "", None, ())


def test_criteria_of_a_marker_2_are_noted_without_changing_it(tree: Tree) -> None:
    for text in ("oonnn.", "ooooo.", "noono."):
        assert marked(tree, text).marqueur == 2
        assert marked(tree, text).nb_criteres == text[2:5].count("o")


def frame_of(*rows: tuple[str, str | None]) -> pd.DataFrame:
    """Typed answers, one row a text, and reasons."""
    frame = pd.DataFrame([answers_of(text) for text, _ in rows], columns=list(FIELDS)).astype("boolean")
    return frame.assign(**{REASON: pd.Series([reason for _, reason in rows], dtype="str")})


def test_a_frame_is_marked_row_by_row_in_its_order(tree: Tree) -> None:
    rows = [("nn...o", "réservé aux mères"), ("onono.", None), ("nn...o", None), ("on.o..", None), ("onoooo", None)]
    frame = frame_of(*rows).set_axis([7, 3, 7, 1, 0]).assign(autre=range(5))
    rated = rate_gender_marker(frame, tree)
    assert rated.index.to_list() == [7, 3, 7, 1, 0]
    pd.testing.assert_frame_equal(rated[frame.columns], frame)
    for (_, row), (text, reason) in zip(rated.iterrows(), rows, strict=True):
        one = marked(tree, text, reason=reason is not None)
        assert row["chemin"] == one.chemin
        assert row["trajet"] == ">".join(one.trajet)
        assert row["drapeaux"] == " | ".join(one.drapeaux)
        assert row["contradiction"] == one.contradiction
        assert row["regle"] == one.regle
    # Not examined is missing: never 0.
    assert rated["marqueur"].astype(object).where(rated["marqueur"].notna(), None).to_list() == [1, 0, 1, None, None]
    assert rated["nb_criteres"].dtype == "Int64"
    assert rated["nb_criteres"].isna().to_list() == [True, False, True, True, True]
    assert set(rated["referentiel"]) == {"vm_egae_2018"}


def test_no_answer_at_all_is_a_frame_too(tree: Tree) -> None:
    rated = rate_gender_marker(frame_of(), tree)
    assert len(rated) == 0
    assert rated["marqueur"].dtype == "Int64"


def test_the_reading_is_an_argument(tree: Tree) -> None:
    frame = frame_of(("onono.", None), ("nnnnno", "x"), ("nn...o", "x"))
    markers = {
        (seuil, issue): rate_gender_marker(frame, tree, seuil_criteres=seuil, issue_coherent=issue)[
            "marqueur"
        ].to_list()
        for seuil, issue in product((2, 3), ISSUES)
    }
    assert [markers[seuil, "marqueur_1"][0] for seuil in (2, 3)] == [1, 0]
    # Criteria of a coherent public are asked in one reading, and contradict the other.
    assert [markers[3, issue][1] for issue in ISSUES] == [pd.NA, 0]
    assert [markers[3, issue][2] for issue in ISSUES] == [1, pd.NA]
    assert read_as(tree) == Reading(3, "marqueur_1")
    assert read_as(tree, 1, "criteres") == Reading(1, "criteres")


@pytest.mark.parametrize(
    ("seuil", "issue", "sentence"),
    [
        (4, None, r"Le seuil de critères 4 n'est pas prévu : choisir parmi 1, 2, 3\."),
        (0, None, r"Le seuil de critères 0 n'est pas prévu"),
        (None, "marqueur_2", r"L'issue « marqueur_2 » n'est pas prévue : choisir parmi marqueur_1, criteres\."),
    ],
)
def test_a_reading_that_the_tree_lacks_is_refused(
    tree: Tree, seuil: int | None, issue: str | None, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_as(tree, seuil, issue)
