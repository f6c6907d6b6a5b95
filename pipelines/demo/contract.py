"""One invented contract of a size like those of France: its territories, what is known of them, its programmes.

Everything is fictional and says so. Codes have the shape of real ones, of a département « 000 » that does not exist.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.demo import territories
from pipelines.demo.draws import Ints, chance, pick
from pipelines.demo.layouts import MENTION
from pipelines.demo.lines import PLACES

EPCI = "000000001"
# Contracts by number of quartiers: communities of `analyse_qpv.csv` (INSEE, quartiers of 2024: 1 518 in 363) but one
# of 66, and 71 contracts of one quartier more: there are 434 contracts (ANCT).
_SIZES = {
    1: 208, 2: 73, 3: 44, 4: 16, 5: 11, 6: 16, 7: 11, 8: 7, 9: 10, 10: 8, 11: 4, 12: 2, 13: 1, 14: 1, 15: 3, 16: 6,
    17: 1, 18: 2, 20: 2, 21: 3, 23: 1, 26: 1, 35: 1, 43: 1,
}  # fmt: skip
# Inhabitants of a quartier, tenth by tenth, same file; its greatest are cut at 20 000.
_INHABITANTS = (1000, 1173, 1366, 1593, 1885, 2321, 2824, 3561, 4851, 7574, 20000)
_FEWEST_ACTIONS, _MOST_ACTIONS = 10, 600
_FIRST_YEARS = (2020, 2021)
LAST_YEAR = 2022
_CENSUSES, _COUNTED, _JOBLESS = (2015, 2020), range(2015, 2023), range(2015, 2023)
_FIRSTS = (
    "Aubrelle", "Belvaucourt", "Clairmousse", "Domérilles", "Estrebois", "Fontadelle", "Grandelune", "Hauteverne",
    "Islemarche", "Jolivente", "Lorgemare", "Montrefeuil", "Noirelande", "Orvanchère", "Plaisendre", "Roquemille",
)  # fmt: skip
_SECONDS = ("", "-le-Neuf", "-les-Saules", "-sur-Orbelle", "-la-Garde")
_QUARTIERS = ("Les Glycines", "La Verrière", "Le Grand Pré", "Les Hirondelles", "La Tuilerie", "Le Clos bleu")


@dataclass(frozen=True)
class Invented:
    """An invented contract, in frames of the canonical columns. `places`: code of each place of a line, by position."""

    years: tuple[int, ...]
    actions_per_year: int
    territories: pd.DataFrame
    links: pd.DataFrame
    observations: pd.DataFrame
    places: list[str]
    nb_qpv: int
    nb_communes: int
    nb_communes_qpv: int


def draw_contract(rng: np.random.Generator) -> Invented:
    """A contract: as many quartiers as one drawn among those of France, and the rest in proportion."""
    nb_qpv = list(_SIZES)[pick(rng, tuple(_SIZES.values()), 1)[0]]
    nb_communes_qpv = int(min(nb_qpv, 1 + rng.integers(0, 1 + nb_qpv // 2)))
    nb_communes = nb_communes_qpv + int(rng.integers(4, 30))
    quartiers = [f"QP{rank:06d}" for rank in range(1, nb_qpv + 1)]
    communes = [f"{rank:05d}" for rank in range(1, nb_communes + 1)]
    # Each commune with quartiers has one at least.
    home = np.concatenate([np.arange(nb_communes_qpv), rng.integers(0, nb_communes_qpv, nb_qpv - nb_communes_qpv)])
    names = [f"{first}{second}" for second in _SECONDS for first in _FIRSTS]
    named = [f"{names[at]} (commune fictive)" for at in rng.permutation(len(names))[:nb_communes]]
    frame = pd.DataFrame(
        [
            (EPCI, "epci", "Agglomération fictive", "administrative", "", ""),
            *(
                (code, "commune", name, "administrative", "", "qpv" if rank < nb_communes_qpv else "hors")
                for rank, (code, name) in enumerate(zip(communes, named, strict=True))
            ),
            *(
                (code, "qpv", f"{_QUARTIERS[i % len(_QUARTIERS)]} {i + 1} (quartier fictif)", "QPV2015", "", "")
                for i, code in enumerate(quartiers)
            ),
        ],
        columns=[
            "code_territoire", "type_territoire", "nom_territoire", "geographie", "secteur", "statut_politique_ville",
        ],
    )  # fmt: skip
    frame = frame.assign(est_fictif="oui", est_incertain="non", note=MENTION)
    links = [(code, EPCI, "epci", "Agglomération fictive") for code in [*communes, *quartiers]]
    links += [(code, communes[at], "commune", named[at]) for code, at in zip(quartiers, home, strict=True)]
    linked = pd.DataFrame(links, columns=["code_territoire", "code_parent", "type_parent", "nom_parent"])
    first = _FIRST_YEARS[int(rng.integers(0, len(_FIRST_YEARS)))]
    actions = int(np.clip(nb_qpv * rng.integers(11, 19), _FEWEST_ACTIONS + rng.integers(0, 6), _MOST_ACTIONS))
    return Invented(
        years=tuple(range(first, LAST_YEAR + 1)),
        actions_per_year=actions,
        territories=frame,
        links=linked.assign(est_dans_agglomeration="oui", part_population=""),
        observations=_observe(rng, quartiers, communes, home),
        places=[*quartiers, *communes, EPCI],
        nb_qpv=nb_qpv,
        nb_communes=nb_communes,
        nb_communes_qpv=nb_communes_qpv,
    )


def move_lines(lines: pd.DataFrame, contract: Invented) -> pd.DataFrame:
    """Lines drawn for the shipped contract, in the places of this one; one that comes twice is one, shares added."""
    known = np.arange(len(territories.CODES))
    quartiers, communes = contract.nb_qpv, contract.nb_communes
    moved = np.select(
        [known < territories.FIRST_COMMUNE, known < territories.EPCI],
        [known % quartiers, quartiers + known % communes],
        default=quartiers + communes,
    )
    where = lines[[f"lieu_{i}" for i in range(PLACES)]].to_numpy()
    shares = lines[[f"part_{i}" for i in range(PLACES)]].to_numpy().copy()
    where = np.where(where >= 0, moved[where], -1)
    for later in range(1, PLACES):
        for sooner in range(later):
            twice = (where[:, later] >= 0) & (where[:, later] == where[:, sooner])
            shares[:, sooner] += np.where(twice & (shares[:, later] > 0), shares[:, later], 0)
            where[twice, later] = shares[twice, later] = -1
    alone = (where >= 0).sum(axis=1) == 1
    shares[alone] = -1
    return lines.assign(
        **{f"lieu_{i}": where[:, i] for i in range(PLACES)}, **{f"part_{i}": shares[:, i] for i in range(PLACES)}
    )


def _observe(rng: np.random.Generator, quartiers: list[str], communes: list[str], home: Ints) -> pd.DataFrame:
    """What is known of the territories: counts add up, from the quartiers to the agglomeration."""
    tenths = pick(rng, (1,) * 10, len(quartiers))
    low, high = np.array(_INHABITANTS)[tenths], np.array(_INHABITANTS)[tenths + 1]
    inside = low + rng.integers(0, high - low)
    of_quartiers = np.zeros(len(communes), dtype=int)
    np.add.at(of_quartiers, home, inside)
    people = of_quartiers * rng.integers(2, 5, len(communes)) + rng.integers(400, 6000, len(communes))
    rows: list[tuple[str, str, int, object, object, object]] = []

    def shares(code: str, year: int, numbers: Ints, sizes: Ints, where: list[str]) -> None:
        rows.extend(
            (code, place, year, round(100 * number / size, 1), number, size)
            for place, number, size in zip(where, numbers.tolist(), sizes.tolist(), strict=True)
        )

    def counts(code: str, year: int, numbers: Ints) -> None:
        whole = [*zip(communes, numbers.tolist(), strict=True), (EPCI, int(numbers.sum()))]
        rows.extend((code, place, year, number, "", "") for place, number in whole)

    active, active_of_all = inside * 62 // 100, people * 62 // 100
    employed_rate = rng.integers(30, 52, len(quartiers))
    rest_rate = rng.integers(58, 70, len(communes))
    for rank, year in enumerate(_CENSUSES):
        employed = active * (employed_rate + rank * rng.integers(-3, 5, len(quartiers))) // 100
        of_active, of_employed = np.zeros_like(of_quartiers), np.zeros_like(of_quartiers)
        np.add.at(of_active, home, active)
        np.add.at(of_employed, home, employed)
        everyone = of_employed + (active_of_all - of_active) * (rest_rate + rank) // 100
        shares("taux_emploi_15_64", year, employed, active, quartiers)
        shares("taux_emploi_15_64", year, everyone, active_of_all, communes)
        shares("taux_emploi_15_64", year, everyone.sum(keepdims=True), active_of_all.sum(keepdims=True), [EPCI])
    for year in _COUNTED:
        counts("nb_habitants", year, people * (100 + (year - _COUNTED[0]) * rng.integers(-1, 2, len(communes))) // 100)
    for year in _JOBLESS:
        counts("nb_demandeurs_emploi", year, people * rng.integers(5, 9, len(communes)) // 500 * 5)
    poor = {**dict(zip(quartiers, rng.integers(280, 560, len(quartiers)), strict=True))}
    poor |= {**dict(zip(communes, rng.integers(80, 300, len(communes)), strict=True)), EPCI: rng.integers(140, 240)}
    # Statistical secrecy hides a rate here and there.
    hidden = set(np.array(communes)[chance(rng, 8, len(communes))])
    rows.extend(
        ("taux_pauvrete", place, 2021, "s" if place in hidden else rate / 10, "", "") for place, rate in poor.items()
    )
    columns = ["code_indicateur", "code_territoire", "millesime", "valeur", "numerateur", "denominateur"]
    return pd.DataFrame(rows, columns=columns)
