"""The whole line on a small contract with a damaged programme: totals that add up, or a refusal, nothing written."""

import csv
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from pipelines.cli import main
from pipelines.contract import Contract, read_contract
from pipelines.errors import DataError
from pipelines.prepare import prepare

Hold = Callable[..., None]

YEARS = (2019, 2020)
CONTRACT = """
nom: Contrat d'essai (fictif)
code_epci: "245901160"
nom_epci: Agglomération fictive
annees: {debut: 2019, fin: 2020}
date_arret: 2021-06-30
annee_marqueur: 2019
orientations:
  - {code: O1, libelle: Orientation fictive, est_fictif: true}
parametres_validation:
  {nb_qpv: 1, nb_qpv_2024: 0, nb_qva: 0, nb_communes: 1, nb_communes_politique_ville: 1, nb_communes_qpv: 1,
  nb_communes_qva_connues: 0, nb_mesures: 40}
sources:
"""
SOURCE = """
  - id: {table}_{year}
    fichier: {file}
    table: {table}
    colonnes: {columns}
    titre: Essai (données fictives)
    editeur: Essai
    licence: MIT
    millesime: "{year}"
    fictif: true
"""
TERRITORIES = """\
code_territoire;type_territoire;nom_territoire;geographie;secteur;statut_politique_ville;est_fictif;est_incertain;note
FRA;pays;Pays fictif;administrative;;;non;non;
245901160;epci;Agglomération fictive;administrative;;;non;non;
01001;commune;Commune fictive;administrative;nord;qpv;non;non;
QP059020;qpv;Quartier fictif;QPV2015;nord;;non;non;
"""
COLUMNS = {
    "Dossier": "code_action",
    "Année": "annee",
    "Intitulé": "intitule",
    "Orientation": "code_orientation",
    "État": "statut",
    "Territoires": "territoires",
    "Accordé État": "accorde_etat",
    "Accordé commune": "accorde_commune",
}
AMOUNT = re.compile(r"^\d{1,9}(,\d{1,2})?$", re.ASCII)


def programme(year: int) -> str:
    rows = [
        f"{year}-{rank:02d};{year};Atelier fictif {rank};O1;Financé;Quartier fictif;{rank * 1000 + 250},5;{rank * 100}"
        for rank in range(1, 13)
    ]
    return "\n".join([";".join(COLUMNS), *rows, ""])


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """A contract of one table of territories and two yearly programmes."""
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "territoires.csv").write_text(TERRITORIES, encoding="utf-8")
    sources = SOURCE.format(table="territoires", year=2019, file="territoires.csv", columns="{}")
    for year in YEARS:
        (folder / f"{year}.csv").write_text(programme(year), encoding="utf-8")
        columns = json.dumps(COLUMNS, ensure_ascii=False)
        sources += SOURCE.format(table="programmes", year=year, file=f"{year}.csv", columns=columns)
    (folder / "contrat.yml").write_text(CONTRACT.strip() + sources, encoding="utf-8")
    return read_contract(str(folder))


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def euros_by_line(path: Path, aside: set[int]) -> dict[tuple[int, str], Decimal]:
    """Granted euros that can be read in one way only, by line and funder, by the csv module alone."""
    text = path.read_text(encoding="utf-8-sig")
    found, start = {}, 1
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";")
    for cells in reader:
        for funder, cell in zip(("etat", "commune"), cells[6:8], strict=False):
            if start not in aside and AMOUNT.match(cell.strip()):
                found[start, funder] = Decimal(cell.strip().replace(",", "."))
        start = reader.line_num + 1
    return found


def test_a_damaged_programme_adds_up_or_is_refused(
    contract: Contract, hold: Hold, damages: st.SearchStrategy[Any], tmp_path: Path
) -> None:
    processed = tmp_path / "processed"
    prepare(contract, processed)
    path, whole = contract.dossier / "2020.csv", programme(2020).encode()
    sound = sum(euros_by_line(contract.dossier / "2019.csv", set()).values())

    def check(damage: Any) -> None:
        data = damage(whole)
        path.write_bytes(data)
        before = written(processed)
        try:
            manifest = prepare(contract, processed, force=True)
        except DataError as error:
            said = str(error)
        else:
            assert all(
                line["lues"] == line["retenues"] + line["ecartees"] + line["hors_donnees"]
                for line in manifest["balance"]
            )
            assert_adds_up(processed / contract.nom_dossier, path, data, sound)
            return
        assert said.endswith((".", "?")) or "contrat.yml" in said, said
        assert written(processed) == before

    hold((3, 40), check, damage=damages)


def assert_adds_up(folder: Path, path: Path, data: bytes, sound: Decimal) -> None:
    """Granted euros certified are those of the file, less rows set aside and cells that the journal names."""
    funding = pd.read_parquet(folder / "financements.parquet")
    certified = {
        (line, funder): Decimal(str(amount))
        for line, funder, amount in funding.loc[
            funding["fichier"] == "2020.csv", ["ligne", "code_financeur", "montant_accorde"]
        ].itertuples(index=False)
        if not pd.isna(amount)
    }
    other = funding.loc[funding["fichier"] == "2019.csv", "montant_accorde"].map(lambda amount: Decimal(str(amount)))
    aside = pd.read_csv(folder / "ecartees" / "programmes.csv", sep=";", dtype=str)
    # A row of the damaged year may bear the number of a sound one: both are then set aside, with the reason.
    if (aside["fichier"] == "2020.csv").all():
        assert sum(other) == sound
    if b'"' in data or b";" not in data or not _is_utf8(data):
        return
    lines = {int(line) for line in aside.loc[aside["fichier"] == "2020.csv", "ligne"]}
    for place, amount in euros_by_line(path, lines).items():
        assert certified[place] == amount, place


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_a_refusal_leaves_with_the_code_of_refused_data(
    contract: Contract, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--processed", str(tmp_path / "processed")]
    assert main(["check", "--contrat", str(contract.dossier), *places]) == 0
    before = written(tmp_path / "processed")
    (contract.dossier / "2020.csv").write_bytes(programme(2020).encode().replace(b"Dossier", b'"Dossier', 1))
    assert main(["check", "--contrat", str(contract.dossier), *places]) == 3
    assert "2020.csv, ligne 1 : un guillemet" in capsys.readouterr().err
    assert written(tmp_path / "processed") == before
