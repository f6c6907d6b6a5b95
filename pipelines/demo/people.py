"""Fictional beneficiaries, planned and reached, and answers to the gender marker tree."""

import numpy as np
import pandas as pd

from pipelines.demo.draws import Ints, chance, pick, split
from pipelines.tables import DIMENSIONS

MARKER_YEAR = 2019
# Weights of the six age bands, by orientation O1 to O6.
_AGES = np.array(
    [
        (0, 0, 3, 30, 60, 7),
        (6, 32, 36, 12, 12, 2),
        (4, 14, 16, 14, 34, 18),
        (4, 12, 14, 12, 38, 20),
        (6, 16, 18, 14, 30, 16),
        (0, 1, 4, 16, 50, 29),
    ],
    dtype=float,
)
_WOMEN = np.array([44, 49, 63, 50, 56, 57], dtype=float)
_MIXED, _WOMEN_ONLY, _MEN_ONLY = 0, 1, 2
# Chances in a hundred that a file is examined: funded, not funded.
_EXAMINED = {2019: (82, 30), 2020: (88, 35), 2021: (93, 40), 2022: (96, 45)}
REASONS = np.array(
    [
        "parole plus libre entre pairs (motif fictif)",
        "public peu présent ailleurs (motif fictif)",
        "demande des participantes et participants (motif fictif)",
    ],
    dtype=object,
)


def draw_people(rng: np.random.Generator, lines: pd.DataFrame, done: np.ndarray) -> pd.DataFrame:
    """Columns benef_<moment>_<dimension>_<modality>: every dimension has the same total; reached only where `done`."""
    n = len(lines)
    planned = np.maximum(2, lines["personnes"].to_numpy() * rng.integers(85, 116, n) // 100)
    # Reached over planned stays within 0.4 and 1.6 after rounding.
    reached = np.clip(planned * rng.integers(40, 161, n) // 100, -(-planned * 2 // 5), planned * 8 // 5)
    has_account = done & chance(rng, 94, n)
    return pd.concat(
        [
            _draw_dimensions(rng, "prevu", lines, planned, np.ones(n, dtype=bool)),
            _draw_dimensions(rng, "realise", lines, reached, has_account),
        ],
        axis=1,
    )


def _draw_dimensions(
    rng: np.random.Generator, moment: str, lines: pd.DataFrame, totals: Ints, known: np.ndarray
) -> pd.DataFrame:
    n = len(lines)
    orientation, public = lines["orientation"].to_numpy(), lines["public"].to_numpy()
    women = np.select([public == _WOMEN_ONLY, public == _MEN_ONLY], [100.0, 0.0], default=_WOMEN[orientation])
    women = np.where(public == _MIXED, np.clip(women + rng.integers(-25, 26, n), 5, 95), women)
    weights = {
        "sexe": np.column_stack([women, 100 - women]),
        "age": _AGES[orientation] * (0.4 + rng.random((n, 6))),
        "residence": np.array([68.0, 14.0, 18.0]) * (0.4 + rng.random((n, 3))),
    }
    columns = {}
    for dimension, modalities in DIMENSIONS.items():
        # Most files tell everything, some leave a few people untold, a few tell nothing.
        told = pick(rng, (82, 14, 4), n)
        untold = np.select([told == 1, told == 2], [totals * rng.integers(2, 20, n) // 100, totals], default=0)
        counts = np.column_stack([split(totals - untold, weights[dimension]), untold])
        for i, modality in enumerate(modalities):
            columns[f"benef_{moment}_{dimension}_{modality}"] = pd.Series(counts[:, i], dtype="Int64").where(known)
    return pd.DataFrame(columns)


def draw_answers(rng: np.random.Generator, year: int, lines: pd.DataFrame, granted: np.ndarray) -> pd.DataFrame:
    """Before 2019 the holder's own yes or no; from 2019 answers along the tree, some files left incomplete or blank."""
    n = len(lines)
    if year < MARKER_YEAR:
        declared = pd.Series(chance(rng, 58, n), dtype="boolean").where(chance(rng, 86, n))
        return pd.DataFrame({"est_egalite_declaree": declared})
    of_granted, of_others = _EXAMINED[year]
    examined = chance(rng, np.where(granted, of_granted, of_others), n)
    mixed = (lines["public"] == _MIXED).to_numpy()
    main = chance(rng, np.where(mixed, 7, 40), n)
    criteria, coherence = examined & mixed & ~main, examined & ~mixed & ~main
    coherent = chance(rng, 70, n)
    progress = 7 * (year - MARKER_YEAR)
    # One file in fourteen lacks its last answer: each leaf of the tree loses its own.
    complete = chance(rng, 93, n)
    answers = {
        "public_mixte": (mixed, examined),
        "objectif_principal_egalite": (main, examined & (complete | criteria | coherence)),
        "diagnostic_sexue": (chance(rng, 34 + progress, n), criteria),
        "participation_equilibree": (chance(rng, 48 + progress, n), criteria),
        "indicateurs_sexues": (chance(rng, 40 + progress, n), criteria & complete),
        "public_non_mixte_coherent": (coherent, coherence & complete),
    }
    columns = {name: pd.Series(values, dtype="boolean").where(known) for name, (values, known) in answers.items()}
    reasons = pd.Series(REASONS[pick(rng, (1, 1, 1), n)], dtype="object")
    columns["motif_non_mixite"] = reasons.where(coherence & complete & coherent, None)
    return pd.DataFrame(columns)
