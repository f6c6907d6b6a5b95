"""A fictional survey of digital inclusion: structures of invented names, what they offer, how they rank levers.

The protocol speaks of about forty structures and keeps none of their answers: places are real, all the rest is drawn.
"""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.demo.draws import pick
from pipelines.demo.layouts import MENTION

FOLDER = "suivi"
STRUCTURES, OFFERS, LEVERS = (
    f"{FOLDER}/{name}.csv"
    for name in ("structures_numeriques_fictives", "offres_numeriques_fictives", "leviers_numeriques_fictifs")
)
YEAR = 2019
ASKED, SILENT = 46, 6
# Where structures stand, and how often one is drawn there: communes, quartiers, one across communes, one not said.
_PLACES = {
    "59606": 7, "59014": 4, "59112": 4, "59383": 3, "59544": 2, "59079": 3, "59616": 3, "59153": 3, "59253": 2,
    "59447": 2, "59484": 2, "59459": 2, "59032": 2, "59160": 1, "QP059020": 2, "QP059032": 2, "QP059029": 1,
    "QP059031": 3, "QP059021": 2, "": 1,
}  # fmt: skip
_KINDS = {"centre_social": 5, "mediatheque": 4, "mairie_ccas": 5, "association": 7, "service_public": 4, "bailleur": 1}
# Of a hundred structures of a kind, how many propose each service.
_OFFERS = {
    "acces_equipement": 70, "acces_connexion": 55, "aide_demarches": 60, "ateliers_initiation": 45, "formation": 15,
    "mediation_itinerante": 12, "pret_materiel": 10,
}  # fmt: skip
_AUDIENCES = {"tous": 9, "demandeurs_emploi": 4, "jeunes": 3, "familles": 2, "seniors": 3, "adherents": 4}
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
# Levers of our own, from the least to the most wished: the list of the protocol is lost.
LEVER_PULLS = {
    "Maintenir un accueil et des démarches sur papier": 0,
    "Prêter ou donner du matériel": 2,
    "Aller vers les habitants, hors des murs": 4,
    "Équiper et connecter les lieux": 5,
    "Former les professionnels et les bénévoles": 7,
    "Tenir un annuaire partagé des lieux et des offres": 9,
}
_NOISE = 12


def write_survey(folder: Path, seed: int) -> None:
    """Write the three files of the survey under a contract folder."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    structures = _draw_structures(np.random.default_rng([seed, 9]))
    answering = structures[structures["est_repondante"] == "oui"]
    offers = _draw_offers(np.random.default_rng([seed, 10]), answering)
    levers = _draw_levers(np.random.default_rng([seed, 11]), answering)
    for name, frame in ((STRUCTURES, structures), (OFFERS, offers), (LEVERS, levers)):
        text = io.StringIO()
        frame.to_csv(text, sep=";", decimal=",", index=False, lineterminator="\n")
        (folder / name).write_text(text.getvalue(), encoding="utf-8", newline="\n")


def _draw_structures(rng: np.random.Generator) -> pd.DataFrame:
    """One row per structure asked; of those that stay silent, nothing but what the list of guests says."""
    ranks = np.arange(1, ASKED + 1)
    silent = np.isin(ranks, rng.permutation(ranks)[:SILENT])
    days = rng.integers(1, 6, ASKED)
    answers = {
        "nb_postes": _lose(rng, np.where(rng.integers(0, 10, ASKED) < 2, 0, rng.integers(1, 13, ASKED)), 5),
        "jours_semaine": _lose(rng, days, 4),
        "heures_semaine": _lose(rng, days * rng.integers(2, 8, ASKED), 8),
        "est_acces_libre": _lose(rng, np.where(rng.integers(0, 100, ASKED) < 62, "oui", "non"), 4),
        "visibilite_autres": _lose(rng, _choose(rng, {"oui": 8, "partielle": 7, "non": 5}, ASKED), 5),
        "veut_plus_de_visibilite": _lose(rng, _choose(rng, {"oui": 15, "non": 2, "ne_sait_pas": 3}, ASKED), 5),
    }
    told = pd.DataFrame(answers).mask(pd.Series(silent), "")
    places = _choose(rng, _PLACES, ASKED)
    asked = pd.DataFrame(
        {
            "annee": YEAR,
            "code_structure": [f"S{rank:02d}" for rank in ranks],
            "nom_structure": [f"Structure fictive {rank:02d}" for rank in ranks],
            "type_structure": _choose(rng, _KINDS, ASKED),
            "code_territoire": places,
            "est_repondante": np.where(silent, "non", "oui"),
        }
    )
    return pd.concat([asked, told], axis=1).assign(note=MENTION)


def _draw_offers(rng: np.random.Generator, structures: pd.DataFrame) -> pd.DataFrame:
    """One row per structure and service; what goes from place to place is sometimes said to be elsewhere."""
    rows = []
    elsewhere = [place for place in _PLACES if place.startswith("59")]
    for code in structures["code_structure"]:
        for service, often in _OFFERS.items():
            days = sorted(rng.permutation(len(_DAYS))[: rng.integers(1, 4)])
            audience, place = _choose(rng, _AUDIENCES, 1)[0], elsewhere[rng.integers(0, len(elsewhere))]
            if rng.integers(0, 100) < often:
                away = place if service == "mediation_itinerante" else ""
                rows.append((YEAR, code, service, audience, away, " | ".join(_DAYS[day] for day in days)))
    columns = ["annee", "code_structure", "type_offre", "public_vise", "code_territoire", "jours"]
    return pd.DataFrame(rows, columns=columns)


def _draw_levers(rng: np.random.Generator, structures: pd.DataFrame) -> pd.DataFrame:
    """Each structure's ranks, around a common order; some rank their first three alone, some give two the same rank."""
    pulls = np.array(list(LEVER_PULLS.values()))
    rows = []
    for number, code in enumerate(structures["code_structure"]):
        wishes = pulls + rng.integers(0, _NOISE, len(pulls))
        order = np.argsort(np.argsort(-wishes, kind="stable"), kind="stable") + 1
        if number % 11 == 5:
            order = np.where(order == 2, 1, order)
        if number % 8 == 3:
            # Nothing under the third rank.
            order = np.where(order > 3, 0, order)
        if number % 13 != 7:
            rows += [(YEAR, code, label, rank or "") for label, rank in zip(LEVER_PULLS, order.tolist(), strict=True)]
    return pd.DataFrame(rows, columns=["annee", "code_structure", "libelle_levier", "rang"])


def _choose(rng: np.random.Generator, weights: dict[str, int], n: int) -> np.ndarray:
    return np.array(list(weights), dtype=object)[pick(rng, list(weights.values()), n)]


def _lose(rng: np.random.Generator, answers: np.ndarray, percent: int) -> np.ndarray:
    """The answers as text, « » for the few that were not given."""
    return np.where(rng.integers(0, 100, len(answers)) < percent, "", answers.astype("str"))
