"""On the shipped contract, whatever the cut: the parts of the programme add up to the programme, to the euro."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.disclosure import count_reached
from pipelines.indicators import monitoring, observation
from pipelines.tables import DIMENSIONS, GRANTED
from tests.shipped import shipped_contract

Frames = dict[str, pd.DataFrame]
CONTRACT = shipped_contract()
YEARS = range(CONTRACT.annees.debut, CONTRACT.annees.fin + 1)


@pytest.fixture(scope="module")
def programme(shipped: Frames) -> pd.DataFrame:
    """Every action with its amounts."""
    return monitoring.sum_amounts(shipped["actions"], shipped["financements"])


def granted_euros(shipped: Frames, actions: pd.DataFrame, amount: str = "montant_accorde") -> float:
    """Euros of the granted actions, by a way that shares nothing with the functions under test."""
    codes = set(actions.loc[[status in GRANTED for status in actions["statut"]], "code_action"])
    rows = zip(shipped["financements"]["code_action"], shipped["financements"][amount], strict=True)
    return sum(float(amount) for code, amount in rows if code in codes and pd.notna(amount))


def cut(shipped: Frames, actions: pd.DataFrame, by: str) -> pd.DataFrame:
    """The programme by one cut of the monitoring: its classes, then the row of all of them where the cut has one."""
    territories, links = shipped["territoires"], shipped["actions_territoires"]
    communes = monitoring.name_communes(territories, shipped["appartenances"], CONTRACT.code_epci)
    match by:
        case "funder":
            return monitoring.monitor_funders(actions, shipped["financements"])
        case "commune":
            return monitoring.monitor_territories(actions, links, communes)
        case "quartier":
            names = territories.set_index("code_territoire")["nom_territoire"]
            return monitoring.monitor_territories(actions, links, names)
        case "commune et orientation":
            return monitoring.cross_territories(actions, links, communes, "code_orientation")
        case "funder et orientation":
            return monitoring.flows(actions, shipped["financements"], "code_orientation")
        case "dix porteurs":
            return monitoring.keep_largest(monitoring.monitor_by(actions, "nom_porteur"), "nom_porteur", 10)
        case "porteur":
            return monitoring.rank_holders(actions)
        case _:
            return monitoring.monitor_by(actions, by)


def assert_adds_up(shipped: Frames, actions: pd.DataFrame, by: str) -> None:
    table = cut(shipped, actions, by)
    has_total = len(table) > 0 and table.iloc[-1, 0] == monitoring.TOTAL
    parts = table.iloc[:-1] if has_total else table
    amounts = [name for name in monitoring.AMOUNTS if name in table]
    assert "montant_accorde" in amounts
    assert has_total or by in ("porteur", "commune et orientation", "funder et orientation")
    for amount in amounts:
        expected = granted_euros(shipped, actions, amount)
        assert parts[amount].sum() == pytest.approx(expected, abs=0.01)
        if has_total:
            assert table[amount].iloc[-1] == pytest.approx(expected, abs=0.01)
    for count in {"nb_demandes", "nb_financees", "nb_refusees"} & set(table) if has_total else ():
        assert parts[count].sum() == table[count].iloc[-1]


CUTS = (
    "code_orientation", "code_objectif", "statut", "annee", "nom_porteur", "dix porteurs", "porteur", "commune",
    "quartier", "funder", "commune et orientation", "funder et orientation",
)  # fmt: skip


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


@pytest.mark.parametrize("year", YEARS)
def test_the_sheets_of_the_communes_and_what_is_in_none_add_up_to_the_programme(
    shipped: Frames, programme: pd.DataFrame, year: int
) -> None:
    """No euro is on two sheets; what is on none is what the monitoring calls shared, unshared or nowhere."""
    actions, links = programme[programme["annee"] == year], shipped["actions_territoires"]
    homes = monitoring.home_communes(shipped["territoires"], shipped["appartenances"])
    located = monitoring.locate_actions(actions, links, homes)
    on_sheets = located.loc[located["statut"].isin(GRANTED), "montant_accorde"].sum()
    by_commune = cut(shipped, actions, "commune").set_index("territoire")["montant_accorde"]
    nowhere = [monitoring.SEVERAL, monitoring.NOWHERE, monitoring.INTERCOMMUNAL, monitoring.WHOLE]
    elsewhere = by_commune.reindex(nowhere).sum()
    assert on_sheets + elsewhere == pytest.approx(granted_euros(shipped, actions), abs=0.01)
    assert not located.duplicated(["code_action", "code_commune"]).any()


@pytest.mark.parametrize("year", YEARS)
def test_credits_and_what_the_holder_brings_add_up_to_the_cost(
    shipped: Frames, programme: pd.DataFrame, year: int
) -> None:
    actions = programme[programme["annee"] == year]
    table = monitoring.monitor_credits(actions, shipped["financements"], CONTRACT.nature_credits)
    kept = actions[actions["statut"].isin(GRANTED)]
    assert table["montant_accorde"].iloc[:-1].sum() == pytest.approx(kept["montant_cout_total"].sum(), abs=0.01)
    assert table["part_cout"].iloc[:-1].sum() == pytest.approx(100)
    half = monitoring.monitor_credits(actions, shipped["financements"], {"etat": "specifique"})
    assert monitoring.UNQUALIFIED in set(half["nature_credit"])
    assert half["montant_accorde"].iloc[-1] == table["montant_accorde"].iloc[-1]


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
        shipped["observations"], shipped["indicateurs"], shipped["territoires"], "taux_emploi_15_64", CONTRACT.code_epci
    )
    assert len(gaps) == 14
    assert set(gaps["motif_refus"]) == {""}
    # The protocol says from -1.4 to -28.2 points.
    assert gaps["ecart_reference"].to_list()[:: len(gaps) - 1] == pytest.approx([-28.2, -1.4])


def test_poverty_of_the_2024_quartiers_has_no_lawful_reference(shipped: Frames) -> None:
    gaps = observation.gap_to_reference(
        shipped["observations"], shipped["indicateurs"], shipped["territoires"], "taux_pauvrete_qpv", CONTRACT.code_epci
    )
    assert len(gaps) == 15
    assert gaps["ecart_reference"].isna().all()
    assert set(gaps["motif_refus"]) == {
        "quartier et référence ne se comparent pas : autre source, millésime non précisé d'un côté, autre définition"
    }
