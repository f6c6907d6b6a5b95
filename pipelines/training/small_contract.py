"""A contract of a dozen invented actions, and what happens to it: a correction, a late file, a threshold.

Small enough to be checked by eye: who learns to compare two editions sees each change and its cause. Written in a
temporary folder, never among the contracts.
"""

from pathlib import Path

FOLDER = "contrat_fictif"
YEAR = 2022
# What happens between an edition and the next, in this order, and what it is called where it is shown.
EVENTS = ("A", "B", "C", "D")

_FUNDED, _REFUSED = "Financé", "Refusé"
_HEADER = "Dossier;Intitulé;Porteur;Orientation;Décision;Demandé;Accordé"
_FIRST = (
    ("F-01", "Jardin partagé", "O1", _FUNDED, 2000),
    ("F-02", "Atelier de réparation de vélos", "O1", _FUNDED, 1500),
    ("F-03", "Fête des voisins", "O1", _REFUSED, 0),
    ("F-04", "Permanence numérique", "O1", _FUNDED, 3000),
    ("F-05", "Cours de français", "O2", _FUNDED, 4000),
    ("F-06", "Aide aux devoirs", "O2", _FUNDED, 2500),
    ("F-07", "Sorties en famille", "O2", _REFUSED, 0),
    ("F-08", "Théâtre au collège", "O2", _FUNDED, 1000),
)
_LATE = (
    ("F-09", "Café des parents", "O2", _FUNDED, 1200),
    ("F-10", "Lecture à voix haute", "O2", _REFUSED, 0),
)
_CORRECTION = (
    "fichier;feuille;ligne;colonne;ancienne_valeur;nouvelle_valeur;motif\n"
    "programmation_fictive.csv;;4;statut;Refusé;Financé;Décision recopiée de travers (courrier fictif du financeur)\n"
)
_SOURCE = """\
  - id: {id}
    fichier: programmation/{id}.csv
    table: programmes
    titre: {titre} (données fictives de démonstration)
    editeur: Contrat inventé pour la formation
    licence: MIT
    millesime: "{year}"
    fictif: true
    constantes:
      annee: "{year}"
    colonnes:
      Dossier: code_action
      Intitulé: intitule
      Porteur: nom_porteur
      Orientation: code_orientation
      Décision: statut
      Demandé: demande_agglomeration
      Accordé: accorde_agglomeration
"""
_CONTRACT = """\
nom: Contrat fictif de la formation
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {{debut: {year}, fin: {year}}}
date_arret: {after}-06-30
annee_marqueur: {year}
orientations:
  - {{code: O1, libelle: Cadre de vie, est_fictif: true}}
  - {{code: O2, libelle: Éducation, est_fictif: true}}
seuils:
  petit_effectif: 11
  base_minimale_part: {smallest}
parametres_validation:
  {{nb_mesures: 40, nb_postes_147: 0, nb_qpv: 0, nb_qpv_2024: 0, nb_qva: 0, nb_communes: 0, nb_communes_qpv: 0,
    nb_communes_politique_ville: 0, nb_communes_qva_connues: 0, nb_taux_emploi: 0}}
sources:
  - id: territoire_fictif
    fichier: territoire_fictif.csv
    table: territoires
    titre: Territoire (données fictives de démonstration)
    editeur: Contrat inventé pour la formation
    licence: MIT
    millesime: "{year}"
    fictif: true
    colonnes_facultatives: [secteur, statut_politique_ville, latitude, longitude, note]
"""
_PLACE = (
    "code_territoire;type_territoire;nom_territoire;geographie;est_fictif;est_incertain\n"
    "EX0001;qpv;Quartier fictif;exemple;oui;non\n"
)


def write_contract(folder: Path, event: str) -> Path:
    """The folder of the contract at an edition of `EVENTS`: A, then a correction, a late file, a threshold."""
    at = EVENTS.index(event)
    contract = folder / FOLDER
    files = {"programmation_fictive": ("Programmation", _FIRST)}
    if at >= 2:
        files["complement_fictif"] = ("Dossiers reçus en retard", _LATE)
    (contract / "programmation").mkdir(parents=True, exist_ok=True)
    for name, (_, rows) in files.items():
        lines = [
            f"{code};{title};Association fictive;{aim};{said};{euros or 1000};{euros or ''}"
            for code, title, aim, said, euros in rows
        ]
        _write(contract / f"programmation/{name}.csv", "\n".join([_HEADER, *lines]) + "\n")
    if at >= 1:
        _write(contract / "programmation/corrections.csv", _CORRECTION)
    _write(contract / "territoire_fictif.csv", _PLACE)
    sources = [_SOURCE.format(id=name, titre=title, year=YEAR) for name, (title, _) in files.items()]
    _write(
        contract / "contrat.yml",
        _CONTRACT.format(smallest=5 if at >= 3 else 1, year=YEAR, after=YEAR + 1) + "".join(sources),
    )
    return contract


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
