"""What a notebook shows, as HTML: numbered tables and figures, readings, commentaries, refusals, key figures.

Every value is escaped. Each block begins with `MARK`, by which the page tells our HTML from any other a cell may print.
"""

import base64
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines.errors import UsageError
from pipelines.report.downloads import to_csv
from pipelines.report.grid import Grid
from pipelines.report.lint import DESCRIPTION
from pipelines.report.prose import render_comment
from pipelines.report.spoken import Change
from pipelines.report.stale import Judged
from pipelines.report.templates import environment
from pipelines.tables import STRENGTH_LABELS
from pipelines.values import plain

# Heavy, and a build that writes pages draws nothing: the kernels do.
if TYPE_CHECKING:
    from pipelines.charts.diagram import Diagram
    from pipelines.charts.image import Image

MARK = "<!-- bloc ose -->"
# Of what changed since a commentary, a page shows the first lines and counts the others.
CHANGES_SHOWN = 20
# Compiled at import: kernels forked from a process that has imported this are spared it.
_TEMPLATE = environment().get_template("blocks.html.j2")


def table_block(
    grid: Grid,
    *,
    number: int,
    title: str,
    sources: Sequence[str],
    note: str = "",
    method: str = "",
    strength: int = DESCRIPTION,
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
    csv = to_csv(grid.frame)
    html = _render(
        "table",
        number=number,
        title=title,
        grid_of=grid,
        sources=sources,
        note=note,
        method=method,
        strength=tell_strength(strength),
        fictional=fictional,
        folded=folded,
        download={"name": csv_name, "href": csv_url(csv), "of": f"le tableau {number}"},
    )
    return html, csv


def figure_block(
    picture: "Image",
    *,
    number: int,
    title: str,
    alt: str,
    sources: Sequence[str],
    note: str = "",
    method: str = "",
    strength: int = DESCRIPTION,
    fictional: bool,
    data: Grid,
) -> str:
    """A numbered figure with its text alternative; the data that it draws are folded below it, as a table and a CSV."""
    if not alt.strip():
        raise UsageError(f"La figure {number} n'a pas de texte de remplacement : dire en une phrase ce qu'elle montre.")
    of = f"les données de la figure {number}"
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
        grid_of=data,
        sources=sources,
        note=note,
        method=method,
        strength=tell_strength(strength),
        fictional=fictional,
        download={"name": f"figure-{number}.csv", "href": csv_url(to_csv(data.frame)), "of": of},
    )


def diagram_block(
    diagram: "Diagram",
    nodes: Grid,
    edges: Grid,
    *,
    number: int,
    title: str,
    sources: Sequence[str],
    note: str = "",
    method: str = "",
    strength: int = DESCRIPTION,
    fictional: bool,
    said: str = "",
) -> str:
    """A numbered diagram, drawn in the page itself; its nodes and links are folded below it, as tables and as CSV.

    `said`: the mark that the drawing bears where its data are fictional. Each node leads to its row; paper gets the
    drawing on sheets of its own.
    """
    stem = f"figure-{number}"
    grids = []
    for name, kind, grid in (("Nœuds", "noeuds", nodes), ("Liens", "liens", edges)):
        of = f"les {kind.replace('oe', 'œ')} de la figure {number}"
        download = {"name": f"{stem}-{kind}.csv", "href": csv_url(to_csv(grid.frame)), "of": of}
        rows = f"{stem}-n" if kind == "noeuds" else ""
        grids.append({"name": name, "grid": grid, "rows": rows, "download": download})
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
        strength=tell_strength(strength),
        fictional=fictional,
    )


def tell_strength(strength: int) -> str:
    """« 2 sur 4, description »: the strength of evidence as it is printed. UsageError on another number than 1 to 4."""
    if strength not in STRENGTH_LABELS:
        raise UsageError(f"Une force de preuve va de 1 à 4, pas {strength}.")
    return f"{strength} sur {len(STRENGTH_LABELS)}, {STRENGTH_LABELS[strength]}"


def _data_url(mime: str, text: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(text.encode('utf-8')).decode('ascii')}"


def reading_block(text: str, *, fictional: bool = False) -> str:
    """« Lecture : … », computed from the values that the reader has just seen, marked where they are fictional."""
    return _render("reading", text=text, fictional=fictional)


def comment_block(
    comment: Mapping[str, str] | None,
    judged: Judged,
    *,
    section: str,
    claims: Sequence[str] = (),
    fictional: bool = False,
) -> str:
    """What the evaluators wrote about a section (texte, auteur, date), or that nobody has.

    `judged`: whether it is « à relire », why, and what changed, marked where it is fictional; `claims`: the words in it
    that the evidence of the section does not allow.
    """
    return _render(
        "comment",
        comment=comment and {name: plain(said) for name, said in comment.items()},
        text="" if comment is None else render_comment(comment["texte"], section),
        judged=judged,
        changes=_grouped(judged.changes[:CHANGES_SHOWN]),
        untold=len(judged.changes[CHANGES_SHOWN:]),
        claims=list(dict.fromkeys(claim.lower() for claim in claims)),
        section=section,
        fictional=fictional,
    )


def _grouped(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes under the name of their row, said once; `title` where the table or figure is another than before."""
    groups: list[dict[str, Any]] = []
    for (title, line), own in groupby(changes, key=lambda change: (change.titre, change.ligne)):
        is_new = all(group["of"] != title for group in groups)
        groups.append({"of": title, "title": title if is_new else "", "line": line, "changes": list(own)})
    return groups


def refusal_block(reason: str, what: str = "Comparaison refusée") -> str:
    """« Comparaison refusée : … », where figures may not be compared, or not be published."""
    return _render("refusal", reason=reason, what=what)


def key_figures_block(
    figures: Sequence[tuple[str, str, str]], *, sources: Sequence[str] = (), fictional: bool = False
) -> str:
    """A few key figures and their sources: value as text, label, detail (may be empty); marked where fictional."""
    return _render("key_figures", figures=figures, sources=sources, fictional=fictional)


def finding_block(text: str, *, strength: int = DESCRIPTION, fictional: bool = False) -> str:
    """The finding of a Focus, large, with the strength of its evidence."""
    return _render("finding", text=text, strength=tell_strength(strength), fictional=fictional)


def known_block(known: Sequence[str], unknown: Sequence[str], *, fictional: bool = False) -> str:
    """« Ce que l'on sait » beside « Ce que l'on ne sait pas », one under the other on a phone."""
    return _render("known", known=known, unknown=unknown, fictional=fictional)


def text_block(sentences: Sequence[str], *, listed: bool = False, fictional: bool = False) -> str:
    """Computed sentences as a paragraph, or as a list, marked where they are fictional."""
    return _render("text", sentences=sentences, listed=listed, fictional=fictional)


def method_block(text: str) -> str:
    """How a Focus is computed: folded on screen, printed whole."""
    return _render("method", text=text)


def focus_block(title: str, question: str, address: str) -> str:
    """The head of a Focus inside the annual report, with the address of its page."""
    return _render("focus", title=title, question=question, address=address)


def _render(macro: str, **values: Any) -> str:
    module = _TEMPLATE.make_module({"mark": Markup(MARK)})  # noqa: S704 ours
    return str(getattr(module, macro)(**values)).strip()


def csv_url(csv: str) -> str:
    """The CSV inside the page, as the address of a download."""
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(csv.encode('utf-8')).decode('ascii')}"
