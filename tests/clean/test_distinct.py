"""Work done once a distinct text gives every row what work on every row would."""

import functools

import pandas as pd
import pytest

from pipelines.clean.cells import parse_column
from pipelines.clean.distinct import once
from pipelines.tables import Column

CELLS = ["1 234,50 €", "nd", "", "1 234,50 €", "beaucoup", "nd", "(12)"]


@pytest.mark.parametrize("kind", ["texte", "entier", "decimal", "euros", "date", "booleen"])
@pytest.mark.parametrize("cells", [CELLS, [], [""]], ids=["répétées", "aucune", "une vide"])
def test_values_and_reasons_are_those_of_each_row(kind: str, cells: list[str]) -> None:
    text = pd.Series(cells, index=range(5, 5 + len(cells)), dtype="str")
    work = functools.partial(parse_column, column=Column("essai", kind, ""))
    for got, expected in zip(once(text, work), work(text), strict=True):
        pd.testing.assert_series_equal(got, expected, check_names=False)


def test_each_text_is_worked_on_once() -> None:
    seen: list[str] = []

    def note(text: pd.Series) -> tuple[pd.Series]:
        seen.extend(text)
        return (text.str.upper(),)

    (upper,) = once(pd.Series(["b", "a", "b"], dtype="str"), note)
    assert upper.tolist() == ["B", "A", "B"]
    assert seen == ["b", "a"]
