"""What a notebook shows, as HTML: numbered tables and figures, readings, commentaries, refusals, key figures.

Every value is escaped. Each block begins with `MARK`, by which the page tells our HTML from any other a cell may print.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipelines.charts.diagram import Diagram
from pipelines.charts.image import Image
from pipelines.errors import UsageError
from pipelines.numbers import COUNTS, EUROS, PERCENTS, POINTS, Kind, format_column, kind_of_numbers, kinds_of_column
from pipelines.report.downloads import to_csv
from pipelines.report.labels import label
from pipelines.report.prose import render_comment
from pipelines.report.templates import CELL_LENGTH, environment, shorten

MARK = "<!-- bloc ose -->"
_TOTAL = re.compile(r"\s*(total|ensemble)\b", re.IGNORECASE)
_WITH_UNIT = {*PERCENTS, *EUROS, *COUNTS, *POINTS}


def table_block(
    frame: pd.DataFrame,
    *,
    number: int,
    title: str,
    sources: Sequence[str],
    note: str = "",
    method: str = "",
    fictional: bool,
    folded: bool = False,
    csv_name: str,
) -> tuple[str, str]:
    """A numbered table, and its CSV text (with its byte order mark: write it as UTF-8, without newline translation).

    `method`: how its values are defined or computed, folded below. A very long text is shortened; the CSV has it whole.
    `folded`: its rows are folded too, under its title.

    A named index comes first, as columns; an index without a name is not shown. The unit of a column of a pivoted table
    comes from the level of its name that bears one: ("montant_accorde", 2019).
    """
    flat = _flat(frame)
    csv = to_csv(flat)
    html = _render(
        "table",
        number=number,
        title=title,
        grid_of=_grid(flat),
        sources=sources,
        note=note,
        method=method,
        fictional=fictional,
        folded=folded,
        download={"name": csv_name, "href": csv_url(csv), "of": f"le tableau {number}"},
    )
    return html, csv


def figure_block(
    picture: Image,
    *,
    number: int,
    title: str,
    alt: str,
    sources: Sequence[str],
    note: str = "",
    method: str = "",
    fictional: bool,
    data: pd.DataFrame | None,
) -> str:
    """A numbered figure with its text alternative; the data that it draws are folded below it, as a table and a CSV."""
    if not alt.strip():
        raise UsageError(f"La figure {number} n'a pas de texte de remplacement : dire en une phrase ce qu'elle montre.")
    flat = None if data is None else _flat(data)
    download = None
    if flat is not None:
        of = f"les données de la figure {number}"
        download = {"name": f"figure-{number}.csv", "href": csv_url(to_csv(flat)), "of": of}
    return _render(
        "figure",
        number=number,
        title=title,
        alt=alt,
        image={
            "href": f"data:{picture.mime};base64,{base64.b64encode(picture.content).decode('ascii')}",
            "width": round(picture.width),
            "height": round(picture.height),
        },
        grid_of=None if flat is None else _grid(flat),
        sources=sources,
        note=note,
        method=method,
        fictional=fictional,
        download=download,
    )


def diagram_block(
    diagram: Diagram,
    *,
    number: int,
    title: str,
    sources: Sequence[str],
    note: str = "",
    method: str = "",
    fictional: bool,
    said: str = "",
) -> str:
    """A numbered diagram, drawn in the page itself; its nodes and links are folded below it, as tables and as CSV.

    `said`: the mark that the drawing bears where its data are fictional. Each node leads to its row; paper gets the
    drawing on sheets of its own.
    """
    stem = f"figure-{number}"
    grids = []
    for name, kind, frame in (("Nœuds", "noeuds", diagram.nodes), ("Liens", "liens", diagram.edges)):
        of = f"les {kind.replace('oe', 'œ')} de la figure {number}"
        download = {"name": f"{stem}-{kind}.csv", "href": csv_url(to_csv(frame)), "of": of}
        rows = f"{stem}-n" if kind == "noeuds" else ""
        grids.append({"name": name, "grid": _grid(frame), "rows": rows, "download": download})
    downloads = [{"name": f"{stem}.svg", "href": _data_url("image/svg+xml", diagram.write(mark=said)), "of": "SVG"}]
    if diagram.mermaid:
        marked = f"%% {said}\n{diagram.mermaid}" if said else diagram.mermaid
        href = _data_url("text/plain;charset=utf-8", marked)
        downloads.append({"name": f"{stem}.mmd", "href": href, "of": "Mermaid"})
    return _render(
        "diagram",
        number=number,
        title=title,
        below=diagram.leave_room(note, method, "; ".join(sources)),
        svg=Markup(diagram.write(anchor=stem, mark=said)),  # noqa: S704 escaped where it is written
        sheets=[Markup(sheet) for sheet in diagram.write_sheets(mark=said)],  # noqa: S704 likewise
        grids=grids,
        downloads=downloads,
        sources=sources,
        note=note,
        method=method,
        fictional=fictional,
    )


def _data_url(mime: str, text: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(text.encode('utf-8')).decode('ascii')}"


def reading_block(text: str, *, fictional: bool = False) -> str:
    """« Lecture : … », computed from the values that the reader has just seen, marked where they are fictional."""
    return _render("reading", text=text, fictional=fictional)


def comment_block(comment: Mapping[str, str] | None, *, section: str, fingerprint: str) -> str:
    """What the evaluators wrote about a section (texte, auteur, date, empreinte), or that nobody has.

    `fingerprint`: that of the figures as they are shown now. Where the commentary noted another, or none, it is
    « à relire ».
    """
    return _render(
        "comment",
        comment=comment,
        text="" if comment is None else render_comment(comment["texte"], section),
        stale=comment is not None and comment["empreinte"] != fingerprint,
        fingerprint=fingerprint,
    )


def refusal_block(reason: str, what: str = "Comparaison refusée") -> str:
    """« Comparaison refusée : … », where figures may not be compared, or not be published."""
    return _render("refusal", reason=reason, what=what)


def key_figures_block(figures: Sequence[tuple[str, str, str]], *, fictional: bool = False) -> str:
    """A few key figures: value as text, label, detail (may be empty); marked where they are fictional."""
    return _render("key_figures", figures=figures, fictional=fictional)


def displayed(frame: pd.DataFrame) -> list[list[str]]:
    """The texts of a table as it is shown, row by row, the column heads first."""
    grid = _grid(_flat(frame))
    return [[column["label"] for column in grid["columns"]], *(row["cells"] for row in grid["rows"])]


def describe_table(frame: pd.DataFrame) -> dict[str, Any]:
    """What the CSV of a table does not say, as JSON-like values, for who writes it in another format.

    `mesure`: what all its columns share, or ""; `totaux`: ranks of its total rows; `colonnes`: for each, `noms` (the
    levels of its name), `libelle`, `numerique`, `genre` (what its cells hold: a `numbers.Kind`), and `autres`, the kind
    of the cells that hold something else, by their rank as text.
    """
    flat = _flat(frame)
    grid = _grid(flat)
    columns = []
    for position, (name, head) in enumerate(zip(flat.columns, grid["columns"], strict=True)):
        kinds = kinds_of_column(flat.iloc[:, position], _unit_name(name))
        kind = _main_kind(kinds, _unit_name(name), numeric=head["numeric"])
        names = [str(part) for part in (name if isinstance(name, tuple) else (name,)) if part != ""]
        about = {"noms": names, "libelle": head["label"], "numerique": head["numeric"], "genre": kind}
        columns.append(about | {"autres": {str(rank): k for rank, k in enumerate(kinds) if k != kind}})
    totals = [rank for rank, row in enumerate(grid["rows"]) if row["total"]]
    return {"mesure": grid["measure"], "colonnes": columns, "totaux": totals}


def _main_kind(kinds: Sequence[Kind], name: str, *, numeric: bool) -> Kind:
    """The kind of most cells of a column, text only where it has no other; a column without a value has its name's."""
    told = [kind for kind in kinds if kind not in ("manquant", "texte")]
    if told:
        return max(dict.fromkeys(told), key=told.count)
    return kind_of_numbers(name) if numeric and "texte" not in kinds else "texte"


def _render(macro: str, **values: Any) -> str:
    module = environment().get_template("blocks.html.j2").make_module({"mark": Markup(MARK)})  # noqa: S704 ours
    return str(getattr(module, macro)(**values)).strip()


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its named index levels as first columns. UsageError on an unnamed index that holds text."""
    named = [name is not None for name in frame.index.names]
    if all(named):
        return frame.reset_index()
    if any(named) or not pd.api.types.is_integer_dtype(frame.index.dtype):
        raise UsageError(
            "L'index du tableau n'a pas de nom et ne serait pas montré : le nommer avec .rename_axis(...), "
            "ou l'enlever avec .reset_index(drop=True)."
        )
    return frame


def _grid(frame: pd.DataFrame) -> dict[str, Any]:
    """Column heads and rows as the template writes them; the columns go by position, since names may repeat."""
    columns, texts = [], []
    measure = _measure(frame)
    for position, name in enumerate(frame.columns):
        values = frame.iloc[:, position]
        unit_name = _unit_name(name)
        texts.append(format_column(values, unit_name))
        shown_name = name[1:] if measure and position > 0 else name
        columns.append({"label": label(shown_name), "numeric": position > 0 and _is_numeric(values, unit_name)})
    long = any(len(text) > CELL_LENGTH for column in texts for text in column)
    rows = [
        {"cells": [shorten(text, CELL_LENGTH) for text in cells], "total": _TOTAL.match(cells[0]) is not None}
        for cells in zip(*texts, strict=True)
    ]
    shared = label(measure).lower() if measure else ""
    return {"columns": columns, "rows": rows, "measure": shared, "shortened": long}


def _measure(frame: pd.DataFrame) -> str:
    """The measure that all columns of a pivoted table share, said once in its title rather than in every column."""
    measures = {name[0] for name in frame.columns[1:] if isinstance(name, tuple)}
    return measures.pop() if len(measures) == 1 and len(frame.columns) > 2 else ""


def _unit_name(name: Any) -> str:
    parts = [str(part) for part in name] if isinstance(name, tuple) else [str(name)]
    return next((part for part in parts if part.split("_", 1)[0] in _WITH_UNIT), parts[-1])


def _is_numeric(values: pd.Series, name: str) -> bool:
    if name.split("_", 1)[0] in _WITH_UNIT:
        return True
    is_number = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    return is_number and not name.startswith("annee")


def csv_url(csv: str) -> str:
    """The CSV inside the page, as the address of a download."""
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(csv.encode('utf-8')).decode('ascii')}"
