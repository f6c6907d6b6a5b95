"""`corrections.csv` as evaluators write it: found beside the sources, complete, or refused with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contract import Contract, read_contract
from pipelines.errors import DataError
from pipelines.read.corrections import COLUMNS, correction_files, read_corrections

HEADER = ";".join(COLUMNS)
GOOD = "sigles.csv;;2;developpe;Ecole;École;accent perdu à l'export"
CONTRACT = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
sources:
  - {id: mots, fichier: mots/sigles.csv, table: sigles, titre: Sigles, editeur: Essai, licence: MIT,
     millesime: "2020", fictif: true}
"""
Writer = Callable[..., Contract]


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """A small contract with the given text or bytes as its corrections, in the folder of its source or another."""

    def write(content: str | bytes, folder: str = "mots") -> Contract:
        for place in ("mots", folder):
            (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / "contrat.yml").write_text(CONTRACT, encoding="utf-8")
        (tmp_path / "mots/sigles.csv").write_text("sigle;developpe;categorie\nA;Ecole;x\n", encoding="utf-8")
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / folder / "corrections.csv").write_bytes(data)
        return read_contract(str(tmp_path))

    return write


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{GOOD}\n",
        f"{HEADER};;\r\n;;;;;;;;\r\n{GOOD};;\r\n".encode("cp1252"),
        f"{HEADER}\n{GOOD}\n".replace(";", "\t").encode("utf-8-sig"),
        f"{HEADER}\n{GOOD.replace('sigles.csv', 'mots/sigles.csv')}\n",
        "motif;fichier;feuille;ligne;colonne;ancienne_valeur;nouvelle_valeur\n"
        "accent perdu à l'export;sigles.csv;;2;developpe;Ecole;École\n",
    ],
    ids=["utf-8", "as a spreadsheet saves it", "tabs, BOM", "file with its folder", "other order"],
)
def test_a_correction_is_read_however_it_was_saved(written: Writer, content: str | bytes) -> None:
    (found,) = read_corrections(written(content))
    assert found[:7] == ("mots/sigles.csv", "", 2, "developpe", "Ecole", "École", "accent perdu à l'export")
    assert found.origine.startswith("mots/corrections.csv, ligne ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.rsplit(";", 1)[0] + ";", "le motif est vide"),
        (GOOD.replace(";2;", ";deux;"), "« deux » n'est pas un numéro de ligne"),
        (GOOD.replace(";2;", ";²;"), "« ² » n'est pas un numéro de ligne"),
        (GOOD.replace("sigles", "sigle"), "Noms les plus proches : mots/sigles.csv."),
        (GOOD + ";encore", "8 cellules au lieu de 7"),
        ("sigles.csv;;2", "3 cellules au lieu de 7"),
    ],
)
def test_an_incomplete_correction_is_refused_with_its_line(written: Writer, line: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        read_corrections(written(f"{HEADER}\n{GOOD}\n\n{line}\n"))
    assert str(refused.value).startswith("mots/corrections.csv, ligne 4 : ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "il faut une colonne « fichier »"),
        (HEADER.replace("motif", "motifs"), "il faut une colonne « motif », une seule (la plus proche : motifs)"),
        (HEADER + ";motif", "il faut une colonne « motif », une seule"),
        (HEADER + ";auteur", "la colonne « auteur » est de trop"),
        (f'{HEADER}\n"a', "mots/corrections.csv, ligne 2 : un guillemet"),
    ],
)
def test_a_wrong_header_is_refused(written: Writer, content: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        read_corrections(written(content))
    assert "mots/corrections.csv, ligne " in str(refused.value)
    assert said in str(refused.value)


def test_corrections_in_a_folder_without_that_source_are_not_ignored(written: Writer) -> None:
    contract = written(f"{HEADER}\n{GOOD}\n", folder="ailleurs")
    assert list(correction_files(contract)) == ["ailleurs/corrections.csv"]
    with pytest.raises(DataError, match="n'est pas une source de ce dossier"):
        read_corrections(contract)
