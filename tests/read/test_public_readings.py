"""Wide public files, one row a territory: every cell is one observation, with its value or the reason of its absence.

Excerpts of our own making always; whole public files where they are present, against published totals and the csv
module alone.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from python_calamine import load_workbook

from pipelines.clean.readings import split_readings
from pipelines.errors import DataError
from pipelines.paths import ROOT

Take = Callable[..., Any]
Rows = Callable[..., list[dict[str, str]]]

PUBLIC = ROOT.parent / "shared" / "real-data"
QPV_2015 = "qpv2015-decret-2014-1750/qpv_2015_nord.csv"
QPV_2024 = "qpv2024-insee-anct/analyse_qpv.csv"
OCCITANIE = "hackaviz2021-qpv-occitanie/qp.csv"
DICTIONARY = "hackaviz2021-qpv-occitanie/meta_qp.csv"
COMMUNES = "observatoire-territoires-2019/datacom.csv"
EPCI = "observatoire-territoires-2019/dataepci.csv"
PORTRAIT = "observatoire-territoires-2019/tableau portrait 201913.xlsx"
NORD = "insee-caf-nord-communes-epci/{}_nord.csv"
CAVM = "245901160"


def observe(taken: Any) -> pd.DataFrame:
    """The observations of a wide file: no cell is lost, none is of a row set aside."""
    observations, _ = split_readings(taken.cleaned.kept)
    measures = [name for name in taken.raw.frame.columns if "@" in name]
    assert len(observations) == len(taken.cleaned.kept) * len(measures)
    return observations


def value(observations: pd.DataFrame, code: str, territory: str, vintage: str) -> float:
    return observations.set_index(["code_indicateur", "code_territoire", "millesime"])["valeur"][
        code, territory, vintage
    ]


def measured(*headers: str, vintage: str = "2021") -> dict[str, dict[str, str]]:
    """A measure for each header, under its own name."""
    return {header: {"code": header, "millesime": vintage} for header in headers}


def test_a_quartier_on_two_communes_is_counted_once_and_set_aside_where_its_rows_differ(take: Take) -> None:
    taken = take("qpv_2024")
    assert taken.balance == [6, 2, 3, 1]
    assert taken.cleaned.set_aside[["ligne", "motif"]].to_numpy().tolist() == [
        [3, "doublon exact d'une ligne déjà lue"],
        [5, "même code_territoire, id_source avec un contenu différent, lignes 5 et 6"],
        [6, "même code_territoire, id_source avec un contenu différent, lignes 5 et 6"],
    ]
    observations = observe(taken)
    population = observations[observations["code_indicateur"] == "nb_habitants_qpv"]
    assert population["valeur"].sum() == 1100 + 1274
    assert observations["millesime"].unique().tolist() == ["non précisé", "2021"]
    assert observations["statut"].tolist() == ["ok", "ok", "ok", "vide", "ok", "vide"]


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("occitanie", {"ok": 12, "vide": 3}),
        ("communes", {"ok": 7, "nd": 1, "vide": 1}),
        ("epci", {"ok": 5, "nd": 1}),
        ("nord", {"ok": 4, "nd": 5}),
        ("etablissements", {"ok": 4}),
        ("insertion_2018", {"ok": 4, "nd": 1, "ns": 1, "s": 1, "so": 1, "vide": 1}),
        ("revenus_2017", {"ok": 1, "nd": 1}),
        ("revenus_2018", {"ok": 1, "s": 1}),
    ],
)
def test_an_absent_value_keeps_its_reason(take: Take, name: str, statuses: dict[str, int]) -> None:
    observations = observe(take(name))
    assert observations["statut"].value_counts().to_dict() == statuses
    assert observations["valeur"].isna().equals(observations["statut"] != "ok")


def test_a_real_zero_stays_and_a_row_without_a_code_is_set_aside(take: Take) -> None:
    assert value(observe(take("occitanie")), "decuc_d1", "QP999001", "2017") == 0
    epci = take("epci")
    assert epci.balance == [4, 2, 1, 1]
    assert epci.cleaned.set_aside["motif"].tolist() == ["sans « code_territoire » : non disponible (nd)"]


def test_two_glued_codes_stay_one_territory(take: Take) -> None:
    assert take("etablissements").cleaned.kept["code_territoire"].tolist() == ["999000001999000002", "999000003"]


def test_an_aggregate_and_titles_of_another_place_are_not_data(take: Take) -> None:
    taken = take("insertion_2018")
    # Three lines of titles, two blank ones, the header, « Ensemble des QPV ».
    assert taken.balance == [10, 3, 0, 7]
    assert value(observe(taken), "taux_emploi_qp2015", "QP999001", "2018") == 45.5


def test_a_header_that_changes_with_the_vintage_is_one_indicator(take: Take) -> None:
    both = pd.concat([observe(take("revenus_2017")), observe(take("revenus_2018"))])
    assert both["code_indicateur"].unique().tolist() == ["montant_revenu_median_qp2015"]
    assert both["millesime"].tolist() == ["2017", "2017", "2018", "2018"]


def test_a_listed_territory_that_the_file_lacks_stops(take: Take) -> None:
    with pytest.raises(DataError, match="aucune ligne ne porte « QP999009 » dans la colonne « CODGEO »"):
        take("insertion_2018", lignes_gardees={"CODGEO": ["QP999001", "QP999009"]})
    with pytest.raises(DataError, match=r"la colonne « CODGE », que nomme « lignes_gardees ».*CODGEO"):
        take("insertion_2018", lignes_gardees={"CODGE": ["QP999001"]})


def test_a_dictionary_gives_the_definitions_of_the_listed_variables(take: Take) -> None:
    taken = take("dictionnaire_pourcent")
    assert taken.balance == [7, 3, 0, 4]
    kept = taken.cleaned.kept
    assert kept["code_indicateur"].tolist() == ["part_chomprinc", "tp60", "tx_tot_empl"]
    assert kept["definition"].tolist() == kept["libelle_indicateur"].tolist()
    assert kept["libelle_indicateur"].iloc[1] == "Taux de pauvreté"


@pytest.mark.parametrize(("public", "balance"), [("", [7, 6, 0, 1]), (QPV_2015, [92, 91, 0, 1])])
def test_the_list_of_2015_is_whole(take: Take, public: str, balance: list[int]) -> None:
    taken = take("qpv_2015", public)
    assert taken.balance == balance
    kept = taken.cleaned.kept
    # The contract's fourteen, three of them under one name.
    ours = kept[kept["code_territoire"].between("QP059020", "QP059033")]
    assert (len(ours), (ours["nom_territoire"] == "Centre-ville").sum()) == ((14, 3) if public else (0, 0))


def test_the_public_quartiers_of_2024_add_up_to_what_insee_publishes(take: Take, public_rows: Rows) -> None:
    rows = public_rows(QPV_2024, ",")
    ignored = [header for header in rows[0] if header not in ("codeQPV", "lib_qp", "popMuniQPV", "taux_d_emploi")]
    taken = take(
        "qpv_2024",
        QPV_2024,
        colonnes_ignorees=ignored,
        indicateurs=measured("popMuniQPV", "taux_d_emploi"),
    )
    assert taken.balance == [1714, 1518, 195, 1]
    assert set(taken.cleaned.set_aside["motif"]) == {"doublon exact d'une ligne déjà lue"}
    observations = observe(taken)
    population = observations[observations["code_indicateur"] == "popMuniQPV"].set_index("code_territoire")["valeur"]
    for column, code, quartiers, inhabitants in (("insee_reg", "32.0", 204, 753_115), ("insee_dep", "59", 94, 432_926)):
        codes = sorted({row["codeQPV"] for row in rows if row[column] == code})
        assert (len(codes), population[codes].sum()) == (quartiers, inhabitants)
    blank = {row["codeQPV"] for row in rows if not row["taux_d_emploi"]}
    employment = observations[observations["code_indicateur"] == "taux_d_emploi"]
    assert set(employment.loc[employment["statut"] == "vide", "code_territoire"]) == blank


def test_the_public_indicators_of_occitanie_keep_zeros_and_secrets(take: Take, public_rows: Rows) -> None:
    rows = public_rows(OCCITANIE, ",")
    names = [header for header in rows[0] if header not in ("code_qp", "nom_qp", "nom_commune")]
    taken = take("occitanie", OCCITANIE, indicateurs=measured(*names))
    assert taken.balance == [106, 105, 0, 1]
    observations = observe(taken)
    assert (observations["statut"] == "vide").sum() == sum(row[name] == "" for row in rows for name in names)
    assert set(observations["statut"]) == {"ok", "vide"}
    by_code = observations.set_index("code_indicateur")
    assert (by_code.loc["decuc_d1", "valeur"] == 0).sum() == 55
    assert by_code.loc["part_chomprinc", "valeur"].isna().sum() == 55
    for name in names:
        assert by_code.loc[name, "valeur"].sum() == pytest.approx(sum(float(row[name]) for row in rows if row[name]))
    dictionary = take("dictionnaire_pourcent", DICTIONARY, lignes_gardees={})
    assert dictionary.balance == [len(names) + 3 + 1, len(names) + 3, 0, 1]
    assert set(names) < set(dictionary.cleaned.kept["code_indicateur"])


def test_the_public_workbook_of_occitanie_says_what_its_csv_says(take: Take, public_rows: Rows) -> None:
    header = list(public_rows(OCCITANIE, ",")[0])
    names = ("pop_mun", "part_chomprinc", "decuc_d1", "tp60", "tx_tot_empl")
    ignored = [name for name in header if name not in (*names, "code_qp", "nom_qp")]
    columns = ["code_indicateur", "code_territoire", "valeur", "statut"]
    text, book = (
        observe(take("occitanie", public, forme=form, colonnes_ignorees=ignored, indicateurs=measured(*names)))
        for public, form in ((OCCITANIE, "csv"), (OCCITANIE.replace(".csv", ".xlsx"), "classeur"))
    )
    pd.testing.assert_frame_equal(text[columns], book[columns])


@pytest.mark.parametrize(
    ("name", "public", "key", "balance", "territory", "expected"),
    [
        ("communes", COMMUNES, "CODGEO", [35358, 35357, 0, 1], "59606", (19.42, 51.53, 17896)),
        ("epci", EPCI, "epci2018", [1266, 1264, 1, 1], CAVM, (24.05, 53.18, 17471.5)),
    ],
)
def test_the_public_observatory_gives_its_reference_levels(
    take: Take,
    public_rows: Rows,
    name: str,
    public: str,
    key: str,
    balance: list[int],
    territory: str,
    expected: tuple[float, float, float],
) -> None:
    rows = public_rows(public)
    taken = take(name, public, colonnes_ignorees=["ID_1", "ID_2", "ID_3", "ID_5", "ID_7", "ID_8"])
    assert taken.balance == balance
    assert set(taken.cleaned.kept["code_territoire"]) == {row[key] for row in rows if row[key] != "NA"}
    observations = observe(taken)
    codes = ("taux_jeunes_ni_emploi_ni_etudes", "taux_emploi_15_64", "montant_revenu_median")
    found = [value(observations, code, territory, "non précisé") for code in codes]
    assert found == pytest.approx(expected, abs=0.005)
    income = observations[observations["code_indicateur"] == "montant_revenu_median"]
    absent = sum(row["ID_9"] == "NA" for row in rows if row[key] != "NA")
    assert (income["statut"] == "nd").sum() == absent
    assert name == "epci" or absent == 3610


def test_the_public_portrait_of_epci_is_read_with_its_dictionary(take: Take) -> None:
    path = PUBLIC / PORTRAIT
    if not path.is_file():
        pytest.skip(f"fichier public absent : ../shared/real-data/{PORTRAIT}")
    header, *rows = load_workbook(path).get_sheet_by_index(0).to_python()
    options = {"forme": "classeur", "colonnes_facultatives": []}
    taken = take(
        "epci",
        PORTRAIT,
        **options,
        feuilles=["tableau_portrait_201913"],
        colonnes={"epci": "code_territoire", "nom_epci": "nom_territoire"},
        colonnes_ignorees=[name for name in header if name not in ("epci", "nom_epci", "nombredhab_epci")],
        indicateurs=measured("nombredhab_epci"),
    )
    assert taken.balance == [1260, 1259, 0, 1]
    at = header.index("nombredhab_epci")
    assert observe(taken)["valeur"].sum() == sum(row[at] for row in rows if row[at] != "")
    dictionary = take(
        "dictionnaire_pourcent",
        PORTRAIT,
        **options,
        feuilles=["meta"],
        colonnes={"id": "code_indicateur", "lib": "libelle_indicateur"},
        colonnes_ignorees=[],
        lignes_gardees={"id": ["partemploiindus"]},
    )
    assert dictionary.cleaned.kept["libelle_indicateur"].tolist() == ["Part de l'emploi salarié dans l'industrie"]


@pytest.mark.parametrize(
    ("series", "marks", "known"),
    [
        ("filo", 15925, {"med21": 19690, "tp6021": 23.6}),
        ("dads", 9768, {}),
        ("defm_an", 0, {"defm2015": 20715, "defm2022": 20670}),
        ("rsa", 0, {"rsa_2017": 10474, "rsa_2023": 9125}),
        ("sup", 0, {"pmun2015": 192531, "pmun2022": 191885}),
        ("bas_rev", None, {}),
    ],
)
def test_the_public_series_of_nord_tell_nd_from_a_number(
    take: Take, public_rows: Rows, series: str, marks: int | None, known: dict[str, float]
) -> None:
    public = NORD.format(series)
    rows = public_rows(public)
    ignored = ["niveau", "comp1", "comp2", "comp3"]
    names = [header for header in rows[0] if header not in ("id", "nom", *ignored)]
    taken = take("nord", public, colonnes_ignorees=ignored, indicateurs=measured(*names))
    assert taken.balance == [668, 667, 0, 1]
    observations = observe(taken)
    nd = sum(row[name] == "ND" for row in rows for name in names)
    assert (observations["statut"] == "nd").sum() == nd
    assert marks is None or nd == marks
    assert set(observations["statut"]) <= {"ok", "nd", "vide"}
    found = {code: value(observations, code, CAVM, "2021") for code in known}
    assert found == pytest.approx(known)
