"""What an exercise answers to the learner: right and why it matters, or not yet and what the answer mistook.

An answer that is missing or wrong stops the notebook there with its sentence alone: the learner goes on from that cell,
and a school that grades by what fails (nbgrader) counts it as it is.
"""

import math
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Real
from typing import Any

import numpy as np

from pipelines.errors import NotebookError

TO_DO = "À vous : remplacer les trois points « ... » par votre réponse, puis exécuter les deux cellules."
_BOX = (
    '<div role="status" style="border-left:.3rem solid #1f7a4d;padding:.4rem .8rem;margin:.3rem 0">'
    "<strong>Juste.</strong> {}</div>"
)


class Unanswered(NotebookError):
    """Nothing was written yet."""


class NotYet(NotebookError):
    """The answer is not the one expected: the sentence says what it mistook, never the answer."""


@dataclass(frozen=True)
class Right:
    """The answer is right; `why` says what it teaches. A notebook shows it as a box that screen readers announce."""

    why: str

    def __repr__(self) -> str:
        return f"Juste. {self.why}"

    def _repr_html_(self) -> str:
        return _BOX.format(escape(self.why))


def check_answer(
    answer: Any,
    expected: Any,
    *,
    right: str,
    otherwise: str,
    mistakes: Sequence[tuple[Any, str]] = (),
    tolerance: float = 0.0,
) -> Right:
    """Right where the answer is `expected`; a number may differ by `tolerance`, a collection be in any order.

    `right`: why it matters; `mistakes`: known wrong answers, each with what was mistaken, the first that equals the
    answer is said; `otherwise`: what to look at for any other. Unanswered where nothing was written, NotYet where it is
    wrong.
    """
    require(answer)
    if _agree(answer, expected, tolerance):
        return Right(right)
    if isinstance(expected, Real) and isinstance(answer, str):
        raise NotYet("Pas encore : un nombre s'écrit sans guillemets, avec un point pour la virgule.")
    for mistake, sentence in mistakes:
        if _agree(answer, mistake, tolerance):
            raise NotYet(f"Pas encore : {sentence}")
    raise NotYet(f"Pas encore : {otherwise}")


def require(*answers: Any) -> None:
    """Unanswered where one of the answers is still the three points, or empty text."""
    if any(answer is ... or answer is None or (isinstance(answer, str) and not answer.strip()) for answer in answers):
        raise Unanswered(TO_DO)


def _agree(answer: Any, expected: Any, tolerance: float) -> bool:
    """Is the answer the one expected? Text in any case, with or without accents; what may not be compared is unlike."""
    answer, expected = (one.item() if isinstance(one, np.generic) else one for one in (answer, expected))
    if isinstance(expected, bool) or isinstance(answer, bool):
        return answer is expected
    if isinstance(expected, Real) and isinstance(answer, Real):
        return math.isclose(float(answer), float(expected), rel_tol=0, abs_tol=tolerance)
    if isinstance(expected, str) and isinstance(answer, str):
        return _bare(answer) == _bare(expected)
    if isinstance(expected, Collection) and isinstance(answer, Collection) and not isinstance(answer, str):
        given = [_bare(one) for one in answer]
        return len(given) == len(expected) and sorted(given) == sorted(_bare(one) for one in expected)
    return False


def _bare(text: Any) -> str:
    """Text without case, accents and outer spaces."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().split())
