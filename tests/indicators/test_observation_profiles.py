"""Quartiers among those of their agglomeration and beside like ones elsewhere: places, reasons, refusals."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import DataError, UsageError
from pipelines.indicators import observation
from pipelines.indicators.observation.elsewhere import NO_RANK, NO_VALUE

JOBS, ALONE, SIZE = "taux_emploi", "part_menages_1_personne_qpv", "nb_menages_qpv"
SIX = ["QN00101M", "QN00102M", "QN00103M", "QN00104M", "QN00105M", "QN00106M"]


def table(
    indicator: str, values: Sequence[float | None], codes: Sequence[str] = SIX, epci: Sequence[str | None] = ("A",) * 6,
    *, source: str = "s", vintage: str = "2020",
) -> pd.DataFrame:  # fmt: skip
    """Observations of one indicator, a quartier a value; the name of an agglomeration is « agglo » and its code."""
    frame = pd.DataFrame({"code_territoire": list(codes[: len(values)]), "valeur": pd.array(values, dtype="Float64")})
    frame["code_epci"] = pd.Series(list(epci[: len(values)]), dtype="str")
    frame["nom_epci"] = frame["code_epci"].map(
        lambda text: "; ".join(f"agglo {code}" for code in text.split("; ")), na_action="ignore"
    )
    status = frame["valeur"].notna().map({True: "ok", False: "s"})
    return frame.assign(
        code_indicateur=indicator, nom_territoire="Q" + frame["code_territoire"].str[4:7], millesime=vintage,
        statut=status, id_source=source,
    )  # fmt: skip


def by_code(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index("code_territoire")


# in the agglomeration


def test_a_quartier_stands_beside_quartiers_never_beside_an_average() -> None:
    placed = by_code(observation.place_in_agglomeration(table(JOBS, [40, 50, 41, 30]), JOBS))
    row = placed.loc["QN00101M"]
    # The lower of the two in the middle, 40 and 41: a value that some quartier has.
    assert (row["valeur_plus_basse"], row["valeur_mediane"], row["valeur_plus_haute"]) == (30, 40, 50)
    assert (row["quartier_plus_bas"], row["quartier_plus_haut"]) == ("Q104 (QN00104M)", "Q102 (QN00102M)")
    assert (row["nb_quartiers"], row["nb_sans_valeur"], row["motif"]) == (4, 0, "")
    assert not any(name.startswith("rang") for name in placed.columns)


def test_a_secret_is_counted_and_has_its_reason() -> None:
    placed = by_code(observation.place_in_agglomeration(table(JOBS, [40, None, 42]), JOBS))
    assert placed["motif"].tolist() == ["", NO_VALUE, ""]
    assert placed["nb_sans_valeur"].tolist() == [1, 1, 1]
    assert placed["valeur_mediane"].tolist() == [40, 40, 40]


@pytest.mark.parametrize(
    ("epci", "reason"), [("B", "seul quartier de l'agglomération"), (None, "agglomération inconnue")]
)
def test_a_quartier_without_neighbour_is_not_compared(epci: str | None, reason: str) -> None:
    placed = by_code(observation.place_in_agglomeration(table(JOBS, [40, 41, 42], epci=["A", "A", epci]), JOBS))
    assert placed["motif"].tolist() == ["", "", reason]


def straddling() -> pd.DataFrame:
    """Two quartiers of A, two of B, and one of both."""
    return table(JOBS, [10, 20, 30, 40, 90], epci=["A", "A", "B", "B", "A; B"])


def test_a_straddling_quartier_is_one_row_and_a_neighbour_in_both() -> None:
    placed = by_code(observation.place_in_agglomeration(straddling(), JOBS))
    assert placed["nb_quartiers"].tolist() == [3, 3, 3, 3, 5]
    assert placed["valeur_plus_haute"].tolist() == [90] * 5
    assert placed["est_a_cheval"].tolist() == [False, False, False, False, True]
    inside = by_code(observation.place_in_agglomeration(straddling(), JOBS, epci="B"))
    assert inside.index.tolist() == ["QN00103M", "QN00104M", "QN00105M"]
    assert inside["valeur_plus_basse"].tolist() == [30] * 3


def test_no_quartier_is_counted_twice_in_a_total() -> None:
    counted = observation.count_agglomerations(observation.select_elsewhere(straddling(), JOBS))
    assert counted["nom_epci"].tolist() == ["agglo A", "agglo B"]
    assert counted["nb_quartiers"].tolist() == [3, 3]
    assert counted["nb_quartiers_entiers"].sum() + 1 == 5


def test_a_name_that_holds_the_joining_sign_is_not_cut() -> None:
    frame = table(JOBS, [1, 2, 3], epci=["A", "A; B", "C; D"])
    frame.loc[0, "nom_epci"] = "Béthune; Artois"
    frame.loc[1, "nom_epci"] = "Béthune; Artois; Lens"
    members = observation.list_members(observation.select_elsewhere(frame, JOBS))
    names = members.drop_duplicates("code_epci").set_index("code_epci")["nom_epci"].to_dict()
    assert names == {"A": "Béthune; Artois", "B": "agglomération B", "C": "agglo C", "D": "agglo D"}


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=2, max_size=6))
def test_the_places_are_values_of_quartiers_in_order(values: list[int | None]) -> None:
    placed = observation.place_in_agglomeration(table(JOBS, values), JOBS)
    known = [value for value in values if value is not None]
    for row in placed[["valeur_plus_basse", "valeur_mediane", "valeur_plus_haute"]].itertuples(index=False):
        assert not known or (list(row) == sorted(row) and set(row) <= set(known))


@pytest.mark.parametrize("other", [{"source": "autre"}, {"vintage": "2021"}])
def test_two_sources_or_vintages_do_not_compare(other: dict[str, str]) -> None:
    both = pd.concat([table(JOBS, [40, 41]), table(JOBS, [50, 51], **other)], ignore_index=True)
    with pytest.raises(DataError, match="demande une source et un millésime"):
        observation.place_in_agglomeration(both, JOBS)
    with pytest.raises(DataError, match="trouvé : aucune"):
        observation.select_elsewhere(both, "absent")


# like ones elsewhere


def country(jobs: Sequence[float | None] = (10, 20, 30, 40, 50, 60)) -> pd.DataFrame:
    """Six quartiers, the first two of A; size and youth grow from one to the next."""
    epci = ["A", "A", "B", "B", "C", "C"]
    sizes = [100, 101, 110, 1000, 10000, 100000]
    return pd.concat(
        [
            table("nb", sizes, epci=epci),
            table("indice", [1.0, 1.0, 1.1, 2.0, 2.0, None], epci=epci),
            table(JOBS, jobs, epci=epci),
        ],
        ignore_index=True,
    )


def similar(frame: pd.DataFrame, codes: list[str], many: int = 2, epci: str = "A") -> pd.DataFrame:
    return observation.find_similar(
        frame, codes, profil=["nb", "indice"], logarithmes=["nb"], nb_semblables=many, epci=epci
    )


def test_the_nearest_profiles_elsewhere_in_order() -> None:
    found = similar(country(), ["QN00101M"])
    assert found["code_semblable"].tolist() == ["QN00103M", "QN00104M"]
    assert found["rang_proximite"].tolist() == [1, 2]
    assert found["distance"].is_monotonic_increasing
    assert found["epci_semblable"].tolist() == ["agglo B", "agglo B"]
    # The second quartier of A is the nearest of all, and not elsewhere.
    assert similar(country(), ["QN00101M"], epci="")["code_semblable"].iloc[0] == "QN00102M"


def test_distance_is_in_units_of_spread_and_blind_to_the_unit() -> None:
    larger = country()
    larger.loc[larger["code_indicateur"] == "indice", "valeur"] *= 1000
    pd.testing.assert_series_equal(
        similar(larger, ["QN00101M"])["distance"], similar(country(), ["QN00101M"])["distance"]
    )
    frame = pd.concat([table("nb", [0, 1, 2, 3, 4], epci=list("ABCDE"))], ignore_index=True)
    found = observation.find_similar(frame, ["QN00101M"], profil=["nb"], nb_semblables=1, epci="A")
    # Quartiles 1 and 3: a spread of 2 / 1.349.
    assert found["distance"].iloc[0] == pytest.approx(1.349 / 2)


def test_the_order_of_the_file_decides_nothing() -> None:
    level = table("nb", [5, 9, 1, 9, 1], epci=list("ABCDE")).iloc[::-1].reset_index(drop=True)
    found = observation.find_similar(level, SIX[:1], profil=["nb"], nb_semblables=4, epci="A")
    assert found["code_semblable"].tolist() == SIX[1:5]
    turned = country().iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(similar(turned, ["QN00101M"]), similar(country(), ["QN00101M"]))


def test_a_profile_that_is_not_whole_has_its_reason_and_is_nobodys_like() -> None:
    found = similar(country(), ["QN00106M", "QN00999M"], many=5, epci="C")
    assert found["motif"].tolist() == ["profil incomplet : indice", "profil incomplet : quartier absent du fichier"]
    assert found["code_semblable"].isna().all()
    assert "QN00106M" not in set(similar(country(), ["QN00101M"], many=5)["code_semblable"])


@pytest.mark.parametrize(
    ("profil", "logs", "many", "message"),
    [
        ([], [], 1, "au moins un indicateur"),
        (["nb"], ["indice"], 1, "« logarithmes » parmi eux"),
        (["nb"], [], 0, "au moins un indicateur"),
        (["plat"], [], 1, "« plat » ne distingue pas"),
    ],
)
def test_a_profile_that_says_nothing_is_refused(profil: list[str], logs: list[str], many: int, message: str) -> None:
    frame = pd.concat([country(), table("plat", [1] * 6)], ignore_index=True)
    with pytest.raises(UsageError, match=message):
        observation.find_similar(frame, SIX[:1], profil=profil, logarithmes=logs, nb_semblables=many)


@pytest.mark.parametrize(
    ("own", "situation"),
    [
        (10, "au-dessous de tous"),
        (35, "entre le plus bas et le médian"),
        (40, "comme le quartier médian"),
        (45, "entre le médian et le plus haut"),
        (99, "au-dessus de tous"),
    ],
)
def test_where_a_value_stands_among_its_like_ones(own: float, situation: str) -> None:
    frame = country((own, 20, 30, 40, 50, 60))
    (row,) = observation.compare_to_similar(frame, similar(frame, ["QN00101M"], many=3), JOBS).to_dict("records")
    assert (row["valeur_plus_basse"], row["valeur_mediane"], row["valeur_plus_haute"]) == (30, 40, 50)
    assert (row["situation"], row["motif"], row["nb_quartiers"]) == (situation, "", 3)


@pytest.mark.parametrize(
    ("jobs", "code", "reason"),
    [
        ((None, 20, 30, 40, 50, 60), "QN00101M", NO_VALUE),
        ((10, 20, None, None, None, None), "QN00101M", "aucun semblable n'a de valeur"),
        ((10, 20, 30, 40, 50, 60), "QN00106M", "profil incomplet : indice"),
    ],
)
def test_what_cannot_be_compared_says_why(jobs: Sequence[float | None], code: str, reason: str) -> None:
    compared = observation.compare_to_similar(country(jobs), similar(country(jobs), [code]), JOBS)
    assert compared[["motif", "situation"]].to_numpy().tolist() == [[reason, ""]]


def test_an_outcome_of_another_source_is_refused() -> None:
    frame = country()
    found = similar(frame, ["QN00101M"])
    frame.loc[frame["code_indicateur"] == JOBS, "id_source"] = "autre"
    with pytest.raises(DataError, match="viennent d'un fichier et d'un millésime"):
        observation.compare_to_similar(frame, found, JOBS)
    frame.loc[frame["code_indicateur"] == "indice", "millesime"] = "2021"
    with pytest.raises(DataError, match="viennent d'un fichier et d'un millésime"):
        similar(frame, ["QN00101M"])


# ranks


def ranked(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return observation.rank_with_intervals(frame, indicator, effet_de_plan=1.5, niveau=90, tirages=200, graine=1)


def test_a_share_of_households_is_ranked_with_its_interval() -> None:
    frame = pd.concat([table(ALONE, [20, 60, 40, None, 50]), table(SIZE, [800, 900, 1000, 900, None])])
    rows = by_code(ranked(frame, ALONE))
    assert rows["motif"].loc[SIX[:5]].tolist() == ["", "", "", NO_VALUE, NO_RANK]
    assert rows["rang"].loc[SIX[:3]].tolist() == [3, 1, 2]
    assert rows["numerateur"].loc[SIX[:3]].tolist() == [160, 540, 400]
    known = rows.loc[SIX[:3]]
    assert (known["part_basse"] < known["valeur"]).all()
    assert (known["valeur"] < known["part_haute"]).all()
    assert (known["rang_bas"] <= known["rang"]).all()
    assert rows["rang"].loc[SIX[3:5]].isna().all()


def test_without_a_known_denominator_there_is_no_rank() -> None:
    rows = ranked(table(JOBS, [40, 41, 42]), JOBS)
    assert rows["motif"].tolist() == [NO_RANK] * 3
    assert not any(name.startswith("rang") for name in rows.columns)


def test_a_denominator_of_another_vintage_is_none() -> None:
    frame = pd.concat([table(ALONE, [20, 60]), table(SIZE, [800, 900], vintage="2021")])
    assert ranked(frame, ALONE)["motif"].tolist() == [NO_RANK] * 2
