"""Rows of one table: typed, kept or set aside with a reason, duplicates told apart."""

import functools
from dataclasses import dataclass

import pandas as pd

from pipelines.clean.cells import parse_column
from pipelines.clean.distinct import once
from pipelines.tables import PROVENANCE, Table

PLACE = [column.name for column in PROVENANCE]
SET_ASIDE = [*PLACE, "texte", "motif", "remede"]
JOURNAL = [*PLACE, "colonne", "texte", "motif"]


@dataclass(frozen=True)
class Cleaned:
    """The result of cleaning. `kept`: typed rows; `set_aside`: rows not kept: place, text, reason, remedy.

    `journal`: one row per cell that became missing for a reason: its place, colonne, texte, motif.
    """

    kept: pd.DataFrame
    set_aside: pd.DataFrame
    journal: pd.DataFrame


def clean_table(text: pd.DataFrame, table: Table, as_read: pd.DataFrame | None = None) -> Cleaned:
    """Type every column of a text frame by its declared kind; set aside what has no usable key, and duplicates.

    `as_read`: the same rows before a cleaner relabelled them; what is set aside keeps that text.
    """
    values: dict[str, pd.Series] = {}
    notes: list[pd.DataFrame] = []
    blank = pd.Series("", index=text.index, dtype="str")
    lacking = remedies = blank
    for column in table.columns:
        if column.name in text:
            raw = text[column.name].fillna("")
            values[column.name], reasons = once(raw, functools.partial(parse_column, column=column))
            notes.append(journal_of(text, column.name, raw, reasons))
        else:
            values[column.name], reasons = pd.Series(None, index=text.index, dtype=column.dtype), blank
        if column.required:
            why = reasons.where(reasons != "", "cellule vide")
            absent = values[column.name].isna() & (lacking == "")
            lacking = lacking.mask(absent, f"sans « {column.name} » : " + why)
            remedies = remedies.mask(absent, f"Écrire « {column.name} » de cette ligne dans corrections.csv.")
    typed = pd.DataFrame(values).assign(**{name: text[name] for name in PLACE})
    repeated, repairs = _duplicates(typed.loc[lacking == ""], table)
    reasons = lacking.where(lacking != "", repeated.reindex(text.index, fill_value=""))
    remedies = remedies.where(lacking != "", repairs.reindex(text.index, fill_value=""))
    return Cleaned(
        typed.loc[reasons == ""].reset_index(drop=True),
        set_aside_of(text if as_read is None else as_read, reasons, remedies),
        pd.concat(notes, ignore_index=True),
    )


def set_aside_of(text: pd.DataFrame, reasons: pd.Series, remedies: pd.Series) -> pd.DataFrame:
    """The rows of a text frame that have a reason, with their raw text and how to mend them."""
    at = reasons != ""
    out = text.loc[at]
    told = out[PLACE].assign(texte=raw_text(out), motif=reasons[at], remede=remedies[at])
    return told[SET_ASIDE].reset_index(drop=True)


def journal_of(text: pd.DataFrame, name: str, raw: pd.Series, reasons: pd.Series) -> pd.DataFrame:
    """One journal row per cell of a column that became missing for a reason."""
    at = reasons != ""
    return text.loc[at, PLACE].assign(colonne=name, texte=raw[at], motif=reasons[at])[JOURNAL]


def raw_text(rows: pd.DataFrame) -> pd.Series:
    """The cells of each row as read, « colonne=texte », blanks left out."""
    columns = [name for name in rows.columns if name not in PLACE]
    texts = [
        " | ".join(f"{name}={cell}" for name, cell in zip(columns, cells, strict=True) if cell)
        for cells in rows[columns].fillna("").itertuples(index=False)
    ]
    return pd.Series(texts, index=rows.index, dtype="str")


def _duplicates(typed: pd.DataFrame, table: Table) -> tuple[pd.Series, pd.Series]:
    """Reason and remedy of each duplicate: exact copies after the first; every row of a key with different contents."""
    key = list(table.key)
    reasons = pd.Series("", index=typed.index, dtype="str")
    remedies = reasons.copy()
    # Copies have the same key: the few rows of a key that comes twice are all there is to compare.
    repeated = typed.loc[typed.duplicated(key, keep=False)]
    # A key may hold the source: the same values from two sources are two rows, not a copy.
    copies = repeated.duplicated([*table.names, *(name for name in key if name not in table.names)], keep="first")
    first = repeated.loc[~copies]
    clashing = first.loc[first.duplicated(key, keep=False)]
    named = ", ".join(key)
    reasons[repeated.index[copies]] = "doublon exact d'une ligne déjà lue"
    remedies[repeated.index[copies]] = (
        f"Rien à faire si c'est un doublon ; sinon, corriger {named} dans corrections.csv."
    )
    reasons[clashing.index] = f"même {named} avec un contenu différent, " + _places(clashing, key)
    remedies[clashing.index] = f"Corriger {named} de la ligne fautive dans corrections.csv, ou l'enlever de l'export."
    return reasons, remedies


def _places(rows: pd.DataFrame, key: list[str]) -> pd.Series:
    """Where the rows of each key stand: line numbers within one sheet, else the file and sheet of each line."""
    if rows.empty:
        return pd.Series(dtype="str")
    keys = [rows[name] for name in key]
    line = rows["ligne"].astype("str")
    where = rows["fichier"] + (" feuille « " + rows["feuille"] + " »").where(rows["feuille"] != "", "")
    one_sheet = where.groupby(keys).transform("nunique") == 1
    full = (where + " ligne " + line).groupby(keys).transform(" et ".join)
    return full.mask(one_sheet, "lignes " + line.groupby(keys).transform(" et ".join))
