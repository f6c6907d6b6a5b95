"""What the reading tests share: a source of posts, real families of files, a reading that is balanced every time."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from ruamel.yaml import YAML

from pipelines.clean import Cleaned, clean_rows
from pipelines.clean.privacy import screen
from pipelines.contract import Source
from pipelines.mappings import MAPPINGS, complete_source, read_mappings
from pipelines.paths import ROOT
from pipelines.read import RawTable, read_source
from pipelines.tables import TABLES, with_measures

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


FAMILIES = ROOT / "tests" / "data" / "familles"
PUBLIC = ROOT.parent / "shared" / "real-data"


@dataclass(frozen=True)
class Taken:
    """One file, read and cleaned, in balance."""

    raw: RawTable
    cleaned: Cleaned

    @property
    def balance(self) -> list[int]:
        """Records read, rows kept, rows set aside, records that are not data."""
        counts = self.raw.counts[["lues", "hors_donnees"]].sum()
        aside = len(self.cleaned.set_aside) + len(self.raw.ragged)
        return [counts["lues"], len(self.cleaned.kept), aside, counts["hors_donnees"]]


@pytest.fixture(scope="session")
def take() -> Callable[..., Taken]:
    """Reads and cleans the excerpt of a source of familles/sources.yml, or a whole public file with its mapping.

    `options` replace what the source declares. Skipped where the public file is absent.
    """
    declared = YAML(typ="safe").load((FAMILIES / "sources.yml").read_text(encoding="utf-8"))["sources"]
    known = read_mappings(MAPPINGS)
    by_id = {one["id"]: one | (complete_source(one, known) if "correspondance" in one else {}) for one in declared}

    def take_file(name: str, public: str = "", **options: Any) -> Taken:
        path = PUBLIC / public if public else FAMILIES / by_id[name]["fichier"]
        if not path.is_file():
            pytest.skip(f"fichier public absent : ../shared/real-data/{public}")
        source = Source.model_validate(by_id[name] | {"fichier": path.name} | options)
        raw = read_source(source, path)
        table = with_measures(TABLES[source.table], raw.frame.columns)
        text, _ = screen(raw.frame, table)
        taken = Taken(raw, clean_rows(source.table, text))
        read, *others = taken.balance
        assert read == sum(others)
        return taken

    return take_file


@pytest.fixture(scope="session")
def public_rows() -> Callable[..., list[dict[str, str]]]:
    """The rows of a public CSV file by the csv module alone: nothing of the pipeline counts them."""

    def rows(public: str, delimiter: str = ";", encoding: str = "utf-8-sig") -> list[dict[str, str]]:
        path = PUBLIC / public
        if not path.is_file():
            pytest.skip(f"fichier public absent : ../shared/real-data/{public}")
        text = path.read_bytes().decode(encoding)
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    return rows
