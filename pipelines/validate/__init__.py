"""Certified tables → `Verdict`, through the suites of `expectations/`: one contract, or many in one pass.

Great Expectations drops a misspelt expectation and reports success, and passes on an empty table. Here both stop the
run, as does anything else that would leave a check undone: what is not checked is never reported as right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.bars import open_bar
from pipelines.checks import run_check
from pipelines.errors import DataError
from pipelines.memory import give_back
from pipelines.paths import EXPECTATIONS
from pipelines.suites import Suite, read_own_suites, read_suites, resolve
from pipelines.tables import CERTIFIED, PROVENANCE
from pipelines.validate.findings import PLACE, describe, place_of
from pipelines.validate.native import LONG, open_source
from pipelines.validate.together import Part, check_parts
from pipelines.verdict import PLACES_SHOWN, Finding, Verdict

__all__ = ["Case", "Finding", "Verdict", "check_own", "validate", "validate_together"]


@dataclass(frozen=True)
class Case:
    """One contract to validate: its certified tables (name → frame with its provenance), its values of parameters."""

    frames: Mapping[str, pd.DataFrame]
    parameters: Mapping[str, object]


def validate(
    frames: Mapping[str, pd.DataFrame], parameters: Mapping[str, object], folder: Path = EXPECTATIONS
) -> Verdict:
    """The verdict on certified tables (name → frame with its provenance), by the suites of `folder`.

    `parameters`: values of the contract that the suites refer to by name. Never raises on what the data hold;
    DataError where a check cannot be done: suite, column, parameter or expectation unknown, table empty or unplaced.
    """
    (outcome,) = validate_together([Case(frames, parameters)], folder)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def validate_together(cases: Sequence[Case], folder: Path = EXPECTATIONS) -> list[Verdict | Exception]:
    """The verdict on each contract, the same as if it were validated alone; an exception where a check cannot be done.

    Checks of rows cost little more for all contracts than for one. `folder`: the suites.
    """
    suites, refused = _read_all_suites(cases, folder)
    source = open_source() if len(refused) < len(cases) else None
    findings: list[list[Finding]] = [[] for _ in cases]
    for name in open_bar("Contrôles", _present(cases)):
        ranks = [rank for rank in suites if rank not in refused and name in suites[rank][0]]
        filled = [rank for rank in ranks if len(cases[rank].frames[name])]
        if filled:
            parts = [Part(cases[rank].frames[name], cases[rank].parameters) for rank in filled]
            outcomes = check_parts(source, parts, suites[filled[0]][0][name])
            for rank, outcome in zip(filled, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    refused[rank] = outcome
                else:
                    findings[rank] += outcome
        for rank in ranks:
            own = suites[rank][1]
            if name in own and rank not in refused:
                try:
                    findings[rank] += check_own(cases[rank].frames, own[name], cases[rank].parameters)
                except Exception as error:  # whatever it is, it is this contract's alone
                    refused[rank] = error
    return [refused.get(rank) or Verdict(tuple(findings[rank])) for rank in range(len(cases))]


def check_own(frames: Mapping[str, pd.DataFrame], suite: Suite, parameters: Mapping[str, object]) -> list[Finding]:
    """One finding per check of ours in a suite whose tables are all among `frames`."""
    findings = []
    for expectation in suite["expectations"]:
        given = {name: resolve(value, parameters) for name, value in expectation["kwargs"].items()}
        if all(name in frames for name in given.get("tables", [])):
            faults = run_check(expectation["type"], suite["name"], frames, given)
            places = tuple(place_of(row) for row in faults[[*PLACE, "valeur"]].head(PLACES_SHOWN).to_dict("records"))
            findings.append(describe(suite["name"], expectation, faults.empty, len(faults), places))
            if len(frames[suite["name"]]) >= LONG:
                give_back()
    return findings


def _present(cases: Sequence[Case]) -> list[str]:
    """The tables that any contract has, in their own order."""
    return [name for name in CERTIFIED if any(name in case.frames for case in cases)]


def _read_all_suites(
    cases: Sequence[Case], folder: Path
) -> tuple[dict[int, tuple[dict[str, Suite], dict[str, Suite]]], dict[int, Exception]]:
    """For each case by its rank, its suites, native and ours; or why it has none. Each file is read once."""
    known: dict[tuple[frozenset[str], frozenset[str]], tuple[dict[str, Suite], dict[str, Suite]]] = {}
    suites, refused = {}, {}
    for rank, case in enumerate(cases):
        tables, parameters = case.frames.keys(), case.parameters.keys()
        names = (frozenset(tables), frozenset(parameters))
        try:
            if names not in known:
                known[names] = (
                    read_suites(folder, tables, parameters),
                    read_own_suites(folder, tables, parameters),
                )
            for name in known[names][0]:
                _check_frame(name, case.frames[name])
            suites[rank] = known[names]
        except DataError as error:
            refused[rank] = error
    return suites, refused


def _check_frame(name: str, frame: pd.DataFrame) -> None:
    """Every column there, at least one row, and every row with the place it was read at."""
    table = CERTIFIED[name]
    missing = [column for column in (*table.names, *(c.name for c in PROVENANCE)) if column not in frame]
    if missing:
        raise DataError(f"Table « {name} » : il manque la colonne « {missing[0]} ».")
    if frame.empty and not table.may_be_empty:
        raise DataError(
            f"La table « {name} » est vide : aucun contrôle n'aurait de sens. Vérifier ses sources dans contrat.yml."
        )
    if frame[["id_source", "fichier", "ligne"]].isna().to_numpy().any():
        raise DataError(f"Table « {name} » : une ligne au moins a perdu son fichier ou son numéro de ligne.")
