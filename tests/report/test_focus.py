"""The Focus of an annual report: which a year has, what they fill, and their summaries run as their pages do."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import DataError, UsageError
from pipelines.indicators.annual_report import DECREE_SECTIONS
from pipelines.report.focus import (
    check_focus,
    digest_focus,
    is_composed,
    list_focus,
    map_sections,
    read_focus,
    read_sources,
)

PARAMETERS = "contrat: str = 'x'  # le contrat\nannee: int | None = None  # l'année"


def write(folder: Path, name: str, *cells: str, tag: int | None = -1, **about: Any) -> Path:
    """A notebook of `focus/`: its parameters cell, then these cells, one of which ends the summary."""
    every = [{"cell_type": "markdown", "metadata": {}, "source": ["# Titre"]}]
    every += [{"cell_type": "code", "metadata": {"tags": []}, "source": [text]} for text in (PARAMETERS, *cells)]
    if tag is not None:
        every[tag]["metadata"]["tags"] = ["resume"]
    path = folder / "focus" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": every, "metadata": {"ose": {"titre": name, **about}}}), encoding="utf-8")
    return path


def run(path: Path) -> list[dict[str, Any]]:
    focus = read_focus(path)
    assert focus is not None
    return [dict(variables) for variables in focus.run("essai", 2019)]


def test_the_summary_runs_for_the_contract_and_the_year_of_the_report_and_stops_at_its_tag(tmp_path: Path) -> None:
    path = write(tmp_path, "f", "qui = (contrat, annee)", "assez = True", "trop = True", tag=3)
    states = run(path)
    assert len(states) == 3
    assert states[-1]["qui"] == ("essai", 2019)
    assert states[-1]["assez"] is True
    assert "trop" not in states[-1]


def test_a_focus_without_the_tag_has_no_summary(tmp_path: Path) -> None:
    assert run(write(tmp_path, "f", "1 / 0", tag=None)) == []


@pytest.mark.parametrize(
    ("cell", "error", "told"),
    [
        ("1 / 0", UsageError, r"Le Focus « f » s'arrête avant son résumé \(ZeroDivisionError.*ose build f"),
        ("inconnu", UsageError, "NameError"),
        ("from pipelines.errors import DataError\nraise DataError('La table manque.')", DataError, "^La table manque"),
    ],
)
def test_a_summary_that_stops_names_its_focus(cell: str, error: type[Exception], told: str, tmp_path: Path) -> None:
    with pytest.raises(error, match=told):
        run(write(tmp_path, "f", cell))


def names(folder: Path, annee: int) -> Sequence[str]:
    return [focus.name for focus in list_focus(annee, folder)]


def test_a_year_has_its_focus_in_the_order_of_their_metadata(tmp_path: Path) -> None:
    write(tmp_path, "b", ordre=2)
    write(tmp_path, "a", ordre=2, annees=[2019, 2020])
    write(tmp_path, "c", ordre=1, genre="Focus")
    write(tmp_path, "interne", diffusion="interne")
    write(tmp_path, "autre", genre="Observation")
    write(tmp_path, "balaye", balayage="commune")
    assert names(tmp_path, 2019) == ["c", "a", "b"]
    assert names(tmp_path, 2021) == ["c", "b"]


def test_each_section_of_the_decree_has_its_focus_or_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path, "a", section_decret="situation", theme="observation")
    write(tmp_path, "b", section_decret="situation")
    write(tmp_path, "c")
    mapped = map_sections(list_focus(2019, tmp_path))
    found = mapped.groupby("section_decret", sort=False)["titre_focus"].agg(list).to_dict()
    assert found.pop(DECREE_SECTIONS["situation"]) == ["a", "b"]
    assert found.pop("Hors des sections du décret") == ["c"]
    assert found == {title: [""] for key, title in DECREE_SECTIONS.items() if key != "situation"}
    assert list(mapped["theme_focus"].unique()) == ["", "Observation"]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"section_decret": "annexes"}, "« section_decret » vaut « annexes ». Écrire orientations ou situation"),
        ({"theme": "Suivi"}, "« theme » vaut « Suivi ». Écrire observation ou suivi ou evaluation."),
        ({"annees": 2022}, "« annees » est une liste d'années"),
        ({"annees": ["2022"]}, "« annees » est une liste d'années"),
        ({"annees": [True]}, "« annees » est une liste d'années"),
    ],
)
def test_metadata_that_say_nothing_known_are_refused(about: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"^f\.ipynb : .*{told}"):
        check_focus("f.ipynb", about)
    with pytest.raises(UsageError, match=told):
        read_focus(write(tmp_path, "f", **about))


@pytest.mark.parametrize(("composition", "composed"), [("complet", False), ("focus", True)])
def test_a_composition_is_one_of_two(composition: str, composed: bool) -> None:
    assert is_composed(composition) is composed


def test_another_composition_is_refused() -> None:
    with pytest.raises(UsageError, match="« Focus » n'existe pas : écrire complet ou focus"):
        is_composed("Focus")


def test_a_change_in_any_focus_changes_what_a_composed_report_is_made_of(tmp_path: Path) -> None:
    path = write(tmp_path, "f", "a = 1")
    before = digest_focus(read_sources(tmp_path))
    assert digest_focus(read_sources(tmp_path)) == before
    path.write_text(path.read_text(encoding="utf-8").replace("a = 1", "a = 2"), encoding="utf-8")
    changed = digest_focus(read_sources(tmp_path))
    write(tmp_path, "g")
    assert len({before, changed, digest_focus(read_sources(tmp_path))}) == 3
