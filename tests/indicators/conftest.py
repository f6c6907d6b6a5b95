"""The shipped contract as the line reads and cleans it, without the validation: what the definitions are tried on."""

import pandas as pd
import pytest

from pipelines import prepare
from pipelines.contract import read_contract
from pipelines.tables import as_text

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def shipped() -> Frames:
    """Every table of the shipped contract, by name."""
    contract = read_contract("valenciennes")
    cleaned = {name: prepare._clean(name, tables) for name, tables in prepare._read_all(contract).items()}
    return {name: as_text(frame) for name, frame in prepare._certified(contract, cleaned)[0].items()}
