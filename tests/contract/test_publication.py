"""`publication_scdl` in contrat.yml: what a body declares to publish its grants, each mistake with its line."""

import datetime
from pathlib import Path

import pytest

from pipelines.contract import Contract, read_contract
from pipelines.errors import DataError

YAML = """\
nom: Contrat fictif
code_epci: "999000001"
nom_epci: Agglomération fictive
annees: {debut: 2015, fin: 2022}
date_arret: 2023-06-30
annee_marqueur: 2019
orientations: []
publication_scdl:
  region:
    nom: Région fictive
    siret: "00000014100010"
    exercices:
      2022:
        date_convention: 2022-06-15
        conventions: {2022-0412: 2022-09-01}
        conditions_versement: échelonné
        debut_versement: 2022-07-01
        fin_versement: 2022-12-31
        notification_ue: non
sources: []
"""


def read(folder: Path, old: str = "", new: str = "") -> Contract:
    """The contract of the text above, one passage replaced."""
    assert old in YAML
    folder.mkdir()
    (folder / "contrat.yml").write_text(YAML.replace(old, new, 1), encoding="utf-8")
    return read_contract(str(folder))


def test_what_is_declared_is_read(tmp_path: Path) -> None:
    year = read(tmp_path / "essai").publication_scdl["region"].exercices[2022]
    assert (year.notification_ue, year.date_convention) == ("non", datetime.date(2022, 6, 15))
    assert year.conventions == {"2022-0412": datetime.date(2022, 9, 1)}
    assert year.reference_decision == ""


def test_nothing_need_be_declared(tmp_path: Path) -> None:
    assert read(tmp_path / "essai", YAML[YAML.index("publication") : YAML.index("sources")]).publication_scdl == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  region:", "  regoin:", r"ligne 8 : financeur « regoin » inconnu ; le plus proche : region\."),
        ("    nom: R", "    nmo: R", r"ligne 10 : clé « nmo » inconnue ; les plus proches : nom"),
        ("date_conv", "date_convo", r"ligne 14 : clé « date_convoention » inconnue ; .* date_convention"),
        ("échelonné", "echelonné", r"ligne 16 : la valeur de « .* > conditions_versement » \(echelonné\) n'a pas la"),
        ("2022-12-31", "2021-12-31", r"ligne 13 : debut_versement est après fin_versement\. Corriger"),
        ("      2022:", "      deux:", r"la valeur de « .* » \(deux\) n'a pas la forme attendue"),
        ('"00000014100010"', "14100010", r"ligne 11 : la valeur de « .* > siret » \(14100010\) n'a pas la forme"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        read(tmp_path / "essai", old, new)
