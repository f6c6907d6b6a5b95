"""Tile cartograms: a square per territory where contours are not known, each about where it lies, north up."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from pipelines.charts.areas import list_some, read_areas, tell_areas
from pipelines.charts.canvas import new_canvas, write_lines
from pipelines.charts.empty import say_nothing_to_draw
from pipelines.charts.lettering import FULL, LINE, count_lines, measure, shorten
from pipelines.charts.places import Key, pack, set_key
from pipelines.charts.scale import SWATCH, draw_scale
from pipelines.charts.style import SLATE, Chart, in_house_style
from pipelines.errors import UsageError
from pipelines.numbers import MISSING

# Points: the largest tile, the blank inside it, the blank below a part.
_LARGEST, _INSIDE, _BELOW = 66.0, 3.0, 6.0
_NAME_LINES = 2
_SCHEMATIC = "placement schématique, nord en haut"


@in_house_style
def draw_tiles(
    frame: pd.DataFrame,
    cartogramme: pd.DataFrame,
    *,
    code: str,
    label: str,
    value: str,
    axis: str,
    breaks: Sequence[float] | None = None,
) -> Chart:
    """A square per territory of `frame`, with its short name and its value, darker the higher its class.

    `code`, `label`, `value` name columns of `frame`, one row a territory; the name of `value` says its unit.
    `cartogramme` has the columns of the table of that name (code_territoire, colonne, rang). `breaks`: as for heat
    tables. A name that is cut ends with a point and stands in full in the key below, or a number stands for it where
    two names would look alike; a territory without value is hatched, one without tile is named in a note. The text
    alternative gives highest and lowest, sizes of classes, limits, and what is missing. The data are the three columns
    as they came.

    UsageError: a territory on several rows, limits that do not rise, more columns than the width of a page holds.
    """
    data = frame[[code, label, value]].reset_index(drop=True)
    areas = read_areas(frame, code, label, value, breaks)
    tiles = cartogramme[["code_territoire", "colonne", "rang"]]
    rows = areas.rows.merge(tiles, left_on="code", right_on="code_territoire", how="left", validate="one_to_one")
    here = rows.dropna(subset=["colonne", "rang"])
    if areas.rows["value"].isna().all() or here.empty:
        why = {} if areas.rows["value"].isna().all() else {"why": "aucune case pour ces territoires."}
        return say_nothing_to_draw(axis, data, **why)
    west, north = int(here["colonne"].min()), int(here["rang"].min())
    many, deep = int(here["colonne"].max()) - west + 1, int(here["rang"].max()) - north + 1
    size = min(_LARGEST, FULL / many)
    if max(map(measure, here["text"])) > size - _INSIDE:
        raise UsageError(
            f"{many} colonnes de cases ne tiennent pas dans la largeur d'une page : resserrer le cartogramme."
        )
    names, key = _name(here["label"].to_list(), size - _INSIDE)
    height = max(size, LINE * (max(map(count_lines, names)) + 1) + _INSIDE)
    without = rows.loc[rows["colonne"].isna() | rows["rang"].isna(), "label"].to_list()
    notes = areas.notes(_SCHEMATIC, *[f"sans case : {list_some(without)}"] * bool(without))
    columns = set_key(key)
    first = SWATCH + LINE + _BELOW
    top = first + LINE * count_lines(notes) + _BELOW
    figure, ax = new_canvas(top + deep * height + _BELOW + columns.height, axis)
    draw_scale(ax, areas.limits, areas.unit)
    write_lines(ax, 0, first, notes, color=SLATE)
    for one, name in zip(here.itertuples(), names, strict=True):
        x, y = (one.colonne - west) * size, top + (one.rang - north) * height
        look, ink = areas.look(one.number)
        # Half a point is left blank on each side.
        ax.add_patch(Rectangle((x + 0.5, y + 0.5), size - 1, height - 1, linewidth=0.6, clip_on=False, **look))
        plain = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.5}} if one.text == MISSING else {}
        written: dict[str, Any] = {"ha": "center", "color": ink, **plain}
        lines = f"{name}\n{one.text}"
        write_lines(ax, x + size / 2, y + (height - LINE * count_lines(lines)) / 2, lines, **written)
    columns.write(ax, top + deep * height + _BELOW)
    return Chart(figure, tell_areas(areas, "Cartogramme à cases", axis, without, "case"), data)


def _name(labels: list[str], room: float) -> tuple[list[str], Key]:
    """What stands in each tile, on two lines at most, and the full names of those that were cut.

    Numbers stand for all names where two would look alike.
    """
    names = [_shorten(label, room) for label in labels]
    if len(set(names)) < len(names) or not all(name.strip() for name in names):
        names = [str(number) for number in range(1, len(labels) + 1)]
        return names, Key(tuple(f"{at} {shorten(one)}" for at, one in zip(names, labels, strict=True)), ())
    cut = [
        f"{' '.join(name.split()).replace('- ', '-')} : {shorten(label)}"
        for name, label in zip(names, labels, strict=True)
        if "".join(name.split()) != "".join(shorten(label).split())
    ]
    return names, Key(tuple(cut), ())


def _shorten(label: str, room: float) -> str:
    """A name on lines that break between words or behind a hyphen; what is too long for its line ends with a point."""
    lines = pack(label, room)
    kept = lines[:_NAME_LINES]
    if len(lines) > _NAME_LINES:
        kept[-1] = kept[-1].rstrip("-") + "."
    return "\n".join(_cut(line, room) for line in kept)


def _cut(line: str, room: float) -> str:
    if measure(line) <= room:
        return line
    while line and measure(line + ".") > room:
        line = line[:-1]
    return line + "."
