"""`ose export xlsx`: each table of a page as a sheet, its values those of the CSV, its cells typed as the page says."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipelines.errors import UsageError
from pipelines.exchange import table_sheet
from pipelines.exchange.lexicon import UNDESCRIBED, describe_columns
from pipelines.exchange.shown import ShownTable, read_tables
from pipelines.exchange.workbook import write_workbook
from tests.conftest import OF_A_YEAR
from tests.exchange.office import MAIN, find_danger, read_parts, read_sheets, read_styles, read_xml

NOTEBOOKS = ("0_prise_en_main", "1_observation", "2_suivi_programmation", "7_rapport_annuel")
PAGES = [*(f"2022/{name}" for name in NOTEBOOKS), *(f"2015/{name}" for name in NOTEBOOKS if name in OF_A_YEAR)]
PageOf = Callable[..., Path]


def page_in(site: SimpleNamespace, name: str) -> Path:
    return site.outputs / "valenciennes" / f"{name}.html"


def tables_of(page: Path) -> list[ShownTable]:
    return read_tables(json.loads(page.with_suffix(".ipynb").read_text(encoding="utf-8")))


def as_in_csv(value: object) -> object:
    """A value of a sheet as its CSV writes it; the text of a missing one as an empty cell."""
    if isinstance(value, float):
        return str(Decimal(repr(value)).normalize().__format__("f")).replace(".", ",")
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return "" if value == "n.d." else value


@pytest.mark.parametrize("name", PAGES)
def test_every_table_of_the_shipped_reports_has_the_values_of_its_csv(
    site: SimpleNamespace, tmp_path: Path, name: str
) -> None:
    page, target = page_in(site, name), tmp_path / "c.xlsx"
    count = write_workbook(page, target)
    files = sorted(page.parent.glob(f"{page.stem}--tableau-*.csv"))
    assert len(files) == count > 0
    sheets = read_sheets(target)
    assert list(sheets) == ["Sommaire", *(f"Tableau {number}" for number in range(1, count + 1)), "Lexique"]
    for file in files:
        number = re.search(r"tableau-(\d+)\.csv", file.name)[1]
        lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))[1:]
        rows = sheets[f"Tableau {number}"]
        first = rows.index(["Retour au sommaire", *[""] * (len(rows[0]) - 1)]) + 2
        width = len(lines[0])
        assert [[as_in_csv(value) for value in row[:width]] for row in rows[first : first + len(lines)]] == lines
    assert find_danger(target) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_column_of_the_shipped_reports_is_described(site: SimpleNamespace, name: str) -> None:
    page = page_in(site, name)
    about = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    entries = describe_columns(tables_of(page), about["balance"])
    assert len(entries) > 5
    assert [entry.name for entry in entries if entry.meaning == UNDESCRIBED] == []
    assert {number for entry in entries for number in entry.tables} == {table.number for table in tables_of(page)}


def test_the_summary_says_what_the_report_is_and_leads_to_its_sheets(site: SimpleNamespace, tmp_path: Path) -> None:
    target = tmp_path / "c.xlsx"
    write_workbook(page_in(site, "2022/7_rapport_annuel"), target)
    rows = read_sheets(target)["Sommaire"]
    said = "\n".join(" | ".join(str(value) for value in row) for row in rows)
    for words in (
        "Rapport annuel", "Données fictives de démonstration.", "Projet, non approuvé", "Année | 2022",
        "Contrat | Contrat de ville de Valenciennes Métropole", "Données arrêtées au | 30 juin 2023",
        "Tableau 5 | Actions par orientation, 2022 | 7 | Données fictives de démonstration",
        "Tableau 10 | Postes payés par le programme 147, jusqu'en 2022 | 6 |", "annee | 2022 | année du rapport",
        "Programmation 2022 (données fictives de démonstration) | 2022 | Licence ouverte 2.0 | fictif",
        "« ose export xlsx 7_rapport_annuel »",
    ):  # fmt: skip
        assert words in said, words
    links = read_xml(target, "xl/worksheets/sheet1.xml").iter(f"{MAIN}hyperlink")
    names = [f"'Tableau {number}'!A1" for number in range(1, 17)]
    assert [link.get("location") for link in links] == [*names, "'Lexique'!A1"]
    (back,) = read_xml(target, "xl/worksheets/sheet2.xml").iter(f"{MAIN}hyperlink")
    assert back.get("location") == "'Sommaire'!A1"


def test_the_mark_is_on_fictional_sheets_alone(site: SimpleNamespace, tmp_path: Path) -> None:
    target = tmp_path / "c.xlsx"
    write_workbook(page_in(site, "2022/7_rapport_annuel"), target)
    mark, sheets = "Données fictives de démonstration", read_sheets(target)
    assert (sheets["Tableau 5"][1][0], sheets["Tableau 10"][1][0]) == (mark, "Retour au sommaire")
    footers = [read_xml(target, f"xl/worksheets/sheet{n}.xml").findtext(f".//{MAIN}oddFooter") for n in (6, 11)]
    assert footers == [f"&L{mark}&R&P / &N", "&L&R&P / &N"]


def a_table() -> pd.DataFrame:
    """One column of each kind, and a total."""
    return pd.DataFrame(
        {
            "code_commune": ["059020", "01053", "Ensemble"],
            "montant_accorde": [1234567.5, -12.0, None],
            "taux_emploi": [45.35, -0.04, 100.0],
            "ecart_agglomeration": [2.1, -2.1, 0.04],
            "nb_actions": pd.array([3, None, 1200], dtype="Int64"),
            "valeur": [0.5, 2.0, 3.0],
            "annee": [2019, 2020, 2021],
            "date_fin": pd.to_datetime(["2023-06-30", None, "1850-01-02"]),
            "est_fictif": pd.array([True, False, None], dtype="boolean"),
            "nb_mixte": [7, "< 5", None],
        }
    )


def test_each_kind_of_column_has_its_type_and_its_format(page_of: PageOf, tmp_path: Path) -> None:
    target = tmp_path / "c.xlsx"
    write_workbook(page_of({"Tout": a_table()}), target)
    rows, styles = read_sheets(target)["Tableau 1"], read_styles(target, 2)
    assert rows[2] == [
        "Code de la commune", "Montant accordé (€)", "Taux d'emploi (%)", "Écart à l'agglomération (points)", "Actions",
        "Valeur", "Année", "Fin", "Fictif", "nb mixte",
    ]  # fmt: skip
    assert rows[3] == ["059020", 1234567.5, 45.35, 2.1, 3.0, 0.5, 2019.0, date(2023, 6, 30), "oui", 7.0]
    assert rows[4] == ["01053", -12.0, -0.04, -2.1, "n.d.", 2.0, 2020.0, "n.d.", "non", "< 5"]
    # Excel knows no day before 1900.
    assert rows[5] == ["Ensemble", "n.d.", 100.0, 0.04, 1200.0, 3.0, 2021.0, "02/01/1850", "n.d.", "n.d."]
    formats = [styles[f"{letter}4"].number for letter in "BCDEFGH"]
    assert formats == [
        '#,##0"\u202f€"', '#,##0.0"\u202f%"', "+#,##0.0;-#,##0.0", "#,##0", "#,##0.0", "0", "dd/mm/yyyy",
    ]  # fmt: skip
    assert styles["C5"].number == '#,##0.0"\u202f%";#,##0.0"\u202f%"', "une valeur qui s'arrondit à zéro est sans signe"
    assert styles["D6"].number == "#,##0.0;#,##0.0"


def test_the_header_stays_filters_and_is_read_as_one_and_the_total_is_apart(page_of: PageOf, tmp_path: Path) -> None:
    target = tmp_path / "c.xlsx"
    write_workbook(page_of({"Tout": a_table()}), target)
    sheet, table = read_xml(target, "xl/worksheets/sheet2.xml"), read_xml(target, "xl/tables/table1.xml")
    assert sheet.find(f".//{MAIN}pane").attrib.items() >= {"ySplit": "3", "state": "frozen"}.items()
    assert table.get("ref") == table.find(f"{MAIN}autoFilter").get("ref") == "A3:J5"
    names = [column.get("name") for column in table.iter(f"{MAIN}tableColumn")]
    assert names == read_sheets(target)["Tableau 1"][2]
    styles = read_styles(target, 2)
    assert [styles[cell].bold for cell in ("A3", "A4", "A5", "A6", "B6", "C6")] == [
        True,
        False,
        False,
        True,
        True,
        True,
    ]
    merged = [one.get("ref") for one in sheet.iter(f"{MAIN}mergeCell")]
    assert [ref for ref in merged if re.search(r"[A-Z]+[3-6]:", ref)] == [], "aucune fusion dans le tableau"
    widths = [float(one.get("width")) for one in sheet.iter(f"{MAIN}col")]
    assert all(8 <= width <= 62 for width in widths)


def test_a_small_count_is_hidden_as_on_the_page(page_of: PageOf, tmp_path: Path) -> None:
    frame = pd.DataFrame({"sexe": ["Femmes", "Hommes", "Ensemble"], "nb_personnes": [3, 40, 43]})
    write_workbook(page_of({"Personnes": frame}), tmp_path / "c.xlsx")
    rows = read_sheets(tmp_path / "c.xlsx")["Tableau 1"]
    assert rows[3:6] == [["Femmes", "n.d.", *rows[3][2:]], ["Hommes", "n.d.", *rows[4][2:]], rows[5]]
    assert rows[5][:2] == ["Ensemble", 43.0]
    assert not any(b"40" in content for name, content in read_parts(tmp_path / "c.xlsx").items() if "sharedS" in name)


def test_what_is_said_under_a_table_is_under_it(page_of: PageOf, tmp_path: Path) -> None:
    page = page_of({"Tout": a_table()}, fictional=True, note="à lire ainsi", methode="un calcul")
    write_workbook(page, tmp_path / "c.xlsx")
    first = [row[0] for row in read_sheets(tmp_path / "c.xlsx")["Tableau 1"]]
    assert first[:3] == ["Tableau 1. Tout", "Données fictives de démonstration", "Retour au sommaire"]
    assert first[-4:] == [
        "", "Note\xa0: à lire ainsi", "Méthode\xa0: un calcul",
        "Source\xa0: Éditeur, Source d'essai, millésime\xa0: 2020\u202f; licence\xa0: Licence Ouverte 2.0",
    ]  # fmt: skip


def test_a_pivoted_table_says_its_measure_once_and_its_columns_are_described(page_of: PageOf, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {("orientation", ""): ["O1"], ("montant_accorde", 2019): [1.5], ("montant_accorde", 2020): [2.0]}
    )
    write_workbook(page_of({"Montants": frame}), tmp_path / "c.xlsx")
    sheets = read_sheets(tmp_path / "c.xlsx")
    assert sheets["Tableau 1"][0][0] == "Tableau 1. Montants (montant accordé)"
    assert sheets["Tableau 1"][2][:3] == ["Orientation", "2019 (€)", "2020 (€)"]
    assert sheets["Lexique"][3][:4] == ["montant_accorde 2019", "Montant accordé, 2019", "montant", "€"]
    assert sheets["Lexique"][3][4].startswith("somme des montants accordés")


def test_two_columns_of_one_label_or_without_one_have_names_of_their_own(page_of: PageOf, tmp_path: Path) -> None:
    frame = pd.DataFrame([["a", "b", "c", 1]], columns=["financeur", "libelle_financeur", "\n", "FINANCEUR"])
    write_workbook(page_of({"Titre": frame}), tmp_path / "c.xlsx")
    heads = read_sheets(tmp_path / "c.xlsx")["Tableau 1"][2][:4]
    assert heads == ["Financeur", "Financeur 2", "Colonne 3", "FINANCEUR 3"]


@pytest.mark.parametrize(
    "frame", [pd.DataFrame({"nb_actions": []}), pd.DataFrame()], ids=["sans ligne", "sans colonne"]
)
def test_a_table_without_rows_says_so(page_of: PageOf, tmp_path: Path, frame: pd.DataFrame) -> None:
    write_workbook(page_of({"Vide": frame}), tmp_path / "c.xlsx")
    assert "Aucune ligne." in [row[0] for row in read_sheets(tmp_path / "c.xlsx")["Tableau 1"]]
    assert "xl/tables/table2.xml" not in read_parts(tmp_path / "c.xlsx")


def test_the_same_page_gives_the_same_bytes_anywhere_and_names_no_place(page_of: PageOf, tmp_path: Path) -> None:
    page = page_of({"Tout": a_table()}, fictional=True)
    (tmp_path / "ailleurs").mkdir()
    for suffix in (".ipynb", ".json"):
        shutil.copy(page.with_suffix(suffix), tmp_path / "ailleurs")
    write_workbook(page, tmp_path / "un.xlsx")
    write_workbook(tmp_path / "ailleurs/essai.html", tmp_path / "ailleurs/deux.xlsx")
    content = (tmp_path / "un.xlsx").read_bytes()
    assert content == (tmp_path / "ailleurs/deux.xlsx").read_bytes()
    assert str(tmp_path).encode() not in content
    core = read_parts(tmp_path / "un.xlsx")["docProps/core.xml"].decode()
    assert "<dc:title>Rapport d'essai — 2020 — Contrat d'essai</dc:title>" in core
    assert "<dc:language>fr-FR</dc:language>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2015-01-01T"}


def test_a_report_without_table_or_too_large_a_table_leaves_the_former_file(
    page_of: PageOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "c.xlsx"
    target.write_bytes(b"le premier")
    with pytest.raises(UsageError, match="Le rapport essai n'a aucun tableau"):
        write_workbook(page_of({}), target)
    monkeypatch.setattr(table_sheet, "MOST_ROWS", 2)
    with pytest.raises(UsageError, match=r"Le tableau 1 est trop grand pour une feuille de classeur \(3 lignes"):
        write_workbook(page_of({"Tout": a_table()}), target)
    assert target.read_bytes() == b"le premier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.xlsx", "essai.ipynb", "essai.json"]


def test_a_disk_that_fills_up_leaves_the_former_file(
    page_of: PageOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "plus de place")

    page, target = page_of({"Tout": a_table()}), tmp_path / "c.xlsx"
    target.write_bytes(b"le premier")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match=r"ne peut pas être écrit \(plus de place\)"):
        write_workbook(page, target)
    assert target.read_bytes() == b"le premier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.xlsx", "essai.ipynb", "essai.json"]


def test_a_target_that_cannot_be_written_is_a_sentence(page_of: PageOf, tmp_path: Path) -> None:
    page = page_of({"Tout": a_table()})
    (tmp_path / "dossier.xlsx").mkdir()
    for name, sentence in (
        ("dossier.xlsx", "est un dossier"),
        ("c.csv", "n'est pas le nom d'un classeur Excel"),
        ("absent/c.xlsx", "n'existe pas. Le créer"),
        ("c" * 300 + ".xlsx", "ne peut pas être écrit"),
    ):
        with pytest.raises(UsageError, match=sentence):
            write_workbook(page, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dossier.xlsx", "essai.ipynb", "essai.json"]
