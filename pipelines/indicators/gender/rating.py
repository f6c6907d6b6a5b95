"""Answers → marker: one small evaluator walks the tree, and says in words the path that it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.errors import UsageError
from pipelines.indicators.gender.tree import FIELDS, REASON, Criteria, Question, Tree
from pipelines.numbers import count

Answers = Mapping[str, bool | None]

ARROW = " → "
UNEXAMINED = "non examiné"
NO_REASON, IDLE_REASON, NO_CRITERION, INCOMPLETE, NOT_RATED, CONTRADICTORY = (
    "motif_absent", "motif_sans_objet", "marqueur_2_sans_critere", "reponses_incompletes", "non_examine",
    "reponses_contradictoires",
)  # fmt: skip
FLAG_LABELS = {
    NO_REASON: "Public non mixte sans motif écrit",
    IDLE_REASON: "Motif écrit que l'arbre ne demande pas",
    NO_CRITERION: "Marqueur 2 sans critère",
    INCOMPLETE: "Réponses incomplètes",
    NOT_RATED: "Non examiné",
    CONTRADICTORY: "Réponses contradictoires",
}
# Between two flags in one cell: neither of the delimiters of a CSV.
FLAG_SEPARATOR = " | "
# Between two codes of a path.
TRAJET = ">"


class Reading(NamedTuple):
    """How what the protocol leaves open is read: criteria needed, and where « coherent » leads."""

    seuil_criteres: int
    issue_coherent: str


@dataclass(frozen=True)
class Mark:
    """What the tree says of one action: `marqueur` None where it is not examined.

    `trajet`: codes of the questions asked, then of the outcome; it stops where a missing answer leaves ways open.
    `regle`: the outcome reached, « R1/R4 » where a missing answer leaves two that agree. `nb_criteres`: criteria met,
    None where one is unknown. `contradiction`: why the answers cannot stand together, "" where they can.
    """

    marqueur: int | None
    regle: str
    nb_criteres: int | None
    chemin: str
    trajet: tuple[str, ...]
    drapeaux: tuple[str, ...]
    contradiction: str = ""


class _End(NamedTuple):
    """One end that the answers leave open: its outcome, the codes and words that lead to it, the fields asked."""

    outcome: str
    codes: tuple[str, ...]
    words: tuple[str, ...]
    asked: frozenset[str]


def read_as(tree: Tree | None, seuil_criteres: int | None = None, issue_coherent: str | None = None) -> Reading:
    """The reading asked for, the tree's own by default. UsageError where there is no tree, or it does not know it."""
    if tree is None:
        raise UsageError(
            "Ce contrat n'a pas d'arbre du marqueur égalité : copier marqueur/arbre.yml du contrat livré dans son "
            "dossier, l'adapter, puis relancer."
        )
    criteria, open_branch = tree.criteres, tree.lectures.issue_coherent
    seuil = criteria.seuil if seuil_criteres is None else seuil_criteres
    issue = open_branch.retenue if issue_coherent is None else issue_coherent
    if seuil not in criteria.seuils:
        raise UsageError(f"Le seuil de critères {seuil} n'est pas prévu : choisir parmi {_list(criteria.seuils)}.")
    if issue not in open_branch.vers:
        raise UsageError(f"L'issue « {issue} » n'est pas prévue : choisir parmi {_list(open_branch.vers)}.")
    return Reading(seuil, issue)


def mark(tree: Tree, answers: Answers, reading: Reading, *, has_reason: bool = False) -> Mark:
    """The marker of one action. A missing answer never changes it: where it could, the action is not examined."""
    ends = _open_ends(tree, tree.depart, answers, reading)
    if told := _contradiction(tree, answers, ends):
        path = f"réponses contradictoires{ARROW}{UNEXAMINED}"
        return Mark(None, "", None, path, (), (CONTRADICTORY,), told)
    markers = {tree.issues[end.outcome].marqueur for end in ends}
    marker = markers.pop() if len(markers) == 1 else None
    counted = all(_counts_criteria(tree, end) for end in ends)
    noted = counted or all(tree.issues[end.outcome].criteres_a_noter for end in ends)
    met = [answers[field] for field in tree.criteres.fields]
    asked = frozenset.union(*(end.asked for end in ends))
    answered = {field for field in FIELDS if answers[field] is not None}
    reasoned = {question.champ for question in tree.questions if question.motif} & asked
    flags = {
        NOT_RATED: marker is None,
        INCOMPLETE: bool(answered) and not asked <= answered,
        NO_CRITERION: marker == 2 and not any(met),
        NO_REASON: bool(reasoned & answered) and not has_reason,
        IDLE_REASON: has_reason and not reasoned,
    }
    at = f" au seuil {reading.seuil_criteres}" if counted else ""
    last = UNEXAMINED if marker is None else f"marqueur {marker}{at}"
    return Mark(
        marker,
        "" if marker is None else "/".join(sorted({end.outcome for end in ends})),
        sum(map(bool, met)) if noted and None not in met else None,
        ARROW.join([*_shared([end.words for end in ends]), last]),
        tuple(_shared([end.codes for end in ends])),
        tuple(name for name, raised in flags.items() if raised),
    )


def _open_ends(tree: Tree, code: str, answers: Answers, reading: Reading) -> list[_End]:
    """Every end that the answers leave open from a question on: several where one that decides is missing."""
    if code in tree.issues:
        return [_End(code, (code,), (), frozenset())]
    node = tree.nodes[code]
    if isinstance(node, Criteria):
        words, targets = _count_criteria(node, answers, reading.seuil_criteres)
        asked = frozenset(node.fields)
    else:
        words, targets = _answer_question(tree, node, answers[node.champ], reading)
        asked = frozenset([node.champ])
    ends = [end for target in targets for end in _open_ends(tree, target, answers, reading)]
    return [_End(end.outcome, (code, *end.codes), (words, *end.words), end.asked | asked) for end in ends]


def _answer_question(tree: Tree, question: Question, answer: bool | None, reading: Reading) -> tuple[str, list[str]]:
    """The words of the branch that an answer takes, and where it leads; both branches where it is missing."""
    open_branch = tree.lectures.issue_coherent
    targets = {"oui": question.oui.vers, "non": question.non.vers}
    if question.code == open_branch.question:
        targets[open_branch.reponse] = open_branch.vers[reading.issue_coherent]
    if answer is None:
        return f"{question.libelle} : sans réponse", list(targets.values())
    branch = question.oui if answer else question.non
    return branch.chemin, [targets["oui" if answer else "non"]]


def _count_criteria(criteria: Criteria, answers: Answers, seuil: int) -> tuple[str, list[str]]:
    """« 2 critères sur 3 », and where this leads: both ways where the unknown ones decide."""
    met = sum(answers[field] is True for field in criteria.fields)
    unknown = sum(answers[field] is None for field in criteria.fields)
    whole = f"sur {len(criteria.fields)}"
    if met >= seuil:
        at_least = "au moins " if unknown else ""
        return f"{at_least}{count(met, 'critère')} {whole}", [criteria.atteint]
    if met + unknown < seuil:
        at_most = "au plus " if unknown else ""
        return f"{at_most}{count(met + unknown, 'critère')} {whole}", [criteria.sinon]
    known = f"{count(met, 'critère')} {whole}, {unknown}" if unknown < len(criteria.fields) else "critères :"
    return f"{known} sans réponse", [criteria.atteint, criteria.sinon]


def _contradiction(tree: Tree, answers: Answers, ends: list[_End]) -> str:
    """What was answered though no open path asks it, in words; "" where one path has a question for every answer."""
    answered = [field for field in FIELDS if answers[field] is not None]
    allowed = [_allowed(tree, end) for end in ends]
    if any(fields.issuperset(answered) for fields in allowed):
        return ""
    idle = [field for field in answered if field not in frozenset.union(*allowed)]
    apart = idle or [field for field in answered if field not in frozenset.intersection(*allowed)]
    named = ", ".join(f"« {field} »" for field in apart)
    if not idle:
        return f"{named} : questions qu'aucun chemin de l'arbre ne pose ensemble"
    branches = {branch.chemin for question in tree.questions for branch in (question.oui, question.non)}
    taken = ARROW.join(word for word in _shared([end.words for end in ends]) if word in branches)
    return f"{named} : question que l'arbre ne pose pas" + (f" après « {taken} »" if taken else "")


def _allowed(tree: Tree, end: _End) -> frozenset[str]:
    """The fields that may be answered on the way to an end, its criteria to note included."""
    return end.asked.union(tree.criteres.fields if tree.issues[end.outcome].criteres_a_noter else ())


def _counts_criteria(tree: Tree, end: _End) -> bool:
    return end.asked >= set(tree.criteres.fields)


def _shared(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """What all open paths begin with."""
    shared = []
    for step in zip(*paths, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return shared


def rate_gender_marker(
    answers: pd.DataFrame, tree: Tree, *, seuil_criteres: int | None = None, issue_coherent: str | None = None
) -> pd.DataFrame:
    """The answers with their marker, one row each, in their order.

    `answers`: the columns FIELDS (boolean, missing allowed) and REASON. Added: marqueur (Int64, missing: not examined),
    regle, nb_criteres (Int64), chemin, trajet (codes joined by TRAJET), drapeaux, contradiction, referentiel.
    UsageError: a reading that the tree lacks.
    """
    reading = read_as(tree, seuil_criteres, issue_coherent)
    # Missing, no, yes: 0, 1, 2.
    said = [answers[field].to_numpy(dtype="int64", na_value=-1) + 1 for field in FIELDS]
    codes = sum(digit * 3**rank for rank, digit in enumerate([*said, answers[REASON].notna().to_numpy(dtype="int64")]))
    # A million actions have at most some hundred different sets of answers: each set walks the tree once.
    distinct, which = np.unique(np.asarray(codes, dtype="int64"), return_inverse=True)
    marks = pd.DataFrame([_row(tree, code, reading) for code in distinct.tolist()], columns=_MARK_COLUMNS)
    marks = marks.astype({"marqueur": "Int64", "nb_criteres": "Int64"} | dict.fromkeys(_MARK_TEXTS, "str"))
    rated = marks.take(which).set_axis(answers.index)
    # Answers given under another framework keep its name.
    stored = answers.get("referentiel", pd.Series(None, index=answers.index, dtype="str"))
    return answers.assign(**rated, referentiel=stored.fillna(tree.referentiel))


_MARK_TEXTS = ["regle", "chemin", "trajet", "drapeaux", "contradiction"]
_MARK_COLUMNS = ["marqueur", "regle", "nb_criteres", *_MARK_TEXTS[1:]]


def _row(tree: Tree, code: int, reading: Reading) -> tuple[object, ...]:
    digits = [code // 3**rank % 3 for rank in range(len(FIELDS) + 1)]
    answers = {field: (None, False, True)[digit] for field, digit in zip(FIELDS, digits, strict=False)}
    one = mark(tree, answers, reading, has_reason=bool(digits[-1]))
    path, flags = TRAJET.join(one.trajet), FLAG_SEPARATOR.join(one.drapeaux)
    return one.marqueur, one.regle, one.nb_criteres, one.chemin, path, flags, one.contradiction


def _list(values: object) -> str:
    return ", ".join(map(str, values))
