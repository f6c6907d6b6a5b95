"""Counts against a population, and how each quartier stands among the others: worked out by hand."""

import pandas as pd
import pytest

from pipelines.errors import DataError, UsageError
from pipelines.indicators import observation

EPCI = "100000001"
TERRITORIES = pd.DataFrame(
    {
        "code_territoire": [EPCI, "01001", "01002", "QP1", "QP2", "QN1", "EX0001"],
        "nom_territoire": ["Agglomération", "A", "B", "Un", "Deux", "Trois", "Exemple"],
        "type_territoire": ["epci", "commune", "commune", "qpv", "qpv", "qpv", "qpv"],
        "geographie": ["administrative"] * 3 + ["QPV2015", "QPV2015", "QPV2024", "exemple"],
    }
)


def observed(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["code_indicateur", "code_territoire", "millesime", "valeur"])
    return frame.astype({"valeur": "Float64"}).assign(id_source="source_" + frame["code_indicateur"])


OBSERVED = observed(
    ("inscrits", EPCI, "2015", 100), ("inscrits", "01001", "2015", 60), ("inscrits", "01002", "2015", 10),
    ("inscrits", "01001", "2016", 60), ("inscrits", "01001", "non précisé", 1),
    ("habitants", EPCI, "2015", 1000), ("habitants", "01001", "2015", 300), ("habitants", "01002", "2015", 200),
    ("habitants", "01001", "2017", 300), ("habitants", "01001", "non précisé", 1),
)  # fmt: skip


@pytest.fixture
def rates() -> pd.DataFrame:
    return observation.rate_by_population(OBSERVED, TERRITORIES, "inscrits", "habitants")


def test_a_rate_needs_the_count_and_the_people_of_one_year(rates: pd.DataFrame) -> None:
    assert rates["annee"].unique().tolist() == [2015]
    found = rates.set_index("code_territoire")
    assert found["part_habitants"].to_dict() == {EPCI: 10, "01001": 20, "01002": 5}
    assert set(rates["id_source"]) == {"source_inscrits"}


def test_the_rest_is_the_whole_without_the_part(rates: pd.DataFrame) -> None:
    rest = observation.gap_to_rest_of_whole(rates, EPCI).set_index("code_territoire")
    # (100 − 60) / (1000 − 300)
    assert rest.loc["01001", "part_reste"] == pytest.approx(100 * 40 / 700)
    assert rest.loc["01001", "ecart_reste"] == pytest.approx(20 - 100 * 40 / 700)
    assert EPCI not in rest.index


def test_without_the_whole_there_is_no_rest(rates: pd.DataFrame) -> None:
    rest = observation.gap_to_rest_of_whole(rates[rates["code_territoire"] != EPCI], EPCI)
    assert rest["ecart_reste"].isna().all()
    assert len(rest) == 2


def test_over_representation_is_the_share_of_the_count_over_that_of_the_people(rates: pd.DataFrame) -> None:
    found = observation.overrepresent(rates, EPCI).set_index("code_territoire")
    assert found.loc["01001", ["part_comptes", "part_population"]].to_list() == [60, 30]
    assert found["coefficient_surrepresentation"].to_dict() == {"01001": 2, "01002": 0.5}


def test_nobody_lives_there_and_nothing_is_divided() -> None:
    nobody = observed(("inscrits", "01001", "2015", 0), ("habitants", "01001", "2015", 0))
    assert observation.rate_by_population(nobody, TERRITORIES, "inscrits", "habitants")["part_habitants"].isna().all()


# compare_situations, pick_geography, pick_rate, pick_described

INDICATORS = pd.DataFrame(
    {
        "code_indicateur": ["taux_emploi", "montant_revenu", "nb_menages"],
        "libelle_indicateur": ["Taux d'emploi", "Revenu", "Ménages"],
        "unite": ["%", "€", "nombre"],
        "sens": ["haut_mieux", "haut_mieux", "neutre"],
        "est_additif": [False, False, True],
    }
)
FIVE = pd.DataFrame(
    {"code_territoire": [f"QP{i}" for i in range(5)], "type_territoire": "qpv", "geographie": "QPV2015"}
)


def situations(*values: float | None, code: str = "taux_emploi") -> pd.DataFrame:
    rows = [(code, f"QP{i}", "2015", value) for i, value in enumerate(values)]
    return observation.compare_situations(observed(*rows), INDICATORS, FIVE, "QPV2015")


def test_a_score_is_the_gap_to_the_median_over_the_median_gap() -> None:
    out = situations(10, 20, 30, 50, 90)
    assert set(out["valeur_mediane"]) == {30}
    # Gaps −20, −10, 0, 20, 60: their median size is 20.
    assert out["score_mediane"].to_list() == pytest.approx([gap / (1.4826 * 20) for gap in (-20, -10, 0, 20, 60)])
    assert out["texte_valeur"].to_list() == ["10,0", "20,0", "30,0", "50,0", "90,0"]
    assert situations(*[12000] * 5, code="montant_revenu")["texte_valeur"].iloc[0] == "12\u202f000"


@pytest.mark.parametrize("values", [(10, 20, 30, 40, None), (10, 30, 30, 30, 50)])
def test_no_score_on_too_few_values_or_on_values_that_are_alike(values: tuple[float | None, ...]) -> None:
    assert situations(*values)["score_mediane"].isna().all()


def test_a_count_follows_the_size_of_the_quartier_and_is_left_out() -> None:
    assert situations(1, 2, 3, 4, 5, code="nb_menages").empty


@pytest.mark.parametrize(("year", "name"), [(2015, "QPV2015"), (2023, "QPV2015"), (2024, "QPV2024"), (2030, "QPV2024")])
def test_the_geography_is_that_of_the_law_in_the_year(year: int, name: str) -> None:
    assert observation.pick_geography(TERRITORIES, year) == name


def test_without_that_of_the_year_the_latest_geography_stands_in() -> None:
    alone = TERRITORIES[TERRITORIES["geographie"] != "QPV2015"]
    assert observation.pick_geography(alone, 2015) == "QPV2024"
    with pytest.raises(DataError, match="n'a pas de quartier prioritaire"):
        observation.pick_geography(alone[alone["geographie"] != "QPV2024"], 2015)


ATTEMPTS = pd.DataFrame(
    {
        "code_indicateur": ["nb_menages", "taux_sans", "taux_avec", "taux_ailleurs"],
        "geographie": ["QPV2015", "QPV2015", "QPV2015", "QPV2024"],
        "nb_ecarts": [9, 0, 3, 5],
    }
)
RATES = pd.DataFrame(
    {
        "code_indicateur": ATTEMPTS["code_indicateur"],
        "unite": ["nombre", "%", "%", "%"],
        "est_additif": [True] + [False] * 3,
    }
)


def test_the_first_rate_with_a_lawful_gap_is_followed() -> None:
    assert observation.pick_rate(ATTEMPTS, RATES, "QPV2015", None) == "taux_avec"
    assert observation.pick_rate(ATTEMPTS.assign(nb_ecarts=0), RATES, "QPV2015", None) == "taux_sans"
    assert observation.pick_rate(ATTEMPTS, RATES, "QPV2015", "taux_sans") == "taux_sans"


@pytest.mark.parametrize("asked", ["nb_menages", "taux_ailleurs", "inconnu"])
def test_what_is_no_rate_of_these_quartiers_is_refused_with_the_list(asked: str) -> None:
    with pytest.raises(UsageError, match=r"n'est pas un taux connu .* Taux : taux_sans, taux_avec"):
        observation.pick_rate(ATTEMPTS, RATES, "QPV2015", asked)


def test_quartiers_without_a_rate_are_refused() -> None:
    with pytest.raises(DataError, match="aucun taux"):
        observation.pick_rate(ATTEMPTS.iloc[:1], RATES, "QPV2015", None)


def test_the_geography_described_is_the_one_with_most_indicators() -> None:
    rows = [("taux_avec", "QP1", "2015", 1.0), ("nb_menages", "QP1", "2015", 1.0), ("taux_avec", "QN1", "2020", 1.0)]
    assert observation.pick_described(observed(*rows), RATES, TERRITORIES, "QPV2015") == "QPV2015"
    richer = [*rows, ("taux_sans", "QN1", "2020", 1.0), ("taux_sans", "EX0001", "2020", 1.0)]
    assert observation.pick_described(observed(*richer), RATES, TERRITORIES, "QPV2015") == "QPV2024"
