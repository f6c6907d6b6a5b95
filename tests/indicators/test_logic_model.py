"""Logic-impact models: states of nodes, weaknesses, paths and what they allow to say."""

import io
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from pipelines.errors import UsageError
from pipelines.indicators import logic_model, monitoring
from pipelines.tables import LOGIC_LEVELS, TABLES, empty
from pipelines.tables.model import DTYPES

Frames = dict[str, pd.DataFrame]
LEVEL = {"r": "realisation", "R": "resultat_attendu", "I": "impact_intermediaire", "G": "impact_global"}
NODES = ["r1", "r2", "R1", "R2", "I1", "G"]


def draw(codes: list[str], pairs: list[tuple[str, ...]], **labels: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes of one model by code, and its links: (source, cible) with perhaps a verdict and other factors."""
    nodes = empty(TABLES["logique_noeuds"]).reindex(range(len(codes)))
    nodes["code_modele"], nodes["code_noeud"] = "m", codes
    nodes["niveau"] = [LEVEL[code[0]] for code in codes]
    nodes["libelle_noeud"] = [labels.get(code, f"Libellé {code}") for code in codes]
    nodes["est_perdu"] = nodes["libelle_noeud"].isna().astype("boolean")
    links = empty(TABLES["logique_liens"]).reindex(range(len(pairs)))
    links["code_modele"] = "m"
    links["code_source"], links["code_cible"] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    links["verdict"] = [pair[2] if len(pair) > 2 else "non_examine" for pair in pairs]
    links["autres_facteurs"] = [pair[3] if len(pair) > 3 else None for pair in pairs]
    links["statut"] = "hypothese"
    links["est_saut_declare"] = pd.Series(False, index=links.index, dtype="boolean")
    return nodes, links


def judge(nodes: pd.DataFrame) -> pd.DataFrame:
    return logic_model.judge_nodes(nodes, measured(nodes))


def measured(nodes: pd.DataFrame) -> pd.DataFrame:
    blank = [empty(TABLES[name]) for name in ("actions", "beneficiaires", "resultats_actions")]
    listed = logic_model.list_indicators(nodes, empty(TABLES["socle_indicateurs"]))
    return logic_model.measure_indicators(listed, *blank, 2022)


def found(codes: list[str], pairs: list[tuple[str, ...]], **labels: str | None) -> dict[str, list[str]]:
    """Where each weakness was found."""
    nodes, links = draw(codes, pairs, **labels)
    rows = logic_model.find_weaknesses(judge(nodes), links)
    assert rows[["explication", "que_faire"]].notna().all(axis=None)
    return rows.groupby("constat", sort=False)["ou"].agg(list).to_dict()


CHAIN = [("r1", "R1"), ("R1", "I1"), ("I1", "G"), ("r2", "R2"), ("R2", "I1")]


@pytest.mark.parametrize(
    ("pairs", "labels", "constat", "where"),
    [
        ([*CHAIN, ("R2", "R1"), ("R1", "R2")], {}, "Boucle", ["R1 → R2 → R1"]),
        ([*CHAIN, ("I1", "R1")], {}, "Lien qui ne monte pas", ["I1 → R1"]),
        ([*CHAIN, ("R1", "R2")], {}, "Lien qui ne monte pas", ["R1 → R2"]),
        (CHAIN[:3], {"R2": None}, "Libellé perdu", ["R2"]),
        (CHAIN[:3], {}, "Nœud isolé", ["r2", "R2"]),
        ([*CHAIN[:3], ("r2", "R2")], {}, "Réalisation sans issue", ["r2"]),
        ([*CHAIN[:3], ("R2", "I1")], {}, "Rien ne le produit", ["R2"]),
        ([*CHAIN, ("r2", "G")], {}, "Niveau sauté", ["r2 → G"]),
        (CHAIN, {"G": "Le lien avec les communes est renforcé, pour les habitants",
                 "I1": "Les liens avec les communes sont renforcés"}, "Formulation circulaire", ["I1, G"]),
        ([*CHAIN[:4], ("R2", "I1", "contredit")], {}, "Chemins rompus",
         ["R2 → I1", "r1 → R1, R1 → I1, I1 → G, r2 → R2"]),
        (CHAIN, {}, "Sans indicateur", ["r1, r2", "R1, R2", "I1", "G"]),
    ],
)  # fmt: skip
def test_each_weakness_is_found_where_it_is(
    pairs: list[tuple[str, ...]], labels: dict[str, str | None], constat: str, where: list[str]
) -> None:
    assert found(NODES, pairs, **labels)[constat] == where


def test_a_sound_model_has_no_weakness() -> None:
    nodes, links = draw(NODES, [(*pair, "etaye", "pesés") for pair in CHAIN])
    nodes = nodes.assign(libelle_indicateur="Réunions", valeur=3.0, relevee_en="2022")
    assert logic_model.find_weaknesses(judge(nodes), links).empty


def test_a_rejected_link_leads_nowhere() -> None:
    nodes, links = draw(NODES, CHAIN)
    links.loc[0, "statut"] = "rejete"
    rows = logic_model.find_weaknesses(judge(nodes), links)
    assert rows.loc[rows["constat"] == "Nœud isolé", "ou"].tolist() == ["r1"]
    assert rows.loc[rows["constat"] == "Rien ne le produit", "ou"].tolist() == ["R1"]
    assert logic_model.trace_paths(nodes, links)["chemin"].tolist() == ["r2 → R2 → I1 → G"]
    assert logic_model.count_verdicts(links).iloc[-1].tolist()[:2] == ["Rejeté", 1]


@pytest.mark.parametrize(
    ("verdicts", "strength", "broken", "said"),
    [
        (("etaye", "etaye", "etaye"), "etaye", "", True),
        (("etaye", "partiel", "etaye"), "partiel", "", True),
        (("etaye", "faible", "etaye"), "faible", "", False),
        (("etaye", "non_examine", "etaye"), "non_examine", "R1 → I1", False),
        (("non_examine", "contredit", "faible"), "contredit", "r1 → R1, R1 → I1", False),
    ],
)
@pytest.mark.parametrize("weighed", [True, False])
def test_a_path_is_as_strong_as_its_weakest_link(
    verdicts: tuple[str, ...], strength: str, broken: str, said: bool, weighed: bool
) -> None:
    pairs = [(*pair, verdict, *(["pesés"] if weighed else [])) for pair, verdict in zip(CHAIN, verdicts, strict=False)]
    (path,) = logic_model.trace_paths(*draw(NODES, pairs)).to_dict("records")
    assert (path["chemin"], path["solidite"], path["maillons_rompus"]) == ("r1 → R1 → I1 → G", strength, broken)
    assert path["est_rompu"] == bool(broken)
    # « a contribué à » needs every link examined and every rival explanation weighed.
    assert (path["peut_se_dire"] == logic_model.SAID) == (said and weighed)
    assert path["affirmation"] == "Libellé r1 (r1) contribue à G, par R1 et I1"


def test_paths_are_those_of_a_plain_search_and_none_of_too_large_a_model() -> None:
    rng = np.random.default_rng(7)
    layers = [[f"{letter}{at}" for at in range(1, 7)] for letter in "rRI"] + [["G"]]
    pairs = [
        (source, target)
        for lower, upper in pairwise(layers)
        for source in lower
        for target in upper
        if rng.random() < 0.7
    ]
    nodes, links = draw([code for layer in layers for code in layer], pairs)
    graph = nx.DiGraph(pairs)
    plain = [p for start in layers[0] if start in graph for p in nx.all_simple_paths(graph, start, "G")]
    assert sorted(logic_model.trace_paths(nodes, links)["chemin"]) == sorted(" → ".join(path) for path in plain)
    assert logic_model.count_paths(nodes, links) == len(plain) > 10
    dense = [(s, t) for lower, upper in pairwise(layers) for s in lower for t in upper]
    wide = [*dense, *((f"r{at}", t) for at in range(7, 60) for t in layers[1])]
    nodes, links = draw([*(f"r{at}" for at in range(7, 60)), *(c for layer in layers for c in layer)], wide)
    assert logic_model.count_paths(nodes, links) == 59 * 36 > logic_model.MOST_PATHS
    assert logic_model.trace_paths(nodes, links).empty


def test_a_circle_has_no_path_and_does_not_hang() -> None:
    nodes, links = draw(NODES, [*CHAIN, ("I1", "R1")])
    assert logic_model.count_paths(nodes, links) == 0
    assert logic_model.trace_paths(nodes, links).empty


@pytest.mark.parametrize(
    ("cells", "state", "summary"),
    [
        ({"valeur": 6, "valeur_cible": 6}, "atteint", "6, cible 6"),
        ({"valeur": 5.5, "valeur_cible": 6, "unite": "%"}, "non_atteint", "5,5\u00a0%, cible 6\u00a0%"),
        ({"valeur": 5, "valeur_cible": 6, "sens": "baisse"}, "atteint", "5, cible 6"),
        ({"valeur": 7, "valeur_cible": 6, "sens": "baisse"}, "non_atteint", "7, cible 6"),
        ({"valeur": 0, "valeur_cible": 1}, "non_atteint", "0, cible 1"),
        ({"valeur": 5}, "sans_cible", "5"),
        ({"valeur_cible": 6}, "non_mesure", "valeur inconnue, cible 6"),
        ({}, "non_mesure", ""),
    ],
)
def test_a_node_is_judged_by_its_indicator(cells: dict[str, Any], state: str, summary: str) -> None:
    nodes, _ = draw(["r1", "r2"], [])
    nodes.loc[0, ["libelle_indicateur", *cells]] = ["Réunions", *cells.values()]
    judged = logic_model.judge_nodes(nodes, measured(nodes))
    assert judged["etat"].tolist() == [state, "sans_indicateur"]
    assert judged["resume"].tolist() == [summary, ""]
    assert judged["nb_indicateurs"].tolist() == [1, 0]


def test_a_lost_node_says_so_and_several_indicators_may_disagree() -> None:
    nodes, _ = draw(["r1", "R1"], [], R1=None)
    nodes.loc[0, ["libelle_indicateur", "valeur", "valeur_cible"]] = ["Réunions", 6, 6]
    common = empty(TABLES["socle_indicateurs"]).reindex(range(2)).assign(nature=["suivi", "contexte"])
    common[["code_modele", "code_noeud", "libelle_indicateur"]] = [["m", "r1", "Autre"], ["m", "R1", "Contexte"]]
    common[["valeur", "valeur_cible"]] = [[1.0, 2.0], [1.0, 2.0]]
    listed = logic_model.list_indicators(nodes, common)
    assert listed["origine"].tolist() == ["modèle", "socle commun"]
    blank = [empty(TABLES[name]) for name in ("actions", "beneficiaires", "resultats_actions")]
    judged = logic_model.judge_nodes(nodes, logic_model.measure_indicators(listed, *blank, 2022))
    assert judged["etat"].tolist() == ["en_partie", "perdu"]


ACTIONS = """\
code_action;annee;statut;code_orientation;code_objectif;montant_accorde
A1;2022;finance;O1;O1.1;1000
A2;2022;realise;O1;O1.1.2;500
A3;2022;refuse;O1;O1.1;
A4;2021;finance;O1;O1.1;9000
A5;2022;finance;O1;O1.10;70
A6;2022;finance;O2;;8
"""
PLANNED = """\
code_action;moment;dimension;modalite;nb_personnes
A1;prevu;sexe;femmes;30
A1;prevu;sexe;hommes;10
A1;realise;sexe;femmes;1
A2;prevu;sexe;femmes;0
A2;prevu;sexe;hommes;20
A1;prevu;residence;qpv;8
A1;prevu;residence;qva;2
A1;prevu;residence;hors;10
"""


@pytest.mark.parametrize(
    ("figure", "scope", "value"),
    [
        ("nb_actions_financees", "O1", 3),
        ("nb_actions_financees", "O1.1", 2),
        ("nb_actions_financees", "O1.1.2", 1),
        ("nb_actions_financees", "O9", 0),
        ("montant_accorde", "O1.1", 1500),
        ("montant_accorde", "O9", 0),
        ("part_femmes_prevues", "O1.1", 50),
        ("part_qpv_prevus", "O1.1", 40),
        ("part_femmes_prevues", "O2", None),
        ("part_resultats_atteints", "O1", 50),
    ],
)
def test_a_figure_of_the_programme_is_counted_over_its_scope_and_year(figure: str, scope: str, value: float) -> None:
    actions = pd.read_csv(io.StringIO(ACTIONS), sep=";").astype({"montant_accorde": DTYPES["euros"]})
    planned = pd.read_csv(io.StringIO(PLANNED), sep=";").astype({"nb_personnes": DTYPES["entier"]})
    results = pd.DataFrame({"code_action": ["A1", "A2", "A2", "A4"], "est_atteint": [True, False, pd.NA, False]})
    nodes, _ = draw(["r1"], [])
    nodes.loc[0, ["libelle_indicateur", "calcul", "portee_calcul", "valeur_cible"]] = ["Chiffre", figure, scope, 1]
    listed = logic_model.list_indicators(nodes, empty(TABLES["socle_indicateurs"]))
    results = results.astype({"est_atteint": "boolean"})
    row = logic_model.measure_indicators(listed, actions, planned, results, 2022).iloc[0]
    assert (None if pd.isna(row["valeur"]) else row["valeur"]) == value
    assert row["relevee_en"] == "programmation 2022"
    # What is planned is never counted as reached.
    assert pd.isna(row["est_atteint"]) == (value is None or figure.endswith(("prevus", "prevues")))


def test_no_share_of_few_cases() -> None:
    nodes, _ = draw(["r1"], [])
    nodes.loc[0, ["libelle_indicateur", "calcul", "portee_calcul"]] = ["Part", "part_resultats_atteints", "O1"]
    listed = logic_model.list_indicators(nodes, empty(TABLES["socle_indicateurs"]))
    actions = pd.read_csv(io.StringIO(ACTIONS), sep=";")
    results = pd.DataFrame({"code_action": ["A1"] * 19, "est_atteint": pd.Series([True] * 19, dtype="boolean")})
    blank = empty(TABLES["beneficiaires"])
    kept = [logic_model.measure_indicators(listed, actions, blank, rows, 2022, base_minimale=20)["valeur"].iloc[0]
            for rows in (results, pd.concat([results, results.head(1)]))]  # fmt: skip
    assert pd.isna(kept[0])
    assert kept[1] == 100


def test_coverage_counts_lost_nodes_and_names_levels_as_the_model_does() -> None:
    nodes, _ = draw(NODES, [], R2=None)
    nodes.loc[[0, 1], "libelle_indicateur"] = "Réunions"
    nodes.loc[0, "valeur"] = 3.0
    levels = dict(zip(LOGIC_LEVELS, ("Action", "Sous-axe", "Axe", "Orientation"), strict=True))
    cover = logic_model.cover_levels(judge(nodes), levels)
    assert cover["niveau"].tolist() == ["Action", "Sous-axe", "Axe", "Orientation", monitoring.TOTAL]
    assert cover["nb_noeuds"].tolist() == [2, 2, 1, 1, 6]
    assert cover["nb_avec_indicateur"].tolist() == [2, 0, 0, 0, 2]
    assert cover["nb_noeuds_mesures"].tolist() == [1, 0, 0, 0, 1]
    assert cover["part_couverte"].round(1).tolist() == [100, 0, 0, 0, 33.3]


def test_a_model_is_picked_by_name_the_first_by_default() -> None:
    models = pd.DataFrame({"code_modele": ["a", "b"], **{f"libelle_{level}": level.upper() for level in LOGIC_LEVELS}})
    assert logic_model.pick_model(models, None)["code_modele"] == "a"
    assert logic_model.name_levels(logic_model.pick_model(models, "b"))["realisation"] == "REALISATION"
    with pytest.raises(UsageError, match=r"« c » n'est pas un modèle de ce contrat.*: a, b"):
        logic_model.pick_model(models, "c")


class TestShipped:
    """The models of the protocol, as they were read."""

    def test_the_facilitation_model_holds_what_was_read_and_shows_what_was_lost(self, shipped: Frames) -> None:
        nodes, links = (logic_model.select_model(shipped[f"logique_{name}"], "animation_territoriale")
                        for name in ("noeuds", "liens"))  # fmt: skip
        assert nodes["niveau"].value_counts().reindex(LOGIC_LEVELS).tolist() == [8, 10, 4, 1]
        assert nodes.loc[nodes["est_perdu"], "code_noeud"].tolist() == ["R5"]
        assert (len(links), links["statut"].unique().tolist(), links["verdict"].unique().tolist()) == (
            30, ["hypothese"], ["non_examine"],
        )  # fmt: skip
        rows = logic_model.find_weaknesses(judge(nodes), links)
        where = rows.groupby("constat")["ou"].agg(list)
        assert where["Libellé perdu"] == ["R5"]
        assert where["Formulation circulaire"] == ["I2, G"]
        assert where["Chemins rompus"] == ["tous les liens"]
        paths = logic_model.trace_paths(nodes, links)
        assert len(paths) == 17
        assert paths["est_rompu"].all()
        assert (paths["peut_se_dire"] != logic_model.SAID).all()

    def test_the_economic_plan_has_its_axes_and_its_actions(self, shipped: Frames) -> None:
        nodes, links = (logic_model.select_model(shipped[f"logique_{name}"], "plan_economique")
                        for name in ("noeuds", "liens"))  # fmt: skip
        assert nodes["niveau"].value_counts().reindex(LOGIC_LEVELS).tolist() == [29, 9, 3, 1]
        assert set(links["statut"]) == {"hypothese"}
        assert logic_model.count_paths(nodes, links) == 29
        # A planned pace is a target, and what is written without one is no success.
        states = judge(nodes).set_index("code_noeud")["etat"]
        assert states[["1.B.1", "1.D.2", "3.B.6"]].tolist() == ["sans_cible", "non_mesure", "non_mesure"]

    def test_every_objective_stands_in_the_model_of_its_orientation(self, shipped: Frames) -> None:
        objectives = shipped["objectifs"]
        for orientation, own in objectives.groupby("code_orientation"):
            nodes = logic_model.select_model(shipped["logique_noeuds"], f"orientation_{orientation}")
            codes = set(nodes["code_noeud"].str.removeprefix("r-"))
            assert codes == {orientation, *own["code_objectif"]}
            assert set(nodes["portee_calcul"].dropna()) <= {orientation, *own["code_objectif"]}
