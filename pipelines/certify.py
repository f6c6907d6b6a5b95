"""Cleaned tables → those that the contract certifies: wide rows split, answers settled, small counts hidden.

The values of the contract that its suites refer to by name come from here too.
"""

from typing import Any

import pandas as pd

from pipelines.clean import Cleaned, settle_answers
from pipelines.clean.privacy import screen
from pipelines.clean.programmes import split_programmes
from pipelines.clean.readings import split_readings
from pipelines.clean.registers import split_registers
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
from pipelines.logic_models import collect_models
from pipelines.tables import CERTIFIED, TABLES, WIDE, empty


def certify_tables(contract: Contract, cleaned: dict[str, Cleaned]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
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


def validation_parameters(contract: Contract, frames: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What the suites refer to by name: the contract's own values, years, orientations, tree, the codes it knows."""
    codes = {"codes_territoires": "territoires", "codes_indicateurs": "indicateurs"}
    return {
        **contract.parametres_validation,
        "annee_debut": contract.annees.debut,
        "annee_fin": contract.annees.fin,
        "petit_effectif": contract.seuils.petit_effectif,
        "fictions_possibles": [False, True] if _is_invented(contract) else [False],
        "annee_marqueur": contract.annee_marqueur,
        "arbre_marqueur": contract.arbre_marqueur,
        "date_arret": contract.date_arret.isoformat(),
        "sources_authentifiees": [source.id for source, _ in contract.located() if _is_authentic(source)],
        "codes_orientations": [orientation.code for orientation in contract.orientations],
        **{name: sorted(frames[table].iloc[:, 0]) for name, table in codes.items() if table in frames},
    }


def _is_invented(contract: Contract) -> bool:
    """Are all the territories of a contract invented? Then its quartiers bear codes that no law gave."""
    return all(source.fictif for source, _ in contract.located() if source.table == "territoires")


def _is_authentic(source: Source) -> bool:
    """Does a file that was received carry its hash? What evaluators write has no date of access, and needs none."""
    return bool(source.sha256) or source.date_acces is None
