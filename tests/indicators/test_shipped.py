"""On the shipped contract, whatever the cut: the parts of the programme add up to the programme, to the euro."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contract import read_contract
from pipelines.disclosure import count_reached
from pipelines.indicators import monitoring, observation
from pipelines.tables import DIMENSIONS, GRANTED

Frames = dict[str, pd.DataFrame]
CONTRACT = read_contract("valenciennes")
YEARS = range(CONTRACT.annees.debut, CONTRACT.annees.fin + 1)


@pytest.fixture(scope="module")
def programme(shipped: Frames) -> pd.DataFrame:
    """Every action with its amounts."""
    return monitoring.sum_amounts(shipped["actions"], shipped["financements"])


def granted_euros(shipped: Frames, actions: pd.DataFrame) -> float:
    """Euros granted, by a way that shares nothing with the functions under test."""
    codes = set(actions.loc[[status in GRANTED for status in actions["statut"]], "code_action"])
    rows = zip(shipped["financements"]["code_action"], shipped["financements"]["montant_accorde"], strict=True)
    return sum(float(amount) for code, amount in rows if code in codes and pd.notna(amount))


def cut(shipped: Frames, actions: pd.DataFrame, by: str) -> pd.DataFrame:
    """The programme by orientation, statut, commune, quartier or funder."""
    if by in ("code_orientation", "statut"):
        return monitoring.monitor_by(actions, by)
    if by == "funder":
        return monitoring.monitor_funders(actions, shipped["financements"])
    territories = shipped["territoires"]
    names = {
        "commune": monitoring.name_communes(territories, shipped["appartenances"], CONTRACT.code_epci),
        "quartier": territories.set_index("code_territoire")["nom_territoire"],
    }[by]
    return monitoring.monitor_territories(actions, shipped["actions_territoires"], names)


def assert_adds_up(shipped: Frames, actions: pd.DataFrame, by: str) -> None:
    table = cut(shipped, actions, by)
    expected = granted_euros(shipped, actions)
    assert table.iloc[-1, 0] == monitoring.TOTAL
    assert table["montant_accorde"].iloc[-1] == pytest.approx(expected, abs=0.01)
    assert table["montant_accorde"].iloc[:-1].sum() == pytest.approx(expected, abs=0.01)


CUTS = ("code_orientation", "statut", "commune", "quartier", "funder")


@pytest.mark.parametrize("by", CUTS)
@pytest.mark.parametrize("year", YEARS)
def test_every_cut_of_a_year_adds_up_to_the_programme(
    shipped: Frames, programme: pd.DataFrame, year: int, by: str
) -> None:
    actions = programme[programme["annee"] == year]
    assert granted_euros(shipped, actions) > 0
    assert_adds_up(shipped, actions, by)


@given(seed=st.integers(0, 10**6), size=st.integers(0, 40))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_cut_of_any_selection_adds_up(shipped: Frames, programme: pd.DataFrame, seed: int, size: int) -> None:
    actions = programme.sample(size, random_state=seed)
    for by in CUTS:
        assert_adds_up(shipped, actions, by)


def test_parts_of_every_action_sum_to_100(shipped: Frames) -> None:
    parts = monitoring.share_out(shipped["actions"], shipped["actions_territoires"])
    sums = parts.groupby("code_action")["part"].sum()
    assert set(sums.index) == set(shipped["actions"]["code_action"])
    assert ((sums - 100).abs() < 1e-9).all()


def test_an_action_on_several_territories_is_never_counted_in_full_in_each(shipped: Frames) -> None:
    links = shipped["actions_territoires"]
    several = links[links.duplicated("code_action", keep=False)]
    parts = monitoring.share_out(shipped["actions"], links)
    shared = parts[parts["code_action"].isin(several["code_action"]) & (parts["code_territoire"] != monitoring.SEVERAL)]
    assert len(shared) > 100
    assert (shared["part"] < 100).all()


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("year", YEARS)
def test_no_small_count_of_persons_reached_is_shown(
    shipped: Frames, programme: pd.DataFrame, year: int, dimension: str
) -> None:
    actions = programme[programme["annee"] == year]
    reached = count_reached(actions, shipped["beneficiaires"], {}, 3000)
    table = monitoring.compare_planned_reached(actions, shipped["beneficiaires"], reached, dimension)
    assert not table["nb_realise"].between(1, 2999).any()
    hidden = table["nb_realise"].iloc[:-1].isna() & table["nb_prevu"].iloc[:-1].notna()
    assert hidden.sum() != 1 or pd.isna(table["nb_realise"].iloc[-1])


def test_the_gaps_to_the_agglomeration_are_those_of_the_protocol(shipped: Frames) -> None:
    gaps = observation.gap_to_reference(
        shipped["observations"], shipped["territoires"], "taux_emploi_15_64", CONTRACT.code_epci
    )
    assert len(gaps) == 14
    assert set(gaps["motif_refus"]) == {""}
    # The protocol says from -1.4 to -28.2 points.
    assert gaps["ecart_reference"].to_list()[:: len(gaps) - 1] == pytest.approx([-28.2, -1.4])


def test_poverty_of_the_2024_quartiers_has_no_lawful_reference(shipped: Frames) -> None:
    gaps = observation.gap_to_reference(
        shipped["observations"], shipped["territoires"], "taux_pauvrete_qpv", CONTRACT.code_epci
    )
    assert len(gaps) == 15
    assert gaps["ecart_reference"].isna().all()
    assert not gaps["motif_refus"].eq("").any()
