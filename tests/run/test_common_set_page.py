"""The page of the common set: a sheet an indicator, the orientations without any named, the mark on every table."""

import csv
import json
import re
from types import SimpleNamespace

import pytest

from pipelines.exchange.shown import ShownTable, read_tables
from pipelines.paths import RAW

SET = RAW / "valenciennes" / "suivi" / "socle_indicateurs_fictif.csv"
ROWS = list(csv.DictReader(SET.read_text(encoding="utf-8").splitlines(), delimiter=";"))


@pytest.fixture(scope="module")
def page(site: SimpleNamespace) -> tuple[str, list[ShownTable]]:
    path = site.outputs / "valenciennes" / "2022" / "4_socle_indicateurs.html"
    tables = read_tables(json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8")))
    return path.read_text(encoding="utf-8"), tables


def sheets(tables: list[ShownTable]) -> dict[str, dict[str, str]]:
    """The sheets by their title: rubrique → contenu."""
    return {
        table.title: {str(row[0].value): str(row[1].value) for row in table.rows}
        for table in tables
        if [column.label for column in table.columns] == ["Rubrique", "Contenu"]
    }


def test_each_indicator_has_its_sheet(page: tuple[str, list[ShownTable]]) -> None:
    told = sheets(page[1])
    assert list(told) == [f"{row['code_orientation']} : {row['libelle_indicateur']}" for row in ROWS]
    for row, sheet in zip(ROWS, told.values(), strict=True):
        assert sheet["Producteur"] == row["producteur"]
        assert sheet["Limites"] == row["limites"]
        assert row["code_noeud"] in sheet["Place dans la chaîne causale"]
        assert "(fictif)" in sheet["Choisi par"]


def test_all_is_marked_and_the_orientations_without_a_set_are_named(page: tuple[str, list[ShownTable]]) -> None:
    html, tables = page
    assert all(table.fictional for table in tables)
    (box,) = re.findall(r"Socle à compléter.{0,600}", html, re.DOTALL)
    assert "O3 Favoriser la santé" in box
    assert "O5 Renforcer le lien social" in box


@pytest.mark.parametrize(
    ("title", "scales", "vintages", "value"),
    [
        ("O1 : Taux d'emploi des 15-64 ans", "quartiers prioritaires, agglomération, France", "non précisé", "53,8"),
        ("O1 : Demandeurs d'emploi en fin d'année", "communes, agglomération, département, région, France",
         "2009 à 2023", "(2023)"),
        ("O2 : Indice de jeunesse du quartier", "quartiers prioritaires", "non précisé", "ne se moyennent pas"),
    ],
)  # fmt: skip
def test_what_is_observed_is_read_from_the_observations(
    title: str, scales: str, vintages: str, value: str, page: tuple[str, list[ShownTable]]
) -> None:
    sheet = sheets(page[1])[title]
    assert (sheet["Échelles disponibles"], sheet["Millésimes disponibles"]) == (scales, vintages)
    assert value in sheet["Dernière valeur"]
