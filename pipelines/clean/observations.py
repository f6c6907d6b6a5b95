"""Observations: the value, the reason where it is missing, and the text that was read."""

import pandas as pd

from pipelines.clean.cells import marks, parse_number
from pipelines.clean.rows import Cleaned, clean_table
from pipelines.tables import TABLES


def clean_observations(text: pd.DataFrame) -> Cleaned:
    """Observations typed; `statut` is ok or the reason of the missing value, `texte_brut` keeps the cell as read."""
    raw = text["valeur"].fillna("")
    values, _ = parse_number(raw)
    status = marks(raw).mask(raw == "", "vide").mask(values.notna(), "ok")
    status = status.where(status != "", "illisible")
    return clean_table(text.assign(texte_brut=raw, statut=status), TABLES["observations"], as_read=text)
