"""Column names as readers see them: French labels with their accents, from `labels.yml`."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_YEAR = re.compile(r"(.+)_(\d{4})")


def label(column: Any) -> str:
    """« Montant accordé » for `montant_accorde`; an unknown name with spaces; « Nombre, 2019 » for `nb_2019`."""
    if isinstance(column, tuple):
        return ", ".join(label(part) for part in column if part != "")
    name = str(column)
    stem, year = _YEAR.fullmatch(name).groups() if _YEAR.fullmatch(name) else (name, "")
    return _labels().get(stem, stem.replace("_", " ")) + (f", {year}" if year else "")


@cache
def _labels() -> dict[str, str]:
    return YAML(typ="safe").load(Path(__file__).with_name("labels.yml"))
