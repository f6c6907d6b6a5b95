"""Our own check of the national measures: what is legible fits in the published totals, what is left is illegible."""

import pandas as pd
import pytest

from pipelines.checks.commitments import expect_totals_to_hold_measures
from tests.validate.conftest import GOOD, typed


@pytest.mark.parametrize(
    ("totals", "at_fault"),
    [
        ([1, 1], []),
        # One level holds fewer than were read; the other makes up for it.
        ([0, 2], ["0 au total, 1 lisibles"]),
        # Too many, or too few, measures in all: no level can be trusted.
        ([1, 2], ["1 au total, 1 lisibles", "2 au total, 1 lisibles"]),
        ([1, 0], ["1 au total, 1 lisibles", "0 au total, 1 lisibles"]),
    ],
)
def test_totals_hold_the_measures_read(totals: list[int], at_fault: list[str]) -> None:
    rows = typed("totaux_mesures", GOOD["totaux_mesures"])
    rows["nb_mesures"] = pd.array(totals, dtype="Int64")
    found = expect_totals_to_hold_measures(rows, typed("mesures_nationales", GOOD["mesures_nationales"]))
    assert found["valeur"].tolist() == at_fault
