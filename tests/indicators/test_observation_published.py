"""The published figures, computed again from the shipped tables; and what stays a reading."""

import pandas as pd
import pytest

from pipelines.indicators import observation
from pipelines.indicators.observation.published import IMPOSSIBLE, READ, RECOMPUTED

Frames = dict[str, pd.DataFrame]


@pytest.fixture
def recomputed(shipped: Frames) -> pd.DataFrame:
    return observation.recompute_published(shipped["chiffres_publies"], shipped).set_index("code_controle")


@pytest.mark.parametrize(
    ("code", "value", "verdict"),
    [
        ("C01", "18,84\u202f%", "écart"),
        ("C02", "14", "conforme"),
        ("C03", "12", "conforme"),
        ("C04", "18", "conforme"),
        ("C06", "52,4\u202f% < 53,8\u202f%", "conforme"),
        ("C07", "moyenne 40,2\u202f%, médiane 39,9\u202f%", "information"),
        ("C08", "absent de 16 valeurs sur 16", "lacune"),
        ("C10", "indice 1,38", "information"),
        ("C11", "40 (et 2 sous-mesures)", "conforme"),
        ("C12", "0 / 1 / 15 / 14 lus, 10 illisibles sur 40", "lecture fautive"),
        ("C16", "310\u202f316\u202f€ par an", "information"),
        ("C17", "8,4\u202f%", "risque"),
        ("C21", "09/07/2019, 5 jours après la validation du 04/07/2019", "remarque"),
        ("C23", "1,6 ETP pour deux agents", "remarque"),
    ],
)
def test_a_claim_is_computed_again_from_the_tables(
    recomputed: pd.DataFrame, code: str, value: str, verdict: str
) -> None:
    claim = recomputed.loc[code]
    assert claim["valeur_recalculee"] == value
    assert claim["origine_valeur"] == RECOMPUTED
    assert claim["verdict_chiffre"] == verdict


def test_every_claim_is_there_in_order_with_a_verdict(recomputed: pd.DataFrame, shipped: Frames) -> None:
    assert recomputed.index.to_list() == [f"C{number:02d}" for number in range(1, 39)]
    assert (recomputed["verdict_chiffre"] != "").all()
    assert set(recomputed["origine_valeur"]) == {RECOMPUTED, READ}
    read = recomputed[recomputed["origine_valeur"] == READ]
    written = shipped["chiffres_publies"].set_index("code_controle")["valeur_constatee"].fillna("")
    assert read["valeur_recalculee"].to_dict() == written[read.index].to_dict()


def test_the_tables_decide_and_not_the_list_of_claims(shipped: Frames) -> None:
    figures = shipped["chiffres_cadre"]
    halved = figures.assign(valeur=figures["valeur"].mask(figures["code_chiffre"] == "population_qpv", 19045.9))
    again = observation.recompute_published(shipped["chiffres_publies"], shipped | {"chiffres_cadre": halved})
    assert again.set_index("code_controle").loc["C01", "valeur_recalculee"] == "10,00\u202f%"


@pytest.mark.parametrize(
    ("absent", "codes"),
    [("engagements", ["C16", "C17"]), ("mesures_nationales", ["C11", "C12"]), ("calendrier", ["C21"])],
)
def test_a_table_that_a_contract_lacks_leaves_its_claims_uncomputed(
    shipped: Frames, absent: str, codes: list[str]
) -> None:
    tables = {name: frame for name, frame in shipped.items() if name != absent}
    claims = observation.recompute_published(shipped["chiffres_publies"], tables).set_index("code_controle")
    assert claims.index[claims["origine_valeur"] == IMPOSSIBLE].to_list() == codes
    assert set(claims.loc[codes, "valeur_recalculee"]) == {"n.d."}
