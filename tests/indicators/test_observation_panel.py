"""The fictional panel: the shipped files are those of its generator, and what it hides is found again."""

from pathlib import Path

import pandas as pd
import pytest

from pipelines.demo.__main__ import SEED
from pipelines.demo.panel import (
    CENSUSES,
    CONCERNED,
    LINKS,
    OTHER,
    RATE,
    REGISTER,
    STARTED,
    STRADDLING,
    TERRITORIES,
    TRUE_CHANGE,
    VALUES,
    quartier_codes,
    true_changes,
    write_panel,
)
from pipelines.indicators import observation
from pipelines.indicators.impact import study_impact
from pipelines.paths import RAW

Frames = dict[str, pd.DataFrame]


@pytest.mark.parametrize("name", [TERRITORIES, LINKS, VALUES])
def test_the_shipped_files_are_those_of_the_generator(tmp_path: Path, name: str) -> None:
    write_panel(tmp_path, SEED)
    assert (tmp_path / name).read_bytes() == (RAW / "valenciennes" / name).read_bytes()


def test_nothing_of_the_panel_goes_unmarked(shipped: Frames) -> None:
    territories = shipped["territoires"].set_index("code_territoire")
    codes = [*quartier_codes(), *quartier_codes(101), CONCERNED, OTHER]
    assert territories.loc[codes, "est_fictif"].all()
    assert set(territories.loc[codes, "geographie"]) == {"exemple"}
    # No value of a real territory is invented, and no invented one is given to a real territory.
    invented = shipped["observations"]["id_source"].eq("panel_observations")
    assert set(shipped["observations"].loc[invented, "code_territoire"]) <= set(codes)
    assert not set(shipped["observations"].loc[~invented, "code_territoire"]) & set(codes)


@pytest.fixture
def followed(shipped: Frames) -> pd.DataFrame:
    """The trajectories that `1_observation` shows of the panel, by quartier."""
    names = ("observations", "indicateurs", "territoires", "appartenances", "ruptures_sources")
    tables = [shipped[name] for name in names]
    panels = observation.find_panels(*tables)
    panels = panels[panels["geographie"].eq("exemple") & panels["motif_refus"].eq("")]
    assert panels["code_indicateur"].to_list() == [RATE]
    assert panels[["annee_debut", "annee_fin"]].iloc[0].to_list() == [CENSUSES[0], CENSUSES[-1]]
    out = observation.follow_gaps(*tables, panels, effet_de_plan=1.5, niveau=90, ecart_stable=2)
    return out.set_index("code_territoire")


def test_what_is_kept_after_control_is_true_and_a_false_alarm_is_not_kept(followed: pd.DataFrame) -> None:
    truth = true_changes()
    assert followed.index.to_list() == truth.index.to_list()
    told = followed["trajectoire"]
    kept = observation.control_false_discoveries(followed, seuil=0.1)["est_retenu"]
    assert (truth[kept & (told == "rattrapage")] > 0).all()
    assert (truth[kept & (told == "décrochage")] < 0).all()
    # Changes of seven points and more are all kept; the small samples of small changes are not decided.
    assert kept[truth.abs() >= 7].all()
    assert (told == "indéterminé").any()
    # One in ten of what did not change is told to have changed: the draw holds one, and the control takes it away.
    false_alarm = told.isin(["rattrapage", "décrochage"]) & (truth == 0)
    assert false_alarm.sum() == 1
    assert not (kept & false_alarm).any()


def test_the_intervals_cover_the_truth_about_as_often_as_they_say(followed: pd.DataFrame) -> None:
    truth = true_changes()
    inside = (followed["ecart_evolution_bas"] <= truth) & (truth <= followed["ecart_evolution_haut"])
    assert inside.sum() >= 10


def test_the_straddling_quartier_is_taken_out_by_its_share(shipped: Frames) -> None:
    gaps = observation.gap_to_reference(
        shipped["observations"], shipped["indicateurs"], shipped["territoires"], RATE, CONCERNED, geography="exemple"
    )
    first = gaps[gaps["millesime"] == str(CENSUSES[0])].set_index("code_territoire")
    share = first.index.map(lambda code: 0.6 if code == STRADDLING else 1.0)
    rest = observation.gap_to_rest(gaps, shipped["appartenances"], CONCERNED)
    found = rest[rest["millesime"] == str(CENSUSES[0])]["denominateur_reference"].unique()
    assert found == pytest.approx([(first["denominateur_reference"] - (first["denominateur"] * share).sum()).iloc[0]])


def test_the_known_change_of_the_register_is_recovered(shipped: Frames) -> None:
    register = shipped["observations"][shipped["observations"]["code_indicateur"] == REGISTER]
    study = study_impact(
        register.assign(
            annee=register["millesime"].astype(int), est_traite=register["code_territoire"].isin(quartier_codes())
        ),
        annee_traitement=STARTED, echelle="valeur", niveau=90, tirages=499, graine=1,
        traites_minimaux=8, temoins_minimaux=8, ruptures={}, zonages_anterieurs=(),
    )  # fmt: skip
    (found,) = study.estimation.to_dict("records")
    assert found["estimation_basse"] <= TRUE_CHANGE <= found["estimation_haute"]
    assert found["coefficient_p"] < 0.01
