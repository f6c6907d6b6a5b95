"""Personal data leave the text; associations, places, identifiers, amounts and dates stay. All persons are invented."""

import re
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean.privacy import MAIL, NAME, PHONE, REMOVED, mask, screen
from pipelines.tables import TABLES

Maker = Callable[..., pd.DataFrame]
MAILS = (
    "anne.martin@exemple.fr", "Anne_Martin+ose@mail.exemple.org", "écrire à anne.martin@exemple.fr.",
    "anne @ exemple.fr",
    "anne.martin(at)exemple.fr", "anne.martin [arobase] exemple.fr", "mailto:anne@exemple.fr", "ANNE@EXEMPLE.FR",
)  # fmt: skip
PHONES = (
    "0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78", "06 12\u202f34\xa056 78",
    "tél:0612345678", "03 27.14-12 34", "06 123 456 78", "0327 14 12 34", "0800 123 456", "0 800 123 456",
    "(03) 27 14 12 34", "+33612345678", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "+33.6.12.34.56.78",
    "0033 6 12 34 56 78", "00 33 (0) 6 12 34 56 78", "+32 65 12 34 56", "+262 692 12 34 56", "06 12 34 56 78.",
    "0612345678/0327141234",
)  # fmt: skip
NAMES = (
    "M. Martin", "M.Martin", "Mr Martin", "Mme Martin", "mme Martin", "MME MARTIN", "Mlle Martin", "Monsieur Martin",
    "Madame Anne Martin", "Mme Anne-Laure Martin-Durand", "M. J.-C. Martin", "M. J.MARTIN", "Mme\xa0Ben Ali",
    "M. de La Tour", "Mme d'Ormont", "M. Le Bihan", "M. MARTIN Jean", "Monsieur Éloi Œuvrard", "MM. Martin et Durand",
    "Mmes Martin, Durand et Petit", "M. le Maire Jean Martin", "Madame la Présidente Martin", "contact : Anne Martin",
    "CONTACT: ANNE MARTIN", "Contacts : Anne de Martin", "Personne à contacter : Anne Martin",
)  # fmt: skip
PUBLIC = (
    "Association Jean-Moulin", "Collège Jules-Ferry", "Caf du Nord", "Maison Mme de Sévigné", "rue Madame de Staël",
    "M.J.C. Anne Frank", "F.S.U.M. Solidarité", "12 M. d'Euros", "CONTACT CLUB", "Point de contact du Quartier",
    "contact : Mairie de Valenciennes", "Contact : Centre Social", "Contact : Valenciennes Métropole", "M. le maire",
    "Monsieur Le Maire", "Madame la Préfète du Nord", "Mme la Sous-préfète", "Madame la Maire Adjointe", "Mme X",
    "suivi par M. et Mme", "@ville_exemple", "3 @ 2.50", "Femmes et hommes", "Comment. Mesure 12",
    "12345678901234", "05123456789012", "356 000 000 00012", "SIRET 012 345 678 00012", "2,43E+13", "W596001234",
    "dossier 0612345678", "Dossier n° 0612345678", "DOS0612345678", "2019-0612345678", "EX044220",
    "1 234 567,50 €", "27 000,00", "1.234.567,89", "(1 200)", "0,0612345678", "13,0612345678", "1 000 000 000",
    "01/02/2019", "01.02.2019", "2019-02-01", "01-02-2019 10:30", "01/02/2019 10 30", "2019-02-01 03:04:05",
    "59606", "01004", "01004 01005", "59606 59014 59112", "QP059001", "QN05901M", "", "[nom retiré]",
)  # fmt: skip


def held(text: str, *, organisations: bool = False) -> tuple[str, str]:
    masked, found = mask(pd.Series([text], dtype="str"), organisations=organisations)
    return masked[0], found[0]


@pytest.mark.parametrize(
    ("kind", "text"), [(k, t) for k, ts in ((MAIL, MAILS), (PHONE, PHONES), (NAME, NAMES)) for t in ts]
)
def test_personal_data_leave(kind: str, text: str) -> None:
    masked, found = held(f"voir {text}, merci")
    assert found == kind
    rest = masked.replace(REMOVED[kind], "")
    assert not re.search(r"(?i)anne|martin|durand|petit|ali\b|tour|ormont|bihan|œuvrard|[0-9]{2}|@", rest)
    assert masked.startswith("voir ")
    assert masked.endswith(", merci")


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_public_stays(text: str) -> None:
    assert held(text) == (text, "")


@pytest.mark.parametrize(
    ("holder", "masked"),
    [
        ("Mme Martin", "[nom retiré]"),
        ("MONSIEUR JEAN MARTIN - 59 ", "[nom retiré] - 59 "),
        ("Les Amis du parc chez M. Martin", "Les Amis du parc chez [nom retiré]"),
        ("Compagnie Madame Martin", "Compagnie Madame Martin"),
        ("Madame Suzon Productions", "Madame Suzon Productions"),
        ("Association Contact : Jean Moulin", "Association Contact : Jean Moulin"),
        ("Les Amis, 06 12 34 56 78, amis@exemple.fr", "Les Amis, [téléphone retiré], [adresse électronique retirée]"),
    ],
)
def test_a_holder_is_public_unless_it_is_a_person(holder: str, masked: str) -> None:
    assert held(holder, organisations=True)[0] == masked


def test_every_kind_found_is_named() -> None:
    assert held("M. Martin, 06 12 34 56 78, am@exemple.fr")[1] == "adresse électronique, téléphone, nom"


FRAGMENTS = st.one_of(st.sampled_from((*MAILS, *PHONES, *NAMES, *PUBLIC)), st.text(max_size=8), st.emails())


@given(st.lists(st.tuples(FRAGMENTS, st.sampled_from(["", " ", ", ", "\n", "."])), max_size=6))
@settings(max_examples=300, deadline=None)
def test_masking_twice_changes_nothing_and_leaves_no_address(parts: list[tuple[str, str]]) -> None:
    text = "".join(part + gap for part, gap in parts)
    masked, _ = held(text)
    assert held(masked) == (masked, "")
    assert not re.search(r"[a-z0-9]@[a-z0-9]+[.][a-z]{2}", masked, re.IGNORECASE)


def test_screening_reaches_typed_columns_and_leaves_identifiers(text_frame: Maker) -> None:
    text = text_frame(
        {
            "code_action": "0612345678",
            "intitule": "Atelier",
            "montant_cout_total": "1 200,00",
            "code_siret": "0612345678",
        },
        {
            "code_action": "A2",
            "intitule": "Mme Martin",
            "montant_cout_total": "voir M. Martin",
            "statut": "am@exemple.fr",
        },
    )
    screened, journal = screen(text, TABLES["programmes"])
    assert screened["code_action"].tolist() == ["0612345678", "A2"]
    assert screened["montant_cout_total"].tolist() == ["1 200,00", "voir [nom retiré]"]
    assert {(row.ligne, row.colonne): (row.texte, row.motif) for row in journal.itertuples()} == {
        (2, "code_siret"): ("[téléphone retiré]", "donnée personnelle retirée : téléphone"),
        (3, "intitule"): ("[nom retiré]", "donnée personnelle retirée : nom"),
        (3, "montant_cout_total"): ("voir [nom retiré]", "donnée personnelle retirée : nom"),
        (3, "statut"): ("[adresse électronique retirée]", "donnée personnelle retirée : adresse électronique"),
    }


def test_nothing_to_screen_is_no_journal(text_frame: Maker) -> None:
    text = text_frame({"code_action": "A1", "intitule": "Atelier"})
    screened, journal = screen(text, TABLES["programmes"])
    pd.testing.assert_frame_equal(screened, text)
    assert journal.empty
    assert {"fichier", "ligne", "colonne", "texte", "motif"} <= set(journal)
