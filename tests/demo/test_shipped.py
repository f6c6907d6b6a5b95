"""The shipped files are what the generator writes, and the truth is what a plain reading of them finds."""

import csv
import datetime
import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from pipelines.demo import exports, territories
from pipelines.demo.__main__ import main
from pipelines.demo.logic import FOLDER as LOGIC
from pipelines.demo.ratings import CONSENSUS, RATINGS
from pipelines.demo.vintages import LAYOUTS
from pipelines.paths import RAW, ROOT
from pipelines.tables import FUNDERS

CONTRACT = RAW / "valenciennes"
FILES = [layout.file for layout in LAYOUTS.values()]
MARKING = [RATINGS, CONSENSUS]
MODELS = [
    f"{LOGIC}/orientation_O{rank}{suffix}" for rank in range(1, 7) for suffix in (".yml", "_noeuds.csv", "_liens.csv")
]
NOT_LOOKED_AT = {"N°", "Axe", "Orientation du contrat"}  # numbering, and columns merged over several lines
FAULTS = json.loads((ROOT / "tests/published/verite_programmes.json").read_text(encoding="utf-8"))["fautes"]


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    options = ["--verite", str(folder / "verite.json"), "--sources", str(folder / "sources.yml")]
    result = CliRunner().invoke(main, [str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return folder


@pytest.mark.parametrize("file", FILES + MARKING + MODELS)
def test_generator_writes_the_shipped_bytes(remade: Path, file: str) -> None:
    assert (remade / file).read_bytes() == (CONTRACT / file).read_bytes()


def test_generator_writes_the_published_truth(remade: Path) -> None:
    published = ROOT / "tests/published/verite_programmes.json"
    assert (remade / "verite.json").read_bytes() == published.read_bytes()


def test_folder_holds_nothing_else() -> None:
    assert sorted(f"programmation/{path.name}" for path in (CONTRACT / "programmation").iterdir()) == sorted(FILES)
    assert sorted(f"saisies/{path.name}" for path in (CONTRACT / "saisies").iterdir()) == sorted(MARKING)


def test_contract_declares_the_files_as_the_generator_does(remade: Path) -> None:
    declared = YAML(typ="safe").load((CONTRACT / "contrat.yml").read_text(encoding="utf-8"))["sources"]
    made = YAML(typ="safe").load("sources:\n" + (remade / "sources.yml").read_text(encoding="utf-8"))["sources"]
    ids = {source["id"]: source for source in made}
    assert {source["id"]: source for source in declared if source["id"] in ids} == ids
    assert [source["table"] for source in made] == ["programmes"] * 8 + ["notations_marqueur", "consensus_marqueur"]
    assert [source["table"] for source in declared if source["table"] == "programmes"] == ["programmes"] * 8
    assert all(source["fictif"] for source in made)
    # What evaluators write is not pinned; what was received is.
    assert ["sha256" in source for source in made] == [True] * 8 + [False] * 2


def test_blocks_make_no_difference(remade: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BLOCK", 160)
    truth = tmp_path / "verite.json"
    years = [option for year in range(2018, 2023) for option in ("--annee", str(year))]
    CliRunner().invoke(main, [str(tmp_path), *years, "--verite", str(truth)], catch_exceptions=False)
    csv_files = [file for file in FILES if file.endswith("csv")]
    assert [(tmp_path / file).read_bytes() for file in csv_files] == [
        (remade / file).read_bytes() for file in csv_files
    ]
    whole = json.loads((remade / "verite.json").read_text(encoding="utf-8"))
    assert json.loads(truth.read_text(encoding="utf-8"))["fautes"] == [
        fault for fault in whole["fautes"] if fault["fichier"] in csv_files
    ]


def test_any_size(tmp_path: Path) -> None:
    arguments = [str(tmp_path), "--annee", "2022", "--actions", "1500", "--verite", str(tmp_path / "v.json")]
    assert CliRunner().invoke(main, arguments, catch_exceptions=False).exit_code == 0
    counts = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))["fichiers"]
    assert [(count["retenues"], count["ecartees"]) for count in counts] == [(1500, 2)]
    assert (tmp_path / FILES[-1]).read_bytes().count(b"DEMO-2022-") == 1501


@pytest.mark.parametrize("file", FILES)
def test_records_are_counted(read: Callable[[str], Any], truth: dict[str, Any], file: str) -> None:
    """Every record of a sheet is counted once, and what is not data is not an action."""
    found = Counter(sheet for sheet, _, _ in read(file).records)
    told = {count["feuille"]: count for count in truth["fichiers"] if count["fichier"] == file}
    assert dict(found) == {sheet: count["lues"] for sheet, count in told.items()}
    code = LAYOUTS[int(file[14:18])].headers["code_action"]
    coded = Counter(sheet for (sheet, _), row in read(file).rows.items() if str(row[code]).startswith("DEMO-"))
    for sheet, count in told.items():
        uncoded = count["ecartees_par_motif"]["sans_code"]
        assert coded[sheet] + uncoded == count["retenues"] + count["ecartees"]
        assert count["lues"] == count["retenues"] + count["ecartees"] + count["hors_donnees"]


@pytest.mark.parametrize("file", FILES)
def test_totals_are_those_of_the_file(read: Callable[[str], Any], truth: dict[str, Any], file: str) -> None:
    """Amounts by funder, women planned and holders, added up from the cells of the rows that the truth keeps."""
    year = int(file[14:18])
    layout, told = LAYOUTS[year], truth["totaux"][str(year)]
    lost = {"sans_code", "doublon_exact", "code_repete"}
    gone = {(f["feuille"], f["ligne"]) for f in truth["fautes"] if f["fichier"] == file and f["genre"] in lost}
    code = layout.headers["code_action"]
    rows = [r for at, r in read(file).rows.items() if at not in gone and str(r[code]).startswith("DEMO-")]
    assert len(rows) == told["actions"]
    for funder in FUNDERS:
        for stage in ("demande", "accorde", "verse"):
            total = sum(_number(row[layout.headers[f"{stage}_{funder}"]]) for row in rows)
            assert float(total) == told["financeurs"][funder][stage]
    women = sum(_number(row[layout.headers["benef_prevu_sexe_femmes"]]) for row in rows)
    assert women == told["beneficiaires"]["prevu"]["sexe"]["femmes"]
    assert len({row[layout.headers["nom_porteur"]] for row in rows}) == told["porteurs"]
    states = Counter({layout.states[name]: cut["actions"] for name, cut in told["statuts"].items() if name != "vide"})
    if "vide" in told["statuts"]:
        states["Ajourné"] = told["statuts"]["vide"]["actions"]
    assert Counter(row[layout.headers["statut"]] for row in rows) == states


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f['fichier'][14:18]}-{f['ligne']}-{f['genre']}")
def test_faults_stand_where_the_truth_says(read: Callable[[str], Any], fault: dict[str, Any]) -> None:
    rows = read(fault["fichier"]).rows
    row = rows[fault["feuille"], fault["ligne"]]
    cell = row[fault["en_tete"]]
    same = [other for other in rows.values() if other is not row and other[fault["en_tete"]] == cell]
    match fault["genre"]:
        case "sans_code":
            assert cell == ""
            assert sum(value != "" for value in row.values()) > 10
        case "doublon_exact":
            assert any(_content(other) == _content(row) for other in same)
        case "code_repete":
            assert [_content(other) == _content(row) for other in same] == [False]
        case "date_impossible":
            assert cell == fault["texte"]
            with pytest.raises(ValueError, match="day"):
                datetime.datetime.strptime(cell, "%d/%m/%Y")
        case "siret_tableur" | "siret_sans_zeros" | "siret_cle":
            assert cell == fault["texte"]
            assert len(cell) != 14 or not _passes_luhn(cell)
        case "territoire_ambigu" | "territoire_inconnu":
            assert fault["texte"] in [part.strip() for part in cell.replace("\n", "|").replace(";", "|").split("|")]
        case "verse_depasse":
            label = LAYOUTS[int(fault["fichier"][14:18])].headers[fault["colonne"].replace("verse", "accorde")]
            assert _number(cell) > _number(row[label]) > 0
        case "montant_illisible" | "montant_nd" | "statut_inconnu":
            assert cell == fault["texte"] != ""
        case other:
            pytest.fail(f"genre de faute inconnu : {other}")


def test_every_kind_of_fault_is_planted() -> None:
    kinds = {fault["genre"] for fault in FAULTS}
    assert len(kinds) == 13
    assert {fault["fichier"] for fault in FAULTS} == set(FILES)


def test_spellings_of_places_are_resolved_by_the_alias_table() -> None:
    """Each spelling leads to its code, except the two that are planted."""
    known: dict[str, set[str]] = {}
    for name, label in (("territoires.csv", "nom_territoire"), ("alias_territoires.csv", "alias")):
        with (CONTRACT / "observation" / name).open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter=";"):
                if row.get("geographie") != "QPV2024":
                    known.setdefault(_plain(row[label]), set()).add(row["code_territoire"])
    for names in (territories.NAMES, territories.SPELLINGS):
        for code, name in zip(territories.CODES[: territories.UNKNOWN], names, strict=False):
            assert name == code or known.get(_plain(name)) == {code}, name
    assert known.get(_plain("Cité des Peupliers")) is None
    assert known.get(_plain("Centre-ville")) not in ({"QP059023"}, {"QP059025"}, {"QP059028"})


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


def _content(row: dict[str, Any]) -> list[Any]:
    return [value for label, value in row.items() if label not in NOT_LOOKED_AT]


def _number(cell: object) -> Decimal:
    """A cell as a number; blank, « nd » and « à préciser » count for nothing."""
    text = "".join(str(cell).replace("€", "").split()).replace(",", ".")
    return Decimal(text) if text and text[0].isdigit() else Decimal(0)


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
