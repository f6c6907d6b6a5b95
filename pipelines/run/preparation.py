"""The tables of many contracts, prepared by processes of this machine: raw files hold personal data, and stay on it.

A process takes some contracts at a time, whose rows are checked in one pass, and gives back where their tables are:
however many contracts there are, no more than these are in memory.
"""

import os
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, as_completed
from pathlib import Path

from pipelines.contract import Contract, read_contract
from pipelines.errors import OseError, UsageError
from pipelines.memory import give_back
from pipelines.paths import contract_folder
from pipelines.run.pools import open_pool

# Contracts whose rows are checked in one pass: beyond, a check costs hardly less for each, and more are in memory.
_TOGETHER = 50

# Where a contract's certified tables are, or why there are none.
Prepared = Path | OseError
_Contracts = Sequence[Contract | str]


def prepare_many(
    contracts: _Contracts,
    processed: Path,
    *,
    force: bool = False,
    jobs: int = 0,
    told: Callable[[str, Prepared], None] = lambda *_: None,
) -> dict[str, Prepared]:
    """Where the certified tables of each contract are, or the error that refuses it, by the name of its folder.

    The tables and their manifests are those of `prepare`. One refused contract stops no other. A contract is given as
    read, or as `--contrat` names it. `jobs`: processes at once, 0 for one per core; `told`: hears of each as it comes.
    UsageError where two contracts have folders of one name.
    """
    named: dict[str, Contract | str] = {}
    for contract in contracts:
        name = _name(contract)
        if name in named:
            raise UsageError(f"Deux contrats ont un dossier nommé « {name} » : renommer l'un d'eux.")
        named[name] = contract
    everyone = list(named.values())
    results: dict[str, Prepared] = {}

    def tell(more: dict[str, Prepared]) -> None:
        for name, prepared in more.items():
            results[name] = prepared
            told(name, prepared)

    if len(everyone) == 1:
        tell(prepare_chunk(everyone, processed, force))
    elif everyone:
        count = min(jobs or os.cpu_count() or 1, len(everyone))
        size = min(_TOGETHER, -(-len(everyone) // count))
        chunks = [everyone[first : first + size] for first in range(0, len(everyone), size)]
        waiting = _prepare_chunks(chunks, processed, force, count, tell)
        # Where a process was killed, what it and its neighbours held is tried again, and halved until it is known which
        # contract kills.
        while waiting:
            chunk = waiting.pop()
            if _prepare_chunks([chunk], processed, force, 1, tell):
                half = len(chunk) // 2
                waiting += [chunk[half:], chunk[:half]] if half else []
                if not half:
                    tell({_name(chunk[0]): _killed(_name(chunk[0]))})
    return {name: results[name] for name in named}


def prepare_chunk(contracts: _Contracts, processed: Path, force: bool) -> dict[str, Prepared]:
    """What comes of some contracts prepared together in this process."""
    from pipelines.prepare import prepare_together

    results: dict[str, Prepared] = {}
    read: dict[str, Contract] = {}
    for contract in contracts:
        try:
            read[_name(contract)] = read_contract(contract) if isinstance(contract, str) else contract
        except OseError as error:
            results[_name(contract)] = error
    outcomes = prepare_together(list(read.values()), processed, force=force)
    for name, outcome in zip(read, outcomes, strict=True):
        results[name] = _tell_error(name, outcome) if isinstance(outcome, Exception) else processed / name
    del outcomes
    if len(contracts) > 1:
        give_back()
    return results


def _prepare_chunks(
    chunks: Sequence[_Contracts],
    processed: Path,
    force: bool,
    count: int,
    tell: Callable[[dict[str, Prepared]], None],
) -> list[_Contracts]:
    """Prepare each chunk in one of `count` processes; the chunks lost where one was killed."""
    lost = []
    with open_pool(count) as pool:
        out: dict[Future[dict[str, Prepared]], _Contracts] = {}
        for chunk in chunks:
            try:
                out[pool.submit(prepare_chunk, chunk, processed, force)] = chunk
            except BrokenExecutor:
                lost.append(chunk)
        for future in as_completed(out):
            try:
                tell(future.result())
            except BrokenExecutor:
                lost.append(out[future])
    return lost


def _name(contract: Contract | str) -> str:
    return contract_folder(contract).name if isinstance(contract, str) else contract.nom_dossier


def _tell_error(name: str, error: Exception) -> OseError:
    """The error in a sentence; where nobody foresaw it, with its traceback as details."""
    if isinstance(error, OseError):
        return error
    return OseError(
        f"La préparation du contrat « {name} » s'est interrompue ({type(error).__name__} : {error}). C'est un défaut "
        "d'ose : le signaler avec les lignes qui suivent.",
        details="".join(traceback.format_exception(error)),
    )


def _killed(name: str) -> OseError:
    return OseError(
        f"Le processus qui préparait le contrat « {name} » a été tué : mémoire insuffisante, le plus souvent. Fermer "
        "d'autres programmes, ou mener moins de travaux de front (--jobs 1), et relancer."
    )
