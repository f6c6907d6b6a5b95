"""Fingerprints that decide what is up to date, with the standard library alone: nothing heavy is imported."""

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from pipelines.paths import EXPECTATIONS, ROOT

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


@functools.cache
def digest_package() -> str:
    """Digest of the package's own sources and templates, of the expectations and of the lock: the method."""
    package = Path(__file__).parent
    own = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    suites = list(EXPECTATIONS.glob("*.json"))
    return digest(
        [
            digest_files(own, package),
            digest_files(suites, EXPECTATIONS),
            digest_file(LOCK) if LOCK.is_file() else "",
            project_version(),
        ]
    )


@functools.cache
def project_version() -> str:
    """Version of the project, as its own file states it: what is installed may be a former one."""
    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]


def locked_versions(names: Iterable[str]) -> dict[str, str]:
    """Version of each named distribution as the lock states it."""
    pins = dict(
        line.split(" ")[0].split("==") for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line[:60]
    )
    return {name: pins[name] for name in names if name in pins}
