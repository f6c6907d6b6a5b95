"""Checks of names and references: a code that is a key elsewhere, a spelling, an identifier, a date."""

from datetime import date as Date
from typing import Literal

import pandas as pd

from pipelines.clean.codes import parse_siret
from pipelines.clean.words import fold
from pipelines.verdict import text_of


def expect_codes_to_be_keys(rows: pd.DataFrame, parents: pd.DataFrame, *, column: str, key: str) -> pd.DataFrame:
    """Rows whose code is not a key of the parent table; a row without code refers to nothing."""
    codes = rows[column]
    faults = rows[codes.notna() & ~codes.isin(parents[key])]
    return faults.assign(valeur=faults[column])


def expect_spellings_to_name_one_territory(aliases: pd.DataFrame, territories: pd.DataFrame) -> pd.DataFrame:
    """Aliases that, but for case, accents and dashes, also stand for another territory: as alias, name or code.

    A name that two territories bear is no fault by itself (three « Centre-Ville »): it resolves to none of them.
    """
    named = pd.concat(
        [
            pd.DataFrame({"graphie": fold(aliases["alias"].fillna("")), "code": aliases["code_territoire"]}),
            # A quartier of 2024 may keep the name of one of 2015: the name alone means the first geography.
            _named(territories[territories["geographie"] != "QPV2024"], "nom_territoire"),
            _named(territories, "code_territoire"),
        ]
    ).dropna()
    nb_codes = named.drop_duplicates().groupby("graphie")["code"].size()
    faults = aliases[fold(aliases["alias"].fillna("")).map(nb_codes).gt(1)]
    return faults.assign(valeur=faults["alias"])


def expect_siret_to_hold_its_key(rows: pd.DataFrame, *, column: str) -> pd.DataFrame:
    """Rows whose SIRET of fourteen digits fails its own key (Luhn, or La Poste's rule); another shape is not judged."""
    shaped = rows[rows[column].fillna("").str.fullmatch(r"\d{14}")]
    known = shaped[column].drop_duplicates().astype("str")
    wrong = known[parse_siret(known)[1] != ""]
    faults = shaped[shaped[column].isin(wrong)]
    return faults.assign(valeur=faults[column])


def expect_events_not_after(
    rows: pd.DataFrame, *, column: str, kind: Literal["instance", "signature", "deliberation"], date: Date
) -> pd.DataFrame:
    """Events of a kind that are said to have happened after a date; « 2019 » and « 2019-06 » count as their start."""
    # ISO dates of one length sort as text.
    late = [str(text) > date.isoformat()[: len(str(text))] for text in rows[column].fillna("")]
    faults = rows[pd.Series(late, index=rows.index, dtype=bool) & (rows["type_evenement"] == kind)]
    return faults.assign(valeur=faults[column])


def expect_dates_not_after(rows: pd.DataFrame, *, column: str, date: Date) -> pd.DataFrame:
    """Rows whose date is later than a date: what had not happened yet cannot be known."""
    faults = rows[rows[column] > pd.Timestamp(date)]
    return faults.assign(valeur=faults[column].map(text_of).astype("str"))


def _named(territories: pd.DataFrame, column: str) -> pd.DataFrame:
    """Folded spelling and code of each territory, without the names that several territories bear."""
    named = pd.DataFrame({"graphie": fold(territories[column].fillna("")), "code": territories["code_territoire"]})
    return named[~named["graphie"].duplicated(keep=False)]
