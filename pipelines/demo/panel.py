"""A fictional panel: quartiers with counts at three censuses and a yearly register, whose changes are known.

No public file holds two vintages of the quartiers of 2015 with their counts. This panel shows what they would allow;
its quartiers are invented too, so that no real one is ever said to catch up or fall behind.
"""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.demo.layouts import MENTION

FOLDER = "observation"
TERRITORIES, LINKS, VALUES = (
    f"{FOLDER}/panel_{name}_fictif.csv" for name in ("territoires", "appartenances", "observations")
)
CONCERNED, OTHER = "000000001", "000000002"
RATE, REGISTER = "taux_emploi_exemple", "part_demandeurs_exemple"
CENSUSES = (2010, 2015, 2020)
YEARS = tuple(range(2009, 2023))
STARTED, TRUE_CHANGE = 2016, -2.0
# Of each quartier: inhabitants of 15 to 64, employment rate in 2010, change of its gap to the rest by 2020, in points.
_QUARTIERS = (
    (2400, 42, 9), (3100, 38, 8), (5200, 45, 7), (1800, 33, -9), (2900, 47, -8), (4300, 40, -7),
    (16000, 50, 0), (14000, 44, 0), (900, 36, 3), (1100, 41, -3), (1300, 39, 2), (2600, 35, -2),
)  # fmt: skip
STRADDLING, SHARE_INSIDE = "EX0012", 60
_REST, _REST_RATE, _REST_CHANGE = 110_000, 58, 1


def quartier_codes(first: int = 1) -> list[str]:
    """Codes of the quartiers: EX0001 and so on in the concerned agglomeration, EX0101 and so on in the other."""
    return [f"EX{first + rank:04d}" for rank in range(len(_QUARTIERS))]


def write_panel(folder: Path, seed: int) -> None:
    """Write the three files of the panel under a contract folder."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    values = pd.concat([_draw_censuses(np.random.default_rng([seed, 7])), _draw_register(seed)], ignore_index=True)
    for name, frame in ((TERRITORIES, _list_territories()), (LINKS, _list_links()), (VALUES, values)):
        text = io.StringIO()
        frame.to_csv(text, sep=";", decimal=",", index=False, lineterminator="\n")
        (folder / name).write_text(text.getvalue(), encoding="utf-8", newline="\n")


def true_changes() -> pd.Series:
    """Change of the gap to the rest of the agglomeration from the first census to the last, in points, by code."""
    return pd.Series([change for _, _, change in _QUARTIERS], index=quartier_codes(), dtype="float64")


def _list_territories() -> pd.DataFrame:
    epci = [(CONCERNED, "epci", "Agglomération d'exemple A"), (OTHER, "epci", "Agglomération d'exemple B")]
    quartiers = [
        (code, "qpv", f"Quartier d'exemple {letter}{rank}")
        for letter, first in (("A", 1), ("B", 101))
        for rank, code in enumerate(quartier_codes(first), start=1)
    ]
    frame = pd.DataFrame([*epci, *quartiers], columns=["code_territoire", "type_territoire", "nom_territoire"])
    straddles = frame["code_territoire"] == STRADDLING
    note = pd.Series(MENTION, index=frame.index).mask(straddles, f"{MENTION} ; déborde sur une autre agglomération")
    same = {"geographie": "exemple", "secteur": "", "statut_politique_ville": "", "est_fictif": "oui"}
    return frame.assign(**same, est_incertain="non", note=note)


def _list_links() -> pd.DataFrame:
    names = {CONCERNED: "Agglomération d'exemple A", OTHER: "Agglomération d'exemple B"}
    rows = [
        (code, epci, "epci", names[epci], "oui" if epci == CONCERNED else "non", "")
        for epci, first in ((CONCERNED, 1), (OTHER, 101))
        for code in quartier_codes(first)
    ]
    columns = ["code_territoire", "code_parent", "type_parent", "nom_parent", "est_dans_agglomeration"]
    frame = pd.DataFrame(rows, columns=[*columns, "part_population"])
    straddling = frame[frame["code_territoire"] == STRADDLING]
    beyond = straddling.assign(code_parent=OTHER, nom_parent=names[OTHER], est_dans_agglomeration="non")
    shared = [straddling.assign(part_population=SHARE_INSIDE), beyond.assign(part_population=100 - SHARE_INSIDE)]
    return pd.concat([frame.drop(straddling.index), *shared], ignore_index=True)


def _draw_censuses(rng: np.random.Generator) -> pd.DataFrame:
    """Counts of each quartier and of the whole agglomeration at each census, as estimated from a sample."""
    rows = []
    for rank, vintage in enumerate(CENSUSES):
        part = rank / (len(CENSUSES) - 1)
        employed, people = 0.0, 0.0
        for code, (size, rate, change) in zip(quartier_codes(), _QUARTIERS, strict=True):
            number = _draw_count(rng, size, rate + part * (change + _REST_CHANGE))
            rows.append((RATE, code, vintage, number, size))
            inside = SHARE_INSIDE / 100 if code == STRADDLING else 1.0
            employed, people = employed + inside * number, people + inside * size
        rest = _draw_count(rng, _REST, _REST_RATE + part * _REST_CHANGE)
        rows.append((RATE, CONCERNED, vintage, round(employed) + rest, round(people) + _REST))
    columns = ["code_indicateur", "code_territoire", "millesime", "numerateur", "denominateur"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(valeur=_percent(frame))


def _draw_register(seed: int) -> pd.DataFrame:
    """Job seekers of each quartier per hundred inhabitants, each year: a common course, noise, and the known change."""
    rng = np.random.default_rng([seed, 8])
    common = np.cumsum(rng.integers(-3, 5, len(YEARS))) / 10
    rows = []
    for epci, first in ((CONCERNED, 1), (OTHER, 101)):
        for code, (size, rate, _) in zip(quartier_codes(first), _QUARTIERS, strict=True):
            level = 30 - rate / 4 + rng.integers(-20, 21) / 10
            for course, year in zip(common, YEARS, strict=True):
                gained = TRUE_CHANGE if epci == CONCERNED and year >= STARTED else 0.0
                share = level + course + gained + rng.integers(-6, 7) / 10
                rows.append((REGISTER, code, year, round(size * share / 100), size))
    columns = ["code_indicateur", "code_territoire", "millesime", "numerateur", "denominateur"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(valeur=_percent(frame))


def _draw_count(rng: np.random.Generator, size: int, rate: float) -> int:
    """How many of `size` are estimated where `rate` percent are: a census that asks four in ten, each person once."""
    asked, counted = size * 4 // 10, round(size * rate / 100)
    return round(size * int((rng.permutation(size)[:asked] < counted).sum()) / asked)


def _percent(frame: pd.DataFrame) -> pd.Series:
    return (100 * frame["numerateur"] / frame["denominateur"]).round(1)
