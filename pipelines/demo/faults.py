"""Faults planted in the rows of a year: each on a row of its own, so that the truth can name what becomes of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.demo import territories
from pipelines.demo.draws import Ints
from pipelines.demo.layouts import Layout
from pipelines.demo.lines import PLACES
from pipelines.tables import FUNDERS, GRANTED

KEPT, NO_CODE, COPY, CLASH = "retenue", "sans_code", "doublon_exact", "code_repete"
PLANTED = ["rang", "genre", "colonne", "texte"]
_FUNDER_COLUMNS = {stage: [f"{stage}_{funder}" for funder in FUNDERS] for stage in ("demande", "verse")}

# What each year suffers; a kind that comes twice is planted twice.
_PLAN: dict[int, tuple[str, ...]] = {
    2015: (NO_CODE, COPY, "siret_tableur", "date_impossible", "montant_illisible", "territoire_ambigu", "verse_depasse"),
    2016: (NO_CODE, NO_CODE, COPY, CLASH, "siret_invalide", "montant_illisible", "territoire_ambigu", "territoire_inconnu"),
    2017: (NO_CODE, COPY, CLASH, "siret_tableur", "date_impossible", "montant_nd", "territoire_ambigu"),
    2018: (NO_CODE, COPY, COPY, "siret_tableur", "siret_invalide", "date_impossible", "montant_illisible", "verse_depasse"),
    2019: (NO_CODE, COPY, CLASH, "siret_invalide", "montant_nd", "territoire_inconnu", "verse_depasse"),
    2020: (NO_CODE, NO_CODE, COPY, "siret_tableur", "date_impossible", "statut_inconnu", "montant_illisible"),
    2021: (NO_CODE, COPY, CLASH, "siret_invalide", "montant_nd", "territoire_ambigu", "verse_depasse"),
    2022: (NO_CODE, COPY, "siret_tableur", "date_impossible", "montant_illisible", "montant_nd", "territoire_inconnu"),
}  # fmt: skip


@dataclass(frozen=True)
class Faulty:
    """A year with its faults. `rows`: typed rows in the order of the file, with `sort` (fate) and missing cells missing;

    `cells`: texts written instead of values; `faults`: one row a fault (rang, genre, colonne, texte).
    """

    rows: pd.DataFrame
    cells: pd.DataFrame
    faults: pd.DataFrame


def plant_faults(rng: np.random.Generator, actions: pd.DataFrame, layout: Layout) -> Faulty:
    """The rows of a year with its faults planted. Rows are few enough in any plan that each fault finds its own."""
    rows = actions.assign(sort=KEPT, apres=np.arange(len(actions), dtype=float))
    order = rng.permutation(len(rows))
    cells: list[tuple[int, str, str, str]] = []
    faults: list[tuple[int, str, str, str]] = []
    extras: list[pd.DataFrame] = []
    used: set[int] = set()
    for kind in _PLAN[layout.year]:
        at = next(i for i in order if i not in used and _suits(rows, i, kind))
        used.add(int(at))
        if kind in (NO_CODE, COPY, CLASH):
            extra = _make_extra(rows.loc[[at]], kind, len(rows) + len(extras))
            if kind == CLASH:
                rows.loc[at, "sort"] = CLASH
                faults.append((int(at), CLASH, "code_action", str(rows.at[at, "code_action"])))
            extras.append(extra)
            faults.append((int(extra.index[0]), kind, "code_action", str(extra["code_action"].iloc[0])))
        elif kind == "verse_depasse":
            column = _first_known(rows, at, _FUNDER_COLUMNS["verse"])
            rows.loc[at, column] = rows.at[at, column.replace("verse", "accorde")] + 30000
            faults.append((int(at), kind, column, ""))
        elif kind.startswith("territoire"):
            _misplace(rows, at, kind)
            faults.append((int(at), kind, "territoires", str(territories.CODES[_planted_place(kind)])))
        else:
            column, text = _bad_cell(rows, at, kind, layout.year)
            rows.loc[at, column] = None
            cells.append((int(at), kind, column, text))
            faults.append((int(at), kind, column, text))
    rows = pd.concat([rows, *extras]).sort_values("apres", kind="stable").drop(columns="apres")
    return Faulty(rows, pd.DataFrame(cells, columns=PLANTED), pd.DataFrame(faults, columns=PLANTED))


def _suits(rows: pd.DataFrame, at: int, kind: str) -> bool:
    """Can this row carry this fault and show it?"""
    row = rows.loc[at]
    if kind in ("verse_depasse", "montant_nd"):
        return row["statut"] in GRANTED and bool(row[_FUNDER_COLUMNS["verse"]].notna().any())
    if kind == "statut_inconnu":
        return row["statut"] == "refuse"
    if kind.startswith("territoire"):
        return 0 <= row["lieu_0"] < territories.FIRST_QVA
    return True


def _make_extra(row: pd.DataFrame, kind: str, rank: int) -> pd.DataFrame:
    """A row made from another and written some lines below it."""
    extra = row.assign(sort=kind, apres=row["apres"] + 4.5)
    if kind == NO_CODE:
        extra = extra.assign(code_action=None, intitule=row["intitule"] + " (brouillon)")
    elif kind == CLASH:
        extra = extra.assign(montant_cout_total=row["montant_cout_total"] + 100000)
    return extra.set_axis([rank])


def _first_known(rows: pd.DataFrame, at: int, columns: list[str]) -> str:
    return next(column for column in columns if not pd.isna(rows.at[at, column]))


def _planted_place(kind: str) -> int:
    return territories.UNKNOWN if kind == "territoire_inconnu" else territories.AMBIGUOUS


def _misplace(rows: pd.DataFrame, at: int, kind: str) -> None:
    rows.loc[at, "lieu_0"] = _planted_place(kind)


def _bad_cell(rows: pd.DataFrame, at: int, kind: str, year: int) -> tuple[str, str]:
    """The column that loses its value, and the text that stands there."""
    match kind:
        case "siret_tableur":
            return "code_siret", "2,43E+13"
        case "siret_invalide":
            return "code_siret", str(rows.at[at, "code_siret"]).lstrip("0")
        case "date_impossible":
            return "date_fin", f"31/02/{year + 1}"
        case "montant_illisible":
            return "montant_cout_total", "à préciser"
        case "montant_nd":
            return _first_known(rows, at, _FUNDER_COLUMNS["verse"]), "nd"
    return "statut", "Ajourné"


def resolved_places(rows: pd.DataFrame) -> tuple[Ints, Ints]:
    """Places that a name resolves (else -1), and shares that hold: 100 alone, as given if every place resolves, else -1."""
    where = rows[[f"lieu_{i}" for i in range(PLACES)]].to_numpy()
    shares = rows[[f"part_{i}" for i in range(PLACES)]].to_numpy()
    sound = np.where(where >= territories.UNKNOWN, -1, where)
    whole = (where < territories.UNKNOWN).all(axis=1)
    shares = np.where(((where >= 0).sum(axis=1) == 1)[:, None] & (where >= 0), 100, shares)
    return sound, np.where(whole[:, None], shares, -1)
