"""Shapes of real public files: excerpts of our own making, always; the whole files, where they are present.

The excerpts in tests/data/ have the shape of the files and none of their values. What the reader finds is compared with
a count of its own kind: the csv module or calamine, without anything of the pipeline.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import load_workbook

from pipelines.contract import Source
from pipelines.paths import ROOT
from pipelines.read import RawTable, read_source

EXCERPTS = ROOT / "tests" / "data"
PUBLIC = ROOT.parent / "shared" / "real-data"


@dataclass(frozen=True)
class Shape:
    """One public file: where it lies, its encoding and delimiter, the columns read and what the excerpt must give."""

    excerpt: str
    public: str
    table: str
    columns: dict[str, str]
    first: dict[str, str]
    encoding: str = "utf-8"
    delimiter: str = ";"
    # The public file ends with the sum of its lines.
    total: bool = False

    def records(self, path: Path) -> list[list[str]]:
        """Every record of the file, by the csv module alone."""
        text = path.read_bytes().decode(self.encoding)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))

    def read(self, path: Path) -> RawTable:
        """The file as the pipeline reads it, with the other headers of the excerpt declared as ignored."""
        ignored = [name for name in self.records(EXCERPTS / self.excerpt)[0] if name not in self.columns]
        return read_source(source(self.table, path, self.columns, colonnes_ignorees=ignored), path)


def source(table: str, path: Path, columns: dict[str, str], **options: object) -> Source:
    return Source.model_validate(
        {
            "id": path.stem,
            "fichier": path.name,
            "table": table,
            "colonnes": columns,
            "titre": "Essai",
            "editeur": "Essai",
            "licence": "MIT",
            "millesime": "essai",
            "fictif": True,
            **options,
        }
    )


OBSERVATION = {"codeQPV": "code_territoire", "taux_d_emploi": "valeur", "lib_qp": "note"}
SHAPES = [
    Shape(
        "qpv_2015_nord.csv",
        "qpv2015-decret-2014-1750/qpv_2015_nord.csv",
        "territoires",
        {"code_quartier": "code_territoire", "nom_quartier": "nom_territoire"},
        {"code_territoire": "QP999001", "nom_territoire": "Les Tilleuls fictifs"},
    ),
    Shape(
        "analyse_qpv.csv",
        "qpv2024-insee-anct/analyse_qpv.csv",
        "observations",
        OBSERVATION,
        {"code_territoire": "QN999001M", "valeur": "45.5", "note": "Les Tilleuls Fictifs"},
        delimiter=",",
    ),
    Shape(
        "filo_nord.csv",
        "insee-caf-nord-communes-epci/filo_nord.csv",
        "observations",
        {"id": "code_territoire", "nom": "note", "med21": "valeur"},
        {"code_territoire": "999000001", "note": "CA fictive"},
    ),
    Shape(
        "subventions-toulouse_2022.csv",
        "scdl-subventions/subventions-toulouse_2022.csv",
        "programmes",
        {"nomBeneficiaire": "nom_porteur", "idBeneficiaire": "code_siret", "montant": "accorde_agglomeration"},
        {"nom_porteur": "ASSOCIATION FICTIVE A", "code_siret": "7,17E+13", "accorde_agglomeration": "840690.0"},
        encoding="utf-8-sig",
    ),
    Shape(
        "conventions-maine-et-loire.csv",
        "scdl-subventions/224900019_conventions-de-subventions-du-departement-de-maine-et-loire.csv",
        "programmes",
        {"referenceDecision": "code_action", "objet": "intitule", "montant": "accorde_departement"},
        {"code_action": "2018_06_CP_0001", "intitule": '- loyer\n- fonctionnement ; général\n- "partenariat"'},
    ),
    Shape(
        "plf-2012-jaune-associations.csv",
        "plf-jaune-associations/plf-2012-jaune-associations-subventionne-es-en-2010.csv",
        "programmes",
        {"SIREN": "code_action", "ASSOCIATION": "nom_porteur", "Total des subventions": "accorde_etat"},
        {"code_action": "000000001", "nom_porteur": "ASSOCIATION FICTIVE DE L’ÉTANG - 99 VILLEFICTIVE"},
        encoding="cp1252",
        total=True,
    ),
]


def assert_whole(raw: RawTable, shape: Shape, path: Path) -> None:
    """Every record of the file is a row, in its order, with its cells, but the header and the total."""
    header, *data = shape.records(path)
    if shape.total:
        assert data.pop()[0].startswith("Total")
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [len(data) + 1 + shape.total, 1 + shape.total]
    assert raw.ragged.empty
    for name, column in shape.columns.items():
        at = header.index(name)
        assert raw.frame[column].tolist() == [tidy(row[at]) for row in data]


def tidy(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\xa0\u202f\ufeff")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.excerpt)
def test_an_excerpt_is_read_whole(shape: Shape) -> None:
    path = EXCERPTS / shape.excerpt
    raw = shape.read(path)
    assert_whole(raw, shape, path)
    assert {name: raw.frame.loc[0, name] for name in shape.first} == shape.first


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.excerpt)
def test_the_public_file_is_read_whole(shape: Shape) -> None:
    path = PUBLIC / shape.public
    if not path.is_file():
        pytest.skip(f"fichier public absent : ../shared/real-data/{shape.public}")
    raw = shape.read(path)
    assert_whole(raw, shape, path)
    assert len(raw.frame) > 50


RATES = {"CODGEO": "code_territoire", "LIBGEO": "note", "TX_INDUS": "valeur"}
OTHER_RATES = [
    "TX_CONSTR",
    "TX_COM_TRANSP",
    "TX_COM_GROS",
    "TX_COM_DETAIL",
    "TX_SERV_ENT",
    "TX_SERV_PAR",
    "TX_TOT_EPREC",
]


def read_rates(path: Path) -> RawTable:
    """The sheet « Base » of a workbook shaped as Etablissements.xlsx."""
    options = {"forme": "classeur", "feuilles": ["Base"], "colonnes_ignorees": OTHER_RATES}
    return read_source(source("observations", path, RATES, **options), path)


def assert_rates(path: Path) -> None:
    header, *data = load_workbook(path).get_sheet_by_name("Base").to_python()
    raw = read_rates(path)
    assert raw.counts[["feuille", "lues", "hors_donnees"]].to_numpy().tolist() == [["Base", len(data) + 1, 1]]
    assert raw.frame["code_territoire"].tolist() == [row[header.index("CODGEO")] for row in data]
    assert raw.frame["valeur"].astype(float).tolist() == [row[header.index("TX_INDUS")] for row in data]


def test_a_workbook_with_a_second_sheet_of_statistics_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "Etablissements.xlsx"
    with xlsxwriter.Workbook(path) as book:
        base, statistics = book.add_worksheet("Base"), book.add_worksheet("Statistiques ")
        base.write_row(0, 0, [*RATES, *OTHER_RATES])
        for line in range(1, 12):
            base.write_row(line, 0, [f"99900{line:04d}", f"CA fictive {line}", *(line / (3 + i) for i in range(8))])
        statistics.write_row(12, 3, ["moyenne", 4.2])
    assert_rates(path)


def test_the_public_workbook_is_read_whole() -> None:
    path = PUBLIC / "qpv-tissu-economique-epci" / "Etablissements.xlsx"
    if not path.is_file():
        pytest.skip("fichier public absent : ../shared/real-data/qpv-tissu-economique-epci/Etablissements.xlsx")
    assert_rates(path)
