"""Observations: each missing value keeps why, and the text that was read."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipelines.clean.observations import clean_observations

Maker = Callable[..., pd.DataFrame]


def observation(value: str, **cells: str) -> dict[str, str]:
    return {"code_indicateur": "taux", "code_territoire": "QP999001", "millesime": "2019", "valeur": value, **cells}


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [
        ("45,4", "ok", 45.4),
        ("0", "ok", 0.0),
        ("nd", "nd", None),
        ("N.S.", "ns", None),
        ("s", "s", None),
        ("so", "so", None),
        ("", "vide", None),
        ("environ 40", "illisible", None),
    ],
)
def test_status_says_why_a_value_is_missing(text_frame: Maker, text: str, status: str, value: float | None) -> None:
    kept = clean_observations(text_frame(observation(text))).kept
    assert kept.loc[0, "statut"] == status
    assert pd.isna(kept.loc[0, "valeur"]) if value is None else kept.loc[0, "valeur"] == value
    assert pd.isna(kept.loc[0, "texte_brut"]) if text == "" else kept.loc[0, "texte_brut"] == text


def test_two_sources_may_give_the_same_value(text_frame: Maker) -> None:
    text = pd.concat([text_frame(observation("1"), source=source) for source in ("a", "b")], ignore_index=True)
    assert clean_observations(text).kept["id_source"].tolist() == ["a", "b"]


def test_two_values_of_one_source_for_one_key_are_both_set_aside(text_frame: Maker) -> None:
    cleaned = clean_observations(text_frame(observation("1"), observation("2"), observation("3", millesime="2020")))
    assert cleaned.kept["millesime"].tolist() == ["2020"]
    assert len(cleaned.set_aside) == 2


def test_what_is_set_aside_keeps_the_text_that_was_read(text_frame: Maker) -> None:
    aside = clean_observations(text_frame(observation("12", code_territoire=""))).set_aside
    assert aside["texte"].tolist() == ["code_indicateur=taux | millesime=2019 | valeur=12"]
