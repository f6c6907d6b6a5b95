"""What the quality page counts: reasons without the text that they quote, places, natures of personal data."""

import pandas as pd
import pytest

from pipelines.indicators.quality import count_missing, count_personal, count_set_aside, first_places, plain_reason

PLACE = {"id_source": "programmes_2020", "fichier": "p.csv", "feuille": "", "ligne": 3}


@pytest.mark.parametrize(
    ("reason", "plain"),
    [
        ("sans « annee » : cellule vide", "sans « annee » : cellule vide"),
        ("sans « annee » : nombre illisible « deux mille »", "sans « annee » : nombre illisible"),
        ("sans « annee » : nombre illisible « a » b » c »", "sans « annee » : nombre illisible"),
        ("sans « annee » : nombre illisible « a\nb »", "sans « annee » : nombre illisible"),
        ("même rang avec un contenu différent, lignes 3 et 4", "même rang avec un contenu différent"),
        (
            "la virgule de « 27 000,00 » sépare deux cellules : mettre ce nombre entre guillemets",
            "la virgule de « … » sépare deux cellules : mettre ce nombre entre guillemets",
        ),
        ("doublon exact d'une ligne déjà lue", "doublon exact d'une ligne déjà lue"),
    ],
)
def test_a_reason_loses_what_it_quotes_and_keeps_our_words(reason: str, plain: str) -> None:
    assert plain_reason(reason) == plain


def test_places_are_few_and_the_others_counted() -> None:
    assert first_places(["a", "b", "c"]) == "a ; b ; c"
    assert first_places(["a", "b", "c", "d"]) == "a ; b ; c ; et 1 autre"
    assert first_places(["a", "b", "c"], 20) == "a ; b ; c ; et 17 autres"
    assert first_places([]) == ""


def test_no_row_set_aside_gives_no_count() -> None:
    assert count_set_aside(pd.DataFrame()).empty


def test_two_natures_in_a_cell_are_two_counts() -> None:
    journal = pd.DataFrame(
        [
            PLACE | {"colonne": "intitule", "motif": "donnée personnelle retirée : téléphone, nom"},
            PLACE | {"colonne": "intitule", "motif": "donnée personnelle retirée : nom", "ligne": 4},
            PLACE | {"colonne": "statut", "motif": "valeur hors vocabulaire « x »"},
        ]
    )
    assert count_personal(journal).to_dict("records") == [
        {"fichier": "p.csv", "colonne": "intitule", "nature": "nom", "nb_cellules": 2},
        {"fichier": "p.csv", "colonne": "intitule", "nature": "téléphone", "nb_cellules": 1},
    ]


def test_cells_of_an_export_are_found_again_in_the_tables_it_was_split_into() -> None:
    """A paid amount missing for one funder; an unknown territory; what was mended or masked is not missing."""
    one = pd.DataFrame([PLACE]).assign(ligne=pd.array([3], dtype="Int64"))
    tables = {
        "actions": one.assign(code_action="A", statut=pd.array([None], dtype="str")),
        "financements": pd.concat(
            [
                one.assign(code_action="A", code_financeur=funder, montant_verse=pd.array([None], dtype="Float64"))
                for funder in ("etat", "caf")
            ]
        ),
    }
    reasons = {
        "verse_etat": "non disponible (nd)",
        "territoires": "territoire inconnu ou ambigu : écrire son code",
        "statut": "corrigé (corrections.csv, ligne 2) : relu",
        "intitule": "donnée personnelle retirée : nom",
    }
    journal = pd.concat([one.assign(colonne=column, motif=reason) for column, reason in reasons.items()])
    # A line that was set aside counts no more.
    journal = pd.concat([journal, journal.assign(ligne=journal["ligne"] + 1)], ignore_index=True)
    counted = count_missing(tables, journal, {"programmes": 10}).set_index(["table", "colonne"])
    assert counted.loc[("actions", "statut"), "nb_vide"] == 1
    assert counted.loc[("financements", "montant_verse"), ["nb_nd", "nb_vide"]].tolist() == [1, 1]
    assert counted.loc[("programmes", "territoires"), ["nb_lignes", "nb_illisible", "part_manquants"]].tolist() == [
        10, 1, 10.0,
    ]  # fmt: skip
    assert len(counted) == 3
