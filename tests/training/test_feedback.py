"""An exercise answers right and why, not yet and what was mistaken, or that nothing is written: one sentence each."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from pipelines.errors import NotebookError
from pipelines.training.feedback import NotYet, Right, Unanswered, check_answer, require

TEXTS = {"right": "Bien vu.", "otherwise": "regardez encore."}


def answer(given: Any, expected: Any, **more: Any) -> Right:
    return check_answer(given, expected, **TEXTS, **more)


@pytest.mark.parametrize(
    ("given", "expected", "tolerance"),
    [
        (3, 3, 0),
        (3.0, 3, 0),
        (np.int64(3), 3, 0),
        (3, np.int64(3), 0),
        (np.float64(2.54), 2.5, 0.05),
        (pd.Series([1, 2]).sum(), 3, 0),
        ("Égalité", "egalite", 0),
        ("  on  ne peut PAS ", "on ne peut pas", 0),
        (True, True, 0),
        (np.bool_(True), True, 0),
        (["b", "A"], {"a", "b"}, 0),
        (("a", "a"), ["a", "a"], 0),
        (pd.Series(["a", "b"]).tolist(), ["b", "a"], 0),
    ],
)
def test_a_right_answer_says_why(given: Any, expected: Any, tolerance: float) -> None:
    """Numbers near enough, text but for case and accents, collections in any order."""
    assert answer(given, expected, tolerance=tolerance) == Right("Bien vu.")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (4, 3),
        (float("nan"), 3),
        (True, 1),
        (1, True),
        ("non", "oui"),
        (3, "trois"),
        (["a"], ["a", "a"]),
        (["a", "c"], ["a", "b"]),
        ("ab", ["a", "b"]),
        (3, [3]),
        ({"a": 1}, 3),
        (object(), "oui"),
    ],
)
def test_a_wrong_answer_says_where_to_look(given: Any, expected: Any) -> None:
    """Another value, or another type, which is never taken for it."""
    with pytest.raises(NotYet, match=r"^Pas encore : regardez encore\.$"):
        answer(given, expected)


@pytest.mark.parametrize("given", [..., None, "", "  "])
def test_nothing_written_is_told_apart_from_wrong(given: Any) -> None:
    """The three points, nothing, or blank text: what to do, and no verdict."""
    with pytest.raises(Unanswered, match="À vous"):
        answer(given, 3)
    with pytest.raises(Unanswered, match="À vous"):
        require(1, given)


@pytest.mark.parametrize("given", [0, False, [], 0.0])
def test_a_value_that_is_false_is_an_answer(given: Any) -> None:
    """Zero is an answer; so is an empty list."""
    assert answer(given, given) == Right("Bien vu.")


def test_the_first_known_mistake_is_said() -> None:
    """The right answer first, then the mistakes in their order, then the rest."""
    mistakes = [(5, "vous avez tout compté."), (5, "jamais dit."), (3, "jamais dit.")]
    assert answer(3, 3, mistakes=mistakes) == Right("Bien vu.")
    with pytest.raises(NotYet, match=r"^Pas encore : vous avez tout compté\.$"):
        answer(5, 3, mistakes=mistakes)


@pytest.mark.parametrize("given", ["3", "3,5", "trois"])
def test_a_number_between_quotes_says_how_to_write_it(given: str) -> None:
    """A learner who writes a number as text is told so, not that it is wrong."""
    with pytest.raises(NotYet, match="sans guillemets"):
        answer(given, 3)


def test_a_right_answer_is_a_box_that_escapes_its_text() -> None:
    """Announced by screen readers; what came from data is text."""
    box = Right("<b>5 & 6</b>")._repr_html_()
    assert 'role="status"' in box
    assert "&lt;b&gt;5 &amp; 6&lt;/b&gt;" in box


@pytest.mark.parametrize("kind", [Unanswered, NotYet])
def test_a_notebook_shows_the_sentence_alone(kind: type[NotebookError], capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback: the sentence is all that the learner reads."""
    shell = InteractiveShell.instance()
    shell.user_ns["stop"] = kind("Une phrase.")
    shell.run_cell("raise stop")
    shown = capsys.readouterr()
    assert (shown.out + shown.err).strip() == "Une phrase."
