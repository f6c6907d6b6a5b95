"""Part 4: what the checks say of a model that is read, of wordings, of a learner's chain and of rival explanations."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.indicators import logic_model
from pipelines.processed import load_table, read_manifest
from pipelines.report.report import Report
from pipelines.training import chain
from pipelines.training.chain_faults import find_faults
from pipelines.training.chain_reading import read_chain
from pipelines.training.feedback import NotYet, Right, Unanswered

NODES, LINKS, INDICATORS = chain.EXAMPLE
LETTERS = "ABCDEF"


def tables(prepared: Path, *names: str) -> list[pd.DataFrame]:
    return [load_table(prepared, read_manifest(prepared), name) for name in names]


def relabel(code: str, label: str, level: str = "") -> list[tuple[str, str, str]]:
    """The example's boxes, one of them with another label, and perhaps another level."""
    return [(one, level or old, label) if one == code else (one, old, text) for one, old, text in NODES]


@pytest.fixture
def report(prepared: Path) -> Report:
    return Report("valenciennes", 2022, read_manifest(prepared))


def test_the_examined_links_of_every_model_are_counted_and_the_drawn_ones_refused(prepared: Path) -> None:
    models, nodes, links = tables(prepared, "logique_modeles", "logique_noeuds", "logique_liens")
    for code in models["code_modele"]:
        _, levels, boxes, arrows = chain.take_model(models, nodes, links, code)
        kept = logic_model.list_links(arrows)
        examined = int((kept["verdict"] != "non_examine").sum())
        assert isinstance(chain.check_examined(examined, arrows), Right)
        with pytest.raises(NotYet, match="dessinés" if examined != len(kept) else "verdict"):
            chain.check_examined(len(kept) if examined != len(kept) else -1, arrows)
        assert len(chain.draw_chain(boxes, arrows, code, levels).edges) == len(arrows)


def test_links_that_are_argued_are_not_examined(prepared: Path) -> None:
    models, nodes, links = tables(prepared, "logique_modeles", "logique_noeuds", "logique_liens")
    *_, arrows = chain.take_model(models, nodes, links, "animation_territoriale")
    with pytest.raises(NotYet, match="argumente"):
        chain.check_examined(int(arrows["preuve_pour"].notna().sum()), arrows)


def test_a_contract_without_model_reads_the_invented_chain() -> None:
    none = pd.DataFrame({"code_modele": []})
    title, _, boxes, arrows = chain.take_model(none, none, none, None)
    assert "fictif" in title
    assert isinstance(chain.check_examined(0, arrows), Right)
    assert len(boxes) == len(NODES)


def test_wordings_are_right_in_their_order_alone() -> None:
    wordings = chain.list_wordings()
    assert isinstance(chain.check_wordings(wordings["niveau"].tolist(), wordings), Right)
    assert isinstance(chain.check_wordings([word.upper() for word in wordings["niveau"]], wordings), Right)


@pytest.mark.parametrize("at", range(len(LETTERS)))
@pytest.mark.parametrize("word", ["réalisation", "résultat", "impact", "autre"])
def test_a_wrong_wording_is_told_by_its_letter_and_why(at: int, word: str) -> None:
    wordings = chain.list_wordings()
    answer = wordings["niveau"].tolist()
    if answer[at] == word:
        return
    answer[at] = word
    why = "écrire" if word == "autre" else wordings["motif"][at]
    with pytest.raises(NotYet, match=f"libellé {LETTERS[at]}, {why}"):
        chain.check_wordings(answer, wordings)


@pytest.mark.parametrize(("answer", "error"), [(..., Unanswered), ("impact", NotYet), (["impact"], NotYet)])
def test_wordings_that_are_no_list_of_them_are_refused(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        chain.check_wordings(answer, chain.list_wordings())


@pytest.mark.parametrize(
    ("nodes", "links", "indicators", "told"),
    [
        ("r1", LINKS, INDICATORS, "liste entre crochets"),
        ([("r1", "realisation")], LINKS, INDICATORS, "trois textes"),
        ([("r1", "realisation", ...)], LINKS, INDICATORS, "trois textes"),
        (relabel("r1", "Trente ateliers ont lieu", "action"), LINKS, INDICATORS, "n'est pas un niveau"),
        ([*NODES, NODES[0]], LINKS, INDICATORS, "deux boîtes portent le code « r1 »"),
        (NODES, [("r1", "R9", "ils reviennent vraiment")], INDICATORS, "« R9 » n'est le code d'aucune boîte"),
        (NODES, [("r1", "r1", "ils reviennent vraiment")], INDICATORS, "ne mène nulle part"),
        (NODES, [LINKS[0], LINKS[0]], INDICATORS, "écrit deux fois"),
        (NODES, LINKS, "part des participantes", "entre accolades"),
        (NODES, LINKS, {"X": "part"}, "« X » n'est le code d'aucune boîte"),
    ],
)
def test_a_chain_of_another_form_is_told_with_the_form(nodes: Any, links: Any, indicators: Any, told: str) -> None:
    with pytest.raises(NotYet, match=told):
        read_chain(nodes, links, indicators)


def test_levels_are_read_as_coded_or_as_called() -> None:
    levels = ["Réalisation", "résultat attendu", "IMPACT_INTERMEDIAIRE", "impact global"]
    renamed = [(code, word, label) for (code, _, label), word in zip(NODES, levels, strict=True)]
    assert read_chain(renamed, LINKS, INDICATORS)[0]["niveau"].tolist() == [level for _, level, _ in NODES]


def test_the_example_lacks_nothing() -> None:
    assert find_faults(*read_chain(NODES, LINKS, INDICATORS)).empty


@pytest.mark.parametrize(
    ("nodes", "links", "indicators", "fault", "where"),
    [
        ([*NODES, ("R2", "resultat_attendu", "Les voisins se saluent")], LINKS, INDICATORS, "Nœud isolé", "R2"),
        (NODES, [*LINKS, ("I1", "R1", "Le bouche-à-oreille joue")], INDICATORS, "Boucle", "R1 → I1 → R1"),
        (NODES, [*LINKS, ("r1", "G", "Rien d'autre ne manque")], INDICATORS, "Niveau sauté", "r1 → G"),
        (NODES, [LINKS[0], LINKS[1], LINKS[2][:2]], INDICATORS, "Lien sans hypothèse", "I1 → G"),
        (NODES, LINKS, {}, "Aucun résultat mesurable", "R1"),
        (NODES, LINKS, {"r1": "Nombre d'ateliers"}, "Aucun résultat mesurable", "R1"),
        (NODES[:3], LINKS[:2], INDICATORS, "Niveau absent", "impact global"),
        (relabel("R1", "Organiser des permanences"), LINKS, INDICATORS, "Résultat dit comme une activité", "R1"),
        (relabel("R1", "20 personnes sont venues"), LINKS, INDICATORS, "Présence prise pour un résultat", "R1"),
        (relabel("I1", "Dix emplois prévus par an"), LINKS, INDICATORS, "Prévu pris pour atteint", "I1"),
        (relabel("r1", "Les jeunes gagnent du temps"), LINKS, INDICATORS, "Réalisation dite comme un résultat", "r1"),
        (relabel("R1", "Autonomie"), LINKS, INDICATORS, "Libellé trop court", "R1"),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_is(nodes: Any, links: Any, indicators: Any, fault: str, where: str) -> None:
    faults = find_faults(*read_chain(nodes, links, indicators))
    assert (fault, where) in set(zip(faults["constat"], faults["ou"], strict=True))


@pytest.mark.parametrize(
    ("label", "is_activity"),
    [
        ("Organiser des ateliers de cuisine", True),
        ("Se mobiliser autour de l'école", True),
        ("Mise en place d'un réseau d'entraide", True),
        ("L'accompagnement des familles", True),
        ("12 ateliers de cuisine", True),
        ("Entre voisins, on se rend service", False),
        ("Notre quartier est plus calme le soir", False),
        ("Les ateliers deviennent un lieu de rencontre", True),
        ("Les participants obtiennent un rendez-vous", False),
        ("Les jeunes entrent en formation", False),
    ],
)
def test_a_result_worded_as_an_activity_is_known_by_its_first_words(label: str, is_activity: bool) -> None:
    faults = find_faults(*read_chain(relabel("R1", label), LINKS, INDICATORS))
    assert ("Résultat dit comme une activité" in set(faults["constat"])) is is_activity


def test_a_whole_chain_is_drawn_and_right(report: Report) -> None:
    assert isinstance(chain.check_chain(report, *chain.EXAMPLE), Right)


def test_a_chain_that_runs_in_a_circle_is_drawn_and_told(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotYet, match=r"points à revoir\. Le premier, « boucle » \(R1 → I1 → R1\)"):
        chain.check_chain(report, NODES, [*LINKS, ("I1", "R1", "Le bouche-à-oreille joue")], INDICATORS)
    assert "Votre chaîne" in capsys.readouterr().out


@pytest.mark.parametrize("missing", range(3))
def test_a_chain_that_is_half_written_is_still_to_do(report: Report, missing: int) -> None:
    answers: list[Any] = [*chain.EXAMPLE]
    answers[missing] = ...
    with pytest.raises(Unanswered):
        chain.check_chain(report, *answers)


@pytest.mark.parametrize(
    ("letters", "said", "told"),
    [
        (["A", "E"], "on ne peut pas", "celles qui restent"),
        (["A", "B", "C", "E"], "on ne peut pas", "le fait B"),
        (["A"], "on ne peut pas", "il en manque"),
        (["A", "C", "E"], "a contribué à", "aucun lien"),
        (["A", "C", "E"], "oui", "entre guillemets"),
    ],
)
def test_each_mistake_on_rival_explanations_is_told(letters: list[str], said: str, told: str) -> None:
    facts = chain.list_facts()
    with pytest.raises(NotYet, match=told):
        chain.check_rivals(letters, said, facts)


def test_rival_explanations_are_right_in_any_order() -> None:
    assert isinstance(chain.check_rivals(["e", "C", "A"], "On ne peut pas", chain.list_facts()), Right)


@pytest.mark.parametrize(("annee", "found"), [(2022, True), (2018, True), (2015, False)])
def test_an_action_is_shown_without_any_value(prepared: Path, annee: int, found: bool) -> None:
    actions, results = tables(prepared, "actions", "resultats_actions")
    action = chain.pick_action(actions[actions["annee"] == annee], results)
    assert len(action) == found
    assert not set(action) & {"valeur_cible", "valeur_atteinte", "valeur_depart"}
