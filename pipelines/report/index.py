"""`outputs/index.html`: one page that leads to every report, contract by contract, the latest year first."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pipelines.report.templates import environment


def render_index(entries: Sequence[dict[str, Any]], qualities: Sequence[dict[str, Any]] = ()) -> str:
    """The index page of all reports, in the order given within a year, and of each contract's quality page.

    Each entry holds titre, question, notebook, contrat, nom_contrat, annee, statut, fictif, and href from this page;
    a quality page is of no year and asks no question.
    """
    quality_of = {page["contrat"]: page for page in qualities}
    # A contract whose reports all failed still has its quality page. Two editions may bear two names: the latest holds.
    ordered = sorted(entries, key=lambda entry: (entry["contrat"], -entry["annee"]))
    contracts = [
        {"name": page["nom_contrat"], "contrat": contrat, "years": [], "quality": page}
        for contrat, page in quality_of.items()
        if contrat not in {entry["contrat"] for entry in entries}
    ]
    for contrat, group in groupby(ordered, key=lambda entry: entry["contrat"]):
        reports = list(group)
        years = [(year, list(of_year)) for year, of_year in groupby(reports, key=lambda entry: entry["annee"])]
        name, quality = reports[0]["nom_contrat"], quality_of.get(contrat)
        contracts.append({"name": name, "contrat": contrat, "years": years, "quality": quality})
    contracts.sort(key=lambda contract: (contract["name"], contract["contrat"]))
    template = environment().get_template("index.html.j2")
    return template.render(contracts=contracts, total=len(ordered))
