"""The header of a file's records: where it stands, and which canonical column each of its names feeds."""

import difflib
from dataclasses import dataclass

from pipelines.contract import Source
from pipelines.errors import DataError
from pipelines.read.contours import GEOMETRY
from pipelines.read.draft import draft_mapping
from pipelines.read.records import Records
from pipelines.tables import TABLES, measure_name

# A header is looked for among the first lines: titles above it are few.
HEADER_DEPTH = 60


@dataclass(frozen=True)
class Header:
    """Names of the columns, line where they stand (None: in every record), number of records down to that line."""

    names: list[str]
    line: int | None
    above: int


def mapping(source: Source) -> dict[str, str]:
    """Header → canonical column. Without a mapping, headers are the column names themselves."""
    own = source.colonnes or {name: name for name in TABLES[source.table].names if name not in source.constantes}
    # A feature has its geometry beside its properties, under no name of its own.
    own = own | {GEOMETRY: GEOMETRY} if source.forme == "geojson" else own
    return own | {
        header: measure_name(one.code, one.millesime or source.millesime) for header, one in source.indicateurs.items()
    }


def normal(header: str) -> str:
    """A header without the blanks and line ends that a layout adds."""
    return " ".join(header.split())


def header_score(records: Records, source: Source) -> tuple[int, int]:
    """How well the records match a source: known names in their best line; where none is known, its filled cells."""
    known = _known(source)
    best = max((len({normal(cell) for cell in row} & known) for row in records.rows[:HEADER_DEPTH]), default=0)
    return (best, 0) if best else (0, len(likely_header(records)))


def find_header(source: Source, records: Records) -> Header:
    """The header of the records. DataError, with a draft of the mapping, where no line looks like the one declared."""
    if not any(any(row) for row in records.rows):
        raise DataError(
            f"{_where(source, records)} est vide. Déposer le fichier complet{_other_sheets(source, records)}."
        )
    if records.names:
        return Header([normal(name) for name in records.names], None, 0)
    known = _known(source)
    scores = [len({normal(cell) for cell in row} & known) for row in records.rows[:HEADER_DEPTH]]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    always = known - {normal(name) for name in source.colonnes_facultatives}
    if scores[best] < max(1, len(always) // 2):
        raise DataError(
            f"{_where(source, records)} : la ligne d'en-tête est introuvable. Colonnes attendues : "
            f"{', '.join(list(mapping(source))[:6])}... Corriger « colonnes » dans contrat.yml"
            f"{_other_sheets(source, records)}.",
            details=draft_mapping(source, likely_header(records)),
        )
    return Header([normal(cell) for cell in records.rows[best]], records.lines[best], best + 1)


def columns_of(source: Source, records: Records, header: Header) -> dict[int, str]:
    """Position → canonical column. DataError at an unknown, missing or repeated header."""
    where = _where(source, records, header.line)
    wanted = {normal(name): column for name, column in mapping(source).items()}
    ignored = {normal(name) for name in source.colonnes_ignorees}
    columns: dict[int, str] = {}
    for position, name in enumerate(header.names):
        if not name or name in ignored:
            continue
        if name not in wanted:
            close = difflib.get_close_matches(name, [*wanted, *ignored], n=3, cutoff=0.3)
            raise DataError(
                f"{where} : la colonne « {name} » n'est ni dans « colonnes » ni dans « colonnes_ignorees » de "
                f"contrat.yml. Noms connus les plus proches : {', '.join(close) or 'aucun'}.",
                details=draft_mapping(source, header.names),
            )
        if wanted[name] in columns.values():
            raise DataError(
                f"{where} : deux colonnes donnent « {wanted[name]} ». "
                "En renommer une, ou en mettre une dans « colonnes_ignorees »."
            )
        columns[position] = wanted[name]
    optional = {normal(name) for name in source.colonnes_facultatives}
    missing = [name for name, column in wanted.items() if column not in columns.values() and name not in optional]
    if missing:
        close = difflib.get_close_matches(missing[0], [name for name in header.names if name], n=1, cutoff=0.3)
        hint = f" (la plus proche : « {close[0]} »)" if close else ""
        raise DataError(
            f"{where} : la colonne « {missing[0]} » manque{hint}. "
            "La rétablir dans le fichier, ou corriger « colonnes » dans contrat.yml."
        )
    return columns


def position_of(source: Source, records: Records, header: Header, name: str) -> int:
    """Where the column of a name stands. DataError, with the nearest names, where the header has none."""
    if normal(name) in header.names:
        return header.names.index(normal(name))
    close = difflib.get_close_matches(normal(name), [one for one in header.names if one], n=3, cutoff=0.3)
    raise DataError(
        f"{_where(source, records, header.line)} : la colonne « {name} », que nomme « lignes_gardees » ou "
        f"« hors_donnees_si_vide », manque. Noms les plus proches : {', '.join(close) or 'aucun'}. "
        "La corriger dans contrat.yml."
    )


def _known(source: Source) -> set[str]:
    return {normal(header) for header in (*mapping(source), *source.colonnes_ignorees)}


def likely_header(records: Records) -> list[str]:
    """The first of the widest lines: a header has a name over each column, a title fills one cell."""
    rows = [[normal(cell) for cell in row if normal(cell)] for row in records.rows[:HEADER_DEPTH]]
    return max(rows, key=len, default=[])


def _other_sheets(source: Source, records: Records) -> str:
    """The other fix for a sheet that is no table: not to read it."""
    if not records.sheet:
        return ""
    if source.feuilles:
        return f", ou retirer « {records.sheet} » de « feuilles » dans contrat.yml"
    return ", ou lister sous « feuilles », dans contrat.yml, les seules feuilles à lire"


def _where(source: Source, records: Records, line: int | None = None) -> str:
    sheet = f", feuille « {records.sheet} »" if records.sheet else ""
    return f"{source.fichier}{sheet}" + (f", ligne {line}" if line else "")
