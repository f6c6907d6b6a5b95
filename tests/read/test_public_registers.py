"""Registers of grants as three bodies publish them, and the budget annex: every euro of the file, counted apart.

Excerpts of our own making always; whole public files where they are present, against the csv module alone.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from pipelines.clean.registers import split_registers

Take = Callable[..., Any]
Rows = Callable[..., list[dict[str, str]]]

CONVENTIONS = "scdl-subventions/224900019_conventions-de-subventions-du-departement-de-maine-et-loire.csv"
LABELS = "scdl-subventions/224400028_subventions-aux-associations-du-departement-de-loire-atlantique.csv"
METROPOLE = "scdl-subventions/subventions-toulouse_2022.csv"
ANNEX = "plf-jaune-associations/plf-2012-jaune-associations-subventionne-es-en-2010.csv"


def euros(amounts: pd.Series) -> Decimal:
    return sum((Decimal(str(amount)) for amount in amounts.dropna()), Decimal(0))


def test_a_grant_is_kept_whatever_its_identifier_amount_or_date_became(take: Take) -> None:
    taken = take("conventions")
    kept = taken.cleaned.kept
    assert taken.balance == [7, 4, 2, 1]
    assert kept["code_action"].tolist() == ["2018_06_CP_0001", "conventions-4", "conventions-5", "2018_07_CP_0001"]
    assert kept["code_siret_attribuant"].unique().tolist() == ["35600000000048"]
    assert kept["code_siret"].fillna("").tolist() == ["00000000000208", "", "", ""]
    assert kept["montant_accorde"].tolist() == [122000.0, 24000.0, 7000.0, pd.NA]
    assert kept["part_subvention"].tolist() == [100.0, 50.0, 100.0, 100.0]
    assert kept["annee"].tolist() == [2018] * 4
    reasons = dict(zip(taken.cleaned.journal["colonne"], taken.cleaned.journal["motif"], strict=True))
    assert reasons["code_siret"].startswith("SIRET détruit par un tableur")
    assert reasons["montant_accorde"] == "nombre illisible « illisible »"
    # A date in words gives no year, a copy has its reference: both stay, with their line.
    assert taken.cleaned.set_aside[["ligne", "motif"]].to_numpy().tolist() == [
        [7, "sans « annee » : cellule vide"],
        [8, "doublon exact d'une ligne déjà lue"],
    ]


def test_like_lines_without_a_reference_are_two_grants_and_said_so(take: Take) -> None:
    taken = take("libelles")
    kept = taken.cleaned.kept
    assert taken.balance == [4, 3, 0, 1]
    assert kept["code_action"].tolist() == ["libelles-2", "libelles-3", "libelles-4"]
    assert kept["annee"].tolist() == [2014, 2014, 2015]
    assert kept["montant_accorde"].tolist() == [250.0, 250.0, 0.0]
    alike = taken.cleaned.journal[taken.cleaned.journal["colonne"] == "reference"]
    assert alike["ligne"].tolist() == [2, 3]
    assert alike["motif"].str.startswith("ligne semblable à une autre, sans référence").all()


def test_a_natural_person_who_received_a_grant_is_not_named(take: Take) -> None:
    taken = take("metropole")
    assert taken.cleaned.kept["nom_porteur"].tolist() == ["ASSOCIATION FICTIVE A", "[nom retiré]"]
    assert taken.cleaned.kept["nature_porteur"].fillna("").tolist() == ["association", ""]
    assert "Ermance" not in taken.cleaned.journal.to_csv() + taken.cleaned.set_aside.to_csv()


def test_totals_of_a_budget_annex_are_not_data_even_beside_an_association_named_total(take: Take) -> None:
    taken = take("annexe")
    assert taken.balance == [7, 3, 0, 4]
    assert taken.cleaned.kept["montant_accorde"].tolist() == [3000.0, 500.0, 950.0]
    assert taken.cleaned.kept["nom_porteur"].iloc[2] == "TOTAL EXEMPLE - 99 BOURG-INVENTÉ"


def test_a_register_gives_granted_actions_and_their_funding(take: Take) -> None:
    kept = take("conventions").cleaned.kept
    tables = split_registers(kept, {"conventions"})
    assert tables["actions"]["statut"].unique().tolist() == ["finance"]
    assert tables["actions"]["est_fictif"].all()
    assert tables["actions"]["intitule"].iloc[0] == "- loyer\n- fonctionnement ; général"
    assert not split_registers(kept, set())["actions"]["est_fictif"].any()
    funding = tables["financements"]
    assert funding["code_action"].tolist() == kept["code_action"].tolist()
    assert funding["code_financeur"].unique().tolist() == ["departement"]
    assert euros(funding["montant_accorde"]) == 153000


@pytest.mark.parametrize(
    ("name", "public", "amount", "balance"),
    [
        ("conventions", CONVENTIONS, "montant", [76, 70, 5, 1]),
        ("libelles", LABELS, "Montant total de la subvention", [18149, 18148, 0, 1]),
        ("metropole", METROPOLE, "montant", [395, 394, 0, 1]),
    ],
)
def test_a_public_register_loses_no_euro(
    take: Take, public_rows: Rows, name: str, public: str, amount: str, balance: list[int]
) -> None:
    rows = public_rows(public)
    taken = take(name, public)
    assert taken.balance == balance
    assert set(taken.cleaned.set_aside["motif"]) <= {"sans « annee » : cellule vide"}
    # The undated are set aside with their euros: both sums are those of the file.
    undated = [row for row in rows if name == "conventions" and not row["dateConvention"]]
    dated = [row for row in rows if row not in undated]
    assert len(taken.cleaned.set_aside) == len(undated)
    assert euros(taken.cleaned.kept["montant_accorde"]) == sum(Decimal(row[amount] or 0) for row in dated)
    tables = split_registers(taken.cleaned.kept, set())
    assert euros(tables["financements"]["montant_accorde"]) == euros(taken.cleaned.kept["montant_accorde"])
    assert not tables["actions"]["code_action"].duplicated().any()


def test_the_public_identifiers_are_mended_or_named_as_destroyed(take: Take, public_rows: Rows) -> None:
    conventions = take("conventions", CONVENTIONS).cleaned.kept
    assert conventions["code_siret_attribuant"].unique().tolist() == ["22490001900015"]
    metropole = take("metropole", METROPOLE).cleaned
    destroyed = [row for row in public_rows(METROPOLE) if "E+" in row["idBeneficiaire"]]
    named = metropole.journal[metropole.journal["motif"].str.startswith("SIRET détruit")]
    assert (named["colonne"] == "code_siret").sum() == len(destroyed) > 300
    assert (named["colonne"] == "code_siret_attribuant").sum() == 394


def test_details_of_the_public_budget_annex_add_up_to_its_totals(take: Take, public_rows: Rows) -> None:
    *rows, last = public_rows(ANNEX, encoding="cp1252")
    taken = take("annexe", ANNEX)
    kept = taken.cleaned.kept
    totals = [row for row in rows if not row["IMPUTATION"]]
    # Published counts: the last of the totals is that of the whole annex.
    assert (len(rows) + 1, len(totals) + 1) == (37679, 17485)
    assert taken.balance == [37679 + 1, 37679 - 17485, 0, 17485 + 1]
    # The annex writes its own sum, once for the totals and once for the details.
    assert euros(kept["montant_accorde"]) == 1_483_995_024 == int(last["Total des subventions"].replace(" ", ""))
    published: dict[str, int] = {}
    for row in totals:
        published[row["SIREN"]] = published.get(row["SIREN"], 0) + int(row["Total des subventions"].replace(" ", ""))
    assert kept.groupby("code_siren")["montant_accorde"].sum().to_dict() == published
    assert kept["dispositif"].str.contains("147 - Politique de la ville").sum() == 81
