"""One table through Great Expectations: its checks built, run, and read. No other module imports that library."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.errors import DataError
from pipelines.memory import give_back
from pipelines.suites import Suite, columns_read, nearest
from pipelines.validate.findings import describe, describe_rows, say_observed
from pipelines.verdict import Finding

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation

# Rows from which a table is validated one check at a time.
LONG = 200_000
# First a yes or no for each check, which costs no copy of a column; then the rows at fault of those that failed, as
# positions in the frame: Great Expectations builds a dictionary a row to name them by columns.
ANSWERS = {"result_format": "BOOLEAN_ONLY"}
ROWS = {"result_format": "COMPLETE", "return_unexpected_index_query": False, "partial_unexpected_count": 0}


def open_source() -> "BatchDefinition":
    """What takes frames into an ephemeral context: nothing written, no progress bar, no message to anyone."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the library is imported
    import great_expectations as gx  # three seconds: paid only by who validates
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),  # the default context makes a folder for its pages
        analytics_enabled=False,
        progress_bars={"globally": False},
    )
    context = gx.get_context(project_config=config, mode="ephemeral")
    # One asset for all tables: the context writes itself out in full at each.
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("table")


def open_batch(source: "BatchDefinition", frame: pd.DataFrame) -> "Batch":
    """A frame as Great Expectations takes it; the one before is gone from that source."""
    return source.get_batch({"dataframe": frame})


def check_table(
    source: "BatchDefinition", frame: pd.DataFrame, suite: Suite, parameters: Mapping[str, object]
) -> list[Finding]:
    """One finding per expectation of a suite, in the order of its file. DataError where a check cannot be done."""
    name = suite["name"]
    checks = {e["description"]: build(e, f"{name}.json") for e in suite["expectations"]}
    # Positions, so that a row at fault is found again in the frame.
    frame = frame.reset_index(drop=True)
    is_long = len(frame) >= LONG
    whole = None if is_long else open_batch(source, frame)

    def run(chosen: Suite, result_format: dict[str, Any]) -> list["ExpectationValidationResult"]:
        results = []
        for part in [[e] for e in chosen["expectations"]] if is_long else [chosen["expectations"]]:
            # Great Expectations copies every column for each check, and keeps them to the end: of a long table, it sees
            # the columns of one check at a time.
            batch = whole or open_batch(open_source(), frame[columns_read(part[0]["kwargs"]) or list(frame)[:1]])
            results += ask(batch, name, [checks[e["description"]] for e in part], result_format, parameters)
            if is_long:
                del batch
                give_back()
        return in_file_order(chosen, results)

    answers = run(suite, ANSWERS)
    for expectation, answer in zip(suite["expectations"], answers, strict=True):
        refuse_broken(name, expectation, answer)
    wrong = [e for e, answer in zip(suite["expectations"], answers, strict=True) if not answer.success]
    details = run({**suite, "expectations": wrong}, ROWS) if wrong else []
    found = {e["description"]: _finding(frame, name, e, d, parameters) for e, d in zip(wrong, details, strict=True)}
    return [found.get(e["description"]) or describe(name, e, success=True) for e in suite["expectations"]]


def ask(
    batch: "Batch",
    name: str,
    checks: Sequence["Expectation"],
    result_format: dict[str, Any],
    parameters: Mapping[str, object],
) -> list["ExpectationValidationResult"]:
    """What Great Expectations answers to some checks of a table, in an order of its own."""
    from great_expectations.core import ExpectationSuite

    done = batch.validate(
        ExpectationSuite(name=name, expectations=list(checks)),
        result_format=result_format,
        expectation_parameters=dict(parameters),
    )
    return list(done.results)


def build(expectation: dict[str, Any], file: str) -> "Expectation":
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


def in_file_order(
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


def refuse_broken(table: str, expectation: dict[str, Any], result: "ExpectationValidationResult") -> None:
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
    """One failure in the words of the project."""
    refuse_broken(table, expectation, result)
    return describe_rows(
        frame,
        table,
        expectation,
        positions=result.result.get("unexpected_index_list") or [],
        nb_lignes=int(result.result.get("unexpected_count") or 0),
        observe=say_observed(result.result, expectation["kwargs"], parameters),
    )
