"""JSON arrays of the ANCT (posts of programme 147) and a sheet whose name ends with a blank.

Counts and euros of the whole files are those of their description, not of our reading; skipped where they are absent.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.contract import Source
from pipelines.paths import ROOT
from pipelines.read import RawTable, read_source
from pipelines.read.records import read_workbook_records

PUBLIC = ROOT.parent / "shared" / "real-data"
COLUMNS = {
    "id_poste": "code_action",
    "code_tiers": "code_siret",
    "raison_sociale": "nom_porteur",
    "annee": "annee",
    "montant": "accorde_etat",
    "code_cv": "territoires",
}
# File: posts, then posts and euros of contract CV193, then posts without a contract.
POSTS = {
    "adulte-relais-2020.json": (4660, 36, "715502.16", 0),
    "adulte-relais-2021.json": (5377, 38, "762729.16", 0),
    "adulte-relais-2022.json": (5623, 40, "850160", 0),
    "adulte-relais-2023.json": (5416, 30, "676671.90", 52),
    "postes-fonjep-2020.json": (1455, 3, "17910", 0),
    "postes-fonjep-2021.json": (1462, 2, "14328", 0),
    "postes-fonjep-2022.json": (1429, 3, "21492", 0),
    "postes-fonjep-2023.json": (1478, 4, "28656", 25),
}


def read_posts(path: Path) -> RawTable:
    """The posts of one year, every object counted."""
    source = Source.model_validate(
        {
            "id": path.stem,
            "fichier": path.name,
            "table": "programmes",
            "forme": "json",
            "colonnes": COLUMNS,
            "colonnes_ignorees": ["insee_dep", "insee_reg"],
            "titre": "Essai",
            "editeur": "Essai",
            "licence": "MIT",
            "millesime": "essai",
            "fictif": True,
        }
    )
    return read_source(source, path)


def public(name: str) -> Path:
    path = PUBLIC / name
    if not path.is_file():
        pytest.skip(f"fichier public absent : ../shared/real-data/{name}")
    return path


def test_an_excerpt_has_years_as_text_and_contracts_that_are_null_or_absent() -> None:
    raw = read_posts(ROOT / "tests" / "data" / "postes-fonjep-2023.json")
    assert raw.frame[["ligne", "code_action", "annee", "accorde_etat", "territoires"]].to_numpy().tolist() == [
        [1, "X00001", "2023", "7164", "CV999"],
        [2, "X00002", "2023", "2985.50", ""],
        [3, "X00003", "2023", "7164", ""],
        [4, "X00003", "2023", "7164", ""],
    ]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [4, 0]


@pytest.mark.parametrize("name", POSTS)
def test_the_public_posts_are_read_whole(name: str) -> None:
    posts, of_contract, euros, without = POSTS[name]
    raw = read_posts(public(f"anct-ci-ville/{name}"))
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [posts, 0]
    assert raw.ragged.empty
    assert raw.frame["ligne"].tolist() == list(range(1, posts + 1))
    assert set(raw.frame["annee"]) == {name[-9:-5]}
    ours = raw.frame.loc[raw.frame["territoires"] == "CV193", "accorde_etat"]
    assert (len(ours), sum(map(Decimal, ours))) == (of_contract, Decimal(euros))
    assert (raw.frame["territoires"] == "").sum() == without


def test_the_public_sheet_whose_name_ends_with_a_blank_is_found_without_it() -> None:
    path = public("qpv-tissu-economique-epci/Etablissements.xlsx")
    sheets = [read_workbook_records(path, (name,)) for name in ("Statistiques", "Statistiques ", "Base")]
    assert [[records.sheet for records in found] for found in sheets] == [["Statistiques "]] * 2 + [["Base"]]
    assert len(sheets[2][0].rows) == 1 + 100
