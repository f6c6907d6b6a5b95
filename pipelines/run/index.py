"""The index of all contracts, and the reference of functions beside it: what a build leads to every page from."""

import json
from pathlib import Path
from typing import Any

from pipelines.report.provenance import ACCESSIBILITY, QUALITY
from pipelines.run.notebooks import known_notebooks
from pipelines.run.publish import unwritable


def write_index(outputs: Path) -> Path:
    """`outputs/index.html`, made anew from the provenance of every page that is there."""
    from pipelines.report.index import render_index
    from pipelines.report.reference import FILE, is_reference_current, render_reference

    entries = _published(outputs, "*/[0-9][0-9][0-9][0-9]/*.json")
    order = {notebook.name: notebook.order for notebook in known_notebooks()}
    entries.sort(key=lambda entry: (entry["contrat"], -entry["annee"], order.get(entry["notebook"], 99), entry["href"]))
    index = outputs / "index.html"
    try:
        beside = index.with_name(".index.html.encours")
        own = [page for stem in (QUALITY, ACCESSIBILITY) for page in _published(outputs, f"*/{stem}.json")]
        pages = {index: render_index(entries, own)}
        if not is_reference_current(index.with_name(FILE)):
            pages[index.with_name(FILE)] = render_reference(index.name)
        for page, text in pages.items():
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(page)
    except OSError as error:
        raise unwritable(outputs, error) from error
    return index


def _published(outputs: Path, pattern: str) -> list[dict[str, Any]]:
    """Provenance of every page that is there, with its address from the index."""
    pages = [(path, path.with_suffix(".html")) for path in sorted(outputs.glob(pattern))]
    return [
        {**json.loads(path.read_text(encoding="utf-8")), "href": page.relative_to(outputs).as_posix()}
        for path, page in pages
        if page.is_file()
    ]
