"""Gaps and changes computed by hand, and every comparison that must be refused."""

from typing import Any

import pandas as pd
import pytest

from pipelines.errors import DataError
from pipelines.indicators import observation
from pipelines.paths import NOTEBOOKS
from pipelines.values import plain

EPCI = "245901160"
TERRITORIES = pd.DataFrame(
    {
        "code_territoire": ["QP1", "QP2", "QP3", EPCI, "59606"],
        "nom_territoire": ["Centre-ville", "Lecocq", "Centre-ville", "Agglomération", "Valenciennes"],
        "type_territoire": ["qpv", "qpv", "qpv", "epci", "commune"],
        "geographie": ["QPV2015", "QPV2015", "QPV2024", None, None],
        "note": [None, "déborde", None, None, None],
    }
)
INDICATORS = pd.DataFrame(
    {
        "code_indicateur": ["emploi", "demandeurs", "libre", "emploi_bis"],
        "libelle_indicateur": [
            "Taux d'emploi",
            "Demandeurs d'emploi",
            "Indicateur libre",
            "Taux d'emploi, autre champ",
        ],
        "sens": ["haut_mieux", "bas_mieux", "neutre", "haut_mieux"],
        "collecte": ["sondage", "exhaustif", None, "sondage"],
        "famille_source": ["RP", "DEFM", "autre", "RP"],
        "code_notion": ["emploi", None, None, "emploi"],
        "ecart_min_annees": pd.array([5, 1, None, 5], dtype="Int64"),
    }
)
BREAKS = pd.DataFrame(
    {
        "famille_source": ["DEFM", "autre"],
        "annee_debut": pd.array([2010, 2018], dtype="Int64"),
        "annee_fin": pd.array([None, 2019], dtype="Int64"),
        "type_territoire": ["commune", None],
        "gravite": ["refus", "refus"],
        "description": ["inscription modifiée", "aide non captée"],
        "est_a_confirmer": [True, False],
    }
)


def observations_of(*rows: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["code_indicateur", "code_territoire", "millesime", "valeur", "id_source"])
    frame = frame.assign(statut=["ok" if pd.notna(value) else "s" for value in frame["valeur"]])
    texts = ["code_indicateur", "code_territoire", "millesime", "id_source", "statut"]
    frame = frame.assign(numerateur=pd.NA, denominateur=pd.NA).astype(
        {"numerateur": "Float64", "denominateur": "Float64"}
    )
    return frame.astype({"valeur": "Float64"} | dict.fromkeys(texts, "str"))


def values(frame: pd.DataFrame, column: str) -> list[Any]:
    """Values of a column, None where missing."""
    return [None if pd.isna(value) else value for value in frame[column]]


# select


def test_selected_observations_bear_the_name_and_note_and_keep_what_is_missing() -> None:
    observed = observations_of(
        ("emploi", "QP1", "2019", 40.0, "insee"),
        ("emploi", "QP2", "2019", None, "insee"),
        ("emploi", EPCI, "2019", 53.8, "insee"),
        ("autre", "QP1", "2019", 1.0, "insee"),
    )
    out = observation.select(observed, TERRITORIES, "emploi", kinds=("qpv",))
    assert out["code_territoire"].to_list() == ["QP1", "QP2"]
    assert values(out, "valeur") == [40.0, None]
    assert out["statut"].to_list() == ["ok", "s"]
    assert values(out, "note_territoire") == [None, "déborde"]


def test_a_territory_described_twice_is_refused() -> None:
    observed = observations_of(("emploi", "QP1", "2019", 40.0, "insee"))
    with pytest.raises(pd.errors.MergeError):
        observation.select(observed, pd.concat([TERRITORIES, TERRITORIES]), "emploi", kinds=("qpv",))


# gap_to_reference


def gap(*rows: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    return observation.gap_to_reference(observations_of(*rows), INDICATORS, TERRITORIES, "emploi", EPCI)


def test_gap_is_value_minus_reference_sorted() -> None:
    out = gap(
        ("emploi", "QP1", "2019", 52.4, "insee"),
        ("emploi", "QP2", "2019", 25.6, "insee"),
        ("emploi", EPCI, "2019", 53.8, "insee"),
    )
    assert out["code_territoire"].to_list() == ["QP2", "QP1"]
    assert values(out, "ecart_reference") == pytest.approx([-28.2, -1.4])
    assert out["motif_refus"].to_list() == ["", ""]


NOT_ALIKE = "quartier et référence ne se comparent pas : "


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param(
            [("emploi", "QP1", "2019", 40.0, "insee")],
            "pas de valeur de cet indicateur pour la référence", id="no reference",
        ),
        pytest.param(
            [("emploi", "QP1", "2019", 40.0, "insee"), ("emploi", EPCI, "2018", 53.8, "insee")],
            f"{NOT_ALIKE}autre millésime (2019 et 2018)", id="another vintage",
        ),
        pytest.param(
            [("emploi", "QP1", "non précisé", 40.0, "insee"), ("emploi", EPCI, "2018", 53.8, "insee")],
            f"{NOT_ALIKE}millésime non précisé d'un côté", id="no vintage",
        ),
        pytest.param(
            [("emploi", "QP1", "2019", 40.0, "insee"), ("emploi", EPCI, "2019", 53.8, "protocole")],
            f"{NOT_ALIKE}autre source", id="another source",
        ),
        pytest.param(
            [("emploi", "QP1", "2019", 40.0, "insee"), ("emploi_bis", EPCI, "2019", 53.8, "insee")],
            f"{NOT_ALIKE}autre définition", id="another definition",
        ),
        pytest.param(
            [("emploi", "QP1", "2019", 40.0, "insee"), ("demandeurs", EPCI, "2019", 53.8, "insee")],
            "pas de valeur de cet indicateur pour la référence", id="another notion",
        ),
        pytest.param(
            [("emploi", "QP1", "2019", 40.0, "insee"), ("emploi", EPCI, "2019", None, "insee")],
            "référence : secret statistique", id="reference not published",
        ),
        pytest.param(
            [("emploi", "QP1", "2019", None, "insee"), ("emploi", EPCI, "2019", 53.8, "insee")],
            "quartier : secret statistique", id="value not published",
        ),
    ],
)  # fmt: skip
def test_gap_is_refused_with_its_reason(rows: list[tuple[Any, ...]], reason: str) -> None:
    out = gap(*rows)
    assert values(out, "ecart_reference") == [None]
    assert out["motif_refus"].map(plain).to_list() == [reason]


def test_refused_gaps_come_last() -> None:
    out = gap(
        ("emploi", "QP1", "2019", None, "insee"),
        ("emploi", "QP2", "2019", 60.0, "insee"),
        ("emploi", EPCI, "2019", 53.8, "insee"),
    )
    assert out["code_territoire"].to_list() == ["QP2", "QP1"]


def test_gap_of_an_unknown_indicator_is_empty() -> None:
    assert gap(("autre", "QP1", "2019", 40.0, "insee")).empty


def test_two_references_of_one_source_and_vintage_are_refused() -> None:
    reference = ("emploi", EPCI, "2019", 53.8, "insee")
    with pytest.raises(pd.errors.MergeError):
        gap(("emploi", "QP1", "2019", 40.0, "insee"), reference, reference)


# series and index_series

SERIES = observations_of(
    ("demandeurs", EPCI, "2022", 900.0, "ft"),
    ("demandeurs", EPCI, "2015", 1000.0, "ft"),
    ("demandeurs", "59606", "2015", 0.0, "ft"),
    ("demandeurs", "59606", "2022", 50.0, "ft"),
    ("demandeurs", EPCI, "non précisé", 1.0, "ft"),
    ("demandeurs", "QP1", "2015", 7.0, "ft"),
)


def series_of(observed: pd.DataFrame, indicator: str = "demandeurs") -> pd.DataFrame:
    return observation.series(observed, TERRITORIES, indicator, [EPCI, "59606"])


def test_series_is_sorted_named_and_dated() -> None:
    out = series_of(SERIES)
    assert out["code_territoire"].to_list() == [EPCI, EPCI, "59606", "59606"]
    assert out["annee"].to_list() == [2015, 2022, 2015, 2022]
    assert out["valeur"].to_list() == [1000, 900, 0, 50]
    assert out["nom_territoire"].to_list() == ["Agglomération"] * 2 + ["Valenciennes"] * 2


def test_empty_series() -> None:
    assert series_of(SERIES, "emploi").empty


def test_two_sources_of_one_year_must_be_chosen() -> None:
    other = observations_of(("demandeurs", EPCI, "2022", 950.0, "dares"))
    with pytest.raises(DataError, match=r"plusieurs valeurs en 2022 .*dares et ft.* Choisir la source"):
        series_of(pd.concat([SERIES, other], ignore_index=True))


def test_index_is_100_in_the_base_year_and_missing_without_a_base() -> None:
    out = observation.index_series(series_of(SERIES), 2015)
    assert values(out, "indice_base_100") == [100, 90, None, None]
    assert values(observation.index_series(series_of(SERIES), 2016), "indice_base_100") == [None] * 4


# change_between


def change(
    start: int, end: int, observed: pd.DataFrame = SERIES, indicator: str = "demandeurs"
) -> tuple[pd.DataFrame, str]:
    return observation.change_between(series_of(observed), INDICATORS, BREAKS, indicator, start, end)


def test_change_between_two_years() -> None:
    out, reason = change(2015, 2022)
    assert reason == ""
    assert out["code_territoire"].to_list() == [EPCI, "59606"]
    assert values(out, "evolution") == [-100, 50]
    assert values(out, "part_evolution") == [-10, None]


@pytest.mark.parametrize(
    ("start", "end", "indicator", "reason"),
    [
        (2019, 2022, "emploi", "2019 et 2022 sont trop proches : cet indicateur se compare à 5 ans d'écart au moins"),
        (2014, 2022, "demandeurs", "millésime 2014 absent du contrat"),
        (2014, 2023, "demandeurs", "millésime 2014 et 2023 absent du contrat"),
        (2022, 2015, "demandeurs", "l'année de départ (2022) doit précéder l'année d'arrivée (2015)"),
        (2015, 2015, "libre", "l'année de départ (2015) doit précéder l'année d'arrivée (2015)"),
        (
            2009, 2015, "demandeurs",
            "rupture de la source DEFM entre 2009 et 2015 : en 2010, inscription modifiée (à confirmer)",
        ),
        (2015, 2019, "libre", "rupture de la source autre entre 2015 et 2019 : de 2018 à 2019, aide non captée"),
    ],
)  # fmt: skip
def test_change_is_refused_with_its_reason(start: int, end: int, indicator: str, reason: str) -> None:
    out, said = change(start, end, indicator=indicator)
    assert plain(said) == reason
    assert out.empty
    assert out.columns.to_list() == change(2015, 2022)[0].columns.to_list()


def test_an_indicator_without_a_minimum_gap_may_be_compared_at_any() -> None:
    assert change(2015, 2022, indicator="libre")[1] == ""


def test_change_across_sources_is_refused() -> None:
    observed = SERIES.assign(id_source=SERIES["id_source"].mask(SERIES["millesime"] == "2022", "dares"))
    assert plain(change(2015, 2022, observed)[1]) == "2015 et 2022 ne viennent pas de la même source (dares et ft)"


def test_a_value_missing_at_one_end_gives_no_change() -> None:
    observed = SERIES.assign(valeur=SERIES["valeur"].mask(SERIES["millesime"] == "2022"))
    out, reason = change(2015, 2022, observed)
    assert reason == ""
    assert values(out, "evolution") == [None, None]


def test_definitions_are_one_sentence() -> None:
    shown = observation.define("ecart_reference", "evolution")
    assert shown.startswith("Écart : ")
    assert " ; évolution : " in shown
    assert shown.endswith(".")


def test_every_definition_is_printed_by_a_notebook() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("1_observation*.ipynb"))
    assert [name for name in observation.DEFINITIONS if f'\\"{name}\\"' not in texts] == []
