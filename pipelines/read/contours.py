"""Contours of territories: features of a GeoJSON file as text records, each geometry as WKT in WGS84.

The JSON is read as any other: a library of maps would guess types of properties, and skip features in silence.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.errors import DataError
from pipelines.read.records import JsonObject, Records, load_json, read_fields

# Where the geometry stands among the columns, and what stands there where it cannot be read.
GEOMETRY, UNREADABLE = "geometrie", "illisible"
# Decimals of a degree: a metre. Fewer digits than libraries of projections differ by.
DECIMALS = 5
_SURFACES = ("POLYGON", "MULTIPOLYGON")
_LONGITUDE, _LATITUDE = 180, 90


def read_contour_records(path: Path) -> Records:
    """Records of the features of a GeoJSON file, numbered by rank from 1: their properties, then `geometrie` as WKT.

    Longitudes and latitudes WGS84 rounded to a metre, in two dimensions; the coordinates of another system, that the
    member « crs » names, are converted. A feature without geometry has a blank one; what is no geometry is
    « illisible ». DataError: damaged JSON, a property that is nested or stands twice, no FeatureCollection, an unknown
    system, coordinates that are no degrees, not one surface.
    """
    content = load_json(path)
    collection = dict(content) if isinstance(content, JsonObject) else {}
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise DataError(f"{path.name} n'est pas une collection GeoJSON (FeatureCollection) : la réexporter en GeoJSON.")
    records: list[dict[str, str]] = []
    shapes: list[Any] = []
    for rank, feature in enumerate(features, start=1):
        members = dict(feature) if isinstance(feature, JsonObject) else {}
        if members.get("type") != "Feature":
            raise DataError(f"{path.name}, objet {rank} : ce n'est pas un objet GeoJSON (Feature). Le réexporter.")
        records.append(read_fields(path, members.get("properties") or JsonObject(), rank))
        shapes.append(members.get("geometry"))
    texts = _write(path, shapes, _system(path, collection))
    names = tuple(dict.fromkeys(name for record in records for name in record))
    rows = [[*(record.get(name, "") for name in names), text] for record, text in zip(records, texts, strict=True)]
    return Records("", rows, list(range(1, len(rows) + 1)), names=(*names, GEOMETRY))


def _system(path: Path, collection: dict[str, Any]) -> str:
    """The name of the system of coordinates: what the file says, else the one of GeoJSON."""
    declared = collection.get("crs")
    if declared is None:
        return "OGC:CRS84"
    # Heavy, and few contracts have contours.
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        name = str(dict(dict(declared)["properties"])["name"])
        CRS.from_user_input(name)
    except (CRSError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path.name} : son système de coordonnées (membre « crs ») est inconnu. "
            "Le réexporter en WGS84 (EPSG:4326)."
        ) from error
    return name


def _write(path: Path, geometries: Sequence[Any], system: str) -> list[str]:
    """The WKT of each geometry, in degrees."""
    # Heavy, and few contracts have contours.
    import geopandas as gpd
    import shapely

    shapes = [_shape(geometry) for geometry in geometries]
    placed = gpd.GeoSeries(shapes, crs=system).to_crs("OGC:CRS84")
    if not any(shape is not None and shape.geom_type.upper() in _SURFACES for shape in shapes):
        raise DataError(
            f"{path.name} ne contient aucune surface (Polygon ou MultiPolygon) : y exporter les contours, et non des "
            "points ou des lignes."
        )
    west, south, east, north = placed.total_bounds
    if not (-_LONGITUDE <= west <= east <= _LONGITUDE and -_LATITUDE <= south <= north <= _LATITUDE):
        raise DataError(
            f"{path.name} : ses coordonnées ne sont pas des degrés. Le réexporter en WGS84 (EPSG:4326), ou avec le "
            "membre « crs » qui nomme son système."
        )
    written = shapely.to_wkt(placed.to_numpy(), rounding_precision=DECIMALS, output_dimension=2)
    return [
        text if text is not None else UNREADABLE if geometry is not None else ""
        for text, geometry in zip(written, geometries, strict=True)
    ]


def _shape(geometry: Any) -> Any:
    """The shape of a GeoJSON geometry, None where it is not one."""
    # Heavy, and few contracts have contours.
    import shapely
    from shapely.geometry import shape

    try:
        members = dict(geometry)
        return shape({"type": members["type"], "coordinates": _numbers(members["coordinates"])})
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        return None


def _numbers(coordinates: Any) -> Any:
    """Nested lists of coordinates as numbers: they were read as they are written."""
    return [_numbers(one) for one in coordinates] if isinstance(coordinates, list) else float(coordinates)
