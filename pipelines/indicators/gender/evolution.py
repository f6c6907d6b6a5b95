"""Since t0: shares by year with their intervals, the change that is beyond chance, renewed actions year to year."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.gender.definitions import EVERY, LABELS
from pipelines.indicators.gender.distribution import COUNTS, count_markers
from pipelines.indicators.monitoring.changes import name_lines
from pipelines.indicators.monitoring.definitions import percent
from pipelines.tables import GRANTED

_ALPHA = 0.05
RISE, FALL, UNSURE, NO_BASE = "hausse", "baisse", "indéterminé", "non calculable"


def follow_shares(actions: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """Share of each marker among the examined actions of each year, with its interval.

    `actions` from `add_markers`. Columns: annee, libelle_marqueur, nb_actions, nb_examinees, nb_marqueur,
    part_marqueur, part_basse, part_haute (Wilson, 95 %), part_si_aucune, part_si_toutes (bounds: none, or all, of the
    actions not examined have this marker). No share of fewer than `base_minimale` examined actions.
    """
    # Heavy, as in agreement.py.
    from statsmodels.stats.proportion import proportion_confint

    yearly = count_markers(actions, "annee").iloc[:-1]
    rows = []
    for label in LABELS:
        of_marker = yearly[["annee", "nb_actions", "nb_examinees"]].assign(
            libelle_marqueur=label, nb_marqueur=yearly[COUNTS[label]]
        )
        rows.append(of_marker)
    out = pd.concat(rows, ignore_index=True).astype({"annee": "Int64"})
    enough = out["nb_examinees"] >= base_minimale
    known = out.loc[enough, ["nb_marqueur", "nb_examinees"]].astype(int)
    low, high = proportion_confint(known["nb_marqueur"], known["nb_examinees"], _ALPHA, method="wilson")
    unrated = out["nb_actions"] - out["nb_examinees"]
    out = out.assign(
        part_marqueur=percent(out["nb_marqueur"], out["nb_examinees"], base_minimale),
        part_basse=100 * pd.Series(low, index=known.index, dtype="Float64"),
        part_haute=100 * pd.Series(high, index=known.index, dtype="Float64"),
        part_si_aucune=percent(out["nb_marqueur"], out["nb_actions"]),
        part_si_toutes=percent(out["nb_marqueur"] + unrated, out["nb_actions"]),
    )
    columns = ["annee", "libelle_marqueur", "nb_actions", "nb_examinees", "nb_marqueur", "part_marqueur"]
    out = out[[*columns, "part_basse", "part_haute", "part_si_aucune", "part_si_toutes"]]
    return out.sort_values(["annee", "libelle_marqueur"], kind="stable").reset_index(drop=True)


def compare_to_start(followed: pd.DataFrame, t0: int, annee: int, *, base_minimale: int = 1) -> pd.DataFrame:
    """Each marker's change of share from t0 to a year, in points, with its interval (Newcombe, 95 %) and what it says.

    `followed`: `follow_shares`. Columns: libelle_marqueur, part_t0, part_annee, ecart_t0, ecart_bas, ecart_haut,
    evolution (hausse, baisse; indéterminé where the interval holds 0; non calculable without a base).
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    rows = []
    for label in LABELS:
        own = followed[followed["libelle_marqueur"] == label].set_index("annee")
        if not {t0, annee} <= set(own.index) or (own.loc[[t0, annee], "nb_examinees"] < base_minimale).any():
            rows.append((label, pd.NA, pd.NA, pd.NA, pd.NA, pd.NA, NO_BASE))
            continue
        before, after = own.loc[t0], own.loc[annee]
        low, high = confint_proportions_2indep(
            int(after["nb_marqueur"]), int(after["nb_examinees"]),
            int(before["nb_marqueur"]), int(before["nb_examinees"]), method="newcomb", alpha=_ALPHA,
        )  # fmt: skip
        gap = after["part_marqueur"] - before["part_marqueur"]
        sense = RISE if low > 0 else FALL if high < 0 else UNSURE
        rows.append((label, before["part_marqueur"], after["part_marqueur"], gap, 100 * low, 100 * high, sense))
    numbers = ["part_t0", "part_annee", "ecart_t0", "ecart_bas", "ecart_haut"]
    return pd.DataFrame(rows, columns=["libelle_marqueur", *numbers, "evolution"]).astype(
        dict.fromkeys(numbers, "Float64")
    )


def pair_years(actions: pd.DataFrame, annee: int, *, granted: Sequence[str] = GRANTED) -> pd.DataFrame:
    """Granted actions of a year that were granted the year before, same holder and title: both markers.

    Columns: code_action, code_action_avant, avant, apres (labels of the marker). A holder that bears one title twice in
    a year cannot be told apart: it is left out.
    """
    kept = actions[actions["statut"].isin(granted)]
    kept = kept.assign(ligne_suivie=name_lines(kept))
    kept = kept[~kept.duplicated(["annee", "ligne_suivie"], keep=False)]
    columns = ["ligne_suivie", "code_action", "libelle_marqueur"]
    before = kept.loc[kept["annee"] == annee - 1, columns]
    after = kept.loc[kept["annee"] == annee, columns]
    both = after.merge(before, on="ligne_suivie", suffixes=("", "_avant"), validate="one_to_one")
    return both.rename(columns={"libelle_marqueur": "apres", "libelle_marqueur_avant": "avant"})[
        ["code_action", "code_action_avant", "avant", "apres"]
    ]


def cross_transitions(pairs: pd.DataFrame) -> pd.DataFrame:
    """From each marker to each, not examined included: avant, apres, nb_actions, part_passages (of one `avant`)."""
    every = pd.MultiIndex.from_product([EVERY, EVERY], names=["avant", "apres"])
    counts = pairs.groupby(["avant", "apres"]).size().reindex(every, fill_value=0)
    out = counts.rename("nb_actions").astype("Int64").reset_index()
    return out.assign(part_passages=percent(out["nb_actions"], out.groupby("avant")["nb_actions"].transform("sum")))
