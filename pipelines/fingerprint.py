"""Fingerprints that decide what is up to date, with the standard library alone: nothing heavy is imported."""

import functools
import hashlib
import json
import os
import tomllib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.paths import EXPECTATIONS, METHOD_VARIABLE, ROOT

LOCK = ROOT / "requirements-run.txt"
PROJECT = ROOT / "pyproject.toml"


def digest_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def digest(value: object) -> str:
    """Hexadecimal SHA-256 of a JSON-like value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def digest_files(paths: Iterable[Path], base: Path) -> dict[str, str]:
    """Digest of each file, by its path relative to `base`, sorted."""
    return {path.relative_to(base).as_posix(): digest_file(path) for path in sorted(paths)}


def digest_notebook(content: bytes) -> str:
    """Digest of a notebook by its sources, its tags and its metadata « ose »: neither outputs nor layout count."""
    notebook = json.loads(content)
    cells = [
        [cell["cell_type"], "".join(cell["source"]), sorted(cell.get("metadata", {}).get("tags", []))]
        for cell in notebook["cells"]
    ]
    return digest([cells, notebook.get("metadata", {}).get("ose", {})])


def digest_package() -> str:
    """Digest of the package's own sources and templates, of the expectations and of the lock: the method."""
    return method()["methode"]


def project_version() -> str:
    """Version of the project, as its own file states it: what is installed may be a former one."""
    return method()["version"]


def locked_versions(names: Iterable[str]) -> dict[str, str]:
    """Version of each named distribution as the lock states it."""
    pins = method()["versions"]
    return {name: pins[name] for name in names if name in pins}


def method() -> dict[str, Any]:
    """What decides how a page is made: methode (digest), sources (digest), version, versions (distribution → version).

    Those of the build that this process works for, where it works elsewhere than beside the checkout.
    """
    carried = os.environ.get(METHOD_VARIABLE)
    return json.loads(carried) if carried else own_method()


@functools.cache
def own_method() -> dict[str, Any]:
    """The method of the code that runs here; an installed package without its checkout has no lock nor expectations."""
    package = Path(__file__).parent
    own = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    sources = digest(digest_files(own, package))
    suites = digest_files(EXPECTATIONS.glob("*.json"), EXPECTATIONS)
    lock = LOCK.read_text(encoding="utf-8") if LOCK.is_file() else ""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"] if PROJECT.is_file() else {}
    number = project.get("version") or version("ose")
    return {
        "methode": digest([sources, suites, lock, number]),
        "sources": sources,
        "version": number,
        "versions": dict(line.split(" ")[0].split("==") for line in lock.splitlines() if "==" in line[:60]),
    }
