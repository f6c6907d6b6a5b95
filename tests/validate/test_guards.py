"""Whatever would leave a check undone stops the run, in French, before anything is reported as right."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.checks import run_check
from pipelines.errors import DataError
from pipelines.suites import read_own_suites, read_suites
from pipelines.tables import CERTIFIED, empty
from pipelines.validate import validate
from pipelines.validate.native import check_table, in_file_order, open_batch, open_source

NOT_NULL = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "sigle"},
    "description": "« sigle » n'est jamais vide",
    "severity": "critical",
    "meta": {},
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a suite of one or more expectations, NOT_NULL with changes; a change to None leaves the key out."""

    def run(*changes: dict[str, Any], table: str = "sigles", **suite: object) -> Path:
        expectations = [
            {key: value for key, value in {**NOT_NULL, **change}.items() if value is not None} for change in changes
        ]
        content = {"name": table, "expectations": expectations, "meta": {}, **suite}
        folder = tmp_path / "expectations"
        folder.mkdir(exist_ok=True)
        (folder / f"{table}.json").write_text(json.dumps(content), encoding="utf-8")
        return folder

    return run


def condition(column: str, word: object) -> dict[str, Any]:
    return {"type": "comparison", "column": {"name": column}, "operator": "==", "parameter": word}


def test_the_suite_of_these_tests_passes_unchanged(write: Write, frames: dict[str, pd.DataFrame]) -> None:
    (finding,) = validate({"sigles": frames["sigles"]}, {}, write({})).findings
    assert finding.success


def test_great_expectations_alone_drops_a_misspelt_type_and_reports_success(frames: dict[str, pd.DataFrame]) -> None:
    """Why `build` exists. If this fails one day, the library has learnt to refuse by itself."""
    from great_expectations.core import ExpectationSuite

    misspelt = {**NOT_NULL, "type": "expect_column_values_to_be_not_null", "kwargs": {"column": "categorie"}}
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    suite = ExpectationSuite(name="sigles", expectations=[misspelt])
    result = open_batch(open_source(), frames["sigles"].assign(categorie=None)).validate(suite)
    assert result.success
    assert result.results == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"type": "expect_column_values_to_be_not_null"},
            "« expect_column_values_to_be_not_null » n'existe pas ; les plus proches : "
            "expect_column_values_to_be_null, "
            "expect_column_values_to_not_be_null",
        ),
        ({"kwargs": {"column": "sigle", "mostyl": 1}}, "argument « mostyl » inconnu ; les plus proches : mostly"),
        ({"kwargs": {"colum": "sigle"}}, "argument « colum » inconnu ; les plus proches : column"),
        ({"kwargs": {"column": "sigle", "result_format": "BASIC"}}, "argument « result_format » inconnu"),
        ({"kwargs": {"column": "sigle", "severity": "warning"}}, "argument « severity » inconnu"),
        ({"kwargs": {}}, "argument « column » refusé"),
        ({"kwargs": {"column": "sigle", "mostly": 2}}, "argument « mostly » refusé"),
        (
            {"type": "expect_column_values_to_be_between", "kwargs": {"column": "sigle"}},
            "(expect_column_values_to_be_between)",
        ),
        (
            {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "sigle", "regex": "("}},
            "s'est interrompu",
        ),
        (
            {"type": "expect_column_values_to_be_between", "kwargs": {"column": "sigle", "min_value": 3}},
            "s'est interrompu",
        ),
    ],
)
def test_an_expectation_that_great_expectations_cannot_do_is_refused(
    change: dict[str, Any], said: str, write: Write, frames: dict[str, pd.DataFrame]
) -> None:
    with pytest.raises(DataError, match=r"^sigles\.json") as caught:
        validate({"sigles": frames["sigles"]}, {}, write(change))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"description": None}, "il manque « description »"),
        ({"description": " "}, "il manque « description »"),
        ({"severity": None}, "« severity » vaut None"),
        ({"severity": "block"}, "« severity » vaut 'block'"),
        ({"severity": "info"}, "« severity » vaut 'info'"),
        ({"type": None}, "il manque « type »"),
        ({"kwargs": None}, "il manque « kwargs »"),
        ({"severty": "warning"}, "clé « severty » inconnue ; les plus proches : severity"),
        ({"kwargs": {"column": "sigel"}}, "colonne « sigel » inconnue de la table sigles ; les plus proches : sigle"),
        ({"kwargs": {"column": ["sigle"]}}, "inconnue de la table sigles"),
        ({"kwargs": {"column_list": ["sigle", "develope"]}}, "colonne « develope » inconnue"),
        ({"kwargs": {"column_A": "sigle", "column_B": "categori"}}, "colonne « categori » inconnue"),
        ({"kwargs": {"column": "sigle", "row_condition": condition("categori", "lieu")}}, "colonne « categori »"),
        (
            {"kwargs": {"column": "sigle", "row_condition": {"type": "and", "conditions": [condition("x", 1)]}}},
            "colonne « x » inconnue",
        ),
        (
            {"kwargs": {"column": "sigle", "row_condition": {"type": "nullity", "column": {"name": "x"}}}},
            "colonne « x » inconnue",
        ),
        ({"kwargs": {"column": "sigle", "row_condition": "categorie == 'lieu'"}}, "« row_condition » doit être"),
        ({"kwargs": {"column": "sigle", "value_set": {"$PARAMETER": "codes"}}}, "« codes » n'a pas de valeur"),
        ({"kwargs": {"column": "sigle", "value_set": [{"$PARAMETER": "nb"}]}}, "doit être la valeur entière"),
        (
            {"kwargs": {"column": "sigle", "row_condition": condition("categorie", {"$PARAMETER": "nb"})}},
            "doit être la valeur entière",
        ),
    ],
)
def test_a_wrong_suite_is_refused(change: dict[str, Any], said: str, write: Write) -> None:
    with pytest.raises(DataError, match=r"^sigles\.json, contrôle n° 1") as caught:
        read_suites(write(change), ["sigles"], ["nb"])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({"numro": 6}, "clé « numro » inconnue ; les plus proches : numero"),
        ({"numero": 26}, "« numero » vaut 26 ; écrire un nombre de 1 à 25"),
        ({"numero": "6"}, "« numero » vaut '6'"),
        ({"retient": "3_marqueur_egalite"}, "ne va qu'avec la gravité « warning »"),
    ],
)
def test_a_wrong_number_or_hold_is_refused(meta: dict[str, Any], said: str, write: Write) -> None:
    with pytest.raises(DataError, match=r"^sigles\.json, contrôle n° 1") as caught:
        read_suites(write({"meta": meta}), ["sigles"], [])
    assert said in str(caught.value)


REFERENCE = {
    "type": "expect_codes_to_be_keys",
    "kwargs": {"column": "numero_mesure", "tables": ["mesures_nationales"], "key": "numero"},
    "description": "Chaque mesure est connue",
    "severity": "critical",
    "meta": {},
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "expect_codes_to_be_key"}, "n'existe pas ; les plus proches : expect_codes_to_be_keys"),
        ({"type": "expect_column_values_to_not_be_null"}, "n'existe pas"),
        ({"kwargs": {"colum": "numero_mesure"}}, "argument « colum » inconnu ; les plus proches : column"),
        ({"kwargs": {"column": "numero_mesure", "tables": ["mesures_nationales"]}}, "il manque l'argument « key »"),
        ({"kwargs": REFERENCE["kwargs"] | {"tables": ["mesure_nationales"]}},
         "table « mesure_nationales » inconnue ; les plus proches : mesures_nationales"),
        ({"kwargs": REFERENCE["kwargs"] | {"tables": []}}, "« tables » doit en nommer 1, et en nomme 0"),
        ({"kwargs": REFERENCE["kwargs"] | {"column": "numero"}},
         "« numero » inconnue de la table indicateurs_mesures ; les plus proches : numero_mesure"),
        ({"kwargs": REFERENCE["kwargs"] | {"key": "nombre"}},
         "« nombre » inconnue de la table mesures_nationales"),
        ({"kwargs": REFERENCE["kwargs"] | {"key": {"$PARAMETER": "cle"}}}, "« cle » n'a pas de valeur"),
        ({"severity": "block"}, "« severity » vaut 'block'"),
    ],
)  # fmt: skip
def test_a_wrong_suite_of_our_own_is_refused(change: dict[str, Any], said: str, write: Write) -> None:
    folder = write({})
    suite = {"name": "indicateurs_mesures", "expectations": [REFERENCE | change], "meta": {}}
    (folder / "indicateurs_mesures.ose.json").write_text(json.dumps(suite), encoding="utf-8")
    with pytest.raises(DataError, match=r"^indicateurs_mesures\.ose\.json, contrôle n° 1") as caught:
        read_own_suites(folder, ["indicateurs_mesures"], [])
    assert said in str(caught.value)


def test_an_argument_of_the_wrong_type_is_refused(frames: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(DataError, match="« statuses » ne peut pas valoir"):
        run_check("expect_grant_only_after_decision", "financements", frames,
                  {"tables": ["actions"], "statuses": ["financé"]})  # fmt: skip


def test_a_suite_of_our_own_without_table_is_refused(write: Write) -> None:
    folder = write({})
    (folder / "sigle.ose.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"sigle\.ose\.json ne contrôle aucune table connue ; .* sigles"):
        read_own_suites(folder, ["sigles"], [])


def test_a_condition_that_no_row_can_meet_is_refused(write: Write) -> None:
    kwargs = {"column": "code_territoire", "row_condition": condition("type_territoire", "qvp")}
    with pytest.raises(DataError, match=r"« qvp » dans « type_territoire », qui n'a jamais cette valeur.* : qva, qpv"):
        read_suites(write({"kwargs": kwargs}, table="territoires"), ["territoires"], [])


def test_two_expectations_with_one_description_are_refused(write: Write) -> None:
    with pytest.raises(DataError, match=r"contrôle n° 2 : la description .* sert déjà"):
        read_suites(write({}, {"kwargs": {"column": "developpe"}}), ["sigles"], [])


def test_a_parameter_without_value_names_the_nearest(write: Write) -> None:
    change = {"type": "expect_table_row_count_to_equal", "kwargs": {"value": {"$PARAMETER": "nb_sigles"}}}
    with pytest.raises(DataError, match="« nb_sigles » n'a pas de valeur ; les plus proches : nb_sigle"):
        read_suites(write(change), ["sigles"], ["nb_sigle"])


def test_a_parameter_that_no_suite_uses_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match="« nb_qvp » ne sert à aucun contrôle"):
        read_suites(write({}), ["sigles"], ["nb_qvp"])


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        ({"name": "sigle"}, "« name » vaut « sigle » ; écrire « sigles »"),
        ({"expectations": []}, "ne contient aucun contrôle"),
        ({"expectations": {}}, "ne contient aucun contrôle"),
        ({"expectation": []}, "clé « expectation » inconnue ; les plus proches : expectations"),
    ],
)
def test_a_suite_of_the_wrong_shape_is_refused(suite: dict[str, object], said: str, write: Write) -> None:
    with pytest.raises(DataError, match=r"^sigles\.json") as caught:
        read_suites(write({}, **suite), ["sigles"], [])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b'{"name": "sigles",\n "meta": }', "ligne 2 : ce n'est pas du JSON"), (b'{"name": "\xe9"}', "pas en UTF-8")],
)
def test_a_suite_that_cannot_be_read_is_refused(content: bytes, said: str, write: Write) -> None:
    folder = write({})
    (folder / "sigles.json").write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_suites(folder, ["sigles"], [])


def test_a_table_without_suite_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match="La table « calendrier » n'a pas de contrôles"):
        read_suites(write({}), ["sigles", "calendrier"], [])


def test_a_suite_of_no_table_is_refused(write: Write) -> None:
    folder = write({})
    (folder / "calendriers.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"calendriers\.json ne contrôle aucune table connue.*calendrier"):
        read_suites(folder, ["sigles"], [])


def test_the_suite_of_a_table_that_a_contract_lacks_is_left_alone(write: Write) -> None:
    write({"kwargs": {"column": "rang", "value": {"$PARAMETER": "nb_evenements"}}}, table="calendrier")
    assert list(read_suites(write({}), ["sigles"], ["nb_evenements"])) == ["sigles"]


@pytest.mark.parametrize("name", ["sigle", "programmes"])
def test_a_table_that_is_not_certified_is_refused(name: str, write: Write) -> None:
    with pytest.raises(DataError, match=f"Table « {name} » inconnue"):
        read_suites(write({}), ["sigles", name], [])


def test_an_empty_table_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match="La table « sigles » est vide"):
        validate({"sigles": empty(CERTIFIED["sigles"])}, {}, write({}))


def test_a_table_that_may_be_empty_gives_no_finding(write: Write) -> None:
    folder = write({"kwargs": {"column": "section"}}, table="commentaires")
    assert validate({"commentaires": empty(CERTIFIED["commentaires"])}, {}, folder).findings == ()


@pytest.mark.parametrize("column", ["categorie", "feuille", "id_source"])
def test_a_missing_column_is_refused(column: str, write: Write, frames: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(DataError, match=f"Table « sigles » : il manque la colonne « {column} »"):
        validate({"sigles": frames["sigles"].drop(columns=column)}, {}, write({}))


@pytest.mark.parametrize("column", ["fichier", "ligne", "id_source"])
def test_a_row_that_has_lost_its_place_is_refused(column: str, write: Write, frames: dict[str, pd.DataFrame]) -> None:
    frame = frames["sigles"]
    frame.loc[1, column] = pd.NA
    with pytest.raises(DataError, match="Table « sigles » : une ligne au moins a perdu"):
        validate({"sigles": frame}, {}, write({}))


def test_a_comparison_of_dates_with_text_is_refused(write: Write, frames: dict[str, pd.DataFrame]) -> None:
    kwargs = {"column": "date_debut", "min_value": "2016-01-01"}
    folder = write({"type": "expect_column_values_to_be_between", "kwargs": kwargs}, table="actions")
    with pytest.raises(DataError, match=r"s'est interrompu .*Timestamp"):
        validate({"actions": frames["actions"]}, {}, folder)


def test_an_expectation_that_gives_no_result_is_refused(frames: dict[str, pd.DataFrame]) -> None:
    """Real results of a suite of one, held against a file that asks for two."""
    from great_expectations.core import ExpectationSuite

    batch = open_batch(open_source(), frames["sigles"])
    results = batch.validate(ExpectationSuite(name="sigles", expectations=[NOT_NULL]))
    other = {**NOT_NULL, "description": "« developpe » n'est jamais vide"}
    asked = {"name": "sigles", "expectations": [NOT_NULL]}
    assert len(in_file_order(asked, results.results)) == 1
    with pytest.raises(DataError, match="« developpe » n'est jamais vide » n'a pas donné de résultat"):
        in_file_order({**asked, "expectations": [NOT_NULL, other]}, results.results)


def test_two_checks_alike_but_for_their_description_both_answer(frames: dict[str, pd.DataFrame]) -> None:
    twin = {**NOT_NULL, "description": "« sigle » est rempli"}
    suite = {"name": "sigles", "expectations": [NOT_NULL, twin]}
    found = check_table(open_source(), frames["sigles"], suite, {})
    assert [f.description for f in found] == [NOT_NULL["description"], twin["description"]]
