"""JSON arrays of objects: keys as headers, values as text, records by rank; nothing nested, nothing lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import DataError
from pipelines.read import RawTable

Reader = Callable[..., RawTable]
BLANKS = " \t\n\xa0\u202f\ufeff"
COLUMNS = ["rang", "code_poste", "nom_employeur", "montant"]
FIRST = '{"Rang": 1, "Poste": "A", "Employeur": "b", "Montant": 10}'


def test_keys_are_headers_and_every_object_is_counted_by_its_rank(read_json: Reader) -> None:
    raw = read_json(f'[{FIRST},\n\n\n{{"Montant": null, "Poste": "B", "Rang": 2, "Employeur": "L’été"}}]')
    assert raw.frame[["ligne", *COLUMNS]].to_numpy().tolist() == [[1, "1", "A", "b", "10"], [2, "2", "B", "L’été", ""]]
    assert raw.counts[["feuille", "lues", "hors_donnees"]].to_numpy().tolist() == [["", 2, 0]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("19875.06", "19875.06"),
        ("22555.730", "22555.730"),
        ("-0.10", "-0.10"),
        ("1e3", "1e3"),
        ("35600000000048", "35600000000048"),
        ("9" * 5000, "9" * 5000),
        ('"0059"', "0059"),
        ('" 1 234,50\\u00a0"', "1 234,50"),
        ("true", "oui"),
        ("false", "non"),
        ("null", ""),
        ('""', ""),
        ('"a\\r\\nb"', "a\nb"),
    ],
    ids=lambda text: text[:20],
)
def test_a_value_is_kept_as_written(read_json: Reader, value: str, text: str) -> None:
    raw = read_json(f'[{{"Rang": 1, "Poste": "A", "Employeur": "b", "Montant": {value}}}]')
    assert raw.frame.loc[0, "montant"] == text


def test_a_key_that_some_objects_lack_is_blank_in_them(read_json: Reader) -> None:
    raw = read_json(f'[{{"Rang": 2, "Poste": "B"}}, {FIRST}]')
    assert raw.frame[COLUMNS].to_numpy().tolist() == [["2", "B", "", ""], ["1", "A", "b", "10"]]


def test_empty_objects_and_totals_are_counted_apart(read_json: Reader) -> None:
    raw = read_json(f'[{{}}, {FIRST}, {{"Rang": null}}, {{"Rang": "Total", "Montant": 10}}]')
    assert raw.frame["ligne"].tolist() == [2]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [4, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(read_json: Reader, encoding: str) -> None:
    assert read_json(f"[{FIRST.replace('b', 'été')}]".encode(encoding)).frame.loc[0, "nom_employeur"] == "été"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", r"postes\.json.* tronqué ou mal formé"),
        (f"[{FIRST},\n{FIRST[:9]}", r"postes\.json, ligne 2 : le JSON est tronqué ou mal formé"),
        ("[" * 100_000, r"tronqué ou mal formé"),
        ('[{"Rang": NaN}]', r"tronqué ou mal formé"),
        (FIRST, r"n'est pas un tableau JSON d'objets"),
        ("3", r"n'est pas un tableau JSON d'objets"),
        ("[]", r"postes\.json est vide"),
        ("[{}]", r"postes\.json est vide"),
        (f"[{FIRST}, [1]]", r"postes\.json, objet 2 : ce n'est pas un objet"),
        (f"[{FIRST}, null]", r"objet 2 : ce n'est pas un objet"),
        ('[{"Rang": {"a": 1}}]', r"objet 1 : la valeur de « Rang » est elle-même une liste ou un objet.*à plat"),
        ('[{"Rang": []}]', r"objet 1 : la valeur de « Rang » est elle-même une liste"),
        ('[{"Rang": 1, "Rang": 2}]', r"objet 1 : la clé « Rang » y figure deux fois"),
        ('[{"Rang": "\\ud800"}]', r"objet 1 : la valeur de « Rang » contient un caractère tronqué"),
        ('[{"\\ud800": 1}]', r"objet 1 : la valeur de « \? » contient un caractère tronqué"),
        (FIRST.encode("utf-16"), r"n'est pas un fichier JSON en UTF-8"),
        ('[{"Rang": 1, "Avis": 2}]', r"postes\.json : la colonne « Avis » n'est ni dans « colonnes »"),
        ('[{"Rang": 1, "Poste": "A", "Employeur": "b"}]', r"postes\.json : la colonne « Montant » manque"),
        ('[{"Rang": 1, "Rang ": 2}]', r"deux colonnes donnent « rang »"),
    ],
    ids=lambda text: str(text)[:24],
)
def test_what_is_no_array_of_flat_objects_is_refused_with_its_rank(
    read_json: Reader, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        read_json(content)


VALUE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
RECORD = st.fixed_dictionaries({"Rang": VALUE}, optional={"Poste": VALUE, "Employeur": VALUE, "Montant": VALUE})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORD, max_size=9))
def test_no_object_is_ever_lost(read_json: Reader, records: list[dict[str, Any]]) -> None:
    """Whatever the values, every object is counted once, and a row holds the text of the object of its rank."""
    raw = read_json(json.dumps([json.loads(FIRST), *records]))
    assert raw.counts.loc[0, "lues"] == 1 + len(records)
    assert raw.ragged.empty
    for line, poste in raw.frame[["ligne", "code_poste"]].itertuples(index=False):
        value = "A" if line == 1 else records[line - 2].get("Poste")
        assert not isinstance(value, str) or poste == value.replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS)
