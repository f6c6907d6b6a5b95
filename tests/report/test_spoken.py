"""The figures that a commentary speaks of: named, fingerprinted, kept as CSV, compared."""

import pytest

from pipelines.report.spoken import (
    WITHHELD,
    Cell,
    compare_cells,
    fingerprint_cells,
    flatten_key_figures,
    flatten_table,
    gather,
    read_cells,
    write_cells,
)

TEXT, NUMBER = False, True


def table(title: str, heads: str, *rows: str) -> list[Cell]:
    """A table whose heads and cells stand between bars, a head of numbers ending in #."""
    columns = [(head.rstrip("#"), head.endswith("#")) for head in heads.split("|")]
    return flatten_table(title, columns, [row.split("|") for row in rows])


BEFORE = gather([table("Taux", "Quartier|2019#|2020#", "A|4,1|5,2", "B|6,3|7,4")])


@pytest.mark.parametrize(
    ("heads", "rows", "named"),
    [
        ("Quartier|Taux#", ["A|4,1", "B|5,2"], [("A", "Taux", "4,1"), ("B", "Taux", "5,2")]),
        # A first cell that comes again does not name a row.
        ("Ville|Quartier|Taux#", ["V|A|1", "V|B|2"], [("V ; A", "Taux", "1"), ("V ; B", "Taux", "2")]),
        ("Quartier|État", ["A|tenu", "B|non"], [("A", "État", "tenu"), ("B", "État", "non")]),
        ("Quartier", ["A", "B"], [("A", "Quartier", "A"), ("B", "Quartier", "B")]),
        ("Ville|Quartier", ["V|A", "V|B"], [("V ; A", "Quartier", "A"), ("V ; B", "Quartier", "B")]),
        ("Année|Taux#", ["2019|4,1"], [("2019", "Taux", "4,1")]),
        ("Quartier|Taux#", [], [("", "", "aucune ligne")]),
    ],
)
def test_a_cell_is_known_by_its_row_and_its_column(heads: str, rows: list[str], named: list[tuple[str, ...]]) -> None:
    assert table("Titre", heads, *rows) == [("Titre", *cell) for cell in named]


def test_names_that_come_again_are_numbered() -> None:
    twice = table("T", "Q|Taux#", "A|1", "A|2")
    assert [cell[:3] for cell in gather([twice, twice])] == [
        ("T", "A", "Taux"), ("T", "A (2)", "Taux"), ("T (2)", "A", "Taux"), ("T (2)", "A (2)", "Taux"),
    ]  # fmt: skip


def test_key_figures_are_told_by_their_label() -> None:
    assert [cell[1:] for cell in flatten_key_figures([("12 %", "Taux", "en 2020"), ("3", "Actions", "")])] == [
        ("Taux", "valeur", "12 %"), ("Taux", "précision", "en 2020"), ("Actions", "valeur", "3"),
    ]  # fmt: skip


def test_the_fingerprint_is_that_of_what_is_displayed_in_its_order() -> None:
    assert fingerprint_cells(BEFORE) == fingerprint_cells(list(BEFORE))
    prints = [fingerprint_cells(cells) for cells in (BEFORE, BEFORE[::-1], BEFORE[:-1], [])]
    prints += [
        fingerprint_cells([cell._replace(**{name: "x"}), *BEFORE[1:]]) for cell in BEFORE[:1] for name in Cell._fields
    ]
    assert len(set(prints)) == len(prints)
    assert {len(one) for one in prints} == {12}


HARD = [
    Cell("=1+1", 'le "vrai" ; taux', "à\nla ligne", "+2,1\u202fpts"),
    Cell("@x", "'guillemet", "\tblanc", "-"),
    Cell("", "retour\rseul", "", "−4,1\u202f%"),
]


def test_kept_figures_are_read_again_as_they_were() -> None:
    text = write_cells(HARD)
    assert text.splitlines()[0] == "titre;ligne;colonne;valeur"
    assert "\n=1+1" not in text
    read = read_cells(text, fingerprint_cells(HARD))
    assert read is not None
    assert [cell._replace(ligne=cell.ligne.replace("\n", "\r")) for cell in read[2:]] == HARD[2:]
    assert read[:2] == HARD[:2]
    # What a spreadsheet adds before the first character is no figure.
    assert read_cells("\ufeff" + text, fingerprint_cells(HARD)) == read


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "titre;ligne;colonne;valeur\n", write_cells(BEFORE).replace("4,1", "4,2"), write_cells(BEFORE)[:-5],
        write_cells(BEFORE).replace(";", ","), write_cells(BEFORE) + "x;y\n", write_cells(BEFORE) + '"', "\ufffd\0",
        write_cells(BEFORE).replace("titre", "titres"),
    ],
)  # fmt: skip
def test_other_figures_than_those_of_the_fingerprint_are_not_read(text: str) -> None:
    assert read_cells(text, fingerprint_cells(BEFORE)) is None


def changes(*after: list[Cell]) -> list[tuple[str, ...]]:
    return [tuple(change) for change in compare_cells(BEFORE, gather(after))]


def test_nothing_changed_but_the_order() -> None:
    assert changes(table("Taux", "Quartier|2019#|2020#", "B|6,3|7,4", "A|4,1|5,2")) == []


def test_a_value_is_told_before_and_after() -> None:
    after = table("Taux", "Quartier|2019#|2020#", "A|4,1|5,9", "B|6,0|7,4")
    assert changes(after) == [("Taux", "A", "2020", "5,2", "5,9"), ("Taux", "B", "2019", "6,3", "6,0")]


@pytest.mark.parametrize("now", ["n.d.", "secret statistique", "s"])
def test_a_value_that_is_no_more_published_is_not_repeated(now: str) -> None:
    after = table("Taux", "Quartier|2019#|2020#", f"A|4,1|{now}", "B|6,3|7,4")
    assert changes(after) == [("Taux", "A", "2020", WITHHELD, now)]


def test_a_whole_row_or_column_is_told_once() -> None:
    after = table("Taux", "Quartier|2020#|2021#", "A|5,2|5,5", "C|1|2")
    assert changes(after) == [
        ("Taux", "", "2021", "absent", "ajouté"),
        ("Taux", "C", "", "absent", "ajouté"),
        ("Taux", "", "2019", "présent", "absent"),
        ("Taux", "B", "", "présent", "absent"),
    ]


def test_a_cell_alone_is_told_with_its_value() -> None:
    after = gather([[*table("Taux", "Quartier|2019#|2020#", "A|4,1|5,2", "B|6,3|7,4"), Cell("Taux", "A", "rang", "1")]])
    assert [tuple(change) for change in compare_cells(BEFORE, after)] == [("Taux", "A", "rang", "absent", "1")]
    assert [tuple(change) for change in compare_cells(after, BEFORE)] == [("Taux", "A", "rang", "1", "absent")]


def test_a_title_that_says_another_figure_is_the_same_table() -> None:
    after = table("Taux de 5 %", "Quartier|2019#|2020#", "A|4,1|5,9", "B|6,3|7,4")
    assert changes(after) == [
        ("Taux de 5 %", "", "titre", "Taux", "Taux de 5 %"),
        ("Taux de 5 %", "A", "2020", "5,2", "5,9"),
    ]


def test_a_table_that_came_or_went_is_told_once() -> None:
    other = table("Autre", "Commune|Montant#", "X|1", "Y|2")
    assert changes(other) == [("Autre", "", "", "absent", "ajouté"), ("Taux", "", "", "présent", "absent")]
