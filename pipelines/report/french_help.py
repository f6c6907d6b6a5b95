"""The help of our functions in French, for who writes a notebook: before the docstring under `?`, and in the reference.

`help.toml` says what each function computes and what each argument is; docstrings stay what a developer reads.
"""

import ast
import inspect
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_SHARED, _TITLE = "arguments", "titre"
# What stands between the French help and the docstring.
_THEN = "\n\nPour qui développe :\n"


@dataclass(frozen=True)
class Help:
    """The help of one function: its name, its line, and what each argument is, in order; "" where nobody says it."""

    name: str
    line: str
    arguments: dict[str, str]

    def text(self) -> str:
        """What `?` says first: the line, then an argument a line."""
        told = [f"  {name} : {meaning}" for name, meaning in self.arguments.items()]
        return "\n".join([self.line, *(["", "Arguments :", *told] if told else [])])


def explain_functions() -> None:
    """Put the French help before the docstring of every function whose module the notebook has imported, once."""
    for group in groups():
        module, owner = split_group(group)
        loaded = sys.modules.get(module)
        for name in _names(group) if loaded else ():
            function = getattr(getattr(loaded, owner) if owner else loaded, name)
            if _THEN not in (function.__doc__ or ""):
                text = _describe(group, name, inspect.signature(function).parameters).text()
                function.__doc__ = f"{text}{_THEN}{inspect.getdoc(function) or ''}"


def groups() -> dict[str, str]:
    """Title of each group of functions by its name: a module of the package, or a class in one."""
    return {group: lines[_TITLE] for group, lines in read_help().items() if group != _SHARED}


def split_group(group: str) -> tuple[str, str]:
    """The module of a group, and its class, "" for none."""
    name, _, last = f"pipelines.{group}".rpartition(".")
    return (name, last) if last[0].isupper() else (f"{name}.{last}", "")


def list_help(group: str) -> Iterator[Help]:
    """The help of each function of a group, in the order of the file, from the sources: nothing is imported."""
    signatures = _read_signatures(group)
    return (_describe(group, name, signatures[name]) for name in _names(group))


@cache
def read_help() -> dict[str, dict[str, str]]:
    """`help.toml` as it stands."""
    return tomllib.loads(Path(__file__).with_name("help.toml").read_text(encoding="utf-8"))


def _describe(group: str, name: str, arguments: Iterable[str]) -> Help:
    lines, shared = read_help()[group], read_help()[_SHARED]
    names = [one for one in arguments if one != "self"]
    return Help(name, lines[name], {one: lines.get(f"{name}.{one}", shared.get(one, "")) for one in names})


def _names(group: str) -> list[str]:
    return [name for name in read_help()[group] if name != _TITLE and "." not in name]


def _read_signatures(group: str) -> dict[str, list[str]]:
    """The arguments of each function of a group, by its name; a class may take some from others of its package."""
    module, owner = split_group(group)
    base = _PACKAGE.joinpath(*module.split(".")[1:])
    paths = sorted(base.rglob("*.py")) if base.is_dir() else [base.with_suffix(".py")]
    found = {}
    for path in sorted(base.parent.glob("*.py")) if owner else paths:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        if owner:
            body = [node for one in body if isinstance(one, ast.ClassDef) for node in one.body]
        for node in body:
            if isinstance(node, ast.FunctionDef):
                taken = node.args
                named = (*taken.posonlyargs, *taken.args, taken.vararg, *taken.kwonlyargs, taken.kwarg)
                found[node.name] = [one.arg for one in named if one]
    return found
