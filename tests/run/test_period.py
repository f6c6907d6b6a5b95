"""A report of a period: its years, its parameters, where it is filed, and the periods that are refused."""

from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.period import name_period, resolve_period
from pipelines.run.jobs import last_year, plan_jobs, refuse_year
from pipelines.run.notebooks import choose, known_notebooks

CONTRACT = (2015, 2022)
EVALUATION = choose(["6_evaluation_mi_parcours"], known_notebooks())


@pytest.mark.parametrize(
    ("start", "end", "final", "expected"),
    [
        (None, None, False, (2015, 2016)),
        (2018, None, False, (2018, 2019)),
        (2022, None, False, (2022, 2022)),
        (None, None, True, (2015, 2022)),
        (2019, None, True, (2019, 2022)),
        (2016, 2016, False, (2016, 2016)),
        (None, 2022, True, (2015, 2022)),
    ],
)
def test_a_period_is_completed(start: int | None, end: int | None, final: bool, expected: tuple[int, int]) -> None:
    assert resolve_period(CONTRACT, start, end, final) == expected


@pytest.mark.parametrize(
    ("start", "end", "final", "sentence"),
    [
        (2017, 2016, False, "finit en 2016, avant son début en 2017"),
        (2014, 2016, False, r"hors du contrat \(2015 à 2022\)"),
        (2015, 2023, False, r"hors du contrat \(2015 à 2022\)"),
        (None, 2020, True, r"jusqu'à la fin du contrat \(2022\), pas 2020"),
    ],
)
def test_a_bad_period_is_refused(start: int | None, end: int | None, final: bool, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        resolve_period(CONTRACT, start, end, final)


def test_a_contract_of_one_year_has_a_period_of_one_year() -> None:
    assert resolve_period((2024, 2024), None, None, False) == (2024, 2024)


@pytest.mark.parametrize(("years", "text"), [((2015, 2016), "2015-2016"), ((2016, 2016), "2016")])
def test_a_period_has_a_name(years: tuple[int, int], text: str) -> None:
    assert name_period(*years) == text


@pytest.mark.parametrize(
    ("given", "years"),
    [
        ({}, (2015, 2016)),
        ({"finale": "oui"}, (2015, 2022)),
        ({"annee_debut": "2017", "annee_fin": "2019"}, (2017, 2019)),
    ],
)
def test_a_report_of_a_period_is_filed_under_its_last_year(given: dict[str, str], years: tuple[int, int]) -> None:
    """Whatever the year of the other reports."""
    (job,) = plan_jobs(EVALUATION, "valenciennes", 2021, given, annees=CONTRACT)
    assert (job.parameters["annee_debut"], job.parameters["annee_fin"]) == years
    assert last_year(job.parameters) == years[1]
    assert "annee" not in job.parameters
    assert job.base == Path(f"valenciennes/{years[1]}/6_evaluation_mi_parcours")


def test_a_report_of_a_year_is_filed_under_it() -> None:
    (job,) = plan_jobs(choose(["7_rapport_annuel"], known_notebooks()), "valenciennes", 2021, {}, annees=CONTRACT)
    assert job.parameters["annee"] == last_year(job.parameters) == 2021


def test_a_year_is_refused_of_periods_alone() -> None:
    with pytest.raises(UsageError, match="porte sur une période : à la place de --annee"):
        refuse_year(EVALUATION)
    refuse_year(known_notebooks())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--annee", "2016"], "porte sur une période"),
        (["-p", "annee_debut=2018", "-p", "annee_fin=2016"], "avant son début en 2018"),
        (["-p", "annee_fin=2031"], "hors du contrat"),
        (["-p", "annee=2016"], "Le paramètre « annee » n'existe pas"),
    ],
)
def test_the_command_line_refuses_in_one_sentence(
    options: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--outputs", str(tmp_path / "outputs"), "--processed", str(tmp_path / "processed")]
    assert main(["build", "6_evaluation_mi_parcours", *options, *where]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert len(told.strip().splitlines()) == 1
