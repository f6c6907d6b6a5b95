"""The evaluation matrix and the answers: question → criterion → indicator → source → method → judgement → strength."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import pandas as pd

from pipelines.indicators.evaluation.definitions import (
    ANSWERED,
    CROSSED,
    NO_MATERIAL,
    NOT_WRITTEN,
    STRENGTHS,
    UNANSWERED,
    UNSET,
)
from pipelines.indicators.evaluation.material import say_nothing_heard, say_weight, weigh_material
from pipelines.tables import CRITERION_LABELS, QUESTION_ORIGIN_LABELS, RECOMMENDATION_LABELS

Told = TypeVar("Told")


def list_questions(questions: pd.DataFrame) -> pd.DataFrame:
    """The questions in words, in their order.

    Columns: code_question, libelle_question, libelle_critere, nee_de, reference, a_confirmer.
    """
    out = questions[["code_question", "libelle_question"]].copy()
    out["libelle_critere"] = questions["critere_evaluation"].map(CRITERION_LABELS).astype("str")
    out["nee_de"] = questions["origine_question"].map(QUESTION_ORIGIN_LABELS).astype("str")
    out["reference"] = questions["reference"].fillna("non écrite")
    out["a_confirmer"] = questions["est_incertain"].map({True: "forme à valider", False: ""}).fillna("").astype("str")
    return out.reset_index(drop=True)


def build_matrix(questions: pd.DataFrame, matrix: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """One row per criterion of judgement, in the order of the questions; a question without criterion has one row.

    Columns: code_question, critere_jugement, libelle_indicateur, source_prevue, methode, seuil, origine_ligne,
    reponse_matrice (« écrite », or « à établir » where nobody judged), force_ecrite. UNSET where it says nothing.
    """
    lines = matrix.drop(columns=[name for name in ("id_source", "fichier", "feuille", "ligne") if name in matrix])
    kept = ["code_question", "jugement", "force_preuve"]
    out = questions[["code_question"]].merge(
        lines.sort_values(["code_question", "rang"]), on="code_question", how="left", validate="one_to_many"
    )
    out = out.merge(judgements[kept], on="code_question", how="left", validate="many_to_one")
    for name in ("critere_jugement", "libelle_indicateur", "source_prevue", "methode", "seuil"):
        out[name] = out[name].fillna(UNSET)
    proposed = out["est_propose"].map({True: "proposée avec l'outil", False: "validée"})
    out["origine_ligne"] = proposed.fillna(UNSET).astype("str")
    out["reponse_matrice"] = out["jugement"].isna().map({True: UNANSWERED, False: ANSWERED})
    out["force_ecrite"] = out["force_preuve"].map(STRENGTHS).fillna(NOT_WRITTEN).astype("str")
    return out[
        [
            "code_question", "critere_jugement", "libelle_indicateur", "source_prevue", "methode", "seuil",
            "origine_ligne", "reponse_matrice", "force_ecrite",
        ]
    ]  # fmt: skip


def answer_questions(questions: pd.DataFrame, material: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """One row per question: what people answered, what was heard, how strong that is.

    Columns: code_question, libelle_question, jugement, entendu, force_materiau, force_ecrite, limites, auteur.
    `jugement` and `limites` are what people wrote, « à établir » where nobody did. `entendu`: what was heard, in words;
    `force_materiau`: the strength that excerpts alone allow, « — » without any; `force_ecrite`: the judge's.
    """
    weighed = weigh_material(material)
    out = questions[["code_question", "libelle_question"]].merge(
        judgements[["code_question", "jugement", "force_preuve", "limites", "auteur", "date_jugement"]],
        on="code_question", how="left", validate="one_to_one",
    )  # fmt: skip
    out["entendu"] = say_nothing_heard(questions, say_weight(weighed)).to_numpy()
    strength = out["code_question"].map(weighed.set_index("code_question")["force"])
    out["force_materiau"] = strength.map(STRENGTHS).fillna(NOT_WRITTEN).astype("str")
    out["force_ecrite"] = out["force_preuve"].map(STRENGTHS).fillna(NOT_WRITTEN).astype("str")
    given = out["force_preuve"].astype("Int64")
    out["force_question"] = given.fillna(strength.astype("Int64")).fillna(CROSSED).astype("int64")
    out["est_force_a_justifier"] = given.gt(strength.astype("Int64").fillna(0)).fillna(False).astype(bool)
    out["limites"] = out["limites"].fillna(NOT_WRITTEN)
    out["auteur"] = out["auteur"].fillna(NOT_WRITTEN)
    out["jugement"] = out["jugement"].fillna(UNANSWERED)
    return out[
        [
            "code_question", "libelle_question", "jugement", "entendu", "force_materiau", "force_ecrite", "limites",
            "auteur", "force_question", "est_force_a_justifier",
        ]
    ]  # fmt: skip


def lay_out_answer(answer: pd.Series, figures: Sequence[str]) -> pd.DataFrame:
    """The box of one question: rubrique, contenu. `answer`: its row of `answer_questions`; `figures`: in words."""
    lines = [
        ("Réponse", answer["jugement"]),
        ("Ce que montrent les chiffres", " ".join(figures) or "aucun chiffre du rapport n'y est lié"),
        ("Ce qui a été entendu", answer["entendu"]),
        ("Force de la réponse", answer["force_ecrite"]),
        ("Force que les extraits permettent", answer["force_materiau"]),
        ("Limites", answer["limites"]),
        ("Qui répond", answer["auteur"]),
    ]
    told = [(heading, text) for heading, text in lines if text != NOT_WRITTEN]
    return pd.DataFrame(told, columns=["rubrique", "contenu"])


def link_figures(matrix: pd.DataFrame, code_question: str, figures: Mapping[str, Told]) -> list[Told]:
    """What the report tells of the figures that the matrix names as evidence for a question, in its order.

    `figures`: sentence, or rows, by code of LINKED_FIGURE_LABELS; one that the report could not compute tells nothing.
    """
    own = matrix[matrix["code_question"] == code_question].sort_values("rang")["chiffre_lie"].dropna()
    return [figures[code] for code in own if code in figures]


def count_answers(answers: pd.DataFrame) -> dict[str, int]:
    """How many questions there are, and how many are answered, rest on something heard, or rest on nothing."""
    answered, heard = answers["jugement"].ne(UNANSWERED), answers["entendu"].ne(NO_MATERIAL)
    return {
        "questions": len(answers),
        "repondues": int(answered.sum()),
        "entendues": int(heard.sum()),
        "sans_rien": int((~answered & ~heard).sum()),
    }


def describe_recommendations(recommendations: pd.DataFrame) -> pd.DataFrame:
    """The recommendations in words, question by question.

    Columns: code_recommandation, code_question, constat, libelle_recommandation, destinataire, horizon, libelle_statut.
    """
    out = recommendations.sort_values(["code_question", "code_recommandation"], kind="stable").reset_index(drop=True)
    out["libelle_statut"] = out["statut"].map(RECOMMENDATION_LABELS).astype("str")
    return out[
        [
            "code_recommandation", "code_question", "constat", "libelle_recommandation", "destinataire", "horizon",
            "libelle_statut",
        ]
    ]  # fmt: skip
