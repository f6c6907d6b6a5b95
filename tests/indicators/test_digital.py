"""Digital inclusion: who sees the others, what is offered where against the inhabitants, what is not known."""

import pandas as pd
import pytest

from pipelines.indicators import digital

TERRITORIES = pd.DataFrame(
    [
        ("01001", "commune", "Écluse"),
        ("01002", "commune", "Dune"),
        ("01003", "commune", "Fosse"),
        ("01004", "commune", "Grève"),
        ("QP1", "qpv", "Quartier d'une commune"),
        ("QP2", "qpv", "Quartier de deux communes"),
    ],
    columns=["code_territoire", "type_territoire", "nom_territoire"],
)
CONTAINMENT = pd.DataFrame(
    [
        ("QP1", "01001", "commune", "Écluse"),
        ("QP1", "900000000", "epci", "Agglomération"),
        ("QP2", "01001", "commune", "Écluse"),
        ("QP2", "01002", "commune", "Dune"),
    ],
    columns=["code_territoire", "code_parent", "type_parent", "nom_parent"],
)
POPULATION = pd.DataFrame(
    {"code_territoire": ["01001", "01002", "01003"], "nb_habitants": [4000.0, 2000.0, 1000.0], "millesime": "2019"}
)
# Place, answered, workstations, hours, free, sees the others.
ROWS = [
    ("QP1", True, 4, 10.0, True, "non"),
    ("01001", True, 0, 6.0, False, "oui"),
    ("01002", True, 2, None, None, "partielle"),
    ("01003", False, None, None, None, None),
    ("QP2", True, 1, 8.0, True, None),
    (None, True, 3, 2.0, True, "non"),
]


@pytest.fixture
def structures() -> pd.DataFrame:
    columns = [
        "code_territoire",
        "est_repondante",
        "nb_postes",
        "heures_semaine",
        "est_acces_libre",
        "visibilite_autres",
    ]
    frame = pd.DataFrame(ROWS, columns=columns)
    frame = frame.assign(
        jours_semaine=pd.NA, annee=2019, veut_plus_de_visibilite=frame["visibilite_autres"].map({"non": "oui"})
    )
    frame["code_structure"] = [f"S{number}" for number in range(len(frame))]
    kinds = {
        "nb_postes": "Int64",
        "heures_semaine": "Float64",
        "jours_semaine": "Float64",
        "est_acces_libre": "boolean",
    }
    return frame.astype(kinds | {"est_repondante": "boolean"})


OFFERS = pd.DataFrame(
    [("S0", "aide_demarches", "tous", None), ("S1", "aide_demarches", "jeunes", None),
     ("S2", "aide_demarches", "jeunes", None), ("S2", "mediation_itinerante", None, "01004"),
     ("S3", "formation", "tous", None)],
    columns=["code_structure", "type_offre", "public_vise", "code_territoire"],
)  # fmt: skip


def test_the_survey_read_is_the_latest_that_the_year_may_know() -> None:
    rows = pd.DataFrame({"annee": pd.Series([2017, 2019, 2019, 2021], dtype="Int64"), "code_structure": list("abcd")})
    found = {year: list(digital.latest_survey(rows, year)["code_structure"]) for year in (2016, 2018, 2020, 2022)}
    assert found == {2016: [], 2018: ["a"], 2020: ["b", "c"], 2022: ["d"]}


def test_silence_is_counted_apart(structures: pd.DataFrame) -> None:
    assert digital.count_response(structures) == {"nb_interrogees": 6, "nb_repondantes": 5, "nb_silencieuses": 1}


@pytest.mark.parametrize(
    ("lacking", "smallest", "number", "share"),
    [(digital.LACKING, 1, 3, 75.0), (("non",), 1, 2, 50.0), (digital.LACKING, 5, 3, None)],
)
def test_lack_of_sight(
    structures: pd.DataFrame, lacking: tuple[str, ...], smallest: int, number: int, share: float | None
) -> None:
    """Of those that answered the question: the silent one and the blank are no « oui »."""
    found = digital.measure_lack(structures, manque=lacking, base_minimale=smallest)
    assert (found["nb_manque"], found["nb_reponses"], found["part_manque"]) == (number, 4, share)
    if share is None:
        assert found["part_basse"] is found["part_haute"] is None
    else:
        # Wilson by hand: centre and half-width with z = 1.96.
        z, p, n = 1.959964, share / 100, 4
        middle, half = (p + z**2 / (2 * n)), z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
        ends = [100 * (middle + sign * half) / (1 + z**2 / n) for sign in (-1, 1)]
        assert [found["part_basse"], found["part_haute"]] == pytest.approx(ends)


def test_opinions_give_no_share_under_the_base(structures: pd.DataFrame) -> None:
    found = digital.count_opinions(structures, base_minimale=3)
    told = found[found["nb_reponses"] == 4]
    assert told["nb_structures"].to_list() == [1, 1, 2]
    assert told["part_structures"].to_list() == [25.0, 25.0, 50.0]
    assert found.loc[found["nb_reponses"] == 2, "part_structures"].isna().all()


def test_a_quartier_goes_to_its_commune_unless_it_has_several(structures: pd.DataFrame) -> None:
    placed = digital.place_structures(structures, TERRITORIES, CONTAINMENT)
    assert placed["code_commune"].fillna("").to_list() == ["01001", "01001", "01002", "01003", "", ""]
    expected = [digital.INSIDE, digital.BESIDE, digital.BESIDE, digital.AWAY, digital.INSIDE, digital.UNSAID]
    assert placed["lieu_structure"].to_list() == expected


def test_supply_against_inhabitants(structures: pd.DataFrame) -> None:
    placed = digital.place_structures(structures, TERRITORIES, CONTAINMENT)
    communes = TERRITORIES[TERRITORIES["type_territoire"] == "commune"]
    found = digital.measure_supply(placed, POPULATION, communes).set_index("code_territoire")
    assert list(found["nom_territoire"]) == ["Dune", "Écluse", "Fosse", "Grève"]
    assert found["nb_structures"].to_dict() == {"01002": 1, "01001": 2, "01003": 0, "01004": 0}
    assert found.loc["01003", "nb_silencieuses"] == 1
    assert found.loc["01001", ["heures_pour_mille", "nb_postes_pour_mille"]].to_list() == [4.0, 1.0]
    assert found.loc["01001", "nb_structures_pour_dix_mille"] == 5.0
    # Hours not told are not 0, and where no structure answered nothing is.
    assert found.loc[["01002", "01003", "01004"], "heures_pour_mille"].isna().all()
    assert found["est_partiel"].to_dict() == {"01002": True, "01001": False, "01003": False, "01004": False}
    assert found.loc[["01003", "01004"], "nb_structures_pour_dix_mille"].isna().all()


def test_a_commune_that_did_not_tell_all_is_not_compared() -> None:
    supply = pd.DataFrame(
        {"heures_pour_mille": pd.Series([1.0, 4.0, 5.0, 0.5, None], dtype="Float64"),
         "est_partiel": [False, False, False, True, False]}
    )  # fmt: skip
    found = digital.compare_to_median(supply)
    assert found["mediane"].to_list() == [4.0] * 3
    assert found["difference_mediane"].to_list() == [-3.0, 0.0, 1.0]
    assert digital.compare_to_median(supply[3:]).empty


def test_why_a_commune_has_no_known_offer(structures: pd.DataFrame) -> None:
    placed = digital.place_structures(structures, TERRITORIES, CONTAINMENT)
    communes = TERRITORIES[TERRITORIES["type_territoire"] == "commune"]
    supply = digital.measure_supply(placed, POPULATION, communes)
    found = digital.list_without_supply(supply, OFFERS).set_index("nom_territoire")["raison"]
    assert found.to_dict() == {"Fosse": "structures sans réponse", "Grève": "un service itinérant y passe"}
    assert digital.list_without_supply(supply, OFFERS[:0])["raison"].iloc[1] == "aucune structure interrogée"


def test_one_vintage_for_every_commune_and_none_that_is_no_year() -> None:
    rows = [
        ("a", "2013", 10.0),
        ("a", "2019", 12.0),
        ("b", "2019", 20.0),
        ("b", "2021", 21.0),
        ("q", "non précisé", 5.0),
    ]
    frame = pd.DataFrame(rows, columns=["code_territoire", "millesime", "valeur"])
    frame = frame.assign(code_indicateur="nb_habitants", statut="ok", id_source="s")
    found = digital.read_population(frame, 2020)
    assert found[["code_territoire", "nb_habitants"]].to_numpy().tolist() == [["a", 12.0], ["b", 20.0]]
    assert set(found["millesime"]) == {"2019"}
    assert digital.read_population(frame, 2012).empty


def test_services_are_those_of_structures_that_answered(structures: pd.DataFrame) -> None:
    found = digital.count_services(OFFERS, structures, base_minimale=5).set_index("libelle_offre")
    assert found.loc["Aide aux démarches en ligne"].to_list() == [3, 60.0, "Jeunes (2), Tous publics (1)"]
    assert found.loc["Formation suivie", "nb_structures"] == 0
    assert found.loc["Médiation itinérante", "publics"] == "Public non dit (1)"
    assert digital.count_services(OFFERS, structures, base_minimale=6)["part_structures"].isna().all()
    brief = digital.count_services(OFFERS, structures, nb_publics=1).set_index("libelle_offre")["publics"]
    assert brief[["Aide aux démarches en ligne", "Médiation itinérante"]].to_list() == [
        "Jeunes (2), …",
        "Public non dit (1)",
    ]


def test_each_structure_asked_has_its_row(structures: pd.DataFrame) -> None:
    """Who, where, what for whom, when, with what, and what it sees: the silent one is there, and says nothing."""
    told = structures.assign(
        nom_structure="Structure " + structures["code_structure"], type_structure="mediatheque"
    ).sort_values("code_structure", ascending=False)
    found = digital.describe_structures(told, OFFERS, TERRITORIES).set_index("nom_structure")
    assert list(found.index) == [f"Structure S{number}" for number in range(6)]
    assert found.loc["Structure S0"].drop("jours_semaine").to_dict() == {
        "type_structure": "Médiathèque",
        "nom_territoire": "Quartier d'une commune",
        "est_repondante": True,
        "services_proposes": "Aide aux démarches en ligne (Tous publics)",
        "heures_semaine": 10.0,
        "nb_postes": 4,
        "est_acces_libre": True,
        "visibilite_autres": "Non",
        "veut_plus_de_visibilite": "Oui",
    }
    both = "Aide aux démarches en ligne (Jeunes) ; Médiation itinérante (Public non dit, Grève)"
    assert found.loc["Structure S2", "services_proposes"] == both
    assert found.loc["Structure S5", ["nom_territoire", "services_proposes"]].isna().all()
    silent = found.loc["Structure S3"].drop(["type_structure", "nom_territoire", "est_repondante", "services_proposes"])
    assert silent.isna().all()
    assert not found.loc["Structure S3", "est_repondante"]
    # Without the table of the territories a place keeps its code.
    bare = digital.describe_structures(told, OFFERS[:0], TERRITORIES[:0])
    assert bare["nom_territoire"].to_list()[:2] == ["QP1", "01001"]
    assert bare["services_proposes"].isna().all()


@pytest.mark.parametrize(
    ("row", "question"),
    [
        ({}, "Où en est-il ?"),
        ({"annee_fin": None}, "Où en est-il ? Pour quelle date ?"),
        ({"annee_fin": None, "note": "travaux 2017-2021"}, "Où en est-il ?"),
        ({"verifiable": "partiel"}, "Où en est-il ? À quoi verra-t-on qu'il est tenu ?"),
        ({"montant": 1500.0}, "Où en est-il ? Combien est dépensé, sur 1 500 € ?"),
        ({"montant": 1500.0, "montant_execute": 0.0, "statut": "en_cours"}, ""),
        ({"statut": "tenu", "montant": 1500.0, "annee_fin": None, "verifiable": "non"}, ""),
    ],
)
def test_what_is_left_to_ask_of_a_commitment(row: dict[str, object], question: str) -> None:
    plain = {"nom_partenaire": "Fictif", "libelle_engagement": "Un engagement", "libelle_statut": "Tel"}
    plain |= {"statut": "non_renseigne", "verifiable": "oui", "annee_fin": 2022, "montant": None}
    found = digital.ask_partners(pd.DataFrame([plain | {"montant_execute": None, "note": None} | row]))
    assert list(found) == ["nom_partenaire", "libelle_engagement", "libelle_statut", "question"]
    assert found["question"].str.replace("\u202f", " ").str.replace("\xa0", " ").to_list() == [question]


def test_nothing_promised_asks_nothing() -> None:
    columns = ["nom_partenaire", "libelle_engagement", "libelle_statut", "statut", "verifiable", "annee_fin", "montant"]
    assert digital.ask_partners(pd.DataFrame(columns=[*columns, "montant_execute", "note"])).empty


def test_the_quartiers(structures: pd.DataFrame) -> None:
    placed = digital.place_structures(structures, TERRITORIES, CONTAINMENT)
    lieux = digital.cross_situations(placed, OFFERS, base_minimale=5).set_index("lieu_structure")
    assert lieux["nb_structures"].to_list() == [2, 2, 0, 1, 5]
    assert lieux["part_structures"].to_list() == [40.0, 40.0, 0.0, 20.0, 100.0]
    assert lieux.loc[digital.INSIDE, ["nb_acces_libre", "nb_aide_demarches"]].to_list() == [2, 1]
    quartiers = TERRITORIES[TERRITORIES["type_territoire"] == "qpv"]
    served = digital.list_quartiers_served(placed, quartiers, CONTAINMENT, POPULATION).set_index("code_territoire")
    assert served["nb_structures"].to_list() == [1, 1]
    assert served["nb_structures_commune"].to_list() == [1, 2]
    assert served["nb_habitants"].isna().all()


FACTS = pd.DataFrame(
    [
        ("a", "Part", 93.0, "93 %", "exacte", "base inconnue"),
        ("b", "Présents", 50.0, "plus de cinquante", "approchee", None),
        ("c", "Intérêt", None, None, "perdue", "illisible"),
        ("d", "Démarche", None, None, None, None),
    ],
    columns=["code_fait", "libelle_fait", "valeur", "valeur_ecrite", "precision_valeur", "note"],
)


def test_what_is_known_and_what_is_not() -> None:
    assert digital.weigh_facts(FACTS).to_numpy().tolist() == [
        ["Part : 93 %", "base inconnue"],
        ["Présents : plus de cinquante", ""],
        ["rien", "Intérêt : illisible"],
        ["Démarche", ""],
    ]
    assert digital.pick_fact(FACTS, "a")["valeur"] == 93
    assert digital.pick_fact(FACTS, "z") is None


def test_nothing_surveyed_gives_empty_tables(structures: pd.DataFrame) -> None:
    none = structures[:0]
    placed = digital.place_structures(none, TERRITORIES, CONTAINMENT)
    communes = TERRITORIES[TERRITORIES["type_territoire"] == "commune"]
    supply = digital.measure_supply(placed, POPULATION, communes)
    assert supply["nb_structures"].to_list() == [0] * 4
    assert digital.compare_to_median(supply).empty
    assert digital.cross_situations(placed, OFFERS[:0])["nb_structures"].sum() == 0
    assert digital.count_services(OFFERS[:0], none)["part_structures"].isna().all()
    assert digital.measure_lack(none)["part_manque"] is None
