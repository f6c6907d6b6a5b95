"""Ten actions marked and compared: answers that leave the tree are told, people are never ranked."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipelines.indicators import gender
from pipelines.indicators.gender import FIELDS, Reading, Tree
from pipelines.processed import load_table, read_manifest
from pipelines.training import marking, raters, replies
from pipelines.training.feedback import NotYet, Right, Unanswered

Known = Callable[[SimpleNamespace], object]
TABLES = {
    "actions": "actions", "people": "beneficiaires", "ratings": "notations_marqueur", "exported": "reponses_marqueur",
    "consensus": "consensus_marqueur",
}  # fmt: skip


@pytest.fixture(scope="module")
def table(prepared: Path) -> SimpleNamespace:
    """What part 3 works on, for the last year of the contract."""
    manifest = read_manifest(prepared)
    held = SimpleNamespace(**{key: load_table(prepared, manifest, name) for key, name in TABLES.items()})
    held.tree = Tree.model_validate(manifest["contrat"]["arbre_marqueur"])
    held.reading = gender.read_as(held.tree)
    year = raters.pick_year(held.actions, held.ratings, manifest["contrat"]["annees"]["fin"])
    held.ten = raters.pick_actions(held.actions, held.ratings, year)
    held.rated = gender.first_ratings(held.ratings, held.tree, held.reading)
    held.said = raters.write_answers(held.exported, held.ten, held.tree, held.reading)
    held.lines = raters.dictate_raters(held.ratings, held.ten, held.tree, held.reading)
    held.rest = (held.ten, held.tree, held.reading)
    return held


@pytest.mark.parametrize("asked", [2022, 2019, 2015])
def test_the_ten_are_drawn_by_the_rule_that_the_page_says(table: SimpleNamespace, asked: int) -> None:
    """Of the year, or of the last one with ratings: each by several people, the orientations in turn."""
    year = raters.pick_year(table.actions, table.ratings, asked)
    ten = raters.pick_actions(table.actions, table.ratings, year)
    assert list(ten["rang"]) == list(range(1, 11))
    assert ten["code_action"].is_monotonic_increasing
    marked = table.actions["code_action"].isin(table.ratings["code_action"])
    assert set(ten["annee"]) == set(table.actions.loc[marked, "annee"])
    people = table.ratings[table.ratings["code_action"].isin(ten["code_action"])].groupby("code_action")
    assert people["code_instructeur"].nunique().min() >= 2
    shares = (
        ten["code_orientation"].value_counts().reindex(table.actions.loc[marked, "code_orientation"].unique()).fillna(0)
    )
    assert shares.max() - shares.min() <= 1


def test_an_action_that_one_person_marked_has_no_neighbour(table: SimpleNamespace) -> None:
    """Left by the others, it is not drawn; a second round, made together, does not count either."""
    first = table.ten["code_action"].iloc[0]
    own = table.ratings["code_action"] == first
    left = table.ratings[~own | ~table.ratings[own].duplicated("code_action").reindex(own.index, fill_value=False)]
    together = table.ratings.assign(tour=table.ratings["tour"].mask(own, 2))
    for ratings in (left, together):
        assert first not in set(raters.pick_actions(table.actions, ratings, 2022)["code_action"])


@pytest.mark.parametrize("year", [2016, 2021])
def test_without_ratings_the_year_is_kept(table: SimpleNamespace, year: int) -> None:
    """A contract that nobody marked together has its own actions to mark."""
    nobody = table.ratings.head(0)
    assert raters.pick_year(table.actions, nobody, year) == year
    ten = raters.pick_actions(table.actions, nobody, year, 4)
    assert len(ten) == 4
    assert set(ten["annee"]) == {year}
    assert raters.dictate_raters(nobody, ten, table.tree, table.reading) == {}


@pytest.mark.parametrize("reading", [Reading(3, "marqueur_1"), Reading(1, "criteres")])
def test_words_say_what_the_rows_say(table: SimpleNamespace, reading: Reading) -> None:
    """Of every person and every action: written, read again, dictated, the answers and the marker are the same."""
    asked = gender.rate_gender_marker(table.ratings, table.tree, **reading._asdict())
    asked = asked[~asked["drapeaux"].str.contains("incompletes|contradictoires")]
    assert len(asked) > 50
    for row in asked.to_dict("records"):
        words = replies.write_reply(row, table.tree, reading)
        told = replies.read_reply(words, table.tree, reading)
        assert told.mark.marqueur == row["marqueur"]
        kept = {name: value for name, value in told.said.items() if name in FIELDS and value is not None}
        assert kept == {name: bool(row[name]) for name in FIELDS if pd.notna(row[name])}
        spelt = replies.spell(replies.dictate(words))
        assert replies.read_reply(spelt, table.tree, reading, reasoned=False).mark.marqueur == row["marqueur"]


def test_what_leads_to_an_end_is_right(table: SimpleNamespace) -> None:
    """The markers are those of the reports; the line to dictate is read back as one's own."""
    right = marking.check_markings(table.said, *table.rest)
    rated = gender.rate_gender_marker(table.exported, table.tree)
    known = rated[rated["code_action"].isin(table.ten["code_action"])]["marqueur"].value_counts()
    for marker, number in known.items():
        assert f"marqueur {marker} : {number}" in right.why
    line = re.search(r"« ([on? -]+) »", right.why)[1]
    same = marking.check_neighbours({"A": line}, table.said, *table.rest)
    assert f"même marqueur à {len(table.ten)} actions" in same.why
    assert "divise" not in same.why


def test_what_the_learner_sees_is_text(table: SimpleNamespace) -> None:
    """A title is written, never run; invented actions are said so."""
    odd = table.ten.assign(intitule="<script>alert(1)</script>")
    html = marking.check_markings(table.said, odd, table.tree, table.reading)._repr_html_()
    assert "<script>" not in html
    assert "données fictives de démonstration" in html


def alone(table: SimpleNamespace, mixed: bool) -> int:
    """The rank of an action whose public is mixed, or not, and whose first end is not reached at once."""
    return next(rank for rank, words in table.said.items() if words.startswith("oui non" if mixed else "non non"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda table: {alone(table, True): "oui non oui"}, "il manque une réponse"),
        (lambda table: {alone(table, True): "oui"}, "l'arbre demande encore"),
        (lambda table: {alone(table, True): "oui non oui oui oui non"}, "de trop"),
        (lambda table: {alone(table, False): "non non oui oui (motif)"}, "de trop"),
        (lambda table: {alone(table, False): "non non oui"}, "motif écrit"),
        (lambda table: {alone(table, True): "oui non peut-être"}, "« peut-être » n'est pas une réponse"),
        (lambda _: {3: 1}, "action 3, c'est un marqueur"),
        (lambda _: {3: ...}, "il reste à marquer l'action 3"),
        (lambda _: {3: "", 4: ...}, "il reste à marquer les actions 3, 4"),
        (lambda _: dict.fromkeys(range(1, 6), "oui"), "Et 2 autre"),
    ],
)
def test_an_answer_that_leaves_the_tree_is_told(table: SimpleNamespace, change: Known, told: str) -> None:
    """Too short, too long, without its reason, a marker, another word, none; the first ones are enough."""
    with pytest.raises(NotYet, match=told):
        marking.check_markings(table.said | change(table), *table.rest)


def test_i_do_not_know_is_an_answer(table: SimpleNamespace) -> None:
    """The action is then not examined, which is not marker 0."""
    why = marking.check_markings(table.said | {alone(table, True): "oui ?"}, *table.rest).why
    assert "non examiné : 1" in why


@pytest.mark.parametrize("answer", [..., None, dict.fromkeys(range(1, 11), ...)])
def test_nothing_written_is_no_mistake(table: SimpleNamespace, answer: object) -> None:
    """The learner's copy as it is handed out."""
    with pytest.raises(Unanswered):
        marking.check_markings(answer, *table.rest)


def test_neighbours_are_compared_by_question(table: SimpleNamespace) -> None:
    """As often as the indicators say; no person is named, and no coefficient is given."""
    told = marking.check_neighbours(table.lines, table.said, *table.rest)
    own = table.rated[table.rated["code_action"].isin(table.ten["code_action"])]
    mine = gender.first_ratings(
        table.exported[table.exported["code_action"].isin(table.ten["code_action"])].assign(
            code_instructeur="Vous", tour=1
        ),
        table.tree,
        table.reading,
    )
    whole = pd.concat([own, mine])[["code_action", "marqueur"]].dropna().groupby("code_action")["marqueur"].nunique()
    assert f"même marqueur à {(whole == 1).sum()} actions sur {len(table.ten)}" in told.why
    assert "Aucun coefficient" in told.why
    assert not re.search(r"\bI\d\b", told.why + told.table.to_string())
    assert not any("oefficient" in name for name in told.table)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda _: {}, "au moins un voisin"),
        (lambda table: list(table.lines.values()), "dictionnaire"),
        (lambda _: {"A": "onooo onnno"}, "A a 2 groupe"),
        (lambda _: {"A": 3}, "A a 0 groupe"),
        (lambda table: {"A": " ".join(["ox"] * len(table.ten))}, "A, action 1, « x »"),
        (lambda table: {"A": " ".join(["ono"] * len(table.ten))}, "A, action 1, il manque"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(table: SimpleNamespace, answer: Known, told: str) -> None:
    """Whose, and at which action."""
    with pytest.raises(NotYet, match=told):
        marking.check_neighbours(answer(table), table.said, *table.rest)


@pytest.mark.parametrize("lines", [..., {"A": ...}])
def test_no_line_yet_is_no_mistake(table: SimpleNamespace, lines: object) -> None:
    """As in the learner's copy."""
    with pytest.raises(Unanswered):
        marking.check_neighbours(lines, table.said, *table.rest)


def test_who_did_not_read_agrees_often(table: SimpleNamespace) -> None:
    """The percentage that the shown table gives is right, and its coefficient is no better than chance."""
    counts = raters.count_replies(table.rated)["nb_actions"]
    assert isinstance(marking.check_hurried(round(100 * max(counts) / sum(counts)), table.rated, table.tree), Right)
    row = raters.hurry(table.rated, table.tree).iloc[0]
    assert row["taux_concordance"] > 75
    assert row["coefficient"] <= 0


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda counts: 100 * min(counts) / sum(counts), "part des désaccords"),
        (lambda counts: int(max(counts)), "nombre d'actions"),
        (lambda counts: max(counts) / sum(counts), "part de 1"),
        (lambda _: 50, "pile ou face"),
        (lambda _: 0, "comptez-les"),
        (lambda _: 99, "diviser le nombre"),
    ],
)
def test_an_agreement_read_otherwise_is_recognised(table: SimpleNamespace, answer: Known, told: str) -> None:
    """Disagreements, a count, a part of one, chance."""
    counts = raters.count_replies(table.rated)["nb_actions"]
    with pytest.raises(NotYet, match=told):
        marking.check_hurried(answer(counts), table.rated, table.tree)


def test_nobody_can_be_said_wrong(table: SimpleNamespace) -> None:
    """The refusal is the answer; each code is met with its reason, another word with what to write."""
    assert isinstance(marking.check_wrong_one("On ne peut pas", table.rated), Right)
    for code in table.rated["code_instructeur"].unique():
        with pytest.raises(NotYet, match="Aucun coefficient ne connaît"):
            marking.check_wrong_one(code, table.rated)
    with pytest.raises(NotYet, match="écrire un code parmi"):
        marking.check_wrong_one("personne", table.rated)


def test_a_contract_without_ratings_says_so(table: SimpleNamespace) -> None:
    """What is shown is empty, what is asked has no object, and nothing fails for it."""
    nobody = gender.first_ratings(table.ratings.head(0), table.tree, table.reading)
    assert raters.compare_on(nobody, table.ten, table.tree).empty
    assert raters.list_apart(nobody, table.consensus, table.ten, table.tree).empty
    assert raters.count_replies(nobody).empty
    assert raters.hurry(nobody, table.tree).empty
    assert raters.tell_hurried(nobody, table.tree)
    assert raters.tell_worth(raters.hurry(nobody, table.tree))
    for check in (
        lambda: marking.check_hurried(50, nobody, table.tree),
        lambda: marking.check_wrong_one("on ne peut pas", nobody),
        lambda: marking.check_markings({}, table.ten.head(0), table.tree, table.reading),
    ):
        with pytest.raises(NotYet, match="sans objet"):
            check()


def test_the_questions_stand_in_the_order_of_the_tree(table: SimpleNamespace) -> None:
    """Every question and criterion once, each after the answers that lead to it; the last one ends at a marker."""
    listed = raters.list_questions(table.tree)
    texts = [one.texte for one in (*table.tree.questions, *table.tree.criteres.liste)]
    assert list(listed["question"]) == texts
    assert listed["chemin"].iloc[0] == "pour commencer"
    met = table.tree.issues[table.tree.criteres.atteint].marqueur
    assert listed["si_oui"].iloc[-1] == f"{table.tree.criteres.seuil} oui : marqueur {met}"


def test_the_actions_are_described_by_what_is_planned(table: SimpleNamespace) -> None:
    """Women among the planned persons of known sex; no count of persons is shown."""
    told = raters.describe_actions(table.ten, table.people)
    planned = table.people[(table.people["moment"] == "prevu") & (table.people["dimension"] == "sexe")]
    for row, code in zip(told.to_dict("records"), table.ten["code_action"], strict=True):
        own = planned[planned["code_action"] == code].set_index("modalite")["nb_personnes"]
        assert row["part_femmes"] == pytest.approx(100 * own["femmes"] / (own["femmes"] + own["hommes"]))
    assert not [name for name in told if name.startswith("nb_")]
