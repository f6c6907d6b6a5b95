"""Maps: territories in their contours, shaded by class; nothing is fetched, nothing lies beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from pipelines.charts.areas import EDGE, Areas, list_some, read_areas, tell_areas
from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import FULL, LINE, count_lines
from pipelines.charts.places import Placed, place_names, set_key
from pipelines.charts.scale import SWATCH, draw_scale
from pipelines.charts.shades import is_diverging, write_limit
from pipelines.charts.style import BRICK, INK, SLATE, Chart, in_house_style
from pipelines.numbers import count

# Points: the highest map, the blank below a part, half the height of the ends of the scale bar.
_HIGHEST, _BELOW, _TICK = 440.0, 6.0, 3.0
# What the eye does not see of a contour, in points: it would weigh on the page.
_UNSEEN = 0.2
_LAMBERT93 = 2154


@dataclass(frozen=True)
class _Sheet:
    """From metres of Lambert-93 to points of the canvas: corner of the map, points a metre, size in points."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def draw(self, shape: Any) -> Any:
        """The shape in points, the top of the map at 0, without what nobody would see."""
        # Heavy, and few notebooks need it.
        import shapely

        moved = shapely.transform(shape, lambda xy: (xy - (self.west, self.north)) * (self.scale, -self.scale))
        return shapely.simplify(moved, _UNSEEN)


@in_house_style
def draw_map(
    frame: pd.DataFrame,
    contours: pd.DataFrame,
    *,
    code: str,
    label: str,
    value: str,
    axis: str,
    breaks: Sequence[float] | None = None,
    quartiers: pd.DataFrame | None = None,
) -> Chart:
    """A map of the territories of `frame` in their contours (Lambert-93, north up), darker the higher their class.

    `code`, `label`, `value` name columns of `frame`, one row a territory; the name of `value` says its unit. `contours`
    and `quartiers` have the columns of the table of that name (code_territoire, geometrie in WGS84); those of
    `quartiers` are drawn over the map as thick outlines. `breaks`: as for heat tables. A name is written where it fits
    in its territory, else a number that the key below tells; a territory without value is hatched, one without contour
    named in a note; where classes have a sign, dots tell zero and more. The text alternative gives highest and lowest,
    sizes of classes, limits, and what is missing. The data are the three columns as they came.

    UsageError: a territory on several rows, limits that do not rise.
    """
    data = frame[[code, label, value]].reset_index(drop=True)
    areas = read_areas(frame, code, label, value, breaks)
    shapes = _project(contours[contours["code_territoire"].isin(areas.rows["code"])])
    if areas.rows["value"].isna().all() or not shapes:
        why = {} if areas.rows["value"].isna().all() else {"why": "aucun contour pour ces territoires."}
        return say_nothing_to_draw(axis, data, **why)
    outlines = _project(quartiers) if quartiers is not None else {}
    sheet = _fit([*shapes.values(), *outlines.values()])
    drawn = {one: sheet.draw(shape) for one, shape in shapes.items()}
    here = areas.rows[areas.rows["code"].isin(drawn)]
    placed, key = place_names([(one.label, drawn[one.code]) for one in here.itertuples()])
    without = areas.rows.loc[~areas.rows["code"].isin(drawn), "label"].to_list()
    above = [limit for limit in areas.limits if limit >= 0] if is_diverging(areas.limits) else []
    more = [f"pointillé : {write_limit(limit, areas.unit)} et plus" for limit in above[:1]]
    more += [f"trait épais : {count(len(outlines), 'quartier')}"] * bool(outlines)
    more += [f"sans contour : {list_some(without)}"] * bool(without)
    notes = areas.notes(*more, *key.notes)
    columns = set_key(key)
    # Scale, notes, map, bar, key, one below the other.
    tops = np.cumsum([
        SWATCH + LINE + _BELOW, LINE * count_lines(notes) + _BELOW, sheet.height + _BELOW, LINE + _BELOW,
    ])  # fmt: skip
    figure, ax = new_canvas(tops[3] + columns.height, axis)
    draw_scale(ax, areas.limits, areas.unit)
    write_lines(ax, 0, tops[0], notes, color=SLATE)
    left = (FULL - sheet.width) / 2
    _draw_shapes(ax, areas, drawn, (left, tops[1]))
    for outline in outlines.values():
        path = _path(sheet.draw(outline), (left, tops[1]))
        # White beneath: the line stands out on the darkest shade.
        for colour, thick in (("white", 3.0), (BRICK, 1.6)):
            ax.add_patch(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=thick, clip_on=False))
    _write_names(ax, areas, here, placed, (left, tops[1]), on_lines=bool(outlines))
    _draw_bar(ax, sheet, left, tops[2])
    columns.write(ax, tops[3])
    alt = tell_areas(areas, "Carte", axis, without, "contour")
    return Chart(figure, alt + f" Par-dessus : {count(len(outlines), 'quartier')}." * bool(outlines), data)


def _project(contours: pd.DataFrame) -> dict[str, Any]:
    """The shape of each territory in metres, by its code."""
    if contours.empty:
        return {}
    # Heavy, and few notebooks need it.
    import geopandas as gpd

    shapes = gpd.GeoSeries.from_wkt(contours["geometrie"].to_list(), crs="OGC:CRS84").to_crs(_LAMBERT93)
    return dict(zip(contours["code_territoire"], shapes, strict=True))


def _fit(shapes: Sequence[Any]) -> _Sheet:
    """The sheet on which the shapes are as large as the page allows."""
    # Heavy, and few notebooks need it.
    import shapely

    west, south, east, north = shapely.total_bounds(shapes)
    scale = min(FULL / max(east - west, 1.0), _HIGHEST / max(north - south, 1.0))
    return _Sheet(west, north, scale, (east - west) * scale, (north - south) * scale)


def _path(shape: Any, corner: tuple[float, float]) -> Path:
    """The rings of a shape as one path, holes turned the other way so that they stay empty."""
    # Heavy, and few notebooks need it.
    import shapely
    from shapely.geometry.polygon import orient

    rings = [
        Path(np.asarray(ring.coords)[:, :2] + corner, closed=True)
        for polygon in shapely.get_parts(shape)
        for ring in (orient(polygon).exterior, *orient(polygon).interiors)
    ]
    return Path.make_compound_path(*rings)


def _draw_shapes(ax: Axes, areas: Areas, drawn: dict[str, Any], corner: tuple[float, float]) -> None:
    numbers = areas.rows.set_index("code")["number"]
    for one, shape in drawn.items():
        look, _ = areas.look(numbers[one], with_sign=True)
        ax.add_patch(PathPatch(_path(shape, corner), linewidth=0.8, clip_on=False, **look))
    for shape in drawn.values():
        # Hatching takes the colour of the edge: borders are drawn after it, alike for all.
        look = {"facecolor": "none", "edgecolor": EDGE if len(drawn) > 1 else INK}
        ax.add_patch(PathPatch(_path(shape, corner), linewidth=0.8, clip_on=False, **look))


def _write_names(
    ax: Axes, areas: Areas, here: pd.DataFrame, placed: Sequence[Placed | None], corner: tuple[float, float],
    *, on_lines: bool,
) -> None:  # fmt: skip
    """Names and numbers in the ink of their shade, on a plain ground over hatching and outlines."""
    for number, place in zip(here["number"], placed, strict=True):
        if place is None:
            continue
        look, ink = areas.look(number, with_sign=True)
        written: dict[str, Any] = {"color": ink}
        if on_lines or "hatch" in look:
            written["bbox"] = {"facecolor": look["facecolor"], "edgecolor": "none", "pad": 0.5}
        write_lines(ax, corner[0] + place.x, corner[1] + place.top, place.text, ha="center", **written)


def _draw_bar(ax: Axes, sheet: _Sheet, left: float, top: float) -> None:
    """A bar of a round length, at most a third of the map, and which way is north."""
    longest = max(sheet.width, sheet.height) / 3 / sheet.scale
    power = 10 ** np.floor(np.log10(longest))
    metres = float(max(step for step in (1, 2, 5) if step * power <= longest) * power)
    length, middle = metres * sheet.scale, top + LINE / 2
    ax.hlines(middle, left, left + length, color=INK, linewidth=1.2)
    ax.vlines([left, left + length], middle - _TICK, middle + _TICK, color=INK, linewidth=1.2)
    far = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    write_lines(ax, left + length + 6, top, f"{far}, nord en haut")
