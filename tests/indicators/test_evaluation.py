"""The evaluation: what was heard is counted and weighed, the matrix and answers invent nothing. All rows invented."""

import pandas as pd
import pytest

from pipelines.indicators import evaluation

COLUMNS = [
    "code_materiau", "type_materiau", "date_recueil", "role", "code_question", "annee_fin", "code_modele",
    "code_source", "code_cible", "sens_preuve", "extrait",
]  # fmt: skip


def excerpts(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Material from (question, kind, stance), the rest filled in."""
    lines = [
        (f"M{i}", kind, pd.Timestamp(2017, 3, i), "Rôle", question, 2016, None, None, None, stance, f"extrait {i}")
        for i, (question, kind, stance) in enumerate(rows, start=1)
    ]
    return pd.DataFrame(lines, columns=COLUMNS).astype({"annee_fin": "Int64"})


QUESTIONS = pd.DataFrame(
    {
        "code_question": ["Q1", "Q2", "Q3"],
        "libelle_question": ["Une ?", "Deux ?", "Trois ?"],
        "critere_evaluation": ["efficacite", "participation", "impact"],
        "origine_question": ["contrat", "conseils_citoyens", "autre"],
        "reference": ["page 1", None, None],
        "est_incertain": [True, False, False],
    }
)
MATRIX = pd.DataFrame(
    {
        "code_question": ["Q1", "Q1", "Q2"],
        "rang": [2, 1, 1],
        "critere_jugement": ["second", "premier", "seul"],
        "libelle_indicateur": ["b", "a", "c"],
        "source_prevue": ["s"] * 3,
        "methode": ["m"] * 3,
        "chiffre_lie": ["delais", "objectifs", None],
        "seuil": [None, "80", None],
        "est_propose": [True, False, True],
    }
)
JUDGED = pd.DataFrame(
    {
        "code_question": ["Q1"], "annee_fin": [2016], "jugement": ["oui, en partie"], "force_preuve": [2],
        "limites": ["peu de cas"], "auteur": ["Mission"], "date_jugement": [pd.Timestamp(2018, 1, 1)],
    }
).astype({"force_preuve": "Int64", "annee_fin": "Int64"})  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "agreeing", "leaning", "strength"),
    [
        ([("entretien", "pour")], 1, "pour", evaluation.TOLD),
        ([("entretien", "pour")] * 9, 1, "pour", evaluation.TOLD),
        ([("entretien", "pour"), ("atelier", "pour")], 2, "pour", evaluation.CROSSED),
        ([("entretien", "contre"), ("atelier", "contre"), ("observation", "nuance")], 2, "contre", evaluation.CROSSED),
        # A kind that leans the other way undoes the agreement, however many excerpts the others have.
        ([("entretien", "pour")] * 5 + [("atelier", "pour"), ("observation", "contre")], 0, "", evaluation.TOLD),
        # A kind whose excerpts balance leans to no side.
        ([("entretien", "pour"), ("entretien", "contre"), ("atelier", "pour")], 1, "pour", evaluation.TOLD),
        ([("entretien", "nuance"), ("atelier", "nuance")], 0, "", evaluation.TOLD),
    ],
)
def test_excerpts_leave_the_anecdote_where_two_kinds_agree(
    rows: list[tuple[str, str]], agreeing: int, leaning: str, strength: int
) -> None:
    (line,) = evaluation.weigh_material(excerpts(*(("Q1", *row) for row in rows))).itertuples()
    assert (line.nb_types_concordants, line.penche, line.force) == (agreeing, leaning, strength)
    assert line.nb_extraits == len(rows) == line.nb_pour + line.nb_contre + line.nb_nuances


def test_what_was_heard_is_told_as_counts() -> None:
    material = excerpts(("Q1", "entretien", "pour"), ("Q1", "atelier", "pour"), ("Q2", "entretien", "contre"))
    said = evaluation.say_weight(evaluation.weigh_material(material))
    assert said["Q1"] == "2 extraits : 2 pour, 0 contre, 0 nuance ; 2 types de recueil, 2 qui concordent"
    assert said["Q2"] == "1 extrait : 0 pour, 1 contre, 0 nuance ; 1 type de recueil, sans concordance"
    assert not any("%" in text for text in said)
    counted = evaluation.describe_material(material)
    assert not [name for name in counted if name.startswith(("part_", "taux_"))]
    assert counted["nb_extraits"].sum() == 3


def test_nothing_heard_weighs_nothing() -> None:
    assert evaluation.weigh_material(excerpts()).empty
    assert evaluation.describe_material(excerpts()).empty


def test_the_matrix_has_every_criterion_and_every_question() -> None:
    matrix = evaluation.build_matrix(QUESTIONS, MATRIX, JUDGED)
    assert list(matrix["code_question"]) == ["Q1", "Q1", "Q2", "Q3"]
    assert list(matrix["critere_jugement"]) == ["premier", "second", "seul", evaluation.UNSET]
    assert list(matrix["reponse_matrice"]) == ["écrite", "écrite", "à établir", "à établir"]
    assert list(matrix["seuil"]) == ["80", evaluation.UNSET, evaluation.UNSET, evaluation.UNSET]
    assert list(matrix["force_ecrite"])[:3] == ["2, description", "2, description", "—"]


def test_an_answer_that_nobody_wrote_is_to_establish() -> None:
    """However clear what was heard."""
    material = excerpts(("Q2", "entretien", "pour"), ("Q2", "atelier", "pour"), ("Q1", "entretien", "pour"))
    answers = evaluation.answer_questions(QUESTIONS, material, JUDGED).set_index("code_question")
    assert list(answers["jugement"]) == ["oui, en partie", "à établir", "à établir"]
    assert list(answers["force_materiau"]) == ["1, signalement", "2, description", "—"]
    assert list(answers["force_question"]) == [2, 2, 2]
    # The judge claims more than one excerpt allows.
    assert list(answers["est_force_a_justifier"]) == [True, False, False]
    assert answers.loc["Q3", "entendu"] == evaluation.NO_MATERIAL
    assert evaluation.count_answers(answers.reset_index()) == {
        "questions": 3, "repondues": 1, "entendues": 2, "sans_rien": 1,
    }  # fmt: skip


def test_a_box_holds_what_is_written_and_leaves_out_what_is_not() -> None:
    answers = evaluation.answer_questions(QUESTIONS, excerpts(), JUDGED)
    boxes = [evaluation.lay_out_answer(answer, []) for _, answer in answers.iterrows()]
    assert boxes[0].set_index("rubrique")["contenu"]["Limites"] == "peu de cas"
    assert list(boxes[1]["rubrique"]) == ["Réponse", "Ce que montrent les chiffres", "Ce qui a été entendu"]
    assert "—" not in boxes[1]["contenu"].tolist()


def test_figures_reach_the_question_whose_matrix_names_them() -> None:
    figures = {"delais": "trente jours", "objectifs": "six objectifs", "consultations": "aucune"}
    assert evaluation.link_figures(MATRIX, "Q1", figures) == ["six objectifs", "trente jours"]
    assert evaluation.link_figures(MATRIX, "Q2", figures) == []
    assert evaluation.link_figures(MATRIX, "Q1", {}) == []


@pytest.mark.parametrize(("final", "kept"), [(False, ["M2"]), (True, ["M1", "M2"])])
def test_a_period_takes_its_own_material_and_a_final_one_all_until_then(final: bool, kept: list[str]) -> None:
    material = excerpts(*[("Q1", "entretien", "pour")] * 3).assign(annee_fin=[2016, 2020, 2022])
    assert list(evaluation.select_period(material, 2020, finale=final)["code_materiau"]) == kept


LINKS = pd.DataFrame(
    {
        "code_modele": ["m", "m", "n"], "code_source": ["r1", "R1", "r1"], "code_cible": ["R1", "G", "R1"],
        "statut": ["hypothese", "rejete", "valide"], "verdict": ["non_examine", "etaye", "partiel"],
        "preuve_pour": ["texte", None, None], "preuve_contre": [None, None, "contraire"],
    }
)  # fmt: skip
NODES = pd.DataFrame(
    {
        "code_modele": ["m", "m", "m", "n", "n"],
        "code_noeud": ["r1", "R1", "G", "r1", "R1"],
        "libelle_noeud": list("abcde"),
    }
)
MODELS = pd.DataFrame({"code_modele": ["m", "n"], "titre": ["Premier", "Second"]})


def pointing() -> pd.DataFrame:
    """Three excerpts, of which two point at one link."""
    material = excerpts(("Q1", "entretien", "pour"), ("Q1", "atelier", "contre"), ("Q2", "atelier", "pour"))
    return material.assign(code_modele=["m", "m", None], code_source=["r1", "r1", None], code_cible=["R1", "R1", None])


def test_excerpts_stand_beside_the_evidence_of_a_link_and_change_no_verdict() -> None:
    told = evaluation.add_material(LINKS, pointing())
    assert list(told["verdict"]) == list(LINKS["verdict"])
    assert list(told["nb_extraits"]) == [2, 0, 0]
    (line,) = evaluation.list_contributions(LINKS, NODES, MODELS, pointing()).itertuples()
    assert (line.de, line.vers) == ("r1 a", "R1 b")
    assert line.preuves_pour == "texte ; Entretien : extrait 1"
    assert line.preuves_contre == "Atelier : extrait 2"
    assert line.verdict_lien == "Non examiné"


def test_what_was_heard_stands_among_the_evidence_and_changes_no_verdict() -> None:
    joined = evaluation.join_material(LINKS, pointing())
    assert joined["preuve_pour"].tolist()[0] == "texte ; Entretien : extrait 1"
    assert joined["preuve_contre"].tolist()[0] == "Atelier : extrait 2"
    assert joined["verdict"].tolist() == LINKS["verdict"].tolist()
    silent = evaluation.join_material(LINKS, pointing().iloc[:0])
    assert silent["preuve_pour"].isna().tolist() == LINKS["preuve_pour"].isna().tolist()


def test_each_model_says_how_far_it_is_examined() -> None:
    covered = evaluation.cover_links(LINKS, MODELS, pointing()).set_index("titre_modele")
    assert list(covered.loc["Premier"]) == [1, 0, 0, 2]
    assert list(covered.loc["Second"]) == [1, 1, 1, 0]


def test_recommendations_name_whom_and_when() -> None:
    rows = pd.DataFrame(
        {
            "code_recommandation": ["R2", "R1"], "code_question": ["Q2", "Q1"], "annee_fin": [2016, 2016],
            "constat": ["c", "d"], "libelle_recommandation": ["faire", "dire"], "destinataire": ["COPIL", "État"],
            "horizon": ["2018", "2019"], "statut": ["adoptee", "proposee"],
        }
    )  # fmt: skip
    told = evaluation.describe_recommendations(rows)
    assert list(told["code_recommandation"]) == ["R1", "R2"]
    assert list(told["libelle_statut"]) == ["Proposée", "Adoptée"]
