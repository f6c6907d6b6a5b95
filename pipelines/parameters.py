"""The parameters cell of a notebook, read properly: names, declared types, defaults and French comments.

papermill only warns on an unknown parameter and turns `01` into 1. Here a name is refused unless the cell declares it,
and a value is read by its declared type. The same check runs inside the kernel, so that bare papermill stops too.
"""

import ast
import difflib
import io
import math
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.errors import UsageError

TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
_BOOLEANS = {"oui": True, "true": True, "vrai": True, "non": False, "false": False, "faux": False}
_KINDS = {"int": "un nombre entier", "float": "un nombre", "str": "un texte", "bool": "oui ou non"}
_ONE_LITERAL = "écrire « nom: type = valeur  # sens », un paramètre par ligne."
INJECTED_MARK = "# Parameters"
# Where a fresh kernel's history holds its second cell: IPython's begins with an empty text.
_SECOND = 2


@dataclass(frozen=True)
class Parameter:
    """One parameter: `kind` is int, float, str or bool; `optional` when None is allowed; `comment`: its meaning."""

    name: str
    kind: str
    optional: bool
    default: int | float | str | bool | None
    comment: str

    def read(self, text: str) -> Any:
        """The value of a command-line text, by the declared type: "01" stays text where text is declared."""
        if self.optional and text.strip().lower() in ("", "none", "aucun", "aucune"):
            return None
        try:
            if self.kind == "bool":
                return _BOOLEANS[text.strip().lower()]
            if self.kind == "str":
                return text
            value = TYPES[self.kind](text.replace(",", "."))
            if not math.isfinite(value):
                raise ValueError(text)
            return value
        except (KeyError, ValueError, OverflowError) as error:
            raise UsageError(f"Le paramètre « {self.name} » attend {_KINDS[self.kind]}, pas « {text} ».") from error

    def accepts(self, value: object) -> bool:
        """Does a Python value have the declared type? A whole number is a number; a truth value is not."""
        if value is None:
            return self.optional
        if isinstance(value, bool):
            return self.kind == "bool"
        return isinstance(value, (int, float) if self.kind == "float" else TYPES[self.kind])


def declared(source: str) -> list[Parameter]:
    """The parameters that a cell declares, in order. UsageError where a line is not one annotated literal."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise UsageError(f"Cellule des paramètres, ligne {error.lineno} : {_ONE_LITERAL}") from error
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    return [_parameter(node, comments.get(node.lineno, "")) for node in body]


def check_names(parameters: Sequence[Parameter], given: Mapping[str, object]) -> None:
    """UsageError where a given name is not declared, with the nearest one."""
    known = [parameter.name for parameter in parameters]
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            hint = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
            raise UsageError(f"Le paramètre « {name} » n'existe pas.{hint} Paramètres : {', '.join(known)}.")


def read_given(parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, Any]:
    """Command-line texts → typed values. UsageError on an unknown name or a value of another type."""
    check_names(parameters, given)
    by_name = {parameter.name: parameter for parameter in parameters}
    return {name: by_name[name].read(text) for name, text in given.items()}


def check_cell_history(history: Sequence[str], namespace: Mapping[str, object]) -> list[Parameter]:
    """Check the parameters of the notebook that is running, from the sources of its executed cells; returns them.

    Unknown names are looked for in the injected cell, not in the namespace: a second Run All is never refused.
    UsageError on an unknown name, or on a value whose type is not the declared one.
    """
    at = next((i for i in reversed(range(len(history))) if _declares_parameters(history[i])), None)
    if at is None:
        raise UsageError("La cellule des paramètres n'a pas été exécutée : exécuter tout le notebook depuis le début.")
    parameters = declared(history[at])
    for place, source in enumerate(history[at + 1 :], start=at + 1):
        # jupyter-scheduler writes no mark: its cell is the second that a fresh kernel runs, and only gives values.
        if source.startswith(INJECTED_MARK) or (place == _SECOND and _gives_values(source)):
            check_names(parameters, _assigned(source))
    for parameter in parameters:
        value = namespace[parameter.name]
        if not parameter.accepts(value):
            raise UsageError(f"Le paramètre « {parameter.name} » attend {_KINDS[parameter.kind]}, pas {value!r}.")
    return parameters


def _parameter(node: ast.stmt, comment: str) -> Parameter:
    if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None):
        raise UsageError(f"Cellule des paramètres, ligne {node.lineno} : {_ONE_LITERAL}")
    kinds = [part.strip() for part in ast.unparse(node.annotation).split("|")]
    kind = next((part for part in kinds if part in TYPES), None)
    if kind is None or not set(kinds) <= {kind, "None"}:
        raise UsageError(
            f"Paramètre « {node.target.id} » : types admis : {', '.join(TYPES)}, avec « | None » au besoin."
        )
    try:
        default = ast.literal_eval(node.value)
    except ValueError as error:
        raise UsageError(f"Paramètre « {node.target.id} » : la valeur doit être écrite, pas calculée.") from error
    return Parameter(node.target.id, kind, "None" in kinds, default, comment)


def _declares_parameters(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(body) and all(isinstance(node, ast.AnnAssign) for node in body)


def _gives_values(source: str) -> bool:
    """Whether a cell is nothing but names and the values written for them."""
    try:
        body = ast.parse(source).body
        literals = [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Assign)]
    except (SyntaxError, ValueError):
        return False
    return bool(body) and len(literals) == len(body)


def _assigned(source: str) -> dict[str, None]:
    body = ast.parse(source).body
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id: None for target in targets if isinstance(target, ast.Name)}
