"""Sheets and changes, on frames small enough to be computed by hand."""

from typing import Any

import pandas as pd
import pytest

from pipelines.errors import UsageError
from pipelines.indicators import monitoring
from pipelines.indicators.monitoring import FIGURES, UNEXPLAINED
from pipelines.indicators.territories import (
    list_communes,
    list_quartiers,
    name_orientations,
    pick_commune,
    pick_orientation,
)
from tests.indicators.test_monitoring import actions_of, links_of, values

TERRITORIES = pd.DataFrame(
    [
        ("59002", "commune", "Étroeungt", "administrative", "qva_candidat"),
        ("59001", "commune", "Anzin", "administrative", "qpv"),
        ("59003", "commune", "Vicq", "administrative", "qpv"),
        ("59004", "commune", "Autre", "administrative", "inconnu"),
        ("QP1", "qpv", "Centre", "QPV2015", None),
        ("QP2", "qpv", "À cheval", "QPV2015", None),
        ("QN1", "qpv", "Nouveau", "QPV2024", None),
    ],
    columns=["code_territoire", "type_territoire", "nom_territoire", "geographie", "statut_politique_ville"],
)
CONTAINMENT = pd.DataFrame(
    [
        ("QP1", "59001", "commune", "Anzin"),
        ("QP2", "59001", "commune", "Anzin"),
        ("QP2", "59003", "commune", "Vicq"),
        ("QN1", "59001", "commune", "Anzin"),
        ("QP1", "24", "epci", "Agglomération"),
    ],
    columns=["code_territoire", "code_parent", "type_parent", "nom_parent"],
)
HOMES = monitoring.home_communes(TERRITORIES, CONTAINMENT)


def test_the_communes_of_the_contract_unnamed_ones_last() -> None:
    communes = list_communes(TERRITORIES, 2)
    assert communes["code_commune"].to_list() == ["59001", "59002", "59003", "inconnue-1", "inconnue-2"]
    assert communes["statut"].to_list() == ["qpv", "qva_candidat", "qpv", "inconnue", "inconnue"]
    assert communes["libelle_commune"].iloc[1] == "Étroeungt (candidate, à confirmer)"
    assert pick_commune(communes, None)["nom_commune"] == "Anzin"
    assert pick_commune(communes, "inconnue-2")["statut"] == "inconnue"
    with pytest.raises(UsageError, match="« 59004 » n'est pas de la politique de la ville"):
        pick_commune(communes, "59004")
    with pytest.raises(UsageError, match="aucune"):
        pick_commune(list_communes(TERRITORIES.iloc[:0], 0), None)


def test_the_quartiers_of_a_commune_and_where_else_they_lie() -> None:
    own = list_quartiers("59001", TERRITORIES, CONTAINMENT, ("QPV2015", "QVA2015"))
    assert dict(zip(own["code_territoire"], own["etendue"], strict=True)) == {"QP1": "", "QP2": "aussi à Vicq"}
    assert len(list_quartiers("59002", TERRITORIES, CONTAINMENT, ("QPV2015",))) == 0


def test_an_orientation_of_ours_says_so() -> None:
    names = name_orientations(
        [{"code": "O1", "libelle": "Vrai", "est_fictif": False}, {"code": "O2", "libelle": "Faux", "est_fictif": True}]
    )
    assert names == {"O1": "O1 Vrai", "O2": "O2 Faux (libellé fictif)"}
    assert pick_orientation(pd.Series(names), None) == "O1"
    with pytest.raises(UsageError, match=r"« O3 » n'existe pas\. Orientations : O1, O2"):
        pick_orientation(pd.Series(names), "O3")


ACTIONS = actions_of(
    ("one", "finance", 100, 100, 50),
    ("shared", "finance", 200, 100, 100),
    ("unshared", "finance", 300, 300, None),
    ("straddling", "finance", 400, 400, None),
    ("refused", "refuse", 500, None, None),
)
LINKS = links_of(
    ("one", "QP1", 100), ("shared", "QP1", 25), ("shared", "59003", 75), ("unshared", "QP1", None),
    ("unshared", "59001", None), ("straddling", "QP2", 100), ("refused", "59001", 100),
)  # fmt: skip


def test_an_action_is_in_a_commune_for_its_part() -> None:
    located = monitoring.locate_actions(ACTIONS, LINKS, HOMES).set_index(["code_action", "code_commune"])
    assert set(located.index) == {
        ("one", "59001"), ("shared", "59001"), ("shared", "59003"), ("unshared", "59001"), ("refused", "59001"),
    }  # fmt: skip
    assert located.loc[("shared", "59003"), "montant_accorde"] == 75
    assert located.loc[("shared", "59001"), "montant_demande"] == 50
    assert pd.isna(located.loc[("unshared", "59001"), "montant_accorde"])
    assert pd.isna(located.loc[("unshared", "59001"), "part_ici"])


def test_the_persons_of_an_action_are_told_apart_only_where_it_is_in_one_place() -> None:
    assert set(monitoring.select_lone(ACTIONS, LINKS, ["QP1", "59001"])["code_action"]) == {"one", "refused"}
    assert len(monitoring.select_lone(ACTIONS, LINKS, [])) == 0


def test_coverage_of_the_quartiers_of_veille_active() -> None:
    actions = ACTIONS.assign(annee=[2021, 2021, 2022, 2022, 2022])
    links = links_of(
        ("one", "QVA1", 100), ("shared", "QVA1", 25), ("shared", "QP1", 75), ("unshared", "QVA2", None),
        ("unshared", "QP1", None), ("refused", "QVA3", 100),
    )  # fmt: skip
    covered = monitoring.cover_qva(actions, links, ["QVA1", "QVA2", "QVA3"])
    assert values(covered, "nb_actions_qva") == [2, 1]
    assert values(covered, "nb_financees") == [2, 2]
    assert values(covered, "montant_qva") == [125, 0]
    assert values(covered, "nb_qva_servis") == [1, 1]
    assert values(covered, "taux_qva") == [100, 50]


def test_residents_among_those_whose_residence_is_known() -> None:
    counts = pd.DataFrame({"modalite": ["qpv", "qva", "hors", "nr"], "nb": pd.array([30, 10, 60, 900], "Int64")})
    assert monitoring.resident_share(counts, "nb", "qva") == 10
    assert monitoring.resident_share(counts, "nb", "qva", base_minimale=101) is None
    assert (
        monitoring.resident_share(counts.assign(nb=counts["nb"].mask(counts["modalite"] == "hors")), "nb", "qpv")
        is None
    )


def figures(**known: Any) -> pd.Series:
    return pd.Series({name: known.get(name, pd.NA) for name in monitoring.SHEET if name != "montant_par_habitant"})


def test_a_sheet_says_its_figures_beside_last_year_and_the_average() -> None:
    peers = pd.DataFrame({"nb_financees": [2, 4], "montant_accorde": [100.0, 300.0]})
    own = {2021: figures(nb_financees=1, montant_accorde=50.0), 2022: figures(nb_financees=2, montant_accorde=100.0)}
    whole = figures(nb_financees=6, taux_acceptation=80.0)
    table = monitoring.compare_sheet(own, 2022, peers, whole, inhabitants=1000, all_inhabitants=8000)
    by_name = table.set_index("chiffre")
    assert by_name.loc["nb_financees", ["precedent", "courant", "moyenne"]].to_list() == ["1", "2", "3"]
    assert by_name.loc["taux_acceptation", "moyenne"] == "80,0\u202f%"
    heads = by_name.loc["montant_par_habitant", ["precedent", "courant", "moyenne"]].to_list()
    assert heads == ["0,05\u202f€", "0,10\u202f€", "0,05\u202f€"]
    first = monitoring.compare_sheet({2022: own[2022]}, 2022, peers, whole).set_index("chiffre")
    assert first.loc["nb_financees", "precedent"] is None
    assert "montant_par_habitant" not in first.index


def test_peers_without_action_count_for_zero() -> None:
    peers = monitoring.describe_peers(ACTIONS.assign(ou=["a", "a", "b", "b", None]), "ou", ["a", "b", "c"])
    assert values(peers, "nb_financees") == [2, 2, 0]
    assert values(peers, "montant_accorde") == [200, 700, 0]
    assert values(peers, "montant_verse") == [150, None, 0]


def test_alerts_name_what_lacks_and_the_first_dossiers() -> None:
    actions = ACTIONS.assign(
        statut=["justifie", "justifie", "finance", "finance", "refuse"], code_objectif=["O1", *[None] * 4]
    )
    accounts = pd.DataFrame({"code_action": ["one", "unshared"], "etat_bilan": ["Reçu à temps", monitoring.MISSING]})
    people = pd.DataFrame([("shared", "realise", "sexe")], columns=["code_action", "moment", "dimension"])
    nowhere = actions_of(("nowhere", "finance", 1, 1, 1)).assign(code_objectif="O1")
    assert monitoring.raise_alerts(nowhere, LINKS, people, accounts)["alerte"].to_list() == [
        "part par territoire non déclarée"
    ]
    alerts = monitoring.raise_alerts(actions, LINKS, people, accounts).set_index("alerte")
    assert alerts["dossiers"].to_dict() == {
        "bilan dû et manquant": "unshared",
        "réalisé inconnu par sexe, bilan reçu": "one",
        "part par territoire non déclarée": "unshared",
        "aucun objectif du contrat": "shared, straddling, unshared",
    }
    many = actions_of(*((f"A{i:02d}", "finance", 1, 1, 1) for i in range(9))).assign(code_objectif=None)
    told = monitoring.raise_alerts(many, LINKS, people, accounts)
    assert told["dossiers"].iloc[-1].endswith("A05 et 3 autres")
    assert len(monitoring.raise_alerts(ACTIONS.iloc[:0].assign(code_objectif=None), LINKS, people, accounts)) == 0


YEARS = actions_of(
    ("A1", "finance", 100, 80, 40),
    ("A2", "refuse", 50, None, None),
    ("A3", "finance", 200, 100, None),
    ("A4", "realise", 60, 60, 60),
).assign(
    annee=[2021, 2021, 2022, 2022],
    nom_porteur=["P", "P", "P", "Q"],
    code_siret=["1", "1", "1", None],
    intitule=["Atelier", "Autre", "ATELIER", "Neuf"],
    est_reconduction=pd.array([None, None, True, False], "boolean"),
)
INPUTS = pd.DataFrame({"annee": [2021, 2022], "empreinte_donnees": ["d1", "d2"], "empreinte_corrections": ["c", "c"]})


def test_two_years_side_by_side_rates_in_points() -> None:
    table = monitoring.compare_years(YEARS, 2022).set_index("chiffre")
    assert table.loc["nb_demandes", ["precedent", "courant", "difference"]].to_list() == ["2", "2", "égal"]
    assert table.loc["taux_acceptation", "difference"] == "50,0\u202fpts de plus"
    assert table.loc["montant_accorde", "difference"] == "80\u202f€ de plus"
    back = monitoring.compare_years(YEARS.assign(annee=[2022, 2022, 2021, 2021]), 2022).set_index("chiffre")
    assert back.loc["montant_accorde", "difference"] == "80\u202f€ de moins"
    first = monitoring.compare_years(YEARS, 2021).set_index("chiffre")
    assert first.loc["nb_demandes", ["precedent", "difference"]].to_list() == [None, None]


def test_what_goes_on_begins_and_stops() -> None:
    moves = monitoring.trace_lines(YEARS, 2022)
    assert dict(zip(moves["mouvement"], moves["nb_actions"], strict=True)) == {
        "Reconduites de l'année précédente": 1, "Nouvelles": 1,
    }  # fmt: skip
    other = YEARS.assign(intitule=["Atelier", "Autre", "Chantier", "Neuf"])
    assert monitoring.trace_lines(other, 2022)["mouvement"].to_list()[-1] == "Financées en 2021, non retrouvées"


def published() -> pd.DataFrame:
    return monitoring.publish_figures(YEARS, INPUTS, 2022)


def test_an_edition_keeps_every_figure_of_every_year() -> None:
    kept = published()
    assert len(kept) == 2 * len(FIGURES)
    assert set(kept["edition"]) == {"2022"}
    assert len(monitoring.publish_figures(YEARS, INPUTS, 2021)) == len(FIGURES)
    assert len(monitoring.revise_figures(kept, kept)) == 0


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"empreinte_donnees": "avant"}, "nouvelles données"),
        ({"empreinte_corrections": "avant"}, "corrections"),
        ({"empreinte_methode": "0"}, "méthode"),
        ({"empreinte_donnees": "avant", "empreinte_methode": "0"}, "nouvelles données ; méthode"),
        ({}, UNEXPLAINED),
        ({"empreinte_donnees": None, "empreinte_corrections": None, "empreinte_methode": None}, UNEXPLAINED),
    ],
)
def test_a_figure_that_is_no_longer_the_same_says_why(changed: dict[str, Any], cause: str) -> None:
    before = published().assign(edition="2021")
    at = (before["annee"] == 2021) & (before["chiffre"] == "montant_verse")
    before.loc[at, "valeur"] = 30.0
    for column, value in changed.items():
        before.loc[at, column] = value
    revised = monitoring.revise_figures(published(), before)
    assert revised[["annee", "chiffre", "publie", "actuel", "cause"]].to_dict("records") == [
        {"annee": 2021, "chiffre": "montant_verse", "publie": "30\u202f€", "actuel": "40\u202f€", "cause": cause}
    ]


def test_a_figure_that_appears_or_goes_is_a_change_and_a_rounding_is_none() -> None:
    before = published()
    before.loc[before["chiffre"] == "taux_versement", "valeur"] = pd.NA
    before.loc[before["chiffre"] == "montant_accorde", "valeur"] += 0.004
    revised = monitoring.revise_figures(published(), before)
    assert set(revised["chiffre"]) == {"taux_versement"}
    unknown = published().assign(valeur=pd.Series(pd.NA, index=before.index, dtype="Float64"))
    assert len(monitoring.revise_figures(unknown, unknown)) == 0
    assert values(revised, "publie") == [None, None]
