"""Rows of a table: required cells, copies, clashing keys; what is read is kept or set aside, once."""

import csv
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.clean import Cleaned, clean_rows, clean_table
from pipelines.clean.corrections import apply_corrections
from pipelines.clean.rows import COPY, JOURNAL, SET_ASIDE
from pipelines.read.corrections import Correction
from pipelines.tables import PROVENANCE, TABLES, Column, Table

Maker = Callable[..., pd.DataFrame]
SIGLES = TABLES["sigles"]
POSTS = TABLES["postes_147"]


def post(rank: str, **cells: str) -> dict[str, str]:
    return {"dispositif": "fonjep", "annee": "2020", "rang": rank, **cells}


def places(frame: pd.DataFrame) -> list[int]:
    return frame["ligne"].tolist()


def assert_nothing_lost(text: pd.DataFrame, cleaned: Cleaned) -> None:
    both = pd.concat([cleaned.kept["ligne"], cleaned.set_aside["ligne"]])
    assert sorted(both) == sorted(text["ligne"])
    assert (cleaned.set_aside["motif"] != "").all()


def test_kept_rows_are_typed_and_know_their_line(text_frame: Maker) -> None:
    cleaned = clean_table(text_frame(post("1", montant="1 234,50 €"), post("2")), POSTS)
    assert cleaned.kept[["annee", "rang", "montant"]].dtypes.astype(str).tolist() == ["Int64", "Int64", "Float64"]
    assert cleaned.kept["montant"].tolist() == [1234.5, pd.NA]
    assert places(cleaned.kept) == [2, 3]
    assert list(cleaned.kept) == [*POSTS.names, *(column.name for column in PROVENANCE)]


def test_a_row_without_a_required_cell_is_set_aside_with_its_text_and_reason(text_frame: Maker) -> None:
    text = text_frame(post("", montant="5"), post("x"), post("nd"), post("4") | {"annee": "", "dispositif": "autre"})
    cleaned = clean_table(text, POSTS)
    assert list(cleaned.set_aside) == SET_ASIDE
    assert cleaned.set_aside["motif"].tolist() == [
        "sans « rang » : cellule vide",
        "sans « rang » : nombre illisible « x »",
        "sans « rang » : non disponible (nd)",
        "sans « dispositif » : valeur hors vocabulaire « autre »",
    ]
    assert cleaned.set_aside.loc[0, "texte"] == "dispositif=fonjep | annee=2020 | montant=5"
    assert_nothing_lost(text, cleaned)


def correction_of(remedy: str, value: str) -> Correction:
    """The line of corrections.csv that a remedy gives, completed as an evaluator would."""
    (cells,) = csv.reader([remedy.split("fichier : ", 1)[1]], delimiter=";")
    file, sheet, line, column, old, _, _ = cells
    return Correction(file, sheet, int(line), column, old, value, "vu dans la convention", "corrections.csv, ligne 2")


@pytest.mark.parametrize("rank", ["", "x", 'un; "deux"'])
def test_the_line_that_a_remedy_gives_mends_the_row(text_frame: Maker, rank: str) -> None:
    text = text_frame(post(rank), post("2"))
    remedy = clean_table(text, POSTS).set_aside.loc[0, "remede"]
    assert remedy.startswith("Écrire dans corrections.csv, à côté du fichier : essai.csv;;2;rang;")
    mended, _ = apply_corrections(text, [correction_of(remedy, "1")])
    assert places(clean_table(mended, POSTS).kept) == [2, 3]


def test_rows_of_one_key_tell_each_how_to_part_them(text_frame: Maker) -> None:
    text = text_frame(post("1", montant="5"), post("1", montant="6"))
    remedies = clean_table(text, POSTS).set_aside["remede"]
    assert remedies.str.startswith("Si les lignes disent la même chose").all()
    mended, _ = apply_corrections(text, [correction_of(remedies[1], "2")])
    assert places(clean_table(mended, POSTS).kept) == [2, 3]


def test_a_copy_asks_for_nothing_and_a_column_that_no_file_has_for_its_declaration(text_frame: Maker) -> None:
    copies = clean_table(text_frame(post("1"), post("1")), POSTS).set_aside
    assert copies["remede"].tolist() == ["Rien à faire : la première de ces lignes est retenue."]
    undeclared = clean_table(text_frame({"dispositif": "fonjep", "rang": "1"}), POSTS).set_aside
    assert undeclared.loc[0, "remede"].startswith("Déclarer « annee » dans contrat.yml")


def test_a_cell_that_cannot_be_read_leaves_its_row_and_enters_the_journal(text_frame: Maker) -> None:
    cleaned = clean_table(text_frame(post("1", montant="beaucoup"), post("2", montant="")), POSTS)
    assert places(cleaned.kept) == [2, 3]
    assert list(cleaned.journal) == JOURNAL
    assert cleaned.journal[["ligne", "colonne", "texte", "motif"]].to_numpy().tolist() == [
        [2, "montant", "beaucoup", "nombre illisible « beaucoup »"]
    ]


def test_exact_copies_after_the_first_are_set_aside(text_frame: Maker) -> None:
    text = text_frame(post("1", montant="5"), post("1", montant="5,00 €"), post("2"), post("1", montant="5"))
    cleaned = clean_table(text, POSTS)
    assert (places(cleaned.kept), places(cleaned.set_aside)) == ([2, 4], [3, 5])
    assert set(cleaned.set_aside["motif"]) == {"doublon exact d'une ligne déjà lue"}


def test_rows_of_one_key_with_different_contents_are_all_set_aside(text_frame: Maker) -> None:
    text = text_frame(post("1", montant="5"), post("2"), post("1", montant="6"), post("1", montant="5"))
    cleaned = clean_table(text, POSTS)
    assert places(cleaned.kept) == [3]
    assert cleaned.set_aside["motif"].tolist() == [
        "même dispositif, annee, rang avec un contenu différent, lignes 2 et 4",
        "même dispositif, annee, rang avec un contenu différent, lignes 2 et 4",
        "doublon exact d'une ligne déjà lue",
    ]


def test_a_row_set_aside_for_a_missing_cell_makes_no_duplicate(text_frame: Maker) -> None:
    text = text_frame({"sigle": "QPV", "developpe": ""}, {"sigle": "QPV", "developpe": "quartier prioritaire"})
    assert places(clean_table(text, SIGLES).kept) == [3]


def test_the_same_values_from_two_sources_are_two_rows_where_the_source_is_in_the_key(text_frame: Maker) -> None:
    table = Table(
        "essai",
        "",
        ("code", "id_source"),
        (Column("code", "code", "", required=True), Column("valeur", "decimal", "")),
    )
    both = [text_frame({"code": "A", "valeur": "1"}, source=source) for source in ("a", "b")]
    cleaned = clean_table(pd.concat([*both, both[0]], ignore_index=True), table)
    assert (len(cleaned.kept), len(cleaned.set_aside)) == (2, 1)


def test_an_index_left_by_filtering_changes_nothing(text_frame: Maker) -> None:
    text = text_frame(
        post("0"), post("1", montant="?"), post(""), post("2"), post("1", montant="?"), post("2", montant="3")
    )
    text = text.iloc[1:][::-1]
    cleaned = clean_table(text, POSTS)
    again = clean_table(text.reset_index(drop=True), POSTS)
    for name in ("kept", "set_aside", "journal"):
        pd.testing.assert_frame_equal(
            getattr(cleaned, name).reset_index(drop=True), getattr(again, name).reset_index(drop=True)
        )
    assert places(cleaned.kept) == [6]


def test_columns_that_a_source_lacks_are_missing_and_never_read_as_nan(text_frame: Maker) -> None:
    text = pd.concat([text_frame(post("1", montant="5")), text_frame(post(""))], ignore_index=True)
    cleaned = clean_table(text, POSTS)
    assert cleaned.set_aside["texte"].tolist() == ["dispositif=fonjep | annee=2020"]
    assert cleaned.kept["nom_employeur"].isna().all()


def test_no_row_in_gives_no_row_out(text_frame: Maker) -> None:
    cleaned = clean_table(text_frame(post("1")).iloc[:0], POSTS)
    assert (len(cleaned.kept), len(cleaned.set_aside), len(cleaned.journal)) == (0, 0, 0)
    assert cleaned.kept["montant"].dtype == "Float64"


SMALL = Table(
    "essai",
    "",
    ("code", "rang"),
    (
        Column("code", "code", "", vocabulary=("a", "b"), required=True),
        Column("rang", "entier", "", required=True),
        Column("montant", "decimal", ""),
    ),
)
CELL = st.sampled_from(["", "1", "2", "1,5", "nd", "x"])
ROWS = st.lists(
    st.fixed_dictionaries({"code": st.sampled_from(["a", "b", "", "x"]), "rang": CELL, "montant": CELL}), max_size=15
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, keep=st.lists(st.booleans(), min_size=15, max_size=15))
def test_rows_read_are_rows_kept_and_rows_set_aside(
    text_frame: Maker, rows: list[dict[str, str]], keep: list[bool]
) -> None:
    text = text_frame(*rows, {"code": "a", "rang": "7", "montant": "9"}).loc[[*keep[: len(rows)], True]]
    cleaned = clean_table(text, SMALL)
    assert_nothing_lost(text, cleaned)
    assert not cleaned.kept.duplicated(list(SMALL.key)).any()
    assert cleaned.kept[SMALL.required].notna().all(axis=None)


def test_rows_of_one_key_in_two_files_or_sheets_are_named_by_file_and_sheet(text_frame: Maker) -> None:
    north, south = (text_frame(post("1", montant=m)).assign(feuille=s) for m, s in (("5", "Nord"), ("6", "Sud")))
    other = text_frame(post("2"), post("3"), post("1", montant="7"), file="autre.csv")
    same_sheet = text_frame(post("9", montant="5"), post("9", montant="6"), file="seul.csv")
    text = pd.concat([north, south, other, same_sheet], ignore_index=True)
    cleaned = clean_table(text, POSTS)
    start = "même dispositif, annee, rang avec un contenu différent, "
    places_told = "essai.csv feuille « Nord » ligne 2 et essai.csv feuille « Sud » ligne 2 et autre.csv ligne 4"
    assert cleaned.set_aside["motif"].tolist() == [start + places_told] * 3 + [start + "lignes 2 et 3"] * 2
    assert_nothing_lost(text, cleaned)


def test_a_copy_in_another_file_is_set_aside_and_the_first_file_keeps_its_row(text_frame: Maker) -> None:
    text = pd.concat(
        [text_frame(post("1", montant="5")), text_frame(post("1", montant="5,0"), post("2"), file="autre.csv")],
        ignore_index=True,
    )
    cleaned = clean_table(text, POSTS)
    assert cleaned.kept[["fichier", "rang"]].to_numpy().tolist() == [["essai.csv", 1], ["autre.csv", 2]]
    assert cleaned.set_aside[["fichier", "motif"]].to_numpy().tolist() == [["autre.csv", COPY]]
    assert_nothing_lost(text, cleaned)


def test_a_row_set_aside_for_its_year_is_no_duplicate_of_the_row_that_has_one(text_frame: Maker) -> None:
    table = Table(
        "essai",
        "",
        ("code",),
        (Column("code", "code", "", required=True), Column("annee", "entier", "", required=True)),
    )
    text = text_frame({"code": "A", "annee": ""}, {"code": "A", "annee": "2020"}, {"code": "A", "annee": "2020"})
    cleaned = clean_table(text, table)
    assert places(cleaned.kept) == [3]
    assert [reason.split(" : ")[0] for reason in cleaned.set_aside["motif"]] == [
        "sans « annee »",
        "doublon exact d'une ligne déjà lue",
    ]


def test_two_grants_whose_reference_is_in_error_are_two_grants(text_frame: Maker) -> None:
    line = {
        "reference": "#REF!",
        "annee": "#N/A",
        "date_convention": "2021-03-01",
        "montant_accorde": "100",
        "code_financeur": "etat",
    }
    cleaned = clean_rows("subventions", text_frame(line, line))
    assert cleaned.kept["montant_accorde"].tolist() == [100.0, 100.0]
    assert cleaned.kept["annee"].tolist() == [2021, 2021]
    assert cleaned.kept["reference"].isna().all()
    assert "erreur de formule « #REF! »" in cleaned.journal["motif"].tolist()
