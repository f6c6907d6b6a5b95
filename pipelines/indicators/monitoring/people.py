"""For whom: persons planned and reached, never one for the other, on the actions that state both."""

from collections.abc import Sequence

import pandas as pd

from pipelines.disclosure import ALL
from pipelines.errors import UsageError
from pipelines.indicators.monitoring.definitions import TOTAL, among, percent
from pipelines.tables import DIMENSIONS, GRANTED


def compare_planned_reached(
    actions: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    reached: pd.DataFrame,
    dimension: str,
    *,
    coupe: str = ALL,
    code: str | Sequence[str] = ALL,
    base_minimale: int = 1,
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Persons planned and reached by modality, on the granted actions that state both; small counts are not there.

    Columns: modalite, nb_prevu, nb_realise, taux_realisation; last row: all, missing where no action states both.
    `reached`: the table effectifs_publies; `coupe` and `code`: of which class of actions, those that are given, or
    of which classes. Years and classes add up; a count hidden in one is missing in their sum. `base_minimale`: smallest
    number planned that gives a rate. `count_both` gives the number of actions compared. UsageError where `actions` are
    not those of the class.
    """
    kept = _both(actions, beneficiaries, dimension, granted)
    planned = kept[kept["moment"] == "prevu"].groupby("modalite")["nb_personnes"].sum()
    classes = [code] if isinstance(code, str) else list(code)
    own = reached[(reached["coupe"] == coupe) & reached["code"].isin(classes) & (reached["dimension"] == dimension)]
    own = own[own["annee"].isin(actions["annee"])]
    if own.loc[own["modalite"] == ALL, "nb_actions"].sum() != kept["code_action"].nunique():
        raise UsageError(
            f"Ces actions ne sont pas celles de la coupe « {coupe} », classe « {code} » : les effectifs réalisés ne se "
            "publient que par coupes entières (coupes_personnes de contrat.yml)."
        )
    counts = own.groupby("modalite")["nb_personnes"].agg(lambda cells: cells.sum(skipna=False))
    out = pd.DataFrame({"nb_prevu": planned, "nb_realise": counts.drop(ALL, errors="ignore")}).astype("Int64")
    out = out.reindex([modality for modality in DIMENSIONS[dimension] if modality in out.index])
    out.loc[TOTAL] = [planned.sum(min_count=1) if len(planned) else pd.NA, counts.get(ALL, pd.NA)]
    out = out.astype("Int64").rename_axis("modalite").reset_index()
    return out.assign(taux_realisation=percent(out["nb_realise"], out["nb_prevu"], base_minimale))


def count_both(
    actions: pd.DataFrame, beneficiaries: pd.DataFrame, dimension: str, *, granted: Sequence[str] = GRANTED
) -> tuple[int, int]:
    """Granted actions that state beneficiaries both planned and reached for a dimension, and all granted actions."""
    kept = _both(actions, beneficiaries, dimension, granted)
    return kept["code_action"].nunique(), int(actions["statut"].isin(granted).sum())


def _both(actions: pd.DataFrame, beneficiaries: pd.DataFrame, dimension: str, granted: Sequence[str]) -> pd.DataFrame:
    codes = actions.loc[actions["statut"].isin(granted), "code_action"]
    kept = beneficiaries[among(beneficiaries["code_action"], codes) & (beneficiaries["dimension"] == dimension)]
    moments = kept.groupby("code_action")["moment"].nunique()
    return kept[among(kept["code_action"], moments.index[moments == 2])]


def women_share(by_sex: pd.DataFrame, column: str, *, base_minimale: int = 1) -> float | None:
    """Women among women and men, in percent, from a table by sex.

    None where a count is hidden or missing, or where women and men are fewer than `base_minimale`.
    """
    counts = by_sex.set_index("modalite")[column].reindex(["femmes", "hommes"])
    return None if counts.isna().any() or counts.sum() < base_minimale else float(100 * counts["femmes"] / counts.sum())


def resident_share(by_residence: pd.DataFrame, column: str, modality: str, *, base_minimale: int = 1) -> float | None:
    """Residents of a kind (qpv, qva, hors) among those of known residence, in percent, from a table by residence.

    None where a count is hidden or missing, or where they are fewer than `base_minimale`.
    """
    counts = by_residence.set_index("modalite")[column].reindex(["qpv", "qva", "hors"])
    if counts.isna().any() or counts.sum() < base_minimale:
        return None
    return float(100 * counts[modality] / counts.sum())
