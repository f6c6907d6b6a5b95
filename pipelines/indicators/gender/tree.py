"""The decision tree of the gender marker, as `marqueur/arbre.yml` writes it: questions, criteria, outcomes."""

from collections.abc import Mapping, Sequence
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


class Misplaced(ValueError):
    """What is wrong in a tree, and the keys that lead to where, from the model that says so."""

    def __init__(self, told: str, *where: str | int) -> None:
        super().__init__(told)
        self.where = where


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
        for rank, seuil in enumerate(self.seuils):
            if not 1 <= seuil <= len(self.liste):
                told = f"le seuil {seuil} n'est pas entre 1 et {len(self.liste)}, le nombre de critères"
                raise Misplaced(told, "seuils", rank)
        if self.seuil not in self.seuils:
            raise Misplaced(f"« seuil » ({self.seuil}) n'est pas l'un des « seuils »", "seuil")
        for rank, field in enumerate(self.fields):
            if field in self.fields[:rank]:
                raise Misplaced(f"le critère « {field} » est compté deux fois", "liste", rank, "champ")
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
            known = ", ".join(self.vers)
            raise Misplaced(f"« retenue » ({self.retenue}) n'est pas une clé de « vers » ({known})", "retenue")
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
        return tuple(dict.fromkeys(target for _, target in self._arrows(code)))

    def _arrows(self, code: str) -> list[tuple[tuple[str | int, ...], str]]:
        """Where each target of a question, or of the criteria, is written, and the target."""
        node = self.nodes[code]
        if isinstance(node, Criteria):
            return [(("criteres", key), getattr(node, key)) for key in ("atteint", "sinon")]
        rank, reading = self.questions.index(node), self.lectures.issue_coherent
        others = reading.vers.items() if reading.question == code else ()
        return [
            (("questions", rank, "oui", "vers"), node.oui.vers),
            (("questions", rank, "non", "vers"), node.non.vers),
            *((("lectures", "issue_coherent", "vers", key), target) for key, target in others),
        ]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._refuse_doubles()
        self._refuse_wrong_reading()
        known = self.nodes.keys() | self.issues.keys()
        arrows = [(("depart",), self.depart), *(arrow for code in self.nodes for arrow in self._arrows(code))]
        for where, target in arrows:
            if target not in known:
                raise Misplaced(f"{target} n'est ni une question ni une issue ({', '.join(sorted(known))})", *where)
        reached = self._walk(self.depart, ())
        for code in (*self.nodes, *self.issues):
            if code not in reached:
                raise Misplaced(f"aucun chemin ne mène à {code}", *self._place(code))
        return self

    def _refuse_doubles(self) -> None:
        seen = {self.criteres.code, *self.issues}
        for rank, question in enumerate(self.questions):
            if question.code in seen:
                raise Misplaced(f"le code {question.code} sert déjà", "questions", rank, "code")
            seen.add(question.code)
        if self.criteres.code in self.issues:
            raise Misplaced(f"le code {self.criteres.code} sert déjà", "criteres", "code")

    def _refuse_wrong_reading(self) -> None:
        reading, here = self.lectures.issue_coherent, ("lectures", "issue_coherent")
        asked = {question.code: question for question in self.questions}
        if reading.question not in asked:
            raise Misplaced(f"la lecture porte sur une question inconnue ({reading.question})", *here, "question")
        leads = getattr(asked[reading.question], reading.reponse).vers
        if leads != reading.vers[reading.retenue]:
            raise Misplaced(
                f"la lecture retenue ({reading.retenue}) mène à {reading.vers[reading.retenue]}, et la réponse "
                f"{reading.reponse} à {reading.question} mène à {leads}",
                *here, "vers", reading.retenue,
            )  # fmt: skip

    def _place(self, code: str) -> tuple[str | int, ...]:
        """The keys that lead to a question, to the criteria or to an outcome."""
        if code in self.issues:
            return "issues", code
        if code == self.criteres.code:
            return ("criteres",)
        return "questions", [question.code for question in self.questions].index(code)

    def _walk(self, code: str, before: tuple[str, ...]) -> set[str]:
        """Every code that a path from this one may meet. Misplaced where it comes back on itself."""
        if code in before:
            raise Misplaced(f"un chemin revient sur {code} ({' > '.join((*before, code))})", *self._place(before[-1]))
        targets = self.exits(code) if code in self.nodes else ()
        return {code}.union(*(self._walk(target, (*before, code)) for target in targets))


_MODELS = {
    "questions": Question, "oui": Branch, "non": Branch, "criteres": Criteria, "liste": Criterion, "issues": Outcome,
    "lectures": Readings, "issue_coherent": Reading, "comparaison": Comparison, "ecarts": Difference,
}  # fmt: skip


def declarable_keys(location: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that may stand beside the last one of `location`, a path in `arbre.yml`."""
    inside = [_MODELS[part] for part in location[:-1] if part in _MODELS]
    return tuple((inside[-1] if inside else Tree).model_fields)
