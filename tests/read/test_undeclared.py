"""The draft of a whole source for a file that nobody declared: its table, its sheets, its columns, its year."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from ruamel.yaml import YAML

from pipelines.contract import Contract, Source
from pipelines.declarations import TO_FILL
from pipelines.fingerprint import digest_file
from pipelines.read import read_source
from pipelines.read.undeclared import draft_source, undeclared_files
from tests.conftest import sample
from tests.shipped import shipped_contract

SHIPPED = shipped_contract()
YEARLY = "Année;N° dossier;Intitulé de l'action;Porteur;Montant accordé - État\n2023;A1;Fête;Association fictive;500\n"


@pytest.fixture
def empty(tmp_path: Path) -> Contract:
    """A contract without any source, in an empty folder."""
    return SHIPPED.model_copy(update={"dossier": tmp_path, "sources": (), "sources_nationales": ()})


def pasted(draft: str) -> dict[str, Any]:
    """The draft as contrat.yml reads it, under its own list and under another source."""
    alone = YAML(typ="safe").load(f"sources:\n{draft}\n")["sources"]
    after = YAML(typ="safe").load(f"sources:\n  - id: autre\n    fictif: true\n{draft}\n")["sources"]
    assert alone == after[1:]
    (source,) = alone
    return source


def test_only_files_that_nothing_reads_are_drafted(empty: Contract) -> None:
    read_elsewhere = [
        "contrat.yml", "LISEZMOI.md", "corrections.csv", "programmation/corrections.csv", ".cache.csv",
        ".git/index.csv", "~$classeur.xlsx", "commentaires/2022/rapport/suite.md", "marqueur/reponses.csv",
        "logique_impact/arbre.csv", "saisies/avis.csv", "programmation/2022.csv",
    ]  # fmt: skip
    for name in [*read_elsewhere, "programmation/2023.csv", "étude.pdf"]:
        path = empty.dossier / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(YEARLY, encoding="utf-8")
    declared = SHIPPED.sources[0].model_copy(update={"fichier": "./programmation/2022.csv"})
    assert undeclared_files(empty.model_copy(update={"sources": (declared,)})) == [
        "programmation/2023.csv",
        "étude.pdf",
    ]


@pytest.mark.parametrize("source", sample(SHIPPED.sources, one_in=9), ids=lambda source: source.id)
def test_the_table_of_every_shipped_file_is_found_from_its_headers_alone(source: Source) -> None:
    bare = SHIPPED.model_copy(update={"sources": ()})
    draft = pasted(draft_source(bare, source.fichier))
    assert draft["table"] == source.table
    assert draft.get("forme", "csv") == source.forme
    assert draft["sha256"] == digest_file(SHIPPED.dossier / source.fichier)
    assert draft["fictif"] is False
    assert {draft[key] for key in ("titre", "editeur", "licence", "millesime")} == {TO_FILL}


def test_a_new_year_takes_up_what_the_other_years_say() -> None:
    """Every header that another export of the shipped contract maps alike is right, without « à confirmer »."""
    (new,) = [source for source in SHIPPED.sources if source.id == "programmes_2022"]
    others = tuple(source for source in SHIPPED.sources if source.id != new.id)
    text = draft_source(SHIPPED.model_copy(update={"sources": others}), new.fichier)
    draft = pasted(text)
    right = sum(draft["colonnes"].get(name) == column for name, column in new.colonnes.items())
    wrong = [name for name, column in draft["colonnes"].items() if new.colonnes.get(name) != column]
    assert right / len(new.colonnes) > 0.8
    assert wrong == []
    known = {name: column for source in others for name, column in source.colonnes.items()}
    for line in text.splitlines():
        name, _, column = line.strip().removesuffix(" # à confirmer").partition(": ")
        if known.get(name.strip("'")) == column and column:
            assert not line.endswith("à confirmer"), line


def test_a_year_in_the_name_stands_for_the_column_that_lacks(empty: Contract) -> None:
    (empty.dossier / "programmation_2023.csv").write_text(
        YEARLY.replace("Année;", "").replace("2023;", ""), encoding="utf-8"
    )
    draft = pasted(draft_source(empty, "programmation_2023.csv"))
    assert draft["constantes"] == {"annee": "2023"}
    assert draft["colonnes"]["N° dossier"] == "code_action"
    (empty.dossier / "programmation_2023.csv").write_text(YEARLY, encoding="utf-8")
    assert "constantes" not in pasted(draft_source(empty, "programmation_2023.csv"))


def test_a_draft_is_a_source_that_reads_its_file(empty: Contract) -> None:
    (empty.dossier / "2023.csv").write_text(YEARLY, encoding="utf-8")
    source = Source.model_validate(pasted(draft_source(empty, "2023.csv")))
    raw = read_source(source, empty.dossier / "2023.csv")
    assert raw.frame["code_action"].tolist() == ["A1"]
    assert raw.frame["accorde_etat"].tolist() == ["500"]


def test_the_sheets_of_a_header_are_taken_and_the_others_named(empty: Contract) -> None:
    path = empty.dossier / "Programmation été 2023.xlsx"
    rows = [line.split(";") for line in YEARLY.splitlines()]
    with xlsxwriter.Workbook(path) as book:
        for name in ("Nord", "Sud", "Notice"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Programmation 2023"])
            for line, row in enumerate([["à lire"]] if name == "Notice" else rows, start=1):
                sheet.write_row(line, 0, row)
    text = draft_source(empty, path.name)
    draft = pasted(text)
    assert (draft["id"], draft["forme"], draft["feuilles"]) == ("programmation_ete_2023", "classeur", ["Nord", "Sud"])
    assert "# autres feuilles, non reprises : Notice" in text
    assert draft["table"] == "programmes"


def test_an_id_is_free(empty: Contract) -> None:
    (empty.dossier / "2023.csv").write_text(YEARLY, encoding="utf-8")
    taken = tuple(SHIPPED.sources[0].model_copy(update={"id": name}) for name in ("2023", "2023_2"))
    assert pasted(draft_source(empty.model_copy(update={"sources": taken}), "2023.csv"))["id"] == "2023_3"


def test_what_is_wanting_is_said(empty: Contract) -> None:
    (empty.dossier / "postes.csv").write_text("Rang;Poste;Employeur;Montant\n1;A;b;10\n", encoding="utf-8")
    text = draft_source(empty, "postes.csv")
    assert (
        "colonnes obligatoires de « postes_147 » à trouver, ou à mettre dans « constantes » : dispositif, annee" in text
    )
    assert text.splitlines()[1].startswith("  # table devinée ; les plus proches : postes_147, ")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("étude.pdf", b"%PDF-1.7", "format non lu"),
        ("vide.csv", b"", "est vide"),
        ("faux.xlsx", b"rien", "pas de proposition"),
        ("faux.json", b"{", "pas de proposition"),
        ("binaire.csv", b"a\0b", "pas de proposition"),
    ],
)
def test_a_file_that_cannot_be_drafted_is_named_in_a_comment(
    empty: Contract, name: str, content: bytes, said: str
) -> None:
    (empty.dossier / name).write_bytes(content)
    text = draft_source(empty, name)
    assert text.startswith(f"  # {name}")
    assert said in text
    assert YAML(typ="safe").load(f"sources:\n{text}\n") == {"sources": None}
