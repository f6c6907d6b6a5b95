"""Quartiers of like profile elsewhere, and an outcome beside theirs. Source: domain brief, section 8.

Likeness describes: those quartiers are no control group, and nothing here says what a policy did.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.errors import DataError, UsageError
from pipelines.indicators.observation.elsewhere import (
    NO_VALUE,
    PLACED,
    is_in_agglomeration,
    place_among,
    select_elsewhere,
)


def find_similar(
    elsewhere: pd.DataFrame,
    codes: Sequence[str],
    *,
    profil: Sequence[str],
    nb_semblables: int,
    logarithmes: Sequence[str] = (),
    epci: str = "",
) -> pd.DataFrame:
    """The quartiers elsewhere whose profile is nearest, for each of some quartiers.

    No control group: they may differ in all that `profil` does not hold, and in what was done there. Distance:
    root mean square, over the indicators of `profil`, of the differences divided by the spread of all quartiers
    (interquartile range / 1.349, so that a few huge quartiers decide nothing); the logarithm is taken first of those
    named in `logarithmes`. `epci`: quartiers that lie in this agglomeration, be it in part, are not « elsewhere ».
    Columns: code_territoire, rang_proximite, code_semblable, nom_semblable, epci_semblable, distance, motif, millesime,
    id_source. A quartier whose profile is not whole is one row without a like one, and the reason. UsageError where the
    profile says nothing, DataError where it mixes sources or vintages.
    """
    if not profil or not set(logarithmes) <= set(profil) or nb_semblables < 1:
        raise UsageError(
            "Le profil demande au moins un indicateur, « logarithmes » parmi eux, et un quartier semblable."
        )
    origin = _origin(elsewhere, profil)
    profiles = _standardise(elsewhere, profil, logarithmes)
    about = elsewhere.drop_duplicates("code_territoire").set_index("code_territoire")[
        ["nom_territoire", "code_epci", "nom_epci"]
    ]
    own = is_in_agglomeration(about, epci)
    known = profiles.dropna()
    pool = known[~known.index.isin([*own.index[own], *codes])]
    rows = []
    for code in codes:
        lacking = _lacking(profiles, code)
        if lacking:
            rows.append({"code_territoire": code, "motif": f"profil incomplet : {lacking}"})
            continue
        distance = ((pool - known.loc[code]) ** 2).mean(axis=1) ** 0.5
        # Profiles stand by code, and so do equal distances: the order of the file decides nothing.
        nearest = distance.sort_values(kind="stable").head(nb_semblables)
        rows += [
            {"code_territoire": code, "rang_proximite": rank, "code_semblable": other, "distance": away, "motif": ""}
            for rank, (other, away) in enumerate(nearest.items(), start=1)
        ]
    columns = ["code_territoire", "rang_proximite", "code_semblable", "distance", "motif"]
    out = pd.DataFrame(rows, columns=columns).astype({"code_semblable": "str", "rang_proximite": "Int64"})
    named = about[["nom_territoire", "nom_epci"]].set_axis(["nom_semblable", "epci_semblable"], axis=1)
    out = out.merge(named, left_on="code_semblable", right_index=True, how="left", validate="many_to_one")
    out = out.astype({"distance": "Float64"})[
        [*columns[:3], "nom_semblable", "epci_semblable", *columns[3:]]
    ].reset_index(drop=True)
    return out.assign(millesime=origin[0], id_source=origin[1])


def compare_to_similar(elsewhere: pd.DataFrame, similar: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Each quartier beside the lowest, the middle and the highest of its like ones, for an indicator of the same file.

    `similar`: from `find_similar`; an indicator of its profile would only say that they are like. Columns:
    code_territoire, nom_territoire, valeur, valeur_plus_basse, quartier_plus_bas, valeur_mediane, valeur_plus_haute,
    quartier_plus_haut, nb_quartiers (like ones), nb_sans_valeur, situation, motif ("" where it is compared). DataError
    where the profile is of another source or vintage.
    """
    if len(similar):
        _refuse_others(_origin(elsewhere, [indicator]), tuple(similar[["millesime", "id_source"]].iloc[0]))
    every = select_elsewhere(elsewhere, indicator).set_index("code_territoire", drop=False).rename_axis(None)
    rows = []
    for code, likes in similar.groupby("code_territoire", sort=False):
        mine = every.loc[code] if code in every.index else pd.Series({"nom_territoire": pd.NA, "valeur": pd.NA})
        placed = place_among(every[every.index.isin(likes["code_semblable"].dropna())])
        why = likes["motif"].iloc[0] or (NO_VALUE if pd.isna(mine["valeur"]) else "")
        why = why or ("" if placed["nb_quartiers"] > placed["nb_sans_valeur"] else "aucun semblable n'a de valeur")
        rows.append(
            {"code_territoire": code, "nom_territoire": mine["nom_territoire"], "valeur": mine["valeur"], **placed}
            | {"situation": "" if why else _situate(mine["valeur"], placed), "motif": why}
        )
    columns = [
        "code_territoire",
        "nom_territoire",
        "valeur",
        *PLACED,
        "nb_quartiers",
        "nb_sans_valeur",
        "situation",
        "motif",
    ]
    values = ["valeur", "valeur_plus_basse", "valeur_mediane", "valeur_plus_haute"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(values, "Float64"))


def _origin(elsewhere: pd.DataFrame, indicators: Sequence[str]) -> tuple[str, str]:
    """The vintage and the source that some indicators share."""
    every = [select_elsewhere(elsewhere, name)[["millesime", "id_source"]].iloc[0] for name in indicators]
    for other in every[1:]:
        _refuse_others(tuple(every[0]), tuple(other))
    return tuple(every[0])


def _refuse_others(one: tuple[str, str], other: tuple[str, str]) -> None:
    if one != other:
        raise DataError(
            f"Un profil et ce qu'on lui compare viennent d'un fichier et d'un millésime : trouvé {', '.join(one)} et "
            f"{', '.join(other)}. Choisir des indicateurs du même fichier."
        )


def _situate(value: float, placed: dict[str, object]) -> str:
    """Where a value stands among those of its like ones, in words."""
    if value < placed["valeur_plus_basse"]:
        return "au-dessous de tous"
    if value > placed["valeur_plus_haute"]:
        return "au-dessus de tous"
    if value == placed["valeur_mediane"]:
        return "comme le quartier médian"
    return "entre le plus bas et le médian" if value < placed["valeur_mediane"] else "entre le médian et le plus haut"


def _standardise(elsewhere: pd.DataFrame, profil: Sequence[str], logarithmes: Sequence[str]) -> pd.DataFrame:
    """Quartier × indicator of the profile, each in units of its spread over all quartiers."""
    columns = {name: select_elsewhere(elsewhere, name).set_index("code_territoire")["valeur"] for name in profil}
    wide = pd.DataFrame(columns).astype("float64")
    for name in logarithmes:
        wide[name] = np.log(wide[name].where(wide[name] > 0))
    spread = (wide.quantile(0.75) - wide.quantile(0.25)) / 1.349
    flat = list(spread.index[~(spread > 0)])
    if flat:
        raise UsageError(f"« {flat[0]} » ne distingue pas les quartiers : le retirer du profil.")
    return wide / spread


def _lacking(profiles: pd.DataFrame, code: str) -> str:
    """What of the profile of a quartier is missing, "" where it is whole."""
    if code not in profiles.index:
        return "quartier absent du fichier"
    return ", ".join(profiles.columns[profiles.loc[code].isna()])
