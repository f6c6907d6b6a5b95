"""What templates do to text: French spacing, strings that cannot leave their CSS rule, parameters as read."""

import pytest

from pipelines.report.templates import environment, typeset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Qui ? Où ; quand !", "Qui\u202f? Où\u202f; quand\u202f!"),
        ("Lecture : 5 % et 12 €", "Lecture\u00a0: 5\u202f% et 12\u202f€"),
        ("« Oui », dit-il", "«\u00a0Oui\u00a0», dit-il"),
        ("https://e.org/a?b;c 10:30", "https://e.org/a?b;c 10:30"),
    ],
)
def test_punctuation_keeps_to_the_word_before_it(text: str, expected: str) -> None:
    assert typeset(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("logique_impact/orientation_O1_liens.csv", "logique_<wbr>impact/<wbr>orientation_<wbr>O1_liens.csv"),
        ("_national/sigles.csv", "_<wbr>national/<wbr>sigles.csv"),
        ("30/06/2023", "30/06/2023"),
        ("a_b <b>c_d</b>", "a_b &lt;b&gt;c_d&lt;/b&gt;"),
        ("Qui ? a_b", "Qui\u202f? a_b"),
        ("a_", "a_"),
    ],
)
def test_a_cell_parts_a_name_between_its_words(text: str, expected: str) -> None:
    assert environment().from_string("{{ text | cell }}").render(text=text) == expected


def test_a_css_string_stays_a_string() -> None:
    written = environment().filters["css_string"]('a"; } </style>\n\\')
    assert written.startswith('"')
    assert written.endswith('"')
    assert not set(written[1:-1]) & set('";}<>/ \n')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "par défaut"),
        (True, "oui"),
        (2022, "2022"),
        (3000.0, "3000"),
        (0.5, "0,5"),
        (["a", "b"], "a, b"),
        ("01", "01"),
    ],
)
def test_a_parameter_is_shown_as_it_was_given(value: object, expected: str) -> None:
    assert environment().filters["parameter"](value) == expected
