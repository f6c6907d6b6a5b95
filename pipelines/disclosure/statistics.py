"""Observations that count persons or fiscal households: a small one is hidden, as is what its whole would give back."""

import pandas as pd

from pipelines.disclosure.margins import hide_in_margins

_SERIES = ["code_indicateur", "millesime", "id_source"]


def hide_observations(
    observations: pd.DataFrame, indicators: pd.DataFrame, containment: pd.DataFrame, seuils: dict[str, int]
) -> pd.DataFrame:
    """The observations with every small count and every rate of small counts missing, status « s », text gone.

    `seuils`: smallest count that is shown, by what `indicators.compte` says is counted. `containment`: territories
    whose values add up to that of their container, for an additive indicator.
    """
    counted = indicators.set_index("code_indicateur")["compte"].reindex(observations["code_indicateur"]).to_numpy()
    threshold = pd.Series(counted, index=observations.index).map(seuils).astype("Float64")
    small = (observations["valeur"] > 0) & (observations["valeur"] < threshold)
    concerned = observations.loc[small.fillna(False), _SERIES].drop_duplicates()
    hidden: list[object] = []
    for series in concerned.itertuples(index=False):
        rows = observations[(observations[_SERIES] == list(series)).all(axis=1) & observations["valeur"].notna()]
        # Half a person is no count: a published average is not protected as one.
        counts = rows["valeur"].round().astype("Int64")
        flags = hide_in_margins(counts, _sums(rows, containment), int(threshold[rows.index[0]]))
        hidden += list(flags.index[flags])
    # What a rate counts is not said to be persons or households: the greater threshold holds.
    counts = ["numerateur", "denominateur"]
    few = ((observations[counts] > 0) & (observations[counts] < max(seuils.values()))).fillna(False).any(axis=1)
    secret = few | observations.index.isin(hidden)
    out = observations.copy()
    out.loc[secret, ["valeur", *counts]] = pd.NA
    out.loc[secret, "statut"] = "s"
    out.loc[secret, "texte_brut"] = None
    return out


def _sums(rows: pd.DataFrame, containment: pd.DataFrame) -> list[tuple[int, list[int]]]:
    """The containers whose parts add up to theirs, as positions among the rows; rounded series do so within 1 %."""
    place = {code: at for at, code in enumerate(rows["code_territoire"])}
    values = rows["valeur"].to_numpy(dtype=float)
    sums = []
    for parent, children in containment.groupby("code_parent")["code_territoire"]:
        parts = [place[code] for code in children if code in place]
        whole = values[place[parent]] if parent in place else 0.0
        if parts and abs(values[parts].sum() - whole) <= 0.01 * whole:
            sums.append((place[parent], parts))
    return sums
