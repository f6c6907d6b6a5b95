"""What a table is: its row, its key, its columns with type, unit, vocabulary and meaning."""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal["texte", "code", "entier", "decimal", "euros", "pourcent", "date", "booleen"]

DTYPES: dict[str, str] = {
    "texte": "str",
    "code": "str",
    "entier": "Int64",
    "decimal": "Float64",
    "euros": "Float64",
    "pourcent": "Float64",
    "date": "datetime64[s]",
    "booleen": "boolean",
}
# Identifiers whose shape is known: a damaged one is named, a zero that a spreadsheet took away is put back.
Form = Literal["", "siret", "rna", "territoire"]
UNITS = {"euros": "€", "pourcent": "% (0 à 100)"}


@dataclass(frozen=True)
class Column:
    """One column: ASCII name, kind, French meaning, unit, closed vocabulary, form of an identifier.

    A row that lacks a `required` one is set aside.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    vocabulary: tuple[str, ...] = ()
    required: bool = False
    form: Form = ""

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its key, its columns; `certified` is false for an intake table.

    `evidence`: columns of which a line of data fills one and a total none, where the key is not read from the file.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    certified: bool = True
    may_be_empty: bool = False
    evidence: tuple[str, ...] = ()
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        """Column names, in order, provenance excluded."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns without which a row is set aside."""
        return [column.name for column in self.columns if column.required]


def empty(table: Table) -> pd.DataFrame:
    """A frame of no rows with the table's columns, provenance included, in their types."""
    columns = (*table.columns, *PROVENANCE)
    return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in columns})


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its categories as the text that they stand for: long tables hold few texts, many times."""
    return frame.astype({name: dtype.categories.dtype for name, dtype in frame.dtypes.items() if dtype == "category"})


def column(
    name: str,
    kind: Kind,
    meaning: str,
    *,
    unit: str = "",
    voc: tuple[str, ...] = (),
    req: bool = False,
    form: Form = "",
) -> Column:
    """A column whose unit follows from its kind unless it is given."""
    return Column(name, kind, meaning, unit or UNITS.get(kind, ""), voc, req, form)


# Every row remembers where it was read.
PROVENANCE = (
    column("id_source", "code", "source déclarée dans contrat.yml"),
    column("fichier", "texte", "fichier lu, relatif au dossier du contrat"),
    column("feuille", "texte", "feuille du classeur ; vide pour un fichier texte"),
    column("ligne", "entier", "numéro de ligne dans le fichier ou la feuille ; rang de l'objet dans un fichier JSON"),
)
PLACE = [column.name for column in PROVENANCE]
