"""The tables of many contracts, prepared together: the bytes of each are those of the contract alone."""

import multiprocessing
import shutil
import threading
import time
from pathlib import Path

import pytest

from pipelines.contract import read_contract
from pipelines.errors import DataError, OseError, UsageError
from pipelines.prepare import prepare
from pipelines.processed import read_manifest
from pipelines.run.preparation import prepare_chunk, prepare_many
from pipelines.training.small_contract import EVENTS, write_contract


@pytest.fixture
def contracts(tmp_path: Path) -> dict[str, Path]:
    """One small contract at four moments of its life, each under a name of its own."""
    made = {}
    for event in EVENTS:
        folder = write_contract(tmp_path / "ecrit", event)
        made[f"contrat_{event}"] = Path(shutil.move(folder, tmp_path / f"contrat_{event}"))
    return made


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("moments", [tuple(EVENTS)[:1], pytest.param(tuple(EVENTS), marks=pytest.mark.long)])
def test_one_refused_contract_stops_no_other(
    moments: tuple[str, ...], contracts: dict[str, Path], tmp_path: Path
) -> None:
    spoiled = {}
    for name in ("illisible", "entete", "orientation"):
        spoiled[name] = Path(shutil.copytree(contracts["contrat_A"], tmp_path / name))
    spoil(spoiled["illisible"], "contrat.yml", "orientations:", "orientations: [")
    spoil(spoiled["entete"], "programmation/programmation_fictive.csv", "Décision", "Decision ?")
    spoil(spoiled["orientation"], "programmation/programmation_fictive.csv", ";O1;", ";O9;")
    sound = {name: contracts[name] for name in (f"contrat_{event}" for event in moments)}
    every = list((spoiled | sound).values())  # the refused first: what they stopped would be seen
    results = prepare_chunk([str(folder) for folder in every], tmp_path / "ensemble", force=False)
    assert {name for name, result in results.items() if isinstance(result, OseError)} == set(spoiled)
    assert "contrat.yml, ligne" in str(results["illisible"])
    assert "Decision ?" in str(results["entete"])
    assert "« code_orientation » est une orientation du contrat" in str(results["orientation"])
    assert all(type(results[name]) is DataError for name in spoiled)
    for name, folder in sound.items():
        prepare(read_contract(str(folder)), tmp_path / "seul")
        assert written(results[name]) == written(tmp_path / "seul" / name)
    assert {path.name for path in (tmp_path / "ensemble").iterdir()} == set(sound)


def test_what_all_contracts_read_is_corrected_for_the_one_that_corrects_it(
    contracts: dict[str, Path], tmp_path: Path
) -> None:
    """The shared tables are read once: a contract's correction stays its own."""
    first, second = list(contracts.values())[:2]
    manifests = prepare_chunk([str(first), str(second)], tmp_path / "ensemble", force=False)
    own = {name: read_manifest(folder)["corrections"] for name, folder in manifests.items()}
    assert [len(lines) for lines in own.values()] == [0, 1]


def test_processes_give_what_one_gives_and_say_each_as_it_comes(contracts: dict[str, Path], tmp_path: Path) -> None:
    heard = []
    given = [read_contract(str(contracts["contrat_A"])), str(contracts["contrat_B"]), str(tmp_path / "absent")]
    results = prepare_many(given, tmp_path / "deux", jobs=2, told=lambda name, result: heard.append((name, result)))
    assert list(results) == ["contrat_A", "contrat_B", "absent"]
    assert dict(heard) == results
    assert isinstance(results["absent"], UsageError)
    prepare(given[0], tmp_path / "seul")
    assert written(results["contrat_A"]) == written(tmp_path / "seul" / "contrat_A")


@pytest.mark.long
def test_a_killed_process_loses_no_contract(contracts: dict[str, Path], tmp_path: Path) -> None:
    killed = []

    def kill_one() -> None:
        until = time.monotonic() + 30
        while not killed and time.monotonic() < until:
            for child in multiprocessing.active_children()[:1]:
                child.kill()
                killed.append(child.pid)
            time.sleep(0.02)

    hand = threading.Thread(target=kill_one)
    hand.start()
    results = prepare_many([str(folder) for folder in contracts.values()], tmp_path / "tables", jobs=2)
    hand.join()
    assert killed
    assert results == {name: tmp_path / "tables" / name for name in contracts}


def test_two_contracts_of_one_name_are_refused(contracts: dict[str, Path], tmp_path: Path) -> None:
    other = shutil.copytree(contracts["contrat_A"], tmp_path / "ailleurs" / "contrat_A")
    with pytest.raises(UsageError, match="« contrat_A » : renommer"):
        prepare_many([str(contracts["contrat_A"]), str(other)], tmp_path / "tables")
