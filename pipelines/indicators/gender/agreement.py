"""Do instructors who rate alone say the same? Agreement beyond chance, and the disagreements that a meeting can settle.

On first ratings (`tour` 1), made without seeing the others'. Markers and answers are names, not degrees: 2 is not
better than 1, so that every coefficient is the nominal one. Their libraries are heavy, and imported where they serve:
whoever reads a contract imports this package.
"""

import warnings
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from pipelines.indicators.gender.rating import Reading, rate_gender_marker
from pipelines.indicators.gender.tree import FIELDS, Tree
from pipelines.indicators.monitoring.definitions import percent
from pipelines.numbers import format_date

MARKER = "Marqueur"
_SEED, _LEVEL = 2019, 0.95
SETTLED, OPEN = "tranché", "à discuter"
COEFFICIENT = ["coefficient", "coefficient_bas", "coefficient_haut"]

Statistic = Callable[[np.ndarray], float]


def first_ratings(ratings: pd.DataFrame, tree: Tree, reading: Reading) -> pd.DataFrame:
    """The ratings made alone (`tour` 1), with the marker that each leads to."""
    alone = ratings[ratings["tour"] == 1].reset_index(drop=True)
    return rate_gender_marker(alone, tree, seuil_criteres=reading[0], issue_coherent=reading[1])


def measure_agreement(rated: pd.DataFrame, *, base_minimale: int = 1, nb_tirages: int = 999) -> pd.DataFrame:
    """Agreement on the marker beyond chance: Fleiss' kappa, Krippendorff's alpha, Cohen's kappa of each two raters.

    `rated`: `first_ratings`. Columns: mesure_accord, nb_actions that it is made on, coefficient, coefficient_bas,
    coefficient_haut. Fleiss: actions rated by all; Krippendorff: by two or more. Missing under `base_minimale` actions,
    or where all markers are the same: chance is undefined there.
    """
    counts = _count_values(rated, "marqueur")
    several = counts[counts.sum(axis=1) > 1]
    complete = several[several.sum(axis=1) == rated["code_instructeur"].nunique()]
    tables = [("Kappa de Fleiss", complete, _fleiss), ("Alpha de Krippendorff", several, _alpha)]
    wide = rated.pivot(index="code_action", columns="code_instructeur", values="marqueur")
    for one, other in combinations(wide.columns, 2):
        both = wide[[one, other]].dropna().to_numpy(dtype=int)
        tables.append((f"Kappa de Cohen, {one} et {other}", both, _cohen))
    rows = [
        (name, len(table), *_estimate(table, statistic, base_minimale, nb_tirages)) for name, table, statistic in tables
    ]
    out = pd.DataFrame(rows, columns=["mesure_accord", "nb_actions", *COEFFICIENT])
    return out.astype({"nb_actions": "Int64"} | dict.fromkeys(COEFFICIENT, "Float64"))


def compare_answers(
    rated: pd.DataFrame, consensus: pd.DataFrame, tree: Tree, *, base_minimale: int = 1, nb_tirages: int = 999
) -> pd.DataFrame:
    """By question, the marker first, no action named: how often raters agree, and what is still to be settled.

    Columns: question, nb_actions (answered by two or more), taux_concordance (pairs of answers that agree), coefficient
    (Krippendorff's alpha) with coefficient_bas and coefficient_haut, nb_desaccords, nb_tranches, nb_a_discuter.
    """
    rows = []
    for name, field in _subjects(tree).items():
        counts = _count_values(rated, field)
        counts = counts[counts.sum(axis=1) > 1]
        raters = counts.sum(axis=1)
        agreed, pairs = int((counts * (counts - 1)).sum()), int((raters * (raters - 1)).sum())
        apart = _disagreed(rated, field)
        settled = int(apart.isin(consensus["code_action"]).sum())
        estimate = _estimate(counts, _alpha, base_minimale, nb_tirages)
        rows.append((name, len(counts), agreed, pairs, *estimate, len(apart), settled, len(apart) - settled))
    tallies = ["nb_desaccords", "nb_tranches", "nb_a_discuter"]
    out = pd.DataFrame(rows, columns=["question", "nb_actions", "accords", "paires", *COEFFICIENT, *tallies])
    out.insert(2, "taux_concordance", percent(out["accords"], out["paires"]).mask(out["nb_actions"] < base_minimale))
    out = out.drop(columns=["accords", "paires"])
    return out.astype(dict.fromkeys(["nb_actions", *tallies], "Int64") | dict.fromkeys(COEFFICIENT, "Float64"))


def _subjects(tree: Tree) -> dict[str, str]:
    """What is agreed upon: name → column of the rated answers, the marker first, then the questions."""
    names = {one.champ: one.libelle for one in (*tree.questions, *tree.criteres.liste)}
    asked = {f"{names[field][0].upper()}{names[field][1:]}": field for field in FIELDS if field in names}
    return {MARKER: "marqueur"} | asked


def _disagreed(rated: pd.DataFrame, field: str) -> pd.Index:
    """Codes of the actions to which raters give different values."""
    values = rated.dropna(subset=field).groupby("code_action")[field].nunique()
    return values.index[values > 1]


def _count_values(rated: pd.DataFrame, field: str) -> np.ndarray:
    """One row per action, one column per value: how many raters gave it; a missing answer is not counted."""
    known = rated.dropna(subset=field)
    return pd.crosstab(known["code_action"], known[field].astype(int)).to_numpy()


def _estimate(table: np.ndarray, statistic: Statistic, smallest: int, draws: int) -> tuple[float, float, float]:
    """A coefficient with its percentile interval, by resampling the actions; none of fewer than `smallest` actions."""
    from scipy.stats import DegenerateDataWarning, bootstrap

    value = statistic(table) if len(table) >= max(2, smallest) else float("nan")
    if np.isnan(value):
        return value, value, value
    with warnings.catch_warnings():
        # Raters who always agree: every draw says so too.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        # Actions, not ratings, are what could have been others.
        spread = bootstrap(
            (np.arange(len(table)),),
            lambda draws, axis: np.array([statistic(drawn) for drawn in table[draws]]),
            vectorized=True,
            n_resamples=draws,
            method="percentile",
            rng=np.random.default_rng(_SEED),
        ).bootstrap_distribution
    # A draw of actions that all say the same has no coefficient.
    low, high = np.nanquantile(spread, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return value, float(low), float(high)


def _fleiss(counts: np.ndarray) -> float:
    from statsmodels.stats.inter_rater import fleiss_kappa

    # One value alone: chance would agree always.
    return float(fleiss_kappa(counts)) if (counts.sum(axis=0) > 0).sum() > 1 else float("nan")


def _alpha(counts: np.ndarray) -> float:
    import krippendorff

    if (counts.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _cohen(pairs: np.ndarray) -> float:
    from statsmodels.stats.inter_rater import cohens_kappa

    if len(np.unique(pairs)) < 2:
        return float("nan")
    table = np.zeros((pairs.max() + 1, pairs.max() + 1))
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1)
    return float(cohens_kappa(table, return_results=False))


def list_disagreements(rated: pd.DataFrame, consensus: pd.DataFrame, actions: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """What a meeting has to settle, question by question: each action that raters answer differently. Internal.

    Columns: question, code_action, intitule, nom_porteur, reponses (« I1 : oui ; I2 : non »), suite (à discuter, or
    tranché with date and reason), in the order of the questions, what is open first.
    """
    settled = consensus.set_index("code_action")
    frames = []
    for rank, (name, field) in enumerate(_subjects(tree).items()):
        apart = rated[rated["code_action"].isin(_disagreed(rated, field))].dropna(subset=field)
        if field == "marqueur" or apart.empty:
            continue
        apart = apart.sort_values(["code_action", "code_instructeur"], kind="stable")
        said = apart["code_instructeur"] + " : " + apart[field].map({True: "oui", False: "non"})
        lines = said.groupby(apart["code_action"]).agg(" ; ".join).rename("reponses").reset_index()
        frames.append(lines.assign(rang=rank, question=name))
    columns = ["question", "code_action", "intitule", "nom_porteur", "reponses", "suite"]
    if not frames:
        return pd.DataFrame(columns=columns, dtype="str")
    out = pd.concat(frames, ignore_index=True)
    out = out.merge(actions[["code_action", "intitule", "nom_porteur"]], on="code_action", how="left", validate="m:1")
    out["suite"] = [_tell_settlement(settled, code) for code in out["code_action"]]
    out = out.assign(est_tranche=out["suite"] != OPEN).sort_values(["rang", "est_tranche", "code_action"])
    return out[columns].reset_index(drop=True)


def _tell_settlement(settled: pd.DataFrame, code: str) -> str:
    if code not in settled.index:
        return OPEN
    date, reason = settled.loc[code, ["date_consensus", "motif_consensus"]]
    return f"{SETTLED}{f' le {format_date(date)}' if pd.notna(date) else ''} : {reason}"
