"""An annual report composed of the Focus of its year: which section each fills, and the summary of each, run in it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.indicators.annual_report import DECREE_SECTIONS
from pipelines.report import blocks
from pipelines.report.focus import Focus, is_composed, list_focus, map_sections
from pipelines.report.sentences import Sentences, publish
from pipelines.values import format_number, format_text

if TYPE_CHECKING:
    from pipelines.report.report import Report


def map_focus(report: "Report", composition: str) -> None:
    """Show which Focus fill each section of the decree, and which sections have none; nothing in a complete report."""
    if not is_composed(composition):
        return
    mapped = map_sections(_held(report)).replace({"titre_focus": {"": "aucun Focus"}})
    report.show(mapped, "Les Focus de l'année, section par section du décret", sources=[])
    empty = mapped.loc[mapped["titre_focus"] == "aucun Focus", "section_decret"]
    gaps = f" Sans Focus : {format_text(', '.join(empty))}." if len(empty) else ""
    filled, sections = len(DECREE_SECTIONS) - len(empty), len(DECREE_SECTIONS)
    report.read(f"des Focus remplissent {format_number(filled)} sections sur {format_number(sections)}.{gaps}")


def run_summaries(report: "Report", section: str, composition: str) -> Iterator[Sentences]:
    """Show the summary of each Focus that fills a section; yields the report that a Focus opens, as soon as it does."""
    if not is_composed(composition):
        return
    for focus in (held for held in _held(report) if held.section == section):
        publish(blocks.focus_block(focus.title, focus.question, f"{focus.name}.html"), f"Focus : {focus.title}")
        for variables in focus.run(report.contrat, report.annee):
            if isinstance(variables.get("report"), Sentences):
                yield variables["report"]


def _held(report: "Report") -> list[Focus]:
    """The Focus of the year that this contract has the tables for: those of which a build makes a page."""
    return [
        focus
        for focus in list_focus(report.annee)
        if not focus.needs or report.holds(focus.needs) or report.contract.get(focus.needs)
    ]
