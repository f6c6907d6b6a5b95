"""`ose check` drafts what an evaluator would have to type: files nobody declared, headers nobody knows."""

from pathlib import Path

import pytest

from pipelines.cli import main

CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
parametres_validation: {nb_mesures: 40, nb_postes_147: 1}
sources:
"""
SOURCE = """\
  - id: NAME
    fichier: NAME.csv
    table: postes_147
    titre: Postes
    editeur: Essai
    licence: MIT
    millesime: "2020"
    fictif: true
"""
POSTS = "dispositif;annee;rang;Poste;Employeur;Montant\nfonjep;2020;RANK;A1;Association fictive;7164\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "essai").mkdir()
    return tmp_path / "essai"


def check(folder: Path) -> int:
    return main(["check", "--contrat", str(folder), "--processed", str(folder.parent / "prepare")])


def test_an_undeclared_file_is_drafted_and_its_draft_pasted_goes_through(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "contrat.yml").write_text(CONTRACT.replace("sources:", "sources: []"), encoding="utf-8")
    (folder / "postes_recus.csv").write_text(POSTS.replace("RANK", "1"), encoding="utf-8")
    assert check(folder) == 0, "un fichier non déclaré n'arrête rien"
    said = capsys.readouterr().out
    assert "Fichiers que contrat.yml ne déclare pas, et que rien ne lit : 1\n" in said
    assert said.index("Bilan des lignes") < said.index("postes_recus.csv") < said.index("Corrections appliquées")

    start = said.index("  # Proposition pour")
    draft = said[start : said.index("\n\n", start)]
    (folder / "contrat.yml").write_text(CONTRACT + draft + "\n", encoding="utf-8")
    assert check(folder) == 0
    said = capsys.readouterr().out
    assert "que rien ne lit" not in said
    assert [line.split()[1:] for line in said.splitlines() if line.startswith("postes_recus.csv")] == [
        ["2", "=", "1", "+", "0", "+", "1"]
    ]


def test_every_source_with_an_unknown_header_is_drafted_before_the_stop(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("nord", "sud")
    (folder / "contrat.yml").write_text(CONTRACT + "".join(SOURCE.replace("NAME", n) for n in names), encoding="utf-8")
    for rank, name in enumerate(names):
        (folder / f"{name}.csv").write_text(POSTS.replace("RANK", str(rank)), encoding="utf-8")
    assert check(folder) == 3
    said = capsys.readouterr().err
    for name in names:
        assert f"{name}.csv, ligne 1 : la colonne « Poste »" in said
        assert f"# Proposition pour la source « {name} »" in said
    assert said.count("Employeur: nom_employeur # à confirmer") == 2
    assert not (folder.parent / "prepare/essai").exists()
