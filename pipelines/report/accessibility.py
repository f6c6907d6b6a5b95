"""`outputs/<contrat>/accessibilite.html`: the accessibility declaration that French law asks of a public site.

It says « non conforme » until an audit is recorded in contrat.yml: automatic tests see only a part of the criteria.
Source: RGAA 4.1.2, « Obligations d'accessibilité », model of declaration (accessibilite.numerique.gouv.fr).
"""

from collections.abc import Mapping
from typing import Any

from pipelines.fingerprint import digest, digest_package
from pipelines.report.templates import environment

TITLE = "Déclaration d'accessibilité"
# From outputs/<contrat>/ to outputs/.
HOME = "../index.html"
# Shares of the criteria met, in percent, from which a page is said to conform in part, or wholly.
_PARTLY, _WHOLLY = 50, 100


def conformity(contract: Mapping[str, Any]) -> str:
    """« non conforme », « partiellement conforme » or « totalement conforme », as the recorded audit found."""
    audit = contract["accessibilite"]["audit"]
    if audit is None or audit["taux"] < _PARTLY:
        return "non conforme"
    return "totalement conforme" if audit["taux"] >= _WHOLLY else "partiellement conforme"


def describe_accessibility(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The page's provenance: the contract, what it declares, the method."""
    contract = manifest["contrat"]
    about = {
        "titre": TITLE,
        "contrat": contract["nom_dossier"],
        "nom_contrat": contract["nom"],
        "nom_epci": contract["nom_epci"],
        "accessibilite": conformity(contract),
        "contact": contract["accessibilite"]["contact"],
        "audit": contract["accessibilite"]["audit"],
        "methode": digest_package(),
    }
    return {**about, "empreinte": digest(about)}


def render_accessibility(about: Mapping[str, Any]) -> str:
    """The declaration as a page."""
    return environment().get_template("accessibility.html.j2").render(about=about, home=HOME, marks=[])
