"""The branches of a gender marker's tree under one reading: where each answer leads, how many took it, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from pipelines.charts.layers import rank_boxes
from pipelines.charts.lettering import inside
from pipelines.charts.pairs import read_pairs, tell
from pipelines.errors import UsageError
from pipelines.indicators.gender import Criteria, Reading, Tree
from pipelines.numbers import count, is_missing

SOURCE, TARGET, COUNT = "depuis", "vers", "nb_actions"
OTHER = "autre lecture"
# Actions by source and target; None where the number is missing.
Numbers = dict[tuple[str, str], int | None]


@dataclass(frozen=True)
class Branch:
    """One answer: the question it answers, its words, the box it leads to; `other`: only under another reading."""

    source: str
    answer: str
    words: str
    target: str
    other: bool = False


def list_branches(tree: Tree, reading: Reading) -> list[Branch]:
    """Every branch of the tree, question after question as they are asked; other readings after the chosen one.

    Two answers to a question that lead to the same box are one branch.
    """
    ranks = rank_boxes([(code, target) for code in tree.nodes for target in tree.exits(code)], {})
    return [
        branch for code in sorted(tree.nodes, key=ranks.__getitem__) for branch in _list_answers(tree, code, reading)
    ]


def _list_answers(tree: Tree, code: str, reading: Reading) -> list[Branch]:
    node, opened = tree.nodes[code], tree.lectures.issue_coherent
    if isinstance(node, Criteria):
        met, missed = _say_criteria(node, reading.seuil_criteres)
        return _join([Branch(code, met, "", node.atteint), Branch(code, missed, "", node.sinon)])
    found = []
    for answer, branch in (("Oui", node.oui), ("Non", node.non)):
        targets = [branch.vers]
        if (code, answer.lower()) == (opened.question, opened.reponse):
            chosen = opened.vers[reading.issue_coherent]
            targets = list(dict.fromkeys([chosen, *opened.vers.values()]))
        found.append(Branch(code, answer, branch.chemin, targets[0]))
        found += [Branch(code, answer, OTHER, target, other=True) for target in targets[1:]]
    return _join(found)


def _join(branches: list[Branch]) -> list[Branch]:
    """The branches of a question, « Oui ou non » where both answers lead to the same box: counts cannot part them."""
    sure = [branch for branch in branches if not branch.other]
    if len(sure) == 2 and sure[0].target == sure[1].target:
        both = f"{sure[0].answer} ou {sure[1].answer.lower()}"
        return [Branch(sure[0].source, both, "", sure[0].target), *(branch for branch in branches if branch.other)]
    return branches


def _say_criteria(criteria: Criteria, seuil: int) -> tuple[str, str]:
    """What is said of enough criteria, and of too few: « 3 sur 3 », « moins de 3 »."""
    every = len(criteria.liste)
    return f"{seuil} sur {every}" if seuil == every else f"au moins {seuil}", f"moins de {seuil}"


def read_counts(branches: Sequence[Branch], counts: pd.DataFrame | None) -> Numbers:
    """How many actions took each branch, by source and target; empty without `counts`, None where one is missing.

    A branch without a row was taken by none. UsageError: a branch that the tree lacks under this reading, or twice.
    """
    if counts is None:
        return {}
    known = read_pairs(counts, SOURCE, TARGET, COUNT)
    taken = {
        (source, target): None if is_missing(number) else int(number)
        for source, target, number in known.itertuples(index=False)
    }
    drawn = {(branch.source, branch.target) for branch in branches if not branch.other}
    for source, target in taken:
        if (source, target) not in drawn:
            raise UsageError(
                f"Aucune branche ne va de « {tell(source)} » à « {tell(target)} » dans la lecture dessinée : compter "
                "les actions avec le même seuil et la même issue que le dessin."
            )
    if any(number is not None and number < 0 for number in taken.values()):
        raise UsageError("Un nombre d'actions négatif ne se dessine pas : vérifier le décompte.")
    return dict.fromkeys(drawn, 0) | taken


def check_path(tree: Tree, branches: Sequence[Branch], taken: Sequence[str]) -> tuple[str, ...]:
    """The codes walked, which must follow the branches from the first question. UsageError where they do not."""
    path = tuple(taken)
    drawn = {(branch.source, branch.target) for branch in branches if not branch.other}
    if path and (path[0] != tree.depart or not set(pairwise(path)) <= drawn):
        raise UsageError(f"Le trajet « {' > '.join(map(tell, path))} » ne suit pas les branches de l'arbre dessiné.")
    return path


def frame_branches(tree: Tree, branches: Sequence[Branch], numbers: Numbers) -> pd.DataFrame:
    """One row a branch of the reading: depuis, question, reponse, vers, nb_actions (Int64, missing without counts)."""
    rows = [
        (branch.source, tree.nodes[branch.source].texte, branch.answer.lower(), branch.target,
         numbers.get((branch.source, branch.target)))
        for branch in branches if not branch.other
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[SOURCE, "question", "reponse", TARGET, COUNT])
    return frame.astype({COUNT: "Int64"})


def say_count(number: int | None) -> str:
    """« 128 actions »; « n.d. » where the number is missing."""
    return "n.d." if number is None else count(number, "action")


def tell_tree(tree: Tree, reading: Reading, branches: Sequence[Branch], numbers: Numbers, path: Sequence[str]) -> str:
    """The whole tree in sentences: each question, where its answers lead, how many took them, one path."""
    said = [f"Arbre de décision, {inside(tree.titre)}."]
    for code in dict.fromkeys(branch.source for branch in branches):
        answers = [_tell_branch(tree, branch, numbers) for branch in branches if branch.source == code]
        first, *others = answers
        said.append(f"{_tell_question(tree, code, reading)} {' ; '.join([first[:1].upper() + first[1:], *others])}.")
    for marker in sorted({outcome.marqueur for outcome in tree.issues.values()}):
        said.append(f"Marqueur {marker} : {inside(tree.echelle[marker])}.")
    if path:
        said.append(_tell_path(tree, branches, path))
    return " ".join(said)


def _tell_question(tree: Tree, code: str, reading: Reading) -> str:
    node = tree.nodes[code]
    asked = f"{tell(code)} : {inside(node.texte)}"
    if not isinstance(node, Criteria):
        return asked
    listed = ", ".join(tell(criterion.libelle) for criterion in node.liste)
    return f"{asked} Critères : {listed} ; seuil : {reading.seuil_criteres} sur {len(node.liste)}."


def _tell_branch(tree: Tree, branch: Branch, numbers: Numbers) -> str:
    pair = branch.source, branch.target
    many = f" ({say_count(numbers[pair])})" if not branch.other and pair in numbers else ""
    return f"{_tell_answer(branch)} : {_tell_target(tree, branch.target)}{many}"


def _tell_answer(branch: Branch) -> str:
    return ", ".join(tell(text) for text in (inside(branch.answer), branch.words) if text)


def _tell_target(tree: Tree, code: str) -> str:
    return tell(code) if code in tree.nodes else f"marqueur {tree.issues[code].marqueur}, règle {tell(code)}"


def _tell_path(tree: Tree, branches: Sequence[Branch], path: Sequence[str]) -> str:
    """The answers given, then the outcome or the question that waits."""
    answers = {(branch.source, branch.target): branch for branch in branches if not branch.other}
    steps = [f"{tell(source)}, {_tell_answer(answers[source, target])}" for source, target in pairwise(path)]
    end = "question posée" if path[-1] in tree.nodes else "issue"
    return f"Chemin suivi : {' ; '.join([*steps, f'{end} : {_tell_target(tree, path[-1])}'])}."
