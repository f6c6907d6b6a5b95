"""What the quality page counts: reasons without the text that they quote, places, natures of personal data."""

import pandas as pd
import pytest

from pipelines.indicators.quality import count_missing, count_personal, count_set_aside, first_places, plain_reason

PLACE = {"id_source": "programmes_2020", "fichier": "p.csv", "feuille": "", "ligne": 3}

BALANCE = pd.DataFrame([{"id_source": "programmes_2020", "table": "programmes", "retenues": 10}])


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
    counted = count_missing(tables, journal, BALANCE).set_index(["table", "colonne"])
    assert counted.loc[("actions", "statut"), "nb_vide"] == 1
    assert counted.loc[("financements", "montant_verse"), ["nb_nd", "nb_vide"]].tolist() == [1, 1]
    assert counted.loc[("programmes", "territoires"), ["nb_lignes", "nb_illisible", "part_manquants"]].tolist() == [
        10, 1, 10.0,
    ]  # fmt: skip
    assert len(counted) == 3


def test_a_cell_put_right_is_not_missing() -> None:
    """The journal also tells of cells that got another value: an orientation, a funder's amount, a count."""
    one = pd.DataFrame([PLACE]).assign(ligne=pd.array([3], dtype="Int64"), code_action="A")
    group = {"moment": "realise", "dimension": "sexe", "modalite": "femmes"}
    tables = {
        "actions": one.assign(code_orientation="O1"),
        "financements": one.assign(code_financeur="caf", montant_accorde=10.0),
        "beneficiaires": one.assign(**group, nb_personnes=12),
    }
    read = ("code_orientation", "accorde_caf", "benef_realise_sexe_femmes")
    journal = pd.concat([one.assign(colonne=name, motif="remis en forme") for name in read], ignore_index=True)
    assert count_missing(tables, journal, BALANCE).empty


def test_a_long_table_says_each_reason_itself() -> None:
    """Three values of one line of a wide file: the journal has but one place for them."""
    line = pd.DataFrame([PLACE] * 4).assign(ligne=pd.array([3] * 4, dtype="Int64"))
    values = line.assign(valeur=[1.0, None, None, None], statut=["ok", "nd", "s", "vide"])
    journal = line.iloc[1:3].assign(colonne="valeur", motif=["non disponible (nd)", "secret (s)"])
    (counted,) = count_missing({"observations": values}, journal, BALANCE).to_dict("records")
    assert (counted["nb_nd"], counted["nb_s"], counted["nb_vide"], counted["part_manquants"]) == (1, 1, 1, 75)


def test_a_count_hidden_for_secrecy_is_secret_not_blank() -> None:
    rows = pd.DataFrame([PLACE] * 3).assign(ligne=pd.array([3] * 3, dtype="Int64"))
    told = rows.assign(nb_personnes=[12, None, None], statut=["publie", "secret", "secret_par_soustraction"])
    journal = rows.iloc[:0].assign(colonne="", motif=pd.Series(dtype="str"))
    (counted,) = count_missing({"effectifs_publies": told}, journal, BALANCE).to_dict("records")
    assert (counted["nb_s"], counted["nb_vide"]) == (2, 0)
