"""Observations that count persons or fiscal households: a small one is hidden, as is what its whole would give back."""

import pandas as pd

from pipelines.disclosure.margins import hide_in_margins

_SERIES = ["code_indicateur", "millesime", "id_source"]
_VALUE = ["code_indicateur", "code_territoire", "millesime"]
# A table of quartiers of the whole country has not these: a value without them is judged by itself.
_COUNTS = ["numerateur", "denominateur"]


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
    counts = [name for name in _COUNTS if name in observations]
    few = ((observations[counts] > 0) & (observations[counts] < max(seuils.values()))).fillna(False).any(axis=1)
    secret = few | observations.index.isin(hidden)
    return _hide(observations, secret)


def hide_elsewhere(
    elsewhere: pd.DataFrame, observations: pd.DataFrame, indicators: pd.DataFrame, seuils: dict[str, int]
) -> pd.DataFrame:
    """The observations of the whole country, small ones hidden, and those that the contract's own table hides.

    `observations`: the contract's own, hidden already. A value that is hidden there, be it to protect another, would be
    read here.
    """
    nowhere = pd.DataFrame({"code_territoire": [], "code_parent": []}, dtype="str")
    out = hide_observations(elsewhere, indicators, nowhere, seuils)
    hidden = pd.MultiIndex.from_frame(observations.loc[observations["statut"] == "s", _VALUE])
    return _hide(out, pd.Series(pd.MultiIndex.from_frame(out[_VALUE]).isin(hidden), index=out.index))


def _hide(observations: pd.DataFrame, secret: pd.Series) -> pd.DataFrame:
    out = observations.copy()
    out.loc[secret, [name for name in ("valeur", *_COUNTS) if name in out]] = pd.NA
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
