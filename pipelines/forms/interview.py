"""The tree's questions, one after the other: which comes next, what was said, how it ends. No widget, no file."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from pipelines.indicators.gender import FIELDS, REASON, Criteria, Mark, Question, Reading, Tree, mark
from pipelines.indicators.gender.rating import ARROW
from pipelines.indicators.gender.tree import Outcome

# What one answer says, by column: True, False, None for « je ne sais pas », and the text of a reason.
Said = Mapping[str, bool | str | None]
WORDS = {True: "oui", False: "non", None: "je ne sais pas"}


class Step(NamedTuple):
    """One thing to ask; `rang`: its place among the criteria, (0, 0) elsewhere; `facultatif`: it may be passed over."""

    champ: str
    texte: str
    genre: Literal["question", "critere", "motif"]
    rang: tuple[int, int] = (0, 0)
    facultatif: bool = False


@dataclass(frozen=True)
class Interview:
    """What one rater has said of one action so far: the answers in order, so that the last can be taken back."""

    tree: Tree
    reading: Reading
    replies: tuple[Said, ...] = ()

    @property
    def said(self) -> dict[str, bool | str | None]:
        """Every column that was asked, with its answer."""
        return {champ: value for reply in self.replies for champ, value in reply.items()}

    @property
    def step(self) -> Step | None:
        """What to ask next; None once nothing that is asked could still tell anything."""
        return _next_step(self, self.said)

    def answer(self, value: bool | str | None) -> "Interview":
        """The interview with an answer to `step`."""
        return replace(self, replies=(*self.replies, {self.step.champ: value}))

    def pass_over(self) -> "Interview":
        """The interview without the criteria that may be passed over: as one answer, taken back as one."""
        left = [champ for champ in self.tree.criteres.fields if champ not in self.said]
        return replace(self, replies=(*self.replies, dict.fromkeys(left)))

    def take_back(self) -> "Interview":
        """The interview before its last answer."""
        return replace(self, replies=self.replies[:-1])

    @property
    def mark(self) -> Mark:
        """What the tree says of the answers so far."""
        return _mark(self, self.said)

    @property
    def taken(self) -> tuple[str, ...]:
        """Codes of the path so far, with the question that it has come to; the outcome once it is told."""
        codes, step = self.mark.trajet, self.step
        # Two « non » decide at threshold 3: the third criterion is asked before the outcome is shown.
        early = step and step.genre == "critere" and not step.facultatif and self.tree.criteres.code in codes
        return codes[: codes.index(self.tree.criteres.code) + 1] if early else codes

    @property
    def path(self) -> str:
        """The path so far in words, « public mixte → pas d'objectif principal »; "" before the first answer."""
        words = self.mark.chemin.split(ARROW)
        if self.step is None:
            return ARROW.join(words)
        asked = [champ for champ in self.said if champ not in (*self.tree.criteres.fields, REASON)]
        return ARROW.join([*words[: len(asked)], *self.noted])

    @property
    def noted(self) -> list[str]:
        """The criteria asked so far in words, « diagnostic sexué : oui »."""
        said = self.said
        return [f"{one.libelle} : {WORDS[said[one.champ]]}" for one in self.tree.criteres.liste if one.champ in said]

    def row(self, code_action: str, code_instructeur: str, jour: datetime.date) -> dict[str, str]:
        """The cells to write: oui, non or blank for each question of the tree, and the reason."""
        said = self.said
        cells = {champ: WORDS[said[champ]] if said.get(champ) is not None else "" for champ in FIELDS}
        return {
            "code_action": code_action,
            "code_instructeur": code_instructeur,
            "date_notation": jour.isoformat(),
            **cells,
            REASON: str(said.get(REASON) or ""),
        }


def _mark(interview: Interview, said: Said) -> Mark:
    answers = {champ: said.get(champ) for champ in FIELDS}
    return mark(interview.tree, answers, interview.reading, has_reason=bool(said.get(REASON)))


def _next_step(interview: Interview, said: Said) -> Step | None:
    """The first thing on the path that was not asked. After « je ne sais pas », what both answers would lead to."""
    tree = interview.tree
    for code in _mark(interview, said).trajet:
        node = tree.issues[code] if code in tree.issues else tree.nodes[code]
        if isinstance(node, Question):
            if node.champ not in said:
                return Step(node.champ, node.texte, "question")
            if node.motif and said[node.champ] is not None and REASON not in said:
                return Step(REASON, node.texte, "motif")
            if said[node.champ] is None:
                return _common_step(interview, said, node.champ)
        elif step := _next_criterion(tree, said, node):
            return step
    return None


def _common_step(interview: Interview, said: Said, unknown: str) -> Step | None:
    """What yes and no to a question would both ask next; None where they part: one path cannot be followed alone."""
    ways = [_next_step(interview, {REASON: None, **said, unknown: answer}) for answer in (True, False)]
    if None in ways or len({step.champ for step in ways}) > 1:
        return None
    return ways[0]._replace(facultatif=any(step.facultatif for step in ways))


def _next_criterion(tree: Tree, said: Said, node: Criteria | Outcome) -> Step | None:
    """The first criterion not asked yet: all of them are, whatever the first ones decide; an outcome may note them."""
    optional = not isinstance(node, Criteria)
    if optional and not node.criteres_a_noter:
        return None
    for rank, one in enumerate(tree.criteres.liste, start=1):
        if one.champ not in said:
            return Step(one.champ, one.texte, "critere", (rank, len(tree.criteres.liste)), optional)
    return None
