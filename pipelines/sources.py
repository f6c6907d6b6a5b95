"""One source of a contract: a file, the table it feeds, how its headers and lines are read, where it comes from."""

import datetime
import difflib
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.tables import TABLES, WIDE

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(_Strict):
    """What one column of a wide file holds: an indicator, at a vintage of its own or at the source's."""

    code: Text
    millesime: str = ""


class Source(_Strict):
    """One file (or one sheet family of a file) that feeds one table, with its origin and column mapping."""

    id: Text
    fichier: Text
    table: Text
    forme: Literal["csv", "classeur", "json", "geojson"] = "csv"
    feuilles: tuple[str, ...] = ()
    colonnes: dict[str, str] = {}
    colonnes_ignorees: tuple[str, ...] = ()
    # Headers of the three lists above and below that a file may lack: they change with the year of an export.
    colonnes_facultatives: tuple[str, ...] = ()
    # Name of a mapping of _national/correspondances.yml, whose lists complete those of the source.
    correspondance: str = ""
    # A wide file (tables releves, releves_france): one row a territory, one column an indicator at a vintage.
    indicateurs: dict[str, Measure] = {}
    # Header → values: a line that has none of them is not data of this contract.
    lignes_gardees: dict[str, tuple[str, ...]] = {}
    # A line whose cell is blank under this header is a total of others.
    hors_donnees_si_vide: str = ""
    # Values that a whole source shares, e.g. the programming year of a workbook that has no such column.
    constantes: dict[str, str] = {}
    titre: Text
    editeur: Text
    licence: Text
    url: str = ""
    millesime: Text
    date_acces: datetime.date | None = None
    sha256: str = ""
    fictif: bool
    note: str = ""

    @model_validator(mode="after")
    def _known(self) -> "Source":
        if self.table not in TABLES:
            raise ValueError(f"table « {self.table} » inconnue{nearest(self.table, TABLES)}")
        names = TABLES[self.table].names
        for column in (*self.colonnes.values(), *self.constantes):
            if column not in names:
                raise ValueError(f"colonne « {column} » inconnue de la table {self.table}{nearest(column, names)}")
        if self.forme == "geojson" and self.table != "contours":
            raise ValueError("« forme: geojson » ne donne que la table contours : l'écrire sous « table »")
        if (self.table in WIDE) != bool(self.indicateurs):
            raise ValueError(f"« indicateurs » et la table {' ou '.join(WIDE)} vont ensemble : l'un manque")
        # It becomes a link on a page: nothing but a web address may.
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValueError(f"« url » ({self.url[:60]}) n'est pas une adresse https:// ou http://")
        return self


def nearest(word: str, known: Iterable[str]) -> str:
    """The names closest to a misspelt one, to end a message with; "" where none is close."""
    close = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.5)
    return f" ; les plus proches : {', '.join(close)}" if close else ""
