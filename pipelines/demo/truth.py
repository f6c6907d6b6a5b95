"""The truth of the fictional files, counted from the generator's own rows, never from what the pipeline reads."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipelines.demo import territories
from pipelines.demo.faults import CLASH, COPY, KEPT, NO_CODE, Faulty, resolved_places
from pipelines.demo.layouts import Layout
from pipelines.tables import DIMENSIONS, FUNDERS, MARKER_QUESTIONS, MOMENTS, RESULT_CELLS

STAGES = ("demande", "accorde", "verse")
FOLLOWED = ("date_decision", "date_versement", "date_bilan", "code_objectif", "objectif_action")
FOLLOWED += tuple(column.name for column in RESULT_CELLS)


@dataclass
class Sheet:
    """One sheet as it was written: the line of each row by its rank, and the lines that are not data, by kind."""

    name: str
    lines: dict[int, int] = field(default_factory=dict)
    not_data: dict[str, int] = field(default_factory=dict)


def count_file(faulty: Faulty, sheets: list[Sheet], layout: Layout) -> list[dict[str, Any]]:
    """One entry a sheet: records read = retenues + ecartees + hors_donnees. Exact copies count among `ecartees`."""
    entries = []
    for sheet in sheets:
        fates = faulty.rows.loc[list(sheet.lines), "sort"].value_counts()
        reasons = {fate: int(fates.get(fate, 0)) for fate in (NO_CODE, CLASH, COPY)}
        entries.append(
            {
                "fichier": layout.file,
                "feuille": sheet.name,
                "lues": len(sheet.lines) + sum(sheet.not_data.values()),
                "retenues": int(fates.get(KEPT, 0)),
                "ecartees": sum(reasons.values()),
                "ecartees_par_motif": reasons,
                "hors_donnees": sum(sheet.not_data.values()),
                "hors_donnees_par_genre": sheet.not_data,
            }
        )
    return entries


def locate_faults(faulty: Faulty, sheets: list[Sheet], layout: Layout) -> list[dict[str, Any]]:
    """One entry a fault: file, sheet, line, kind, column, its label in the file, text that stands there."""
    entries = []
    for fault in faulty.faults.itertuples():
        sheet = next(sheet for sheet in sheets if fault.rang in sheet.lines)
        entries.append(
            {
                "fichier": layout.file,
                "feuille": sheet.name,
                "ligne": sheet.lines[fault.rang],
                "genre": fault.genre,
                "colonne": fault.colonne,
                "en_tete": layout.headers[fault.colonne],
                "texte": fault.texte,
            }
        )
    return sorted(entries, key=lambda entry: (entry["feuille"], entry["ligne"], entry["genre"]))


def sum_year(faulty: Faulty, layout: Layout) -> dict[str, Any]:
    """Totals of the kept rows of a year, on the columns of its file: actions and euros per cut, people, places."""
    kept = faulty.rows[faulty.rows["sort"] == KEPT]
    return {
        "actions": len(kept),
        "cout_total": _euros(kept["montant_cout_total"]),
        "statuts": _by(kept, "statut"),
        "orientations": _by(kept, "code_orientation"),
        "financeurs": {funder: _funding(kept, [funder]) | {"actions": _asked(kept, funder)} for funder in FUNDERS},
        "natures": {name: int(n) for name, n in kept["nature_porteur"].value_counts().items()},
        "porteurs": int(kept["nom_porteur"].nunique()),
        "reconductions": int(kept["est_reconduction"].sum()) if "est_reconduction" in layout.headers else None,
        "beneficiaires": _people(kept, layout),
        "territoires": _places(kept, with_shares="parts_territoires" in layout.headers),
        "egalite_declaree": _declared(kept),
        "reponses_marqueur": _answered(kept),
        "suivi": {name: int(kept[name].notna().sum()) for name in FOLLOWED if name in layout.headers},
    }


def _euros(cents: pd.Series) -> float:
    return int(cents.sum()) / 100


def _funding(rows: pd.DataFrame, funders: list[str] | tuple[str, ...] = FUNDERS) -> dict[str, float]:
    return {stage: sum(int(rows[f"{stage}_{funder}"].sum()) for funder in funders) / 100 for stage in STAGES}


def _asked(rows: pd.DataFrame, funder: str) -> int:
    return int(rows[[f"{stage}_{funder}" for stage in STAGES]].notna().any(axis=1).sum())


def _by(rows: pd.DataFrame, column: str) -> dict[str, dict[str, float]]:
    """Actions and amounts of each value of a column; « vide » where the file says nothing readable."""
    groups = rows.groupby(rows[column].fillna("vide"))
    return {str(name): {"actions": len(group)} | _funding(group) for name, group in groups}


def _people(rows: pd.DataFrame, layout: Layout) -> dict[str, dict[str, dict[str, int]]]:
    """Persons by moment, dimension and modality, for the columns that the file holds."""
    return {
        moment: {
            dimension: {
                modality: int(rows[column].sum())
                for modality in modalities
                if (column := f"benef_{moment}_{dimension}_{modality}") in layout.headers
            }
            for dimension, modalities in DIMENSIONS.items()
        }
        for moment in MOMENTS
    }


def _places(rows: pd.DataFrame, *, with_shares: bool) -> dict[str, dict[str, float]]:
    """Per territory: actions that touch it, those whose share there is known, the sum of these shares in actions."""
    where, shares = resolved_places(rows)
    alone = shares == 100
    shares = shares if with_shares else np.where(alone, 100, -1)
    totals = {}
    for position in np.unique(where[where >= 0]):
        here = where == position
        known = shares[here & (shares >= 0)]
        totals[str(territories.CODES[position])] = {
            "actions": int(here.sum()),
            "reparties": len(known),
            "parts": int(known.sum()) / 100,
        }
    return totals


def _declared(rows: pd.DataFrame) -> dict[str, int] | None:
    if "est_egalite_declaree" not in rows:
        return None
    declared = rows["est_egalite_declaree"]
    return {"oui": int(declared.sum()), "non": int((~declared).sum()), "vide": int(declared.isna().sum())}


def _answered(rows: pd.DataFrame) -> dict[str, int]:
    """Actions with at least one answer, and for each question the number of answers."""
    questions = [column.name for column in MARKER_QUESTIONS if column.name in rows]
    answered = rows[questions].notna()
    return {"actions": int(answered.any(axis=1).sum())} | {name: int(answered[name].sum()) for name in questions}
