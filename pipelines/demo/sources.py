"""The sources that declare the fictional files in `contrat.yml`."""

import hashlib
import io
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipelines.demo.layouts import MENTION, Layout
from pipelines.demo.ratings import CONSENSUS, RATED_YEAR, RATINGS

_EDITOR = "Générateur de démonstration d'ose"
_NOTE = f"{MENTION} : porteurs, actions, montants, publics et réponses inventés, à partir d'une graine"
_MARKING_NOTE = f"{MENTION} : réponses, désaccords et raisons inventés, à partir d'une graine"


def describe_sources(folder: Path, layouts: list[Layout]) -> str:
    """YAML items to stand under `sources:` of a `contrat.yml`, with the digest of each file."""
    return _to_yaml([_describe(folder, layout) for layout in layouts])


def describe_marking() -> str:
    """YAML items for ratings and consensus: what evaluators write, so without a digest."""
    written = (
        ("notations_fictives", RATINGS, "notations_marqueur", "Notations du marqueur égalité par trois personnes"),
        ("consensus_fictif", CONSENSUS, "consensus_marqueur", "Consensus sur le marqueur égalité"),
    )
    sources = [
        {
            "id": name,
            "fichier": file,
            "table": table,
            "titre": f"{title} ({MENTION})",
            "editeur": _EDITOR,
            "licence": "Licence ouverte 2.0",
            "millesime": DoubleQuotedScalarString(RATED_YEAR),
            "fictif": True,
            "note": _MARKING_NOTE,
        }
        for name, file, table, title in written
    ]
    return _to_yaml(sources)


def _to_yaml(sources: list[dict[str, object]]) -> str:
    yaml = YAML()
    yaml.width = 118
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump({"sources": sources}, out)
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
