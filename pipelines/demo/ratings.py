"""Fictional collective marking: some granted actions rated by three instructors alone, then most disagreements settled.

Each rater sees what the export says, with errors of their own: fewer on the public, more where the question asks for
judgement. A stream of its own, so that no other file moves.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.demo.draws import chance, pick
from pipelines.demo.faults import KEPT, Faulty
from pipelines.demo.people import REASONS
from pipelines.tables import GRANTED, MARKER_QUESTIONS

RATED_YEAR = 2022
FOLDER = "saisies"
RATINGS, CONSENSUS = f"{FOLDER}/notations_fictives.csv", f"{FOLDER}/consensus_fictif.csv"
RATERS = ("I1", "I2", "I3")
# Actions rated: those of which coherence is asked, few in the export, ask for the most judgement; and others.
_COHERENCE, _OTHERS = 10, 32
_CRITERIA = ["diagnostic_sexue", "participation_equilibree", "indicateurs_sexues"]
# Chances in a hundred that a rater answers otherwise than the export.
_OTHERWISE = {
    "public_mixte": 1, "objectif_principal_egalite": 2, "diagnostic_sexue": 6, "participation_equilibree": 12,
    "indicateurs_sexues": 6, "public_non_mixte_coherent": 10,
}  # fmt: skip
_NOT_COHERENT = "choix de ce public non expliqué (motif fictif)"
FIELDS = list(_OTHERWISE)
QUESTIONS = [column.name for column in MARKER_QUESTIONS]
_FIRST_RATING, _MEETING = np.datetime64("2022-02-07"), np.datetime64("2022-02-24")
# What the meeting said of the first question in dispute: where the answer is no, and yes.
_SETTLED = {
    "public_mixte": (
        "L'accueil est réservé, même si l'affiche ne le dit pas", "L'action est ouverte à tous et à toutes"
    ),
    "objectif_principal_egalite": (
        "L'égalité est citée, sans être la raison de l'action", "L'égalité est la raison d'être de l'action"
    ),
    "diagnostic_sexue": (
        "Le dossier ne distingue nulle part femmes et hommes", "L'expérience du terrain décrite vaut diagnostic"
    ),
    "participation_equilibree": (
        "Une intention sans moyen ne suffit pas", "Horaires et garde d'enfants sont prévus pour que chacun·e vienne"
    ),
    "indicateurs_sexues": (
        "Le bilan prévu compte des personnes, sans les distinguer", "Le bilan prévu compte femmes et hommes"
    ),
    "public_non_mixte_coherent": (
        "Rien dans les objectifs n'explique ce public", "Le public répond à un besoin que le dossier décrit"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Marking:
    """Ratings and consensus of one year, in typed columns: those of the two files."""

    ratings: pd.DataFrame
    consensus: pd.DataFrame


def draw_marking(seed: int, year: int, faulty: Faulty) -> Marking:
    """The ratings of some granted actions of a year by every rater but a few, and the consensus on most disputes."""
    rng = np.random.default_rng([seed, year, 3])
    actions = _choose(rng, faulty.rows)
    n = len(actions)
    known = actions[FIELDS]
    # What a rater would say of a question that the export does not reach.
    seen = known.where(known.notna(), pd.DataFrame({name: chance(rng, 50, n) for name in FIELDS})).astype(bool)
    drawn = pd.Series(REASONS[pick(rng, (1,) * len(REASONS), n)])
    reasons = actions["motif_non_mixite"].fillna(drawn)
    ratings = pd.concat([_rate(rng, rater, actions["code_action"], seen, reasons) for rater in RATERS])
    ratings = ratings.sort_values(["code_action", "code_instructeur"], ignore_index=True)
    disputed = find_disputes(ratings)
    settled = np.sort(rng.permutation(len(disputed))[: 2 * len(disputed) // 3])
    return Marking(ratings, _settle(actions, seen, disputed.iloc[settled]))


def find_disputes(ratings: pd.DataFrame) -> pd.Series:
    """The first question that raters answer differently, by action; those on which they agree are left out."""
    answers = ratings.groupby("code_action")[FIELDS].nunique()
    disputed = answers[answers.max(axis=1) > 1]
    return disputed.gt(1).idxmax(axis=1)


def write_marking(folder: Path, marking: Marking) -> None:
    """Write the two files as an evaluator's form would: UTF-8, « ; », oui, non or blank."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, rows in ((RATINGS, marking.ratings), (CONSENSUS, marking.consensus)):
        words = {field: rows[field].map({True: "oui", False: "non"}) for field in FIELDS}
        text = rows.assign(**words).to_csv(index=False, sep=";", date_format="%Y-%m-%d", lineterminator="\n")
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def count_marking(marking: Marking) -> dict[str, Any]:
    """The truth of the two files: rows, actions, ratings of each rater, disputes by first question, those settled."""
    ratings, disputed = marking.ratings, find_disputes(marking.ratings)
    return {
        "notations": len(ratings),
        "actions": int(ratings["code_action"].nunique()),
        "par_instructeur": {str(name): int(n) for name, n in ratings["code_instructeur"].value_counts().items()},
        "desaccords": {str(name): int(n) for name, n in disputed.value_counts().items()},
        "consensus": len(marking.consensus),
        "a_discuter": int((~disputed.index.isin(marking.consensus["code_action"])).sum()),
    }


def _choose(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Granted actions whose answers in the export are complete, by code."""
    usable = rows[rows["statut"].isin(GRANTED) & (rows["sort"] == KEPT)]
    coherence = usable["public_non_mixte_coherent"].notna()
    complete = usable["objectif_principal_egalite"].fillna(False).astype(bool) | usable[_CRITERIA].notna().all(axis=1)
    groups = ((usable[coherence], _COHERENCE), (usable[complete], _OTHERS))
    chosen = [group.iloc[rng.permutation(len(group))[:n]] for group, n in groups]
    return pd.concat(chosen).sort_values("code_action", ignore_index=True)


def _rate(
    rng: np.random.Generator, rater: str, codes: pd.Series, seen: pd.DataFrame, reasons: pd.Series
) -> pd.DataFrame:
    """One rater's own ratings: their answers, those alone that the tree asks; a few actions left out."""
    n = len(codes)
    said = pd.DataFrame({name: seen[name] ^ chance(rng, percent, n) for name, percent in _OTHERWISE.items()})
    on = said["public_mixte"] & ~said["objectif_principal_egalite"]
    off = ~said["public_mixte"] & ~said["objectif_principal_egalite"]
    asked = dict.fromkeys(_CRITERIA, on) | {"public_non_mixte_coherent": off}
    answers = said.astype("boolean").assign(
        **{name: said[name].astype("boolean").where(where) for name, where in asked.items()}
    )
    days = _FIRST_RATING + rng.integers(0, 12, n)
    rows = pd.DataFrame({"code_action": codes, "code_instructeur": rater, "tour": 1, "date_notation": days})
    # Coherent or not, the judgement has its reason.
    reason = reasons.where(said["public_non_mixte_coherent"], _NOT_COHERENT).where(off)
    return pd.concat([rows, answers, reason.rename("motif_non_mixite")], axis=1)[chance(rng, 93, n)]


def _settle(actions: pd.DataFrame, seen: pd.DataFrame, disputed: pd.Series) -> pd.DataFrame:
    """The consensus on some disputes: the answers of the export, and a reason that speaks of the question."""
    at = actions.index[actions["code_action"].isin(disputed.index)]
    rows = actions.loc[at, ["code_action", *QUESTIONS]].reset_index(drop=True)
    answers = [seen.loc[rank, field] for rank, field in zip(at, disputed, strict=True)]
    told = [f"{_SETTLED[field][int(yes)]} (texte fictif)" for field, yes in zip(disputed, answers, strict=True)]
    rows.insert(1, "date_consensus", _MEETING)
    return rows.assign(motif_consensus=told)
