"""An executed notebook as one HTML page that opens offline: no request, the same bytes every time."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
from markupsafe import Markup
from nbconvert import TemplateExporter
from nbformat import NotebookNode

from pipelines.report.blocks import MARK, csv_url
from pipelines.report.downloads import to_csv
from pipelines.report.prose import Prose
from pipelines.report.provenance import balance_totals
from pipelines.report.templates import FOLDER, environment, write_parameter

# From outputs/<contrat>/<annee>/ to outputs/.
HOME = "../../index.html"
# Compiled at import: workers forked from a process that has imported this are spared it.
_SHELL = environment().get_template("page.html.j2")


def render_page(notebook: NotebookNode, about: Mapping[str, Any], *, with_code: bool = False) -> str:
    """The page of an executed notebook; `with_code` folds each cell's code above what it shows.

    `about` is its provenance (`describe`). DataError where a line of its row balance does not add up. Only what our own
    blocks made passes as HTML; another output is its plain text, and stderr is not shown.
    """
    totals = balance_totals(about["balance"])
    # A page for anyone says it once, in its appendices.
    prose = Prose("" if about.get("facile") else about["notebook"])
    outputs, exporter = _Outputs(), _exporter()
    exporter.register_filter("prose", prose.render)
    exporter.register_filter("shown", lambda output: prose.note(outputs.render(output)))
    body, _ = exporter.from_notebook_node(notebook, resources={"with_code": with_code})
    marks = ["Document interne"] * about["interne"] + ["Projet"] * (about["statut"] == "projet")
    marks += ["Données fictives de démonstration"] * about["fictif"]
    return _SHELL.render(
        about=about,
        body=Markup(body) + prose.close(),  # noqa: S704 escaped by the filters above
        contents=prose.contents,
        totals=totals,
        downloads=_downloads(about),
        marks=marks,
        home=HOME,
    )


@cache
def _exporter() -> TemplateExporter:
    """What turns cells into HTML, its template compiled once for all pages; each page brings its own filters."""
    # Only their names, for the template to compile.
    filters = {"prose": lambda _: "", "shown": lambda _: ""}
    return TemplateExporter(
        template_name="ose",
        file_extension=".html",
        extra_template_basedirs=[str(FOLDER)],
        filters=filters,
        default_preprocessors=[],  # none would change a cell, and the notebook is validated after each
    )


def _downloads(about: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The CSV of each table of the appendices, by its section, as the template of blocks writes a download."""
    parameters = [{**line, "valeur": write_parameter(line["valeur"])} for line in about["parametres"]]
    tables = {
        "parametres": ("les paramètres", parameters),
        "bilan": ("le bilan des lignes", about["balance"]),
        "euros": ("les euros accordés", about["euros"]["accordes"]),
        "votes": ("les montants votés", about["euros"]["votes"]),
        "avertissements": ("les avertissements", about["verdict"]["avertissements"]),
    }
    return {
        name: {"name": f"{name}.csv", "href": csv_url(to_csv(pd.DataFrame(lines))), "of": of}
        for name, (of, lines) in tables.items()
    }


class _Outputs:
    """The outputs of one page, rendered one after the other; plain ones are numbered to be told apart aloud."""

    def __init__(self) -> None:
        self.plain = 0

    def render(self, output: Mapping[str, Any]) -> Markup:
        """A block of ours as it is; any other output as escaped text; nothing for stderr."""
        if output["output_type"] == "stream":
            return self._text(output["text"]) if output["name"] == "stdout" else Markup()
        if output["output_type"] == "error":
            return self._text(f"{output['ename']} : {output['evalue']}")
        data = output["data"]
        block = data.get("text/html", "")
        if block.startswith(MARK):
            return Markup(block.removeprefix(MARK))  # noqa: S704 made by blocks.py, which escapes
        return self._text(data.get("text/plain", ""))

    def _text(self, text: str) -> Markup:
        if not text.strip():
            return Markup()
        self.plain += 1
        label = f"Sortie de calcul {self.plain}"
        return Markup('<pre class="defile sortie" role="region" tabindex="0" aria-label="{}">{}</pre>').format(
            label, text
        )
