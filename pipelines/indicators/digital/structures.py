"""The survey structure by structure: who offers what, where, for whom, when, with what, and sees what of the others."""

import pandas as pd

from pipelines.indicators.digital.services import UNSAID
from pipelines.tables import (
    DIGITAL_AUDIENCE_LABELS,
    DIGITAL_PLACE_LABELS,
    DIGITAL_SERVICE_LABELS,
    SIGHT_LABELS,
    WISH_LABELS,
)


def describe_structures(structures: pd.DataFrame, offers: pd.DataFrame, territories: pd.DataFrame) -> pd.DataFrame:
    """One row per structure asked, silent or not, in the order of their codes, as a table to take away.

    Columns: nom_structure, type_structure, nom_territoire, est_repondante, services_proposes (each with its public,
    and its place where it is elsewhere, separated by « ; »), jours_semaine, heures_semaine, nb_postes, est_acces_libre,
    visibilite_autres, veut_plus_de_visibilite; codes as labels. A place without a name keeps its code, and what is not
    told stays missing. `territories`: names of the places.
    """
    names = dict(zip(territories["code_territoire"], territories["nom_territoire"], strict=True))
    out = structures.sort_values("code_structure", ignore_index=True)
    places = [names.get(place, place) for place in out["code_territoire"].astype("object")]
    return pd.DataFrame(
        {
            "nom_structure": out["nom_structure"],
            "type_structure": out["type_structure"].map(DIGITAL_PLACE_LABELS),
            "nom_territoire": pd.Series(places, index=out.index, dtype="str"),
            "est_repondante": out["est_repondante"],
            "services_proposes": out["code_structure"].map(_tell_services(offers, names)),
            "jours_semaine": out["jours_semaine"],
            "heures_semaine": out["heures_semaine"],
            "nb_postes": out["nb_postes"],
            "est_acces_libre": out["est_acces_libre"],
            "visibilite_autres": out["visibilite_autres"].map(SIGHT_LABELS),
            "veut_plus_de_visibilite": out["veut_plus_de_visibilite"].map(WISH_LABELS),
        }
    )


def _tell_services(offers: pd.DataFrame, names: dict[str, str]) -> dict[str, str]:
    """« Aide aux démarches en ligne (Jeunes) ; Médiation itinérante (Tous publics, Dune) » by structure."""
    told: dict[str, list[str]] = {}
    ranks = {service: rank for rank, service in enumerate(DIGITAL_SERVICE_LABELS)}
    columns = ["code_structure", "type_offre", "public_vise", "code_territoire"]
    rows = offers[columns].sort_values("type_offre", key=lambda services: services.map(ranks), kind="stable")
    for structure, service, audience, place in rows.astype("object").itertuples(index=False):
        about = [DIGITAL_AUDIENCE_LABELS.get(audience, UNSAID)]
        if pd.notna(place):
            about.append(names.get(place, place))
        told.setdefault(structure, []).append(f"{DIGITAL_SERVICE_LABELS[service]} ({', '.join(about)})")
    return {structure: " ; ".join(services) for structure, services in told.items()}
