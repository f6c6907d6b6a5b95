"""What two editions showed, cell by cell: tables are matched by title and columns, rows by what names them."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from pipelines.editions.edition import Shown
from pipelines.numbers import MISSING

# More of a row that came or went would fill the screen.
_LENGTH = 200
# What was published once may since have been withheld: it is not published again by a comparison.
WITHHELD = "valeur qui n'est plus publiée"
Row = tuple[str, ...]


class Difference(NamedTuple):
    """One thing that is not the same: in which table, row and column, what happened, and both texts."""

    shown: Shown
    sources: tuple[str, ...]
    ligne: str = ""
    colonne: str = ""
    changement: str = ""
    avant: str = ""
    apres: str = ""


def compare_figures(before: Sequence[Shown], after: Sequence[Shown]) -> list[Difference]:
    """All differences between what two editions showed, in the order of the second."""
    pairs = match_shown(before, after)
    met = {id(new): old for old, new in pairs}
    kept = {id(old) for old, _ in pairs}
    differences = []
    for new in after:
        old = met.get(id(new))
        if old is None:
            differences.append(Difference(new, new.sources, changement="ajouté", apres=new.titre))
        else:
            differences += _compare(old, new)
    gone = [old for old in before if id(old) not in kept]
    return differences + [Difference(old, old.sources, changement="retiré", avant=old.titre) for old in gone]


def match_shown(before: Sequence[Shown], after: Sequence[Shown]) -> list[tuple[Shown, Shown]]:
    """The pairs of tables that are one table: same key, else same title and columns, same title, same columns.

    Never by their number: a table added above moves all numbers. Where several could be meant, none is.
    """
    pairs: list[tuple[Shown, Shown]] = []
    left, right = list(before), list(after)
    ways: tuple[tuple[Callable[[Shown], Hashable], bool], ...] = (
        (lambda one: (one.genre, one.cle) if one.cle else None, False),
        (lambda one: (one.genre, one.titre, one.colonnes), True),
        (lambda one: (one.genre, one.titre), False),
        (lambda one: (one.genre, one.colonnes), False),
    )
    for way, in_order in ways:
        for name in dict.fromkeys(way(one) for one in left):
            old = [one for one in left if way(one) == name]
            new = [one for one in right if way(one) == name]
            # Twins in the same number are told apart by their order; one more or less, and they are not.
            if name is not None and len(old) == len(new) and (len(old) == 1 or in_order):
                pairs += zip(old, new, strict=True)
                left = [one for one in left if one not in old]
                right = [one for one in right if one not in new]
    return pairs


def _compare(old: Shown, new: Shown) -> list[Difference]:
    sources = tuple(dict.fromkeys([*new.sources, *old.sources]))
    out = []
    if old.titre != new.titre:
        out.append(Difference(new, sources, changement="titre modifié", avant=old.titre, apres=new.titre))
    columns_before, columns_after = _columns(old), _columns(new)
    for name in columns_after.keys() - columns_before.keys():
        out.append(Difference(new, sources, colonne=new.libelles[columns_after[name]], changement="colonne ajoutée"))
    for name in columns_before.keys() - columns_after.keys():
        out.append(Difference(new, sources, colonne=old.libelles[columns_before[name]], changement="colonne retirée"))
    out.sort(key=lambda line: (line.changement, line.colonne))
    both = [(columns_before[name], at) for name, at in columns_after.items() if name in columns_before]
    size = _key_size(old, new)
    pairs, gone, come = _match_rows(old.rows, new.rows, size)
    for before, after in pairs:
        out += [
            Difference(
                new, sources, _name(after, size), new.libelles[j], "modifié", _former(before[i], after[j]), after[j]
            )
            for i, j in both
            if before[i] != after[j]
        ]
    out += [Difference(new, sources, _name(row, size), "", "ligne ajoutée", "", _rest(row, size)) for row in come]
    return out + [Difference(new, sources, _name(row, size), "", "ligne retirée") for row in gone]


def _former(before: str, after: str) -> str:
    return WITHHELD if after == MISSING else before


def _columns(shown: Shown) -> dict[tuple[str, int], int]:
    """Rank of each column by its name, and by how many bore it before."""
    seen: Counter[str] = Counter()
    ranks = {}
    for rank, name in enumerate(shown.colonnes):
        ranks[name, seen[name]] = rank
        seen[name] += 1
    return ranks


def _key_size(old: Shown, new: Shown) -> int:
    """How many first columns name a row: as few as tell all rows apart in both editions."""
    same = 0
    for mine, other in zip(old.colonnes[: old.nb_cles], new.colonnes[: new.nb_cles], strict=False):
        if mine != other:
            break
        same += 1
    for size in range(1, same + 1):
        if all(len({row[:size] for row in shown.rows}) == len(shown.rows) for shown in (old, new)):
            return size
    return max(1, same)


def _match_rows(
    before: Sequence[Row], after: Sequence[Row], size: int
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Rows of the same name, paired; those that went; those that came. Rows of one name that differ pair with none."""
    pairs, gone = [], []
    left: dict[Row, list[Row]] = {}
    for row in after:
        left.setdefault(row[:size], []).append(row)
    twins = {name for rows in (before, after) for name, number in _names(rows, size).items() if number > 1}
    for row in before:
        candidates = left.get(row[:size], [])
        if row[:size] in twins:
            if row in candidates:
                candidates.remove(row)
            else:
                gone.append(row)
        elif candidates:
            pairs.append((row, candidates.pop()))
        else:
            gone.append(row)
    return pairs, gone, [row for row in after if any(row is one for one in left[row[:size]])]


def _names(rows: Sequence[Row], size: int) -> Counter[Row]:
    return Counter(row[:size] for row in rows)


def _name(row: Row, size: int) -> str:
    return " · ".join(row[:size])


def _rest(row: Row, size: int) -> str:
    text = " ; ".join(row[size:])
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"
