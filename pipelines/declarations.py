"""Files in YAML that people write: their keys with the line of each, and what is wrong in them, in one sentence."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipelines.errors import DataError
from pipelines.sources import nearest

Location = Sequence[str | int]
# What a draft leaves to a person.
TO_FILL = "à compléter"


def read_yaml(path: Path) -> dict[str, Any]:
    """The keys of a file, each with its line in the text. DataError, with the line, where it is not YAML."""
    try:
        content = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} n'est pas en UTF-8 : le réenregistrer en UTF-8.") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f", ligne {mark.line + 1}" if mark else ""
        raise DataError(
            f"{path.name}{where} : le fichier n'est pas lisible comme du YAML. "
            "Vérifier le retrait, les deux-points et les guillemets de cette ligne."
        ) from error
    if not isinstance(content, dict):
        raise DataError(f"{path.name} est vide ou n'est pas une liste de clés : repartir du contrat livré.")
    return content


def worst_fault(error: ValidationError) -> dict[str, Any]:
    """The fault to tell first: a misspelt key is also a missing one, and the misspelling is to be named."""
    return min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")


def say_fault(error: dict[str, Any], location: Location, known: Callable[[list[str | int]], Iterable[str]]) -> str:
    """What is wrong at a place of a file and the fix; `known`: the keys that may stand at a place."""
    key = str(location[-1])
    place = " > ".join(str(part) for part in location)
    match error["type"]:
        case "extra_forbidden":
            return f"clé « {key} » inconnue{nearest(key, known(list(location)))}. La corriger ou la supprimer."
        case "missing":
            return f"la clé « {place} » manque. L'ajouter."
        case "value_error":
            return f"{error['ctx']['error']}. Corriger « {place} »."
        case "literal_error":
            words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
            close = nearest(str(error["input"]), words) or f" ; attendu : {', '.join(words)}"
            if not words:
                numbers = ", ".join(re.findall(r"\d+", error["ctx"]["expected"]))
                close = f" ; attendu, sans guillemets : {numbers}"
            if key == "[key]":
                return f"clé « {location[-2]} » inconnue{close}. La corriger ou la supprimer."
            return (
                f"la valeur de « {place} » ({str(error['input'])[:60]}) n'a pas la forme attendue{close}. La corriger."
            )
        case _:
            return f"la valeur de « {place} » ({str(error['input'])[:60]}) n'a pas la forme attendue. La corriger."


def place_of(file: str, content: Any, location: Location) -> str:
    """The file, and the line of a place in it where it has one."""
    line = line_of(content, location)
    return f"{file}, ligne {line}" if line else file


def line_of(content: Any, location: Location) -> int | None:
    """Line in the YAML text of the deepest part of `location` that it holds."""
    line = None
    for part in location:
        marks = getattr(content, "lc", None)
        if marks is not None and part in (marks.data or {}):
            line = marks.data[part][0] + 1
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            break
    return line


def unfilled(value: Any, where: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    """Where « à compléter » still stands, inside a value of a file."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in unfilled(inner, (*where, key))]
    if isinstance(value, list):
        return [place for rank, inner in enumerate(value) for place in unfilled(inner, (*where, rank))]
    return [where] if value == TO_FILL else []
