"""Corrections: each mends one cell that still reads as it did, or stops with its own line and the fix."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipelines import prepare
from pipelines.clean.corrections import apply_corrections
from pipelines.clean.rows import JOURNAL, PLACE
from pipelines.errors import DataError
from pipelines.read import RawTable
from pipelines.read.corrections import Correction

Maker = Callable[..., pd.DataFrame]
LINE = "corrections.csv, ligne 2"


def correction(**changes: object) -> Correction:
    cell = Correction("essai.csv", "", 3, "montant", "beaucoup", "1 200", "appel au porteur", LINE)
    return cell._replace(**changes)


@pytest.fixture
def text(text_frame: Maker) -> pd.DataFrame:
    """Three lines, 2 to 4."""
    rows = [{"rang": str(n), "montant": amount} for n, amount in ((1, "5"), (2, "beaucoup"), (3, "007"))]
    return text_frame(*rows)


def test_only_the_designated_cell_changes_and_the_journal_keeps_what_was_read(text: pd.DataFrame) -> None:
    before = text.copy()
    mended, journal = apply_corrections(text, [correction()])
    pd.testing.assert_frame_equal(text, before)
    assert mended["montant"].tolist() == ["5", "1 200", "007"]
    pd.testing.assert_frame_equal(mended.drop(columns="montant"), before.drop(columns="montant"))
    assert list(journal) == JOURNAL
    assert journal.to_numpy().tolist() == [
        ["essai", "essai.csv", "", 3, "montant", "beaucoup", f"corrigé ({LINE}) : appel au porteur"]
    ]


def test_without_corrections_nothing_changes(text: pd.DataFrame) -> None:
    mended, journal = apply_corrections(text, [])
    pd.testing.assert_frame_equal(mended, text)
    assert (list(journal), len(journal)) == (JOURNAL, 0)


def test_a_cell_may_be_emptied_or_filled(text: pd.DataFrame) -> None:
    text.loc[2, "montant"] = ""
    changes = [
        correction(nouvelle_valeur=""),
        correction(ligne=4, ancienne_valeur="", nouvelle_valeur="7", origine="y"),
    ]
    assert apply_corrections(text, changes)[0]["montant"].tolist() == ["5", "", "7"]


def test_two_sheets_of_one_file_have_their_own_line_3(text: pd.DataFrame) -> None:
    both = pd.concat([text.assign(feuille="Nord "), text.assign(feuille="Sud")], ignore_index=True)
    mended, journal = apply_corrections(both, [correction(feuille="Nord")])
    assert mended["montant"].tolist() == ["5", "1 200", "007", "5", "beaucoup", "007"]
    assert journal[PLACE].to_numpy().tolist() == [["essai", "essai.csv", "Nord ", 3]]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ancienne_valeur": "7", "ligne": 4}, "l'ancienne valeur (« 7 ») n'est pas celle de essai.csv (« 007 »)"),
        ({"nouvelle_valeur": "beaucoup"}, "la nouvelle valeur est l'ancienne"),
        ({"colonne": "montants"}, "Noms les plus proches : montant, rang."),
        ({"colonne": "fichier"}, "la colonne « fichier » n'est pas lue"),
        ({"ligne": 5}, "la ligne 5 de essai.csv n'est pas une ligne de données"),
        ({"feuille": "Nord"}, "Ce fichier n'a pas de feuille : laisser vide."),
    ],
)
def test_what_designates_no_such_cell_is_refused(text: pd.DataFrame, changes: dict[str, object], said: str) -> None:
    with pytest.raises(DataError) as refused:
        apply_corrections(text, [correction(**changes)])
    assert str(refused.value).startswith(f"{LINE} : ")
    assert said in str(refused.value)


def test_an_unknown_sheet_is_answered_with_the_known_ones(text: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="Écrire l'une des feuilles : « Nord »"):
        apply_corrections(text.assign(feuille="Nord "), [correction()])


def test_two_corrections_of_one_cell_are_refused(text: pd.DataFrame) -> None:
    again = correction(ancienne_valeur="1 200", nouvelle_valeur="9", origine="corrections.csv, ligne 7")
    with pytest.raises(DataError, match=rf"^corrections.csv, ligne 7 : cette cellule est déjà corrigée \({LINE}\)"):
        apply_corrections(text, [correction(), again])


def test_a_cell_that_two_sources_read_is_refused(text: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="deux sources"):
        apply_corrections(pd.concat([text, text.assign(id_source="autre")], ignore_index=True), [correction()])


def test_a_file_that_feeds_two_tables_is_mended_where_the_column_is(text: pd.DataFrame) -> None:
    other = text.rename(columns={"montant": "sigle"}).assign(id_source="autre")
    mended, journal = apply_corrections(pd.concat([text, other], ignore_index=True), [correction()])
    assert mended["montant"].fillna("absent").tolist() == ["5", "1 200", "007", *["absent"] * 3]
    assert journal["id_source"].tolist() == ["essai"]


def test_each_source_of_a_shared_file_keeps_its_own_columns_and_rows(text: pd.DataFrame) -> None:
    other = text.rename(columns={"montant": "sigle"}).assign(id_source="autre")
    apart = text.assign(fichier="ailleurs.csv")
    raw = {
        name: [RawTable(frame, pd.DataFrame(), frame[["fichier"]].head(1)) for frame in frames]
        for name, frames in {"sigles": [other], "postes_147": [apart, text.iloc[:0], text]}.items()
    }
    mended, journal = prepare._correct(raw, [correction()])
    pd.testing.assert_frame_equal(mended["sigles"][0].frame, other)
    pd.testing.assert_frame_equal(mended["postes_147"][0].frame, apart)
    pd.testing.assert_frame_equal(mended["postes_147"][2].frame, text.replace({"montant": {"beaucoup": "1 200"}}))
    assert raw["postes_147"][2].frame["montant"].tolist() == text["montant"].tolist()
    assert len(journal) == 1
