"""Values of territories where they lie: a map where contours are known, tiles without them."""

from collections.abc import Sequence

import pandas as pd

from pipelines.charts.areas import list_some
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.map import draw_map
from pipelines.charts.style import Chart
from pipelines.charts.tiles import draw_tiles


def draw_territories(
    frame: pd.DataFrame,
    *,
    contours: pd.DataFrame | None,
    cartogramme: pd.DataFrame | None,
    code: str,
    label: str,
    value: str,
    axis: str,
    breaks: Sequence[float] | None = None,
    quartiers: Sequence[str] = (),
) -> Chart:
    """A map where `contours` has every territory of `frame`, else tiles where `cartogramme` has, else what is lacking.

    `contours` and `cartogramme` are the certified tables of these names, None or empty where the contract has none.
    `quartiers`: codes whose contours, where they are known, are drawn over the map. The other arguments are those of
    `draw_map`, and so are the errors. Without contours and tiles, a sentence names the territories and the file to add.
    """
    given = {"code": code, "label": label, "value": value, "axis": axis, "breaks": breaks}
    lacking = {
        name: frame[code].to_list() if table is None else frame.loc[~frame[code].isin(table["code_territoire"]), code]
        for name, table in (("contours", contours), ("cartogramme", cartogramme))
    }
    if contours is not None and not len(lacking["contours"]):
        outlines = contours[contours["code_territoire"].isin(list(quartiers))]
        return draw_map(frame, contours, quartiers=outlines if len(outlines) else None, **given)
    if cartogramme is not None and not len(lacking["cartogramme"]):
        return draw_tiles(frame, cartogramme, **given)
    nearest = min(lacking.values(), key=len)
    why = (
        f"ni contour ni case pour {list_some(frame.loc[frame[code].isin(nearest), label])}. "
        "Déclarer dans contrat.yml une source « contours » (fichier GeoJSON) ou « cartogramme »."
    )
    return say_nothing_to_draw(axis, frame[[code, label, value]].reset_index(drop=True), why)
