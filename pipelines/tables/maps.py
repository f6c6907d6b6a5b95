"""Where territories stand: their contours, and the tiles that stand in for them."""

from pipelines.tables.model import Table, column

MAP_TABLES = (
    Table(
        "contours",
        "le contour d'un territoire",
        ("code_territoire",),
        (
            column("code_territoire", "code", "territoire", req=True, form="territoire"),
            column("geometrie", "texte", "surface en WKT, longitudes et latitudes WGS84", unit="degrés", req=True),
        ),
    ),
    Table(
        "cartogramme",
        "la case d'un territoire sur un damier, le nord en haut",
        ("code_territoire",),
        (
            column("code_territoire", "code", "territoire", req=True, form="territoire"),
            column("colonne", "entier", "de l'ouest (1) à l'est", req=True),
            column("rang", "entier", "du nord (1) au sud", req=True),
        ),
    ),
)
