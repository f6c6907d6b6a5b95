"""The annual report: which councils are asked, where each opinion stands, what is missing, the status that follows."""

import datetime
from typing import Any

import pandas as pd
import pytest

from pipelines.indicators import annual_report
from pipelines.tables import CERTIFIED, empty
from tests.indicators.conftest import Frames

STOP = datetime.date(2023, 6, 30)
TERRITORIES = pd.DataFrame(
    {
        "code_territoire": ["59014", "59079", "59383"],
        "nom_territoire": ["Anzin", "Beuvrages", "Marly"],
        "statut_politique_ville": ["qpv", "qpv", "qva_candidat"],
    }
)
EVENTS = pd.DataFrame(
    {
        "debut": ["2019-06-17", "2021"],
        "type_evenement": ["conseil_citoyen", "instance"],
        "libelle_evenement": ["Rencontre du conseil citoyen d'Anzin", "Cotech à Beuvrages"],
    }
)
BODY = {"annee": 2022, "sens_avis": None, "texte": None, "suite_donnee": None, "date_reception": None}
TOWN = BODY | {"nom_organe": "Conseil municipal", "type_organe": "conseil_municipal"}
CITIZENS = BODY | {"nom_organe": "Conseil citoyen d'Anzin", "type_organe": "conseil_citoyen"}
SENT = {"date_envoi": "2023-01-30", "date_limite_avis": "2023-02-28"}
COMPLETE = [
    TOWN | SENT | {"code_organe": "CM-59014", "code_territoire": "59014"},
    TOWN | SENT | {"code_organe": "CM-59079", "code_territoire": "59079"},
    CITIZENS
    | SENT
    | {
        "code_organe": "CC-59014",
        "code_territoire": "59014",
        "date_reception": "2023-02-10",
        "sens_avis": "favorable_avec_reserves",
        "texte": "Un texte.",
    },
]
DELIBERATION = {
    "annee": 2022,
    "numero": "2023-41",
    "date_deliberation": "2023-06-20",
    "organe": "conseil_communautaire",
    "est_approuve": True,
    "suite_observations": "Une suite.",
}
FIGURES = dict.fromkeys(annual_report.DECREE_SECTIONS, 1)
TEXTS = set(annual_report.NEEDS_TEXT)


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of a certified table, in their types."""
    blank = empty(CERTIFIED[name])
    return pd.DataFrame(rows, columns=blank.columns).astype(blank.dtypes.to_dict())


def judge(rows: list[dict[str, Any]], stop: datetime.date = STOP) -> pd.DataFrame:
    opinions = table("avis_rapport", rows)
    return annual_report.judge_opinions(opinions, annual_report.list_bodies(TERRITORIES, opinions, EVENTS, 2022), stop)


def gaps(
    rows: list[dict[str, Any]] = COMPLETE,
    acts: list[dict[str, Any]] = [DELIBERATION],  # noqa: B006 never changed
    figures: dict[str, int] = FIGURES,
    texts: set[str] = TEXTS,
    stop: datetime.date = STOP,
) -> pd.DataFrame:
    sections = annual_report.describe_sections(figures, texts)
    deliberation = annual_report.pick_deliberation(table("deliberations", acts), stop)
    return annual_report.find_gaps(sections, judge(rows, stop), deliberation)


def changed(rank: int, **cells: Any) -> list[dict[str, Any]]:
    """The complete opinions, one of them changed."""
    return [row | cells if at == rank else row for at, row in enumerate(COMPLETE)]


def test_with_every_piece_the_report_is_definitive() -> None:
    assert gaps().empty
    assert annual_report.judge_status(gaps()) == "definitif"


@pytest.mark.parametrize("section", [key for key in FIGURES if key not in annual_report.PIECES])
def test_a_section_without_figures_or_text_keeps_it_a_draft(section: str) -> None:
    missing = gaps(figures=FIGURES | {section: 0}, texts=TEXTS - {section})
    assert missing["piece_attendue"].tolist() == [annual_report.DECREE_SECTIONS[section]]
    assert annual_report.judge_status(missing) == "projet"
    assert gaps(figures=FIGURES | {section: 0}, texts=TEXTS | {section}).empty


def test_figures_do_not_stand_for_prospects() -> None:
    missing = gaps(texts=set())
    assert missing["constat_manque"].tolist() == ["les perspectives et les améliorations prévues ne sont pas écrites"]


@pytest.mark.parametrize(
    ("rank", "cells", "state"),
    [
        (0, {"date_envoi": "2023-06-01", "date_limite_avis": "2023-07-01"}, "en_attente"),
        # The delay ends on the day of the report: the council may still answer.
        (0, {"date_envoi": "2023-05-30", "date_limite_avis": "2023-06-30"}, "en_attente"),
        (0, {"date_envoi": "2023-05-29", "date_limite_avis": "2023-06-29"}, "tacite"),
        # A month after 30 January is the last day of February.
        (0, {"date_envoi": "2023-01-30", "date_limite_avis": "2023-02-27"}, "delai_irregulier"),
        (0, {"date_envoi": "2023-01-30", "date_limite_avis": "2023-02-28"}, "tacite"),
        (0, {"date_envoi": "2023-03-31", "date_limite_avis": "2023-04-29"}, "delai_irregulier"),
        (0, {"date_envoi": "2023-03-31", "date_limite_avis": "2023-04-30"}, "tacite"),
        (0, {"date_envoi": "2023-07-02", "date_limite_avis": "2023-09-02"}, "non_saisi"),
        (2, {"texte": " "}, "sans_texte"),
        (2, {"date_reception": "2023-06-30"}, "annexe"),
        # Known after the date of the report: silent, as far as it can say.
        (2, {"date_reception": "2023-07-01"}, "tacite"),
        # Who answered had time enough.
        (2, {"date_limite_avis": "2023-02-15"}, "annexe"),
    ],
)
def test_where_an_opinion_stands(rank: int, cells: dict[str, Any], state: str) -> None:
    rows = changed(rank, **cells)
    judged = judge(rows).set_index("code_organe")
    assert judged.loc[rows[rank]["code_organe"], "etat_avis"] == state
    after = [DELIBERATION | {"date_deliberation": "2023-06-30"}]
    assert annual_report.judge_status(gaps(rows, after)) == (
        "definitif" if state in annual_report.SETTLED else "projet"
    )


@pytest.mark.parametrize(
    ("rank", "named"),
    [(0, "Conseil municipal d'Anzin"), (1, "Conseil municipal de Beuvrages"), (2, "Conseil citoyen d'Anzin")],
)
def test_a_council_that_was_not_asked_is_named(rank: int, named: str) -> None:
    missing = gaps([row for at, row in enumerate(COMPLETE) if at != rank])
    assert missing[["piece_attendue", "constat_manque"]].to_numpy().tolist() == [[f"Avis : {named}", "non saisi"]]


def test_a_council_asked_once_is_expected_again() -> None:
    former = COMPLETE[2] | {"code_organe": "CC-2", "code_territoire": "59079", "nom_organe": "Conseil des habitants"}
    held = table("avis_rapport", [*COMPLETE, former | {"annee": 2021}])
    bodies = annual_report.list_bodies(TERRITORIES, held, EVENTS, 2022)
    judged = annual_report.judge_opinions(held[held["annee"] == 2022], bodies, STOP).set_index("code_organe")
    assert judged["etat_avis"].to_dict()["CC-2"] == "non_saisi"
    later = held.assign(annee=held["annee"].where(held["code_organe"] != "CC-2", 2023))
    assert "CC-2" not in annual_report.list_bodies(TERRITORIES, later, EVENTS, 2022)["code_organe"].tolist()


def test_no_known_citizens_council_is_a_gap_of_its_own() -> None:
    bodies = annual_report.list_bodies(TERRITORIES, table("avis_rapport", []), EVENTS.iloc[1:], 2022)
    judged = annual_report.judge_opinions(table("avis_rapport", []), bodies, STOP)
    missing = annual_report.find_gaps(annual_report.describe_sections(FIGURES, TEXTS), judged, None)
    assert missing["piece_attendue"].iloc[0] == "Avis, conseil citoyen"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"est_approuve": False}, "n'approuve pas le rapport"),
        ({"suite_observations": None}, "ne dit pas la suite donnée aux observations"),
        ({"suite_observations": "  "}, "ne dit pas la suite donnée aux observations"),
        ({"date_deliberation": "2023-07-01"}, "pas de délibération du conseil communautaire à la date d'arrêt"),
        ({"organe": "conseil_municipal"}, "pas de délibération du conseil communautaire à la date d'arrêt"),
        # The last day of a silent council's delay is still its own.
        ({"date_deliberation": "2023-02-28"}, "précède un avis, ou la fin d'un délai"),
    ],
)
def test_a_deliberation_that_lacks_something_keeps_it_a_draft(cells: dict[str, Any], told: str) -> None:
    missing = gaps(acts=[DELIBERATION | cells])
    assert len(missing) == 1
    assert missing["constat_manque"].iloc[0].endswith(told)


@pytest.mark.parametrize("day", ["2023-06-30", "2023-03-01"])
def test_a_deliberation_counts_from_the_day_after_the_last_delay_to_the_date_of_the_report(day: str) -> None:
    assert gaps(acts=[DELIBERATION | {"date_deliberation": day}]).empty


def test_the_last_deliberation_holds() -> None:
    refused = DELIBERATION | {"numero": "2023-50", "date_deliberation": "2023-06-25", "est_approuve": False}
    assert len(gaps(acts=[refused, DELIBERATION])) == 1


def test_an_annexed_opinion_is_shown_whole() -> None:
    text = "Premier paragraphe.\n" + "mot " * 300
    shown = annual_report.annex_texts(judge(changed(2, texte=text)))
    assert shown["texte"].str.len().max() <= 380
    assert " ".join(shown["texte"]).split() == text.split()
    assert set(shown["libelle_avis"]) == {"Favorable avec réserves"}


def test_every_objective_of_the_law_is_there_with_its_indicators_or_none() -> None:
    attempts = pd.DataFrame(
        {
            "code_indicateur": ["taux_pauvrete_qpv", "taux_emploi_15_64", "taux_emploi_exemple"],
            "libelle_indicateur": ["Pauvreté", "Emploi", "Exemple"],
            "geographie": ["QPV2024", "QPV2015", "exemple"],
            "millesimes": ["2021", "2013, 2018", "2015, 2020"],
        }
    )
    panels = attempts[["code_indicateur", "geographie"]].assign(motif_refus=["un seul millésime", "", ""])
    matched = annual_report.match_objectives(attempts, panels)
    assert len(matched) == 10
    assert matched["indicateurs_disponibles"].iloc[[0, 2]].tolist() == [
        "Pauvreté (quartiers de 2024, millésime : 2021)", "Emploi (quartiers de 2015, millésime : 2013, 2018)",
    ]  # fmt: skip
    assert matched["evolution_calculable"].eq("calculable").tolist() == [rank == 2 for rank in range(10)]
    assert matched["indicateurs_disponibles"].eq(annual_report.NO_INDICATOR).sum() == 8
    assert annual_report.match_objectives(pd.DataFrame(), panels.iloc[:0])["nb_indicateurs"].eq(0).all()


@pytest.mark.parametrize(("year", "councils"), [(2015, 0), (2022, 4)])
def test_the_shipped_contract_expects_its_communes_and_known_citizens_councils(
    year: int, councils: int, shipped: Frames
) -> None:
    opinions = table("avis_rapport", [])
    kinds = annual_report.list_bodies(shipped["territoires"], opinions, shipped["calendrier"], year)["type_organe"]
    assert kinds.value_counts().to_dict() == {"conseil_municipal": 12} | (
        {"conseil_citoyen": councils} if councils else {}
    )
