"""What a shown table cites: the sources of its rows, and through them whether it is fictional."""

import pandas as pd
import pytest

from pipelines.errors import UsageError
from pipelines.report.report import Report


def source(name: str, fictional: bool) -> dict[str, object]:
    """A declared source."""
    return {"id": name, "fictif": fictional, "editeur": "E", "titre": name, "millesime": "2020", "licence": "L"}


@pytest.fixture
def report() -> Report:
    contract = {
        "seuils": {"petit_effectif": 5},
        "orientations": [],
        "date_arret": "2021-06-30",
        "sources": [source("reelle", False), source("inventee", True)],
        "sources_nationales": [],
    }
    return Report("essai", 2020, {"contrat": contract, "tables": {"actions": {"sources": ["inventee", "reelle"]}}})


def rows(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"nb_actions": range(len(names)), "id_source": list(names)})


def cited(report: Report, *origins: str | pd.DataFrame) -> list[object]:
    return [line["id"] for line in report.cited(origins)]


def test_rows_cite_their_own_sources_and_tables_all_of_theirs(report: Report) -> None:
    assert cited(report, rows("reelle", "reelle")) == ["reelle"]
    assert cited(report, rows("inventee"), rows("reelle")) == ["reelle", "inventee"]
    assert cited(report, "actions") == ["reelle", "inventee"]
    assert cited(report) == []


def test_one_fictional_row_marks_what_is_shown(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    report.show(rows("reelle")[["nb_actions"]], "Réel", sources=[rows("reelle")])
    assert not report._fictional
    report.show(rows("reelle")[["nb_actions"]], "Mêlé", sources=[rows("reelle", "inventee")])
    assert report._fictional


@pytest.mark.parametrize(
    ("origin", "said"),
    [(pd.DataFrame({"nb_actions": [1]}), "ne disent plus d'où elles viennent"), ("reelle", "La table « reelle »")],
)
def test_rows_of_unknown_origin_are_refused(report: Report, origin: str | pd.DataFrame, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        report.show(rows("reelle"), "Titre", sources=[origin])
