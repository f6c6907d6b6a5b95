"""The certified tables of the shipped contract: what the definitions are tried on."""

from pathlib import Path

import pandas as pd
import pytest

from pipelines.processed import load_table, read_manifest

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def shipped(prepared: Path) -> Frames:
    """Every table of the shipped contract, by name."""
    manifest = read_manifest(prepared)
    return {name: load_table(prepared, manifest, name) for name in manifest["tables"]}
