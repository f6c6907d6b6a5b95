"""What the cleaning tests share: text frames with provenance."""

from collections.abc import Callable

import pandas as pd
import pytest

Maker = Callable[..., pd.DataFrame]


@pytest.fixture
def text_frame() -> Maker:
    """A text frame as reading gives it: one row a dict, "" where blank, lines from 2 on."""

    def make(*rows: dict[str, str], source: str = "essai", file: str = "essai.csv") -> pd.DataFrame:
        frame = pd.DataFrame(rows, dtype="str").fillna("")
        place = {"id_source": source, "fichier": file, "feuille": ""}
        frame = frame.assign(**{name: pd.Series([v] * len(frame), dtype="str") for name, v in place.items()})
        return frame.assign(ligne=pd.Series(range(2, len(frame) + 2), dtype="Int64"))

    return make
