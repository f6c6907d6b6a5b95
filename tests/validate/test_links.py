"""References between tables and sums that must agree: each rule passes on valid tables and names the rows at fault."""

from typing import Any

import pandas as pd
import pytest

from pipelines.links import COHERENCES, REFERENCES, check_links
from pipelines.verdict import Finding


def only_failure(frames: dict[str, pd.DataFrame]) -> Finding:
    (finding,) = [f for f in check_links(frames) if not f.success]
    return finding


def test_valid_tables_pass_every_rule(frames: dict[str, pd.DataFrame]) -> None:
    findings = check_links(frames)
    assert len(findings) == len(REFERENCES) + len(COHERENCES)
    assert all(f.success and f.nb_lignes == 0 and f.lignes == () for f in findings)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: r.table)
def test_a_code_without_its_parent_is_refused(reference: Any, frames: dict[str, pd.DataFrame]) -> None:
    lone = {reference.table: frames[reference.table], reference.parent: frames[reference.parent]}
    lone[reference.table].loc[0, reference.column] = "inconnu"
    failed = [f for f in check_links(lone) if f.type == "reference" and not f.success]
    assert [(f.table, f.severity, f.nb_lignes) for f in failed] == [(reference.table, "critical", 1)]
    assert failed[0].lignes == ((f"dossier/{reference.table}.csv", "", 2, "inconnu"),)


# Table, row, cells to spoil → description, severity, line, value shown.
SPOILT = [
    ("financements", 2, {"montant_accorde": 100.0},
     "Un montant n'est accordé qu'à une action financée, réalisée ou justifiée", "critical", 4, "A2 : refuse"),
    ("actions_territoires", 0, {"part_territoire": 59.0},
     "Les parts des territoires d'une action font 100 %, ou sont toutes inconnues", "critical", 2, "A1 : 99 %"),
    ("actions_territoires", 2, {"part_territoire": 100.0},
     "Les parts des territoires d'une action font 100 %, ou sont toutes inconnues", "critical", 4, "A2 : 100 %"),
    ("beneficiaires", 2, {"nb_personnes": 9},
     "Les bénéficiaires d'une action sont aussi nombreux par sexe, par âge et par lieu de résidence", "warning", 2,
     "A1, prevu : age 9, residence 10, sexe 10"),
    ("observations", 0, {"valeur": 100.5},
     "Aucune valeur n'est négative, aucun pourcentage ne dépasse 100", "critical", 2,
     "taux_emploi_15_64 : 100,5 %"),
    ("observations", 2, {"valeur": -1.0},
     "Aucune valeur n'est négative, aucun pourcentage ne dépasse 100", "critical", 4,
     "montant_revenu_median : -1 €"),
    ("actions", 0, {"annee": 2018},
     "L'année de programmation est comprise entre le début et la fin de l'action", "critical", 2, "2018"),
    ("actions", 3, {"annee": 2021},
     "L'année de programmation est comprise entre le début et la fin de l'action", "critical", 5, "2021"),
    ("actions", 1, {"annee": 2022},
     "L'année de programmation est comprise entre le début et la fin de l'action", "critical", 3, "2022"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "description", "severity", "line", "value"), SPOILT)
def test_each_coherence_names_the_row_at_fault(
    table: str,
    row: int,
    cells: dict[str, Any],
    description: str,
    severity: str,
    line: int,
    value: str,
    frames: dict[str, pd.DataFrame],
) -> None:
    for column, cell in cells.items():
        frames[table].loc[row, column] = cell
    finding = only_failure(frames)
    assert (finding.table, finding.description, finding.severity) == (table, description, severity)
    assert finding.lignes[0] == (f"dossier/{table}.csv", "", line, value)


def test_every_coherence_is_seen_to_fail() -> None:
    assert {case[3] for case in SPOILT} == {rule.description for rule in COHERENCES}


def test_half_a_point_of_rounding_is_accepted(frames: dict[str, pd.DataFrame]) -> None:
    frames["actions_territoires"].loc[0, "part_territoire"] = 59.5
    assert all(f.success for f in check_links(frames))


def test_an_action_of_unknown_status_is_not_judged(frames: dict[str, pd.DataFrame]) -> None:
    frames["actions"].loc[1, "statut"] = None
    frames["financements"].loc[2, "montant_accorde"] = 100.0
    assert all(f.success for f in check_links(frames))


@pytest.mark.parametrize("table", ["actions", "actions_territoires", "financements", "beneficiaires", "observations"])
def test_blank_and_repeated_keys_are_left_to_the_suites(table: str, frames: dict[str, pd.DataFrame]) -> None:
    frames[table] = pd.concat([frames[table], frames[table].iloc[[0]]], ignore_index=True)
    frames[table].loc[len(frames[table]) - 1, frames[table].columns[0]] = None
    frames["actions"] = pd.concat([frames["actions"]] * 2, ignore_index=True)
    frames["indicateurs"] = pd.concat([frames["indicateurs"]] * 2, ignore_index=True)
    assert all(f.success for f in check_links(frames))
