"""Gaps to the commune and to the rest of the agglomeration, from counts worked out by hand."""

import pandas as pd
import pytest

from pipelines.indicators import observation
from pipelines.indicators.observation.gaps import set_beside
from pipelines.values import plain

EPCI, OTHER, COMMUNE = "100000001", "100000002", "01001"
TERRITORIES = pd.DataFrame(
    {
        "code_territoire": ["QP1", "QP2", EPCI, COMMUNE],
        "nom_territoire": ["Un", "Deux", "Agglomération", "Commune"],
        "type_territoire": ["qpv", "qpv", "epci", "commune"],
        "geographie": ["QPV2015", "QPV2015", "administrative", "administrative"],
        "note": [None] * 4,
    }
)
INDICATORS = pd.DataFrame(
    {
        "code_indicateur": ["taux"],
        "libelle_indicateur": ["Taux d'emploi"],
        "unite": ["%"],
        "sens": ["haut_mieux"],
        "collecte": ["sondage"],
        "famille_source": ["RP"],
        "code_notion": [None],
        "ecart_min_annees": pd.array([5], dtype="Int64"),
    }
)
BREAKS = pd.DataFrame(
    columns=[
        "famille_source",
        "annee_debut",
        "annee_fin",
        "type_territoire",
        "gravite",
        "description",
        "est_a_confirmer",
    ]
)


def observed(*rows: tuple[str, str, float | None, float | None], indicator: str = "taux") -> pd.DataFrame:
    """Rates of territories from their counts: code, vintage, numerator, denominator."""
    frame = pd.DataFrame(rows, columns=["code_territoire", "millesime", "numerateur", "denominateur"])
    frame = frame.astype({"numerateur": "Float64", "denominateur": "Float64"})
    return frame.assign(
        code_indicateur=indicator,
        valeur=100 * frame["numerateur"] / frame["denominateur"],
        statut="ok",
        id_source="insee",
    )


def contained(*rows: tuple[str, str, str, bool, float | None]) -> pd.DataFrame:
    columns = ["code_territoire", "code_parent", "type_parent", "est_dans_agglomeration", "part_population"]
    return pd.DataFrame(rows, columns=columns).astype({"part_population": "Float64"})


INSIDE = contained(("QP1", EPCI, "epci", True, None), ("QP2", EPCI, "epci", True, None))
STRADDLES = contained(
    ("QP1", EPCI, "epci", True, None), ("QP2", EPCI, "epci", True, 50.0), ("QP2", OTHER, "epci", False, 50.0)
)
UNKNOWN = STRADDLES.assign(part_population=pd.NA)
COUNTS = observed(("QP1", "2015", 30, 100), ("QP2", "2015", 40, 200), (EPCI, "2015", 500, 1000))


def to_rest(observations: pd.DataFrame, containment: pd.DataFrame) -> pd.DataFrame:
    gaps = observation.gap_to_reference(observations, INDICATORS, TERRITORIES, "taux", EPCI)
    return observation.gap_to_rest(gaps, containment, EPCI).set_index("code_territoire")


def test_the_rest_is_the_agglomeration_without_its_quartiers() -> None:
    rest = to_rest(COUNTS, INSIDE)
    # (500 − 30 − 40) / (1000 − 100 − 200)
    assert rest["valeur_reference"].to_list() == pytest.approx([100 * 430 / 700] * 2)
    assert rest["numerateur_reference"].to_list() == [430, 430]
    assert rest["denominateur_reference"].to_list() == [700, 700]
    assert rest.loc["QP1", "ecart_reference"] == pytest.approx(30 - 100 * 430 / 700)
    assert rest.loc["QP2", "ratio_reference"] == pytest.approx(20 / (100 * 430 / 700))


def test_of_a_straddling_quartier_the_share_inside_is_taken_out() -> None:
    rest = to_rest(COUNTS, STRADDLES)
    # (500 − 30 − 20) / (1000 − 100 − 100)
    assert rest["valeur_reference"].to_list() == pytest.approx([100 * 450 / 800] * 2)


@pytest.mark.parametrize(
    ("observations", "containment", "reason"),
    [
        pytest.param(COUNTS, UNKNOWN, "part d'un quartier à cheval inconnue", id="share unknown"),
        pytest.param(
            COUNTS.assign(denominateur=COUNTS["denominateur"].mask(COUNTS["code_territoire"] == "QP2")),
            INSIDE, "effectifs non publiés", id="counts of another quartier unknown",
        ),
        pytest.param(
            COUNTS.assign(numerateur=COUNTS["numerateur"].mask(COUNTS["code_territoire"] == EPCI)),
            INSIDE, "effectifs non publiés", id="counts of the whole unknown",
        ),
    ],
)  # fmt: skip
def test_the_rest_is_refused_with_its_reason(
    observations: pd.DataFrame, containment: pd.DataFrame, reason: str
) -> None:
    rest = to_rest(observations, containment)
    assert rest["motif_refus"].to_list() == [f"reste de l'agglomération non calculable : {reason}"] * 2
    assert rest["ecart_reference"].isna().all()


def test_each_vintage_has_its_own_rest() -> None:
    later = observed(("QP1", "2020", 40, 100), ("QP2", "2020", 60, 200), (EPCI, "2020", 600, 1000))
    gaps = to_rest(pd.concat([COUNTS, later]), INSIDE).reset_index().set_index(["millesime", "code_territoire"])
    assert gaps.loc[("2015", "QP1"), "numerateur_reference"] == 430
    assert gaps.loc[("2020", "QP1"), "numerateur_reference"] == 500


def test_the_gap_to_the_commune_is_that_of_the_only_commune() -> None:
    links = contained(
        ("QP1", COMMUNE, "commune", True, None),
        ("QP2", COMMUNE, "commune", True, None),
        ("QP2", "01002", "commune", True, None),
    )
    own = observation.communes_of(links)
    assert own.to_dict() == {"QP1": COMMUNE}
    frame = pd.concat([COUNTS, observed((COMMUNE, "2015", 250, 500))])
    gaps = observation.gap_to_reference(frame, INDICATORS, TERRITORIES, "taux", own).set_index("code_territoire")
    assert gaps.loc["QP1", "ecart_reference"] == -20
    assert gaps.loc["QP2", "motif_refus"] == (
        "le quartier s'étend sur plusieurs communes : pas de commune de référence"
    )


def test_an_unemployment_rate_of_quartiers_is_refused_whatever_is_published() -> None:
    renamed = INDICATORS.assign(libelle_indicateur="Taux de chômage des 15-64 ans")
    gaps = observation.gap_to_reference(COUNTS, renamed, TERRITORIES, "taux", EPCI)
    assert gaps["motif_refus"].str.startswith("le taux de chômage n'existe pas à l'échelle d'un quartier").all()
    assert gaps["ecart_reference"].isna().all()


def test_the_attempts_say_what_may_be_compared_and_why_the_rest_may_not() -> None:
    frame = pd.concat([COUNTS, observed(("QP1", "2015", 1, 10), indicator="autre")])
    other = INDICATORS.assign(code_indicateur="autre", libelle_indicateur="Autre taux")
    tried = observation.list_attempts(frame, pd.concat([other, INDICATORS]), TERRITORIES, INSIDE, EPCI)
    # In the order of the definitions.
    assert tried["code_indicateur"].to_list() == ["autre", "taux"]
    assert tried["nb_ecarts"].to_list() == [0, 2]
    assert tried["motif_refus"].to_list() == ["pas de valeur de cet indicateur pour la référence", ""]
    assert tried["est_effectif_connu"].to_list() == [True, True]


def panels(observations: pd.DataFrame, containment: pd.DataFrame = INSIDE, breaks: pd.DataFrame = BREAKS) -> pd.Series:
    (row,) = observation.find_panels(observations, INDICATORS, TERRITORIES, containment, breaks).to_dict("records")
    return pd.Series(row)


def counts_of(*vintages: str) -> pd.DataFrame:
    return pd.concat([COUNTS.assign(millesime=vintage) for vintage in vintages])


@pytest.mark.parametrize(
    ("vintages", "years", "reason"),
    [
        (("2010", "2015", "2020"), (2010, 2020), ""),
        (("2010", "2014", "2019"), (2010, 2019), ""),
        (("2015", "2018"), None, "2015 et 2018 sont trop proches : cet indicateur se compare à 5 ans d'écart au moins"),
        (("2015",), None, "un seul millésime, ou millésime non précisé"),
        (("2015", "non précisé"), None, "un seul millésime, ou millésime non précisé"),
    ],
)
def test_the_vintages_farthest_apart_are_followed(
    vintages: tuple[str, ...], years: tuple[int, int] | None, reason: str
) -> None:
    panel = panels(counts_of(*vintages))
    assert plain(panel["motif_refus"]) == reason
    assert panel["code_epci"] == EPCI
    found = (panel["annee_debut"], panel["annee_fin"])
    assert pd.isna(found[0]) if years is None else found == years


def test_a_panel_that_a_break_parts_keeps_the_vintages_of_one_side() -> None:
    broken = pd.DataFrame([("RP", 2012, None, None, "refus", "enquête refaite", False)], columns=BREAKS.columns)
    broken = broken.astype({"annee_debut": "Int64", "annee_fin": "Int64"})
    panel = panels(counts_of("2005", "2010", "2015", "2021"), breaks=broken)
    assert (panel["annee_debut"], panel["annee_fin"]) == (2015, 2021)


def test_a_panel_without_the_rest_is_not_followed() -> None:
    panel = panels(counts_of("2010", "2020"), UNKNOWN)
    assert panel["motif_refus"] == "reste de l'agglomération non calculable : part d'un quartier à cheval inconnue"


def notion(*codes: str) -> pd.DataFrame:
    """Indicators of the notion « emploi », percents all."""
    rows = [INDICATORS.iloc[0].to_dict() | {"code_indicateur": code, "code_notion": "emploi"} for code in codes]
    return pd.DataFrame(rows)


def test_of_two_indicators_of_a_notion_the_one_that_allows_most_gaps_is_taken() -> None:
    alone = observed(("QP1", "2015", 40, 100), ("QP2", "2015", 50, 100), indicator="premier")
    beside = observed(
        ("QP1", "2010", 10, 100), ("QP1", "2015", 30, 100), (EPCI, "2010", 60, 100), (EPCI, "2015", 60, 100),
        indicator="second",
    )  # fmt: skip
    every = pd.concat([alone, beside], ignore_index=True)
    gaps = observation.gap_of_notion(
        every, notion("premier", "second"), TERRITORIES, "emploi", EPCI, geography="QPV2015"
    )
    assert gaps[["code_territoire", "millesime", "code_indicateur", "ecart_reference"]].to_numpy().tolist() == [
        ["QP1", "2015", "second", -30.0]
    ]


def test_a_notion_that_no_indicator_carries_has_no_gap() -> None:
    every = observed(("QP1", "2015", 40, 100), (EPCI, "2015", 60, 100))
    gaps = observation.gap_of_notion(every, INDICATORS, TERRITORIES, "emploi", EPCI, geography="QPV2015")
    kept = observation.gap_to_reference(every, INDICATORS, TERRITORIES, "taux", EPCI, geography="QPV2015")
    assert gaps.empty
    assert list(gaps.columns) == [*kept.columns, "code_indicateur"]


def test_several_indicators_at_once_have_the_gaps_of_each() -> None:
    other = observed(("QP1", "2015", 10, 100), (EPCI, "2010", 60, 100), indicator="autre")
    every, both = pd.concat([COUNTS, other]), notion("taux", "autre")
    gaps = set_beside(every, both, TERRITORIES, ["taux", "autre"], EPCI)
    assert set(gaps["code_indicateur"]) == {"taux", "autre"}
    for code, own in gaps.groupby("code_indicateur"):
        alone = observation.gap_to_reference(every, both, TERRITORIES, code, EPCI)
        own = own.drop(columns="code_indicateur").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, alone.drop(columns=["sens", "collecte"]), check_exact=True)


def test_several_indicators_at_once_have_the_rest_of_each() -> None:
    every = pd.concat([COUNTS, COUNTS.assign(code_indicateur="autre", numerateur=COUNTS["numerateur"] / 2)])
    rest = observation.gap_to_rest(
        set_beside(every, notion("taux", "autre"), TERRITORIES, ["taux", "autre"], EPCI), INSIDE, EPCI
    )
    counts = rest.set_index(["code_indicateur", "code_territoire"])["numerateur_reference"]
    assert counts[[("taux", "QP1"), ("autre", "QP1")]].to_list() == [430, 215]


def test_a_reference_that_has_another_indicator_of_the_notion_alone_is_said() -> None:
    every = pd.concat([observed(("QP1", "2015", 30, 100)), observed((EPCI, "2015", 60, 100), indicator="autre")])
    of_notion = observation.gap_to_reference(every, notion("taux", "autre"), TERRITORIES, "taux", EPCI)
    assert of_notion["motif_refus"].to_list() == ["quartier et référence ne se comparent pas : autre définition"]
    # A notion named as an indicator is: the two have nothing in common.
    apart = notion("taux", "autre").assign(code_notion=[None, "taux"])
    alone = observation.gap_to_reference(every, apart, TERRITORIES, "taux", EPCI)
    assert alone["motif_refus"].to_list() == ["pas de valeur de cet indicateur pour la référence"]
