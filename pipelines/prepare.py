"""Raw → processed: read, correct, clean, balance, certify, validate, write. The recipe, readable aloud.

One contract is the case of many: all go through the same lines, and share what they have in common.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.balance import balance_euros, balance_rows, compare_to_vote, findings_of_vote
from pipelines.bars import open_bar
from pipelines.certify import certify_tables, validation_parameters
from pipelines.clean import Cleaned, clean_rows
from pipelines.clean.corrections import apply_corrections
from pipelines.clean.privacy import screen, screen_columns
from pipelines.clean.results import VALUES, WITHHELD, withhold_from_journal
from pipelines.contract import Contract, Source
from pipelines.editions import collect_editions
from pipelines.errors import DataError, together
from pipelines.fingerprint import digest_file
from pipelines.indicators.gender import Tree
from pipelines.inputs import NOT_TABLES, fingerprint_inputs, inputs_by_year, list_inputs
from pipelines.memory import give_back
from pipelines.processed import read_manifest, write_processed
from pipelines.read import RawTable, read_source
from pipelines.read.corrections import Correction, read_corrections
from pipelines.tables import CERTIFIED, GRANTED_COLUMNS, TABLES, with_measures
from pipelines.validate import Case, Verdict, validate_together

# What refers to territories by their code, as its refusal names it.
_PLACED = {"programmes": "La programmation", "structures_numeriques": "L'enquête des structures"}
# Rows of certified tables from which contracts are validated and written before more are read.
_ROWS_HELD = 1_000_000
# Rows of one contract whose text is worth giving back to the system before its tables are made.
_HEAVY = 200_000


def prepare(contract: Contract, processed: Path, *, force: bool = False) -> dict[str, Any]:
    """The manifest of a contract's certified tables, made again only if an input or the method changed.

    `processed` is the folder of all contracts. DataError where a file or the verdict refuses, or a row is lost.
    """
    (outcome,) = prepare_together([contract], processed, force=force)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def prepare_together(
    contracts: Sequence[Contract], processed: Path, *, force: bool = False
) -> list[dict[str, Any] | Exception]:
    """The manifest of each contract, as `prepare` makes it, or the exception that it raises: no contract stops another.

    What contracts share is read and cleaned once, and their rows are checked in one pass.
    """
    outcomes: dict[int, dict[str, Any] | Exception] = {}
    shared = Shared()
    drafts: dict[int, _Draft] = {}
    for rank, contract in enumerate(contracts):
        try:
            inputs = fingerprint_inputs(contract)
            if not force and is_prepared(processed / contract.nom_dossier, inputs):
                outcomes[rank] = read_manifest(processed / contract.nom_dossier)
            else:
                drafts[rank] = _draft(contract, inputs, shared)
        except Exception as error:  # whatever it is, it is this contract's: the others are prepared
            outcomes[rank] = error
        if sum(draft.nb_rows for draft in drafts.values()) >= _ROWS_HELD:
            outcomes |= zip(drafts, _write(list(drafts.values()), processed), strict=True)
            drafts = {}
    outcomes |= zip(drafts, _write(list(drafts.values()), processed), strict=True)
    return [outcomes[rank] for rank in range(len(contracts))]


@dataclass(frozen=True)
class Shared:
    """What one contract after another has in common: the sources of all France, as they were read and cleaned."""

    read: dict[tuple[str, str], RawTable] = field(default_factory=dict)
    cleaned: dict[tuple[int, ...], Cleaned] = field(default_factory=dict)


@dataclass(frozen=True)
class _Draft:
    """A contract up to its validation: its certified tables, what is written beside them, its manifest so far."""

    contract: Contract
    frames: dict[str, pd.DataFrame]
    extras: dict[str, str]
    manifest: dict[str, Any]

    @property
    def nb_rows(self) -> int:
        return sum(map(len, self.frames.values()))


def _draft(contract: Contract, inputs: str, shared: Shared) -> _Draft:
    """Read, correct, clean, balance and split what a contract is made of."""
    corrections = read_corrections(contract)
    applied = screen_columns(pd.DataFrame(corrections, columns=Correction._fields), "motif")
    editions, kept = collect_editions(contract.dossier, contract.editions)
    raw, corrected = _correct(_read_all(contract, shared), corrections)
    is_heavy = sum(len(table.frame) for tables in raw.values() for table in tables) >= _HEAVY
    cleaned = {name: _clean_once(name, tables, contract.arbre_marqueur, shared) for name, tables in raw.items()}
    balance, euros = _balance(contract, raw, cleaned)
    extras = {f"ecartees/{name}.csv": _csv(clean.set_aside) for name, clean in cleaned.items()}
    # Text goes once it is balanced, wide rows once they are split: a million actions fill gigabytes of each.
    del raw
    if is_heavy:
        give_back()
    frames, journal = certify_tables(contract, cleaned)
    journals = [
        screen_columns(_withhold(contract, corrected), "texte", "motif"),
        *(clean.journal for clean in cleaned.values()),
        journal,
    ]
    extras["journal.csv"] = _csv(pd.concat(journals, ignore_index=True))
    del cleaned
    if is_heavy:
        give_back()
    rows = [{key: value for key, value in line.items() if key != "id_source"} for line in balance]
    extras |= kept
    extras["balance.json"] = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    manifest = {
        "empreinte": inputs,
        "contrat": json.loads(contract.model_dump_json(exclude=NOT_TABLES)) | {"nom_dossier": contract.nom_dossier},
        "balance": balance,
        "euros": euros,
        **list_inputs(contract, applied),
        "editions": editions,
        "annees": inputs_by_year(contract, frames.get("actions"), corrections),
    }
    return _Draft(contract, frames, extras, manifest)


def _write(drafts: Sequence[_Draft], processed: Path) -> list[dict[str, Any] | Exception]:
    """Validate contracts in one pass, then write those that hold; the manifest of each, or why there is none."""
    outcomes: dict[int, dict[str, Any] | Exception] = {}
    cases: dict[int, Case] = {}
    for rank, draft in enumerate(drafts):
        try:
            cases[rank] = Case(draft.frames, validation_parameters(draft.contract, draft.frames))
        except Exception as error:  # this contract's alone, here and below
            outcomes[rank] = error
    for rank, verdict in zip(cases, validate_together(list(cases.values())), strict=True):
        try:
            outcomes[rank] = _write_one(drafts[rank], verdict, processed)
        except Exception as error:
            outcomes[rank] = error
    return [outcomes[rank] for rank in range(len(drafts))]


def _write_one(draft: _Draft, verdict: Verdict | Exception, processed: Path) -> dict[str, Any]:
    if isinstance(verdict, Exception):
        raise verdict
    verdict = verdict.with_findings(findings_of_vote(draft.manifest["euros"]["votes"]))
    verdict.refuse()
    manifest = {**draft.manifest, "controles": verdict.as_records()}
    return write_processed(processed / draft.contract.nom_dossier, draft.frames, draft.extras, manifest)


def is_prepared(folder: Path, inputs: str) -> bool:
    """Are the certified tables there, and made from these inputs?"""
    try:
        return read_manifest(folder)["empreinte"] == inputs
    except (DataError, KeyError):
        return False


def _read_all(contract: Contract, shared: Shared | None = None) -> dict[str, list[RawTable]]:
    """Every source as text, grouped by table. DataError that names all the files refused, not the first alone."""
    known = shared.read if shared else {}
    raw: dict[str, list[RawTable]] = {}
    refused: list[DataError] = []
    sources = contract.located()
    for source, path in open_bar("Lecture", sources):
        try:
            raw.setdefault(source.table, []).append(
                _read_once(source, path, known) if source in contract.sources_nationales else read_source(source, path)
            )
        except DataError as error:
            refused.append(error)
    if refused:
        raise together(refused)
    placed = next((words for table, words in _PLACED.items() if table in raw), None)
    if placed and "territoires" not in raw:
        raise DataError(f"{placed} renvoie à des territoires : ajouter à contrat.yml une source « territoires ».")
    return raw


def _read_once(source: Source, path: Path, known: dict[tuple[str, str], RawTable]) -> RawTable:
    """A source of all France, read the first time that a contract asks for it as it is declared and as it is now."""
    key = (source.model_dump_json(), digest_file(path))
    if key not in known:
        known[key] = read_source(source, path)
    return known[key]


def _correct(
    raw: dict[str, list[RawTable]], corrections: Sequence[Correction]
) -> tuple[dict[str, list[RawTable]], pd.DataFrame]:
    """The raw tables with their corrections applied, and the journal of these. No row comes or goes."""
    journals = [pd.DataFrame()]
    mended = {name: list(tables) for name, tables in raw.items()}
    for file in dict.fromkeys(correction.fichier for correction in corrections):
        # Several sources may read one file: a correction is looked for among all its rows.
        read = [
            (tables, i) for tables in mended.values() for i, t in enumerate(tables) if file in set(t.counts["fichier"])
        ]
        frames = [tables[i].frame for tables, i in read]
        own = [correction for correction in corrections if correction.fichier == file]
        text, journal = apply_corrections(pd.concat(frames, ignore_index=True), own)
        journals.append(journal)
        for (tables, i), frame in zip(read, frames, strict=True):
            part, text = text.iloc[: len(frame)], text.iloc[len(frame) :]
            tables[i] = replace(tables[i], frame=part[list(frame.columns)].reset_index(drop=True))
    return mended, pd.concat(journals, ignore_index=True)


def _withhold(contract: Contract, corrected: pd.DataFrame) -> pd.DataFrame:
    """The journal of corrections without the cells that may count persons: « valeur » does in one table of several."""
    if corrected.empty:
        return corrected
    names = corrected["id_source"].map({source.id: source.table for source, _ in contract.located()})
    return pd.concat(withhold_from_journal(part, name) for name, part in corrected.groupby(names)).sort_index()


def _clean_once(name: str, tables: list[RawTable], tree: Tree | None, shared: Shared) -> Cleaned:
    """A table cleaned, the first time only where it is made of nothing but what contracts share, uncorrected."""
    common = {id(table) for table in shared.read.values()}
    key = tuple(id(table) for table in tables)
    if not common.issuperset(key):
        return _clean(name, tables, tree)
    if key not in shared.cleaned:
        shared.cleaned[key] = _clean(name, tables, tree)
    return shared.cleaned[key]


def _clean(name: str, tables: list[RawTable], tree: Tree | None = None) -> Cleaned:
    """All rows of a table's sources cleaned together, so that a duplicate is seen across files.

    Personal data leave here, before any cell can be kept, set aside or written to the journal.
    """
    text = pd.concat([table.frame for table in tables], ignore_index=True)
    text, removed = screen(text, with_measures(TABLES[name], text.columns))
    cleaned = clean_rows(name, text, tree)
    ragged = screen_columns(pd.concat([table.ragged for table in tables], ignore_index=True), "texte")
    if name in VALUES and name in CERTIFIED:
        ragged = ragged.assign(texte=WITHHELD)
    return Cleaned(
        cleaned.kept,
        pd.concat([cleaned.set_aside, ragged], ignore_index=True),
        withhold_from_journal(pd.concat([cleaned.journal, removed], ignore_index=True), name),
    )


def _balance(
    contract: Contract, raw: dict[str, list[RawTable]], cleaned: dict[str, Cleaned]
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Rows of every sheet, then granted euros of every programme and their comparison with the vote."""
    rows: list[dict[str, Any]] = []
    euros: list[dict[str, Any]] = []
    for name, tables in raw.items():
        rows += balance_rows(name, pd.concat([table.counts for table in tables], ignore_index=True), cleaned[name])
        if name in GRANTED_COLUMNS:
            text = pd.concat([table.frame for table in tables], ignore_index=True)
            euros += balance_euros(name, text, cleaned[name])
    rows.sort(key=lambda line: (line["fichier"], line["feuille"]))
    return rows, {"accordes": euros, "votes": compare_to_vote(euros, contract.totaux_votes)}


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, sep=";", lineterminator="\n")
