"""Wide files of indicators, one row a territory: their rows without copies, then one observation a cell."""

import pandas as pd

from pipelines.clean.observations import clean_observations
from pipelines.clean.rows import PLACE, Cleaned, clean_table
from pipelines.tables import TABLES, WIDE, empty, measure_of, measures_among, with_measures


def clean_readings(text: pd.DataFrame, name: str = "releves") -> Cleaned:
    """Wide rows, one a territory and source: copies dropped, and territories that come with other values set aside.

    Cells stay text, "" where blank; a measure that is not of a row's source is missing.
    """
    parts = [_clean_source(part, name) for _, part in text.groupby("id_source", sort=False)]
    return Cleaned(*(pd.concat(frames, ignore_index=True) for frames in zip(*map(_frames, parts), strict=True)))


def split_readings(kept: pd.DataFrame, name: str = "releves") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Wide rows of an intake table → one observation a cell, in the columns of the table that it becomes.

    The second frame is the journal of cells that cannot be read.
    """
    measures = measures_among(kept.columns)
    place = [*TABLES[name].names, *PLACE]
    long = kept.melt(id_vars=place, value_vars=measures, var_name="mesure", value_name="valeur").dropna(subset="valeur")
    codes = pd.DataFrame([measure_of(name) for name in long["mesure"]], columns=["code_indicateur", "millesime"])
    text = pd.concat([long.drop(columns="mesure").reset_index(drop=True), codes.astype("str")], axis=1)
    cleaned = clean_observations(text.astype({"valeur": "str"}), WIDE[name])
    if len(cleaned.set_aside):
        raise AssertionError("a wide row that is kept has a territory, once")
    return cleaned.kept[list(empty(TABLES[WIDE[name]]).columns)], cleaned.journal


def _clean_source(text: pd.DataFrame, name: str) -> Cleaned:
    every = measures_among(text.columns)
    measures = [one for one in every if text[one].notna().any()]
    own = text[[column for column in text.columns if column in measures or column not in every]]
    cleaned = clean_table(own.reset_index(drop=True), with_measures(TABLES[name], measures))
    kept = cleaned.kept.assign(**{one: cleaned.kept[one].fillna("") for one in measures})
    return Cleaned(kept, cleaned.set_aside, cleaned.journal)


def _frames(cleaned: Cleaned) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return cleaned.kept, cleaned.set_aside, cleaned.journal
