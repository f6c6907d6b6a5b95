"""Grants as SCDL rows: frictionless accepts them, what cannot be one says why, no cell traps a reader."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.exchange.scdl import COLUMNS, explain_unpublishable, list_grants, shorten, to_plain, to_scdl
from pipelines.publication import Publisher

NAMES = {"etat": "État", "region": "Région"}
Judge = Callable[..., list[tuple[str, str]]]
Make = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def rows_of(body: Publisher) -> Make:
    """The SCDL rows of some grants of 2022."""
    return lambda grants: to_scdl(grants, body, body.exercices[2022], NAMES, "Contrat fictif", "2023-06-30")


def write(rows: pd.DataFrame, path: Path) -> Path:
    rows.to_csv(path, index=False, lineterminator="\n")
    return path


def test_every_known_thing_is_in_its_column_and_nothing_else(rows_of: Make, grants_of: Make) -> None:
    first, second = rows_of(grants_of()).to_dict("records")
    assert {column: cell for column, cell in first.items() if cell} == {
        "idSubvention": "A1",
        "nomAttribuant": "Agglomération fictive",
        "idAttribuant": "00000014100010",
        "nomServiceInstructeur": "Agglomération fictive",
        "idServiceInstructeur": "00000014100010",
        "nomBeneficiaire": "Association fictive du Tilleul",
        "idBeneficiaire": "00000014100010",
        "exerciceBudgetaire": "2022",
        "pluriannualite": "oui",
        "dateConvention": "2022-06-15",
        "dateDebut": "2022-02-01",
        "dateFin": "2022-12-31",
        "dispositif": "Contrat fictif",
        "statutLabel": "attribuée",
        "objet": "Atelier fictif",
        "nature": "aide en numéraire",
        "montantDemande": "2000.00",
        "montant": "1500.00",
        "conditionsVersement": "unique",
        "descriptionConditionsVersement": "En une fois",
        "datesPeriodeVersement": "2022-07-01",
        "cofinancement": "oui",
        "attribuantsCofinanceurs": "État, Région",
        "notificationUE": "non",
        "pourcentageSubvention": "1.00",
        "dateMiseAJour": "2023-06-30",
    }
    unknown = ("pluriannualite", "dateDebut", "dateFin", "montantDemande", "cofinancement", "attribuantsCofinanceurs")
    assert [second[column] for column in unknown] == [""] * len(unknown)


def test_a_convention_may_have_its_own_date(body: Publisher, grants_of: Make) -> None:
    year = body.exercices[2022].model_copy(update={"conventions": {"A2": datetime.date(2022, 9, 1)}})
    rows = to_scdl(grants_of(), body, year, NAMES, "Contrat fictif", "2023-06-30")
    assert rows["dateConvention"].tolist() == ["2022-06-15", "2022-09-01"]


def test_a_fictional_grant_says_so_in_its_row_and_in_the_body(
    tmp_path: Path, judge: Judge, rows_of: Make, grants_of: Make
) -> None:
    rows = rows_of(grants_of(est_fictif=[True, False]))
    assert rows["objet"].tolist() == ["[fictif] Atelier fictif", "Sortie fictive"]
    assert rows["nomAttribuant"].str.endswith("(données fictives de démonstration)").all()
    assert judge(write(rows, tmp_path / "registre.csv")) == []


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"code_siret": ["00000014100010", None]}, "ni SIRET ni RNA"),
        ({"code_siret": [None, None], "code_rna": ["W123456789", "W9C1000188"]}, "ni SIRET ni RNA"),
        ({"nom_porteur": ["Association fictive", None]}, "bénéficiaire sans nom"),
        ({"nom_porteur": ["Association fictive", "Compagnie [nom retiré]"]}, "nom de personne"),
        ({"intitule": ["Atelier fictif", None]}, "sans intitulé"),
        ({"montant_accorde": [10.0, -5.0]}, "montant négatif"),
        ({"statut": ["finance", "refuse"]}, "« Refusé »"),
        ({"statut": ["finance", None]}, "« non renseigné »"),
    ],
)
def test_what_cannot_stand_in_a_register_says_why(
    columns: dict[str, list[object]], reason: str, grants_of: Make
) -> None:
    first, second = explain_unpublishable(grants_of(**columns))
    assert first == ""
    assert reason in second


def test_an_association_without_siret_is_known_by_its_rna(
    tmp_path: Path, judge: Judge, rows_of: Make, grants_of: Make
) -> None:
    grants = grants_of(code_siret=[None, "00000009100017"], code_rna=["W123456789", None])
    assert explain_unpublishable(grants).tolist() == ["", ""]
    rows = rows_of(grants)
    assert rows[["idBeneficiaire", "rnaBeneficiaire"]].to_numpy().tolist() == [
        ["", "W123456789"],
        ["00000009100017", ""],
    ]
    assert judge(write(rows, tmp_path / "registre.csv")) == []


def test_grants_are_those_of_one_funder_and_one_year(grants_of: Make) -> None:
    actions = grants_of(code_action=["A1", "A2"], annee=[2022, 2021]).drop(
        columns=["montant_demande", "montant_accorde", "cofinanceurs"]
    )
    funding = pd.DataFrame(
        [
            ("A1", "agglomeration", 2000.0, 1500.0),
            ("A1", "etat", 800.0, 800.0),
            ("A1", "caf", 100.0, 0.0),
            ("A2", "agglomeration", 10.0, 10.0),
        ],
        columns=["code_action", "code_financeur", "montant_demande", "montant_accorde"],
    )
    (row,) = list_grants(actions, funding, 2022, "agglomeration").to_dict("records")
    assert (row["code_action"], row["montant_accorde"], row["cofinanceurs"]) == ("A1", 1500.0, ("etat",))
    assert list_grants(actions, funding, 2022, "caf").empty


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Atelier\r\n  du mardi ", "Atelier du mardi"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("  @somme", "'@somme"),
        ("L'atelier = un lien", "L'atelier = un lien"),
    ],
)
def test_a_text_is_one_line_that_no_spreadsheet_runs(text: str, shown: str) -> None:
    assert to_plain(pd.Series([text])).tolist() == [shown]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("douze lettres", "douze lettres"),
        ("douze lettres et plus", "douze…"),
        ("anticonstitutionnellement", "anticonstitu…"),
    ],
)
def test_a_long_text_is_cut_after_a_word(text: str, shown: str) -> None:
    assert shorten(pd.Series([text]), 13).tolist() == [shown]


CELLS = st.one_of(
    st.none(), st.text(max_size=300), st.sampled_from(["=1+1", '"', "a,b\nc", "é" * 300, " ", "[nom retiré]"])
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.tuples(CELLS, CELLS), titles=st.tuples(CELLS, CELLS), amounts=st.tuples(*[st.floats(-10, 1e9)] * 2))
def test_whatever_the_tables_hold_the_register_is_valid(
    names: tuple[str, str],
    titles: tuple[str, str],
    amounts: tuple[float, float],
    tmp_path: Path,
    judge: Judge,
    rows_of: Make,
    grants_of: Make,
) -> None:
    grants = grants_of(nom_porteur=list(names), intitule=list(titles), montant_accorde=list(amounts))
    reasons = explain_unpublishable(grants)
    path = write(rows_of(grants[reasons == ""]), tmp_path / "registre.csv")
    assert judge(path) == []
    read = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(read.columns) == list(COLUMNS)
    assert len(read) == (reasons == "").sum()
