"""Column names as readers see them: French labels with their accents, from `labels.yml`."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def label(column: Any) -> str:
    """« Montant accordé » for `montant_accorde`; an unknown name with spaces; « Montant accordé, 2019 » for a pair."""
    if isinstance(column, tuple):
        return ", ".join(label(part) for part in column if part != "")
    name = str(column)
    return _labels().get(name, name.replace("_", " "))


@cache
def _labels() -> dict[str, str]:
    return YAML(typ="safe").load(Path(__file__).with_name("labels.yml"))
