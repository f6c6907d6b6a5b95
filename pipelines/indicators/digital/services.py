"""Who offers what, and for whom: services counted by structure."""

import pandas as pd

from pipelines.indicators.monitoring.definitions import percent
from pipelines.tables import DIGITAL_AUDIENCE_LABELS, DIGITAL_SERVICE_LABELS

UNSAID = "Public non dit"


def count_services(
    offers: pd.DataFrame, structures: pd.DataFrame, *, base_minimale: int = 1, nb_publics: int | None = None
) -> pd.DataFrame:
    """One row per service, the most offered first: libelle_offre, nb_structures, part_structures, publics.

    `publics` says for whom, with the number of structures; of more than `nb_publics`, the first and « … » (None: all).
    Of the structures that answered the survey; a service
    that nobody offers is there, with 0.
    """
    answering = structures.loc[structures["est_repondante"], "code_structure"]
    own = offers[offers["code_structure"].isin(answering)]
    counts = own["type_offre"].value_counts()
    publics = own.groupby("type_offre")["public_vise"].agg(_tell_audiences, most=nb_publics)
    out = pd.DataFrame({"type_offre": list(DIGITAL_SERVICE_LABELS), "libelle_offre": DIGITAL_SERVICE_LABELS.values()})
    out["nb_structures"] = out["type_offre"].map(counts).fillna(0).astype("Int64")
    out["part_structures"] = percent(
        out["nb_structures"], pd.Series(len(answering), index=out.index), max(1, base_minimale)
    )
    out["publics"] = out["type_offre"].map(publics).astype("object").fillna("").astype("str")
    out = out.sort_values("nb_structures", ascending=False, kind="stable", ignore_index=True)
    return out.drop(columns="type_offre")


def _tell_audiences(audiences: pd.Series, most: int | None) -> str:
    """« Tous publics (11), Jeunes (4) »: the most frequent first, in the order of the vocabulary among equals."""
    named = audiences.map(DIGITAL_AUDIENCE_LABELS).fillna(UNSAID)
    counts = named.value_counts().reindex([*DIGITAL_AUDIENCE_LABELS.values(), UNSAID]).dropna().astype(int)
    counts = counts.sort_values(ascending=False, kind="stable")
    told = [f"{name} ({number})" for name, number in counts.items()]
    return ", ".join([*told[:most], "…"] if most and len(told) > most else told)
