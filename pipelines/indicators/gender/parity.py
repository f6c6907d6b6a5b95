"""Parity of publics beside markers: two different things, and how far they go together."""

from collections.abc import Sequence

import pandas as pd

from pipelines.indicators.gender.definitions import EVERY
from pipelines.indicators.monitoring.definitions import TOTAL, percent
from pipelines.tables import GRANTED


def measure_parity(
    actions: pd.DataFrame,
    beneficiaries: pd.DataFrame,
    *,
    bornes: tuple[float, float] = (40.0, 60.0),
    granted: Sequence[str] = GRANTED,
) -> pd.DataFrame:
    """Each granted action that plans persons of known sex: its marker, part_femmes (percent), est_paritaire.

    On planned persons: those reached are published by whole cuts only. `bornes`: percent of women, both included.
    """
    kept = actions.loc[actions["statut"].isin(granted), ["code_action", "libelle_marqueur"]]
    own = beneficiaries[(beneficiaries["moment"] == "prevu") & (beneficiaries["dimension"] == "sexe")]
    wide = own.pivot_table(index="code_action", columns="modalite", values="nb_personnes", aggfunc="sum")
    wide = wide.reindex(columns=["femmes", "hommes"]).fillna(0).astype("Int64")
    wide = wide[wide.sum(axis=1) > 0].rename(columns={"femmes": "nb_prevu_femmes", "hommes": "nb_prevu_hommes"})
    wide.columns = list(wide.columns)
    out = kept.merge(wide.reset_index(), on="code_action", validate="one_to_one")
    share = percent(out["nb_prevu_femmes"], out["nb_prevu_femmes"] + out["nb_prevu_hommes"])
    return out.assign(part_femmes=share, est_paritaire=share.between(*bornes))


def compare_parity(measured: pd.DataFrame, *, base_minimale: int = 1) -> pd.DataFrame:
    """By marker, with a row for all: libelle_marqueur, nb_actions, part_femmes (of planned persons), nb_paritaires,
    part_paritaires (actions of a balanced public among those of the marker; none of fewer than `base_minimale`).
    """
    parts = [(label, measured[measured["libelle_marqueur"] == label]) for label in EVERY]
    rows = [
        (
            label,
            len(own),
            own["nb_prevu_femmes"].sum(),
            own[["nb_prevu_femmes", "nb_prevu_hommes"]].sum().sum(),
            int(own["est_paritaire"].sum()),
        )
        for label, own in [*parts, (TOTAL, measured)]
    ]
    columns = ["libelle_marqueur", "nb_actions", "femmes", "ensemble", "nb_paritaires"]
    out = pd.DataFrame(rows, columns=columns).convert_dtypes()
    return pd.DataFrame(
        {
            "libelle_marqueur": out["libelle_marqueur"],
            "nb_actions": out["nb_actions"],
            "part_femmes": percent(out["femmes"], out["ensemble"], base_minimale),
            "nb_paritaires": out["nb_paritaires"],
            "part_paritaires": percent(out["nb_paritaires"], out["nb_actions"], base_minimale),
        }
    )
