"""Which lines of a file are the contract's own data: totals of others and other places' lines are not."""

from pipelines.contract import Source
from pipelines.errors import DataError
from pipelines.read.error_cells import FORMULA_ERROR
from pipelines.read.header import Header, position_of
from pipelines.read.records import Records

# Header, its position, and the cells that keep a line; None: any that is filled.
Scope = list[tuple[str, int, frozenset[str] | None]]


def scope_of(source: Source, records: Records, header: Header) -> Scope:
    """The conditions of a source on its lines, each at its column. DataError where the header lacks one."""
    conditions: dict[str, frozenset[str] | None] = {
        name: frozenset(values) for name, values in source.lignes_gardees.items()
    }
    if source.hors_donnees_si_vide:
        conditions.setdefault(source.hors_donnees_si_vide, None)
    return [(name, position_of(source, records, header, name), kept) for name, kept in conditions.items()]


def in_scope(cells: list[str], scope: Scope, met: set[tuple[str, str]]) -> bool:
    """Does a line meet every condition? What it has of the listed values is added to `met`."""
    kept = True
    for name, position, values in scope:
        cell = cells[position] if position < len(cells) else ""
        if values is None:
            kept = kept and cell != ""
        elif cell in values:
            met.add((name, cell))
        else:
            kept = False
    return kept


def undecided(cells: list[str], scope: Scope) -> tuple[str, str] | None:
    """Why nobody can tell whether a line is kept, and the remedy: a formula failed where a listed value would be."""
    doubt = None
    for name, position, values in scope:
        cell = cells[position] if position < len(cells) else ""
        if cell in values if values is not None else cell:
            continue
        if not FORMULA_ERROR.fullmatch(cell):
            return None
        doubt = (
            f"erreur de formule « {cell} » sous « {name} », que lit « lignes_gardees »",
            "Corriger la formule dans le classeur, ou y écrire la valeur, puis réexporter.",
        )
    return doubt


def assert_met(source: Source, met: set[tuple[str, str]]) -> None:
    """DataError where no line has a listed value: misspelt, it would leave lines out in silence."""
    for name, values in source.lignes_gardees.items():
        for value in values:
            if (name, value) not in met:
                raise DataError(
                    f"{source.fichier} : aucune ligne ne porte « {value} » dans la colonne « {name} », que demande "
                    f"« lignes_gardees » de la source « {source.id} ». Corriger cette valeur, ou la retirer."
                )
