"""Column names as readers see them: French labels from `labels.yml`; what computed ones mean, from `meanings.yml`."""

import re
from pathlib import Path
from typing import Any

import yaml

_YEAR = re.compile(r"(.+)_(\d{4})")


def label(column: Any) -> str:
    """« Montant accordé » for `montant_accorde`; an unknown name with spaces; « Nombre, 2019 » for `nb_2019`."""
    if isinstance(column, tuple):
        return ", ".join(label(part) for part in column if part != "")
    stem, year = split_year(column)
    return _LABELS.get(stem, stem.replace("_", " ")) + (f", {year}" if year else "")


def meaning(column: Any) -> str:
    """What a column that a report computes says, whatever its year; "" where `meanings.yml` has not its name."""
    return _MEANINGS.get(split_year(column)[0], "")


def split_year(column: Any) -> tuple[str, str]:
    """A column's name and its year, « nb » and « 2019 » for `nb_2019`; the year is "" where it has none."""
    name = str(column)
    return _YEAR.fullmatch(name).groups() if _YEAR.fullmatch(name) else (name, "")


def _read(name: str) -> dict[str, str]:
    # In C: every command imports this, and ruamel would take ten times as long.
    return yaml.load(Path(__file__).with_name(name).read_text(encoding="utf-8"), yaml.CSafeLoader)


# Read at import: kernels forked from a process that has imported this are spared it.
_LABELS, _MEANINGS = _read("labels.yml"), _read("meanings.yml")
