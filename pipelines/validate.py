"""Certified tables → `Verdict`, through the Great Expectations suites of `expectations/`. No other module imports it.

Great Expectations drops a misspelt expectation and reports success, and passes on an empty table. Here both stop the
run, as does anything else that would leave a check undone: what is not checked is never reported as right.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from tqdm import tqdm

from pipelines.checks import run_check
from pipelines.errors import DataError
from pipelines.memory import give_back
from pipelines.paths import EXPECTATIONS
from pipelines.suites import Suite, columns_of, columns_read, nearest, read_own_suites, read_suites, resolve
from pipelines.tables import CERTIFIED, PROVENANCE
from pipelines.verdict import PLACES_SHOWN, Finding, Place, Verdict, text_of

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent import PandasDatasource
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation

__all__ = ["Finding", "Verdict", "validate"]

# Rows from which a table is validated one check at a time.
_LONG = 200_000
_PLACE = ["fichier", "feuille", "ligne"]
# First a yes or no for each check, which costs no copy of a column; then the rows at fault of those that failed, as
# positions in the frame: Great Expectations builds a dictionary a row to name them by columns.
_ANSWERS = {"result_format": "BOOLEAN_ONLY"}
_ROWS = {"result_format": "COMPLETE", "return_unexpected_index_query": False, "partial_unexpected_count": 0}


def validate(
    frames: Mapping[str, pd.DataFrame], parameters: Mapping[str, object], folder: Path = EXPECTATIONS
) -> Verdict:
    """The verdict on certified tables (name → frame with its provenance), by the suites of `folder`.

    `parameters`: values of the contract that the suites refer to by name. Never raises on what the data hold;
    DataError where a check cannot be done: suite, column, parameter or expectation unknown, table empty or unplaced.
    """
    suites = read_suites(folder, frames.keys(), parameters.keys())
    for name in suites:
        _check_frame(name, frames[name])
    own = read_own_suites(folder, frames.keys(), parameters.keys())
    source = _open_source()
    findings: list[Finding] = []
    for name, suite in tqdm(suites.items(), desc="Contrôles", unit="table", leave=False, disable=None):
        if len(frames[name]):
            findings += _check_table(source, frames[name], suite, parameters)
        if name in own:
            findings += check_own(frames, own[name], parameters)
    return Verdict(tuple(findings))


def check_own(frames: Mapping[str, pd.DataFrame], suite: Suite, parameters: Mapping[str, object]) -> list[Finding]:
    """One finding per check of ours in a suite whose tables are all among `frames`."""
    findings = []
    for expectation in suite["expectations"]:
        given = {name: resolve(value, parameters) for name, value in expectation["kwargs"].items()}
        if all(name in frames for name in given.get("tables", [])):
            faults = run_check(expectation["type"], suite["name"], frames, given)
            places = tuple(_place(row) for row in faults[[*_PLACE, "valeur"]].head(PLACES_SHOWN).to_dict("records"))
            findings.append(_describe(suite["name"], expectation, faults.empty, len(faults), places))
            if len(frames[suite["name"]]) >= _LONG:
                give_back()
    return findings


def _check_frame(name: str, frame: pd.DataFrame) -> None:
    """Every column there, at least one row, and every row with the place it was read at."""
    table = CERTIFIED[name]
    missing = [column for column in (*table.names, *(c.name for c in PROVENANCE)) if column not in frame]
    if missing:
        raise DataError(f"Table « {name} » : il manque la colonne « {missing[0]} ».")
    if frame.empty and not table.may_be_empty:
        raise DataError(
            f"La table « {name} » est vide : aucun contrôle n'aurait de sens. Vérifier ses sources dans contrat.yml."
        )
    if frame[["id_source", "fichier", "ligne"]].isna().to_numpy().any():
        raise DataError(f"Table « {name} » : une ligne au moins a perdu son fichier ou son numéro de ligne.")


def _open_source() -> "PandasDatasource":
    """A data source of an ephemeral context: nothing written, no progress bar, no message to anyone."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the library is imported
    import great_expectations as gx  # three seconds: paid only by who validates
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),  # the default context makes a folder for its pages
        analytics_enabled=False,
        progress_bars={"globally": False},
    )
    return gx.get_context(project_config=config, mode="ephemeral").data_sources.add_pandas("tables")


def _check_table(
    source: "PandasDatasource", frame: pd.DataFrame, suite: Suite, parameters: Mapping[str, object]
) -> list[Finding]:
    """One finding per expectation of a suite, in the order of its file."""
    from great_expectations.core import ExpectationSuite

    name = suite["name"]
    checks = {e["description"]: _build(e, f"{name}.json") for e in suite["expectations"]}
    # Positions, so that a row at fault is found again in the frame.
    frame = frame.reset_index(drop=True)
    is_long = len(frame) >= _LONG
    whole = None if is_long else _batch(source, name, frame)

    def run(chosen: Suite, result_format: dict[str, Any]) -> list["ExpectationValidationResult"]:
        results = []
        for part in [[e] for e in chosen["expectations"]] if is_long else [chosen["expectations"]]:
            # Great Expectations copies every column for each check, and keeps them to the end: of a long table, it sees
            # the columns of one check at a time.
            batch = whole or _batch(_open_source(), name, frame[columns_read(part[0]["kwargs"]) or list(frame)[:1]])
            done = batch.validate(
                ExpectationSuite(name=name, expectations=[checks[e["description"]] for e in part]),
                result_format=result_format,
                expectation_parameters=dict(parameters),
            )
            results += done.results
            if is_long:
                del batch, done
                give_back()
        return _in_file_order(chosen, results)

    answers = run(suite, _ANSWERS)
    for expectation, answer in zip(suite["expectations"], answers, strict=True):
        _refuse_broken(name, expectation, answer)
    wrong = [e for e, answer in zip(suite["expectations"], answers, strict=True) if not answer.success]
    details = run({**suite, "expectations": wrong}, _ROWS) if wrong else []
    found = {e["description"]: _finding(frame, name, e, d, parameters) for e, d in zip(wrong, details, strict=True)}
    return [found.get(e["description"]) or _describe(name, e, success=True) for e in suite["expectations"]]


def _batch(source: "PandasDatasource", name: str, frame: pd.DataFrame) -> "Batch":
    """A frame as Great Expectations takes it."""
    return source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})


def _build(expectation: dict[str, Any], file: str) -> "Expectation":
    """The native expectation. DataError where its type, an argument or the value of an argument is not known."""
    from great_expectations.compatibility.pydantic import ValidationError
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.registry import (
        get_expectation_impl,
        list_registered_expectation_implementations,
    )

    kind, place = expectation["type"], f"{file} ({expectation['type']})"
    known = list_registered_expectation_implementations()
    if kind not in known:
        raise DataError(f"{file} : le type de contrôle « {kind} » n'existe pas{nearest(kind, known)}.")
    # Fields that every expectation has are not arguments: in `kwargs` they would overrule the file or the run.
    arguments = set(get_expectation_impl(kind).__fields__) - set(Expectation.__fields__) - {"batch_id"}
    for argument in expectation["kwargs"]:
        if argument not in arguments:
            raise DataError(f"{place} : argument « {argument} » inconnu{nearest(argument, arguments)}.")
    try:
        return ExpectationConfiguration(**expectation).to_domain_obj()
    except ValidationError as error:
        first = error.errors()[0]
        raise DataError(f"{place} : argument « {first['loc'][0]} » refusé ({first['msg']}). Le corriger.") from error


def _in_file_order(
    suite: Suite, results: Iterable["ExpectationValidationResult"]
) -> list["ExpectationValidationResult"]:
    """The results in the order of the file, one each: Great Expectations returns them in an order of its own."""
    found = {result.expectation_config.description: result for result in results}
    for expectation in suite["expectations"]:
        if expectation["description"] not in found:
            raise DataError(
                f"{suite['name']}.json ({expectation['type']}) : le contrôle « {expectation['description']} » n'a pas "
                "donné de résultat."
            )
    return [found[expectation["description"]] for expectation in suite["expectations"]]


def _refuse_broken(table: str, expectation: dict[str, Any], result: "ExpectationValidationResult") -> None:
    """DataError where the check broke off instead of answering."""
    info = result.exception_info
    for broken in [info] if "raised_exception" in info else info.values():
        if broken["raised_exception"]:
            raise DataError(
                f"{table}.json ({expectation['type']}) : le contrôle « {expectation['description']} » s'est interrompu "
                f"({broken['exception_message']}). Vérifier ses arguments et le type de la colonne."
            )


def _finding(
    frame: pd.DataFrame,
    table: str,
    expectation: dict[str, Any],
    result: "ExpectationValidationResult",
    parameters: Mapping[str, object],
) -> Finding:
    """One failure in the words of the project, its rows found again in the frame by their positions."""
    _refuse_broken(table, expectation, result)
    positions = result.result.get("unexpected_index_list") or []
    shown = list(dict.fromkeys([*_PLACE, *columns_of(expectation["kwargs"])]))
    rows = frame.loc[positions[:PLACES_SHOWN], shown].to_dict("records")
    return _describe(
        table,
        expectation,
        success=False,
        nb_lignes=int(result.result.get("unexpected_count") or 0),
        lignes=tuple(_place(row) for row in rows),
        observe=_observed(result.result, expectation["kwargs"], parameters),
    )


def _describe(
    table: str,
    expectation: dict[str, Any],
    success: bool,
    nb_lignes: int = 0,
    lignes: tuple[Place, ...] = (),
    observe: str = "",
) -> Finding:
    meta = expectation.get("meta") or {}
    return Finding(
        table=table,
        type=expectation["type"],
        description=expectation["description"],
        severity=expectation["severity"],
        success=success,
        nb_lignes=nb_lignes,
        lignes=lignes,
        observe=observe,
        numero=meta.get("numero"),
        retient=meta.get("retient", ""),
    )


def _place(row: dict[str, Any]) -> Place:
    """Where a row at fault was read, and what it holds: one value, or « colonne = valeur » for several."""
    values = {name: text_of(value) for name, value in row.items() if name not in _PLACE}
    several = " ; ".join(f"{name} = {value}" for name, value in values.items())
    value = several if len(values) > 1 else "".join(values.values())
    sheet = "" if pd.isna(row["feuille"]) else str(row["feuille"])
    return str(row["fichier"]), sheet, int(row["ligne"]), value


def _observed(result: dict[str, Any], kwargs: dict[str, Any], parameters: Mapping[str, object]) -> str:
    """« 13 ; attendu : 14 » for a check of the whole table that compares a number; empty for a check of rows."""
    observed = result.get("observed_value")
    if not pd.api.types.is_number(observed):
        return ""
    low, high = (resolve(kwargs.get("value", kwargs.get(bound)), parameters) for bound in ("min_value", "max_value"))
    if low == high:
        expected = str(low)
    elif high is None:
        expected = f"au moins {low}"
    else:
        expected = f"au plus {high}" if low is None else f"de {low} à {high}"
    return f"{observed} ; attendu : {expected}"
