"""The decision tree of the gender marker, as `marqueur/arbre.yml` writes it: questions, criteria, outcomes."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.tables import MARKER_QUESTIONS

Text = Annotated[str, Field(min_length=1)]
Answer = Literal["oui", "non"]
FIELDS = tuple(column.name for column in MARKER_QUESTIONS if column.kind == "booleen")
REASON = next(column.name for column in MARKER_QUESTIONS if column.kind == "texte")


class _Strict(BaseModel):
    # YAML reads oui and non as text, but a threshold or a marker typed in quotes is one too: nothing is converted.
    model_config = ConfigDict(extra="forbid", frozen=True)


class Branch(_Strict):
    """One answer to a question: its words in a path, and the question or outcome that it leads to."""

    chemin: Text
    vers: Text


class Question(_Strict):
    """A question answered by yes or no; `motif`: the answer needs a written reason."""

    code: Text
    champ: Literal[FIELDS]
    libelle: Text
    texte: Text
    motif: bool = False
    oui: Branch
    non: Branch


class Criterion(_Strict):
    """One of the criteria that are counted together."""

    champ: Literal[FIELDS]
    libelle: Text
    texte: Text


class Criteria(_Strict):
    """Criteria counted together: where enough are met the path goes to `atteint`, else to `sinon`."""

    code: Text
    texte: Text
    liste: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    seuil: int
    seuils: tuple[int, ...]
    atteint: Text
    sinon: Text

    @property
    def fields(self) -> tuple[str, ...]:
        """Answer columns of the criteria."""
        return tuple(criterion.champ for criterion in self.liste)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not all(1 <= seuil <= len(self.liste) for seuil in self.seuils) or self.seuil not in self.seuils:
            raise ValueError(f"« seuil » est l'un des « seuils », et chacun va de 1 à {len(self.liste)}")
        return self


class Outcome(_Strict):
    """An end of the tree; `criteres_a_noter`: criteria may be answered there too, without changing the marker."""

    marqueur: Literal[0, 1, 2]
    criteres_a_noter: bool = False


class Reading(_Strict):
    """A branch that the protocol leaves open: where one answer leads, by reading; `retenue` is the default one."""

    question: Text
    reponse: Answer
    retenue: Text
    vers: dict[Text, Text]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.retenue not in self.vers:
            raise ValueError(f"« retenue » ({self.retenue}) n'est pas une clé de « vers »")
        return self


class Difference(_Strict):
    """One difference with another marker: what is asked here, what there, and what follows."""

    ici: Text
    ailleurs: Text
    verdict: Text


class Comparison(_Strict):
    """The other marker that this one is compared with, and how they differ."""

    reference: Text
    ecarts: tuple[Difference, ...]


class Readings(_Strict):
    """The branches that the protocol leaves open."""

    issue_coherent: Reading


class Tree(_Strict):
    """The whole tree. Every target exists, every question is reached, no path comes back on itself."""

    referentiel: Text
    titre: Text
    depart: Text
    # What markers 0, 1 and 2 mean, in this order.
    echelle: tuple[Text, Text, Text]
    questions: tuple[Question, ...]
    criteres: Criteria
    issues: dict[Text, Outcome]
    lectures: Readings
    comparaison: Comparison | None = None

    @property
    def nodes(self) -> Mapping[str, Question | Criteria]:
        """Questions and the group of criteria, by code."""
        return {question.code: question for question in self.questions} | {self.criteres.code: self.criteres}

    def exits(self, code: str) -> tuple[str, ...]:
        """Where a question or the criteria lead, whatever the reading."""
        node = self.nodes[code]
        if isinstance(node, Criteria):
            return node.atteint, node.sinon
        reading = self.lectures.issue_coherent
        others = tuple(reading.vers.values()) if reading.question == code else ()
        return tuple(dict.fromkeys((node.oui.vers, node.non.vers, *others)))

    @model_validator(mode="after")
    def _sound(self) -> Self:
        known = self.nodes.keys() | self.issues.keys()
        reading = self.lectures.issue_coherent
        asked = {question.code: question for question in self.questions}
        if len(asked) < len(self.questions) or len(known) < len(self.nodes) + len(self.issues):
            raise ValueError("deux questions ou issues portent le même code")
        if reading.question not in asked:
            raise ValueError(f"la lecture porte sur une question inconnue ({reading.question})")
        if getattr(asked[reading.question], reading.reponse).vers != reading.vers[reading.retenue]:
            raise ValueError(f"la lecture retenue ({reading.retenue}) ne mène pas où {reading.question} mène")
        targets = {self.depart, *(target for code in self.nodes for target in self.exits(code))}
        if lost := sorted(targets - known):
            raise ValueError(f"« vers » désigne {', '.join(lost)}, qui n'est ni une question ni une issue")
        if lone := sorted(known - targets):
            raise ValueError(f"rien ne mène à {', '.join(lone)}")
        self._refuse_loop(self.depart, ())
        return self

    def _refuse_loop(self, code: str, before: tuple[str, ...]) -> None:
        if code in before:
            raise ValueError(f"un chemin revient sur la question {code}")
        for target in self.exits(code) if code in self.nodes else ():
            self._refuse_loop(target, (*before, code))
