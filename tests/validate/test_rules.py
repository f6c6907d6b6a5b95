"""The 25 data-quality rules: each is an expectation of a suite that one spoilt row makes fail, or holds elsewhere."""

import json
from typing import Any

import pandas as pd
import pytest

from pipelines.checks import CHECKS
from pipelines.paths import EXPECTATIONS, ROOT
from pipelines.suites import read_own_suites
from pipelines.validate import check_own, validate
from pipelines.verdict import Finding
from tests.conftest import sample
from tests.validate.conftest import typed

# Rules that no expectation can hold on certified tables, why, and the tests that hold them today.
ELSEWHERE = {
    9: ("a change is computed, not read: refused where it is computed", "tests/indicators/test_observation.py"),
    12: ("no source gives margins of error, and observations have no column for one", None),
}

COVERED = [
    *((path.stem.removesuffix(".ose"), e) for path in sorted(EXPECTATIONS.glob("*.json"))
      for e in json.loads(path.read_text(encoding="utf-8"))["expectations"] if e.get("meta", {}).get("numero")),
]  # fmt: skip

# Added to the valid tables, so that each rule has something to judge. The first row of each is at line 100.
MORE = {
    "territoires": """
code_territoire;type_territoire;nom_territoire;geographie;secteur;statut_politique_ville;est_fictif;est_incertain;note
QP059022;qpv;Quartier fictif 2;QPV2015;sud;;non;non;
""",
    "appartenances": """
code_territoire;code_parent;type_parent;nom_parent;est_dans_agglomeration;part_population
01001;245901160;epci;Agglomération fictive;oui;
QP059021;01001;commune;Commune fictive A;oui;
QP059021;245901160;epci;Agglomération fictive;oui;
QN05901M;01001;commune;Commune fictive A;oui;
QN05901M;245901160;epci;Agglomération fictive;oui;
""",
    "observations": """
code_indicateur;code_territoire;millesime;valeur;numerateur;denominateur;statut;texte_brut;note
nb_habitants;245901160;2020;1000;;;ok;1000;
nb_habitants;01001;2020;900;;;ok;900;
nb_habitants;QP059021;2020;300;;;ok;300;
nb_habitants;QN05901M;2020;850;;;ok;850;
nb_habitants;QP059020;2020;650;;;ok;650;
taux_emploi_15_64;245901160;non précisé;53,8;;;ok;53,8;
""",
    "calendrier": """
rang;debut;fin;type_evenement;libelle_evenement;est_incertain;note
3;2023-06;;instance;Instance fictive;non;
4;2024;;evaluation;Échéance à venir;non;
""",
}

QP = "Le code d'un QPV de 2015 est « QP » suivi de six chiffres"
QN = "Le code d'un QPV de 2024 est « QN », cinq chiffres et un caractère"
COUNT = "Le contrat compte ses QPV de 2015, ni plus ni moins"
UNIQUE = "Une seule ligne par code_indicateur, code_territoire, millesime, id_source"
AGREE = "Un taux est le quotient de son numérateur, qui ne dépasse pas son dénominateur, à 0,1 point près"
FIT = "Aucune valeur n'est négative, aucun pourcentage ne dépasse 100"
BELOW = "Le taux d'emploi d'un quartier est inférieur à celui de l'agglomération ; sinon, relire la source"
SPELLING = "Une graphie, à la casse et aux accents près, ne désigne qu'un territoire"
WITHIN = "Pour ce qui s'additionne, les "
COST = "Les financeurs n'accordent pas ensemble plus que le coût total de l'action, à 1 € près"
ASKED = "Ce qui est demandé aux financeurs ne dépasse pas le coût total de l'action, à 1 € près"
SHARES = "Les parts des territoires d'une action font 100 %, ou sont toutes inconnues"
YEAR = "L'année de programmation est comprise entre le début et la fin de l'action"
AGES = "Les bénéficiaires d'une action sont aussi nombreux par sexe, par âge et par lieu de résidence"
PLAN = "Les bénéficiaires réalisés font entre 0,2 et 3 fois les prévus ; sinon, un commentaire l'explique"
TREE = "n'est pas demandé pour un public non mixte sans objectif principal d'égalité"
TYPED = "Le marqueur saisi à la main est celui que donnent les réponses"
CLIMB = "Chaque lien monte d'un niveau, ou déclare en sauter"
ALONE = "Aucun nœud n'est isolé, sauf ceux dont le libellé est perdu"
LOST = "Aucun lien ne part d'un nœud perdu, ni n'y mène"
RATED = "Chaque action financée depuis la première année du marqueur égalité est examinée"

# Rule, table, row of the table (from 100: an added row), cells to spoil, what alone then fails, line, value shown.
SPOILT: list[tuple[int, str, int, dict[str, Any], str, int, str]] = [
    (1, "territoires", 7, {"code_territoire": "QP59020"}, QP, 9, "QP59020"),
    (1, "territoires", 9, {"code_territoire": "QN5901"}, QN, 11, "QN5901"),
    (3, "alias_territoires", 1, {"alias": "QUARTIER FICTIF N° 1", "code_territoire": "QP059021"}, SPELLING, 2,
     "Quartier fictif n° 1"),
    (3, "alias_territoires", 1, {"alias": "Quartier  Fictif-1", "code_territoire": "QP059021"}, SPELLING, 3,
     "Quartier  Fictif-1"),
    (3, "alias_territoires", 1, {"alias": "qp059021"}, SPELLING, 3, "qp059021"),
    (5, "observations", 0, {"valeur": None}, "Une observation « ok » a une valeur", 2, "vide"),
    (5, "observations", 3, {"valeur": 0.0}, "Une observation qui n'est pas « ok » n'a pas de valeur", 5, "0"),
    (5, "observations", 1, {"texte_brut": None},
     "Le texte lu est gardé, sauf d'une cellule vide ou d'une valeur tue", 3, "vide"),
    (5, "observations", 4, {"texte_brut": "nd"}, "Une observation « vide » n'a pas de texte lu", 6, "nd"),
    (6, "observations", 1, {"valeur": 100.5}, FIT, 3, "taux_emploi_15_64 : 100,5 %"),
    (6, "observations", 102, {"valeur": -1.0}, FIT, 102, "nb_habitants : -1 nombre"),
    (6, "observations", 2, {"valeur": 2999.0}, "Un revenu médian est compris entre 3 000 et 60 000 €", 4, "2999"),
    (7, "observations", 0, {"numerateur": 383.0}, AGREE, 2, "taux_emploi_15_64 : 383 / 1000, valeur 38,1"),
    (7, "observations", 0, {"denominateur": 300.0}, AGREE, 2, "taux_emploi_15_64 : 381 / 300, valeur 38,1"),
    (7, "observations", 0, {"denominateur": 0.0}, AGREE, 2, "taux_emploi_15_64 : 381 / 0, valeur 38,1"),
    (8, "observations", 0, {"id_source": "sans_empreinte"},
     "Le fichier reçu a son empreinte (sha256) dans contrat.yml", 2, "sans_empreinte"),
    (8, "observations", 2, {"millesime": None}, "« millesime » n'est jamais vide", 4, "vide"),
    (8, "observations", 3, {"code_territoire": "01999"},
     "« code_territoire » est un territoire de la table des territoires", 5, "01999"),
    (10, "observations", 101, {"valeur": 800.0}, WITHIN + "quartiers d'une commune ne font pas plus que la commune",
     101, "nb_habitants, 2020 : 1 territoires (qpv) font 850, le tout (commune) 800"),
    (10, "observations", 101, {"valeur": 1010.0}, WITHIN + "communes ne font pas plus que l'agglomération", 100,
     "nb_habitants, 2020 : 1 territoires (commune) font 1010, le tout (epci) 1000"),
    (10, "observations", 104, {"valeur": 800.0},
     WITHIN + "quartiers ne font pas plus que l'agglomération", 100,
     "nb_habitants, 2020 : 2 territoires (qpv) font 1100, le tout (epci) 1000"),
    (11, "observations", 105, {"valeur": 38.1}, BELOW, 2, "QP059020 : 38,1 ; epci : 38,1"),
    (13, "actions", 0, {"code_siret": "2,43E+13"}, "Le SIRET du porteur a quatorze chiffres", 2, "2,43E+13"),
    (13, "actions", 0, {"code_siret": "00000000000019"}, "La clé du SIRET du porteur est juste", 2, "00000000000019"),
    (13, "actions", 0, {"code_siret": None, "code_rna": None},
     "Le porteur a un SIRET ou un numéro RNA, connu et valable", 2, "vide"),
    (13, "actions", 0, {"code_rna": "W12"}, "Le numéro RNA du porteur est fait de « W » et de neuf caractères", 2,
     "W12"),
    (14, "financements", 1, {"montant_demande": 4001.5}, ASKED, 2, "A1 : 9001,5 €, coût total 9000 €"),
    (15, "financements", 0, {"montant_accorde": 5000.01}, "Le montant accordé ne dépasse pas le montant demandé", 2,
     "montant_demande = 5000 ; montant_accorde = 5000,01"),
    (15, "financements", 0, {"montant_verse": 4000.01}, "Le montant versé ne dépasse pas le montant accordé", 2,
     "montant_accorde = 4000 ; montant_verse = 4000,01"),
    (15, "financements", 0, {"montant_verse": -1.0}, "« montant_verse » n'est pas négatif", 2, "-1"),
    (16, "financements", 2, {"montant_accorde": 100.0},
     "Un montant n'est accordé qu'à une action financée, réalisée ou justifiée", 4, "A2 : refuse"),
    (17, "actions_territoires", 0, {"part_territoire": 59.0}, SHARES, 2, "A1 : 99 %"),
    (17, "actions_territoires", 2, {"part_territoire": 100.0}, SHARES, 4, "A2 : 100 %"),
    (18, "actions", 0, {"code_orientation": "O9"}, "« code_orientation » est une orientation du contrat", 2, "O9"),
    (18, "actions", 3, {"statut": "déposé"}, "« statut » est l'une des valeurs prévues", 5, "déposé"),
    (18, "financements", 1, {"code_financeur": "mécène"}, "« code_financeur » est l'une des valeurs prévues", 3,
     "mécène"),
    (19, "actions", 0, {"annee": 2018}, YEAR, 2, "2018"),
    (19, "actions", 3, {"annee": 2021}, YEAR, 5, "2021"),
    (19, "actions", 1, {"annee": 2022}, YEAR, 3, "2022"),
    (19, "actions", 2, {"date_fin": pd.Timestamp("2020-01-01"), "date_debut": pd.Timestamp("2020-02-01")},
     "L'action ne finit pas avant d'avoir commencé", 4, "date_fin = 01/01/2020 ; date_debut = 01/02/2020"),
    (19, "calendrier", 100, {"debut": "2023-07"}, "Une instance n'est pas datée après l'arrêt des données", 100,
     "2023-07"),
    (20, "beneficiaires", 2, {"nb_personnes": 9}, AGES, 2, "A1, prevu : age 9, residence 10, sexe 10"),
    (21, "beneficiaires", 5, {"nb_personnes": 31}, PLAN, 2, "A1 : prévu 10, réalisé 31"),
    (21, "beneficiaires", 5, {"nb_personnes": 1}, PLAN, 2, "A1 : prévu 10, réalisé 1"),
    (22, "reponses_marqueur", 1, {"diagnostic_sexue": True}, f"« diagnostic_sexue » {TREE}", 3, "oui"),
    (22, "reponses_marqueur", 1, {"participation_equilibree": False}, f"« participation_equilibree » {TREE}", 3, "non"),
    (22, "reponses_marqueur", 1, {"indicateurs_sexues": True}, f"« indicateurs_sexues » {TREE}", 3, "oui"),
    (22, "reponses_marqueur", 3, {"public_non_mixte_coherent": False},
     "La cohérence n'est jugée que pour un public non mixte sans objectif principal d'égalité", 5, "non"),
    (22, "reponses_marqueur", 1, {"motif_non_mixite": None}, "Un public non mixte jugé cohérent a un motif écrit", 3,
     "vide"),
    (22, "reponses_marqueur", 0, {"marqueur_saisi": 1}, TYPED, 2, "A1 : saisi 1, calculé 0"),
    (22, "reponses_marqueur", 0, {"marqueur_saisi": 3}, TYPED, 2, "A1 : saisi 3, calculé 0"),
    (22, "reponses_marqueur", 2, {"marqueur_saisi": 0}, TYPED, 4, "A3 : saisi 0, calculé 2"),
    # A4 lacks the answer that decides.
    (22, "reponses_marqueur", 3, {"marqueur_saisi": 2}, TYPED, 5, "A4 : saisi 2, calculé non examiné"),
    (23, "reponses_marqueur", 0, {"participation_equilibree": None}, RATED, 2, "A1"),
    (23, "reponses_marqueur", 2, {"public_non_mixte_coherent": True}, RATED, 4, "A3"),
    (23, "reponses_marqueur", 2, {"objectif_principal_egalite": None}, RATED, 4, "A3"),
    (24, "logique_liens", 2, {"code_source": "R9"}, "Chaque code_source désigne un nœud de son modèle", 4,
     "fictif : R9"),
    (24, "logique_liens", 0, {"code_cible": "R9"}, "Chaque code_cible désigne un nœud de son modèle", 2, "fictif : R9"),
    (24, "logique_liens", 3, {"code_source": "G", "code_cible": "I1"}, CLIMB, 5, "fictif : G → I1"),
    (24, "logique_liens", 2, {"code_cible": "R1"}, CLIMB, 4, "fictif : R1 → R1"),
    (24, "logique_liens", 1, {"est_saut_declare": False}, CLIMB, 3, "fictif : r2 → I1"),
    (24, "logique_noeuds", 3, {"est_perdu": False, "libelle_noeud": "Autre résultat"}, ALONE, 5, "fictif : R2"),
    (24, "logique_noeuds", 0, {"est_perdu": True, "libelle_noeud": None}, LOST, 2, "fictif : r1 → R1"),
]  # fmt: skip


@pytest.fixture
def tables(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The valid tables with more rows to judge, and the cost of the first action at what is granted to it."""
    for name, text in MORE.items():
        rows = typed(name, text)
        rows["ligne"] = pd.Series(range(100, 100 + len(rows)), dtype="Int64")
        frames[name] = pd.concat([frames[name], rows.assign(feuille="")], ignore_index=True)
    return frames


def failures(
    tables: dict[str, pd.DataFrame], parameters: dict[str, object], *native: str, kept: bool = False
) -> list[Finding]:
    """Failed findings of our own checks on all tables, and of the native suites of `native` alone."""
    own = read_own_suites(EXPECTATIONS, tables.keys(), parameters.keys()).values()
    findings = [finding for suite in own for finding in check_own(tables, suite, parameters)]
    for name in native:
        findings += [f for f in validate({name: tables[name]}, parameters).findings if f.type not in CHECKS]
    return [f for f in findings if kept or not f.success]


def row_of(name: str, tables: dict[str, pd.DataFrame], row: int) -> int:
    frame = tables[name]
    return row if row < 100 else int(frame.index[frame["ligne"] == row][0])


def test_each_rule_is_an_expectation_or_is_said_to_hold_elsewhere() -> None:
    assert {e["meta"]["numero"] for _, e in COVERED} | ELSEWHERE.keys() == set(range(1, 26))
    assert not {e["meta"]["numero"] for _, e in COVERED} & ELSEWHERE.keys()
    assert all((ROOT / proof).is_file() for _, proof in ELSEWHERE.values() if proof)


def test_each_check_of_ours_is_called_by_a_suite() -> None:
    called = {
        e["type"]
        for path in EXPECTATIONS.glob("*.ose.json")
        for e in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }
    assert called == set(CHECKS)


def test_valid_tables_keep_every_rule(tables: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    found = failures(tables, parameters, kept=True)
    assert len(found) == sum(type_ in CHECKS for type_ in [e["type"] for e in own_expectations()])
    assert all(f.success and f.nb_lignes == 0 and f.lignes == () for f in found)


def own_expectations() -> list[dict[str, Any]]:
    paths = sorted(EXPECTATIONS.glob("*.ose.json"))
    return [e for path in paths for e in json.loads(path.read_text(encoding="utf-8"))["expectations"]]


@pytest.mark.parametrize(("number", "table", "row", "cells", "description", "line", "value"), sample(SPOILT, one_in=6))
def test_a_spoilt_row_breaks_its_rule_alone_and_is_named_by_its_line(
    number: int,
    table: str,
    row: int,
    cells: dict[str, Any],
    description: str,
    line: int,
    value: str,
    tables: dict[str, pd.DataFrame],
    parameters: dict[str, object],
) -> None:
    expectation = next(e for _, e in COVERED if e["description"] == description and e["meta"]["numero"] == number)
    where = row_of(table, tables, row)
    for column, cell in cells.items():
        tables[table].loc[where, column] = cell
    native = [table] if expectation["type"] not in CHECKS else []
    (finding,) = [f for f in failures(tables, parameters, *native) if f.numero and not f.observe]
    assert (finding.description, finding.numero, finding.severity) == (description, number, expectation["severity"])
    assert finding.lignes[0][2:] == (line, value)
    assert finding.retient == ("3_marqueur_egalite" if number == 23 else "")


def test_a_missing_quartier_breaks_rule_2(tables: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    tables["territoires"] = tables["territoires"].drop(index=[7, 8])
    (finding,) = failures({"territoires": tables["territoires"]}, parameters, "territoires")
    assert (finding.numero, finding.description, finding.observe) == (2, COUNT, "1 ; attendu : 2")


def test_a_repeated_observation_breaks_rule_4(tables: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    rows = tables["observations"]
    repeated = rows.iloc[[4]].assign(ligne=200)
    frames = {"observations": pd.concat([rows, repeated], ignore_index=True)}
    (finding,) = [f for f in failures(frames, parameters, "observations") if not f.observe]
    assert (finding.numero, finding.description, finding.nb_lignes) == (4, UNIQUE, 2)
    assert [place[2] for place in finding.lignes] == [6, 200]


def test_a_grant_above_the_cost_breaks_rule_14(tables: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    """Granted above the cost is also asked above it: 14 twice, critical for the grant alone."""
    tables["actions"].loc[0, "montant_cout_total"] = 4999.0
    found = [(f.numero, f.description, f.severity) for f in failures(tables, parameters)]
    assert found == [(14, ASKED, "warning")]
    tables["actions"].loc[0, "montant_cout_total"] = 4998.0
    found = [(f.numero, f.description, f.severity) for f in failures(tables, parameters)]
    assert found == [(14, COST, "critical"), (14, ASKED, "warning")]


REFERENCES = [(path, e) for path, e in (
    (path.stem.removesuffix(".ose"), e) for path in sorted(EXPECTATIONS.glob("*.ose.json"))
    for e in json.loads(path.read_text(encoding="utf-8"))["expectations"]
) if e["type"] == "expect_codes_to_be_keys"]  # fmt: skip


@pytest.mark.parametrize(("table", "expectation"), sample(REFERENCES, one_in=4))
def test_a_code_without_its_parent_is_refused(
    table: str, expectation: dict[str, Any], tables: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    lone = {name: tables[name] for name in (table, *expectation["kwargs"]["tables"])}
    lone[table].loc[0, expectation["kwargs"]["column"]] = "inconnu"
    found = [f for f in failures(lone, parameters) if f.type == "expect_codes_to_be_keys"]
    # An objective is what an export writes by hand; every other code is one that the contract's own files share.
    severity = "warning" if expectation["kwargs"]["column"] == "code_objectif" else "critical"
    assert [(f.table, f.severity, f.nb_lignes) for f in found] == [(table, severity, 1)]
    assert found[0].lignes == ((f"dossier/{table}.csv", "", 2, "inconnu"),)


@pytest.mark.parametrize(
    "spoilt",
    [
        [
            ("actions_territoires", 0, {"part_territoire": 59.5}),
            ("actions", 1, {"statut": None}),
            ("observations", 0, {"numerateur": 382.0}),
            ("financements", 0, {"montant_demande": 8001.0}),
            ("beneficiaires", 5, {"nb_personnes": 2}),
            # Two criteria out of three at most: the third would change nothing.
            ("reponses_marqueur", 0, {"indicateurs_sexues": None}),
            ("reponses_marqueur", 2, {"marqueur_saisi": 2, "indicateurs_sexues": False}),
        ],
        [
            ("observations", 0, {"numerateur": None}),
            ("beneficiaires", 5, {"nb_personnes": 30}),
            ("actions", 0, {"annee": 2019, "statut": "refuse"}),
            ("reponses_marqueur", 0, {"marqueur_saisi": 0}),
        ],
    ],
    ids=["one end", "the other"],
)
def test_what_lies_within_a_tolerance_or_cannot_be_judged_passes(
    spoilt: list[tuple[str, int, dict[str, Any]]], tables: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    for table, row, cells in spoilt:
        for column, cell in cells.items():
            tables[table].loc[row, column] = cell
    tables["financements"].loc[:, "montant_accorde"] = tables["financements"]["montant_accorde"].where(
        tables["financements"]["code_action"].map(tables["actions"].set_index("code_action")["statut"]) != "refuse"
    )
    assert not failures(tables, parameters)


@pytest.mark.parametrize("table", ["actions", "actions_territoires", "financements", "beneficiaires", "observations"])
def test_blank_and_repeated_keys_are_left_to_the_native_suites(
    table: str, tables: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    tables[table] = pd.concat([tables[table], tables[table].iloc[[0]]], ignore_index=True)
    tables[table].loc[len(tables[table]) - 1, tables[table].columns[0]] = None
    for name in ("indicateurs", "territoires", "appartenances"):
        tables[name] = pd.concat([tables[name]] * 2, ignore_index=True)
    assert not [f for f in failures(tables, parameters) if f.numero != 23]


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    sample([(case[1], case[2], case[3]) for case in SPOILT if case[0] in (14, 16, 17, 20, 21)], one_in=3),
)
def test_texts_held_as_categories_are_judged_alike(
    table: str, row: int, cells: dict[str, Any], tables: dict[str, pd.DataFrame], parameters: dict[str, object]
) -> None:
    for column, cell in cells.items():
        tables[table].loc[row, column] = cell
    plain = failures(tables, parameters)
    for name in ("actions_territoires", "financements", "beneficiaires"):
        texts = tables[name].select_dtypes("str").columns
        tables[name] = tables[name].astype(dict.fromkeys(texts, "category"))
    assert plain
    assert failures(tables, parameters) == plain


def test_without_a_tree_nothing_is_rated(tables: dict[str, pd.DataFrame], parameters: dict[str, object]) -> None:
    tables["reponses_marqueur"].loc[0, "marqueur_saisi"] = 0
    found = failures(tables, parameters | {"arbre_marqueur": None})
    assert [(f.description, f.nb_lignes) for f in found] == [(RATED, 2), (TYPED, 1)]
    assert found[1].lignes[0][3] == "A1 : saisi 0, calculé non examiné"
