"""Posts beside the median of the contracts, councils beside the decision, sites and rebates by quartier."""

import json
from collections import Counter

import pandas as pd
import pytest

from pipelines.indicators import commitments
from pipelines.paths import ROOT
from pipelines.tables import NO_CONTRACT
from tests.indicators.test_commitments import frame

Frames = dict[str, pd.DataFrame]
PUBLIC = ROOT.parent / "shared" / "real-data" / "anct-ci-ville"
EXCERPT = ROOT / "tests" / "data" / "reperes_147_fictifs.csv"
ARRET = pd.Timestamp("2023-06-30")


@pytest.mark.parametrize(
    ("code", "year", "posts", "rate", "median", "rank", "others", "lost"),
    [
        ("CVX01", 2022, 10, 1.0, 0.75, 2, 4, 0),
        ("CVX03", 2022, 10, 2.0, 0.75, 1, 4, 0),
        ("CVX01", 2023, 5, 0.5, 0.5, 1, 3, 7),
        ("CVX03", 2023, 0, 0.0, 0.5, 3, 3, 7),
    ],
)
def test_posts_beside_the_median(
    code: str, year: int, posts: int, rate: float, median: float, rank: int, others: int, lost: int
) -> None:
    compared = commitments.compare_posts(frame("reperes_147", EXCERPT.read_text(encoding="utf-8")), code)
    own = compared[(compared["dispositif"] == "Adultes-relais") & (compared["annee"] == year)].iloc[0]
    columns = ["nb_postes", "coefficient_postes", "coefficient_median", "rang_contrat", "nb_contrats", "nb_sans_code"]
    assert own[columns].tolist() == [posts, rate, median, rank, others, lost]


@pytest.mark.parametrize(("scheme", "label"), [("adulte_relais", "Adultes-relais"), ("fonjep", "Postes Fonjep")])
def test_the_rate_of_each_contract_is_the_one_it_is_compared_by(scheme: str, label: str) -> None:
    yardsticks = frame("reperes_147", EXCERPT.read_text(encoding="utf-8"))
    rates = commitments.rate_posts(yardsticks, scheme)
    assert NO_CONTRACT not in set(rates["code_contrat"])
    for code, own in rates.groupby("code_contrat"):
        compared = commitments.compare_posts(yardsticks, code)
        compared = compared[compared["dispositif"] == label].set_index("annee")["coefficient_postes"]
        assert own.set_index("annee")["coefficient_postes"].to_dict() == compared.to_dict()


def test_a_contract_that_is_not_among_them_is_not_ranked() -> None:
    yardsticks = frame("reperes_147", EXCERPT.read_text(encoding="utf-8"))
    assert commitments.compare_posts(yardsticks, "CVX99").empty
    assert commitments.compare_posts(yardsticks, NO_CONTRACT).empty


def test_the_shipped_posts_are_those_published(shipped: Frames) -> None:
    compared = commitments.compare_posts(shipped["reperes_147"], "CV193")
    counted = commitments.count_posts(shipped["postes_147"])
    key = ["dispositif", "annee"]
    # Two tables, one contract: they count the same posts.
    assert compared[[*key, "nb_postes"]].equals(counted[[*key, "nb_postes"]])
    assert counted["nb_postes"].tolist() == [36, 38, 40, 30, 3, 2, 3, 4]
    assert compared["coefficient_postes"].astype(float).round(2).tolist()[:4] == [1.06, 1.12, 1.17, 0.88]
    assert compared["coefficient_median"].astype(float).round(2).tolist()[:4] == [0.79, 0.95, 0.99, 0.99]
    assert compared["nb_contrats"].unique().tolist() == [221]
    assert compared["nb_sans_code"].tolist() == [0, 0, 0, 52, 0, 0, 0, 25]


def test_the_yardsticks_are_the_public_files_counted(shipped: Frames) -> None:
    """Every contract of 5 000 inhabitants and more, every year; skipped where the public files are absent."""
    if not PUBLIC.is_dir():
        pytest.skip("fichiers publics absents : ../shared/real-data/anct-ci-ville")
    shapes = json.loads((PUBLIC / "geom_cv_ctr.json").read_text(encoding="utf-8"))["features"]
    # A contract that spreads over two departments is there twice: its larger part is kept.
    parts = [(s["properties"]["code_cv"], int(s["properties"]["pop"] or 0)) for s in shapes]
    people = {code: number for code, number in sorted(parts, key=lambda part: part[1]) if number >= 5000}
    expected = set()
    for year in range(2020, 2024):
        counts = [
            Counter(
                post.get("code_cv") or NO_CONTRACT
                for post in json.loads((PUBLIC / f"{name}-{year}.json").read_text(encoding="utf-8"))
            )
            for name in ("adulte-relais", "postes-fonjep")
        ]
        rows = [*people.items(), (NO_CONTRACT, 0)]
        expected |= {(code, year, number, *(count[code] for count in counts)) for code, number in rows}
    table = shipped["reperes_147"]
    columns = ["code_contrat", "annee", "nb_habitants", "nb_adulte_relais", "nb_fonjep"]
    assert set(table[columns].fillna({"nb_habitants": 0}).itertuples(index=False, name=None)) == expected


CALENDAR = """rang;debut;type_evenement;libelle_evenement
1;2019-06-17;conseil_citoyen;Premier conseil
2;2019-07-04;instance;Validation
3;2019-07-09;conseil_citoyen;Second conseil
4;2019-06;conseil_citoyen;Conseil sans jour
5;2019-07-04;conseil_citoyen;Conseil du même jour
"""


def calendar() -> pd.DataFrame:
    return frame("calendrier", CALENDAR)


def test_a_meeting_after_the_decision_is_said_to_be_after() -> None:
    timed = commitments.time_consultations(calendar(), commitments.find_decision(calendar(), "Validation"))
    found = timed.set_index("instance")[["moment_consultation", "nb_jours_decision"]]
    assert found["moment_consultation"].to_dict() == {
        "Premier conseil": commitments.BEFORE, "Second conseil": commitments.AFTER,
        "Conseil sans jour": commitments.UNDATED, "Conseil du même jour": commitments.SAME_DAY,
    }  # fmt: skip
    assert found["nb_jours_decision"].dropna().tolist() == [-17, 0, 5]


@pytest.mark.parametrize(("text", "found"), [("Validation", True), ("conseil", False), ("Absent", False)])
def test_a_decision_is_one_dated_event(text: str, found: bool) -> None:
    assert (commitments.find_decision(calendar(), text) is not None) == found


def test_the_shipped_councils_of_valenciennes_were_met_after(shipped: Frames) -> None:
    events = shipped["calendrier"]
    decided = commitments.find_decision(events, "signature État et CAVM")
    timed = commitments.time_consultations(events, decided)
    assert decided == pd.Timestamp("2019-07-04")
    assert timed["moment_consultation"].tolist() == [commitments.BEFORE, commitments.BEFORE, commitments.AFTER]
    assert timed["nb_jours_decision"].tolist() == [-17, -15, 5]


def test_a_statement_keeps_its_last_answer_and_its_delay() -> None:
    statements = frame("enonces_conseils", "code_enonce;theme;nature;libelle_enonce\n" + "".join(
        f"CC-0{n};{theme};constat;Énoncé\n" for n, theme in ((1, "a"), (2, "a"), (3, "b"))
    ))  # fmt: skip
    answers = frame(
        "suites_enonces",
        "code_enonce;date_suite;suite\nCC-01;2019-07-01;en_etude\nCC-01;2019-07-19;retenu\nCC-02;2019-08-01;sans_reponse\n"
        "CC-03;2023-07-01;retenu\n",
    )
    followed = commitments.follow_statements(statements, answers, pd.Timestamp("2019-06-19"), ARRET)
    assert followed["suite"].tolist() == ["Retenu", "Sans réponse", commitments.UNKNOWN_ANSWER]
    assert followed["nb_jours_reponse"].iloc[0] == 30
    counted = commitments.count_answers(followed).set_index("theme")
    assert counted.loc["Ensemble", ["nb_enonces", "nb_avec_suite"]].tolist() == [3, 1]
    assert counted.loc["a", "nb_jours_median"] == 30
    assert pd.isna(counted.loc["b", "nb_jours_median"])


def test_the_shipped_statements_have_no_known_answer(shipped: Frames) -> None:
    none = frame("suites_enonces", "code_enonce;date_suite;suite\n")
    followed = commitments.follow_statements(shipped["enonces_conseils"], none, None, ARRET)
    assert commitments.count_answers(followed).iloc[-1][["nb_enonces", "nb_avec_suite"]].tolist() == [18, 0]
    assert set(followed["suite"]) == {commitments.UNKNOWN_ANSWER}


def test_a_programme_takes_one_row_in_a_quartier_and_its_last_status() -> None:
    sites = frame("sites_renouvellement", """rang;programme;nom_site;communes;code_territoire
1;NPNRU;Site A;X;Q1
2;NPNRU;Site B;X | Y;Q1
3;PNRQAD;Site C;X;Q1
4;NPNRU;Site D;Z;
5;NPNRU;Site E;T;
""")  # fmt: skip
    said = frame("suivis_sites", """code_territoire;programme;action;date_suivi;statut;montant
Q1;NPNRU;Démolition;2022-01-01;en_travaux;10
Q1;NPNRU;Démolition;2023-01-01;acheve;12
Q1;NPNRU;Voirie;2023-07-01;acheve;5
""")  # fmt: skip
    shown = commitments.describe_sites(sites, said, pd.Series({"Q1": "Quartier un"}), ARRET)
    assert shown[["quartier", "programme", "sites", "libelle_statut", "action"]].to_numpy().tolist() == [
        ["Quartier un", "NPNRU", "Site A, Site B", "Achevé", "Démolition"],
        ["Quartier un", "PNRQAD", "Site C", commitments.UNSAID, commitments.UNSAID],
        [f"{commitments.UNNAMED} (Z)", "NPNRU", "Site D", commitments.UNSAID, commitments.UNSAID],
        [f"{commitments.UNNAMED} (T)", "NPNRU", "Site E", commitments.UNSAID, commitments.UNSAID],
    ]
    assert shown["communes"].iloc[0] == "X, Y"
    assert shown["montant"].iloc[0] == 12
    assert shown["montant"].iloc[1:].isna().all()


def test_an_agreement_without_end_says_since_when() -> None:
    rebates = frame("conventions_tfpb", """code_territoire;bailleur;annee_debut;annee_fin;statut;action;montant
Q1;Bailleur A;2016;2022;achevee;Jardin;
Q1;Bailleur A;2023;;signee;Jardin;5
""")  # fmt: skip
    shown = commitments.describe_rebates(rebates, pd.Series({"Q1": "Quartier un"}))
    assert shown[["periode", "libelle_statut"]].to_numpy().tolist() == [
        ["2016 à 2022", "Achevée"],
        ["depuis 2023", "Signée"],
    ]
