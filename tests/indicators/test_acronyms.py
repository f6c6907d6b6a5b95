"""Acronyms: found as whole words, spelt out where they first come, never guessed."""

import pandas as pd
import pytest

from pipelines.indicators.acronyms import find_acronyms, spell_out

ACRONYMS = pd.DataFrame(
    [
        ("ARS", "Agence régionale de santé"),
        ("CS", "Centre social"),
        ("PIC", "Premier sens"),
        ("PIC", "Second sens"),
        ("REP / REP+", "Réseau d'éducation prioritaire"),
        ("NEHS", "(développé non écrit)"),
    ],
    columns=["sigle", "developpe"],
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L'ARS et le CS.", ["ARS", "CS"]),
        ("des ARSENAUX, un acs, arsenal, MARS", []),
        ("en REP+ ou en REP", ["REP / REP+"]),
        ("Le PIC", ["PIC", "PIC"]),
        ("", []),
    ],
)
def test_an_acronym_is_a_whole_word_in_its_capitals(text: str, found: list[str]) -> None:
    assert list(find_acronyms(ACRONYMS, [text, "rien"])["sigle"]) == found


def test_it_is_spelt_out_once_where_it_first_comes() -> None:
    out = spell_out(pd.Series(["Avec l'ARS", "ARS, CS", "PIC et NEHS", "REP+ puis REP"]), ACRONYMS)
    assert list(out) == [
        "Avec l'ARS (agence régionale de santé)",
        "ARS, CS (centre social)",
        "PIC et NEHS",
        "REP+ (réseau d'éducation prioritaire) puis REP (réseau d'éducation prioritaire)",
    ]


def test_no_acronym_changes_nothing() -> None:
    texts = pd.Series(["Un texte"], index=[4])
    pd.testing.assert_series_equal(spell_out(texts, ACRONYMS.head(0)), texts.astype("str"))
    assert find_acronyms(ACRONYMS.head(0), ["ARS"]).empty
