"""How the programme works, on frames small enough to be computed by hand: holders, credits, delays, final accounts."""

import datetime
from typing import Any

import pandas as pd
import pytest

from pipelines.indicators import monitoring
from pipelines.indicators.monitoring import COST, LATE, MISSING, NOT_DUE, ON_TIME, OTHERS, REST, TOTAL, UNDATED, UNKNOWN
from tests.indicators.test_monitoring import actions_of, values

STOP = datetime.date(2023, 6, 30)


def with_dates(frame: pd.DataFrame) -> pd.DataFrame:
    dates = [name for name in frame if name.startswith("date_")]
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in dates})


def holders(*rows: tuple[Any, ...]) -> pd.DataFrame:
    columns = ("code_action", "statut", "nom_porteur", "code_siret", "montant_accorde")
    return actions_of(*rows, columns=columns).astype({"nom_porteur": "str"})


HOLDERS = holders(
    ("A1", "finance", "Le Phare", "1", 600),
    ("A2", "realise", "LE PHARE", "1", 200),
    ("A3", "finance", "Le Phare", "1", None),
    ("A4", "finance", "La Ruche", None, 150),
    ("A5", "finance", None, None, 50),
    ("A6", "refuse", "La Ruche", None, None),
)


def test_a_holder_is_one_siret_however_it_is_written() -> None:
    ranked = monitoring.rank_holders(HOLDERS)
    assert ranked["nom_porteur"].to_list() == ["Le Phare", "La Ruche", UNKNOWN]
    assert values(ranked, "nb_actions") == [3, 1, 1]
    assert values(ranked, "montant_accorde") == [800, 150, 50]
    assert values(ranked, "part_cumulee") == [80, 95, 100]
    assert monitoring.concentrate(ranked) == pytest.approx(0.8**2 + 0.15**2 + 0.05**2)


def test_nothing_granted_has_no_concentration() -> None:
    assert monitoring.concentrate(monitoring.rank_holders(HOLDERS.iloc[:0])) is None
    assert monitoring.concentrate(monitoring.rank_holders(HOLDERS[HOLDERS["code_action"] == "A4"])) == 1


def test_the_largest_are_kept_and_the_others_are_one_row() -> None:
    rows = [(f"A{i}", "finance" if i < 9 else "refuse", f"P{i}", 100 * i, 10 * i, i) for i in range(1, 10)]
    actions = actions_of(*rows, columns=("code_action", "statut", "orientation", *monitoring.AMOUNTS))
    whole = monitoring.monitor_by(actions, "orientation")
    kept = monitoring.keep_largest(whole, "orientation", 2)
    assert kept["orientation"].to_list() == ["P8", "P7", f"{OTHERS} (7)", TOTAL]
    assert values(kept, "nb_demandes") == [1, 1, 7, 9]
    assert values(kept, "montant_accorde") == [80, 70, 210, 360]
    assert values(kept, "taux_acceptation")[2] == pytest.approx(100 * 6 / 7)
    assert values(kept, "taux_satisfaction")[2] == 10
    assert kept.dtypes.to_dict() == whole.dtypes.to_dict()
    # One row of others that stands for one class would hide its name for nothing.
    assert len(monitoring.keep_largest(whole, "orientation", 8)) == len(whole)


FUNDING = actions_of(
    ("A1", "etat", 30), ("A1", "caf", 20), ("A2", "etat", 50), ("A3", "etat", 900), ("A4", "region", 25),
    columns=("code_action", "code_financeur", "montant_accorde"),
)  # fmt: skip
COSTS = actions_of(
    ("A1", "finance", 100, 50), ("A2", "justifie", None, 50), ("A3", "refuse", 900, None), ("A4", "finance", 100, 25),
    columns=("code_action", "statut", "montant_cout_total", "montant_accorde"),
)  # fmt: skip


def test_credits_count_where_the_cost_is_known() -> None:
    table = monitoring.monitor_credits(COSTS, FUNDING, {"etat": "specifique", "caf": "droit_commun"})
    assert dict(zip(table["nature_credit"], table["montant_accorde"], strict=True)) == {
        "Crédits spécifiques": 30,
        "Droit commun": 20,
        monitoring.UNQUALIFIED: 25,
        REST: 125,
        COST: 200,
    }
    assert values(table, "part_cout") == [15, 10, 12.5, 62.5, 100]
    assert monitoring.leverage(table) == pytest.approx(200 / 30)


def test_no_specific_credit_has_no_leverage() -> None:
    table = monitoring.monitor_credits(COSTS, FUNDING, {"etat": "droit_commun"})
    assert monitoring.leverage(table) is None
    nothing = monitoring.monitor_credits(COSTS.iloc[:0], FUNDING, {})
    assert values(nothing, "montant_accorde") == [0, 0, 0, 0]
    assert values(nothing, "part_cout") == [None] * 4
    assert monitoring.leverage(nothing) is None


def test_delays_take_what_gives_both_dates_in_order() -> None:
    rows = [
        ("A1", "finance", "O1", "2022-03-01", "2022-03-11"),
        ("A2", "realise", "O1", "2022-03-01", "2022-03-31"),
        ("A3", "finance", "O1", "2022-03-01", None),
        ("A4", "finance", "O2", "2022-03-01", "2022-02-01"),
        ("A5", "refuse", "O2", "2022-03-01", "2022-03-02"),
    ]
    actions = actions_of(*rows, columns=("code_action", "statut", "orientation", "date_decision", "date_versement"))
    table = monitoring.measure_delays(with_dates(actions), "orientation")
    assert table["orientation"].to_list() == ["O1", "O2", TOTAL]
    assert values(table, "nb_financees") == [3, 1, 4]
    assert values(table, "nb_actions") == [2, 0, 2]
    assert values(table, "nb_jours_median") == [20, None, 20]
    assert values(table, "nb_jours_premier_quart") == [15, None, 15]


ACCOUNTS = with_dates(
    actions_of(
        ("due the day of the stop", "finance", 2022, "2022-12-31", None),
        ("on its day", "justifie", 2021, "2021-05-01", "2022-06-30"),
        ("a day late", "justifie", 2021, "2021-12-31", "2022-07-01"),
        ("told by the state alone", "justifie", 2021, "2021-12-31", None),
        ("ends next year", "finance", 2022, "2023-02-01", None),
        ("no end: its own year", "realise", 2021, None, None),
        ("early", "justifie", 2022, "2023-12-31", "2023-01-05"),
        ("refused", "refuse", 2021, "2021-12-31", None),
        columns=("code_action", "statut", "annee", "date_fin", "date_bilan"),
    )
)


def test_an_account_is_due_six_months_after_the_year_in_which_the_action_ends() -> None:
    followed = monitoring.follow_accounts(ACCOUNTS, STOP)
    assert dict(zip(followed["code_action"], followed["etat_bilan"], strict=True)) == {
        "due the day of the stop": MISSING,
        "on its day": ON_TIME,
        "a day late": LATE,
        "told by the state alone": UNDATED,
        "ends next year": NOT_DUE,
        "no end: its own year": MISSING,
        "early": ON_TIME,
    }
    assert set(followed["date_due"].dt.strftime("%d/%m")) == {"30/06"}
    assert followed["date_due"].dt.year.to_list() == [2023, 2022, 2022, 2022, 2024, 2022, 2024]
    shorter = monitoring.follow_accounts(ACCOUNTS, STOP, mois_delai=2)
    assert set(shorter["date_due"].dt.strftime("%d/%m")) <= {"28/02", "29/02"}
    before = monitoring.follow_accounts(ACCOUNTS, datetime.date(2023, 6, 29))
    assert before["etat_bilan"].iloc[0] == NOT_DUE


def test_accounts_by_year_and_the_rate_that_dates_allow() -> None:
    table = monitoring.summarise_accounts(monitoring.follow_accounts(ACCOUNTS, STOP), "annee")
    assert table["annee"].to_list() == [2021, 2022, TOTAL]
    assert values(table, "nb_dus") == [4, 2, 6]
    assert values(table, "nb_manquants") == [1, 1, 2]
    assert values(table, "taux_bilans") == [75, 50, pytest.approx(100 * 4 / 6)]
    assert values(table, "taux_bilans_delai") == [pytest.approx(100 / 3), 50, 40]


def test_a_year_without_any_date_says_nothing_of_delays() -> None:
    undated = ACCOUNTS.assign(date_bilan=pd.Series(pd.NaT, index=ACCOUNTS.index, dtype="datetime64[s]"))
    table = monitoring.summarise_accounts(monitoring.follow_accounts(undated, STOP), "annee")
    assert values(table, "taux_bilans_delai") == [None, None, None]
    assert values(table, "taux_bilans")[0] == 75
    few = monitoring.summarise_accounts(monitoring.follow_accounts(ACCOUNTS, STOP), "annee", base_minimale=5)
    assert values(few, "taux_bilans")[:2] == [None, None]
