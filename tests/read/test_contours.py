"""Contours: features as records by rank, degrees whatever their system; what is no surface is set aside, never lost."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pipelines.balance import balance_rows
from pipelines.clean import Cleaned, clean_rows
from pipelines.clean.contours import MENDED
from pipelines.contract import read_contract
from pipelines.errors import DataError
from pipelines.paths import ROOT
from pipelines.prepare import prepare
from pipelines.processed import load_table
from pipelines.read import RawTable, read_source
from pipelines.read.undeclared import draft_source
from pipelines.sources import Source
from tests.shipped import shipped_contract

EXCERPT = ROOT / "tests" / "data" / "contours_fictifs.geojson"
PUBLIC = ROOT.parent / "shared" / "real-data"
SQUARE = {"type": "Polygon", "coordinates": [[[3, 50], [3.1, 50], [3.1, 50.1], [3, 50.1], [3, 50]]]}
DECLARED: dict[str, Any] = {
    "id": "contours", "fichier": "contours.geojson", "table": "contours", "forme": "geojson",
    "colonnes": {"code": "code_territoire"}, "colonnes_ignorees": ["nom", "rang"], "titre": "Essai (fictif)",
    "editeur": "Essai", "licence": "MIT", "millesime": "2022", "fictif": True,
}  # fmt: skip


def take(path: Path, **options: Any) -> tuple[RawTable, Cleaned]:
    """The file read and cleaned; its balance holds, or this stops."""
    raw = read_source(Source.model_validate(DECLARED | {"fichier": path.name} | options), path)
    cleaned = clean_rows("contours", raw.frame)
    aside = pd.concat([cleaned.set_aside, raw.ragged], ignore_index=True)
    balance_rows("contours", raw.counts, Cleaned(cleaned.kept, aside, cleaned.journal))
    return raw, cleaned


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a collection of features, or any text, as a GeoJSON file."""

    def write_file(content: str | list[Any], **members: Any) -> Path:
        path = tmp_path / "contours.geojson"
        collection = {"type": "FeatureCollection", **members, "features": content}
        path.write_text(content if isinstance(content, str) else json.dumps(collection), encoding="utf-8")
        return path

    return write_file


# the excerpt


def test_every_feature_is_kept_or_set_aside_at_its_rank() -> None:
    raw, cleaned = take(EXCERPT)
    assert raw.counts[["lues", "hors_donnees"]].to_numpy().tolist() == [[12, 1]]
    assert dict(zip(cleaned.kept["ligne"], cleaned.kept["code_territoire"], strict=True)) == {
        1: "01001", 2: "01002", 3: "2A003", 4: "01004", 11: "59999",
    }  # fmt: skip
    assert dict(zip(cleaned.set_aside["ligne"], cleaned.set_aside["motif"], strict=True)) == {
        5: "sans « code_territoire » : cellule vide",
        6: "sans géométrie",
        7: "géométrie de type Point, qui n'est pas une surface",
        8: "géométrie illisible",
        9: "contour sans surface",
        10: "doublon exact d'une ligne déjà lue",
    }
    assert cleaned.set_aside["remede"].ne("").all()


def test_surfaces_are_valid_and_those_that_crossed_themselves_are_in_the_journal() -> None:
    kept = take(EXCERPT)[1].kept.set_index("code_territoire")["geometrie"]
    shapes = shapely.from_wkt(kept)
    assert shapely.is_valid(shapes).all()
    areas = pd.Series(shapely.area(shapes), index=kept.index).round(6)
    # A hole stays empty, parts stay apart; two triangles are left of the ring that crosses itself.
    assert areas.to_dict() == pytest.approx(
        {"01001": 0.01, "01002": 0.0104, "2A003": 0.0096, "01004": 0.005, "59999": 0.01}
    )
    journal = take(EXCERPT)[1].journal
    assert journal[["ligne", "colonne", "motif"]].to_numpy().tolist() == [[4, "geometrie", MENDED]]


def test_what_is_not_the_contracts_is_not_its_data() -> None:
    raw, cleaned = take(EXCERPT, lignes_gardees={"code": ["01001", "01002"]})
    assert cleaned.kept["code_territoire"].to_list() == ["01001", "01002"]
    assert raw.counts[["lues", "hors_donnees"]].to_numpy().tolist() == [[12, 9]]


def test_a_property_that_nobody_declared_stops_the_reading() -> None:
    with pytest.raises(DataError, match="la colonne « nom » n'est ni dans « colonnes » ni dans"):
        take(EXCERPT, colonnes_ignorees=["rang"])


@pytest.mark.parametrize(
    ("wanted", "stated"), [("EPSG:2154", "urn:ogc:def:crs:EPSG::2154"), ("EPSG:3857", "EPSG:3857")]
)
def test_another_system_gives_the_same_degrees(write: Callable[..., Path], wanted: str, stated: str) -> None:
    moved = gpd.GeoSeries([shapely.geometry.shape(SQUARE)], crs="OGC:CRS84").to_crs(wanted)
    there = json.loads(shapely.to_geojson(moved.iloc[0]))
    crs = {"type": "name", "properties": {"name": stated}}
    expected = take(write([feature(SQUARE, code="01001", nom="", rang=1)]))[1].kept
    found = take(write([feature(there, code="01001", nom="", rang=1)], crs=crs))[1].kept
    assert found["geometrie"].to_list() == expected["geometrie"].to_list()
    assert expected["geometrie"].to_list() == ["POLYGON ((3 50, 3.1 50, 3.1 50.1, 3 50.1, 3 50))"]


def test_degrees_are_rounded_to_a_metre_in_two_dimensions(write: Callable[..., Path]) -> None:
    ring = [[3, 50, 12.5], [3.1234567, 50, 1], [3.1234567, 50.1000001, 1], [3, 50, 12.5]]
    kept = take(write([feature({"type": "Polygon", "coordinates": [ring]}, code="01001", nom="", rang=1)]))[1].kept
    assert kept["geometrie"].to_list() == ["POLYGON ((3 50, 3.12346 50, 3.12346 50.1, 3 50))"]


@pytest.mark.parametrize(
    ("content", "members", "sentence"),
    [
        ('{"type": "FeatureCollection", "features": [', {}, "ligne 1 : le JSON est tronqué ou mal formé"),
        ("[1, 2]", {}, "n'est pas une collection GeoJSON"),
        ('{"type": "Topology", "objects": {}}', {}, "n'est pas une collection GeoJSON"),
        ([1], {}, "objet 1 : ce n'est pas un objet GeoJSON"),
        ([], {}, "ne contient aucune surface"),
        ([feature({"type": "Point", "coordinates": [3, 50]}, code="01001")], {}, "ne contient aucune surface"),
        ([feature(None, code="01001"), feature(SQUARE, code={"a": 1})], {}, "objet 2 : la valeur de « code »"),
        ([feature(SQUARE, code="01001")], {"crs": {"type": "name", "properties": {"name": "Mars"}}}, "est inconnu"),
        ([feature(SQUARE, code="01001")], {"crs": "EPSG:4326"}, "est inconnu"),
        (
            [feature({"type": "Polygon", "coordinates": [[[7e5, 7e6], [8e5, 7e6], [8e5, 8e6], [7e5, 7e6]]]}, code="a")],
            {},
            "ne sont pas des degrés",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    write: Callable[..., Path], content: Any, members: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DataError, match=rf"contours\.geojson.*{sentence}") as stopped:
        take(write(content, **members), colonnes_ignorees=[])
    assert "\n" not in str(stopped.value)


def test_a_form_that_is_no_table_of_contours_is_refused() -> None:
    with pytest.raises(ValueError, match="ne donne que la table contours"):
        Source.model_validate(DECLARED | {"table": "territoires"})


def test_a_file_that_nobody_declared_is_proposed_as_contours(tmp_path: Path) -> None:
    shutil.copy(EXCERPT, tmp_path / "contours.geojson")
    contract = shipped_contract().model_copy(update={"dossier": tmp_path, "sources": ()})
    draft = draft_source(contract, "contours.geojson")
    assert "table: contours\n    forme: geojson" in draft
    assert re.search(r"code: code_territoire +# à confirmer", draft)


# whole public files


@pytest.mark.parametrize(
    ("name", "code", "others", "kept", "aside"),
    [
        ("contours-communes-nord/communes-59-nord.geojson", "code", "nom", 648, 0),
        (
            "qpv2024-insee-anct/qpv2024_simplified.geojson",
            "code_qp",
            "fid lib_qp insee_reg lib_reg insee_dep lib_dep insee_com lib_com siren_epci",
            1606,
            3,
        ),
        (
            "hackaviz2021-qpv-occitanie/qp.geojson",
            "code_qp",
            "nom_qp commune_qp code_commune nom_commune code_departement",
            105,
            0,
        ),
    ],
)
def test_whole_public_files(name: str, code: str, others: str, kept: int, aside: int) -> None:
    path = PUBLIC / name
    if not path.is_file():
        pytest.skip(f"fichier public absent : ../shared/real-data/{name}")
    _, cleaned = take(path, colonnes={code: "code_territoire"}, colonnes_ignorees=others.split())
    assert (len(cleaned.kept), len(cleaned.set_aside)) == (kept, aside)
    shapes = shapely.from_wkt(cleaned.kept["geometrie"])
    assert shapely.is_valid(shapes).all()
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    received = {one["properties"][code]: shapely.geometry.shape(one["geometry"]) for one in features}
    for territory, shape in zip(cleaned.kept["code_territoire"], shapes, strict=True):
        # A metre or so of a quartier's outline.
        assert shapely.hausdorff_distance(shape, received[territory]) < 0.001


# the whole line

CONTRACT = """
nom: Contrat d'essai (fictif)
code_epci: "245901160"
nom_epci: Agglomération fictive
annees: {debut: 2019, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations:
  - {code: O1, libelle: Orientation fictive, est_fictif: true}
parametres_validation:
  {nb_qpv: 0, nb_qpv_2024: 0, nb_qva: 0, nb_communes: 4, nb_communes_politique_ville: 0, nb_communes_qpv: 0,
  nb_communes_qva_connues: 0, nb_mesures: 40}
sources:
  - {id: territoires, fichier: territoires.csv, table: territoires, titre: Essai (fictif), editeur: Essai, licence: MIT,
     millesime: "2022", fictif: true}
  - {id: contours, fichier: cartes/contours.geojson, table: contours, forme: geojson,
     colonnes: {code: code_territoire}, colonnes_ignorees: [nom, rang],
     lignes_gardees: {code: ["01001", "01002", 2A003, "01004"]}, titre: Essai (fictif), editeur: Essai, licence: MIT,
     millesime: "2022", fictif: true}
"""
TERRITORIES = """\
code_territoire;type_territoire;nom_territoire;geographie;secteur;statut_politique_ville;est_fictif;est_incertain;note
FRA;pays;Pays fictif;administrative;;;non;non;
245901160;epci;Agglomération fictive;administrative;;;non;non;
01001;commune;Commune fictive A;administrative;;hors;non;non;
01002;commune;Commune fictive B;administrative;;hors;non;non;
2A003;commune;Commune fictive C;administrative;;hors;non;non;
01004;commune;Commune fictive D;administrative;;hors;non;non;
"""


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    folder = tmp_path / "essai"
    (folder / "cartes").mkdir(parents=True)
    shutil.copy(EXCERPT, folder / "cartes" / "contours.geojson")
    (folder / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    (folder / "territoires.csv").write_text(TERRITORIES, encoding="utf-8")
    return folder


def test_contours_are_certified_in_balance_with_the_same_bytes(contract: Path, tmp_path: Path) -> None:
    written = []
    for name in ("un", "deux"):
        manifest = prepare(read_contract(str(contract)), tmp_path / name)
        written.append((tmp_path / name / "essai" / "contours.parquet").read_bytes())
    assert written[0] == written[1]
    line = next(line for line in manifest["balance"] if line["fichier"] == "cartes/contours.geojson")
    assert [line[name] for name in ("lues", "retenues", "ecartees", "hors_donnees")] == [12, 4, 1, 7]
    contours = load_table(tmp_path / "un" / "essai", manifest, "contours")
    assert contours["code_territoire"].to_list() == ["01001", "01002", "2A003", "01004"]
    assert contours["ligne"].to_list() == [1, 2, 3, 4]


def test_a_contour_of_no_known_territory_is_refused(contract: Path, tmp_path: Path) -> None:
    declared = (contract / "contrat.yml").read_text(encoding="utf-8")
    (contract / "contrat.yml").write_text(declared.replace('["01001",', '["59999", "01001",'), encoding="utf-8")
    with pytest.raises(DataError, match=r"cartes/contours\.geojson, ligne 11 \(« 59999 »\)"):
        prepare(read_contract(str(contract)), tmp_path / "processed")


def test_the_shipped_tiles_hold_every_commune_once() -> None:
    folder = shipped_contract().dossier / "observation"
    tiles = pd.read_csv(folder / "cartogramme.csv", sep=";", dtype={"code_territoire": "str"})
    territories = pd.read_csv(folder / "territoires.csv", sep=";", dtype="str")
    communes = territories.loc[territories["type_territoire"] == "commune", "code_territoire"]
    assert sorted(tiles["code_territoire"]) == sorted(communes)
    assert not tiles.duplicated(["colonne", "rang"]).any()


def test_the_shipped_tiles_keep_north_up_and_neighbours_near() -> None:
    path = PUBLIC / "contours-communes-nord/communes-59-nord.geojson"
    if not path.is_file():
        pytest.skip(f"fichier public absent : ../shared/real-data/{path.parent.name}/{path.name}")
    tiles = pd.read_csv(
        shipped_contract().dossier / "observation/cartogramme.csv", sep=";", dtype={"code_territoire": "str"}
    ).set_index("code_territoire")
    shapes = gpd.read_file(path).set_index("code").loc[tiles.index].to_crs(2154).geometry
    pairs = [(one, other) for one in tiles.index for other in tiles.index if one < other]
    near = [pair for pair in pairs if shapes[pair[0]].distance(shapes[pair[1]]) < 100]
    side_by_side = [(tiles.loc[one] - tiles.loc[other]).abs().max() == 1 for one, other in near]
    assert sum(side_by_side) / len(near) > 0.8
    # Communes whose centres are two kilometres apart, from north to south, from west to east.
    for axis, column, sign in (("y", "rang", -1), ("x", "colonne", 1)):
        place = getattr(shapes.centroid, axis)
        apart = [(one, other) for one, other in pairs if abs(place[one] - place[other]) > 2000]
        kept = [
            sign * (place[one] - place[other]) * (tiles[column][one] - tiles[column][other]) > 0 for one, other in apart
        ]
        assert sum(kept) / len(kept) > 0.9
