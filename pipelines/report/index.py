"""`outputs/index.html`: one page that leads to every report, contract by contract, the latest year first."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pipelines.report.templates import environment


def render_index(entries: Sequence[dict[str, Any]]) -> str:
    """The index page of all reports, in the order given within a year.

    Each entry holds titre, question, notebook, contrat, nom_contrat, annee, statut, fictif, and href from this page.
    """
    ordered = sorted(entries, key=lambda entry: (entry["nom_contrat"], entry["contrat"], -entry["annee"]))
    contracts = []
    for _, group in groupby(ordered, key=lambda entry: entry["contrat"]):
        reports = list(group)
        years = [(year, list(of_year)) for year, of_year in groupby(reports, key=lambda entry: entry["annee"])]
        contracts.append({"name": reports[0]["nom_contrat"], "years": years})
    template = environment().get_template("index.html.j2")
    return template.render(contracts=contracts, total=len(ordered))
