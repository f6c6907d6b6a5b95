"""Raw → processed for one contract: read, correct, clean, balance, validate, write. The recipe, readable aloud."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from pipelines.balance import balance_euros, balance_rows, compare_to_vote, findings_of_vote
from pipelines.clean import Cleaned, clean_rows, settle_answers
from pipelines.clean.corrections import apply_corrections
from pipelines.clean.privacy import screen, screen_columns
from pipelines.clean.programmes import split_programmes
from pipelines.clean.readings import split_readings
from pipelines.clean.registers import split_registers
from pipelines.clean.results import VALUES, WITHHELD, withhold_from_journal
from pipelines.clean.words import codes_by_name
from pipelines.commentary import collect_comments
from pipelines.contract import Contract, Source
from pipelines.disclosure import (
    class_of_actions,
    count_reached,
    hide_elsewhere,
    hide_measures,
    hide_observations,
    judge_results,
)
from pipelines.editions import collect_editions
from pipelines.errors import DataError, together
from pipelines.indicators.gender import Tree
from pipelines.inputs import NOT_TABLES, fingerprint_inputs, inputs_by_year, list_inputs
from pipelines.logic_models import collect_models
from pipelines.memory import give_back
from pipelines.processed import read_manifest, write_processed
from pipelines.read import RawTable, read_source
from pipelines.read.corrections import Correction, read_corrections
from pipelines.tables import CERTIFIED, GRANTED_COLUMNS, TABLES, WIDE, empty, with_measures
from pipelines.validate import validate

# What refers to territories by their code, as its refusal names it.
_PLACED = {"programmes": "La programmation", "structures_numeriques": "L'enquête des structures"}


def prepare(contract: Contract, processed: Path, *, force: bool = False) -> dict[str, Any]:
    """The manifest of a contract's certified tables, made again only if an input or the method changed.

    `processed` is the folder of all contracts. DataError where a file or the verdict refuses, or a row is lost.
    """
    folder = processed / contract.nom_dossier
    inputs = fingerprint_inputs(contract)
    if not force and is_prepared(folder, inputs):
        return read_manifest(folder)
    corrections = read_corrections(contract)
    applied = screen_columns(pd.DataFrame(corrections, columns=Correction._fields), "motif")
    editions, kept = collect_editions(contract.dossier, contract.editions)
    raw, corrected = _correct(_read_all(contract), corrections)
    cleaned = {name: _clean(name, tables, contract.arbre_marqueur) for name, tables in raw.items()}
    balance, euros = _balance(contract, raw, cleaned)
    extras = {f"ecartees/{name}.csv": _csv(clean.set_aside) for name, clean in cleaned.items()}
    # Text goes once it is balanced, wide rows once they are split: a million actions fill gigabytes of each.
    del raw
    give_back()
    frames, journal = _certified(contract, cleaned)
    journals = [
        screen_columns(_withhold(contract, corrected), "texte", "motif"),
        *(clean.journal for clean in cleaned.values()),
        journal,
    ]
    extras["journal.csv"] = _csv(pd.concat(journals, ignore_index=True))
    del cleaned
    give_back()
    verdict = validate(frames, _validation_parameters(contract, frames)).with_findings(findings_of_vote(euros["votes"]))
    verdict.refuse()
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
        "controles": verdict.as_records(),
    }
    return write_processed(folder, frames, extras, manifest)


def is_prepared(folder: Path, inputs: str) -> bool:
    """Are the certified tables there, and made from these inputs?"""
    try:
        return read_manifest(folder)["empreinte"] == inputs
    except (DataError, KeyError):
        return False


def _read_all(contract: Contract) -> dict[str, list[RawTable]]:
    """Every source as text, grouped by table. DataError that names all the files refused, not the first alone."""
    raw: dict[str, list[RawTable]] = {}
    refused: list[DataError] = []
    sources = contract.located()
    for source, path in tqdm(sources, desc="Lecture", unit="fichier", leave=False, disable=None):
        try:
            raw.setdefault(source.table, []).append(read_source(source, path))
        except DataError as error:
            refused.append(error)
    if refused:
        raise together(refused)
    placed = next((words for table, words in _PLACED.items() if table in raw), None)
    if placed and "territoires" not in raw:
        raise DataError(f"{placed} renvoie à des territoires : ajouter à contrat.yml une source « territoires ».")
    return raw


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


def _certified(contract: Contract, cleaned: dict[str, Cleaned]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The certified tables that the contract has sources for, programmes split, in the columns of `pipelines.tables`.

    The second frame is the journal of the split and of the commentaries.
    """
    frames = {name: clean.kept for name, clean in cleaned.items() if name in CERTIFIED}
    fictional = {source.id for source, _ in contract.located() if source.fictif}
    journals = [pd.DataFrame()]
    if "programmes" in cleaned:
        aliases = frames.get("alias_territoires", empty(TABLES["alias_territoires"]))
        names = codes_by_name(frames["territoires"], aliases)
        split, journal = split_programmes(cleaned["programmes"].kept, names, fictional)
        journals.append(journal)
        # An export may know nothing of beneficiaries or of the marker; without actions it is no programme.
        split = {name: frame for name, frame in split.items() if len(frame) or name == "actions"}
        frames = _added(frames, split)
    if "subventions" in cleaned:
        frames = _added(frames, split_registers(cleaned["subventions"].kept, fictional))
    for wide in [name for name in WIDE if name in cleaned]:
        observations, journal = split_readings(cleaned[wide].kept, wide)
        frames = _added(frames, {WIDE[wide]: observations})
        journals.append(journal)
    if {"reponses_marqueur", "notations_marqueur", "consensus_marqueur"} & frames.keys():
        frames, journal = _settle(contract, frames)
        journals.append(journal)
    _protect(contract, frames)
    if contract.modeles:
        frames["logique_modeles"] = collect_models(contract.modeles)
    frames["commentaires"], removed = screen(collect_comments(contract.dossier), TABLES["commentaires"])
    certified = {name: frames[name][list(empty(CERTIFIED[name]).columns)] for name in CERTIFIED if name in frames}
    return certified, pd.concat([*journals, removed], ignore_index=True)


def _settle(contract: Contract, frames: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The frames with one set of answers per action, from exports, ratings and consensus; the journal of the others."""
    names = ("reponses_marqueur", "notations_marqueur", "consensus_marqueur")
    export, ratings, consensus = (frames.get(name, empty(TABLES[name])) for name in names)
    answers, journal = settle_answers(export, ratings, consensus, contract.arbre_marqueur)
    others = {name: frame for name, frame in frames.items() if name != "reponses_marqueur"}
    # Raters who disagree on every action leave no answer.
    return others | ({"reponses_marqueur": answers} if len(answers) else {}), journal


def _added(frames: dict[str, pd.DataFrame], more: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frames with the rows of others after theirs: one table may come from several shapes of files."""
    return frames | {
        name: pd.concat([frames[name], frame], ignore_index=True) if name in frames else frame
        for name, frame in more.items()
    }


def _protect(contract: Contract, frames: dict[str, pd.DataFrame]) -> None:
    """Small counts leave here: what a report may say of persons is decided once, for all pages and all years."""
    thresholds = {"personnes": contract.seuils.petit_effectif, "menages_fiscaux": contract.seuils.menages_fiscaux}
    if "observations" in frames and "indicateurs" in frames:
        containment = frames.get("appartenances", empty(TABLES["appartenances"]))
        frames["observations"] = hide_observations(
            frames["observations"], frames["indicateurs"], containment, thresholds
        )
    if "observations_france" in frames and "indicateurs" in frames:
        own = frames.get("observations", empty(TABLES["observations"]))
        frames["observations_france"] = hide_elsewhere(
            frames["observations_france"], own, frames["indicateurs"], thresholds
        )
    if "resultats_actions" in frames:
        frames["resultats_actions"] = judge_results(frames["resultats_actions"], thresholds["personnes"])
    if "mesures_suivis" in frames:
        frames["mesures_suivis"] = hide_measures(frames["mesures_suivis"])
    if "beneficiaires" in frames:
        actions, links = frames["actions"], frames.get("actions_territoires", empty(TABLES["actions_territoires"]))
        cuts = {name: class_of_actions(actions, links)[name] for name in contract.coupes_personnes}
        frames["effectifs_publies"] = count_reached(
            actions, frames["beneficiaires"], cuts, contract.seuils.petit_effectif
        )


def _validation_parameters(contract: Contract, frames: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What the suites refer to by name: the contract's own values, years, orientations, tree, the codes it knows."""
    codes = {"codes_territoires": "territoires", "codes_indicateurs": "indicateurs"}
    return {
        **contract.parametres_validation,
        "annee_debut": contract.annees.debut,
        "annee_fin": contract.annees.fin,
        "petit_effectif": contract.seuils.petit_effectif,
        "annee_marqueur": contract.annee_marqueur,
        "arbre_marqueur": contract.arbre_marqueur,
        "date_arret": contract.date_arret.isoformat(),
        "sources_authentifiees": [source.id for source, _ in contract.located() if _is_authentic(source)],
        "codes_orientations": [orientation.code for orientation in contract.orientations],
        **{name: sorted(frames[table].iloc[:, 0]) for name, table in codes.items() if table in frames},
    }


def _is_authentic(source: Source) -> bool:
    """Does a file that was received carry its hash? What evaluators write has no date of access, and needs none."""
    return bool(source.sha256) or source.date_acces is None


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, sep=";", lineterminator="\n")
