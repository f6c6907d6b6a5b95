"""What `ose check` prints of corrections, on a contract of one small file; the manifest and the journal agree."""

import json
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.read.corrections import COLUMNS

CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
parametres_validation: {nb_mesures: 40, nb_postes_147: 2}
sources:
  - {id: postes, fichier: postes.csv, table: postes_147, titre: Postes, editeur: Essai, licence: MIT,
     millesime: "2020", fictif: true}
"""
POSTS = """\
dispositif;annee;rang;code_poste;nom_employeur;montant
fonjep;2020;1;A1;Association fictive;7164
fonjep;2020;;A2;Association fictive;7164
"""
CORRECTION = ["postes.csv", "", "3", "rang", "", "2", "rang relu sur l'arrêté"]


def test_check_names_each_correction_and_refuses_a_stale_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
    (folder / "postes.csv").write_text(POSTS, encoding="utf-8")
    file = folder / "corrections.csv"
    file.write_text(f"{';'.join(COLUMNS)}\n{';'.join(CORRECTION)}\n", encoding="utf-8")
    command = ["check", "--contrat", str(folder), "--processed", str(tmp_path / "prepare")]

    assert main(command) == 0
    said = capsys.readouterr().out
    assert "Corrections appliquées : 1\n  postes.csv, ligne 3, rang : rang relu sur l'arrêté\n" in said
    made = tmp_path / "prepare/essai"
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    place = {"fichier": "postes.csv", "feuille": "", "ligne": 3, "colonne": "rang"}
    assert [one.items() >= (place | {"motif": CORRECTION[-1]}).items() for one in manifest["corrections"]] == [True]
    assert manifest["tables"]["postes_147"]["lignes"] == 2
    journal = (made / "journal.csv").read_text(encoding="utf-8").splitlines()
    assert "postes;postes.csv;;3;rang;;corrigé (corrections.csv, ligne 2) : rang relu sur l'arrêté" in journal

    # The received file now says otherwise: refused, and the last good tables stay.
    (folder / "postes.csv").write_text(POSTS.replace("2020;;A2", "2020;5;A2"), encoding="utf-8")
    assert main(command) == 3
    assert "corrections.csv, ligne 2 : l'ancienne valeur (vide) n'est pas celle de postes.csv (« 5 »)" in (
        capsys.readouterr().err
    )
    assert json.loads((made / "manifest.json").read_text(encoding="utf-8")) == manifest

    file.unlink()
    assert main(command) == 0
    assert "Corrections appliquées : aucune" in capsys.readouterr().out
