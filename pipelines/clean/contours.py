"""Contours: surfaces that cross themselves are mended, what is no surface is set aside."""

import pandas as pd

from pipelines.clean.rows import Cleaned, clean_table, journal_of, set_aside_of
from pipelines.tables import TABLES

# Of a contour set aside or mended, the beginning says which it is: the file received has the rest.
_TOLD = 60
# Degrees: the grid of the coordinates that are kept, a metre.
_GRID = 1e-5
MENDED = "contour qui se croise, rendu valide"
_REMEDY = "Réexporter ce territoire comme une surface (Polygon ou MultiPolygon), ou retirer cet objet du fichier."


def clean_contours(text: pd.DataFrame) -> Cleaned:
    """Contours as valid POLYGON or MULTIPOLYGON; what was mended is in the journal, what is no surface set aside."""
    raw = text["geometrie"].fillna("")
    read = [_surface(cell) for cell in raw]
    told = text.assign(geometrie=raw.mask(raw.str.len() > _TOLD, raw.str.slice(0, _TOLD) + "…"))
    reasons, mended = (pd.Series(part, index=text.index, dtype="str") for part in list(zip(*read, strict=True))[1:])
    usable = reasons == ""
    surfaces = pd.Series([surface for surface, _, _ in read], index=text.index, dtype="str")
    cleaned = clean_table(text.assign(geometrie=surfaces).loc[usable], TABLES["contours"], as_read=told.loc[usable])
    remedies = pd.Series(_REMEDY, index=text.index, dtype="str")
    return Cleaned(
        cleaned.kept,
        pd.concat([cleaned.set_aside, set_aside_of(told, reasons, remedies)], ignore_index=True),
        pd.concat([cleaned.journal, journal_of(told, "geometrie", told["geometrie"], mended)], ignore_index=True),
    )


def _surface(text: str) -> tuple[str, str, str]:
    """The WKT of a valid surface, why there is none, and what was mended of it; "" where there is nothing to say."""
    # Heavy, and few contracts have contours.
    import shapely

    if not text:
        return "", "sans géométrie", ""
    shape = shapely.from_wkt(text, on_invalid="ignore")
    if shape is None:
        return "", "géométrie illisible", ""
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return "", f"géométrie de type {shape.geom_type}, qui n'est pas une surface", ""
    if shape.is_valid and not shape.is_empty:
        return text, "", ""
    # What make_valid leaves of a spike is a line: only surfaces are kept of it.
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.geom_type.endswith("Polygon")]
    whole = shapely.set_precision(shapely.union_all(parts), _GRID)
    if whole.is_empty or whole.geom_type not in ("Polygon", "MultiPolygon"):
        return "", "contour sans surface", ""
    return shapely.to_wkt(whole, rounding_precision=5), "", MENDED
