"""Delimited text: encodings, delimiters, quotes, lines that are not data, ragged rows. Nothing is lost."""

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import DataError
from pipelines.read import RawTable

Reader = Callable[..., RawTable]
HEADER = "Rang;Poste;Employeur;Montant\n"


def lines(raw: RawTable) -> list[int]:
    return raw.frame["ligne"].tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(read_csv: Reader, encoding: str, delimiter: str, end: str) -> None:
    text = "Rang;Poste;Employeur;Montant\n1;59V;L’Œuvre d'été – fictive;12\n".replace(";", delimiter)
    raw = read_csv(text.replace("\n", end).encode(encoding))
    assert raw.frame.loc[0, ["rang", "code_poste", "nom_employeur", "montant"]].tolist() == [
        "1",
        "59V",
        "L’Œuvre d'été – fictive",
        "12",
    ]


def test_a_byte_order_mark_before_a_quoted_header_is_no_part_of_it(read_csv: Reader) -> None:
    assert lines(read_csv('\ufeff"Rang";"Poste";"Employeur";"Montant"\n1;A;b;1\n')) == [2]


def test_a_byte_that_cp1252_lacks_is_read_all_the_same(read_csv: Reader) -> None:
    assert read_csv(HEADER.encode() + b"1;A;\xe9t\xe9 \x81;2\n").frame.loc[0, "nom_employeur"].startswith("été")


def test_every_row_knows_its_source_and_its_constants(read_csv: Reader) -> None:
    raw = read_csv(HEADER + "1;A;Fictif;2\n")
    assert raw.frame.loc[0, ["id_source", "fichier", "feuille", "dispositif", "annee"]].tolist() == [
        "postes",
        "postes.csv",
        "",
        "fonjep",
        "2020",
    ]


def test_the_delimiter_of_the_header_holds_though_cells_have_more_of_another(read_csv: Reader) -> None:
    assert read_csv(HEADER + "1;A;b,c,d,e,f,g;1,5\n").frame.loc[0, "nom_employeur"] == "b,c,d,e,f,g"


def test_line_numbers_are_those_of_a_text_editor(read_csv: Reader) -> None:
    raw = read_csv(HEADER + '1;A;"deux\nlignes ""et"" ; un point";1\n\n2;B;suite;2\n')
    assert lines(raw) == [2, 5]
    assert raw.frame.loc[0, "nom_employeur"] == 'deux\nlignes "et" ; un point'
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [4, 2]


def test_a_cell_too_long_for_the_reader_is_said_to_be_so(read_csv: Reader) -> None:
    csv.field_size_limit(2**31 - 1)  # as another library of the same process may do
    with pytest.raises(DataError, match=r"postes\.csv, ligne 3 : une cellule dépasse 16 Mo de texte"):
        read_csv(HEADER + "1;A;b;1\n2;B;" + "c" * (16 * 1024**2 + 1) + ";2\n")


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_line_ends_end_a_line(read_csv: Reader, odd: str) -> None:
    raw = read_csv(HEADER + f"1;A;avant{odd}après;1\n2;B;suite;2\n")
    assert raw.frame["nom_employeur"].tolist() == [f"avant{odd}après", "suite"]
    assert lines(raw) == [2, 3]


@pytest.mark.parametrize(
    ("body", "line"),
    [('1;A;b;1\n2;B;"jamais refermé;2\n3;C;c;3\n', 3), ('1;"A"x;b;1\n', 2), ('1;"A, b;c;2\n', 2)],
    ids=["jamais refermé", "texte après le guillemet", "virgule dans la cellule ouverte"],
)
def test_a_quote_that_never_closes_stops_with_its_line(read_csv: Reader, body: str, line: int) -> None:
    with pytest.raises(DataError, match=rf"postes\.csv, ligne {line} : un guillemet n'est jamais refermé"):
        read_csv(HEADER + body)


@pytest.mark.parametrize(
    "extra",
    [
        "",
        ";;;",
        "  ; ; ;",
        "Total;;;1200",
        "TOTAL GÉNÉRAL;;;1200",
        "Sous-total;;;3",
        ";Sous total O1;;3",
        ";A;Total de l'employeur;3",
        "Rang;Poste;Employeur;Montant",
        "Note : chiffres provisoires;;;",
        "Source : essai",
        "* estimation",
        "N.B. arrondi",
    ],
)
def test_lines_that_are_not_data_are_counted_apart(read_csv: Reader, extra: str) -> None:
    raw = read_csv(HEADER + f"1;A;b;1\n{extra}\n2;B;c;2\n")
    assert lines(raw) == [2, 4]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [4, 2]
    assert raw.ragged.empty


@pytest.mark.parametrize(
    "row",
    [
        "3;A;Total Solidarité fictive;1",
        "3;A;Note d'été;1",
        ";;Association fictive;",
        "3;A;Totalité;1",
        "3;Source;;",
        ";Source vive;b;1",
    ],
)
def test_lines_that_look_like_totals_or_notes_but_are_data_stay(read_csv: Reader, row: str) -> None:
    assert lines(read_csv(HEADER + f"1;A;b;1\n{row}\n")) == [2, 3]


def test_titles_above_the_header_are_not_data(read_csv: Reader) -> None:
    raw = read_csv("Postes Fonjep 2020 (fictif)\n\nÉdité le 3 mars;;;\n" + HEADER + "1;A;b;1\n")
    assert lines(raw) == [5]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [5, 4]


@pytest.mark.parametrize("row", ["1;A;b", "1;A;b;1;de trop", "1;A;b;c;1"])
def test_ragged_rows_are_set_aside_with_line_and_text(read_csv: Reader, row: str) -> None:
    raw = read_csv(HEADER + f"1;A;b;1\n{row}\n")
    assert lines(raw) == [2]
    assert raw.ragged.loc[0, ["fichier", "ligne", "texte"]].tolist() == ["postes.csv", 3, row.replace(";", " | ")]
    assert "cellules que l'en-tête" in raw.ragged.loc[0, "motif"]
    assert raw.ragged.loc[0, "remede"].startswith("Mettre entre guillemets")


COMMAS = 'Rang,Poste,Employeur,Montant,Avis\n1,A,b,"27 000,00",oui\n'


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2,B,c,27 000,00,oui", "« 27 000,00 »"),
        # As wide as the header once the last cell is left out, or with one blank cell too many: nothing sticks out.
        ("2,B,c,27 000,00", "« 27 000,00 »"),
        ("2,B,c,27\u202f000,5", "« 27\u202f000,5 »"),
        ("2,B,c,(1 200,00),", "« (1 200,00) »"),
        ("2,B,c,27 000,00 €,", "« 27 000,00 € »"),
        ("2,B,c,270,00,", "« 270,00 »"),
        ("2,B,Dupré, fils,270,", "cellules que l'en-tête"),
    ],
)
def test_a_comma_inside_an_unquoted_cell_sets_the_line_aside_and_shifts_nothing(
    read_csv: Reader, row: str, words: str
) -> None:
    raw = read_csv(COMMAS + f"{row}\n3,C,d,5,\n", colonnes_ignorees=["Avis"])
    assert raw.frame[["ligne", "montant"]].to_numpy().tolist() == [[2, "27 000,00"], [4, "5"]]
    assert raw.ragged[["ligne", "texte"]].to_numpy().tolist() == [[3, row.replace(",", " | ").replace("|  ", "| ")]]
    assert words in raw.ragged.loc[0, "motif"]
    assert "entre guillemets" in raw.ragged.loc[0, "remede"]


def test_a_comma_inside_a_number_is_seen_where_every_line_has_it(read_csv: Reader) -> None:
    raw = read_csv("Rang,Poste,Employeur,Montant,Avis\n1,A,b,270,00,\n2,B,c,5,50,\n", colonnes_ignorees=["Avis"])
    assert (lines(raw), raw.ragged["ligne"].tolist()) == ([], [2, 3])


@pytest.mark.parametrize("row", ["2,B,c,27000,59", "2,B,c,27 000,non", "2,59,c,1,2", "2,B,c,27 000,590"])
def test_neighbours_that_are_no_number_cut_in_two_stay(read_csv: Reader, row: str) -> None:
    assert lines(read_csv(COMMAS + f"{row}\n", colonnes_ignorees=["Avis"])) == [2, 3]


def test_a_line_wider_than_the_others_is_set_aside_though_its_last_cell_is_blank(read_csv: Reader) -> None:
    raw = read_csv(HEADER + "1;A;b;1\n2;B;c;d;\n")
    assert (lines(raw), raw.ragged["ligne"].tolist()) == ([2], [3])


def test_a_delimiter_at_the_end_of_every_line_is_no_fault(read_csv: Reader) -> None:
    assert lines(read_csv(HEADER + "1;A;b;1;\n2;B;c;2;\n")) == [2, 3]


def test_blank_cells_beyond_the_header_are_no_fault(read_csv: Reader) -> None:
    assert lines(read_csv(HEADER + "1;A;b;1;;\n")) == [2]


def test_a_value_under_a_header_left_blank_is_set_aside_never_dropped(read_csv: Reader) -> None:
    raw = read_csv("Rang;Poste;;Employeur;Montant\n1;A;;b;1\n2;B;perdu;c;2\n")
    assert (lines(raw), raw.ragged["ligne"].tolist()) == ([2], [3])


def test_ignored_columns_are_left_out(read_csv: Reader) -> None:
    raw = read_csv(
        "Rang;Avis;Poste;Employeur;Montant\n1;secret;A;b;1\n",
        colonnes_ignorees=["Avis"],
    )
    assert "secret" not in raw.frame.to_csv()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", r"postes\.csv est vide"),
        ("\n;;;\n \n", r"postes\.csv est vide"),
        ("a;b\n1;2\n", r"ligne d'en-tête est introuvable\. Colonnes attendues : Rang, Poste, Employeur, Montant"),
        (b"PK\x03\x04\x00\x00", r"n'est pas un fichier texte"),
        (HEADER.encode("utf-16"), r"n'est pas un fichier texte"),
        (
            "\nRang;Poste;Employeurs;Employeur;Montant\n",
            r"postes\.csv, ligne 2 : la colonne « Employeurs » n'est ni .* plus proches : Employeur\.",
        ),
        ("Rang;Poste;Employeur\n", r"ligne 1 : la colonne « Montant » manque"),
        ("Rang;Poste;Employeur;Montent\n", r"la colonne « Montent » .* plus proches : Montant"),
        ("Rang;Poste;Employeur;Zzzz;Montant\n", r"« Zzzz » .* plus proches : aucun\."),
        ("Rang;Poste;Employeur;Montant;Poste\n", r"ligne 1 : deux colonnes donnent « code_poste »"),
    ],
)
def test_a_header_or_a_file_that_cannot_be_read_says_what_to_do(
    read_csv: Reader, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        read_csv(content)
    assert caught.value.exit_code == 3


def test_a_missing_column_names_the_ignored_one_that_is_nearest(read_csv: Reader) -> None:
    with pytest.raises(DataError, match=r"« Montant » manque \(la plus proche : « Montants »\)"):
        read_csv(
            "Rang;Poste;Employeur;Montants\n1;A;b;1\n",
            colonnes_ignorees=["Montants"],
        )


CELL = st.text(
    st.one_of(st.sampled_from(';,"\n\r\t '), st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.booleans(), CELL, CELL, CELL | st.just("Total")), max_size=12))
def test_no_row_is_ever_lost(read_csv: Reader, rows: list[tuple[bool, str, str, str]]) -> None:
    """Whatever the cells hold, every record is counted once, and a record with a key comes out as it went in."""
    records = [[str(i) if keyed else "", *cells] for i, (keyed, *cells) in enumerate(rows, start=1)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(records)
    raw = read_csv(HEADER + out.getvalue())

    assert raw.counts.loc[0, "lues"] == 1 + len(rows)
    with_key = raw.frame[raw.frame["rang"] != ""]
    columns = ["rang", "code_poste", "nom_employeur", "montant"]
    expected = [[tidy(cell) for cell in record] for record in records if record[0]]
    assert with_key[columns].to_numpy().tolist() == expected


def tidy(cell: str) -> str:
    """What reading may change in a cell: its line ends, and the blanks around it."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\xa0\u202f\ufeff")


def test_line_ends_inside_quotes_count_as_lines(read_csv: Reader) -> None:
    """The line of each record is where it starts, counted by hand, with every kind of line end inside quotes."""
    raw = read_csv(HEADER + '1;"a\r\nb";c;1\r\n2;"d\re";f;2\n3;g;h;3')
    assert lines(raw) == [2, 4, 6]


def test_a_header_that_a_sort_moved_down_leaves_no_row_behind(read_csv: Reader) -> None:
    """Titles, and the names of groups of columns, are no rows; what is filled as a row is set aside."""
    raw = read_csv("Postes (fictif);;;\nIdentité;;;Montants\n1;A;b;10\n" + HEADER + "2;B;c;5\n")
    assert lines(raw) == [5]
    assert raw.ragged[["ligne", "texte"]].to_numpy().tolist() == [[3, "1 | A | b | 10"]]
    assert "au-dessus de l'en-tête" in raw.ragged.loc[0, "motif"]
    assert raw.counts.loc[0, ["lues", "hors_donnees"]].tolist() == [5, 3]
