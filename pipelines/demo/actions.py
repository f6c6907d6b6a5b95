"""Fictional actions year after year: lines that continue, new lines, states, dates and money, in typed columns.

Amounts are whole cents until a file is written, so that the totals of the truth are exact.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from pipelines.demo.draws import Ints, chance, pick, split
from pipelines.demo.followup import draw_followup
from pipelines.demo.holders import MAX_HOLDERS, make_holders
from pipelines.demo.lines import AMOUNT_UNIT, draw_lines
from pipelines.demo.people import draw_answers, draw_people
from pipelines.tables import FUNDERS, GRANTED

YEARS = tuple(range(2015, 2023))
CUT_OFF = np.datetime64("2023-06-30")
_FEWEST, _MOST = 226, 274
_STATUSES = np.array(["finance", "realise", "justifie", "refuse", "ineligible", "retire"], dtype=object)
# Chances of funded, carried out, accounted for: by age of the year at the cut-off date.
_PROGRESS = {2022: (20, 48, 32), 2021: (6, 24, 70), 2020: (2, 8, 90)}
_PROGRESS_BEFORE = (0, 4, 96)


def draw_years(
    seed: int, actions_per_year: int | None = None, years: Sequence[int] = YEARS
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Each year with its typed applications, 226 to 274 unless told; half continue a line funded the year before."""
    holders = make_holders(min(MAX_HOLDERS, max(72, (actions_per_year or 0) // 4)))
    funded = draw_lines(np.random.default_rng(seed), 0, len(holders))
    for year in years:
        rng = np.random.default_rng([seed, year])
        n = actions_per_year or int(rng.integers(_FEWEST, _MOST + 1))
        continued = min(len(funded), n * int(rng.integers(46, 55)) // 100)
        chosen = rng.permutation(len(funded))[:continued]
        lines = pd.concat(
            [
                funded.iloc[chosen].assign(est_reconduction=True),
                draw_lines(rng, n - continued, len(holders)).assign(est_reconduction=False),
            ],
            ignore_index=True,
        ).iloc[rng.permutation(n)]
        lines = lines.reset_index(drop=True)
        actions = _draw_actions(rng, seed, year, lines, holders)
        funded = lines.loc[actions["statut"].isin(GRANTED)].drop(columns="est_reconduction")
        yield year, actions


def _draw_actions(
    rng: np.random.Generator, seed: int, year: int, lines: pd.DataFrame, holders: pd.DataFrame
) -> pd.DataFrame:
    """One row per application of the year."""
    n = len(lines)
    months = np.where(lines["pluriannuelle"], rng.integers(18, 34, n), rng.integers(3, 12, n))
    first = np.datetime64(f"{year}-01", "M") + pick(rng, (40, 12, 10, 8, 6, 4, 4, 2, 14), n)
    end = (first + months).astype("datetime64[D]") - 1
    start = first.astype("datetime64[D]") + 14 * chance(rng, 15, n)
    status = _draw_status(rng, year, end)
    actions = pd.DataFrame(
        {
            "code_action": [f"DEMO-{year}-{i:04d}" for i in range(1, n + 1)],
            "annee": year,
            "intitule": lines["intitule"],
            **{name: holders[name].to_numpy(dtype=object)[lines["porteur"].to_numpy()] for name in holders},
            "code_orientation": np.array([f"O{i}" for i in range(1, 7)], dtype=object)[lines["orientation"].to_numpy()],
            "statut": status,
            "est_reconduction": lines["est_reconduction"].astype("boolean"),
            "est_pluriannuelle": lines["pluriannuelle"].astype("boolean"),
            "date_debut": start.astype("datetime64[s]"),
            "date_fin": end.astype("datetime64[s]"),
        }
    )
    granted = np.isin(status, GRANTED)
    done = np.isin(status, ("realise", "justifie"))
    whole = pd.concat(
        [
            actions,
            lines.filter(regex="^(lieu|part)_"),
            _draw_money(rng, lines, status),
            draw_people(rng, lines, done),
            draw_answers(rng, year, lines, granted),
        ],
        axis=1,
    )
    # A stream of its own: what follows draws nothing from the one above.
    return pd.concat([whole, draw_followup(np.random.default_rng([seed, year, 2]), year, lines, whole)], axis=1)


def _draw_status(rng: np.random.Generator, year: int, end: np.ndarray) -> np.ndarray:
    """State of each application at the cut-off date: a fifth turned down or withdrawn, nothing done before it ends."""
    n = len(end)
    progress = pick(rng, _PROGRESS.get(year, _PROGRESS_BEFORE), n)
    turned_down = 3 + pick(rng, (11, 5, 4), n)
    progress = np.where(end > CUT_OFF, 0, progress)
    return _STATUSES[np.where(chance(rng, 20, n), turned_down, progress)]


def _draw_money(rng: np.random.Generator, lines: pd.DataFrame, status: np.ndarray) -> pd.DataFrame:
    """Total cost and, per funder, asked, granted and paid, in cents: paid <= granted <= asked, sum of asked <= cost."""
    n = len(lines)
    cost = (lines["cout"] * rng.integers(90, 111, n) // 100).to_numpy()
    weights = rng.random((n, len(FUNDERS))) + 0.2
    asked = split(
        cost * rng.integers(40, 81, n) // 100, weights * lines[[f"sollicite_{f}" for f in FUNDERS]].to_numpy()
    )
    # The whole sum for nearly half of the actions; elsewhere each funder gives a part, or nothing.
    partial = np.where(rng.random(asked.shape) < 0.08, 0, rng.integers(55, 100, asked.shape))
    rate = np.where(chance(rng, 45, n)[:, None], 100, partial)
    given = asked * rate // 100
    given = np.where(given.sum(axis=1, keepdims=True) == 0, asked, given)
    money: dict[str, pd.Series] = {}
    odd_cents = np.where(chance(rng, 30, n), rng.integers(0, 50, n) * 100 + 50, 0)
    money["montant_cout_total"] = _cents(cost * AMOUNT_UNIT + odd_cents, np.ones(n, dtype=bool))
    is_granted = np.isin(status, GRANTED)
    share = _draw_paid_share(rng, status)
    for i, funder in enumerate(FUNDERS):
        is_asked = asked[:, i] > 0
        money[f"demande_{funder}"] = _cents(asked[:, i] * AMOUNT_UNIT, is_asked)
        money[f"accorde_{funder}"] = _cents(given[:, i] * AMOUNT_UNIT, is_asked & is_granted)
        paid = given[:, i] * AMOUNT_UNIT * share // 100
        money[f"verse_{funder}"] = _cents(paid, is_asked & (share >= 0))
    return pd.DataFrame(money)


def _draw_paid_share(rng: np.random.Generator, status: np.ndarray) -> Ints:
    """Percent of the grant that is paid; -1 where nothing was paid yet."""
    n = len(status)
    accounted = np.where(chance(rng, 80, n), 100, rng.integers(70, 100, n))
    carried_out = np.where(chance(rng, 50, n), 100, 80)
    funded = np.array([-1, 50, 80])[pick(rng, (50, 30, 20), n)]
    return np.select(
        [status == "justifie", status == "realise", status == "finance"], [accounted, carried_out, funded], default=-1
    )


def _cents(values: Ints, known: np.ndarray) -> pd.Series:
    return pd.Series(values, dtype="Int64").where(known)
