"""Whatever stands in a file, it is read whole or refused by a sentence: never a traceback, never a lost row."""

import csv
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import strategies as st

from pipelines.contract import Source
from pipelines.paths import ROOT
from tests.shipped import shipped_contract

Hold = Callable[..., None]
Survives = Callable[[Source, Path], Any]
EXCERPTS = sorted(path.name for path in (ROOT / "tests" / "data").glob("*.csv"))
PUBLIC = ROOT.parent / "shared" / "real-data"
SHIPPED = {source.id: (source, path) for source, path in shipped_contract().located()}


def headers(data: bytes) -> list[str]:
    """The first record of a text file, by the delimiter that it has most."""
    text = (
        data.decode("utf-8-sig", "replace") if b"\xc3" in data or data.isascii() else data.decode("cp1252", "replace")
    )
    first = text.splitlines()
    delimiter = max(";,\t", key=first[0].count)
    return next(csv.reader(first, delimiter=delimiter))


def mapped(make: Callable[..., Source], name: str, names: list[str]) -> Source:
    """A source of programmes that reads some columns of a file and ignores the others."""
    names = [" ".join(name.split()) for name in dict.fromkeys(names) if name.strip()]
    read = ["code_action", "annee", "accorde_etat", "intitule", "territoires"]
    ignored = names[len(read) :]
    columns = dict(zip(names, read, strict=False))
    return make(name, table="programmes", colonnes=columns, colonnes_ignorees=ignored)


@pytest.mark.parametrize("name", ["f.csv", "f.json", "f.xlsx", "f.xls", "f.ods"])
def test_random_bytes(name: str, hold: Hold, source_of: Any, survives: Survives, tmp_path: Path) -> None:
    path = tmp_path / name
    starts = st.sampled_from([b"", b"Rang;Poste;Employeur;Montant\n", b'[{"Rang":', b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])

    def check(start: bytes, data: bytes) -> None:
        path.write_bytes(start + data)
        survives(source_of(name), path)

    hold((20, 500), check, start=starts, data=st.binary(max_size=300))


@pytest.mark.parametrize("name", EXCERPTS)
def test_damaged_excerpts(
    name: str, hold: Hold, source_of: Any, survives: Survives, damages: st.SearchStrategy[Any], tmp_path: Path
) -> None:
    whole, path = (ROOT / "tests" / "data" / name).read_bytes(), tmp_path / name
    source = mapped(source_of, name, headers(whole))

    def check(damage: Any) -> None:
        path.write_bytes(damage(whole))
        survives(source, path)

    hold((6, 500), check, damage=damages)


def test_damaged_json(
    hold: Hold, source_of: Any, survives: Survives, damages: st.SearchStrategy[Any], tmp_path: Path
) -> None:
    name = "postes-fonjep-2023.json"
    whole, path = (ROOT / "tests" / "data" / name).read_bytes(), tmp_path / name
    source = mapped(source_of, name, list(dict.fromkeys(key for post in json.loads(whole) for key in post)))

    def check(damage: Any) -> None:
        path.write_bytes(damage(whole))
        survives(source, path)

    hold((20, 1000), check, damage=damages)


def test_damaged_shipped_files(
    hold: Hold, survives: Survives, damages: st.SearchStrategy[Any], flips: st.SearchStrategy[Any], tmp_path: Path
) -> None:
    def check(name: str, data: st.DataObject) -> None:
        source, shipped = SHIPPED[name]
        whole = shipped.read_bytes()
        if source.forme == "classeur":
            damaged = data.draw(flips)(whole)
        else:
            damaged = data.draw(damages)(b"".join(islice(whole.splitlines(keepends=True), 60)))
        path = tmp_path / shipped.name
        path.write_bytes(damaged)
        survives(source, path)

    hold((20, 500), check, name=st.sampled_from(sorted(SHIPPED)), data=st.data())


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound workbook of each kind that can be made here: name → bytes."""
    path = tmp_path_factory.mktemp("classeurs") / "postes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Postes ")
        sheet.merge_range("A1:D1", "Postes (données fictives)")
        sheet.write_row("A3", ["Rang", "Poste", "Employeur", "Montant"])
        for line in range(3, 30):
            sheet.write_row(line, 0, [line, f"P{line}", "Étang fictif", line * 10.5])
        sheet.write_formula("D40", "=SUM(D4:D30)", None, 1)
        sheet.write_formula("D20", "=1/0", None, "#DIV/0!")
    return {"postes.xlsx": path.read_bytes(), "postes.xls": (ROOT / "tests/data/postes_fictifs.xls").read_bytes()}


@pytest.mark.parametrize("name", ["postes.xlsx", "postes.xls"])
def test_damaged_workbooks(
    name: str,
    workbooks: dict[str, bytes],
    hold: Hold,
    source_of: Any,
    survives: Survives,
    flips: st.SearchStrategy[Any],
    tmp_path: Path,
) -> None:
    path = tmp_path / name

    def check(damage: Any) -> None:
        path.write_bytes(damage(workbooks[name]))
        survives(source_of(name), path)

    hold((8, 150), check, damage=flips)


def test_damaged_public_files(
    hold: Hold, source_of: Any, survives: Survives, damages: st.SearchStrategy[Any], tmp_path: Path
) -> None:
    """The first 200 lines of every public text file; a JSON file is cut after 200 lines, or anywhere."""
    found = sorted(path for kind in ("csv", "txt", "json") for path in PUBLIC.rglob(f"*.{kind}"))
    if not found:
        pytest.skip("fichiers publics absents : ../shared/real-data")
    heads = {}
    for path in found:
        with path.open("rb") as handle:
            heads[path] = b"".join(islice((line[:20_000] for line in handle), 200))

    def check(public: Path, damage: Any) -> None:
        name = public.with_suffix(".json" if public.suffix == ".json" else ".csv").name
        names = ["id_poste", "annee", "montant", "raison_sociale", "code_cv", "code_tiers", "insee_dep", "insee_reg"]
        source = mapped(source_of, name, names if public.suffix == ".json" else headers(heads[public]))
        path = tmp_path / name
        path.write_bytes(damage(heads[public]))
        survives(source, path)

    hold((12, 800), check, public=st.sampled_from(found), damage=damages)
