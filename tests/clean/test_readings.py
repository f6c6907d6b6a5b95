"""Wide files: the contract's own territories, and the quartiers of the whole country, become observations alike."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipelines.clean import clean_rows
from pipelines.clean.readings import split_readings
from pipelines.tables import TABLES, WIDE, empty

Maker = Callable[..., pd.DataFrame]


def row(code: str, jobs: str, **cells: str) -> dict[str, str]:
    return {"code_territoire": code, "nom_territoire": f"Quartier {code}", "taux@2020": jobs, "nb@2020": "7", **cells}


@pytest.mark.parametrize("name", WIDE)
def test_a_cell_is_an_observation_and_an_absent_one_keeps_its_reason(text_frame: Maker, name: str) -> None:
    text = text_frame(row("QP999001", "45,4"), row("QP999002", "s"), row("QP999003", ""), row("QP999003", ""))
    cleaned = clean_rows(name, text)
    # Every row is kept or set aside.
    assert (len(cleaned.kept), len(cleaned.set_aside), len(text)) == (3, 1, 4)
    observations, _ = split_readings(cleaned.kept, name)
    assert list(observations.columns) == list(empty(TABLES[WIDE[name]]).columns)
    jobs = observations[observations["code_indicateur"] == "taux"]
    assert jobs["statut"].tolist() == ["ok", "s", "vide"]
    assert jobs["valeur"].tolist()[0] == 45.4
    assert observations["millesime"].unique().tolist() == ["2020"]
    assert len(observations) == 6


def test_a_straddling_quartier_keeps_every_agglomeration_and_is_there_once(text_frame: Maker) -> None:
    both = {"code_epci": "200042190; 245901160", "nom_epci": "Hainaut; Valenciennes"}
    text = text_frame(row("QP999001", "40", **both), row("QP999001", "40", **both))
    observations, _ = split_readings(clean_rows("releves_france", text).kept, "releves_france")
    assert observations["code_epci"].tolist() == ["200042190; 245901160"] * 2
    assert observations["nom_epci"].tolist() == ["Hainaut; Valenciennes"] * 2
