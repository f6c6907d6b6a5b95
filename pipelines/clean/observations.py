"""Observations: the value, the reason where it is missing, the text that was read; definitions of indicators."""

import pandas as pd

from pipelines.clean.cells import marks, parse_number
from pipelines.clean.rows import Cleaned, clean_table
from pipelines.tables import TABLES


def clean_observations(text: pd.DataFrame, name: str = "observations") -> Cleaned:
    """Observations typed as the table `name`.

    `statut` is ok or the reason of the missing value, `texte_brut` keeps the cell as read.
    """
    raw = text["valeur"].fillna("")
    values, _ = parse_number(raw)
    status = marks(raw).mask(raw == "", "vide").mask(values.notna(), "ok")
    status = status.where(status != "", "illisible")
    return clean_table(text.assign(texte_brut=raw, statut=status), TABLES[name], as_read=text)


def clean_indicators(text: pd.DataFrame) -> Cleaned:
    """Definitions of indicators typed. Most data dictionaries have one text a variable: it is label and definition."""
    label = text["libelle_indicateur"].fillna("")
    definition = text["definition"].replace("", None).fillna(label) if "definition" in text else label
    return clean_table(text.assign(definition=definition), TABLES["indicateurs"], as_read=text)
