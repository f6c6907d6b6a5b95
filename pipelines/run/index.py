"""The index of all contracts, and the reference of functions beside it: what a build leads to every page from."""

import json
from pathlib import Path
from typing import Any

from pipelines.report.provenance import ACCESSIBILITY, QUALITY
from pipelines.run.notebooks import known_notebooks
from pipelines.run.publish import unwritable

INDEX = "index.html"


def write_index(outputs: Path) -> Path:
    """`outputs/index.html`, made anew from the provenance of every page that is there."""
    from pipelines.report.index import render_index

    entries = _published(outputs, "*/[0-9][0-9][0-9][0-9]/*.json")
    order = {notebook.name: notebook.order for notebook in known_notebooks()}
    entries.sort(key=lambda entry: (entry["contrat"], -entry["annee"], order.get(entry["notebook"], 99), entry["href"]))
    own = [page for stem in (QUALITY, ACCESSIBILITY) for page in _published(outputs, f"*/{stem}.json")]
    return _write(outputs / INDEX, render_index(entries, own))


def write_reference(outputs: Path) -> Path:
    """`outputs/reference.html`, made anew where the functions are no longer those that it describes."""
    from pipelines.report.reference import FILE, is_reference_current, render_reference

    path = outputs / FILE
    return path if is_reference_current(path) else _write(path, render_reference(INDEX))


def _write(path: Path, text: str) -> Path:
    """Put a whole page in the place of the former one. UsageError where the outputs cannot be written."""
    beside = path.with_name(f".{path.name}.encours")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    return path


def _published(outputs: Path, pattern: str) -> list[dict[str, Any]]:
    """Provenance of every page that is there, with its address from the index."""
    pages = [(path, path.with_suffix(".html")) for path in sorted(outputs.glob(pattern))]
    return [
        {**json.loads(path.read_text(encoding="utf-8")), "href": page.relative_to(outputs).as_posix()}
        for path, page in pages
        if page.is_file()
    ]
