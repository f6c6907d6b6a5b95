"""`outputs/index.html`: one page that leads to every report, contract by contract, the latest year first."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipelines.report.provenance import ACCESSIBILITY, QUALITY
from pipelines.report.reference import FILE
from pipelines.report.templates import environment

# Filters of the list: key of an entry, label. Each offers the values that the entries have.
_FILTERS = {"contrat": "Contrat", "annee": "Année", "genre": "Type de rapport", "commune": "Commune", "etat": "État"}

# A page made by a former version says less of itself.
_UNSAID = {"genre": "Autre rapport", "sujet": "", "periode": "", "commune": "", "a_relire": []}


def render_index(entries: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]] = ()) -> str:
    """The index page of all reports, in the order given within a year, and of each contract's own pages.

    Each entry is the provenance of a report, with `href` from this page. `own`: the provenance of the quality and
    accessibility pages, which are of no year; a contract whose reports all failed still has them.
    """
    # Two editions of a contract may bear two names: the latest holds.
    ordered = sorted(({**_UNSAID, **entry} for entry in entries), key=lambda entry: (entry["contrat"], -entry["annee"]))
    names = {page["contrat"]: page["nom_contrat"] for page in [*own, *reversed(ordered)]}
    reports = [{**entry, "etat": _states(entry), "nom_contrat": names[entry["contrat"]]} for entry in ordered]
    contracts = [
        {
            "name": name,
            "years": _by_year(entry for entry in reports if entry["contrat"] == contrat),
            "quality": _page(own, contrat, QUALITY),
            "accessibility": _page(own, contrat, ACCESSIBILITY),
        }
        for contrat, name in sorted(names.items(), key=lambda item: (item[1], item[0]))
    ]
    template = environment().get_template("index.html.j2")
    return template.render(contracts=contracts, total=len(reports), filters=_filters(reports), reference=FILE)


def _states(entry: Mapping[str, Any]) -> list[str]:
    """What still keeps a report from being done with; « Définitif » where nothing does."""
    states = ["Projet"] * (entry["statut"] == "projet") + ["À relire"] * bool(entry["a_relire"])
    return states or ["Définitif"]


def _by_year(reports: Iterable[Mapping[str, Any]]) -> list[tuple[int, list[Mapping[str, Any]]]]:
    return [(year, _gather(of_year)) for year, of_year in groupby(reports, key=lambda entry: entry["annee"])]


def _gather(reports: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The reports of one year, the pages of one sweep gathered under their common title as `pages`.

    What all of them are (fictional, in a state) is said once; a page keeps as `marques` what only some are.
    """
    lines: list[Mapping[str, Any]] = []
    for (_, swept), group in groupby(reports, key=lambda entry: (entry["notebook"], bool(entry["sujet"]))):
        pages = list(group)
        if not swept:
            lines += pages
            continue
        states = [state for state in pages[0]["etat"] if all(state in page["etat"] for page in pages)]
        shared = {"etat": states, "fictif": all(page["fictif"] for page in pages)}
        own = [
            {
                **page,
                "marques": [state for state in page["etat"] if state not in states],
                "marque_fictif": page["fictif"] and not shared["fictif"],
            }
            for page in pages
        ]
        lines.append({**pages[0], **shared, "pages": own})
    return lines


def _page(own: Sequence[Mapping[str, Any]], contrat: str, stem: str) -> Mapping[str, Any] | None:
    return next((page for page in own if page["contrat"] == contrat and page["href"].endswith(f"{stem}.html")), None)


def _filters(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The filters that would part the list: those of which the reports have two values or more, "" counted as one."""
    filters = []
    for key, label in _FILTERS.items():
        shown = "nom_contrat" if key == "contrat" else key
        found = {text for report in reports for text in _values(report[shown])}
        if len(found) > 1:
            options = sorted(found - {""}, reverse=key == "annee")
            filters.append({"name": key, "label": label, "options": options})
    return filters


def _values(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
