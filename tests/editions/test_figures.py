"""Tables are found again by title and columns, rows by what names them: never by their place."""

from typing import Any

import pytest

from pipelines.editions.edition import Shown
from pipelines.editions.figures import WITHHELD, compare_figures


def table(titre: str = "Montants", *lignes: str, **about: Any) -> Shown:
    """A displayed table of two columns, each row as one text parted by « | »."""
    return Shown(
        **{
            "genre": "Tableau",
            "numero": 1,
            "titre": titre,
            "sources": ("a",),
            "colonnes": ("commune", "montant"),
            "libelles": ("Commune", "Montant"),
            "nb_cles": 1,
            "lignes": tuple(line.replace("|", "\t") for line in lignes),
            **about,
        }
    )


def told(before: list[Shown], after: list[Shown]) -> list[tuple[str, ...]]:
    """Each difference as (row, column, what happened, before, after)."""
    return [tuple(difference[2:]) for difference in compare_figures(before, after)]


A, B = "Commune A|10 €", "Commune B|20 €"


@pytest.mark.parametrize(
    ("before", "after", "differences"),
    [
        ([table("Montants", A, B)], [table("Montants", B, A)], []),
        ([table("Montants", A)], [table("Montants", A, numero=7)], []),
        (
            [table("Montants", A, B)],
            [table("Montants", "Commune A|11 €", B)],
            [("Commune A", "Montant", "modifié", "10 €", "11 €")],
        ),
        ([table("Montants", A)], [table("Montants", A, B)], [("Commune B", "", "ligne ajoutée", "", "20 €")]),
        ([table("Montants", A, B)], [table("Montants", B)], [("Commune A", "", "ligne retirée", "", "")]),
        ([table("Montants", A)], [], [("", "", "retiré", "Montants", "")]),
        ([], [table("Montants", A)], [("", "", "ajouté", "", "Montants")]),
        # A table that moved down is found again under its title.
        ([table("Montants", A)], [table("Autre", B), table("Montants", A)], [("", "", "ajouté", "", "Autre")]),
        # A title that says a figure changes with it.
        (
            [table("Les 2 communes", A)],
            [table("Les 3 communes", A)],
            [("", "", "titre modifié", "Les 2 communes", "Les 3 communes")],
        ),
        # Nothing says which of two is meant.
        (
            [table("Titre 1", A), table("Titre 2", B)],
            [table("Titre 3", A)],
            [
                ("", "", "ajouté", "", "Titre 3"),
                ("", "", "retiré", "Titre 1", ""),
                ("", "", "retiré", "Titre 2", ""),
            ],
        ),
        # A key that the notebook gave holds whatever the title and the columns.
        ([table("Titre 1", A, cle="k"), table("Titre 2", B)], [table("Titre 3", A, cle="k"), table("Titre 2", B)],
         [("", "", "titre modifié", "Titre 1", "Titre 3")]),
        # Twins stay in their order.
        ([table("Montants", A), table("Montants", B)], [table("Montants", A), table("Montants", B)], []),
        # Rows of one name pair only where they are the same.
        (
            [table("Montants", "Inconnue|1 €", "Inconnue|2 €")],
            [table("Montants", "Inconnue|2 €", "Inconnue|3 €")],
            [("Inconnue", "", "ligne ajoutée", "", "3 €"), ("Inconnue", "", "ligne retirée", "", "")],
        ),
        (
            [table("Montants", A)],
            [table("Montants", "Commune A|10 €|x", colonnes=("commune", "montant", "note"),
                   libelles=("Commune", "Montant", "Note"))],
            [("", "Note", "colonne ajoutée", "", "")],
        ),
    ],
)  # fmt: skip
def test_what_two_editions_showed_is_compared_by_names(
    before: list[Shown], after: list[Shown], differences: list[tuple[str, ...]]
) -> None:
    assert told(before, after) == differences


def test_a_row_is_named_by_as_few_texts_as_tell_it_apart() -> None:
    columns = {"colonnes": ("commune", "etat", "montant"), "libelles": ("Commune", "État", "Montant"), "nb_cles": 2}
    before = table("Montants", "Commune A|en cours|1", "Commune B|tenu|2", **columns)
    after = table("Montants", "Commune A|tenu|1", "Commune B|tenu|2", **columns)
    assert told([before], [after]) == [("Commune A", "État", "modifié", "en cours", "tenu")]


def test_what_is_no_longer_published_is_not_shown_again() -> None:
    """The secret may have come since: what the former edition said is kept out of the comparison."""
    differences = told([table("Montants", A, B)], [table("Montants", "Commune A|n.d.")])
    assert differences == [
        ("Commune A", "Montant", "modifié", WITHHELD, "n.d."),
        ("Commune B", "", "ligne retirée", "", ""),
    ]


def test_a_renamed_head_is_no_change() -> None:
    assert told([table("Montants", A)], [table("Montants", A, libelles=("Commune", "Somme"))]) == []


def test_sources_of_both_editions_may_be_the_cause() -> None:
    (difference,) = compare_figures([table("Montants", A)], [table("Montants", "Commune A|11 €", sources=("b",))])
    assert difference.sources == ("b", "a")
