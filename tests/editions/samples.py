"""One invented edition, whole, and others that differ from it in what a test says."""

import copy
from typing import Any

from pipelines.editions import Edition

SHA = "0" * 64
PROVENANCE: dict[str, Any] = {
    "titre": "Essai",
    "notebook": "essai",
    "contrat": "essai",
    "nom_contrat": "Contrat fictif",
    "annee": 2021,
    "fictif": True,
    "date_arret": "2022-06-30",
    "montre": [
        {
            "genre": "Tableau",
            "numero": 1,
            "titre": "Montants par commune",
            "sources": ["a"],
            "colonnes": ["commune", "montant"],
            "libelles": ["Commune", "Montant"],
            "nb_cles": 1,
            "lignes": ["Commune A\t10 €", "Commune B\t20 €"],
        },
        {
            "genre": "Tableau",
            "numero": 2,
            "titre": "Objectifs",
            "sources": ["b"],
            "colonnes": ["objectif", "nb_actions"],
            "libelles": ["Objectif", "Actions"],
            "nb_cles": 1,
            "lignes": ["Objectif A\t1"],
        },
    ],
    "parametres": [{"nom": "annee", "valeur": 2021}, {"nom": "niveau", "valeur": 95}],
    "seuils": {"petit_effectif": 5},
    "declarations": "d0",
    "entrees": [
        {"id": name, "fichier": f"{name}.csv", "sha256": SHA, "millesime": "2020", "declaration": "e0"} for name in "ab"
    ],
    "autres_entrees": "f0",
    "balance": [
        {
            "id_source": name,
            "fichier": f"{name}.csv",
            "feuille": "",
            "table": f"table_{name}",
            "lues": 3,
            "retenues": 2,
            "ecartees": 0,
            "hors_donnees": 1,
        }
        for name in "ab"
    ],
    "corrections": [
        {
            "fichier": "a.csv",
            "feuille": "",
            "ligne": 2,
            "colonne": "montant",
            "motif": "Erreur de saisie",
            "empreinte": "c0",
            "est_protegee": False,
        }
    ],
    "fichiers_corrections": {"corrections.csv": SHA},
    "controles": {
        "table_a": {"sources": ["a"], "conformes": ["Le montant est connu"]},
        "table_b": {"sources": ["b"], "conformes": []},
    },
    "verdict": {
        "avertissements": [
            {"table": "table_b", "description": "L'objectif est connu", "nb_lignes": 2, "observe": ""},
        ]
    },
    "version": "0.1.0",
    "methode": "m0",
    "empreinte_notebook": "n0",
    "versions": {"pandas": "2.3.3"},
}


def edition(*changes: tuple[str, Any]) -> Edition:
    """The invented edition with some values changed: (« montre/0/titre », value)."""
    content = copy.deepcopy(PROVENANCE)
    for path, value in changes:
        *parts, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        place: Any = content
        for part in parts:
            place = place[part]
        place[last] = value
    return Edition.model_validate(content)
