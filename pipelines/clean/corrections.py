"""Corrections applied to a text frame, before any cleaning: one cell each, and only where it still says the same."""

from collections.abc import Sequence

import pandas as pd

from pipelines.clean.rows import JOURNAL, PLACE
from pipelines.errors import DataError
from pipelines.read.corrections import NAME, Correction, nearest


def apply_corrections(text: pd.DataFrame, corrections: Sequence[Correction]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The text frame with its cells mended, and one journal row per correction: the text that was read, the reason.

    `text` has a unique index; a missing cell is one that the row's source does not have. DataError, with the line of
    the corrections file and the fix, where a correction does not designate one cell, or that cell reads otherwise.
    """
    mended = text.copy()
    # Few corrections, many rows: look among the lines that are named.
    named = text.loc[text["ligne"].isin([correction.ligne for correction in corrections])]
    seen: dict[tuple[object, str], str] = {}
    notes = []
    for correction in corrections:
        row = _row(text, named, correction)
        earlier = seen.setdefault((row, correction.colonne), correction.origine)
        if earlier != correction.origine:
            raise DataError(f"{correction.origine} : cette cellule est déjà corrigée ({earlier}). N'en garder qu'une.")
        _refuse_stale(correction, text.loc[row, correction.colonne])
        mended.loc[row, correction.colonne] = correction.nouvelle_valeur
        reason = f"corrigé ({correction.origine}) : {correction.motif}"
        notes.append([*text.loc[row, PLACE], correction.colonne, correction.ancienne_valeur, reason])
    return mended, pd.DataFrame(notes, columns=JOURNAL)


def _row(text: pd.DataFrame, named: pd.DataFrame, correction: Correction) -> object:
    """Index of the only row that a correction designates."""
    fichier, feuille, ligne, colonne, origin = (*correction[:4], correction.origine)
    known = [name for name in text.columns if name not in PLACE]
    if colonne not in known:
        raise DataError(
            f"{origin} : la colonne « {colonne} » n'est pas lue dans {fichier}. "
            f"Noms les plus proches : {nearest(colonne, known)}. Écrire l'un des noms que « colonnes » donne dans "
            "contrat.yml."
        )
    # A correction comes through a spreadsheet too: the spaces around a sheet's name do not count.
    here = (named["fichier"] == fichier) & (named["feuille"].str.strip() == feuille) & (named["ligne"] == ligne)
    rows = named.index[here & named[colonne].notna()]
    if len(rows) == 1:
        return rows[0]
    if len(rows):
        raise DataError(
            f"{origin} : deux sources de contrat.yml lisent cette cellule de {fichier}. "
            "N'en garder qu'une, ou corriger dans l'outil d'export."
        )
    sheets = text.loc[text["fichier"] == fichier, "feuille"].str.strip().unique()
    if feuille not in sheets:
        listed = ", ".join(f"« {name} »" for name in sheets if name)
        fix = f"Écrire l'une des feuilles : {listed}." if listed else "Ce fichier n'a pas de feuille : laisser vide."
        raise DataError(f"{origin} : la feuille « {feuille} » n'est pas lue dans {fichier}. {fix}")
    raise DataError(
        f"{origin} : la ligne {ligne} de {fichier} n'est pas une ligne de données avec « {colonne} » (elle est vide, "
        "en-tête, total, mal découpée, ou absente). Écrire le numéro que donnent ose check ou journal.csv."
    )


def _refuse_stale(correction: Correction, read: str) -> None:
    if read != correction.ancienne_valeur:
        raise DataError(
            f"{correction.origine} : l'ancienne valeur ({_said(correction.ancienne_valeur)}) n'est pas celle de "
            f"{correction.fichier} ({_said(read)}). Le fichier a peut-être changé : vérifier, puis mettre à jour ou "
            f"supprimer cette ligne de {NAME}."
        )
    if read == correction.nouvelle_valeur:
        raise DataError(f"{correction.origine} : la nouvelle valeur est l'ancienne. Supprimer cette ligne de {NAME}.")


def _said(cell: str) -> str:
    return f"« {cell} »" if cell else "vide"
