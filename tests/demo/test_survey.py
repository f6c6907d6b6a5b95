"""The fictional survey: the shipped files are what the generator writes, marked, and shaped as a real one would be."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipelines.demo.__main__ import SEED
from pipelines.demo.survey import ASKED, LEVER_PULLS, LEVERS, OFFERS, SILENT, STRUCTURES, write_survey
from pipelines.paths import RAW
from tests.shipped import shipped_contract

CONTRACT = RAW / "valenciennes"
FILES = (STRUCTURES, OFFERS, LEVERS)


def rows(name: str) -> list[dict[str, str]]:
    with (CONTRACT / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


@pytest.mark.parametrize("file", FILES)
def test_generator_writes_the_shipped_bytes(file: str, tmp_path: Path) -> None:
    write_survey(tmp_path, SEED)
    assert (tmp_path / file).read_bytes() == (CONTRACT / file).read_bytes()


@pytest.mark.parametrize("file", FILES)
def test_another_seed_gives_other_answers(file: str, tmp_path: Path) -> None:
    write_survey(tmp_path, SEED + 1)
    assert (tmp_path / file).read_bytes() != (CONTRACT / file).read_bytes()


def test_every_source_is_said_to_be_fictional() -> None:
    declared = {source.fichier: source for source in shipped_contract().sources}
    for file in FILES:
        assert "fictif" in file or "fictive" in file
        assert declared[file].fictif
        assert "(données fictives de démonstration)" in declared[file].titre
    assert all(row["note"] == "données fictives de démonstration" for row in rows(STRUCTURES))


def test_about_forty_structures_answer_over_several_communes() -> None:
    asked = rows(STRUCTURES)
    answering = [row for row in asked if row["est_repondante"] == "oui"]
    assert (len(asked), len(answering)) == (ASKED, ASKED - SILENT) == (46, 40)
    assert [row["nom_structure"] for row in asked] == [f"Structure fictive {rank:02d}" for rank in range(1, 47)]
    assert len({row["code_territoire"] for row in answering}) > 10
    # Some answer in part, and who is silent tells nothing.
    for name in ("nb_postes", "heures_semaine", "visibilite_autres"):
        assert any(row[name] == "" for row in answering)
        assert all(row[name] == "" for row in asked if row["est_repondante"] == "non")


def test_only_those_that_answered_offer_and_rank() -> None:
    answering = {row["code_structure"] for row in rows(STRUCTURES) if row["est_repondante"] == "oui"}
    assert {row["code_structure"] for row in rows(OFFERS)} <= answering
    assert {row["code_structure"] for row in rows(LEVERS)} < answering


def test_rankings_are_complete_cut_short_or_tied() -> None:
    by_structure: dict[str, list[str]] = {}
    for row in rows(LEVERS):
        by_structure.setdefault(row["code_structure"], []).append(row["rang"])
    assert {len(ranks) for ranks in by_structure.values()} == {len(LEVER_PULLS)}
    kinds = Counter(
        "cut" if "" in ranks else "tied" if len(set(ranks)) < len(ranks) else "complete"
        for ranks in by_structure.values()
    )
    assert min(kinds["cut"], kinds["tied"]) > 0
    assert kinds["complete"] > kinds["cut"] + kinds["tied"]
