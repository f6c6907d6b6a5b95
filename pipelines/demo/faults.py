"""Faults planted in the rows of a year: each on a row of its own, so that the truth can name what becomes of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.demo import territories
from pipelines.demo.draws import Ints
from pipelines.demo.layouts import Layout
from pipelines.demo.lines import PLACES
from pipelines.tables import FUNDERS

KEPT, NO_CODE, COPY, CLASH, OVERPAID = "retenue", "sans_code", "doublon_exact", "code_repete", "verse_depasse"
PLANTED = ["rang", "genre", "colonne", "texte"]
_TOO_MUCH = 30000  # 300 €, in cents

# What each year suffers; a kind that comes twice is planted twice.
_PLAN: dict[int, tuple[str, ...]] = {
    2015: (NO_CODE, COPY, "siret_tableur", "date_impossible", "montant_illisible", "territoire_ambigu", OVERPAID),
    2016: (NO_CODE, NO_CODE, COPY, CLASH, "siret_cle", "montant_illisible", "territoire_ambigu", "territoire_inconnu"),
    2017: (NO_CODE, COPY, CLASH, "siret_tableur", "date_impossible", "montant_nd", "territoire_ambigu"),
    2018: (NO_CODE, COPY, COPY, "siret_tableur", "siret_cle", "date_impossible", "montant_illisible", OVERPAID),
    2019: (NO_CODE, COPY, CLASH, "siret_sans_zeros", "montant_nd", "territoire_inconnu", OVERPAID),
    2020: (NO_CODE, NO_CODE, COPY, "siret_tableur", "date_impossible", "statut_inconnu", "montant_illisible"),
    2021: (NO_CODE, COPY, CLASH, "siret_cle", "montant_nd", "territoire_ambigu", OVERPAID),
    2022: (NO_CODE, COPY, "siret_tableur", "date_impossible", "montant_illisible", "montant_nd", "territoire_inconnu"),
}
_PLACES = {"territoire_inconnu": territories.UNKNOWN, "territoire_ambigu": territories.AMBIGUOUS}
_PAID = [f"verse_{funder}" for funder in FUNDERS]


@dataclass(frozen=True)
class Faulty:
    """A year with its faults. `rows`: typed, in the order of the file, `sort` saying what becomes of each;

    `cells`: texts that stand in place of a value, missing in `rows`; `faults`: one row a fault. Both: columns PLANTED.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame
    faults: pd.DataFrame


def plant_faults(rng: np.random.Generator, actions: pd.DataFrame, layout: Layout) -> Faulty:
    """The rows of a year with its faults planted, each on a row that no other fault touches."""
    rows = actions.assign(sort=KEPT, apres=np.arange(len(actions), dtype=float))
    order = [int(at) for at in rng.permutation(len(rows))]
    cells: list[tuple[int, str, str, str]] = []
    faults: list[tuple[int, str, str, str]] = []
    extras: list[pd.DataFrame] = []
    for kind in _PLAN[layout.year]:
        at = next(at for at in order if _suits(rows.loc[at], kind, layout))
        order.remove(at)
        if kind in (NO_CODE, COPY, CLASH):
            code = rows.loc[at, "code_action"]
            extras.append(_make_extra(rows.loc[[at]], kind, len(rows) + len(extras)))
            faults.append((int(extras[-1].index[0]), kind, "code_action", "" if kind == NO_CODE else code))
            if kind == CLASH:
                rows.loc[at, "sort"] = CLASH
                faults.append((at, CLASH, "code_action", code))
        elif kind == OVERPAID:
            column = _first_paid(rows.loc[at])
            rows.loc[at, column] = rows.loc[at, column.replace("verse", "accorde")] + _TOO_MUCH
            faults.append((at, kind, column, ""))
        elif kind in _PLACES:
            rows.loc[at, "lieu_0"] = _PLACES[kind]
            faults.append((at, kind, "territoires", str(territories.CODES[_PLACES[kind]])))
        else:
            column, text = _spoil(rows.loc[at], kind)
            rows.loc[at, column] = None
            cells.append((at, kind, column, text))
            faults.append((at, kind, column, text))
    rows = pd.concat([rows, *extras]).sort_values("apres", kind="stable").drop(columns="apres")
    return Faulty(rows, pd.DataFrame(cells, columns=PLANTED), pd.DataFrame(faults, columns=PLANTED))


def resolved_places(rows: pd.DataFrame) -> tuple[Ints, Ints]:
    """Places that a name resolves, shares that hold, -1 elsewhere: a lone place has 100, an unknown one voids all."""
    where = rows[[f"lieu_{i}" for i in range(PLACES)]].to_numpy()
    shares = rows[[f"part_{i}" for i in range(PLACES)]].to_numpy()
    alone = ((where >= 0).sum(axis=1) == 1)[:, None] & (where >= 0)
    resolved = where < territories.UNKNOWN
    return np.where(resolved, where, -1), np.where(resolved.all(axis=1)[:, None], np.where(alone, 100, shares), -1)


def _suits(row: pd.Series, kind: str, layout: Layout) -> bool:
    """Can this row carry this fault and show it?"""
    if kind == COPY and len(layout.sheets) > 1:
        return bool(territories.IS_NORTH[row["lieu_0"]])  # its copy goes to the sheet of the south, read second
    if kind in (OVERPAID, "montant_nd"):
        return bool(row[_PAID].notna().any())
    if kind == "statut_inconnu":
        return row["statut"] == "refuse"
    if kind in _PLACES:
        return 0 <= row["lieu_0"] < territories.FIRST_QVA
    return True


def _make_extra(row: pd.DataFrame, kind: str, rank: int) -> pd.DataFrame:
    """A row made from another, to stand some lines below it."""
    extra = row.assign(sort=kind, apres=row["apres"] + 4.5).set_axis([rank])
    if kind == NO_CODE:
        return extra.assign(code_action=None, intitule=extra["intitule"] + " (brouillon)")
    if kind == CLASH:
        return extra.assign(montant_cout_total=extra["montant_cout_total"] + _TOO_MUCH)
    return extra


def _first_paid(row: pd.Series) -> str:
    return next(column for column in _PAID if not pd.isna(row[column]))


def _spoil(row: pd.Series, kind: str) -> tuple[str, str]:
    """The column that loses its value, and the text that stands there instead."""
    siret = row["code_siret"]
    return {
        "siret_tableur": ("code_siret", "2,43E+13"),
        "siret_sans_zeros": ("code_siret", siret.lstrip("0")),
        "siret_cle": ("code_siret", f"{siret[:-1]}{(int(siret[-1]) + 1) % 10}"),
        "date_impossible": ("date_fin", f"31/02/{row['annee'] + 1}"),
        "montant_illisible": ("montant_cout_total", "à préciser"),
        "montant_nd": (_first_paid(row) if kind == "montant_nd" else "", "nd"),
        "statut_inconnu": ("statut", "Ajourné"),
    }[kind]
