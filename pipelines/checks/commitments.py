"""Check of the national measures: what was read of each must fit in the published totals."""

import pandas as pd


def expect_totals_to_hold_measures(totals: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Levels whose total is smaller than the measures read at it; all of them where the totals lack or exceed measures.

    What the totals leave, once the legible measures are taken out, are the illegible ones: no more, no fewer.
    """
    counted = measures[measures["est_comptee"].fillna(False).astype(bool)]
    read = totals["niveau_engagement"].map(counted["niveau_engagement"].value_counts()).fillna(0).astype("Int64")
    whole = totals["nb_mesures"].sum() == len(counted)
    faults = totals[(read > totals["nb_mesures"]).fillna(False) | (not whole)]
    told = faults["nb_mesures"].astype("str") + " au total, " + read[faults.index].astype("str") + " lisibles"
    return faults.assign(valeur=told.astype("str"))
