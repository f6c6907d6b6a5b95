"""Rows of one table: typed, kept or set aside with a reason, duplicates told apart."""

import csv
import functools
import io
from dataclasses import dataclass

import pandas as pd

from pipelines.clean.cells import parse_column
from pipelines.clean.distinct import once
from pipelines.tables import PLACE, Table

SET_ASIDE = [*PLACE, "texte", "motif", "remede"]
JOURNAL = [*PLACE, "colonne", "texte", "motif"]
# Why a copy is set aside, and that nothing is to be done: a cleaner that knows its own copies says the same.
COPY = "doublon exact d'une ligne déjà lue"
COPY_REMEDY = "Rien à faire : la première de ces lignes est retenue."


@dataclass(frozen=True)
class Cleaned:
    """The result of cleaning. `kept`: typed rows; `set_aside`: rows not kept, with place, text, reason and remedy.

    `journal`: one row per cell that became missing, or another value, for a reason: its place, colonne, texte, motif.
    """

    kept: pd.DataFrame
    set_aside: pd.DataFrame
    journal: pd.DataFrame


def clean_table(text: pd.DataFrame, table: Table, as_read: pd.DataFrame | None = None) -> Cleaned:
    """Type every column of a text frame by its declared kind; set aside what has no usable key, and duplicates.

    `as_read`: the same rows before a cleaner relabelled them; what is set aside keeps that text.
    """
    as_read = text if as_read is None else as_read
    values: dict[str, pd.Series] = {}
    blank = pd.Series("", index=text.index, dtype="str")
    notes = [journal_of(text.iloc[:0], "", blank, blank)]
    lacking = remedies = blank
    for column in table.columns:
        if column.name in text:
            raw = text[column.name].fillna("")
            values[column.name], reasons = once(raw, functools.partial(parse_column, column=column))
            if (reasons != "").any():
                notes.append(journal_of(text, column.name, raw, reasons))
        else:
            values[column.name], reasons = pd.Series(None, index=text.index, dtype=column.dtype), blank
        if column.required:
            absent = values[column.name].isna() & (lacking == "")
            if not absent.any():
                continue
            why = reasons.where(reasons != "", "cellule vide")
            lacking = lacking.mask(absent, f"sans « {column.name} » : " + why)
            remedies = _filled(remedies, write_correction(as_read.loc[absent], column.name))
    # Wide rows are heavy: no second copy of the values.
    typed = pd.DataFrame(values | {name: text[name] for name in PLACE}, copy=False)
    del values
    doubled, mending = _duplicates(typed, table, as_read, usable=lacking == "")
    reasons = _filled(lacking, doubled)
    return Cleaned(
        typed.loc[reasons == ""].reset_index(drop=True),
        set_aside_of(as_read, reasons, _filled(remedies, mending)),
        pd.concat(notes, ignore_index=True),
    )


def set_aside_of(text: pd.DataFrame, reasons: pd.Series, remedies: pd.Series) -> pd.DataFrame:
    """The rows of a text frame that have a reason, with their raw text and what to do."""
    at = reasons != ""
    out = text.loc[at, PLACE].assign(texte=raw_text(text.loc[at]), motif=reasons[at], remede=remedies[at])
    return out[SET_ASIDE].reset_index(drop=True)


def journal_of(text: pd.DataFrame, name: str, raw: pd.Series, reasons: pd.Series) -> pd.DataFrame:
    """One journal row per cell of a column that became missing, or another value, for a reason."""
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


def write_correction(rows: pd.DataFrame, name: str) -> pd.Series:
    """What to do for a cell of each row to be mended: the line that corrections.csv needs, but for value and reason."""
    if name not in rows:
        rows = rows.assign(**{name: None})
    cells = rows[["fichier", "feuille", "ligne", name]].itertuples(index=False, name=None)
    return pd.Series([_correction(*cell, name) for cell in cells], index=rows.index, dtype="str")


def _correction(file: str, sheet: str, line: int, read: str | None, name: str) -> str:
    if not isinstance(read, str):
        return f"Déclarer « {name} » dans contrat.yml pour cette source : « colonnes », ou « constantes »."
    text = io.StringIO()
    cells = [file.rsplit("/", 1)[-1], sheet, line, name, read, f"<{name} à écrire>", "<motif>"]
    csv.writer(text, delimiter=";", lineterminator="").writerow(cells)
    return f"Écrire dans corrections.csv, à côté du fichier : {text.getvalue()}"


def _filled(texts: pd.Series, others: pd.Series) -> pd.Series:
    """The texts, and the other one of the same row where a text is empty."""
    return texts.where(texts != "", others.reindex(texts.index, fill_value=""))


def _duplicates(
    typed: pd.DataFrame, table: Table, as_read: pd.DataFrame, usable: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Reason of each duplicate among usable rows, and what to do.

    Copies after the first; every row of a key that has other contents.
    """
    key = list(table.key)
    reasons = pd.Series("", index=typed.index, dtype="str")
    remedies = reasons.copy()
    # Copies have the same key: the few rows of a key that comes twice are all there is to compare.
    repeated = typed.loc[usable & typed.duplicated(key, keep=False)]
    # A key may hold the source: the same values from two sources are two rows, not a copy.
    copies = repeated.duplicated([*table.names, *(name for name in key if name not in table.names)], keep="first")
    first = repeated.loc[~copies]
    clashing = first.loc[first.duplicated(key, keep=False)]
    reasons[repeated.index[copies]] = COPY
    remedies[repeated.index[copies]] = COPY_REMEDY
    reasons[clashing.index] = f"même {', '.join(key)} avec un contenu différent, " + _places(clashing, key)
    # The last column of a key is what tells one row from the next.
    last = next(name for name in reversed(key) if name in table.names)
    remedies[clashing.index] = (
        f"Si les lignes disent la même chose, corriger celle qui se trompe ; sinon, changer « {last} » de l'une. "
        + write_correction(as_read.loc[clashing.index], last)
    )
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
