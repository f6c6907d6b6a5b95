"""Granted euros: read = kept + set aside, file by file, and against the vote."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.balance import balance_euros, balance_rows, compare_to_vote, findings_of_vote
from pipelines.clean import Cleaned
from pipelines.clean.programmes import clean_programmes
from pipelines.errors import DataError
from pipelines.prepare import prepare
from tests.shipped import shipped_contract

PLACE = {"id_source": "essai", "fichier": "essai.csv", "feuille": ""}


def programme(*rows: dict[str, str]) -> pd.DataFrame:
    """Rows of a programme as reading gives them."""
    frame = pd.DataFrame(rows, dtype="str").fillna("")
    frame = frame.assign(**{name: pd.Series([value] * len(frame), dtype="str") for name, value in PLACE.items()})
    return frame.assign(ligne=pd.Series(range(2, len(frame) + 2), dtype="Int64"))


def action(code: str, etat: str, caf: str = "", annee: str = "2020") -> dict[str, str]:
    return {"code_action": code, "annee": annee, "accorde_etat": etat, "accorde_caf": caf}


def test_what_is_set_aside_is_counted_apart_and_what_cannot_be_read_is_said() -> None:
    text = programme(
        action("A1", "1 000,50 €", "500"),
        action("A2", "12,5 k€"),
        action("", "300"),
        action("A3", "deux mille", "nd"),
        action("A1", "1 000,50 €", "500"),
        action("A4", "7", annee="2021"),
        action("A5", "9", annee="l'an dernier"),
    )
    names = ["annee", "montant_lu", "montant_retenu", "montant_ecarte", "nb_illisibles"]
    lines = balance_euros("programmes", text, clean_programmes(text))
    assert [[line[name] for name in names] for line in lines] == [
        [2020, 15801.0, 14000.5, 1800.5, 1],
        [2021, 7.0, 7.0, 0.0, 0],
        [None, 9.0, 0.0, 9.0, 0],
    ]
    assert {tuple(line[name] for name in PLACE) for line in lines} == {tuple(PLACE.values())}


def test_a_table_that_grants_nothing_has_no_euros() -> None:
    text = programme({"code_action": "A1", "annee": "2020", "intitule": "sans montant"})
    assert balance_euros("programmes", text, clean_programmes(text)) == []
    assert balance_euros("territoires", text, clean_programmes(text)) == []


@pytest.mark.parametrize(
    "amounts",
    [
        # What a float cannot add up to the cent, hold, or read: none of it is a euro lost.
        ["9" * 20, "0,10", "0,20", "9" * 18],
        ["9" * 400, "1"],
        ["0,005", "0,1", "0.005"],
        ["(3)", "-2,5", "1,234"],
        ["nd", "", "à préciser"],
    ],
)
def test_amounts_out_of_the_ordinary_lose_nothing(amounts: list[str]) -> None:
    rows = [action(code, amount) for amount in amounts for code in ("", f"A{amounts.index(amount)}")]
    text = programme(*rows)
    (line,) = balance_euros("programmes", text, clean_programmes(text))
    assert line["montant_lu"] == pytest.approx(line["montant_retenu"] + line["montant_ecarte"], abs=0.01, rel=1e-12)
    assert line["montant_retenu"] == pytest.approx(line["montant_ecarte"], rel=1e-12)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("code_siret", "2,43E+13"),
        ("code_siret", "732829320"),
        ("code_rna", "594001234"),
        ("date_debut", "31/02/2020"),
        ("montant_cout_total", "à préciser"),
        ("accorde_caf", "1.500"),
        ("est_reconduction", "peut-être"),
        ("statut", "Ajourné"),
        ("nature_porteur", "collectif"),
        ("benef_prevu_sexe_femmes", "une dizaine"),
        ("territoires", "Nulle part"),
    ],
)
def test_a_defective_cell_costs_neither_its_row_nor_its_grant(column: str, cell: str) -> None:
    text = programme({**action("A1", "1 000"), column: cell})
    cleaned = clean_programmes(text)
    assert (len(cleaned.kept), len(cleaned.set_aside)) == (1, 0)
    told = cleaned.journal[["colonne", "texte"]].to_numpy().tolist()
    # A territory is looked up once the rows are split: until then its text stands.
    assert told == ([] if column == "territoires" else [[column, cell]])
    (line,) = balance_euros("programmes", text, cleaned)
    assert line["montant_retenu"] == 1000


@pytest.mark.parametrize("years", [["", "2020"], ["2020", ""], ["", ""]])
def test_a_year_that_only_the_cleaner_knows_loses_no_euro(years: list[str]) -> None:
    text = programme(*(action(f"A{rank}", "10", annee=year) for rank, year in enumerate(years)))
    kept = clean_programmes(text.assign(annee="2021")).kept
    lines = balance_euros("programmes", text, Cleaned(kept, kept.iloc[:0], kept.iloc[:0]))
    assert sum(line["montant_retenu"] for line in lines if line["annee"] == 2021) == 20
    assert sum(line["montant_lu"] for line in lines) == 20


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["A1", "A2", "A3", ""]), st.integers(0, 10**9)), min_size=1, max_size=12))
def test_no_cent_is_lost_whatever_is_set_aside(grants: list[tuple[str, int]]) -> None:
    text = programme(*(action(code, f"{cents / 100:.2f}".replace(".", ",")) for code, cents in grants))
    lines = balance_euros("programmes", text, clean_programmes(text))
    assert sum(line["montant_lu"] for line in lines) == pytest.approx(sum(cents for _, cents in grants) / 100, abs=0.01)


def test_a_row_that_cleaning_loses_stops_the_build() -> None:
    text = programme(action("A1", "10"), action("A2", "20"))
    cleaned = clean_programmes(text)
    lossy = Cleaned(cleaned.kept.iloc[:1], cleaned.set_aside, cleaned.journal)
    with pytest.raises(DataError, match=r"essai\.csv.*30,00.*accordés lus, 10,00.*retenus"):
        balance_euros("programmes", text, lossy)
    with pytest.raises(DataError, match=r"1 ligne\(s\) perdue"):
        balance_rows("programmes", pd.DataFrame([{**PLACE, "lues": 3, "hors_donnees": 1}]), lossy)


def test_a_programme_is_compared_to_the_vote_of_its_year() -> None:
    euros = [{**PLACE, "annee": 2020, "montant_lu": 30.0, "montant_retenu": 25.0, "montant_ecarte": 5.0}]
    compared = compare_to_vote(euros, {2020: 30.0, 2021: 8.0})
    assert [(line["annee"], line["ecart_vote"]) for line in compared] == [(2020, 5.0), (2021, 8.0)]
    findings = findings_of_vote(compared)
    assert [(finding.severity, finding.success) for finding in findings] == [("warning", False)] * 2
    assert "".join(findings[0].observe.split()) == "25,00€retenus,5,00€écartés;attendu:30,00€"
    assert findings_of_vote(compare_to_vote(euros, {2020: 25.0}))[0].success


@pytest.mark.long
def test_the_shipped_programmes_answer_to_the_vote(tmp_path: Path) -> None:
    contract = shipped_contract()
    manifest = prepare(contract, tmp_path)
    assert {line["annee"]: line["ecart_vote"] for line in manifest["euros"]["votes"]} == dict.fromkeys(
        range(2015, 2023), 0.0
    )
    assert sum(line["montant_ecarte"] for line in manifest["euros"]["accordes"]) == 177700.0
    assert [line["success"] for line in manifest["controles"] if line["type"] == "total_vote"] == [True] * 8
