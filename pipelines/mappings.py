"""Named column mappings that any contract may cite: what headers of a known export mean, by vintage, as data.

`correspondance: scdl_2_1` in a source takes the lists of that name; what the source itself declares comes first.
Headers that come from a mapping are optional: an export of another year may lack some.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipelines.errors import DataError
from pipelines.paths import NATIONAL

MAPPINGS = NATIONAL / "correspondances.yml"
_KEYS = {"table", "colonnes", "colonnes_ignorees", "indicateurs", "constantes", "hors_donnees_si_vide", "note"}


def read_mappings(path: Path) -> dict[str, dict[str, Any]]:
    """Every named mapping of a file; none if the file is absent. DataError where it is no YAML, or at a wrong key."""
    if not path.is_file():
        return {}
    try:
        named = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 1}" if mark else ""
        raise DataError(
            f"{path.name}{where} : le fichier n'est pas lisible comme du YAML en UTF-8. Corriger."
        ) from error
    for name, mapping in named.items():
        if not isinstance(mapping, dict) or "table" not in mapping:
            raise DataError(
                f"{path.name} : la correspondance « {name} » ne dit pas sa table. Ajouter la clé « table »."
            )
        if unknown := [key for key in mapping if key not in _KEYS]:
            raise DataError(
                f"{path.name} : la correspondance « {name} » a une clé « {unknown[0]} » inconnue. "
                f"Clés possibles : {', '.join(sorted(_KEYS))}."
            )
    return named


def headers_of(mapping: Mapping[str, Any]) -> set[str]:
    """Every header that a mapping knows."""
    return {header for key in ("colonnes", "indicateurs", "colonnes_ignorees") for header in mapping.get(key, ())}


def complete_source(source: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The keys of a source that its mapping completes. DataError where the mapping is not known, or of another table.

    A header that the source maps, measures or ignores keeps the source's meaning; a constant replaces a column.
    """
    name = source["correspondance"]
    if name not in known:
        close = difflib.get_close_matches(str(name), list(known), n=3, cutoff=0.3)
        raise DataError(
            f"la correspondance « {name} » n'existe pas. Les plus proches : {', '.join(close) or 'aucune'}. "
            "Corriger le nom, ou écrire « colonnes » dans la source."
        )
    mapping = known[name]
    if source.get("table", mapping["table"]) != mapping["table"]:
        raise DataError(
            f"la correspondance « {name} » est faite pour la table {mapping['table']}, pas pour {source['table']}. "
            "Corriger « table », ou choisir une autre correspondance."
        )
    constants = {**mapping.get("constantes", {}), **(source.get("constantes") or {})}
    own = {
        *(source.get("colonnes") or {}),
        *(source.get("indicateurs") or {}),
        *(source.get("colonnes_ignorees") or []),
    }
    columns = {
        header: column
        for header, column in mapping.get("colonnes", {}).items()
        if header not in own and column not in constants
    }
    measures = {header: one for header, one in mapping.get("indicateurs", {}).items() if header not in own}
    # A column that a constant replaces stays in the file: its header is known, and left.
    replaced = [header for header, column in mapping.get("colonnes", {}).items() if column in constants]
    ignored = [header for header in [*mapping.get("colonnes_ignorees", []), *replaced] if header not in own]
    return {
        "table": mapping["table"],
        "colonnes": {**columns, **(source.get("colonnes") or {})},
        "indicateurs": {**measures, **(source.get("indicateurs") or {})},
        "colonnes_ignorees": [*ignored, *(source.get("colonnes_ignorees") or [])],
        "constantes": constants,
        "colonnes_facultatives": [*columns, *measures, *ignored, *(source.get("colonnes_facultatives") or [])],
        "hors_donnees_si_vide": source.get("hors_donnees_si_vide", mapping.get("hors_donnees_si_vide", "")),
        "note": " ".join(text for text in (source.get("note"), mapping.get("note")) if text),
    }
