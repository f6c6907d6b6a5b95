"""A mail address, a phone number and a name planted in a received file reach no file that prepare writes."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipelines.clean.privacy import screen_columns
from pipelines.contract import read_contract
from pipelines.paths import RAW
from pipelines.prepare import prepare
from pipelines.processed import MANIFEST

# Invented, and found nowhere in the shipped contract.
PLANTED = ("Zoé Quiévrain", "Quiévrain", "zoe.q@exemple.org", "06 98 76 54 32", "0698765432", "Wuillaume")
YEAR = "programmation/2022_programmation_fictive.csv"
OTHER_YEAR = "programmation/2021_programmation_fictive.csv"
IGNORED = "Commentaire instructeur"


def plant(contract: Path) -> dict[str, int]:
    """Personal data in six rows of the 2022 export, and a line cut short in that of 2021; the line of each in 2022."""
    path = contract / YEAR
    with path.open(encoding="cp1252", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    at = {name: position for position, name in enumerate(header)}
    contact = "voir Mme Zoé Quiévrain, 06 98 76 54 32, zoe.q@exemple.org"
    # The rows set aside are of actions that nobody rated.
    places = {"texte libre": 0, "porteur": 1, "montant": 2, "ecartee": 3, "statut": 4, "decalee": 5}
    rows[0][at["Intitulé de l'action"]] = f"Atelier ; {contact}"
    rows[1][at["Porteur"]] = "Mme Zoé Quiévrain"
    rows[2][at["Coût total"]] = contact
    rows[3][at["N° dossier"]] = ""
    rows[3][at["Motif de la non-mixité"]] = contact
    # One cell too many, and a person whom no civility announces in a column that contrat.yml ignores.
    rows[5] = [*rows[5], "en trop"]
    rows[5][at[IGNORED]] = "Wuillaume 0698765432"
    rows[4][at["État du dossier"]] = "0698765432"
    header[at[IGNORED]] = "Contact"
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    with (contract / OTHER_YEAR).open("a", encoding="ascii") as file:
        file.write("Mme Wuillaume, 06 98 76 54 32\n")
    return {name: position + 2 for name, position in places.items()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The folder that prepare writes for the planted contract, and the planted lines."""
    base = tmp_path_factory.mktemp("personnes")
    contract = Path(shutil.copytree(RAW / "valenciennes", base / "copie"))
    lines = plant(contract)
    note = contract / "commentaires/2022/2_suivi_programmation/lecture.md"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text("Selon Mme Quiévrain (zoe.q@exemple.org), rien ne manque.", encoding="utf-8")
    declared = (contract / "contrat.yml").read_text(encoding="utf-8")
    head, year = declared.split("  - id: programmes_2022", 1)
    renamed = f"{head}  - id: programmes_2022{year.replace(IGNORED, 'Contact', 1)}"
    before, programmes = renamed.split("  - id: programmes_2021", 1)
    unpinned = re.sub(r"sha256: .*", 'sha256: ""', programmes)
    (contract / "contrat.yml").write_text(f"{before}  - id: programmes_2021{unpinned}", encoding="utf-8")
    prepare(read_contract(str(contract)), base / "processed")
    return base / "processed/copie", lines


def test_no_file_written_holds_a_planted_person(written: tuple[Path, dict[str, int]]) -> None:
    folder, _ = written
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert {MANIFEST, "journal.csv", "balance.json", "programmes.csv", "actions.parquet"} <= {f.name for f in files}
    leaks = []
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".parquet":
            # Pages are compressed: the values are searched too.
            content += pd.read_parquet(file).to_csv().encode()
        leaks += [(file.name, planted) for planted in PLANTED if planted.encode() in content]
    assert leaks == []


def test_every_planted_line_is_still_there_masked(written: tuple[Path, dict[str, int]]) -> None:
    folder, lines = written
    actions = pd.read_parquet(folder / "actions.parquet").query("fichier == @YEAR").set_index("ligne")
    masked = "voir [nom retiré], [téléphone retiré], [adresse électronique retirée]"
    assert actions["intitule"][lines["texte libre"]] == f"Atelier ; {masked}"
    assert actions["nom_porteur"][lines["porteur"]] == "[nom retiré]"
    assert pd.isna(actions["montant_cout_total"][lines["montant"]])
    programmes = pd.read_csv(folder / "ecartees/programmes.csv", sep=";")
    assert "[nom retiré], [téléphone retiré]" in programmes.query("fichier == @OTHER_YEAR")["texte"].tolist()
    aside = programmes.query("fichier == @YEAR").set_index("ligne")["texte"]
    assert f"motif_non_mixite={masked}" in aside[lines["ecartee"]]
    assert aside[lines["decalee"]] == "[texte non reproduit : la colonne « Contact » nomme des personnes]"
    (comment,) = pd.read_parquet(folder / "commentaires.parquet").query("section == 'lecture' and annee == 2022")[
        "texte"
    ]
    assert comment == "Selon [nom retiré] ([adresse électronique retirée]), rien ne manque."


def test_the_journal_names_each_masked_cell_and_no_other(written: tuple[Path, dict[str, int]]) -> None:
    folder, lines = written
    journal = pd.read_csv(folder / "journal.csv", sep=";", keep_default_na=False)
    removed = journal[journal["motif"].str.startswith("donnée personnelle retirée")]
    assert {(row.fichier, row.ligne, row.colonne) for row in removed.itertuples()} == {
        (YEAR, lines["texte libre"], "intitule"),
        (YEAR, lines["porteur"], "nom_porteur"),
        (YEAR, lines["montant"], "montant_cout_total"),
        (YEAR, lines["ecartee"], "motif_non_mixite"),
        (YEAR, lines["statut"], "statut"),
        ("commentaires/2022/2_suivi_programmation/lecture.md", 1, "texte"),
    }


def test_what_people_write_of_a_correction_is_screened_too() -> None:
    rows = pd.DataFrame({"texte": ["voir jean.martin@exemple.fr"], "motif": ["dit par M. Martin au 06 12 34 56 78"]})
    out = screen_columns(rows, "texte", "motif")
    assert out.iloc[0].to_list() == [
        "voir [adresse électronique retirée]",
        "dit par [nom retiré] au [téléphone retiré]",
    ]
    assert screen_columns(rows.iloc[:0], "motif").empty
