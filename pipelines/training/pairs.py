"""Pairs of values that one may be tempted to compare, as exercises: each with what forbids it, if anything does.

What forbids it is what `pipelines.indicators.observation` refuses, in its own words, on the contract's own values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from string import ascii_uppercase

import pandas as pd

from pipelines.indicators import observation
from pipelines.numbers import MISSING, format_number
from pipelines.training.quartiers import choose_gaps
from pipelines.values import plain

# The word to write → what it means; the first: nothing forbids the comparison.
WORDS = {
    "oui": "on peut comparer",
    "source": "deux sources, ou deux définitions",
    "contour": "deux contours : le quartier n'est plus le même",
    "rupture": "la source a changé entre les deux années",
    "dates": "deux éditions trop proches",
    "nombre": "il manque un nombre",
}
LAWFUL = "oui"
COLUMNS = ["lettre", "premiere_valeur", "seconde_valeur", "mot", "consequence", "code_indicateur"]
_UNITS = {"%": " %", "€": " €"}


@dataclass(frozen=True)
class World:
    """The tables that the pairs are drawn from; `titles`: title of each source by its id."""

    observations: pd.DataFrame
    indicators: pd.DataFrame
    territories: pd.DataFrame
    containment: pd.DataFrame
    breaks: pd.DataFrame
    passages: pd.DataFrame
    epci: str
    titles: Mapping[str, str]

    @cached_property
    def tried(self) -> pd.DataFrame:
        """The gaps that the data allow, and why the others are refused."""
        return observation.list_attempts(
            self.observations, self.indicators, self.territories, self.containment, self.epci
        )

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """The lawful gaps of the contract's quartiers, lowest first."""
        return choose_gaps(
            self.tried, self.observations, self.indicators, self.territories, self.containment, self.epci
        )


# First value, second value, word, what the indicators say of it, code of the first indicator.
_Pair = tuple[str, str, str, str, str]


def propose_pairs(world: World) -> pd.DataFrame:
    """Pairs of values of the contract, a letter each, in an order that says nothing; a kind that it lacks is left out.

    Columns: lettre, premiere_valeur, seconde_valeur (what each is: indicator, place, vintage, source), mot (of
    `WORDS`), consequence (the refusal in words, or that there is none), code_indicateur. No invented example.
    """
    makers: list[Callable[[World], _Pair | None]] = [
        _across_a_break, _to_agglomeration, _across_geographies, _to_unpublished, _across_sources, _to_rest, _too_close,
    ]  # fmt: skip
    made = [pair for maker in makers if (pair := maker(world)) is not None]
    rows = [(letter, *map(plain, pair)) for letter, pair in zip(ascii_uppercase, made, strict=False)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _to_agglomeration(world: World) -> _Pair | None:
    """The highest quartier beside the agglomeration: same source, same vintage."""
    gaps = world.gaps
    if gaps.empty:
        return None
    row = gaps.iloc[-1]
    values = _values(world, row["code_indicateur"], row["millesime"])
    ours, theirs = (_one(values, code) for code in (row["code_territoire"], world.epci))
    told = "même source, même édition, même définition : l'écart se calcule"
    return _tell(world, ours), _tell(world, theirs), LAWFUL, told, row["code_indicateur"]


def _across_sources(world: World) -> _Pair | None:
    """A quartier beside an agglomeration that another source describes."""
    tried = world.tried
    percents = set(world.indicators.loc[world.indicators["unite"] == "%", "code_indicateur"])
    other = tried[tried["motif_refus"].str.contains("autre source") & tried["code_indicateur"].isin(percents)]
    if other.empty:
        return None
    first = other.iloc[0]
    notion = world.indicators.set_index("code_indicateur")["code_notion"].get(first["code_indicateur"])
    same = world.indicators.loc[world.indicators["code_notion"] == notion, "code_indicateur"]
    quartiers = world.territories[world.territories["geographie"] == first["geographie"]]["code_territoire"]
    known = world.observations[world.observations["valeur"].notna()]
    ours = known[(known["code_indicateur"] == first["code_indicateur"]) & known["code_territoire"].isin(quartiers)]
    theirs = known[known["code_indicateur"].isin(same) & (known["code_territoire"] == world.epci)]
    if theirs.empty:
        return None
    return _tell(world, ours.iloc[0]), _tell(world, theirs.iloc[0]), "source", first["motif_refus"], ours.iloc[0, 0]


def _across_geographies(world: World) -> _Pair | None:
    """A quartier before and after its outline was drawn anew, at the same notion."""
    gaps = world.gaps
    links = world.passages[world.passages["code_ancien"].isin(gaps.get("code_territoire", []))]
    for link in links.itertuples():
        reason = observation.refuse_geographies(world.passages, link.code_ancien, link.code_nouveau)
        after = world.observations[
            (world.observations["code_territoire"] == link.code_nouveau) & world.observations["valeur"].notna()
        ]
        code = gaps["code_indicateur"].iloc[0]
        notions = world.indicators.set_index("code_indicateur")["code_notion"]
        after = after[after["code_indicateur"].map(notions) == notions[code]]
        if reason and len(after):
            before = _one(_values(world, code, gaps["millesime"].iloc[0]), link.code_ancien)
            return _tell(world, before), _tell(world, after.iloc[0]), "contour", reason, code
    return None


def _across_a_break(world: World) -> _Pair | None:
    """The agglomeration, or the first place that has a series, just before and just after its source changed."""
    return _two_years(world, "rupture", "rupture de la source")


def _too_close(world: World) -> _Pair | None:
    """The last two vintages of a source that asks for more years between two of them."""
    return _two_years(world, "dates", "trop proches")


def _two_years(world: World, word: str, told: str) -> _Pair | None:
    """The last two neighbouring vintages of a series that are refused in such words."""
    for line in world.indicators.to_dict("records"):
        defined = pd.Series(line)
        held = _values(world, line["code_indicateur"])
        years = sorted({int(one) for one in held["millesime"] if one.isdecimal()})
        for start, end in reversed(list(pairwise(years))):
            reason = observation.refuse_years(defined, world.breaks, "commune", start, end)
            if told not in reason:
                continue
            both = held[held["millesime"].isin([str(start), str(end)]) & held["valeur"].notna()]
            place = both["code_territoire"].value_counts().loc[lambda many: many == 2].sort_index()
            place = place[~place.index.isin(_quartiers(world))]
            if place.empty:
                continue
            code = world.epci if world.epci in place.index else place.index[0]
            first, second = (both[both["millesime"] == str(year)] for year in (start, end))
            shown = (_tell(world, _one(first, code)), _tell(world, _one(second, code)))
            return *shown, word, reason, line["code_indicateur"]
    return None


def _to_unpublished(world: World) -> _Pair | None:
    """A commune whose value is kept secret, beside the agglomeration."""
    known = world.observations.dropna(subset="valeur")
    beside = known[(known["code_territoire"] == world.epci) & ~known["code_indicateur"].isin(_examples(world))]
    for row in beside.itertuples():
        values = _values(world, row.code_indicateur, row.millesime)
        secret = values[values["valeur"].isna() & (values["id_source"] == row.id_source)]
        if len(secret):
            one = secret.iloc[0]
            reason = f"{_place(world, one['code_territoire'])} : {observation.tell_missing(one['statut'])}"
            agglomeration = _one(values, world.epci)
            return _tell(world, one), _tell(world, agglomeration), "nombre", reason, row.code_indicateur
    return None


def _to_rest(world: World) -> _Pair | None:
    """The lowest quartier beside what surrounds it, where the counts that would tell them apart are not published."""
    gaps = world.gaps
    if gaps.empty:
        return None
    code = gaps["code_indicateur"].iloc[0]
    rest = observation.gap_to_rest(gaps, world.containment, world.epci)
    refused = rest[rest["motif_refus"] != ""].set_index("code_territoire")["motif_refus"]
    row = gaps.iloc[0]
    if row["code_territoire"] not in refused.index:
        return None
    own = _one(_values(world, code, row["millesime"]), row["code_territoire"])
    second = (
        f"{row['libelle_indicateur']} ; {_place(world, world.epci)} sans ses quartiers : effectifs non publiés, "
        "même document"
    )
    return _tell(world, own), second, "nombre", refused[row["code_territoire"]], code


def _values(world: World, code: str, vintage: str | None = None) -> pd.DataFrame:
    """The values of an indicator, of one vintage or of all; none of an invented example."""
    held = world.observations[world.observations["code_indicateur"] == code]
    held = held[~held["code_indicateur"].isin(_examples(world))]
    return held if vintage is None else held[held["millesime"] == vintage]


def _examples(world: World) -> set[str]:
    """Indicators of the invented example."""
    places = world.territories.loc[world.territories["geographie"] == "exemple", "code_territoire"]
    return set(world.observations.loc[world.observations["code_territoire"].isin(places), "code_indicateur"])


def _quartiers(world: World) -> pd.Series:
    return world.territories.loc[world.territories["type_territoire"].isin(["qpv", "qva"]), "code_territoire"]


def _one(values: pd.DataFrame, place: str) -> pd.Series:
    return values[values["code_territoire"] == place].iloc[0]


def _place(world: World, code: str) -> str:
    """Name of a place; a quartier with its code, since several bear one name."""
    row = world.territories.set_index("code_territoire").loc[code]
    quartier = row["type_territoire"] in ("qpv", "qva")
    return f"{row['nom_territoire']} ({code})" if quartier else str(row["nom_territoire"])


def _tell(world: World, row: pd.Series) -> str:
    """One value in words: what, how much, where, when, from which source."""
    defined = world.indicators.set_index("code_indicateur").loc[row["code_indicateur"]]
    unit = _UNITS.get(defined["unite"], "")
    decimals = 1 if unit == " %" else 0
    shown = MISSING if pd.isna(row["valeur"]) else f"{format_number(row['valeur'], decimals)}{unit}"
    when = f"édition {row['millesime']}" if row["millesime"].isdecimal() else "édition non précisée"
    where = _place(world, row["code_territoire"])
    return f"{defined['libelle_indicateur']} : {shown} ; {where} ; {when} ; {world.titles.get(row['id_source'], '')}"
