"""What the reading tests share: a source of posts, and a reading that is balanced every time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.contract import Source
from pipelines.read import RawTable, read_source

COLUMNS = {"Rang": "rang", "Poste": "code_poste", "Employeur": "nom_employeur", "Montant": "montant"}

FORMS = {".csv": "csv", ".txt": "csv", ".json": "json", ".xlsx": "classeur", ".xls": "classeur", ".ods": "classeur"}


def source_of(name: str, **options: Any) -> Source:
    """A fictional source of the table `postes_147`, four columns read and two constant."""
    return Source.model_validate(
        {
            "id": "postes",
            "fichier": name,
            "table": "postes_147",
            "forme": FORMS[Path(name).suffix],
            "colonnes": COLUMNS,
            "constantes": {"dispositif": "fonjep", "annee": "2020"},
            "titre": "Postes (données fictives)",
            "editeur": "Essai",
            "licence": "MIT",
            "millesime": "2020",
            "fictif": True,
            **options,
        }
    )


def assert_balanced(raw: RawTable) -> None:
    """Every record of every sheet is data, ragged or not data."""
    for count in raw.counts.itertuples():
        rows = (raw.frame["feuille"] == count.feuille).sum() + (raw.ragged["feuille"] == count.feuille).sum()
        assert count.lues == rows + count.hors_donnees


def _reader(folder: Path, name: str) -> Callable[..., RawTable]:
    def read(content: bytes | str, **options: Any) -> RawTable:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        raw = read_source(source_of(path.name, **options), path)
        assert_balanced(raw)
        return raw

    return read


@pytest.fixture
def read_csv(tmp_path: Path) -> Callable[..., RawTable]:
    """Reads the given bytes or text as postes.csv, and checks the balance."""
    return _reader(tmp_path, "postes.csv")


@pytest.fixture
def read_json(tmp_path: Path) -> Callable[..., RawTable]:
    """Reads the given bytes or text as postes.json, and checks the balance."""
    return _reader(tmp_path, "postes.json")


@pytest.fixture
def read_workbook(tmp_path: Path) -> Callable[..., RawTable]:
    """Reads the given bytes as a file of the given name, and checks the balance."""
    return lambda name, content, **options: _reader(tmp_path, name)(content, **options)


@pytest.fixture
def read_xlsx(tmp_path: Path) -> Callable[..., RawTable]:
    """Reads a workbook of the given sheets (name → a function that fills it), and checks the balance."""

    def read(sheets: dict[str, Callable[[Any, Any], None]], **options: Any) -> RawTable:
        path = tmp_path / "postes.xlsx"
        with xlsxwriter.Workbook(path) as book:
            for name, fill in sheets.items():
                fill(book.add_worksheet(name), book)
        raw = read_source(source_of(path.name, **options), path)
        assert_balanced(raw)
        return raw

    return read
