"""Persons reached by the funded actions, as they may be published: decided once, for all pages and all years."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipelines.disclosure.margins import hide_in_margins
from pipelines.tables import DIMENSIONS, GRANTED, PLACE, TABLES, empty

ALL = "ensemble"
_NAME = "effectifs_publies"
_CELL = ["annee", "coupe", "code", "dimension", "modalite"]


def count_reached(
    actions: pd.DataFrame, beneficiaries: pd.DataFrame, cuts: Mapping[str, pd.Series], seuil: int
) -> pd.DataFrame:
    """The table `effectifs_publies`: persons reached by year, cut, dimension and modality, small counts hidden.

    On the granted actions that state persons planned and reached for a dimension. `cuts`: name → class of each action
    (indexed by code_action), a partition of the actions, so that a cut adds up to the whole. Whatever page shows them,
    and in whatever year, the hidden counts are the same: no two pages give one back.
    """
    years = actions[actions["statut"].isin(GRANTED)].set_index("code_action")["annee"]
    systems = [
        _publish(_cells(rows, cuts), seuil)
        for dimension in DIMENSIONS
        for _, rows in _reached(beneficiaries[beneficiaries["dimension"] == dimension], years).groupby("annee")
    ]
    if not systems:
        return empty(TABLES[_NAME])
    out = pd.concat(systems).sort_values(["annee", "dimension"], kind="stable", ignore_index=True)
    declared = empty(TABLES[_NAME])
    return out[list(declared.columns)].astype(declared.dtypes.to_dict())


def class_of_actions(actions: pd.DataFrame, links: pd.DataFrame) -> dict[str, pd.Series]:
    """The class of each action (indexed by code_action) in every cut: its orientation, its one territory, its holder.

    An action in several territories is in the class « plusieurs »; one without a class in « nr ».
    """
    by_action = actions.set_index("code_action")
    territories = links.groupby("code_action")["code_territoire"].agg(["first", "size"])
    return {
        "orientation": by_action["code_orientation"].fillna("nr"),
        "territoire": territories["first"].astype("str").where(territories["size"] == 1, "plusieurs"),
        "porteur": by_action["nom_porteur"].fillna("nr"),
    }


def _reached(people: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """Persons reached, of one dimension, by the actions of `years` (indexed by code) that state both, with the year."""
    # Few columns, and codes as categories: a million actions give eight million such rows.
    people = people.assign(code_action=people["code_action"].astype("category"))
    codes = pd.Series(people["code_action"].cat.categories)
    planned = people.loc[people["moment"] == "prevu", "code_action"].cat.codes
    stated = codes.map(years).where(codes.index.isin(planned.unique()))
    annee = stated.reindex(people["code_action"].cat.codes).set_axis(people.index)
    both = (people["moment"] == "realise") & annee.notna()
    return people[both].assign(annee=annee[both])


def _cells(rows: pd.DataFrame, cuts: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Sums of one year and one dimension by cut, class and modality, with their margins, and the first line of each."""
    # A million actions hold their texts as categories: one year of one dimension is few enough for plain text.
    rows = rows.astype(dict.fromkeys(["code_action", "dimension", "modalite", *PLACE[:-1]], "str"))
    rows = rows.assign(premiere=range(len(rows)))
    order = list(DIMENSIONS[rows["dimension"].iloc[0]])
    wholes = {ALL: pd.Series(ALL, index=rows["code_action"].unique()), **cuts}
    frames = []
    for name, classes in wholes.items():
        long = rows.assign(coupe=name, code=rows["code_action"].map(classes).fillna("nr"))
        long = pd.concat([long, long.assign(modalite=ALL)])
        sums = long.groupby(["annee", "coupe", "code", "dimension", "modalite"], observed=True, sort=False).agg(
            nb_personnes=("nb_personnes", "sum"),
            nb_actions=("code_action", "nunique"),
            premiere=("premiere", "min"),
        )
        frames.append(sums.reset_index())
    cells = pd.concat(frames, ignore_index=True)
    rank = cells["modalite"].map({modality: place for place, modality in enumerate([*order, ALL])})
    first = cells["coupe"].map({name: place for place, name in enumerate(wholes)})
    ordered = cells.assign(rang=rank, place=first).sort_values(["place", "code", "rang"], kind="stable")
    places = rows[PLACE].iloc[ordered["premiere"]].reset_index(drop=True)
    return pd.concat([ordered[[*_CELL, "nb_personnes", "nb_actions"]].reset_index(drop=True), places], axis=1)


def _publish(cells: pd.DataFrame, seuil: int) -> pd.DataFrame:
    """The cells of one system of margins, those that must not be shown missing, with the reason."""
    counts = cells["nb_personnes"].astype("Int64")
    hidden = hide_in_margins(counts, list(_sums(cells)), seuil)
    small = (counts > 0) & (counts < seuil)
    status = pd.Series("publie", index=cells.index).mask(hidden, "secret_par_soustraction").mask(small, "secret")
    return cells.assign(nb_personnes=counts.mask(hidden), statut=status)


def _sums(cells: pd.DataFrame) -> Iterator[tuple[int, Sequence[int]]]:
    """Each margin: the modalities of a class add up to its total, the classes of a cut to the whole."""
    by_class = cells.groupby(["coupe", "code"], sort=False)
    for _, rows in by_class:
        whole = rows["modalite"] == ALL
        yield rows.index[whole][0], list(rows.index[~whole])
    whole = cells[cells["coupe"] == ALL].set_index("modalite")
    totals = dict(zip(whole.index, cells.index[cells["coupe"] == ALL], strict=True))
    for (_, modality), rows in cells[cells["coupe"] != ALL].groupby(["coupe", "modalite"], sort=False):
        yield totals[modality], list(rows.index)
