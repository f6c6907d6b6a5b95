"""The native suites are plain Great Expectations: with that library alone they load whole and say what `ose` says."""

import json
from types import SimpleNamespace

import great_expectations as gx
import pandas as pd
import pytest

from pipelines.certify import validation_parameters
from pipelines.paths import EXPECTATIONS
from pipelines.processed import read_manifest
from tests.shipped import shipped_contract


@pytest.mark.long
def test_great_expectations_alone_says_of_the_shipped_tables_what_ose_says(site: SimpleNamespace) -> None:
    folder = site.processed / "valenciennes"
    manifest = read_manifest(folder)
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in manifest["tables"]}
    parameters = validation_parameters(shipped_contract(), frames)
    tables = gx.get_context(mode="ephemeral").data_sources.add_pandas("tables")
    # `ose` says nothing of a table that may be empty and is.
    for name, frame in ((name, frame) for name, frame in frames.items() if len(frame)):
        native = json.loads((EXPECTATIONS / f"{name}.json").read_text(encoding="utf-8"))
        suite = gx.ExpectationSuite(**native)
        batch = tables.add_dataframe_asset(name).add_batch_definition_whole_dataframe("whole")
        result = batch.get_batch({"dataframe": frame}).validate(suite, expectation_parameters=parameters)
        said = {r.expectation_config.description: r.success for r in result.results}
        ours = {line["description"]: line["success"] for line in manifest["controles"] if line["table"] == name}
        assert len(said) == len(native["expectations"]), name
        assert said == {description: ours[description] for description in said}, name
