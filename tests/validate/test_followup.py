"""Our own checks of the follow-up: the objective tree, the objective of an action, dates that had not come yet."""

from typing import Any

import pandas as pd
import pytest

from pipelines.checks.objectives import expect_objective_of_own_orientation, expect_objectives_to_form_a_tree
from pipelines.paths import EXPECTATIONS
from pipelines.suites import read_own_suites
from pipelines.validate import check_own
from pipelines.verdict import Finding
from tests.conftest import sample
from tests.validate.conftest import typed

Cells = dict[tuple[str, int, str], Any]
TREE = "Les objectifs forment un arbre : même orientation que le parent, aucune boucle"
PARENT = "Chaque code_objectif_parent désigne une ligne de la table objectifs"
SERVED = "L'objectif d'une action est de la même orientation qu'elle"
KNOWN = "Chaque code_objectif désigne une ligne de la table objectifs"
PAID = "Le premier versement n'est pas postérieur à la date d'arrêt"
ACCOUNT = "La réception du bilan n'est pas postérieure à la date d'arrêt"
MEASURED = "Une mesure n'est pas postérieure à la date d'arrêt"
MONTH = "Chaque conseil a au moins un mois pour répondre"
OPINION = "Un avis n'est pas reçu après la date d'arrêt"
APPROVED = "Une délibération n'est pas postérieure à la date d'arrêt"
FOLLOWED = "Chaque code_action désigne une ligne de la table suivis_renforces"
CRITICAL = {TREE, PARENT, FOLLOWED}

# Table, row and column → cell; then what alone fails, and the lines and values shown.
SPOILT: list[tuple[Cells, str, list[tuple[int, str]]]] = [
    ({("objectifs", 0, "code_objectif_parent"): "O1.1"}, TREE, [(2, "O1.1"), (3, "O1.1.1"), (4, "O1.1.1.1")]),
    # Two that hold each other; the third row hangs on the loop, and has no way to the top either.
    ({("objectifs", 0, "code_objectif_parent"): "O1.1.1"}, TREE, [(2, "O1.1"), (3, "O1.1.1"), (4, "O1.1.1.1")]),
    ({("objectifs", 0, "code_objectif_parent"): "O1.1.1.1"}, TREE, [(2, "O1.1"), (3, "O1.1.1"), (4, "O1.1.1.1")]),
    ({("objectifs", 3, "code_objectif_parent"): "O1.1"}, TREE, [(5, "O2.1")]),
    ({("objectifs", 2, "code_orientation"): "O2"}, TREE, [(4, "O1.1.1.1")]),
    ({("objectifs", 3, "code_objectif_parent"): "O2"}, PARENT, [(5, "O2")]),
    ({("actions", 0, "code_objectif"): "O2.1"}, SERVED, [(2, "A1 : O2.1, orientation O1")]),
    ({("actions", 1, "code_orientation"): "O1"}, SERVED, [(3, "A2 : O2.1, orientation O1")]),
    ({("actions", 0, "code_objectif"): "Insertion"}, KNOWN, [(2, "Insertion")]),
    ({("actions", 2, "date_versement"): pd.Timestamp("2023-07-01")}, PAID, [(4, "01/07/2023")]),
    ({("actions", 2, "date_bilan"): pd.Timestamp("2023-07-01")}, ACCOUNT, [(4, "01/07/2023")]),
    ({("mesures_suivis", 1, "date_mesure"): pd.Timestamp("2023-07-01")}, MEASURED, [(3, "01/07/2023")]),
    # A month after 30 January is the last day of February.
    ({("avis_rapport", 0, "date_limite_avis"): pd.Timestamp("2021-02-27")}, MONTH, [(2, "30/01/2021 au 27/02/2021")]),
    ({("avis_rapport", 0, "date_reception"): pd.Timestamp("2023-07-01")}, OPINION, [(2, "01/07/2023")]),
    ({("deliberations", 0, "date_deliberation"): pd.Timestamp("2023-07-01")}, APPROVED, [(2, "01/07/2023")]),
    # An action of the contract, but none that is followed closely.
    ({("mesures_suivis", 0, "code_action"): "A3"}, FOLLOWED, [(2, "A3")]),
]


@pytest.fixture
def failed(frames: dict[str, pd.DataFrame], parameters: dict[str, object]) -> Any:
    """Failed findings of our own checks on the valid tables, once some of their cells are others."""

    def run(cells: Cells) -> list[Finding]:
        for (table, row, column), cell in cells.items():
            frames[table].loc[row, column] = cell
        own = read_own_suites(EXPECTATIONS, frames.keys(), parameters.keys()).values()
        return [f for suite in own for f in check_own(frames, suite, parameters) if not f.success]

    return run


@pytest.mark.parametrize(("cells", "description", "places"), sample(SPOILT, one_in=3))
def test_a_spoilt_row_alone_is_named_by_its_line(
    cells: Cells,
    description: str,
    places: list[tuple[int, str]],
    failed: Any,
) -> None:
    (finding,) = failed(cells)
    assert (finding.description, finding.severity) == (
        description,
        "critical" if description in CRITICAL else "warning",
    )
    assert [place[2:] for place in finding.lignes] == places


@pytest.mark.parametrize(
    "cells",
    [
        # On the very day of the cut-off, or unknown.
        {("actions", 2, "date_versement"): pd.Timestamp("2023-06-30"), ("actions", 2, "date_bilan"): pd.NaT},
        {("actions", 0, "code_objectif"): None},
        {("actions", 0, "code_orientation"): None},
        {("objectifs", 1, "theme"): None, ("objectifs", 3, "libelle_objectif"): "Objectif fictif A"},
    ],
)
def test_what_is_in_order_or_cannot_be_judged_passes(cells: Cells, failed: Any) -> None:
    assert not failed(cells)


def tree(*rows: tuple[str | None, str | None]) -> pd.DataFrame:
    """Objectives of one orientation from their codes and those of their parents."""
    lines = "".join(f"{code or ''};Objectif fictif;O1;{parent or ''};;oui\n" for code, parent in rows)
    return typed("objectifs", f"{HEADER}\n{lines}")


HEADER = "code_objectif;libelle_objectif;code_orientation;code_objectif_parent;theme;est_fictif"


@pytest.mark.parametrize(
    ("rows", "at_fault"),
    [
        ([], []),
        ([("a", None)], []),
        ([("a", "a")], ["a"]),
        ([("a", "b"), ("b", "a")], ["a", "b"]),
        ([("a", "b"), ("b", "c"), ("c", "a"), ("d", None)], ["a", "b", "c"]),
        ([("a", "b"), ("b", "a"), ("d", "b"), ("e", "d")], ["a", "b", "d", "e"]),
        # As deep as there are objectives, written from the leaf up.
        ([("e", "d"), ("d", "c"), ("c", "b"), ("b", "a"), ("a", None)], []),
        # A parent that nobody wrote down is another check's.
        ([("a", "z"), ("b", "a")], []),
        # Blank and repeated codes are the native suite's.
        ([(None, "a"), ("a", None), ("b", None)], []),
        ([("a", None), ("a", None), ("b", "a")], []),
    ],
)
def test_a_loop_of_any_length_is_found_and_a_deep_tree_is_none(
    rows: list[tuple[str | None, str | None]], at_fault: list[str]
) -> None:
    found = expect_objectives_to_form_a_tree(tree(*rows))
    assert found["valeur"].tolist() == at_fault


def test_an_action_without_objective_is_not_that_of_a_blank_code(frames: dict[str, pd.DataFrame]) -> None:
    actions = frames["actions"].assign(code_objectif=pd.Series([None] * 4, dtype="str"))
    assert expect_objective_of_own_orientation(actions, tree((None, None), ("a", None))).empty
