"""Every refusal, with its reason; and what is lawful stays so."""

import pandas as pd
import pytest

from pipelines.indicators import observation
from pipelines.indicators.observation.comparability import part_years
from pipelines.values import plain

BREAKS = pd.DataFrame(
    [
        ("Filosofi", 2016, None, "qpv", "refus", "production réorganisée", True),
        ("Filosofi", 2018, None, None, "refus", "loyers", False),
        ("Filosofi", 2020, 2021, None, "refus", "aides", False),
        ("RP", 2019, 2023, None, "reserve", "fenêtre décalée", True),
        ("toutes", 2024, None, "qpv", "refus", "géographie refaite", False),
    ],
    columns=[
        "famille_source", "annee_debut", "annee_fin", "type_territoire", "gravite", "description", "est_a_confirmer",
    ],
).astype({"annee_debut": "Int64", "annee_fin": "Int64"})  # fmt: skip


def indicator(family: str = "Filosofi", gap: int | None = 2, **cells: object) -> pd.Series:
    known = {"famille_source": family, "ecart_min_annees": gap, "libelle_indicateur": "Taux", "est_additif": False}
    return pd.Series(known | cells, dtype="object")


@pytest.mark.parametrize(
    ("family", "kind", "start", "end", "said"),
    [
        ("Filosofi", "commune", 2012, 2015, ""),
        ("Filosofi", "commune", 2012, 2016, ""),
        ("Filosofi", "qpv", 2012, 2016, "rupture de la source Filosofi entre 2012 et 2016"),
        ("Filosofi", "qpv", 2016, 2018, "en 2018, loyers"),
        # A change that lasts parts what lies on either side, and nothing else.
        ("Filosofi", "commune", 2017, 2019, "en 2018, loyers"),
        ("Filosofi", "commune", 2018, 2022, ""),
        ("Filosofi", "commune", 2019, 2022, ""),
        # A passing one is only no place to stop.
        ("Filosofi", "commune", 2018, 2020, "de 2020 à 2021, aides"),
        ("Filosofi", "commune", 2021, 2023, "de 2020 à 2021, aides"),
        ("RP", "commune", 2015, 2022, ""),
        ("RP", "qpv", 2020, 2025, "en 2024, géographie refaite"),
        ("RP", "commune", 2020, 2025, ""),
        ("CAF", "commune", 2012, 2022, ""),
    ],
)
def test_two_vintages_are_compared_only_on_one_side_of_a_break(
    family: str, kind: str, start: int, end: int, said: str
) -> None:
    reason = plain(observation.refuse_years(indicator(family), BREAKS, kind, start, end))
    assert bool(reason) == bool(said)
    assert said in reason


def test_what_is_to_be_confirmed_says_so() -> None:
    assert plain(observation.refuse_years(indicator(), BREAKS, "qpv", 2013, 2016)).endswith("réorganisée (à confirmer)")
    assert "confirmer" not in observation.refuse_years(indicator(), BREAKS, "commune", 2015, 2018)


def test_a_reserve_is_said_and_refuses_nothing() -> None:
    told = observation.tell_reserves(indicator("RP"), BREAKS, "commune", 2015, 2022)
    assert plain(told) == "Réserve : de 2019 à 2023, fenêtre décalée (à confirmer)."
    assert observation.tell_reserves(indicator("RP"), BREAKS, "commune", 2010, 2018) == ""


@pytest.mark.parametrize(("gap", "refused"), [(5, False), (6, True), (None, False)])
def test_vintages_closer_than_the_minimum_are_refused(gap: int | None, refused: bool) -> None:
    reason = plain(observation.refuse_years(indicator("CAF", gap), BREAKS, "commune", 2010, 2015))
    assert reason == ("2010 et 2015 sont trop proches : cet indicateur se compare à 6 ans d'écart au moins" * refused)


def test_years_are_parted_where_the_source_changed() -> None:
    years = list(range(2014, 2024))
    assert part_years(indicator(), BREAKS, "commune", years) == [
        [2014, 2015, 2016, 2017], [2018, 2019], [2022, 2023],
    ]  # fmt: skip
    assert part_years(indicator("CAF"), BREAKS, "commune", [2011, 2010]) == [[2010, 2011]]
    assert part_years(indicator(), BREAKS, "commune", []) == []


PASSAGES = pd.DataFrame(
    {
        "code_ancien": ["QP1", "QP2", "QP3"],
        "code_nouveau": ["QN1", "QN2", "QN3"],
        "part_population": pd.array([None, 62.4, 100.0], dtype="Float64"),
        "est_meme_perimetre": pd.array([False, None, True], dtype="boolean"),
    }
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("QP1", "QN1", "QP1 et QN1 n'ont pas le même périmètre ; part de population commune : inconnue"),
        ("QP2", "QN2", "QP2 et QN2 n'ont pas le même périmètre ; part de population commune : 62\u202f%"),
        ("QP3", "QN3", ""),
        ("QP1", "QN2", "aucun passage connu de QP1 à QN2"),
    ],
)
def test_quartiers_of_two_geographies_are_not_chained(old: str, new: str, said: str) -> None:
    assert plain(observation.refuse_geographies(PASSAGES, old, new)) == said


@pytest.mark.parametrize(
    ("label", "kind", "refused"),
    [
        ("Taux de chômage", "qpv", True),
        ("TAUX DE CHOMAGE au sens du recensement", "qva", True),
        ("Taux de chômage", "commune", False),
        ("Taux d'emploi", "qpv", False),
        ("Indemnités de chômage", "qpv", False),
    ],
)
def test_no_unemployment_rate_at_the_scale_of_a_quartier(label: str, kind: str, refused: bool) -> None:
    assert bool(observation.refuse_scale(label, kind)) == refused


def test_only_what_adds_up_is_averaged() -> None:
    assert observation.refuse_average(indicator(est_additif=True)) == ""
    assert observation.refuse_average(indicator(libelle_indicateur="Taux d'emploi")).startswith("« Taux d'emploi »")


@pytest.mark.parametrize(
    ("high", "said"),
    [
        ([3.0, 4.0], ""),
        ([3.0, None], "rang non publié : 1 valeur sur 2 est sans intervalle"),
        ([None, None], "rang non publié : 2 valeurs sur 2 sont sans intervalle"),
        ([3.0], "rang non publié : il n'y en a qu'un"),
    ],
)
def test_one_interval_missing_or_one_alone_and_nobody_is_ranked(high: list[float | None], said: str) -> None:
    frame = pd.DataFrame({"part_basse": [1.0, 2.0][: len(high)], "part_haute": high}, dtype="Float64")
    reason = plain(observation.refuse_ranks(frame))
    assert bool(reason) == bool(said)
    assert reason.startswith(said)


def test_a_missing_value_keeps_its_reason() -> None:
    assert observation.tell_missing("s") == "secret statistique"
    assert observation.tell_missing("nd") == "valeur non diffusée"
