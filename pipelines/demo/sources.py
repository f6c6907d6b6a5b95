"""The sources that declare the eight files in `contrat.yml`."""

import hashlib
import io
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipelines.demo.layouts import MENTION, Layout

_EDITOR = "Générateur de démonstration d'ose"
_NOTE = f"{MENTION} : porteurs, actions, montants, publics et réponses inventés, à partir d'une graine"


def describe_sources(folder: Path, layouts: list[Layout]) -> str:
    """YAML items to stand under `sources:` of a `contrat.yml`, with the digest of each file."""
    yaml = YAML()
    yaml.width = 118
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump({"sources": [_describe(folder, layout) for layout in layouts]}, out)
    return out.getvalue().removeprefix("sources:\n")


def _describe(folder: Path, layout: Layout) -> dict[str, object]:
    source: dict[str, object] = {
        "id": f"programmes_{layout.year}",
        "fichier": layout.file,
        "table": "programmes",
        "forme": layout.form,
    }
    if layout.sheets:
        source["feuilles"] = list(layout.sheets)
    if "annee" not in layout.headers:
        source["constantes"] = {"annee": DoubleQuotedScalarString(layout.year)}
    source["colonnes"] = layout.mapping
    if layout.ignored:
        source["colonnes_ignorees"] = layout.ignored
    return source | {
        "titre": f"Programmation {layout.year} ({MENTION})",
        "editeur": _EDITOR,
        "licence": "Licence ouverte 2.0",
        "millesime": DoubleQuotedScalarString(layout.year),
        "sha256": hashlib.sha256((folder / layout.file).read_bytes()).hexdigest(),
        "fictif": True,
        "note": _NOTE,
    }
