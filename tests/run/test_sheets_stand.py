"""Sheets of what has next to nothing: an orientation with one action, another with none, a commune with none."""

import csv
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from ruamel.yaml import YAML

from pipelines.cli import main
from pipelines.fingerprint import digest_file
from pipelines.paths import RAW

FILE = "2022_programmation_fictive.csv"


def _with_two_more_orientations(folder: Path) -> Path:
    """The shipped contract with O7, which a correction gives one justified action of 2022, and O8, which has none."""
    copy = shutil.copytree(RAW / "valenciennes", folder / "deux")
    yaml, path = YAML(), copy / "contrat.yml"
    content = yaml.load(path)
    for code in ("O7", "O8"):
        content["orientations"].append({"code": code, "libelle": "Essai", "est_fictif": True})
    yaml.dump(content, path)
    with (copy / "programmation" / FILE).open(encoding="cp1252", newline="") as handle:
        reader = csv.DictReader(handle, delimiter=";")
        for row in reader:
            # A row that fills several lines is known by the first.
            line = reader.line_num - sum(cell.count("\n") for cell in row.values())
            if row["État du dossier"] == "Justifié" and row["Objectif opérationnel"] == "":
                break
    correction = [FILE, "", str(line), "code_orientation", row["Orientation"], "O7", "essai"]
    text = ["fichier;feuille;ligne;colonne;ancienne_valeur;nouvelle_valeur;motif", ";".join(correction)]
    (copy / "programmation/corrections.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    return copy


def _not_yet_decided(folder: Path) -> Path:
    """The shipped contract as it stands before the committee of 2022: applications, and nothing that follows."""
    copy = shutil.copytree(RAW / "valenciennes", folder / "avant")
    path = copy / "programmation" / FILE
    with path.open(encoding="cp1252", newline="") as handle:
        head, *rows = csv.reader(handle, delimiter=";")
    later = ("Accordé", "Versé", "Bilan", "Premier", "Date de décision", "Valeur atteinte")
    for row in rows:
        row[:] = ["" if name.startswith(later) else cell for name, cell in zip(head, row, strict=True)]
        row[head.index("État du dossier")] = "Déposé"
    with path.open("w", encoding="cp1252", newline="") as handle:
        csv.writer(handle, delimiter=";", lineterminator="\r\n").writerows([head, *rows])
    yaml, declared = YAML(), copy / "contrat.yml"
    content = yaml.load(declared)
    content["totaux_votes"].pop(2022)
    (source,) = [source for source in content["sources"] if source["id"] == "programmes_2022"]
    source["sha256"] = digest_file(path)
    yaml.dump(content, declared)
    return copy


def _refusals(page: Path) -> list[str]:
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return [mark.get_text(strip=True).partition("\u00a0:")[0] for mark in soup.select(".refus strong")]


@pytest.mark.long
def test_what_has_next_to_nothing_says_so_and_stands(tmp_path: Path) -> None:
    copy, outputs = _with_two_more_orientations(tmp_path), tmp_path / "pages"
    places = ["--contrat", str(copy), "--outputs", str(outputs), "--processed", str(tmp_path / "tables")]
    assert main(["build", "8_fiche_orientation", *places]) == 0
    assert main(["build", "8_fiche_commune", "-p", "commune=59369", *places]) == 0
    pages = outputs / "deux/2022"
    one, none = (pages / f"8_fiche_orientation--{code}.html" for code in ("O7", "O8"))
    read = BeautifulSoup(one.read_text(encoding="utf-8"), "html.parser").get_text()
    assert "1 action financée par 1 porteur" in read.replace("\u202f", " ")
    assert _refusals(one)[0] == "Objectifs non connus"
    assert _refusals(none)[0] == "Aucune action"
    assert len(_refusals(none)) == 8
    assert _refusals(pages / "8_fiche_commune--59369.html")[:2] == ["Statut à confirmer", "Aucune action"]


@pytest.mark.long
def test_a_programme_that_nobody_has_decided_yet_says_so_everywhere(tmp_path: Path) -> None:
    copy, outputs = _not_yet_decided(tmp_path), tmp_path / "pages"
    places = ["--contrat", str(copy), "--outputs", str(outputs), "--processed", str(tmp_path / "tables")]
    assert main(["build", "2_suivi_programmation", "8_fiche_commune", "8_fiche_orientation", *places]) == 0
    pages = outputs / "avant/2022"
    assert len(list(pages.glob("8_fiche_*.html"))) == 24
    assert _refusals(pages / "2_suivi_programmation.html").count("Aucune action financée") > 7
    assert "Aucune action" in _refusals(pages / "8_fiche_orientation--O1.html")
