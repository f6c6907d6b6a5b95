"""Part 6: a report run again, what changed between its editions, and what the checks say of the answers."""

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.editions import Edition, compare_editions
from pipelines.errors import UsageError
from pipelines.paths import PROCESSED_VARIABLE
from pipelines.processed import load_table, read_manifest
from pipelines.training import rerun
from pipelines.training.feedback import NotYet, Right, Unanswered

CAUSES = ["correction", "données", "paramètre"]
BROKEN = ("observations", "indicateurs", "territoires", "ruptures_sources")


@pytest.fixture(scope="module")
def editions() -> dict[str, Edition]:
    """The four editions of the invented contract, through the line and four kernels."""
    return rerun.rerun_small_contract()


@pytest.fixture(scope="module")
def years(prepared: Path) -> dict[int, Edition]:
    """The report of two years of the shipped contract."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
        return {year: rerun.rerun_report(rerun.REPORT, "valenciennes", year) for year in (2018, 2019)}


def test_a_report_runs_again_for_a_year_and_leaves_the_environment_as_it_was(
    prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
    before = dict(os.environ)
    edition = rerun.rerun_report(rerun.REPORT, "valenciennes", 2019)
    assert dict(os.environ) == before
    table = rerun.read_orientations(edition)
    actions = load_table(prepared, read_manifest(prepared), "actions")
    assert table["nb_demandes"].iloc[-1] == str((actions["annee"] == 2019).sum())
    assert set(table["annee"]) == {2019}
    assert isinstance(rerun.check_rerun(edition, 2022, 2019), Right)
    for annee, asked, told in ((2019, 2018, "même année"), (2022, 2018, "et la consigne demandait 2018")):
        with pytest.raises(NotYet, match=told):
            rerun.check_rerun(edition, annee, asked)
    with pytest.raises(NotYet, match="il fallait"):
        rerun.check_rerun(edition.model_copy(update={"notebook": "2_suivi_programmation"}), 2022, 2019)


@pytest.mark.parametrize(("answer", "error"), [(..., Unanswered), (2021, NotYet), ("0_prise_en_main", NotYet)])
def test_what_is_no_report_is_refused(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        rerun.check_rerun(answer, 2022, 2021)


def test_an_unknown_report_is_told_with_the_nearest(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROCESSED_VARIABLE, str(prepared.parent))
    with pytest.raises(UsageError, match="0_prise_en_main"):
        rerun.rerun_report("0_prise_en_mains", "valenciennes", 2019)


@pytest.mark.parametrize(("annee", "other"), [(2022, 2021), (2016, 2015), (2015, 2016)])
def test_the_other_year_is_of_the_contract(annee: int, other: int) -> None:
    assert rerun.other_year(2015, 2022, annee) == other


def test_the_other_year_of_a_contract_of_one_year_is_that_one() -> None:
    assert rerun.other_year(2022, 2022, 2022) == 2022


def test_a_broken_series_of_the_contract_gives_no_change(prepared: Path) -> None:
    observations, indicators, territories, breaks = (
        load_table(prepared, read_manifest(prepared), name) for name in BROKEN
    )
    code = read_manifest(prepared)["contrat"]["code_epci"]
    values, reason = rerun.find_break(observations, indicators, territories, breaks, code)
    assert len(values) == 2
    assert values["famille_source"].isin(breaks["famille_source"]).all()
    assert isinstance(rerun.check_evolution("On ne peut pas", values, reason), Right)
    gap = float(values["valeur"].iloc[1] - values["valeur"].iloc[0])
    for answer, told in ((gap, "vous avez soustrait"), (-gap, "vous avez soustrait"), (gap + 1, "pas de sens|sinon")):
        with pytest.raises(NotYet, match=told):
            rerun.check_evolution(answer, values, reason)


def test_without_a_break_there_is_nothing_to_compare_and_no_change_either(prepared: Path) -> None:
    tables = [load_table(prepared, read_manifest(prepared), name) for name in BROKEN]
    for frames in ([*tables[:3], tables[3].head(0)], [tables[0].head(0), *tables[1:]]):
        values, reason = rerun.find_break(*frames, read_manifest(prepared)["contrat"]["code_epci"])
        assert values.empty
        assert isinstance(rerun.check_evolution("on ne peut pas", values, reason), Right)


def test_two_years_are_compared_by_files_and_method_alone(years: dict[int, Edition]) -> None:
    changes = compare_editions(*years.values())
    assert set(changes["rubrique"]) <= {"entrees", "methode"}
    assert rerun.list_changes(*years.values()).empty


@pytest.mark.long
def test_each_step_of_the_invented_contract_has_one_cause(editions: dict[str, Edition]) -> None:
    names = list(editions)
    for before, after, cause in zip(names, names[1:], CAUSES, strict=False):
        assert set(rerun.list_changes(editions[before], editions[after])["cause"]) == {cause}
    assert set(rerun.list_changes(editions["A"], editions["C"])["cause"]) == {"plusieurs causes possibles"}
    assert isinstance(rerun.check_causes(CAUSES, editions), Right)
    assert isinstance(rerun.check_causes(["Correction", "donnees", "parametre"], editions), Right)


@pytest.mark.long
@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (["monde", *CAUSES[1:]], "étape 1, les deux éditions portent sur la même année"),
        (["données", *CAUSES[1:]], "étape 1, aucun dossier n'est arrivé"),
        ([CAUSES[0], "correction", CAUSES[2]], "étape 2, le nombre de dossiers"),
        ([*CAUSES[:2], "méthode"], "étape 3, la méthode est le code"),
        ([*CAUSES[:2], "données"], "étape 3, aucun compte"),
        (CAUSES[:2], "liste de 3 mots"),
        ("correction", "liste de 3 mots"),
    ],
)
def test_a_wrong_cause_is_told_by_its_step(answers: Any, told: str, editions: dict[str, Edition]) -> None:
    with pytest.raises(NotYet, match=told):
        rerun.check_causes(answers, editions)


@pytest.mark.long
def test_sentences_hold_what_the_editions_show(editions: dict[str, Edition], years: dict[int, Edition]) -> None:
    sentences = rerun.write_sentences(editions, list(years.values()))
    lawful = sentences.loc[sentences["est_permise"], "lettre"].tolist()
    assert isinstance(rerun.check_sentences([one.lower() for one in reversed(lawful)], sentences), Right)
    assert "de 75,0\u202f% à 87,5\u202f%" in sentences["phrase"].str.cat()
    for letter in sentences.loc[~sentences["est_permise"], "lettre"]:
        with pytest.raises(NotYet, match=f"la phrase {letter} ne peut pas s'écrire"):
            rerun.check_sentences([*lawful, letter], sentences)
    with pytest.raises(NotYet, match="il en manque"):
        rerun.check_sentences(lawful[:1], sentences)
    with pytest.raises(NotYet, match="liste de lettres"):
        rerun.check_sentences([*lawful, "Z"], sentences)
    with pytest.raises(Unanswered):
        rerun.check_sentences(..., sentences)


def test_a_table_of_two_editions_keeps_their_order(years: dict[int, Edition]) -> None:
    both = rerun.read_orientations(*years.values())
    pd.testing.assert_series_equal(both["annee"], both["annee"].sort_values(ignore_index=True))
    assert list(both["orientation"]).count("Ensemble") == 2
